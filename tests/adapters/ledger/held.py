"""What the tests of the ledger share: small knowledge, cases of it, and a clock."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from milia_cds import Assessment, Knowledge, assess, load_knowledge
from milia_cds.adapters.ledger import Ledger
from tests.common import OTHERWORLD

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
HERE = Path(__file__).parent


@cache
def small() -> Knowledge:
    """The knowledge of the other domain, whose bundle is small."""
    return load_knowledge(OTHERWORLD)


def answer(age: int = 30) -> Assessment:
    """An answer on a dragon of an age."""
    return assess(small().case({"dragon": {"age_years": age}}), small())


def filled(path: Path, count: int = 4) -> list[str]:
    """A ledger of some decisions, and their ids."""
    with Ledger.open(path) as ledger:
        return [
            ledger.record(answer(number + 1), at=AT, key=str(number), subject="p")
            for number in range(count)
        ]
