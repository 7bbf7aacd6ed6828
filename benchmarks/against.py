"""Whether this library answers as another release does.

    python -m benchmarks.against /path/to/other/python

The other interpreter has that release installed. Both answer the same orders, each in a
process of its own: every vignette and example, decisions on random cases (compared as
JSON), answers to random cases (compared in every view), and once what some commands
print. Digests of the texts are compared; cases that differ are answered once more, and
the differences are grouped by view and first place that differs.

The random cases are drawn by `milia_cds.testing` of this library, from a fixed seed;
four of five are near patients, the fifth is hostile.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeAlias

import attrs
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from benchmarks.answering import VIEWS
from benchmarks.rounds import progress
from milia_cds import Case
from milia_cds.testing import hostile_cases, load_vignettes, near_patients

ROOT = Path(__file__).parents[1]
WORKER = Path(__file__).with_name("answering.py")

DECISIONS = 20_000
ANSWERS = 2_000
SEED = 20_250_713
HOSTILE = 5
"""One random case in so many is hostile."""

COMMANDS: Sequence[Sequence[str]] = (
    ("review",),
    ("review", "--format", "markdown"),
    ("schema",),
    ("facts",),
    ("graph",),
    ("assess", "--help"),
)
"""What is printed once by each release."""

MOST_LOOKED_AT = 200
"""So many cases that differ are answered once more, to see where."""
_STEP = 500
_WIDTH = 100

Order: TypeAlias = dict[str, Any]
Texts: TypeAlias = dict[str, str]
"""The text of every view, or its digest."""


@attrs.frozen
class Place:
    """The first place in which two texts differ.

    Parameters
    ----------
    where
        A path in JSON without the numbers of lists, or nothing: in any other text it
        is the line itself that tells.
    before, after
        What the other release says there, and what this one says.
    """

    where: str
    before: str
    after: str


# The orders ---------------------------------------------------------------------------


def orders(decisions: int, answers: int) -> Iterator[Order]:
    """Everything that both are asked."""
    for command in COMMANDS:
        yield {"id": f"command {' '.join(command)}", "command": command}
    for path in sorted((ROOT / "examples" / "cases").glob("*.json")):
        yield _order(f"example {path.stem}", json.loads(path.read_text("utf-8")))
    for vignette in load_vignettes(ROOT / "tests" / "cases"):
        yield _order(f"vignette {vignette.id}", dict(vignette.case_data))
    for number, case in enumerate(random_cases(answers + decisions)):
        views = tuple(VIEWS) if number < answers else ("json",)
        yield _order(f"random {number}", case, views)


def _order(name: str, case: Order, views: Sequence[str] = tuple(VIEWS)) -> Order:
    return {"id": name, "case": case, "views": views}


def random_cases(count: int) -> list[Order]:
    """So many random cases, the same ones each time, hostile ones among the others."""
    hostile = drawn(hostile_cases(), count // HOSTILE)
    near = drawn(near_patients(), count - len(hostile))
    return [
        case
        for group in zip_longest(hostile, *(near[k :: HOSTILE - 1] for k in range(4)))
        for case in group
        if case is not None
    ]


def drawn(strategy: SearchStrategy[Case], count: int) -> list[Order]:
    """So many cases of a strategy, as JSON."""
    cases: list[Order] = []

    @seed(SEED)
    @settings(
        max_examples=max(count, 1),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(case: Case) -> None:
        cases.append(case.to_dict())
        if len(cases) % _STEP == 0:
            progress(f"drew {len(cases)} of {count}")

    draw()
    return cases[:count]


# The answers --------------------------------------------------------------------------


def answers_of(
    python: str, asked: Sequence[Order], *, full: bool = False
) -> Iterator[Texts]:
    """What the release of an interpreter answers, order by order.

    The folder of this process and the names of the environment are kept from it, so
    that what it has installed is what it imports.
    """
    here = python == sys.executable
    with TemporaryFile("w+", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(order)}\n" for order in asked)
        file.seek(0)
        command = [python, "-P" if here else "-I", str(WORKER), *["--full"] * full]
        with subprocess.Popen(  # noqa: S603 - the interpreter that the user names
            command, stdin=file, stdout=subprocess.PIPE, text=True
        ) as worker:
            for order, line in zip(asked, worker.stdout or (), strict=True):
                answer = json.loads(line)
                if answer["id"] != order["id"]:
                    message = f"{python} answered {answer['id']}, not {order['id']}"
                    raise RuntimeError(message)
                yield answer["views"]


def differing(
    asked: Sequence[Order], before: Iterable[Texts], after: Iterable[Texts]
) -> dict[str, list[str]]:
    """The views in which the answers to an order differ, by its id."""
    found: dict[str, list[str]] = {}
    pairs = zip(asked, before, after, strict=True)
    for number, (order, old, new) in enumerate(pairs, start=1):
        views = [view for view in {**old, **new} if old.get(view) != new.get(view)]
        if views:
            found[order["id"]] = views
        if number % _STEP == 0:
            progress(f"compared {number} of {len(asked)}, {len(found)} differ")
    return found


# Where they differ --------------------------------------------------------------------


def first_place(before: str | None, after: str | None) -> Place:
    """The first place in which two texts differ; `None` is no such text."""
    if before is None or after is None:
        return Place("only one has it", _cut(before), _cut(after))
    if before.startswith("{") and after.startswith("{"):
        spelling = Place("how the JSON is spelt", _cut(before), _cut(after))
        return _in_json(json.loads(before), json.loads(after), ()) or spelling
    lines = zip_longest(before.splitlines(), after.splitlines())
    return next(
        (Place("", _cut(old), _cut(new)) for old, new in lines if old != new),
        Place("the ends of lines", "", ""),
    )


def _in_json(before: Any, after: Any, path: tuple[str, ...]) -> Place | None:
    """The first place in which two JSON values differ, the order of keys included."""
    match before, after:
        case dict(), dict() if [*before] == [*after]:
            steps = ((key, before[key], after[key]) for key in before)
        case list(), list() if len(before) == len(after):
            steps = (("[]", old, new) for old, new in zip(before, after, strict=True))
        case _:
            if before == after and type(before) is type(after) is not dict:
                return None
            return Place(".".join(path) or "the whole", _cut(before), _cut(after))
    found = (_in_json(old, new, (*path, key)) for key, old, new in steps)
    return next((place for place in found if place is not None), None)


def _cut(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]} ..."


def report(places: Iterable[tuple[str, str, Place]]) -> Iterator[str]:
    """The lines that tell where answers differ: id, view and place, grouped."""
    groups: dict[tuple[str, str, str], list[tuple[str, Place]]] = {}
    for name, view, place in places:
        # In JSON the path tells enough; elsewhere what changed does.
        what = place.where or f"{place.before} | {place.after}"
        groups.setdefault((view, place.where, what), []).append((name, place))
    for (view, where, _), members in sorted(groups.items(), key=lambda g: -len(g[1])):
        name, place = members[0]
        yield f"{view}, {len(members)} times, first in {name}: {where}".rstrip(": ")
        yield f"    before: {place.before}"
        yield f"    after:  {place.after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print every difference, and return 1 if there is one."""
    parser = argparse.ArgumentParser(prog="benchmarks.against", description=__doc__)
    parser.add_argument("python", help="the interpreter of the other release")
    parser.add_argument("--decisions", type=int, default=DECISIONS, metavar="N")
    parser.add_argument("--answers", type=int, default=ANSWERS, metavar="N")
    given = parser.parse_args(arguments)
    asked = [*orders(given.decisions, given.answers)]
    found = differing(
        asked, answers_of(given.python, asked), answers_of(sys.executable, asked)
    )
    again = [order for order in asked if order["id"] in found][:MOST_LOOKED_AT]
    for line in report(_places(given.python, again, found)):
        print(line)
    print(f"{len(asked)} orders, {len(found)} with a difference")
    return int(bool(found))


def _places(
    other: str, asked: Sequence[Order], found: dict[str, list[str]]
) -> Iterator[tuple[str, str, Place]]:
    before = answers_of(other, asked, full=True)
    after = answers_of(sys.executable, asked, full=True)
    for order, old, new in zip(asked, before, after, strict=True):
        for view in found[order["id"]]:
            yield order["id"], view, first_place(old.get(view), new.get(view))


if __name__ == "__main__":
    sys.exit(main())
