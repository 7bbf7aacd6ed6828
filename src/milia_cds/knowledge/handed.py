"""Cross-checks of what leaflets and letters say: every name in it is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from milia_cds.errors import Problem
from milia_cds.knowledge.consequences import (
    DESTINATION,
    FACT,
    SCREEN,
    Home,
    no_such,
)
from milia_cds.knowledge.leaflets import ReferralLine
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import exact_names, known_names, single_names
from milia_cds.knowledge.options import Option
from milia_cds.logic.facts import Choice

_GATE, _RISK = "gate.", "risk."


def handed(base: Knowledge) -> Iterator[Problem]:
    """Find the names that leaflets and letters ask for and that nothing has."""
    yield from _place(base)
    yield from _letter(base)
    yield from _shared(base)
    for name, option in base.options.items():
        if option.leaflet is not None:
            path, homes = f"options/{name}.toml: leaflet", _homes(base, [name])
            yield from _names(f"{path}.unsaid", option.leaflet.unsaid, homes)
            for number, line in enumerate(option.leaflet.line):
                yield from _names(f"{path}.line[{number}].says", line.says, homes)
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
    every: dict[str, tuple[ReferralLine, ...]] = {
        "referred": shared.referred,
        "letter": shared.letter,
    }
    for key, lines in every.items():
        for number, line in enumerate(lines):
            path = f"leaflets.toml: {key}[{number}].to"
            yield from known_names(path, "destination", line.to, to)


def _shared(base: Knowledge) -> Iterator[Problem]:
    homes = _homes(base, _every_option(base))
    yield from _names("leaflets.toml: unsaid", base.leaflets.unsaid, homes)
    for number, line in enumerate(base.leaflets.line):
        path = f"leaflets.toml: line[{number}]"
        yield from single_names(f"{path}.options", line.options, base)
        yield from _names(f"{path}.says", line.says, homes)


def _names(path: str, names: Iterable[str], homes: Sequence[Home]) -> Iterator[Problem]:
    """The names that are of no step, gate or risk."""
    yield from known_names(path, "step, gate or risk", names, *homes)


def _every_option(base: Knowledge) -> list[str]:
    """The ids of all options, those that could not be read among them."""
    grouped = (name for group in base.groups.values() for name in group.options)
    return list(dict.fromkeys([*base.options, *grouped]))


def _homes(base: Knowledge, options: Iterable[str]) -> tuple[Home, ...]:
    """Where the steps, gates and risks of options stand, by the names of lines."""
    shared = {each.id for each in base.common_steps}
    gates = {f"{_GATE}{g.id}" for g in base.gates() if g.place}
    homes = [
        Home("common.toml: step.{}", shared),
        Home("common.toml: {}", gates),
        Home("options/: {}", ()),
    ]
    for name in options:
        option = base.options.get(name)
        steps = () if option is None else option.step
        homes.append(
            Home(f"options/{name}.toml: step.{{}}", {each.id for each in steps})
        )
        homes.append(Home(f"options/{name}.toml: {{}}", _rules(option)))
    return tuple(homes)


def _rules(option: Option | None) -> set[str]:
    if option is None:
        return set()
    gates = {f"{_GATE}{each.id}" for each in option.gate}
    return gates | {f"{_RISK}{each.id}" for each in option.risk}
