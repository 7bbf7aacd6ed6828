"""Lines of plain text: 80 columns, colour where it is wanted, conditions, sources."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import attrs

WIDTH = 80
_SMALL = {"a", "an", "and", "at", "has", "in", "is", "of", "on", "or", "the", "to"}
_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def spaced(name: str) -> str:
    """Give an id as words."""
    return name.replace("_", " ")


def capital(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def wrapped(text: str, lead: str = "", hang: str | None = None) -> list[str]:
    """Wrap a text to 80 columns."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if hang is None else hang,
        break_long_words=True,
        break_on_hyphens=False,
    )


def conditional(text: str, if_: str | None) -> str:
    """Give a text with the condition on which it holds, where there is one."""
    return f"If {if_}: {unheaded(text, if_)}" if if_ else text


def unheaded(text: str, if_: str | None) -> str:
    """Leave out the heading of a text whose every word its condition has said."""
    head, colon, rest = text.partition(": ")
    repeats = colon and if_ and _words(head) <= _words(if_)
    return rest if repeats else text


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - _SMALL


def listed(names: Iterable[str]) -> str:
    """Give names as a list in a sentence."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def grounds(sources: Iterable[str], *, judgement: bool) -> str:
    """Give what a claim stands on: its sources, and whether it is a judgement."""
    return ", ".join([*sources, *(["judgement"] if judgement else [])])


@attrs.frozen
class Ink:
    """Writes in the colours of a terminal, or plainly."""

    colour: bool

    def __call__(self, text: str, *styles: str) -> str:
        """Give a text in a style."""
        codes = [_COLOURS[style] for style in styles if style]
        if not self.colour or not codes:
            return text
        return f"\033[{';'.join(codes)}m{text}\033[0m"

    def cited(
        self, sources: tuple[str, ...], hang: str, *, judgement: bool = False
    ) -> list[str]:
        """Give the line of what a claim stands on; none where it has nothing."""
        said = grounds(sources, judgement=judgement)
        if not said:
            return []
        return [self(line, "dim") for line in wrapped(f"({said})", hang)]
