"""The condition language: what each wrong text is told."""

from __future__ import annotations

import pickle
import re

import pytest

from milia_cds.errors import ConditionError, MiliaError
from milia_cds.logic.conditions import (
    Atom,
    Compare,
    NamedSet,
    Or,
    Scope,
    Yes,
    truth,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, YesNo
from milia_cds.logic.language import parse

FACTS: dict[str, Kind] = {
    "patient.age_years": Number(0, 120, "years"),
    "patient.warmth": Number(-5, 40.5, "degrees"),
    "lesion.count": Number(1, 100, whole=True),
    "lesion.site": Choice(("cheek", "chin", "nose", "eyelid")),
    "lesion.pattern": Choice(("plaque", "scattered")),
    "history.pacemaker": YesNo(),
    "history.keloid": YesNo(),
    "history.failed": Members(("extraction", "peel")),
}
SETS = {
    "face": NamedSet("lesion.site", ("cheek", "chin", "nose")),
    "nowhere": NamedSet("lesion.site", ()),
    "everywhere": NamedSet("lesion.site", ("cheek", "chin", "nose", "eyelid")),
}
PACEMAKER = Atom("history.pacemaker", Yes())
KELOID = Atom("history.keloid", Yes())
CHILD = Atom("patient.age_years", Compare("<", 12))
SCOPE = Scope(FACTS, SETS, {"child": CHILD, "device": Or((PACEMAKER, KELOID))})

LANGUAGE = "use and, or, not, comparisons, sets, facts and terms"
VALUE = "write a number or a text in quotes"
FACT = "compare a fact with a value"
NAMES = (
    "use one of patient.age_years, patient.warmth, lesion.count, lesion.site, "
    "lesion.pattern, history.pacemaker, history.keloid, history.failed, child, device"
)


WRONG = [
    # names
    (
        "history.pacemakr",
        1,
        'there is no fact or term "history.pacemakr"',
        'did you mean "history.pacemaker"?',
    ),
    (
        "child and (chidl or history.keloid)",
        12,
        'there is no fact or term "chidl"',
        'did you mean "child"?',
    ),
    (
        "zzz",
        1,
        'there is no fact or term "zzz"',
        NAMES,
    ),
    (
        "history",
        1,
        'there is no fact or term "history"',
        'did you mean "history.keloid"?',
    ),
    (
        "history.pacemaker.known",
        1,
        'there is no fact or term "history.pacemaker.known"',
        'did you mean "history.pacemaker"?',
    ),
    (
        "lesion.sight in face",
        1,
        'there is no fact or term "lesion.sight"',
        'did you mean "lesion.site"?',
    ),
    (
        '"peel" in history.fialed',
        11,
        'there is no fact or term "history.fialed"',
        'did you mean "history.failed"?',
    ),
    (
        "lesion.site in faces",
        16,
        'there is no set "faces"',
        'did you mean "face"?',
    ),
    (
        "lesion.site in child",
        16,
        'there is no set "child"',
        "use one of face, nowhere, everywhere",
    ),
    (
        "child or lesion.pattern in face",
        10,
        "face is a set of lesion.site",
        "write lesion.site in face",
    ),
    # what stands alone
    (
        "patient.age_years",
        1,
        "patient.age_years is not a yes/no fact",
        "compare it; it is number, 0 to 120 years",
    ),
    (
        "lesion.site",
        1,
        "lesion.site is not a yes/no fact",
        "compare it; it is one of cheek, chin, nose, eyelid",
    ),
    (
        "not history.failed",
        5,
        "history.failed is not a yes/no fact",
        "compare it; it is set of extraction, peel",
    ),
    ("face", 1, "face is a set", "write lesion.site in face"),
    # yes/no facts and terms compared
    (
        "history.pacemaker == True",
        1,
        "history.pacemaker is a yes/no fact",
        "write history.pacemaker or not history.pacemaker",
    ),
    (
        "False != history.pacemaker",
        10,
        "history.pacemaker is a yes/no fact",
        "write history.pacemaker or not history.pacemaker",
    ),
    (
        "history.pacemaker in face",
        1,
        "history.pacemaker is no choice",
        "it is yes/no",
    ),
    ("child == True", 1, "child is a term", "write child or not child"),
    ("child in face", 1, "child is a term", "write child or not child"),
    ('face == "cheek"', 1, "face is a set", "write lesion.site in face"),
    ('"cheek" in face', 12, "face is a set", "write lesion.site in face"),
    # numbers
    (
        'patient.age_years < "12"',
        21,
        "patient.age_years is a number",
        "compare it with a number",
    ),
    (
        "patient.age_years < True",
        21,
        "patient.age_years is a number",
        "compare it with a number",
    ),
    (
        "patient.age_years < None",
        21,
        "patient.age_years is a number",
        "compare it with a number",
    ),
    (
        "patient.age_years < 1j",
        21,
        "patient.age_years is a number",
        "compare it with a number",
    ),
    ("patient.warmth > -True", 18, "a value is missing here", VALUE),
    (
        "patient.age_years in {1, 2}",
        1,
        "patient.age_years is no choice",
        "it is number, 0 to 120 years",
    ),
    (
        "lesion.count >= 2.5",
        17,
        "lesion.count is a whole number",
        "use a whole number",
    ),
    (
        "lesion.count < 1e999",
        16,
        "lesion.count is a whole number",
        "use a whole number",
    ),
    (
        "patient.age_years > 120",
        21,
        "patient.age_years > 120 can never hold",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years < 0",
        21,
        "patient.age_years < 0 can never hold",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years >= 120.5",
        22,
        "patient.age_years >= 120.5 can never hold",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years <= -1",
        22,
        "patient.age_years <= -1 can never hold",
        "the fact goes from 0 to 120",
    ),
    (
        "lesion.count == 0",
        17,
        "lesion.count == 0 can never hold",
        "the fact goes from 1 to 100",
    ),
    (
        "0 > patient.age_years",
        1,
        "patient.age_years < 0 can never hold",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years >= 0",
        22,
        "patient.age_years >= 0 always holds",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years > -1",
        21,
        "patient.age_years > -1 always holds",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years <= 120",
        22,
        "patient.age_years <= 120 always holds",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.age_years < 1e999",
        21,
        "patient.age_years < inf always holds",
        "the fact goes from 0 to 120",
    ),
    (
        f"patient.age_years < 0x{'f' * 3900}",
        21,
        "patient.age_years < a number of very many digits always holds",
        "the fact goes from 0 to 120",
    ),
    (
        "patient.warmth < -5",
        18,
        "patient.warmth < -5 can never hold",
        "the fact goes from -5 to 40.5",
    ),
    (
        "patient.age_years < patient.warmth",
        21,
        "a value is missing here",
        VALUE,
    ),
    ("1 < 2", 1, "no fact is compared here", FACT),
    ('"cheek" == "chin"', 1, "no fact is compared here", FACT),
    # chains
    (
        "5 < patient.age_years < 5",
        1,
        "this chain can never hold",
        "swap the bounds",
    ),
    (
        "12 <= patient.age_years < 8",
        1,
        "this chain can never hold",
        "swap the bounds",
    ),
    (
        "child or 5 < lesion.count < 6",
        10,
        "this chain can never hold",
        "swap the bounds",
    ),
    (
        "5 < patient.age_years < 5.000000000000001",
        1,
        "this chain can never hold",
        "swap the bounds",
    ),
    (
        "1 < patient.age_years < 8 < lesion.count",
        1,
        "this chain is not about one number",
        "split it",
    ),
    (
        "1 < patient.age_years != 8",
        1,
        "this chain is not about one number",
        "split it",
    ),
    (
        '"cheek" == lesion.site == "chin"',
        1,
        "this chain is not about one number",
        "split it",
    ),
    ("1 < 2 < patient.age_years", 1, "no fact is compared here", FACT),
    (
        "1 < patient.age_years < lesion.count",
        25,
        "a value is missing here",
        VALUE,
    ),
    # choices and sets
    (
        'lesion.site == "chek"',
        16,
        '"chek" is no member of lesion.site',
        'did you mean "cheek"?',
    ),
    (
        'lesion.site != "toe"',
        16,
        '"toe" is no member of lesion.site',
        "use one of cheek, chin, nose, eyelid",
    ),
    (
        "lesion.site == 3",
        16,
        "3 is no member of lesion.site",
        "use one of cheek, chin, nose, eyelid",
    ),
    (
        'lesion.site == b"cheek"',
        16,
        "a bytes is no member of lesion.site",
        "use one of cheek, chin, nose, eyelid",
    ),
    ("lesion.site == cheek", 16, "a value is missing here", VALUE),
    ('lesion.site == ("cheek")[0]', 16, "a value is missing here", VALUE),
    (
        'lesion.site < "chin"',
        1,
        "lesion.site cannot be compared with <",
        "use ==, != or in; it is one of cheek, chin, nose, eyelid",
    ),
    (
        '"chin" < lesion.site',
        10,
        "lesion.site cannot be compared with >",
        "use ==, != or in; it is one of cheek, chin, nose, eyelid",
    ),
    (
        'lesion.site in {"cheek", "chni"}',
        26,
        '"chni" is no member of lesion.site',
        'did you mean "chin"?',
    ),
    (
        'lesion.site in {"cheek", "cheek"}',
        16,
        "a member is listed twice",
        "remove one",
    ),
    (
        'lesion.site in {"cheek", "chin", "nose", "eyelid"}',
        16,
        "the set holds every member of lesion.site: it always holds",
        "leave the comparison out",
    ),
    (
        "lesion.site in everywhere",
        16,
        "the set holds every member of lesion.site: it always holds",
        "leave the comparison out",
    ),
    (
        "lesion.site not in nowhere",
        20,
        "the set holds no member of lesion.site: it can never hold",
        "name its members",
    ),
    *(
        (
            f"lesion.site in {wrong}",
            16,
            "a set of members is missing here",
            'write the members in braces: {"a", "b"}',
        )
        for wrong in (
            '("cheek", "chin")',
            '["cheek"]',
            '"cheek"',
            "{}",
            "history.failed",
            '{site for site in "cheek"}',
            'frozenset({"cheek"})',
        )
    ),
    ('lesion.site in {*"cheek"}', 17, "a value is missing here", VALUE),
    (
        'history.failed == "peel"',
        1,
        "history.failed is a set",
        'write "extraction" in history.failed',
    ),
    (
        'history.failed in {"peel"}',
        1,
        "history.failed is no choice",
        "it is set of extraction, peel",
    ),
    (
        '"peal" in history.failed',
        1,
        '"peal" is no member of history.failed',
        'did you mean "peel"?',
    ),
    (
        '{"peel"} in history.failed',
        1,
        "a value is missing here",
        VALUE,
    ),
    *(
        (
            wrong,
            1,
            "this is no test of a fact",
            'write fact in {"a", "b"}, or "a" in a set fact',
        )
        for wrong in (
            '"cheek" in lesion.site',
            '"cheek" in {"cheek"}',
            "3 in patient.age_years",
        )
    ),
    (
        "lesion.site in face in history.failed",
        16,
        "face is a set",
        "write lesion.site in face",
    ),
    # other comparisons and names
    (
        "history.pacemaker is None",
        1,
        "`is` is not part of the language",
        "write ==",
    ),
    (
        "child and history.pacemaker is not True",
        11,
        "`is` is not part of the language",
        "write ==",
    ),
    *(
        (
            f"{wrong} == 1",
            1,
            "this is no name of a fact",
            "write section.fact or the name of a term",
        )
        for wrong in ('"cheek".upper', "(1).real", "patient().age", "a[0].b")
    ),
    # other expressions
    *(
        (
            f"child or ({wrong})",
            11,
            f"{kind} is not part of the language",
            LANGUAGE,
        )
        for wrong, kind in (
            ("True", "Constant"),
            ("None", "Constant"),
            ("...", "Constant"),
            ('"cheek"', "Constant"),
            ("3", "Constant"),
            ('f"{child}"', "JoinedStr"),
            ("device()", "Call"),
            ("known(history.pacemaker)", "Call"),
            ("lambda: child", "Lambda"),
            ("history['pacemaker']", "Subscript"),
            ("patient.age_years + 1", "BinOp"),
            ("child & device", "BinOp"),
            ("child | device", "BinOp"),
            ("~child", "UnaryOp"),
            ("-patient.age_years", "UnaryOp"),
            ("child := device", "NamedExpr"),
            ("child if device else child", "IfExp"),
            ("[child]", "List"),
            ("(child, device)", "Tuple"),
            ("(child,)", "Tuple"),
            ("{child}", "Set"),
            ("{}", "Dict"),
            ("[child for child in device]", "ListComp"),
            ("{child for child in device}", "SetComp"),
            ("{child: child for child in device}", "DictComp"),
            ("(child for child in device)", "GeneratorExp"),
            ("await child", "Await"),
            ("yield", "Yield"),
        )
    ),
    (
        "child, device",
        1,
        "Tuple is not part of the language",
        LANGUAGE,
    ),
    (
        "patient.age_years + 1 < 3",
        1,
        "no fact is compared here",
        FACT,
    ),
    ("patient.age_years < 2 + 3", 21, "a value is missing here", VALUE),
    (
        "patient.age_years < (3 if child else 4)",
        22,
        "a value is missing here",
        VALUE,
    ),
    ("patient.age_years < +3", 21, "a value is missing here", VALUE),
    ("patient.age_years < --3", 21, "a value is missing here", VALUE),
    ('lesion.site == f"cheek"', 16, "a value is missing here", VALUE),
    # a comment would swallow the rest of the text
    (
        "child # and history.keloid",
        7,
        "# is not part of the language",
        "write the comment beside the condition",
    ),
    (
        "child # why\n or history.keloid",
        7,
        "# is not part of the language",
        "write the comment beside the condition",
    ),
    # Python says nothing of a letter that is none
    (
        "\ud800",
        1,
        "this is no condition: it cannot be read",
        "write comparisons of facts joined by and, or, not",
    ),
    # size
    (
        " or ".join(["child"] * 445),
        1,
        "the condition has more than 4000 characters",
        "move parts of it into terms",
    ),
    (
        f"{'not ' * 50}child",
        201,
        "the condition is nested too deeply",
        "move parts of it into terms",
    ),
    (
        f"{'child and (child or (' * 25}child{'))' * 25}",
        516,
        "the condition is nested too deeply",
        "move parts of it into terms",
    ),
    # columns count characters, also behind a blank and a letter of several bytes
    (
        '  lesion.site == "é" or nothing',
        18,
        '"\\u00e9" is no member of lesion.site',
        "use one of cheek, chin, nose, eyelid",
    ),
    (
        "  child and nobody",
        13,
        'there is no fact or term "nobody"',
        NAMES,
    ),
]


@pytest.mark.parametrize(
    ("text", "column", "message", "mend"),
    WRONG,
    ids=[repr(text)[:40] for text, *_ in WRONG],
)
def test_a_wrong_text_is_told_where_what_and_how_to_mend_it(
    text: str, column: int, message: str, mend: str
) -> None:
    with pytest.raises(ConditionError) as raised:
        parse(text, SCOPE)
    assert str(raised.value) == f"column {column}: {message}; {mend}"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("child or history.pacemakr", ("name", "history.pacemakr")),
        ("chidl", ("name", "chidl")),
        ("lesion.site in faec", ("set", "faec")),
        ('lesion.site == "check"', ("lesion.site", "check")),
        ('lesion.site in {"check"}', ("lesion.site", "check")),
        ('"peeel" in history.failed', ("history.failed", "peeel")),
        ("lesion.site == 3", ("", "")),
        ("patient.age_years", ("", "")),
    ],
)
def test_a_name_that_is_not_there_is_told_apart(
    text: str, unknown: tuple[str, str]
) -> None:
    with pytest.raises(ConditionError) as raised:
        parse(text, SCOPE)
    assert raised.value.unknown == unknown


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "child and",
        "and child",
        "child child",
        "child or or device",
        "not",
        "(child",
        "child)",
        "child) or (device",
        "child; device",
        "child = device",
        "x = 1",
        "import os",
        "return child",
        "del child",
        "while True: pass",
        "lesion.site == 'cheek",
        "patient.age_years <> 12",
        "patient.age_years < 012",
        "patient.age_years ≥ 12",
        "patient.age_years < 12 years",
        "child && device",
        "!child",
        "history.2nd",
        "child\\\nor device",
        "child\0",
        "\ud800",
        "\ufeff",
        "*",
        "*child",
        "**child",
        "child for child in child",
    ],
)
def test_what_python_cannot_read_is_no_condition(text: str) -> None:
    told = re.escape("; write comparisons of facts joined by and, or, not")
    with pytest.raises(ConditionError, match=rf"^column \d+: .+{told}$") as raised:
        parse(text, SCOPE)
    assert raised.value.message.startswith("this is no condition: ")
    assert 1 <= raised.value.column <= len(text) + 2


@pytest.mark.parametrize(
    "text",
    [
        f"{'not ' * 990}child",
        f"{'(' * 300}child{')' * 300}",
        f"{'(child or ' * 190}child{')' * 190}",
        f"patient.age_years < {'-' * 3900}1",
        f"child{'.x' * 1900}",
        f"child{'[0]' * 1200}",
        f"{'f(' * 90}child{')' * 90}",
    ],
)
def test_no_nesting_is_too_deep_to_be_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text, SCOPE)


def test_the_deepest_nesting_that_is_read_can_be_evaluated_hashed_and_shown() -> None:
    condition = parse(f"{'not ' * 49}child", SCOPE)
    assert truth(condition, {"patient.age_years": 3}) is False
    assert hash(condition) == hash(parse(f"{'not ' * 49}child", SCOPE))
    assert repr(condition).count("Not(") == 49


def test_the_longest_text_that_is_read_has_4000_characters() -> None:
    text = " or ".join(["child"] * 444)
    assert truth(parse(text.ljust(4000), SCOPE), {}) is None
    with pytest.raises(ConditionError, match="more than 4000 characters"):
        parse(text.ljust(4001), SCOPE)


class _Trap:
    """A namespace that fails the test when anything is looked up in it."""

    def __getattr__(self, name: str) -> object:
        pytest.fail(f"{name} was looked up")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "__import__('os')",
        "().__class__.__bases__[0].__subclasses__()",
        "''.__class__.__mro__",
        "'{0.__class__}'.format(child)",
        "f'{__import__(\"os\")}'",
        "f'{trap.sprung}' == 'x'",
        "eval('1')",
        "exec('1')",
        "open('/etc/passwd').read()",
        "globals()['trap']",
        "trap.sprung",
        "trap.sprung == 1",
        "1 == trap.sprung",
        "1 in trap.sprung",
        "lesion.site in trap",
        "lesion.site in trap.sprung",
        "lesion.site == trap.sprung",
        "lesion.site in {trap.sprung}",
        "lesion.site in {*trap}",
        "lesion.site in [*trap]",
        "[*trap] == 1",
        "{**trap} == 1",
        "print(*trap)",
        "[x for x in trap]",
        "{x for x in trap} == 1",
        "{x: x for x in trap}",
        "any(x for x in trap)",
        "trap[0] == 1",
        "trap[0:1]",
        "trap @ trap",
        "-trap == 1",
        "not trap",
        "trap if trap else trap",
        "(lambda: trap)()",
        "(trap := 1)",
        "9 ** 9 ** 9 == lesion.count",
        "lesion.count < 9 ** 9",
        "'x' * 10 ** 10 == lesion.site",
        "lesion.count < int('9')",
        "lesion.count < len(trap)",
        "child.__class__",
        "child.stands_for.fact",
        "history.pacemaker.__class__ == 1",
        "FACTS",
        "Scope",
        "self",
    ],
)
def test_nothing_in_a_text_is_ever_evaluated(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milia_cds.logic.conditions.trap", _Trap(), raising=False)
    for name in ("eval", "exec", "compile", "open", "print", "__import__"):
        monkeypatch.setattr(
            f"milia_cds.logic.conditions.{name}", _Trap(), raising=False
        )
    with pytest.raises(ConditionError):
        parse(text, SCOPE)


def test_a_condition_error_is_a_value_error_of_the_library_that_pickles() -> None:
    with pytest.raises(ValueError, match="chidl") as raised:
        parse("chidl", SCOPE)
    bad = raised.value
    assert isinstance(bad, ConditionError)
    assert isinstance(bad, MiliaError)
    again = pickle.loads(pickle.dumps(bad))  # noqa: S301 - our own
    assert (again.message, again.mend, again.column) == (
        bad.message,
        bad.mend,
        bad.column,
    )
    assert str(again) == str(bad)


def test_an_error_shows_no_more_than_60_characters_of_what_it_was_given() -> None:
    with pytest.raises(ConditionError) as raised:
        parse(f'lesion.site == "{"x" * 1000}"', SCOPE)
    assert raised.value.message == f'"{"x" * 56}... is no member of lesion.site'


def test_a_scope_without_names_says_so() -> None:
    with pytest.raises(ConditionError) as raised:
        parse("child", Scope({}))
    assert str(raised.value) == (
        'column 1: there is no fact or term "child"; there is none'
    )
