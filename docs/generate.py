"""Make the reference pages from the knowledge base.

`python docs/generate.py` writes them, `python docs/generate.py --check` only tells
whether they are up to date. `reference/rules.md` shows, for every row of the reviewed
rules, the gate that carries it, or why none does; a rule that several options share
stands there once. `reference/articles.md` shows what serves each topic of two popular
articles, or why the library does not follow them, and what becomes of each statement.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from milia_cds import load_knowledge
from milia_cds.errors import KnowledgeError, Problem
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate
from milia_cds.knowledge.tables import read_record
from milia_cds.knowledge.texts import Advice
from milia_cds.knowledge.wording import Wording

R = TypeVar("R")
REFERENCE = Path(__file__).parent / "reference"
Level: TypeAlias = Literal["absolute", "relative", "caution", "info"]
LEVELS: tuple[Level, ...] = ("absolute", "relative", "caution", "info")
KINDS = {
    "forbid": "gate that forbids",
    "lower": "gate that lowers the standing",
    "caution": "gate that cautions",
    "favour": "gate that favours",
    "note": "gate that notes",
    "same_as": "no gate: another row says the same",
    "property": "no gate: a property of the option",
    "advice": "no gate: a step to take",
    "criterion": "no gate: a criterion that the patient weighs",
}
"""What carries a row: a kind of gate, or a kind of reason for having none."""

INTRODUCTION = """\
<!-- Made by `python docs/generate.py`; do not edit. -->

# The reviewed rules, row by row

Every row of the reviewed list of rules (`rules.csv`), and what has become of it: the
gate of an option or measure that carries it, or the reason why it needs none
(`rows_without_gate.toml`). What several options share is shown once, before them, with
all rows that it carries. The level is that of the list; where a guarantee or an action
is stricter than the level, the gate is too. A gate may say more than its rows, and many
gates stand on sources of their own and carry no row.
"""

SHARED = """\
## Rules that several options share

Each stands once in `common.toml`. It carries the row beside it and those below, down to
the next one.
"""


@attrs.frozen(kw_only=True)
class Row:
    """A row of the reviewed rules: an option or measure, a factor and a level."""

    id: str
    option: str
    factor: str
    level: Level


@attrs.frozen(kw_only=True)
class Reason:
    """Why no gate carries a row; the keys of each reason stand in the file."""

    reason: Literal["same_as", "property", "advice", "criterion"]
    text: str
    row: str = ""
    option: str = ""
    keys: tuple[str, ...] = ()
    advice: str = ""
    criterion: str = ""


Rows: TypeAlias = tuple[Row, ...]
Reasons: TypeAlias = Mapping[str, Reason]


def read_rows() -> Rows:
    """Read the reviewed rules."""
    problems: list[Problem] = []
    with (REFERENCE / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            read_record(Row, row, f"rules.csv: {row['id']}", problems)
            for row in csv.DictReader(file)
        ]
    if problems:
        raise KnowledgeError(problems)
    return tuple(row for row in rows if row is not None)


def read_reasons() -> Reasons:
    """Read why some rows have no gate."""
    problems: list[Problem] = []
    name = "rows_without_gate.toml"
    data = tomllib.loads((REFERENCE / name).read_text(encoding="utf-8"))
    reasons = {
        row: read_record(Reason, entry, f"{name}: {row}", problems)
        for row, entry in data.items()
    }
    if problems:
        raise KnowledgeError(problems)
    return {row: reason for row, reason in reasons.items() if reason is not None}


def carriers(base: Knowledge) -> dict[str, list[Gate]]:
    """The gates that carry each row."""
    found: dict[str, list[Gate]] = {}
    for gate in base.gates():
        for row in gate.rows:
            found.setdefault(row, []).append(gate)
    return found


# -- the page of the rules --


def rules_page(base: Knowledge, rows: Rows, reasons: Reasons) -> str:
    """The page with every row and what carries it."""
    gates = carriers(base)
    shared = _by_rule(base, rows, gates)
    parts = [INTRODUCTION, _counts(rows, gates, reasons)]
    parts += [SHARED, _shared(base, shared)]
    for owner in base.gated():
        ours = [row for row in rows if row.option == owner.id]
        own = [row for row in ours if not any(g.place for g in gates.get(row.id, ()))]
        lines = [
            _line(row, gates.get(row.id, ()), reasons.get(row.id), base) for row in own
        ]
        if ours:
            parts.append(f"## {owner.label}\n")
        if lines:
            head = ("row", "factor", "level", "carried by", "when, or why without")
            parts.append(_table(head, lines))
        if more := _elsewhere(shared, ours):
            parts.append(f"Carried by rules that it shares: {more}.\n")
    return "\n".join(parts)


def called(gate: Gate) -> str:
    """The name of a gate on the page; all gates of one shared rule have one."""
    _, shared, rule = gate.place.partition("common.toml: gate.")
    return f"common.{rule}" if shared else gate.name


ByRule: TypeAlias = dict[str, list[Row]]


def _by_rule(base: Knowledge, rows: Rows, gates: Mapping[str, list[Gate]]) -> ByRule:
    """The rows that each shared rule carries."""
    order = dict.fromkeys(called(gate) for gate in base.gates() if gate.place)
    found: ByRule = {name: [] for name in order}
    for row in rows:
        for gate in gates.get(row.id, ()):
            if gate.place:
                found[called(gate)].append(row)
    return {name: carried for name, carried in found.items() if carried}


def _shared(base: Knowledge, shared: ByRule) -> str:
    """A table of shared rules: what each says stands beside the first of its rows."""
    lines = []
    for name, rows in shared.items():
        gates = [gate for gate in base.gates() if called(gate) == name]
        effect, when = f"`{name}`, {_effect(gates[0])}", _when(gates[0], base)
        whose = ", ".join(_labels(base, gates))
        said = [(effect, when, whose), *[("", "", "")] * (len(rows) - 1)]
        lines += [
            (row.id, f"`{row.option}`", f"`{row.factor}`", row.level, *each)
            for row, each in zip(rows, said, strict=True)
        ]
    head = ("row", "option", "factor", "level", "carried by", "when", "for")
    return _table(head, lines)


def _labels(base: Knowledge, gates: Iterable[Gate]) -> list[str]:
    names = {gate.name.partition(".")[0] for gate in gates}
    return [owner.label for owner in base.gated() if owner.id in names]


def _elsewhere(shared: ByRule, ours: Iterable[Row]) -> str:
    """The rows of an option that shared rules carry."""
    named = {row.id for row in ours}
    found = {
        name: [row.id for row in rows if row.id in named]
        for name, rows in shared.items()
    }
    return "; ".join(
        f"`{name}` ({', '.join(rows)})" for name, rows in found.items() if rows
    )


def _counts(rows: Rows, gates: Mapping[str, list[Gate]], reasons: Reasons) -> str:
    counted = Counter(
        (kind, row.level)
        for row in rows
        for kind in _kinds(row.id, gates.get(row.id, ()), reasons)
    )
    lines = []
    for kind, words in KINDS.items():
        counts = [counted[kind, level] for level in LEVELS]
        if any(counts):
            lines.append((words, *map(str, counts), str(sum(counts))))
    sums = [sum(row.level == level for row in rows) for level in LEVELS]
    lines.append(("**all rows**", *map(str, sums), f"**{len(rows)}**"))
    return _table(("carried by", *LEVELS, "all"), lines)


def _kinds(row: str, gates: Iterable[Gate], reasons: Reasons) -> Iterator[str]:
    yield from (gate.kind for gate in gates)
    if row in reasons:
        yield reasons[row].reason


def _line(
    row: Row, gates: Sequence[Gate], reason: Reason | None, base: Knowledge
) -> tuple[str, ...]:
    carried = [f"`{gate.name}`, {_effect(gate)}" for gate in gates]
    why = [_when(gate, base) for gate in gates]
    if reason is not None:
        carried.append(_stands_in(reason))
        why.append(reason.text)
    return (row.id, f"`{row.factor}`", row.level, "; ".join(carried), "; ".join(why))


def _effect(gate: Gate) -> str:
    return f"{gate.kind} to {gate.to}" if gate.to else gate.kind


def _when(gate: Gate, base: Knowledge) -> str:
    if gate.condition is None:
        return "always"
    return Wording(base).condition(gate.condition)


def _stands_in(reason: Reason) -> str:
    match reason.reason:
        case "same_as":
            return f"row {reason.row}"
        case "property":
            keys = ", ".join(f"`{reason.option}.{key}`" for key in reason.keys)
            return f"property {keys}"
        case "advice":
            return f"advice `{reason.advice}`"
        case "criterion":
            return f"criterion `{reason.criterion}`"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    every = (head, ["---"] * len(head), *lines)
    return "".join(f"| {' | '.join(map(_cell, each))} |\n" for each in every)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# -- the page of the articles --

ARTICLES = """\
<!-- Made by `python docs/generate.py`; do not edit. -->

# What two popular articles say, row by row

Whoever looks milia up meets two articles: **A**, a page of a seller of lactic acid
peels, and **B**, a consumer article with the advice of dermatologists. Neither is
evidence, and neither is cited. Every topic of theirs is listed here with what serves
it: the options, scenarios and facts that model it, the guarantees that hold it, the
advice that speaks of it, and, where the library does not follow an article, why.
"""


@attrs.frozen(kw_only=True)
class Topic:
    """A topic of the articles, and the parts of the knowledge that deal with it."""

    number: int
    topic: str
    articles: tuple[str, ...]
    options: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    guarantees: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Statement:
    """A statement of an article, what becomes of it, and by what."""

    number: int
    article: str
    says: str
    outcome: Literal["served", "corrected", "refused"]
    by: tuple[str, ...]


def read_topics() -> tuple[Topic, ...]:
    """Read the topics of the two articles."""
    data = _read("articles.toml", "row")
    for entry in data:
        entry["articles"] = entry.pop("in")
        entry["topic"] = " ".join(entry["topic"].split())
    return _records(Topic, data, "articles.toml")


def read_statements() -> tuple[Statement, ...]:
    """Read what the two articles say, one by one."""
    data = _read("statements.toml", "statement")
    for entry in data:
        entry["article"] = entry.pop("in")
    return _records(Statement, data, "statements.toml")


def _read(name: str, key: str) -> list[dict[str, Any]]:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)[key]
    return entries


def _records(
    record: type[R], data: Iterable[Mapping[str, Any]], name: str
) -> tuple[R, ...]:
    problems: list[Problem] = []
    rows = [read_record(record, each, name, problems) for each in data]
    if problems:
        raise KnowledgeError(problems)
    return tuple(row for row in rows if row is not None)


def advice_on(base: Knowledge, row: Topic) -> list[Advice]:
    """The advice that serves a row."""
    return [each for each in base.advice if row.number in each.articles]


def articles_page(
    base: Knowledge, rows: Iterable[Topic], statements: Sequence[Statement]
) -> str:
    """The page with every row, what serves it, and what is not followed.

    Parameters
    ----------
    base
        The knowledge base.
    rows
        The topics.
    statements
        What the articles say of them, one by one.
    """
    rows = tuple(rows)
    lines = [
        (str(row.number), row.topic, " ".join(row.articles), _serving(base, row))
        for row in rows
    ]
    head = ("row", "topic", "in", "served by")
    parts = [ARTICLES, _table(head, lines), "## Where an article is not followed\n"]
    told: set[str] = set()
    for row in rows:
        parts += _departures(base, row, told)
    return "\n".join([*parts, *_statements(base, statements)])


def _serving(base: Knowledge, row: Topic) -> str:
    options = [f"`{name}`" for name in row.options]
    scenarios = [f"`{name}`" for name in row.scenarios]
    facts = [f"`{name}`" for name in row.facts]
    guarantees = [str(number) for number in row.guarantees]
    advice = [f"`{each.id}`" for each in advice_on(base, row)]
    named = {
        "option": options,
        "scenario": scenarios,
        "fact": facts,
        "guarantee": guarantees,
        "advice": advice,
    }
    return "; ".join(
        f"{noun} {', '.join(each)}" for noun, each in named.items() if each
    )


def _departures(base: Knowledge, row: Topic, told: set[str]) -> Iterator[str]:
    """What is not followed, each once: with the first topic that it is about."""
    new = [e for e in advice_on(base, row) if e.departs and e.id not in told]
    told.update(each.id for each in new)
    if new:
        yield f"### {row.number}. {row.topic}\n"
    for each in new:
        grounds = [*each.sources, *(["judgement"] if each.judgement else [])]
        yield f"* {each.departs} (advice `{each.id}`: {', '.join(grounds)})"
    if new:
        yield ""


ASKED = frozenset({"question", "what"})
"""The kinds of advice that `milia-cds faq` tells; an answer tells the others."""
STATEMENTS = """\
## Statement by statement

Each statement of the two, what the library makes of it, and where a reader meets that:
in an answer about a case (`assess`), or asked for by words (`faq`). What no reader
meets does not count: {counted}.
"""


def _statements(base: Knowledge, statements: Sequence[Statement]) -> list[str]:
    """The table of all statements, and how many of them a reader meets."""
    met = [each.outcome for each in statements if where_met(base, each)]
    counts = Counter(met)
    counted = ", ".join(
        f"{counts[outcome]} of {len(statements)} {outcome}"
        for outcome in ("served", "corrected", "refused")
    )
    lines = [
        (
            str(each.number),
            each.article,
            each.says,
            each.outcome,
            ", ".join(f"`{name}`" for name in each.by),
            ", ".join(where_met(base, each)) or "nowhere",
        )
        for each in statements
    ]
    head = ("", "in", "it says", "it is", "by", "met in")
    return [STATEMENTS.format(counted=counted), _table(head, lines)]


def where_met(base: Knowledge, statement: Statement) -> list[str]:
    """Where a reader meets what becomes of a statement."""
    kinds = {each.id: each.kind for each in base.advice}
    in_answers = {*base.options, *base.scenarios, *base.facts}
    found = {
        "answer": any(
            name in in_answers or kinds.get(name, "what") not in ASKED
            for name in statement.by
        ),
        "faq": any(kinds.get(name) in ASKED for name in statement.by),
    }
    return [name for name, met in found.items() if met]


# -- the command --


def pages() -> dict[Path, str]:
    """Every page by its path."""
    base = load_knowledge()
    return {
        REFERENCE / "rules.md": rules_page(base, read_rows(), read_reasons()),
        REFERENCE / "articles.md": articles_page(
            base, read_topics(), read_statements()
        ),
    }


def stale() -> dict[Path, str]:
    """Every page that is missing or out of date, as it ought to be."""
    return {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_bytes() != text.encode()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or tell which are out of date; give the exit code."""
    parser = argparse.ArgumentParser(description="Make the reference pages.")
    parser.add_argument("--check", action="store_true", help="only tell what is stale")
    check: bool = parser.parse_args(arguments).check
    found = stale()
    for path, text in found.items():
        name = path.relative_to(REFERENCE.parent.parent).as_posix()
        if check:
            print(f"{name} is out of date: run python docs/generate.py")
        else:
            path.write_bytes(text.encode())
            print(f"wrote {name}")
    return int(check and bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
