"""Cross-checks of what leaflets and letters say: every name in it is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.errors import Problem
from milia_cds.knowledge.consequences import (
    DESTINATION,
    FACT,
    SCREEN,
    Home,
    no_such,
)
from milia_cds.knowledge.leaflets import LeafletLine, LetterLine, ReferredLine
from milia_cds.knowledge.model import Knowledge, Option
from milia_cds.knowledge.named import exact_names, known_names, single_names
from milia_cds.logic.facts import Choice

_GATE, _RISK = "gate.", "risk."


def handed(base: Knowledge) -> Iterator[Problem]:
    """Find the names that leaflets and letters ask for and that nothing has."""
    yield from _place(base)
    yield from _letter(base)
    yield from _shared(base)
    for name, option in base.options.items():
        if option.leaflet is not None:
            path = f"options/{name}.toml: leaflet"
            said = _said(base, [option])
            yield from _names(f"{path}.unsaid", option.leaflet.unsaid, said)
            yield from _lines(path, option.leaflet.line, said)
    for advice in base.advice:
        path = f"advice.toml: advice.{advice.id}.leaflets"
        yield from single_names(path, advice.leaflets or (), base)


def _place(base: Knowledge) -> Iterator[Problem]:
    place, path = base.leaflets.place, "leaflets.toml: place"
    if place is None:
        return
    kind = base.kinds.get(place.fact)
    if isinstance(kind, Choice):
        home = Home(f"{FACT.format(place.fact)}.members.{{}}", kind.members)
        yield from exact_names(f"{path}.members", "member", [*place.members], home)
    else:
        yield no_such(f"{path}.fact", "choice", place.fact, [Home(FACT, base.kinds)])


def _letter(base: Knowledge) -> Iterator[Problem]:
    shared = base.leaflets
    facts, screens = Home(FACT, base.kinds), Home(SCREEN, base.screens)
    to = Home(DESTINATION, base.destinations)
    yield from known_names("leaflets.toml: signs", "fact", shared.signs, facts)
    for number, row in enumerate(shared.row):
        path = f"leaflets.toml: row[{number}]"
        yield from known_names(f"{path}.facts", "fact", row.facts, facts)
        yield from known_names(f"{path}.screens", "screen", row.screens, screens)
    every: dict[str, tuple[ReferredLine | LetterLine, ...]] = {
        "referred": shared.referred,
        "letter": shared.letter,
    }
    for key, lines in every.items():
        for number, line in enumerate(lines):
            path = f"leaflets.toml: {key}[{number}].to"
            yield from known_names(path, "destination", line.to, to)


def _shared(base: Knowledge) -> Iterator[Problem]:
    said = _said(base, base.options.values())
    yield from _names("leaflets.toml: unsaid", base.leaflets.unsaid, said)
    for number, line in enumerate(base.leaflets.line):
        path = f"leaflets.toml: line[{number}]"
        yield from single_names(f"{path}.options", line.options, base)
        yield from _names(f"{path}.says", line.says, said)


def _lines(
    path: str, lines: Iterable[LeafletLine], said: set[str]
) -> Iterator[Problem]:
    for number, line in enumerate(lines):
        yield from _names(f"{path}.line[{number}].says", line.says, said)


def _names(path: str, names: Iterable[str], said: set[str]) -> Iterator[Problem]:
    """The names that are of no step, gate or risk."""
    yield from known_names(path, "step, gate or risk", names, Home("{}", said))


def _said(base: Knowledge, options: Iterable[Option]) -> set[str]:
    """The steps, gates and risks of options, by the names that lines use."""
    return {
        name
        for option in options
        for name in (
            *(each.id for each in base.steps(option)),
            *(f"{_GATE}{each.id}" for each in option.gate),
            *(f"{_RISK}{each.id}" for each in option.risk),
        )
    }
