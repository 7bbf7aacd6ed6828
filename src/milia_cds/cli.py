"""The command line: `milia-cds`.

Exit codes: 0 an answer, 2 bad input, 3 bad knowledge. Plain text in a pipe, colour on a
terminal only, none where NO_COLOR is set.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from milia_cds.assessment import assess
from milia_cds.case import Case, case_schema
from milia_cds.conversation import Conversation
from milia_cds.crosscheck import unused
from milia_cds.engine import load_knowledge
from milia_cds.errors import KnowledgeError, MiliaError
from milia_cds.interview import Interview
from milia_cds.knowledge import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.lines import wrapped
from milia_cds.render.mermaid import mermaid
from milia_cds.render.review import review_pack
from milia_cds.render.review_page import markdown_of, page_of
from milia_cds.vocabulary import FACTS

ANSWER, BAD_INPUT, BAD_KNOWLEDGE = 0, 2, 3
_STDIN = "-"


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
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        code = run(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KnowledgeError as error:
        _complain(str(error))
        return BAD_KNOWLEDGE
    except (MiliaError, _InputError) as error:
        _complain(str(error))
        return BAD_INPUT
    except BrokenPipeError:
        _close_quietly()
        return ANSWER
    except OSError as error:
        _close_quietly()
        _complain(f"the answer could not be written: {error.strerror or error}")
        return BAD_INPUT
    return code


class _InputError(Exception):
    """A file could not be read."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="milia-cds",
        description="Clinical decision support for choosing a treatment for milia. "
        "Draft, not clinically reviewed.",
        epilog="Exit codes: 0 an answer, 2 bad input, 3 bad knowledge.",
    )
    parser.add_argument(
        "--version", action="version", version=f"milia-cds {version('milia-cds')}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_assess(commands)
    _add_ask(commands)
    _add_check(commands)
    _add_graph(commands)
    _add(commands, "schema", _schema, "print the JSON Schema of a case")
    explain = _add(commands, "explain", _explain, "explain an option or a measure")
    explain.add_argument("option", help="its id, such as extraction")
    _with_knowledge(explain)
    _add_review(commands)
    facts = _add(commands, "facts", _facts, "list the facts that a case may state")
    _with_knowledge(facts)
    return parser


def _add_review(commands: _Commands[argparse.ArgumentParser]) -> None:
    text = "print all that a clinician must sign, as a page to print or fill in"
    command = _add(commands, "review", _review, text)
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
    run: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=f"{text}.".capitalize())
    command.set_defaults(run=run)
    return command


def _with_knowledge(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--knowledge",
        metavar="FOLDER",
        help="another knowledge base than the one that comes with the library",
    )


def _add_assess(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(commands, "assess", _assess, "assess the case in a JSON file")
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--detail",
        choices=("short", "full"),
        default="short",
        help="how much the text says (default: short)",
    )
    _with_knowledge(command)


def _add_ask(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(commands, "ask", _ask, "ask question by question, then assess")
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
    command = _add(
        commands, "check", _check, "check a knowledge base and list every problem"
    )
    command.add_argument(
        "knowledge",
        metavar="FOLDER",
        nargs="?",
        help="its folder; the one that comes with the library when left out",
    )


def _add_graph(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(commands, "graph", _graph, "print the decision graph as Mermaid")
    command.add_argument("--option", metavar="ID", help="only one option")
    command.add_argument("--scenario", metavar="ID", help="only one scenario")
    command.add_argument(
        "--triage", action="store_true", help="only the decisions and scenarios"
    )
    _with_knowledge(command)


# -- commands -----------------------------------------------------------------


def _assess(asked: argparse.Namespace) -> int:
    case = Case.from_json(_read(asked.file))
    answer = assess(case, load_knowledge(asked.knowledge))
    if asked.json:
        print(answer.to_json(indent=2))
    else:
        print(answer.text(detail=asked.detail, colour=_colour()))
    return ANSWER


def _ask(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge)
    case = Case() if asked.file is None else Case.from_json(_read(asked.file))
    interview = Interview(case, base)
    print(f"milia-cds: {base.about.notice}")
    try:
        Conversation(interview, base, input, print, patient=asked.patient).hold()
    finally:
        if asked.save is not None:
            _save(asked.save, interview.case)
    print()
    print(interview.assessment.text(detail=asked.detail, colour=_colour()))
    return ANSWER


def _save(name: str, case: Case) -> None:
    try:
        Path(name).write_text(case.to_json(indent=2) + "\n", "utf-8")
    except OSError as error:
        message = f"{name}: {error.strerror or error}; name a file that can be written"
        raise _InputError(message) from None
    print(f"\nThe case is saved in {name}.")


def _check(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge)
    problems = unused(base)
    if problems:
        raise KnowledgeError(problems)
    print(_summary(base))
    return ANSWER


def _summary(base: Knowledge) -> str:
    gates = len(base.gates())
    return (
        f"No problem found: {len(base.facts)} facts, {len(base.decisions)} decisions "
        f"(exclusive and complete), {len(base.scenarios)} scenarios, "
        f"{len(base.options)} options, {len(base.measures)} measures, {gates} gates, "
        f"{len(base.sources)} sources.\n{base.about.notice}; {base.digest}"
    )


def _graph(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge)
    drawn = mermaid(
        base, option=asked.option, scenario=asked.scenario, triage=asked.triage
    )
    print(drawn)
    return ANSWER


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(case_schema(), indent=2))
    return ANSWER


def _explain(asked: argparse.Namespace) -> int:
    print(explained(load_knowledge(asked.knowledge), asked.option))
    return ANSWER


def _review(asked: argparse.Namespace) -> int:
    pack = review_pack(load_knowledge(asked.knowledge))
    write = page_of if asked.format == "html" else markdown_of
    print(write(pack), end="")
    return ANSWER


def _facts(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge)
    for name, kind in FACTS.items():
        entry = base.facts[name]
        print(name)
        for line in (f"{entry.label}: {kind}", entry.ask, entry.help):
            if line:
                print("\n".join(wrapped(line, "    ")))
    return ANSWER


# -- input and output ---------------------------------------------------------


def _read(name: str) -> bytes:
    if name == _STDIN:
        if sys.stdin is None:
            message = "standard input is closed; give a file, or pipe the case in"
            raise _InputError(message)
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        message = f"{name}: {error.strerror or error}; give a file that can be read"
        raise _InputError(message) from None


def _colour() -> bool:
    return (
        sys.stdout is not None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
    )


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
