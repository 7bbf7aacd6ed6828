"""The command `milia-cds assess`: a case in, its assessment out."""

from __future__ import annotations

import argparse
from typing import get_args

from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.details import JSON_DETAILS, JsonDetail
from milia_cds.cli.cases import assessed
from milia_cds.cli.streams import InputError, colour
from milia_cds.errors import quoted
from milia_cds.render.lines import Detail


def run(asked: argparse.Namespace) -> None:
    """Print the assessment of the case in a file."""
    answer = assessed(asked)
    if asked.json:
        print(answer.to_json(_json_detail(asked.detail), indent=2))
    elif asked.rich:
        _print_richly(answer)
    else:
        print(answer.text(detail=_text_detail(asked.detail), colour=colour()))


def _json_detail(detail: str | None) -> JsonDetail:
    for known in JSON_DETAILS:
        if known == (detail or "full"):
            return known
    message = f"{quoted(detail)} is a detail of the text; with --json use one of "
    raise InputError(f"{message}{', '.join(JSON_DETAILS)}")


def _text_detail(detail: str | None) -> Detail:
    for known in get_args(Detail):
        if known == (detail or "short"):
            text_detail: Detail = known
            return text_detail
    message = f"{quoted(detail)} is a detail of JSON; without --json use one of "
    raise InputError(f"{message}{', '.join(get_args(Detail))}")


def _print_richly(answer: Assessment) -> None:
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra

        from milia_cds.render.terminal import print_assessment  # noqa: PLC0415
    except ImportError:
        message = (
            "--rich needs the package rich: pip install 'milia-cds[rich]'; without "
            "--rich the text says the same and more"
        )
        raise InputError(message) from None
    console = Console(no_color=not colour())
    print_assessment(answer.to_show, console, answer.base())
