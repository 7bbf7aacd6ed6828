"""Kinds of fact: yes/no, number, choice, set, and the weights of a patient.

A kind reads a plain JSON value strictly (nothing is coerced, lost or defaulted), knows
its bounds and members, and writes its JSON Schema. `None` always means *not known*.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeGuard, TypeVar, cast

import attrs

from milia_cds.errors import (
    Problem,
    Unreadable,
    described,
    name_in_path,
    nearest,
    quoted,
)

OR_NULL = "or null (for not known)"

F = TypeVar("F", bound=Callable[..., Any])

_EXACT = frozenset({str, int, float, bool, type(None)})

Value: TypeAlias = bool | int | float | str | frozenset[str] | Mapping[str, int]
"""A known value of a fact."""


def once(function: F) -> F:
    """Remember the results; to mypy the type of a class with a hash has none."""
    return cast("F", cache(function))


def plain_scalar(value: Any) -> Any:
    """A text or number as the plain one: of a subclass, or a scalar of NumPy.

    Parameters
    ----------
    value
        Anything; what is neither is given back.
    """
    if type(value) in _EXACT:
        return value
    match value:
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case float():
            return float(value)
    return _of_numpy(value)


def _of_numpy(value: Any) -> Any:
    """The value of a scalar of NumPy, which no import of NumPy is needed to tell."""
    if type(value).__module__ != "numpy" or getattr(value, "shape", None) != ():
        return value
    plain = value.item()
    return plain if type(plain) in _EXACT else value


def plain_value(value: Any) -> Any:
    """What JSON would have, whose scalars may be NumPy's.

    Parameters
    ----------
    value
        A value of a fact as it was given; a list or an object is copied.
    """
    if isinstance(value, list):
        return [plain_scalar(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_scalar(item) for name, item in value.items()}
    return plain_scalar(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_number(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, Unreadable)


@attrs.frozen
class YesNo:
    """A fact that is true, false or not known.

    Parameters
    ----------
    absent
        What a screening without a finding makes of it: false, or `None` where its "no"
        is nothing that a screening finds, so that it stays unknown.
    """

    absent: bool | None = False
    name = "yes/no"

    def read(self, value: object, path: str, problems: list[Problem]) -> Value | None:
        """Read a plain value; report what is wrong and give None."""
        if isinstance(value, bool):
            return value
        problems.append(
            Problem(
                path,
                f"{described(value)} is not yes or no",
                f"give true, false, {OR_NULL}",
            )
        )
        return None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the fact."""
        return {"type": ["boolean", "null"]}

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return value

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return "yes/no"


@attrs.frozen
class Number:
    """A number within bounds, both included.

    Parameters
    ----------
    low, high
        The least and the greatest value, in `unit`.
    unit
        The unit, empty for a count or a grade.
    whole
        Whether only whole numbers are read (4.0 is 4; 3.9 is refused).
    nullable
        Whether null may stand in its place.
    """

    low: float
    high: float
    unit: str = ""
    whole: bool = False
    nullable: bool = True
    absent = None

    def read(self, value: object, path: str, problems: list[Problem]) -> Value | None:
        """Read a plain value; report what is wrong and give None."""
        noun = "a whole number" if self.whole else "a number"
        mend = f"give {noun} from {self.low} to {self.high}{self._in_unit()}"
        mend += f", {OR_NULL}" if self.nullable else ""
        if _no_number(value):
            message = f"{described(value)} is not a usable number"
            problems.append(Problem(path, message, mend))
        elif not _is_number(value) or (self.whole and value != int(value)):
            problems.append(Problem(path, f"{described(value)} is not {noun}", mend))
        elif not self.low <= value <= self.high:
            problems.append(Problem(path, f"{described(value)} is out of bounds", mend))
        else:
            return int(value) if self.whole else value
        return None

    def _in_unit(self) -> str:
        return f" {self.unit}" if self.unit else ""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the fact."""
        kind = "integer" if self.whole else "number"
        kinds = [kind, "null"] if self.nullable else kind
        return {"type": kinds, "minimum": self.low, "maximum": self.high}

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return value

    def __str__(self) -> str:
        """Describe the kind for a table."""
        noun = "whole number" if self.whole else "number"
        return f"{noun}, {self.low} to {self.high}{self._in_unit()}"


@attrs.frozen
class Choice:
    """Exactly one of the members.

    Parameters
    ----------
    members
        The names that may be given.
    absent
        The member that says "screened for and not there", if there is one.
    """

    members: tuple[str, ...]
    absent: str | None = None

    def read(self, value: object, path: str, problems: list[Problem]) -> Value | None:
        """Read a plain value; report what is wrong and give None."""
        if isinstance(value, str) and value in self.members:
            return value
        told = not_a_member(value, path, self.members)
        problems.append(attrs.evolve(told, mend=f"{told.mend}, {OR_NULL}"))
        return None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the fact."""
        return {"enum": [*self.members, None]}

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return value

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return f"one of {', '.join(self.members)}"


@attrs.frozen
class Members:
    """A set of members; the empty set is known to be empty."""

    members: tuple[str, ...]
    absent: frozenset[str] = frozenset()

    def read(self, value: object, path: str, problems: list[Problem]) -> Value | None:
        """Read a plain list; report what is wrong and give None."""
        if not isinstance(value, list):
            mend = f"give a list of {', '.join(self.members)}, {OR_NULL}"
            problems.append(Problem(path, f"{described(value)} is not a list", mend))
            return None
        before = len(problems)
        seen: set[str] = set()
        for place, item in enumerate(value):
            if not (isinstance(item, str) and item in self.members):
                problems.append(not_a_member(item, f"{path}[{place}]", self.members))
            elif item in seen:
                message = f"{quoted(item)} is listed twice"
                problems.append(Problem(f"{path}[{place}]", message, "remove one"))
            else:
                seen.add(item)
        return frozenset(seen) if len(problems) == before else None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the fact."""
        return {
            "type": ["array", "null"],
            "items": {"enum": list(self.members)},
            "uniqueItems": True,
        }

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return [member for member in self.members if member in value]

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return f"set of {', '.join(self.members)}"


MOST_WEIGHT = 10
"""The greatest weight of a criterion."""


@attrs.frozen
class Weights:
    """A weight, a whole number from 0 to 10, for some of the criteria."""

    criteria: tuple[str, ...]
    absent = None
    _weight = Number(0, MOST_WEIGHT, whole=True, nullable=False)

    def read(self, value: object, path: str, problems: list[Problem]) -> Value | None:
        """Read a plain object; report what is wrong and give None."""
        if not isinstance(value, dict):
            mend = f"give an object of criterion and weight, {OR_NULL}"
            problems.append(Problem(path, f"{described(value)} is no object", mend))
            return None
        before = len(problems)
        read: dict[str, int] = {}
        for name, weight in value.items():
            if name not in self.criteria:
                message = f"{quoted(name)} is no criterion"
                mend = nearest(name, self.criteria)
                problems.append(Problem(f"{path}.{name_in_path(name)}", message, mend))
            else:
                # Dropped where it is a problem.
                read[name] = self._weight.read(weight, f"{path}.{name}", problems)  # type: ignore[assignment]
        return read if len(problems) == before else None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the fact."""
        return {
            "type": ["object", "null"],
            "properties": dict.fromkeys(self.criteria, self._weight.schema()),
            "additionalProperties": False,
        }

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return dict(value)

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return f"weights 0 to 10 of {', '.join(self.criteria)}"


Kind: TypeAlias = YesNo | Number | Choice | Members | Weights


def not_a_member(value: object, path: str, members: Iterable[str]) -> Problem:
    """The problem of a value that is none of the members."""
    members = tuple(members)
    if not isinstance(value, str):
        message = f"{described(value)} is not the name of a member"
        return Problem(path, message, f"use one of {', '.join(members)}")
    mend = nearest(value, members)
    if mend.startswith("did you mean"):
        mend = f"{mend} The members are {', '.join(members)}"
    return Problem(path, f"{quoted(value)} is not a member", mend)
