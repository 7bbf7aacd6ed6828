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


def take_service(command: Parser) -> None:
    """How CDS Hooks are served: to whom, where, and what is kept."""
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
