"""The leaflet: two pages for the patient, of this option, place and person only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest

from milia_cds import (
    Assessment,
    Case,
    NoReferralError,
    NotOfferedError,
    assess,
    leaflet,
    load_knowledge,
)
from milia_cds.errors import UnknownNameError
from milia_cds.render.blocks import Sheet
from milia_cds.render.sheets.leaflet import WORDS, leaflet_sheet
from milia_cds.render.sheets.referred import referred_sheet
from milia_cds.render.sheets.word_count import texts_of, word_count
from tests.common import adult, patients, sampled, vignettes
from tests.knowledge.test_plain_words import GRADE, grade

BASE = load_knowledge()
SENTENCE = 20
SOURCES = 40
EVERY = 30
"""Each so many-th vignette; a thorough run takes them all."""
NEWBORN = Case.from_dict(
    {
        "patient": {"age_years": 0.03},
        "lesion": {
            "origin": "primary",
            "pattern": "scattered",
            "site": "nose",
            "count": 20,
            "diagnosis": "confirmed",
        },
        "clinic": {"operator": "physician"},
        "assume_absent": ["findings", "history"],
    }
)
GROWING = adult(
    age_years=66,
    pregnancy=None,
    growing=True,
    pearly_or_telangiectatic=True,
    operator="physician",
)


def markdown(case: Case, option: str) -> str:
    return leaflet(assess(case), option, format="markdown")


def part(text: str, heading: str) -> str:
    """The part of a leaflet under a heading."""
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


# -- held for every leaflet of the vignettes --


def answers() -> Iterator[tuple[str, Assessment]]:
    """Those to every patient, and to the sampled vignettes."""
    for name, case in patients().items():
        yield name, assess(case)
    for vignette in sampled(vignettes(), EVERY):
        if vignette.expect.contradiction is None:
            yield vignette.id, assess(BASE.case(vignette.case_data), BASE)


@cache
def sheets() -> tuple[tuple[str, Sheet], ...]:
    """The leaflets on all options that they offer, with names."""
    found = []
    for name, answer in answers():
        outcome = answer.outcome
        for place in outcome.ranking:
            sheet = leaflet_sheet(outcome, place.option, BASE)
            found.append((f"{name}, {place.option}", sheet))
        if outcome.disposition.action == "refer":
            sheet = referred_sheet(outcome, BASE)
            found.append((f"{name}, referred", sheet))
    return tuple(found)


def sentences(sheet: Sheet) -> list[str]:
    """The sentences of a leaflet: each heading and each point is one at least."""
    return [
        sentence.strip()
        for text in texts_of((*sheet.bands, *sheet.blocks))
        for sentence in re.split(r"(?<=[.?!:]) ", text)
        if sentence.strip()
    ]


def test_there_are_leaflets_to_read() -> None:
    assert len(sheets()) > 100
    assert {name.rpartition(", ")[2] for name, _ in sheets()} >= {
        "extraction",
        "observation",
        "referred",
    }


def test_none_is_longer_than_fits_two_pages() -> None:
    assert {n: word_count(s) for n, s in sheets() if word_count(s) > WORDS} == {}


def test_its_sources_take_forty_words_at_most() -> None:
    found = {name: " ".join(sheet.rests_on).split() for name, sheet in sheets()}
    assert {name for name, words in found.items() if len(words) > SOURCES} == set()


def test_no_sentence_is_long() -> None:
    every = {sentence for _, sheet in sheets() for sentence in sentences(sheet)}
    assert {each for each in every if len(each.split()) > SENTENCE} == set()


def test_it_needs_seven_years_of_school_at_most() -> None:
    graded = {
        name: grade(". ".join(each.rstrip(".") for each in sentences(sheet)))
        for name, sheet in sheets()
    }
    assert {name for name, found in graded.items() if found > GRADE} == set()


def test_nothing_is_said_twice() -> None:
    for name, sheet in sheets():
        counted = Counter(each.lower() for each in sentences(sheet))
        twice = [each for each, n in counted.items() if n > 1 and " " in each]
        assert twice == [], name


def test_that_nobody_has_counted_is_said_once_at_most() -> None:
    for name, sheet in sheets():
        said = " ".join(sentences(sheet)).lower()
        assert len(re.findall(r"(?:nobody|no one) has counted", said)) <= 1, name


# -- what stands in one --


@cache
def cheek() -> str:
    return markdown(adult(), "extraction")


def test_the_parts_stand_in_the_order_in_which_they_are_needed() -> None:
    assert re.findall(r"^## (.*)$", cheek(), re.MULTILINE) == [
        "Your choices",
        "What happens",
        "What can go wrong",
        "Looking after the skin",
        "Call us the same day",
        "Make an appointment",
        "Never",
        "Often asked",
    ]


def test_it_says_of_what_and_where_it_is() -> None:
    assert cheek().startswith("# Milia on your cheek: having them taken out\n")
    site = markdown(adult(site="lower_eyelid"), "extraction")
    assert site.startswith("# Milia on your lower eyelid: having them taken out\n")


def test_there_is_room_for_whom_where_and_when_and_whom_to_call() -> None:
    assert re.search(r"^For: _+  Clinic: _+  Date: _+$", cheek(), re.MULTILINE)
    assert len(re.findall(r"Telephone: _+", cheek())) == 1
    assert "Telephone: _" in part(cheek(), "Call us the same day")


def test_doing_nothing_is_the_first_choice() -> None:
    first, second, *_ = part(cheek(), "Your choices").strip().splitlines()
    assert first.startswith("* Leave them alone.")
    assert second.endswith("**This leaflet is about that.**")


def test_every_risk_and_every_call_of_the_answer_is_in_it() -> None:
    place = assess(adult()).ranking["extraction"]
    told = [each.plain for each in place.risks] + [each.plain for each in place.call_if]
    for plain in told:
        assert plain.rstrip(".") in cheek()


def test_a_call_about_the_eye_stands_only_where_the_eye_is_near() -> None:
    eye = "Your sight changes, your eye hurts, or you cannot bear light."
    assert eye not in cheek()
    assert eye in markdown(adult(site="lower_eyelid"), "extraction")


@pytest.mark.parametrize("option", ["adapalene", "tretinoin", "gentle_cleansing"])
def test_what_is_of_other_treatments_is_not_in_it(option: str) -> None:
    said = markdown(adult(), option)
    _, _, after = said.partition("## What can go wrong")
    assert not re.search(r"\b(?:frozen|freez\w+|laser|needle|burned off)\b", after)


def test_nothing_of_bleeding_or_numbing_is_in_that_of_a_newborn() -> None:
    said = markdown(NEWBORN, "observation")
    assert "20 minutes" not in said
    assert "numbing" not in said
    assert "Go to the emergency department now if" in said
    assert part(said, "Go to the emergency department now if").count("\n* ") == 4


def test_a_parent_is_spoken_to_about_a_baby_or_a_child() -> None:
    assert markdown(NEWBORN, "observation").startswith("# Milia on your baby's nose:")
    child = markdown(adult(age_years=7, pregnancy=None), "extraction")
    assert child.startswith("# Milia on your child's cheek:")
    assert "Your child has a fever" in child
    assert "You have a fever" not in child
    assert "you did nothing wrong" in child
    unknown = Case.from_dict({**adult().to_dict(), "patient": {"phototype": 2}})
    assert markdown(unknown, "observation").startswith("# Milia on your cheek:")


def test_what_is_not_known_is_asked_in_plain_words() -> None:
    case = adult(phototype=None, herpes_simplex=None, site="chin")
    asked = part(markdown(case, "extraction"), "Tell us first if")
    assert "* You get cold sores." in asked
    assert "* Your skin is brown or black" in asked
    assert "patient" not in asked


def test_what_is_so_for_this_patient_is_said() -> None:
    said = markdown(adult(keloid=True), "extraction")
    assert "You tend to form raised scars." in part(said, "For you in particular")
    risks = part(said, "What can go wrong")
    assert "If you have had keloids, a scar is more likely." in risks
    assert "For you in particular" not in cheek()


def test_who_takes_a_blood_thinner_is_told_to_press_and_not_to_stop_it() -> None:
    case = adult(anticoagulant=True, doac_or_heparin=True, count=2)
    said = part(markdown(case, "extraction"), "For you in particular")
    assert "Press on the spot" in said
    assert "10 to 20 minutes" not in said


def test_who_wears_contact_lenses_is_told_of_dry_eyes_with_a_cream() -> None:
    case = adult(contact_lenses_or_dry_eye=True, pregnancy="not_possible")
    said = markdown(case, "tretinoin")
    assert "Your eyes may become drier." in part(said, "For you in particular")


def test_a_figure_from_elsewhere_is_said_to_be_from_elsewhere() -> None:
    risks = part(cheek(), "What can go wrong")
    assert "This is unusual (elsewhere about 8 in 1000 wounds)." in risks
    assert "Figures from elsewhere were not counted in milia." in risks
    assert "Nobody has counted how often the others happen." in risks
    left = part(markdown(adult(), "observation"), "What can go wrong")
    assert "Nobody has counted how often these happen." in left
    assert "elsewhere" not in left


def test_it_says_that_milia_are_harmless_only_where_nothing_is_urgent() -> None:
    case = {"age_years": 30, "breastfeeding": False, "isotretinoin": "current"}
    assert "They are harmless." in cheek()
    in_danger = markdown(adult(pregnancy="pregnant", **case), "extraction")
    assert "Milia are tiny hard bumps" in in_danger
    assert "harmless" not in in_danger
    assert "harmless" not in markdown(adult(pregnancy=None, **case), "extraction")


def test_a_danger_of_today_comes_first_and_the_rest_is_for_another_day() -> None:
    case = adult(anticoagulant=True, doac_or_heparin=False, inr=6)
    danger, _, rest = markdown(case, "observation").partition(
        "Do that first. What follows is for another day."
    )
    assert "Your blood is too thin today." in danger
    assert "## " not in danger
    assert "## " in rest
    assert "for another day" not in markdown(adult(), "observation")
    assert "You can decide another day" not in rest


def test_what_several_dangers_ask_is_asked_once() -> None:
    case = adult(
        age_years=30, pregnancy=None, breastfeeding=False, isotretinoin="current"
    )
    asked = [each.alert for each in assess(case).alerts]
    assert {"oral_retinoid_in_pregnancy", "oral_retinoid_planning_pregnancy"} <= {
        *asked
    }
    assert markdown(case, "extraction").count("Are you pregnant") == 1


def test_no_seller_is_among_its_sources() -> None:
    shown = cheek().rpartition("Among them: ")[2].partition(". Knowledge")[0]
    sellers = [each for each in BASE.sources.values() if not each.in_leaflets]
    assert shown
    assert not [each for each in sellers if each.authors and each.authors in shown]


def test_it_names_knowledge_review_and_digest() -> None:
    assert f"Knowledge {BASE.about.version}" in cheek()
    assert f"review by {BASE.about.review_by}" in cheek()
    assert cheek().rstrip().endswith(f"digest {BASE.digest}.")
    assert "*Draft, not clinically reviewed." in cheek()


# -- two formats, and what is refused --


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", text)


@pytest.mark.parametrize("option", ["extraction", "observation"])
def test_both_formats_say_the_same(option: str) -> None:
    answer = assess(adult())
    styled = r"<(style|title)>.*?</\1>"
    page = re.sub(styled, " ", leaflet(answer, option), flags=re.DOTALL)
    said = unescape(re.sub(r"<[^>]+>", " ", page))
    written = leaflet(answer, option, format="markdown")
    numbers = re.sub(r"^\d+\. ", "", written, flags=re.MULTILINE)
    assert Counter(words(said)) == Counter(words(numbers))


def test_it_is_the_same_every_time_and_from_a_stored_answer() -> None:
    answer = assess(adult(site="lower_eyelid"))
    stored = Assessment.from_json(answer.to_json())
    assert leaflet(answer, "extraction") == leaflet(answer, "extraction")
    assert leaflet(stored, "extraction") == leaflet(answer, "extraction")


@pytest.mark.parametrize(
    ("case", "option", "message"),
    [
        (
            adult(pregnancy=None),
            "tretinoin",
            '"tretinoin" is withheld in this assessment, not offered; choose one of ',
        ),
        (
            adult(site="lower_eyelid"),
            "superficial_peel",
            '"superficial_peel" is excluded in this assessment, not offered; choose ',
        ),
        (
            adult(),
            "steaming",
            '"steaming" is not indicated in this assessment, not offered; choose one ',
        ),
        (
            GROWING,
            "extraction",
            '"extraction" is excluded in this assessment, not offered; no option is',
        ),
    ],
)
def test_an_option_that_is_not_offered_is_refused(
    case: Case, option: str, message: str
) -> None:
    answer = assess(case)
    with pytest.raises(NotOfferedError) as caught:
        leaflet(answer, option)
    assert str(caught.value).startswith(message)
    assert caught.value.option == option
    assert list(caught.value.offered) == [each.option for each in answer.ranking]


def test_an_unknown_option_or_format_is_refused() -> None:
    with pytest.raises(UnknownNameError) as caught:
        leaflet(assess(adult()), "extract")
    assert str(caught.value) == 'no option "extract"; did you mean "extraction"?'
    with pytest.raises(UnknownNameError, match='no format "pdf"'):
        # It must be refused.
        leaflet(assess(adult()), "extraction", format="pdf")  # type: ignore[call-overload]


# -- for a patient who is referred --


def test_that_for_who_is_referred_says_what_why_when_and_until_then() -> None:
    said = markdown(GROWING, "referred")
    assert "look at the spot on your cheek before anyone treats it." in said
    assert "**Why.** It has grown and it is shiny or has fine red lines." in said
    for lead in ("When", "What happens there", "Until then"):
        assert f"**{lead}.** " in said
    assert "Your appointment: _" in said
    assert "If you have no date by" in said
    assert said.index("**Why.**") < said.index("**When.**") < said.index("Until then")


def test_in_an_emergency_the_alert_comes_first_and_no_date_is_waited_for() -> None:
    herpes = NEWBORN.stating({"active_herpes": True, "blisters": True})
    said = markdown(herpes, "referred")
    first = next(line for line in said.splitlines() if line.startswith(">"))
    assert first.endswith("Take your baby to the emergency department now.")
    assert said.index(first) < said.index("A specialist should look at the")
    assert "Your appointment" not in said
    assert "If you have no date" not in said


def test_in_the_own_field_there_is_one_too() -> None:
    answer = assess(GROWING.stating({"operator": "dermatologist"}))
    assert answer.disposition.own
    assert leaflet(answer, "referred")


def test_where_nobody_is_referred_it_says_which_leaflets_there_are() -> None:
    with pytest.raises(NoReferralError) as caught:
        leaflet(assess(adult()), "referred")
    assert "this assessment refers nobody" in str(caught.value)
    assert "there are leaflets on extraction, observation, " in str(caught.value)
    with pytest.raises(NoReferralError, match="answer its questions first"):
        leaflet(assess(Case()), "referred")
