"""The first place of all complete cases, as a decision diagram.

Options meet one after the other, and in each case the best so far is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from milia_cds.decision.disposition import Course
from milia_cds.decision.ranking import Score, score
from milia_cds.decision.verdicts import NOT_RECOMMENDED
from milia_cds.knowledge.options import Option
from milia_cds.logic.diagrams import Diagrams, TooManyNodesError

OptionLevels: TypeAlias = tuple[tuple[str, int], ...]
"""The level of an option on each criterion."""

_NOWHERE: Score = (0, 0)
"""The score of an option that is not offered."""
LAST: Score = (NOT_RECOMMENDED + 1, 0)
"""No more than the least score of an offered option."""
_NOBODY: tuple[Score, frozenset[str]] = (_NOWHERE, frozenset())


def score_of(
    diagrams: Diagrams,
    offered: int,
    levels: int,
    weights: Mapping[str, int],
    *,
    own: bool = False,
) -> int:
    """The diagram of the place of an option: values are `Score`, all 0 if not offered.

    Parameters
    ----------
    diagrams
        The diagrams that the others are of.
    offered, levels
        At which rank it is offered, and its levels.
    weights
        The weight of every criterion.
    own
        Whether the patient's own values order what is acceptable.
    """

    def place(rank: int, levels: OptionLevels) -> Score:
        points = sum(weights[criterion] * level for criterion, level in levels)
        return score(rank, points, own=own) if rank else _NOWHERE

    kept = ("place", own, *weights.items())
    return diagrams.apply(place, offered, levels, kept=kept)


def first_of(
    diagrams: Diagrams,
    placed: Mapping[str, int],
    rows: int,
    options: Mapping[str, Option],
    *,
    most: int,
) -> tuple[int, int] | None:
    """The diagrams of the first place and of the disposition that follows.

    Parameters
    ----------
    diagrams
        The diagrams that the others are of.
    placed, rows
        The place of each option, those first that mostly stand high; and the row of
        actions that decides.
    options
        The options by id.
    most
        The most nodes that this may take.

    Returns
    -------
    tuple or None
        Values are frozen sets of ids, and `Course`; `None` where it takes more.
    """
    acts = {name: options[name].act for name in placed}

    def action(row: Course, first: frozenset[str]) -> Course:
        if row[0] != "treat":
            return row
        treated = {acts[name] for name in first} == {"treat"}
        return ("treat" if treated else "observe", None, None)

    try:
        with diagrams.at_most(most):
            first = _best_of(diagrams, placed)
            kept = ("action", *acts.items())
            return first, diagrams.apply(action, rows, first, kept=kept)
    except TooManyNodesError:
        return None


def _best_of(diagrams: Diagrams, placed: Mapping[str, int]) -> int:
    """The diagram of the options in the best place.

    What mostly stands high comes first: it soon outranks the others, and what they ask
    is then no longer asked.
    """
    best = diagrams.end(_NOBODY)
    for name in placed:
        best = diagrams.apply(
            lambda best, place, name=name: _better(best, place, name),
            best,
            placed[name],
            kept=(_better, name),
        )
    return diagrams.apply(_names, best, kept=_names)


def _names(best: tuple[Score, frozenset[str]]) -> frozenset[str]:
    return best[1]


def _better(
    best: tuple[Score, frozenset[str]], place: Score, name: str
) -> tuple[Score, frozenset[str]]:
    if place == _NOWHERE or place < best[0]:
        return best
    if place == best[0]:
        return (place, best[1] | {name})
    return (place, frozenset([name]))
