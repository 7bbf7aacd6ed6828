"""The option grid: a few options, the questions that people ask, each cell answered."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from milia_cds import Assessment, Case, assess, load_knowledge, option_grid
from milia_cds.cli.main import main
from milia_cds.explanation.grid import FEWEST, MOST, Grid
from milia_cds.knowledge.model import Knowledge
from tests.common import adult

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EXAMPLE = pytest.mark.parametrize("name", EXAMPLES)
BASE = load_knowledge()
DRAGONS = Path(__file__).parents[1] / "otherworld" / "knowledge"

ROWS = """
[[grid]]
id = "what"
ask = "What is done?"

[[grid]]
id = "calm"
ask = "Is it calm?"
criterion = "peace"

[[grid_note]]
plain = "If you breathe fire, tell us first."
options = ["star_salve"]
when = "dragon.breathes_fire"
judgement = true
"""

CELLS = """
[[cell]]
row = "what"
plain = "Ash for flyers."
when = "dragon.kin in flyers"
judgement = true

[[cell]]
row = "what"
plain = "Ash for those who fire has left."
when = "not dragon.breathes_fire"
judgement = true

[[cell]]
row = "what"
plain = "Ash."
judgement = true
"""


@cache
def answer(name: str) -> Assessment:
    return assess(Case.from_json((FOLDER / f"{name}.json").read_bytes()))


def words(html: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


def tables(html: str) -> list[str]:
    return re.findall(r"<table>.*?</table>", html, re.DOTALL)


# -- which options, and in which order -------------------------------------------------


@EXAMPLE
def test_three_to_five_options_stand_side_by_side(name: str) -> None:
    offered = answer(name).ranking
    columns = answer(name).compare().columns
    assert min(FEWEST, len(offered)) <= len(columns) <= MOST
    assert {each.verdict for each in columns} <= {"offered"}


@EXAMPLE
def test_leaving_alone_comes_first_then_the_order_of_the_ranking(name: str) -> None:
    shown = [each.option for each in answer(name).compare().columns]
    ranked = [each.option for each in answer(name).ranking]
    alone = [each for each in ranked if BASE.options[each].act == "observe"][:1]
    others = [each for each in ranked if each in shown and each not in alone]
    assert shown == [*alone, *others]


@EXAMPLE
def test_nothing_that_fits_well_gives_way_to_what_is_rarely_needed(name: str) -> None:
    grid = answer(name).compare()
    shown = {each.option for each in grid.columns}
    limited = [each for each in grid.columns[1:] if each.standing == "limited"]
    good = [p.option for p in answer(name).ranking if p.standing != "limited"]
    assert not limited or (shown.issuperset(good) and len(shown) <= FEWEST)


@EXAMPLE
def test_every_option_that_may_be_chosen_is_a_column_or_counted(name: str) -> None:
    grid = answer(name).compare()
    assert len(grid.columns) + len(grid.left_out) == len(answer(name).ranking)
    assert len(grid.withheld) == len(answer(name).withheld)


@EXAMPLE
def test_the_whole_table_has_every_option_that_may_be_chosen(name: str) -> None:
    whole = answer(name).compare(whole=True)
    ranked = [each.option for each in answer(name).ranking]
    withheld = {each.option for each in answer(name).withheld}
    shown = [each.option for each in whole.columns]
    assert shown[: len(ranked)] == ranked
    assert set(shown[len(ranked) :]) == withheld
    assert len(shown) == len(ranked) + len(withheld)
    asked = {row.id for row in whole.rows}
    assert not whole.columns or asked == {"what", *BASE.criteria, "risks"}
    assert whole.left_out == whole.withheld == ()


# -- what the cells say ----------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@EXAMPLE
def test_every_cell_says_something(name: str, whole: bool) -> None:
    grid = answer(name).compare(whole=whole)
    for row in grid.rows:
        assert len(row.cells) == len(grid.columns)
        assert all(cell.strip() for cell in row.cells)


@EXAMPLE
def test_only_equal_levels_are_said_twice(name: str) -> None:
    grid = answer(name).compare()
    levels = {
        f"{level[:1].upper()}{level[1:]}."
        for each in BASE.criteria.values()
        for level in each.levels
    }
    said = Counter(
        sentence
        for text in (*grid.wait, *grid.notes, *(c for r in grid.rows for c in r.cells))
        for sentence in re.split(r"(?<=[.?!])\s+", text)
    )
    short = 5  # words: "None.", "One or two." are answers, not sentences
    twice = {
        each
        for each, count in said.items()
        if count > 1 and each not in levels and len(each.split()) >= short
    }
    assert twice == set()


@EXAMPLE
def test_no_row_rates_the_certainty_of_sources(name: str) -> None:
    asked = {row.id for row in answer(name).compare(whole=True).rows}
    assert "certainty" not in asked  # addendum F11


@pytest.fixture(scope="module")
def dragons(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("knowledge")
    shutil.copytree(DRAGONS, folder, dirs_exist_ok=True)
    for name, more in {"criteria.toml": ROWS, "options/ash_bath.toml": CELLS}.items():
        path = folder / name
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    return load_knowledge(folder)


@pytest.mark.parametrize(
    ("kin", "fire", "said"),
    [
        ("cloud", False, "Ash for flyers."),
        ("river", False, "Ash for those who fire has left."),
        (None, True, "Ash."),
        (None, None, "Ash."),
    ],
)
def test_the_first_cell_that_is_known_to_hold_is_said(
    dragons: Knowledge, kin: str | None, fire: bool | None, said: str
) -> None:
    facts = {
        "dragon": {"age_years": 300, "kin": kin, "breathes_fire": fire},
        "patch": {"weeping": True, "glowing": False, "width_cm": 3},
        "assume_absent": ["patch"],
    }
    grid = assess(dragons.case(facts), dragons).compare()
    what, calm = grid.rows[-2:]
    assert (what.question, calm.question) == ("What is done?", "Is it calm?")
    place = [each.option for each in grid.columns].index("ash_bath")
    assert what.cells[place] == said
    assert calm.cells[place] == "Calm."
    note = "If you breathe fire, tell us first."
    assert grid.notes == ((note,) if fire is not False else ())


def test_an_option_without_a_cell_says_what_it_is(dragons: Knowledge) -> None:
    facts = {"dragon": {"age_years": 300}, "assume_absent": ["patch"]}
    grid = assess(dragons.case(facts), dragons).compare()
    place = [each.option for each in grid.columns].index("leave_alone")
    assert grid.rows[-2].cells[place] == "We wait until you moult."


@EXAMPLE
def test_people_ask_seven_questions(name: str) -> None:
    rows = answer(name).compare().rows
    assert [each.id for each in rows] == (
        ["what", "gone", "soon", "visits", "hurt", "marks", "cost"] if rows else []
    )


# -- what stands once ------------------------------------------------------------------


def test_how_often_is_said_once() -> None:
    for name in EXAMPLES:
        text = answer(name).compare().text()
        risky = any(BASE.options[p.option].risk for p in answer(name).ranking)
        assert text.count("obody has counted") <= risky
    assert answer("adult_cheek").compare().text().count("obody has counted") == 1
    assert "obody has counted" not in answer("newborn").compare().text()


@pytest.mark.parametrize(
    ("pregnancy", "said"),
    [("none", True), (None, True), ("pregnant", False), ("not_possible", False)],
)
def test_the_line_about_a_pregnancy_stands_while_it_could_matter(
    pregnancy: str | None, said: bool
) -> None:
    grid = assess(adult(pregnancy=pregnancy)).compare()
    assert any("pregnant" in each for each in grid.notes) == said
    assert (
        "plan a baby" in words(option_grid(assess(adult(pregnancy=pregnancy))))
    ) == said


def test_what_may_become_possible_is_named_before_the_table() -> None:
    said = words(option_grid(assess(adult(pregnancy=None))))
    note = said.index("May become possible once we know more")
    assert said.index("What if I wait?") < note < said.index("What matters most to me")


def test_people_tick_what_matters_to_them() -> None:
    grid = assess(adult()).compare()
    assert "gone soon" in grid.matters
    assert "evidence" not in grid.matters
    assert all(
        f"\u2610 {each}" in words(option_grid(assess(adult()))) for each in grid.matters
    )


def test_nobody_weighs_where_there_is_no_treatment() -> None:
    assert answer("newborn").compare().matters == ()
    assert "What matters most" not in words(option_grid(answer("newborn")))


def test_a_domain_without_short_words_names_its_criteria(dragons: Knowledge) -> None:
    facts = {"dragon": {"age_years": 300, "kin": "river"}, "assume_absent": ["patch"]}
    answer = assess(dragons.case(facts), dragons)
    assert answer.compare(whole=True).matters == ("gleam", "peace")


def test_without_an_option_the_grid_says_so() -> None:
    none = "Nothing is open to compare: no option is offered or withheld."
    assert none in words(option_grid(answer("red_flag")))


# -- how it is written -----------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@EXAMPLE
def test_page_and_text_say_all_of_it(name: str, whole: bool) -> None:
    grid = answer(name).compare(whole=whole)
    page = words(option_grid(answer(name), whole=whole))
    text = " ".join(grid.text().split())
    for said in (page, text):
        for row in grid.rows:
            assert row.question in said
            assert all(" ".join(cell.split()) in said for cell in row.cells)
        assert all(each in said for each in (*grid.notes, grid.knowledge.digest))
        assert not grid.columns or " ".join(grid.wait) in said


@EXAMPLE
def test_the_text_has_lines_of_80_columns_and_begins_as_a_draft(name: str) -> None:
    lines = answer(name).compare().text().splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "raft, not clinically reviewed" in " ".join(lines).partition("> ")[0]


@EXAMPLE
def test_at_most_four_options_of_the_whole_table_stand_side_by_side(name: str) -> None:
    drawn = tables(option_grid(answer(name), whole=True))
    across = [table.count('scope="col"') for table in drawn]
    assert sum(across) == len(answer(name).compare(whole=True).columns)
    assert all(0 < count <= 4 for count in across)


def test_withheld_options_are_folded_and_said_to_be_withheld() -> None:
    given = answer("pregnancy_unknown")
    page = option_grid(given, whole=True)
    unfolded = re.sub(r"<details>.*</details>", "", page, flags=re.DOTALL)
    withheld = "withheld: something is not known"
    assert page.count(withheld) == len(given.withheld) > 0
    assert withheld not in unfolded


def test_the_page_stands_alone_with_notice_and_digest() -> None:
    page = option_grid(answer("adult_cheek"))
    assert page.startswith("<!doctype html>")
    assert "Draft, not clinically reviewed." in page
    assert answer("adult_cheek").knowledge.digest in page
    assert "size:A4 landscape" in page


def test_a_grid_is_written_as_json() -> None:
    grid = answer("adult_cheek").compare()
    read: dict[str, Any] = json.loads(json.dumps(grid.to_dict()))
    assert [each["option"] for each in read["columns"]] == [
        each.option for each in grid.columns
    ]
    assert len(read["rows"]) == len(grid.rows)


def test_a_grid_shows_itself() -> None:
    grid: Grid = answer("adult_cheek").compare()
    bundle = grid._repr_mimebundle_()
    assert bundle["text/plain"] == grid.text() == str(grid)
    assert bundle["text/html"].startswith("<article")


def test_the_command_writes_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, file = str(FOLDER / "adult_cheek.json"), tmp_path / "grid.html"
    assert main(["grid", case, "-o", str(file)]) == 0
    assert main(["grid", case, "--whole", "--text"]) == 0
    assert words(file.read_text("utf-8")) == words(option_grid(answer("adult_cheek")))
    printed = capsys.readouterr().out.rstrip("\n")
    assert printed == answer("adult_cheek").compare(whole=True).text()


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(FOLDER / "adult_cheek.json")
    assert main(["grid", case, "-o", str(tmp_path / "none" / "grid.html")]) == 2
    assert "name a file that can be written" in capsys.readouterr().err
