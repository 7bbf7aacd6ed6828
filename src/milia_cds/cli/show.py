"""The commands that print a page, a picture or a list."""

from __future__ import annotations

import argparse
import json

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.pictures import decision_graph, option_grid
from milia_cds.assessment.pictures import leaflet as leaflet_of
from milia_cds.case.case import Case, case_schema
from milia_cds.case.milia import FACTS
from milia_cds.cli.streams import InputError, colour, portable, read
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.lines import wrapped
from milia_cds.render.mermaid import mermaid
from milia_cds.render.review import review_pack
from milia_cds.render.review_page import markdown_of, page_of


def graph(asked: argparse.Namespace) -> None:
    """Print the decision graph, or the way of a case in it."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    chosen = {
        "option": asked.option,
        "scenario": asked.scenario,
        "triage": asked.triage,
    }
    if asked.svg:
        print(portable(decision_graph(_walked(asked.case, base), **chosen).svg))
    elif asked.case is not None:
        message = "--case highlights the way of a case in a picture; add --svg"
        raise InputError(message)
    else:
        print(mermaid(base, **chosen))


def _walked(file: str | None, base: Knowledge) -> Assessment | Knowledge:
    return base if file is None else assess(Case.from_json(read(file)), base)


def leaflet(asked: argparse.Namespace) -> None:
    """Print the leaflet on an offered option."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    answer = assess(Case.from_json(read(asked.file)), base)
    print(portable(leaflet_of(answer, asked.option)), end="")


def grid(asked: argparse.Namespace) -> None:
    """Print the options side by side."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    answer = assess(Case.from_json(read(asked.file)), base)
    if asked.text:
        print(answer.compare().text())
    else:
        print(portable(option_grid(answer)), end="")


def schema(_: argparse.Namespace) -> None:
    """Print the JSON Schema of a case."""
    print(json.dumps(case_schema(), indent=2))


def explain(asked: argparse.Namespace) -> None:
    """Print all that the knowledge says of an option or a measure."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    print(explained(base, asked.option, colour=colour()))


def review(asked: argparse.Namespace) -> None:
    """Print all that a clinician must sign."""
    pack = review_pack(load_knowledge(asked.knowledge))
    write = page_of if asked.format == "html" else markdown_of
    print(write(pack), end="")


def facts(asked: argparse.Namespace) -> None:
    """Print the facts that a case may state."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    for name, kind in FACTS.items():
        entry = base.facts[name]
        print(name)
        default = _default(base, name)
        for line in (f"{entry.label}: {kind}", entry.ask, entry.help, default):
            if line:
                print("\n".join(wrapped(line, "    ")))


def _default(base: Knowledge, fact: str) -> str:
    """Say what the local policy fills in where a case leaves a fact out."""
    if base.policy is None or fact not in base.policy.defaults:
        return ""
    value = json.dumps(base.policy.defaults[fact])
    return f"Where a case leaves it out, it is {value}. {base.policy}"
