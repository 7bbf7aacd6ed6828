"""The command on ten million rows of Parquet: how fast, and in how much memory."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pyarrow import parquet

from benchmarks.cohort import batch_of, stated_cases
from benchmarks.rounds import Row, progress

ROWS = 10_000_000
QUICK_ROWS = 1 << 18
MOST_MB = 2000
_STEP = 1 << 18


def streaming(rounds: int, *, quick: bool) -> list[Row]:
    """Let `milia-cds cohort` decide a file, once, in a process of its own."""
    del rounds  # it takes minutes, and no ratio is formed
    rows = QUICK_ROWS if quick else ROWS
    with TemporaryDirectory() as folder:
        cases, decided = Path(folder, "cases.parquet"), Path(folder, "decided.parquet")
        progress(f"streaming: writing {rows} rows")
        _write(cases, rows)
        progress("streaming: deciding them")
        seconds, most = _run(["cohort", str(cases), str(decided)])
        found = parquet.ParquetFile(decided).metadata.num_rows
    if found != rows:
        message = f"{rows} rows went in, and {found} came out"
        raise ArithmeticError(message)
    what = f"Parquet to Parquet, {rows:,} rows"
    speed = f"{seconds:.0f} s of CPU"
    target = f"at most {MOST_MB} MB" + ": missed" * (most > MOST_MB)
    return [
        Row("streaming", what, "", speed),
        Row("streaming", f"{what}: memory", "", f"{most:.0f} MB", "", target),
    ]


def _write(path: Path, rows: int) -> None:
    batch = batch_of(stated_cases(), _STEP)
    with parquet.ParquetWriter(path, batch.schema) as writer:
        for start in range(0, rows, _STEP):
            writer.write_batch(batch.slice(0, min(_STEP, rows - start)))


def _run(arguments: list[str]) -> tuple[float, float]:
    """Run the command; its seconds of processor time, and its most memory in MB."""
    command = [sys.executable, "-m", "milia_cds.cli", *arguments]
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, used = os.wait4(process, 0)
    if status:
        message = f"the command failed: {os.waitstatus_to_exitcode(status)}"
        raise OSError(message)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1000
