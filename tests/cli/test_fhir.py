"""`milia-cds fhir read` and `assess --fhir`: a record in, its reading out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from milia_cds.cli.main import main
from tests.adapters.fhir.building import (
    POLICY,
    Json,
    allergy,
    bundle,
    condition,
    patient,
    pregnancy,
)

Run = Callable[..., str]
DAY = ("--as-of", "2026-05-17")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, code: int = 0) -> str:
        assert main(arguments) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return run


@pytest.fixture
def record(tmp_path: Path) -> Callable[[Json], str]:
    def record(data: Json) -> str:
        file = tmp_path / "bundle.json"
        file.write_text(json.dumps(data), "utf-8")
        return str(file)

    return record


@pytest.fixture
def plain(record: Callable[[Json], str]) -> str:
    return record(
        bundle(
            patient(),
            allergy("716186003"),
            pregnancy("60001007", "2016-05-10"),
            condition("lupus", "entered-in-error"),
            condition("keloid", subject=7, id="c2"),
        )
    )


def test_a_reading_says_who_says_what_or_why_not(run: Run, plain: str) -> None:
    said = run("fhir", "read", plain, *DAY)

    known, _, left = said.partition("Not known, though the record speaks of it")
    assert "  history.allergy_fish: false\n    AllergyIntolerance/a1: it says" in known
    assert "  patient.pregnancy: not known\n    Observation/o1: it is of 2016" in left
    assert "Ignored\n  Condition/c1: it was entered in error" in left
    assert "Problems of the record\n  entry[4].resource.subject" in left
    assert "Draft, not clinically reviewed" in left
    case = json.loads(left.rpartition("Case\n")[2])
    assert case["history"]["allergy_fish"] is False
    assert case["patient"] == {"age_years": 36.0, "pregnancy": None}
    assert case["as_of"] == "2026-05-17"


def test_a_reading_is_json_too(run: Run, plain: str) -> None:
    said = json.loads(run("fhir", "read", plain, *DAY, "--json"))

    assert list(said) == ["knowledge", "case", "evidence", "ignored", "problems"]
    assert "not clinically reviewed" in said["knowledge"]["notice"]
    assert said["evidence"]["history.allergy_fish"]["said_by"] == [
        {
            "reference": "AllergyIntolerance/a1",
            "version": "",
            "rule": "no_known_allergy",
        }
    ]


def test_the_codes_of_a_clinic_are_read(
    run: Run, record: Callable[[Json], str], tmp_path: Path
) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(POLICY, "utf-8")
    given = record(bundle(patient(), condition("lupus")))

    assert "history.lupus: true" not in run("fhir", "read", given, *DAY)
    assert "history.lupus: true" in run(
        "fhir", "read", given, *DAY, "--policy", str(file)
    )


def test_which_patient_and_condition_is_chosen(
    run: Run, record: Callable[[Json], str]
) -> None:
    milia = "http://snomed.info/sct|254679001"
    given = record(
        bundle(patient(), patient(id="2"), condition(milia), condition(milia, id="c2"))
    )

    assert "there are 2 patients" in run("fhir", "read", given, code=2)
    said = run("fhir", "read", given, *DAY, "--patient", "1", "--condition", "c2")
    assert "Condition/c2: it is confirmed" in said
    assert "Condition/c1" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "The record has 1 problem"),
        ("7", "7 is no FHIR record; give a Bundle"),
        ("{}", "there is no Patient in it"),
        ('{"a": 1, "a": 2}', "is given twice"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_a_code(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, "utf-8")
    assert said in run("fhir", "read", str(file), code=2)


def test_a_day_that_is_none_is_refused(run: Run, plain: str) -> None:
    said = run("fhir", "read", plain, "--as-of", "yesterday", code=2)
    assert said == '--as-of "yesterday" is no date; give one such as 2026-05-01\n'


def test_a_record_is_assessed_with_facts_over_it(
    run: Run, plain: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(
        run(
            "assess",
            "--fhir",
            plain,
            "site=cheek",
            *DAY,
            "--json",
            "--detail",
            "decision",
        )
    )
    assert said["disposition"]["action"] == "needs_information"
    assert main(["assess", "--fhir", plain, *DAY]) == 0
    assert "resources that were ignored: 2" in capsys.readouterr().err
    assert "give one" in run("assess", "--fhir", plain, "case.json", code=2)


def test_what_to_do_must_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["fhir"])
    assert "WHAT" in capsys.readouterr().err
