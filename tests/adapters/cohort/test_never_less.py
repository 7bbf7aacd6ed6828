"""A row never says less than the exact answer on its case: what is asked, and alerts.

The answer is exact, by the diagrams of all completions. The cases are vignettes from
which facts are taken away; `MILIA_CDS_THOROUGH=1` tries all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from milia_cds import Assessment, Case, assess, load_knowledge
from tests.adapters.cohort.held import Rows, Said, decide_all
from tests.common import sampled, vignettes

BASE = load_knowledge()
TAKEN = (0, 1, 3, 8)
"""How many facts are taken away: from each vignette another number of them."""


def with_less(case: Case, facts: int, random: Random) -> Case:
    """A case in which some of what it states is not known."""
    names = [
        f"{section}.{fact}"
        for section, stated in case.to_dict().items()
        if isinstance(stated, dict)
        for fact in stated
        if f"{section}.{fact}" in BASE.kinds
    ]
    taken = random.sample(names, min(facts, len(names)))
    return case.stating(dict.fromkeys(taken))


@pytest.fixture(scope="module")
def answered() -> list[tuple[Said, Assessment]]:
    """What a row says of each case, and the answer on it."""
    random = Random(0)  # noqa: S311 - for tests
    every = [Case.from_dict(each.case_data) for each in sampled(vignettes(), 8)]
    cases = [
        with_less(case, TAKEN[number % len(TAKEN)], random)
        for number, case in enumerate(every)
    ]
    rows = Rows(decide_all(cases, BASE), BASE)
    return [*_answered(cases, rows)]


def _answered(cases: list[Case], rows: Rows) -> Iterator[tuple[Said, Assessment]]:
    for number, case in enumerate(cases):
        row = rows.row(number)
        if "errors" not in row:
            yield row, assess(case, BASE)


@pytest.mark.slow
def test_what_an_answer_asks_is_lacking_in_the_row(
    answered: list[tuple[Said, Assessment]],
) -> None:
    asked = 0
    for row, answer in answered:
        for withheld in answer.withheld:
            assert {*withheld.asks} <= row["lacking"]
            asked += len(withheld.asks)
    assert asked > len(answered)


@pytest.mark.slow
def test_a_row_raises_the_alerts_of_the_answer(
    answered: list[tuple[Said, Assessment]],
) -> None:
    raised = 0
    for row, answer in answered:
        certain = {each.alert for each in answer.alerts if each.certain}
        open_ = {each.alert for each in answer.alerts if not each.certain}
        assert ({*row["certain"]}, {*row["asked"]}) == (certain, open_)
        raised += len(answer.alerts)
    assert raised > 5
