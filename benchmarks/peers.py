"""The rules of the neutral task in two engines that are used for many cases.

Both take their cases in the form that suits them best, made before anything is timed.
Neither keeps an unknown: of the cases that they are given everything is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import reduce
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.neutral.records import Expression, Rule, Task, Term

ZEN_CASES = 200
MONTH = "2026-01"


def expressions_of(task: Task) -> list[Term | Rule]:
    """The terms and then the rules: each after what it refers to."""
    return [*task.terms, *task.rules]


class MissingError(ImportError):
    """An engine is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(f"{package} is not there: pip install {package}")


def _engine(module: str, package: str) -> Any:
    """A module of an engine."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingError(package) from error


class Zen:
    """GoRules zen, one case after the other.

    Parameters
    ----------
    task
        The rules.
    table
        The cases, a column for each field; the first of them are decided.
    """

    def __init__(self, task: Task, table: Any) -> None:
        zen = _engine("zen", "zen-engine")
        self.names = [rule.id for rule in task.rules]
        self.decision = zen.ZenEngine().create_decision(json.dumps(_graph(task)))
        self.cases = table.slice(0, ZEN_CASES).to_pylist()
        self.rows = len(self.cases)

    def __call__(self) -> Any:
        """The truth of each rule in each case."""
        found = [self.decision.evaluate(case)["result"] for case in self.cases]
        return np.array([[each[name] for each in found] for name in self.names], bool)


def _graph(task: Task) -> dict[str, Any]:
    """The task as a decision of zen: what is given, expressions, what is said."""
    rules = [
        {"id": each.id, "key": each.id, "value": _in_zen(each.when)}
        for each in expressions_of(task)
    ]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {"expressions": rules},
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "rules"), ("rules", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


def _in_zen(expression: Expression) -> str:
    match expression:
        case {"f": field, "op": "lt", "v": bound}:
            return f"{field} < {bound}"
        case {"f": field, "op": "ge", "v": bound}:
            return f"{field} >= {bound}"
        case {"f": field, "op": "in", "v": members}:
            return f"{field} in {json.dumps(members)}"
        case {"f": field, "op": "is", "v": wanted}:
            return f"{field} == {json.dumps(wanted)}"
        case {"ref": name}:
            return f"$.{name}"
        case {"not": part}:
            return f"not ({_in_zen(part)})"
        case {"all": parts}:
            return " and ".join(f"({_in_zen(part)})" for part in parts)
        case {"any": parts}:
            return " or ".join(f"({_in_zen(part)})" for part in parts)
    raise ValueError(expression)


class OpenFisca:
    """OpenFisca-Core, all cases at once.

    Parameters
    ----------
    task, table
        As for `Zen`; all cases are decided.
    """

    def __init__(self, task: Task, table: Any) -> None:
        entities, systems, periods, variables, builder = (
            _engine(f"openfisca_core.{name}", "openfisca-core")
            for name in (
                "entities",
                "taxbenefitsystems",
                "periods",
                "variables",
                "simulation_builder",
            )
        )
        self.month = periods.DateUnit.MONTH
        self.variable = variables.Variable
        self.builder = builder.SimulationBuilder
        self.person = entities.build_entity("person", "persons", "", is_person=True)
        self.system = systems.TaxBenefitSystem([self.person])
        self.names = [rule.id for rule in task.rules]
        self.rows = table.num_rows
        self.members: dict[str, list[str]] = {}
        self.columns = {name: self._field(name, table) for name in table.column_names}
        for each in expressions_of(task):
            self._variable(each.id, bool, self._formula(each.when))

    def __call__(self) -> Any:
        """The truth of each rule in each case."""
        simulation = self.builder().build_default_simulation(self.system, self.rows)
        for name, values in self.columns.items():
            simulation.set_input(name, MONTH, values)
        return np.array([simulation.calculate(n, MONTH) for n in self.names])

    def _field(self, name: str, table: Any) -> Any:
        """The values of a field; of a choice the numbers of its members."""
        column = table.column(name).combine_chunks()
        if pa.types.is_string(column.type):
            encoded = column.dictionary_encode()
            self.members[name] = encoded.dictionary.to_pylist()
            column = encoded.indices
        boolean = pa.types.is_boolean(column.type)
        self._variable(name, bool if boolean else int)
        return column.to_numpy(zero_copy_only=False)

    def _variable(
        self, name: str, kind: type, formula: Callable[..., Any] | None = None
    ) -> None:

        said: dict[str, Any] = {
            "value_type": kind,
            "entity": self.person,
            "definition_period": self.month,
        }
        if formula is not None:
            said["formula"] = formula
        self.system.add_variable(type(name, (self.variable,), said))

    def _formula(self, expression: Expression) -> Callable[..., Any]:
        def formula(person: Any, period: Any) -> Any:
            return self._of(expression, lambda name: person(name, period))

        return formula

    def _of(self, expression: Expression, value: Callable[[str], Any]) -> Any:
        match expression:
            case {"f": field, "op": "lt", "v": bound}:
                return value(field) < bound
            case {"f": field, "op": "ge", "v": bound}:
                return value(field) >= bound
            case {"f": field, "op": "in", "v": members}:
                numbers = map(self.members[field].index, members)
                return reduce(np.logical_or, [value(field) == n for n in numbers])
            case {"f": field, "op": "is", "v": wanted}:
                return value(field) == wanted
            case {"ref": name}:
                return value(name)
            case {"not": part}:
                return np.logical_not(self._of(part, value))
            case {"all": parts}:
                return reduce(np.logical_and, [self._of(each, value) for each in parts])
            case {"any": parts}:
                return reduce(np.logical_or, [self._of(each, value) for each in parts])
        raise ValueError(expression)


PEERS: Mapping[str, Callable[[Task, Any], Any]] = {
    "GoRules zen, a case after the other": Zen,
    "OpenFisca": OpenFisca,
}
