"""The front door: a case in, an assessment out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from milia_cds.assessment.base import knowledge_of
from milia_cds.assessment.decided import DecidedCase, day_given, decided
from milia_cds.assessment.details import JsonDetail, in_detail
from milia_cds.assessment.stored import (
    NOT_CHECKED,
    at_hand,
    read_outcome,
    said_unchecked,
)
from milia_cds.case.stated import AnyCase, only_cases
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import (
    AssessmentError,
    NoCaseError,
    Problem,
    UnknownNameError,
    only,
    visible,
)
from milia_cds.explanation import differences
from milia_cds.explanation.differences import Difference
from milia_cds.explanation.grid import Grid
from milia_cds.explanation.outcome import (
    AlertSaid,
    Assumption,
    Disposition,
    Outcome,
    Question,
    Stamp,
    Status,
    TraceStep,
)
from milia_cds.explanation.places import (
    MeasureVerdict,
    Place,
    Places,
    Reason,
    SetAside,
    Withheld,
)
from milia_cds.explanation.stability import Stability
from milia_cds.explanation.turning import TurningPoint
from milia_cds.explanation.why import Why
from milia_cds.explanation.why_not import WhyNot
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.lines import Detail
from milia_cds.render.text import text_of
from milia_cds.render.width import as_wide_as, columns
from milia_cds.shown import Shown


class Assessment(Shown):
    """What the library says about one case.

    The decision is made when the assessment is; its texts are composed when they are
    first read, and are then the same for ever. Two assessments are equal when they
    say the same.

    Parameters
    ----------
    outcome
        What is said, where it was read back.
    decided
        The case and the decision on it, where `assess` made it.
    base
        The knowledge base that it was read back with, where one was given.

    Examples
    --------
    >>> from milia_cds import Case
    >>> answer = assess(Case())
    >>> answer.disposition.action
    'needs_information'
    >>> Assessment.from_json(answer.to_json()) == answer
    True
    """

    def __init__(
        self,
        *,
        outcome: Outcome | None = None,
        decided: DecidedCase | None = None,
        base: Knowledge | None = None,
    ) -> None:
        self._outcome = outcome
        self._decided = decided
        self._base = base

    @property
    def outcome(self) -> Outcome:
        """Everything that the assessment says, as plain records."""
        if self._outcome is None:
            if self._decided is None:
                message = "an Assessment comes from assess, from_dict or from_json"
                raise TypeError(message)
            self._outcome = self._decided.report.outcome()
        return self._outcome

    def base(self) -> Knowledge | None:
        """The knowledge base that gave the assessment, where it is at hand.

        A stored assessment has the one that it was read with, or finds the one that
        comes with the library, if it is the same, by its digest. Where neither is so,
        every face of it says that it is not checked.
        """
        if self._decided is not None:
            return self._decided.base
        return self._base or at_hand(self.outcome)

    @property
    def to_show(self) -> Outcome:
        """What every face shows: the outcome.

        Where its knowledge is not at hand, as may be with a stored assessment, its
        notice says so.
        """
        known = self._decided is not None or self.base() is not None
        return self.outcome if known else said_unchecked(self.outcome)

    # -- asking about it --

    @property
    def case(self) -> Any:
        """The case that was assessed: a `Case`, or what `Knowledge.case` gave.

        Raises
        ------
        NoCaseError
            When the assessment was read from storage, which holds no case.
        """
        return self.decided.case

    @property
    def decided(self) -> DecidedCase:
        """The case with the decision on it, for the rest of the library.

        Raises
        ------
        NoCaseError
            When the assessment was read from storage, which holds no case.
        """
        if self._decided is None:
            raise NoCaseError
        return self._decided

    def why(self, option: str) -> Why:
        """Explain the verdict on one option.

        Parameters
        ----------
        option
            Its id.

        Returns
        -------
        Why
            The rules that hold it up, and the fewest facts that are enough for it.

        Raises
        ------
        UnknownNameError
            When there is no such option.
        NoCaseError
            When the assessment was read from storage.

        Examples
        --------
        >>> from milia_cds import Case
        >>> case = Case.from_dict({"patient": {"pregnancy": "pregnant"}})
        >>> dict(assess(case).why("tretinoin").facts)
        {'patient.pregnancy': 'pregnant'}
        """
        asked = self.decided
        return asked.report.why(asked.base.option(option))

    def why_not(self, option: str) -> WhyNot:
        """Find what would have to change for an option to be offered, and first.

        Parameters
        ----------
        option
            Its id.

        Returns
        -------
        WhyNot
            The reason for its verdict, the smallest sets of known facts that would
            have to change, and what would then still be asked. Facts that cannot
            change, such as the age, are never among them. Nor is what nobody should do
            for it, such as starting a drug. Where there is no set, the answer is never.

        Raises
        ------
        UnknownNameError
            When there is no such option.
        NoCaseError
            When the assessment was read from storage.

        Examples
        --------
        >>> from milia_cds import Case
        >>> case = Case.from_dict({"patient": {"pregnancy": "pregnant"}})
        >>> [path] = assess(case).why_not("tretinoin").offered
        >>> [(change.fact, change.instead) for change in path.changes]
        [('patient.pregnancy', ('none',))]
        """
        asked = self.decided
        return asked.report.why_not(asked.base.option(option))

    def what_if(
        self, facts: Mapping[str, Any] | None = None, /, **more: Any
    ) -> Difference:
        """Assess the same case with other facts, and say what moved.

        Parameters
        ----------
        facts, more
            Plain JSON values by the name of the fact, dotted or not; `None` is not
            known.

        Raises
        ------
        CaseError
            When a name or value is wrong, or the facts contradict one another.
        NoCaseError
            When the assessment was read from storage.

        Examples
        --------
        >>> from milia_cds import Case
        >>> bool(assess(Case()).what_if(needle_phobia=True))
        False
        """
        case = self.case.stating(facts, **more)
        return diff(self, assess(case, self.decided.base, on=self.decided.on))

    def stability(self) -> Stability:
        """Work out which weights would change the first place.

        Raises
        ------
        NoCaseError
            When the assessment was read from storage.
        """
        return self.decided.report.stability()

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Find what would change the first place, if one fact were different.

        Returns
        -------
        tuple
            In the order of the walk, then of the rules of the first option; none where
            no option is offered. Numbers, and choices that nothing can change, such as
            the site, are left as they are.

        Raises
        ------
        NoCaseError
            When the assessment was read from storage.

        Examples
        --------
        >>> from milia_cds import Case
        >>> assess(Case()).turning_points()
        ()
        """
        return self.decided.report.turning_points()

    def compare(self, *, whole: bool = False) -> Grid:
        """Put the options that fit best side by side, as an option grid of one page.

        Parameters
        ----------
        whole
            Whether all that are offered or withheld have a column, and every criterion
            a row.

        Raises
        ------
        NoCaseError
            When the assessment was read from storage.

        Examples
        --------
        >>> from milia_cds import Case
        >>> assess(Case()).compare().columns
        ()
        """
        return self.decided.report.compare(whole=whole)

    # -- what it says --

    @property
    def status(self) -> Status:
        """Whether any answer could still change the disposition or the first place."""
        return self.outcome.status

    @property
    def alerts(self) -> tuple[AlertSaid, ...]:
        """The dangers that the case states, and those to ask for, the worst first."""
        return self.outcome.alerts

    @property
    def urgency(self) -> Urgency | None:
        """The highest urgency of the disposition and of the certain alerts."""
        return self.outcome.urgency

    @property
    def disposition(self) -> Disposition:
        """What to do now, and why."""
        return self.outcome.disposition

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The ids of the scenarios that are still possible."""
        return self.outcome.scenarios

    @property
    def ranking(self) -> Places:
        """The offered options in order; `ranking["ID"]` is the place of one."""
        return self.outcome.ranking

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The options that something unknown may forbid, and what to ask."""
        return self.outcome.withheld

    @property
    def excluded(self) -> tuple[SetAside, ...]:
        """The options that are forbidden for this patient, and why."""
        return self.outcome.excluded

    @property
    def not_indicated(self) -> tuple[SetAside, ...]:
        """The options that are not recommended here, and why."""
        return self.outcome.not_indicated

    @property
    def unavailable(self) -> tuple[SetAside, ...]:
        """The options that the clinic does not offer."""
        return self.outcome.unavailable

    @property
    def measures(self) -> tuple[MeasureVerdict, ...]:
        """The supporting measures, such as anaesthetics, each with its verdict."""
        return self.outcome.measures

    @property
    def possible_first(self) -> tuple[str, ...]:
        """The options that could still come first."""
        return self.outcome.possible_first

    @property
    def questions(self) -> tuple[Question, ...]:
        """What to ask next, the most decisive first."""
        return self.outcome.questions

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """What is odd about the stated facts."""
        return self.outcome.warnings

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The facts that nobody stated, and what filled them."""
        return self.outcome.assumptions

    @property
    def trace(self) -> tuple[TraceStep, ...]:
        """Every step of the walk: condition, truth, facts and sources."""
        return self.outcome.trace

    @property
    def knowledge(self) -> Stamp:
        """Which knowledge gave the answer, and how far it has been reviewed."""
        return self.outcome.knowledge

    def __getitem__(self, option: str) -> Place | Withheld | SetAside:
        """What is said of one option, wherever it stands.

        Parameters
        ----------
        option
            Its id.

        Raises
        ------
        UnknownNameError
            When there is no such option.

        Examples
        --------
        >>> from milia_cds import Case
        >>> assess(Case())["extraction"].label
        'extraction'
        """
        said = self.outcome
        aside = (*said.excluded, *said.not_indicated, *said.unavailable)
        every: tuple[Place | Withheld | SetAside, ...]
        every = (*said.ranking, *said.withheld, *aside)
        entries = {each.option: each for each in every}
        if option not in [*entries]:  # a list, which is no name, has no hash
            raise UnknownNameError("option", option, entries)
        return entries[option]

    def to_dict(self, detail: JsonDetail = "full") -> dict[str, Any]:
        """The assessment as plain JSON values.

        Its `digest` is over all else in it, and is checked when it is read back. That
        shows a slip or a cut, not a forger, who can make another: a digest is no
        signature.

        Parameters
        ----------
        detail
            "full" says everything, and alone can be read back. "standard" has the texts
            of the first options and no trace, at most 40,000 bytes of JSON text;
            "decision" has what a machine acts on, without texts, at most 4,000 bytes.
            What either leaves out of a list is counted in `left_out`.

        Raises
        ------
        ValueError
            When there is no such detail.

        Examples
        --------
        >>> from milia_cds import Case
        >>> assess(Case()).to_dict("decision")["disposition"]["action"]
        'needs_information'
        """
        return in_detail(self.outcome, detail)

    def to_json(self, detail: JsonDetail = "full", *, indent: int | None = None) -> str:
        """The assessment as JSON text.

        Parameters
        ----------
        detail
            How much of it, as for `to_dict`.
        indent
            The spaces of one step of indentation; `None` writes one line.

        Raises
        ------
        ValueError
            When there is no such detail.
        """
        return json.dumps(self.to_dict(detail), indent=indent)

    @classmethod
    def from_dict(cls, data: object, knowledge: Knowledge | None = None) -> Assessment:
        """Read a stored assessment, strictly, and check what it means.

        What could not have come out is refused: an option with two verdicts, a rank
        against the order, an urgency that is not the highest, a notice that its
        knowledge does not have; and content that is not what its digest was made over.

        Parameters
        ----------
        data
            What `to_dict` gave, in full, as plain JSON values.
        knowledge
            The knowledge base that gave it; `None` is the one that comes with the
            library, if it is the same. Where it is not at hand, the names in it are not
            checked, and every face of the assessment says so. Leaflets and pictures
            need it.

        Raises
        ------
        AssessmentError
            With every problem at once, each with its path.
        """
        return _read(data, [], knowledge)

    @classmethod
    def from_json(
        cls, text: str | bytes, knowledge: Knowledge | None = None
    ) -> Assessment:
        """Read a stored assessment from JSON text, strictly.

        Parameters
        ----------
        text
            What `to_json` gave; bytes are read as UTF-8.
        knowledge
            The knowledge base that gave it, as for `from_dict`.

        Raises
        ------
        AssessmentError
            With every problem at once, each with its path.
        """
        return _read(*parse_json(text, AssessmentError), knowledge)

    def text(
        self,
        *,
        detail: Detail = "brief",
        colour: bool = False,
        width: int | None = None,
    ) -> str:
        """The assessment as text.

        Parameters
        ----------
        detail
            "brief" is one screen: at most 24 lines of 80 columns besides the alerts.
            "short" has the reasons as well, in at most 60 lines; "standard" also
            consent, aftercare and advice, in at most 200; "full" says everything but
            the inner values of the trace.
        colour
            Whether to use the colours of a terminal.
        width
            The most columns of a line; fewer than 40 are taken as 40, and `None` is 80.
            A digest is never broken.
        """
        with as_wide_as(columns() if width is None else width):
            return text_of(self.to_show, self.base(), detail=detail, colour=colour)

    def __str__(self) -> str:
        """The brief."""
        return self.text()

    def __repr__(self) -> str:
        """Show the certain alerts, the disposition, the first place and the status."""
        first = [place.option for place in self.ranking if place.rank == 1]
        certain = [each.alert for each in self.alerts if each.certain]
        alerts = f"alert {', '.join(certain)}; " if certain else ""
        return visible(
            f"<Assessment: {alerts}{self.disposition.action}; first place "
            f"{', '.join(first) or 'none'}; {self.status}; "
            f"{self.to_show.knowledge.notice}>"
        )

    def __copy__(self) -> Assessment:
        """The assessment itself, which nothing can change."""
        return self

    def __deepcopy__(self, _copied: dict[int, Any]) -> Assessment:
        """The assessment itself, which nothing can change."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it says, without the knowledge base."""
        return _stored, (self.outcome,)

    def __eq__(self, other: object) -> bool:
        """Whether two assessments say the same."""
        if not isinstance(other, Assessment):
            return NotImplemented
        return self.outcome == other.outcome

    def __hash__(self) -> int:
        """The hash that goes with equality."""
        return hash((self.disposition.action, self.scenarios, self.possible_first))


def _read(data: object, problems: list[Problem], base: Knowledge | None) -> Assessment:
    outcome, known = read_outcome(data, problems, base)
    return Assessment(outcome=outcome, base=known)


def assess(
    case: AnyCase, knowledge: Knowledge | None = None, *, on: date | None = None
) -> Assessment:
    """Assess one case; pure and deterministic.

    Parameters
    ----------
    case
        The case, as `Case.from_dict` or `Knowledge.case` reads it.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    on
        The day of the assessment. Where it is said, knowledge whose review is overdue
        is warned of, and so is a case that says its own day and is too old or of a
        later day; no verdict changes.

    Raises
    ------
    ContradictionError
        When stated facts cannot be true together.
    CaseError
        When every weight is 0, or the case is of another domain than the knowledge.
    OverdueError
        When `on` is more than a year after the day by which the knowledge was to be
        reviewed, or sooner after it where the policy says so.
    WrongTypeError
        When `case` is no case, `knowledge` no knowledge base or `on` no date.

    Examples
    --------
    >>> from milia_cds import Case
    >>> assess(Case().stating({"age_years": 0.02})).disposition.action
    'needs_information'
    """
    only_cases(case)
    base = knowledge_of("assess", knowledge)
    return Assessment(decided=decided(case, base, on=day_given("assess", on)))


def _stored(outcome: Outcome) -> Assessment:
    return Assessment(outcome=outcome)


def _only_assessments(*given: object) -> None:
    for each in given:
        only(Assessment, each, "diff compares two assessments", "use assess")


def diff(before: Assessment, after: Assessment) -> Difference:
    """Say what moved between two assessments, and the rules that moved it.

    Parameters
    ----------
    before, after
        Assessments of one case under other facts, settings or knowledge, or of two
        cases; stored ones will do.

    Raises
    ------
    WrongTypeError
        When one of them is no `Assessment`.
    """
    _only_assessments(before, after)
    found = differences.difference(before.outcome, after.outcome)
    one, other = before.to_show.knowledge, after.to_show.knowledge
    if before.base() is None and after.base() is not None:
        notice = f"{other.notice}; the answer before: {NOT_CHECKED}"
        other = attrs.evolve(other, notice=notice)
    return attrs.evolve(found, knowledge=(one, other)).at_home(after.base())
