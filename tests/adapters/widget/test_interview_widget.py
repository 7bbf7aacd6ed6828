"""The interview as a widget, told what a person presses."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import traitlets

from milia_cds import (
    Case,
    CaseError,
    Interview,
    WrongTypeError,
    examples,
    load_knowledge,
)
from milia_cds.adapters.widget import InterviewWidget


class Page:
    """What a browser has of a widget, and what is pressed in it."""

    def __init__(self, *given: Any) -> None:
        self.widget = InterviewWidget(*given)
        self.shown: dict[str, Any] = {}
        self.widget.observe(self._drawn, "_shown")
        self.shown = self.widget.get_state("_shown")["_shown"]

    def _drawn(self, change: Any) -> None:
        self.shown = change.new

    @property
    def question(self) -> str:
        """The form, without its style."""
        return re.sub(r"(?s)<style>.*?</style>", "", self.shown["question"])

    @property
    def heading(self) -> str:
        """What is asked."""
        found = re.search(r"<h3[^>]*>(.*?)</h3>", self.question)
        assert found is not None
        return found[1]

    @property
    def buttons(self) -> list[str]:
        """The words on the buttons."""
        return re.findall(r"<button[^>]*>([^<]*)<", self.question)

    @property
    def wrong(self) -> list[str]:
        """What is wrong, at its field."""
        return re.findall(r'class="wrong">([^<]*)<', self.question)

    def press(self, deed: str = "answer", **chosen: str | list[str]) -> None:
        """Press a button; facts are written with "__" for "."."""
        fields = {
            name.replace("__", "."): [given] if isinstance(given, str) else given
            for name, given in chosen.items()
        }
        self.send(self.shown["turn"], deed, fields)

    def send(self, turn: int, deed: str, fields: dict[str, list[str]]) -> None:
        """Send what a browser sends."""
        said = {"turn": turn, "deed": deed, "fields": fields}
        # As the kernel does when a message comes.
        self.widget._handle_custom_msg(said, [])  # noqa: SLF001 - there is no other way

    def at(self, screen: str) -> Page:
        """Press "Not known" until a screen is asked."""
        while (question := self.widget.interview.next_question()) is not None:
            if question.screen == screen:
                return self
            self.press("skip")
        raise AssertionError(screen)


def test_it_asks_what_the_interview_asks_and_shows_the_answer_beside_it() -> None:
    page = Page()
    asked = page.widget.interview.next_question()
    assert asked is not None
    assert page.heading == asked.ask
    assert page.buttons == ["Answer", "Not known", "Back"]
    assert "Number, 0 to 120 years" in page.question
    headline = page.widget.answer.disposition.headline
    assert headline in page.shown["answer"]
    assert page.shown["told"] == headline
    assert "draft, not clinically reviewed" in page.shown["question"]


def test_every_answer_is_stated_and_observed() -> None:
    page = Page()
    seen = []
    page.widget.observe(lambda change: seen.append(change.new.case), "answer")
    page.press(patient__age_years="34")
    page.press(lesion__site="cheek")
    case = Case().stating({"patient.age_years": 34, "lesion.site": "cheek"})
    assert seen[-1] == case == page.widget.interview.case
    assert page.widget.answer == page.widget.interview.assessment


def test_no_to_all_and_no_to_the_rest_deny_what_is_not_chosen() -> None:
    page = Page().at("area_today")
    question = page.widget.interview.next_question()
    assert question is not None
    assert "No to all" in page.buttons
    page.press("deny", **{question.facts[0].replace(".", "__"): "yes"})
    facts = page.widget.interview.case.facts()
    assert [facts[each] for each in question.facts] == [
        True,
        *[False] * (len(question.facts) - 1),
    ]


def test_not_known_is_an_answer_and_keeps_what_is_chosen() -> None:
    page = Page().at("area_today")
    question = page.widget.interview.next_question()
    assert question is not None
    first, *rest = question.facts
    page.press("skip", **{first.replace(".", "__"): "no"})
    case = page.widget.interview.case
    assert case.facts()[first] is False
    assert case.not_known.issuperset(rest)
    now = page.widget.interview.next_question()
    assert now is not None
    assert now.screen != question.screen


def test_a_number_that_was_typed_is_not_taken_by_not_known() -> None:
    page = Page()
    page.press("skip", patient__age_years="34")
    assert page.widget.interview.case.patient.age_years is None


def test_one_yes_or_no_is_answered_by_a_button() -> None:
    page = Page(Case().stating({"patient.age_years": 34})).at("breastfeeding")
    question = page.widget.interview.next_question()
    assert question is not None
    [fact] = question.facts
    assert page.buttons == ["Yes", "No", "Not known", "Back"]
    assert f'name="{fact}" value="no"' in page.question
    page.press(**{fact.replace(".", "__"): "no"})
    assert page.widget.interview.case.facts()[fact] is False


def test_a_set_is_empty_where_none_of_it_is_chosen() -> None:
    page = Page().at("tolerance")
    assert "None of these" in page.question
    page.press(history__failed="no", history__not_tolerated=["extraction", "tretinoin"])
    history = page.widget.interview.case.history
    assert history.failed == frozenset()
    assert history.not_tolerated == {"extraction", "tretinoin"}


def test_back_takes_an_answer_back() -> None:
    page = Page()
    page.press(patient__age_years="34")
    assert "disabled" not in page.question
    page.press("back")
    assert page.widget.interview == Interview()
    assert "disabled>Back" in page.question


REFUSED = {
    "thirty": '"thirty" is not a number; write it in digits, such as 2 or 1.5',
    "140": "140 is out of bounds; give a number from 0 to 120 years, or press “Not "
    "known”",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_wrong_stands_at_its_field_with_what_was_typed(typed: str) -> None:
    page = Page()
    page.press(patient__age_years=typed)
    assert [each.replace("&quot;", '"') for each in page.wrong] == [REFUSED[typed]]
    assert f'value="{typed}"' in page.question
    assert page.widget.interview == Interview()
    page.press(patient__age_years="34")
    assert page.wrong == []


def test_answers_that_exclude_one_another_are_refused() -> None:
    page = Page().at("tolerance")
    page.press(history__failed=["no", "extraction"])
    assert page.wrong == ["It has answers that exclude one another; choose one of them"]
    assert page.question.count(" checked") == 2


def test_an_answer_without_one_is_refused_each_time() -> None:
    page = Page()
    for _ in range(2):
        turn = page.shown["turn"]
        page.press()
        assert (
            "Nothing is answered; choose an answer, or press “Not known”"
            in page.question
        )
        assert page.shown["turn"] == turn + 1  # so that the browser draws it again


def test_a_contradiction_is_said_at_its_question() -> None:
    page = Page(Case().stating({"origin": "secondary", "cause": "isotretinoin"}))
    page.at("skin_drugs")
    page.press(history__isotretinoin="never")
    [said, *_] = page.wrong
    assert said.startswith("Isotretinoin cannot be the cause if it was never taken")
    assert said.endswith("; correct one of them, or press “Not known”")
    assert page.widget.interview.case.history.isotretinoin is None


def test_what_is_pressed_twice_is_done_once() -> None:
    page = Page()
    page.press(patient__age_years="34")
    turn = page.shown["turn"]
    page.send(turn, "skip", {})
    page.send(turn, "skip", {})
    assert len(page.widget.interview.asked) == 2


def test_a_danger_stands_before_the_question() -> None:
    page = Page(Case().stating({"patient.age_years": 0.05, "findings.unwell": True}))
    danger = page.question.index('class="alert"')
    assert danger < page.question.index("<h3")
    assert "emergency" in page.question[danger:].lower()


def test_it_goes_to_the_end_and_says_so() -> None:
    page = Page(examples.case("adult_cheek"))
    assert "Settled: no answer can change" in page.question
    while not page.widget.interview.done:
        page.press("skip")
    assert page.heading == "There is nothing left to ask."
    assert page.buttons == ["Back"]


def test_it_shows_an_interview_that_is_answered_from_python() -> None:
    interview = Interview()
    page = Page(interview)
    interview.answer(34)
    page.widget.refresh()
    assert page.heading == "Where is the lesion?"
    assert page.widget.interview is interview


def test_it_is_named_by_its_interview() -> None:
    said = "<InterviewWidget of <Interview: 0 asked, up to 34 left, asks age>>"
    assert repr(InterviewWidget()) == said


def test_its_answer_is_an_assessment_alone() -> None:
    with pytest.raises(traitlets.TraitError):
        InterviewWidget().answer = None  # type: ignore[assignment] # it is refused


def test_an_interview_brings_its_own_knowledge() -> None:
    with pytest.raises(WrongTypeError) as refused:
        InterviewWidget(Interview(), load_knowledge())
    assert str(refused.value) == (
        "InterviewWidget takes an interview or knowledge, not both; the interview has "
        "its own"
    )


def test_a_case_that_contradicts_itself_is_refused() -> None:
    case = Case().stating({"origin": "secondary", "cause": "isotretinoin"})
    with pytest.raises(CaseError):
        InterviewWidget(case.stating({"history.isotretinoin": "never"}))


def test_it_asks_in_the_words_of_another_domain() -> None:
    base = load_knowledge("tests/otherworld/knowledge")
    page = Page(None, base)
    while not page.widget.interview.done:
        page.press("skip")
    assert page.heading == "There is nothing left to ask."


def test_it_takes_nothing_from_elsewhere() -> None:
    state = Page().widget.get_state()
    for text in (state["_esm"], state["_css"], str(state["_shown"])):
        assert "import" not in text
        assert "src=" not in text
        assert "//" not in re.sub("(?m)^ *// .*$", "", text)


def test_a_missing_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "try: import milia_cds.adapters.widget\n"
        "except ImportError as error: print(error)"
    )
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout == (
        "milia_cds.adapters.widget needs anywidget: pip install milia-cds[widget]\n"
    )
