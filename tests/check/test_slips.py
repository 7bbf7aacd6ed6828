"""Slips, seen by comparing rules: shared ones count by their options; groups too."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.check import Finding
from milia_cds.check.slips import slips
from milia_cds.check.space import Space
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from tests.common import space

OTHERWORLD = Path(__file__).parents[1] / "otherworld" / "knowledge"
BASE = load_knowledge()
NEEDLE = "the needle slips on wet skin, so the field is dried and the hand rests"

Slips: TypeAlias = Callable[[Mapping[str, str]], list[Finding]]


def found(base: Knowledge) -> list[Finding]:
    return list(slips(base, Space(base)))


@pytest.fixture(scope="module")
def shipped() -> list[Finding]:
    return list(slips(BASE, space()))


@pytest.fixture
def after(tmp_path: Path, shipped: list[Finding]) -> Slips:
    """What is found beyond the shipped knowledge, with texts added to its files."""

    def after(added: Mapping[str, str]) -> list[Finding]:
        folder = Path(shutil.copytree(SHIPPED, tmp_path / "data"))
        for name, more in added.items():
            file = folder / name
            file.write_text(f"{file.read_text('utf-8')}\n{more}", "utf-8")
        before = {(each.kind, each.path, each.text) for each in shipped}
        every = found(read_knowledge(folder))
        return [
            each for each in every if (each.kind, each.path, each.text) not in before
        ]

    return after


def rule(
    for_: str, when: str, text: str = "", *, name: str = "spare", more: str = ""
) -> str:
    """A caution of `common.toml`, or with no `for_` of an option's own file."""
    said = text or f"Spare: {for_ or 'own'}, {when}."
    names = ", ".join(f'"{name}"' for name in for_.split())
    return f"""
[[gate]]
id = "{name}"
{f"for = [{names}]" if for_ else ""}
kind = "caution"
when = "{when}"
text = "{said}"
plain = "Spare."
judgement = true
{more}
"""


def wording(option: str, text: str) -> str:
    return f'\n[[gate.wording]]\nfor = ["{option}"]\ntext = "{text}"\n'


def kinds(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(each.kind, each.path) for each in findings]


# -- what is usual ------------------------------------------------------------

FIVE = rule("destructive", "history.keloid")


def test_a_rule_of_five_options_makes_one_of_two_depart_once(after: Slips) -> None:
    two = rule("adapalene tretinoin", "history.lupus")
    (peer,) = after({"common.toml": FIVE + two})
    assert (peer.kind, peer.level) == ("slip.peer", "warning")
    assert peer.path == "common.toml: gate.spare[1]"
    assert peer.text == (
        "5 gates of this name hold in other cases than this one, which goes to "
        "adapalene, tretinoin. See common.toml: gate.spare[0]."
    )
    assert peer.case is not None


def test_an_option_of_its_own_departs_from_a_shared_rule(after: Slips) -> None:
    own = rule("", "history.lupus")
    (peer,) = after({"common.toml": FIVE, "options/steaming.toml": own})
    assert peer.path == "options/steaming.toml: gate.spare"
    assert "which goes to" not in peer.text


@pytest.mark.parametrize(
    "others",
    [
        rule("topical_retinoids", "history.lupus"),
        rule("adapalene", "history.lupus") + rule("tretinoin", "history.lupus"),
        rule("adapalene", "history.lupus") + rule("tretinoin", "history.keloid"),
        rule("adapalene", "history.lupus") + rule("tretinoin", "history.raynaud"),
    ],
    ids=["nearly as many", "two agree", "alike but for one", "each its own way"],
)
def test_what_departs_is_one_rule_of_few_options(after: Slips, others: str) -> None:
    peers = [
        each.path
        for each in after({"common.toml": FIVE + others})
        if each.kind == "slip.peer"
    ]
    alone = "keloid" in others
    assert peers == (["common.toml: gate.spare[1]"] if alone else [])


def test_a_limit_of_a_shared_rule_is_written_once(after: Slips) -> None:
    """Five gates cut at 64, yet the two places with 65 are what is usual."""
    odd = rule("destructive", "patient.age_years >= 64")
    own = rule("", "patient.age_years >= 65", name="other")
    found = after({"common.toml": odd, "options/steaming.toml": own})
    limits = [each for each in found if each.kind == "slip.limit"]
    assert kinds(limits) == [("slip.limit", "common.toml: gate.spare")]


# -- the same words -----------------------------------------------------------


def test_the_same_words_at_another_condition_are_found_once_a_pair(
    after: Slips,
) -> None:
    one = rule("destructive", "history.keloid", "Dry it.")
    other = rule("adapalene tretinoin", "history.lupus", "Dry it.", name="other")
    found = after({"common.toml": one + other})
    assert kinds(found) == [("slip.words", "common.toml: gate.spare")]
    assert found[0].text.endswith("another condition: common.toml: gate.other.")


def test_the_words_of_a_wording_count_too(after: Slips) -> None:
    one = rule("destructive", "history.keloid", "Dry it.")
    other = rule("adapalene tretinoin", "history.lupus", "Wet it.", name="other")
    found = after({"common.toml": one + other + wording("tretinoin", "Dry it.")})
    assert kinds(found) == [("slip.words", "common.toml: gate.spare")]
    assert found[0].text.endswith("another condition: common.toml: gate.other.")


# -- nearly the same rule -----------------------------------------------------


@pytest.mark.parametrize(
    "own",
    [
        rule("", "history.keloid", f"Keloid: {NEEDLE}."),
        rule("", "history.keloid", f"Keloid: {NEEDLE} on the table."),
        rule("", "history.keloid or history.keloid", f"Keloid: {NEEDLE}."),
        rule("", "history.keloid", f"Keloid: {NEEDLE}.", more='sources = ["E001"]'),
    ],
    ids=["copied", "other text", "written otherwise", "other sources"],
)
def test_a_rule_nearly_as_another_is_found(after: Slips, own: str) -> None:
    shared = rule("destructive", "history.keloid", f"Keloid: {NEEDLE}.")
    (copy,) = after({"common.toml": shared, "options/steaming.toml": own})
    assert (copy.kind, copy.level) == ("slip.copy", "warning")
    assert copy.path == "options/steaming.toml: gate.spare"
    assert "the same as common.toml: gate.spare: write one rule for both" in copy.text


def test_a_rule_nearly_as_a_wording_is_found(after: Slips) -> None:
    shared = rule("destructive", "history.keloid", "Keloid.")
    shared += wording("extraction", f"Keloid: {NEEDLE}.")
    own = rule("", "history.keloid", f"Keloid: {NEEDLE}!")
    found = after({"common.toml": shared, "measures/topical_anaesthetic.toml": own})
    assert kinds(found) == [
        ("slip.copy", "measures/topical_anaesthetic.toml: gate.spare")
    ]


@pytest.mark.parametrize(
    "own",
    [
        rule("", "history.keloid", "Keloid: steam has never made one."),
        rule("", "history.keloid", f"Keloid: {NEEDLE}.", name="other"),
        rule("", "history.keloid", f"Keloid: {NEEDLE}.").replace("caution", "note"),
    ],
    ids=["other words", "another name", "another kind"],
)
def test_other_words_another_name_or_kind_make_another_rule(
    after: Slips, own: str
) -> None:
    shared = rule("destructive", "history.keloid", f"Keloid: {NEEDLE}.")
    assert after({"common.toml": shared, "options/steaming.toml": own}) == []


def test_no_rule_of_the_shipped_knowledge_is_a_copy(shipped: list[Finding]) -> None:
    assert [each.path for each in shipped if each.kind == "slip.copy"] == []


# -- rows ---------------------------------------------------------------------


def test_a_row_of_another_option_is_found_where_all_are() -> None:
    """What an option says of its own rows counts, not how most of them begin."""
    option = BASE.options["steaming"]
    gates = [
        attrs.evolve(gate, rows=tuple(f"CRYO-{row[-3:]}" for row in gate.rows))
        for gate in option.gate
    ]
    changed = attrs.evolve(option, gate=tuple(gates))
    base = attrs.evolve(BASE, options={**BASE.options, "steaming": changed})
    rows = [each for each in found(base) if each.kind == "slip.row"]
    assert len(rows) == sum(len(gate.rows) for gate in gates) > 0
    first = next(row for gate in gates for row in gate.rows)
    assert rows[0].text == (
        f"{first} is a row of another option; here they begin with STEAM-."
    )


def test_without_rows_of_its_own_most_rows_tell() -> None:
    option = BASE.options["cryotherapy"]
    odd = attrs.evolve(option.gate[0], rows=("LASER-001",))
    changed = attrs.evolve(option, own_rows=(), gate=(odd, *option.gate[1:]))
    base = attrs.evolve(BASE, options={**BASE.options, "cryotherapy": changed})
    (row,) = [each for each in found(base) if each.kind == "slip.row"]
    assert row.text == (
        "LASER-001 is a row of another option; here they begin with CRYO-."
    )


# -- groups -------------------------------------------------------------------

GROUP = """
[group.wet]
label = "what is wet"
options = ["steaming", "gentle_cleansing"]
"""


def test_a_group_that_no_rule_is_for_is_found(after: Slips) -> None:
    named = rule("steaming gentle_cleansing", "history.keloid")
    (idle,) = after({"common.toml": GROUP + named})
    assert (idle.kind, idle.level) == ("group.idle", "warning")
    assert idle.path == "common.toml: group.wet"


def test_a_member_that_every_rule_of_its_group_spares_is_found(after: Slips) -> None:
    spared = rule("wet", "history.keloid", more='not_for = ["steaming"]')
    other = rule("steaming", "history.lupus", name="other")
    (member,) = after({"common.toml": GROUP + spared + other})
    assert (member.kind, member.level) == ("group.spared", "warning")
    assert member.path == "common.toml: group.wet"
    assert "steaming" in member.text


def test_a_rule_for_the_group_is_enough(after: Slips) -> None:
    spared = rule("wet", "history.keloid", more='not_for = ["steaming"]')
    other = rule("wet", "history.lupus", name="other")
    assert after({"common.toml": GROUP + spared + other}) == []


def test_an_option_in_no_group_is_noted(shipped: list[Finding]) -> None:
    alone = [each for each in shipped if each.kind == "option.ungrouped"]
    grouped = {name for group in BASE.groups.values() for name in group.options}
    assert [each.path for each in alone] == [
        f"options/{name}.toml" for name in BASE.options if name not in grouped
    ]
    assert "options/observation.toml" in {each.path for each in alone}
    assert {each.level for each in alone} == {"note"}


def test_where_there_are_no_groups_no_option_is_missing_from_one() -> None:
    base = load_knowledge(OTHERWORLD)
    assert not base.groups
    assert found(base) == []


# -- what texts claim --


def advised(more: str) -> dict[str, str]:
    """A piece of advice with more keys."""
    head = """
[[advice]]
id = "spare"
kind = "question"
title = "Spare?"
judgement = true
"""
    return {"advice.toml": f"{head}{more}"}


SAFE = 'text = "Keep calm. Here waiting is safe."\nplain = "Keep calm."\n'


def test_words_of_a_claim_need_the_claim(after: Slips) -> None:
    (finding,) = after(advised(SAFE))
    assert (finding.kind, finding.level) == ("text.unclaimed", "error")
    assert finding.path == "advice.toml: advice.spare"
    assert finding.text == (
        "“waiting is safe” claims waiting_safe, and the text does not say so: "
        "“Here waiting is safe.”"
    )


def test_words_of_a_claim_that_is_made_are_no_slip(after: Slips) -> None:
    assert after(advised(f'{SAFE}claims = ["waiting_safe"]\n')) == []


def test_what_is_said_of_the_domain_alone_claims_nothing(after: Slips) -> None:
    assert after(advised(SAFE.replace("is safe", "is safe for the milia"))) == []


def test_each_sentence_makes_its_own_claim(after: Slips) -> None:
    sentences = """
[[advice.sentence]]
text = "Here waiting is safe."
plain = "So it is."
claims = ["waiting_safe"]

[[advice.sentence]]
text = "There nothing need be done."
plain = "So it is too."
"""
    (finding,) = after(advised(sentences))
    assert finding.path == "advice.toml: advice.spare.sentence[1]"
    assert finding.text.startswith("“nothing need be done” claims nothing_needed")
