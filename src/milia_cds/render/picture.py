"""A picture with its words: what it shows, for a page, a file, and those who read."""

from __future__ import annotations

from typing import NamedTuple

from milia_cds.errors import visible
from milia_cds.render.markup import Markup, element, fold, joined
from milia_cds.render.style import CARD
from milia_cds.render.svg import Drawing
from milia_cds.shown import Face, Shown

_EDGE = 24


class _Fields(NamedTuple):
    title: str
    svg: Markup
    text: str
    rests_on: tuple[str, ...]
    width: int
    height: int


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
    rests_on
        The knowledge that it rests on, line by line.
    width, height
        In pixels.
    """

    __slots__ = ()

    @classmethod
    def of(cls, drawing: Drawing, text: str) -> Picture:
        """A drawing with its words."""
        (title, rests_on), svg, width, height = drawing
        return cls(title, svg, text, rests_on, width, height)

    def _face(self) -> Face:
        return Face(self._card, self.__str__)

    def _card(self) -> str:
        style = element("style", Markup(CARD))
        return element("div", style, self.part(), class_="milia picture")

    def part(self) -> Markup:
        """The picture as a part of a page, with its words folded below it.

        In print it has a page of its own size, so that it is never cut in two; a
        printer fits that to its paper.
        """
        paper = f"picture-{self.width}-{self.height}"
        size = f"{self.width + 2 * _EDGE}px {self.height + 2 * _EDGE}px"
        rule = f"@page {paper}{{size:{size};margin:{_EDGE}px}}"
        region = element(
            "div",
            element("style", Markup(rule)),
            self.svg,
            class_="wide",
            style=f"page:{paper}",
            tabindex="0",
            role="region",
            aria_label=self.title,
        )
        words = element("pre", self.text, class_="words")
        return joined(region, fold("The same in words", words))

    def __str__(self) -> str:
        """The picture in words."""
        said = [self.title, "", self.text, "", *self.rests_on]
        return visible("\n".join(said), "\n\t")
