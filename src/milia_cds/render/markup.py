"""Elements of HTML and SVG, built so that a text can never become markup.

Whatever is no `Markup` is escaped. There is no other way into a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Self, TypeAlias

from milia_cds.errors import visible

Child: TypeAlias = "str | Iterable[Child] | None"
"""What an element may hold: text, markup, nothing, or several of them."""

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
)
_VOID = frozenset(
    {"br", "hr", "input", "meta", "rect", "circle", "path", "line", "col"}
)
_SVG_VOID = frozenset({"rect", "circle", "path", "line"})
_WEB = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """A text as markup that shows just this text."""
    return Markup(visible(text, "\n\t").translate(_ESCAPES))


def joined(*children: Child) -> Markup:
    """Several texts and elements as one piece of markup."""
    return Markup("".join(_pieces(children)))


def _pieces(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str):
            yield escaped(child)
        elif child is not None:
            yield from _pieces(child)


def element(
    name: str, /, *children: Child, **attributes: str | float | bool | None
) -> Markup:
    """One element.

    Parameters
    ----------
    name
        Its tag.
    children
        What it holds; texts are escaped.
    attributes
        By name, with "_" for "-" and a trailing "_" dropped (`class_`, `aria_label`).
        `None` and `False` leave one out, `True` gives it without a value.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{said}{'/' if name in _SVG_VOID else ''}>")
    return Markup(f"<{name}{said}>{joined(*children)}</{name}>")


def _attribute(key: str, value: str | float | bool | None) -> str:  # noqa: FBT001 - an attribute without a value is True
    name = key.removesuffix("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    said = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{escaped(said)}"'


def link(address: str, text: str) -> Markup:
    """A link, or the text alone where the address leads to no web page."""
    if not _WEB.fullmatch(address):
        return escaped(text)
    return element("a", text, href=address, rel="noopener noreferrer")


def fold(summary: Child, *children: Child, open_: bool = False) -> Markup:
    """A part that is folded away until it is asked for; print opens it."""
    return element(
        "details",
        element("summary", summary),
        element("div", children, class_="folded"),
        open_=open_,
    )


class Page(str):
    """The text of a whole page; a notebook shows what stands in it.

    It needs nothing from elsewhere and runs no script.

    Parameters
    ----------
    title
        Its title.
    paper
        The style of the page around what stands in it.
    body
        What stands in it, with its own style.
    """

    __slots__ = ("body",)

    body: Markup

    def __new__(cls, title: str, paper: str, body: Markup) -> Self:
        """Write the page around its body."""
        policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
        scale = "width=device-width, initial-scale=1"
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=policy),
            element("meta", name="viewport", content=scale),
            element("title", title),
            element("style", Markup(paper)),
        )
        written = element("html", head, element("body", body), lang="en-GB")
        made = super().__new__(cls, f"<!doctype html>\n{written}\n")
        made.body = body
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the text as it is."""
        return _page, (str(self), str(self.body))

    def _repr_html_(self) -> str:
        """What stands in the page, as a notebook asks for it."""
        return self.body


def _page(text: str, body: str) -> Page:
    made = str.__new__(Page, text)
    made.body = Markup(body)
    return made
