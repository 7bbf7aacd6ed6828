"""Whether two knowledge bases say the same of every option and scenario.

    python -m benchmarks.expanded /path/to/data/before [src/milia_cds/data]

What several options or scenarios share is expanded on both sides; then every gate,
argument, step and call of an option, every action and argument of a scenario, and what
each guarantee is about are compared, field by field. Results are compared by
`milia-cds check --against`, which sees no texts; this sees texts, sources and order.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.records import Entry, plain

Said: TypeAlias = Mapping[str, Mapping[str, Any]]
"""What is said in one place: the fields of every entry, by its name, in order."""
_NOT_COMPARED = {"options", "first"}
"""For whom something is said is the place; where a row stands, its order."""


class Difference(NamedTuple):
    """One difference: where, in what, and what stood and stands there."""

    where: str
    what: str
    was: object
    now: object

    @property
    def order(self) -> bool:
        """Whether only the order differs."""
        return self.what == "order"


def expanded(base: Knowledge) -> dict[str, Said]:
    """All that is said of each option, measure and scenario, and of each guarantee."""
    found: dict[str, Said] = {}
    for owner in base.gated():
        found[f"gates of {owner.id}"] = _by_id(owner.gate)
    for option in base.options.values():
        found[f"steps of {option.id}"] = _by_id(base.steps(option))
        found[f"calls of {option.id}"] = _by_id(base.calls(option))
        found[f"arguments about {option.id}"] = _by_text(option.argument)
    for name, scenario in base.scenarios.items():
        found[f"actions in {name}"] = _by_text(scenario.action)
        found[f"arguments in {name}"] = _by_text(scenario.argument)
    found["guarantees"] = {
        each.id: {**plain(each), "options": sorted(each.options)}
        for each in base.guarantees
    }
    return found


def _by_id(entries: Sequence[Any]) -> Said:
    return {each.id: _fields(each) for each in entries}


def _by_text(entries: Sequence[Any]) -> Said:
    """Entries without an id, by what they are about and say."""
    named: dict[str, Mapping[str, Any]] = {}
    for each in entries:
        name = " ".join((getattr(each, "option", ""), each.when, each.text))
        named[f"{name} again" if name in named else name] = _fields(each)
    return named


def _fields(entry: Entry) -> dict[str, Any]:
    return {k: v for k, v in plain(entry).items() if k not in _NOT_COMPARED}


def differences(old: Knowledge, new: Knowledge) -> Iterator[Difference]:
    """All that differs between two knowledge bases, once expanded."""
    before, after = expanded(old), expanded(new)
    for where in dict.fromkeys([*before, *after]):
        yield from _differences(where, before.get(where, {}), after.get(where, {}))


def _differences(where: str, was: Said, now: Said) -> Iterator[Difference]:
    for name in dict.fromkeys([*was, *now]):
        if name not in now:
            yield Difference(where, name, "said", "not said")
        elif name not in was:
            yield Difference(where, name, "not said", "said")
        else:
            for key, value in was[name].items():
                if value != now[name].get(key):
                    what = f"{name}: {key}"
                    yield Difference(where, what, value, now[name].get(key))
    common = [name for name in was if name in now]
    ordered = [name for name in now if name in was]
    if common != ordered:
        yield Difference(where, "order", common, ordered)


def _moved(difference: Difference) -> str:
    """The first name that stands elsewhere now."""
    # An order is of names.
    was, now = list[str](difference.was), list[str](difference.now)  # type: ignore[call-overload]
    first = next(name for name, other in zip(now, was, strict=True) if name != other)
    return f"{difference.where}: another order, from {first[:60]!r} on"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare two folders, and give 1 where more than the order differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path, help="the folder of a knowledge base")
    parser.add_argument("after", type=Path, nargs="?", default=SHIPPED)
    given = parser.parse_args(arguments)
    found = list(differences(read_knowledge(given.before), read_knowledge(given.after)))
    said = [each for each in found if not each.order]
    for each in found:
        if each.order:
            print(_moved(each))
        else:
            print(f"{each.where}: {each.what}:\n  - {each.was}\n  + {each.now}")
    count = len(said) or "no"
    print(f"{count} differences but order; another order in {len(found) - len(said)}")
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main())
