"""Markup: no text becomes an element, and nothing unknown becomes a link."""

from __future__ import annotations

import copy
import pickle
from html.parser import HTMLParser

import pytest

from milia_cds.render.markup import (
    Markup,
    Page,
    element,
    escaped,
    fold,
    joined,
    link,
)


def test_texts_are_escaped_and_markup_is_not() -> None:
    said = element("p", "a < b & \"c\" 'd' > e", element("b", "f"))
    assert said == "<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt; e<b>f</b></p>"


def test_attributes_are_escaped() -> None:
    said = element("p", title='"><script>', class_="x", aria_label="y")
    assert said == '<p title="&quot;&gt;&lt;script&gt;" class="x" aria-label="y"></p>'


def test_attributes_can_be_left_out_or_stand_without_a_value() -> None:
    assert element("details", open=True, class_=None, hidden=False) == (
        "<details open></details>"
    )
    assert element("rect", x=1.5) == '<rect x="1.5"/>'


def test_children_may_be_nested_or_nothing() -> None:
    assert joined("a", None, ["b", [element("i", "c")]]) == "ab<i>c</i>"


@pytest.mark.parametrize(
    "text", ["\x00", "\x1b", "\x7f", "\x9f", "\ud800", "\uffff", "\u202e", "\u2066"]
)
def test_what_no_page_may_hold_is_shown_as_its_escape(text: str) -> None:
    assert escaped(f"a{text}b") == f"a\\u{ord(text):04x}b"


def test_lines_and_letters_of_any_language_stay() -> None:
    assert escaped("ä\tß\n語 🩹") == "ä\tß\n語 🩹"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://a b",
        "https://a\nb",
        "ftp://example.org",
        "",
        ' https://example.org/" onclick="x',
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(address: str) -> None:
    assert link(address, "<here>") == "&lt;here&gt;"


def test_a_link_leads_where_it_says() -> None:
    assert link("https://example.org/?a=1&b=2", "here") == (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">here</a>'
    )


def test_a_fold_has_a_summary() -> None:
    assert fold("more", "x") == (
        '<details><summary>more</summary><div class="folded">x</div></details>'
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - not asked
        self.tags.append(tag)


def test_a_page_stands_alone_and_shows_its_body() -> None:
    page = Page("<title>", "p{}", element("p", "x"))
    tags = _Tags()
    tags.feed(page)
    assert tags.tags == [
        *("html", "head", "meta", "meta", "meta", "title", "style"),
        *("body", "p"),
    ]
    assert page.startswith("<!doctype html>\n")
    assert "default-src &#39;none&#39;" in page
    assert page._repr_html_() == "<p>x</p>"


def _pickled(page: Page) -> Page:
    read: Page = pickle.loads(pickle.dumps(page))  # noqa: S301 - our own
    return read


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled])
def test_a_page_can_be_copied_and_pickled(again: object) -> None:
    page = Page("title", "", element("p", "x"))
    other = again(page)  # type: ignore[operator]  # a function, by the table above
    assert type(other) is Page
    assert other == page
    assert isinstance(other.body, Markup)
    assert other.body == page.body
