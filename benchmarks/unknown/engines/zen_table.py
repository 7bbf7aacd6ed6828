"""The rule as a first-hit decision table, and as an expression, of zen-engine."""

import json
from typing import Any

import zen
from trial import trial

ENGINE = zen.ZenEngine()


def table(second_row: str) -> str:
    """A decision with two rows: pregnant, avoid; then this one, give."""
    rows = [{"_id": "1", "i": "true", "o": '"avoid"'}]
    rows.append({"_id": "2", "i": second_row, "o": '"give"'})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "i", "name": "pregnant", "field": "pregnant"}],
        "outputs": [{"id": "o", "name": "advice", "field": "advice"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "t", "name": "t", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "t"), ("t", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def by_table(second_row: str, case: dict[str, Any]) -> object:
    """Evaluate the table."""
    decision = ENGINE.create_decision(table(second_row))
    return decision.evaluate(case)["result"].get("advice")


trial("table, first hit; second row `-`", lambda case: by_table("", case))
trial("table, first hit; second row `not(true)`", lambda c: by_table("not(true)", c))
trial("table, first hit; second row `false`", lambda c: by_table("false", c))
for text in (
    "pregnant == true ? 'avoid' : 'give'",
    "pregnant ? 'avoid' : 'give'",
):
    trial(f"`{text}`", lambda case, text=text: zen.evaluate_expression(text, case))
