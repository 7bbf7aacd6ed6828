"""The cases that every engine decides, and what one process says of them."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from milia_cds import Case
from milia_cds.adapters.cohort import assess_many, frame_of
from tests.common import vignettes
from tests.engines.checksum import checksum

NEEDED = ("dask", "distributed", "duckdb", "polars", "pyspark", "ray")
FILES = 4
OFTEN = 6
"""How often each vignette is decided, so that every worker has some."""


def pytest_sessionstart() -> None:
    """Say what is missing, at once."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.exit(f"{', '.join(missing)} missing: run `make engines`", returncode=3)
    if shutil.which("java") is None:
        pytest.exit("Spark needs Java 17 or newer, and there is no java", returncode=3)


@pytest.fixture(scope="session")
def table() -> Any:
    """The vignettes as cases, each with a number of its own."""
    cases = frame_of(Case.from_dict(each.case_data) for each in vignettes())
    every = pa.concat_tables([cases] * OFTEN)
    return every.append_column("id", pa.array(range(every.num_rows), pa.int64()))


@pytest.fixture(scope="session")
def cases(table: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the cases, in several files."""
    folder = tmp_path_factory.mktemp("cases")
    length = -(-table.num_rows // FILES)
    for number in range(FILES):
        part = table.slice(number * length, length)
        parquet.write_table(part, folder / f"{number}.parquet")
    return folder


@pytest.fixture(scope="session")
def said(table: Any) -> str:
    """The checksum of what one process decides."""
    return checksum(assess_many(table, keep=["id"], plain=True))
