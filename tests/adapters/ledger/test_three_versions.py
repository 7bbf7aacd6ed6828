"""Decisions of three versions of the knowledge are made again, byte for byte.

The two older bundles stand beside this file; `older_knowledge.py` says how they came to
be.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import pytest

from milia_cds import Case, CaseError, Knowledge, assess, load_knowledge
from milia_cds.adapters.cohort import compare_knowledge, frame_of
from milia_cds.adapters.ledger import Ledger, Recording
from milia_cds.adapters.ledger.moves import stored_diff
from milia_cds.assessment.digests import decision_content
from milia_cds.assessment.stored import content_digest
from milia_cds.case.stated import AnyCase
from tests.adapters.ledger.held import AT, HERE
from tests.common import SCREENED, THOROUGH, vignettes

COUNT = 10_000 if THOROUGH else 600
GONE = "history.lipid_or_liver_monitoring_possible"


@cache
def versions() -> tuple[Knowledge, ...]:
    older = (load_knowledge(HERE / f"{name}.zip") for name in ("oldest", "older"))
    return (*older, load_knowledge())


def cases(base: Knowledge) -> Iterator[AnyCase]:
    """The vignettes as far as a knowledge base knows their facts, at several ages."""
    for age in cycle(range(16, 90)):
        for each in vignettes():
            data = {**each.case_data}
            data["history"] = {**data.get("history", {})}
            if GONE not in base.kinds:
                data["history"].pop(GONE.partition(".")[2], None)
                data["findings"] = {**data.get("findings", {}), "chapped_skin": True}
            data["patient"] = {**data.get("patient", {}), "age_years": age}
            try:
                yield base.case(data)
            except CaseError:
                continue


def recordings(base: Knowledge) -> Iterator[Recording]:
    for case in cases(base):
        try:
            assessment = assess(case, base)
        except CaseError:
            continue
        yield Recording(assessment=assessment, at=AT)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("three") / "ledger.sqlite"
    with Ledger.open(path) as opened:
        for base in versions():
            opened.record_many(islice(recordings(base), COUNT // 3 + 1))
        yield opened


def test_the_three_are_three_and_the_oldest_has_other_facts() -> None:
    oldest, older, today = versions()
    assert len({each.digest for each in versions()}) == 3
    assert GONE not in oldest.kinds
    assert "findings.chapped_skin" in oldest.kinds
    assert older.vocabulary.agrees_with(today.vocabulary)
    with pytest.raises(CaseError) as raised:
        assess(Case(), oldest)
    assert "it was read by another vocabulary of milia; read it by this" in str(
        raised.value
    )


def test_decisions_of_three_versions_are_made_again_byte_for_byte(
    ledger: Ledger,
) -> None:
    found = ledger.verify()
    assert found.problems == ()
    assert found.replayed == found.decisions >= COUNT


def test_each_decision_is_that_of_its_own_knowledge(ledger: Ledger) -> None:
    for entry in islice(ledger.entries(), 0, None, 97):
        base = ledger.knowledge(entry.id)
        assert entry.knowledge == base.digest
        again = assess(base.case(entry.content["case"]), base)
        digest = content_digest(decision_content(again))
        assert digest == entry.content["decision"]


def test_a_difference_over_all_stored_cases_names_whom_the_edits_move(
    ledger: Ledger,
) -> None:
    oldest, older, today = versions()
    found = stored_diff(ledger, older, today)
    assert found.cases == ledger.verify(replay=False).decisions
    lost = [e for e in found.moved if (e.what, e.name) == ("verdict", "steaming")]
    assert {each.after for each in lost} == {"excluded"}
    assert all("steaming.under_18" in each.rules for each in lost)
    assert "findings.chapped_skin" in str(stored_diff(ledger, oldest, today))
    assert not stored_diff(ledger, today, today)


def test_the_difference_is_that_of_the_population(tmp_path: Path) -> None:
    oldest, _, today = versions()
    some = [
        Case.from_dict({**SCREENED, "patient": {"age_years": age}}) for age in range(99)
    ]
    with Ledger.open(tmp_path / "l") as ledger:
        ledger.record_many(Recording(assessment=assess(each), at=AT) for each in some)
        stored = stored_diff(ledger, oldest, today)
    direct = compare_knowledge(frame_of(some), oldest, today)
    assert stored.moved == direct.moved
    assert stored.first == direct.first


def test_what_was_asked_and_is_not_known_stays_so_where_one_side_lacks_it(
    tmp_path: Path,
) -> None:
    oldest, _, today = versions()
    case = Case.from_dict({**SCREENED, "history": {GONE.partition(".")[2]: None}})
    with Ledger.open(tmp_path / "l") as ledger:
        ledger.record(assess(case), at=AT)
        stored = stored_diff(ledger, oldest, today)
    assert stored.refused == 0
    assert stored.left_out == ((GONE,), ("findings.chapped_skin",))
