"""The local policy of a clinic: it may state what the clinic is, and only tighten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest
from hypothesis import given, settings

from milia_cds import Assessment, Case, KnowledgeError, assess, load_knowledge
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.overlay import PROPERLY
from milia_cds.testing import near_patients
from tests.common import SCREENED, THOROUGH

BASE = load_knowledge()

NAME = """\
name = "Example Clinic"
version = "2026-11"
"""
FORBID = """
[[gate]]
option = "cryotherapy"
id = "under_40"
kind = "forbid"
when = "patient.age_years < 40"
text = "Nobody under 40 is frozen here."
plain = "We do not freeze the skin of people under 40."
judgement = true
"""
LOWER = """
[[standing]]
option = "cryotherapy"
scenario = "adult_few_face"
standing = "not_recommended"
text = "Pale marks on the face are not worth it."
judgement = true
"""
OWN = """
[[advice]]
id = "hours"
kind = "after_procedure"
title = "Our hours"
text = "The clinic is open from 8 to 18."
plain = "Call us between 8 and 18."
judgement = true

[[step]]
id = "photograph"
phase = "preparation"
timing = "before"
text = "A photograph is taken."
plain = "We take a photograph first."
options = ["extraction"]
judgement = true

[[call]]
id = "worry"
how_soon = "soon"
text = "Anything that worries the patient."
plain = "Call us if you worry."
options = ["extraction"]
judgement = true
"""

Write: TypeAlias = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        file = tmp_path / "clinic.toml"
        file.write_text(NAME + text, encoding="utf-8")
        return file

    return written


def loaded(write: Write, text: str) -> Knowledge:
    return load_knowledge(policy=write(text))


def problems(write: Write, text: str) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        loaded(write, text)
    return [str(each) for each in caught.value.problems]


def adult(**clinic: object) -> Case:
    return Case.from_dict({**SCREENED, "clinic": clinic})


def verdict(answer: Assessment, option: str) -> str:
    found = {place.option: "offered" for place in answer.ranking}
    for name in ("withheld", "excluded", "not_indicated", "unavailable"):
        found |= {each.option: name for each in getattr(answer, name)}
    return found[option]


def after(write: Write, text: str, case: Case, option: str = "cryotherapy") -> str:
    return verdict(assess(case, loaded(write, text)), option)


# -- what the clinic is -------------------------------------------------------


def test_a_default_fills_what_the_case_leaves_out_and_is_listed(write: Write) -> None:
    base = loaded(write, '[clinic]\noperator = "nurse"')
    answer = assess(adult(), base)
    filled = [each for each in answer.assumptions if each.by == "policy"]
    assert [(each.fact, each.value) for each in filled] == [
        ("clinic.operator", "nurse")
    ]
    assert verdict(assess(adult()), "extraction") == "withheld"
    assert verdict(answer, "extraction") == "offered"
    assert "Taken from the local policy: " in answer.text(detail="standard")


def test_a_default_gives_way_to_the_case(write: Write) -> None:
    base = loaded(write, '[clinic]\noperator = "nurse"')
    answer = assess(adult(operator="aesthetician"), base)
    assert [each for each in answer.assumptions if each.by == "policy"] == []
    assert verdict(answer, "cryotherapy") == "excluded"


def test_a_default_never_fills_what_was_asked_and_is_not_known(write: Write) -> None:
    base = loaded(write, '[clinic]\noperator = "nurse"')
    answer = assess(adult(operator=None), base)
    assert verdict(answer, "extraction") == "withheld"
    assert "clinic.operator" in {
        fact for each in answer.questions for fact in each.facts
    }


def test_what_is_not_offered_is_unavailable_whatever_the_case_offers(
    write: Write,
) -> None:
    text = 'not_offered = ["cryotherapy"]'
    offers = ["cryotherapy", "extraction"]
    assert after(write, text, adult(operator="dermatologist")) == "unavailable"
    stated = adult(operator="dermatologist", offers=offers)
    assert after(write, text, stated) == "unavailable"
    assert after(write, text, stated, "extraction") == "offered"
    assert after(write, text, stated, "adapalene") == "unavailable"


def test_default_weights_order_and_give_way_to_those_of_the_patient(
    write: Write,
) -> None:
    base = loaded(write, "[weights]\nvisits = 9")
    assert base.criteria["visits"].weight == 9
    assert base.criteria["cost"].weight == BASE.criteria["cost"].weight
    case = Case.from_dict(
        {
            **SCREENED,
            "clinic": {},
            "goals": {"wants_treatment": True, "weights": {"visits": 1}},
        }
    )
    of = 4 * sum(each.weight for each in BASE.criteria.values())
    more = 1 - BASE.criteria["visits"].weight
    assert {place.of for place in assess(case, base).ranking} == {of + 4 * more}


# -- what it tightens ---------------------------------------------------------


def test_a_further_gate_of_a_group_goes_to_each_of_its_options(write: Write) -> None:
    text = FORBID.replace("cryotherapy", "destructive")
    base = load_knowledge(policy=write(text))
    gated = [
        option.id
        for option in base.options.values()
        if "policy.under_40" in {gate.id for gate in option.gate}
    ]
    assert sorted(gated) == sorted(BASE.groups["destructive"].options)


def test_a_step_of_a_group_is_one_of_each_of_its_options(write: Write) -> None:
    text = OWN.replace('["extraction"]', '["destructive", "steaming"]')
    base = load_knowledge(policy=write(text))
    wanted = (*BASE.groups["destructive"].options, "steaming")
    assert base.common_steps[-1].options == base.common_calls[-1].options == wanted


def test_a_mistake_in_a_gate_of_a_group_is_one_problem(write: Write) -> None:
    text = FORBID.replace("cryotherapy", "destructive").replace("judgement = true", "")
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(policy=write(text))
    assert [each.path for each in raised.value.problems] == [
        "clinic.toml: gate.under_40"
    ]


def test_a_further_gate_acts_as_the_gates_of_the_knowledge_do(write: Write) -> None:
    case = adult(operator="dermatologist")
    older = case.stating({"age_years": 41})
    assert verdict(assess(case), "cryotherapy") == "offered"
    assert after(write, FORBID, case) == "excluded"
    assert after(write, FORBID, older) == "offered"
    young = {**case.to_dict()}
    young["patient"] = {k: v for k, v in young["patient"].items() if k != "age_years"}
    assert after(write, FORBID, Case.from_dict(young)) == "withheld"


def test_a_reason_of_the_clinic_says_that_it_is(write: Write) -> None:
    answer = assess(adult(operator="dermatologist"), loaded(write, FORBID))
    (reason,) = next(e for e in answer.excluded if e.option == "cryotherapy").because
    assert reason.rule == "cryotherapy.policy.under_40"
    mark = "Local policy of Example Clinic: "
    assert reason.text == f"{mark}Nobody under 40 is frozen here."
    assert reason.plain == f"{mark}We do not freeze the skin of people under 40."


def test_a_standing_may_be_lowered(write: Write) -> None:
    case = adult(operator="dermatologist")
    assert after(write, LOWER, case) == "not_indicated"
    base = loaded(write, LOWER)
    assert "cryotherapy" in base.scenarios["adult_few_face"].not_recommended
    assert "cryotherapy" not in base.scenarios["adult_few_face"].limited


def test_a_measure_may_be_forbidden(write: Write) -> None:
    base = loaded(write, FORBID.replace("cryotherapy", "lidocaine_infiltration"))
    answer = assess(adult(operator="dermatologist"), base)
    found = {each.measure: each.verdict for each in answer.measures}
    assert found["lidocaine_infiltration"] == "excluded"


def test_own_texts_are_added_and_marked(write: Write) -> None:
    answer = assess(adult(operator="dermatologist"), loaded(write, OWN))
    mark = "Local policy of Example Clinic: "
    first = answer.ranking[0]
    assert first.option == "extraction"
    assert f"{mark}A photograph is taken." in [e.text for e in first.preparation]
    assert f"{mark}Call us if you worry." in [e.plain for e in first.call_if]
    said = [each.text for each in answer.outcome.red_flags_to_watch]
    assert f"{mark}The clinic is open from 8 to 18." in said


def test_the_knowledge_itself_stays_as_it_is(write: Write) -> None:
    base = loaded(write, FORBID + LOWER + OWN)
    assert base.digest == BASE.digest
    assert load_knowledge().policy is None
    assert verdict(assess(adult(operator="dermatologist")), "cryotherapy") == "offered"


EXAMPLE = load_knowledge(policy=Path(__file__).parents[2] / "examples" / "policy.toml")


def without_defaults(base: Knowledge) -> Knowledge:
    """Leave out what the clinic says of itself, for that may settle a question."""
    assert base.policy is not None
    return attrs.evolve(base, policy=attrs.evolve(base.policy, defaults={}))


WITHOUT_DEFAULTS = without_defaults(EXAMPLE)


def test_the_example_is_a_policy() -> None:
    assert EXAMPLE.policy is not None
    assert EXAMPLE.policy.defaults == {
        "clinic.operator": "nurse",
        "clinic.specialist_centre": False,
    }


@settings(deadline=None, max_examples=2000 if THOROUGH else 60)
@given(near_patients())
def test_no_case_is_offered_more_or_stands_better_under_a_policy(case: Case) -> None:
    plain, under = decided(case, BASE), decided(case, WITHOUT_DEFAULTS)
    assert set(under) <= set(plain)
    assert all(under[option] <= plain[option] for option in under)


def decided(case: Case, base: Knowledge) -> dict[str, int]:
    """The standing of every offered option, as a rank."""
    ranking = assess(case, base).ranking
    return {place.option: STANDINGS.index(place.standing) for place in ranking}


# -- every output names it ----------------------------------------------------


def test_every_result_names_the_policy_and_reads_back(write: Write) -> None:
    base = loaded(write, FORBID)
    answer = assess(adult(operator="dermatologist"), base)
    stamp = answer.knowledge.policy
    assert base.policy is not None
    assert stamp is not None
    assert (stamp.name, stamp.version) == ("Example Clinic", "2026-11")
    assert stamp.digest == base.policy.digest
    assert Assessment.from_json(answer.to_json()) == answer
    assert "Local policy: Example Clinic, 2026-11" in answer.text(detail="short")
    assert stamp.digest in answer.text(detail="short")


def test_without_a_policy_none_is_named() -> None:
    answer = assess(adult())
    assert answer.knowledge.policy is None
    assert "olicy" not in answer.text(detail="short")


def test_the_digest_is_that_of_the_content_whatever_the_line_endings(
    tmp_path: Path, write: Write
) -> None:
    first = loaded(write, FORBID).policy
    crlf = tmp_path / "other.toml"
    crlf.write_bytes((NAME + FORBID).replace("\n", "\r\n").encode())
    second = load_knowledge(policy=crlf).policy
    changed = loaded(write, FORBID.replace("40", "41")).policy
    assert first is not None
    assert second is not None
    assert changed is not None
    assert first.digest == second.digest != changed.digest


# -- what is refused ----------------------------------------------------------

WAY = PROPERLY
REFUSED: dict[str, tuple[str, str]] = {
    "another section": (
        '[patient]\npregnancy = "none"',
        (
            "clinic.toml: patient: a policy says what the clinic is, never what a "
            "patient is; state it in each case"
        ),
    ),
    "a raised standing": (
        LOWER.replace("not_recommended", "first_line"),
        (
            "clinic.toml: standing[0].standing: cryotherapy stands at limited in "
            f"adult_few_face, and a policy raises no standing; {WAY}"
        ),
    ),
    "an equal standing": (
        LOWER.replace("not_recommended", "limited"),
        (
            "clinic.toml: standing[0].standing: cryotherapy stands at limited in "
            "adult_few_face already; remove it"
        ),
    ),
    "a favour": (
        FORBID.replace('kind = "forbid"', 'kind = "favour"'),
        (
            "clinic.toml: gate.under_40.kind: a policy only tightens, and favour "
            f"speaks for an option; {WAY}"
        ),
    ),
    "a gate that would replace one": (
        FORBID.replace("under_40", "cold_urticaria"),
        (
            "clinic.toml: gate.cold_urticaria: cryotherapy has a gate of this id, and "
            f"a policy replaces none; choose another id to add one; {WAY}"
        ),
    ),
    "watching taken away": (
        FORBID.replace("cryotherapy", "observation"),
        (
            "clinic.toml: gate.under_40.option: without observation, a treatment "
            f"would come first in its place; a policy only tightens; {WAY}"
        ),
    ),
    "watching not offered": (
        'not_offered = ["observation"]',
        (
            "clinic.toml: not_offered[0]: without observation, a treatment would come "
            f"first in its place; a policy only tightens; {WAY}"
        ),
    ),
    "a change of the triage": (
        '[[decision]]\nid = "sure"',
        f"clinic.toml: decision: a policy changes no decision of the knowledge; {WAY}",
    ),
    "a term": (
        '[term.infant]\nwhen = "patient.age_years < 0.5"',
        f"clinic.toml: term: a policy changes no term of the knowledge; {WAY}",
    ),
    "a removal": (
        'remove = ["cryotherapy.cold_urticaria"]',
        (
            'clinic.toml: remove: there is no key "remove" here; use one of name, '
            "version, not_offered, refuse_after_days, clinic, weights, gate, standing, "
            "alert, advice, step, call, fhir"
        ),
    ),
    "the setting of a case": (
        '[clinic]\noffers = ["extraction"]',
        (
            "clinic.toml: clinic.offers: this is a setting of a case; list what the "
            "clinic does not offer: not_offered = [...]"
        ),
    ),
    "a fact of no clinic": (
        '[clinic]\noperater = "nurse"',
        (
            'clinic.toml: clinic.operater: "operater" is no fact of the clinic; did '
            'you mean "operator"?'
        ),
    ),
    "a member of no choice": (
        '[clinic]\noperator = "nurses"',
        (
            'clinic.toml: clinic.operator: "nurses" is not a member; did you mean '
            '"nurse"? The members are dermatologist, oculoplastic_surgeon, physician, '
            "nurse, aesthetician"
        ),
    ),
    "a weight out of bounds": (
        "[weights]\nvisits = 11",
        (
            "clinic.toml: weights.visits: 11 is out of bounds; give a whole number "
            "from 0 to 10"
        ),
    ),
    "no weight at all": (
        "[weights]\n" + "\n".join(f"{name} = 0" for name in BASE.criteria),
        "clinic.toml: weights: every weight is 0; raise one",
    ),
    "a condition that is none": (
        FORBID.replace("patient.age_years < 40", "patient.age < 40"),
        (
            "clinic.toml: gate.under_40.when, column 1: there is no fact or term "
            '"patient.age"; did you mean "patient.age_years"?'
        ),
    ),
    "a gate without when": (
        FORBID.replace('when = "patient.age_years < 40"\n', ""),
        (
            "clinic.toml: gate.under_40: a gate needs either when or always; write "
            "when = ..., or always = true"
        ),
    ),
    "a claim without a source": (
        FORBID.replace("judgement = true\n", ""),
        (
            "clinic.toml: gate.under_40: the claim has no source and is no judgement; "
            "add sources = [...], or judgement = true"
        ),
    ),
    "a standing without a source": (
        LOWER.replace("judgement = true", 'sources = ["E000"]'),
        (
            'clinic.toml: standing[0].sources: there is no source "E000"; did you mean '
            '"E090"?'
        ),
    ),
    "no such option": (
        FORBID.replace("cryotherapy", "cryo"),
        "clinic.toml: gate.under_40.option: there is no option or measure or group "
        '"cryo"; use one of '
        + ", ".join((*BASE.options, *BASE.measures, *BASE.groups)),
    ),
    "no such group": (
        FORBID.replace("cryotherapy", "destructve"),
        (
            "clinic.toml: gate.under_40.option: there is no option or measure or group "
            '"destructve"; did you mean "destructive"?'
        ),
    ),
    "an id that options of a group have": (
        FORBID.replace("under_40", "warning_sign").replace(
            "cryotherapy", "destructive"
        ),
        (
            "clinic.toml: gate.warning_sign: "
            f"{', '.join(sorted(BASE.groups['destructive'].options))} have gates of "
            "this id, and a policy replaces none; choose another id to add one; "
            f"{WAY}"
        ),
    ),
    "an id that an option gets from two gates": (
        FORBID + FORBID.replace("cryotherapy", "destructive"),
        (
            'clinic.toml: gate.under_40: cryotherapy: each would have "under_40" '
            "twice; keep one for each"
        ),
    ),
    "an option of a step beside its group": (
        OWN.replace('["extraction"]', '["destructive", "extraction"]', 1),
        (
            'clinic.toml: step.photograph.options: "extraction" is in a group that '
            "stands there; remove one of the two"
        ),
    ),
    "an unknown option of a call": (
        OWN[: OWN.index("[[step]]")]
        + OWN[OWN.index("[[call]]") :].replace('["extraction"]', '["extration"]'),
        (
            "clinic.toml: call.worry.options: there is no option or group "
            '"extration"; did you mean "extraction"?'
        ),
    ),
    "no such scenario": (
        LOWER.replace("adult_few_face", "adult_few_faces"),
        (
            'clinic.toml: standing[0].scenario: there is no scenario "adult_few_faces";'
            ' did you mean "adult_few_face"?'
        ),
    ),
    "no TOML": (
        "= 3",
        (
            "clinic.toml: this is not TOML: Invalid statement (at line 3, column 1); "
            "mend the syntax there"
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_file_key_and_way(write: Write, what: str) -> None:
    text, expected = REFUSED[what]
    assert problems(write, text) == [expected]


def test_all_problems_are_reported_at_once(write: Write) -> None:
    text = '[clinic]\noperator = "x"\n' + FORBID.replace("forbid", "favour") + LOWER
    found = problems(write, text.replace("not_recommended", "first_line"))
    assert [each.split(": ")[1] for each in found] == [
        "clinic.operator",
        "gate.under_40.kind",
        "standing[0].standing",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(policy=tmp_path / "none.toml")
    (problem,) = caught.value.problems
    assert str(problem) == (
        f"{tmp_path / 'none.toml'}: it cannot be read: No such file or directory; "
        "give the file of a policy"
    )
