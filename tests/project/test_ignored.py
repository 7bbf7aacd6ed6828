"""What a check ignores, it ignores with a reason beside it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "docs", "examples", "benchmarks", "release", "tools")
IGNORES = re.compile(r"# (?:noqa\b|type: ignore\b|pragma: no\b)[^#]*(?:# .*)?")
WITH_REASON = re.compile(
    r"# noqa: [A-Z0-9, ]+ - .+|# (?:type: ignore\[[\w, -]+\]|pragma: no \w+) +# .+"
)


def without_reason(source: str) -> Iterator[int]:
    """The lines that ignore a check with no reason there, or in a comment above."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = token.type == tokenize.COMMENT and IGNORES.search(token.string)
        if found and not WITH_REASON.fullmatch(found.group()):
            above = lines[token.start[0] - 2].lstrip() if token.start[0] > 1 else ""
            if not above.startswith("# "):
                yield token.start[0]


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_ignored_has_its_reason(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / folder).rglob("*.py")
        for line in without_reason(path.read_text("utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1  # noqa: E501\n", [1]),
        ("x = 1  # noqa: E501 - a table\n", []),
        ("x = 1  # type: ignore[misc]\n", [1]),
        ("x = 1  # type: ignore[misc]  # it is a number\n", []),
        ("# It is a number.\nx = 1  # type: ignore[misc]\n", []),
        ("y = 2\nx = 1  # pragma: no cover\n", [2]),
        ("x = '# noqa: E501'\n", []),
    ],
)
def test_a_reason_stands_beside_or_above(source: str, lines: list[int]) -> None:
    assert list(without_reason(source)) == lines
