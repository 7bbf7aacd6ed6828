"""Scale rot of dragons: another domain on the same engine, through every public door.

Nothing that is said of it may have a word of milia in it, but for the name of the
program.
"""

from __future__ import annotations

import copy
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from milia_cds import (
    Assessment,
    Case,
    CaseError,
    ContradictionError,
    Interview,
    KnowledgeError,
    assess,
    assess_visit,
    case_schema,
    contributions,
    decision_graph,
    diff,
    leaflet,
    letter,
    load_knowledge,
    option_grid,
    path_picture,
    thresholds,
)
from milia_cds.adapters.cds_hooks.answering import answered, prepare_answers
from milia_cds.adapters.cds_hooks.calls import call_of
from milia_cds.adapters.cds_hooks.discovery import services
from milia_cds.adapters.fhir import questionnaire, read_fhir, write_fhir
from milia_cds.check import examine
from milia_cds.cli.ask import Conversation
from milia_cds.cli.main import main
from milia_cds.decision.all_cases import all_cases
from milia_cds.errors import Problem
from milia_cds.render.lines import DETAILS
from tests.common import richly

FOLDER = Path(__file__).parent / "knowledge"
BASE = load_knowledge(FOLDER)
WET: dict[str, Any] = {
    "dragon": {"age_years": 300, "kin": "cloud", "breathes_fire": None},
    "patch": {"weeping": True, "glowing": False},
}
DRY: dict[str, Any] = {
    "dragon": {"age_years": 300, "kin": "river"},
    "patch": {"width_cm": 3},
    "assume_absent": ["patch"],
}
POLICY = """
name = "The northern stables"
version = "1"
not_offered = ["star_salve"]

[weights]
peace = 9

[[gate]]
id = "wide"
option = "ash_bath"
kind = "forbid"
when = "patch.width_cm > 100"
text = "The trough is too small."
plain = "Our trough is too small for you."
judgement = true

[[standing]]
option = "ash_bath"
scenario = "dry_rot"
standing = "limited"
text = "Ash is scarce."
judgement = true
"""

OF_MILIA = re.compile(
    r"mili(a|um)|lesion|eyelid|extraction|cryo|laser|keratin|skin|derm|aesthetic"
    r"|cosmetic|pregnan|phototype|isotretinoin|pacemaker|steam",
    re.IGNORECASE,
)
"""Words of milia; a patient, a clinic and a treatment are of any clinic."""

PROGRAM = re.compile(
    r"milia[-_]cds|MiliaError|class=\"milia[ a-z]*\"|(svg)?(\.milia)+", re.IGNORECASE
)
"""The name of the program, and its class of style sheets."""


def alien(text: str) -> list[str]:
    """The words of milia in a text."""
    return [each.group() for each in OF_MILIA.finditer(PROGRAM.sub("", text))]


@pytest.fixture(scope="module")
def wet() -> Assessment:
    return assess(BASE.case(WET), BASE)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "stables.toml"
    file.write_text(POLICY, "utf-8")
    return file


# Loading -----------------------------------------------------------------------------


def test_the_words_of_milia_are_noticed() -> None:
    assert alien("One milium. milia-cds shows a lesion.") == ["milium", "lesion"]


def test_the_domain_is_what_its_folder_says() -> None:
    vocabulary = BASE.vocabulary

    assert (vocabulary.domain, vocabulary.case) == (
        "scale rot",
        "one patch of one dragon",
    )
    assert list(vocabulary.sections) == ["dragon", "patch"]
    assert list(vocabulary.kinds) == list(BASE.facts)
    assert vocabulary.settings == frozenset()
    assert not any(attrs.astuple(vocabulary.roles))


def test_no_typed_section_is_imported_for_another_domain() -> None:
    code = (
        "import sys\n"
        "from milia_cds import load_knowledge, assess\n"
        f"base = load_knowledge({str(FOLDER)!r})\n"
        "assess(base.case({}), base).text()\n"
        "print([n for n in sys.modules if n in {'milia_cds.case.milia', "
        "'milia_cds.case.case', 'milia_cds.case.sections'}])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_its_guarantees_are_proved_and_nothing_is_found() -> None:
    examination = examine(BASE)

    assert examination.sound
    assert examination.findings == ()
    assert len(examination.proofs) == len(BASE.guarantees)


# Cases -------------------------------------------------------------------------------


def test_a_case_is_read_by_the_vocabulary() -> None:
    case = BASE.case(WET)

    assert case.value("dragon.kin") == "cloud"
    assert case.not_known == {"dragon.breathes_fire"}
    assert list(case.facts()) == list(BASE.kinds)
    assert case.to_dict() == WET
    assert BASE.case(case.to_dict()) == case
    assert hash(BASE.case(WET)) == hash(case)


def test_a_case_survives_a_pickle_and_a_copy() -> None:
    case = BASE.case(DRY)

    for again in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case)):  # noqa: S301 - our own
        assert again == case
        assert assess(again, BASE) == assess(case, BASE)


def test_a_spoken_question_may_be_assumed_absent_by_itself() -> None:
    case = BASE.case({"patch": {"weeping": None}, "assume_absent": ["signs"]})

    absences = BASE.case({"assume_absent": ["patch"]}).absences()
    assert case.absences().keys() == absences.keys() - {"patch.weeping"}
    assert case.to_dict()["assume_absent"] == ["signs"]


def test_an_old_case_is_warned_of() -> None:
    case = BASE.case({"patch": {"weeping": True}, "as_of": "2000-01-01"})

    [warning] = assess(case, BASE, on=date(2026, 1, 1)).warnings
    assert warning.text.startswith(
        "The case was stated on 2000-01-01, 9497 days before it is assessed: ask again"
    )
    assert warning.facts == {"patch.weeping": True}
    assert assess(case, BASE, on=date(2001, 1, 1)).warnings == ()


REFUSED: list[tuple[object, tuple[str, str, str]]] = [
    (
        {"dragon": {"kins": "river"}},
        ("dragon.kins", '"kins" is no fact of dragon', 'did you mean "kin"?'),
    ),
    (
        {"dragon": {"kni": "river"}},
        (
            "dragon.kni",
            '"kni" is no fact of dragon',
            "leave it out, or use one of age_years, kin, breathes_fire",
        ),
    ),
    (
        {"patient": {}},
        (
            "patient",
            '"patient" is no section of a case',
            "leave it out, or use one of dragon, patch, assume_absent, as_of",
        ),
    ),
    (
        {"patch": {"width_cm": 0.1}},
        (
            "patch.width_cm",
            "0.1 is out of bounds",
            "give a number from 0.5 to 200 cm, or null (for not known)",
        ),
    ),
    (
        {"assume_absent": ["dragon"]},
        (
            "assume_absent[0]",
            '"dragon" cannot be assumed absent',
            "use one of patch, signs",
        ),
    ),
    (
        {"patch": {"failed": ["extraction"]}},
        (
            "patch.failed[0]",
            '"extraction" is not a member',
            "use one of ash_bath, leave_alone, star_salve",
        ),
    ),
    (
        [],
        (
            "case",
            "a list is no object",
            "give an object with the sections dragon, patch",
        ),
    ),
]


@pytest.mark.parametrize(("data", "problem"), REFUSED)
def test_what_is_no_case_is_refused_with_path_and_way(
    data: object, problem: tuple[str, str, str]
) -> None:
    with pytest.raises(CaseError) as refused:
        BASE.case(data)

    assert refused.value.problems == (Problem(*problem),)


def test_a_case_is_stated_otherwise_by_short_or_dotted_name() -> None:
    case = BASE.case({}).stating({"kin": "river", "patch.weeping": None})

    assert case.to_dict() == {"dragon": {"kin": "river"}, "patch": {"weeping": None}}
    with pytest.raises(CaseError, match="site"):
        case.stating({"site": "cheek"})


def test_a_case_of_one_domain_is_refused_by_knowledge_of_another() -> None:
    with pytest.raises(CaseError) as refused:
        assess(Case(), BASE)
    assert str(refused.value) == (
        "The case has 1 problem:\n"
        "  case: it is a case of milia, and the knowledge is of scale rot; read it by "
        "this knowledge: Knowledge.case(data)"
    )
    with pytest.raises(CaseError, match="a case of scale rot, and the knowledge is of"):
        assess(BASE.case(WET))


def test_a_case_read_by_another_vocabulary_of_the_domain_is_refused() -> None:
    kinds = dict(reversed([*BASE.vocabulary.kinds.items()]))
    other = attrs.evolve(BASE, vocabulary=attrs.evolve(BASE.vocabulary, kinds=kinds))

    with pytest.raises(CaseError, match="another vocabulary of scale rot"):
        assess(BASE.case(WET), other)


def test_facts_that_contradict_one_another_are_refused() -> None:
    case = BASE.case({"dragon": {"kin": "river", "breathes_fire": True}})

    with pytest.raises(ContradictionError, match="breathe no fire"):
        assess(case, BASE)


def test_the_schema_accepts_its_cases_and_no_others() -> None:
    schema = case_schema(BASE)

    Draft202012Validator.check_schema(schema)
    accepts = Draft202012Validator(schema).is_valid
    assert accepts(WET)
    assert accepts(DRY)
    assert not accepts({"patient": {}})
    assert not alien(json.dumps(schema))


# Answers -----------------------------------------------------------------------------


def test_what_is_unknown_is_never_no(wet: Assessment) -> None:
    assert wet.disposition.action == "treat"
    assert [place.option for place in wet.ranking] == ["star_salve", "leave_alone"]
    [withheld] = wet.withheld
    assert withheld.option == "ash_bath"
    assert withheld.asks == ("dragon.breathes_fire", "patch.width_cm")


def test_screening_fills_what_its_section_leaves_out() -> None:
    answer = assess(BASE.case(DRY), BASE)

    assert {each.fact for each in answer.assumptions} == {
        "patch.weeping",
        "patch.glowing",
        "patch.failed",
    }
    assert "screened for: 3 signs that nobody stated" in " ".join(
        answer.text(detail="short").split()
    )


def test_without_operators_nobody_is_named(wet: Assessment) -> None:
    assert {place.performed_by for place in wet.ranking} == {()}


def test_answers_are_given_and_stored_like_any_other(wet: Assessment) -> None:
    again = Assessment.from_json(wet.to_json(), BASE)

    assert again == wet
    assert again.base() is BASE
    assert Assessment.from_json(wet.to_json()).base() is None
    assert again.text(detail="full") == wet.text(detail="full")
    assert wet.why("star_salve").option == "star_salve"
    assert bool(diff(wet, assess(BASE.case(DRY), BASE)))
    assert not diff(wet, again)


def test_another_answer_may_be_asked_for(wet: Assessment) -> None:
    changed = wet.what_if({"dragon.breathes_fire": True, "width_cm": 60})
    assert [(e.option, e.after[0]) for e in changed.moved] == [("ash_bath", "excluded")]

    wide = BASE.case({}).stating(
        {"breathes_fire": True, "width_cm": 60, "weeping": True, "glowing": False}
    )
    paths = assess(wide, BASE).why_not("ash_bath").offered
    changes = [[change.fact for change in path.changes] for path in paths]
    assert changes == [["dragon.breathes_fire"], ["patch.width_cm"]]


def test_an_interview_goes_to_its_end() -> None:
    interview = Interview(knowledge=BASE)
    asked = []
    while (question := interview.next_question()) is not None:
        asked.append(question.ask)
        if interview.may_deny(question):
            interview.answer(False)
        else:
            values = {"age_years": 4, "kin": "river", "width_cm": 3}
            names = [name.partition(".")[2] for name in question.facts]
            interview.answer({name: values[name] for name in names})

    assert interview.done
    assert interview.settled
    assert interview.assessment.status == "determinate"
    assert not alien(" ".join(asked))


def test_the_cases_of_a_visit_agree_on_the_dragon() -> None:
    one, other = BASE.case(WET), BASE.case(DRY)

    with pytest.raises(CaseError, match=r'cases\[1\].dragon.kin: "river" is not'):
        assess_visit([one, other], BASE)
    with pytest.raises(CaseError, match="give one case for each patch"):
        assess_visit([], BASE)
    same = other.stating({"kin": "cloud"})
    assert len(assess_visit([one, same], BASE)) == 2


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "dragon.age_years": st.integers(0, 3000) | st.none(),
            "dragon.kin": st.sampled_from(["river", "mountain", "cloud", None]),
            "patch.width_cm": st.floats(0.5, 200),
            "patch.weeping": st.sampled_from([True, False, None]),
            "patch.glowing": st.sampled_from([True, False, None]),
            "patch.failed": st.sampled_from([[], ["ash_bath"], None]),
        },
    )
)
def test_its_guarantees_hold_in_every_case(facts: dict[str, Any]) -> None:
    case = BASE.case({}).stating(facts)
    answer = assess(case, BASE)

    offered = {place.option for place in answer.ranking}
    age = case.value("dragon.age_years")
    if age is None or age < 10:
        assert "star_salve" not in offered
    if case.value("patch.glowing"):
        assert answer.disposition.action == "refer"
    assert BASE.case(case.to_dict()) == case


# Policies ----------------------------------------------------------------------------


def test_a_policy_tightens_it(policy: Path) -> None:
    tightened = load_knowledge(FOLDER, policy=policy)
    answer = assess(tightened.case(DRY), tightened)

    assert [each.option for each in answer.unavailable] == ["star_salve"]
    assert answer.why("star_salve").because[0].rule == "policy.not_offered"
    assert tightened.criteria["peace"].weight == 9
    assert not alien(answer.text(detail="full"))


def test_a_policy_states_no_fact_where_no_section_is_for_it(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('name = "x"\nversion = "1"\n[dragon]\nkin = "river"\n', "utf-8")

    with pytest.raises(KnowledgeError, match="never what a patient is"):
        load_knowledge(FOLDER, policy=file)


# No word of milia --------------------------------------------------------------------


def _texts(answer: Assessment) -> Iterator[str]:
    yield from (answer.text(detail=detail) for detail in DETAILS)
    yield answer.to_json()
    yield repr(answer)
    for option in BASE.options:
        yield answer.why(option).text()
        yield answer.why_not(option).text()
    yield answer.stability().text()
    yield answer.compare().text()
    yield option_grid(answer)
    for place in answer.ranking:
        yield leaflet(answer, place.option)
        yield leaflet(answer, place.option, format="markdown")
    if answer.disposition.action == "refer":
        yield leaflet(answer, "referred")
        yield letter(answer)
    yield from (contributions(answer).svg, thresholds(answer).svg)
    yield decision_graph(answer).svg
    yield path_picture(answer).svg
    yield richly(answer.outcome, BASE, 80)


def _shown(record: Any) -> Iterator[str]:
    bundle = record._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}, record
    yield from bundle.values()


@pytest.mark.parametrize(
    "data",
    [{}, WET, DRY, {"patch": {"glowing": True}}, {"dragon": {"age_years": 3}}],
    ids=["nothing", "wet", "dry", "cursed", "hatchling"],
)
def test_nothing_that_is_said_of_a_case_has_a_word_of_milia(data: Any) -> None:
    case = BASE.case(data)
    answer = assess(case, BASE)
    said = [*_texts(answer), *_shown(case), *_shown(answer)]
    for each in (answer.compare(), answer.stability(), answer.why("ash_bath")):
        said += _shown(each)

    assert [alien(text) for text in said] == [[]] * len(said)


def test_nothing_that_is_said_of_the_knowledge_has_a_word_of_milia() -> None:
    records: list[Any] = [
        BASE,
        *BASE.options.values(),
        *BASE.measures.values(),
        *BASE.scenarios.values(),
    ]
    said = [text for record in records for text in _shown(record)]

    assert [alien(text) for text in said] == [[]] * len(said)
    [sheet] = [text for text in _shown(BASE.options["ash_bath"]) if "<" in text]
    assert "Counted in scale rot." in sheet
    assert "Not from scale rot" in sheet


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "check": lambda _: ["check", str(FOLDER), "--detail", "full"],
    "assess": lambda case: ["assess", case, "--detail", "full"],
    "assess in JSON": lambda case: ["assess", case, "--json"],
    "assess richly": lambda case: ["assess", case, "--rich"],
    "explain": lambda _: ["explain", "ash_bath"],
    "explain a measure": lambda _: ["explain", "numbing_moss"],
    "review": lambda _: ["review"],
    "review in Markdown": lambda _: ["review", "--format", "markdown"],
    "review in whole": lambda _: ["review", "--format", "markdown", "--all"],
    "signatures": lambda _: ["review", "--format", "toml"],
    "leaflet": lambda case: ["leaflet", case, "star_salve"],
    "grid": lambda case: ["grid", case],
    "grid in text": lambda case: ["grid", case, "--text"],
    "graph": lambda _: ["graph"],
    "graph as a picture": lambda case: ["graph", "--svg", "--case", case],
    "faq": lambda _: ["faq", "--detail", "full"],
    "faq in JSON": lambda _: ["faq", "why", "--json"],
    "facts": lambda _: ["facts"],
    "schema": lambda _: ["schema"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_its_folder(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(WET), "utf-8")
    arguments = COMMANDS[command](str(case))
    if command != "check":
        arguments += ["--knowledge", str(FOLDER)]

    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert len(printed.out) > 100
    assert printed.err == ""
    assert alien(printed.out) == []


def test_a_conversation_in_the_terminal_goes_to_its_end() -> None:
    lines: list[str] = []
    answers = {"[0 to 3000": "300", "[0.5 to": "3", "[number or name": "cloud"}

    def read(prompt: str) -> str:
        lines.append(prompt)
        return next((a for p, a in answers.items() if prompt.startswith(p)), "n")

    def write(line: str) -> None:
        lines.append(line)

    interview = Interview(knowledge=BASE)
    Conversation(interview, BASE, read, write).hold()

    assert interview.settled
    assert alien("\n".join(lines)) == []


def test_knowledge_of_milia_is_not_what_another_domain_is_compared_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(FOLDER)]) == 0
    assert "Compared" not in capsys.readouterr().out


# -- the records of keepers --


def keepers(*resources: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of one dragon."""
    of = {"subject": {"reference": "Patient/smoke"}}
    dragon = {"resourceType": "Patient", "id": "smoke"}
    return [dragon, *({**each, **of} for each in resources)]


def scroll(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "urn:example:scrolls", "code": code}]}


def state(kind: str, code: str) -> dict[str, Any]:
    system = f"http://terminology.hl7.org/CodeSystem/condition-{kind}"
    return {"coding": [{"system": system, "code": code}]}


KIN = {
    "resourceType": "Condition",
    "id": "kin",
    "code": scroll("R"),
    "clinicalStatus": state("clinical", "active"),
    "verificationStatus": state("ver-status", "confirmed"),
}
FIRE = {
    "resourceType": "Observation",
    "id": "fire",
    "status": "final",
    "code": scroll("F"),
    "effectiveDateTime": "2001-01-01",
    "valueCodeableConcept": scroll("cold"),
}


def called(hook: str, *found: dict[str, Any], **context: Any) -> Any:
    """What the service of a keeper is asked, and answers."""
    keys = {"Patient": "patient", "Condition": "conditions"}
    dragon, *others = keepers(*found)
    sent: dict[str, Any] = {"patient": dragon}
    for each in others:
        bundle = {"resourceType": "Bundle", "entry": [{"resource": each}]}
        sent[keys.get(each["resourceType"], "observations")] = bundle
    call = call_of(
        {
            "hook": hook,
            "hookInstance": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
            "context": {"userId": "Patient/smoke", "patientId": "smoke", **context},
            "prefetch": sent,
        },
        hook=hook,
    )
    url = "https://keepers.example.org"
    return answered(call, BASE, as_of=date(2001, 1, 2), base_url=url).to_dict()


def test_the_service_of_keepers_speaks_of_dragons() -> None:
    assert called("patient-view", FIRE) == {"cards": []}
    said = called("patient-view", KIN, FIRE)
    assert [each["indicator"] for each in said["cards"]][-1] == "info"
    assert all("overrideReasons" not in each for each in said["cards"])
    assert "/form?ask=" in json.dumps(said)
    order = {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/smoke"},
        "code": {"coding": [{"system": "urn:milia-cds:option", "code": "ash_bath"}]},
    }
    drafts = {"resourceType": "Bundle", "entry": [{"resource": order}]}
    signed = called("order-sign", KIN, FIRE, draftOrders=drafts)
    [card] = signed["cards"]
    assert "a bath of ash" in card["summary"]
    prepare_answers(BASE)
    assert all_cases(BASE).narrowed
    assert called("patient-view", KIN, FIRE) == said
    assert alien(json.dumps([said, signed, services(BASE)], ensure_ascii=False)) == []


def test_the_records_of_keepers_are_read_and_written() -> None:
    reading = read_fhir(keepers(KIN, FIRE), as_of=date(2001, 1, 2), knowledge=BASE)
    assert reading.case.value("dragon.kin") == "river"
    assert reading.case.value("dragon.breathes_fire") is False
    old = read_fhir(keepers(FIRE), as_of=date(2002, 1, 1), knowledge=BASE)
    assert old.case.value("dragon.breathes_fire") is None

    form = questionnaire(BASE, case=reading.case)
    at = datetime(2001, 1, 2, tzinfo=UTC)
    answer = assess(reading.case, BASE)
    written = write_fhir(answer, patient="Patient/smoke", at=at, reading=reading)
    kinds = [entry["resource"]["resourceType"] for entry in written["entry"]]
    assert "GuidanceResponse" in kinds
    assert alien(json.dumps([form, written], ensure_ascii=False)) == []
