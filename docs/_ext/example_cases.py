"""The example cases, each with its situation as `examples/README.md` tells it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import attrs

FOLDER = Path(__file__).parents[2] / "examples"
_ROW = re.compile(r"^\| \[(\w+)\]\(cases/\w+\.json\) \| (.+) \|$", re.MULTILINE)


@attrs.frozen
class ExampleCase:
    """An example case.

    Parameters
    ----------
    name
        Its name, that of its file.
    situation
        What it is about, in a line.
    data
        The case as plain JSON values.
    """

    name: str
    situation: str
    data: dict[str, Any]

    @property
    def title(self) -> str:
        """Its name as words."""
        return self.name.replace("_", " ").capitalize()


def example_cases() -> tuple[ExampleCase, ...]:
    """Every example case, in the order of the table."""
    table = _ROW.findall((FOLDER / "README.md").read_text("utf-8"))
    return tuple(
        ExampleCase(name, situation, json.loads(_file(name).read_text("utf-8")))
        for name, situation in table
    )


def _file(name: str) -> Path:
    return FOLDER / "cases" / f"{name}.json"
