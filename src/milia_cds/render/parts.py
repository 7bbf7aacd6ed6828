"""Parts that every card shares: its frame, its sources, lists, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from milia_cds.explanation.bands import HOW_SOON, Band, InWords, bands, danger_of
from milia_cds.explanation.outcome import AlertSaid
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.markup import Child, Markup, element, fold, joined, link
from milia_cds.render.phrases import about_source, addresses, capital, fact_of
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


def alerts_part(alerts: Iterable[AlertSaid], base: Knowledge | None) -> list[Markup]:
    """The alerts that every card begins with, a band each; none is folded away.

    Parameters
    ----------
    alerts
        The alerts, the most urgent first.
    base
        The knowledge base that names facts; without it they keep their ids.
    """

    def in_words(name: str, value: Any) -> str:
        return fact_of(name, value, base)

    return [_band(each, in_words) for each in bands(alerts)]


def _band(band: Band, in_words: InWords) -> Markup:
    more: Child = None
    if band.certain:
        more = _addressed(band.first)
    else:
        more = bullets(map(_danger, band.alerts))
    return _alert(band, band.line(in_words), more)


def _danger(alert: AlertSaid) -> Markup:
    """A danger that is asked for, with what makes it one."""
    condition = element("strong", f"If {alert.if_} ({HOW_SOON[alert.urgency]}): ")
    return joined(condition, danger_of(alert), _addressed(alert))


def _addressed(alert: AlertSaid) -> Markup:
    """Whom an alert is for, what to say to the patient, and what it stands on."""
    return joined(
        element("div", element("strong", "To: "), alert.to_text),
        element("div", element("strong", "Say: "), f"\u201c{alert.plain}\u201d"),
        cite(alert.sources, judgement=alert.judgement),
    )


def _alert(band: Band, *children: Child) -> Markup:
    """The band of an alert, under its word."""
    return callout(band.mark, *children, certain=band.certain)


def callout(mark: str, *children: Child, certain: bool) -> Markup:
    """A band that a reader must not miss, under its word."""
    ink = "bad" if certain else "open"
    word = element("strong", mark, class_=f"how {ink}")
    look = "alert" if certain else "alert asked"
    label = f"{'Alert' if certain else 'Ask now'}: {mark.lower()}"
    return element(
        "div", word, " ", *children, class_=look, role="note", aria_label=label
    )


def plain_alerts(alerts: Iterable[AlertSaid]) -> list[Markup]:
    """The alerts as the patient reads them, each in a band of its own.

    What several would only ask for in the same words is asked once.
    """
    told: dict[tuple[str, str], Band] = {}
    for each in alerts:
        band = Band((each,))
        told.setdefault((band.mark, each.plain), band)
    return [_alert(band, band.first.plain) for band in told.values()]


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
