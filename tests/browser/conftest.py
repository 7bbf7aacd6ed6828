"""The browser that looks, and the folder that its pictures go to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "faces"
# Nothing here is to be fetched, and nothing to be reported.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Empty the folder of pictures, once for all workers."""
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir(parents=True)


def chromium() -> str:
    """The path of Chromium, or say what to install."""
    named = os.environ.get("CHROMIUM", "chromium")
    found = shutil.which(named)
    if found is None:
        pytest.exit(
            f"{named} was not found. On Debian: sudo apt install chromium; elsewhere "
            "name the program, as in: make faces CHROMIUM=/usr/bin/google-chrome",
            returncode=3,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder that pictures go to."""
    return PICTURES
