"""One typo is one problem, wherever it is, and two are two."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.errors import KnowledgeError
from milia_cds.knowledge.files import SHIPPED
from tests.common import sampled

TYPOS = tomllib.loads(Path(__file__).with_name("typos.toml").read_text("utf-8"))
OTHER = Path(__file__).parents[1] / "otherworld" / "knowledge"
FILES = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.toml"))


@attrs.frozen
class Typo:
    """What is found and replaced in a file, and what is told of it."""

    file: str
    find: str
    replace: str
    told: str

    def into(self, folder: Path) -> None:
        """Replace it where it is found first."""
        file = folder / self.file
        text = file.read_text("utf-8")
        assert self.find in text, self.find
        file.write_text(text.replace(self.find, self.replace, 1), "utf-8")


ALL = {f"{each['file']}: {each.pop('in')}": Typo(**each) for each in TYPOS["typo"]}
APART = (
    "facts.toml: a bound",
    "facts.toml: the screen of a fact",
    "terms.toml: a fact of a contradiction",
    "triage.toml: where a branch leads",
    "scenarios.toml: an option among the standings",
    "scenarios.toml: where a referral goes",
    "scenarios.toml: for which an action is",
    "criteria.toml: a text for a number",
    "options/ash_bath.toml: the key of a kind",
    "options/ash_bath.toml: an option in a condition",
    "measures/numbing_moss.toml: a fact in a condition",
    "common.toml: for which a rule is",
    "common.toml: an option of a step",
    "alerts.toml: whom it is for",
    "claims.toml: when it stands",
    "advice.toml: a kind",
    "guarantees.toml: which one spares",
    "sources.toml: a key",
    "about.toml: a key",
)
"""Typos that have nothing to do with one another."""

Told: TypeAlias = Callable[[Iterable[Typo]], list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is told of the scale rot of dragons, with some typos."""

    def read(typos: Iterable[Typo]) -> list[str]:
        folder = tmp_path / "knowledge"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(OTHER, folder)
        for name, more in TYPOS["added"].items():
            file = folder / name
            before = file.read_text("utf-8") if file.exists() else ""
            file.write_text(f"{before}\n{more}", "utf-8")
        for typo in typos:
            typo.into(folder)
        return _problems(folder)

    return read


def _problems(folder: Path) -> list[str]:
    try:
        load_knowledge(folder)
    except KnowledgeError as raised:
        return [str(each) for each in raised.problems]
    return []


def test_without_a_typo_nothing_is_told(told: Told) -> None:
    assert told([]) == []


@pytest.mark.parametrize("name", ALL)
def test_one_typo_is_one_problem(told: Told, name: str) -> None:
    assert told([ALL[name]]) == [ALL[name].told]


def test_every_file_has_its_typos() -> None:
    files = {re.sub(r"/.*", "", typo.file) for typo in ALL.values()}
    assert files == {re.sub(r"/.*", "", name) for name in FILES}


def test_typos_that_have_nothing_to_do_with_one_another_are_all_told(
    told: Told,
) -> None:
    typos = [ALL[name] for name in APART]
    assert sorted(told(typos)) == sorted(typo.told for typo in typos)
    for pair in combinations(typos, 2):
        assert sorted(told(pair)) == sorted(typo.told for typo in pair)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("options/ash_bath.toml: no TOML", "options/ash_bath.toml: a source"),
        ("sources.toml: no TOML", "advice.toml: a source"),
        ("facts.toml: a kind", "terms.toml: a member of a set"),
    ],
)
def test_what_may_follow_from_another_typo_waits_until_it_is_mended(
    told: Told, first: str, second: str
) -> None:
    assert told([ALL[first], ALL[second]]) == [ALL[first].told]


# -- the shipped files --


def _first_key(text: str) -> str:
    return re.sub(r"^(\w)\w(\w*) = ", r"\1\2 = ", text, count=1, flags=re.MULTILINE)


def _no_toml(text: str) -> str:
    return f"{text}\n= 3\n"


@pytest.mark.parametrize("name", sampled(FILES, 3))
def test_a_typo_in_a_shipped_file_is_one_problem_in_it(
    tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "data"))
    file = folder / name
    text = file.read_text("utf-8")
    for misspelt in (_first_key, _no_toml):
        changed = misspelt(text)
        assert changed != text
        file.write_text(changed, "utf-8")
        [problem] = _problems(folder)
        assert problem.startswith(f"{name}: ")


EVERY_KIND = (
    ("facts.toml", r"^\[history\.keloid\]", "[history.keliod]", "history.keliod: "),
    (
        "facts.toml",
        'screen = "devices"',
        'screen = "devises"',
        "history.pacemaker.screen",
    ),
    ("facts.toml", 'kind = "yes_no"', 'kind = "yesno"', "patient.preterm.kind: "),
    ("facts.toml", r"^\[section\.history\]", "[section.histroy]", "section.histroy: "),
    ("terms.toml", r"^\[term\.red_flag\]", "[term.red_flg]", "term.red_flg: "),
    ("terms.toml", r"^\[set\.(\w+)\]", r"[set.\1z]", "set."),
    (
        "triage.toml",
        '"adult_many_face"',
        '"adult_mny_face"',
        "decision.how_many.branch",
    ),
    (
        "triage.toml",
        '"not red_flag"',
        '"not red_flagg"',
        "decision.warning_sign.branch",
    ),
    ("scenarios.toml", '"extraction"', '"extracton"', "argument["),
    ("scenarios.toml", r'to = "(\w+)"', r'to = "\1x"', "action[0].to: "),
    (
        "scenarios.toml",
        r"^\[destination\.(\w+)\]",
        r"[destination.\1x]",
        "destination.",
    ),
    ("scenarios.toml", 'id = "newborn"', 'id = "newborm"', "scenario.newborm: "),
    ("common.toml", r"^\[group\.(\w+)\]", r"[group.\1x]", "group."),
    ("common.toml", r'for = \["(\w+)"', r'for = ["\1x"', "gate."),
    ("criteria.toml", 'id = "clearance"', 'id = "clearence"', "criterion.clearence: "),
    ("advice.toml", r'sources = \["(\w+)"', r'sources = ["\1x"', "advice."),
    ("alerts.toml", '"emergency"', '"emergancy"', "alert.sick_newborn.urgency: "),
    ("alerts.toml", r"^\[addressee\.(\w+)\]", r"[addressee.\1x]", "addressee."),
    ("claims.toml", r'id = "(\w+)"', r'id = "\1x"', "claim."),
    ("guarantees.toml", r'options = \["(\w+)"', r'options = ["\1x"', "guarantee."),
    ("options/extraction.toml", 'id = "extraction"', 'id = "extracton"', "id: "),
    ("options/cryotherapy.toml", r"history\.cold_urt", "history.cold_utr", "gate."),
    ("options/extraction.toml", '"forbid"', '"forbidd"', "gate.not_tolerated.kind: "),
    ("about.toml", "^version", "versoin", "versoin: "),
)
"""A misspelt name of every kind, in its file, and the key at which it is told."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped files, each of which is mended after its typo."""
    return Path(shutil.copytree(SHIPPED, tmp_path_factory.mktemp("shipped") / "data"))


@pytest.mark.parametrize(("name", "find", "replace", "key"), EVERY_KIND)
def test_a_name_that_many_places_use_is_one_problem(
    shipped: Path, name: str, find: str, replace: str, key: str
) -> None:
    file = shipped / name
    text = file.read_text("utf-8")
    changed = re.sub(f"(?m){find}", replace, text, count=1)
    assert changed != text
    file.write_text(changed, "utf-8")
    told = _problems(shipped)
    file.write_text(text, "utf-8")
    [problem] = told
    assert problem.startswith(f"{name}: {key}")
