"""FHIR written by the command: an answer as a Bundle, and the questions as a form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from milia_cds.cli.main import main
from tests.common import SCREENED

AT = "2026-11-30T09:30:00+01:00"
OTHER = str(Path(__file__).parents[1] / "otherworld" / "knowledge")

Printed: TypeAlias = Callable[..., Any]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    def run(*arguments: str) -> Any:
        assert main(["fhir", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        assert main(["fhir", *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    return run


@pytest.fixture
def case(tmp_path: Path) -> str:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(SCREENED), encoding="utf-8")
    return str(file)


@pytest.fixture
def record(tmp_path: Path) -> str:
    file = tmp_path / "record.json"
    born = {"resourceType": "Patient", "id": "7", "birthDate": "1992-05-17"}
    file.write_text(json.dumps([born]), encoding="utf-8")
    return str(file)


def kinds(bundle: Any) -> list[str]:
    return [each["resource"]["resourceType"] for each in bundle["entry"]]


def test_an_answer_is_written_as_a_bundle(printed: Printed, case: str) -> None:
    bundle = printed("write", case, "--patient", "Patient/1", "--at", AT)

    assert bundle["timestamp"] == AT
    assert kinds(bundle)[:2] == ["GuidanceResponse", "RequestGroup"]


def test_a_record_is_read_and_its_answer_written(printed: Printed, record: str) -> None:
    of = ("--fhir", record, "--patient", "7", "--as-of", "2026-11-30")
    bundle = printed("write", *of, "site=cheek", "--at", AT)

    provenance = bundle["entry"][-1]["resource"]
    assert provenance["entity"][-1]["what"] == {"reference": "Patient/7"}
    asked = bundle["entry"][0]["resource"]["dataRequirement"]
    names = [code["code"] for each in asked for code in each["codeFilter"][0]["code"]]
    assert "lesion.site" not in names
    assert "patient.age_years" not in names


def test_without_a_time_it_is_now(printed: Printed, case: str) -> None:
    bundle = printed("write", case, "--patient", "1")

    assert bundle["timestamp"][19] in "+-"


def test_a_form_has_what_is_known_filled_in(printed: Printed) -> None:
    form = printed("questionnaire", "age=34")

    assert form["item"][0]["initial"] == [{"valueDecimal": 34}]
    assert "initial" not in printed("questionnaire")["item"][0]


def test_a_form_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "form.json"

    assert main(["fhir", "questionnaire", "-o", str(file)]) == 0
    assert json.loads(file.read_text("utf-8"))["resourceType"] == "Questionnaire"


def test_another_domain_has_both(printed: Printed) -> None:
    form = printed("questionnaire", "--knowledge", OTHER)
    bundle = printed("write", "kin=cloud", "--knowledge", OTHER, "--patient", "1")

    assert form["item"][0]["linkId"] == "screen.dragon"
    assert "GuidanceResponse" in kinds(bundle)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["write", "age=34"], "--patient is missing"),
        (["write", "--patient", "1"], "no case is given"),
        (["write", "age=34", "--patient", "a b"], "reference to a patient"),
        (["write", "age=34", "--patient", "1", "--at", "2026-11-30"], "no time"),
        (["write", "age=34", "--patient", "1", "--at", "noon"], "no time"),
        (["write", "x.json", "--fhir", "r.json", "--patient", "1"], "give one"),
        (["questionnaire", "nowhere.json"], "nowhere.json"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    refused: Callable[..., str], arguments: list[str], why: str
) -> None:
    assert why in refused(*arguments)
