"""The command `milia-cds check`: what it prints, its page, and what it exits with."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from milia_cds import assess, load_knowledge
from milia_cds.check import Examination, examine, mutation
from milia_cds.check.coverage import coverage
from milia_cds.check.findings import Finding
from milia_cds.check.mutants import mutants
from milia_cds.check.sheets import examination_sheet, overdue, report_sheet
from milia_cds.cli import check as command
from milia_cds.cli.main import main
from milia_cds.knowledge.wording import capital
from milia_cds.render.lines import Detail
from milia_cds.render.writers.html import as_page
from milia_cds.render.writers.text import as_text
from tests.common import examined, vignettes

BASE = load_knowledge()
TODAY = dt.date.fromisoformat("2026-11-25")
DETAILS: tuple[Detail, ...] = ("short", "full")
POLICY = Path(__file__).parents[2] / "examples" / "policy.toml"
SMALL = str(Path(__file__).parents[1] / "otherworld" / "knowledge")
"""A small knowledge base of another domain, which is examined in no time."""


@pytest.fixture
def shipped() -> Examination:
    return examined()


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small knowledge with a forbid gate that became a note."""
    folder = tmp_path_factory.mktemp("broken") / "data"
    shutil.copytree(SMALL, folder)
    file = folder / "options" / "star_salve.toml"
    before = 'kind = "forbid"\nwhen = "hatchling"'
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    changed = text.replace(before, before.replace("forbid", "note"))
    file.write_text(changed, encoding="utf-8")
    return folder


# -- the text -----------------------------------------------------------------


def text_of(examination: Examination, detail: Detail = "short") -> str:
    return as_text(examination_sheet(examination, today=TODAY), detail=detail)


def test_no_line_is_longer_than_80_columns(shipped: Examination) -> None:
    long = [
        line
        for detail in DETAILS
        for line in text_of(shipped, detail).splitlines()
        if len(line) > 80
    ]
    assert long == []


def test_nothing_of_the_shipped_knowledge_must_be_mended(shipped: Examination) -> None:
    said = text_of(shipped)
    first, second, *_ = said.splitlines()
    assert first == "Examination of the knowledge: nothing must be mended"
    assert second.startswith(f"{capital(BASE.about.notice)}. ")
    proved = f"Guarantees {len(BASE.guarantees)} proved for every complete case, none"
    assert f"{proved} broken" in " ".join(said.split())


def test_full_detail_lists_the_notes_and_what_each_guarantee_rests_on(
    shipped: Examination,
) -> None:
    short = text_of(shipped)
    full = text_of(shipped, "full")
    assert " notes (--detail full lists them)" in short
    assert "(--detail full says more: Proved; Gates in the vignettes;" in short
    assert "(--detail full" not in full
    assert "- cryotherapy: by cold_urticaria, cryoglobulinaemia," in full
    assert "- behind them: " in full


def test_a_broken_guarantee_is_printed_as_a_case_that_assess_reproduces(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(broken), "--second-opinion"]) == 3
    said = capsys.readouterr().out
    assert "  - broken: G1: No salve for a hatchling." in said
    found = re.search(r"reproduces:\n(    \{\n.*?\n    \})", said, re.DOTALL)
    assert found is not None
    base = load_knowledge(broken)
    case = base.case(json.loads(found[1]))
    assert "star_salve" in [place.option for place in assess(case, base).ranking]
    assert "z3 breaks it too. [second.guarantee]" in said


CAVE = """
name = "Cave"
version = "2"

[[gate]]
option = "star_salve"
id = "breath"
kind = "forbid"
when = "dragon.breathes_fire"
text = "No starlight near fire in this cave."
plain = "You breathe fire."
judgement = true

[[step]]
id = "broom"
phase = "preparation"
timing = "before"
options = ["ash_bath"]
text = "Sweep the cave."
plain = "We sweep."
judgement = true

[[fhir.code]]
fact = "dragon.breathes_fire"
system = "urn:example:cave"
codes = ["7", "8"]
means = "yes"

[[fhir.code]]
fact = "dragon.breathes_fire"
system = "urn:example:cave"
codes = ["0"]
means = "no"
judgement = true
"""


def test_a_policy_is_compared_and_named_and_its_texts_are_to_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "cave.toml"
    policy.write_text(CAVE, "utf-8")
    assert main(["check", SMALL, "--policy", str(policy), "--detail", "full"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Local policy: Cave, 2, sha256:" in said
    assert "star_salve is excluded in cases in which it was offered." in said
    assert "note: policy Cave: step.broom A text of the clinic" in said
    fact, system = "dragon.breathes_fire", "urn:example:cave"
    assert f"- Code: {fact}: 2 codes of {system} mean yes" in said
    assert f"- Code that says no: {fact}: the code 0 of {system} means no" in said


# -- what is missing ----------------------------------------------------------


def test_without_z3_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [
        each for each in sys.modules if each.startswith("milia_cds.check.second")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    assert main(["check", SMALL, "--second-opinion"]) == 2
    said = capsys.readouterr().err
    assert (
        said
        == "milia_cds.check.second_opinion needs z3: pip install milia-cds[proof]\n"
    )


def test_mutants_need_a_folder_of_vignettes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "none"
    assert main(["check", "--mutate", "--cases", str(nowhere)]) == 2
    assert capsys.readouterr().err == (
        f"{nowhere}: there is no such folder; name that of the vignettes with --cases\n"
    )


def test_mutants_are_counted_with_a_bar_beside_the_answer(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(mutation, "mutants", lambda base: mutants(base)[:4])
    (tmp_path / "ours.toml").write_text(VIGNETTE.replace("ACTION", "refer"), "utf-8")
    assert main(["check", SMALL, "--mutate", "--cases", str(tmp_path)]) == 0
    ran = capsys.readouterr()
    assert "Killed, of all that change a result:" in ran.out
    assert ran.err.endswith(f"\r[{'#' * 40}] 4 of 4 mutants\n")


# -- stricter, with vignettes, and the order that is kept ----------------------

VIGNETTE = """
[[case]]
id = "glows"
title = "What glows goes to the wizard"
evidence = ["judgement"]
because = "So."
facts = {patch = {glowing = true}}

[case.expect]
disposition = {action = "ACTION"}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small knowledge base, to be edited."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_strict_lets_warnings_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Finding("some.kind", "warning", "facts.toml", "Something.")

    def warned(*_: object, **__: object) -> Examination:
        return attrs.evolve(examine(load_knowledge(SMALL)), findings=(found,))

    monkeypatch.setattr(command, "examine", warned)
    assert main(["check", SMALL]) == 0
    assert "nothing must be mended" in capsys.readouterr().out
    assert main(["check", SMALL, "--strict"]) == 3
    said = capsys.readouterr().out
    assert "something is wrong (strict: warnings count)" in said


def test_strict_has_nothing_against_what_has_no_warning() -> None:
    assert main(["check", SMALL, "--strict"]) == 0


@pytest.mark.parametrize(("action", "code"), [("refer", 0), ("observe", 3)])
def test_vignettes_of_a_folder_are_run_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], action: str, code: int
) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    text = VIGNETTE.replace("ACTION", action)
    (folder / "ours.toml").write_text(text, encoding="utf-8")
    assert main(["check", SMALL, "--cases", str(folder)]) == code
    said = capsys.readouterr().out
    if code:
        assert "- error: ours.toml: case.glows" in said
        assert "disposition.action is 'refer', expected 'observe'." in said
    else:
        assert "Every vignette comes out as expected." in said


def test_an_order_that_changes_is_an_error_until_it_is_written(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(small / "criteria.toml", "weight = 6", "weight = 7")
    assert main(["check", str(small)]) == 3
    assert "- error: order.toml: scenario" in capsys.readouterr().out
    assert main(["check", str(small), "--write-order"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"The order is kept in {small / 'order.toml'}.\n")
    assert main(["check", str(small)]) == 0


def test_the_order_is_not_kept_of_a_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--policy", str(POLICY), "--write-order"]) == 2
    assert "leave out one of --write-order and --policy" in capsys.readouterr().err


def test_an_order_that_cannot_be_written_is_a_sentence(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "order.toml").unlink()
    monkeypatched = small / "order.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_text", _refused)
        assert main(["check", str(small), "--write-order"]) == 2
    assert not monkeypatched.exists()
    said = capsys.readouterr().err
    assert said == f"{small}: Read-only; name a folder that can be written\n"


def _refused(*_: object, **__: object) -> int:
    raise OSError(30, "Read-only")


# -- the page -----------------------------------------------------------------


class Page(HTMLParser):
    """Reads a page: its headings, and the attributes that lead elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.leads: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        """Remember what opens, and what leads elsewhere."""
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.leads += [pair for pair in attributes if pair[0] in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember headings."""
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


def test_z3_agrees_and_the_page_is_whole_and_leads_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the small knowledge; `check.test_second_opinion` proves the shipped one."""
    file = tmp_path / "report.html"
    (tmp_path / "ours.toml").write_text(VIGNETTE.replace("ACTION", "refer"), "utf-8")
    asked = ["--second-opinion", "--report", str(file), "--cases", str(tmp_path)]
    assert main(["check", SMALL, *asked]) == 0
    said = capsys.readouterr().out
    assert "agrees; every guarantee" in " ".join(said.split())
    assert f"The report is in {file}." in said
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert page.leads == []
    assert page.headings == [
        "Findings",
        "Guarantees",
        "Second opinion (z3)",
        "Vignettes",
        "Gates in the vignettes",
        "Mutants",
        "Sources past their review",
        "Diagrams",
    ]
    small = load_knowledge(SMALL)
    assert small.about.notice in text
    assert small.digest in text
    assert all(each.id in text for each in small.guarantees)


def test_a_page_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none" / "report.html"
    assert main(["check", SMALL, "--report", str(file)]) == 2
    assert capsys.readouterr().err == (
        f"{file}: No such file or directory; name a file that can be written\n"
    )


def test_a_hostile_name_is_escaped(shipped: Examination) -> None:
    about = attrs.evolve(BASE.about, notice="<script>alert(1)</script>")
    hostile = attrs.evolve(shipped, base=attrs.evolve(BASE, about=about))
    page = as_page(report_sheet(hostile, today=TODAY))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_sources_are_past_their_review_a_year_after_they_were_checked() -> None:
    assert overdue(BASE, dt.date.fromisoformat("2026-11-25")) == []
    assert len(overdue(BASE, dt.date.fromisoformat("2029-01-01"))) == len(BASE.sources)


def test_the_vignettes_find_every_deciding_gate_in_three_values() -> None:
    reached = coverage(BASE, vignettes())
    deciding = {
        gate.name
        for option in BASE.options.values()
        for gate in option.gate
        if gate.kind in {"forbid", "lower"} and gate.condition is not None
    }
    assert [name for name in deciding if not reached[name].everywhere] == []
