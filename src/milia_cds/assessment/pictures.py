"""The faces of the library: how its records show themselves, and what they draw.

This is the one place that says how a notebook shows a record; the records themselves
know nothing of it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal, TypeAlias, get_args, overload

from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.base import load_knowledge, shipped_by
from milia_cds.case.stated import AnyCase
from milia_cds.errors import NoCaseError, UnknownNameError, only
from milia_cds.explanation.differences import Difference
from milia_cds.explanation.grid import Grid
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.stability import Stability
from milia_cds.explanation.turning import TurningPoint
from milia_cds.explanation.why import Why
from milia_cds.explanation.why_not import WhyNot
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Measure, Option
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.render.bars import bars_picture
from milia_cds.render.blocks import Sheet
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.figure import site_figure
from milia_cds.render.markup import Page
from milia_cds.render.path import path_drawing
from milia_cds.render.path_words import PathWords
from milia_cds.render.picture import Picture
from milia_cds.render.sheets.answers import answer_sheet
from milia_cds.render.sheets.assessment import PAGE, assessment_sheet
from milia_cds.render.sheets.case import case_sheet
from milia_cds.render.sheets.grid import grid_sheet
from milia_cds.render.sheets.knowledge import knowledge_sheet
from milia_cds.render.sheets.leaflet import leaflet_sheet
from milia_cds.render.sheets.letter import letter_sheet
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.sheets.part import part_sheet
from milia_cds.render.sheets.referred import referred_sheet
from milia_cds.render.sheets.scenario import scenario_sheet
from milia_cds.render.style import GRID, LANDSCAPE, SHEET
from milia_cds.render.thresholds import ThresholdWords, thresholds_picture
from milia_cds.render.writers.html import as_card, as_handout, as_page
from milia_cds.render.writers.markdown import as_markdown
from milia_cds.render.writers.text import as_text
from milia_cds.shown import Face

Format: TypeAlias = Literal["html", "markdown"]
"""What a leaflet or a letter is written in."""
REFERRED = "referred"
"""The name of the leaflet for a patient who is referred."""


def decision_graph(
    source: Assessment | Knowledge | None = None,
    *,
    option: str | None = None,
    scenario: str | None = None,
    triage: bool = False,
) -> Picture:
    """Draw the decision graph of a knowledge base, or the way of an assessment in it.

    Parameters
    ----------
    source
        A knowledge base, or an assessment, whose way is highlighted; `None` is the
        knowledge base that comes with the library.
    option, scenario
        The id of the one option or scenario that is wanted, or both.
    triage
        Whether only the decisions and scenarios are wanted.

    Returns
    -------
    Picture
        It shows itself in a notebook; `.svg` is the text of a file, `.text` says the
        same in words. Without option, scenario and triage: of an assessment the
        decisions on its way, of a knowledge base everything.

    Raises
    ------
    UnknownNameError
        When there is no such option or scenario.
    TypeError
        When the knowledge base of a stored assessment is not at hand.

    Examples
    --------
    >>> picture = decision_graph(option="extraction")
    >>> picture.title
    'The rules of extraction (draft, not clinically reviewed)'
    >>> picture.svg.startswith("<svg")
    True
    """
    if isinstance(source, Assessment):
        return decision_picture(
            _base_of(source),
            option=option,
            scenario=scenario,
            triage=triage,
            outcome=source.to_show,
        )
    base = load_knowledge() if source is None else source
    takes = "decision_graph takes an Assessment or a Knowledge"
    only(Knowledge, base, takes, "use assess or load_knowledge")
    return decision_picture(base, option=option, scenario=scenario, triage=triage)


def path_picture(assessment: Assessment) -> Picture:
    """Draw the path of a case on one screen: what was asked, and what follows.

    Decisions that were answered no are folded; `decision_graph` draws all of them.

    Parameters
    ----------
    assessment
        The assessment. What would change the first place is said of one that was made
        now, not of one that was read from storage.

    Raises
    ------
    TypeError
        When the knowledge base of a stored assessment is not at hand.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> picture = path_picture(assess(Case()))
    >>> (picture.width, picture.height)
    (1100, 560)
    """
    _only_an_assessment("path_picture", assessment)
    turning: tuple[TurningPoint, ...] = ()
    with suppress(NoCaseError):
        turning = assessment.turning_points()
    return path_drawing(PathWords(assessment.to_show, _base_of(assessment), turning))


def contributions(assessment: Assessment) -> Picture:
    """Draw what each criterion gives the offered options, a named bar for each.

    Parameters
    ----------
    assessment
        The assessment; its record holds the points.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> print(contributions(assess(Case())).text)
    No option is offered.
    """
    _only_an_assessment("contributions", assessment)
    return bars_picture(assessment.to_show)


def thresholds(assessment: Assessment) -> Picture:
    """Draw how far each weight may move before the first place changes.

    Parameters
    ----------
    assessment
        The assessment; `Assessment.stability` works it out.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> print(thresholds(assess(Case())).text)
    No option is offered, so there is no first place.
    """
    _only_an_assessment("thresholds", assessment)
    labels = {place.option: place.label for place in assessment.ranking}
    return thresholds_picture(ThresholdWords(assessment.stability(), labels))


def site_picture(shown: Assessment | AnyCase) -> Picture | None:
    """Draw where the place of a case lies, on a small outline.

    Parameters
    ----------
    shown
        A case, or an assessment.

    Returns
    -------
    Picture or None
        `None` where the place is not known, or has no mark in the knowledge.

    Raises
    ------
    TypeError
        When the knowledge base of a stored assessment is not at hand.

    Examples
    --------
    >>> from milia_cds import Case
    >>> case = Case.from_dict({"lesion": {"site": "cheek"}})
    >>> print(site_picture(case).text)
    Cheek (one side or both), marked on a face from the front.
    """
    if isinstance(shown, AnyCase):
        base = shown.home or load_knowledge()
        site = shown.value(base.figure_of) if base.figure_of else None
    else:
        _only_an_assessment("site_picture", shown)
        base = _base_of(shown)
        known = (step.facts.get(base.figure_of) for step in shown.trace)
        site = next((each for each in known if each is not None), None)
    return None if site is None else site_figure(site, base)


def option_grid(assessment: Assessment, *, whole: bool = False) -> Page:
    """The options that fit best side by side, on one page to be printed.

    Parameters
    ----------
    assessment
        The assessment; `Assessment.compare` gives the grid as a record.
    whole
        Whether all options that are offered or withheld are compared, by every
        criterion; that takes several pages.

    Returns
    -------
    Page
        The text of a page of HTML that stands alone, A4 across.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> option_grid(assess(Case())).startswith("<!doctype html>")
    True
    """
    _only_an_assessment("option_grid", assessment)
    sheet = grid_sheet(assessment.compare(whole=whole))
    return as_page(sheet, LANDSCAPE, style=GRID)


@overload
def leaflet(
    assessment: Assessment,
    option: str,
    *,
    format: Literal["html"] = "html",
    unchecked_by: Knowledge | None = None,
) -> Page: ...
@overload
def leaflet(
    assessment: Assessment,
    option: str,
    *,
    format: Format,
    unchecked_by: Knowledge | None = None,
) -> str: ...
def leaflet(
    assessment: Assessment,
    option: str,
    *,
    format: Format = "html",  # noqa: A002 - as the command calls it
    unchecked_by: Knowledge | None = None,
) -> str:
    """A leaflet for the patient about an option that an assessment offers.

    It has two pages at most. A child's leaflet speaks to a parent.

    Parameters
    ----------
    assessment
        The assessment.
    option
        The id of the option, or "referred" for a patient who is referred.
    format
        "html" is a page that stands alone, ready to be printed; "markdown" says the
        same.
    unchecked_by
        Other knowledge, in whose words to print what is no part of the assessment,
        where its own is not at hand. Nothing then says whether such a decision could
        have come out, and the leaflet says so; it is not used where its own is at hand.

    Returns
    -------
    str
        The text of the leaflet. Its date is that of the knowledge base.

    Raises
    ------
    UnknownNameError
        When there is no such option.
    NotOfferedError
        When the assessment does not offer it: withheld, excluded, not indicated here,
        or not offered by the clinic.
    NoReferralError
        When "referred" is asked for and the assessment refers nobody.
    TypeError
        When the knowledge base of a stored assessment is not at hand.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> leaflet(assess(Case()), "extraction")
    Traceback (most recent call last):
    milia_cds.errors.NotOfferedError: "extraction" is withheld in this assessment, \
not offered; no option is
    """
    _only_an_assessment("leaflet", assessment)
    base = assessment.base() or unchecked_by or _base_of(assessment)
    if option == REFERRED:
        return _written(referred_sheet(assessment.to_show, base), format)
    return _written(leaflet_sheet(assessment.to_show, option, base), format)


@overload
def letter(assessment: Assessment, *, format: Literal["html"] = "html") -> Page: ...
@overload
def letter(assessment: Assessment, *, format: Format) -> str: ...
def letter(
    assessment: Assessment,
    *,
    format: Format = "html",  # noqa: A002 - as the command calls it
) -> str:
    """A letter for the referral of an assessment, for the clinician to sign.

    It says the facts as they were stated, what was looked for and is absent, and what
    is not known.

    Parameters
    ----------
    assessment
        The assessment.
    format
        "html" is a page that stands alone, ready to be printed; "markdown" says the
        same.

    Returns
    -------
    str
        The text of the letter.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage, which holds no case.
    NoReferralError
        When the assessment refers nobody.

    Examples
    --------
    >>> from milia_cds import Case, assess
    >>> case = Case.from_dict({"findings": {"growing": True}})
    >>> print(letter(assess(case), format="markdown").splitlines()[0])
    # Urgent, within two weeks: growth
    """
    _only_an_assessment("letter", assessment)
    case = assessment.case
    base = _base_of(assessment)
    return _written(letter_sheet(assessment.to_show, case.facts(), base), format)


def _written(sheet: Sheet, format_: Format) -> str:
    """A sheet as it is printed.

    Raises
    ------
    UnknownNameError
        When there is no such format.
    """
    if format_ not in get_args(Format):
        raise UnknownNameError("format", format_, get_args(Format))
    return as_handout(sheet) if format_ == "html" else as_markdown(sheet)


def _only_an_assessment(taker: str, given: object) -> None:
    only(Assessment, given, f"{taker} takes an Assessment", "use assess")


def _base_of(assessment: Assessment) -> Knowledge:
    base = assessment.base()
    if base is None:
        message = (
            "the knowledge base that gave this assessment "
            f"({assessment.knowledge.digest}) is not at hand; assess the case anew"
        )
        raise TypeError(message)
    return base


def face(record: object) -> Face | None:
    """How a notebook shows a record: its card and its text, or `None`."""
    match record:
        case Assessment():
            return Face(
                lambda: as_card(assessment_sheet(record.to_show, record.base(), PAGE)),
                lambda: record.text(detail="full"),
            )
        case Outcome():
            return face(Assessment(outcome=record))
    sheet = _sheet(record)
    if sheet is None:
        return None
    style = GRID if isinstance(record, Grid) else SHEET
    return Face(lambda: as_card(sheet, style), lambda: as_text(sheet, detail="full"))


def _sheet(record: object) -> Sheet | None:
    """What there is to say of a record; nothing where its knowledge is not at hand."""
    match record:
        case AnyCase():
            return case_sheet(record, record.home or load_knowledge())
        case Knowledge():
            return knowledge_sheet(record)
        case Option() | Measure() if record.home is not None:
            return option_sheet(record, record.home)
        case Scenario() if record.home is not None:
            return scenario_sheet(record, record.home)
        case Grid():
            return grid_sheet(record)
        case Why() | WhyNot() | Stability():
            home = record.home or shipped_by(record.knowledge.digest)
            return answer_sheet(record, home)
        case Difference():
            home = record.home or shipped_by(record.knowledge[1].digest)
            return answer_sheet(record, home)
    return part_sheet(record)
