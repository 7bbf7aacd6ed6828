"""Options that several commands take."""

from __future__ import annotations

import argparse

from milia_cds.cli.usage import Parser


def take_case(command: Parser) -> None:
    """The facts of a case, and the file that they go before."""
    command.add_argument(
        "given",
        metavar="CASE",
        nargs="*",
        help="what is known: a JSON file, or - for standard input, and facts such as "
        "age=34 site=cheek inr=unknown, which go before what the file says",
    )


def take_knowledge(command: Parser) -> None:
    """Another folder of knowledge, and the policy laid over it."""
    take_folder(command)
    take_policy(command)


def take_folder(command: Parser) -> None:
    """Another folder of knowledge."""
    command.add_argument(
        "--knowledge",
        metavar="FOLDER",
        help="another knowledge base than the one that comes with the library",
    )


def take_policy(command: Parser) -> None:
    """The policy of a clinic."""
    command.add_argument(
        "--policy",
        metavar="FILE",
        help="the local policy of a clinic, which may only tighten the knowledge",
    )


def take_format(command: Parser) -> None:
    """What a page is written in, and where it goes."""
    command.add_argument(
        "--format",
        choices=("html", "markdown"),
        default="html",
        help="what it is written in (default: html)",
    )
    take_output(command)


def take_detail(command: Parser, what: str = "the text") -> None:
    """How much is said."""
    command.add_argument(
        "--detail",
        choices=("brief", "short", "standard", "full"),
        default="brief",
        help=f"how much {what} says (default: brief)",
    )


def take_output(command: Parser) -> None:
    """The file that is written instead of printing."""
    command.add_argument(
        "-o", "--output", metavar="FILE", help="write it there instead of printing it"
    )


def take_record(
    command: Parser,
    patient: str = "which patient of a FHIR record, such as Patient/1, where there "
    "are two",
) -> None:
    """What says which of a FHIR record is read, and for which day."""
    command.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day to which a FHIR record is read, such as 2026-05-01 (default: "
        "today)",
    )
    command.add_argument(
        "--patient",
        dest="patient_id",
        metavar="ID",
        help=patient,
    )
    command.add_argument(
        "--condition",
        metavar="ID",
        help="which condition of a FHIR record the case is about, such as Condition/1",
    )


class FromRecord(argparse.Action):
    """Takes the file of a record, and leads to the command that reads it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the name of the file."""
        del parser, option_string
        setattr(namespace, self.dest, values)
        namespace.home = "fhir:print_assessment"
