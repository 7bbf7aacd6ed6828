"""Small knowledge bases, made at random, whose every completion can be tried.

They have a few facts of every kind, two decisions, three scenarios, four options with
gates and levels, and one measure; their texts say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from milia_cds import load_knowledge
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.record import Record
from milia_cds.knowledge.criteria import Criterion
from milia_cds.knowledge.dangers import URGENCIES, Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import (
    STANDINGS,
    CriterionLevel,
    Gate,
    GateKind,
    Measure,
    Modifier,
    Option,
    Standing,
)
from milia_cds.knowledge.promises import Action
from milia_cds.knowledge.scenarios import ActionRow, Branch, Decision, Scenario
from milia_cds.knowledge.words import FactEntry, Screen
from milia_cds.logic.cells import Variables
from milia_cds.logic.conditions import And, Condition, Not, Or, Scope, plain_atoms
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from tests.property.worlds import completions, conditions

Facts = Mapping[str, Value | None]

KINDS: Mapping[str, Kind] = {
    "part.yes": YesNo(),
    "part.also": YesNo(),
    "part.fixed": YesNo(),
    "part.size": Number(0, 9, whole=True),
    "part.place": Choice(("here", "there", "elsewhere")),
    "part.tried": Members(("alpha", "beta")),
}
DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "part.also": ("yes -> no",),
    "part.size": ("down",),
    "part.place": ("here -> there", "there -> elsewhere"),
}
SCOPE = Scope(KINDS)
SCENARIOS = ("one", "two", "three")
OPTIONS = ("wait", "rub", "cut", "burn")
CRITERIA = ("ease", "cost")
_RANKS = st.integers(0, len(STANDINGS) - 1)
_LEVELS = st.integers(0, 4)
_KINDS_OF_GATE: st.SearchStrategy[GateKind] = st.sampled_from(
    ("forbid", "forbid", "lower", "lower", "caution")
)
_CAPS: st.SearchStrategy[Standing | None] = st.sampled_from(
    (None, None, "limited", "not_recommended")
)
_ACTS: st.SearchStrategy[Action] = st.sampled_from(
    ("treat", "treat", "observe", "refer")
)


def _short() -> st.SearchStrategy[Condition]:
    return conditions(SCOPE, depth=1)


@st.composite
def bases(draw: DrawFn) -> Knowledge:
    """Small knowledge bases."""
    numbers = count()
    return attrs.evolve(
        load_knowledge(),
        vocabulary=Vocabulary(domain="parts", case="one part", kinds=KINDS),
        screens={
            "first": Screen(ask="First?", ask_patient="First?"),
            "rest": Screen(ask="The rest?", ask_patient="The rest?"),
        },
        facts={
            name: FactEntry(
                label=name,
                kind="yes_no",
                ask=f"{name}?",
                ask_patient=f"{name}?",
                screen="first" if place < 2 else "rest",
                immutable=name == "part.fixed",
                direction=DIRECTIONS.get(name, ()),
                yes=f"{name} is so",
                no=f"{name} is not so",
                has=f"{name} has {{}}",
                lacks=f"{name} lacks {{}}",
                members={"here": "here", "there": "there", "elsewhere": "elsewhere"},
            )
            for place, name in enumerate(KINDS)
        },
        sets={},
        terms={},
        guards={},
        contradictions=(),
        addressees={},
        alerts=_alerts(draw),
        claims={},
        decisions=_decisions(draw),
        scenarios={name: _scenario(draw, name) for name in SCENARIOS},
        options={name: _option(draw, name, numbers) for name in OPTIONS},
        measures={"numb": _measure(draw, numbers)},
        common_steps=(),
        common_calls=(),
        advice=(),
        guarantees=(),
        promises=(),
        criteria={
            name: Criterion(
                id=name,
                label=name,
                question=f"{name}?",
                ask_patient=f"{name}?",
                levels=("0", "1", "2", "3", "4"),
                weight=draw(st.integers(1, 10)),
            )
            for name in CRITERIA
        },
    )


def _alerts(draw: DrawFn) -> dict[str, Alert]:
    """Up to two alerts, each with a sign."""
    found = {}
    for name in ("loud", "quiet")[: draw(st.integers(0, 2))]:
        condition = draw(_short())
        signs = plain_atoms(condition)
        if signs:
            found[name] = Alert(
                id=name,
                when="drawn",
                urgency=draw(st.sampled_from(URGENCIES)),
                to=(),
                text=f"{name}!",
                plain=f"{name}!",
                condition=condition,
                signs=Or(signs),
            )
    return found


def _decisions(draw: DrawFn) -> dict[str, Decision]:
    first, second, third = (draw(_short()) for _ in range(3))
    root = (
        Branch(to="one", condition=first),
        Branch(to="more", condition=And((Not(first), second))),
        Branch(to="two", condition=And((Not(first), Not(second)))),
    )
    more = (
        Branch(to=draw(st.sampled_from(SCENARIOS)), condition=third),
        Branch(to="three", condition=Not(third)),
    )
    return {
        "root": Decision(id="root", ask="Which?", branch=root, judgement=True),
        "more": Decision(id="more", ask="And?", branch=more, judgement=True),
    }


def _scenario(draw: DrawFn, name: str) -> Scenario:
    act = draw(_ACTS)
    rows = [
        ActionRow(
            act="refer",
            to="dermatology",
            urgency=draw(st.sampled_from(URGENCIES)),
            text="Refer.",
            condition=draw(_short()),
        ),
        ActionRow(
            act=act,
            to="genetics" if act == "refer" else None,
            urgency=draw(st.sampled_from(URGENCIES)) if act == "refer" else None,
            text="Do.",
        ),
    ]
    standing = {option: draw(_RANKS) for option in OPTIONS}
    standing["wait"] = draw(st.integers(1, len(STANDINGS) - 1))
    return Scenario(
        id=name,
        label=name,
        plain=name,
        first_line=(),
        reasonable=(),
        limited=(),
        not_recommended=(),
        action=tuple(rows[draw(st.integers(0, 1)) :]),
        ranks=standing,
    )


def _gate(draw: DrawFn, owner: str, number: int) -> Gate:
    kind = draw(_KINDS_OF_GATE)
    return Gate(
        id=f"g{number}",
        name=f"{owner}.g{number}",
        kind=kind,
        text=f"Because of {number}.",
        when="drawn",
        to=draw(_CAPS) if kind == "lower" else None,
        condition=draw(_short()),
    )


def _option(draw: DrawFn, name: str, numbers: Iterator[int]) -> Option:
    gates = draw(st.integers(0, 3))
    return Option(
        id=name,
        label=name,
        family="observation" if name == "wait" else "laser",
        act="observe" if name == "wait" else "treat",
        invasiveness=OPTIONS.index(name),
        summary=name,
        plain=name,
        performed_by=(),
        performed_text="",
        level=tuple(_level(draw, each) for each in CRITERIA),
        gate=tuple(_gate(draw, name, next(numbers)) for _ in range(gates)),
    )


def _level(draw: DrawFn, criterion: str) -> CriterionLevel:
    modifiers = [
        Modifier(when="drawn", level=draw(_LEVELS), condition=draw(_short()))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return CriterionLevel(
        criterion=criterion, base=draw(_LEVELS), modifier=tuple(modifiers)
    )


def _measure(draw: DrawFn, numbers: Iterator[int]) -> Measure:
    return Measure(
        id="numb",
        label="numb",
        summary="numb",
        plain="numb",
        gate=(
            attrs.evolve(_gate(draw, "numb", next(numbers)), kind="forbid", to=None),
        ),
    )


# -- what every completion comes to ----------------------------------------------------


@attrs.frozen
class Tried:
    """A completion, and what the engine makes of it."""

    facts: Facts
    record: Record

    def offered(self, option: str) -> int:
        """The rank at which an option is offered, or 0."""
        judged = self.record.verdicts[option]
        return judged.worst if judged.verdict == "offered" else 0

    @property
    def first(self) -> frozenset[str]:
        """The options in the first place."""
        return frozenset(first_place(self.record.ranking))

    def certain(self, alerts: Iterable[str]) -> frozenset[str]:
        """Those of some alerts that it states."""
        stated = {each.alert.id for each in self.record.alerts if each.certain}
        return frozenset(stated.intersection(alerts))

    @property
    def disposition(self) -> tuple[str, str | None, str | None]:
        """What to do, where to refer to and how soon."""
        settled = self.record.disposition
        return settled.action, settled.to, settled.urgency


def tried(engine: Engine, variables: Variables, facts: Facts) -> list[Tried]:
    """Decide every completion of the facts that a diagram could ask about."""
    return [
        Tried(facts=each, record=decided(engine, each))
        for each in completions(variables, facts)
    ]


def decided(engine: Engine, facts: Facts) -> Record:
    stated: Sequence[Value | None] = [facts.get(name) for name in engine.names]
    return engine.decide(stated)
