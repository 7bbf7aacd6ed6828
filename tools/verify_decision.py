"""Work out a stored decision again, and say whether it is right.

    python verify_decision.py BUNDLE CASE DECISION [CASE DECISION ...]

BUNDLE is a zip of the knowledge that decided; CASE, as it was given, and DECISION, as
it is stored, are JSON. It ends with 0 if the decision is right, with 1 if it is wrong,
and says where, and with 2 if it cannot tell.

It proves facts, scenarios, alerts, urgency, what to do, verdicts and order; and that
each fact asked for is unknown and read by an open condition. It proves no status,
question or text, nor that the case is true. It needs Python 3.11 alone, and shares
nothing with the library: it was written from the page "Semantics", whose numbers stand
in the comments.
"""

import ast
import hashlib
import json
import operator
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Table = Mapping[str, Any]  # of TOML, or an object of JSON
Truth = bool | None  # None is "unknown" (1.2)
STANDINGS = ["not_recommended", "limited", "reasonable", "first_line"]  # 1.5
URGENCIES = ["routine", "soon", "urgent", "same_day", "emergency"]
LIMITED, URGENT = STANDINGS.index("limited"), URGENCIES.index("urgent")
Tree = tuple[Any, ...]  # ("and" or "or", trees), ("not", tree), ("test", fact, test)
COMPARE: Any = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Eq: operator.eq}
COMPARE |= {ast.Gt: operator.gt, ast.GtE: operator.ge, ast.In: lambda a, b: a in b}
OPPOSITE: Any = {ast.NotEq: ast.Eq, ast.NotIn: ast.In}


class RefusedError(Exception):
    """By the rules there is no decision on this case."""


def tree_of(node: Any, terms: Table) -> Tree:
    """The tree of a condition, by the terms and sets of `terms.toml` (1.2)."""
    match node:
        case str():
            return tree_of(ast.parse(" ".join(node.split()), mode="eval").body, terms)
        case ast.BoolOp(op, values):
            name = "and" if isinstance(op, ast.And) else "or"
            return (name, [tree_of(each, terms) for each in values])
        case ast.UnaryOp(ast.Not(), part):
            return ("not", tree_of(part, terms))
        case ast.Attribute():
            return ("test", ast.unparse(node), lambda value: value)
        case ast.Name(name):
            return tree_of(terms["term"][name]["when"], terms)
        case ast.Compare(left, ops, others):
            pairs = zip([left, *others], map(type, ops), others, strict=False)
            return ("and", [compared(*each, terms) for each in pairs])
    raise SyntaxError(f"no condition: {ast.unparse(node)}")


def compared(left: Any, op: Any, right: Any, terms: Table) -> Tree:
    """The tree of one comparison, of a fact with a value or the other way round."""
    if op in OPPOSITE:
        return ("not", compared(left, OPPOSITE[op], right, terms))
    compare = COMPARE[op]
    if not isinstance(left, ast.Attribute):
        value = ast.literal_eval(left)
        return ("test", ast.unparse(right), lambda fact: compare(value, fact))
    named = isinstance(right, ast.Name)
    value = terms["set"][right.id]["members"] if named else ast.literal_eval(right)
    return ("test", ast.unparse(left), lambda fact: compare(fact, value))


def truth(tree: Tree, facts: Table) -> Truth:
    """Whether a condition is true, false or unknown (1.3)."""
    if tree[0] == "test":
        value = facts[tree[1]]
        return None if value is None else tree[2](value)
    if tree[0] == "not":
        value = truth(tree[1], facts)
        return None if value is None else not value
    values = {truth(part, facts) for part in tree[1]}
    ends = tree[0] == "or"  # one true part decides an "or", one false part an "and"
    return ends if ends in values else None if None in values else not ends


def each_test(tree: Tree, *, plain: bool = True) -> Iterator[tuple[str, Tree, bool]]:
    """The tests of a condition: fact, test, whether it stands without `not` (9.1)."""
    if tree[0] == "test":
        yield tree[1], tree, plain
    elif tree[0] == "not":
        yield from each_test(tree[1], plain=not plain)
    else:
        for part in tree[1]:
            yield from each_test(part, plain=plain)


class Rules:
    """What decides: the knowledge, with what is shared handed out, and the policy."""

    def __init__(self, bundle: Mapping[str, bytes]) -> None:
        texts = {name: each.replace(b"\r\n", b"\n") for name, each in bundle.items()}
        said, beside = below("knowledge/", texts), below("policy/", texts)
        policy = beside.pop("policy.toml", b"")
        whole = digest({"": policy, **beside} if beside else policy)
        self.digests = {"knowledge": digest(said), "policy": whole if policy else None}
        files = {n[:-5]: tomllib.loads(t.decode()) for n, t in said.items()}  # no .toml
        facts, scenarios = files["facts"], files["scenarios"]
        self.terms, common = files["terms"], files.get("common", {})
        self.trees: dict[str, Tree] = {"": ("and", [])}  # 1.4
        self.contradictions = self.terms.get("contradiction", [])
        self.errors = [e for e in self.contradictions if e["level"] == "error"]
        self.sections, self.roles = facts["section"], facts.get("role", {})
        self.entries = {
            f"{section}.{name}": fact
            for section in self.sections
            for name, fact in facts.get(section, {}).items()
        }
        self.facts = {n: f for n, f in self.entries.items() if not f.get("setting")}
        self.ways = {e["id"]: self.ways_of(e) for e in files["triage"]["decision"]}
        self.destinations = scenarios["destination"]
        self.rows = {e["id"]: rows_of(e, scenarios) for e in scenarios["scenario"]}
        self.ranks = {
            (scenario["id"], option): rank
            for scenario in scenarios["scenario"]
            for rank, standing in enumerate(STANDINGS)
            for option in scenario.get(standing, [])
        }
        self.criteria = {e["id"]: e for e in files["criteria"]["criterion"]}
        self.weights = {name: each["weight"] for name, each in self.criteria.items()}
        self.alerts = {e["id"]: e for e in files.get("alerts", {}).get("alert", [])}
        self.options = below("options/", files)
        self.measures = below("measures/", files)
        self.groups = {n: g["options"] for n, g in common.get("group", {}).items()}
        self.gates = {
            name: [*self.shared_gates(name, common), *owner.get("gate", [])]
            for name, owner in {**self.options, **self.measures}.items()
        }
        self.lay_over(tomllib.loads(policy.decode()))

    def shared_gates(self, owner: str, common: Table) -> Iterator[Table]:
        """The gates that an option or measure shares with others (2.3)."""
        for gate in common.get("gate", []):
            spared = expanded(gate.get("not_for", []), self.groups)
            if owner in expanded(gate["for"], self.groups) - spared:
                yield gate

    def ways_of(self, decision: Table) -> list[tuple[Tree, str]]:
        """The branches of a decision, each with where it leads (2.5)."""
        branches = decision["branch"]
        trees = [self.tree(branch) for branch in branches]
        if branches[-1].get("otherwise"):
            trees[-1] = ("not", ("or", trees[:-1]))
        return [(tree, each["to"]) for tree, each in zip(trees, branches, strict=True)]

    def lay_over(self, policy: Table) -> None:
        """Add and replace what the policy of a clinic says (3)."""
        for gate in policy.get("gate", []):
            for owner in expanded([gate["option"]], self.groups):
                self.gates[owner].append(gate)
        for each in policy.get("standing", []):
            place = each["scenario"], each["option"]
            self.ranks[place] = STANDINGS.index(each["standing"])
        self.alerts |= {f"policy.{e['id']}": e for e in policy.get("alert", [])}
        self.weights |= policy.get("weights", {})
        self.offered = self.options.keys() - policy.get("not_offered", [])
        self.defaults = {
            f"{name}.{fact}": value
            for name, section in self.sections.items()
            for fact, value in policy.get(name, {}).items()
            if section.get("in_policy")
        }

    def tree(self, table: Table, key: str = "when") -> Tree:
        """The condition of a table."""
        text = table.get(key, "")
        tree = self.trees.get(text) or tree_of(text, self.terms)
        return self.trees.setdefault(text, tree)


def rows_of(scenario: Table, file: Table) -> list[Table]:
    """The rows of a scenario, in order (2.4)."""
    groups = {name: each["scenarios"] for name, each in file.get("group", {}).items()}
    own, every = scenario.get("action", []), file.get("action", [])
    first = [row for row in own if row.get("first")]
    shared = [row for row in every if scenario["id"] in expanded(row["for"], groups)]
    return [*first, *shared, *(row for row in own if not row.get("first"))]


def expanded(names: Iterable[str], groups: Mapping[str, list[str]]) -> set[str]:
    """Names, with groups replaced by their members (2.2)."""
    return {each for name in names for each in groups.get(name, [name])}


def below(folder: str, files: Mapping[str, Any]) -> dict[str, Any]:
    return {n.removeprefix(folder): f for n, f in files.items() if n.startswith(folder)}


class Decision:
    """The decision on a case, worked out."""

    def __init__(self, case: Table, visit: Table, rules: Rules) -> None:
        self.rules, self.visit = rules, visit
        self.assumed = case.get("assume_absent", [])
        self.given = {
            f"{section}.{name}": value
            for section in case.keys() - {"assume_absent", "as_of"}
            for name, value in case[section].items()
        }
        if unknown := self.given.keys() - rules.entries:
            raise RefusedError(f"{min(unknown)} is no fact")
        offers = self.given.get(rules.roles.get("offers", ""))  # 4.2
        self.offers = {n for n in rules.offered if offers is None or n in offers}
        self.own_weights = self.given.get(rules.roles.get("weights", ""))
        self.weights = {**rules.weights, **(self.own_weights or {})}  # 8.1
        self.stated = {name: self.given.get(name) for name in rules.facts}  # 5.1
        self.facts = self.resolved()
        self.refuse()
        reached = self.reached(next(iter(rules.ways)))
        self.scenarios = [each for each in rules.rows if each in reached]
        self.options = {name: self.judged(name) for name in rules.options}
        self.put_in_order()

    def resolved(self) -> dict[str, Any]:
        """The resolved case: every fact by name, None where it is unknown (5)."""
        sure = dict(self.stated)
        for name, fact in self.rules.facts.items():
            if fact.get("way_out"):  # 5.2
                sure[name] = self.stated[name] is True
        sure |= {**self.settled(), **self.visit}  # 5.3, 5.4
        facts = dict(sure)
        for name, value in sure.items():
            if value is None and self.given.get(name, "left out") is not None:  # 5.5
                facts[name] = self.rules.defaults.get(name, self.absent(name))
        while undone := self.undone(sure, facts):  # 5.6
            facts |= dict.fromkeys(undone)
        return facts

    def settled(self) -> dict[str, Any]:
        """The facts that stated ones leave one value (5.3)."""
        tree, stated = self.rules.tree, self.stated
        for each in self.rules.contradictions:
            if each.get("unsettles") and truth(tree(each), stated):
                return {}
        return {
            name: rule["value"]
            for name, fact in self.rules.facts.items()
            for rule in reversed(fact.get("settled", []))  # the first counts
            if stated[name] is None and truth(tree(rule), stated)
        }

    def absent(self, name: str) -> Any:
        """What absent means of a fact, where the case assumes it (4.4)."""
        fact, section = self.rules.facts[name], name.partition(".")[0]
        if section not in self.assumed and fact.get("screen") not in self.assumed:
            return None
        if fact["kind"] == "yes_no":
            return None if fact.get("absent") == "unknown" else False
        return [] if fact["kind"] == "options" else fact.get("absent")

    def undone(self, sure: Table, facts: Table) -> set[str]:
        """The facts that were filled and may contradict what is sure (5.6)."""
        return {
            name
            for each in self.rules.errors
            if truth(self.rules.tree(each), facts) is not False
            and all(facts[name] is not None for name in each["facts"])
            for name in each["facts"]
            if sure[name] is None
        }

    def refuse(self) -> None:
        """Refuse a case that contradicts itself, or weighs nothing (5.7)."""
        for each in self.rules.errors:
            stated = all(self.stated[n] is not None for n in each.get("stated", []))
            if stated and self.holds(each):
                raise RefusedError(f"the case contradicts itself: {each['id']}")
        if self.own_weights is not None and not any(self.weights.values()):
            raise RefusedError("every weight of the case is 0")

    def holds(self, table: Table, key: str = "when") -> Truth:
        return truth(self.rules.tree(table, key), self.facts)

    def up_to_true(self, tables: Iterable[Table]) -> Iterator[tuple[Truth, Table]]:
        """Those up to the first that holds which hold or may (6.2, 8.2)."""
        for table in tables:
            value = self.holds(table)
            if value is not False:
                yield value, table
            if value:
                return

    def reached(self, place: str) -> set[str]:
        """The scenarios to which the walk leads from a decision (6.1)."""
        if place not in self.rules.ways:
            return {place}
        ways = [(truth(tree, self.facts), to) for tree, to in self.rules.ways[place]]
        sure = [to for value, to in ways if value]
        taken = sure[:1] or [to for value, to in ways if value is None]
        return {scenario for to in taken for scenario in self.reached(to)}

    def gates(self, owner: str, *kinds: str) -> list[Table]:
        return [gate for gate in self.rules.gates[owner] if gate["kind"] in kinds]

    def forbidden(self, owner: str) -> Truth:
        """Whether a gate forbids an option or measure."""
        forbids = self.gates(owner, "forbid")
        return truth(("or", map(self.rules.tree, forbids)), self.facts)

    def judged(self, option: str) -> dict[str, Any]:
        """The verdict on an option, and its standings (7)."""
        cells = [self.rules.ranks[name, option] for name in self.scenarios]
        gates = [(gate, self.holds(gate)) for gate in self.gates(option, "lower")]
        worst = lowered(min(cells), [gate for gate, v in gates if v is not False])
        best = lowered(max(cells), [gate for gate, v in gates if v])
        forbidden, verdict = self.forbidden(option), "offered"
        if forbidden:
            verdict = "excluded"
        elif option not in self.offers:
            verdict = "unavailable"
        elif best == 0:
            verdict = "not_indicated"
        elif forbidden is None or worst == 0:
            verdict = "withheld"
        standings = {"standing": STANDINGS[worst], "best_standing": STANDINGS[best]}
        return {"verdict": verdict, **standings}

    def put_in_order(self) -> None:
        """Give each offered option its points and its rank (8)."""
        weights, keys = self.weights, {}
        own = any(self.rules.criteria[n].get("own") for n in self.own_weights or {})
        for name, option in self.options.items():
            if option["verdict"] == "offered":
                levels = self.rules.options[name]["level"]
                points = sum(weights[e["criterion"]] * self.least(e) for e in levels)
                rank = STANDINGS.index(option["standing"])
                keys[name] = (rank > LIMITED, points, rank) if own else (rank, points)
                option["points"] = points
        for name, key in keys.items():
            self.options[name]["rank"] = 1 + sum(e > key for e in keys.values())

    def least(self, level: Table) -> int:
        """The least level that an option may have on a criterion (8.2)."""
        levels = [*level.get("modifier", []), {"level": level["base"]}]
        return min(int(each["level"]) for _, each in self.up_to_true(levels))

    def alerts(self) -> Iterator[tuple[str, bool]]:
        """The alerts that are raised, each with whether it is certain (9)."""
        common = {n for n, f in self.rules.facts.items() if f.get("background")}
        for name, alert in self.rules.alerts.items():
            value, tests = self.holds(alert), each_test(self.rules.tree(alert))
            signs = [t for fact, t, plain in tests if plain and fact not in common]
            if value or (value is None and truth(("or", signs), self.facts)):
                yield name, value is True

    def disposition(self) -> dict[str, Any]:
        """What to do (10)."""
        rows = self.rules.rows
        may = [(*e, s) for s in self.scenarios for e in self.up_to_true(rows[s])]
        actions = {act for _, row, _ in may for act in self.acts(row)}
        if actions == {"refer"}:
            return self.referral(may)
        action = min(actions) if len(actions) == 1 else "needs_information"  # 10.2
        action = "observe" if actions == {"treat", "observe"} else action
        return {"action": action, "to": None, "urgency": None, "own": False, "also": {}}

    def acts(self, row: Table) -> set[str]:
        """The actions that a row stands for (10.1)."""
        if row["act"] != "treat":
            return {row["act"]}
        first = [name for name, each in self.options.items() if each.get("rank") == 1]
        open_ = any(each["verdict"] == "withheld" for each in self.options.values())
        acts = {self.rules.options[name]["act"] for name in first}
        return acts or {"needs_information" if open_ else "observe"}

    def referral(self, may: list[tuple[Truth, Table, str]]) -> dict[str, Any]:
        """Where to refer to, and how soon (10.3 to 10.5)."""
        ranks = [URGENCIES.index(row["urgency"]) for _, row, _ in may]
        urgency = URGENCIES[max((r for r in ranks if r <= URGENT), default=min(ranks))]
        having = [each for each in may if each[1]["urgency"] == urgency]
        _, row, scenario = next((each for each in having if each[0]), having[0])
        to, where, rows = row["to"], self.rules.destinations, self.rules.rows[scenario]
        also = {  # 10.4
            later["to"]: later["urgency"]
            for later in reversed(rows[rows.index(row) + 1 :])  # the first counts
            if later["act"] == "refer" and "when" in later and self.holds(later)
            if to not in [later["to"], *where[later["to"]].get("covered_by", [])]
        }
        own = "own_when" in where[to] and self.holds(where[to], "own_when") is True
        where_to = {"to": to, "urgency": urgency, "own": own}
        return {"action": "refer", **where_to, "also": also}

    def content(self) -> dict[str, Any]:
        """The decision as JSON (11.1)."""
        known = {n: value for n, value in self.facts.items() if value is not None}
        sets = {n: sorted(each) for n, each in known.items() if isinstance(each, list)}
        alerts, disposition = dict(self.alerts()), self.disposition()
        raised = [self.rules.alerts[name] for name, sure in alerts.items() if sure]
        urgencies = [each["urgency"] for each in (*raised, disposition)]
        verdicts = {True: "excluded", None: "withheld", False: "offered"}  # 7.4
        content = {
            "format": "milia-cds/decision/1",
            "facts": {**known, **sets},
            "scenarios": self.scenarios,
            "alerts": alerts,
            "urgency": max(filter(None, urgencies), key=URGENCIES.index, default=None),
            "disposition": disposition,
            "options": self.options,
            "measures": {n: verdicts[self.forbidden(n)] for n in self.rules.measures},
        }
        return {**content, "visit": self.visit} if self.visit else content

    def may_ask(self, kind: str, name: str, fact: str) -> bool:
        """Whether a fact is unknown, and read by a condition that is (12.2)."""
        alerts = [self.rules.alerts[name]] if kind == "alerts" else []
        tables = alerts or self.gates(name, "forbid", "lower")
        ways = self.rules.ways.values() if kind == "options" else []
        trees = [*map(self.rules.tree, tables), *(tree for e in ways for tree, _ in e)]
        open_ = [tree for tree in trees if truth(tree, self.facts) is None]
        read = {fact for tree in open_ for fact, *_ in each_test(tree)}
        return self.facts[fact] is None and fact in read


def lowered(rank: int, gates: list[Table]) -> int:
    """The rank of a standing, lowered by some gates (7.1)."""
    steps = sum("to" not in gate for gate in gates)
    caps = [STANDINGS.index(gate["to"]) for gate in gates if "to" in gate]
    rank = rank - 1 if steps == 1 and rank > LIMITED else rank
    return 0 if steps > 1 else min([rank, *caps])


def canonical(value: Any) -> str:
    """The text of JSON that digests are over (11.2)."""

    def number(text: str) -> float:
        return int(float(text)) if float(text).is_integer() else float(text)

    plain = json.loads(json.dumps(value), parse_float=number)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def digest(content: bytes | Mapping[str, bytes]) -> str:
    """The digest of a text (11.2), or of files by their names (11.3)."""
    if not isinstance(content, bytes):
        files = sorted(content.items())
        content = b"".join(f"{n}\0{len(text)}\0".encode() + text for n, text in files)
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def wrong(rules: Rules, case: Table, stored: Table) -> Iterator[str]:
    """What is wrong with a stored decision (11.4)."""
    try:
        right = Decision(case, stored["decision"].get("visit", {}), rules)
    except RefusedError as refused:
        yield f"there is no decision: {refused}"
        return
    content, given = right.content(), dict(stored)
    own = {"decision": content, "digest": digest(canonical(content).encode())}
    for kind, asks in given.pop("asks", {}).items():
        for name, facts in asks.items():
            for fact in facts:
                if not right.may_ask(kind, name, fact):
                    yield f"asks.{kind}.{name}: {fact} is no open question"
    yield from differences(given, {**own, **rules.digests}, "")


def differences(stored: Any, right: Any, path: str) -> Iterator[str]:
    """Where what is stored is not right."""
    if isinstance(stored, dict) and isinstance(right, dict):
        for key in sorted({*stored, *right}):
            one, other = stored.get(key, "(nothing)"), right.get(key, "(nothing)")
            yield from differences(one, other, f"{path}.{key}".lstrip("."))
    elif canonical(stored) != canonical(right):
        yield f"{path} is stored as {canonical(stored)}; it is {canonical(right)}"


def main(arguments: list[str]) -> int:
    bundle, *paths = arguments or [""]
    if not paths or len(paths) % 2:
        print(__doc__)
        return 2
    try:
        found: list[str] = []
        with zipfile.ZipFile(bundle) as opened:
            rules = Rules({name: opened.read(name) for name in opened.namelist()})
        for case, stored in zip(paths[::2], paths[1::2], strict=True):
            read = [json.loads(Path(each).read_bytes()) for each in (case, stored)]
            found += [f"{Path(stored).name}: {each}" for each in wrong(rules, *read)]
    except Exception as bad:  # noqa: BLE001 - whatever it is, nothing can be told
        print(f"It cannot be told: {type(bad).__name__}: {bad}")
        return 2
    said = [f"Wrong: {each}" for each in found] or ["Right."]
    print("\n".join([*said, "No status, question or text was checked."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
