"""The patients and leaflets of a review pack: which, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.decided import decided
from milia_cds.assessment.pictures import leaflet
from milia_cds.case.stated import AnyCase
from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.sheets.pack import From, HandedOut, Judged, Pack
from milia_cds.render.sheets.pack_rows import options_in_words

PATIENTS, LEAFLETS = 40, 5
"""So many are judged in an afternoon."""
_FIRST = 3
"""So many options are named in their order."""
_NEEDED = frozenset({"scenario", "do"})
"""What of an answer the patients cover before all else."""
_USUAL = 0.6
"""What more of the patients than this part have in common is said once."""


@attrs.frozen
class _Answered:
    """A case with its name, the decision, and the answer, which is made when read."""

    id: str
    case: AnyCase
    record: Record
    answer: Assessment

    @property
    def covers(self) -> frozenset[tuple[str, ...]]:
        """What a review of it would cover: situation, alerts, what to do, first place.

        An open case covers no situation, since it could still be several.
        """
        said, do = self.record, self.record.disposition
        found: list[tuple[str, ...]] = [
            ("alert", each.alert.id, str(each.certain)) for each in said.alerts
        ]
        found.append(("do", do.action, do.to or "", do.urgency or ""))
        found += [("first", option) for option in first_place(said.ranking)]
        if len(said.walk.scenarios) == 1:
            found += [("scenario", name) for name in said.walk.scenarios]
        return frozenset(found)

    @property
    def states(self) -> frozenset[tuple[str, ...]]:
        """What is stated of it: of patients who cover as much, the more various."""
        facts = self.case.facts().items()
        return frozenset(("fact", name, str(each)) for name, each in facts)


def review_pack(
    base: Knowledge,
    cases: Mapping[str, AnyCase] | None = None,
    *,
    drawn_from: From = "none",
    whole: bool = False,
) -> Pack:
    """All that is printed for a review of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    cases
        The cases from which patients are chosen, by name.
    drawn_from
        Where they come from.
    whole
        Whether all other texts are printed too.
    """
    chosen = _chosen([*_answered(cases or {}, base)])
    patients = Patients(tuple(each.case for each in chosen), base)
    return Pack(
        base,
        tuple(_judged(each, patients) for each in chosen),
        tuple(_handed_out(chosen, base)),
        patients.usually() if chosen else "",
        drawn_from,
        whole,
    )


def _answered(cases: Mapping[str, AnyCase], base: Knowledge) -> Iterator[_Answered]:
    """The answers, without the cases that are refused as contradictory."""
    for name, case in cases.items():
        try:
            record = decided(case, base).decision.record
            yield _Answered(name, case, record, assess(case, base))
        except ContradictionError:
            continue


def _chosen(answered: list[_Answered]) -> list[_Answered]:
    """Patients that cover the most, each time the one that adds most, the first first.

    Once all is covered it is covered again, by other patients.
    """
    covers = {each.id: each.covers for each in answered}
    states = {each.id: each.states for each in answered}
    chosen: list[str] = []
    left: set[tuple[str, ...]] = set()
    met: set[tuple[str, ...]] = set()
    while len(chosen) < min(PATIENTS, len(answered)):
        rest = [each for each in covers if each not in chosen]
        if not any(covers[each] & left for each in rest):
            left = {one for each in rest for one in covers[each]}
        best = max(
            rest,
            key=lambda n: (
                sum(one[0] in _NEEDED for one in covers[n] & left),
                len(covers[n] & left),
                len(states[n] - met),
            ),
        )
        chosen.append(best)
        left -= covers[best]
        met |= states[best]
    return [each for each in answered if each.id in chosen]


def _judged(answered: _Answered, patients: Patients) -> Judged:
    return Judged(
        answered.id,
        patients.departing(answered.case),
        answer_in_a_line(answered.answer.outcome, patients.base),
        answered.case.to_json(),
    )


# -- patients in words --


@attrs.frozen
class Patients:
    """Says what cases state; what is usual among them is said once.

    Parameters
    ----------
    cases
        The cases.
    base
        The knowledge base whose words name the facts.

    Attributes
    ----------
    usual, screened
        The facts that most of them state, and what most were screened for.
    """

    cases: tuple[AnyCase, ...]
    base: Knowledge
    usual: Mapping[str, Any] = attrs.field(init=False)
    screened: tuple[str, ...] = attrs.field(init=False)

    @usual.default
    def _usual(self) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name in self.base.kinds:
            values = [case.value(name) for case in self.cases]
            most = max(values, key=values.count, default=None)
            if most is not None and values.count(most) > _USUAL * len(values):
                found[name] = most
        return found

    @screened.default
    def _screened(self) -> tuple[str, ...]:
        every = [case.assume_absent for case in self.cases]
        return max(every, key=every.count, default=())

    def usually(self) -> str:
        """What holds for a case where nothing else is said."""
        return _sentences(*self._said(self.usual), self._screening(self.screened))

    def departing(self, case: AnyCase) -> str:
        """What a case states differently, or does not state.

        Parameters
        ----------
        case
            One of the cases.
        """
        stated = {name: case.value(name) for name in self.base.kinds}
        own = {
            name: value
            for name, value in stated.items()
            if value is not None and self.usual.get(name) != value
        }
        left = [
            self.base.facts[name].label
            for name, value in stated.items()
            if value is None and (name in self.usual or name in case.not_known)
        ]
        same = case.assume_absent == self.screened
        said = _sentences(
            *self._said(own),
            f"Not known: {', '.join(left)}" if left else "",
            "" if same else self._screening(case.assume_absent),
        )
        return said or "As said above."

    def _said(self, facts: Mapping[str, Any]) -> tuple[str, str]:
        """What is so, and what is not."""
        words = Wording(self.base)
        yes = [words.value(n, each) for n, each in facts.items() if each is not False]
        no = [self.base.facts[n].label for n, each in facts.items() if each is False]
        return "; ".join(yes), f"No: {', '.join(no)}" if no else ""

    def _screening(self, names: tuple[str, ...]) -> str:
        sections, screens = self.base.vocabulary.sections, self.base.screens
        labels = [
            sections[name].label.lower() if name in sections else screens[name].ask
            for name in names
        ]
        if not labels:
            return "Nothing was screened for"
        return f"Screened for {', '.join(labels)}: what is not said of it is not there"


def _sentences(*parts: str) -> str:
    text = ". ".join(capital(part) for part in parts if part)
    return f"{text}." if text else ""


# -- the answer --


def answer_in_a_line(outcome: Outcome, base: Knowledge) -> str:
    """Alerts, what to do, the first three options, and what is not for this patient.

    Parameters
    ----------
    outcome
        The answer.
    base
        The knowledge base that names the options.
    """
    said = (*_dangers(outcome), *_to_do(outcome, base), *_options(outcome, base))
    return " ".join(capital(each) for each in said if each)


def _dangers(outcome: Outcome) -> Iterator[str]:
    for alert in outcome.alerts:
        asked = "" if alert.certain else f" if {alert.if_}"
        head, found, _ = alert.text.partition(". ")
        yield f"{HOW_SOON[alert.urgency]}{asked}: {head}{'.' if found else ''}"


def _to_do(outcome: Outcome, base: Knowledge) -> Iterator[str]:
    yield f"{outcome.disposition.headline.rstrip('.')}."
    for also in outcome.disposition.also:
        to = base.destinations[also.to].label
        yield f"Also to {to}, {HOW_SOON[also.urgency]}."
    if outcome.status == "indeterminate" and outcome.questions:
        yield f"Asks first: {outcome.questions[0].ask}"


def _options(outcome: Outcome, base: Knowledge) -> Iterator[str]:
    names = [(p.rank, base.options[p.option]) for p in outcome.ranking]
    places = [f"{rank} {each.short or each.label}" for rank, each in names]
    if not places:
        yield "All options wait for that." if outcome.withheld else ""
        return
    more = f" and {len(places) - _FIRST} more" if len(places) > _FIRST else ""
    yield f"{', '.join(places[:_FIRST])}{more}."
    for lead, aside in (("Withheld", outcome.withheld), ("Not", outcome.excluded)):
        if said := options_in_words([each.option for each in aside], base):
            yield f"{lead}: {said}."


# -- leaflets --


def _handed_out(chosen: list[_Answered], base: Knowledge) -> Iterator[HandedOut]:
    """The leaflets on the options that come first, each option once."""
    found: dict[str, _Answered] = {}
    for rank in (1, 2, 3):
        for each in chosen:
            for place in each.answer.outcome.ranking:
                if place.rank == rank and len(found) < LEAFLETS:
                    found.setdefault(place.option, each)
    for option, each in found.items():
        number = chosen.index(each) + 1
        title = f"{capital(base.options[option].label)}, for patient {number}"
        page = leaflet(each.answer, option)
        yield HandedOut(f"{each.id} {option}", title, page)
