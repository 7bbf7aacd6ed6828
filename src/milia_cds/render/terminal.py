"""An assessment in a terminal, laid out by rich: an extra; the plain text is complete.

No text is read as markup, and what could steer a terminal is shown as its escape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from milia_cds.errors import visible
from milia_cds.explanation.bands import HOW_SOON, Band, bands, danger_of
from milia_cds.explanation.outcome import Outcome, Place, Reason, Withheld
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.phrases import (
    at_worst,
    conditional,
    could_come_first,
    fact_of,
    further,
    listed,
    prominent,
    rests_on,
    spaced,
    unsaid,
)

_BAR = 20
_SHOWN = 2
_ASKED = 4
_INKS = {"treat": "green", "observe": "green", "refer": "red"}
_STANDINGS = {"first_line": "green", "reasonable": "green", "limited": "yellow"}


def print_assessment(
    outcome: Outcome, console: Console, base: Knowledge | None = None
) -> None:
    """Print an assessment.

    Parameters
    ----------
    outcome
        What the assessment says.
    console
        Where, and how wide.
    base
        The knowledge base that names facts; without it they keep their ids.
    """
    stamp = outcome.knowledge
    console.print(_text(f"milia-cds: {stamp.notice}. {stamp.certainty}", "yellow"))
    for band in bands(outcome.alerts):
        console.print(_alert(band, base))
    console.print(_disposition(outcome, base))
    for part in (_options(outcome), _questions(outcome), *_aside(outcome)):
        if part is not None:
            console.print(part)
    console.print(_text("--detail full says all that there is, as text.", "dim"))
    for line in (f"Knowledge {stamp.version}", *rests_on(stamp)):
        console.print(_text(line, "dim"))


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text, "\n\t"), style)


def _alert(band: Band, base: Knowledge | None) -> Panel:
    """A danger in a frame; each of those that are asked for says what makes it one."""
    ink = "red" if band.certain else "yellow"
    lines = [_text(band.line(lambda name, value: fact_of(name, value, base)))]
    for each in band.alerts:
        if not band.certain:
            soon = HOW_SOON[each.urgency]
            lines.append(_text(f"If {each.if_} ({soon}): {danger_of(each)}"))
        lines.append(_text(f"To: {each.to_text}"))
        lines.append(_text(f'Say: "{each.plain}"'))
    title = _text(band.mark, f"bold {ink}")
    return Panel(Group(*lines), title=title, title_align="left", border_style=ink)


def _disposition(outcome: Outcome, base: Knowledge | None) -> Panel:
    said = outcome.disposition
    ink = _INKS.get(said.action, "yellow")
    reasons = list(dict.fromkeys(map(_reason, unsaid(said))))
    lines = [_text(each) for each in reasons[:_SHOWN]]
    lines += [_text(further(each)) for each in said.also]
    worst = at_worst(outcome, base)
    if worst:
        lines.insert(0, _text(worst, "yellow"))
    if len(reasons) > _SHOWN:
        lines.append(_text(f"and {len(reasons) - _SHOWN} more reasons", "dim"))
    if outcome.status == "indeterminate":
        could = ", ".join(map(spaced, could_come_first(outcome)))
        more = f" Could still come first: {could}" if could else ""
        lines.append(_text(f"Not settled.{more}", "yellow"))
    title = _text(said.headline, f"bold {ink}")
    return Panel(Group(*lines), title=title, title_align="left", border_style=ink)


def _options(outcome: Outcome) -> RenderableType | None:
    if not outcome.ranking:
        return None
    table = Table(expand=True, title="Options, best first", title_justify="left")
    table.add_column("", justify="right")
    table.add_column("Option", ratio=2, overflow="fold")
    table.add_column("Points", justify="right")
    table.add_column("Reasons", ratio=5)
    for place in filter(prominent, outcome.ranking):
        rank = f"{place.rank}=" if place.tied else str(place.rank)
        table.add_row(rank, _name(place), _points(place), Group(*_reasons(place)))
    folded = [each.label for each in outcome.ranking if not prominent(each)]
    if folded:
        more = _text(f"Other possibilities, rarely needed: {', '.join(folded)}")
        return Group(table, more)
    return table


def _name(place: Place) -> Group:
    ink = _STANDINGS.get(place.standing, "")
    return Group(_text(place.label, "bold"), _text(spaced(place.standing), ink))


def _points(place: Place) -> Group:
    filled = round(_BAR / 2 * place.points / place.of)
    bar = "\u2588" * filled + "\u2591" * (_BAR // 2 - filled)
    return Group(_text(f"{place.points} of {place.of}"), _text(bar, "blue"))


def _reasons(place: Place) -> Iterator[Text]:
    for sign, ink, reasons in (
        ("+", "green", place.arguments_for[:_SHOWN]),
        ("-", "red", place.arguments_against[:_SHOWN]),
        ("!", "yellow", place.cautions),
    ):
        for reason in reasons:
            yield Text.assemble((f"{sign} ", f"bold {ink}"), _text(_reason(reason)))


def _questions(outcome: Outcome) -> RenderableType | None:
    asked = outcome.questions[:_ASKED]
    if not asked:
        return None
    lines = [_text(f"{'>' if q.decisive else '.'} {q.ask}") for q in asked]
    more = len(outcome.questions) - len(asked)
    if more:
        lines.append(_text(f"and {more} more", "dim"))
    return Panel(Group(*lines), title="What to ask next", title_align="left")


def _aside(outcome: Outcome) -> Iterator[RenderableType]:
    if not outcome.ranking and not outcome.withheld:
        yield _text("Nothing is offered here.", "bold")
        return
    withheld = [(each.label, _asks(each)) for each in outcome.withheld]
    yield from _listed("Withheld until more is known", "yellow", withheld)
    excluded = [
        (each.label, " ".join(map(_reason, each.because[:1])))
        for each in listed(outcome.excluded)
    ]
    yield from _listed("Excluded for this patient", "red", excluded)


def _asks(each: Withheld) -> str:
    more = len(each.asks_for) - _ASKED
    rest = f" and {more} more" if more > 0 else ""
    return f"ask {', '.join(each.asks_for[:_ASKED])}{rest}"


def _listed(
    title: str, ink: str, rows: Iterable[tuple[str, str]]
) -> Iterator[RenderableType]:
    table = Table(
        expand=True, show_header=False, title=title, title_justify="left", box=None
    )
    table.add_column(ratio=2, overflow="fold")
    table.add_column(ratio=6)
    for label, said in rows:
        table.add_row(_text(label, f"bold {ink}"), _text(said))
    if table.row_count:
        yield table


def _reason(reason: Reason) -> str:
    return conditional(reason.text, reason.if_)
