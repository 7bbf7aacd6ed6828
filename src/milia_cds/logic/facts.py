"""Kinds of fact: yes/no, number, choice, set, and the weights of a patient.

A kind reads a plain JSON value strictly (nothing is coerced, lost or defaulted), knows
its bounds and members, and writes its JSON Schema. `None` always means *not known*.
The functions below declare one fact of an attrs class each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, TypeAlias, TypeGuard, TypeVar, cast, get_args

import attrs

from milia_cds.errors import CaseError, Problem, nearest, quoted

_LONGEST_NAME = 60
_EXACT = frozenset({str, int, float, bool, type(None)})

F = TypeVar("F", bound=Callable[..., Any])

Value: TypeAlias = bool | int | float | str | frozenset[str] | Mapping[str, int]
"""A known value of a fact."""


def once(function: F) -> F:
    """Remember the results; to mypy the type of a class with a hash has none."""
    return cast("F", cache(function))


@attrs.frozen
class Unreadable:
    """A JSON token that stands for no JSON value, such as NaN or 1e999."""

    text: str


def described(value: object) -> str:
    """Say what a value is, in the words of JSON."""
    match value:
        case None:
            return "null"
        case Unreadable(text):
            return text
        case bool() | str():
            return quoted(value)
        case int() | float():
            return _number_text(value)
        case list():
            return "a list"
        case dict():
            return "an object"
        case frozenset():
            return f"the set of {', '.join(sorted(map(str, value))) or 'nothing'}"
        case _:
            return f"a Python {type(value).__name__}"


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_number(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, Unreadable)


def _number_text(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > 64:  # noqa: PLR2004 - one word
        return "a number of very many digits"
    return repr(value)


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
                "give true, false, or null for not known",
            )
        )
        return None

    def schema(self) -> dict[str, Any]:
        """Give the JSON Schema of the fact."""
        return {"type": ["boolean", "null"]}

    def plain(self, value: Any) -> Any:
        """Give the value as JSON has it."""
        return value

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return "yes/no"


_YES_NO = YesNo()


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
        mend += ", or null" if self.nullable else ""
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
        """Give the JSON Schema of the fact."""
        kind = "integer" if self.whole else "number"
        kinds = [kind, "null"] if self.nullable else kind
        return {"type": kinds, "minimum": self.low, "maximum": self.high}

    def plain(self, value: Any) -> Any:
        """Give the value as JSON has it."""
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
        problems.append(not_a_member(value, path, self.members))
        return None

    def schema(self) -> dict[str, Any]:
        """Give the JSON Schema of the fact."""
        return {"enum": [*self.members, None]}

    def plain(self, value: Any) -> Any:
        """Give the value as JSON has it."""
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
            mend = f"give a list of {', '.join(self.members)}, or null"
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
        """Give the JSON Schema of the fact."""
        return {
            "type": ["array", "null"],
            "items": {"enum": list(self.members)},
            "uniqueItems": True,
        }

    def plain(self, value: Any) -> Any:
        """Give the value as JSON has it."""
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
            mend = "give an object of criterion and weight, or null"
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
                read[name] = self._weight.read(weight, f"{path}.{name}", problems)  # type: ignore[assignment]
        return read if len(problems) == before else None

    def schema(self) -> dict[str, Any]:
        """Give the JSON Schema of the fact."""
        return {
            "type": ["object", "null"],
            "properties": dict.fromkeys(self.criteria, self._weight.schema()),
            "additionalProperties": False,
        }

    def plain(self, value: Any) -> Any:
        """Give the value as JSON has it."""
        return dict(value)

    def __str__(self) -> str:
        """Describe the kind for a table."""
        return f"weights 0 to 10 of {', '.join(self.criteria)}"


class Section:
    """A section of a case: equal when all its facts are; it shows what is known.

    These methods serve all sections, for making them anew for each class costs time at
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
        """Give the facts that are known, by name."""
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
        """Give a hash that equal sections share."""
        known = self.known().items()
        return hash(
            tuple((name, value) for name, value in known if not isinstance(value, dict))
        )


Kind: TypeAlias = YesNo | Number | Choice | Members | Weights


def not_a_member(value: object, path: str, members: Iterable[str]) -> Problem:
    """Give the problem of a value that is none of the members."""
    members = tuple(members)
    if not isinstance(value, str):
        message = f"{described(value)} is not the name of a member"
        return Problem(path, message, f"use one of {', '.join(members)}")
    mend = nearest(value, members)
    if mend.startswith("did you mean"):
        mend = f"{mend} The members are {', '.join(members)}"
    return Problem(path, f"{quoted(value)} is not a member", mend)


def name_in_path(name: object) -> str:
    """Give a key as it stands in a path: plain where it is a plain name."""
    if isinstance(name, str) and name.isidentifier() and name.isascii():
        return name if len(name) <= _LONGEST_NAME else quoted(name)
    return quoted(name)


def _declared(kind: Kind, *, setting: bool = False) -> Any:
    return attrs.field(default=None, metadata={"kind": kind, "setting": setting})


def _check(kind: Kind, value: Any, path: str) -> None:
    problems: list[Problem] = []
    kind.read(sorted(value) if isinstance(value, frozenset) else value, path, problems)
    if problems:
        raise CaseError(problems)


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
            return exact(value)


# What these cannot convert is refused afterwards.


def exact(value: Any) -> Any:
    """Give a text or number of a subclass, such as numpy's float, as the plain one."""
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
    return exact(value)


def _frozen(value: Any) -> Any:
    if not isinstance(value, set | frozenset | list | tuple):
        return value
    items = [exact(item) for item in value]
    return frozenset(items) if all(isinstance(item, str) for item in items) else items


def _copied(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {exact(name): _whole(weight) for name, weight in value.items()}


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
    """Give the kind of each fact that an attrs class declares, settings included."""
    return {
        field.name: field.metadata["kind"]
        for field in attrs.fields(record)
        if "kind" in field.metadata
    }


def settings_of(record: type) -> frozenset[str]:
    """Give the names of the declared settings, which no condition may read."""
    return frozenset(
        field.name
        for field in attrs.fields(record)
        if field.metadata.get("setting", False)
    )
