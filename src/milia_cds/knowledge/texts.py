"""What the clinician and the patient read: risks, steps, calls and advice, as records.

Each text has two registers: `text` for the clinician, `plain` for the patient.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.tables import Entry, derived
from milia_cds.logic.conditions import Condition

Certainty: TypeAlias = Literal["high", "moderate", "low", "very_low"]
CERTAINTIES: tuple[Certainty, ...] = ("very_low", "low", "moderate", "high")
Basis: TypeAlias = str
"""Where a figure is from: the name of the domain, "analogue" or "not_known"."""
Elsewhere: TypeAlias = Literal["analogue"]
"""Said of a text whose figure is not from the domain."""
Reversible: TypeAlias = Literal["yes", "partly", "no", "not_known"]
Phase: TypeAlias = Literal["preparation", "anaesthesia", "aftercare", "review"]
PHASES: tuple[Phase, ...] = ("preparation", "anaesthesia", "aftercare", "review")
Timing: TypeAlias = Literal[
    "before",
    "immediate",
    "first_two_days",
    "first_week",
    "until_healed",
    "ongoing",
    "review",
]
TIMINGS: tuple[Timing, ...] = (
    "before",
    "immediate",
    "first_two_days",
    "first_week",
    "until_healed",
    "ongoing",
    "review",
)
HowSoon: TypeAlias = Literal["same_day", "soon"]
AdviceKind: TypeAlias = Literal[
    "what",
    "never",
    "home_care",
    "prevention",
    "expectation",
    "mimic",
    "red_flag",
    "after_procedure",
    "question",
]
ADVICE_KINDS: tuple[AdviceKind, ...] = (
    "what",
    "never",
    "home_care",
    "prevention",
    "expectation",
    "mimic",
    "red_flag",
    "after_procedure",
    "question",
)
NOT_KNOWN = "not known"
"""The frequency of a risk of which no figure was found."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Sentence(Entry):
    """One sentence of a text, said while its `when` holds and its claims may stand.

    `claims` are those of `claims.toml` that it makes, such as that waiting is safe.
    """

    text: str
    plain: str = ""
    when: str = ""
    claims: tuple[str, ...] = ()
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RiskModifier(Entry):
    """Who runs a risk more often, or runs a worse one."""

    when: str
    text: str
    plain: str
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Risk(Entry):
    """What can go wrong, how often, how badly, and whether it goes away.

    Parameters
    ----------
    frequency
        A natural frequency with its denominator, or "not known".
    basis
        Where the figure is from: the domain, by its name; an "analogue", such as a
        larger procedure or another disease; or "not_known".
    severity
        1 (trivial) to 5 (serious or permanent).
    """

    id: str
    text: str
    plain: str
    frequency: str
    basis: Basis
    severity: int
    reversible: Reversible
    population: str = ""
    period: str = ""
    when: str = ""
    modifier: tuple[RiskModifier, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Step(Entry):
    """Something to do before, during or after, and when.

    `options` are those that share it, where it stands in the common file.
    """

    id: str
    phase: Phase
    timing: Timing
    text: str
    plain: str
    when: str = ""
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Call(Entry):
    """What to call about after a treatment, and how soon."""

    id: str
    how_soon: HowSoon
    text: str
    plain: str
    when: str = ""
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Advice(Entry):
    """Advice beyond one option: what never to do, home care, what to expect.

    `basis` is set where a figure in the text is from an analogue, as that of a risk is.
    """

    id: str
    kind: AdviceKind
    title: str
    text: str = ""
    plain: str = ""
    when: str = ""
    certainty: Certainty | None = None
    basis: Elsewhere | None = None
    articles: tuple[int, ...] = ()
    departs: str = ""
    claims: tuple[str, ...] = ()
    sentence: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()
