"""A place on an outline: a small picture for a leaflet or a letter.

The outlines and where each place lies stand in the knowledge. A ring is hollow and as
wide as what it means, so that nothing is told by colour alone.
"""

from __future__ import annotations

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.figure import Mark, Outline
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on
from milia_cds.render.picture import Picture
from milia_cds.render.style import OUTLINE
from milia_cds.render.svg import Drawing, Title

_HEIGHT = 190
"""How high a picture is drawn, in pixels."""


def site_figure(site: str, base: Knowledge) -> Picture | None:
    """Where a place lies.

    Parameters
    ----------
    site
        A member of the fact that `figure.toml` is about.
    base
        The knowledge base.

    Returns
    -------
    Picture or None
        Its `svg` may stand in a text by itself, beside its words: it has no title, no
        digest and no page of its own. `None` where the place has no mark.
    """
    mark = base.marks.get(site)
    if mark is None:
        return None
    outline = base.outlines[mark.outline]
    words = _words(site, mark, outline, base)
    title = Title(words, rests_on(stamp(base)))
    width = round(_HEIGHT * outline.width / outline.height)
    svg = _svg(mark, outline, words, width)
    return Picture.of(Drawing(title, svg, width, _HEIGHT), words)


def _words(site: str, mark: Mark, outline: Outline, base: Knowledge) -> str:
    """What the picture says: the place, what is open, and on what it is marked."""
    label = base.facts[base.figure_of].members.get(site, site)
    name, _, aside = label.removesuffix(")").partition(" (")
    more = "; ".join(filter(None, (aside, mark.aside)))
    place = f"{capital(name)} ({more})" if more else capital(name)
    return f"{place}, marked on {outline.label}."


def _svg(mark: Mark, outline: Outline, words: str, width: int) -> Markup:
    rings = [
        element("circle", class_="ring", cx=f"{x:g}", cy=f"{y:g}", r=f"{mark.size:g}")
        for x, y in mark.at
    ]
    return element(
        "svg",
        element("title", words),
        element("style", Markup(OUTLINE)),
        [element("path", class_="outline", d=line) for line in outline.lines],
        rings,
        xmlns="http://www.w3.org/2000/svg",
        class_="milia figure",
        width=str(width),
        height=str(_HEIGHT),
        viewBox=f"0 0 {outline.width:g} {outline.height:g}",
        role="img",
        aria_label=words,
    )
