"""What every test stands on."""

from __future__ import annotations

import gc
import pickle
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from milia_cds import prepare
from milia_cds.knowledge.filed import Filed


def pytest_configure() -> None:
    """Look for garbage less often, which saves a tenth of the time.

    What is collected stays, and tests keep many answers.
    """
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def prepared(pytestconfig: pytest.Config) -> None:
    """Make what all cases share once: most files assess hundreds of cases.

    What is made then stays. The tests of `make quick` need no diagram of all cases.
    """
    if pytestconfig.getoption("markexpr") != "not slow":
        prepare()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def files_read_once() -> Iterator[None]:
    """Parse a text of TOML once, and make records of a sound file once.

    Hundreds of tests spoil one file of a folder of knowledge and load all of it: most
    of their time would go into files that are as they were. The records are frozen, and
    what a knowledge base adds to one it adds to a copy.
    """
    parsed: dict[str, bytes] = {}
    parse = tomllib.loads
    records: dict[Any, Any] = {}
    read = Filed.file

    def loads(text: str, /, **options: Any) -> dict[str, Any]:
        if options:
            return parse(text, **options)
        if text not in parsed:
            parsed[text] = pickle.dumps(parse(text))
        again: dict[str, Any] = pickle.loads(parsed[text])  # noqa: S301 - our own
        return again

    def file(filed: Filed, name: str, record: type[Any]) -> Any:
        key = (name, filed.files.get(name), record)
        if name in filed.doubts.files or key not in records:
            before = len(filed.problems)
            found = read(filed, name, record)
            if len(filed.problems) > before or name in filed.doubts.files:
                return found
            records[key] = found
        return records[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", loads)
        patch.setattr(Filed, "file", file)
        yield
