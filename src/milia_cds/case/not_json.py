"""What is wrong with a text that is no JSON, and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from milia_cds.errors import Problem, quoted

_ROOT = "the text"
_NOTHING = "give a JSON object; {} says nothing"
_AS_IN = 'as in {"section": {"fact": value}}'
_QUOTES = "'`´‘’‚“”„«»"  # noqa: RUF001 - so they are written
_CONSTANTS = {
    **dict.fromkeys(("true", "yes", "t"), "true"),
    **dict.fromkeys(("false", "no", "f"), "false"),
    **dict.fromkeys(("none", "null", "nil", "undefined", "na", "nan"), "null"),
}
_NEAR = 20
"""So many signs are looked at on either side of a slip."""
_PAIRS = {"{": "}", "[": "]"}
_WORD = re.compile(r"[^\W\d][\w.-]*")
_YAML = re.compile(r"(?:---\s*\n)?[^\W\d][\w. -]*:(?:\s|$)")
_ASSIGNED = re.compile(r"(?:\[[\w. ]+\]\s*\n)?[^\W\d][\w. ]*=")

Slip: TypeAlias = tuple[str, str] | None
"""What is wrong and how to mend it, where it is this that is wrong."""


def no_json(text: str, bad: json.JSONDecodeError, *, of_case: bool) -> Problem:
    """The problem of a text that is no JSON.

    Parameters
    ----------
    text
        The text.
    bad
        Where it could not be read.
    of_case
        Whether it was to be a case; if not, it was to be what `to_json` writes.
    """
    told = _of_another_kind(text.strip(), of_case=of_case)
    if told:
        return Problem(_ROOT, *told)
    bad = _at_the_comma(text, bad)
    place = f"line {bad.lineno}, column {bad.colno}"
    for look in _LOOKS:
        found = look(text, bad.pos, bad.msg)
        if found:
            return Problem(place, f"this is not JSON: {found[0]}", found[1])
    mend = "check the text with a JSON validator"
    return Problem(place, f"this is not JSON: {bad.msg}", mend)


# -- texts of another kind --


def _of_another_kind(text: str, *, of_case: bool) -> Slip:
    """A text that is no attempt at JSON."""
    kept = "give what to_json gave"
    if not text:
        return "the text is empty", _NOTHING if of_case else kept
    if text[0] in "{[" and not _ASSIGNED.match(text):
        return None
    told = _written_otherwise(text)
    return told if of_case or not told else (told[0], kept)


def _written_otherwise(text: str) -> Slip:
    if text.startswith("<"):
        return "this is HTML or XML, not JSON", f"give a JSON object, {_AS_IN}"
    if _YAML.match(text):
        mend = f"put names and texts in double quotes, and facts in {{ }}, {_AS_IN}"
        return "this looks like YAML, not JSON", mend
    if _ASSIGNED.match(text):
        return "this is name = value, not JSON", f"give a JSON object, {_AS_IN}"
    return _table(text.splitlines())


def _table(lines: list[str]) -> Slip:
    for sign in (",", ";", "\t", "|"):
        if len(lines) > 1 and sign in lines[0] and sign in lines[1]:
            names, values = (
                [cell.strip(' "') for cell in line.split(sign)] for line in lines[:2]
            )
            written = _nested(dict(zip(names, values, strict=False)))
            mend = f"give one object for each row, {_AS_IN}"
            if written:
                mend = f"give one object for each row: the first is {written}"
            return "this looks like a table (CSV), not JSON", mend
    return None


def _nested(row: dict[str, str]) -> str:
    """A row whose columns have dotted names, as JSON; nothing if it is long."""
    nested: dict[str, dict[str, Any]] = {}
    for name, cell in row.items():
        section, dot, fact = name.partition(".")
        if dot:
            nested.setdefault(section, {})[fact] = _value(cell)
    text = json.dumps(nested) if nested else ""
    longest = 200
    return text if len(text) <= longest else ""


def _value(cell: str) -> Any:
    try:
        return json.loads(cell.lower())
    except ValueError:
        return cell or None


# -- slips in JSON --


def _at_the_comma(text: str, bad: json.JSONDecodeError) -> json.JSONDecodeError:
    """The same, at the comma before a closing bracket; Python 3.12 says the bracket."""
    closes = text[bad.pos : bad.pos + 1] in _PAIRS.values()
    if not closes or _before(text, bad.pos) != ",":
        return bad
    return json.JSONDecodeError(bad.msg, text, text.rfind(",", 0, bad.pos))


def _before(text: str, pos: int) -> str:
    """The last sign before a place that is no space."""
    return text[:pos].rstrip()[-1:]


def _early_end(text: str, pos: int, msg: str) -> Slip:
    if msg.startswith("Unterminated string"):
        return "a text has no end", 'close it with a double quotation mark (")'
    if text[pos:].strip():
        return None
    return "the text ends too early", f"add {_closing(text)} at the end"


def _closing(text: str) -> str:
    """The brackets that are open at the end of a text."""
    left: list[str] = []
    for sign in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        if sign in _PAIRS:
            left.append(_PAIRS[sign])
        elif left and sign == left[-1]:
            left.pop()
    most = 20
    return "".join(reversed(left[-most:])) or "the missing value"


def _comma(text: str, pos: int, _: str) -> Slip:
    if text[pos] == "," == _before(text, pos):
        return "two commas stand side by side", "remove one"
    start = pos if text[pos] == "," else text.rfind(",", 0, pos)
    after = text[start + 1 :].lstrip()[:1]
    here = text[pos] == "," or _before(text, pos) == ","
    if not here or start < 0:
        return None
    if after and after in "}]":
        what = f"a comma stands before {after}"
        return what, "remove the comma"
    decimal = re.search(r"\d+$", text[max(0, start - _NEAR) : start])
    digits = re.match(r"\d+", text[start + 1 : start + _NEAR])
    if decimal and digits:
        number = f"{decimal[0]}.{digits[0]}"
        return "a number has a comma", f"write {number}, with a point"
    return None


def _comment(text: str, pos: int, _: str) -> Slip:
    if text[pos] == "#" or text[pos : pos + 2] in {"//", "/*"}:
        return "a comment stands here", "remove it: JSON has no comments"
    return None


def _quotes(text: str, pos: int, _: str) -> Slip:
    if text[pos] not in _QUOTES:
        return None
    mend = 'put names and texts in straight double quotation marks (")'
    return f"{quoted(text[pos])} is no quotation mark of JSON", mend


def _word(text: str, pos: int, _: str) -> Slip:
    found = _WORD.match(text, pos)
    if not found:
        return None
    word, before = found[0], _before(text, pos)
    if before.isdigit():
        mend = "write the number alone"
        return f"{quoted(word)} stands behind a number", mend
    what = f"{quoted(word)} stands without quotation marks"
    if before in {"{", ","} and text[found.end() :].lstrip()[:1] in {":", "="}:
        return what, f"write {quoted(word)}"
    constant = _CONSTANTS.get(word.casefold())
    return what, f"write {constant or quoted(word)}"


def _number(text: str, pos: int, _: str) -> Slip:
    found = re.match(r"\+?(\d*\.?\d+)", text[pos : pos + _NEAR])
    if found and text[pos] in "+.":
        number = f"0{found[1]}" if found[1].startswith(".") else found[1]
        return "a number begins with another sign than a digit", f"write {number}"
    if text[pos].isdigit() and _before(text, pos) == "0":
        return "a number begins with 0", "remove the 0"
    return None


def _mark(text: str, pos: int, msg: str) -> Slip:
    sign = text[pos]
    if sign == "=":
        return "= stands between a name and its value", "write : instead"
    if msg.startswith("Expecting ':'"):
        return "a name has no value", "put : and the value behind the name"
    if msg.startswith("Expecting ',' delimiter") and sign in '"{[':
        return "two values stand side by side", "put a comma between them"
    if msg.startswith("Expecting value") and sign in ",}]":
        return "a value is missing", "write it, or null"
    return None


def _rest(text: str, pos: int, msg: str) -> Slip:
    if msg.startswith("Extra data"):
        if text[pos] in "{[":
            return "a second value begins here", "give one at a time"
        return "something stands behind the end", "remove it"
    if msg.startswith("Invalid control character"):
        return "a text goes on in a new line", r"write \n for the end of a line"
    if msg.startswith("Invalid \\"):
        return r"a \ stands alone", r"write \\ for it"
    return None


_LOOKS: tuple[Callable[[str, int, str], Slip], ...] = (
    _early_end,
    _comment,
    _rest,
    _comma,
    _quotes,
    _mark,
    _word,
    _number,
)
