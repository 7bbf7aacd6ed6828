"""The decision graph as a picture: what is asked, where it leads, what the rules do.

Conditions are said in words. With an assessment, the way that its case went is
highlighted, and rules that do not hold for it are only counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from milia_cds.explanation.bands import HOW_SOON, bands
from milia_cds.explanation.outcome import AlertSaid, Outcome, stamp
from milia_cds.knowledge.dangers import URGENCIES, Alert
from milia_cds.knowledge.graph import Graph, build, of_kind, part
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Option
from milia_cds.knowledge.scenarios import Decision
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.lines import wrapped
from milia_cds.render.phrases import fact_of, rests_on, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.svg import (
    STATES,
    Box,
    BoxRow,
    Edge,
    State,
    Title,
    drawing,
    state_word,
)

RULES = {
    "forbid": "never while",
    "lower": "less recommended while",
    "caution": "take care when",
    "favour": "speaks for it",
    "note": "to know",
}
"""What each kind of gate does, in words."""

_WIDE = 220
_LONG = 330
_TRUTHS: dict[bool | None, State] = {True: "true", False: "false", None: "unknown"}
_BEST_FIRST = STANDINGS[::-1]


def decision_picture(
    base: Knowledge,
    *,
    option: str | None = None,
    scenario: str | None = None,
    triage: bool = False,
    outcome: Outcome | None = None,
) -> Picture:
    """Draw the decision graph.

    Parameters
    ----------
    base
        The knowledge base.
    option, scenario
        The id of the one option or scenario that is wanted, or both.
    triage
        Whether only the decisions and scenarios are wanted.
    outcome
        What an assessment with this knowledge base says; its way is highlighted.
        Without option, scenario and triage, only the decisions on its way are drawn.

    Raises
    ------
    UnknownNameError
        When there is no such option or scenario.
    """
    drawn = _Drawn(base, outcome)
    if outcome is not None:
        drawn.add_raised(outcome.alerts)
    elif option is None and scenario is None and not triage:
        drawn.add_alerts()
    if option is not None:
        drawn.add_option(base.option(option), scenario)
    elif scenario is not None:
        drawn.add_scenario(base.scenario(scenario).id)
    elif triage:
        drawn.add_triage(base.decisions)
    elif outcome is not None:
        drawn.add_walk()
    else:
        drawn.add_all()
    drawn.lead_on()
    title = _title(base, option, scenario, triage=triage, case=outcome)
    return drawn.picture(Title(title, rests_on(stamp(base))))


def _title(
    base: Knowledge,
    option: str | None,
    scenario: str | None,
    *,
    triage: bool,
    case: Outcome | None,
) -> str:
    if option is not None:
        what = f"The rules of {base.options[option].label}"
        if scenario is not None:
            what += f" in: {base.scenarios[scenario].label}"
    elif scenario is not None:
        what = f"The way to: {base.scenarios[scenario].label}"
    elif triage or case is not None:
        what = "Which situation is it?"
    else:
        what = "The whole decision graph"
    how = ", with the way of this case" if case is not None else ""
    notice = base.about.notice if case is None else case.knowledge.notice
    return f"{what}{how} ({notice})"


class _Drawn:
    """What is drawn of a knowledge base, piece by piece."""

    def __init__(self, base: Knowledge, outcome: Outcome | None) -> None:
        self.base = base
        self.outcome = outcome
        self.words = Wording(base)
        self.truths = _truths(outcome)
        self.visited = [
            name for name in base.decisions if f"decision.{name}.1" in self.truths
        ]
        self.boxes: dict[str, Box] = {}
        self.edges: list[Edge] = []

    def picture(self, title: Title) -> Picture:
        text = "\n".join(self._outline())
        return Picture.of(drawing(self.boxes, self.edges, title), text)

    # -- alerts --

    def add_raised(self, alerts: Iterable[AlertSaid]) -> None:
        """Add the dangers of the case, before all else; none is only counted."""
        for band in bands(alerts):
            state: State = "danger" if band.certain else "unknown"
            text = band.line(lambda name, value: fact_of(name, value, self.base))
            word = "" if band.certain else "asked"
            caption = f"alert, {HOW_SOON[band.urgency]}"
            node = f"alert.{band.first.alert}"
            self.boxes[node] = Box(caption, text, (), state, word, width=_LONG)

    def add_alerts(self) -> None:
        """Add all dangers, by urgency."""
        for urgency in reversed(URGENCIES):
            rows = tuple(
                BoxRow(f"{self.words.condition(each.condition)}: {self._to(each)}")
                for each in self.base.alerts.values()
                if each.urgency == urgency
            )
            if rows:
                caption = f"alerts, {HOW_SOON[urgency]}"
                text = "Said first, whatever is decided"
                self.boxes[f"alerts.{urgency}"] = Box(caption, text, rows, width=_LONG)

    def _to(self, alert: Alert) -> str:
        return ", ".join(self.base.addressees[name].label for name in alert.to)

    def lead_on(self) -> None:
        """Let the dangers lead to what is drawn first after them."""
        dangers = [name for name in self.boxes if name.startswith("alert")]
        others = [name for name in self.boxes if not name.startswith("alert")]
        self.edges += [
            Edge(name, others[0], self.boxes[name].state) for name in dangers
        ]

    # -- triage --

    def add_triage(self, decisions: Iterable[str], *, rows: bool = False) -> None:
        for name in decisions:
            self._add_decision(self.base.decisions[name])
            for place, branch in enumerate(self.base.decisions[name].branch):
                self._add_branch(name, place, branch.to, rows=rows)

    def add_walk(self) -> None:
        """Add the decisions that were asked; answers that are false share a box."""
        for name in self.visited:
            self._add_decision(self.base.decisions[name])
            false = []
            for place, branch in enumerate(self.base.decisions[name].branch):
                if self._state(f"decision.{name}.{place + 1}") == "false":
                    clause = self._clause(name, place)
                    false.append(
                        BoxRow(f"{clause}: {self._target(branch.to)}", "false")
                    )
                else:
                    self._add_branch(name, place, branch.to, rows=False)
            if false:
                node = f"false.{name}"
                self.boxes[node] = Box("", "", tuple(false), "false", None, width=_LONG)
                self.edges.append(Edge(f"decision.{name}", node, "false"))

    def _target(self, name: str) -> str:
        if name in self.base.scenarios:
            return self.base.scenarios[name].label
        return self.base.decisions[name].ask

    def _clause(self, name: str, place: int) -> str:
        branch = self.base.decisions[name].branch[place]
        if branch.otherwise:
            return "otherwise"
        return f"if {self.words.condition(branch.condition)}"

    def _add_decision(self, decision: Decision) -> None:
        node = f"decision.{decision.id}"
        asked = decision.id in self.visited
        state: State = ""
        if asked:
            open_ = None in [
                self.truths[f"{node}.{place + 1}"]
                for place in range(len(decision.branch))
            ]
            state = "unknown" if open_ else "true"
        word = {"true": "asked", "unknown": "asked, not known"}.get(state, "")
        self.boxes[node] = Box("decision", decision.ask, (), state, word, width=_WIDE)

    def _add_branch(self, name: str, place: int, to: str, *, rows: bool) -> None:
        label = f"branch.{name}.{place + 1}"
        state = self._state(f"decision.{name}.{place + 1}")
        clause = self._clause(name, place)
        self.boxes[label] = Box("", clause, (), state, shape="label", width=160)
        self.edges.append(Edge(f"decision.{name}", label, state))
        target = f"decision.{to}"
        if to in self.base.scenarios:
            target = f"scenario.{to}"
            self._add_situation(to, rows=rows)
        elif target not in self.boxes:
            self._add_decision(self.base.decisions[to])
        self.edges.append(Edge(label, target, state))

    def _add_situation(self, name: str, *, rows: bool = False) -> None:
        scenario = self.base.scenarios[name]
        listed: list[BoxRow] = []
        for standing in _BEST_FIRST[:-1] if rows else ():
            named = getattr(scenario, standing)
            if named:
                options = ", ".join(self.base.options[each].label for each in named)
                listed.append(BoxRow(f"{spaced(standing)}: {options}"))
        state, word = self._reached(name)
        self.boxes[f"scenario.{name}"] = Box(
            "situation",
            scenario.label,
            tuple(listed),
            state,
            word,
            shape="round",
            width=_WIDE if rows else 170,
        )

    def _reached(self, name: str) -> tuple[State, str]:
        if self.outcome is None:
            return "", ""
        if name not in self.outcome.scenarios:
            return "false", "not reached"
        if len(self.outcome.scenarios) == 1:
            return "true", "reached"
        return "unknown", "still possible"

    # -- one scenario --

    def add_scenario(self, name: str) -> None:
        way = part(build(self.base), scenario=name)
        for node in of_kind(way, "decision"):
            self._add_way(way, node.removeprefix("decision."))
        self._add_situation(name)
        self._add_standings(
            {
                standing: [
                    BoxRow(self.base.options[each].label)
                    for each in getattr(self.base.scenarios[name], standing)
                ]
                for standing in _BEST_FIRST
            },
            "options: ",
            start=f"scenario.{name}",
        )

    def _add_way(self, way: Graph, name: str) -> None:
        """Add a decision with the branches that lead where the way goes."""
        self._add_decision(self.base.decisions[name])
        for place, branch in enumerate(self.base.decisions[name].branch):
            if f"decision.{branch.to}" in way or f"scenario.{branch.to}" in way:
                self._add_branch(name, place, branch.to, rows=False)

    def _add_standings(
        self,
        listed: Mapping[str, list[BoxRow]],
        lead: str,
        *,
        start: str = "",
        end: str = "",
    ) -> None:
        for standing, rows in listed.items():
            if not rows:
                continue
            node = f"standing.{standing}"
            title = f"{lead}{spaced(standing)}"
            known = [row.state for row in rows]
            state: State = ""
            for value in ("unknown", "true"):
                state = value if value in known else state
            self.boxes[node] = Box("", title, tuple(rows), state, None, width=_WIDE)
            if start:
                self.edges.append(Edge(start, node, state))
            if end:
                self.edges.append(Edge(node, end, state))

    # -- one option --

    def add_option(self, option: Option, scenario: str | None) -> None:
        names = self.base.scenarios if scenario is None else [scenario]
        if scenario is not None:
            self.base.scenario(scenario)
        node = f"option.{option.id}"
        self._add_standings(self._standing_of(option, names), "situations: ", end=node)
        self.boxes[node] = Box("option", option.label, width=_WIDE)
        verdict, state = self._verdict(option.id)
        for kind, title in RULES.items():
            rows = self._rules(gate for gate in option.gate if gate.kind == kind)
            if rows:
                self._add_rules(node, kind, title, rows)
        self.boxes["verdict"] = Box("verdict", verdict, (), state, None, width=_WIDE)
        if not any(edge.end == "verdict" for edge in self.edges):
            self.edges.append(Edge(node, "verdict"))

    def _standing_of(
        self, option: Option, names: Iterable[str]
    ) -> dict[str, list[BoxRow]]:
        listed: dict[str, list[BoxRow]] = {standing: [] for standing in _BEST_FIRST}
        for name in names:
            state, _ = self._reached(name)
            standing = STANDINGS[self.base.scenarios[name].ranks[option.id]]
            if state != "false":
                listed[standing].append(BoxRow(self.base.scenarios[name].label, state))
        return listed

    def _rules(self, gates: Iterable[Gate]) -> list[BoxRow]:
        rows = []
        false = 0
        for gate in gates:
            state = self._state(f"gate.{gate.name}")
            when = gate.condition
            clause = "always" if when is None else self.words.condition(when)
            if state == "false":
                false += 1
            else:
                rows.append(BoxRow(clause, state))
        if false:
            other = "other " if rows else ""
            rows.append(BoxRow(f"{false} {other}rule{'s' * (false != 1)}", "false"))
        return rows

    def _add_rules(
        self, option: str, kind: str, title: str, rows: list[BoxRow]
    ) -> None:
        node = f"rules.{kind}"
        states = [row.state for row in rows]
        state: State = "true" if "true" in states else ""
        state = "unknown" if "unknown" in states and not state else state
        self.boxes[node] = Box("rules", title, tuple(rows), state, None, width=_WIDE)
        self.edges += [Edge(option, node, state), Edge(node, "verdict", state)]

    def _verdict(self, option: str) -> tuple[str, State]:
        if self.outcome is None:
            return "offered, withheld, excluded or not indicated", ""
        for place in self.outcome.ranking:
            if place.option == option:
                standing = spaced(place.standing)
                return f"offered: {standing}, place {place.rank}", "true"
        for each in self.outcome.withheld:
            if each.option == option:
                return f"withheld: ask {', '.join(each.asks_for)}", "unknown"
        for verdict in ("excluded", "not_indicated", "unavailable"):
            if option in [each.option for each in getattr(self.outcome, verdict)]:
                return spaced(verdict), "false"
        return "not part of this assessment", ""

    # -- everything --

    def add_all(self) -> None:
        self.add_triage(self.base.decisions, rows=True)
        rows = tuple(
            BoxRow(f"{option.label}: {_counted(option)}")
            for option in self.base.options.values()
        )
        text = "Every situation leads to all of these, each with its own rules"
        self.boxes["options"] = Box("options", text, rows, width=640)

    # -- states and words --

    def _state(self, node: str) -> State:
        return _TRUTHS[self.truths[node]] if node in self.truths else ""

    def _outline(self) -> Iterator[str]:
        """What is drawn: each box, what stands in it, and where it leads."""
        leads: dict[str, list[str]] = {}
        for edge in self.edges:
            leads.setdefault(edge.start, []).append(edge.end)
        for node, box in self.boxes.items():
            if box.shape == "label" or not box.text:
                continue
            yield from wrapped(_heading(box), "", "    ")
            yield from _listed(box, "  - ")
            for end in leads.get(node, []):
                if self.boxes[end].text:
                    yield from wrapped(self._lead(end, leads), "  > ")
                else:
                    yield from _listed(self.boxes[end], "  > ")

    def _lead(self, end: str, leads: Mapping[str, Sequence[str]]) -> str:
        box = self.boxes[end]
        if box.shape != "label":
            return box.text
        target = self.boxes[leads[end][0]]
        state = f"[{STATES[box.state]}] " if box.state else ""
        return f"{state}{box.text}: {target.text}"


def _listed(box: Box, lead: str) -> Iterator[str]:
    for row in box.rows:
        state = f"[{STATES[row.state]}] " if row.state else ""
        yield from wrapped(f"{state}{row.text}", lead)


def _heading(box: Box) -> str:
    word = state_word(box)
    caption = f"{capital(box.caption)}: " if box.caption else ""
    return f"{caption}{box.text}{f' [{word}]' if word else ''}"


def _truths(outcome: Outcome | None) -> dict[str, bool | None]:
    steps = outcome.trace if outcome is not None else ()
    return {step.node: step.truth for step in steps}


def _counted(option: Option) -> str:
    counts = dict.fromkeys(RULES, 0)
    for gate in option.gate:
        counts[gate.kind] += 1
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
