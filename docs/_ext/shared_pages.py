"""The page of what several options share: groups, rules, steps and calls, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

import networkx as nx

from docs._ext.gated_pages import MEANINGS, TITLES, capped, carried, in_a_list
from docs._ext.markdown import code, definition, listed, page, plain, table, target
from docs._ext.places import rule_of
from docs._ext.saying import Saying
from docs._ext.short_pages import shared_consent
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate
from milia_cds.knowledge.texts import Call, Step

Rule = Sequence[Gate]
"""A shared rule: its gates, one for each option or measure that it goes to."""


def shared_pages(say: Saying) -> Iterator[tuple[str, str]]:
    """The page of what several options share."""
    base = say.base
    groups = [
        (code(name), plain(each.label), say.options(each.options))
        for name, each in base.groups.items()
    ]
    yield (
        "common",
        page(
            "(shared-texts)=\n# What several options share",
            "Each is read once here, and holds for all the options that it names. "
            "A new option gets what a group shares by joining it.",
            table(("group", "what it is", "its options"), groups) if groups else "",
            "(shared-rules)=\n## Rules",
            *_rules(say),
            "## Steps",
            *(_shared(say, each, "step") for each in base.common_steps),
            "## When to call",
            *(_shared(say, each, "call") for each in base.common_calls),
            "## Before a patient agrees",
            shared_consent(say),
        ),
    )


def _shared(say: Saying, each: Step | Call, kind: str) -> str:
    when = f"If {say.when(each.condition)}: " if each.condition else ""
    return page(
        target(kind, f"common.{each.id}"),
        definition(
            code(each.id),
            f"{when}{plain(each.text)}",
            f"*To a patient:* {plain(each.plain)}",
            f"For {say.options(each.options)}. {say.claim(each)}",
        ),
    )


# -- rules --


def _rules(say: Saying) -> Iterator[str]:
    rules = shared_rules(say.base)
    for kind, title in TITLES.items():
        chosen = [rule for rule in rules if rule[0].kind == kind]
        if chosen:
            yield f"### {title}"
            yield MEANINGS[kind]
        for rule in chosen:
            yield _rule(say, rule)


def shared_rules(base: Knowledge) -> list[Rule]:
    """Every shared rule, in an order that each of its options keeps."""
    gates: dict[str, list[Gate]] = {}
    order: nx.DiGraph[str] = nx.DiGraph()
    for owner in base.gated():
        shared = [gate for gate in owner.gate if rule_of(gate)]
        for gate in shared:
            gates.setdefault(rule_of(gate), []).append(gate)
        order.add_edges_from(pairwise(map(rule_of, shared)))
    order.add_nodes_from(gates)
    first = [*gates]
    names = nx.lexicographical_topological_sort(order, key=first.index)
    return [gates[name] for name in names]


def _rule(say: Saying, rule: Rule) -> str:
    """A rule: what most of its options say, then what the others say instead."""
    gate = _most(_most(rule, lambda gate: gate.text), _words)[0]
    name = rule_of(gate)
    rows = [row for gate in rule for row in gate.rows]
    return page(
        target("rule", name),
        definition(
            f"{say.when(gate.condition)}{capped(gate)}",
            plain(gate.text),
            _to_patients(gate),
            in_a_list(gate),
            *_otherwise(say, rule, gate),
            f"For {_owners(say, rule)}. Rule {code(gate.id)}. "
            f"{say.rule(gate)} {say.claim(gate)} {carried(rows)} "
            f"{say.cases.tried(*rows)} "
            f"{say.proved.guarantees(*(each.name for each in rule))}",
        ),
    )


def _most(rule: Rule, key: Callable[[Gate], Hashable]) -> Rule:
    """Those gates that share what most of them share."""
    most = Counter(map(key, rule)).most_common(1)[0][0]
    return [gate for gate in rule if key(gate) == most]


def _otherwise(say: Saying, rule: Rule, most: Gate) -> Iterator[str]:
    """Other words for some options: only what differs."""
    others: dict[tuple[object, ...], list[Gate]] = {}
    for gate in rule:
        others.setdefault(_words(gate), []).append(gate)
    del others[_words(most)]
    for some in others.values():
        gate = some[0]
        said = [f"*For {_owners(say, some)}:*"]
        if gate.text != most.text:
            said.append(plain(gate.text))
        if gate.plain != most.plain:
            said.append(_to_patients(gate))
        if _grounds(gate) != _grounds(most):
            said.append(say.claim(gate))
        yield " ".join(said)


def _to_patients(gate: Gate) -> str:
    return f"*To a patient:* {plain(gate.plain)}" if gate.plain else ""


def _owners(say: Saying, gates: Iterable[Gate]) -> str:
    return listed(say.owner(gate.name.partition(".")[0]) for gate in gates)


def _words(gate: Gate) -> tuple[object, ...]:
    return (gate.text, gate.plain, *_grounds(gate))


def _grounds(gate: Gate) -> tuple[object, ...]:
    return (gate.sources, gate.judgement)
