"""A Sphinx extension: the example cases as cards, each opened in the page for trying.

What a card says is assessed when the site is built. Where `make try` has built that
page, it becomes a part of the site, and the cards lead to it; where not, they say so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from docs._ext.example_cases import ExampleCase, example_cases
from docs._ext.markdown import page, plain
from milia_cds import Assessment, Knowledge, assess, load_knowledge
from milia_cds.knowledge.wording import capital

PAGE = "tutorial/gallery"
MARK = "% The cards stand here."
BUILT = Path(__file__).parents[2] / "build" / "try"
BEGIN = '<a class="reference external" href="../try/index.html{}">{}</a>'
NOT_BUILT = "`make try`, then `make docs`, makes the page that opens them."
SHOWN = 3
"""So many options are named."""


def gallery(base: Knowledge, *, built: bool) -> str:
    """The cards of the example cases of which something is known.

    Parameters
    ----------
    base
        The knowledge base that assesses them.
    built
        Whether there is a page that opens them.
    """
    known = [each for each in example_cases() if each.data]
    cards = [_card(base, each, _way(each) if built else "") for each in known]
    begin = BEGIN.format("", "Open the page with nothing known") if built else NOT_BUILT
    grid = page("::::{grid} 1 1 2 3\n:gutter: 3", *cards, "::::")
    return page(begin, grid)


def _way(example: ExampleCase) -> str:
    words = f"Try \u201c{example.title.lower()}\u201d"
    return BEGIN.format(f"#example={example.name}", words)


def _card(base: Knowledge, example: ExampleCase, way: str) -> str:
    answer = assess(base.case(example.data), base)
    return page(
        f":::{{grid-item-card}} {plain(example.title)}",
        f"{capital(plain(example.situation))}.",
        *_said(answer, base),
        way,
        ":::",
    )


def _said(answer: Assessment, base: Knowledge) -> Iterator[str]:
    """What to do, the dangers, and the options that come first or wait."""
    certain = [each for each in answer.alerts if each.certain]
    if certain:
        yield f"**Alert**: {plain(certain[0].text)}"
    yield f"**{plain(answer.disposition.headline)}**"
    first = [base.options[place.option].label for place in answer.ranking[:SHOWN]]
    if answer.disposition.action == "refer":
        first = []  # what may be done there is not for a card to say
    yield "\n".join(f"{place}. {plain(name)}" for place, name in enumerate(first, 1))
    if answer.withheld:
        asks = dict.fromkeys(fact for each in answer.withheld for fact in each.asks)
        names = ", ".join(base.facts[fact].label for fact in [*asks][:SHOWN])
        yield f"Withheld until more is known: {len(answer.withheld)} ({plain(names)})."


def _put(app: Sphinx, name: str, source: list[str]) -> None:
    if name == PAGE:
        base = load_knowledge(app.config.milia_knowledge)
        source[0] = source[0].replace(MARK, gallery(base, built=_is_built()))


def _is_built() -> bool:
    return (BUILT / "index.html").exists()


def _always_read(_app: Sphinx, _env: BuildEnvironment, *_names: set[str]) -> list[str]:
    return [PAGE]  # the page that it leads to may have been built since


def _copy(app: Sphinx, failed: Exception | None) -> None:
    if failed is None and app.builder.format == "html" and _is_built():
        shutil.copytree(BUILT, Path(app.outdir) / "try", dirs_exist_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", _put)
    app.connect("env-get-outdated", _always_read)
    app.connect("build-finished", _copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
