"""The command `milia-cds cohort`: a file of many cases, decided batch by batch."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.streams import (
    InputError,
    not_written,
    on_terminal,
    put,
    today,
    write_over,
)

try:
    from milia_cds.adapters.cohort import (
        CohortSummary,
        Decider,
        HowDecided,
        PopulationDiff,
    )
    from milia_cds.adapters.cohort.files import open_rows, writing
except ImportError as missing:
    raise InputError(str(missing)) from missing


def run(asked: argparse.Namespace) -> None:
    """Decide each case of a file, and write or sum up what it comes to."""
    if asked.into is None and not asked.summary and asked.against is None:
        message = "there is nowhere to write to; name a file, or ask for --summary"
        raise InputError(message)
    if asked.against is not None and (asked.into is not None or asked.summary):
        message = "--against says what differs; leave the file and --summary out"
        raise InputError(message)
    if asked.into is not None and _same(Path(asked.cases), Path(asked.into)):
        message = f"{asked.into} is what is read; name another file for the results"
        raise InputError(message)
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    overdue = say_overdue(base)
    with ExitStack() as stack:
        try:
            rows = stack.enter_context(open_rows(Path(asked.cases), base, asked.keep))
        except OSError as error:
            reason = error.strerror or error
            message = f"{asked.cases}: {reason}; give a file that can be read"
            raise InputError(message) from None
        how: HowDecided = {
            "assume_absent": asked.assume_absent,
            "keep": asked.keep,
            "strict": asked.strict,
            "texts": rows.texts,
        }
        if asked.against is not None:
            after = load_knowledge(asked.against, policy=asked.policy)
            batches = _watched(rows.batches)
            put(str(PopulationDiff.of(batches, base, after, **how)), None)
            return
        how["on"] = today()
        decider = Decider(rows.schema, base, **how)
        results = _watched(decider.stream(rows.batches))
        if asked.into is not None:
            results = _counted(_written(asked.into, decider.schema, results))
        if asked.summary:
            put(str(CohortSummary.of(results, base, overdue=overdue)), None)
        for _ in results:
            pass


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _watched(batches: Iterable[Any]) -> Iterator[Any]:
    """Say on a terminal how many cases are done."""
    done = 0
    for batch in batches:
        done += batch.num_rows
        if on_terminal():
            write_over(f"{done:,} cases")
        yield batch
    if done and on_terminal():
        write_over("\n")


def _counted(results: Iterable[Any]) -> Iterator[Any]:
    """Say at the end how many cases could not be decided, where there are any."""
    done = refused = 0
    for batch in results:
        done += batch.num_rows
        refused += batch.column("refused").true_count
        yield batch
    if refused:
        said = f"{refused:,} of {done:,} cases could not be decided"
        print(f"{said}; the column problem says why", file=sys.stderr)


def _written(name: str, schema: Any, results: Iterable[Any]) -> Iterator[Any]:
    """Write each batch of results before it is handed on."""
    try:
        with writing(Path(name), schema) as write:
            for batch in results:
                write(batch)
                yield batch
    except OSError as error:
        raise not_written(name, error) from None
