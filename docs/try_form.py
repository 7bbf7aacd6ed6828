"""What the page that tries a case asks, as plain JSON values.

It is made from the schema of a case, which has the titles, bounds and members of every
fact, and from what the knowledge says of how to ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from milia_cds import case_schema
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo


def form_of(base: Knowledge) -> dict[str, Any]:
    """The questions about a case, by section and spoken question.

    Parameters
    ----------
    base
        The knowledge base whose facts are asked for.
    """
    about, vocabulary = base.about, base.vocabulary
    return {
        "notice": f"{capital(about.notice)}.",
        "certainty": about.certainty,
        "version": about.version,
        "digest": base.digest,
        "screens": {name: [*facts] for name, facts in vocabulary.screens.items()},
        "sections": [*_sections(base)],
    }


def _sections(base: Knowledge) -> Iterator[dict[str, Any]]:
    """Each section with the spoken questions that begin in it."""
    schema = case_schema(base)["properties"]
    screens: dict[str, list[dict[str, Any]]] = {}
    for fact in base.vocabulary.kinds:
        section, _, name = fact.partition(".")
        field = _field(base, fact, schema[section]["properties"][name])
        screens.setdefault(base.facts[fact].screen, []).append(field)
    for name, each in base.vocabulary.sections.items():
        yield {
            "name": name,
            "title": each.label,
            "screened": name in base.vocabulary.screened,
            "questions": [
                _question(base, screen, fields)
                for screen, fields in screens.items()
                if fields[0]["name"].startswith(f"{name}.")
            ],
        }


def _question(
    base: Knowledge, screen: str, fields: list[dict[str, Any]]
) -> dict[str, Any]:
    """A spoken question, and what "no" to the whole of it says, if it may be said."""
    asked = base.screens[screen]
    absent = {each["name"]: each["absent"] for each in fields}
    deniable = asked.no_to_all and len(absent) > 1 and None not in absent.values()
    return {
        "name": screen,
        "ask": asked.ask,
        "short": asked.short,
        "help": asked.help,
        "denied": absent if deniable else {},
        "fields": fields,
    }


def _field(base: Knowledge, fact: str, schema: dict[str, Any]) -> dict[str, Any]:
    entry, kind = base.facts[fact], base.vocabulary.kinds[fact]
    return {
        "name": fact,
        "title": schema["title"],
        "ask": entry.ask,
        "help": entry.help,
        "absent": None if kind.absent is None else kind.plain(kind.absent),
        **_control(base, schema, kind),
    }


def _control(base: Knowledge, schema: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """How a fact is answered, by its kind and the constants of its schema."""
    match kind:
        case YesNo() | Choice():
            return {"kind": "choice", "members": _members(schema)}
        case Members():
            return {"kind": "several", "members": _members(schema["items"])}
        case Weights(criteria):
            return {"kind": "weights", "weights": [_weight(base, c) for c in criteria]}
        case Number():
            return {"kind": "number"}


def _weight(base: Knowledge, criterion: str) -> dict[str, Any]:
    known = base.criteria[criterion]
    return {"name": criterion, "ask": known.question, "usual": known.weight}


def _members(schema: dict[str, Any]) -> list[list[Any]]:
    """The values that may be chosen, each with its title; none is for not known."""
    constants = [(each["const"], each["title"]) for each in schema["oneOf"]]
    return [[value, title] for value, title in constants if value is not None]
