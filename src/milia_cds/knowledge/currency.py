"""Whether knowledge is past the day by which it was to be reviewed.

The day of an assessment is given: nothing here looks at a clock. Past that day every
output says so, and long past it the knowledge is refused. No verdict rests on it.
"""

from __future__ import annotations

from datetime import date, timedelta

from milia_cds.errors import OverdueError, Problem
from milia_cds.knowledge.about import REFUSED_AFTER
from milia_cds.knowledge.model import Knowledge

_MEND = (
    "install a newer version, or review the knowledge (milia-cds review) and write the "
    "next day there"
)


def is_overdue(base: Knowledge, on: date | None) -> bool:
    """Whether the day by which to review knowledge has passed.

    Parameters
    ----------
    base
        The knowledge base.
    on
        The day on which it is used; `None` is not said, and then nothing is overdue.
    """
    return on is not None and on > _due(base)


def overdue_text(base: Knowledge) -> str:
    """What is said of knowledge that is overdue.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic where it has one.
    """
    return (
        f"This knowledge was to be reviewed by {_due(base)}. Check with newer sources; "
        f"from {_refused_from(base)} on it is refused."
    )


def refuse_long_overdue(base: Knowledge, on: date) -> None:
    """Refuse knowledge whose review is long overdue.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic where it has one.
    on
        The day on which it is used.

    Raises
    ------
    OverdueError
        More than 365 days after the day of its review, or sooner where the policy says
        so.
    """
    if (on - _due(base)).days <= _days(base):
        return
    policy, by = base.policy, ""
    if policy is not None and policy.refuse_after_days < REFUSED_AFTER:
        by = f" by the policy of {policy.name}"
    message = f"it was to be reviewed by {_due(base)}, and is refused{by} from "
    message += f"{_refused_from(base)} on"
    raise OverdueError([Problem("about.toml: review_by", message, _MEND)])


def _due(base: Knowledge) -> date:
    return date.fromisoformat(base.about.review_by)


def _days(base: Knowledge) -> int:
    """After how many days it is refused."""
    return REFUSED_AFTER if base.policy is None else base.policy.refuse_after_days


def _refused_from(base: Knowledge) -> date:
    return _due(base) + timedelta(_days(base) + 1)
