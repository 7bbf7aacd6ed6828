"""The browser that looks, and the folder that its pictures go to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import chromium

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "faces"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Empty the folder of pictures, once for all workers."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder that pictures go to."""
    return PICTURES
