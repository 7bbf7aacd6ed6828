"""The command `milia-cds ledger diff`: whom a change of the knowledge moves."""

from __future__ import annotations

import argparse

from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.ledger import DoneSoFar, opened
from milia_cds.cli.streams import InputError

try:
    from milia_cds.adapters.ledger.moves import stored_diff
except ImportError as missing:
    raise InputError(str(missing)) from missing


def print_diff(asked: argparse.Namespace) -> None:
    """Print what is otherwise in the stored cases, and why."""
    before, after = (load_knowledge(each) for each in (asked.before, asked.after))
    done = DoneSoFar("cases")
    with opened(asked) as ledger:
        found = stored_diff(ledger, before, after, heard=done)
    done.end()
    print(found)
