"""Plain values are read into records by annotation, strictly, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, Optional, TypeVar

import attrs
import pytest

from milia_cds.errors import Problem, Unreadable
from milia_cds.knowledge.records import Entry, plain
from milia_cds.knowledge.tables import read_record

T = TypeVar("T")

GIVE_SOURCE: Final = "give id, year"


@attrs.frozen
class Source:
    """A record within a record."""

    id: str
    year: int | None = None


@attrs.frozen
class Gate:
    """A record with a field of every form of annotation."""

    label: str
    count: int = 0
    share: float = 0.0
    always: bool = False
    effect: Literal["forbid", "lower"] = "forbid"
    note: str | None = None
    remark: Optional[str] = None  # noqa: UP045 - the older spelling is read too
    where: Literal["face", "body"] | None = None
    names: tuple[str, ...] = ()
    weights: Mapping[str, int] = attrs.field(factory=dict)
    source: Source | None = None
    sources: tuple[Source, ...] = ()
    by_name: Mapping[str, Source] = attrs.field(factory=dict)
    grid: tuple[tuple[int, ...], ...] = ()
    anything: Any = None
    if_: str = ""
    _hidden: int = 0
    length: int = attrs.field(
        default=attrs.Factory(lambda gate: len(gate.label), takes_self=True),
        metadata={"derived": True},
    )


@attrs.frozen
class Pair:
    """A record of which nothing may be left out, and that holds its like."""

    left: int
    right_: int
    inner: Pair | None = None


def read(record: type[T], data: object, path: str = "gate") -> T:
    problems: list[Problem] = []
    made = read_record(record, data, path, problems)
    assert problems == []
    assert made is not None
    return made


def refused(record: type[object], data: object, path: str = "gate") -> list[Problem]:
    problems: list[Problem] = []
    assert read_record(record, data, path, problems) is None
    return problems


# Reading -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "held"),
    [
        ("label", "", ""),
        ("count", -7, -7),
        ("share", 0.5, 0.5),
        ("share", 1, 1),
        ("always", True, True),
        ("effect", "lower", "lower"),
        ("note", "n", "n"),
        ("note", None, None),
        ("remark", "r", "r"),
        ("remark", None, None),
        ("where", "body", "body"),
        ("where", None, None),
        ("names", [], ()),
        ("names", ["b", "a", "b"], ("b", "a", "b")),
        ("names", ("a",), ("a",)),
        ("weights", {}, {}),
        ("weights", {"any name": 1}, {"any name": 1}),
        ("source", {"id": "E1"}, Source("E1")),
        ("source", None, None),
        (
            "sources",
            [{"id": "E1", "year": 2020}, {"id": "E2"}],
            (Source("E1", 2020), Source("E2")),
        ),
        ("by_name", {"x": {"id": "E1"}}, {"x": Source("E1")}),
        ("grid", [[1, 2], [], [3]], ((1, 2), (), (3,))),
        ("anything", {"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
    ],
)
def test_each_annotation_reads_its_values(
    key: str, value: object, held: object
) -> None:
    gate = read(Gate, {"label": "l", key: value})

    assert getattr(gate, key) == held
    assert type(getattr(gate, key)) is type(held)


def test_what_is_left_out_has_the_default_of_its_field() -> None:
    assert read(Gate, {"label": "l"}) == Gate("l")


def test_a_key_goes_without_the_mark_that_python_needs() -> None:
    assert read(Gate, {"label": "l", "if": "pregnant"}).if_ == "pregnant"
    assert read(Pair, {"left": 1, "right": 2}) == Pair(1, 2)


def test_a_private_field_is_read_by_its_name() -> None:
    assert read(Gate, {"label": "l", "_hidden": 3}) == Gate("l", hidden=3)


def test_a_record_may_hold_its_like() -> None:
    data = {"left": 1, "right": 2, "inner": {"left": 3, "right": 4}}

    assert read(Pair, data) == Pair(1, 2, Pair(3, 4))


# Refusing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "message", "mend"),
    [
        ("label", 7, "7 is not a text", "give a text"),
        ("label", None, "null is not a text", "give a text"),
        ("label", ["l"], "a list is not a text", "give a text"),
        ("count", "7", '"7" is not a whole number', "give a whole number"),
        ("count", True, "true is not a whole number", "give a whole number"),
        ("count", 4.0, "4.0 is not a whole number", "give a whole number"),
        ("count", None, "null is not a whole number", "give a whole number"),
        ("share", "0.5", '"0.5" is not a number', "give a number"),
        ("share", False, "false is not a number", "give a number"),
        ("share", Unreadable("NaN"), "NaN is not a number", "give a number"),
        ("always", 1, "1 is not true or false", "give true or false"),
        ("always", "no", '"no" is not true or false', "give true or false"),
        ("always", None, "null is not true or false", "give true or false"),
        (
            "effect",
            "lowr",
            '"lowr" is not a member',
            'did you mean "lower"? The members are forbid, lower',
        ),
        ("effect", "note", '"note" is not a member', "use one of forbid, lower"),
        (
            "effect",
            None,
            "null is not the name of a member",
            "use one of forbid, lower",
        ),
        ("note", 7, "7 is not a text", "give a text"),
        ("remark", 7, "7 is not a text", "give a text"),
        ("where", "", '"" is not a member', "use one of face, body"),
        ("names", "a", '"a" is not a list', "put it in brackets: [...]"),
        ("names", {}, "an object is not a list", "put it in brackets: [...]"),
        ("names", None, "null is not a list", "put it in brackets: [...]"),
        ("weights", [], "a list is no table", "give a table of names and values"),
        ("weights", None, "null is no table", "give a table of names and values"),
        ("source", "E1", '"E1" is no table', GIVE_SOURCE),
        ("source", [], "a list is no table", GIVE_SOURCE),
    ],
)
def test_each_annotation_refuses_other_values(
    key: str, value: object, message: str, mend: str
) -> None:
    problems = refused(Gate, {"label": "l", key: value})

    assert problems == [Problem(f"gate.{key}", message, mend)]


def test_what_is_no_table_is_answered_with_the_keys() -> None:
    assert refused(Pair, [1, 2]) == [
        Problem("gate", "a list is no table", "give left, right, inner")
    ]


@pytest.mark.parametrize(
    ("key", "path", "message", "mend"),
    [
        (
            "lable",
            "gate.lable",
            'there is no key "lable" here',
            'did you mean "label"?',
        ),
        ("if_", "gate.if_", 'there is no key "if_" here', 'did you mean "if"?'),
        (
            "a key",
            'gate."a key"',
            'there is no key "a key" here',
            "use one of left, right, inner",
        ),
        (7, "gate.7", "there is no key 7 here", "use one of left, right, inner"),
    ],
)
def test_an_unknown_key_names_the_nearest(
    key: object, path: str, message: str, mend: str
) -> None:
    if mend.startswith("did"):
        problems = refused(Gate, {"label": "l", key: "x"})
    else:
        problems = refused(Pair, {"left": 1, "right": 2, key: 3})

    assert problems == [Problem(path, message, mend)]


def test_what_is_derived_is_not_read() -> None:
    (problem,) = refused(Gate, {"label": "l", "length": 1})

    assert problem.path == "gate.length"
    assert problem.message == 'there is no key "length" here'


def test_every_missing_key_is_named_in_the_order_of_the_record() -> None:
    assert refused(Pair, {}) == [
        Problem("gate.left", "the key is missing", "add it"),
        Problem("gate.right", "the key is missing", "add it"),
    ]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("", "left"),
        ("pairs.toml: ", "pairs.toml: left"),
        ("pairs.toml: pair", "pairs.toml: pair.left"),
        ("pair[0]", "pair[0].left"),
    ],
)
def test_a_path_goes_on_where_it_stood(path: str, place: str) -> None:
    assert refused(Pair, {"right": 2}, path) == [
        Problem(place, "the key is missing", "add it")
    ]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"names": ["a", 7]}, "gate.names[1]"),
        ({"grid": [[1], [2, "x"]]}, "gate.grid[1][1]"),
        ({"weights": {"cost": "x"}}, "gate.weights.cost"),
        ({"weights": {"a cost": "x"}}, 'gate.weights."a cost"'),
        ({"source": {"id": 7}}, "gate.source.id"),
        ({"sources": [{"id": "E1"}, {"year": 1, "id": 7}]}, "gate.sources[1].id"),
        ({"sources": [{"id": "E1", "year": "x"}]}, "gate.sources.E1.year"),
        ({"sources": [{"id": "E 1", "year": "x"}]}, 'gate.sources."E 1".year'),
        ({"by_name": {"x": {"id": "E1", "year": "x"}}}, "gate.by_name.x.year"),
        ({"by_name": {"x": {}}}, "gate.by_name.x.id"),
    ],
)
def test_a_problem_within_has_its_path_by_id_where_there_is_one(
    data: dict[str, object], path: str
) -> None:
    (problem,) = refused(Gate, {"label": "l", **data})

    assert problem.path == path


def test_every_problem_is_reported_at_once() -> None:
    data = {
        "count": "7",
        "colour": "red",
        "names": [1, "a", 2],
        "sources": [{"id": "E1", "year": "x"}, {"url": "u"}],
        "source": 3,
    }

    assert [problem.path for problem in refused(Gate, data)] == [
        "gate.count",
        "gate.colour",
        "gate.names[0]",
        "gate.names[2]",
        "gate.sources.E1.year",
        "gate.sources[1].url",
        "gate.sources[1].id",
        "gate.source",
        "gate.label",
    ]


def test_problems_found_before_do_not_spoil_a_sound_record() -> None:
    problems = [Problem("elsewhere", "wrong", "mend it")]

    assert read_record(Source, {"id": "E1"}, "source", problems) == Source("E1")
    assert len(problems) == 1


# Writing -----------------------------------------------------------------------------


def test_a_record_is_written_as_it_is_read() -> None:
    gate = Gate(
        "label",
        count=3,
        share=0.5,
        always=True,
        names=("a", "b"),
        weights=MappingProxyType({"cost": 1}),
        source=Source("E1", 2020),
        sources=(Source("E2"),),
        by_name={"x": Source("E3")},
        grid=((1,), ()),
        if_="pregnant",
        hidden=2,
    )

    written = plain(gate)

    assert written == {
        "label": "label",
        "count": 3,
        "share": 0.5,
        "always": True,
        "effect": "forbid",
        "note": None,
        "remark": None,
        "where": None,
        "names": ["a", "b"],
        "weights": {"cost": 1},
        "source": {"id": "E1", "year": 2020},
        "sources": [{"id": "E2", "year": None}],
        "by_name": {"x": {"id": "E3", "year": None}},
        "grid": [[1], []],
        "anything": None,
        "if": "pregnant",
        "_hidden": 2,
    }
    assert read(Gate, written) == gate


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (0.5, 0.5),
        (("a", (1,)), ["a", [1]]),
        (["a", Source("E1")], ["a", {"id": "E1", "year": None}]),
        (frozenset({"b", "c", "a"}), ["a", "b", "c"]),
        (MappingProxyType({"a": frozenset({"b"})}), {"a": ["b"]}),
    ],
)
def test_any_value_of_a_record_is_written_plainly(
    value: object, written: object
) -> None:
    assert plain(value) == written


# Entries -----------------------------------------------------------------------------


@attrs.frozen(eq=False, repr=False)
class Named(Entry):
    """An entry with a name and much text."""

    id: str
    text: str = ""


@attrs.frozen(eq=False, repr=False)
class Labelled(Entry):
    """An entry without an id."""

    label: str


@attrs.frozen(eq=False, repr=False)
class Nameless(Entry):
    """An entry with neither."""

    text: str


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Named("E1", "a long text"), "<Named: E1>"),
        (Labelled("darker skin"), "<Labelled: darker skin>"),
        (Nameless("a long text"), "<Nameless>"),
    ],
)
def test_an_entry_shows_itself_by_name(entry: Entry, text: str) -> None:
    assert repr(entry) == text


def test_entries_are_equal_when_all_their_fields_are() -> None:
    assert Named("E1", "text") == Named("E1", "text")
    assert Named("E1", "text") != Named("E1", "another text")
    assert Labelled("text") != Nameless("text")
    assert Named("E1") != "<Named: E1>"


def test_equal_entries_share_their_hash() -> None:
    assert hash(Named("E1", "text")) == hash(Named("E1", "text"))
    assert len({Named("E1"), Named("E2"), Labelled("E1")}) == 3
