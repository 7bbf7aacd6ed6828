"""Diagrams: equal numbers for equal meanings, and examples."""

from __future__ import annotations

import pytest

from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import Atom, Condition, Holds, Scope, Yes, atoms
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from milia_cds.logic.language import parse

FACTS: dict[str, Kind] = {
    "age": Number(0, 120, "years"),
    "count": Number(1, 100, whole=True),
    "site": Choice(("cheek", "chin", "nose")),
    "failed": Members(("extraction", "peel", "laser")),
    "a": YesNo(),
    "b": YesNo(),
}
SCOPE = Scope(FACTS)


def _diagrams(*texts: str) -> tuple[Diagrams, list[Condition]]:
    read = [parse(text, SCOPE) for text in texts]
    used = [atom for condition in read for atom in atoms(condition)]
    return Diagrams(cut(FACTS, used)), read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not (a and b)", "not a or not b"),
        ("age < 12", "not age >= 12"),
        ("age <= 12", "age < 12 or age == 12"),
        ("count < 3", "count <= 2"),
        ("count != 1", "count >= 2"),
        ("8 <= age < 12", "age < 12 and not age < 8"),
        ('site != "nose"', 'site in {"cheek", "chin"}'),
        ('site not in {"cheek", "chin"}', 'site == "nose"'),
        ('"peel" in failed and a', 'a and "peel" in failed'),
        ("a and b or a and not b", "a"),
    ],
)
def test_conditions_that_mean_the_same_have_the_same_diagram(
    one: str, other: str
) -> None:
    diagrams, [first, second] = _diagrams(one, other)
    assert diagrams.of(first) == diagrams.of(second)
    assert diagrams.of(first) not in {FALSE, TRUE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("age < 12", "age <= 12"),
        ("count < 3", "count < 2"),
        ("a", "b"),
        ("a", "not a"),
        ('"peel" in failed', '"laser" in failed'),
        ('site == "nose"', 'site == "chin"'),
    ],
)
def test_conditions_that_differ_somewhere_have_different_diagrams(
    one: str, other: str
) -> None:
    diagrams, [first, second] = _diagrams(one, other)
    assert diagrams.of(first) != diagrams.of(second)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a or not a", TRUE),
        ("a and not a", FALSE),
        ("age < 12 or age >= 12", TRUE),
        ("age < 12 and age > 12", FALSE),
        ("count <= 2 or count >= 3", TRUE),
        ("count > 2 and count < 3", FALSE),
        ('site == "chin" and site == "nose"', FALSE),
        ('site == "chin" or site == "nose" or site == "cheek"', TRUE),
        ("(a or b) and (a or not b) and not a", FALSE),
    ],
)
def test_what_always_or_never_holds_is_a_constant(text: str, node: int) -> None:
    diagrams, [condition] = _diagrams(text)
    assert diagrams.of(condition) == node


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("a and not b", {"a": True, "b": False}),
        ("age >= 12", {"age": 12}),
        ("age < 12", {"age": 0}),
        ('site == "nose"', {"site": "nose"}),
        ('site not in {"cheek", "nose"}', {"site": "chin"}),
        (
            '"peel" in failed and "laser" in failed and "extraction" not in failed',
            {"failed": frozenset({"peel", "laser"})},
        ),
        ('"peel" not in failed', {"failed": frozenset()}),
        ("a and b or not b", {"a": False, "b": False}),
        ("a or not a", {}),
        ("a and not a", None),
    ],
)
def test_an_example_gives_the_facts_that_matter_and_no_other(
    text: str, example: dict[str, Value] | None
) -> None:
    diagrams, [condition, _] = _diagrams(text, "a or b")
    assert diagrams.example(diagrams.of(condition)) == example


def test_asking_again_makes_no_new_nodes() -> None:
    diagrams, [one, other] = _diagrams("a and (age < 12 or b)", "(b or age < 12) and a")
    first = diagrams.of(one)
    assert diagrams.of(other) == first
    diagrams.negation(first)
    made = len(diagrams)
    assert diagrams.negation(diagrams.negation(diagrams.of(one))) == first
    assert len(diagrams) == made


def test_diagrams_begin_with_the_two_constants_alone() -> None:
    assert len(Diagrams(())) == 2
    assert Diagrams(()).all([]) == TRUE
    assert Diagrams(()).any([]) == FALSE
    assert Diagrams(()).negation(TRUE) == FALSE


def test_an_atom_without_a_variable_is_refused() -> None:
    diagrams, _ = _diagrams('"peel" in failed')
    with pytest.raises(LookupError, match="no variable for Atom"):
        diagrams.of(Atom("failed", Holds("laser")))
    with pytest.raises(LookupError, match="a"):
        diagrams.of(Atom("a", Yes()))
