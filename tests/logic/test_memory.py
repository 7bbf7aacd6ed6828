"""What is worked out once: by one thread, whichever wants it, and then kept."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import And, Atom, Condition, Not, Or, Yes
from milia_cds.logic.diagrams import Diagrams, TooManyNodesError
from milia_cds.logic.facts import YesNo
from milia_cds.logic.memory import made_once, one_of_each
from milia_cds.logic.restriction import Restriction
from tests.common import at_once


def _slowly_made() -> object:
    """An object, for which a thread works long enough to be interrupted."""
    sum(range(20_000))
    return object()


def test_a_result_is_worked_out_once_for_all_threads() -> None:
    made: list[int] = []

    @one_of_each(2)
    def thing(number: int) -> object:
        made.append(number)
        return _slowly_made()

    assert len(set(map(id, at_once(lambda: thing(1))))) == 1
    assert made == [1]


def test_so_many_results_are_kept_as_is_said() -> None:
    made: list[int] = []

    @one_of_each(1)
    def thing(number: int) -> int:
        """Make a thing."""
        made.append(number)
        return number

    assert [thing(1), thing(1), thing(2), thing(1)] == [1, 1, 2, 1]
    assert made == [1, 2, 1]
    assert (thing.__name__, thing.__doc__) == ("thing", "Make a thing.")


class Home:
    """Has properties that are made once, of which one uses the other."""

    def __init__(self) -> None:
        self.making = threading.RLock()
        self.made: list[str] = []

    @made_once
    def low(self) -> object:
        """What stands below."""
        self.made.append("low")
        return _slowly_made()

    @made_once
    def high(self) -> tuple[object, ...]:
        """What stands on it."""
        self.made.append("high")
        return (self.low,)


def test_a_property_is_made_once_for_all_threads() -> None:
    home = Home()
    found = at_once(lambda: (home.high, home.low))
    assert len({(id(high), id(low)) for high, low in found}) == 1
    assert home.made == ["high", "low"]
    assert Home.low.__doc__ == "What stands below."


# -- diagrams ------------------------------------------------------------------

FACTS = {f"fact{number}": YesNo() for number in range(12)}
ATOMS = [Atom(name, Yes()) for name in FACTS]
VARIABLES = cut(FACTS, ATOMS)
COUNT = len(ATOMS)


def _entangled(step: int, shift: int) -> Condition:
    parts = [
        And((ATOMS[n], ATOMS[(n * step + shift) % COUNT], Not(ATOMS[n - shift])))
        for n in range(COUNT)
    ]
    return Or(tuple(parts))


CONDITIONS = [_entangled(step, shift) for step in (5, 7) for shift in (1, 2, 3)]


def counted(diagrams: Diagrams) -> tuple[int, ...]:
    """The diagrams of some conditions, and of how many of them hold."""
    nodes = [diagrams.of(each) for each in CONDITIONS]
    sum_ = diagrams.end(0)
    for node in nodes:
        sum_ = diagrams.apply(lambda before, holds: before + holds, sum_, node)
    return (*nodes, sum_)


def test_threads_that_make_the_same_diagrams_at_once_get_the_same() -> None:
    alone = Diagrams(VARIABLES)
    expected = counted(alone)
    for _ in range(3):
        diagrams = Diagrams(VARIABLES)
        # Mypy infers no default of a lambda.
        found = at_once(lambda diagrams=diagrams: counted(diagrams))  # type: ignore[misc]
        assert len(set(found)) == 1
        assert len(diagrams) == len(alone)
        assert list(map(diagrams.size, found[0])) == list(map(alone.size, expected))
        assert diagrams.values(found[0][-1]) == alone.values(expected[-1])


def test_threads_that_restrict_the_same_diagrams_at_once_get_the_same() -> None:
    diagrams = Diagrams(VARIABLES)
    *_, node = counted(diagrams)
    expected = Restriction(diagrams, {0: 1, 5: 0})
    shared = Restriction(diagrams, {0: 1, 5: 0})

    def read() -> tuple[int, frozenset[Any], int]:
        left = shared.of(node)
        return left, shared.values(left), shared.levels(left)

    left, *told = at_once(read)
    assert [left] * len(told) == told
    assert left[1:] == (
        expected.values(expected.of(node)),
        expected.levels(expected.of(node)),
    )


def test_what_is_made_after_a_restriction_does_not_change_what_it_says() -> None:
    """Two conditions of which one fact says the same once another is known."""
    first, one, two, known = ATOMS[:4]
    diagrams = Diagrams(VARIABLES)
    long = diagrams.of(And((Or((one, known)), Or((two, known)))))
    no = VARIABLES[3].index(value=False)
    restriction = Restriction(diagrams, {3: no})
    left = restriction.of(long)
    short = diagrams.of(And((one, two)))  # as another answer, or thread, may ask
    either = diagrams.choose(diagrams.of(first), short, long)
    assert restriction.of(short) == restriction.of(either) == left
    assert restriction.levels(left) == diagrams.levels(short)
    assert restriction.values(left) == {False, True}


def test_what_one_thread_may_make_is_not_what_another_makes() -> None:
    diagrams = Diagrams(VARIABLES)
    other = threading.Thread(target=counted, args=(diagrams,))
    with diagrams.at_most(10):
        other.start()
        other.join()
        assert len(diagrams) > 1000
        diagrams.of(CONDITIONS[0])  # is there already, and takes nothing
        with pytest.raises(TooManyNodesError):
            diagrams.of(_entangled(11, 4))
    assert diagrams.of(_entangled(11, 4))  # nothing is left of the limit


def test_a_limit_within_a_limit_allows_no_more() -> None:
    diagrams = Diagrams(VARIABLES)
    with (
        pytest.raises(TooManyNodesError),
        diagrams.at_most(10),
        diagrams.at_most(10_000),
    ):
        counted(diagrams)
