"""The command line: its answers, its exit codes, and a sentence for every mistake."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, get_args
from xml.etree import ElementTree as ET

import attrs
import jsonschema
import pytest

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.pictures import (
    decision_graph,
    leaflet,
    letter,
    option_grid,
    path_picture,
)
from milia_cds.assessment.result_schema import result_schema
from milia_cds.assessment.schema import case_schema
from milia_cds.case.case import Case
from milia_cds.case.milia import FACTS, OptionId, Screened, Site
from milia_cds.cli.main import main
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.wording import capital
from milia_cds.render.explain import explained
from milia_cds.render.lines import Detail
from milia_cds.render.mermaid import mermaid

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.json"))
CHEEK = next(path for path in EXAMPLES if path.stem == "adult_cheek")
UNKNOWN = next(path for path in EXAMPLES if path.stem == "pregnancy_unknown")
SMALL = str(Path(__file__).parents[1] / "otherworld" / "knowledge")
"""A small knowledge base of another domain, which is examined in no time."""
COMMANDS = (
    "assess",
    "ask",
    "fhir",
    "check",
    "graph",
    "schema",
    "explain",
    "leaflet",
    "letter",
    "grid",
    "review",
    "feedback",
    "cohort",
    "faq",
    "facts",
    "serve",
    "ledger",
    "completion",
)
ESCAPE = "\033"
SITES = ", ".join(get_args(Site))
OPTIONS = ", ".join(get_args(OptionId))


@attrs.frozen
class Ran:
    """What a run of the command line left behind."""

    code: object
    out: str
    err: str


Run: TypeAlias = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_in_process(*arguments: str) -> Ran:
        code: object
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run_in_process


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return give


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


def of_file(path: Path) -> Assessment:
    return assess(Case.from_json(path.read_bytes()))


Break: TypeAlias = Callable[[Path], object]


def written(name: str, content: bytes) -> Break:
    return lambda folder: (folder / name).write_bytes(content)


def removed(name: str) -> Break:
    return lambda folder: (folder / name).unlink()


def replaced(name: str, old: str, new: str) -> Break:
    """Replace the first `old` in a file, which must be there."""

    def replace(folder: Path) -> None:
        before, found, after = (folder / name).read_text("utf-8").partition(old)
        assert found, f"{name} does not hold {old!r}: mend this test"
        (folder / name).write_text(f"{before}{new}{after}", "utf-8")

    return replace


# -- answers ------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_assess_prints_the_short_text_of_a_file(path: Path, run: Run) -> None:
    assert run("assess", str(path)) == Ran(0, f"{of_file(path).text()}\n", "")


def test_assess_prints_the_detail_that_is_asked_for(run: Run) -> None:
    answer = of_file(UNKNOWN)
    short, full = answer.text(detail="short"), answer.text(detail="full")
    assert short != full
    assert run("assess", str(UNKNOWN), "--detail", "short").out == f"{short}\n"
    assert run("assess", str(UNKNOWN), "--detail", "full").out == f"{full}\n"


@pytest.mark.parametrize("detail", ["decision", "standard", "full"])
def test_assess_prints_json_in_the_detail_that_is_asked_for(
    detail: Any, run: Run
) -> None:
    ran = run("assess", str(UNKNOWN), "--json", "--detail", detail)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == of_file(UNKNOWN).to_dict(detail)


def test_a_detail_of_the_text_is_none_of_json_nor_the_other_way_round(run: Run) -> None:
    assert run("assess", str(UNKNOWN), "--json", "--detail", "short") == Ran(
        2,
        "",
        '"short" is a detail of the text; with --json use one of decision, standard, '
        "full\n",
    )
    ran = run("assess", str(UNKNOWN), "--detail", "decision")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        '"decision" is a detail of JSON; without --json use one of '
        f"{', '.join(get_args(Detail))}\n"
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_assess_prints_json_that_is_the_assessment(path: Path, run: Run) -> None:
    ran = run("assess", "--json", str(path))
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == of_file(path).to_dict()
    assert Assessment.from_json(ran.out) == of_file(path)


def test_assess_reads_the_case_from_standard_input(
    run: Run, stdin: Callable[[bytes], None]
) -> None:
    stdin(CHEEK.read_bytes())
    assert run("assess", "-") == run("assess", str(CHEEK))


def test_a_case_that_only_looks_odd_is_assessed_with_a_warning(
    run: Run, stdin: Callable[[bytes], None]
) -> None:
    stdin(b'{"lesion": {"size_mm": 4, "diagnosis": "confirmed"}}')
    ran = run("assess", "-")
    assert (ran.code, ran.err) == (0, "")
    assert "\nODD       Usual milia are at most 3 mm: reconsider" in ran.out


def test_a_case_that_is_old_today_is_assessed_with_a_warning(
    run: Run, stdin: Callable[[bytes], None]
) -> None:
    stdin(b'{"patient": {"age_years": 34}, "as_of": "2000-01-01"}')
    ran = run("assess", "-")
    assert (ran.code, ran.err) == (0, "")
    assert "\nODD       The case was stated on 2000-01-01, " in ran.out


def test_check_examines_a_folder(run: Run) -> None:
    base = load_knowledge(SMALL)
    ran = run("check", SMALL)
    assert (ran.code, ran.err) == (0, "")
    first, second, *_ = ran.out.splitlines()
    assert first == "Examination of the knowledge: nothing must be mended"
    assert second.startswith(f"{capital(base.about.notice)}. ")
    said = " ".join(ran.out.split())
    assert f"Knowledge: {base.about.version}, {base.digest}" in said
    counts = f"{len(base.facts)} facts, {len(base.decisions)} decisions (exclusive and"
    assert f"- Contents: {counts}" in said
    proved = f"Guarantees {len(base.guarantees)} proved for every complete case, none"
    assert f"{proved} broken" in said


def test_check_compares_the_folder_that_it_is_given(run: Run, folder: Path) -> None:
    replaced("about.toml", 'version = "', 'version = "9')(folder)
    ran = run("check", str(folder))
    assert ran.code == 0
    assert f"Compared with {load_knowledge().about.version}," in ran.out
    assert "no result changes in any case" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ([], {}),
        (["--triage"], {"triage": True}),
        (["--option", "extraction"], {"option": "extraction"}),
        (["--scenario", "newborn"], {"scenario": "newborn"}),
        (
            ["--scenario", "newborn", "--option", "observation"],
            {"scenario": "newborn", "option": "observation"},
        ),
    ],
    ids=["whole", "triage", "option", "scenario", "both"],
)
def test_graph_prints_the_part_that_is_asked_for(
    arguments: list[str], parts: dict[str, str], run: Run
) -> None:
    # The keys are those that it takes.
    drawn = mermaid(load_knowledge(), **parts)  # type: ignore[arg-type]
    assert run("graph", *arguments) == Ran(0, f"{drawn}\n", "")


def test_schema_prints_a_json_schema_that_tells_cases_from_other_things(
    run: Run,
) -> None:
    ran = run("schema")
    assert (ran.code, ran.err) == (0, "")
    schema = json.loads(ran.out)
    assert schema == case_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    accepts = jsonschema.Draft202012Validator(schema).is_valid
    assert all(accepts(json.loads(path.read_bytes())) for path in EXAMPLES)
    assert not accepts({"patient": {"pregnent": True}})


def test_schema_prints_that_of_a_result(run: Run) -> None:
    ran = run("schema", "--result")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == result_schema()


@pytest.mark.parametrize("name", ["extraction", "topical_anaesthetic"])
def test_explain_explains_options_and_measures(name: str, run: Run) -> None:
    said = explained(load_knowledge(), name)
    assert run("explain", name) == Ran(0, f"{said}\n", "")


def test_explain_without_an_id_lists_every_id(run: Run) -> None:
    base = load_knowledge()
    ran = run("explain")
    assert (ran.code, ran.err) == (0, "")
    listed = re.findall(r"^  (\w+): ", ran.out, re.MULTILINE)
    assert listed == [*base.options, *base.measures, *base.alerts]
    assert "\n  extraction: extraction\n" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["age=35", str(CHEEK), "--json", "pregnancy=unknown"],
        ["--json", "age=35", str(CHEEK), "pregnancy=unknown"],
        [str(CHEEK), "age=35", "pregnancy=unknown", "--json"],
    ],
)
def test_facts_go_before_those_of_the_file_wherever_they_stand(
    arguments: list[str], run: Run
) -> None:
    case = Case.from_json(CHEEK.read_bytes())
    case = case.stating({"age_years": 35, "pregnancy": None})
    assert json.loads(run("assess", *arguments).out) == assess(case).to_dict()


def test_leaflet_and_grid_take_facts_too(run: Run) -> None:
    answer = assess(Case.from_json(CHEEK.read_bytes()).stating({"count": 3}))
    drawn = run("leaflet", str(CHEEK), "count=3", "extraction")
    assert html.unescape(drawn.out) == html.unescape(leaflet(answer, "extraction"))
    later = run("leaflet", str(CHEEK), "--knowledge", str(SHIPPED), "extraction")
    assert later == run("leaflet", str(CHEEK), "extraction")
    grid = run("grid", str(CHEEK), "count=3", "--text")
    assert grid.out == f"{answer.compare().text()}\n"


RED_FLAG = next(path for path in EXAMPLES if path.stem == "red_flag")


def test_a_letter_is_printed_or_written_to_a_file(run: Run, tmp_path: Path) -> None:
    answer = assess(Case.from_json(RED_FLAG.read_bytes()))
    printed = run("letter", str(RED_FLAG), "--format", "markdown")
    assert printed == Ran(0, letter(answer, format="markdown"), "")
    file = tmp_path / "letter.html"
    assert run("letter", str(RED_FLAG), "-o", str(file)) == Ran(0, "", "")
    assert html.unescape(file.read_text("utf-8")) == html.unescape(letter(answer))
    nowhere = run("letter", str(RED_FLAG), "-o", str(tmp_path))
    assert (nowhere.code, nowhere.out) == (2, "")
    assert str(tmp_path) in nowhere.err


def test_the_leaflet_for_who_is_referred_is_refused_where_nobody_is(run: Run) -> None:
    referred = run("leaflet", str(RED_FLAG), "referred", "--format", "markdown")
    assert referred.out.startswith("# A specialist should look at this first\n")
    for command in (["letter", str(CHEEK)], ["leaflet", str(CHEEK), "referred"]):
        ran = run(*command)
        assert (ran.code, ran.out) == (2, "")
        assert "this assessment refers nobody" in ran.err
        assert "there are leaflets on extraction, " in ran.err


def test_facts_lists_every_fact_and_setting_in_order(run: Run) -> None:
    ran = run("facts")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == list(FACTS)
    assert max(map(len, lines)) <= 80
    assert "    age: number, 0 to 120 years" in lines


def test_facts_may_be_asked_for_by_name(run: Run) -> None:
    age = """\
patient.age_years
    age: number, 0 to 120 years
    How old is the patient?
    Completed years plus the days since the last birthday over the length of
    that year. For a baby, days or weeks are needed: 28 days, 3 months and 1
    year are limits.
    Type age=0
"""
    assert run("facts", "age") == Ran(0, age, "")
    assert run("facts", "site", "age").out.startswith("lesion.site\n")
    assert run("facts", "sit").err == (
        'no fact or section "sit"; did you mean "site"? (milia-cds facts lists them '
        "all)\n"
    )
    goals = re.findall(r"^\S+", run("facts", "goals").out, re.MULTILINE)
    assert goals == [name for name in FACTS if name.startswith("goals.")]


def test_version_names_the_program_and_its_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"milia-cds \d+\.\d+\.\d+\n", ran.out)


def test_help_names_every_command_the_exit_codes_and_the_draft(run: Run) -> None:
    ran = run("--help")
    assert (ran.code, ran.err) == (0, "")
    named = re.findall(r"^    (\w+)\b", ran.out, re.MULTILINE)
    assert tuple(named) == COMMANDS
    assert "Exit codes: 0 an answer, 2 bad input, 3 bad knowledge." in ran.out
    assert "Draft, not" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str, run: Run) -> None:
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: milia-cds {command} [-h]")
    examples = re.findall(r"^  milia-cds (\w+)", ran.out, re.MULTILINE)
    assert set(examples) == {command}
    assert " ".join(ran.out.split()).endswith(
        "Exit codes: 0 an answer, 2 bad input, 3 bad knowledge. Where it ends before "
        "that: 4 out of memory, 130 interrupted."
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", str(UNKNOWN), "--json"],
        ["graph", "--option", "cryotherapy"],
        ["explain", "cryotherapy"],
        ["facts"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_faithful_copy_of_the_knowledge_gives_the_same_answers(
    arguments: list[str], run: Run, folder: Path
) -> None:
    assert run(*arguments, "--knowledge", str(folder)) == run(*arguments)


def test_the_knowledge_that_is_given_is_the_one_that_answers(
    run: Run, folder: Path
) -> None:
    replaced("criteria.toml", "weight = 8", "weight = 9")(folder)
    stamp = json.loads(run("assess", "--json", str(CHEEK)).out)
    other = run("assess", "--json", str(CHEEK), "--knowledge", str(folder))
    mine = json.loads(other.out)
    assert mine["knowledge"]["digest"] != stamp["knowledge"]["digest"]
    assert mine["ranking"][0]["of"] == stamp["ranking"][0]["of"] + 4


# -- colour -------------------------------------------------------------------


def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the captured output look like a terminal that wants colour."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("detail", ["short", "full"])
def test_there_is_no_colour_in_a_pipe(
    detail: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert ESCAPE not in run("assess", str(UNKNOWN), "--detail", detail).out


@pytest.mark.parametrize(
    ("no_color", "coloured"),
    [(None, True), ("", True), ("1", False), ("0", False)],
    ids=["unset", "empty", "one", "zero"],
)
def test_a_terminal_gets_colour_unless_no_color_is_set(
    no_color: str | None,
    coloured: bool,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal(monkeypatch)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    expected = of_file(UNKNOWN).text(colour=coloured)
    assert (ESCAPE in expected) is coloured
    assert run("assess", str(UNKNOWN)).out == f"{expected}\n"


def test_a_dumb_terminal_gets_no_colour(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    assert ESCAPE not in run("assess", str(UNKNOWN)).out


@pytest.mark.parametrize(
    ("terminal_is", "widest"),
    [(20, 40), (40, 40), (64, 64), (100, 100), (300, 100)],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", str(UNKNOWN)],
        ["grid", str(UNKNOWN), "--text"],
        ["explain", "steaming"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_on_a_terminal_the_text_is_as_wide_as_it(
    terminal_is: int,
    widest: int,
    arguments: list[str],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(terminal_is))
    lines = [
        line
        for line in run(*arguments).out.splitlines()
        if not line.startswith("sha256:")
    ]
    assert widest - 10 < max(map(len, lines)) <= widest


def test_in_a_pipe_the_text_has_80_columns_whatever_the_terminal_has(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert run("assess", str(UNKNOWN)).out == f"{of_file(UNKNOWN).text()}\n"


@pytest.mark.parametrize(
    "arguments",
    [["assess", str(UNKNOWN), "--json"], ["schema"], ["graph"], ["check", SMALL]],
    ids=lambda arguments: arguments[0],
)
def test_what_a_program_reads_is_never_coloured(
    arguments: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)
    assert ESCAPE not in run(*arguments).out


# -- bad input ----------------------------------------------------------------

AGE = "give a number from 0 to 120 years, or null (for not known)"
SECTIONS = "patient, lesion, findings, history, goals, clinic"
USE_SCREENED = f"use one of {', '.join(get_args(Screened))}"
NO_WEIGHT = {
    "goals": {
        "weights": dict.fromkeys(
            (
                "clearance",
                "speed",
                "visits",
                "downtime",
                "comfort",
                "pigment",
                "scarring",
                "cost",
                "evidence",
            ),
            0,
        )
    }
}

BAD_CASES = [
    pytest.param(
        b"",
        "the text: the text is empty; give a JSON object; {} says nothing",
        id="empty",
    ),
    pytest.param(
        b"site: cheek",
        "the text: this looks like YAML, not JSON; put names and texts in "
        'double quotes, and facts in { }, as in {"section": {"fact": value}}',
        id="no_json",
    ),
    pytest.param(
        b'{"patient": {\n"age_years": ',
        "line 2, column 14: this is not JSON: the text ends too early; add }} "
        "at the end",
        id="cut_short",
    ),
    pytest.param(
        b"{} {}",
        "line 1, column 4: this is not JSON: a second value begins here; give "
        "one at a time",
        id="two_values",
    ),
    pytest.param(
        '{"patient": "é"}'.encode("latin-1"),
        "the text: byte 13 is not UTF-8; save the text as UTF-8",
        id="latin_1",
    ),
    pytest.param(
        b"\xff\xfe{\x00}\x00",
        "the text: byte 0 is not UTF-8; save the text as UTF-8",
        id="utf_16",
    ),
    pytest.param(
        b"\xef\xbb\xbf{}",
        "the text: the text begins with a byte-order mark; save it as UTF-8 without a "
        "byte-order mark",
        id="byte_order_mark",
    ),
    pytest.param(
        b'{"patient": {"age_years": NaN}}',
        "patient.age_years: NaN is not a usable number; NaN says nothing: give "
        "a number from 0 to 120 years, or null (for not known)",
        id="nan",
    ),
    pytest.param(
        b'{"lesion": {"size_mm": -Infinity}}',
        "lesion.size_mm: -Infinity is not a usable number; -Infinity says "
        "nothing: give a number from 0.1 to 50 mm, or null (for not known)",
        id="infinity",
    ),
    pytest.param(
        b'{"patient": {"age_years": 1e999}}',
        "patient.age_years: 1e999 is not a usable number; 1e999 says nothing: "
        "give a number from 0 to 120 years, or null (for not known)",
        id="infinity_by_overflow",
    ),
    pytest.param(
        b'{"lesion": {"count": %b}}' % (b"9" * 400),
        "lesion.count: 99999999999999999999... is not a usable number; "
        "99999999999999999999... says nothing: give a whole number from 1 to "
        "10000, or null (for not known)",
        id="hundreds_of_digits",
    ),
    pytest.param(
        b'{"patient": {"pregnancy": "none"}, "patient": {}}',
        'patient: the key "patient" is given twice; give it once',
        id="section_twice",
    ),
    pytest.param(
        b'{"patient": {"pregnancy": "pregnant", "pregnancy": "none"}}',
        'patient.pregnancy: the key "pregnancy" is given twice; give it once: '
        '"pregnant" or "none", whichever is right',
        id="fact_twice",
    ),
    pytest.param(
        b'{"patient": {"pregnent": true}}',
        'patient.pregnent: "pregnent" is no fact of patient; it belongs at '
        'patient.pregnancy: write "pregnant" (confirmed)',
        id="misspelt_fact",
    ),
    pytest.param(
        b'{"findings": {"pacemaker": true}}',
        'findings.pacemaker: "pacemaker" is no fact of findings; write '
        '{"history": {"pacemaker": true}}',
        id="fact_of_another_section",
    ),
    pytest.param(
        b'{"pateint": {}}',
        'pateint: "pateint" is no section of a case; did you mean "patient"?',
        id="misspelt_section",
    ),
    pytest.param(
        b'{"lesion": {"site": "cheeck"}}',
        'lesion.site: "cheeck" is not a member; did you mean "cheek"? The '
        "members are scalp, forehead, temple, upper_eyelid, lower_eyelid, "
        "lid_margin, canthus, periorbital, nose, nasal_crease, cheek, lip, "
        "chin, ear, periauricular, neck, chest, back, abdomen, axilla, areola, "
        "genital, arm, hand, leg, foot, oral_mucosa, or null (for not known)",
        id="misspelt_member",
    ),
    pytest.param(
        b'{"lesion": {"origin": "tertium"}}',
        'lesion.origin: "tertium" is not a member; use one of primary, '
        "secondary, or null (for not known)",
        id="unheard_of_member",
    ),
    pytest.param(
        b'{"lesion": {"origin": "\\u001b[31m"}}',
        'lesion.origin: "\\u001b[31m" is not a member; use one of primary, '
        "secondary, or null (for not known)",
        id="terminal_codes",
    ),
    pytest.param(
        b'{"lesion": {"origin": "\\ud800"}}',
        "lesion.origin: a text has a lone surrogate; repair the text\n"
        '  lesion.origin: "\\ud800" is not a member; use one of primary, '
        "secondary, or null (for not known)",
        id="lone_surrogate",
    ),
    pytest.param(
        b'{"history": {"pacemaker": "no"}}',
        'history.pacemaker: "no" is not yes or no; for no write false, without '
        "quotation marks",
        id="yes_no_as_text",
    ),
    pytest.param(
        b'{"history": {"pacemaker": 0}}',
        "history.pacemaker: 0 is not yes or no; for no write false",
        id="yes_no_as_number",
    ),
    pytest.param(
        b'{"patient": {"age_years": "34"}}',
        'patient.age_years: "34" is not a number; write 34, without quotation marks',
        id="number_as_text",
    ),
    pytest.param(
        b'{"patient": {"age_years": true}}',
        f"patient.age_years: true is not a number; {AGE}",
        id="number_as_yes",
    ),
    pytest.param(
        b'{"patient": {"phototype": 3.9}}',
        "patient.phototype: 3.9 is not a whole number; write 3 or 4, whichever "
        "is meant, or null (for not known)",
        id="fraction_for_a_whole_number",
    ),
    pytest.param(
        b'{"patient": {"pregnancy": false}}',
        'patient.pregnancy: false is not the name of a member; write "none" '
        '(absent, could occur) or "not_possible" (impossible), whichever it is, '
        "or null (for not known); impossible means male, before the menarche, "
        'after the menopause or a hysterectomy; on contraception it is "none"',
        id="choice_as_no",
    ),
    pytest.param(
        b'{"lesion": {"site": ["cheek"]}}',
        'lesion.site: a list is not the name of a member; write "cheek", without [ ]',
        id="choice_as_list",
    ),
    pytest.param(
        b'{"history": {"failed": "extraction"}}',
        'history.failed: "extraction" is not a list; put it in a list: write '
        '["extraction"]',
        id="set_as_text",
    ),
    pytest.param(
        b'{"history": {"failed": ["extracton"]}}',
        'history.failed[0]: "extracton" is not a member; did you mean "extraction"? '
        f"The members are {OPTIONS}",
        id="misspelt_option_in_a_set",
    ),
    pytest.param(
        b'{"clinic": {"offers": ["extraction", "extraction"]}}',
        'clinic.offers[1]: "extraction" is listed twice; remove one',
        id="option_twice_in_a_set",
    ),
    pytest.param(
        b'{"goals": {"weights": [3]}}',
        "goals.weights: a list is no object; give an object of criterion and weight, "
        "or null (for not known)",
        id="weights_as_list",
    ),
    pytest.param(
        b'{"goals": {"weights": {"costs": 1}}}',
        'goals.weights.costs: "costs" is no criterion; did you mean "cost"?',
        id="unheard_of_criterion",
    ),
    pytest.param(
        b'{"goals": {"weights": {"cost": 2.5}}}',
        "goals.weights.cost: 2.5 is not a whole number; give a whole number from 0 to "
        "10",
        id="fraction_as_weight",
    ),
    pytest.param(
        b'{"goals": {"weights": {"cost": 11}}}',
        "goals.weights.cost: 11 is out of bounds; give a whole number from 0 to 10",
        id="weight_out_of_bounds",
    ),
    pytest.param(
        json.dumps(NO_WEIGHT).encode(),
        "goals.weights: every weight is 0, so nothing can be told apart; give at "
        "least one criterion a weight from 1 to 10",
        id="every_weight_zero",
    ),
    pytest.param(
        b'{"patient": {"age_years": -0.01}}',
        f"patient.age_years: -0.01 is out of bounds; {AGE}",
        id="below_the_bounds",
    ),
    pytest.param(
        b'{"patient": {"phototype": 7}}',
        "patient.phototype: 7 is out of bounds; give a whole number from 1 to "
        "6, or null (for not known)",
        id="above_the_bounds",
    ),
    pytest.param(
        b'{"patient": null}',
        "patient: null is no object; give an object of facts, or leave the key out",
        id="null_section",
    ),
    pytest.param(
        b'{"findings": ["growing"]}',
        "findings: a list is no object; give an object of facts, or leave the "
        'key out: for "growing" write {"findings": {"growing": true}}',
        id="list_as_section",
    ),
    pytest.param(
        b"[]",
        f"case: a list is no object; give an object with the sections {SECTIONS}",
        id="list_as_case",
    ),
    pytest.param(
        b"null",
        "case: null is no object; give an object with the sections patient, "
        "lesion, findings, history, goals, clinic; {} where nothing is known",
        id="null_as_case",
    ),
    pytest.param(
        b"[" * 100_000,
        "the text: the values are nested too deeply; a document here has at most 20 "
        "levels",
        id="bottomless",
    ),
    pytest.param(
        b'{"assume_absent": "history"}',
        'assume_absent: "history" is not a list; write ["history"]',
        id="assume_absent_as_text",
    ),
    pytest.param(
        b'{"assume_absent": null}',
        "assume_absent: null is not a list; leave the key out",
        id="assume_absent_null",
    ),
    pytest.param(
        b'{"assume_absent": ["history.keloid"]}',
        'assume_absent[0]: "history.keloid" cannot be assumed absent; ' + USE_SCREENED,
        id="assume_absent_of_a_fact",
    ),
    pytest.param(
        b'{"assume_absent": ["history", "history"]}',
        'assume_absent[1]: "history" is listed twice; list it once',
        id="assume_absent_twice",
    ),
    pytest.param(
        b'{"lesion": {"origin": "primary", "cause": "burn"}}',
        "lesion.origin and lesion.cause: A primary milium has no cause: leave the "
        "cause out, or call the milia secondary; correct one of them, or give null "
        "where it is not known",
        id="primary_with_a_cause",
    ),
    pytest.param(
        b'{"lesion": {"origin": "secondary", "cause": "isotretinoin"}, '
        b'"history": {"isotretinoin": "never"}}',
        "lesion.cause and history.isotretinoin: Isotretinoin cannot be the cause if "
        "it was never taken: say when it was taken, or choose another cause; correct "
        "one of them, or give null where it is not known",
        id="isotretinoin_that_was_never_taken",
    ),
    pytest.param(
        b'{"lesion": {"origin": "secondary", "cause": "porphyria"}, '
        b'"history": {"porphyria": false}}',
        "lesion.cause and history.porphyria: Porphyria cannot be the cause if the "
        "patient has none: correct the history, or choose another cause; correct one "
        "of them, or give null where it is not known",
        id="porphyria_that_is_not_there",
    ),
    pytest.param(
        b'{"patient": {"age_years": "34", "phototype": 7}, "lesions": {}, '
        b'"assume_absent": ["goals"]}',
        'patient.age_years: "34" is not a number; write 34, without quotation '
        "marks\n"
        "  patient.phototype: 7 is out of bounds; give a whole number from 1 to "
        "6, or null (for not known)\n"
        '  lesions: "lesions" is no section of a case; did you mean "lesion"?\n'
        '  assume_absent[0]: "goals" cannot be assumed absent; ' + USE_SCREENED,
        id="several_at_once",
    ),
]


def complaint(problems: str) -> str:
    count = problems.count("\n") + 1
    heading = f"The case has {count} problem{'s' if count > 1 else ''}:"
    return f"{heading}\n  {problems}\n"


@pytest.mark.parametrize(("content", "problems"), BAD_CASES)
def test_a_bad_case_is_refused_with_its_path_and_how_to_mend_it(
    content: bytes, problems: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    for output in ([], ["--json"]):
        assert run("assess", str(path), *output) == Ran(2, "", complaint(problems))


def test_bad_input_by_pipe_is_refused_like_bad_input_by_file(
    run: Run, stdin: Callable[[bytes], None]
) -> None:
    stdin(b'{"patient": {"phototype": 7}}')
    problem = (
        "patient.phototype: 7 is out of bounds; give a whole number from 1 to 6, or "
        "null (for not known)"
    )
    assert run("assess", "-") == Ran(2, "", complaint(problem))


ALL_OPTIONS = ", ".join(sorted(get_args(OptionId)))

BAD_NAMES = [
    pytest.param(
        ["assess", "nowhere.json"],
        "nowhere.json: No such file or directory; give a file that can be read",
        id="no_such_file",
    ),
    pytest.param(
        ["assess", str(SHIPPED)],
        f"{SHIPPED}: Is a directory; give a file that can be read",
        id="folder_as_file",
    ),
    pytest.param(
        ["assess", "site:cheek"],
        "site:cheek: No such file or directory; give a file that can be read, or a "
        "fact with =, such as age=34",
        id="fact_with_a_colon",
    ),
    pytest.param(
        ["explain", "extracton"],
        'no option, measure or alert "extracton"; did you mean "extraction"? '
        "(milia-cds explain lists them all)",
        id="explain_misspelt",
    ),
    pytest.param(
        ["explain", "?"],
        'no option, measure or alert "?"; it is none of the 44 names in use '
        "(milia-cds explain lists them all)",
        id="explain_nonsense",
    ),
    pytest.param(
        ["graph", "--option", "cryoterapy"],
        'no option "cryoterapy"; did you mean "cryotherapy"?',
        id="graph_of_a_misspelt_option",
    ),
    pytest.param(
        ["graph", "--option", "lidocaine_infiltration"],
        f'no option "lidocaine_infiltration"; use one of {ALL_OPTIONS}',
        id="graph_of_a_measure",
    ),
    pytest.param(
        ["graph", "--scenario", "newborm"],
        'no scenario "newborm"; did you mean "newborn"?',
        id="graph_of_a_misspelt_scenario",
    ),
    pytest.param(
        ["graph", "--option", "extraction", "--scenario", "newborm"],
        'no scenario "newborm"; did you mean "newborn"?',
        id="graph_of_both_and_one_is_misspelt",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_NAMES)
def test_a_name_that_does_not_exist_is_refused_with_the_nearest(
    arguments: list[str], message: str, run: Run
) -> None:
    assert run(*arguments) == Ran(2, "", f"{message}\n")


NO_CASE = (
    "no case is given; give a file, or - for standard input, or facts such as age=34 "
    "site=cheek (milia-cds facts lists them)\n"
)


@pytest.mark.parametrize("command", ["assess", "grid"])
def test_without_a_case_it_is_said_how_to_give_one(command: str, run: Run) -> None:
    assert run(command) == Ran(2, "", NO_CASE)
    assert run("leaflet", "extraction") == Ran(2, "", NO_CASE)
    assert run("leaflet", str(CHEEK)) == Ran(
        2,
        "",
        f"{CHEEK}: which leaflet is meant? After the case, give the id of an offered "
        "option, or referred\n",
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ["assess", str(CHEEK), "--json", "--rich"],
            "--json and --rich are two forms; give one of them\n",
        ),
        (
            ["graph", "--path", "--case", str(CHEEK), "--option", "extraction"],
            "--path draws the whole path; leave out the choice of a part\n",
        ),
    ],
)
def test_what_does_not_go_together_is_not_passed_over(
    command: list[str], said: str, run: Run
) -> None:
    assert run(*command) == Ran(2, "", said)


def test_two_files_are_two_cases(run: Run) -> None:
    assert run("assess", "a.json", "b.json") == Ran(
        2,
        "",
        "a.json, b.json would be 2 cases; give one file. A fact is written with =, "
        "such as age=34\n",
    )


def test_without_a_command_the_help_says_which_there_are(run: Run) -> None:
    asked, told = run("--help"), run()
    assert (told.code, told.out) == (2, "")
    assert told.err == asked.out


BAD_USAGE = [
    pytest.param(
        ["asses", "case.json"],
        'argument COMMAND: there is no "asses"; did you mean assess?',
        id="misspelt_command",
    ),
    pytest.param(
        ["treat"],
        f'argument COMMAND: there is no "treat"; use one of {", ".join(COMMANDS)}',
        id="unheard_of_command",
    ),
    pytest.param(
        ["leaflet"],
        "the following arguments are required: OPTION",
        id="no_option_of_a_leaflet",
    ),
    pytest.param(
        ["graph", "--option"],
        "argument --option: expected one argument",
        id="no_name_after_the_flag",
    ),
    pytest.param(
        ["schema", "--indent", "2"],
        'there is no option "--indent" here; use one of --help, --result, --knowledge',
        id="unheard_of_flag",
    ),
    pytest.param(
        ["assess", "age=34", "--jsn"],
        'there is no option "--jsn" here; did you mean --json?',
        id="misspelt_flag",
    ),
    pytest.param(
        ["grid", "--age", "34"],
        'there is no option "--age" here; use one of --help, --text, --whole, '
        "--output, --knowledge, --policy. A fact is written without -, such as age=34",
        id="fact_as_flag",
    ),
    pytest.param(
        ["review", "review.html"],
        'there is no argument "review.html" here; milia-cds review --help says what '
        "there is",
        id="one_word_too_many",
    ),
    pytest.param(
        ["assess", str(CHEEK), "--detail", "long"],
        'argument --detail: there is no "long"; use one of decision, brief, short, '
        "standard, full",
        id="unknown_detail",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_USAGE)
def test_wrong_usage_is_refused_with_the_right_usage(
    arguments: list[str], message: str, run: Run
) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: milia-cds")
    assert re.sub(r"^milia-cds[ \w]*: error: ", "", ran.err.splitlines()[-1]) == message


def test_explain_suggests_measures_too(run: Run) -> None:
    assert (
        'did you mean "topical_anaesthetic"?'
        in run("explain", "topical_anesthetic").err
    )


# -- bad knowledge ------------------------------------------------------------

BAD_KNOWLEDGE = [
    pytest.param(
        removed("about.toml"),
        "about.toml: the file is missing; add it",
        id="file_missing",
    ),
    pytest.param(
        written("about.toml", b'name = "x"\nnotice = draft\n'),
        "about.toml: this is not TOML: Invalid value (at line 2, column 10); mend "
        "the syntax there",
        id="file_not_toml",
    ),
    pytest.param(
        written("terms.toml", b'# \xe9\n[set.x]\nfact = "y"\n'),
        "terms.toml: byte 2 is not UTF-8; save it as UTF-8",
        id="file_not_utf_8",
    ),
    pytest.param(
        written("criterias.toml", b""),
        'criterias.toml: no file of this name is read; did you mean "criteria.toml"?',
        id="file_that_nothing_reads",
    ),
    pytest.param(
        replaced("about.toml", 'version = "', 'users_ = 3\nversion = "'),
        'about.toml: users_: there is no key "users_" here; did you mean "users"?',
        id="unknown_key",
    ),
    pytest.param(
        written(
            "reviews.toml",
            b'[[signature]]\nsection = "rulez"\nname = "A"\nrole = "B"\n'
            b'date = "2027-01-31"\ndigest = "sha256:0"\n',
        ),
        'reviews.toml: signature[0].section: "rulez" is not a member; did you mean '
        '"rules"? The members are standings, dangers, guarantees, patients, figures, '
        "leaflets, rules, texts",
        id="misspelt_member",
    ),
    pytest.param(
        replaced("criteria.toml", "weight = 8", 'weight = "8"'),
        'criteria.toml: criterion.clearance.weight: "8" is not a whole number; give a '
        "whole number",
        id="wrong_type",
    ),
    pytest.param(
        replaced("criteria.toml", "weight = 8", "weight = 11"),
        "criteria.toml: criterion.clearance.weight: 11 is out of bounds; give a whole "
        "number from 0 to 10",
        id="out_of_bounds",
    ),
    pytest.param(
        replaced("options/electrodesiccation.toml", "base = 3", "base = 5"),
        "options/electrodesiccation.toml: level.clearance.base: 5 is no level; give 0 "
        "(worst) to 4 (best)",
        id="no_level",
    ),
    pytest.param(
        replaced("triage.toml", 'when = "not red_flag"', 'when = "not red_flg"'),
        "triage.toml: decision.warning_sign.branch[1].when, column 5: there is no "
        'fact or term "red_flg"; did you mean "red_flag"?',
        id="condition_on_nothing",
    ),
    pytest.param(
        replaced("triage.toml", 'to = "adult_many_face"', 'to = "adult_mny_face"'),
        "triage.toml: decision.how_many.branch[0].to: there is no decision or "
        'scenario "adult_mny_face"; did you mean "adult_many_face"?',
        id="branch_to_nowhere",
    ),
    pytest.param(
        replaced("criteria.toml", "judgement = true", 'sources = ["E1499"]'),
        'criteria.toml: criterion.clearance.sources: there is no source "E1499"; did '
        'you mean "E149"?',
        id="unknown_source",
    ),
    pytest.param(
        replaced("criteria.toml", "judgement = true\n", "\n"),
        "criteria.toml: criterion.clearance: the claim has no source and is no "
        "judgement; add sources = [...], or judgement = true",
        id="claim_without_a_source",
    ),
]


def of_knowledge(problem: str) -> str:
    return f"The knowledge base has 1 problem:\n  {problem}\n"


@pytest.mark.parametrize(("broken", "problem"), BAD_KNOWLEDGE)
def test_bad_knowledge_is_refused_with_its_file_and_key(
    broken: Break, problem: str, run: Run, folder: Path
) -> None:
    broken(folder)
    refusal = Ran(3, "", of_knowledge(problem))
    assert run("check", str(folder)) == refusal
    assert run("assess", str(CHEEK), "--knowledge", str(folder)) == refusal


@pytest.mark.parametrize(
    ("branch", "problem"),
    [
        ("many or not many", "branches 1 and 2 are both true for the case "),
        ("not many and lesion.count > 2", "no branch is true for the case "),
    ],
    ids=["overlap", "gap"],
)
def test_a_triage_with_an_overlap_or_a_gap_is_refused_with_an_example(
    branch: str, problem: str, run: Run, folder: Path
) -> None:
    replaced("triage.toml", 'when = "not many"', f'when = "{branch}"')(folder)
    ran = run("check", str(folder))
    assert (ran.code, ran.out) == (3, "")
    heading, said = ran.err.splitlines()
    assert heading == "The knowledge base has 1 problem:"
    assert said.startswith(f"  triage.toml: decision.how_many: {problem}")
    assert " lesion.count = " in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["assess", str(CHEEK), "--knowledge"],
        ["graph", "--knowledge"],
        ["explain", "extraction", "--knowledge"],
        ["facts", "--knowledge"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_knowledge_folder_that_is_none_is_refused(
    arguments: list[str], run: Run
) -> None:
    mend = "give the folder that holds facts.toml and the other files"
    none = f"/no/such/folder: there is no such folder; {mend}"
    assert run(*arguments, "/no/such/folder") == Ran(3, "", of_knowledge(none))
    no_zip = (
        f"{CHEEK}: it is no zip that can be read; {mend}, or a bundle, as "
        "Knowledge.bundle() makes it; it may be damaged"
    )
    assert run(*arguments, str(CHEEK)) == Ran(3, "", of_knowledge(no_zip))


def test_check_alone_refuses_what_nothing_uses(run: Run, tmp_path: Path) -> None:
    folder, case = tmp_path / "data", tmp_path / "case.json"
    shutil.copytree(SMALL, folder)
    case.write_text("{}", encoding="utf-8")
    with (folder / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[unread]\ntitle = "Unread"\ntype = "leaflet"\ncertainty = "low"\n'
            'read = "read"\nchecked = "2026-11-22"\n'
        )
    ran = run("check", str(folder))
    assert (ran.code, ran.err) == (3, "")
    said = " ".join(ran.out.split())
    assert "error: sources.toml: unread nothing uses it" in said
    assert run("assess", str(case), "--knowledge", str(folder)).code == 0


def test_a_folder_that_is_named_like_a_file_is_refused(run: Run, folder: Path) -> None:
    (folder / "options" / "massage.toml").mkdir()
    ran = run("check", str(folder))
    assert (ran.code, ran.out) == (3, "")
    assert "options/massage.toml" in ran.err


# -- as a process -------------------------------------------------------------

SCRIPT = str(Path(sys.executable).with_name("milia-cds"))
MODULE = (sys.executable, "-m", "milia_cds.cli.main")


def process(
    *command: str, given: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own program and our own arguments
        command,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.mark.parametrize("program", [(SCRIPT,), MODULE], ids=["script", "module"])
def test_the_program_answers_what_main_answers(
    program: tuple[str, ...], run: Run
) -> None:
    done = process(*program, "assess", "-", "--json", given=CHEEK.read_bytes())
    expected = run("assess", str(CHEEK), "--json")
    answered = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert answered == expected


@pytest.mark.parametrize(
    ("arguments", "given", "code"),
    [
        (["assess", "-"], CHEEK.read_bytes(), 0),
        (["assess", "-"], b"[", 2),
        (["assess"], b"", 2),
        (["explain", "surgery"], b"", 2),
        (["check", "/no/such/folder"], b"", 3),
    ],
    ids=["answer", "bad_case", "bad_usage", "bad_name", "bad_knowledge"],
)
def test_the_program_exits_with_the_code_of_what_happened(
    arguments: list[str], given: bytes, code: int
) -> None:
    done = process(*MODULE, *arguments, given=given)
    assert done.returncode == code
    assert bool(done.stdout) is (code == 0)
    assert bool(done.stderr) is (code != 0)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["graph"],
        ["schema"],
        ["check", SMALL],
        ["assess", str(UNKNOWN), "--detail", "full"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_reader_that_leaves_early_is_no_error(arguments: list[str]) -> None:
    with subprocess.Popen(  # noqa: S603 - as above
        [*MODULE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        complained = started.stderr.read()
        assert (started.wait(60), complained) == (0, b"")


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    return process("/bin/sh", "-c", line)


def test_the_head_of_the_graph_can_be_read_alone() -> None:
    done = shell(f"{{ '{SCRIPT}' graph; echo $? >&2; }} | head -1")
    assert (done.stdout, done.stderr) == (b"flowchart TD\n", b"0\n")


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        pytest.param(
            f"'{SCRIPT}' assess - <&-",
            {2},
            id="no_input",
        ),
        pytest.param(
            f"'{SCRIPT}' check '{SMALL}' >&-",
            {0},
            id="no_output",
        ),
        pytest.param(
            f"'{SCRIPT}' check '{SMALL}' > /dev/full",
            {1, 2},
            marks=[
                pytest.mark.skipif(
                    not Path("/dev/full").exists(), reason="only where there is one"
                )
            ],
            id="full_disk",
        ),
        pytest.param(
            f"PYTHONIOENCODING=ascii '{SCRIPT}' facts",
            {0},
            id="ascii_terminal",
        ),
    ],
)
def test_there_is_no_traceback_where_input_or_output_is_missing(
    line: str, codes: set[int]
) -> None:
    done = shell(line)
    assert b"Traceback" not in done.stderr
    assert done.returncode in codes


LINES = [
    ["graph"],
    ["graph", "--triage"],
    ["graph", "--scenario", "newborn"],
    ["explain", "extraction"],
    ["assess", str(UNKNOWN), "--json"],
]


def test_every_process_prints_the_same(run: Run) -> None:
    """Whatever the order of hashes in it."""
    here = "".join(run(*each).out for each in LINES)
    script = (
        "import sys; from milia_cds.cli.main import main; "
        f"sys.exit(sum(map(main, {LINES!r})))"
    )
    for seed in ("1", "2"):
        there = process(sys.executable, "-c", script, PYTHONHASHSEED=seed)
        assert there.returncode == 0
        assert there.stdout.decode() == here


# -- pictures and leaflets --


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], {}),
        (["--triage"], {"triage": True}),
        (["--option", "steaming"], {"option": "steaming"}),
        (["--scenario", "newborn"], {"scenario": "newborn"}),
    ],
)
def test_graph_prints_a_picture_that_stands_alone(
    run: Run, arguments: list[str], part: dict[str, Any]
) -> None:
    ran = run("graph", "--svg", *arguments)
    assert ran.code == 0
    root = ET.fromstring(ran.out)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert html.unescape(ran.out) == html.unescape(decision_graph(**part).svg) + "\n"


def test_graph_highlights_the_way_of_a_case(run: Run) -> None:
    ran = run("graph", "--svg", "--case", str(CHEEK))
    assert html.unescape(ran.out) == (
        html.unescape(decision_graph(of_file(CHEEK)).svg) + "\n"
    )
    rules = run("graph", "--svg", "--option", "extraction", "--case", str(CHEEK))
    assert "offered: first line, place 1" in rules.out


def test_graph_draws_the_path_of_a_case_on_one_screen(run: Run) -> None:
    ran = run("graph", "--path", "--case", str(CHEEK))
    assert html.unescape(ran.out) == (
        html.unescape(path_picture(of_file(CHEEK)).svg) + "\n"
    )
    alone = run("graph", "--path")
    assert alone.code == 2
    assert alone.err == "--path draws the path of a case; add --case FILE\n"


def test_a_case_is_highlighted_in_a_picture_only(run: Run) -> None:
    ran = run("graph", "--case", str(CHEEK))
    assert ran.code == 2
    assert ran.err == (
        "--case highlights the way of a case in a picture; add --svg or --path\n"
    )


def test_leaflet_prints_the_page_of_an_offered_option(run: Run) -> None:
    ran = run("leaflet", str(CHEEK), "extraction")
    assert ran.code == 0
    assert ran.out.startswith("<!doctype html>")
    assert html.unescape(ran.out) == html.unescape(
        leaflet(of_file(CHEEK), "extraction")
    )


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (
            "tretinoin",
            '"tretinoin" is withheld in this assessment, not offered; choose one of ',
        ),
        ("extract", 'no option "extract"; did you mean "extraction"?'),
    ],
)
def test_leaflet_refuses_what_is_not_offered(
    run: Run, option: str, message: str
) -> None:
    ran = run("leaflet", str(UNKNOWN), option)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith(message)


def test_grid_prints_the_options_side_by_side(run: Run) -> None:
    ran = run("grid", str(CHEEK))
    assert ran.code == 0
    assert html.unescape(ran.out) == html.unescape(option_grid(of_file(CHEEK)))
    text = run("grid", str(CHEEK), "--text")
    assert text.out == f"{of_file(CHEEK).compare().text()}\n"


def test_markup_reads_the_same_in_any_encoding(run: Run) -> None:
    for ran in (
        run("leaflet", str(CHEEK), "extraction"),
        run("grid", str(CHEEK)),
        run("graph", "--svg", "--option", "extraction"),
    ):
        assert ran.out.isascii()
