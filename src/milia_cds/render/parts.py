"""Parts that every card shares: its frame, its sources, lists, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from milia_cds.knowledge.about import Source
from milia_cds.knowledge.wording import capital
from milia_cds.render.markup import Child, Markup, element, fold, joined, link
from milia_cds.render.phrases import about_source, addresses
from milia_cds.render.style import CARD


def card(label: str, *children: Child, style: str = CARD, kind: str = "") -> Markup:
    """The frame of a card with its style.

    It has no ids, so that one card may stand in a page many times.
    """
    look = element("style", Markup(style))
    class_ = f"milia {kind}".rstrip()
    return element("article", look, *children, class_=class_, aria_label=label)


def notice(text: str, more: str = "") -> Markup:
    """The notice that every card begins with."""
    strong = element("strong", f"{capital(text)}.")
    return element("p", strong, f" {more}" if more else None, class_="banner")


def title(text: Child) -> Markup:
    """The title of a card."""
    return element("h2", text, class_="title")


def section(heading: str, *children: Child, level: int = 3) -> Markup:
    """A part of a card, or of a page, under its own heading."""
    head = element(f"h{level}", heading, class_="part")
    return element("section", head, *children, aria_label=heading)


def bullets(items: Iterable[Child], *, plain: bool = False) -> Markup | None:
    """A list, or nothing where there is nothing to list."""
    rows = [element("li", item) for item in items]
    return element("ul", rows, class_="plain" if plain else None) if rows else None


def first_few(
    items: Sequence[Child], shown: int | None, noun: str, *, plain: bool = False
) -> Markup:
    """A list of which the first few are shown and the rest is folded away."""
    more = items[shown:] if shown else ()
    return joined(
        bullets(items[:shown], plain=plain),
        fold(f"{len(more)} more {noun}", bullets(more, plain=plain)) if more else None,
    )


def folded_list(heading: str, items: Iterable[Child]) -> Markup | None:
    """A list that is folded away under how many there are, or nothing."""
    rows = list(items)
    return fold(f"{heading} ({len(rows)})", bullets(rows)) if rows else None


def cite(sources: Iterable[str], *, judgement: bool = False) -> Markup | None:
    """The ids of the sources of a claim, and whether it is a judgement."""
    said = [*sources, *(["judgement"] if judgement else [])]
    if not said:
        return None
    return joined(" ", element("span", f"({', '.join(said)})", class_="cite"))


def tag(text: str, kind: str = "quiet") -> Markup:
    """A word that says how a thing is sorted."""
    return element("span", text, class_=f"tag {kind}")


def sources_part(names: Iterable[str], sources: Mapping[str, Source]) -> Markup | None:
    """The sources that were cited, with links, each once.

    Parameters
    ----------
    names
        The ids, in the order in which they were cited.
    sources
        What is known of them; an id that is missing there stands alone.
    """
    once = list(dict.fromkeys(names))
    if not once:
        return None
    rows = [_source(name, sources.get(name)) for name in once]
    said = None
    if not any(name in sources for name in once):
        said = element(
            "p",
            "The knowledge base that gave this answer is not at hand, so the sources "
            "are named by their ids only.",
        )
    return section("Sources", fold(f"Sources ({len(once)})", said, bullets(rows)))


def _source(name: str, source: Source | None) -> Markup:
    ident = element("strong", name)
    if source is None:
        return ident
    ways = [joined(" ", link(to, text)) for text, to in addresses(source)]
    return joined(ident, f" {about_source(source)}", ways)


def footer(*lines: str) -> Markup:
    """What a card rests on, line by line, in the quiet type of its end."""
    return element("footer", [element("div", line) for line in lines], class_="digest")
