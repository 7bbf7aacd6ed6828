"""The vocabulary of a domain: its facts in order, its sections, and who is who.

A knowledge base reads its own from `facts.toml`. The engine knows no fact by name: what
it must know of one, such as who performs an option, is a role that the domain gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import attrs

from milia_cds.case.vernacular import Vernacular, spoken_in
from milia_cds.logic.facts import Kind, Members, Value, Weights


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SectionEntry:
    """A section of a case, and how clauses and labels of its facts begin.

    Parameters
    ----------
    label
        Its heading.
    subject
        What leads its clauses, such as "the patient".
    possessive
        What leads its labels, such as "the patient's".
    items
        What its facts are called where they are counted.
    may_be_assumed_absent
        Whether a case may say that it was screened for.
    in_policy
        Whether a local policy may state its facts.
    one_in_visit
        Whether all cases of a visit must agree on its facts.
    """

    label: str
    subject: str = ""
    possessive: str = ""
    items: str = ""
    may_be_assumed_absent: bool = False
    in_policy: bool = False
    one_in_visit: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Roles:
    """Which facts and settings play a part that the engine knows; "" is none.

    Parameters
    ----------
    operator
        The choice that says who would perform an option.
    performers
        Who else may perform one.
    offers
        The setting that lists the options that are on offer.
    weights
        The setting that weighs the criteria.
    """

    operator: str = ""
    performers: tuple[str, ...] = ()
    offers: str = ""
    weights: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Vocabulary:
    """What a case of a domain may state.

    Parameters
    ----------
    domain
        The word for the domain.
    case
        What one case is, such as "one tooth of one patient".
    kinds
        The kind of every fact and setting by dotted name, in order: the values of a
        case go by position.
    settings
        The dotted names that no condition may read.
    sections
        The sections by name, in order.
    roles
        Which facts and settings the engine knows by what they do.
    screens
        The spoken questions that a case may say were asked and denied, each with the
        facts to which it is a "no", in order.
    spoken
        What people call the facts and their members, or the folder of checked knowledge
        that says so: it is read when a case is refused for the first time.
    """

    domain: str
    case: str
    kinds: Mapping[str, Kind]
    settings: frozenset[str] = frozenset()
    sections: Mapping[str, SectionEntry] = attrs.field(factory=dict)
    roles: Roles = Roles()
    screens: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    spoken: Vernacular | Path = attrs.field(factory=Vernacular)

    @cached_property
    def vernacular(self) -> Vernacular:
        """What people call the facts and their members, to tell them what to write."""
        if isinstance(self.spoken, Path):
            return spoken_in(self.spoken)
        return self.spoken

    @cached_property
    def readable(self) -> Mapping[str, Kind]:
        """The facts that conditions may read, by dotted name."""
        return {
            name: kind for name, kind in self.kinds.items() if name not in self.settings
        }

    @cached_property
    def screened(self) -> tuple[str, ...]:
        """The sections that a case may assume to be absent where they say nothing."""
        return tuple(
            name for name, each in self.sections.items() if each.may_be_assumed_absent
        )

    @cached_property
    def absentable(self) -> tuple[str, ...]:
        """What `assume_absent` may name: sections, then spoken questions."""
        return (*self.screened, *self.screens)

    @cached_property
    def by_section(self) -> Mapping[str, Mapping[str, Kind]]:
        """The kinds of the facts of each section, by the name that they have in it."""
        found: dict[str, dict[str, Kind]] = {name: {} for name in self.sections}
        for name, kind in self.kinds.items():
            section, _, fact = name.partition(".")
            found.setdefault(section, {})[fact] = kind
        return found

    @cached_property
    def dotted(self) -> Mapping[str, str]:
        """The dotted name of each fact whose own name is used in one section only."""
        short = {name: name.partition(".")[2] for name in self.kinds}
        used = Counter(short.values())
        return {fact: name for name, fact in short.items() if used[fact] == 1}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each readable fact among the values of a case."""
        return {name: place for place, name in enumerate(self.readable)}

    def section(self, fact: str) -> SectionEntry | None:
        """The section of a fact, where it is known."""
        return self.sections.get(fact.partition(".")[0])

    def subject(self, fact: str) -> str:
        """What leads a clause about a fact; nothing where the clause names it."""
        section = self.section(fact)
        return section.subject if section else ""

    def may_be_screened(self, fact: str) -> bool:
        """Whether a case may assume the absence of a fact that it does not state."""
        return fact.partition(".")[0] in self.screened

    @property
    def counted(self) -> str:
        """What facts that were assumed absent are called where they are counted."""
        named = (self.sections[name].items or "facts" for name in self.screened)
        return " or ".join(dict.fromkeys(named)) or "facts"

    @cached_property
    def _absences(self) -> dict[frozenset[str], tuple[Value | None, ...]]:
        return {}

    def absences(self, screened: Iterable[str]) -> tuple[Value | None, ...]:
        """What absence means for each readable fact that was screened for.

        Parameters
        ----------
        screened
            The names of sections and spoken questions.
        """
        key = frozenset(screened)
        if key not in self._absences:
            denied = {fact for each in key for fact in self.screens.get(each, ())}
            denied |= {
                name
                for name in self.readable
                if name.partition(".")[0] in key.intersection(self.screened)
            }
            self._absences[key] = tuple(
                kind.absent if name in denied else None
                for name, kind in self.readable.items()
            )
        return self._absences[key]

    def agrees_with(self, other: Vocabulary) -> bool:
        """Whether values by position mean the same in both.

        The order of the ids of options and criteria does not matter.
        """
        if self.kinds is other.kinds:
            return self.domain == other.domain
        return self._meaning == other._meaning

    @cached_property
    def _meaning(self) -> tuple[object, ...]:
        kinds = [(name, in_any_order(kind)) for name, kind in self.kinds.items()]
        screens = {name: frozenset(facts) for name, facts in self.screens.items()}
        return self.domain, kinds, self.settings, self.screened, screens


def in_any_order(kind: Kind) -> object:
    """A kind that equals another if only the order of its ids differs."""
    match kind:
        case Members(members):
            return "options", frozenset(members)
        case Weights(criteria):
            return "weights", frozenset(criteria)
    return kind
