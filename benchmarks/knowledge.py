"""The library on its own knowledge: from a case to the report and its texts.

The cases are those of `examples/` that state something, each as often as any other. The
one in which nothing is known, so that every scenario is possible, has a row of its own.
The knowledge is prepared, as a service prepares it.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.conditions import UNIT, unit
from benchmarks.rounds import Row, compared, interleaved, stopwatch
from milia_cds import Assessment, Case, assess, prepare

EXAMPLES = Path(__file__).parents[1] / "examples" / "cases"

ASSESS = "assess: a Case to its decision"
ASSESS_NOTHING = "assess: a Case of which nothing is known"
OUTCOME = "assess, and compose all it says"
TO_DICT = "to_dict"
TO_JSON = "to_json"
DUMPED = "to_dict and json.dumps"
TEXT = "text"
STORED = "Assessment.from_json"
STORED_LOADS = "json.loads of it"
FROM_JSON = "Case.from_json"
LOADS = "json.loads of the case"


def knowledge(rounds: int, *, quick: bool) -> list[Row]:
    """Time each step from the text of a case to the text of its answer."""
    texts = [
        path.read_text("utf-8")
        for path in sorted(EXAMPLES.glob("*.json"))
        if path.stem != "nothing_known"
    ]
    prepare()
    cases = [Case.from_json(text) for text in texts]
    # What is kept here is composed; each call below wraps it again, so that nothing
    # that an Assessment may remember of one call is there at the next.
    outcomes = [assess(case).outcome for case in cases]
    stored = [Assessment(outcome=outcome).to_json() for outcome in outcomes]
    often, seldom = (5, 1) if quick else (40, 2)
    timings = interleaved(
        "knowledge",
        {
            UNIT: unit(quick=quick),
            LOADS: stopwatch(json.loads, texts, often),
            FROM_JSON: stopwatch(Case.from_json, texts, often),
            ASSESS: stopwatch(assess, cases, often),
            ASSESS_NOTHING: stopwatch(assess, [Case()], often),
            OUTCOME: stopwatch(lambda case: assess(case).outcome, cases, seldom),
            TO_DICT: stopwatch(
                lambda outcome: Assessment(outcome=outcome).to_dict(), outcomes, seldom
            ),
            TO_JSON: stopwatch(
                lambda outcome: Assessment(outcome=outcome).to_json(), outcomes, seldom
            ),
            DUMPED: stopwatch(
                lambda outcome: json.dumps(Assessment(outcome=outcome).to_dict()),
                outcomes,
                seldom,
            ),
            TEXT: stopwatch(
                lambda outcome: Assessment(outcome=outcome).text(), outcomes, seldom
            ),
            STORED_LOADS: stopwatch(json.loads, stored, seldom),
            STORED: stopwatch(Assessment.from_json, stored, seldom),
        },
        rounds,
    )
    rows: list[tuple[str, str, float | None]] = [
        (FROM_JSON, UNIT, None),
        (FROM_JSON, LOADS, None),
        (ASSESS, UNIT, 10),
        (ASSESS_NOTHING, UNIT, None),
        (OUTCOME, UNIT, None),
        (OUTCOME, ASSESS, 60),
        (TO_DICT, UNIT, None),
        (TO_JSON, UNIT, None),
        (TO_JSON, DUMPED, 1.5),
        (TEXT, UNIT, None),
        (STORED, STORED_LOADS, None),
    ]
    return [
        compared(timings, "knowledge", what, against, most=most)
        for what, against, most in rows
    ]
