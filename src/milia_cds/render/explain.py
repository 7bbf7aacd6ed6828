"""An option explained: what it is, where it stands, what its rules are, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.errors import UnknownNameError
from milia_cds.knowledge import STANDINGS, Gate, Knowledge, Measure, Option
from milia_cds.render.text import spaced, wrapped
from milia_cds.wording import Wording

_TITLES = {
    "forbid": "Never offered while",
    "lower": "Less recommended while",
    "caution": "Take care when",
    "favour": "Speaks for it when",
    "note": "To know",
}


def explained(base: Knowledge, name: str) -> str:
    """Explain an option or a supporting measure as text of at most 80 columns.

    Raises
    ------
    UnknownNameError
        When there is neither an option nor a measure of this id.
    """
    owners: dict[str, Option | Measure] = {**base.options, **base.measures}
    if name not in owners:
        raise UnknownNameError("option or measure", name, owners)
    owner = owners[name]
    return "\n".join(_lines(base, owner))


def _lines(base: Knowledge, owner: Option | Measure) -> Iterator[str]:
    yield f"{owner.label} ({owner.id})"
    yield from wrapped(f"{base.about.notice}. {base.about.certainty}")
    if base.policy is not None:
        yield from wrapped(str(base.policy))
    yield ""
    yield from wrapped(owner.summary)
    yield from wrapped(f"To a patient: {owner.plain}")
    if owner.performed_text:
        yield from wrapped(f"Performed by: {owner.performed_text}")
    yield from _cited(owner.sources, judgement=owner.judgement, lead="")
    if isinstance(owner, Option):
        yield from _standings(base, owner)
        yield from _levels(base, owner)
        yield from _arguments(base, owner)
    yield from _gates(base, owner.gate)
    yield from _sources(base, owner)


def _standings(base: Knowledge, option: Option) -> Iterator[str]:
    yield ""
    yield "Standing"
    for rank, standing in reversed(list(enumerate(STANDINGS))):
        names = [
            spaced(name)
            for name, scenario in base.scenarios.items()
            if scenario.ranks[option.id] == rank
        ]
        if names:
            yield from wrapped(f"  {spaced(standing)}: {', '.join(names)}", "", "    ")
    if base.policy is None:
        return
    if option.id in base.policy.not_offered:
        yield from wrapped("Not offered here, by the local policy.", "  ")
    lowered = [
        spaced(name)
        for name in base.scenarios
        if f"{name}.{option.id}" in base.policy.lowered
    ]
    if lowered:
        said = f"Lowered by the local policy in: {', '.join(lowered)}"
        yield from wrapped(f"  {said}", "", "    ")


def _levels(base: Knowledge, option: Option) -> Iterator[str]:
    words = Wording(base)
    yield ""
    yield "Criteria, 0 worst to 4 best"
    for level in option.level:
        yield f"  {base.criteria[level.criterion].label}: {level.base}"
        for modifier in level.modifier:
            clause = words.condition(modifier.condition)
            yield from wrapped(f"    {modifier.level} if {clause}", "", "      ")


def _arguments(base: Knowledge, option: Option) -> Iterator[str]:
    words = Wording(base)
    for side, title in (("for", "Speaks for it"), ("against", "Speaks against it")):
        chosen = [each for each in option.argument if each.side == side]
        if chosen:
            yield ""
            yield title
        for argument in chosen:
            text = argument.text
            if argument.condition is not None:
                text = f"[if: {words.condition(argument.condition)}] {text}"
            yield from wrapped(text, "  - ")
            yield from _cited(
                argument.sources, judgement=argument.judgement, lead="    "
            )


def _gates(base: Knowledge, gates: Iterable[Gate]) -> Iterator[str]:
    gates = tuple(gates)
    words = Wording(base)
    for kind, title in _TITLES.items():
        chosen = [gate for gate in gates if gate.kind == kind]
        if chosen:
            yield ""
            yield title
        for gate in chosen:
            clause = words.condition(gate.condition) if gate.condition else "always"
            yield from wrapped(clause, "  - ")
            yield from wrapped(gate.text, "      ")
            yield from _cited(gate.sources, judgement=gate.judgement, lead="      ")


def _cited(names: tuple[str, ...], *, judgement: bool, lead: str) -> Iterator[str]:
    said = [*names, *(["judgement"] if judgement else [])]
    if said:
        yield from wrapped(f"({', '.join(said)})", lead)


def _sources(base: Knowledge, owner: Option | Measure) -> Iterator[str]:
    cited = [*owner.sources, *(name for gate in owner.gate for name in gate.sources)]
    if isinstance(owner, Option):
        cited += [name for each in owner.argument for name in each.sources]
        cited += [name for each in owner.level for name in each.sources]
    names = sorted(set(cited))
    if names:
        yield ""
        yield "Sources"
    for name in names:
        source = base.sources[name]
        what = f"{source.authors}. " if source.authors else ""
        year = f", {source.year}" if source.year else ""
        certainty = spaced(source.certainty)
        line = f"{name}: {what}{source.title}{year} ({source.type}, {certainty})"
        yield from wrapped(line, "  ", "    ")
