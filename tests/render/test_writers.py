"""Writers: every block in text and HTML, at short and full detail."""

from __future__ import annotations

import pytest

from milia_cds.render.blocks import (
    AlertBand,
    Ballot,
    BallotRow,
    Banner,
    Block,
    Choices,
    Column,
    Comparison,
    Enclosed,
    Figure,
    FirstScreen,
    Item,
    Labelled,
    Line,
    Note,
    Paragraph,
    Part,
    Points,
    Room,
    Sheet,
    Span,
    Table,
    Verbatim,
)
from milia_cds.render.markup import Markup, Page
from milia_cds.render.picture import Picture
from milia_cds.render.writers.html import as_card, as_handout, as_page
from milia_cds.render.writers.markdown import as_markdown
from milia_cds.render.writers.text import as_text

BANNER = Banner("draft", "Certainty is low.")


def sheet(*blocks: Block) -> Sheet:
    return Sheet("Title", BANNER, blocks, ("sha256:x",))


def text(*blocks: Block, detail: str = "short") -> list[str]:
    """The lines between the banner and what the sheet rests on."""
    said = as_text(sheet(*blocks), detail="full" if detail == "full" else "short")
    return said.splitlines()[3:-2]


def html(*blocks: Block) -> str:
    _, _, said = as_card(sheet(*blocks)).partition("Title</h2>")
    return said.partition("<footer")[0]


PICTURE = Picture("drawn", Markup("<svg></svg>"), "in words", (), 1, 1)
ITEM = Item(
    "text", "lead", ("E001",), judgement=True, blocks=(Points([Item("below")]),)
)


# -- the frame --


def test_a_text_begins_with_its_title_and_ends_with_what_it_rests_on() -> None:
    assert as_text(sheet(Paragraph("Said."))).splitlines() == [
        *("Title", "Draft. Certainty is low.", "", "Said.", "", "sha256:x")
    ]


def test_a_card_has_its_title_second_and_a_page_has_it_first() -> None:
    part = Part("Heading", (Paragraph("Said."),), folded=False)
    assert '<h2 class="title">Title</h2>' in as_card(sheet(part))
    assert '<h3 class="part">Heading</h3>' in as_card(sheet(part))
    assert '<h1 class="title">Title</h1>' in as_page(sheet(part))
    assert '<h2 class="part">Heading</h2>' in as_page(sheet(part))
    assert as_page(sheet(part)).startswith("<!doctype html>")


# -- points --


def test_an_item_says_its_lead_what_it_rests_on_and_what_stands_below() -> None:
    assert text(Part("h", (Points([ITEM]),))) == [
        *("", "h", "  - lead: text", "    (E001, judgement)", "    - below")
    ]
    assert html(Points([ITEM])) == (
        '<ul><li><strong>lead: </strong>text <span class="cite">(E001, judgement)'
        "</span><ul><li>below</li></ul></li></ul>"
    )


def test_an_item_stands_behind_its_mark() -> None:
    assert text(Points([Item("text", mark="!")])) == ["! text"]
    assert '<span class="mark">!</span> text' in html(Points([Item("text", mark="!")]))


def test_an_item_with_only_a_lead_leads_what_stands_below() -> None:
    item = Item((), "lead", blocks=(Paragraph("below"),))
    assert text(Points([item])) == ["- lead:", "  below"]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (1, "and 2 more rules (--detail full lists them)"),
        (2, "and 1 more rule (--detail full lists it)"),
        (0, "3 rules (--detail full lists them)"),
    ],
)
def test_a_long_list_is_cut_in_short_detail_and_folded_in_a_page(
    shown: int, said: str
) -> None:
    points = Points(map(Item, "abc"), shown, "rules")
    assert text(points) == [*(f"- {each}" for each in "abc"[:shown]), said]
    assert text(points, detail="full") == ["- a", "- b", "- c"]
    assert f"<summary>{said.partition(' (')[0]}</summary>" in html(points)
    assert all(f"<li>{each}</li>" in html(points) for each in "abc")


# -- spans --


def test_a_tag_leads_and_an_ink_colours_the_words_of_a_terminal() -> None:
    item = Item([Span("error", "tag", "bad"), "text"])
    assert text(Points([item])) == ["- error: text"]
    said = as_text(sheet(Points([item])), colour=True)
    assert "- \033[31merror\033[0m: text" in said
    assert '<span class="tag bad">error</span>text' in html(Points([item]))


def test_spans_are_strong_quiet_or_coloured() -> None:
    words = [Span("a", "strong"), Span("b", "quiet"), Span("c", ink="good")]
    assert text(Paragraph(words)) == ["abc"]
    assert html(Paragraph(words)) == (
        '<p><strong>a</strong><span class="quiet">b</span>'
        '<span class="good">c</span></p>'
    )


def test_an_address_is_a_link_or_a_line_that_can_be_copied() -> None:
    item = Item(["text ", Span("there", address="https://example.org/")])
    assert text(Points([item])) == ["- text", "  there"]
    assert '<a href="https://example.org/"' in html(Points([item]))


# -- the other blocks --


def test_a_part_without_anything_is_not_written() -> None:
    empty = Part("h", (Points(()),))
    assert text(empty) == []
    assert html(empty) == ""


def test_a_part_of_full_detail_is_in_every_page() -> None:
    part = Part("h", (Paragraph("said"),), detail="full")
    assert text(part) == ["", "(--detail full says more: h)"]
    assert text(part, detail="full") == ["", "h", "  said"]
    assert "said" in html(part)


def test_a_folded_part_says_how_many_points_it_holds() -> None:
    points = Points(map(Item, "abc"))
    assert "<summary>h (3)</summary>" in html(Part("h", (points,)))
    assert '<section aria-label="h">' in html(Part("h", (points,), folded=False))


def test_a_table_is_a_list_in_a_text() -> None:
    table = Table(("gate", "true", "false"), [("a", "1", "2")])
    assert text(table) == ["- a: true 1, false 2"]
    assert '<td class="number" data-label="true">1</td>' in html(table)
    assert '<th scope="col">gate</th>' in html(table)


def test_code_can_be_copied() -> None:
    code = Verbatim("{\n  1\n}", "for example")
    assert text(Part("h", (code,))) == [
        *("", "h", "  for example:", "  {", "    1", "  }")
    ]
    assert "<summary>for example</summary>" in html(code)
    assert '<pre class="words">{\n  1\n}</pre>' in html(code)


def test_words_stand_for_a_figure_unless_they_are_said_beside_it() -> None:
    assert text(Part("h", (Figure(PICTURE),))) == ["", "h", "in words"]
    assert text(Part("h", (Figure(PICTURE, repeats=True),))) == []
    assert "<svg></svg>" in html(Part("h", (Figure(PICTURE, repeats=True),)))


# -- Markdown, and what is filled in by hand --


def markdown(*blocks: Block) -> str:
    _, _, said = as_markdown(sheet(*blocks)).partition("Certainty is low.\n\n")
    return said.removesuffix("\nsha256:x  \n")


BALLOT = Ballot(
    ("No", "Says"),
    (
        BallotRow("one", ("1", ["a", Span("b", "quiet"), Span("c", "strong")])),
        BallotRow("two", ("2", "d"), frozenset({1})),
    ),
    room="What else",
)


def test_a_ballot_has_two_boxes_a_row_and_room_in_every_format() -> None:
    page, said = html(BALLOT), markdown(BALLOT)
    for box in ("\u2610 agree", "\u2610 change"):
        assert page.count(box) == said.count(box) == 2
    assert page.count('class="room"') == 3
    assert said.count("What else: ") == 2
    assert text(BALLOT) == ["- 1: Says abc", "- 2: Says d"]


def test_what_has_changed_is_framed_in_a_ballot() -> None:
    assert '<td class="framed"><span>d</span></td>' in html(BALLOT)
    assert "Says: {d}" in markdown(BALLOT)


def test_letters_stand_under_upright_headings_and_in_a_table() -> None:
    rows = (BallotRow("one", ("1", "F")),)
    letters = Ballot(("No", "An option"), rows, letters=True)
    page = html(letters)
    assert '<th scope="col" class="upright"><span>An option</span></th>' in page
    assert 'class="letter-F"' in page
    assert "| 1 | F | \u2610 agree \u2610 change |" in markdown(letters)


def test_a_page_that_is_enclosed_is_there_as_it_is_or_in_its_words() -> None:
    body = Markup("<style>p{}</style><h1>Title *</h1><ul><li>One</li></ul><p>Two</p>")
    enclosed = Enclosed("Leaflet", Page("A", "", body))
    assert html(enclosed) == f'<div class="enclosed">{body}</div>'
    assert markdown(enclosed) == "> ###### Title \\*\n>\n> * One\n>\n> Two\n>\n"
    assert text(enclosed) == ["Leaflet"]


def test_every_other_block_is_written_in_markdown_too() -> None:
    part = Part("Heading", (Paragraph(["a ", Span("b ", "strong"), "c"], ("E001",)),))
    assert markdown(part) == "## Heading\n\na **b** c (E001)\n"
    assert (
        markdown(Points([ITEM])) == "* **lead:** text (E001, judgement)\n  * below\n\n"
    )
    assert "| x | y |" in markdown(Table(("A", "B"), (("x", "y"),)))
    assert markdown(Verbatim("a\nb", "Lines")) == "Lines:\n\n```\na\nb\n```\n"
    assert markdown(Figure(PICTURE)) == "in words\n"
    assert markdown(Note("Mark", "Said.")) == "**Mark** Said.\n"
    assert markdown(Choices("Tick", ("a",))) == "Tick: \u2610 a\n"
    compared = Comparison("C", (Column("A"),), (("Q", ("x",)),))
    assert "| Q | x |" in markdown(compared)
    screen = FirstScreen("draft", (), (Labelled("PLAN", (Line("do", "1"),)),))
    assert markdown(screen) == "**PLAN**\n\n* 1 do\n"


# -- what is filled in by hand, and what must not be missed --


def test_room_to_write_stands_behind_each_label() -> None:
    room = Room(("For", "Date"))
    assert text(room) == ["For: ________________________", "Date: " + "_" * 24]
    assert html(room).count('<span class="room"></span>') == 2


def test_points_in_an_order_have_numbers() -> None:
    points = Points([Item("First."), Item("Then.")], numbered=True)
    assert text(points) == ["1. First.", "2. Then."]
    assert "<ol><li>First.</li><li>Then.</li></ol>" in html(points)
    written = as_markdown(sheet(points))
    assert "1. First.\n2. Then.\n" in written


def test_a_danger_may_stand_before_the_title() -> None:
    said = Sheet("Title", BANNER, (), (), bands=(AlertBand("TODAY", "Stop it."),))
    assert as_text(said).splitlines()[0] == "TODAY     Stop it."
    page = as_handout(said)
    assert page.index("Stop it.") < page.index('<h1 class="title">')
    assert as_markdown(said).startswith("> **TODAY** Stop it.\n")


def test_a_page_to_hand_out_changes_no_card_beside_it() -> None:
    assert 'class="milia handout"' in as_handout(sheet(Paragraph("Said.")))
    assert 'class="milia handout"' not in as_page(sheet(Paragraph("Said.")))
