"""Lines of plain text: 80 columns or as many as are asked for, and colour."""

from __future__ import annotations

import textwrap
from typing import Literal, TypeAlias, get_args

import attrs

from milia_cds.errors import visible
from milia_cds.render.phrases import grounds
from milia_cds.render.width import columns

Detail: TypeAlias = Literal["brief", "short", "standard", "full"]
"""How much a text says; a page says all and folds away what is rarely wanted."""
DETAILS: tuple[Detail, ...] = get_args(Detail)
"""Every length of a text, the shortest first."""
_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def reaches(detail: Detail, least: Detail) -> bool:
    """Whether a text of some detail says what belongs to at least another."""
    return DETAILS.index(detail) >= DETAILS.index(least)


def wrapped(text: str, lead: str = "", hang: str | None = None) -> list[str]:
    """The lines of a text, of at most 80 columns or what `as_wide_as` says."""
    text, width = visible(text, "\n\t"), columns()
    fits = len(lead) + len(text) <= width
    if fits and text.isprintable() and text[-1:] not in {"", " "}:
        return [f"{lead}{text}"]  # as `textwrap` does, which is slow
    return textwrap.wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if hang is None else hang,
        break_long_words=True,
        break_on_hyphens=False,
    )


@attrs.frozen
class Ink:
    """Writes in the colours of a terminal, or plainly."""

    colour: bool

    def __call__(self, text: str, *styles: str) -> str:
        """A text in a style."""
        text = visible(text)
        codes = [_COLOURS[style] for style in styles if style]
        if not self.colour or not codes:
            return text
        return f"\033[{';'.join(codes)}m{text}\033[0m"

    def cited(
        self, sources: tuple[str, ...], hang: str, *, judgement: bool = False
    ) -> list[str]:
        """The line of what a claim stands on; none where it has nothing."""
        said = grounds(sources, judgement=judgement)
        if not said:
            return []
        return [self(line, "dim") for line in wrapped(f"({said})", hang)]
