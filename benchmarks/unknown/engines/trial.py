"""What every Python engine is given: the four cases, and how its answers are written.

The rule is "avoid if pregnant, otherwise give"; the status is yes, no, given as null,
or left out. This file needs nothing but the standard library, for it runs beside each
engine in an environment of its own.
"""

import json
from collections.abc import Callable
from typing import Any

LONGEST = 48
CASES: dict[str, dict[str, Any]] = {
    "yes": {"pregnant": True},
    "no": {"pregnant": False},
    "null": {"pregnant": None},
    "left out": {},
}


def trial(rule: str, decide: Callable[[dict[str, Any]], object]) -> None:
    """Print, as a line of JSON, how the rule is written and what comes of each case."""
    answers = {name: _answer(decide, dict(case)) for name, case in CASES.items()}
    print(json.dumps({"rule": rule, **answers}))


def _answer(decide: Callable[[dict[str, Any]], object], case: dict[str, Any]) -> str:
    try:
        found = decide(case)
    except Exception as error:  # noqa: BLE001 - whatever an engine raises is its answer
        return raised(error)
    return "nothing" if found is None else str(found)


def may_be_given(value: object) -> object:
    """The value of an expression, whose null is a value too."""
    return "null" if value is None else value


def raised(error: BaseException) -> str:
    """Say what was raised, in a line."""
    said = str(error).strip().splitlines() or [""]
    text = said[0] if len(said[0]) <= LONGEST else f"{said[0][:LONGEST]}..."
    return f"raises {type(error).__name__}: {text}"
