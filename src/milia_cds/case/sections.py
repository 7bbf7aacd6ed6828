"""Sections of a case as attrs classes: one field a fact, read strictly.

The functions declare one fact of a section each. A fact that is left out and one that
is given as `None` are both `None` to whoever reads them, and are told apart inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar, Final, get_args

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
    plain_scalar,
)

_YES_NO = YesNo()

SPOKEN = Path(__file__).parents[1] / "data"
"""The folder that says what people call the facts of these sections."""


class LeftOut(Enum):
    """What a section holds for a fact that nobody mentioned."""

    LEFT_OUT = "left out"


LEFT_OUT: Final = LeftOut.LEFT_OUT


def told_apart(
    _section: type, facts: Sequence[attrs.Attribute[Any]]
) -> list[attrs.Attribute[Any]]:
    """Keep each fact as it was given, under a name of its own, "_keloid" for "keloid".

    So `attrs.evolve`, `copy.replace`, pickles and copies hand on what was given, and
    what was left out stays left out.
    """
    return [fact.evolve(name=f"_{fact.name}", alias=fact.name) for fact in facts]


class Section:
    """A section of a case: equal when all its facts are; it shows what was given.

    These methods serve all sections, for making them again for each class costs time at
    every import.
    """

    __slots__ = ()

    SECTION: ClassVar[str]
    _AS_GIVEN: ClassVar[attrgetter[tuple[Any, ...]]]
    """The class, and each fact as it was given or left out."""

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Read each fact as `None` where it was left out."""
        section: type = cls
        hidden = [field.name for field in attrs.fields(section)]
        cls._AS_GIVEN = attrgetter("__class__", *hidden)
        for name in hidden:
            setattr(cls, name.removeprefix("_"), _read_as_none(name))

    def __attrs_post_init__(self) -> None:
        """Keep what is known as its plain value; refuse it where it is of no use."""
        given = self._AS_GIVEN(self)[1:]
        for value, (name, kind) in zip(
            given, kinds_of(type(self)).items(), strict=True
        ):
            if value is LEFT_OUT or (kind is _YES_NO and type(value) is bool):
                continue
            if value is not None:
                plain = _plain_value(kind, value)
                _check(kind, plain, f"{self.SECTION}.{name}")
                object.__setattr__(self, f"_{name}", plain)
            elif name in settings_of(type(self)):
                object.__setattr__(self, f"_{name}", LEFT_OUT)

    def given(self) -> dict[str, Value | None]:
        """The facts that were not left out, by name; `None` is asked and not known."""
        names = kinds_of(type(self))
        given = zip(names, self._AS_GIVEN(self)[1:], strict=True)
        return {name: value for name, value in given if value is not LEFT_OUT}

    def known(self) -> dict[str, Value]:
        """The facts that are known, by name."""
        given = self.given().items()
        return {name: value for name, value in given if value is not None}

    def __repr__(self) -> str:
        """Show what was given, as Python makes it again."""
        given = (f"{name}={value!r}" for name, value in self.given().items())
        return f"{type(self).__name__}({', '.join(given)})"

    def __eq__(self, other: object) -> bool:
        """Compare all facts; what is not known is not what was left out."""
        if type(self) is not type(other) or not isinstance(other, Section):
            return NotImplemented
        return self._AS_GIVEN(self) == other._AS_GIVEN(other)

    def __hash__(self) -> int:
        """A hash that equal sections share."""
        given = self._AS_GIVEN(self)
        return hash(tuple(value for value in given if not isinstance(value, dict)))


def _read_as_none(hidden: str) -> property:
    """A fact as it is read: `None` where it was left out."""
    as_given = attrgetter(hidden)

    def fact(section: Section) -> Any:
        value = as_given(section)
        return None if value is LEFT_OUT else value

    return property(fact)


def _declared(kind: Kind, *, setting: bool = False, screen: str = "") -> Any:
    said = {"kind": kind, "setting": setting, "screen": screen}
    return attrs.field(default=LEFT_OUT, metadata=said)


def _check(kind: Kind, value: Any, path: str) -> None:
    problems: list[Problem] = []
    plain = sorted(value) if isinstance(value, frozenset) else value
    kind.read(plain, path, problems)
    if problems:
        raise CaseError(misread(Fact(path, kind, spoken_in(SPOKEN)), plain, problems))


def _plain_value(kind: Kind, value: Any) -> Any:
    match kind:
        case YesNo():
            return plain_scalar(value)
        case Members():
            return _frozen(value)
        case Weights():
            return _copied(value)
        case Number(whole=True):
            return _whole(value)
        case Number() | Choice():
            return plain_scalar(value)


# What these cannot convert is refused afterwards.


def _whole(value: Any) -> Any:
    plain = plain_scalar(value)
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _frozen(value: Any) -> Any:
    if not isinstance(value, set | frozenset | list | tuple):
        return value
    items = [plain_scalar(item) for item in value]
    return frozenset(items) if all(isinstance(item, str) for item in items) else items


def _copied(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {plain_scalar(name): _whole(weight) for name, weight in value.items()}


def yes_no(*, screen: str = "", screened: bool = True) -> Any:
    """Declare a yes/no fact.

    `screen` is the spoken question that asks for it; `screened`: whether a "no" to it
    makes it a "no", as a screening of its section does.
    """
    return _declared(_YES_NO if screened else YesNo(absent=None), screen=screen)


def number(low: float, high: float, unit: str = "", *, whole: bool = False) -> Any:
    """Declare a number with its bounds, both included, and its unit."""
    return _declared(Number(low, high, unit, whole))


def choice(literal: Any, *, absent: str | None = None, screen: str = "") -> Any:
    """Declare a choice among the strings of a `Literal`."""
    return _declared(Choice(get_args(literal), absent), screen=screen)


def members(literal: Any, *, setting: bool = False, screen: str = "") -> Any:
    """Declare a set of the strings of a `Literal`."""
    return _declared(Members(get_args(literal)), setting=setting, screen=screen)


def weights(literal: Any) -> Any:
    """Declare the weights of a patient for the criteria of a `Literal`."""
    return _declared(Weights(get_args(literal)), setting=True)


@once
def kinds_of(record: type) -> Mapping[str, Kind]:
    """The kind of each fact that an attrs class declares, settings included."""
    return {
        field.alias: field.metadata["kind"]
        for field in attrs.fields(record)
        if "kind" in field.metadata
    }


@once
def settings_of(record: type) -> frozenset[str]:
    """The names of the declared settings, which no condition may read."""
    return frozenset(
        field.alias
        for field in attrs.fields(record)
        if field.metadata.get("setting", False)
    )


def screens_of(record: type) -> Mapping[str, str]:
    """The spoken question of each fact that declares one."""
    return {
        field.alias: field.metadata["screen"]
        for field in attrs.fields(record)
        if field.metadata.get("screen")
    }
