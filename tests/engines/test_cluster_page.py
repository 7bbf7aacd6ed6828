"""Each program of the page runs as it stands there, and all decide the same."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset, parquet

from tests.engines.checksum import checksum

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "cluster.md"
_, *SECTIONS = PAGE.read_text(encoding="utf-8").split("\n## ")
PROGRAMS = {
    each.partition("\n")[0]: re.findall(
        r"^```python\n(.*?)^```$", each, re.MULTILINE | re.DOTALL
    )
    for each in SECTIONS
}
ENGINES = ("Spark", "Dask", "Ray", "DuckDB", "Polars")
MINUTES = 10


def test_the_page_has_one_program_for_each_engine() -> None:
    assert {name: len(found) for name, found in PROGRAMS.items()} == dict.fromkeys(
        ENGINES, 1
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_decides_as_one_process_does(
    engine: str, cases: Path, said: str, tmp_path: Path
) -> None:
    (tmp_path / "cases").symlink_to(cases)
    [program] = PROGRAMS[engine]
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    run(tmp_path)
    assert checksum(written(tmp_path)) == said


def run(folder: Path) -> None:
    """Run the program of a folder there, and end whatever it started."""
    paths = [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    with subprocess.Popen(
        [sys.executable, "program.py"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=60 * MINUTES)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, printed


def written(folder: Path) -> Any:
    """The table that a program wrote, as a file or as a folder of them."""
    alone = folder / "decided.parquet"
    if alone.exists():
        return parquet.read_table(alone)
    return dataset.dataset(folder / "decided", exclude_invalid_files=True).to_table()


def test_the_checksum_sees_one_value_and_no_order(table: Any) -> None:
    some = table.select(["id", "patient"]).slice(0, 50)
    other = some.set_column(0, "id", table.column("id").slice(1, 50))

    assert checksum(some.take(list(range(49, -1, -1)))) == checksum(some)
    assert checksum(other) != checksum(some)
