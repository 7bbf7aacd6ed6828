"""The records of the neutral task, and how to read its two files.

The fields of a patient are declared with the functions of the library, as a case is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

import attrs

from milia_cds.case.sections import choice, number, yes_no

HERE = Path(__file__).parent

Expression: TypeAlias = dict[str, Any]
"""A tree: an atom (f, op, v), or `all`, `any`, `not`, or `ref`, the id of a term."""

Facts: TypeAlias = Mapping[str, Any]
"""One case: the value of every field; `None` is not known."""


@attrs.frozen(kw_only=True)
class Patient:
    """One case of the neutral task; three fields are always known."""

    SECTION: ClassVar[str] = "patient"

    age: int = number(18, 95, whole=True)
    weight_kg: int | None = number(40, 150, whole=True)
    bmi: int | None = number(15, 50, whole=True)
    sbp: int | None = number(85, 200, whole=True)
    egfr: int | None = number(8, 120, whole=True)
    alt: int | None = number(5, 300, whole=True)
    hba1c: int | None = number(30, 130, whole=True)
    pain: int | None = number(0, 10, whole=True)
    weeks: int | None = number(0, 200, whole=True)
    prior_lines: int | None = number(0, 6, whole=True)
    sex: str = choice(Literal["female", "male"])
    smoking: str | None = choice(Literal["never", "former", "current"])
    frailty: str | None = choice(Literal["fit", "mild", "moderate", "severe"])
    severity: str | None = choice(Literal["mild", "moderate", "severe"])
    setting: str = choice(Literal["home", "clinic", "hospital"])
    allergy: str | None = choice(
        Literal["none", "class_a", "class_b", "class_c", "multiple"]
    )
    bleed_risk: str | None = choice(Literal["low", "medium", "high"])
    route_pref: str | None = choice(Literal["oral", "injection", "any"])
    pregnant: bool | None = yes_no()
    breastfeeding: bool | None = yes_no()
    diabetes: bool | None = yes_no()
    hypertension: bool | None = yes_no()
    heart_failure: bool | None = yes_no()
    atrial_fib: bool | None = yes_no()
    prior_stroke: bool | None = yes_no()
    gi_ulcer: bool | None = yes_no()
    liver_disease: bool | None = yes_no()
    asthma: bool | None = yes_no()
    anticoagulant: bool | None = yes_no()
    immunosuppressed: bool | None = yes_no()


@attrs.frozen
class Answer:
    """What is to be found out about one case.

    Parameters
    ----------
    excluded
        The places of the candidates that some rule excludes.
    ranking
        The places of the others, by score, then by place.
    scores
        The score of every candidate.
    fired, unknown
        The ids of the rules that are true, and of those that are not known.
    """

    excluded: tuple[int, ...]
    ranking: tuple[int, ...]
    scores: tuple[int, ...]
    fired: tuple[str, ...]
    unknown: tuple[str, ...]


@attrs.frozen
class Term:
    """A named expression that rules, and later terms, refer to."""

    id: str
    when: Expression


@attrs.frozen
class Rule:
    """A rule: if true, it excludes its targets or adds its weight to their scores."""

    id: str
    kind: Literal["exclude", "score"]
    targets: tuple[int, ...]
    weight: int
    when: Expression


@attrs.frozen
class Task:
    """Everything there is to decide."""

    candidates: tuple[str, ...]
    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]


def read_task() -> Task:
    """Read the 80 rules and their 16 terms."""
    data = json.loads((HERE / "task.json").read_text("utf-8"))
    return Task(
        candidates=tuple(data["candidates"]),
        terms=tuple(Term(**term) for term in data["terms"]),
        rules=tuple(
            Rule(**{**rule, "targets": tuple(rule["targets"])})
            for rule in data["rules"]
        ),
    )


def read_cases(most: int | None = None) -> list[Facts]:
    """Read the 2,000 cases, or the first `most` of them."""
    text = gzip.decompress((HERE / "cases.jsonl.gz").read_bytes()).decode("utf-8")
    names, *rows = map(json.loads, text.splitlines())
    return [dict(zip(names, row, strict=True)) for row in rows[:most]]
