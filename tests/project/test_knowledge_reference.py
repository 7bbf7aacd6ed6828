"""The generated reference: everything is in it, and its links lead both ways."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from docs._ext.knowledge_reference import NOTICE, files, linked, names_and_labels, write
from docs._ext.markdown import anchor, code, plain, table
from docs._ext.places import Usage, places
from docs.generate import REFERENCE
from milia_cds import load_knowledge
from milia_cds.case.milia import FACTS
from milia_cds.knowledge.options import Gate, Measure, Option
from milia_cds.knowledge.words import Guard
from milia_cds.testing import Vignette
from tests.common import vignettes

pytestmark = pytest.mark.no_cover  # long, and reached by shorter tests

BASE = load_knowledge()
USAGE = Usage.of(BASE)
NUMBERED: dict[int, list[str]] = {}
for promised in BASE.promises:
    NUMBERED.setdefault(promised.number, []).append(promised.id)
for guaranteed in BASE.guarantees:
    NUMBERED.setdefault(guaranteed.number, []).append(guaranteed.id)
CARRIED = {row: gate for gate in BASE.gates() for row in gate.rows}
SHARED = {gate.place: gate for gate in BASE.gates() if gate.place}


@cache
def written() -> dict[str, str]:
    """The files, made once; the proofs in them take seconds."""
    return files(BASE)


@cache
def made() -> dict[str, str]:
    """The pages by name, without what each begins with."""
    made = written().items()
    notice = f"{NOTICE}\n\n"
    return {
        name.removesuffix(".md"): text.removeprefix(notice)
        for name, text in made
        if name.endswith(".md")
    }


@cache
def labels() -> Counter[str]:
    """Count the labels on all pages."""
    found = (
        re.findall(r"^\(([a-z0-9-]+)\)=$", text, re.MULTILINE)
        for text in made().values()
    )
    return Counter(label for each in found for label in each)


def things() -> Iterator[tuple[str, str]]:
    """Everything that has a place of its own, by kind and name."""
    by_name = {
        "fact": FACTS,
        "set": BASE.sets,
        "term": BASE.terms,
        "decision": BASE.decisions,
        "destination": BASE.destinations,
        "scenario": BASE.scenarios,
        "option": BASE.options,
        "measure": BASE.measures,
        "criterion": BASE.criteria,
        "source": BASE.sources,
        "gate": [gate.name for gate in BASE.gates() if not gate.place],
        "rule": SHARED,
        "contradiction": [each.id for each in BASE.contradictions],
        "guarantee": [each.id for each in BASE.guarantees],
        "promise": [each.id for each in BASE.promises],
        "advice": [each.id for each in BASE.advice],
        "alert": BASE.alerts,
    }
    for kind, names in by_name.items():
        for name in names:
            of_rule = name.removeprefix("common.toml: gate.")
            yield ("guarantee" if kind == "promise" else kind), of_rule


def label_of(gate: Gate) -> str:
    """The label of a gate where it is read: a shared one's is that of its rule."""
    if gate.place:
        return anchor("rule", gate.place.removeprefix("common.toml: gate."))
    return anchor("gate", gate.name)


def links(text: str) -> set[str]:
    return set(re.findall(r"\]\(#([a-z0-9-]+)\)", text))


def paragraph(label: str) -> str:
    """What stands under a label, down to the next one."""
    for text in made().values():
        _, found, after = text.partition(f"({label})=\n")
        if found:
            return re.split(
                r"^\([a-z0-9-]+\)=$", after, maxsplit=1, flags=re.MULTILINE
            )[0]
    pytest.fail(f"{label} stands on no page")


def reads(label: str) -> set[str]:
    """The facts that a rule links, by itself or through the terms it links."""
    found = links(paragraph(label).partition("Used in:")[0])
    terms = {each for each in found if each.startswith("term-")} - {label}
    facts = {each for each in found if each.startswith("fact-")}
    return facts.union(*map(reads, terms))


# -- completeness --


def test_everything_in_the_knowledge_base_has_its_place() -> None:
    missing = [thing for thing in things() if anchor(*thing) not in labels()]
    assert missing == []


def test_no_two_things_share_a_label() -> None:
    assert [label for label, count in labels().items() if count > 1] == []


def test_every_text_of_a_gate_is_shown_as_it_is_written() -> None:
    shown = "\n".join(made().values())
    assert [gate.name for gate in BASE.gates() if plain(gate.text) not in shown] == []


def test_every_condition_of_a_gate_is_shown_as_it_is_written() -> None:
    for gate in BASE.gates():
        if gate.when:
            assert code(gate.when) in paragraph(label_of(gate))


# -- what several share --


def page_of(owner: Option | Measure) -> str:
    return made()[f"options/{owner.id}"]


def test_a_shared_rule_is_read_once_with_all_for_whom_it_holds() -> None:
    assert len(SHARED) > 50
    for owner in BASE.gated():
        kind = "option" if isinstance(owner, Option) else "measure"
        for gate in owner.gate:
            if gate.place:
                rule = paragraph(label_of(gate))
                assert anchor(kind, owner.id) in links(rule), gate.name
                assert plain(gate.text) in rule
                assert plain(gate.plain) in rule
                assert {anchor("source", name) for name in gate.sources} <= links(rule)
                assert {*gate.rows} <= {*re.findall(r"[A-Z]+-\d+", rule)}
                assert plain(gate.text) not in page_of(owner)


def test_the_page_of_an_option_leads_to_each_rule_that_it_shares() -> None:
    for owner in BASE.gated():
        shared = {label_of(gate) for gate in owner.gate if gate.place}
        assert shared <= links(page_of(owner))


def test_the_gates_of_an_option_are_shown_in_the_order_in_which_they_are_said() -> None:
    for owner in BASE.gated():
        text = page_of(owner)
        shown = [
            text.index(f"(#{label_of(gate)})" if gate.place else f"({label_of(gate)})=")
            for gate in owner.gate
        ]
        assert shown == sorted(shown), owner.id


def test_shared_rules_are_shown_in_an_order_that_every_option_keeps() -> None:
    text = made()["common"]
    for owner in BASE.gated():
        shared = [gate for gate in owner.gate if gate.place]
        shown = [text.index(f"({label_of(gate)})=") for gate in shared]
        assert shown == sorted(shown), owner.id


# -- links --


def test_every_link_between_the_pages_leads_to_a_label() -> None:
    elsewhere = {"condition-language", "how-ranking-works"}
    led = {label for text in made().values() for label in links(text)}
    assert led - labels().keys() == elsewhere


@pytest.mark.parametrize("fact", [name for name in FACTS if name in USAGE.facts])
def test_a_fact_and_the_rules_that_read_it_are_linked_both_ways(fact: str) -> None:
    used_in = links(paragraph(anchor("fact", fact)))
    for place in USAGE.facts[fact]:
        assert anchor(place.kind, place.name) in used_in
        if place.kind in {"gate", "rule", "term"}:
            assert anchor("fact", fact) in reads(anchor(place.kind, place.name))


TELL_THEIR_SOURCES = {*("gate", "rule", "risk", "advice", "criterion", "term", "set")}


@pytest.mark.parametrize("source", USAGE.sources)
def test_a_source_and_the_claims_it_decides_are_linked_both_ways(source: str) -> None:
    decides = links(paragraph(anchor("source", source)))
    for place in USAGE.sources[source]:
        assert anchor(place.kind, place.name) in decides
        if place.kind in TELL_THEIR_SOURCES:
            claim = paragraph(anchor(place.kind, place.name))
            assert anchor("source", source) in links(claim)


def test_a_guarantee_and_the_gates_that_hold_it_are_linked_both_ways() -> None:
    held = {}
    for each in BASE.guarantees:
        named = links(paragraph(anchor("guarantee", each.id)))
        held[each.id] = {
            label for label in named if label.startswith(("gate-", "rule-"))
        }
    assert all(held[each.id] for each in BASE.guarantees if each.options)
    for guarantee, gates in held.items():
        for label in gates:
            assert anchor("guarantee", guarantee) in links(paragraph(label))


def test_a_guarantee_and_the_cases_that_try_it_are_linked_both_ways() -> None:
    for each in BASE.guarantees:
        tried = paragraph(anchor("guarantee", each.id)).partition("Tried on")[2]
        cases = {label for label in links(tried) if label.startswith("case-")}
        assert cases, each.id
        for label in cases:
            assert any(
                anchor("guarantee", other) in links(paragraph(label))
                for other in NUMBERED[each.number]
            )


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda each: each.id)
def test_a_test_case_links_the_evidence_that_it_names(vignette: Vignette) -> None:
    shown = links(paragraph(anchor("case", vignette.id)))
    for name in vignette.evidence:
        if name in BASE.sources:
            assert anchor("source", name) in shown
        if name in CARRIED:
            assert label_of(CARRIED[name]) in shown


def test_every_record_that_owns_a_condition_or_cites_a_source_has_a_place() -> None:
    placed = {id(record) for _, record in places(BASE)}
    unplaced = [
        path
        for path, entry, *_ in BASE.entries
        if (hasattr(entry, "condition") or hasattr(entry, "sources"))
        and id(entry) not in placed
        and not isinstance(entry, Guard)  # it has no page
    ]
    assert unplaced == []


# -- writing --


def test_a_page_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    first = write(written(), tmp_path)
    assert len(first) == len(made()) + len(BASE.options) + 1
    os.utime(first[0], (0, 0))
    assert write(written(), tmp_path) == []
    assert first[0].stat().st_mtime == 0


def test_a_page_of_something_that_is_no_more_is_removed(tmp_path: Path) -> None:
    old = tmp_path / "options" / "gone.md"
    old.parent.mkdir()
    old.write_text("# Gone", encoding="utf-8")
    write(written(), tmp_path)
    assert not old.exists()


def test_names_on_the_committed_pages_are_linked_where_they_have_a_place() -> None:
    labels = {
        "a.infected": "gate-a-infected",
        "common.infant[1]": "rule-infant-1",
        "q_pop": "advice-q-pop",
    }
    text = "`a.infected`, `common.infant[1]` and `q_pop`, not `phototype`"
    assert linked(text, labels) == (
        "[`a.infected`](#gate-a-infected), [`common.infant[1]`](#rule-infant-1) and "
        "[`q_pop`](#advice-q-pop), not `phototype`"
    )


def test_every_gate_that_carries_a_row_is_linked_on_the_page_of_rows() -> None:
    page = (REFERENCE / "rules.md").read_text(encoding="utf-8")
    text = linked(page, names_and_labels(BASE))
    assert {label_of(gate) for gate in CARRIED.values()} <= links(text)


# -- Markdown --


def test_a_text_is_shown_and_not_read_as_markdown() -> None:
    assert plain("a *b* <i>\n [c]") == r"a \*b\* \<i\> \[c\]"
    assert code("a  ==\n b") == "`a == b`"


def test_a_table_has_a_line_for_its_head() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
