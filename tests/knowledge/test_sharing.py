"""What several options or scenarios share is written once, and read for each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import get_args

import attrs
import pytest

from milia_cds.errors import KnowledgeError, Problem
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, GateKind
from milia_cds.knowledge.reading import read_knowledge

GROUP = """
[group.hot]
label = "what is hot"
options = ["electrodesiccation", "laser_ablation"]
"""
RULE = f"""{GROUP}
[[gate]]
id = "spare"
for = ["hot", "steaming", "topical_anaesthetic"]
kind = "caution"
when = "history.keloid"
text = "Spare."
plain = "Spare."
judgement = true
"""
WORDING = """
[[gate.wording]]
for = ["steaming"]
plain = "Spare the steam."
"""
KINDS = """
[group.small]
scenarios = ["newborn", "infant_persistent"]
"""
ACTION = f"""{KINDS}
[[action]]
for = ["small"]
when = "history.keloid"
act = "refer"
to = "dermatology"
urgency = "soon"
text = "Spare."
judgement = true
"""
ARGUMENT = f"""{KINDS}
[[argument]]
for = ["small"]
options = ["steaming", "cryotherapy"]
side = "against"
text = "Spare."
judgement = true
"""
PLACE = "common.toml: gate.spare"
SHARED = {
    "step": """
[[step]]
id = "spare"
options = ["hot", "steaming"]
phase = "review"
timing = "review"
text = "Spare."
plain = "Spare."
judgement = true
""",
    "call": """
[[call]]
id = "spare"
options = ["hot", "steaming"]
how_soon = "soon"
text = "Spare."
plain = "Spare."
judgement = true
""",
}
PROMISE = """
[[guarantee]]
id = "spare"
number = 99
text = "Spare."
options = ["hot", "steaming"]
never_when = "history.keloid"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be added to."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


def _read(folder: Path, common: str = "", scenarios: str = "") -> Knowledge:
    _add(folder, "common.toml", common)
    _add(folder, "scenarios.toml", scenarios)
    return read_knowledge(folder)


def _add(folder: Path, name: str, more: str) -> None:
    file = folder / name
    file.write_text(f"{file.read_text('utf-8')}\n{more}", "utf-8")


def _problems(folder: Path, common: str = "", scenarios: str = "") -> list[Problem]:
    with pytest.raises(KnowledgeError) as raised:
        _read(folder, common, scenarios)
    return list(raised.value.problems)


def _spare(base: Knowledge) -> dict[str, Gate]:
    return {
        owner.id: gate
        for owner in base.gated()
        for gate in owner.gate
        if gate.id == "spare"
    }


def test_a_rule_is_a_gate_of_every_option_and_measure_that_it_is_for(
    folder: Path,
) -> None:
    base = _read(folder, RULE)
    owners = ["electrodesiccation", "laser_ablation", "steaming", "topical_anaesthetic"]
    gates = _spare(base)
    assert list(gates) == owners
    assert [gate.name for gate in gates.values()] == [f"{o}.spare" for o in owners]
    assert {gate.place for gate in gates.values()} == {PLACE}
    assert len({gate.condition for gate in gates.values()}) == 1
    assert [gate.text for gate in gates.values()] == ["Spare."] * 4


def test_an_option_in_not_for_is_spared(folder: Path) -> None:
    more = RULE.replace("kind =", 'not_for = ["laser_ablation"]\nkind =')
    assert "laser_ablation" not in _spare(_read(folder, more))


def test_of_each_kind_shared_rules_stand_first_in_the_order_of_the_file(
    folder: Path,
) -> None:
    before = read_knowledge(folder).options["steaming"].gate
    more = RULE + RULE.replace(GROUP, "").replace('"spare"', '"last"')
    gates = _read(folder, more).options["steaming"].gate
    shared = [gate.id for gate in before if gate.kind == "caution" and gate.place]
    own = [gate.id for gate in before if gate.kind == "caution" and not gate.place]
    cautions = [gate.id for gate in gates if gate.kind == "caution"]
    assert cautions == [*shared, "spare", "last", *own]
    kinds = [gate.kind for gate in gates]
    assert kinds == sorted(kinds, key=get_args(GateKind).index)


def test_a_wording_changes_only_what_it_says_and_only_for_its_options(
    folder: Path,
) -> None:
    gates = _spare(_read(folder, RULE + WORDING))
    steaming = gates.pop("steaming")
    assert (steaming.text, steaming.plain) == ("Spare.", "Spare the steam.")
    assert (steaming.sources, steaming.judgement) == ((), True)
    assert {gate.plain for gate in gates.values()} == {"Spare."}


def test_a_wording_with_sources_has_them_alone(folder: Path) -> None:
    gates = _spare(_read(folder, f'{RULE}{WORDING}sources = ["E001"]\n'))
    steaming, laser = gates["steaming"], gates["laser_ablation"]
    assert (steaming.sources, steaming.judgement) == (("E001",), False)
    assert (laser.sources, laser.judgement) == ((), True)


def test_an_id_may_stand_again_with_another_condition_for_others(
    folder: Path,
) -> None:
    other = RULE.replace(GROUP, "").replace(
        'for = ["hot", "steaming", "topical_anaesthetic"]', 'for = ["cryotherapy"]'
    )
    gates = _spare(_read(folder, RULE + other.replace("keloid", "lupus")))
    assert gates["cryotherapy"].place == f"{PLACE}[1]"
    assert gates["steaming"].place == f"{PLACE}[0]"


def test_the_entries_of_a_shared_rule_stand_at_the_rule(folder: Path) -> None:
    base = _read(folder, RULE)
    places = [placed.path for placed in base.entries if placed.name == "spare"]
    assert places == [PLACE] * 4


def test_each_row_goes_to_the_option_that_it_is_a_row_of(folder: Path) -> None:
    for name, prefix in (("steaming", "STEAM"), ("laser_ablation", "LASER")):
        file = folder / f"options/{name}.toml"
        text = file.read_text("utf-8")
        if "own_rows" not in text:
            file.write_text(f'own_rows = ["{prefix}-"]\n{text}', "utf-8")
    gates = _spare(_read(folder, f'{RULE}rows = ["LASER-999", "STEAM-999"]\n'))
    assert gates["laser_ablation"].rows == ("LASER-999",)
    assert gates["steaming"].rows == ("STEAM-999",)
    assert gates["topical_anaesthetic"].rows == ()


def test_actions_and_arguments_go_to_every_scenario_before_its_own(
    folder: Path,
) -> None:
    before = read_knowledge(folder).scenarios
    base = _read(folder, scenarios=ACTION + ARGUMENT.replace(KINDS, ""))
    for name in ("newborn", "infant_persistent"):
        was, now = before[name], base.scenarios[name]
        first = [row for row in was.action if row.first]
        shared = [row for row in was.action if row.place and not row.first]
        shared = [
            row for row in shared if row.place.startswith("scenarios.toml: action")
        ]
        place = len(first) + len(shared)
        assert now.action[place].text == "Spare."
        assert (*now.action[:place], *now.action[place + 1 :]) == was.action
        spare = [each for each in now.argument if each.text == "Spare."]
        assert [each.option for each in spare] == ["steaming", "cryotherapy"]
    assert base.scenarios["nasal_crease"].action == before["nasal_crease"].action


def test_a_row_of_its_own_that_says_first_stands_before_the_shared_ones(
    folder: Path,
) -> None:
    more = ACTION.replace('"newborn"', '"body_few"')
    rows = _read(folder, scenarios=more).scenarios["body_few"].action
    first, *shared, last = rows
    assert first.first
    assert first.place == "scenarios.toml: scenario.body_few.action[0]"
    assert last.place == "scenarios.toml: scenario.body_few.action[1]"
    assert shared[-1].text == "Spare."
    assert all(row.place.startswith("scenarios.toml: action") for row in shared)


def test_steps_calls_and_guarantees_take_groups(folder: Path) -> None:
    _add(folder, "guarantees.toml", PROMISE)
    base = _read(folder, GROUP + SHARED["step"] + SHARED["call"])
    hot = ("electrodesiccation", "laser_ablation")
    assert base.common_steps[-1].options == (*hot, "steaming")
    assert base.common_calls[-1].options == (*hot, "steaming")
    assert base.guarantees[-1].options == (*hot, "steaming")


def test_a_guarantee_is_not_about_the_options_that_it_spares(folder: Path) -> None:
    spares = PROMISE.replace("never_when", 'not_for = ["laser_ablation"]\nnever_when')
    _add(folder, "guarantees.toml", spares)
    guarantee = _read(folder, GROUP).guarantees[-1]
    assert guarantee.options == ("electrodesiccation", "steaming")


HARM = """
[[guarantee]]
id = "harm"
number = 9
text = "Never more harshly."
gentler = "extraction"
binds = ["hot", "cryotherapy"]

[[guarantee.except]]
gate = "not_tolerated"
options = ["hot"]
reason = "It is another act."
"""


def test_an_order_of_harm_and_its_exceptions_take_groups(folder: Path) -> None:
    _add(folder, "guarantees.toml", HARM)
    guarantee = _read(folder, GROUP).guarantees[-1]
    hot = ("electrodesiccation", "laser_ablation")
    assert guarantee.binds == (*hot, "cryotherapy")
    assert guarantee.except_[0].options == hot
    assert guarantee.exempt("laser_ablation") == {"not_tolerated"}
    assert guarantee.exempt("cryotherapy") == frozenset()


def test_an_exception_is_for_an_option_that_is_bound(folder: Path) -> None:
    _add(folder, "guarantees.toml", HARM.replace('"cryotherapy"]', '"steaming"]'))
    text = (folder / "guarantees.toml").read_text("utf-8")
    wrong = text.replace('options = ["hot"]\nreason', 'options = ["adapalene"]\nreason')
    (folder / "guarantees.toml").write_text(wrong, "utf-8")
    with pytest.raises(KnowledgeError, match="not about adapalene; remove it"):
        _read(folder, GROUP)


def _without(old: str, new: str) -> str:
    assert old in RULE, old
    return RULE.replace(old, new)


FOR = 'for = ["hot", "steaming", "topical_anaesthetic"]'
OWNER = "there is no option or measure or group"
OPTIONS = ", ".join(sorted(path.stem for path in (SHIPPED / "options").iterdir()))
NONE_LIKE = f"use one of {OPTIONS}"
COMMON = {
    "an unknown name": (
        _without('"steaming"', '"steamng"'),
        (f"{PLACE}.for", f'{OWNER} "steamng"', 'did you mean "steaming"?'),
    ),
    "an unknown group": (
        _without('["hot"', '["hott"'),
        (f"{PLACE}.for", f'{OWNER} "hott"', 'did you mean "hot"?'),
    ),
    "no name at all": (
        _without(FOR, "for = []"),
        (f"{PLACE}.for", "no option or measure is named", "name one, or a group"),
    ),
    "a name that stands there twice": (
        _without('"steaming"', '"steaming", "steaming"'),
        (f"{PLACE}.for", '"steaming" stands there 2 times', "keep one"),
    ),
    "an empty group": (
        f'{RULE}[group.void]\nlabel = "nothing"\noptions = []\n',
        ("common.toml: group.void.options", "the group is empty", "name its members"),
    ),
    "an empty group that a rule is for": (
        _without(FOR, 'for = ["void"]')
        + '[group.void]\nlabel = "nothing"\noptions = []\n',
        ("common.toml: group.void.options", "the group is empty", "name its members"),
    ),
    "an unknown member": (
        f'{RULE}[group.odd]\nlabel = "odd"\noptions = ["steamng"]\n',
        (
            "common.toml: group.odd.options",
            'there is no option "steamng"',
            'did you mean "steaming"?',
        ),
    ),
    "a group in a group": (
        f'{RULE}[group.odd]\nlabel = "odd"\noptions = ["hot"]\n',
        (
            "common.toml: group.odd.options",
            'there is no option "hot"',
            "groups do not nest: name its members",
        ),
    ),
    "a measure in a group": (
        f'{RULE}[group.odd]\nlabel = "odd"\noptions = ["topical_anaesthetic"]\n',
        (
            "common.toml: group.odd.options",
            'there is no option "topical_anaesthetic"',
            NONE_LIKE,
        ),
    ),
    "a group that names an option twice": (
        f'{RULE}[group.odd]\nlabel = "odd"\noptions = ["steaming", "steaming"]\n',
        (
            "common.toml: group.odd.options",
            '"steaming" stands there 2 times',
            "keep one",
        ),
    ),
    "a group with the name of an option": (
        f'{RULE}[group.steaming]\nlabel = "odd"\noptions = ["steaming"]\n',
        (
            "common.toml: group.steaming",
            '"steaming" is the id of something else already',
            "rename the group",
        ),
    ),
    "a group with the name of a measure": (
        f'{RULE}[group.topical_anaesthetic]\nlabel = "odd"\noptions = ["steaming"]\n',
        (
            "common.toml: group.topical_anaesthetic",
            '"topical_anaesthetic" is the id of something else already',
            "rename the group",
        ),
    ),
    "an option beside its group": (
        _without('"steaming"', '"laser_ablation"'),
        (
            f"{PLACE}.for",
            '"laser_ablation" is in a group that stands there',
            "remove one of the two",
        ),
    ),
    "an option that gets an id from two rules": (
        RULE + RULE.replace(GROUP, "").replace('"hot", ', ""),
        (
            f"{PLACE}[1]",
            'steaming, topical_anaesthetic: each would have "spare" twice',
            "keep one for each; not_for spares an option",
        ),
    ),
    "an option that has the id itself": (
        _without('id = "spare"', 'id = "under_18"').replace(
            '"hot", "steaming"', '"steaming"'
        ),
        (
            "common.toml: gate.under_18",
            'steaming: each would have "under_18" twice',
            "keep one for each; not_for spares an option",
        ),
    ),
    "an unknown name in not_for": (
        _without("kind =", 'not_for = ["steamng"]\nkind ='),
        (f"{PLACE}.not_for", f'{OWNER} "steamng"', 'did you mean "steaming"?'),
    ),
    "a group in not_for to which it does not go": (
        _without(FOR, 'for = ["steaming"]\nnot_for = ["lone"]')
        + '[group.lone]\nlabel = "one"\noptions = ["cryotherapy"]\n',
        (f"{PLACE}.not_for", "the rule does not go to cryotherapy", "remove it"),
    ),
    "an option in not_for beside its group": (
        _without("kind =", 'not_for = ["hot", "laser_ablation"]\nkind ='),
        (
            f"{PLACE}.not_for",
            '"laser_ablation" is in a group that stands there',
            "remove one of the two",
        ),
    ),
    "an option in not_for to which it does not go": (
        _without("kind =", 'not_for = ["cryotherapy"]\nkind ='),
        (f"{PLACE}.not_for", "the rule does not go to cryotherapy", "remove it"),
    ),
    "not_for that spares all": (
        _without(FOR, 'for = ["hot"]\nnot_for = ["hot"]'),
        (f"{PLACE}.not_for", "no option is left", "spare fewer"),
    ),
    "an option in a wording to which it does not go": (
        RULE + WORDING.replace("steaming", "cryotherapy"),
        (f"{PLACE}.wording[0].for", "the rule does not go to cryotherapy", "remove it"),
    ),
    "an unknown name in a wording": (
        RULE + WORDING.replace("steaming", "steamng"),
        (f"{PLACE}.wording[0].for", f'{OWNER} "steamng"', 'did you mean "steaming"?'),
    ),
    "an option in a wording that is spared": (
        _without("kind =", 'not_for = ["steaming"]\nkind =') + WORDING,
        (f"{PLACE}.wording[0].for", "the rule does not go to steaming", "remove it"),
    ),
    "an option in two wordings": (
        RULE + WORDING + WORDING,
        (
            f"{PLACE}.wording[1].for",
            "steaming has other words already",
            "keep one wording",
        ),
    ),
    "a row of none of its options": (
        f'{RULE}rows = ["XX-001"]\n',
        (
            f"{PLACE}.rows",
            "XX-001 is a row of no option that the rule goes to",
            "remove it, or give that option its own_rows",
        ),
    ),
    "a row of another option": (
        f'{RULE}rows = ["CRYO-999"]\n',
        (
            f"{PLACE}.rows",
            "CRYO-999 is a row of no option that the rule goes to",
            "remove it, or give that option its own_rows",
        ),
    ),
    "a condition that cannot be read": (
        _without("history.keloid", "history.keloidd"),
        (
            f"{PLACE}.when, column 1",
            'there is no fact or term "history.keloidd"',
            'did you mean "history.keloid"?',
        ),
    ),
    "neither when nor always": (
        _without('when = "history.keloid"\n', ""),
        (
            PLACE,
            "a gate needs either when or always",
            "write when = ..., or always = true",
        ),
    ),
    "no source": (
        _without("judgement = true", ""),
        (
            PLACE,
            "the claim has no source and is no judgement",
            "add sources = [...], or judgement = true",
        ),
    ),
    "a measure that is lowered": (
        _without('"caution"', '"lower"'),
        (f"{PLACE}.kind", "a measure has no standing", "use forbid, caution or note"),
    ),
    "no words for the patient": (
        _without('plain = "Spare."\n', ""),
        (
            f"{PLACE}.plain",
            "there is no plain version for the patient",
            'add plain = "..." in everyday words',
        ),
    ),
}
KIND = "there is no scenario or group"
SCENARIOS = {
    "no scenario": (
        ACTION.replace('for = ["small"]', "for = []"),
        (
            "scenarios.toml: action[0].for",
            "no scenario is named",
            "name one, or a group",
        ),
    ),
    "a scenario that stands there twice": (
        ACTION.replace('for = ["small"]', 'for = ["lid_margin", "lid_margin"]'),
        (
            "scenarios.toml: action[0].for",
            '"lid_margin" stands there 2 times',
            "keep one",
        ),
    ),
    "a scenario beside its group": (
        ARGUMENT.replace('for = ["small"]', 'for = ["small", "newborn"]'),
        (
            "scenarios.toml: argument[0].for",
            '"newborn" is in a group that stands there',
            "remove one of the two",
        ),
    ),
    "an unknown group": (
        ARGUMENT.replace('for = ["small"]', 'for = ["smal"]'),
        ("scenarios.toml: argument[0].for", f'{KIND} "smal"', 'did you mean "small"?'),
    ),
    "an empty group": (
        ACTION.replace('"newborn", "infant_persistent"', ""),
        (
            "scenarios.toml: group.small.scenarios",
            "the group is empty",
            "name its members",
        ),
    ),
    "a group in a group": (
        f'{ACTION}[group.odd]\nscenarios = ["small"]\n',
        (
            "scenarios.toml: group.odd.scenarios",
            'there is no scenario "small"',
            "groups do not nest: name its members",
        ),
    ),
    "a group that names a scenario twice": (
        f'{ACTION}[group.odd]\nscenarios = ["newborn", "newborn"]\n',
        (
            "scenarios.toml: group.odd.scenarios",
            '"newborn" stands there 2 times',
            "keep one",
        ),
    ),
    "a group with the name of a scenario": (
        f'{ACTION}[group.tattoo]\nscenarios = ["newborn"]\n',
        (
            "scenarios.toml: group.tattoo",
            '"tattoo" is the id of something else already',
            "rename the group",
        ),
    ),
    "an argument about a measure": (
        ARGUMENT.replace('"steaming"', '"topical_anaesthetic"'),
        (
            "scenarios.toml: argument[0].options",
            'there is no option or group "topical_anaesthetic"',
            'did you mean "topical_retinoids"?',
        ),
    ),
    "an argument about an option twice": (
        ARGUMENT.replace('"cryotherapy"', '"steaming"'),
        (
            "scenarios.toml: argument[0].options",
            '"steaming" stands there 2 times',
            "keep one",
        ),
    ),
    "an argument about an option beside its group": (
        ARGUMENT.replace('"steaming", ', '"destructive", '),
        (
            "scenarios.toml: argument[0].options",
            '"cryotherapy" is in a group that stands there',
            "remove one of the two",
        ),
    ),
    "an unknown scenario": (
        ACTION.replace('for = ["small"]', 'for = ["newbron"]'),
        (
            "scenarios.toml: action[0].for",
            f'{KIND} "newbron"',
            'did you mean "newborn"?',
        ),
    ),
    "an unknown member": (
        ACTION.replace('"infant_persistent"', '"newbron"'),
        (
            "scenarios.toml: group.small.scenarios",
            'there is no scenario "newbron"',
            'did you mean "newborn"?',
        ),
    ),
    "an unknown destination": (
        ACTION.replace('to = "dermatology"', 'to = "dermatolgy"'),
        (
            "scenarios.toml: action[0].to",
            'there is no destination "dermatolgy"',
            'did you mean "dermatology"?',
        ),
    ),
    "an argument about an unknown option": (
        ARGUMENT.replace('"steaming"', '"steamng"'),
        (
            "scenarios.toml: argument[0].options",
            'there is no option or group "steamng"',
            'did you mean "steaming"?',
        ),
    ),
    "an argument about none": (
        ARGUMENT.replace('"steaming", "cryotherapy"', ""),
        (
            "scenarios.toml: argument[0].options",
            "no option is named",
            "name one, or a group",
        ),
    ),
    "an action without a source": (
        ACTION.replace("judgement = true", ""),
        (
            "scenarios.toml: action[0]",
            "the claim has no source and is no judgement",
            "add sources = [...], or judgement = true",
        ),
    ),
}


def _numbered(told: list[Problem]) -> list[tuple[str, str, str]]:
    """Problems of the last shared row, wherever it stands in the shipped file."""
    return [attrs.astuple(each) for each in told]


@pytest.mark.parametrize("name", COMMON)
def test_a_mistake_in_a_shared_rule_is_one_problem_at_the_rule(
    folder: Path, name: str
) -> None:
    text, problem = COMMON[name]
    assert _numbered(_problems(folder, common=text)) == [problem]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_mistake_in_a_shared_row_is_one_problem_at_the_row(
    folder: Path, name: str
) -> None:
    text, (path, message, mend) = SCENARIOS[name]
    base = read_knowledge(folder)
    places = {
        place
        for each in base.scenarios.values()
        for place in (
            *(row.place for row in each.action),
            *(argument.place for argument in each.argument),
        )
    }
    shared = [each for each in places if each.startswith(path.partition("[")[0])]
    here = path.replace("[0]", f"[{len(shared)}]")
    assert _numbered(_problems(folder, scenarios=text)) == [(here, message, mend)]


AMONG = "there is no option or group"
OF_SEVERAL = {
    "an unknown option": (
        ('"steaming"', '"steamng"'),
        ("options", f'{AMONG} "steamng"', 'did you mean "steaming"?'),
    ),
    "an unknown group": (
        ('"hot"', '"hott"'),
        ("options", f'{AMONG} "hott"', 'did you mean "hot"?'),
    ),
    "a measure": (
        ('"steaming"', '"topical_anaesthetic"'),
        (
            "options",
            f'{AMONG} "topical_anaesthetic"',
            'did you mean "topical_retinoids"?',
        ),
    ),
    "an option that stands there twice": (
        ('"steaming"', '"steaming", "steaming"'),
        ("options", '"steaming" stands there 2 times', "keep one"),
    ),
    "an option beside its group": (
        ('"steaming"', '"laser_ablation"'),
        (
            "options",
            '"laser_ablation" is in a group that stands there',
            "remove one of the two",
        ),
    ),
}
"""What is refused in the options of a step, a call and a guarantee."""


@pytest.mark.parametrize("key", ["step", "call", "guarantee"])
@pytest.mark.parametrize("name", OF_SEVERAL)
def test_a_mistake_in_the_options_of_a_shared_entry_is_one_problem(
    folder: Path, name: str, key: str
) -> None:
    (old, new), (at, message, mend) = OF_SEVERAL[name]
    if key == "guarantee":
        _add(folder, "guarantees.toml", PROMISE.replace(old, new))
    common = GROUP + SHARED.get(key, "").replace(old, new)
    file = "guarantees.toml" if key == "guarantee" else "common.toml"
    told = [(f"{file}: {key}.spare.{at}", message, mend)]
    assert _numbered(_problems(folder, common)) == told


@pytest.mark.parametrize("key", SHARED)
def test_a_shared_entry_of_no_option_is_refused(folder: Path, key: str) -> None:
    text = GROUP + SHARED[key].replace('"hot", "steaming"', "")
    assert _numbered(_problems(folder, text)) == [
        (
            f"common.toml: {key}.spare.options",
            "no option has it",
            "name the options that share it",
        )
    ]


@pytest.mark.parametrize("key", SHARED)
def test_an_option_has_no_id_of_a_shared_entry_itself(folder: Path, key: str) -> None:
    for option in ("steaming", "laser_ablation"):
        own = re.sub(r"options = .*\n", "", SHARED[key])
        _add(folder, f"options/{option}.toml", own)
    assert _numbered(_problems(folder, GROUP + SHARED[key])) == [
        (
            f"common.toml: {key}.spare",
            'laser_ablation, steaming: each would have "spare" twice',
            "rename one, or let one be for fewer",
        )
    ]


@pytest.mark.parametrize("key", ["step", "call", "guarantee"])
@pytest.mark.parametrize(
    ("members", "message", "mend"),
    [
        ("[]", "the group is empty", "name its members"),
        ('["steamng"]', 'there is no option "steamng"', 'did you mean "steaming"?'),
    ],
)
def test_a_group_that_comes_to_nothing_is_told_at_the_group_alone(
    folder: Path, key: str, members: str, message: str, mend: str
) -> None:
    group = f'[group.void]\nlabel = "nothing"\noptions = {members}\n'
    meant = '["hot", "steaming"]', '["void"]'
    if key == "guarantee":
        _add(folder, "guarantees.toml", PROMISE.replace(*meant))
    common = group + SHARED.get(key, "").replace(*meant)
    told = [("common.toml: group.void.options", message, mend)]
    assert _numbered(_problems(folder, common)) == told


SPARED = "guarantees.toml: guarantee.spare.not_for"
SPARES = {
    "an unknown name": (
        '["laser_ablaton"]',
        (SPARED, f'{AMONG} "laser_ablaton"', 'did you mean "laser_ablation"?'),
    ),
    "an option that it is not about": (
        '["cryotherapy"]',
        (SPARED, "the guarantee is not about cryotherapy", "remove it"),
    ),
    "all that it is about": (
        '["hot", "steaming"]',
        (SPARED, "no option is left", "spare fewer"),
    ),
    "an option twice": (
        '["steaming", "steaming"]',
        (SPARED, '"steaming" stands there 2 times', "keep one"),
    ),
    "an option beside its group": (
        '["hot", "laser_ablation"]',
        (
            SPARED,
            '"laser_ablation" is in a group that stands there',
            "remove one of the two",
        ),
    ),
}


@pytest.mark.parametrize("name", SPARES)
def test_a_mistake_in_what_a_guarantee_spares_is_one_problem(
    folder: Path, name: str
) -> None:
    names, problem = SPARES[name]
    spares = PROMISE.replace("never_when", f"not_for = {names}\nnever_when")
    _add(folder, "guarantees.toml", spares)
    assert _numbered(_problems(folder, GROUP)) == [problem]


def test_a_guarantee_about_no_option_spares_none(folder: Path) -> None:
    refers = """
[[guarantee]]
id = "spare"
number = 99
text = "Spare."
not_for = ["steaming"]
when = "red_flag"
action = "refer"
"""
    _add(folder, "guarantees.toml", refers)
    assert _numbered(_problems(folder)) == [
        (SPARED, "the guarantee is not about steaming", "remove it")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('options = ["electrodesiccation", ', 'options = ["electrodesication", '),
        ('for = ["hot", ', 'for = ["hott", '),
        ('not_for = ["electrodesiccation"', 'not_for = ["electrodesication"'),
    ],
)
def test_what_a_rule_is_for_is_not_judged_by_while_a_name_of_it_is_unknown(
    folder: Path, old: str, new: str
) -> None:
    """Neither not_for, a wording, a row nor an id that stands twice."""
    rule = f"""{GROUP}
[[gate]]
id = "spare"
for = ["hot", "steaming"]
not_for = ["electrodesiccation"]
kind = "caution"
when = "history.keloid"
text = "Spare."
plain = "Spare."
rows = ["LASER-999"]
judgement = true
[[gate.wording]]
for = ["laser_ablation"]
plain = "Spare the light."
"""
    _add(
        folder,
        "options/electrodesiccation.toml",
        '[[gate]]\nid = "spare"\nkind = "note"\nalways = true\ntext = "."\n'
        'plain = "."\njudgement = true\n',
    )
    assert old in rule
    [problem] = _problems(folder, rule.replace(old, new))
    assert problem.message.startswith("there is no option")


def test_an_argument_of_its_own_is_checked_beside_shared_ones(folder: Path) -> None:
    both = next(
        each
        for each in read_knowledge(folder).scenarios.values()
        if each.argument[0].place != each.argument[-1].place
    )
    own = f"scenarios.toml: scenario.{both.id}.argument[0]"
    assert own in {each.place for each in both.argument}
    file = folder / "scenarios.toml"
    before, found, after = file.read_text("utf-8").partition(f'\nid = "{both.id}"\n')
    option = '[[scenario.argument]]\noption = "'
    after = after.replace(option, f"{option}un", 1)
    file.write_text(f"{before}{found}{after}", "utf-8")
    [problem] = _problems(folder)
    assert problem.path == f"{own}.option"
    assert problem.message.startswith('there is no option "un')


def test_a_new_destructive_option_is_at_once_under_what_its_group_shares(
    folder: Path,
) -> None:
    """Its file, its standings and one word in the group are all that is written."""
    kept = read_knowledge(folder)
    member = "electrodesiccation"
    _add_plasma(folder)
    base = read_knowledge(folder)
    gates = {gate.id: gate for gate in base.options["plasma"].gate}
    for_all = {
        gate.id
        for gate in kept.options["superficial_peel"].gate
        if all(
            gate.place in {other.place for other in kept.options[name].gate}
            for name in kept.groups["destructive"].options
        )
        and gate.place
    }
    assert len(for_all) >= 7
    assert for_all <= set(gates)
    promises = [each.id for each in base.guarantees if "plasma" in each.options]
    whole = set(kept.groups["destructive"].options)
    assert promises == [
        each.id for each in kept.guarantees if whole <= set(each.options)
    ]
    assert promises
    shared = {each.id for each in base.steps(base.options["plasma"])}
    assert {"consent", "own_wish", "hands_off"} <= shared
    assert all(gate.name == f"plasma.{name}" for name, gate in gates.items())
    assert base.options[member].gate == kept.options[member].gate


def _add_plasma(folder: Path) -> None:
    """A made-up option: a copy of one without its rules, and a word here and there."""
    text = (folder / "options/electrodesiccation.toml").read_text("utf-8")
    head, *tables = re.split(r"\n(?=\[\[)", text)
    levels = [table for table in tables if table.startswith("[[level")]
    head = head.replace('"electrodesiccation"', '"plasma"', 1)
    (folder / "options/plasma.toml").write_text("\n".join([head, *levels]), "utf-8")
    file = folder / "common.toml"
    group, found, rest = file.read_text("utf-8").partition('"superficial_peel"]')
    file.write_text(f'{group}"superficial_peel", "plasma"]{rest}', "utf-8")
    assert found
    file = folder / "scenarios.toml"
    said = file.read_text("utf-8")
    lists = r"^((?:first_line|reasonable|limited|not_recommended) = \[[^\]]*)"
    added = re.sub(
        f'{lists}"electrodesiccation"',
        r'\1"electrodesiccation", "plasma"',
        said,
        flags=re.MULTILINE,
    )
    file.write_text(added, "utf-8")
