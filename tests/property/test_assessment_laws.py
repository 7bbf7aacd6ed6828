"""The laws of assessments: they are complete, the same each time, and can be kept."""

import json
import os
import pickle
import subprocess
import sys

from hypothesis import strategies as st

from milia_cds import Assessment, Case, assess
from milia_cds.assessment.details import MOST_BYTES, in_detail
from milia_cds.decision.engine import Engine
from milia_cds.testing.archetypes import ARCHETYPES
from milia_cds.testing.strategies import case_of
from tests.common import sampled
from tests.property.deciding import BASE, CASES, Facts, decided, slow_law, typical


@slow_law
def test_every_option_stands_in_exactly_one_list(
    data: st.DataObject, kind: str
) -> None:
    answer = assess(data.draw(CASES[kind]))
    lists = (
        answer.ranking,
        answer.withheld,
        answer.excluded,
        answer.not_indicated,
        answer.unavailable,
    )
    options = [each.option for some in lists for each in some]
    assert sorted(options) == sorted(BASE.options)


@slow_law
def test_to_assess_twice_gives_the_same_text(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    assert assess(case).to_json() == assess(case).to_json()
    assert decided(case, Engine(BASE)) == decided(case)


@slow_law
def test_an_assessment_reads_back_as_it_was_written(
    data: st.DataObject, kind: str
) -> None:
    answer = assess(data.draw(CASES[kind]))
    assert Assessment.from_json(answer.to_json()) == answer
    assert Assessment.from_json(answer.to_json()).to_json() == answer.to_json()


@slow_law
def test_no_detail_is_longer_than_it_may_be(data: st.DataObject, kind: str) -> None:
    answer = assess(data.draw(CASES[kind]))
    for detail, most in MOST_BYTES.items():
        # A literal, by the table.
        written = in_detail(answer.outcome, detail)  # type: ignore[arg-type]
        assert len(json.dumps(written)) <= most
        named = [each["option"] for each in written["withheld"]]
        assert named == [each.option for each in answer.withheld]


@slow_law
def test_a_case_reads_back_as_it_was_written(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    assert Case.from_json(case.to_json()) == case


@slow_law
def test_an_assessment_survives_pickling(data: st.DataObject, kind: str) -> None:
    answer = assess(data.draw(CASES[kind]))
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - our own


SCRIPT = """
import json, sys
from milia_cds import Case, assess
cases = map(Case.from_dict, json.load(sys.stdin))
print(json.dumps([assess(case).to_json() for case in cases]))
"""


def test_the_order_of_hashes_changes_nothing() -> None:
    cases = [half_known(typical(each)) for each in sampled(ARCHETYPES, 3)]
    written = json.dumps([case.to_dict() for case in cases])
    said = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT],
        input=written,
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    ).stdout
    assert said == f"{json.dumps([assess(case).to_json() for case in cases])}\n"


def half_known(facts: Facts) -> Case:
    return case_of({**facts, **dict.fromkeys(tuple(facts)[::2])}, {})
