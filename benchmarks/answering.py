"""What an installed release of the library answers, for `benchmarks.against`.

    python answering.py [--full] < ORDERS > ANSWERS

An order is a line of JSON: `id`, and either a `case` with `views`, the names of those
wanted, or a `command`, the arguments of `milia-cds`. Its answer is a line with the same
`id` and, by view, the digest of a text, or with `--full` the text itself. The digest of
the knowledge is left out of every text.

Any release must be able to run this file: it uses public names alone, and imports
nothing that stands beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import milia_cds
from milia_cds import Assessment, Case, MiliaError, assess, load_knowledge

MASK = "(digest)"

VIEWS: Mapping[str, Callable[[Assessment], str]] = {
    "json": Assessment.to_json,
    "short": Assessment.text,
    "full": lambda answer: answer.text(detail="full"),
    "card": lambda answer: str(answer._repr_html_()),
    "leaflet": lambda answer: "\n".join(_leaflets(answer)),
    "grid": lambda answer: str(milia_cds.option_grid(answer)),
    "bars": lambda answer: milia_cds.contributions(answer).svg,
}
"""Every way of showing an assessment that is compared, by name."""


def answered(order: Mapping[str, Any]) -> dict[str, str]:
    """The texts that answer an order, by view; a refusal is an answer too."""
    if "command" in order:
        return {"printed": _printed(order["command"])}
    try:
        answer = assess(Case.from_dict(order["case"]))
        return {view: VIEWS[view](answer) for view in order["views"]}
    except MiliaError as refused:
        return {"refused": f"{type(refused).__name__}: {refused}"}
    except Exception as broken:  # noqa: BLE001 - one case must not end a run of hours
        return {"broken": f"{type(broken).__name__}: {broken}"}


def _leaflets(answer: Assessment) -> Iterator[str]:
    """The leaflets of the first and the last option of the ranking."""
    options = [place.option for place in answer.ranking]
    for option in dict.fromkeys((*options[:1], *options[-1:])):
        yield str(milia_cds.leaflet(answer, option))


def _printed(arguments: list[str]) -> str:
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-P", "-m", "milia_cds.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    return f"{done.returncode}\n{done.stdout}\n{done.stderr}"


def main() -> None:
    """Answer every order."""
    full = "--full" in sys.argv
    digest = load_knowledge().digest
    for line in sys.stdin:
        order = json.loads(line)
        masked = {
            view: text.replace(digest, MASK) for view, text in answered(order).items()
        }
        if not full:
            masked = {view: _digest(text) for view, text in masked.items()}
        print(json.dumps({"id": order["id"], "views": masked}), flush=True)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    main()
