"""The commands that print a page, a picture or a list."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.pictures import (
    decision_graph,
    leaflet,
    letter,
    option_grid,
    path_picture,
)
from milia_cds.assessment.result_schema import result_schema
from milia_cds.assessment.schema import case_schema
from milia_cds.cli.cases import assessed, read_case
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.shorthand import example_of, names_of, short_names
from milia_cds.cli.streams import InputError, colour, portable, put, read, today
from milia_cds.errors import UnknownNameError
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.lines import wrapped
from milia_cds.render.mermaid import mermaid
from milia_cds.render.picture import Picture


def print_graph(asked: argparse.Namespace) -> None:
    """Print the decision graph, or the way of a case in it."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    say_overdue(base)
    chosen = {
        "option": asked.option,
        "scenario": asked.scenario,
        "triage": asked.triage,
    }
    if asked.path:
        if any(chosen.values()):
            message = "--path draws the whole path; leave out the choice of a part"
            raise InputError(message)
        print(portable(_path(asked.case, base).svg))
    elif asked.svg:
        print(portable(decision_graph(_walked(asked.case, base), **chosen).svg))
    elif asked.case is not None:
        message = (
            "--case highlights the way of a case in a picture; add --svg or --path"
        )
        raise InputError(message)
    else:
        print(mermaid(base, **chosen))


def _path(file: str | None, base: Knowledge) -> Picture:
    if file is None:
        message = "--path draws the path of a case; add --case FILE"
        raise InputError(message)
    return path_picture(_answered(file, base))


def _walked(file: str | None, base: Knowledge) -> Assessment | Knowledge:
    return base if file is None else _answered(file, base)


def _answered(file: str, base: Knowledge) -> Assessment:
    return assess(read_case(read(file), base), base, on=today())


def print_leaflet(asked: argparse.Namespace) -> None:
    """Print the leaflet on an offered option, or for a patient who is referred."""
    if not asked.given and "." in asked.option:  # a file, and no id
        message = (
            f"{asked.option}: which leaflet is meant? After the case, give the id of "
            "an offered option, or referred"
        )
        raise InputError(message)
    answer = assessed(asked)
    _write(leaflet(answer, asked.option, format=asked.format), asked)


def print_letter(asked: argparse.Namespace) -> None:
    """Print the letter for a referral."""
    _write(letter(assessed(asked), format=asked.format), asked)


def _write(text: str, asked: argparse.Namespace) -> None:
    """Write what was asked for, in a page such that any encoding holds it."""
    html = asked.format == "html"
    put(portable(text) if html else text, asked.output)


def print_grid(asked: argparse.Namespace) -> None:
    """Print the options side by side."""
    answer = assessed(asked)
    if asked.text:
        put(answer.compare(whole=asked.whole).text(), asked.output)
    else:
        put(portable(option_grid(answer, whole=asked.whole)), asked.output)


def print_schema(asked: argparse.Namespace) -> None:
    """Print the JSON Schema of a case, or of what comes of one."""
    if asked.result:
        print(json.dumps(result_schema(), indent=2))
        return
    base = None if asked.knowledge is None else load_knowledge(asked.knowledge)
    print(json.dumps(case_schema(base), indent=2))


def print_explanation(asked: argparse.Namespace) -> None:
    """Print what is known of an option, a measure or an alert, or list them all."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    say_overdue(base)
    if asked.option is None:
        print("\n".join(_ids(base)))
        return
    try:
        print(explained(base, asked.option, detail=asked.detail, colour=colour()))
    except UnknownNameError as error:
        message = f"{error} (milia-cds explain lists them all)"
        raise InputError(message) from None


def _ids(base: Knowledge) -> Iterator[str]:
    """All that can be explained, each with its id."""
    labels = {
        "Options": {name: each.label for name, each in base.options.items()},
        "Measures": {name: each.label for name, each in base.measures.items()},
        "Alerts": {name: HOW_SOON[a.urgency] for name, a in base.alerts.items()},
    }
    for heading, several in labels.items():
        if several:
            yield f"{heading}:"
        for name, label in several.items():
            yield from wrapped(f"{name}: {label}", "  ", "    ")


def print_facts(asked: argparse.Namespace) -> None:
    """Print the facts that a case may state, or some of them."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    short = short_names(base.vocabulary)
    for name in _named(asked.names, base) or base.vocabulary.kinds:
        kind, entry = base.vocabulary.kinds[name], base.facts[name]
        print(name)
        typed = f"Type {short[name]}={example_of(kind)}"
        said = f"{entry.label}: {kind}"
        for line in (said, entry.ask, entry.help, typed, _default(base, name)):
            if line:
                print("\n".join(wrapped(line, "    ")))


def _named(names: Sequence[str], base: Knowledge) -> list[str]:
    """The facts of these names; a section stands for all of its facts."""
    known = {name: [fact] for name, fact in names_of(base.vocabulary).items()}
    for section, facts in base.vocabulary.by_section.items():
        known[section] = [f"{section}.{fact}" for fact in facts]
    strange = [name for name in names if name not in known]
    if strange:
        error = UnknownNameError("fact or section", strange[0], known)
        message = f"{error} (milia-cds facts lists them all)"
        raise InputError(message)
    return list(dict.fromkeys(fact for name in names for fact in known[name]))


def _default(base: Knowledge, fact: str) -> str:
    """Say what the local policy fills in where a case leaves a fact out."""
    if base.policy is None or fact not in base.policy.defaults:
        return ""
    value = json.dumps(base.policy.defaults[fact])
    return f"Where a case leaves it out, it is {value}. {base.policy}"
