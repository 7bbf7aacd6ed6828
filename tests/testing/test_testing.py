"""The test helpers: random cases worth having, and vignettes read strictly."""

import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from milia_cds import Case, assess, load_knowledge
from milia_cds.case.milia import READABLE, Site
from milia_cds.decision.engine import compiled
from milia_cds.decision.record import Record
from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import atoms, truth
from milia_cds.logic.facts import Number
from milia_cds.testing import (
    Expect,
    ExpectedDisposition,
    Vignette,
    VignetteError,
    check_vignette,
    completions,
    hostile_cases,
    load_vignettes,
    near_patients,
)
from milia_cds.testing.archetypes import ADULT, ARCHETYPES, Between
from milia_cds.testing.strategies import axes
from tests.common import THOROUGH

BASE = load_knowledge()
ENGINE = compiled(BASE)

CASES = {"near": near_patients(), "hostile": hostile_cases()}

SOME = settings(
    max_examples=1000 if THOROUGH else 40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def decided(case: Case) -> Record:
    return ENGINE.decide(
        case.values(),
        absent=case.absent(),
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def offered(record: Record) -> list[str]:
    return [n for n, each in record.verdicts.items() if each.verdict == "offered"]


# -- near patients ---------------------------------------------------------------------

DRAWN = 3000
NEVER_OFFERED = {"acitretin", "isotretinoin", "steaming"}


def counted() -> tuple[Counter[str], Counter[str], int]:
    """Count the cases that offer each option, have one scenario, and offer to treat."""
    options: Counter[str] = Counter()
    scenarios: Counter[str] = Counter()
    active: list[bool] = []

    @settings(
        max_examples=DRAWN,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(case=near_patients())
    def count(case: Case) -> None:
        record = decided(case)
        here = offered(record)
        options.update(here)
        active.append(any(BASE.options[name].act == "treat" for name in here))
        if len(record.walk.scenarios) == 1:
            scenarios.update(record.walk.scenarios)

    count()
    assert len(active) >= DRAWN
    return options, scenarios, sum(active)


def test_near_patients_are_offered_every_option_and_reach_every_scenario() -> None:
    options, scenarios, active = counted()
    assert active >= 0.30 * DRAWN
    for option in BASE.options.keys() - NEVER_OFFERED:
        assert options[option] >= 0.01 * DRAWN, option
    for option in NEVER_OFFERED:
        assert options[option] == 0
    for scenario in BASE.scenarios:
        assert scenarios[scenario] >= 3, scenario


def test_only_options_that_no_scenario_recommends_can_never_be_offered() -> None:
    never = {
        option
        for option in BASE.options
        if not any(each.ranks[option] for each in BASE.scenarios.values())
    }
    assert never == NEVER_OFFERED


@SOME
@given(case=near_patients())
def test_a_near_patient_is_never_refused(case: Case) -> None:
    assert assess(case).disposition.because


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda each: each.id)
def test_an_archetype_names_facts_and_values_that_exist(archetype: Any) -> None:
    for name, drawn in archetype.facts.items():
        kind = READABLE[name]
        if isinstance(drawn, Between):
            assert isinstance(kind, Number)
            assert kind.low <= drawn.low < drawn.high <= kind.high
            continue
        for value in drawn:
            plain = sorted(value) if isinstance(value, frozenset) else value
            problems: list[Any] = []
            assert value is None or kind.read(plain, name, problems) == value
            assert not problems


def test_every_fact_of_an_archetype_has_a_value() -> None:
    assert ADULT.keys() == READABLE.keys()
    assert len({each.id for each in ARCHETYPES}) == len(ARCHETYPES)


# -- hostile cases and completions -----------------------------------------------------


EVERY_VARIABLE = cut(
    BASE.kinds, (atom for _, each in BASE.conditions() for atom in atoms(each))
)
"""The cells of every condition, of those too that only add words."""


def test_an_axis_has_values_in_every_cell_and_beside_every_limit() -> None:
    every = {axis.fact: axis for axis in axes(BASE)}
    assert every.keys() == READABLE.keys()
    for variable in EVERY_VARIABLE:
        axis = every[variable.fact]
        if variable.member is not None:
            assert variable.member in axis.members
            continue
        assert [{variable.index(v) for v in cell} for cell in axis.cells] == [
            {place} for place in range(len(variable.examples))
        ]


def test_an_axis_has_every_limit_and_the_numbers_next_to_it() -> None:
    every = {axis.fact: axis for axis in axes(BASE)}
    for variable in EVERY_VARIABLE:
        kind = READABLE[variable.fact]
        values = {value for cell in every[variable.fact].cells for value in cell}
        for limit in variable.cuts:
            before, after = (
                math.nextafter(limit, -math.inf),
                math.nextafter(limit, math.inf),
            )
            if isinstance(kind, Number) and kind.whole:
                before, after = limit - 1, limit + 1
            assert {before, limit} <= values
            # Else a number.
            assert after in values or after > kind.high  # type: ignore[union-attr]


@SOME
@given(case=hostile_cases())
def test_a_hostile_case_is_never_refused(case: Case) -> None:
    assert decided(case).facts.keys() == READABLE.keys()


def test_any_subset_of_the_facts_of_a_hostile_case_may_be_known() -> None:
    known: list[int] = []

    @settings(SOME, phases=[Phase.generate], database=None)
    @given(case=hostile_cases())
    def count(case: Case) -> None:
        known.append(sum(value is not None for value in case.facts().values()))

    count()
    assert min(known) < len(READABLE) / 10
    assert max(known) > len(READABLE) * 9 / 10


@pytest.mark.parametrize("kind", CASES)
@SOME
@given(data=st.data())
def test_a_completion_keeps_what_is_known_and_knows_the_rest(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    completion = data.draw(completions(case))
    known = {n: v for n, v in decided(case).facts.items() if v is not None}
    assert None not in completion.values()
    assert known.items() <= completion.facts().items()
    assert completion.clinic.offers == case.clinic.offers
    assert completion.goals.weights == case.goals.weights
    assert not completion.assume_absent


@SOME
@given(data=st.data())
def test_an_allowed_completion_is_accepted_and_keeps_what_is_known(
    data: st.DataObject,
) -> None:
    case = data.draw(near_patients())
    completion = data.draw(completions(case, allowed=True))
    known = {n: v for n, v in decided(case).facts.items() if v is not None}
    assert known.items() <= decided(completion).facts.items()
    for each in BASE.contradictions:
        given_ = all(completion.facts()[name] is not None for name in each.stated)
        if each.level == "error" and given_:
            assert truth(each.condition, completion.facts()) is not True


# -- the extra -------------------------------------------------------------------------


def test_without_hypothesis_the_import_names_the_extra() -> None:
    script = "import sys; sys.modules['hypothesis'] = None; import milia_cds.testing"
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        "ImportError: milia_cds.testing needs Hypothesis: "
        "pip install milia-cds[testing]"
    )


# -- reading vignettes -----------------------------------------------------------------

SOUND = """
[base.adult]
patient = { age_years = 34, phototype = 2 }
lesion = { site = "cheek", count = 5 }
goals = { weights = { pigment = 5 } }
assume_absent = ["findings", "history"]

[[case]]
id = "one"
title = "One"
base = "adult"
evidence = ["E058"]
because = "It is so."
facts = { lesion = { site = "chin" }, goals = { weights = { cost = 1 } } }
unknown = ["patient.phototype"]
not_known = ["patient.age_years", "history.raynaud"]
[case.expect]
status = "indeterminate"
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


def refusal(folder: Path) -> str:
    with pytest.raises(VignetteError) as refused:
        load_vignettes(folder)
    heading, *lines = str(refused.value).splitlines()
    count = len(lines)
    noun = "problem" if count == 1 else "problems"
    assert heading == f"The folder of vignettes has {count} {noun}:"
    return "\n".join(line.strip() for line in lines)


def test_a_vignette_is_its_base_with_facts_put_over_it(write: Write) -> None:
    (vignette,) = load_vignettes(write(a=SOUND))
    assert vignette.case_data == {
        "patient": {"age_years": None},
        "lesion": {"site": "chin", "count": 5},
        "goals": {"weights": {"pigment": 5, "cost": 1}},
        "history": {"raynaud": None},
        "assume_absent": ["findings", "history"],
    }
    assert vignette.id == "one"
    assert vignette.title == "One"
    assert vignette.evidence == ("E058",)
    assert vignette.because == "It is so."
    assert vignette.expect.status == "indeterminate"
    assert vignette.file == "a.toml"


def test_a_vignette_without_a_base_starts_from_nothing(write: Write) -> None:
    text = SOUND.replace('base = "adult"\n', "").replace('["patient.phototype"]', "[]")
    (vignette,) = load_vignettes(write(a=text))
    assert vignette.case_data["lesion"] == {"site": "chin"}


def test_vignettes_come_by_file_and_then_in_its_order(write: Write) -> None:
    second = SOUND.replace('"one"', '"two"')
    third = SOUND.replace('"one"', '"three"')
    folder = write(b=SOUND, a=second + third[third.index("[[case]]") :])
    assert [each.id for each in load_vignettes(folder)] == ["two", "three", "one"]


def test_the_base_is_not_changed_by_a_vignette_on_it(write: Write) -> None:
    entry = SOUND[SOUND.index("[[case]]") :].replace('"one"', '"two"')
    plain = entry.replace("facts =", "# facts =").replace("unknown", "# unknown")
    _, other = load_vignettes(write(a=SOUND + plain))
    assert other.case_data["patient"] == {"age_years": None, "phototype": 2}
    assert other.case_data["goals"] == {"weights": {"pigment": 5}}


@pytest.mark.parametrize(
    ("sound", "unsound", "problem"),
    [
        (
            'title = "One"',
            'titel = "One"',
            (
                'a.toml: case.one.titel: there is no key "titel" here; '
                'did you mean "title"?'
            ),
        ),
        (
            'status = "indeterminate"',
            'frist = ["extraction"]',
            (
                'a.toml: case.one.expect.frist: there is no key "frist" here; '
                'did you mean "first"?'
            ),
        ),
        (
            'status = "indeterminate"',
            'first = "extraction"',
            (
                'a.toml: case.one.expect.first: "extraction" is not a list; '
                "put it in brackets: [...]"
            ),
        ),
        (
            'status = "indeterminate"',
            "",
            "a.toml: case.one.expect: nothing is expected; claim something",
        ),
        (
            'status = "indeterminate"',
            'status = "determinate"\ncontradiction = ["lesion.cause"]',
            (
                "a.toml: case.one.expect.contradiction: a case that is refused has no "
                "other result; expect one or the other"
            ),
        ),
        (
            'base = "adult"',
            'base = "adlut"',
            (
                'a.toml: case.one.base: there is no base "adlut" in this file; '
                'did you mean "adult"?'
            ),
        ),
        (
            'evidence = ["E058"]',
            "evidence = []",
            "a.toml: case.one.evidence: there is none; name what the claim rests on",
        ),
        (
            'because = "It is so."',
            'because = " "',
            "a.toml: case.one.because: there is no reason; say why that must come out",
        ),
        (
            'unknown = ["patient.phototype"]',
            'unknown = ["patient.pregnancy"]',
            (
                "a.toml: case.one.unknown[0]: the base does not state "
                "patient.pregnancy; leave it out"
            ),
        ),
        (
            'unknown = ["patient.phototype"]',
            'unknown = ["patient.fototype"]',
            (
                'a.toml: case.one.unknown[0]: "patient.fototype" is no fact; '
                'did you mean "patient.phototype"?'
            ),
        ),
        (
            '"history.raynaud"]',
            '"history.reynaud"]',
            (
                'a.toml: case.one.not_known[1]: "history.reynaud" is no fact; '
                'did you mean "history.raynaud"?'
            ),
        ),
        (
            'site = "chin"',
            "site = 7",
            (
                "a.toml: case.one, in the case: lesion.site: 7 is not the name of a "
                f"member; use one of {', '.join(get_args(Site))}"
            ),
        ),
        (
            "[base.adult]",
            "[bases.adult]",
            'a.toml: bases: there is no key "bases" here; did you mean "base"?',
        ),
    ],
)
def test_a_vignette_that_is_wrong_is_refused_with_its_place(
    write: Write, sound: str, unsound: str, problem: str
) -> None:
    assert sound in SOUND
    assert refusal(write(a=SOUND.replace(sound, unsound))) == problem


def test_a_file_that_is_no_toml_is_refused_with_the_line(write: Write) -> None:
    said = refusal(write(a=SOUND.replace("[[case]]", "[[case]")))
    assert said.startswith("a.toml: this is not TOML: ")
    assert "(at line 8, column 7)" in said
    assert said.endswith("; mend the syntax there")


def test_an_id_that_stands_twice_is_refused_over_all_files(write: Write) -> None:
    assert refusal(write(a=SOUND, b=SOUND)) == (
        'b.toml: case.one: the id "one" stands in a.toml already; choose another'
    )


def test_a_folder_without_vignettes_is_refused(write: Write) -> None:
    folder = write()
    assert refusal(folder) == (
        f"{folder}: there are no vignettes here; "
        "give the folder that holds the .toml files"
    )


# -- checking vignettes ----------------------------------------------------------------

ADULT_CHEEK: dict[str, Any] = {
    "patient": {
        "age_years": 34,
        "preterm": False,
        "pregnancy": "not_possible",
        "breastfeeding": False,
        "phototype": 2,
        "cooperative": True,
    },
    "lesion": {
        "origin": "primary",
        "pattern": "scattered",
        "site": "cheek",
        "count": 5,
        "diagnosis": "confirmed",
    },
    "history": {"lipid_or_liver_monitoring_possible": True, "raynaud": None},
    "goals": {"wants_treatment": True},
    "clinic": {
        "operator": "dermatologist",
        "corneal_shields": True,
        "specialist_centre": False,
        "offers": ["observation", "extraction", "cryotherapy", "tretinoin"],
    },
    "assume_absent": ["findings", "history"],
}


def vignette(expect: Expect, case: Mapping[str, Any] = ADULT_CHEEK) -> Vignette:
    return Vignette(
        id="one",
        title="One",
        evidence=("E058",),
        because="It is so.",
        case_data=case,
        expect=expect,
        file="a.toml",
    )


def with_facts(**sections: Mapping[str, Any]) -> dict[str, Any]:
    """The adult with other facts."""
    changed = {name: {**ADULT_CHEEK[name], **facts} for name, facts in sections.items()}
    return {**ADULT_CHEEK, **changed}


CONTRADICTORY = with_facts(lesion={"cause": "burn"})
LARGE = with_facts(lesion={"size_mm": 4})
PREGNANT = with_facts(patient={"pregnancy": "pregnant"})


def test_a_vignette_that_comes_out_as_expected_gives_no_sentence() -> None:
    expect = Expect(
        scenarios=("adult_few_face",),
        disposition=ExpectedDisposition(action="treat"),
        status="determinate",
        first=("extraction",),
        order=("extraction", "tretinoin"),
        ranking_empty=False,
        offered=("observation",),
        not_offered=("cryotherapy", "steaming"),
        withheld={"cryotherapy": ("history.raynaud",)},
        unavailable=("steaming",),
        standing={"tretinoin": "reasonable", "cryotherapy": "limited"},
        best_standing={"cryotherapy": "limited"},
        measures={"topical_anaesthetic": "offered"},
        cautions={"tretinoin": ("adjunct to extraction",)},
        possible_first=("extraction",),
        asks=("history.raynaud",),
        not_asked=("history.keloid",),
        assumed=("history.keloid",),
        not_assumed=("history.raynaud",),
        warned=(),
    )
    assert check_vignette(vignette(expect)) == []
    warned = Expect(warned=("lesion.size_mm", "lesion.diagnosis"))
    assert check_vignette(vignette(warned, LARGE)) == []
    excluded = Expect(excluded={"tretinoin": ("patient.pregnancy",)})
    assert check_vignette(vignette(excluded, PREGNANT)) == []
    refused = Expect(contradiction=("lesion.origin", "lesion.cause"))
    assert check_vignette(vignette(refused, CONTRADICTORY)) == []


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        (
            Expect(scenarios=("child_few", "adult_few_face")),
            (
                "scenarios are ['adult_few_face'], "
                "expected ['child_few', 'adult_few_face']"
            ),
        ),
        (
            Expect(disposition=ExpectedDisposition(action="refer")),
            "disposition.action is 'treat', expected 'refer'",
        ),
        (
            Expect(disposition=ExpectedDisposition(action="treat", to="genetics")),
            "disposition.to is None, expected 'genetics'",
        ),
        (
            Expect(disposition=ExpectedDisposition(own=True)),
            "disposition.own is False, expected True",
        ),
        (
            Expect(alerts=("sick_newborn",)),
            "sick_newborn is no alert here, those are []",
        ),
        (
            Expect(alert_questions=("inr_too_high",)),
            "inr_too_high is not asked as an alert, those are []",
        ),
        (
            Expect(no_text=("in one visit",)),
            'the text says "in one visit", expected not to',
        ),
        (
            Expect(alerts=("sick_newborm",)),
            'alerts: "sick_newborm" is no alert; did you mean "sick_newborn"?',
        ),
        (
            Expect(status="indeterminate"),
            "status is 'determinate', expected 'indeterminate'",
        ),
        (
            Expect(first=("observation",)),
            "first is ['extraction'], expected ['observation']",
        ),
        (
            Expect(order=("tretinoin", "extraction")),
            (
                "order is ['extraction', 'tretinoin'], "
                "expected ['tretinoin', 'extraction']"
            ),
        ),
        (
            Expect(order=("extraction", "cryotherapy")),
            "order is ['extraction'], expected ['extraction', 'cryotherapy']",
        ),
        (
            Expect(ranking_empty=True),
            "ranking is ['extraction', 'observation', 'tretinoin'], expected none",
        ),
        (
            Expect(offered=("extraction", "cryotherapy")),
            "cryotherapy is withheld, expected offered",
        ),
        (
            Expect(not_offered=("extraction", "cryotherapy")),
            "extraction is offered, expected any other verdict",
        ),
        (
            Expect(withheld={"extraction": ()}),
            "extraction is offered, expected withheld",
        ),
        (
            Expect(withheld={"cryotherapy": ("history.myeloma",)}),
            "cryotherapy asks ['history.raynaud'], expected history.myeloma too",
        ),
        (
            Expect(excluded={"extraction": ("history.keloid",)}),
            "extraction is offered, expected excluded",
        ),
        (
            Expect(not_indicated=("steaming",)),
            "steaming is unavailable, expected not_indicated",
        ),
        (
            Expect(unavailable=("extraction",)),
            "extraction is offered, expected unavailable",
        ),
        (
            Expect(standing={"extraction": "limited"}),
            "standing of extraction is 'first_line', expected 'limited'",
        ),
        (
            Expect(best_standing={"cryotherapy": "first_line"}),
            "best_standing of cryotherapy is 'limited', expected 'first_line'",
        ),
        (
            Expect(standing={"steaming": "limited"}),
            "steaming is unavailable and has no standing, expected 'limited'",
        ),
        (
            Expect(measures={"topical_anaesthetic": "excluded"}),
            "topical_anaesthetic is offered, expected excluded",
        ),
        (
            Expect(cautions={"tretinoin": ("adjunct", "sleep")}),
            'no caution of tretinoin says "sleep"',
        ),
        (
            Expect(cautions={"cryotherapy": ("pale mark",)}),
            'no caution of cryotherapy says "pale mark"',
        ),
        (Expect(asks=("history.keloid",)), "no question asks history.keloid"),
        (
            Expect(possible_first=("extraction", "tretinoin")),
            "tretinoin cannot come first",
        ),
        (
            Expect(not_asked=("history.raynaud", "history.keloid")),
            "a question asks history.raynaud, expected none",
        ),
        (
            Expect(assumed=("history.keloid", "history.inr")),
            "history.inr is not assumed",
        ),
        (
            Expect(not_assumed=("history.keloid", "history.inr")),
            "history.keloid is assumed, expected not",
        ),
        (
            Expect(warned=("lesion.size_mm",)),
            "no warning names lesion.size_mm",
        ),
        (
            Expect(contradiction=("lesion.origin", "lesion.cause")),
            (
                "the case is accepted, "
                "expected a contradiction of lesion.origin and lesion.cause"
            ),
        ),
        (
            Expect(not_offered=("cryoterapy",)),
            'not_offered: "cryoterapy" is no option; did you mean "cryotherapy"?',
        ),
        (
            Expect(scenarios=("adult_face",)),
            'scenarios: "adult_face" is no scenario; did you mean "adult_few_face"?',
        ),
        (
            Expect(measures={"topical_anesthetic": "offered"}),
            (
                'measures: "topical_anesthetic" is no measure; '
                'did you mean "topical_anaesthetic"?'
            ),
        ),
        (
            Expect(withheld={"cryotherapy": ("history.reynaud",)}),
            (
                'withheld.cryotherapy: "history.reynaud" is no fact; '
                'did you mean "history.raynaud"?'
            ),
        ),
    ],
)
def test_each_difference_is_a_sentence(expect: Expect, sentence: str) -> None:
    assert check_vignette(vignette(expect)) == [sentence]


def test_alerts_are_expected_certain_asked_or_neither() -> None:
    told = with_facts(patient={"pregnancy": "pregnant"})
    told |= {"history": {"isotretinoin": "current"}}
    first, second = "oral_retinoid_in_pregnancy", "low_mood_on_retinoid"
    assert check_vignette(vignette(Expect(alerts=(first,)), told)) == []
    assert check_vignette(vignette(Expect(no_alert=(second,)), told)) == []
    said = check_vignette(vignette(Expect(no_alert=("*",)), told))
    assert said == [f"{first} is an alert, expected none"]
    told["history"] = {"isotretinoin": "current", "mental_health_disorder": None}
    assert check_vignette(vignette(Expect(alert_questions=(second,)), told)) == []
    said = check_vignette(vignette(Expect(no_alert=(second,)), told))
    assert said == [f"{second} is asked as an alert, expected none"]


def test_all_differences_are_said_at_once() -> None:
    expect = Expect(status="indeterminate", first=("observation",))
    assert len(check_vignette(vignette(expect))) == 2


def test_an_exclusion_for_another_reason_is_a_difference() -> None:
    expect = Expect(excluded={"tretinoin": ("patient.age_years",)})
    assert check_vignette(vignette(expect, PREGNANT)) == [
        "tretinoin is excluded by ['patient.pregnancy'], expected patient.age_years too"
    ]


def test_an_empty_ranking_is_a_difference_where_something_is_expected() -> None:
    expect = Expect(ranking_empty=False)
    red_flag = {**ADULT_CHEEK, "findings": {"infected": True}}
    assert check_vignette(vignette(expect, red_flag)) == [
        "ranking is empty, expected some option"
    ]


def test_a_warning_is_a_difference_where_none_is_expected() -> None:
    assert check_vignette(vignette(Expect(warned=()), LARGE)) == [
        "a warning names ['lesion.size_mm', 'lesion.diagnosis'], expected none"
    ]


def test_a_refusal_that_was_not_expected_is_a_difference() -> None:
    assert check_vignette(vignette(Expect(status="determinate"), CONTRADICTORY)) == [
        (
            "the case is refused: lesion.origin and lesion.cause: A primary milium has "
            "no cause: leave the cause out, or call the milia secondary; correct one "
            "of them, or give null where it is not known"
        )
    ]


def test_a_refusal_that_names_other_facts_is_a_difference() -> None:
    expect = Expect(contradiction=("lesion.origin", "lesion.site"))
    assert check_vignette(vignette(expect, CONTRADICTORY)) == [
        (
            "the refusal names ['lesion.origin', 'lesion.cause'], "
            "expected lesion.site among them"
        )
    ]


def test_a_case_that_cannot_be_read_is_a_difference() -> None:
    case = with_facts(patient={"phototype": 7})
    assert check_vignette(vignette(Expect(status="determinate"), case)) == [
        (
            "the case is refused: patient.phototype: 7 is out of bounds; "
            "give a whole number from 1 to 6, or null (for not known)"
        )
    ]


def test_a_vignette_is_checked_against_the_given_knowledge() -> None:
    options = dict.fromkeys(BASE.options, 0)
    scenarios = {
        name: attrs.evolve(each, ranks=options) for name, each in BASE.scenarios.items()
    }
    other = attrs.evolve(BASE, scenarios=scenarios)
    assert check_vignette(vignette(Expect(ranking_empty=True)), other) == []
