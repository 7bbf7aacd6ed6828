"""The command line: `milia-cds`.

Exit codes: 0 an answer, 2 bad input, 3 bad knowledge. Plain text in a pipe, colour on a
terminal only, none where NO_COLOR is set.

A command is imported when it is given, so that `assess` does not wait for the others.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

from milia_cds.cli.streams import SHIPPED_CASES, InputError
from milia_cds.errors import KnowledgeError, MiliaError
from milia_cds.version import VERSION

Run: TypeAlias = Callable[[argparse.Namespace], int | None]
"""Does what a command is for; what it gives is the exit code, `None` an answer."""

ANSWER, BAD_INPUT, BAD_KNOWLEDGE = 0, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        What follows the name of the program; `None` reads it from the process.

    Returns
    -------
    int
        0 an answer, 2 bad input, 3 bad knowledge.
    """
    _lenient_output()
    asked = _parser().parse_args(arguments)
    try:
        code = _command(asked.home)(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KnowledgeError as error:
        _complain(str(error))
        return BAD_KNOWLEDGE
    except (MiliaError, InputError) as error:
        _complain(str(error))
        return BAD_INPUT
    except BrokenPipeError:
        _close_quietly()
        return ANSWER
    except OSError as error:
        _close_quietly()
        _complain(f"the answer could not be written: {error.strerror or error}")
        return BAD_INPUT
    return ANSWER if code is None else code


def _command(home: str) -> Run:
    """The command that stands at a place, such as "show:print_grid"."""
    module, _, name = home.partition(":")
    run: Run = getattr(import_module(f"milia_cds.cli.{module}"), name)
    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="milia-cds",
        description="Clinical decision support for choosing a treatment for milia. "
        "Draft, not clinically reviewed.",
        epilog="Exit codes: 0 an answer, 2 bad input, 3 bad knowledge.",
    )
    parser.add_argument("--version", action="version", version=f"milia-cds {VERSION}")
    commands = parser.add_subparsers(prog="milia-cds", required=True, metavar="COMMAND")
    _add_assess(commands)
    _add_ask(commands)
    _add_check(commands)
    _add_graph(commands)
    schema = _add(
        commands, "schema", "show:print_schema", "print the JSON Schema of a case"
    )
    schema.add_argument(
        "--result", action="store_true", help="that of an assessment, as JSON, instead"
    )
    _with_folder(schema)
    explain = _add(
        commands,
        "explain",
        "show:print_explanation",
        "explain an option, a measure or an alert",
    )
    explain.add_argument("option", help="its id, such as extraction")
    _with_knowledge(explain)
    _add_detail(explain)
    _add_leaflet(commands)
    _add_grid(commands)
    _add_review(commands)
    facts = _add(
        commands, "facts", "show:print_facts", "list the facts that a case may state"
    )
    _with_knowledge(facts)
    return parser


def _add_review(commands: _Commands[argparse.ArgumentParser]) -> None:
    text = "print all that a clinician must sign, as a page to print or fill in"
    command = _add(commands, "review", "show:print_review", text)
    command.add_argument(
        "--format",
        choices=("html", "markdown"),
        default="html",
        help="what it is written in (default: html)",
    )
    _with_knowledge(command)


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name


def _add(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    home: str,
    text: str,
) -> argparse.ArgumentParser:
    description = f"{text[0].upper()}{text[1:]}."
    command = commands.add_parser(name, help=text, description=description)
    command.set_defaults(home=home)
    return command


def _with_knowledge(command: argparse.ArgumentParser) -> None:
    _with_folder(command)
    _with_policy(command)


def _with_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--knowledge",
        metavar="FOLDER",
        help="another knowledge base than the one that comes with the library",
    )


def _with_policy(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--policy",
        metavar="FILE",
        help="the local policy of a clinic, which may only tighten the knowledge",
    )


def _add_assess(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(commands, "assess", "assess:run", "assess the case in a JSON file")
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--rich",
        action="store_true",
        help="lay it out in tables as wide as the terminal (needs the extra rich)",
    )
    command.add_argument(
        "--detail",
        choices=("decision", "short", "standard", "full"),
        help="how much it says: as text short or full (default: short), as JSON "
        "decision, standard or full (default: full)",
    )
    _with_knowledge(command)


def _add_detail(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--detail",
        choices=("short", "full"),
        default="short",
        help="how much the text says (default: short)",
    )


def _add_ask(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(commands, "ask", "ask:run", "ask question by question, then assess")
    command.add_argument(
        "file", metavar="FILE", nargs="?", help="a case to begin with, as JSON"
    )
    command.add_argument(
        "--patient", action="store_true", help="put the questions to the patient"
    )
    command.add_argument(
        "--save", metavar="FILE", help="write the case there, also when stopping early"
    )
    command.add_argument(
        "--detail",
        choices=("short", "full"),
        default="short",
        help="how much the assessment says (default: short)",
    )
    _with_knowledge(command)


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    text = "examine a knowledge base and prove its guarantees"
    command = _add(commands, "check", "check:run", text)
    command.add_argument(
        "knowledge",
        metavar="FOLDER",
        nargs="?",
        help="its folder; the one that comes with the library when left out",
    )
    _with_policy(command)
    _add_examinations(command)
    _add_detail(command)


def _add_examinations(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--against",
        metavar="FOLDER",
        help="compare with this knowledge base (default: the one that comes with the "
        "library; with a policy, the knowledge without it)",
    )
    command.add_argument(
        "--second-opinion",
        action="store_true",
        help="let z3 prove it all again (extra: proof)",
    )
    command.add_argument(
        "--mutate",
        action="store_true",
        help="change every rule a little and see who notices; takes minutes "
        "(extra: testing)",
    )
    command.add_argument(
        "--cases",
        metavar="FOLDER",
        help="run the vignettes of this folder too; those with --mutate are to notice "
        f"(default there: {SHIPPED_CASES}; extra: testing)",
    )
    command.add_argument(
        "--strict",
        action="store_true",
        help="let warnings fail too, as in a clinic's own checks",
    )
    command.add_argument(
        "--write-order",
        action="store_true",
        help="keep the order of the options as it now is in order.toml, for a later "
        "change of it to be an error",
    )
    command.add_argument(
        "--report", metavar="FILE", help="write it all to this file as one HTML page"
    )


def _add_graph(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "graph",
        "show:print_graph",
        "print the decision graph as Mermaid, or as SVG",
    )
    command.add_argument("--svg", action="store_true", help="print SVG, not Mermaid")
    command.add_argument(
        "--case",
        metavar="FILE",
        help="with --svg: highlight the way of the case in a JSON file, or - for stdin",
    )
    command.add_argument("--option", metavar="ID", help="only one option")
    command.add_argument("--scenario", metavar="ID", help="only one scenario")
    command.add_argument(
        "--triage", action="store_true", help="only the decisions and scenarios"
    )
    _with_knowledge(command)


def _add_leaflet(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "leaflet",
        "show:print_leaflet",
        "print a leaflet for the patient, as HTML",
    )
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("option", metavar="OPTION", help="the id of an offered option")
    _with_knowledge(command)


def _add_grid(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "grid",
        "show:print_grid",
        "print the options side by side, as HTML or text",
    )
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("--text", action="store_true", help="print text, not HTML")
    _with_knowledge(command)


# -- output -------------------------------------------------------------------


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _lenient_output() -> None:
    """Write "?" for what the terminal cannot show, rather than fail."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _close_quietly() -> None:
    """Leave without a traceback when nobody can take the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
