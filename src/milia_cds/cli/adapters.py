"""The commands of the adapters: FHIR, CDS Hooks, many cases at once, the ledger."""

from __future__ import annotations

from milia_cds.cli.commands import add_command
from milia_cds.cli.options import (
    take_case,
    take_folder,
    take_knowledge,
    take_output,
    take_record,
)
from milia_cds.cli.usage import Commands, Parser

_LEDGER = "a ledger: a file, or the address of a database, such as postgresql:///clinic"


def add_fhir(commands: Commands[Parser]) -> None:
    """FHIR: a record read, questions and answers written."""
    text = "read a FHIR record as a case, and write questions and answers"
    command = add_command(commands, "fhir", "fhir:print_reading", text)
    several = command.add_subparsers(
        title="what to do",
        metavar="WHAT",
        dest="what",
        required=True,
        parser_class=Parser,
    )
    _add_fhir_read(several)
    _add_fhir_questionnaire(several)
    _add_fhir_write(several)


def _add_fhir_read(several: Commands[Parser]) -> None:
    text = "say for every fact which resource says it, or why it is not known"
    more = "The case as JSON follows."
    read = add_command(several, "fhir read", "fhir:print_reading", text, more)
    read.add_argument(
        "bundle",
        metavar="BUNDLE",
        help="a Bundle, a list of resources or an object of prefetch keys: a JSON "
        "file, or - for standard input",
    )
    read.add_argument("--json", action="store_true", help="print JSON, not text")
    take_record(read)
    take_knowledge(read)


def _add_fhir_questionnaire(several: Commands[Parser]) -> None:
    text = "print the questions about a case as a FHIR Questionnaire"
    more = "What is known is filled in."
    home = "fhir_out:print_questionnaire"
    form = add_command(several, "fhir questionnaire", home, text, more)
    take_case(form)
    take_output(form)
    take_folder(form)


def _add_fhir_write(several: Commands[Parser]) -> None:
    text = "print the assessment of a case, or of a FHIR record, as a FHIR Bundle"
    more = "It says what is decided: dangers, proposals and referrals."
    write = add_command(several, "fhir write", "fhir_out:print_bundle", text, more)
    take_case(write)
    write.add_argument(
        "--fhir",
        metavar="BUNDLE",
        help="read the case from a FHIR record: a JSON file, or - for standard input",
    )
    take_record(write, "whom it is about, such as Patient/1; needed")
    write.add_argument(
        "--at",
        metavar="TIME",
        help="when it is made, such as 2026-05-01T09:30:00+00:00 (default: now)",
    )
    take_output(write)
    take_knowledge(write)


def add_feedback(commands: Commands[Parser]) -> None:
    """What became of the cards of the service."""
    text = "say how often advice was accepted and overridden, and why"
    more = "It reads the file that `milia-cds serve --feedback` writes."
    command = add_command(commands, "feedback", "feedback:run", text, more)
    command.add_argument("file", metavar="FILE", help="a file of feedback")
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--comments",
        action="store_true",
        help="print what was written beside reports too; it may name patients",
    )


def add_cohort(commands: Commands[Parser]) -> None:
    """Many cases of a file."""
    text = "decide the cases of a file, many at once"
    more = (
        "A file ends in .parquet, .arrow, .csv or .jsonl. A column is a fact, such as "
        "lesion.site, or a struct of the facts of a section; an empty cell is "
        "not known."
    )
    command = add_command(commands, "cohort", "cohort:run", text, more)
    command.add_argument("cases", metavar="CASES", help="a file of cases, one a row")
    command.add_argument(
        "into", metavar="RESULTS", nargs="?", help="the file that is written"
    )
    command.add_argument(
        "--summary", action="store_true", help="print what the cases come to"
    )
    command.add_argument(
        "--against",
        metavar="FOLDER",
        help="print what differs under the knowledge there, in whom, and why",
    )
    command.add_argument(
        "--keep",
        metavar="COLUMN",
        nargs="+",
        default=[],
        help="columns that are handed on, such as id",
    )
    command.add_argument(
        "--assume-absent",
        metavar="SECTION",
        nargs="+",
        default=[],
        help="what was screened for in every case: a fact without a column is absent",
    )
    command.add_argument(
        "--strict",
        action="store_true",
        help="end at the first case that cannot be decided, instead of marking it",
    )
    take_knowledge(command)


def add_serve(commands: Commands[Parser]) -> None:
    """CDS Hooks: to whom, where, and what is kept."""
    text = "serve CDS Hooks to the record of a clinic"
    more = (
        "Production mode needs --base-url and --issuers: it answers signed tokens of "
        "trusted issuers, behind a proxy that encrypts. It needs the extra hooks."
    )
    command = add_command(commands, "serve", "serve:run", text, more)
    command.add_argument(
        "--development",
        action="store_true",
        help="try it: anybody on this machine may call, and nobody else; with "
        "--issuers whoever has a token",
    )
    command.add_argument(
        "--base-url",
        metavar="URL",
        help="where clients find it, https, such as https://cds.example.org/milia: "
        "the audience of their tokens, and the path below which it answers",
    )
    command.add_argument(
        "--issuers",
        metavar="FILE",
        help="a TOML file of the trusted issuers of tokens: a table [[issuer]] for "
        "each, with iss and jwks, the file of its keys",
    )
    command.add_argument(
        "--tokens-seen",
        metavar="FILE",
        help="an SQLite file of the tokens that were used, which several workers share",
    )
    command.add_argument(
        "--feedback",
        metavar="FILE",
        help="a file to which feedback is appended (default: none is kept)",
    )
    command.add_argument(
        "--origin",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="pages that may call from a browser, such as https://ehr.example.org; may "
        "be given again (default: none)",
    )
    command.add_argument(
        "--host",
        metavar="HOST",
        default="127.0.0.1",
        help="the address it listens on (default: 127.0.0.1)",
    )
    command.add_argument(
        "--port",
        metavar="PORT",
        type=int,
        default=8000,
        help="the port it listens on (default: 8000)",
    )
    command.add_argument(
        "--workers",
        metavar="COUNT",
        type=int,
        default=1,
        help="as many processes as answer (default: 1)",
    )
    take_knowledge(command)


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
