"""The command `milia-cds assess`: a case in, its assessment out."""

from __future__ import annotations

import argparse

from milia_cds.assessment.assessment import Assessment
from milia_cds.cli.cases import assessed
from milia_cds.cli.streams import InputError, colour


def run(asked: argparse.Namespace) -> None:
    """Print the assessment of the case in a file."""
    answer = assessed(asked)
    if asked.json:
        print(answer.to_json(indent=2))
    elif asked.rich:
        _print_richly(answer)
    else:
        print(answer.text(detail=asked.detail, colour=colour()))


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
