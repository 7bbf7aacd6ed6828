"""The browser of `make faces` and `make interop`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

# Nothing here is to be fetched, and nothing to be reported.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def _found() -> str:
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


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium, for as long as the block runs."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=_found(), args=QUIET)
        yield opened
        opened.close()
