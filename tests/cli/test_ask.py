"""The interview in a terminal, as somebody would type it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from milia_cds import Case, Interview, load_knowledge
from milia_cds.cli.ask import Conversation
from milia_cds.cli.main import main
from milia_cds.render.lines import Ink
from tests.common import ADULT

BASE = load_knowledge()

STILL = "lesion.site"


def held(*typed: str, case: Case | None = None, patient: bool = False) -> Held:
    return Held(typed, case, patient=patient)


class Held:
    """A conversation in which somebody typed these lines and then left."""

    def __init__(
        self, typed: tuple[str, ...], case: Case | None, *, patient: bool
    ) -> None:
        self.lines: list[str] = []
        self.interview = Interview(case)
        lines: Iterator[str] = iter(typed)

        def read(prompt: str) -> str:
            self.lines.append(prompt)
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        Conversation(
            self.interview, BASE, read, self.lines.append, patient=patient
        ).hold()

    @property
    def said(self) -> str:
        """All that was written."""
        return "\n".join(self.lines)

    @property
    def facts(self) -> dict[str, object]:
        """What is known in the end."""
        return {
            name: value
            for name, value in self.interview.case.facts().items()
            if value is not None
        }


def test_it_begins_with_how_to_answer_and_the_first_question() -> None:
    said = held().said
    assert "u  not known" in said
    assert "How old is the patient?" in said
    assert "[0 to 120 years, or u] " in said


def test_a_member_may_be_given_by_its_number_or_by_its_name() -> None:
    by_number, by_name = held("34", "11"), held("34", "cheek")
    assert by_number.facts == by_name.facts
    assert by_number.facts[STILL] == "cheek"


def test_words_with_spaces_stand_for_names() -> None:
    assert held("34", "Lower Eyelid").facts[STILL] == "lower_eyelid"


def test_a_wrong_word_is_explained_and_asked_again() -> None:
    conversation = held("old", "34")
    assert '"old" is not a number' in conversation.said
    assert conversation.facts == {"patient.age_years": 34}


def test_not_known_skips_the_question() -> None:
    conversation = held("u", "cheek")
    assert conversation.facts == {STILL: "cheek"}
    assert "patient.age_years" in conversation.interview.case.not_known


def test_back_takes_the_last_answer_back() -> None:
    assert held("34", "b", "35").facts == {"patient.age_years": 35}
    assert "there is no answer to take back" in held("b").said


def test_help_says_what_counts_and_whom_it_matters_to() -> None:
    said = held("34", "?").said
    assert "It matters to: " in said
    assert "One group of lesions at one site." in said


def test_on_a_terminal_the_question_stands_out_and_says_the_same() -> None:
    lines: list[str] = []

    def read(_: str) -> str:
        raise EOFError

    Conversation(Interview(), BASE, read, lines.append, ink=Ink(colour=True)).hold()
    assert "\033[1mHow old is the patient?\033[0m" in lines
    assert re.sub("\033\\[\\d*m", "", "\n".join(lines)) in held().said


def test_questions_may_be_put_to_the_patient() -> None:
    said = held("34", patient=True).said
    assert "How old are you?" in said
    assert "Where on the body are the bumps?" in said


SCREENED = Case.from_dict({**ADULT, "assume_absent": ["history"]}).stating(
    {"phototype": None}
)


def test_one_no_settles_a_whole_screen_and_one_yes_asks_each() -> None:
    no = held("n", case=SCREENED)
    assert no.facts["findings.blisters"] is False
    assert "findings.growing" not in no.facts
    yes = held("y", "n", "n", "y", case=SCREENED)
    assert "Any of these? [y/n/u]" in yes.said
    assert "Is the lesion painful?" in yes.said


def test_a_word_that_is_neither_yes_nor_no_is_asked_again() -> None:
    said = held("y", "perhaps", "n", case=SCREENED).said
    assert '\n"perhaps" is not yes or no; answer y, n or u\n' in said
    assert "\nAnswer y, n or u.\n" in held("perhaps", "n", case=SCREENED).said
    assert "\nAnswer y or n.\n" in held(*"nnnnnn", "perhaps", case=SCREENED).said


def test_once_settled_it_offers_to_stop() -> None:
    conversation = held(*"nnnnnn", case=SCREENED)
    assert "Settled: no answer can change the first place" in conversation.said
    assert conversation.interview.settled
    assert not conversation.interview.done


def test_asked_to_go_on_it_ends_when_nothing_is_left() -> None:
    conversation = held(*"nnnnnn", "y", "2", case=SCREENED)
    assert conversation.interview.done
    assert conversation.said.endswith("There is nothing left to ask.")


def test_every_line_fits() -> None:
    lines = held("?", "34", "?", "cheek", "?", "u", "?").said.splitlines()
    assert max(map(len, lines)) <= 80


# -- on the command line ---------------------------------------------------------------


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_ask_ends_with_the_assessment_and_saves_the_case(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    typed(monkeypatch, "34\ncheek\nq\n")
    file = tmp_path / "case.json"
    assert main(["ask", "--save", str(file)]) == 0
    said = capsys.readouterr().out
    assert f"The case is saved in {file}." in said
    assert "\nPLAN  " in said
    assert json.loads(file.read_text("utf-8")) == {
        "patient": {"age_years": 34},
        "lesion": {"site": "cheek"},
    }


def test_ask_goes_on_from_a_saved_case(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"patient": {"age_years": 34}}', "utf-8")
    typed(monkeypatch, "")
    assert main(["ask", str(file)]) == 0
    assert "Where is the lesion?" in capsys.readouterr().out
    typed(monkeypatch, "")
    assert main(["ask", str(file), "site=cheek"]) == 0
    said = capsys.readouterr().out
    assert "Are there blisters, fragile skin, pain or infection at the site" in said


def test_a_case_that_cannot_be_saved_is_a_clear_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    typed(monkeypatch, "q\n")
    assert main(["ask", "--save", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err == f"{tmp_path}: Is a directory; name a file that can be written\n"
    assert said.out == ""  # nothing was asked whose answer would be lost
