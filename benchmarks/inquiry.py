"""Asking about a decision: questions, why and why not, and how their cost grows.

The case has its age and site known and nothing else, unless it says otherwise; a case
that is well known is that of an example. Unless it says otherwise too, the diagrams of
all cases are at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from benchmarks.rounds import Row, Timings, compared, interleaved, stopwatch, taken
from milia_cds import (
    Case,
    ContradictionError,
    Interview,
    assess,
    load_knowledge,
)
from milia_cds.case.milia import READABLE
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.completions import Completions, in_its_own_diagrams
from milia_cds.decision.engine import Engine, compiled
from milia_cds.decision.record import Record
from milia_cds.explanation.outcome import Question
from milia_cds.explanation.questions import questions
from milia_cds.explanation.why_not import why_not
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value
from milia_cds.testing import Vignette, load_vignettes
from milia_cds.testing.archetypes import ADULT

ROOT = Path(__file__).parents[1]
VIGNETTES = ROOT / "tests" / "cases"
EXAMPLE = ROOT / "examples" / "cases" / "adult_cheek.json"
UNKNOWN = (5, 10, 25, 50, 100)
SHARES = (0.25, 0.5, 1.0, 2.0)
"""Of the deciding gates of each option; past 1, those of a neighbour come too."""

ASSESS = "assess: a Case to its decision"
ASSESS_KNOWN = "assess: a Case that is well known"
ASKED = "questions, age and site known"
ASKED_KNOWN = "questions, well known"
ASKED_KNOWN_AT_ONCE = "questions, well known, no diagram made before"
ASKED_NOTHING_KNOWN = "questions, nothing known"
WHY_NOT = "why_not, of each option in turn"
BUILT = "making the diagrams, once for a knowledge base"


def inquiry(rounds: int, *, quick: bool) -> list[Row]:
    """Time questions against one assessment, and their growth."""
    base = load_knowledge()
    results = AllCases(base)
    case = Case().stating({"age_years": 34, "site": "cheek"})
    known = Case.from_json(EXAMPLE.read_bytes())
    often = 1 if quick else 50
    contestants = {
        ASSESS: stopwatch(assess, [case], often),
        ASKED: stopwatch(_asked(results), [case], often),
        ASSESS_KNOWN: stopwatch(assess, [known], often),
        ASKED_KNOWN: stopwatch(_asked(results), [known], often),
        ASKED_KNOWN_AT_ONCE: stopwatch(_asked_at_once(AllCases(base)), [known], often),
        ASKED_NOTHING_KNOWN: stopwatch(_asked(results), [Case()], often),
        WHY_NOT: stopwatch(_why_not(results), [case], 1),
        BUILT: stopwatch(_built, [base], 1),
        **_by_unknown(results, often, UNKNOWN[:1] if quick else UNKNOWN),
        **_by_gates(base, often, SHARES[:1] if quick else SHARES),
    }
    timings = interleaved("inquiry", contestants, rounds)
    return [
        compared(timings, "inquiry", ASKED, ASSESS, most=100),
        compared(timings, "inquiry", ASKED_KNOWN, ASSESS_KNOWN, most=3),
        compared(timings, "inquiry", ASKED_KNOWN_AT_ONCE, ASSESS_KNOWN, most=25),
        compared(timings, "inquiry", ASKED_NOTHING_KNOWN, ASSESS),
        compared(timings, "inquiry", WHY_NOT, ASSESS),
        taken(timings, "inquiry", BUILT),
        *_growth(timings),
    ]


def _asked(results: AllCases) -> Callable[[Case], object]:
    def run(case: Case) -> object:
        return questions(Completions(results, _record(results.base, case)))

    run(Case())
    return run


def _asked_at_once(results: AllCases) -> Callable[[Case], object]:
    def run(case: Case) -> object:
        completions = in_its_own_diagrams(results, _record(results.base, case))
        return completions and questions(completions)

    return run


def _record(base: Knowledge, case: Case) -> Record:
    return compiled(base).decide(case.values(), absent=case.absent())


def _why_not(results: AllCases) -> Callable[[Case], object]:
    base = results.base
    engine = compiled(base)

    def run(case: Case) -> object:
        completions = Completions(results, engine.decide(case.values()))
        return [why_not(completions, option) for option in base.options.values()]

    run(Case())
    return run


def _built(base: Knowledge) -> AllCases:
    results = AllCases(base)
    questions(Completions(results, compiled(base).decide([None] * len(READABLE))))
    return results


# -- growth ----------------------------------------------------------------------------


def _by_unknown(
    results: AllCases, often: int, counts: Sequence[int]
) -> dict[str, Callable[[], float]]:
    """Forget more and more facts of an adult, the last asked first."""
    known: dict[str, Value | None] = {
        name: drawn[0] if isinstance(drawn, tuple) else drawn.low
        for name, drawn in ADULT.items()
    }
    engine = compiled(results.base)
    contestants = {}
    for count in counts:
        forgotten = list(known)[-count:]
        record = _decided(engine, {**known, **dict.fromkeys(forgotten)})
        contestants[f"questions, {count} facts unknown"] = stopwatch(
            lambda record, results=results: questions(Completions(results, record)),
            [record],
            often,
        )
    return contestants


def _decided(engine: Engine, facts: Mapping[str, Value | None]) -> Record:
    return engine.decide([facts[name] for name in engine.names])


def _by_gates(
    base: Knowledge, often: int, shares: Sequence[float]
) -> dict[str, Callable[[], float]]:
    """Take a quarter, a half and all of the gates, and those of a neighbour too."""
    contestants = {}
    for share in shares:
        fewer = _with_gates(base, share)
        engine, results = Engine(fewer), AllCases(fewer)
        record = engine.decide(Case().stating({"age_years": 34}).values())
        questions(Completions(results, record))
        name = f"questions, {_gates(fewer)} deciding gates"
        contestants[name] = stopwatch(
            lambda record, results=results: questions(Completions(results, record)),
            [record],
            often,
        )
    return contestants


def _with_gates(base: Knowledge, share: float) -> Knowledge:
    names = list(base.options)
    options = {}
    for place, (name, option) in enumerate(base.options.items()):
        deciding = [gate for gate in option.gate if gate.kind in {"forbid", "lower"}]
        gates = deciding[: max(1, round(share * len(deciding)))]
        if share > 1:
            neighbour = base.options[names[(place + 1) % len(names)]]
            gates += [gate for gate in neighbour.gate if gate.kind == "lower"]
        options[name] = attrs.evolve(option, gate=tuple(gates))
    return attrs.evolve(base, options=options)


def _gates(base: Knowledge) -> int:
    return sum(len(option.gate) for option in base.options.values())


def _growth(timings: Timings) -> list[Row]:
    rows = []
    for start in ("facts unknown", "deciding gates"):
        names = [name for name in timings if name.endswith(start)]
        first, *others = names
        rows += [compared(timings, "inquiry", name, first) for name in others]
    return rows


# -- how many questions ----------------------------------------------------------------


def interview(rounds: int, *, quick: bool) -> list[Row]:  # noqa: ARG001 - as others
    """Count the questions from an empty case, until settled and to the end.

    They are answered as each vignette would, and as the healthy adult would where a
    vignette says nothing; in the order of the library, and in the order of the files.
    A vignette with which the answers of the healthy adult cannot be true is left out.
    """
    every = [
        each for each in load_vignettes(VIGNETTES) if each.expect.contradiction is None
    ][:: 600 if quick else 1]
    rows = []
    for what, order in (("most decisive first", False), ("in file order", True)):
        tried = [_counted(each, in_file_order=order) for each in every]
        counts = [count for count in tried if count is not None]
        for place, end in enumerate(("until settled", "to the end")):
            mean = sum(count[place] for count in counts) / len(counts)
            most = max(count[place] for count in counts)
            rows.append(
                Row(
                    "interview",
                    f"questions {end}, {what}",
                    f"{len(counts)} vignettes",
                    f"{mean:.1f}",
                    f"at most {most}",
                )
            )
    return rows


_HEALTHY = {
    **{name: drawn[0] for name, drawn in ADULT.items() if isinstance(drawn, tuple)},
    "patient.age_years": 34,
    "lesion.count": 5,
    "lesion.cause": "other",
    "lesion.size_mm": 1.5,
    "lesion.duration_weeks": 20,
    "history.inr": 2.5,
}


def _counted(vignette: Vignette, *, in_file_order: bool) -> tuple[int, int] | None:
    try:
        return _asked_of(vignette, in_file_order=in_file_order)
    except ContradictionError:
        return None


def _asked_of(vignette: Vignette, *, in_file_order: bool) -> tuple[int, int]:
    """Count the questions until settled, and until nothing is left to ask."""
    stated = Case.from_dict(vignette.case_data)
    given = {**stated.absences(), **stated.facts()}
    truth = {**_HEALTHY, **{k: v for k, v in given.items() if v is not None}}
    case, asked, settled = Case(), 0, None
    while True:
        interview = Interview(case)
        if interview.settled and settled is None:
            settled = asked
        open_ = interview.assessment.questions
        if not open_:
            return asked if settled is None else settled, asked
        question = _next(open_, in_file_order=in_file_order)
        case = case.stating(
            {fact: READABLE[fact].plain(truth[fact]) for fact in question.facts}
        )
        asked += 1


def _next(open_: tuple[Question, ...], *, in_file_order: bool) -> Question:
    screens = list(load_knowledge().screens)
    if in_file_order:
        return min(open_, key=lambda question: screens.index(question.screen))
    return open_[0]
