"""How the data files are written: short heads, one style of text, and their grammar.

The grammar stands in `data/README.md`, one section for each file. It names every key
that the loader knows, and no other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any, Literal, get_args, get_origin, get_type_hints

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.case.vocabulary import Roles, SectionEntry
from milia_cds.knowledge import files
from milia_cds.knowledge.about import About, Source
from milia_cds.knowledge.fhir import Fhir
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.leaflets import Leaflets
from milia_cds.knowledge.options import Measure, Option
from milia_cds.knowledge.promises import KeptOrder
from milia_cds.knowledge.reviews import ReviewsFile
from milia_cds.knowledge.words import FactEntry, Screen

GRAMMAR = (SHIPPED / "README.md").read_text(encoding="utf-8")
FILES = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.toml"))
WIDTH = 98
"""The longest line of a text that goes on, without its closing marks."""

LONGEST_HEAD = 5

RECORDS: dict[str, tuple[type[Any], ...]] = {
    "about.toml": (About,),
    "facts.toml": (SectionEntry, Roles, Screen, FactEntry),
    "aliases.toml": (files.AliasesFile,),
    "terms.toml": (files.TermsFile,),
    "alerts.toml": (files.AlertsFile,),
    "claims.toml": (files.ClaimsFile,),
    "triage.toml": (files.TriageFile,),
    "scenarios.toml": (files.ScenariosFile,),
    "options/": (Option,),
    "measures/": (Measure,),
    "common.toml": (files.CommonFile,),
    "criteria.toml": (files.CriteriaFile,),
    "guarantees.toml": (files.GuaranteesFile,),
    "order.toml": (KeptOrder,),
    "reviews.toml": (ReviewsFile,),
    "advice.toml": (files.AdviceFile,),
    "fhir.toml": (Fhir,),
    "figure.toml": (files.FigureFile,),
    "leaflets.toml": (Leaflets,),
    "sources.toml": (Source,),
}
"""What is read from each file; `facts.toml` names its tables itself."""


# -- heads and texts --


def head(text: str) -> list[str]:
    """The comment that a file begins with."""
    found = re.match(r"(#.*\n)*", text)
    return found[0].splitlines() if found else []


def badly_continued(text: str) -> Iterator[str]:
    """Lines of texts that are not four deeper than their key, or are too long."""
    deep: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        long = len(line.removesuffix('"""')) > WIDTH
        if deep is not None and (indent != deep or long):
            yield f"{number}: {line}"
        if line.endswith('"""\\') and deep is None:
            deep = indent + 4
        elif deep is not None and '"""' in line:
            deep = None
        elif '"""' in line or "'''" in line:
            yield f"{number}: {line}"


@pytest.mark.parametrize("name", FILES)
def test_a_file_begins_with_what_it_is_and_where_its_grammar_stands(name: str) -> None:
    said = head((SHIPPED / name).read_text(encoding="utf-8"))
    readme = "../README.md" if "/" in name else " README.md"
    assert 0 < len(said) <= LONGEST_HEAD
    assert readme in "\n".join(said)


@pytest.mark.parametrize("name", FILES)
def test_a_text_goes_on_four_deeper_than_its_key(name: str) -> None:
    text = (SHIPPED / name).read_text(encoding="utf-8")
    assert list(badly_continued(text)) == []


@pytest.mark.parametrize(
    "bad",
    [
        'text = """\\\n  Two deeper."""\n',
        'text = """\\\nNot deeper."""\n',
        'text = """On the line of its key."""\n',
        "text = '''\\\n    Between other marks.'''\n",
        f'text = """\\\n    {"long " * 20}"""\n',
        'limits = [\n    """\\\n    As deep as its mark."""\n]\n',
    ],
)
def test_a_text_that_goes_on_otherwise_is_found(bad: str) -> None:
    assert tomllib.loads(bad)
    assert list(badly_continued(bad))


# -- the grammar --


def sections() -> dict[str, str]:
    """What the grammar says of each file, by the files in the heading."""
    prose = re.sub(r"^```.*?^```$", "", GRAMMAR, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"^## (.*)$", prose, flags=re.MULTILINE)
    return {
        name: text
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
        for name in re.findall(r"`([^`]+)`", heading) or [heading]
    }


def read(record: type[Any]) -> Iterator[tuple[str, Any]]:
    """The keys that the loader reads in a record, with what each may hold."""
    hints = get_type_hints(record)
    for field in attrs.fields(record):
        if not field.metadata.get("derived", False):
            yield field.name.rstrip("_"), hints[field.name]


def keys(record: type[Any]) -> Iterator[str]:
    """Every key that the loader reads in a record, and in the tables below it."""
    for key, hint in read(record):
        yield key
        for part in get_args(hint):
            if attrs.has(part):
                yield from keys(part)


def values(record: type[Any]) -> Iterator[str]:
    """Every word of the few that a key may have, likewise."""
    for _, hint in read(record):
        for part in (hint, *get_args(hint)):
            if get_origin(part) is Literal:
                yield from get_args(part)
            elif attrs.has(part):
                yield from values(part)


def known(name: str) -> set[str]:
    return {key for record in RECORDS[name] for key in keys(record)}


def named(text: str) -> set[str]:
    """The words in backticks, and the names of tables such as `[[gate.wording]]`."""
    said = re.findall(r"`([^`]+)`", text)
    return {word for each in said for word in re.findall(r"\w+(?:-\w+)*", each)}


def explained(text: str) -> set[str]:
    """What the points of a list begin with: the keys that they explain."""
    heads: list[str] = re.findall(r"^ *\* ((?:`[^`]+`(?:, )?)+)", text, re.MULTILINE)
    heads += re.findall(r"^((?:`\[[^`]+`(?:, )?)+)", text, re.MULTILINE)
    return {key for each in heads for key in named(each)}


EVERYWHERE = "In every file"
SAID = sections()
BORROWS = {"options/": "common.toml", "common.toml": "options/"}
"""Two files that have tables in common, each said in one of the two."""


def test_the_grammar_has_a_section_for_each_file() -> None:
    assert SAID.keys() - RECORDS.keys() == {EVERYWHERE, "What several share"}
    assert {
        name if name in RECORDS else f"{name.partition('/')[0]}/" for name in FILES
    } == RECORDS.keys() - {"reviews.toml"}, "nobody has signed yet"


@pytest.mark.parametrize("name", RECORDS)
def test_the_grammar_names_every_key_that_the_loader_knows(name: str) -> None:
    elsewhere = named(SAID[EVERYWHERE])
    if name in BORROWS:
        elsewhere |= named(SAID[BORROWS[name]])
    assert known(name) - named(SAID[name]) - elsewhere == set()


@pytest.mark.parametrize("name", RECORDS)
def test_the_grammar_explains_no_key_that_the_loader_does_not_know(name: str) -> None:
    words = {word for record in RECORDS[name] for word in values(record)}
    free = {"NAME", "ID", "FACT", "SECTION", "section", "role", "screen"}
    tables = known("options/") if name == "measures/" else set()
    assert explained(SAID[name]) - known(name) - tables - words - free == set()


def test_a_key_that_the_grammar_does_not_know_would_be_found() -> None:
    text = SAID["common.toml"].replace("`for`, `not_for`", "`for`, `without`")
    assert known("common.toml") - named(text) >= {"not_for"}
    assert "without" in explained(text) - known("common.toml")


def test_the_grammar_is_no_part_of_the_knowledge(tmp_path: Path) -> None:
    ours = Path(copytree(SHIPPED, tmp_path / "ours"))
    assert (ours / "README.md").exists()
    (ours / "README.md").write_text("Something else.", encoding="utf-8")
    assert load_knowledge(ours).digest == load_knowledge().digest


@pytest.mark.parametrize("name", RECORDS)
def test_the_grammar_names_every_word_of_the_few_that_a_key_may_have(name: str) -> None:
    words = {word for record in RECORDS[name] for word in values(record)}
    assert words - named(" ".join(SAID.values())) == set()
