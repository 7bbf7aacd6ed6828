"""TOML text to plain values; what is wrong with the text is a problem like any other.

What takes `tomllib` for ever, or out of its own errors, is refused before or after it.
"""

from __future__ import annotations

import tomllib
from typing import Any

from milia_cds.errors import Problem

_MOST_DOTS = 100
"""As many as one line may have: the time of a dotted key grows with their square."""


def parse_toml(
    content: bytes, name: str, problems: list[Problem]
) -> dict[str, Any] | None:
    """Parse a TOML file; report why it cannot be read and give None.

    Parameters
    ----------
    content
        What the file holds.
    name
        Its name, for the problems.
    problems
        Where problems are added.
    """
    try:
        text = content.decode("utf-8")
        if (line := _of_many_dots(text)) is not None:
            message = f"line {line} has more than {_MOST_DOTS} dots"
            problems.append(Problem(name, message, "break the line"))
            return None
        return tomllib.loads(text)
    except UnicodeDecodeError as bad:
        problems.append(
            Problem(name, f"byte {bad.start} is not UTF-8", "save it as UTF-8")
        )
    except ValueError as bad:
        message = f"this is not TOML: {_reason(bad)}"
        problems.append(Problem(name, message, "mend the syntax there"))
    except RecursionError:
        message = "the values are nested too deeply"
        problems.append(Problem(name, message, "flatten them"))
    return None


def _of_many_dots(text: str) -> int | None:
    """The number of the first line that has too many dots, if any."""
    if text.count(".") <= _MOST_DOTS:
        return None
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.count(".") > _MOST_DOTS), None)


def _reason(bad: ValueError) -> str:
    """The reason; a number of thousands of digits has none in the words of TOML."""
    if isinstance(bad, tomllib.TOMLDecodeError):
        return str(bad)
    return "a number of very many digits"
