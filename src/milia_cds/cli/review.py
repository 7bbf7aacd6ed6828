"""The command `milia-cds review`: what a clinician judges, and what is then signed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import attrs

from milia_cds import examples
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.stated import AnyCase
from milia_cds.check.review import review_pack
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.streams import InputError, portable
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.sheets.pack import (
    From,
    Pack,
    foot_line,
    pack_sheet,
    signatures_to_fill,
)
from milia_cds.render.style import pack_paper
from milia_cds.render.writers.html import as_page
from milia_cds.render.writers.markdown import as_markdown


def run(asked: argparse.Namespace) -> None:
    """Print the review pack, or the signatures to fill in."""
    base = load_knowledge(asked.knowledge)
    cases, drawn_from = _cases(asked.cases, base)
    pack = review_pack(base, cases, drawn_from=drawn_from, whole=asked.all)
    pack = attrs.evolve(pack, overdue=say_overdue(base))
    print(_written(pack, asked.format), end="")


def _written(pack: Pack, format_: str) -> str:
    if format_ == "toml":
        return signatures_to_fill(pack)
    sheet = pack_sheet(pack)
    if format_ == "markdown":
        return as_markdown(sheet)
    return portable(as_page(sheet, pack_paper(foot_line(pack))))


def _cases(folder: str | None, base: Knowledge) -> tuple[Mapping[str, AnyCase], From]:
    """The cases from which patients are chosen, and where they come from."""
    if folder is not None:
        return _vignettes(folder, base), "vignettes"
    if base.vocabulary.domain == load_knowledge().vocabulary.domain:
        return {name: examples.case(name) for name in examples.names()}, "examples"
    return {}, "none"


def _vignettes(folder: str, base: Knowledge) -> Mapping[str, AnyCase]:
    try:
        from milia_cds.testing.vignettes import load_vignettes  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise InputError(str(missing)) from None
    if not Path(folder).is_dir():
        message = f"{folder}: there is no such folder; name that of the vignettes"
        raise InputError(message)
    read = load_vignettes(folder, base)
    return {each.id: base.case(each.case_data) for each in read}
