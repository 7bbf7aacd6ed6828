"""What every test stands on."""

from __future__ import annotations

import pytest

from milia_cds import prepare


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    """Make what all cases share once: most files assess hundreds of cases."""
    prepare()
