"""The JSON Schema of a case, with all that a form needs: titles, help and members.

Generators of forms draw a boolean as a box of two states, so that untouched becomes
"no". A yes/no fact is therefore a choice of three constants. Its types begin with
"string", which no constant is: generators take the first type as that of the field, and
then draw the constants as a list to choose from. "Not known" is the first constant of
every fact, since some generators choose the first one for whoever touches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milia_cds.assessment.base import load_knowledge
from milia_cds.case.days import DAY
from milia_cds.errors import only
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.knowledge.words import FactEntry
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo

_NOT_KNOWN = {"const": None, "title": "Not known"}
_AS_OF = {
    "title": "Day on which the case was stated",
    "description": "It changes no verdict: an assessment says when the case is old.",
    "type": ["string", "null"],
    "format": "date",
    "pattern": DAY,
}
_YES_NO = ({"const": True, "title": "Yes"}, {"const": False, "title": "No"})


def case_schema(knowledge: Knowledge | None = None) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case.

    It accepts what `Case.from_dict` accepts. Every fact has a title with its unit and a
    description, every member a title. A yes/no fact is a choice of not known, yes and
    no.

    Parameters
    ----------
    knowledge
        The knowledge base whose cases it accepts; `None` is the one that comes with the
        library.

    Examples
    --------
    >>> from milia_cds import case_schema
    >>> patient = case_schema()["properties"]["patient"]["properties"]
    >>> patient["age_years"]["title"], patient["age_years"]["type"]
    ('Age (years)', ['number', 'null'])
    >>> [each["title"] for each in patient["preterm"]["oneOf"]]
    ['Not known', 'Yes', 'No']
    """
    base = load_knowledge() if knowledge is None else knowledge
    only(Knowledge, base, "case_schema takes a Knowledge", "use load_knowledge")
    case = capital(base.vocabulary.case)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "milia-cds case",
        "description": f"{case}. null, or a key left out, means not known; never no.",
        "type": "object",
        "properties": dict(_properties(base)),
        "additionalProperties": False,
    }


def _properties(base: Knowledge) -> Iterator[tuple[str, Any]]:
    vocabulary = base.vocabulary
    for name, section in vocabulary.sections.items():
        facts = vocabulary.by_section[name]
        yield (
            name,
            {
                "title": section.label,
                "type": "object",
                "properties": {
                    fact: _fact(base, base.facts[f"{name}.{fact}"], kind)
                    for fact, kind in facts.items()
                },
                "additionalProperties": False,
            },
        )
    if vocabulary.absentable:
        yield "assume_absent", _screened(base)
    yield "as_of", _AS_OF


def _screened(base: Knowledge) -> dict[str, Any]:
    sections = base.vocabulary.sections
    named = {name: sections[name].label for name in base.vocabulary.screened}
    named |= {name: name.replace("_", " ") for name in base.vocabulary.screens}
    return {
        "title": "Screened for",
        "description": "What was looked or asked for as a whole, by section or by "
        "spoken question: whatever is left out there is absent.",
        "type": "array",
        "items": {"type": "string", "oneOf": [*_constants(named.items())]},
        "uniqueItems": True,
    }


def _fact(base: Knowledge, entry: FactEntry, kind: Kind) -> dict[str, Any]:
    unit = f" ({entry.unit})" if entry.unit else ""
    return {
        "title": f"{capital(entry.label)}{unit}",
        "description": f"{entry.ask} {entry.help}".strip(),
        **_values(base, entry, kind),
    }


def _values(base: Knowledge, entry: FactEntry, kind: Kind) -> dict[str, Any]:
    """What a fact may be, with a title for each value that is named."""
    match kind:
        case YesNo():
            types = ["string", "boolean", "null"]
            return {"type": types, "oneOf": [_NOT_KNOWN, *_YES_NO]}
        case Choice():
            members = [_NOT_KNOWN, *_constants(entry.members.items(), entry.retired)]
            return {"type": ["string", "null"], "oneOf": members}
        case Members(options):
            named = ((name, base.options[name].label) for name in options)
            items = {"type": "string", "oneOf": [*_constants(named)]}
            return {**kind.schema(), "items": items}
        case Weights(criteria):
            weights = kind.schema()["properties"]
            titles = {name: base.criteria[name].question for name in criteria}
            given = {name: {"title": titles[name], **weights[name]} for name in titles}
            return {**kind.schema(), "properties": given}
        case Number():
            return kind.schema()


def _constants(
    named: Iterable[tuple[str, str]], retired: Iterable[str] = ()
) -> Iterator[dict[str, Any]]:
    for name, label in named:
        constant: dict[str, Any] = {"const": name, "title": capital(label)}
        if name in retired:
            title = f"{capital(label)} (no longer offered)"
            constant |= {"title": title, "deprecated": True}
        yield constant
