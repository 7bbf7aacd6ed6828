"""The command `milia-cds ledger`, and what may be done with one."""

from __future__ import annotations

from milia_cds.cli.commands import add_command
from milia_cds.cli.options import take_case, take_knowledge, take_output
from milia_cds.cli.usage import Commands, Parser

_LEDGER = "a ledger: a file, or the address of a database, such as postgresql:///clinic"


def add_ledger(commands: Commands[Parser]) -> None:
    """Decisions that are kept."""
    text = "keep decisions, make them again, and see that none was changed"
    command = add_command(commands, "ledger", "ledger:print_head", text)
    several = command.add_subparsers(
        title="what to do",
        metavar="WHAT",
        dest="what",
        required=True,
        parser_class=Parser,
    )
    _add_record(several)
    _add_replay(several)
    _add_verify(several)
    _add_part(several, "head", "print the number and the digest of the newest entry")
    _add_diff(several)
    _add_export(several)
    _add_import(several)
    _add_erase(several)
    _add_events(several)
    _add_schema(several)


def _add_part(
    several: Commands[Parser], name: str, text: str, more: str = ""
) -> Parser:
    """A command that is given a ledger first."""
    home = f"ledger:print_{name}"
    part = add_command(several, f"ledger {name}", home, text, more)
    part.add_argument("ledger", metavar="LEDGER", help=_LEDGER)
    return part


def _add_record(several: Commands[Parser]) -> None:
    text = "decide a case, record the decision, and print the id of its entry"
    more = "A file that ends in .jsonl has a case a line; all are recorded."
    record = _add_part(several, "record", text, more)
    take_case(record)
    record.add_argument(
        "--key", metavar="KEY", help="what you know it by: recorded once, however often"
    )
    record.add_argument(
        "--subject",
        metavar="PSEUDONYM",
        help="the patient, by a pseudonym of yours; needed to erase it later",
    )
    record.add_argument(
        "--at",
        metavar="TIME",
        help="when it is made, such as 2026-05-01T09:30:00+00:00 (default: now)",
    )
    take_knowledge(record)


def _add_replay(several: Commands[Parser]) -> None:
    text = "make decisions again by the knowledge of their time, and compare"
    replay = _add_part(several, "replay", text)
    replay.add_argument(
        "ids", metavar="ID", nargs="*", help="the ids of entries (default: all)"
    )


def _add_verify(several: Commands[Parser]) -> None:
    text = "see that a ledger is whole, and make every decision again"
    verify = _add_part(several, "verify", text)
    verify.add_argument(
        "--head",
        metavar="NUMBER:DIGEST",
        help="what `ledger head` printed before, and was kept elsewhere",
    )
    verify.add_argument(
        "--independent",
        action="store_true",
        help="check every decision by a program that shares nothing with the engine "
        "too; it takes a second for each",
    )


def _add_diff(several: Commands[Parser]) -> None:
    text = "say what is otherwise in the stored cases by another knowledge, and why"
    diff = _add_part(several, "diff", text, "It needs the extra cohort.")
    what = "a folder of knowledge, or a bundle"
    diff.add_argument("before", metavar="OLD", help=f"the knowledge before: {what}")
    diff.add_argument("after", metavar="NEW", help=f"the knowledge after: {what}")


def _add_export(several: Commands[Parser]) -> None:
    text = "print a ledger as lines of JSON"
    take_output(_add_part(several, "export", text))


def _add_import(several: Commands[Parser]) -> None:
    text = "read what `ledger export` wrote, into a ledger that is new or a part of it"
    part = _add_part(several, "import", text)
    part.add_argument("lines", metavar="FILE", help="the file that was exported")


def _add_erase(several: Commands[Parser]) -> None:
    text = "take away all that is stored of a patient"
    more = "The chain stays whole, and says that it was erased."
    erase = _add_part(several, "erase", text, more)
    erase.add_argument(
        "subject", metavar="PSEUDONYM", help="the patient, as decisions were recorded"
    )


def _add_events(several: Commands[Parser]) -> None:
    text = "print what followed a decision, or all entries"
    events = _add_part(several, "events", text)
    events.add_argument(
        "id", metavar="ID", nargs="?", help="the id of a decision (default: all)"
    )


def _add_schema(several: Commands[Parser]) -> None:
    text = "print the tables and triggers of a ledger"
    home = "ledger:print_schema"
    schema = add_command(several, "ledger schema", home, text)
    schema.add_argument(
        "--postgres", action="store_true", help="those on a server of PostgreSQL"
    )
