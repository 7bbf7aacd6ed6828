"""Dangers first: alerts, ways out, what settles or mutes a fact, what is awaited.

On the other world, to which each is added, so that nothing here rests on medicine.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from milia_cds import Interview, KnowledgeError, assess, assess_visit, load_knowledge
from milia_cds.knowledge.model import Knowledge

WORLD = Path(__file__).parents[1] / "otherworld" / "knowledge"

ALERTS = """
[addressee.keeper]
label = "the keeper"
plain = "your keeper"

[[alert]]
id = "burning_glow"
when = "patch.glowing and dragon.breathes_fire and dragon.age_years >= 3"
urgency = "emergency"
to = ["keeper"]
text = "A glow that meets fire bursts: water at once."
plain = "Go into the water now."
silences = ["waiting_safe"]
judgement = true

[[alert.sentence]]
when = "patch.width_cm > 100"
text = "A patch this wide takes the whole stable with it."
plain = "It is a wide one."

[[alert]]
id = "weeping_fire"
when = "patch.weeping and dragon.breathes_fire"
urgency = "soon"
to = ["keeper"]
text = "Steam: tell the keeper."
plain = "Tell your keeper."
judgement = true
"""
CLAIMS = """
[[claim]]
id = "waiting_safe"
text = "that waiting is safe"
markers = ["waiting is safe"]
stands = "unhurried"
judgement = true
"""
FACTS = """
[screen.blessing]
ask = "Has a wizard blessed the glow away?"
ask_patient = "Were you blessed?"

[patch.blessed]
label = "blessing"
kind = "yes_no"
way_out = true
explained = "The blessing explains"
explains = ["patch.glowing"]
ask = "Has a wizard blessed the glow away?"
ask_patient = "Were you blessed?"
screen = "blessing"
yes = "is blessed"
no = "is not blessed"

[[dragon.breathes_fire.settled]]
when = "dragon.age_years < 3 or dragon.age_years > 2000"
value = false
text = "Neither the very young nor the very old have fire."
judgement = true
"""
UNSETTLES = """
[[contradiction]]
id = "young_fire"
level = "warning"
unsettles = true
when = "dragon.age_years < 3 and dragon.breathes_fire"
facts = ["dragon.age_years", "dragon.breathes_fire"]
text = "So young and on fire: is the age in years?"
judgement = true
"""


def changed(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def added(path: Path, text: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("world") / "knowledge"
    shutil.copytree(WORLD, copy)
    added(copy / "alerts.toml", ALERTS)
    added(copy / "claims.toml", CLAIMS)
    added(copy / "facts.toml", FACTS)
    added(copy / "terms.toml", UNSETTLES)
    changed(
        copy / "triage.toml",
        ('when = "patch.glowing"', 'when = "patch.glowing and not patch.blessed"'),
        (
            'when = "not patch.glowing"',
            'when = "not (patch.glowing and not patch.blessed)"',
        ),
    )
    changed(
        copy / "facts.toml",
        (
            'yes = "breathes fire"',
            (
                'pending = {text = "once the fire is seen", judgement = true}\n'
                'yes = "breathes fire"'
            ),
        ),
        ('label = "width"', 'label = "width"\nasked_when = "patch.weeping"'),
        ('label = "age"', 'label = "age"\nbackground = true'),
    )
    return copy


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "knowledge"
    shutil.copytree(folder, copy)
    return copy


@pytest.fixture(scope="module")
def world(folder: Path) -> Knowledge:
    return load_knowledge(folder)


def said(world: Knowledge, **sections: Any) -> Any:
    return assess(world.case(sections), world)


GLOWING = {"patch": {"glowing": True, "weeping": False, "width_cm": 3}}


def alerts(answer: Any) -> list[tuple[str, bool]]:
    return [(each.alert, each.certain) for each in answer.outcome.alerts]


def test_a_danger_that_the_case_states_is_certain(world: Knowledge) -> None:
    answer = said(world, dragon={"age_years": 30, "breathes_fire": True}, **GLOWING)
    [alert] = answer.outcome.alerts
    assert (alert.alert, alert.certain, alert.asks) == ("burning_glow", True, ())
    assert alert.text == "A glow that meets fire bursts: water at once."
    assert (alert.to, alert.to_text) == (("keeper",), "the keeper")
    assert alert.to_plain == "your keeper"
    assert alert.facts == {
        "patch.glowing": True,
        "dragon.breathes_fire": True,
        "dragon.age_years": 30,
    }
    assert answer.outcome.urgency == "emergency"
    assert answer.disposition.urgency == "urgent"


def test_a_sentence_is_said_while_its_condition_holds(world: Knowledge) -> None:
    wide = {"patch": {"glowing": True, "weeping": False, "width_cm": 150}}
    answer = said(world, dragon={"age_years": 30, "breathes_fire": True}, **wide)
    [alert] = answer.outcome.alerts
    assert alert.text.endswith("A patch this wide takes the whole stable with it.")
    assert alert.plain == "Go into the water now. It is a wide one."


def test_a_sentence_that_may_hold_is_said_with_its_if(world: Knowledge) -> None:
    open_ = {"patch": {"glowing": True, "weeping": False}}
    answer = said(world, dragon={"age_years": 30, "breathes_fire": True}, **open_)
    [alert] = answer.outcome.alerts
    assert alert.text.endswith(
        "If the width is over 100 cm: A patch this wide takes the whole stable with it."
    )
    assert alert.plain.endswith("If the width is over 100 cm: It is a wide one.")


def test_a_sign_that_is_known_makes_it_a_question(world: Knowledge) -> None:
    answer = said(world, dragon={"age_years": 30}, **GLOWING)
    [alert] = answer.outcome.alerts
    assert (alert.certain, alert.asks) == (False, ("dragon.breathes_fire",))
    assert alert.facts == {"patch.glowing": True}
    assert alert.text == (
        "Ask now: breath of fire. If the dragon breathes fire: "
        "A glow that meets fire bursts: water at once."
    )
    assert alert.plain == "Do you breathe fire? If so: Go into the water now."
    assert answer.outcome.urgency == "urgent"
    assert answer.status == "indeterminate"
    assert answer.questions[0].facts == ("dragon.breathes_fire",)
    assert answer.questions[0].alerts == ("burning_glow",)


def test_without_a_sign_nothing_is_said(world: Knowledge) -> None:
    assert alerts(said(world)) == []
    assert alerts(said(world, dragon={"age_years": 30})) == []
    assert alerts(said(world, patch={"glowing": False})) == []


def test_dangers_are_asked_first_and_the_worst_of_them_before_the_others(
    world: Knowledge,
) -> None:
    answer = said(world, patch={"glowing": True, "weeping": True})
    assert alerts(answer) == [("burning_glow", False), ("weeping_fire", False)]
    asked = {fact: each.alerts for each in answer.questions for fact in each.facts}
    assert asked["dragon.breathes_fire"] == ("burning_glow", "weeping_fire")


def test_what_age_settles_needs_no_answer(world: Knowledge) -> None:
    for age in (2, 2500):
        answer = said(world, dragon={"age_years": age}, **GLOWING)
        assert alerts(answer) == []
        [filled] = [e for e in answer.assumptions if e.by == "settled"]
        assert (filled.fact, filled.value) == ("dragon.breathes_fire", False)
        assert filled.why == "Neither the very young nor the very old have fire."


def test_what_is_settled_is_so_whether_left_out_or_null(world: Knowledge) -> None:
    left = said(world, dragon={"age_years": 2}, **GLOWING)
    null = said(world, dragon={"age_years": 2, "breathes_fire": None}, **GLOWING)
    assert left.disposition == null.disposition
    assert left.questions == null.questions
    assert left.assumptions == null.assumptions


def test_what_is_stated_wins_over_what_would_settle_it(world: Knowledge) -> None:
    answer = said(world, dragon={"age_years": 2, "breathes_fire": True}, **GLOWING)
    assert [each.by for each in answer.assumptions] == ["way_out"]
    assert [each.text for each in answer.warnings] == [
        "So young and on fire: is the age in years?"
    ]


def test_a_way_out_counts_only_when_it_is_stated(world: Knowledge) -> None:
    dragon = {"age_years": 2}
    blessed = {"patch": {"glowing": True, "weeping": False, "blessed": True}}
    free = said(world, dragon=dragon, **blessed)
    assert free.scenarios == ("dry_rot",)
    assert free.disposition.because[-1].text == "The blessing explains: glow."
    for patch in ({}, {"blessed": None}, {"blessed": False}):
        stated = {"patch": {"glowing": True, "weeping": False, **patch}}
        answer = said(world, dragon=dragon, **stated)
        assert answer.scenarios == ("cursed_rot",)
        assert answer.status == "determinate"
        assert answer.questions == ()


def test_a_way_out_is_named_where_it_would_change_the_answer(world: Knowledge) -> None:
    answer = said(world, dragon={"age_years": 2}, **GLOWING)
    assert ("patch.blessed", "way_out") in [(e.fact, e.by) for e in answer.assumptions]
    assert answer.disposition.because[-1].text == (
        "Lifted only by blessing: state it if it is so."
    )
    plain = said(world, dragon={"age_years": 2}, patch={"glowing": False})
    assert "way_out" not in [each.by for each in plain.assumptions]
    patch = {**GLOWING["patch"], "blessed": False}
    denied = said(world, dragon={"age_years": 2}, patch=patch)
    assert "way_out" not in [each.by for each in denied.assumptions]


def test_the_interview_offers_a_way_out_last_and_may_end_without(
    world: Knowledge,
) -> None:
    case = world.case({"dragon": {"age_years": 2}, **GLOWING})
    interview = Interview(case, world)
    assert interview.settled
    question = interview.next_question()
    assert question is not None
    assert question.facts == ("patch.blessed",)
    interview.skip()
    assert interview.done
    interview.back()
    interview.answer(value=True)
    assert interview.assessment.scenarios == ("dry_rot",)


def test_a_muted_fact_is_no_question_and_stays_unknown(world: Knowledge) -> None:
    dry = {"age_years": 300, "kin": "cloud", "breathes_fire": True}
    patch = {"glowing": False, "weeping": False}
    answer = said(world, dragon=dry, patch=patch)
    asked = {fact for each in answer.questions for fact in each.facts}
    assert "patch.width_cm" not in asked
    assert "ash_bath" in {each.option for each in answer.withheld}
    wet = said(world, dragon=dry, patch={"glowing": False, "weeping": True})
    assert "patch.width_cm" in {fact for e in wet.questions for fact in e.facts}


def test_a_fact_that_settles_another_is_asked_before_it(world: Knowledge) -> None:
    answer = said(world, **GLOWING)
    order = [fact for each in answer.questions for fact in each.facts]
    assert order.index("dragon.age_years") < order.index("dragon.breathes_fire")


def counted(world: Knowledge, *widths: float | None) -> list[Any]:
    """What each patch of a visit takes the width of all to be."""
    dragon = {"age_years": 2, "kin": "cloud"}
    cases = [world.case({"dragon": dragon, "patch": {"width_cm": w}}) for w in widths]
    return [
        next((e.value for e in each.assumptions if e.by == "visit"), None)
        if any(e.by == "visit" for e in each.assumptions)
        else "its own"
        for each in assess_visit(cases, world)
    ]


def test_a_visit_sums_and_does_not_know_while_a_part_is_not_known(
    copied: Path,
) -> None:
    label = 'label = "width"'
    changed(copied / "facts.toml", (label, f'{label}\nsummed_over = "flyers"'))
    world = load_knowledge(copied)
    assert counted(world, 30) == ["its own"]
    assert counted(world, 30, 40) == [70, 70]
    # Unknown is never none: the other patch may be of any width.
    assert counted(world, 30, None) == [None, "its own"]


def test_a_visit_names_what_it_took_from_its_other_cases(folder: Path) -> None:
    changed(
        folder / "scenarios.toml",
        (
            'id = "cursed_rot"\n',
            'id = "cursed_rot"\nspreads = "patch"\nspreads_over = "flyers"\n',
        ),
    )
    world = load_knowledge(folder)
    dragon = {"age_years": 2, "kin": "cloud"}
    cases = [
        world.case({"dragon": dragon, "patch": {"glowing": True}}),
        world.case({"dragon": dragon, "patch": {"glowing": False, "weeping": False}}),
    ]
    first, second = assess_visit(cases, world)
    assert first.scenarios == second.scenarios == ("cursed_rot",)
    assert [e.fact for e in second.assumptions if e.by == "visit"] == ["patch.glowing"]
    assert [e.fact for e in first.assumptions if e.by == "visit"] == []


POLICY = """
name = "The northern stables"
version = "1"

[[alert]]
id = "cold"
when = "patch.weeping and dragon.age_years < 3"
urgency = "same_day"
to = ["keeper"]
text = "A wet hatchling freezes here."
plain = "Come in today."
judgement = true
"""


def test_a_policy_may_add_an_alert(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    world = load_knowledge(folder, policy=file)
    answer = said(world, dragon={"age_years": 1}, patch={"weeping": True})
    [alert] = answer.outcome.alerts
    assert alert.alert == "policy.cold"
    assert alert.text == (
        "Local policy of The northern stables: A wet hatchling freezes here."
    )
    assert answer.outcome.urgency == "same_day"


def test_a_policy_changes_no_alert(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    text = POLICY.replace('id = "cold"', 'id = "weeping_fire"')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder, policy=file)
    assert (
        "policy.toml: alert.weeping_fire: there is an alert of this id, and a policy "
        "changes none; choose another id to add one"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "alerts",
            'to = ["keeper"]\ntext = "Steam',
            'to = ["keepr"]\ntext = "Steam',
            'alerts.toml: alert.weeping_fire.to: there is no addressee "keepr"',
        ),
        (
            "alerts",
            'when = "patch.weeping and dragon.breathes_fire"',
            'when = "dragon.age_years > 5"',
            (
                "alerts.toml: alert.weeping_fire.when: it has no sign: nothing that "
                "is stated could make anybody ask; name what states the danger, beside "
                "what every case has"
            ),
        ),
        (
            "alerts",
            'silences = ["waiting_safe"]',
            'silences = ["waitin_safe"]',
            'alerts.toml: alert.burning_glow.silences: there is no claim "waitin_safe"',
        ),
        (
            "alerts",
            'silences = ["waiting_safe"]',
            'silences = ["waiting_safe:ash_bath"]',
            (
                "alerts.toml: alert.burning_glow.silences: the claim is about nothing, "
                'and names "ash_bath"; remove what stands after the colon'
            ),
        ),
        (
            "facts",
            "value = false",
            'value = "no"',
            'facts.toml: dragon.breathes_fire.settled[0].value: "no" is not yes or no',
        ),
        (
            "facts",
            'label = "width"',
            'label = "width"\nway_out = true',
            "facts.toml: patch.width_cm.way_out: only a yes/no fact can have it",
        ),
        (
            "facts",
            'label = "kin"',
            'label = "kin"\nretired = ["rivr"]',
            'facts.toml: dragon.kin.retired: there is no member "rivr"',
        ),
    ],
)
def test_what_is_wrong_with_an_alert_or_a_fact_is_told(
    copied: Path, file: str, old: str, new: str, problem: str
) -> None:
    changed(copied / f"{file}.toml", (old, new))
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(copied)
    assert problem in str(refused.value)
