"""The oracles and the browser, started once, and the packages they need."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import chromium
from tests.interop.loose_ends import Definitions
from tests.interop.oracles import DEFINITIONS, PACKAGES, Oracles, judge

PICTURES = Path(__file__).parents[2] / "build" / "interop"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Empty the folder of pictures, once for all workers."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)


@pytest.fixture(scope="session")
def oracles() -> Iterator[Oracles]:
    """The four oracles."""
    if not PACKAGES.is_dir():
        pytest.exit(f"{PACKAGES} is missing: run `make interop`", returncode=3)
    with judge() as node:
        yield Oracles(node, Definitions(DEFINITIONS))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser; while it is open, no other loop of asyncio runs in this thread."""
    with chromium() as opened:
        yield opened
