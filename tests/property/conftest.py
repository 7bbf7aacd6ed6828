"""Laws are tried on thousands of cases: they run without the tracer of coverage.

It would take three times as long, and what laws reach is reached by the tests of the
modules.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take every law out of the coverage."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)
