"""A ledger keeps decisions, gives them again, and forgets only what it is told to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from milia_cds import (
    Assessment,
    Case,
    NoCaseError,
    WrongTypeError,
    assess,
    assess_visit,
    load_knowledge,
)
from milia_cds.adapters.cds_hooks.feedback import Feedback, Issued
from milia_cds.adapters.ledger import (
    Head,
    KeyTakenError,
    Ledger,
    LedgerError,
    NoEntryError,
    Recording,
    replaying,
)
from tests.adapters.ledger.held import AT, HERE, answer, filled
from tests.common import ADULT, SCREENED

CALL = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def adult() -> Assessment:
    return assess(Case.from_dict(SCREENED))


# -- what is kept --


def test_a_decision_is_made_again_from_what_is_kept(ledger: Ledger) -> None:
    said = adult()
    kept = ledger.record(said, at=AT, answer=said.to_dict("decision"))
    replay = ledger.replay(kept)
    assert (replay.same, replay.same_answer, replay.difference) == (True, True, ())
    assert ledger.assessment(kept) == said
    assert ledger.knowledge(kept) == load_knowledge()


def test_the_case_is_kept_as_given_with_the_little_that_is_read(
    ledger: Ledger,
) -> None:
    kept = ledger.record(adult(), at=AT, context={"asked_by": "ward 3"})
    content = ledger.entry(kept).content
    assert content["case"] == Case.from_dict(SCREENED).to_dict()
    assert content["gist"]["action"] == "treat"
    assert content["gist"]["ranking"][0] == "extraction"
    assert content["context"] == {"asked_by": "ward 3"}
    assert set(content) == {"case", "context", "decision", "gist"}


def test_a_policy_is_kept_with_the_knowledge(ledger: Ledger) -> None:
    base = load_knowledge(policy="examples/policy.toml")
    kept = ledger.record(assess(Case.from_dict(SCREENED), base), at=AT)
    assert ledger.knowledge(kept) == base
    assert ledger.replay(kept)
    assert base.policy is not None
    assert ledger.entry(kept).policy == base.policy.digest


def test_the_day_of_an_assessment_is_kept(ledger: Ledger) -> None:
    case = Case.from_dict({**SCREENED, "as_of": "2026-01-01"})
    said = assess(case, on=AT.date())
    kept = ledger.record(said, at=AT, answer=said.to_dict("standard"))
    assert ledger.replay(kept).same_answer is True
    assert ledger.assessment(kept).warnings == said.warnings


def test_what_a_visit_says_of_a_case_is_kept(ledger: Ledger) -> None:
    other = {**SCREENED, "lesion": {**ADULT["lesion"], "site": "nose", "count": 30}}
    visit = assess_visit([Case.from_dict(SCREENED), Case.from_dict(other)])
    ids = [ledger.record(each, at=AT) for each in visit]
    assert "visit" in ledger.entry(ids[0]).content
    assert all(map(ledger.replay, ids))


def test_an_older_knowledge_is_read_by_its_own_facts(ledger: Ledger) -> None:
    base = load_knowledge(HERE / "oldest.zip")
    case = base.case({"findings": {"chapped_skin": True}})
    kept = ledger.record(assess(case, base), at=AT)
    assert ledger.replay(kept)
    assert ledger.assessment(kept).case == case


def test_another_decision_is_told_with_what_is_otherwise(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ledger.record(adult(), at=AT)
    other = assess(Case.from_dict(ADULT))
    monkeypatch.setattr(replaying, "assessment_of", lambda _entry, _base: other)
    replay = ledger.replay(kept)
    assert not replay
    assert replay.difference[0] == 'action: "treat" is now "needs_information"'
    [problem] = ledger.verify().problems
    assert str(problem).startswith(
        "entry 1: made again, the decision is another; restore a backup, and find out "
        "who wrote the file; it was made by version "
    )


def test_an_answer_in_other_words_is_told(ledger: Ledger) -> None:
    said = adult()
    other = {**said.to_dict("decision"), "status": "another"}
    kept = ledger.record(said, at=AT, answer=other)
    assert ledger.replay(kept).same
    assert ledger.replay(kept).same_answer is False
    assert not ledger.verify()


def test_what_is_no_answer_of_ours_is_kept_by_its_digest(ledger: Ledger) -> None:
    kept = ledger.record(adult(), at=AT, answer={"cards": []})
    assert ledger.replay(kept).same_answer is None
    assert ledger.replay(kept)


# -- keys --


def test_a_key_is_recorded_once(ledger: Ledger) -> None:
    first = ledger.record(answer(), at=AT, key="a")
    later = AT + timedelta(seconds=5)
    assert ledger.record(answer(), at=later, key="a") == first
    assert ledger.head().number == 1
    assert ledger.entry(first).at == AT.isoformat()


def test_a_key_with_something_else_is_refused(ledger: Ledger) -> None:
    ledger.record(answer(30), at=AT, key="a")
    with pytest.raises(KeyTakenError) as raised:
        ledger.record(answer(40), at=AT, key="a")
    assert str(raised.value) == (
        "this key was given before, with something else; give each decision a key of "
        "its own"
    )
    assert ledger.head().number == 1


def test_without_a_key_each_call_is_an_entry(ledger: Ledger) -> None:
    assert ledger.record(answer(), at=AT) != ledger.record(answer(), at=AT)


def test_many_are_recorded_in_order_and_told(ledger: Ledger) -> None:
    told: list[int] = []
    some = (Recording(assessment=answer(n), at=AT) for n in range(250))
    ids = ledger.record_many(some, heard=told.append)
    assert told == [100, 200, 250]
    assert [entry.id for entry in ledger.entries()] == ids
    assert ledger.verify()


# -- what is refused --


def test_what_cannot_be_recorded_is_refused(ledger: Ledger) -> None:
    with pytest.raises(
        WrongTypeError,
        match=r"^record takes a time with its zone as `at`; give a datetime with its "
        r"zone, such as datetime.now\(UTC\)$",
    ):
        ledger.record(answer(), at=datetime(2026, 5, 1))  # noqa: DTZ001 - it is wrong
    with pytest.raises(NoCaseError):
        ledger.record(Assessment.from_json(adult().to_json()), at=AT)
    with pytest.raises(
        WrongTypeError, match=r"^record takes a text as `subject`; give one, or None$"
    ):
        ledger.record(answer(), at=AT, subject="")
    assert ledger.head().number == 0


def test_a_context_that_is_no_json_is_refused_without_its_values(
    ledger: Ledger,
) -> None:
    with pytest.raises(WrongTypeError) as raised:
        ledger.record(answer(), at=AT, context={"secret": {1, 2}})
    assert str(raised.value) == (
        "a ledger stores plain JSON values; give texts, numbers, yes/no, lists and "
        "objects"
    )


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(LedgerError) as raised:
        Ledger.open(other)
    assert str(raised.value) == (
        f"{other}: it is no ledger; name a ledger, or a file that is not there yet"
    )
    text = tmp_path / "text"
    text.write_text("no database " * 100)
    with pytest.raises(LedgerError, match="it is no ledger, or is damaged; name a "):
        Ledger.open(text)
    with pytest.raises(LedgerError, match="No such file or directory; name a file"):
        Ledger.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    filled(tmp_path / "l")
    assert (tmp_path / "l").stat().st_mode & 0o777 == 0o600


def test_nothing_is_changed_or_taken_away(tmp_path: Path) -> None:
    filled(tmp_path / "l")
    connection = sqlite3.connect(tmp_path / "l")
    for statement, says in (
        ("UPDATE entry SET at = ''", "nothing in a ledger is changed or taken away"),
        ("DELETE FROM entry", "nothing in a ledger is changed or taken away"),
        ("UPDATE body SET json = ''", "nothing in a ledger is changed or taken away"),
        ("UPDATE bundle SET content = ''", "nothing in a ledger is changed or taken"),
        ("DELETE FROM bundle", "nothing in a ledger is changed or taken away"),
        ("DELETE FROM body", "a body goes only where an entry says that it is erased"),
        ("INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE n = 1", "an entry f"),
        ("INSERT OR REPLACE INTO body SELECT * FROM body", "an entry follows the new"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=says):
            connection.execute(statement)
    connection.close()


# -- events and erasure --


def test_events_follow_a_decision(ledger: Ledger) -> None:
    kept = ledger.record(answer(), at=AT)
    event = ledger.note("done_otherwise", {"why": "wish"}, at=AT, about=kept, key="1")
    assert ledger.note("done_otherwise", {"why": "wish"}, at=AT, about=kept, key="1")
    [found] = ledger.events(kept)
    assert (found.id, found.kind, found.content) == (
        event,
        "done_otherwise",
        {"why": "wish"},
    )
    with pytest.raises(LedgerError, match='"erased" is no kind of an event; give a w'):
        ledger.note("erased", {}, at=AT)
    with pytest.raises(NoEntryError, match='there is no entry "x"; give the id that '):
        ledger.note("seen", {}, at=AT, about="x")


def test_feedback_of_the_service_follows_its_decision(ledger: Ledger) -> None:
    kept = ledger.record(answer(), at=AT, key=CALL, subject="p")
    ledger.issued("milia", [Issued(card=CARD, options=("steaming",), call=CALL)])
    report = Feedback(CARD, "overridden", AT, comment="Mrs X does not want it")
    for _ in range(2):
        ledger.reported("milia", [report])
    found = ledger.events(kept)
    assert [each.kind for each in found] == ["call", "issued", "feedback"]
    assert found[2].content["comment"] == "Mrs X does not want it"
    assert found[1].content == {
        "service": "milia",
        "card": CARD,
        "options": ["steaming"],
    }
    assert ledger.verify()
    assert ledger.erase("p", at=AT) == 4
    assert ledger.verify()


def test_a_card_that_is_sent_again_about_more_is_kept_twice(ledger: Ledger) -> None:
    for options in (("a",), ("a",), ("a", "b")):
        ledger.issued("milia", [Issued(card=CARD, options=options, call=CALL)])
    kinds = [each.kind for each in ledger.entries()]
    assert kinds == ["call", "issued", "issued"]


def test_erasure_leaves_nothing_of_the_patient_and_a_whole_chain(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l"
    with Ledger.open(path) as ledger:
        context = {"note": "UNMISTAKABLE"}
        kept = ledger.record(answer(1), at=AT, subject="dora", context=context)
        ledger.note("outcome", {"said": "UNMISTAKABLE"}, at=AT, about=kept)
        other = ledger.record(answer(2), at=AT, subject="eve", key="k")
        head = ledger.head()
        salt = getattr(ledger.entry(kept).body, "salt", "")
        assert ledger.erase("dora", at=AT) == 2
        assert ledger.erase("dora", at=AT) == 0
        assert ledger.erase("nobody", at=AT) == 0
        found = ledger.verify(head)
        assert found
        assert (found.erased, found.decisions, found.replayed) == (2, 2, 1)
        assert ledger.replay(other)
        with pytest.raises(NoEntryError) as raised:
            ledger.replay(kept)
        assert str(raised.value) == (
            "what was stored with this entry is erased; nothing brings it back; the "
            "chain still shows that it was there"
        )
        kinds = [each.kind for each in ledger.entries()]
        assert kinds == ["decision", "outcome", "decision", "erased", "erased"]
        for file in tmp_path.iterdir():
            content = file.read_bytes()
            assert b"UNMISTAKABLE" not in content
            assert b"dora" not in content
            assert salt.encode() not in content


def test_what_is_told_of_entries_shows_nothing_of_a_patient(ledger: Ledger) -> None:
    kept = ledger.record(answer(), at=AT, subject="dora")
    entry = ledger.entry(kept)
    assert repr(entry) == "<Entry 1: decision, 2026-05-01T09:30:00+00:00>"
    assert repr(entry.body) == "<Body>"


# -- elsewhere --


def test_an_export_is_read_by_another_ledger(ledger: Ledger, tmp_path: Path) -> None:
    kept = ledger.record(adult(), at=AT, key="k", subject="p")
    ledger.record(answer(), at=AT, subject="q")
    ledger.erase("q", at=AT)
    lines = [*ledger.export()]
    assert json.loads(lines[0]) == {"format": "milia-cds/ledger/1"}
    with Ledger.open(tmp_path / "other.sqlite") as other:
        assert other.import_(lines) == 3
        assert other.import_(lines) == 0
        assert other.head() == ledger.head()
        assert other.verify(ledger.head())
        assert other.replay(kept)
        ledger.record(answer(7), at=AT)
        assert other.import_(ledger.export()) == 1
        ledger.record(answer(8), at=AT)
        other.record(answer(9), at=AT)
        with pytest.raises(LedgerError, match=r"^entry 5 here is another; import it"):
            other.import_(ledger.export())
        assert [*other.export()] != [*ledger.export()]


def test_a_line_that_is_not_whole_is_refused_and_nothing_kept(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record(answer(), at=AT)
    lines = [*ledger.export()]
    mend = "; give the lines that `milia-cds ledger export` wrote, all of them"
    changed = lines[2].replace("2026-05-01", "2026-05-02")
    sealed = json.loads(lines[2])
    sealed["entry"]["body"]["subject"] = "x"
    for given, says in (
        ([], "line 1: there is none"),
        (lines[1:], "line 1: it does not say milia-cds/ledger/1"),
        ([lines[0], "{"], "line 2: it is no JSON, or is cut off"),
        ([lines[0], "{}"], "line 2: it is no object with one key"),
        ([lines[0], '{"x": 1}'], "line 2: it is neither a bundle nor an entry"),
        ([lines[0], '{"bundle": 1}'], "line 2: it is no bundle"),
        ([*lines[:2], '{"entry": 1}'], "line 3: it is no entry"),
        ([*lines[:2], changed], "line 3: the chain is broken here"),
        (
            [*lines[:2], json.dumps(sealed)],
            "line 3: what is stored with the entry was changed",
        ),
    ):
        with Ledger.open(tmp_path / "other.sqlite") as other:
            with pytest.raises(LedgerError) as raised:
                other.import_(given)
            assert str(raised.value) == says + mend
            assert other.head().number == 0


def test_a_decision_as_fhir_says_where_it_comes_from_and_orders_nothing(
    ledger: Ledger,
) -> None:
    kept = ledger.record(adult(), at=AT)
    bundle = ledger.to_fhir(kept, patient="Patient/1")
    guidance, provenance = (each["resource"] for each in bundle["entry"])
    assert guidance["resourceType"] == "GuidanceResponse"
    assert provenance["resourceType"] == "Provenance"
    assert "result" not in guidance
    assert guidance["occurrenceDateTime"] == AT.isoformat()
    known = {
        each["what"]["identifier"]["system"]: each["what"]["identifier"]["value"]
        for each in provenance["entity"]
    }
    assert known["urn:milia-cds:entry"] == kept
    assert known["urn:milia-cds:decision"] == ledger.entry(kept).content["decision"]
    assert known["urn:milia-cds:knowledge"] == load_knowledge().digest
    assert ledger.to_fhir(kept, patient="Patient/1") == bundle


def test_a_head_is_read_as_it_is_printed(ledger: Ledger) -> None:
    ledger.record(answer(), at=AT)
    assert Head.read(str(ledger.head())) == ledger.head()
    with pytest.raises(LedgerError) as raised:
        Head.read("12")
    assert str(raised.value) == (
        "this is no head of a ledger; give the number and the digest that `ledger "
        "head` prints"
    )
