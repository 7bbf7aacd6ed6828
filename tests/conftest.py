"""What every test stands on."""

from __future__ import annotations

import gc
import pickle
import tomllib
from collections.abc import Iterator
from typing import Any

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


@pytest.fixture(scope="session", autouse=True)
def files_parsed_once() -> Iterator[None]:
    """Parse a text of TOML once, however often it is read.

    Hundreds of tests spoil one file of a folder of knowledge and load all of it: half
    of their time would be the parsing of files that are as they were.
    """
    parsed: dict[str, bytes] = {}
    parse = tomllib.loads

    def loads(text: str, /, **options: Any) -> dict[str, Any]:
        if options:
            return parse(text, **options)
        if text not in parsed:
            parsed[text] = pickle.dumps(parse(text))
        again: dict[str, Any] = pickle.loads(parsed[text])  # noqa: S301 - our own
        return again

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        yield
