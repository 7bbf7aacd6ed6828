"""What the knowledge says on one screen and in a grid, as parts of the pages."""

from __future__ import annotations

from collections.abc import Iterator

from docs._ext.markdown import bullets, code, definition, page, plain, table, target
from docs._ext.saying import Saying
from milia_cds.knowledge.leaflets import ReferralLine
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.texts import Consent, Phrase


def how_soon(say: Saying) -> str:
    """How soon something is, in the words of a screen, a letter and a patient."""
    words = say.base.urgencies
    rows = [
        (code(name), *map(plain, (each.short, each.label, each.plain)), say.rests(each))
        for name, each in words.items()
    ]
    head = ("urgency", "on one screen", "in a letter", "to a patient", "rests on")
    anchors = [target("urgency", name) for name in words]
    return page(*anchors, "## How soon, in words", table(head, rows)) if rows else ""


def checks(say: Saying) -> str:
    """What to look for before anything is done."""
    lines = [
        f"If {say.when(each.condition)}: {plain(each.text)} {say.claim(each)}"
        for each in say.base.checks
    ]
    title = "## What to look for before anything is done"
    return page(target("checks", ""), title, bullets(lines)) if lines else ""


def grid_notes(say: Saying) -> str:
    """What stands beside the grid and is never left out there."""
    lines = [
        f"{plain(each.plain)} For {say.options(each.options)}, unless it is known that "
        f"not: {say.when(each.condition)}. {say.claim(each)}"
        for each in say.base.grid_notes
    ]
    title = "## What stands beside the grid"
    return page(target("grid-notes", ""), title, bullets(lines)) if lines else ""


def shared_consent(say: Saying) -> str:
    """What several options have said before a patient agrees."""
    return page(
        *(
            page(
                target("consent", f"common.{each.id}"),
                definition(
                    code(each.id),
                    _consent(say, each),
                    f"For {say.options(each.options)}. {say.claim(each)}",
                ),
            )
            for each in say.base.common_consent
        )
    )


def in_short(say: Saying, option: Option) -> str:
    """What is said of an option on one screen and in the grid."""
    rows = [*_phrases(say, option), *_cells(say, option), *_handed(say, option)]
    head = ("where", "what is said", "when", "rests on")
    if not rows:
        return ""
    return page(target("short", option.id), "## In short", table(head, rows))


def _phrases(say: Saying, option: Option) -> Iterator[tuple[str, ...]]:
    kinds: dict[str, tuple[Phrase | Consent, ...]] = {
        "the reason beside it": option.brief,
        "how it is done": option.how,
        "before a patient agrees": option.consent,
    }
    for where, phrases in kinds.items():
        for each in phrases:
            yield where, plain(each.text), _when(say, each), say.rests(each)


def _when(say: Saying, each: Phrase | Consent) -> str:
    scenarios = getattr(each, "scenarios", ())
    only = f"in {', '.join(map(code, scenarios))}" if scenarios else ""
    when = say.when(each.condition) if each.condition else ""
    return ", ".join(filter(None, [only, when])) or "always"


def _cells(say: Saying, option: Option) -> Iterator[tuple[str, ...]]:
    for each in option.cell:
        ask = say.base.grid[each.row].ask
        when = say.when(each.condition)
        yield f"in the grid: {plain(ask)}", plain(each.plain), when, say.rests(each)


def _handed(say: Saying, option: Option) -> Iterator[tuple[str, ...]]:
    leaflet = option.leaflet
    if leaflet is not None:
        said = f"{leaflet.title}. {leaflet.choice}"
        yield "in the leaflet", plain(said), "always", say.rests(leaflet)
        for each in leaflet.line:
            of = f"for {', '.join(map(code, each.says))}"
            yield "in the leaflet", plain(each.plain), of, say.rests(each)


def leaflets(say: Saying) -> str:
    """What leaflets and letters say beside what the answer says."""
    said = say.base.leaflets
    lines = [
        *(f"A leaflet says in one: {plain(e.plain)} {say.claim(e)}" for e in said.line),
        *(
            f"To whom is referred{_if(say, e)}: {plain(e.plain)} {say.claim(e)}"
            for e in said.referred
        ),
        *(
            f"A letter says{_if(say, e)}: {plain(e.text)} {say.claim(e)}"
            for e in said.letter
        ),
        *(f"Of {plain(e.whose)}, if {say.when(e.condition)}." for e in said.person),
    ]
    title = "## What leaflets and letters say"
    return page(target("leaflets", ""), title, bullets(lines)) if lines else ""


def _if(say: Saying, each: ReferralLine) -> str:
    return f", if {say.when(each.condition)}" if each.condition else ""


def _consent(say: Saying, each: Consent) -> str:
    when = f"If {say.when(each.condition)}: " if each.condition else ""
    return f"{when}{plain(each.text)}"
