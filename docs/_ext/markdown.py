"""Pieces of MyST Markdown: what the generated pages are written with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\`*_\[\]<>{}$|#~^])")


def anchor(kind: str, name: str) -> str:
    """The label of a thing, such as `gate-extraction-infected`."""
    return re.sub(r"[^a-z0-9]+", "-", f"{kind}-{name}".lower()).strip("-")


def spaced(name: str) -> str:
    """An id as words."""
    return name.replace("_", " ")


def target(kind: str, name: str) -> str:
    """The line that labels what follows it."""
    return f"({anchor(kind, name)})="


def link(text: str, kind: str, name: str) -> str:
    """A link to a labelled thing; the text is Markdown already."""
    return f"[{text}](#{anchor(kind, name)})"


def plain(text: str) -> str:
    """A text of the data as Markdown that shows just that text, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """A text as code on one line."""
    return f"`{' '.join(text.split())}`"


def listed(items: Iterable[str]) -> str:
    """Items with commas."""
    return ", ".join(items)


def bullets(items: Iterable[str]) -> str:
    """A list, one item a line."""
    return "\n".join(f"* {item}" for item in items)


def definition(term: str, *paragraphs: str) -> str:
    """A term and what is said of it; empty paragraphs are left out."""
    said = [each for each in paragraphs if each]
    first, *rest = said or ["(nothing)"]
    lines = [term, f": {_indented(first)}"]
    lines += [f"\n  {_indented(each)}" for each in rest]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown already, without bars."""
    every = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in every)


def page(*parts: str) -> str:
    """Join the parts of a page; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def picture(file: str, alt: str) -> str:
    """Show a picture in its own size, in a frame that scrolls where that is wider."""
    return f":::{{container}} picture\n![{plain(alt)}]({file})\n:::"


def toctree(names: Iterable[str]) -> str:
    """The pages below this one, for the navigation."""
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])
