"""The answers to why, why not, what if and how firm, as text and as a card."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import Assessment, Case, assess, diff, load_knowledge
from milia_cds.shown import Told

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "cases"
EXAMPLE = pytest.mark.parametrize(
    "name", sorted(path.stem for path in FOLDER.glob("*.json"))
)
BASE = load_knowledge()


@cache
def answer(name: str, pregnancy: str | None = "") -> Assessment:
    case = Case.from_json((FOLDER / f"{name}.json").read_bytes())
    return assess(case if pregnancy == "" else case.stating({"pregnancy": pregnancy}))


def joined(said: Told) -> str:
    return " ".join(said.text().split())


@EXAMPLE
def test_every_answer_fits_and_carries_its_notice_and_digest(name: str) -> None:
    asked = answer(name)
    said: list[Told] = [asked.stability(), asked.what_if(pregnancy="pregnant")]
    for option in BASE.options:
        said += [asked.why(option), asked.why_not(option)]
    for each in said:
        lines = each.text().splitlines()
        assert max(map(len, lines)) <= 80
        assert lines[1].startswith("Draft, not clinically reviewed")
        assert lines[-1] == BASE.digest
        assert str(each) == each.text()
        assert BASE.digest in (each._repr_html_() or "")


@EXAMPLE
def test_why_names_every_fact_and_says_every_rule(name: str) -> None:
    for option in BASE.options:
        why = answer(name).why(option)
        said = joined(why)
        assert said.startswith(f"Why {why.label} is {why.verdict.replace('_', ' ')}")
        for reason in (*why.because, *why.also):
            rest = reason.text.partition(": ")[2] or reason.text
            assert " ".join(rest.split()) in said
        assert said.count(" - ") >= len(why.facts) + len(why.because)


def test_why_says_what_is_enough() -> None:
    said = joined(answer("adult_cheek").why("isotretinoin"))
    assert (
        "The facts named are enough for it, whatever the others are. Enough for it "
        "- pregnancy: absent (could occur) Because - Could become pregnant: "
    ) in said


def test_why_of_what_is_withheld_says_what_to_ask() -> None:
    said = joined(answer("pregnancy_unknown").why("tretinoin"))
    assert "It is withheld until this is known: pregnancy. Because - If the " in said


def test_why_not_says_what_would_have_to_change_and_what_is_then_asked() -> None:
    pregnant = assess(Case.from_dict({"patient": {"pregnancy": "pregnant"}}))
    said = joined(pregnant.why_not("tretinoin"))
    assert "As it is: excluded. Of several ways, one is enough. Because - " in said
    assert said.index("Because - ") < said.index("To be offered - ")
    assert (
        "- pregnancy: absent (could occur) (now: pregnancy: confirmed) - Then still "
        "to ask: "
    ) in said


def test_why_not_says_never_only_where_there_is_no_way() -> None:
    never = "- Never: nothing that can change would do it."
    assert joined(answer("adult_cheek").why_not("steaming")).count(never) == 2
    said = joined(answer("adult_cheek").why_not("extraction"))
    assert never not in said
    assert said.count("- Nothing known stands against it.") == 2


def test_why_not_says_where_it_was_not_worked_out() -> None:
    inexact = attrs.evolve(
        answer("adult_cheek").why_not("steaming"), first=(), exact=False
    )
    said = joined(inexact)
    assert "To come first - Not worked out: there are too many cases." in said


def test_a_difference_says_what_moved_and_by_which_rules() -> None:
    said = joined(answer("adult_cheek").what_if(growing=True))
    assert (
        "In short - How urgent: none -> urgent - What to do: Treat, as wished; leaving "
        "them is a choice. -> Urgent (2 weeks): examine, test or biopsy first. - "
        "Situation: a few primary milia of the face or neck -> a warning sign: not to "
        "be treated as milia - First place: extraction -> none"
    ) in said
    assert (
        "- extraction: offered (first line, place 1) -> excluded - By: "
        "decision.warning_sign.1, decision.warning_sign.2, gate.extraction.warning_sign"
    ) in said
    assert "- gate.extraction.warning_sign: false -> true (red_flag)" in said


def test_a_difference_says_what_is_asked_now_and_what_no_longer_is() -> None:
    known, unknown = answer("adult_cheek"), answer("adult_cheek", None)
    assert "- Asked now: pregnancy" in joined(diff(known, unknown))
    assert "- Not any more: pregnancy" in joined(diff(unknown, known))


def test_a_difference_of_what_is_no_assessment_is_refused() -> None:
    wrong: Any = 3
    with pytest.raises(
        TypeError, match=r"^diff compares two assessments, not 3; use assess$"
    ):
        diff(answer("adult_cheek"), wrong)


def test_what_does_not_move_is_said() -> None:
    said = answer("adult_cheek").what_if(needle_phobia=True)
    assert not said
    assert "Nothing moved: the same is to be done, in the same order." in joined(said)


def test_a_difference_of_two_knowledge_bases_names_both() -> None:
    local = load_knowledge(policy=ROOT / "examples" / "policy.toml")
    plain = answer("adult_cheek")
    said = joined(diff(plain, assess(plain.case, local)))
    assert f"Knowledge - Before: {BASE.digest} - After: {BASE.digest}, Local " in said
    assert "Knowledge - Before" not in joined(diff(plain, plain))


def test_how_firm_says_the_weights_that_would_change_the_first_place() -> None:
    said = joined(answer("milia_en_plaque").stability())
    assert "First place: " in said
    assert "Of the same standing: " in said
    assert " (weight " in said


def test_without_its_knowledge_an_answer_keeps_ids() -> None:
    asked = answer("adult_cheek")
    other = attrs.evolve(asked.knowledge, digest="sha256:other")
    why = attrs.evolve(asked.why("isotretinoin"), knowledge=other)
    assert "- patient.pregnancy = none" in joined(why)
    moved = asked.what_if(growing=True)
    said = joined(attrs.evolve(moved, knowledge=(other, other)))
    assert "- Situation: adult few face -> red flag" in said
    assert "- laser ablation: offered" in said
    firm = joined(attrs.evolve(asked.stability(), knowledge=other))
    assert "First place: extraction." in firm
