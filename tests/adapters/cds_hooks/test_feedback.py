"""Feedback: what is read, what is kept whatever happens, and how it is summed up."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds.adapters.cds_hooks import feedback_file
from milia_cds.adapters.cds_hooks.feedback import (
    Feedback,
    FeedbackError,
    FeedbackStore,
    Issued,
    OverrideReason,
    feedback_of,
)
from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
from milia_cds.adapters.cds_hooks.feedback_summary import Summary, summary
from tests.common import THOROUGH

CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
OTHER = "11111111-2222-3333-4444-555555555555"
SUGGESTION = "e56e1945-20b3-4393-8503-a1a20fd73152"
WHEN = "2026-05-01T09:30:00Z"
AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
SERVICE = "milia-patient-view"
CODES = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
COMMENT = "Mrs Example said no"


def report(**more: Any) -> dict[str, Any]:
    said = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": WHEN, **more}
    return {name: value for name, value in said.items() if value is not ...}


def accepted(**more: Any) -> dict[str, Any]:
    taken = {"outcome": "accepted", "acceptedSuggestions": [{"id": SUGGESTION}]}
    return report(**{**taken, **more})


def coded(**more: Any) -> dict[str, Any]:
    said = {"reason": {"system": CODES, "code": "prefers-alternative"}, **more}
    return {name: value for name, value in said.items() if value is not ...}


def read(*reports: Any) -> tuple[Feedback, ...]:
    return feedback_of({"feedback": [*reports]})


def problems(body: object) -> dict[str, str]:
    with pytest.raises(FeedbackError) as caught:
        feedback_of(body)
    return {each.path: each.message for each in caught.value.problems}


# -- messages: rules 23 to 26 --


def test_rule_23_reports_stand_in_a_list_under_feedback() -> None:
    assert len(read(report(), accepted(), report())) == 3
    for body in ([report()], report(), None, "x", {}, {"feedback": report()}):
        problems(body)
    assert problems({"feedback": []}) == {"feedback": "it is no list with entries"}
    assert "extra" in problems({"feedback": [report()], "extra": 1})


def test_rule_24_what_is_accepted_names_its_suggestions() -> None:
    [one] = read(accepted())
    assert one.accepted == (SUGGESTION,)
    path = "feedback[0].acceptedSuggestions"
    assert {*problems({"feedback": [accepted(acceptedSuggestions=...)]})} == {path}
    assert {*problems({"feedback": [accepted(acceptedSuggestions=[])]})} == {path}
    wrong = {"feedback": [accepted(acceptedSuggestions=[{"id": "1"}, {}, "x"])]}
    assert {*problems(wrong)} == {f"{path}[0].id", f"{path}[1]", f"{path}[2]"}


def test_rule_25_a_reason_for_overriding_is_not_empty() -> None:
    [bare] = read(report())
    [by_code] = read(report(overrideReason=coded()))
    [in_words] = read(report(overrideReason={"userComment": COMMENT}))
    assert (bare.reason, bare.comment) == (None, "")
    assert by_code.reason == OverrideReason(CODES, "prefers-alternative")
    assert (in_words.reason, in_words.comment) == (None, COMMENT)
    path = "feedback[0].overrideReason"
    nothing: list[Any] = [{}, None, [], "", {"extension": {"org.example": 1}}]
    for empty in nothing:
        assert {*problems({"feedback": [report(overrideReason=empty)]})} == {path}
    wrong = coded(reason={"code": ""}, userComment="  ")
    assert {*problems({"feedback": [report(overrideReason=wrong)]})} == {
        f"{path}.reason.system",
        f"{path}.reason.code",
        f"{path}.userComment",
    }


@pytest.mark.parametrize(
    "when",
    [
        "2026-05-01T09:30:00+00:00",
        "2026-05-01T09:30:00",
        "2026-05-01T09:30:00z",
        "2026-02-30T09:30:00Z",
        "2026-05-01T25:00:00Z",
        "2026-05-01",
        "Z",
        5,
        None,
        ...,
    ],
)
def test_rule_26_a_time_is_in_utc_and_ends_in_z(when: object) -> None:
    found = problems({"feedback": [report(outcomeTimestamp=when)]})

    assert [*found] == ["feedback[0].outcomeTimestamp"]


@pytest.mark.parametrize("when", [WHEN, "2026-05-01T09:30:00.000Z"])
def test_a_time_is_read_as_it_is(when: str) -> None:
    assert read(report(outcomeTimestamp=when))[0].at == AT


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (report(card="1"), "card"),
        (report(card=...), "card"),
        (report(card=None), "card"),
        (report(outcome="ignored"), "outcome"),
        (report(outcome=["accepted"]), "outcome"),
        (report(outcome=...), "outcome"),
        (report(acceptedSuggestions=[{"id": SUGGESTION}]), "acceptedSuggestions"),
        (accepted(overrideReason=coded()), "overrideReason"),
        (report(extension=[]), "extension"),
        (report(user="Practitioner/1"), "user"),
        (report(overrideReason=coded(note=1)), "overrideReason.note"),
        (
            report(overrideReason=coded(userComment="x" * 4001)),
            "overrideReason.userComment",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_path(wrong: Any, path: str) -> None:
    assert [*problems({"feedback": [report(), wrong]})] == [f"feedback[1].{path}"]


def test_what_is_reserved_for_others_is_let_be() -> None:
    more = {"org.example.seen": True}
    body = {"feedback": [report(extension=more)], "extension": more}

    assert len(feedback_of(body)) == 1


def test_too_many_reports_are_refused() -> None:
    assert [*problems({"feedback": [report()] * 1001})] == ["feedback"]


def test_no_message_repeats_what_somebody_wrote() -> None:
    wrong = report(card=COMMENT, outcome=COMMENT, overrideReason=COMMENT)

    with pytest.raises(FeedbackError) as caught:
        feedback_of({"feedback": [wrong, COMMENT]})
    assert "Example" not in str(caught.value)
    assert "Example" not in repr(
        read(report(overrideReason=coded(userComment=COMMENT)))
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*report(overrideReason=1, acceptedSuggestions=1), "reason"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(derandomize=not THOROUGH, max_examples=5000 if THOROUGH else 40)
@given(json_values)
def test_whatever_is_sent_is_read_or_refused(value: object) -> None:
    for body in (
        value,
        {"feedback": [value]},
        {"feedback": [report(overrideReason=value)]},
    ):
        with suppress(FeedbackError):
            assert all(isinstance(each, Feedback) for each in feedback_of(body))


# -- the file --


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedback.jsonl"


def kept(path: Path, kind: str = "feedback") -> list[Mapping[str, Any]]:
    lines = path.read_bytes().splitlines()
    return [said[kind] for said in map(json.loads, lines) if kind in said]


def test_a_report_is_kept_as_it_was(path: Path) -> None:
    store: FeedbackStore = FeedbackFile(path)
    store.reported(SERVICE, read(report(overrideReason=coded(userComment=COMMENT))))

    assert kept(path) == [
        {
            "service": SERVICE,
            "card": CARD,
            "outcome": "overridden",
            "at": WHEN,
            "reason": {"system": CODES, "code": "prefers-alternative", "display": ""},
            "comment": COMMENT,
        }
    ]


def test_a_report_that_is_sent_again_is_kept_once(path: Path) -> None:
    same = report(outcomeTimestamp="2026-05-01T09:30:00.000Z", card=CARD.upper())
    later = report(outcomeTimestamp="2026-05-01T09:31:00Z")
    FeedbackFile(path).reported(SERVICE, read(report(), same, accepted()))
    store = FeedbackFile(path)
    store.reported(SERVICE, read(report(), later))
    store.reported(SERVICE, read(report(), later))

    assert len(kept(path)) == 3


def test_two_stores_of_one_file_keep_a_report_once(path: Path) -> None:
    one, two = FeedbackFile(path), FeedbackFile(path)
    one.reported(SERVICE, read(report()))
    two.reported(SERVICE, read(report(), accepted()))
    one.reported(SERVICE, read(accepted()))

    assert len(kept(path)) == 2


def test_only_its_owner_may_read_it(path: Path) -> None:
    FeedbackFile(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_moved_away_is_begun_anew(path: Path) -> None:
    store = FeedbackFile(path)
    store.reported(SERVICE, read(report()))
    path.rename(path.with_suffix(".old"))
    store.reported(SERVICE, read(report()))

    assert len(kept(path)) == len(kept(path.with_suffix(".old"))) == 1


def test_a_file_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        FeedbackFile(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        FeedbackFile(tmp_path / "no" / "feedback.jsonl")


@pytest.mark.parametrize("cut", range(1, 140, 6))
def test_a_torn_last_line_is_taken_away_and_nothing_else(path: Path, cut: int) -> None:
    store = FeedbackFile(path)
    store.reported(SERVICE, read(report()))
    whole = path.read_bytes()
    store.reported(SERVICE, read(accepted()))
    both = path.read_bytes()
    path.write_bytes(both[:-cut] if cut < len(both) - len(whole) else whole)

    again = FeedbackFile(path)

    left = [whole, both]
    assert path.read_bytes() == left[cut == 1]
    again.reported(SERVICE, read(report(), accepted()))
    assert path.read_bytes() == both
    del store


def test_a_torn_line_of_another_writer_is_mended_by_the_next(path: Path) -> None:
    store = FeedbackFile(path)
    with path.open("ab") as stream:
        stream.write(b'{"feedback":{"service":"' + b"x" * 200_000)
    store.reported(SERVICE, read(report()))

    assert len(kept(path)) == 1


def test_what_could_not_be_written_whole_is_not_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FeedbackFile(path)
    store.reported(SERVICE, read(report()))
    before = path.read_bytes()
    write = os.write

    def full(file: int, content: Any) -> int:
        if len(content) < 100:
            raise OSError(28, "No space left on device")
        return write(file, bytes(content[:100]))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        store.reported(SERVICE, read(accepted()))
    monkeypatch.undo()

    assert path.read_bytes() == before
    store.reported(SERVICE, read(accepted()))
    assert len(kept(path)) == 2


def test_where_there_are_no_locks_one_process_may_write(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_file, "fcntl", None)
    store = FeedbackFile(path)
    store.reported(SERVICE, read(report(), accepted()))

    assert len(kept(path)) == 2


def test_threads_keep_each_report_once(path: Path) -> None:
    store = FeedbackFile(path)
    several = [read(report(card=str(UUID(int=n)))) for n in range(20)]

    def work() -> None:
        for each in several:
            store.reported(SERVICE, each)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(each["card"] for each in kept(path)) == sorted(
        str(UUID(int=n)) for n in range(20)
    )


WRITER = f"""
import sys
from uuid import UUID
from milia_cds.adapters.cds_hooks.feedback import Issued, feedback_of
from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
store = FeedbackFile(sys.argv[1])
start, step, most = map(int, sys.argv[2:])
for n in range(start, start + most * step, step):
    card = str(UUID(int=n))
    store.issued("{SERVICE}", [Issued(card, ("a", "b"))])
    reason = {{"userComment": "x" * 1500}}
    one = {{"card": card, "outcome": "overridden", "overrideReason": reason}}
    one["outcomeTimestamp"] = "{WHEN}"
    store.reported("{SERVICE}", feedback_of({{"feedback": [one]}}))
    print(card, flush=True)
"""


def writer(path: Path, start: int, step: int, most: int) -> subprocess.Popen[str]:
    given = [str(path), str(start), str(step), str(most)]
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WRITER, *given], stdout=subprocess.PIPE, text=True
    )


def test_killed_in_the_middle_nothing_acknowledged_is_lost(path: Path) -> None:
    acknowledged: list[str] = []
    chance = random.Random(19)  # noqa: S311 - when it is killed is no secret
    for start in (0, 1_000_000, 2_000_000):
        with writer(path, start, 1, 1_000_000) as running:
            assert running.stdout is not None
            acknowledged.append(running.stdout.readline().strip())
            time.sleep(0.02 + chance.random() / 10)
            running.send_signal(signal.SIGKILL)
            acknowledged += running.stdout.read().split("\n")[:-1]
        assert running.returncode == -signal.SIGKILL

    FeedbackFile(path)  # the next start
    cards = [each["card"] for each in kept(path)]
    assert len(acknowledged) > 10
    assert {*acknowledged} <= {*cards}
    assert len(cards) == len({*cards}) <= len(acknowledged) + 3


def test_two_processes_write_at_once(path: Path) -> None:
    running = [writer(path, 0, 1, 60), writer(path, 30, 1, 60)]
    for each in running:
        with each:
            each.communicate(timeout=60)
        assert each.returncode == 0

    cards = [each["card"] for each in kept(path)]
    assert sorted(cards) == [str(UUID(int=n)) for n in range(90)]
    assert len(kept(path, "issued")) == 120


# -- summed up --


def issued(n: int, *options: str, rules: Iterable[str] = (), **more: str) -> Issued:
    suggestions = {
        str(UUID(int=1000 * n + place)): option for place, option in enumerate(options)
    }
    return Issued(str(UUID(int=n)), options, tuple(rules), suggestions, **more)


def summed(path: Path) -> Summary:
    with path.open("rb") as stream:
        return summary(stream)


@pytest.fixture
def filled(path: Path) -> Path:
    store = FeedbackFile(path)
    now, old = {"version": "2", "digest": "d2"}, {"version": "1", "digest": "d1"}
    store.issued(
        SERVICE,
        [
            issued(1, "lance", "wait", **now),
            issued(2, "lance", "wait", **now),
            issued(3, "lance", "wait", **old),
            issued(4, rules=["alert.fever"], **now),
            issued(5, "peel", rules=["peel.tan"], **now),
            issued(2, "lance", "wait", **now),
        ],
    )
    taken = [{"id": str(UUID(int=1000 * 1 + 1))}]
    prefers, trusts = (
        {"reason": {"system": CODES, "code": code, "display": COMMENT}}
        for code in ("prefers-alternative", "recipient-does-not-trust")
    )
    store.reported(
        SERVICE,
        read(
            accepted(card=str(UUID(int=1)), acceptedSuggestions=taken),
            report(card=str(UUID(int=2)), overrideReason=prefers),
            report(card=str(UUID(int=3)), overrideReason={"userComment": COMMENT}),
            report(card=str(UUID(int=4)), overrideReason=trusts),
            report(card=str(UUID(int=4)), outcomeTimestamp="2026-06-01T00:00:00Z"),
            report(
                card=OTHER, overrideReason=coded(reason={"system": "x", "code": "a b"})
            ),
        ),
    )
    return path


def counts(tallies: Mapping[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {n: (t.shown, t.accepted, t.overridden) for n, t in tallies.items()}


def test_it_is_summed_up_by_option_rule_reason_and_knowledge(filled: Path) -> None:
    found = summed(filled)

    assert counts({"": found.whole}) == {"": (5, 1, 5)}
    assert counts(found.options) == {
        "lance": (3, 0, 2),
        "peel": (1, 0, 0),
        "wait": (3, 1, 2),
    }
    assert counts(found.rules) == {"alert.fever": (1, 0, 2), "peel.tan": (1, 0, 0)}
    assert counts(found.knowledge) == {"1 d1": (1, 0, 1), "2 d2": (4, 1, 3)}
    assert found.options["lance"].reasons == {
        "comment only": 1,
        "prefers-alternative": 1,
    }
    assert found.rules["alert.fever"].reasons == {
        "no reason": 1,
        "recipient-does-not-trust": 1,
    }
    assert found.unknown == 1
    assert (found.since, found.until) == (WHEN, "2026-06-01T00:00:00Z")


def test_what_somebody_wrote_is_given_only_where_it_is_asked_for(filled: Path) -> None:
    found = summed(filled)

    assert "Example" not in repr(found)
    assert "Example" not in json.dumps(found.to_dict())
    assert found.to_dict()["comments"] == 1
    assert found.to_dict(comments=True)["comments"] == [COMMENT]


def test_a_code_that_is_none_is_not_repeated(filled: Path) -> None:
    assert "a b" not in json.dumps(summed(filled).to_dict())
    assert summed(filled).whole.reasons["another reason"] == 1


def test_lines_that_are_none_of_it_are_named(filled: Path) -> None:
    with filled.open("ab") as stream:
        stream.write(b'\nnonsense\n[]\n{"feedback":{"card":1}}\n{"issued":{}}\n')
        stream.write(
            b'{"feedback":{"service":"s","card":"c","outcome":"x","at":"y"}}\n'
        )
        stream.write(b'{"feedback":{"service":')  # it is being written
    found = summed(filled)

    first = len(filled.read_bytes().splitlines()) - 6
    assert found.unread == tuple(range(first, first + 6))
    assert found.whole == summed(filled).whole


def test_parts_of_a_wrong_shape_do_no_harm(path: Path) -> None:
    card = {"service": "s", "card": CARD, "options": 5, "suggestions": [], "rules": [1]}
    said = {"service": "s", "card": CARD, "outcome": "accepted", "at": WHEN}
    lines = [
        {"issued": {**card, "version": 5}},
        {"feedback": {**said, "accepted": "x", "reason": 5, "comment": 5}},
    ]
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))

    assert counts({"": summed(path).whole}) == {"": (1, 1, 0)}


def test_nothing_of_a_patient_is_kept_of_a_card(path: Path) -> None:
    store = FeedbackFile(path)
    store.issued(SERVICE, [issued(7, "lance", version="2", digest="d")])

    [said] = kept(path, "issued")
    assert {*said} == {"service", "card", "options", "suggestions", "version", "digest"}
    assert str(uuid4()) not in path.read_text()
