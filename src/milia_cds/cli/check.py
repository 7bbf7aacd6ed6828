"""The command `milia-cds check`: examine, compare, prove twice, mutate, report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

from milia_cds.assessment.base import load_knowledge
from milia_cds.check import Examination, examine
from milia_cds.check.findings import Finding
from milia_cds.check.order import order_of, write_order
from milia_cds.check.scores import mutation_sheet
from milia_cds.check.sheets import examination_sheet, report_sheet
from milia_cds.check.space import Space
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.streams import SHIPPED_CASES, today, write_over
from milia_cds.errors import MiliaError, visible
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import Sheet
from milia_cds.render.writers.html import as_page
from milia_cds.render.writers.text import as_text

FINE, NOT_SOUND = 0, 3
_WIDTH = 40


class CannotCheckError(MiliaError):
    """A part of the examination that was asked for could not be made."""

    def __str__(self) -> str:
        """What is missing, in one line."""
        return visible(super().__str__())


def run(asked: argparse.Namespace) -> int:
    """Examine a knowledge base; 3 when something must be mended."""
    folder = _with_order(asked) if asked.write_order else asked.knowledge
    base = load_knowledge(folder, policy=asked.policy)
    say_overdue(base)
    reads = asked.mutate or asked.cases is not None
    vignettes = _vignettes(asked, base) if reads else ()
    second_opinion = _second_opinion() if asked.second_opinion else None
    examination = examine(base, against=_against(asked, base))
    if second_opinion is not None:
        second = second_opinion(base, examination.proofs)
        examination = attrs.evolve(examination, second=tuple(second))
    if asked.cases is not None:
        examination = attrs.evolve(examination, vignettes=_failing(base, vignettes))
    examination = attrs.evolve(examination, strict=asked.strict)
    _tell(asked, base, examination, vignettes)
    return FINE if examination.sound else NOT_SOUND


def _tell(
    asked: argparse.Namespace,
    base: Knowledge,
    examination: Examination,
    vignettes: Sequence[Any],
) -> None:
    """Print what was found, and write it to a page where that is asked for."""
    day = today()
    coverage = None
    if asked.report is not None or asked.detail == "full":
        coverage = _coverage(base, _cases(asked))
    sheet = examination_sheet(examination, coverage=coverage, today=day)
    print(as_text(sheet, detail=asked.detail))
    mutation = _mutated(base, vignettes) if asked.mutate else None
    if mutation is not None:
        print(f"\n{as_text(mutation_sheet(mutation, base), detail=asked.detail)}")
    if asked.report is not None:
        report = report_sheet(
            examination, mutation=mutation, coverage=coverage, today=day
        )
        _write(asked.report, report)


def _with_order(asked: argparse.Namespace) -> Path:
    """The folder of the knowledge, with its order as it now is."""
    if asked.policy is not None:
        message = "the order is kept of the knowledge without a policy; leave out one "
        message += "of --write-order and --policy"
        raise CannotCheckError(message)
    base = load_knowledge(asked.knowledge)
    space = Space(base)
    order = order_of(base, space, space.results(base))
    folder = Path(asked.knowledge or SHIPPED)
    try:
        file = write_order(order, folder)
    except OSError as error:
        message = f"{folder}: {error.strerror or error}; name a folder that can be "
        message += "written"
        raise CannotCheckError(message) from None
    print(f"The order is kept in {visible(str(file))}.\n")
    return folder


def _against(asked: argparse.Namespace, base: Knowledge) -> Knowledge | None:
    """What to compare with: by default what a change departs from."""
    if asked.against is not None or asked.policy is not None:
        return load_knowledge(asked.against or asked.knowledge)
    if asked.knowledge is None:
        return None
    shipped = load_knowledge()
    return shipped if shipped.vocabulary.domain == base.vocabulary.domain else None


def _second_opinion() -> Callable[..., Any]:
    try:
        from milia_cds.check.second_opinion import second_opinion  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CannotCheckError(str(missing)) from None
    return second_opinion


# -- vignettes, and mutation --


def _cases(asked: argparse.Namespace) -> Path:
    return Path(SHIPPED_CASES if asked.cases is None else asked.cases)


def _failing(base: Knowledge, vignettes: Sequence[Any]) -> tuple[Finding, ...]:
    from milia_cds.check.coverage import failing  # noqa: PLC0415 - an extra

    return tuple(failing(base, vignettes))


def _vignettes(asked: argparse.Namespace, base: Knowledge) -> Sequence[Any]:
    try:
        from milia_cds.testing.vignettes import load_vignettes  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise CannotCheckError(str(missing)) from None
    folder = _cases(asked)
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; name that of the vignettes with "
        message += "--cases"
        raise CannotCheckError(message)
    return load_vignettes(folder, base)


def _mutated(base: Knowledge, vignettes: Sequence[Any]) -> Any:
    from milia_cds.check.mutation import mutate  # noqa: PLC0415 - an extra

    mutation = mutate(base, vignettes, progress=_progress)
    print(file=sys.stderr)
    return mutation


def _progress(done: int, total: int) -> None:
    full = _WIDTH * done // max(1, total)
    bar = "#" * full + "." * (_WIDTH - full)
    write_over(f"[{bar}] {done} of {total} mutants")


# -- the page --


def _write(name: str, report: Sheet) -> None:
    page = as_page(report)
    try:
        Path(name).write_text(page, encoding="utf-8")
    except OSError as error:
        message = f"{name}: {error.strerror or error}; name a file that can be written"
        raise CannotCheckError(message) from None
    print(f"\nThe report is in {visible(name)}.")


def _coverage(base: Knowledge, cases: Path) -> Any:
    """Which gates the vignettes reach; nothing where there are none to read."""
    domain = load_knowledge().vocabulary.domain
    theirs = str(cases) == SHIPPED_CASES and base.vocabulary.domain != domain
    if theirs or not cases.is_dir():
        return None
    try:
        from milia_cds.check.coverage import coverage  # noqa: PLC0415 - an extra
        from milia_cds.testing.vignettes import load_vignettes  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return coverage(base, load_vignettes(cases, base))
