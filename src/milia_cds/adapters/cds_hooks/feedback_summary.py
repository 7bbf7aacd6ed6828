"""How often advice was accepted and overridden, and why: by option, rule, knowledge.

It is counts and codes. What was written beside a report may name a patient: it is kept
apart, for whoever asks for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.adapters.cds_hooks.feedback_file import FEEDBACK, ISSUED, parsed

NO_REASON, COMMENT_ONLY, NO_CODE = "no reason", "comment only", "another reason"
"""What is said for a reason that is no code."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@attrs.frozen
class Tally:
    """What became of the cards about one thing.

    Parameters
    ----------
    shown
        How many cards about it were issued; what a reader passed over is among them.
    accepted
        How many were accepted; of an option, how often it was itself.
    overridden
        How many were overridden.
    reasons
        How often each reason was given, the most frequent first.
    """

    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    reasons: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen
class Summary:
    """What a file of feedback says.

    Parameters
    ----------
    since, until
        The first and the last time of a report; "" where there is none.
    whole
        Of all cards.
    options, rules, knowledge
        By option, by alert or gate, and by the version and digest of the knowledge.
    unknown
        How many reports were of cards that this file does not know.
    comments
        What was written beside reports.
    unread
        The numbers of the lines that are none of such a file.
    """

    since: str
    until: str
    whole: Tally
    options: Mapping[str, Tally]
    rules: Mapping[str, Tally]
    knowledge: Mapping[str, Tally]
    unknown: int
    comments: tuple[str, ...] = attrs.field(repr=False)
    unread: tuple[int, ...] = ()

    def to_dict(self, *, comments: bool = False) -> dict[str, Any]:
        """The summary as plain JSON values.

        Parameters
        ----------
        comments
            Whether what was written beside reports is in it; it may name patients.
        """
        said = attrs.asdict(self)
        said["unread"] = list(self.unread)
        said["comments"] = list(self.comments) if comments else len(self.comments)
        return said


@attrs.define
class _Count:
    """A tally that is counted."""

    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    reasons: Counter[str] = attrs.field(factory=Counter)

    def add(self, outcome: str, reason: str) -> None:
        if outcome == "accepted":
            self.accepted += 1
        else:
            self.overridden += 1
            self.reasons[reason] += 1

    def tally(self) -> Tally:
        ordered = sorted(self.reasons.items(), key=lambda each: (-each[1], each[0]))
        return Tally(self.shown, self.accepted, self.overridden, dict(ordered))


def summary(lines: Iterable[bytes]) -> Summary:
    """Sum up a file of feedback.

    Parameters
    ----------
    lines
        Its lines. A last line without its end is one that is being written, and is
        left out.
    """
    cards: dict[str, Mapping[str, Any]] = {}
    reports: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    unread: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            break
        kind, data = parsed(line)
        if kind == ISSUED:
            cards.setdefault(data["card"], data)
        elif kind == FEEDBACK:
            key = (data["card"], data["outcome"], data["at"])
            reports.setdefault(key, data)
        else:
            unread.append(number)
    return _Sum(cards).of(reports.values(), tuple(unread))


class _Sum:
    """Counts what became of cards.

    Parameters
    ----------
    cards
        What each card was about, by its id.
    """

    def __init__(self, cards: Mapping[str, Mapping[str, Any]]) -> None:
        self.cards = cards
        self.whole = _Count()
        self.by: dict[str, dict[str, _Count]] = {
            kind: {} for kind in ("options", "rules", "knowledge")
        }
        self.unknown = 0
        for card in cards.values():
            self.whole.shown += 1
            for kind in self.by:
                for count in self._counts(kind, _about(card, kind)):
                    count.shown += 1

    def _counts(self, kind: str, names: Iterable[str]) -> Iterator[_Count]:
        counts = self.by[kind]
        for name in names:
            yield counts.setdefault(name, _Count())

    def of(
        self, reports: Iterable[Mapping[str, Any]], unread: tuple[int, ...]
    ) -> Summary:
        """The summary of reports."""
        moments, comments = [], []
        for report in reports:
            moments.append(report["at"])
            if isinstance(report.get("comment"), str):
                comments.append(report["comment"])
            self._add(report)
        options, rules, knowledge = (
            {name: each.tally() for name, each in sorted(counts.items())}
            for counts in self.by.values()
        )
        return Summary(
            min(moments, default=""),
            max(moments, default=""),
            self.whole.tally(),
            options,
            rules,
            knowledge,
            self.unknown,
            tuple(comments),
            unread,
        )

    def _add(self, report: Mapping[str, Any]) -> None:
        outcome, reason = report["outcome"], _reason(report)
        self.whole.add(outcome, reason)
        card = self.cards.get(report["card"])
        if card is None:
            self.unknown += 1
            return
        for kind in self.by:
            names = _about(card, kind)
            if kind == "options" and outcome == "accepted":
                names = _accepted(card, report)
            for count in self._counts(kind, names):
                count.add(outcome, reason)


def _about(card: Mapping[str, Any], kind: str) -> list[str]:
    """What a card is about, of one kind."""
    if kind == "knowledge":
        stamp = [card.get("version"), card.get("digest")]
        return [" ".join(each for each in stamp if isinstance(each, str) and each)]
    return _names(card.get(kind))


def _accepted(card: Mapping[str, Any], report: Mapping[str, Any]) -> list[str]:
    """The options of which a suggestion was accepted."""
    suggestions = card.get("suggestions")
    known = suggestions if isinstance(suggestions, dict) else {}
    found = [known.get(each) for each in _names(report.get("accepted"))]
    return list(dict.fromkeys(each for each in found if isinstance(each, str)))


def _names(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return list(dict.fromkeys(each for each in value if isinstance(each, str)))


def _reason(report: Mapping[str, Any]) -> str:
    """The reason of a report as its code: never its words, which anybody may write."""
    reason = report.get("reason")
    if not isinstance(reason, dict):
        return COMMENT_ONLY if report.get("comment") else NO_REASON
    code = reason.get("code")
    fits = isinstance(code, str) and _CODE.fullmatch(code)
    return str(code) if fits else NO_CODE
