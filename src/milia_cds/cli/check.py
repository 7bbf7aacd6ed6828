"""The command `milia-cds check`: examine, compare, prove twice, mutate, report."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

from milia_cds.assessment.base import load_knowledge
from milia_cds.check import Examination, examine
from milia_cds.check.page import page_of_examination
from milia_cds.check.text import text_of_examination, text_of_mutation
from milia_cds.errors import MiliaError
from milia_cds.knowledge.model import Knowledge

FINE, NOT_SOUND = 0, 3
_WIDTH = 40


class CannotCheckError(MiliaError):
    """A part of the examination that was asked for could not be made."""


def run(asked: argparse.Namespace) -> int:
    """Examine a knowledge base; 3 when something must be mended."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    vignettes = _vignettes(asked) if asked.mutate else ()
    examination = examine(base, against=_against(asked))
    if asked.second_opinion:
        second = _second_opinion()(base, examination.proofs)
        examination = attrs.evolve(examination, second=tuple(second))
    print(text_of_examination(examination, detail=asked.detail))
    mutation = _mutated(base, vignettes) if asked.mutate else None
    if mutation is not None:
        print(f"\n{text_of_mutation(mutation, detail=asked.detail)}")
    if asked.report is not None:
        _write(asked.report, examination, mutation, asked.cases)
    return FINE if examination.sound else NOT_SOUND


def _against(asked: argparse.Namespace) -> Knowledge | None:
    """Give what to compare with: by default what a change departs from."""
    if asked.against is not None or asked.policy is not None:
        return load_knowledge(asked.against or asked.knowledge)
    return None if asked.knowledge is None else load_knowledge()


def _second_opinion() -> Callable[..., Any]:
    try:
        from milia_cds.check.second_opinion import second_opinion  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CannotCheckError(str(missing)) from None
    return second_opinion


# -- mutation --


def _vignettes(asked: argparse.Namespace) -> Sequence[Any]:
    try:
        from milia_cds.testing.vignettes import load_vignettes  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CannotCheckError(str(missing)) from None
    folder = Path(asked.cases)
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; name that of the vignettes with "
        message += "--cases"
        raise CannotCheckError(message)
    return load_vignettes(folder)


def _mutated(base: Knowledge, vignettes: Sequence[Any]) -> Any:
    from milia_cds.check.mutation import mutate  # noqa: PLC0415 - an extra

    mutation = mutate(base, vignettes, progress=_progress)
    print(file=sys.stderr)
    return mutation


def _progress(done: int, total: int) -> None:
    full = _WIDTH * done // max(1, total)
    bar = "#" * full + "." * (_WIDTH - full)
    print(f"\r[{bar}] {done} of {total} mutants", end="", file=sys.stderr, flush=True)


# -- the page --


def _write(name: str, examination: Examination, mutation: Any, cases: str) -> None:
    coverage = _coverage(examination.base, Path(cases))
    today = dt.datetime.now(tz=dt.UTC).date()
    page = page_of_examination(
        examination, mutation=mutation, coverage=coverage, today=today
    )
    try:
        Path(name).write_text(page, encoding="utf-8")
    except OSError as error:
        message = f"{name}: {error.strerror or error}; name a file that can be written"
        raise CannotCheckError(message) from None
    print(f"\nThe report is in {name}.")


def _coverage(base: Knowledge, cases: Path) -> Any:
    """Give which gates the vignettes reach; nothing where there are none to read."""
    if not cases.is_dir():
        return None
    try:
        from milia_cds.check.coverage import coverage  # noqa: PLC0415 - an extra
        from milia_cds.testing.vignettes import load_vignettes  # noqa: PLC0415
    except ImportError:
        return None
    return coverage(base, load_vignettes(cases))
