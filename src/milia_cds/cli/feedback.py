"""The command `milia-cds feedback`: how often advice was overridden, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from milia_cds.adapters.cds_hooks.feedback_summary import Summary, Tally, summary
from milia_cds.cli.program import complain
from milia_cds.cli.streams import InputError
from milia_cds.render.lines import wrapped

_HEADINGS = ("shown", "accepted", "overridden")
_KINDS = {
    "options": "By option",
    "rules": "By rule (alert or gate)",
    "knowledge": "By knowledge",
}


def run(asked: argparse.Namespace) -> None:
    """Print what a file of feedback says."""
    summed = _read(asked.file)
    if summed.unread:
        some = ", ".join(map(str, summed.unread[:10]))
        count = len(summed.unread)
        complain(f"{count} lines are no feedback and were left out, such as {some}")
    if asked.json:
        print(json.dumps(summed.to_dict(comments=asked.comments), indent=2))
        return
    print("\n".join(_lines(summed, comments=asked.comments)))


def _read(name: str) -> Summary:
    try:
        with Path(name).open("rb") as stream:
            return summary(stream)
    except OSError as error:
        message = f"{name}: {error.strerror or error}; give a file that can be read"
        raise InputError(message) from None


def _lines(summed: Summary, *, comments: bool) -> Iterator[str]:
    whole = summed.whole
    if summed.since:
        yield f"Reports from {summed.since} to {summed.until}"
    else:
        yield "No report yet"
    yield from _table("", {"All cards": whole})
    for kind, heading in _KINDS.items():
        tallies: Mapping[str, Tally] = getattr(summed, kind)
        if tallies:
            yield from ("", *_table(heading, tallies))
    if summed.unknown:
        yield f"\nReports of cards that this file does not know: {summed.unknown}"
    if comments:
        yield from _comments(summed.comments)
    elif summed.comments:
        yield (
            f"\nComments: {len(summed.comments)}; --comments prints them, and they may "
            "name patients"
        )


def _table(heading: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    """A row for each tally, and below it why it was overridden."""
    yield f"{_row(_HEADINGS)}{heading}".rstrip()
    for name, tally in tallies.items():
        counts = (tally.shown, tally.accepted, tally.overridden)
        yield from wrapped(name, _row(map(str, counts)))
        reasons = [f"{count} for {reason}" for reason, count in tally.reasons.items()]
        if reasons:
            yield from wrapped(", ".join(reasons), f"{_row(['', '', ''])}  ")


def _row(cells: Iterable[str]) -> str:
    return "".join(f"{each:>10}  " for each in cells)


def _comments(comments: Iterable[str]) -> Iterator[str]:
    yield "\nComments"
    for each in comments:
        yield from wrapped(" ".join(each.split()), "  ")
