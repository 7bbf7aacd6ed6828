"""A program that shares nothing with the engine comes to the same decisions."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds import Case, CaseError, assess, assess_visit, load_knowledge
from milia_cds.assessment.digests import decision_content, decision_digest, to_verify
from milia_cds.assessment.digests import verifier as path_of_the_verifier
from milia_cds.assessment.stored import content_digest
from milia_cds.case.stated import AnyCase
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.testing import hostile_cases, near_patients
from tests.adapters.cohort.drawn import Drawing
from tests.common import ADULT, OTHERWORLD, SCREENED, THOROUGH, sampled, vignettes

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "verify_decision.py"
SEMANTICS = ROOT / "docs" / "reference" / "semantics.md"
SOURCE = TOOL.read_text("utf-8")

POLICY = Path(__file__).with_name("strict_clinic.toml")
CASES = {"near": near_patients(), "hostile": hostile_cases()}

under_each_policy = pytest.mark.parametrize(
    "policy", [None, POLICY], ids=["alone", "under a policy"]
)
trying = settings(
    max_examples=2_500 if THOROUGH else 25,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=[HealthCheck.too_slow],
)


@cache
def program() -> Any:
    """The program, imported from its file."""
    spec = spec_from_file_location("verify_decision", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bundle_of(folder: Path, policy: Path | None = None) -> dict[str, bytes]:
    """The files of a bundle, by their names in it."""
    files = {
        f"knowledge/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*.toml")
    }
    if policy is not None:
        files["policy/policy.toml"] = policy.read_bytes()
    return files


@cache
def base_of(policy: Path | None = None, folder: Path = SHIPPED) -> Knowledge:
    return load_knowledge(folder, policy=policy)


@cache
def rules_of(policy: Path | None = None, folder: Path = SHIPPED) -> Any:
    return program().Rules(bundle_of(folder, policy))


def stored(case: AnyCase, base: Knowledge) -> Any:
    """A decision as it is stored, without what it asks: no text is composed."""
    assessment = assess(case, base)
    said = {
        "decision": decision_content(assessment),
        "digest": decision_digest(assessment),
        "knowledge": base.digest,
        "policy": base.policy and base.policy.digest,
    }
    return json.loads(json.dumps(said))


def agree(case: AnyCase, base: Knowledge, rules: Any) -> None:
    """Hold the decision of the engine to that of the program."""
    data = json.loads(case.to_json())
    try:
        said = stored(case, base)
    except CaseError:
        with pytest.raises(program().RefusedError):
            program().Decision(data, {}, rules)
    else:
        assert [*program().wrong(rules, data, said)] == []


# -- it is as the engine --


@under_each_policy
@pytest.mark.parametrize("kind", CASES)
def test_it_comes_to_the_decisions_of_the_engine(
    kind: str, policy: Path | None
) -> None:
    base, rules = base_of(policy), rules_of(policy)

    @trying
    @given(CASES[kind])
    def check(case: Case) -> None:
        agree(case, base, rules)

    check()


@under_each_policy
def test_it_comes_to_the_decisions_on_any_values(policy: Path | None) -> None:
    """Contradictory ones too, which both refuse."""
    base, rules = base_of(policy), rules_of(policy)
    drawing = Drawing(base)
    for number in range(5_000 if THOROUGH else 50):
        agree(drawing.case(Random(number)), base, rules)  # noqa: S311 - no secret


def test_it_knows_no_domain() -> None:
    base, rules = base_of(folder=OTHERWORLD), rules_of(folder=OTHERWORLD)
    drawing = Drawing(base)
    for number in range(5_000 if THOROUGH else 100):
        agree(drawing.case(Random(number)), base, rules)  # noqa: S311 - no secret


@under_each_policy
def test_it_comes_to_the_decisions_on_the_vignettes(policy: Path | None) -> None:
    base, rules = base_of(policy), rules_of(policy)
    for each in sampled(vignettes(), 7):
        agree(base.case(each.case_data), base, rules)


def test_what_answers_ask_for_is_unknown_and_read_by_an_open_condition() -> None:
    rules, asked = rules_of(), 0

    @settings(trying, max_examples=500 if THOROUGH else 10)
    @given(st.one_of(near_patients(), hostile_cases()))
    def check(case: Case) -> None:
        try:
            said = to_verify(assess(case))
        except CaseError:
            return
        nonlocal asked
        asked += sum(len(each) for of in said["asks"].values() for each in of.values())
        assert [*program().wrong(rules, case.to_dict(), said)] == []

    check()
    assert asked > 100


def test_each_case_of_a_visit_is_checked_with_what_the_others_said_of_it() -> None:
    eyelid = {**SCREENED, "lesion": {**ADULT["lesion"], "site": "lower_eyelid"}}
    growing = {**eyelid, "findings": {"growing": True}}
    visit = assess_visit([Case.from_dict(each) for each in (growing, eyelid, SCREENED)])
    said = [to_verify(each) for each in visit]
    assert any(each["decision"].get("visit") for each in said)
    for case, each in zip((growing, eyelid, SCREENED), said, strict=True):
        assert [*program().wrong(rules_of(), case, each)] == []


# -- what is changed is found --

CHILD = {
    "patient": {"age_years": 7, "phototype": 5},
    "lesion": {"site": "cheek", "count": 5.0, "diagnosis": "confirmed"},
    "history": {"failed": ["tretinoin", "extraction"]},
    "goals": {"weights": {"clearance": 9, "downtime": 2}},
    "assume_absent": ["findings"],
    "as_of": "2026-12-01",
}
"""One of whom much is not known, so that much is withheld and asked."""

REFERRED = {
    **SCREENED,
    "findings": {"growing": True, "blisters": True},
    "clinic": {"operator": "physician"},
}


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """Every way in which one place of a value is another, missing, or one too many."""
    if isinstance(value, dict):
        yield ".more", {**value, "more": 1}
        for key, each in value.items():
            yield f".{key}", {name: value[name] for name in value if name != key}
            for place, other in changed(each):
                yield f".{key}{place}", {**value, key: other}
    elif isinstance(value, list):
        yield "", [*value, "another"]
        yield "", value[1:] if value else [0]
    else:
        yield "", {True: 1, False: None}[value] if type(value) is bool else "another"


@pytest.mark.parametrize("case", [CHILD, REFERRED], ids=["child", "referred"])
def test_every_change_of_a_stored_decision_is_found(case: Mapping[str, Any]) -> None:
    said = json.loads(json.dumps(to_verify(assess(Case.from_dict(case)))))
    places = [*changed({key: said[key] for key in said if key != "asks"})]
    assert len(places) > 200
    for place, other in sampled(places, 3):
        assert noticed(case, {**other, "asks": said["asks"]}), place


def noticed(case: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether it says that a decision is wrong, or no stored decision at all."""
    try:
        return bool([*program().wrong(rules_of(), case, said)])
    except (KeyError, AttributeError):
        return True


def test_a_change_that_takes_the_digest_along_is_found() -> None:
    said = stored(Case.from_dict(CHILD), base_of())
    for place, other in sampled(changed(said["decision"]), 3):
        again = {**said, "decision": other, "digest": content_digest(other)}
        assert [*program().wrong(rules_of(), CHILD, again)], place


def test_a_case_that_is_not_the_one_that_was_decided_is_found() -> None:
    said = stored(Case.from_dict(CHILD), base_of())
    for other in (
        {**CHILD, "patient": {"age_years": 8, "phototype": 5}},
        {**CHILD, "assume_absent": []},
        {**CHILD, "goals": {}},
        {**CHILD, "clinic": {"offers": []}},
        {**CHILD, "findings": {"infected": None}},
    ):
        assert [*program().wrong(rules_of(), other, said)]
    assert [*program().wrong(rules_of(), {**CHILD, "as_of": "2025-01-01"}, said)] == []


def test_knowledge_and_policy_that_did_not_decide_are_found() -> None:
    said = stored(Case.from_dict(CHILD), base_of(POLICY))
    bundle = bundle_of(SHIPPED, POLICY)
    for name in ("knowledge/sources.toml", "policy/policy.toml"):
        rules = program().Rules({**bundle, name: bundle[name] + b"# a word"})
        [found] = program().wrong(rules, CHILD, said)
        assert found.startswith(f"{name.partition('/')[0]} is stored as")
    dos = {name: each.replace(b"\n", b"\r\n") for name, each in bundle.items()}
    assert [*program().wrong(program().Rules(dos), CHILD, said)] == []


def test_files_of_codes_count_for_the_digest_of_a_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    codes = tmp_path / "codes.json"
    entry = {"system": "http://example.org", "code": "1"}
    expanded = {"resourceType": "ValueSet", "expansion": {"contains": [entry]}}
    codes.write_text(json.dumps(expanded), "utf-8")
    policy.write_text(
        'name = "X"\nversion = "1"\n[[fhir.code]]\nfact = "history.keloid"\n'
        'means = "yes"\nvalueset = "codes.json"\n',
        "utf-8",
    )
    said = stored(Case.from_dict(CHILD), load_knowledge(policy=policy))
    bundle = bundle_of(SHIPPED, policy)
    whole = {**bundle, "policy/codes.json": codes.read_bytes()}
    assert [*program().wrong(program().Rules(whole), CHILD, said)] == []
    assert [*program().wrong(program().Rules(bundle), CHILD, said)]


@pytest.mark.parametrize(
    ("kind", "name", "fact"),
    [
        ("options", "extraction", "patient.age_years"),  # it is known
        ("options", "extraction", "history.topical_retinoid"),  # it is not read there
        ("options", "extraction", "findings.explained_by_histology"),  # never unknown
        ("measures", "topical_anaesthetic", "goals.wants_treatment"),
        ("alerts", "A01", "lesion.origin"),
    ],
)
def test_a_question_that_is_none_is_found(kind: str, name: str, fact: str) -> None:
    name = next(iter(base_of().alerts)) if kind == "alerts" else name
    said = {**stored(Case.from_dict(CHILD), base_of()), "asks": {kind: {name: [fact]}}}
    found = [*program().wrong(rules_of(), CHILD, said)]
    assert found == [f"asks.{kind}.{name}: {fact} is no open question"]


# -- the program --


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A bundle, a case and a stored decision."""
    bundle, case, decision = (tmp_path / name for name in ("b.zip", "c.json", "d.json"))
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in bundle_of(SHIPPED).items():
            written.writestr(name, content)
    case.write_text(json.dumps(CHILD), "utf-8")
    said = to_verify(assess(Case.from_dict(CHILD)))
    decision.write_text(json.dumps(said), "utf-8")
    return [bundle, case, decision]


def ran(*arguments: object) -> tuple[int, list[str]]:
    """How the program ends, with nothing but the standard library in reach."""
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-I", "-S", str(TOOL), *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_it_says_that_a_decision_is_right_and_what_it_did_not_prove(
    files: list[Path],
) -> None:
    assert ran(*files) == (
        0,
        ["Right.", "No status, question or text was checked."],
    )


def test_it_says_where_a_decision_is_wrong(files: list[Path]) -> None:
    said = json.loads(files[2].read_text("utf-8"))
    said["decision"]["disposition"]["action"] = "treat"
    stored_as = 'stored as "treat"; it is "needs_information"'
    files[2].write_text(json.dumps(said), "utf-8")
    assert ran(*files) == (
        1,
        [
            f"Wrong: d.json: decision.disposition.action is {stored_as}",
            "No status, question or text was checked.",
        ],
    )


def test_it_says_that_there_is_no_decision_on_a_contradictory_case(
    files: list[Path],
) -> None:
    lesion = {"origin": "primary", "cause": "burn", "site": "cheek"}
    files[1].write_text(json.dumps({"lesion": lesion}), "utf-8")
    code, [said, _] = ran(*files)
    refused = "there is no decision: the case contradicts itself: primary_with_cause"
    assert (code, said) == (1, f"Wrong: d.json: {refused}")


def test_it_checks_several_decisions_of_one_bundle(files: list[Path]) -> None:
    bundle, case, decision = files
    other = case.with_name("other.json")
    other.write_text(json.dumps(SCREENED), "utf-8")
    assert ran(bundle, case, decision, case, decision)[1][0] == "Right."
    code, said = ran(bundle, case, decision, other, decision)
    assert code == 1
    assert all(each.startswith("Wrong: d.json: ") for each in said[:-1])
    assert ran(bundle, case, decision, other)[0] == 2


def test_it_says_that_it_cannot_tell(files: list[Path]) -> None:
    files[1].write_text("{", "utf-8")
    code, [said] = ran(*files)
    assert code == 2
    assert said.startswith("It cannot be told: JSONDecodeError: ")


def test_its_help_says_what_it_does_not_prove() -> None:
    code, said = ran()
    assert code == 2
    assert said[0] == "Work out a stored decision again, and say whether it is right."
    assert "It proves no status," in "\n".join(said)


def test_it_stands_in_the_wheel_and_in_the_repository() -> None:
    assert path_of_the_verifier() == TOOL


# -- an aid, not a puzzle --


def test_it_is_short_enough_for_an_hour() -> None:
    lines = SOURCE.splitlines()
    assert len(lines) < 500
    assert max(map(len, lines)) <= 88
    nodes = ast.walk(ast.parse(SOURCE))
    functions = [each for each in nodes if isinstance(each, ast.FunctionDef)]
    long = {each.name for each in functions if len(ast.unparse(each).split("\n")) > 20}
    # What the files say, what the case says, and what the decision is.
    assert long <= {"__init__", "content"}


def test_it_imports_the_standard_library_alone() -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module))
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert "milia_cds" not in SOURCE
    assert not re.search(r"__import__|importlib|\bexec\(|\beval\(", SOURCE)


def test_it_cites_what_the_page_says() -> None:
    page, chapter = set(), ""
    for line in SEMANTICS.read_text("utf-8").splitlines():
        if heading := re.match(r"## (\d+)\.", line):
            chapter = heading[1]
            page.add(chapter)
        elif item := re.match(r"(\d+)\. ", line):
            page.add(f"{chapter}.{item[1]}")
    cited = set(re.findall(r"\b(\d{1,2}\.\d)\b", SOURCE)) - {"3.11"}
    assert cited <= page
    assert len(cited) > 30
