"""The oracles, started once, and the packages they need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.loose_ends import Definitions
from tests.interop.oracles import DEFINITIONS, PACKAGES, Oracles, judge


@pytest.fixture(scope="session")
def oracles() -> Iterator[Oracles]:
    """The four oracles."""
    if not PACKAGES.is_dir():
        pytest.exit(f"{PACKAGES} is missing: run `make interop`", returncode=3)
    with judge() as node:
        yield Oracles(node, Definitions(DEFINITIONS))
