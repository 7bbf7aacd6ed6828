"""A picture with its words: what it shows, for a page, a file, and those who read."""

from __future__ import annotations

from typing import NamedTuple

from milia_cds.render.markup import Markup, element, fold, joined
from milia_cds.render.style import CARD
from milia_cds.shown import Face, Shown


class _Fields(NamedTuple):
    title: str
    svg: Markup
    text: str


class Picture(_Fields, Shown):
    """A picture that shows itself in a notebook.

    Parameters
    ----------
    title
        What it shows.
    svg
        The picture, which stands alone: text for a file that ends in `.svg`.
    text
        The same in words, complete.
    """

    __slots__ = ()

    def _face(self) -> Face:
        card = element(
            "div", element("style", Markup(CARD)), self.part(), class_="milia"
        )
        return Face(card, f"{self.title}\n\n{self.text}")

    def part(self) -> Markup:
        """Give the picture as a part of a page, with its words folded below it."""
        region = element(
            "div",
            self.svg,
            class_="wide",
            tabindex="0",
            role="region",
            aria_label=self.title,
        )
        words = element("pre", self.text, class_="words")
        return joined(region, fold("The same in words", words))

    def __str__(self) -> str:
        """Give the picture in words."""
        return self.text
