"""Options, measures and their rules: `options/`, `measures/` and `common.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.entries import shared_from
from milia_cds.knowledge.leaflets import OptionLeaflet
from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.knowledge.texts import (
    BriefReason,
    Call,
    Cell,
    Consent,
    Elsewhere,
    Phrase,
    Risk,
    Step,
)
from milia_cds.knowledge.words import Code
from milia_cds.logic.conditions import Condition
from milia_cds.shown import AtHome

Standing: TypeAlias = Literal["not_recommended", "limited", "reasonable", "first_line"]
STANDINGS: tuple[Standing, ...] = (
    "not_recommended",
    "limited",
    "reasonable",
    "first_line",
)
"""The standings from worst to best; an index into this is a rank."""

Act: TypeAlias = Literal["observe", "treat"]
GateKind: TypeAlias = Literal["forbid", "lower", "caution", "favour", "note"]
Side: TypeAlias = Literal["for", "against"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Evidence(Entry):
    """What speaks for or against an option, wherever it stands.

    `when` is left out of what always holds.
    """

    side: Side
    text: str
    when: str = ""
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()
    place: str = shared_from()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Argument(Evidence):
    """Evidence for or against an option; in a scenario, or in general.

    `basis` is set where a figure in the text is from an analogue, as that of a risk is.
    """

    option: str = ""
    basis: Elsewhere | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GateRule(Entry):
    """What a gate says, of one option or of several; `short` in a few words."""

    id: str
    kind: GateKind
    text: str
    plain: str = ""
    short: str = at_most(26)
    when: str = ""
    claims: tuple[str, ...] = ()
    always: bool = False
    to: Standing | None = None
    sources: tuple[str, ...] = ()
    judgement: bool = False
    rows: tuple[str, ...] = ()
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Gate(GateRule):
    """A rule of an option: forbids, lowers, cautions, favours or notes.

    `groups` are those by which a shared rule came to the option.
    """

    name: str = attrs.field(default="", metadata={"derived": True})
    place: str = shared_from()
    groups: tuple[str, ...] = shared_from(())


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Modifier(Entry):
    """A level of a criterion for some patients; the first true one wins."""

    when: str
    level: int
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CriterionLevel(Entry):
    """How an option does on a criterion, 0 (worst) to 4 (best)."""

    criterion: str
    base: int
    modifier: tuple[Modifier, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Measure(Entry, AtHome):
    """A supporting measure, such as an anaesthetic: gated, never ranked.

    `short` is its name in a list, `plain_label` that for the patient.
    """

    id: str
    label: str
    summary: str
    plain: str
    short: str = at_most(20)
    plain_label: str = at_most(40)
    family: str = ""
    performed_by: tuple[str, ...] = ()
    performed_text: str = ""
    gate: tuple[Gate, ...] = ()
    codes: tuple[Code, ...] = ()
    own_rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Option(Entry, AtHome):
    """A treatment option: what it is, who performs it, its levels and its gates.

    `own_rows` are the beginnings of its rows in the reviewed list of rules. While
    `unlisted_when` holds, no list but the full one names it among what is set aside.
    `short` is its name in a list, `plain_label` that for the patient. The first of
    `brief` that holds is the one reason beside it on one screen; those of `how` that
    hold say in a line how it is done; `cell` are its answers in the grid, `consent`
    what is said before a patient agrees, `leaflet` is how its leaflet names it.
    """

    id: str
    label: str
    short: str = at_most(20)
    plain_label: str = at_most(40)
    family: str
    act: Act
    invasiveness: int
    summary: str
    plain: str
    performed_by: tuple[str, ...]
    performed_text: str
    level: tuple[CriterionLevel, ...] = ()
    argument: tuple[Argument, ...] = ()
    brief: tuple[BriefReason, ...] = ()
    how: tuple[Phrase, ...] = ()
    cell: tuple[Cell, ...] = ()
    consent: tuple[Consent, ...] = ()
    gate: tuple[Gate, ...] = ()
    risk: tuple[Risk, ...] = ()
    step: tuple[Step, ...] = ()
    call: tuple[Call, ...] = ()
    leaflet: OptionLeaflet | None = None
    codes: tuple[Code, ...] = ()
    unlisted_when: str = ""
    max_acid_percent: float | None = None
    min_ph: float | None = None
    own_rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


def gate_place(owner: Option | Measure, gate: Gate) -> str:
    """Where a gate stands; of a shared rule also whose gate is meant."""
    if gate.place:
        return f"{gate.place} ({owner.id})"
    folder = "options" if isinstance(owner, Option) else "measures"
    return f"{folder}/{owner.id}.toml: gate.{gate.id}"


def by_rule(
    owners: Iterable[Option | Measure],
) -> dict[str, list[tuple[Option | Measure, Gate]]]:
    """The gates that each rule comes to, by the place where it is written."""
    found: dict[str, list[tuple[Option | Measure, Gate]]] = {}
    for owner in owners:
        for gate in owner.gate:
            path = gate.place or gate_place(owner, gate)
            found.setdefault(path, []).append((owner, gate))
    return found
