"""How facts are read from a FHIR record, as records: rules, codes, what may say no.

Each mirrors a table of `fhir.toml`, or of `[[fhir.code]]` in the policy of a clinic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.records import Entry
from milia_cds.knowledge.words import Code

ResourceType: TypeAlias = Literal[
    "Patient",
    "Condition",
    "Observation",
    "AllergyIntolerance",
    "MedicationStatement",
    "MedicationRequest",
    "Device",
    "DeviceUseStatement",
    "Procedure",
    "AdverseEvent",
    "DocumentReference",
]
"""The types of resource that a rule may read."""
Reader: TypeAlias = Literal[
    "age",  # of the patient, from the date of birth
    "present",  # a code that is there says yes
    "answer",  # the coded value of an observation, or its yes or no
    "number",  # its measured value
    "course",  # whether a drug is taken, or how long ago it ended
    "taken",  # whether a drug was taken at any time of the window
    "site",  # where the condition lies that another rule reads
    "options",  # an intolerance of an option: it names one of a set, never all
]
"""How a value is read."""
Denial: TypeAlias = Literal["refuted", "not-taken", "not-done", "value"]
"""What may say no: a status of a resource, or the value of an observation."""
WHOLE = "all"
"""The part that stands for all of a composite fact."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FhirCode(Code):
    """A code that a rule reads.

    Parameters
    ----------
    prefix
        Whether every code that begins so is meant.
    part
        The part of a composite fact that it is about; "all": the whole of it.
    """

    prefix: bool = False
    part: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FhirAnswer(Code):
    """A coded value of an observation; it means "yes", "no" or a member."""

    means: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Ended(Entry):
    """What a fact is while the end of a course is less than so many months ago.

    The last one has no limit.
    """

    means: str
    under_months: int | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FhirRule(Entry):
    """How one fact is read from resources of some types.

    Parameters
    ----------
    codes
        What it looks for; without any, a clinic gives its own.
    means
        What it is where a code is there: "yes", or a member.
    uncertain
        What it is where a diagnosis is provisional or differential.
    answer
        What coded values of an observation mean.
    now
        Whether it holds now, so that a condition of the past leaves it open.
    open
        Why a code that is there leaves the fact open; empty where it does not.
    speaks
        Whether a condition that it finds, while that lasts, is a reason to speak
        without being asked.
    parts
        The parts of a composite fact: it is yes by one, and no when each is denied.
    members
        Whether each code is one of a class, so that it denies itself alone.
    within_days, within_months
        How old it may be.
    below
        The number below which a measured value says yes; from there on it says no.
    units
        The units in which a number is read; "" is none.
    current, ended
        What a course is that goes on, and what one is that has ended.
    of
        The fact by whose rules the condition is found that lies somewhere.
    no
        What may say no.
    denials
        The members that are a kind of no.
    """

    id: str
    fact: str
    resources: tuple[ResourceType, ...]
    reader: Reader
    codes: tuple[FhirCode, ...] = ()
    means: str = "yes"
    uncertain: str = ""
    answer: tuple[FhirAnswer, ...] = ()
    now: bool = False
    open: str = ""
    speaks: bool = False
    parts: tuple[str, ...] = ()
    members: bool = False
    within_days: int | None = None
    within_months: int | None = None
    below: float | None = None
    units: tuple[str, ...] = ()
    current: str = ""
    ended: tuple[Ended, ...] = ()
    of: str = ""
    no: tuple[Denial, ...] = ()
    denials: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class NoneKnown(Entry):
    """A code that says "none known" of a family, and so no to each of some facts.

    `category` is that of the allergies of which it speaks; empty: of all.
    """

    id: str
    resources: tuple[Literal["AllergyIntolerance", "Device", "DeviceUseStatement"], ...]
    codes: tuple[FhirCode, ...]
    facts: tuple[str, ...]
    category: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DrugTimes(Entry):
    """How long an entry of a drug holds.

    An active one whose last date is older leaves open whether it is still taken. One
    that says "not taken" holds for as long after it was said.
    """

    active_within_months: int
    not_taken_within_days: int
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ClinicCode(Entry):
    """Codes that a clinic adds to a fact, or to an option, in its policy.

    Parameters
    ----------
    fact, option
        What they are of: one of the two. An order by a code of an option means that.
    codes
        The codes, those of its value set among them.
    means
        "yes", "no", a member, or "value": the code of an observation whose value is
        read.
    prefix
        Whether every code that begins so is meant.
    part
        The part of a composite fact that they are about.
    unit
        With "value", the unit of the number.
    valueset
        The file of an expanded ValueSet, beside the policy.
    id
        Its place in the policy.
    """

    fact: str = ""
    option: str = ""
    means: str = ""
    system: str = ""
    codes: tuple[str, ...] = ()
    prefix: bool = False
    part: str = ""
    unit: str = ""
    valueset: str = ""
    judgement: bool = False
    id: str = attrs.field(default="", metadata={"derived": True})
    pairs: tuple[tuple[str, str], ...] = attrs.field(
        default=(), metadata={"derived": True}
    )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Fhir(Entry):
    """What `fhir.toml` says: how facts are read from a FHIR record.

    Parameters
    ----------
    system
        The URI of each terminology, by the name that codes use.
    drug
        How long an entry of a drug holds.
    rule
        How each fact is read.
    none_known
        What says "none known".
    override
        The reasons for not following advice that a clinician may choose from.
    clinic
        The codes that the policy of a clinic adds.
    """

    system: Mapping[str, str] = attrs.field(factory=dict)
    drug: DrugTimes | None = None
    rule: tuple[FhirRule, ...] = ()
    none_known: tuple[NoneKnown, ...] = ()
    override: tuple[Code, ...] = ()
    clinic: tuple[ClinicCode, ...] = attrs.field(default=(), metadata={"derived": True})

    def rules_of(self, fact: str) -> tuple[FhirRule, ...]:
        """The rules that read a fact."""
        return tuple(each for each in self.rule if each.fact == fact)

    def codes_of(self, fact: str) -> tuple[Code, ...]:
        """Every code by which the knowledge reads a fact, each once."""
        rules = self.rules_of(fact)
        return tuple(
            dict.fromkeys(
                each for rule in rules for each in (*rule.codes, *rule.answer)
            )
        )


def uris(
    systems: Mapping[str, str], codes: Iterable[Code]
) -> Iterable[tuple[str, str]]:
    """The URI of the system of each code, and the code."""
    return [(systems.get(each.system, ""), each.code) for each in codes]
