"""The door: every public name, from one table, imported when it is first used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import milia_cds

SOURCE = Path(milia_cds.__file__).read_text("utf-8")
EXAMPLE = Path(__file__).parents[1] / "examples" / "cases" / "adult_cheek.json"

# What 0.1.0 gave, by the public place that it was imported from.
PUBLIC = {
    "milia_cds": (
        "AnswerError Assessment AssessmentError Case CaseError Clinic "
        "ContradictionError Findings Goals History Interview Knowledge "
        "KnowledgeError Lesion MiliaError NoCaseError NotOfferedError Patient "
        "age_from_dates age_from_days age_from_weeks assess assess_visit case_schema "
        "contributions decision_graph diff leaflet load_knowledge option_grid "
        "thresholds"
    ),
    "milia_cds.check": "Examination Finding Held Proof Support examine",
    "milia_cds.errors": (
        "AnswerError AssessmentError CaseError ConditionError ContradictionError "
        "KnowledgeError MiliaError NoCaseError NotOfferedError Problem ProblemsError "
        "UnknownNameError nearest quoted"
    ),
    "milia_cds.testing": (
        "Expect ExpectedDisposition Vignette VignetteError check_vignette completions "
        "hostile_cases load_vignettes near_patients"
    ),
}


@pytest.mark.parametrize(
    ("place", "name"),
    [(place, name) for place, names in PUBLIC.items() for name in names.split()],
)
def test_every_public_name_of_0_1_0_is_where_it_was(place: str, name: str) -> None:
    module = sys.modules.get(place) or __import__(place, fromlist=[name])
    assert getattr(module, name) is not None


def test_the_table_the_list_and_the_types_name_the_same() -> None:
    assert list(milia_cds._HOMES) == milia_cds.__all__  # noqa: SLF001 - the table
    assert _for_type_checkers() == {
        name: f"milia_cds.{home}"
        for name, home in milia_cds._HOMES.items()  # noqa: SLF001 - the table
    }


def _for_type_checkers() -> dict[str, str]:
    block = next(each for each in ast.parse(SOURCE).body if isinstance(each, ast.If))
    return {
        alias.name: str(each.module)
        for each in block.body
        if isinstance(each, ast.ImportFrom) and each.module != "milia_cds"
        for alias in each.names
    }


def test_dir_lists_every_public_name_and_the_public_rooms() -> None:
    rooms = {"check", "errors", "examples", "testing"}
    assert {*milia_cds.__all__, *rooms, "__version__"} <= {*dir(milia_cds)}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(
        AttributeError, match=r"^module 'milia_cds' has no attribute 'asses'$"
    ):
        _ = milia_cds.asses  # type: ignore[attr-defined]  # it is misspelt


def test_a_former_name_works_and_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = {"evaluate": ("assess", "0.2.0", "0.3.0")}
    monkeypatch.setattr(milia_cds, "_DEPRECATED", former)
    said = (
        "milia_cds.evaluate is deprecated since 0.2.0 and 0.3.0 is the last version "
        "that has it; use milia_cds.assess"
    )
    with pytest.warns(DeprecationWarning, match=f"^{re.escape(said)}$") as warned:
        # Patched in above.
        assert milia_cds.evaluate is milia_cds.assess  # type: ignore[attr-defined]
    assert [each.filename for each in warned] == [__file__]


def _loaded(code: str) -> set[str]:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    return {*done.stdout.split()}


def test_importing_the_library_imports_no_package_and_no_room() -> None:
    loaded = _loaded("import milia_cds")
    assert not {"attrs", "networkx"} & loaded
    assert {name for name in loaded if name.startswith("milia_cds")} == {
        "milia_cds",
        "milia_cds.shown",
        "milia_cds.version",
    }


@pytest.mark.parametrize("room", ["check", "errors", "examples", "testing"])
def test_a_public_room_is_there_by_its_attribute(room: str) -> None:
    assert f"milia_cds.{room}" in _loaded(f"import milia_cds; milia_cds.{room}")


def test_assessing_and_reading_a_case_needs_no_networkx() -> None:
    code = "from milia_cds import Case, assess; str(assess(Case()))"
    assert "networkx" not in _loaded(code)


def test_the_command_that_assesses_imports_no_other_command_and_no_picture() -> None:
    code = f"from milia_cds.cli.main import main; main(['assess', {str(EXAMPLE)!r}])"
    loaded = _loaded(code)
    assert {name for name in loaded if name.startswith("milia_cds.cli.")} == {
        "milia_cds.cli.adapters",
        "milia_cds.cli.arguments",
        "milia_cds.cli.assess",
        "milia_cds.cli.cases",
        "milia_cds.cli.commands",
        "milia_cds.cli.main",
        "milia_cds.cli.options",
        "milia_cds.cli.program",
        "milia_cds.cli.shorthand",
        "milia_cds.cli.streams",
        "milia_cds.cli.usage",
    }
    assert not loaded & {
        "importlib.metadata",
        "networkx",
        "milia_cds.assessment.pictures",
        "milia_cds.check",
        "milia_cds.render.card",
    }
