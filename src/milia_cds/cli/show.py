"""The commands that print a page, a picture or a list."""

from __future__ import annotations

import argparse
import json

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.pictures import decision_graph, leaflet, option_grid
from milia_cds.assessment.schema import case_schema
from milia_cds.cli.cases import assessed, read_case
from milia_cds.cli.streams import InputError, colour, portable, read
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.lines import wrapped
from milia_cds.render.mermaid import mermaid
from milia_cds.render.review import review_pack
from milia_cds.render.review_page import markdown_of, page_of


def print_graph(asked: argparse.Namespace) -> None:
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
    return base if file is None else assess(read_case(read(file), base), base)


def print_leaflet(asked: argparse.Namespace) -> None:
    """Print the leaflet on an offered option."""
    answer = assessed(asked)
    print(portable(leaflet(answer, asked.option)), end="")


def print_grid(asked: argparse.Namespace) -> None:
    """Print the options side by side."""
    answer = assessed(asked)
    if asked.text:
        print(answer.compare().text())
    else:
        print(portable(option_grid(answer)), end="")


def print_schema(asked: argparse.Namespace) -> None:
    """Print the JSON Schema of a case."""
    base = None if asked.knowledge is None else load_knowledge(asked.knowledge)
    print(json.dumps(case_schema(base), indent=2))


def print_explanation(asked: argparse.Namespace) -> None:
    """Print all that the knowledge says of an option, a measure or an alert."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    print(explained(base, asked.option, detail=asked.detail, colour=colour()))


def print_review(asked: argparse.Namespace) -> None:
    """Print all that a clinician must sign."""
    pack = review_pack(load_knowledge(asked.knowledge))
    write = page_of if asked.format == "html" else markdown_of
    print(write(pack), end="")


def print_facts(asked: argparse.Namespace) -> None:
    """Print the facts that a case may state."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    for name, kind in base.vocabulary.kinds.items():
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
