"""What every family of resources is read in: the day, the patient, the codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

import attrs

from milia_cds.adapters.fhir.codes import Index, Match
from milia_cds.adapters.fhir.gathering import EVERY, Resource
from milia_cds.adapters.fhir.reading import RecordSource, Saying
from milia_cds.adapters.fhir.whose import PatientRecord
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import visible
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value


class Voice(NamedTuple):
    """A resource that is read by a rule, and so speaks of the fact of that rule.

    Of two versions, neither of which is known to be the newer, none says a value.
    """

    at: Resource
    match: Match

    def says(self, value: Value | None, why: str, day: date | None = None) -> Saying:
        """What it says of the fact, or of the part that its code is about."""
        fact, part = self.match.rule.fact, self.match.part
        at = self.at
        source = RecordSource(at.reference, visible(at.version), self.match.by)
        if at.contested:
            return Saying(fact, None, source, day, _CONTESTED)
        return Saying(fact, value, source, day, why, part)

    def opens(
        self, why: str, day: date | None = None, *, aside: bool = False
    ) -> Saying:
        """It speaks of the fact, and leaves it open."""
        said = self.says(None, why, day)
        return (
            attrs.evolve(said, aside=True) if aside and not self.at.contested else said
        )

    def denies(self, why: str, day: date | None = None) -> Saying:
        """A no to the part that its code is about; to nothing, where it names none."""
        if self.match.denies:
            return self.says(value=False, why=why, day=day)
        return self.opens(f"{why}, which denies no part of it", day, aside=True)


_CONTESTED = "there are two versions of it, and which is newer is not said"


@attrs.frozen(eq=False)
class Context:
    """What every family of resources is read in.

    Parameters
    ----------
    base
        The knowledge base.
    index
        Its codes.
    as_of
        The day to which the facts are relative.
    record
        Every resource, by what refers to it.
    patient
        The patient who is read.
    condition
        The condition that the case is about, where one was chosen.
    found
        The resources of the patient that are read, by their type.
    """

    base: Knowledge
    index: Index
    as_of: date
    record: PatientRecord
    patient: Resource
    condition: str | None = None
    found: Mapping[str, list[Resource]] = attrs.field(factory=dict)

    def counted(self, kind: str) -> int:
        """How many resources of a type are read."""
        return len(self.found.get(kind, ()))

    @property
    def vocabulary(self) -> Vocabulary:
        """What a case may state."""
        return self.base.vocabulary

    def incomplete(self, kinds: Iterable[str]) -> str:
        """Why a search for one of these types is incomplete; "" where none is."""
        lacking = self.record.said.incomplete
        found = (lacking[each] for each in (EVERY, *kinds) if each in lacking)
        return next(found, "") if lacking else ""

    def problem(self, at: Resource, element: str, message: str, mend: str) -> None:
        """Say what is wrong with an element of a resource."""
        path = f"{at.path}.{element}" if at.path else element
        self.record.said.problem(path, message, mend)

    def voice(self, at: Resource, match: Match) -> Voice:
        """A resource that is read by a rule."""
        return Voice(at, match)


Family: TypeAlias = Callable[[list[Resource], Context], Iterator[Saying]]
"""What the resources of some types say."""
