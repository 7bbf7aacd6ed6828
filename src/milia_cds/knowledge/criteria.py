"""What people weigh, and what the grid of options answers: `criteria.toml`."""

from __future__ import annotations

import attrs

from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.logic.conditions import Condition


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GridQuestion(Entry):
    """A question that the grid answers for each option.

    Where an option has no cell of its own, the level of `criterion` in words answers.
    """

    id: str
    ask: str
    criterion: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GridNote(Entry):
    """What stands beside the grid while one of its `options` may be chosen.

    It is said unless its `when` is known not to hold, and is never dropped.
    """

    plain: str = at_most(160, needed=True)
    options: tuple[str, ...]
    when: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Criterion(Entry):
    """What people weigh, on a fixed scale: `levels` from 0 (worst) to 4 (best).

    `matters` is what somebody wants who weighs it, in a word or two, to be ticked.

    Where a patient weighs one that is `own`, the patient's own values order what is
    acceptable, before the standing; the two texts say so where that puts watching
    first, and where it puts treatment before a first-line watching.
    """

    id: str
    label: str
    question: str
    ask_patient: str
    matters: str = at_most(24)
    levels: tuple[str, ...]
    weight: int
    own: bool = False
    own_observe: str = ""
    own_treat: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
