"""The command `milia-cds assess`: a case in, its assessment out."""

from __future__ import annotations

import argparse

from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.details import JSON_DETAILS, JsonDetail
from milia_cds.cli.cases import assessed
from milia_cds.cli.streams import InputError, colour
from milia_cds.errors import quoted
from milia_cds.render.lines import DETAILS, Detail
from milia_cds.render.text import sheet_of


def run(asked: argparse.Namespace) -> None:
    """Print the assessment of the case in a file."""
    show(assessed(asked), asked)


def show(answer: Assessment, asked: argparse.Namespace) -> None:
    """Print an assessment as it was asked for: as text, in tables, or as JSON."""
    if asked.json and asked.rich:
        message = "--json and --rich are two forms; give one of them"
        raise InputError(message)
    if asked.json:
        print(answer.to_json(_json_detail(asked.detail), indent=2))
    elif asked.rich:
        _print_richly(answer, _text_detail(asked.detail))
    else:
        print(answer.text(detail=_text_detail(asked.detail), colour=colour()))


def _json_detail(detail: str | None) -> JsonDetail:
    for known in JSON_DETAILS:
        if known == (detail or "full"):
            return known
    message = f"{quoted(detail)} is a detail of the text; with --json use one of "
    raise InputError(f"{message}{', '.join(JSON_DETAILS)}")


def _text_detail(detail: str | None) -> Detail:
    for known in DETAILS:
        if known == (detail or "brief"):
            return known
    message = f"{quoted(detail)} is a detail of JSON; without --json use one of "
    raise InputError(f"{message}{', '.join(DETAILS)}")


def _print_richly(answer: Assessment, detail: Detail) -> None:
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra

        from milia_cds.render.writers.terminal import print_sheet  # noqa: PLC0415 - an extra
    except ImportError:
        message = (
            "--rich needs the package rich: pip install 'milia-cds[rich]'; without "
            "--rich the text says the same"
        )
        raise InputError(message) from None
    sheet = sheet_of(answer.to_show, answer.base(), detail)
    print_sheet(sheet, Console(no_color=not colour()), detail)
