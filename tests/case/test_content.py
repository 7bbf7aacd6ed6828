"""Files are read in bounded time and memory; what is no TOML is a problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from milia_cds.case.content import content_of
from milia_cds.case.strict_toml import parse_toml
from milia_cds.errors import Problem, visible

FIVE_MB = 5_000_000


def test_a_file_of_5_mb_is_read_and_one_more_byte_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(b" " * FIVE_MB)
    assert content_of(file) == b" " * FIVE_MB
    file.write_bytes(b" " * (FIVE_MB + 1))
    with pytest.raises(OSError, match="it has more than 5 MB"):
        content_of(str(file))


@pytest.mark.parametrize(
    ("content", "message", "mend"),
    [
        (b"a = ", "this is not TOML: Invalid value (at end of document)", "mend"),
        (b"a = " + b"1" * 5000, "this is not TOML: a number of very many", "mend"),
        (b"a = " + b"[" * 100_000, "the values are nested too deeply", "flatten"),
        (b"\n" + b"a." * 200 + b"a = 1", "line 2 has more than 100 dots", "break"),
        (b"a = \xff", "byte 4 is not UTF-8", "save it as UTF-8"),
    ],
)
def test_what_is_no_toml_is_a_problem(content: bytes, message: str, mend: str) -> None:
    problems: list[Problem] = []
    assert parse_toml(content, "x.toml", problems) is None
    [problem] = problems
    assert problem.path == "x.toml"
    assert problem.message.startswith(message)
    assert problem.mend.startswith(mend)


def test_a_text_of_many_dots_in_several_lines_is_read() -> None:
    lines = "\n".join(f'a{number} = "One. Two. Three."' for number in range(99))
    assert len(parse_toml(lines.encode(), "x.toml", []) or {}) == 99


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x07\x1b[31m\r\n\t", "\\u0000\\u0007\\u001b[31m\\u000d\\u000a\\u0009"),
        ("\x7f\x80\x9b\x9f", "\\u007f\\u0080\\u009b\\u009f"),
        ("\u202a\u202e\u2066\u2069", "\\u202a\\u202e\\u2066\\u2069"),
        ("\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"),
        ("\u200b\u200d\u2060\ufeff\xad", "\\u200b\\u200d\\u2060\\ufeff\\u00ad"),
        ("\u2028\u2029\udcff", "\\u2028\\u2029\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("Müller, 語 🩹 \xa0 1\u20132", "Müller, 語 🩹 \xa0 1\u20132"),
    ],
)
def test_what_nobody_sees_is_shown_and_letters_stay(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_lines_stay_where_a_text_has_lines() -> None:
    assert visible("a\n\tb\x1bc", "\n\t") == "a\n\tb\\u001bc"
