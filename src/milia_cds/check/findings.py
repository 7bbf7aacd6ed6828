"""Findings: what an examination found, where, how grave it is, and an example case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""From the gravest on: an error must be mended, a warning looked at, a note known."""


@attrs.frozen
class Finding:
    """One thing that an examination found.

    Parameters
    ----------
    kind
        Which check found it, such as "gate.never".
    level
        How grave it is.
    path
        The file and the key.
    text
        What is found, as a sentence.
    case
        A case that shows it, as JSON has it; `None` where none can.
    """

    kind: str
    level: Severity
    path: str
    text: str
    case: Mapping[str, Any] | None = attrs.field(default=None, hash=False)


def graded(findings: list[Finding]) -> list[Finding]:
    """Put findings in order: the gravest first, else as they were found."""
    return sorted(findings, key=lambda each: SEVERITIES.index(each.level))
