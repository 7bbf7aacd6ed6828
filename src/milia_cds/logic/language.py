"""The condition language: a closed subset of Python expressions over facts.

This module is its definition: which texts are conditions, and of which tree. The
language: `and`, `or`, `not`, parentheses; `== != < <= > >=`, chained; `in` and `not in`
a literal or named set; a yes/no fact stands alone; `"x" in` a set fact; terms by name.
`ast` only reads the text: nothing is ever compiled or run.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable

from milia_cds.errors import ConditionError, described, nearest, quoted
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    NamedSet,
    Not,
    OneOf,
    Or,
    Scope,
    Term,
    Yes,
    extent,
    facts_in,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, YesNo

_LONGEST = 4000
_DEEPEST = 50
_DEEPEST_OF_TERMS = 60
_MOST_TESTS = 1000
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def parse(text: str, scope: Scope) -> Condition:
    """Parse a condition and check every name, member and bound in it.

    Raises
    ------
    ConditionError
        At the first place that is not of the language, or that asks what can never
        be, or what always is.

    Examples
    --------
    >>> from milia_cds.logic.conditions import truth
    >>> scope = Scope({"age": Number(0, 120, "years")})
    >>> truth(parse("8 <= age < 12", scope), {"age": 9})
    True
    >>> truth(parse("8 <= age < 12", scope), {}) is None
    True
    """
    flat = text.replace("\r", " ").replace("\n", " ")
    if len(flat) > _LONGEST:
        message = f"the condition has more than {_LONGEST} characters"
        raise ConditionError(message, "move parts of it into terms", 1)
    if "#" in flat:
        # Python would drop the rest of the text without a word.
        mend = "write the comment beside the condition"
        column = flat.index("#") + 1
        raise ConditionError("# is not part of the language", mend, column)
    condition = _Parser(scope).condition(_tree(flat))
    _refuse_endless(condition)
    return condition


def _refuse_endless(condition: Condition) -> None:
    """Refuse what its terms make of it: each may double all that stands below."""
    tests, deep = extent(condition)
    mend = "say it with fewer terms that stand in one another"
    if deep > _DEEPEST_OF_TERMS:
        message = f"with its terms it is nested more than {_DEEPEST_OF_TERMS} deep"
        raise ConditionError(message, mend, 1)
    if tests > _MOST_TESTS:
        message = f"with its terms it has more than {_MOST_TESTS} tests"
        raise ConditionError(message, mend, 1)


def _tree(text: str) -> ast.expr:
    """Read a text of one line; the tree has its columns in characters."""
    start = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text[start:], mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as bad:
        column = start + (getattr(bad, "offset", None) or 1)
        what = getattr(bad, "msg", None) or "it cannot be read"
        mend = "write comparisons of facts joined by and, or, not"
        raise ConditionError(f"this is no condition: {what}", mend, column) from None
    if start or not text.isascii():
        _in_characters(tree, text, start)
    return tree.body


def _in_characters(tree: ast.Expression, text: str, start: int) -> None:
    """Count the columns of a tree, which are in bytes from a start, in characters."""
    encoded = text[start:].encode()
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            before = encoded[: node.col_offset].decode()
            node.col_offset = start + len(before)


def _column(node: ast.expr) -> int:
    return node.col_offset + 1


def _wrong(
    node: ast.expr, message: str, mend: str, unknown: tuple[str, str] = ("", "")
) -> ConditionError:
    return ConditionError(message, mend, _column(node), unknown)


class _Parser:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def condition(self, node: ast.expr, depth: int = 1) -> Condition:
        if depth > _DEEPEST:
            message = "the condition is nested too deeply"
            raise _wrong(node, message, "move parts of it into terms")
        match node:
            case ast.BoolOp(ast.And(), values):
                return And(tuple(self.condition(each, depth + 1) for each in values))
            case ast.BoolOp(ast.Or(), values):
                return Or(tuple(self.condition(each, depth + 1) for each in values))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand, depth + 1))
            case ast.Compare():
                return self.comparison(node)
            case ast.Name() | ast.Attribute():
                return self.alone(node)
        message = f"{type(node).__name__} is not part of the language"
        mend = "use and, or, not, comparisons, sets, facts and terms"
        raise _wrong(node, message, mend)

    def alone(self, node: ast.Name | ast.Attribute) -> Condition:
        name = _dotted(node)
        if name in self.scope.terms:
            return Term(name, self.scope.terms[name])
        kind = self.kind(node, name)
        if not isinstance(kind, YesNo):
            message = f"{name} is not a yes/no fact"
            raise _wrong(node, message, f"compare it; it is {kind}")
        return Atom(name, Yes())

    def kind(self, node: ast.expr, name: str) -> Kind:
        if name in self.scope.facts:
            return self.scope.facts[name]
        if name in self.scope.terms:
            raise _wrong(node, f"{name} is a term", f"write {name} or not {name}")
        if name in self.scope.sets:
            fact = self.scope.sets[name].fact
            raise _wrong(node, f"{name} is a set", f"write {fact} in {name}")
        names = [*self.scope.facts, *self.scope.terms]
        message = f"there is no fact or term {quoted(name)}"
        raise _wrong(node, message, nearest(name, names), ("name", name))

    def comparison(self, node: ast.Compare) -> Condition:
        sides = [node.left, *node.comparators]
        parts = tuple(
            self.pair(left, _OPERATORS.get(type(sign), "is"), right)
            for left, sign, right in zip(sides, node.ops, sides[1:], strict=False)
        )
        if len(parts) == 1:
            return parts[0]
        self.refuse_impossible(node, parts)
        return And(parts)

    def pair(self, left: ast.expr, sign: str, right: ast.expr) -> Condition:
        if sign == "is":
            raise _wrong(left, "`is` is not part of the language", "write ==")
        if sign == "!=":
            return Not(self.pair(left, "==", right))
        if sign == "not in":
            return Not(self.pair(left, "in", right))
        if sign == "in":
            return self.membership(left, right)
        if isinstance(left, ast.Name | ast.Attribute):
            return self.against(left, sign, right)
        if isinstance(right, ast.Name | ast.Attribute):
            return self.against(right, _FLIPPED[sign], left)
        raise _wrong(left, "no fact is compared here", "compare a fact with a value")

    def against(
        self, fact: ast.Name | ast.Attribute, sign: str, value: ast.expr
    ) -> Condition:
        name = _dotted(fact)
        kind = self.kind(fact, name)
        if isinstance(kind, Number):
            return Atom(name, self.compared(kind, name, sign, value))
        if isinstance(kind, Choice) and sign == "==":
            return Atom(name, OneOf(frozenset([self.member(kind, name, value)])))
        if isinstance(kind, YesNo):
            message = f"{name} is a yes/no fact"
            raise _wrong(fact, message, f"write {name} or not {name}")
        if isinstance(kind, Members):
            message = f"{name} is a set"
            member = next(iter(kind.members), "...")
            raise _wrong(fact, message, f'write "{member}" in {name}')
        message = f"{name} cannot be compared with {sign}"
        raise _wrong(fact, message, f"use ==, != or in; it is {kind}")

    def compared(self, kind: Number, name: str, sign: str, node: ast.expr) -> Compare:
        bound = _literal(node)
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise _wrong(node, f"{name} is a number", "compare it with a number")
        if kind.whole and isinstance(bound, float) and not bound.is_integer():
            raise _wrong(node, f"{name} is a whole number", "use a whole number")
        test = Compare(sign, bound)
        ends = (test.holds(kind.low), test.holds(kind.high))
        inside = kind.low <= bound <= kind.high
        said = f"{name} {sign} {_figure(bound)}"
        if not any(ends) and not (sign == "==" and inside):
            raise _wrong(node, f"{said} can never hold", _range(kind))
        if all(ends):
            raise _wrong(node, f"{said} always holds", _range(kind))
        return test

    def member(self, kind: Choice | Members, name: str, node: ast.expr) -> str:
        value = _literal(node)
        if isinstance(value, str) and value in kind.members:
            return value
        message = f"{quoted(value)} is no member of {name}"
        unknown = (name, value) if isinstance(value, str) else ("", "")
        raise _wrong(node, message, nearest(value, kind.members), unknown)

    def membership(self, left: ast.expr, right: ast.expr) -> Condition:
        if not isinstance(left, ast.Name | ast.Attribute):
            return self.has_member(left, right)
        name = _dotted(left)
        kind = self.kind(left, name)
        if not isinstance(kind, Choice):
            raise _wrong(left, f"{name} is no choice", f"it is {kind}")
        if isinstance(right, ast.Name):
            named = self.named_set(left, name, right)
            return Atom(name, self.one_of(kind, name, right, named.members, right.id))
        if not isinstance(right, ast.Set):
            mend = 'write the members in braces: {"a", "b"}'
            raise _wrong(right, "a set of members is missing here", mend)
        members = [self.member(kind, name, item) for item in right.elts]
        if len(set(members)) < len(members):
            raise _wrong(right, "a member is listed twice", "remove one")
        return Atom(name, self.one_of(kind, name, right, members))

    def one_of(
        self,
        kind: Choice,
        name: str,
        node: ast.expr,
        members: Iterable[str],
        set_name: str | None = None,
    ) -> OneOf:
        test = OneOf(frozenset(members), set_name)
        if not test.members:
            message = f"the set holds no member of {name}: it can never hold"
            raise _wrong(node, message, "name its members")
        if test.members == set(kind.members):
            message = f"the set holds every member of {name}: it always holds"
            raise _wrong(node, message, "leave the comparison out")
        return test

    def named_set(self, left: ast.expr, name: str, right: ast.Name) -> NamedSet:
        named = self.scope.sets.get(right.id)
        if named is None:
            mend = nearest(right.id, self.scope.sets)
            message = f"there is no set {quoted(right.id)}"
            raise _wrong(right, message, mend, ("set", right.id))
        if named.fact != name:
            message = f"{right.id} is a set of {named.fact}"
            raise _wrong(left, message, f"write {named.fact} in {right.id}")
        return named

    def has_member(self, left: ast.expr, right: ast.expr) -> Condition:
        if isinstance(right, ast.Name | ast.Attribute):
            name = _dotted(right)
            kind = self.kind(right, name)
            if isinstance(kind, Members):
                return Atom(name, Holds(self.member(kind, name, left)))
        mend = 'write fact in {"a", "b"}, or "a" in a set fact'
        raise _wrong(left, "this is no test of a fact", mend)

    def refuse_impossible(self, node: ast.expr, parts: tuple[Condition, ...]) -> None:
        """Refuse a chain on one number that no value satisfies."""
        tests = [part.test for part in parts if isinstance(part, Atom)]
        bounds = [test.bound for test in tests if isinstance(test, Compare)]
        if len(bounds) < len(parts) or len({*facts_in(And(parts))}) > 1:
            raise _wrong(node, "this chain is not about one number", "split it")
        near = [
            value
            for bound in bounds
            for value in (
                bound,
                math.nextafter(bound, math.inf),
                math.nextafter(bound, -math.inf),
            )
        ]
        # Only numbers are chained.
        whole = self.scope.facts[facts_in(parts[0])[0]].whole  # type: ignore[union-attr]
        tried = [b + step for b in bounds for step in (-1, 0, 1)] if whole else near
        if not any(all(test.holds(value) for test in tests) for value in tried):
            raise _wrong(node, "this chain can never hold", "swap the bounds")


def _figure(bound: float) -> str:
    return described(bound) if isinstance(bound, int) else str(bound)


def _range(kind: Number) -> str:
    return f"the fact goes from {kind.low} to {kind.high}"


def _dotted(node: ast.Name | ast.Attribute) -> str:
    parts: list[str] = []
    place: ast.expr = node
    while isinstance(place, ast.Attribute):
        parts.append(place.attr)
        place = place.value
    if not isinstance(place, ast.Name):
        mend = "write section.fact or the name of a term"
        raise _wrong(node, "this is no name of a fact", mend)
    return ".".join([place.id, *reversed(parts)])


def _literal(node: ast.expr) -> object:
    match node:
        case ast.Constant(value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)):
            if not isinstance(value, bool):
                return -value
    raise _wrong(node, "a value is missing here", "write a number or a text in quotes")
