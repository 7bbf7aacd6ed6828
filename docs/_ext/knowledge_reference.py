"""A Sphinx extension that writes the reference of the knowledge base, and links to it.

The pages are made from the loaded knowledge whenever the site is built and are not
committed, so they cannot be out of date. A page that did not change is not written
again, so that Sphinx need not read it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from docs._ext.case_pages import case_pages
from docs._ext.claim_pages import claim_pages
from docs._ext.fact_pages import fact_pages
from docs._ext.gated_pages import gated_pages
from docs._ext.markdown import anchor
from docs._ext.places import rule_of
from docs._ext.saying import Saying
from docs._ext.shared_pages import shared_pages
from docs._ext.triage_pages import TRIAGE, triage_pages
from docs.generate import called
from milia_cds import Knowledge, decision_graph, load_knowledge
from milia_cds.case.milia import FACTS, SECTIONS
from milia_cds.case.sections import kinds_of

FOLDER = "reference/knowledge"
COMMITTED = {"reference/articles", "reference/rules"}
NOTICE = "<!-- Made from the knowledge base when the site is built; do not edit. -->"


def pages(base: Knowledge) -> Iterator[tuple[str, str]]:
    """Every page by its name below the folder, without the suffix."""
    say = Saying.of(base)
    for make in (claim_pages, fact_pages, triage_pages, gated_pages, shared_pages):
        yield from make(say)
    yield from case_pages(say.cases)


def pictures(base: Knowledge) -> Iterator[tuple[str, str]]:
    """Every picture by its name below the folder."""
    yield TRIAGE, decision_graph(base, triage=True).svg
    for option in base.options:
        yield f"pictures/{option}.svg", decision_graph(base, option=option).svg


def files(base: Knowledge) -> dict[str, str]:
    """The pages and pictures of a knowledge base, by the names of their files."""
    made = {f"{name}.md": f"{NOTICE}\n\n{text}" for name, text in pages(base)}
    return made | dict(pictures(base))


def write(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the files that changed, and remove those that are no more.

    Returns
    -------
    list
        The files written.
    """
    made = {folder / name: text for name, text in files.items()}
    for old in {*folder.rglob("*.md"), *folder.rglob("*.svg")} - made.keys():
        old.unlink()
    changed = [path for path, text in made.items() if _differs(path, text)]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    return changed


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def _generate(app: Sphinx, config: Config) -> None:
    base = load_knowledge(config.milia_knowledge)
    write(files(base), Path(app.srcdir) / FOLDER)


def _link_names(app: Sphinx, page: str, source: list[str]) -> None:
    """Link what the committed pages of rows and articles name."""
    if page in COMMITTED:
        labels = names_and_labels(load_knowledge(app.config.milia_knowledge))
        source[0] = linked(source[0], labels)


def linked(text: str, labels: Mapping[str, str]) -> str:
    """Link every name in backticks that has a label."""

    def link_to(found: re.Match[str]) -> str:
        name = found[1]
        return f"[`{name}`](#{labels[name]})" if name in labels else found[0]

    return re.sub(r"`([a-z_]+(?:\.\w+(?:\[\d+\])?)?)`", link_to, text)


def names_and_labels(base: Knowledge) -> dict[str, str]:
    """What the committed pages may name, and the label of each."""
    by_kind = {
        "gate": [gate.name for gate in base.gates() if not gate.place],
        "fact": FACTS,
        "scenario": base.scenarios,
        "option": base.options,
        "advice": [each.id for each in base.advice],
    }
    shared = [gate for gate in base.gates() if gate.place]
    return {called(gate): anchor("rule", rule_of(gate)) for gate in shared} | {
        name: anchor(kind, name) for kind, names in by_kind.items() for name in names
    }


def _describe_facts(
    app: Sphinx, what: str, _name: str, thing: object, _options: Any, lines: list[str]
) -> None:
    if what == "class" and thing in SECTIONS.values():
        base = load_knowledge(app.config.milia_knowledge)
        lines += parameters(thing, base)


def parameters(section: Any, base: Knowledge) -> Iterator[str]:
    """Say of each attribute of a section what fact it is, with its kind and bounds."""
    yield from ("", "Parameters", "----------")
    for fact in kinds_of(section):
        name = f"{section.SECTION}.{fact}"
        label = base.facts[name].label
        yield fact
        yield f"    {label}: {FACTS[name]}. See :ref:`{name} <{anchor('fact', name)}>`."


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_config_value("milia_knowledge", None, "env", types=(str, type(None)))
    app.connect("config-inited", _generate)
    app.connect("source-read", _link_names)
    # Before napoleon, which reads the parameters.
    app.connect("autodoc-process-docstring", _describe_facts, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
