"""JSON text to plain values, losing nothing: what `json` lets pass is a problem here.

Duplicate keys, NaN and infinity (also by overflow), a byte-order mark, bytes that are
not UTF-8, lone surrogates and hostile nesting each give a typed error.
"""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from milia_cds.case.not_json import no_json
from milia_cds.errors import (
    CaseError,
    Problem,
    Problems,
    ProblemsError,
    Unreadable,
    described,
    name_in_path,
    quoted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 20
_ROOT = "the text"


class _Object(dict[str, Any]):
    """A JSON object that remembers the keys that stood in it twice."""

    twice: Mapping[str, list[Any]] = MappingProxyType({})


def parse_json(text: str | bytes, error: type[ProblemsError]) -> tuple[Any, Problems]:
    """Parse JSON text strictly.

    Parameters
    ----------
    text
        The text; bytes are read as UTF-8.
    error
        What to raise when the text is no JSON at all.

    Returns
    -------
    tuple
        The values, and the problems that the values no longer show.
    """
    checked = ""
    try:
        checked = _checked(text)
        data = json.loads(
            checked,
            object_pairs_hook=_object,
            parse_constant=Unreadable,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as bad:
        of_case = issubclass(error, CaseError)
        raise error([no_json(checked, bad, of_case=of_case)]) from None
    except RecursionError:
        raise error([_too_deep(_ROOT)]) from None
    except _NotTextError as bad:
        raise error([bad.problem]) from None
    problems = Problems()
    problems.extend(_problems(data, "", 0))
    return data, problems


class _NotTextError(Exception):
    def __init__(self, message: str, mend: str) -> None:
        self.problem = Problem(_ROOT, message, mend)
        super().__init__(message)


def _checked(text: object) -> str:
    if isinstance(text, bytes | bytearray | memoryview):
        try:
            text = bytes(text).decode("utf-8")
        except UnicodeDecodeError as bad:
            message = f"byte {bad.start} is not UTF-8"
            raise _NotTextError(message, "save the text as UTF-8") from None
    if not isinstance(text, str):
        message = f"{described(text)} is no text"
        raise _NotTextError(message, "give JSON text, or its bytes in UTF-8")
    if text.startswith("\ufeff"):
        message = "the text begins with a byte-order mark"
        raise _NotTextError(message, "save it as UTF-8 without a byte-order mark")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as bad:
        message = f"character {bad.start} is a lone surrogate"
        raise _NotTextError(message, "remove it, or repair the encoding") from None
    return text


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    read = _Object(pairs)
    if len(read) < len(pairs):
        values: dict[str, list[Any]] = {}
        for key, value in pairs:
            values.setdefault(key, []).append(value)
        read.twice = {key: each for key, each in values.items() if len(each) > 1}
    return read


def _number(token: str) -> float | Unreadable:
    value = float(token)
    return value if math.isfinite(value) else _too_large(token)


def _whole_number(token: str) -> int | Unreadable:
    longest = 300
    return int(token) if len(token) <= longest else _too_large(token)


def _too_large(token: str) -> Unreadable:
    shown = 20
    return Unreadable(token if len(token) <= shown else f"{token[:shown]}...")


def _too_deep(path: str) -> Problem:
    message = "the values are nested too deeply"
    return Problem(path, message, f"a document here has at most {_DEEPEST} levels")


def _problems(data: object, path: str, depth: int) -> Iterator[Problem]:
    if depth >= _DEEPEST and isinstance(data, list | dict):
        yield _too_deep(path)
        return
    if isinstance(data, str) and not _encodable(data):
        yield Problem(path or _ROOT, "a text has a lone surrogate", "repair the text")
    if isinstance(data, list):
        for place, item in enumerate(data):
            yield from _problems(item, f"{path}[{place}]", depth + 1)
    if isinstance(data, _Object):
        for key, values in data.twice.items():
            message = f"the key {quoted(key)} is given twice"
            yield Problem(_at(path, key), message, _once(values))
        for key, value in data.items():
            if not _encodable(key):
                message = f"the key {quoted(key)} has a lone surrogate"
                yield Problem(path or _ROOT, message, "repair the text")
            yield from _problems(value, _at(path, key), depth + 1)


def _once(values: list[Any]) -> str:
    """How to give a key once: with which of its values."""
    scalars = [value for value in values if not isinstance(value, list | dict)]
    said = list(dict.fromkeys(map(described, scalars)))
    if len(scalars) < len(values) or len(said) == 1:
        return "give it once"
    return f"give it once: {' or '.join(said)}, whichever is right"


def _at(path: str, key: str) -> str:
    return f"{path}.{name_in_path(key)}" if path else name_in_path(key)


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)
