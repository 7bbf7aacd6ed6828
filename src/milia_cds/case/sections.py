"""Sections of a case as attrs classes: one field a fact, read strictly.

The functions declare one fact of a section each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, get_args

import attrs

from milia_cds.case.misread import misread
from milia_cds.case.telling import Fact
from milia_cds.case.vernacular import spoken_in
from milia_cds.errors import CaseError, Problem
from milia_cds.logic.facts import (
    Choice,
    Kind,
    Members,
    Number,
    Value,
    Weights,
    YesNo,
    once,
)

_EXACT = frozenset({str, int, float, bool, type(None)})
_YES_NO = YesNo()

SPOKEN = Path(__file__).parents[1] / "data"
"""The folder that says what people call the facts of these sections."""


class Section:
    """A section of a case: equal when all its facts are; it shows what is known.

    These methods serve all sections, for making them again for each class costs time at
    every import.
    """

    __slots__ = ()

    SECTION: ClassVar[str]

    def __attrs_post_init__(self) -> None:
        """Keep what is known as its plain value; refuse it where it is of no use."""
        for name, kind in kinds_of(type(self)).items():
            given = getattr(self, name)
            if given is not None and not (kind is _YES_NO and type(given) is bool):
                value = _plain_value(kind, given)
                _check(kind, value, f"{self.SECTION}.{name}")
                object.__setattr__(self, name, value)

    def known(self) -> dict[str, Value]:
        """The facts that are known, by name."""
        values = {name: getattr(self, name) for name in kinds_of(type(self))}
        return {name: value for name, value in values.items() if value is not None}

    def __repr__(self) -> str:
        """Show what is known."""
        known = (f"{name}={value!r}" for name, value in self.known().items())
        return f"{type(self).__name__}({', '.join(known)})"

    def __eq__(self, other: object) -> bool:
        """Compare all facts."""
        if type(self) is not type(other) or not isinstance(other, Section):
            return NotImplemented
        return self.known() == other.known()

    def __hash__(self) -> int:
        """A hash that equal sections share."""
        known = self.known().items()
        return hash(
            tuple((name, value) for name, value in known if not isinstance(value, dict))
        )


def _declared(kind: Kind, *, setting: bool = False) -> Any:
    return attrs.field(default=None, metadata={"kind": kind, "setting": setting})


def _check(kind: Kind, value: Any, path: str) -> None:
    problems: list[Problem] = []
    plain = sorted(value) if isinstance(value, frozenset) else value
    kind.read(plain, path, problems)
    if problems:
        raise CaseError(misread(Fact(path, kind, spoken_in(SPOKEN)), plain, problems))


def _plain_value(kind: Kind, value: Any) -> Any:
    match kind:
        case YesNo():
            return value
        case Members():
            return _frozen(value)
        case Weights():
            return _copied(value)
        case Number(whole=True):
            return _whole(value)
        case Number() | Choice():
            return plain_scalar(value)


# What these cannot convert is refused afterwards.


def plain_scalar(value: Any) -> Any:
    """A text or number of a subclass, such as numpy's float, as the plain one."""
    if type(value) in _EXACT:
        return value
    match value:
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case float():
            return float(value)
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return plain_scalar(value)


def _frozen(value: Any) -> Any:
    if not isinstance(value, set | frozenset | list | tuple):
        return value
    items = [plain_scalar(item) for item in value]
    return frozenset(items) if all(isinstance(item, str) for item in items) else items


def _copied(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {plain_scalar(name): _whole(weight) for name, weight in value.items()}


def yes_no(*, screened: bool = True) -> Any:
    """Declare a yes/no fact; `screened`: screening its section makes it a "no"."""
    return _declared(_YES_NO if screened else YesNo(absent=None))


def number(low: float, high: float, unit: str = "", *, whole: bool = False) -> Any:
    """Declare a number with its bounds, both included, and its unit."""
    return _declared(Number(low, high, unit, whole))


def choice(literal: Any, *, absent: str | None = None) -> Any:
    """Declare a choice among the strings of a `Literal`."""
    return _declared(Choice(get_args(literal), absent))


def members(literal: Any, *, setting: bool = False) -> Any:
    """Declare a set of the strings of a `Literal`."""
    return _declared(Members(get_args(literal)), setting=setting)


def weights(literal: Any) -> Any:
    """Declare the weights of a patient for the criteria of a `Literal`."""
    return _declared(Weights(get_args(literal)), setting=True)


@once
def kinds_of(record: type) -> Mapping[str, Kind]:
    """The kind of each fact that an attrs class declares, settings included."""
    return {
        field.name: field.metadata["kind"]
        for field in attrs.fields(record)
        if "kind" in field.metadata
    }


def settings_of(record: type) -> frozenset[str]:
    """The names of the declared settings, which no condition may read."""
    return frozenset(
        field.name
        for field in attrs.fields(record)
        if field.metadata.get("setting", False)
    )
