"""What every test stands on."""

from __future__ import annotations

import gc

import pytest

from milia_cds import prepare


@pytest.fixture(scope="session", autouse=True)
def prepared(pytestconfig: pytest.Config) -> None:
    """Make what all cases share once: most files assess hundreds of cases.

    What is made then stays, and tests keep many answers: to look for garbage less often
    saves a tenth of the time. The tests of `make quick` need no diagram of all cases.
    """
    if pytestconfig.getoption("markexpr") != "not slow":
        prepare()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
