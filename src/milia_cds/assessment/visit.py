"""A visit: several groups of lesions of one patient, a case each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.base import knowledge_of
from milia_cds.assessment.decided import DecidedCase, day_given, decided
from milia_cds.case.stated import AnyCase, only_cases
from milia_cds.errors import CaseError, Problem, described, only, visible
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value
from milia_cds.render.blocks import Sheet
from milia_cds.render.sheets.visit import Group, visit_sheet
from milia_cds.render.width import as_wide_as, columns
from milia_cds.render.writers.html import as_card
from milia_cds.render.writers.text import as_text
from milia_cds.shown import Face, Shown


class Visit(tuple[Assessment, ...], Shown):
    """The answers of a visit, one for each case, in the order of the cases.

    It shows first what holds over all of them: the dangers, how urgent the most urgent
    is, what is counted in all, and what one case forbids and another offers.

    Parameters
    ----------
    iterable
        The answers, as `assess_visit` gives them.
    """

    __slots__ = ()

    def text(self, *, colour: bool = False, width: int | None = None) -> str:
        """What holds over the cases, and each of them in brief.

        Parameters
        ----------
        colour
            Whether to use the colours of a terminal.
        width
            The most columns of a line, as for `Assessment.text`.
        """
        with as_wide_as(columns() if width is None else width):
            return as_text(self._sheet(), detail="short", colour=colour)

    def __str__(self) -> str:
        """The text."""
        return self.text()

    def __repr__(self) -> str:
        """Name what is to be done in each case."""
        said = " | ".join(each.disposition.headline for each in self)
        return visible(f"<Visit: {said}>")

    def _face(self) -> Face:
        return Face(lambda: as_card(self._sheet()), self.text)

    def _sheet(self) -> Sheet:
        base = self[0].base() or knowledge_of("Visit", None)
        groups = [Group(each.outcome, each.case.facts()) for each in self]
        return visit_sheet(groups, base)


def assess_visit(
    cases: Iterable[AnyCase],
    knowledge: Knowledge | None = None,
    *,
    on: date | None = None,
) -> Visit:
    """Assess several groups of lesions of one patient, a case each.

    What the knowledge counts over a visit is summed over its sites, and not known as
    long as one part is not; a warning sign at one site may hold at others. Each
    assessment names what it took from the visit among its assumptions.

    Parameters
    ----------
    cases
        At least one case. What is stated of the patient and of the history must not
        differ between them; what one case leaves open stays open in it, and what one
        states is not assumed absent in another.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    on
        The day of the visit, as for `assess`.

    Returns
    -------
    Visit
        One assessment for each case, in order; a tuple that shows what holds over all.

    Raises
    ------
    CaseError
        When there is no case, or when two cases differ about the patient.
    OverdueError
        When the review of the knowledge is long overdue, as for `assess`.
    WrongTypeError
        When one of them is no `Case`, `knowledge` no knowledge base or `on` no date.
    """
    mend = "give the cases in a list"
    only(Iterable, cases, "assess_visit takes several cases", mend)
    cases = tuple(cases)
    for case in cases:
        only_cases(case)
    base = knowledge_of("assess_visit", knowledge)
    day = day_given("assess_visit", on)
    if not cases:
        mend = f"give one case for each {_one(base.vocabulary.case)}"
        raise CaseError([Problem("cases", "there is no case", mend)])
    stated = _stated_of_the_patient(cases, _of_the_patient(base))
    ready = [_not_denied(case, stated) for case in cases]
    found = [dict(_summed(case, cases, base)) for case in ready]
    made = [decided(case, base, own) for case, own in zip(ready, found, strict=True)]
    whole = [
        own | _spread_to(case, made, base)
        for case, own in zip(ready, found, strict=True)
    ]
    return Visit(
        Assessment(decided=decided(case, base, own, day))
        for case, own in zip(ready, whole, strict=True)
    )


def _of_the_patient(base: Knowledge) -> frozenset[str]:
    """The facts that are one in a visit: by themselves, or with their section."""
    sections = base.vocabulary.sections
    return frozenset(
        name
        for name, entry in base.facts.items()
        if entry.one_in_visit or sections[name.partition(".")[0]].one_in_visit
    )


def _summed(
    case: AnyCase, cases: Iterable[AnyCase], base: Knowledge
) -> Iterator[tuple[str, Value | None]]:
    """What is one number over the places of a visit, where this case has its part.

    Not known, where the part or the place of another case is not: it may be any number.
    """
    for name, entry in base.facts.items():
        if not entry.summed_over or case.value(name) is None:
            continue
        places = base.sets[entry.summed_over]
        if case.value(places.fact) not in places.members:
            continue
        perhaps = {*places.members, None}
        here = [each for each in cases if each.value(places.fact) in perhaps]
        parts = [each.value(name) for each in here]
        if None in parts or any(each.value(places.fact) is None for each in here):
            yield name, None
        elif len(parts) > 1:
            yield name, sum(parts)


def _spread_to(
    case: AnyCase, made: Iterable[DecidedCase], base: Knowledge
) -> dict[str, Value | None]:
    """What other cases of a visit, of a kind that spreads, show at their sites."""
    found: dict[str, Value | None] = {}
    for each in made:
        record = each.decision.record
        if len(record.walk.scenarios) != 1:
            continue
        scenario = base.scenarios[record.walk.scenarios[0]]
        places = base.sets.get(scenario.spreads_over)
        if places is None or not {
            case.value(places.fact),
            each.case.value(places.fact),
        } <= set(places.members):
            continue
        for name, value in record.facts.items():
            spreads = name.partition(".")[0] == scenario.spreads
            if spreads and value is True and case.value(name) is not True:
                found[name] = True
    return found


def _one(case: str) -> str:
    """What one case of a visit is: without "one", and without whom the visit is of."""
    return case.removeprefix("one ").partition(" of one ")[0]


def _stated_of_the_patient(
    cases: Iterable[AnyCase], shared: frozenset[str]
) -> dict[str, Value]:
    """What the cases of a visit state of the patient, who is one."""
    stated: dict[str, tuple[int, Value]] = {}
    problems = []
    for place, case in enumerate(cases):
        for name, value in case.facts().items():
            if value is None or name not in shared:
                continue
            before, first = stated.setdefault(name, (place, value))
            if first != value:
                message = f"{described(value)} is not {described(first)}, as in "
                problems.append(
                    Problem(
                        f"cases[{place}].{name}",
                        f"{message}cases[{before}]",
                        "a visit is of one patient: correct one of the two",
                    )
                )
    if problems:
        raise CaseError(problems)
    return {name: value for name, (_, value) in stated.items()}


def _not_denied(case: AnyCase, stated: Mapping[str, Value]) -> AnyCase:
    """Assume nothing absent in one case that another case of the visit states."""
    denied = {
        name
        for name, value in case.absences().items()
        if stated.get(name, value) != value
    }
    return case.stating(dict.fromkeys(denied)) if denied else case
