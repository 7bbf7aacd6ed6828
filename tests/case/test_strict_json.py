"""JSON text is read without losing anything, or refused with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from milia_cds.case.strict_json import parse_json
from milia_cds.errors import AssessmentError, CaseError, Problem, Problems, Unreadable

TOO_DEEP = (
    "the values are nested too deeply",
    "a document here has at most 20 levels",
)


def parsed(text: str | bytes) -> tuple[Any, Problems]:
    return parse_json(text, CaseError)


def refused(text: Any) -> Problem:
    with pytest.raises(CaseError) as caught:
        parse_json(text, CaseError)
    (problem,) = caught.value.problems
    return problem


def nested(levels: int, inside: str = "") -> str:
    return "[" * levels + inside + "]" * levels


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (" [1, 2.5, -3e2, true, false, null] ", [1, 2.5, -300.0, True, False, None]),
        ('{"a": {"b": ["c"]}}', {"a": {"b": ["c"]}}),
        ('"\\ud83d\\ude00"', "😀"),
        ('"😀"', "😀"),
        ("9" * 300, int("9" * 300)),
        ("1e308", 1e308),
        ("1e-400", 0.0),
    ],
)
def test_sound_text_is_read_as_it_stands(text: str, value: object) -> None:
    assert parsed(text) == (value, [])
    assert parsed(text.encode()) == (value, [])


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_any_kind_are_read_as_utf_8(kind: Any) -> None:
    assert parsed(kind('{"é": 1}'.encode())) == ({"é": 1}, [])


@pytest.mark.parametrize(
    ("text", "path", "message", "mend"),
    [
        (
            "",
            "the text",
            "the text is empty",
            "give a JSON object; {} says nothing",
        ),
        (
            "  \n ",
            "the text",
            "the text is empty",
            "give a JSON object; {} says nothing",
        ),
        (
            '{"a"',
            "line 1, column 5",
            "this is not JSON: the text ends too early",
            "add } at the end",
        ),
        (
            '{"a": 1',
            "line 1, column 8",
            "this is not JSON: the text ends too early",
            "add } at the end",
        ),
        (
            '{"a":\n"b',
            "line 2, column 1",
            "this is not JSON: a text has no end",
            'close it with a double quotation mark (")',
        ),
        (
            "{} {}",
            "line 1, column 4",
            "this is not JSON: a second value begins here",
            "give one at a time",
        ),
        (
            "{} x",
            "line 1, column 4",
            "this is not JSON: something stands behind the end",
            "remove it",
        ),
        (
            "{'a': 1}",
            "line 1, column 2",
            'this is not JSON: "\'" is no quotation mark of JSON',
            'put names and texts in straight double quotation marks (")',
        ),
        (
            "{“a”: 1}",
            "line 1, column 2",
            'this is not JSON: "\\u201c" is no quotation mark of JSON',
            'put names and texts in straight double quotation marks (")',
        ),
        (
            "[01]",
            "line 1, column 3",
            "this is not JSON: a number begins with 0",
            "remove the 0",
        ),
        (
            "[+1]",
            "line 1, column 2",
            "this is not JSON: a number begins with another sign than a digit",
            "write 1",
        ),
        (
            "[.5]",
            "line 1, column 2",
            "this is not JSON: a number begins with another sign than a digit",
            "write 0.5",
        ),
        (
            "[True]",
            "line 1, column 2",
            'this is not JSON: "True" stands without quotation marks',
            "write true",
        ),
        (
            "[None]",
            "line 1, column 2",
            'this is not JSON: "None" stands without quotation marks',
            "write null",
        ),
        (
            "[nan]",
            "line 1, column 2",
            'this is not JSON: "nan" stands without quotation marks',
            "write null",
        ),
        (
            "{a: 1}",
            "line 1, column 2",
            'this is not JSON: "a" stands without quotation marks',
            'write "a"',
        ),
        (
            '{"a": b}',
            "line 1, column 7",
            'this is not JSON: "b" stands without quotation marks',
            'write "b"',
        ),
        (
            '{"a": 3 mm}',
            "line 1, column 9",
            'this is not JSON: "mm" stands behind a number',
            "write the number alone",
        ),
        (
            '{"a": 1,}',
            "line 1, column 8",
            "this is not JSON: a comma stands before }",
            "remove the comma",
        ),
        (
            "[1,]",
            "line 1, column 3",
            "this is not JSON: a comma stands before ]",
            "remove the comma",
        ),
        (
            '{"a": [1,\n  2, \n]}',
            "line 2, column 4",
            "this is not JSON: a comma stands before ]",
            "remove the comma",
        ),
        (
            '{"a": 0,5}',
            "line 1, column 9",
            "this is not JSON: a number has a comma",
            "write 0.5, with a point",
        ),
        (
            '{"a": 1,, "b": 2}',
            "line 1, column 9",
            "this is not JSON: two commas stand side by side",
            "remove one",
        ),
        (
            '{"a": 1 "b": 2}',
            "line 1, column 9",
            "this is not JSON: two values stand side by side",
            "put a comma between them",
        ),
        (
            '{"a" = 1}',
            "line 1, column 6",
            "this is not JSON: = stands between a name and its value",
            "write : instead",
        ),
        (
            '{"a"}',
            "line 1, column 5",
            "this is not JSON: a name has no value",
            "put : and the value behind the name",
        ),
        (
            '{"a": }',
            "line 1, column 7",
            "this is not JSON: a value is missing",
            "write it, or null",
        ),
        (
            '{"a": 1} // one',
            "line 1, column 10",
            "this is not JSON: a comment stands here",
            "remove it: JSON has no comments",
        ),
        (
            '{\n  # one\n  "a": 1}',
            "line 2, column 3",
            "this is not JSON: a comment stands here",
            "remove it: JSON has no comments",
        ),
        (
            '["a\nb"]',
            "line 1, column 4",
            "this is not JSON: a text goes on in a new line",
            "write \\n for the end of a line",
        ),
        (
            '["\\x"]',
            "line 1, column 3",
            "this is not JSON: a \\ stands alone",
            "write \\\\ for it",
        ),
        (
            '["\\u12"]',
            "line 1, column 4",
            "this is not JSON: a \\ stands alone",
            "write \\\\ for it",
        ),
        (
            "\x00{}",
            "line 1, column 1",
            "this is not JSON: Expecting value",
            "check the text with a JSON validator",
        ),
        (
            "<p>a</p>",
            "the text",
            "this is HTML or XML, not JSON",
            'give a JSON object, as in {"section": {"fact": value}}',
        ),
        (
            "a:\n  b: 1",
            "the text",
            "this looks like YAML, not JSON",
            (
                "put names and texts in double quotes, and facts in { }, as in "
                '{"section": {"fact": value}}'
            ),
        ),
        (
            "a = 1",
            "the text",
            "this is name = value, not JSON",
            'give a JSON object, as in {"section": {"fact": value}}',
        ),
        (
            "a.b,a.c\n1,x\n",
            "the text",
            "this looks like a table (CSV), not JSON",
            'give one object for each row: the first is {"a": {"b": 1, "c": "x"}}',
        ),
        (
            "a;b\n1;2\n",
            "the text",
            "this looks like a table (CSV), not JSON",
            'give one object for each row, as in {"section": {"fact": value}}',
        ),
        (
            "34 years",
            "line 1, column 4",
            "this is not JSON: something stands behind the end",
            "remove it",
        ),
    ],
)
def test_what_is_no_json_is_refused_with_its_place_and_what_to_write(
    text: str, path: str, message: str, mend: str
) -> None:
    assert refused(text) == Problem(path, message, mend)


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        (
            "\ufeff{}",
            "the text begins with a byte-order mark",
            "save it as UTF-8 without a byte-order mark",
        ),
        (
            b"\xef\xbb\xbf{}",
            "the text begins with a byte-order mark",
            "save it as UTF-8 without a byte-order mark",
        ),
        (
            '{"é": 1}'.encode("latin-1"),
            "byte 2 is not UTF-8",
            "save the text as UTF-8",
        ),
        ("{}".encode("utf-16"), "byte 0 is not UTF-8", "save the text as UTF-8"),
        (b'"\xed\xa0\x80"', "byte 1 is not UTF-8", "save the text as UTF-8"),
        (
            '{"\ud800": 1}',
            "character 2 is a lone surrogate",
            "remove it, or repair the encoding",
        ),
        (None, "null is no text", "give JSON text, or its bytes in UTF-8"),
        (7, "7 is no text", "give JSON text, or its bytes in UTF-8"),
        ({}, "an object is no text", "give JSON text, or its bytes in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(text: object, message: str, mend: str) -> None:
    assert refused(text) == Problem("the text", message, mend)


def test_utf_16_without_a_mark_is_no_json() -> None:
    problem = refused("{}".encode("utf-16-le"))

    assert problem.path == "line 1, column 2"
    assert problem.message.startswith("this is not JSON")


def test_the_error_is_the_one_asked_for() -> None:
    with pytest.raises(AssessmentError, match="The assessment has 1 problem"):
        parse_json("", AssessmentError)


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("1e999", "1e999"),
        ("-1e999", "-1e999"),
        ("1" * 400, "1" * 20 + "..."),
        ("-" + "1" * 5000, "-" + "1" * 19 + "..."),
        ("1" * 400 + ".0", "1" * 20 + "..."),
    ],
)
def test_a_number_that_no_float_holds_is_kept_as_unreadable(
    token: str, shown: str
) -> None:
    assert parsed(f'{{"a": [{token}]}}') == ({"a": [Unreadable(shown)]}, [])


@pytest.mark.parametrize(
    ("text", "value", "paths"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}, ["a"]),
        ('{"a": 1, "a": 1}', {"a": 1}, ["a"]),
        ('{"a": 1, "a": 2, "a": 3}', {"a": 3}, ["a"]),
        ('{"a": 1, "b": 2, "b": 3, "a": 4}', {"a": 4, "b": 3}, ["a", "b"]),
        ('{"a": {"b c": [{"d": 1, "d": 2}]}}', None, ['a."b c"[0].d']),
        ('[{"a": 1, "a": 2}]', None, ["[0].a"]),
        ('{"a": 1, "\\u0061": 2}', {"a": 2}, ["a"]),
        ('{"": 1, "": 2}', {"": 2}, ['""']),
    ],
)
def test_a_key_given_twice_is_a_problem_at_any_depth(
    text: str, value: object, paths: list[str]
) -> None:
    data, problems = parsed(text)

    assert data == (json.loads(text) if value is None else value)
    assert [problem.path for problem in problems] == paths
    assert all(problem.mend.startswith("give it once") for problem in problems)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('"b": 1, "b": 2', "give it once: 1 or 2, whichever is right"),
        ('"b": "x", "b": null', 'give it once: "x" or null, whichever is right'),
        ('"b": 1, "b": 1', "give it once"),
        ('"b": 1, "b": [2]', "give it once"),
    ],
)
def test_a_key_given_twice_is_named_with_its_values(text: str, mend: str) -> None:
    assert parsed(f'{{"a": {{{text}}}}}')[1] == [
        Problem("a.b", 'the key "b" is given twice', mend)
    ]


def test_keys_that_differ_in_case_or_composition_are_two_keys() -> None:
    assert parsed('{"a": 1, "A": 2, "\\u00e9": 3, "e\\u0301": 4}')[1] == []


@pytest.mark.slow
def test_a_great_many_keys_given_twice_are_found_in_good_time() -> None:
    """Counting each key in the list of all would take minutes here."""
    keys = ",".join(f'"k{number}":1' for number in range(50_000))

    problems = parsed(f"{{{keys},{keys}}}")[1]

    assert len(problems) == 1000
    assert problems.more == 49_000


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '"\\ud800"',
            Problem("the text", "a text has a lone surrogate", "repair the text"),
        ),
        (
            '{"a": ["\\udc00\\ud800"]}',
            Problem("a[0]", "a text has a lone surrogate", "repair the text"),
        ),
        (
            '{"\\ud800": 1}',
            Problem(
                "the text", 'the key "\\ud800" has a lone surrogate', "repair the text"
            ),
        ),
        (
            '{"a": {"x\\udfff": 1}}',
            Problem("a", 'the key "x\\udfff" has a lone surrogate', "repair the text"),
        ),
    ],
)
def test_a_lone_surrogate_is_a_problem_wherever_it_is(
    text: str, problem: Problem
) -> None:
    assert parsed(text)[1] == [problem]


def test_twenty_levels_are_read_and_one_more_is_not() -> None:
    assert parsed(nested(20, inside="1"))[1] == []
    assert parsed(nested(21))[1] == [Problem("[0]" * 20, *TOO_DEEP)]


@pytest.mark.parametrize(
    "text",
    [
        nested(100_000),
        "[" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
    ],
    ids=["lists", "open lists", "objects"],
)
def test_hostile_nesting_is_refused_and_does_not_end_the_process(text: str) -> None:
    assert refused(text) == Problem("the text", *TOO_DEEP)


def test_problems_come_in_the_order_of_the_text() -> None:
    text = '{"b": {"x": 1, "x": 2}, "a": "\\ud800", "c": [{"y": 1, "y": 2}]}'

    assert [problem.path for problem in parsed(text)[1]] == ["b.x", "a", "c[0].y"]
