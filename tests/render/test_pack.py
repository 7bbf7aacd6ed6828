"""The review pack: what is to be judged is there, once, escaped, and can be ticked."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from milia_cds import examples, load_knowledge
from milia_cds.check.review import PATIENTS, review_pack
from milia_cds.cli.main import main
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import by_rule
from milia_cds.knowledge.reviews import SECTIONS, Signature
from milia_cds.knowledge.signing import (
    LETTERS,
    digests_of,
    marks_of,
    sections_of,
    with_status,
)
from milia_cds.render.blocks import Ballot, Block, Part, Sheet, Table, words_of
from milia_cds.render.sheets.pack import Pack, pack_sheet, signatures_to_fill
from milia_cds.render.sheets.pack_time import boxes, in_words, minutes, words_in
from milia_cds.render.style import pack_paper
from milia_cds.render.writers.html import as_page
from milia_cds.render.writers.markdown import as_markdown

BASE = load_knowledge()
CASES = {name: examples.case(name) for name in examples.names()}
PACK = review_pack(BASE, CASES, drawn_from="examples")
SHEET = pack_sheet(PACK)
PAGE = as_page(SHEET, pack_paper("foot"))
MARKDOWN = as_markdown(SHEET)
MOST_BOXES = 300


class Reader(HTMLParser):
    """Gathers what a page says, its tags and its attributes."""

    VOID = frozenset({"meta", "col", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.crossed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        self.tags[tag] += 1
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that closes, and whether it was the last that opened."""
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def flat(text: str) -> str:
    return " ".join(text.split())


READER = read(PAGE)
SAID = flat("".join(READER.words))
SHOWN = flat(re.sub(r"\\(.)", r"\1", MARKDOWN).replace("*", ""))


def said(text: str) -> bool:
    """Whether a text stands in both formats, but for the case of its first letter."""
    wanted = flat(text)[1:]
    return wanted in SAID and wanted.replace("*", "") in SHOWN


def told(text: str) -> bool:
    """Whether a text stands there, but for a heading that its condition has said."""
    return said(text) or said(text.partition(": ")[2])


def parts(sheet: Sheet) -> dict[str, Part]:
    """The parts of a sheet by the first word of their heading."""
    found = [each for each in sheet.blocks if isinstance(each, Part)]
    return {each.heading.partition(" ")[0]: each for each in found}


def ballots(blocks: tuple[Block, ...]) -> list[Ballot]:
    return [each for each in blocks if isinstance(each, Ballot)]


# -- everything is there ------------------------------------------------------


def test_every_scenario_has_a_row_with_the_letter_of_every_option() -> None:
    (matrix,) = ballots(parts(SHEET)["1"].blocks)
    assert [row.id for row in matrix.rows] == [*BASE.scenarios]
    for row in matrix.rows:
        scenario = BASE.scenarios[row.id]
        letters = [words_of(cell) for cell in row.cells[1:]]
        for option, letter in zip(BASE.options, letters, strict=True):
            (standing,) = [key for key, each in LETTERS.items() if each == letter]
            assert option in getattr(scenario, standing)


def test_every_alert_is_there_whole() -> None:
    (table,) = ballots(parts(SHEET)["2"].blocks)
    rows = {row.id: [words_of(cell) for cell in row.cells] for row in table.rows}
    for name, alert in BASE.alerts.items():
        _, when, text, to = rows[f"alert.{name}"]
        assert when
        assert flat(alert.text) in flat(text)
        assert flat(alert.plain) in flat(text)
        for each in alert.sentence:
            assert flat(each.text) in flat(text)
            assert flat(each.plain) in flat(text)
        assert all(source in text for source in alert.sources)
        assert ("Never said beside it" in text) is bool(alert.silences)
        for addressee in alert.to:
            assert BASE.addressees[addressee].label[1:] in to


def test_every_referral_says_where_it_goes_and_how_soon() -> None:
    for scenario in BASE.scenarios.values():
        for row in scenario.action:
            if row.to:
                sentences = [each.text for each in row.sentence] or [row.text]
                assert all(map(said, sentences))
                assert said(BASE.destinations[row.to].label)


def test_every_guarantee_rule_that_forbids_sign_and_call_is_there() -> None:
    texts = [each.text for each in BASE.guarantees]
    texts += [each.text for each in BASE.promises]
    calls = [*BASE.common_calls, *(c for o in BASE.options.values() for c in o.call)]
    texts += [each.text for each in calls]
    texts += [each.text for each in BASE.advice if each.kind == "red_flag"]
    assert [text for text in texts if not told(text)] == []


def test_every_wording_of_every_rule_that_forbids_is_there() -> None:
    silent = []
    for gates in by_rule(BASE.gated()).values():
        for _, gate in gates:
            if gate.kind == "forbid" and not told(gate.text):
                silent.append(gate.name)
    assert silent == []


def test_every_risk_with_a_figure_stands_beside_its_source() -> None:
    (table,) = ballots(parts(SHEET)["5"].blocks)
    rows = {row.id: [words_of(cell) for cell in row.cells] for row in table.rows}
    for option in BASE.options.values():
        for risk in option.risk:
            if risk.frequency != "not known":
                _, source, text = rows[" ".join(risk.sources) or "judgement"]
                assert risk.frequency[1:] in text
                assert all(name in source for name in risk.sources)


def test_all_other_texts_are_counted_and_printed_on_demand() -> None:
    whole = pack_sheet(attrs.evolve(PACK, whole=True))
    assert "8" not in parts(SHEET)
    (table,) = ballots(parts(whole)["8"].blocks)
    assert [row.id for row in table.rows] == [*sections_of(BASE)["texts"]]
    count = words_in([table])
    assert said(f"Not printed: {len(table.rows)} other texts ({count} words")
    text = flat(as_markdown(whole)).replace("\\", "").replace("*", "")
    for name in ("text", "plain", "ask", "ask_patient", "summary"):
        silent = [
            placed.path
            for placed in BASE.entries
            if (each := getattr(placed.entry, name, ""))
            and name in sections_names(BASE, placed.path)
            and flat(each).replace("*", "") not in text
        ]
        assert silent == []


def sections_names(base: Knowledge, path: str) -> set[str]:
    """The keys of an entry that stand among all other texts."""
    return {
        key for piece in sections_of(base)["texts"].get(path, ()) for key in piece.keys
    }


# -- boxes, words and minutes -------------------------------------------------


def test_both_formats_have_the_same_boxes_and_not_too_many() -> None:
    count = boxes(SHEET.blocks)
    assert PAGE.count("\u2610 agree") == PAGE.count("\u2610 change") == count
    assert MARKDOWN.count("\u2610 agree") == MARKDOWN.count("\u2610 change") == count
    assert count - len(PACK.patients) + PATIENTS <= MOST_BOXES


def test_the_first_page_says_how_many_boxes_words_and_minutes() -> None:
    (table,) = [each for each in SHEET.blocks if isinstance(each, Table)]
    for title, box, word, minute, _ in table.rows:
        part = parts(SHEET)[title.partition(" ")[0]]
        judged = part.blocks[1:]
        assert (box, word) == (str(boxes(judged)), str(words_in(judged)))
        assert minute == str(minutes(judged))
        # It begins with a paragraph.
        assert f"{box} box" in words_of(part.blocks[0].spans)  # type: ignore[union-attr]
    total = sum(int(row[3]) for row in table.rows)
    assert said(f"{boxes(SHEET.blocks)} boxes, about {in_words(total)}")
    assert said("two sittings are better")


def test_minutes_are_those_of_reading_and_of_judging() -> None:
    table = Ballot(("A",), (), seconds=30)
    row = pack_sheet(PACK).blocks
    assert minutes([table]) == 0
    assert words_in([Part("Two words", (table,))]) == 2
    (matrix,) = ballots(parts(SHEET)["1"].blocks)
    reading = words_in([matrix]) / 150 * 60
    judging = len(matrix.rows) * (30 + 2 * len(BASE.options))
    assert minutes([matrix]) == -int(-(reading + judging) // 60)
    assert row


def test_nothing_is_to_be_judged_twice() -> None:
    for part in parts(SHEET).values():
        rows = [row.id for table in ballots(part.blocks) for row in table.rows]
        assert len(rows) == len({*rows})


# -- patients -----------------------------------------------------------------


def test_patients_say_what_departs_from_what_is_usual() -> None:
    (table,) = ballots(parts(SHEET)["4"].blocks)
    assert [row.id for row in table.rows] == [*CASES]
    answers = {row.id: words_of(row.cells[2]) for row in table.rows}
    assert answers["adult_cheek"].startswith(
        "Treat, as wished; leaving them is a choice. 1 extraction"
    )
    assert "Every option waits" not in answers["adult_cheek"]
    assert PACK.usual.endswith(".")


def test_without_a_folder_the_pack_says_where_its_patients_come_from() -> None:
    assert said("No folder of vignettes was given")
    nobody = as_markdown(pack_sheet(review_pack(BASE)))
    assert "so there are no patients" in nobody


# -- signatures ---------------------------------------------------------------


def signed(
    base: Knowledge, *sections: str, marks: dict[str, str] | None = None
) -> Knowledge:
    """The knowledge with signatures of some sections, as it now is."""
    pack = attrs.evolve(PACK, base=base)
    return with_status(
        attrs.evolve(
            base,
            signatures=tuple(
                Signature(
                    section=name,
                    name="A. Somebody",
                    role="dermatologist",
                    date="2027-01-31",
                    digest=digests_of(base)[name],
                    rows=marks or pack.marks(name),
                )
                for name in SECTIONS
                if name in sections
            ),
        )
    )


def changed(base: Knowledge, **scenario: tuple[str, ...]) -> Knowledge:
    """The knowledge with another standing in a scenario, its signatures kept."""
    first = next(iter(base.scenarios))
    # The keys are fields.
    other = attrs.evolve(base.scenarios[first], **scenario)  # type: ignore[arg-type]
    return attrs.evolve(base, scenarios={**base.scenarios, first: other})


def test_a_changed_cell_is_framed_and_its_section_counts_as_unsigned() -> None:
    base = signed(BASE, "standings", "rules")
    name, scenario = next(iter(BASE.scenarios.items()))
    moved, *rest = scenario.limited
    other = changed(
        base,
        limited=(*rest,),
        not_recommended=(*scenario.not_recommended, moved),
    )
    sheet = pack_sheet(attrs.evolve(PACK, base=other))
    (matrix,) = ballots(parts(sheet)["1"].blocks)
    framed = {row.id: row.framed for row in matrix.rows if row.framed}
    assert framed == {name: frozenset({[*BASE.options].index(moved) + 1})}
    page = as_page(sheet)
    assert page.count('framed"') == 1
    assert "Changed since signed by A. Somebody, dermatologist on 2027-01-31" in page
    assert "1 row, framed" in page
    assert "{n}" in as_markdown(sheet)
    assert with_status(other).about.reviewed_by == (
        "A. Somebody, dermatologist (rules)",
    )


def test_a_changed_text_alone_is_printed_of_all_others() -> None:
    base = signed(BASE, "texts")
    name, option = next(iter(BASE.options.items()))
    other = attrs.evolve(option, summary="Something else.")
    sheet = pack_sheet(
        attrs.evolve(
            PACK, base=attrs.evolve(base, options={**base.options, name: other})
        )
    )
    (table,) = ballots(parts(sheet)["8"].blocks)
    assert [row.id for row in table.rows] == [f"options/{name}.toml: "]
    assert "Something else." in words_of(table.rows[0].cells[1])


def test_what_is_signed_says_by_whom() -> None:
    page = as_page(pack_sheet(attrs.evolve(PACK, base=signed(BASE, "rules"))))
    assert "Signed by A. Somebody, dermatologist on 2027-01-31; nothing has" in page


def test_the_signatures_to_fill_in_have_every_row() -> None:
    text = signatures_to_fill(PACK)
    for section in SECTIONS:
        assert digests_of(BASE)[section] in text
        assert PACK.marks(section)
    for row, mark in marks_of(BASE, "standings").items():
        assert f'"{row}" = "{mark}"' in text
    assert text.count('name = ""') == len(SECTIONS)


# -- how it is laid out -------------------------------------------------------


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere() -> None:
    assert READER.crossed == []
    assert READER.open == []
    assert READER.tags["script"] == READER.tags["link"] == READER.tags["img"] == 0
    assert not re.search(r"url\(|@import|\bon\w+=", PAGE)


@pytest.mark.parametrize("text", [unescape(PAGE), MARKDOWN], ids=["html", "markdown"])
def test_it_begins_with_the_draft_and_ends_with_who_signs(text: str) -> None:
    assert "Draft, not clinically reviewed" in text
    assert BASE.digest in text
    end = text[text.rindex("Signing") :]
    for digest in digests_of(BASE).values():
        assert digest in end
    assert "Name and specialty" in end
    assert "Conflicts of interest" in end


def test_the_foot_of_a_page_cannot_leave_its_style() -> None:
    paper = pack_paper('x"} body{display:none} </style><script>')
    assert "<" not in paper.partition("@bottom-left")[2]
    assert 'x"}' not in paper


# -- hostile text -------------------------------------------------------------

HOSTILE = '<script>alert("x")</script> & `code` *bold* [link](http://x) | \' <b>'


def hostile() -> Pack:
    scenario = next(iter(BASE.scenarios))
    other = attrs.evolve(BASE.scenarios[scenario], label=HOSTILE)
    alerts = {
        name: attrs.evolve(each, text=HOSTILE, plain=HOSTILE)
        for name, each in BASE.alerts.items()
    }
    base = attrs.evolve(
        BASE, scenarios={**BASE.scenarios, scenario: other}, alerts=alerts
    )
    return attrs.evolve(PACK, base=base, patients=(), leaflets=())


def test_text_is_never_markup() -> None:
    sheet = pack_sheet(hostile())
    reader = read(as_page(sheet))
    assert reader.tags["script"] == reader.tags["b"] == 0
    assert reader.crossed == []
    assert "".join(reader.words).count(HOSTILE) > 3
    markdown = as_markdown(sheet)
    assert not re.search(r"(?<!\\)<(?:script|b>)", markdown)
    assert "[link](" not in markdown


# -- the command --------------------------------------------------------------


def test_the_command_prints_the_page_by_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["review"]) == 0
    page = capsys.readouterr().out
    assert page.isascii()
    assert flat("".join(read(page).words)).endswith(SAID[-200:])


def test_the_command_prints_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == MARKDOWN


def test_the_command_prints_the_signatures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--format", "toml"]) == 0
    assert capsys.readouterr().out == signatures_to_fill(PACK)


def test_the_command_chooses_patients_of_a_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cold = Path(__file__).parents[1] / "cases" / "cold.toml"
    (tmp_path / "cold.toml").write_bytes(cold.read_bytes())
    assert main(["review", "--cases", str(tmp_path), "--format", "markdown"]) == 0
    assert "No folder of vignettes" not in capsys.readouterr().out
    assert main(["review", "--cases", str(tmp_path / "none")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_another_format_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["review", "--format", "pdf"])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert 'there is no "pdf"; use one of html, markdown, toml' in said
