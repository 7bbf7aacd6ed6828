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

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.interview import Interview
from milia_cds.assessment.pictures import decision_graph, leaflet, option_grid
from milia_cds.assessment.typed import case_schema
from milia_cds.case.stated import AnyCase, StatedCase
from milia_cds.cli.ask import Conversation
from milia_cds.cli.check import add_options, check
from milia_cds.errors import KnowledgeError, MiliaError
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.lines import Ink, wrapped
from milia_cds.render.mermaid import mermaid
from milia_cds.render.review import review_pack
from milia_cds.render.review_page import markdown_of, page_of

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
    schema = _add(commands, "schema", _schema, "print the JSON Schema of a case")
    _with_folder(schema)
    explain = _add(commands, "explain", _explain, "explain an option or a measure")
    explain.add_argument("option", help="its id, such as extraction")
    _with_knowledge(explain)
    _add_leaflet(commands)
    _add_grid(commands)
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
    description = f"{text[0].upper()}{text[1:]}."
    command = commands.add_parser(name, help=text, description=description)
    command.set_defaults(run=run)
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
    command = _add(commands, "assess", _assess, "assess the case in a JSON file")
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--rich",
        action="store_true",
        help="lay it out in tables as wide as the terminal (needs the extra rich)",
    )
    _add_detail(command)
    _with_knowledge(command)


def _add_detail(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--detail",
        choices=("short", "full"),
        default="short",
        help="how much the text says (default: short)",
    )


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
    text = "examine a knowledge base and prove its guarantees"
    command = _add(commands, "check", check, text)
    command.add_argument(
        "knowledge",
        metavar="FOLDER",
        nargs="?",
        help="its folder; the one that comes with the library when left out",
    )
    _with_policy(command)
    add_options(command)
    _add_detail(command)


def _add_graph(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands, "graph", _graph, "print the decision graph as Mermaid, or as SVG"
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
        commands, "leaflet", _leaflet, "print a leaflet for the patient, as HTML"
    )
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("option", metavar="OPTION", help="the id of an offered option")
    _with_knowledge(command)


def _add_grid(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands, "grid", _grid, "print the options side by side, as HTML or text"
    )
    command.add_argument("file", metavar="FILE", help="the case, or - for stdin")
    command.add_argument("--text", action="store_true", help="print text, not HTML")
    _with_knowledge(command)


def _assessed(file: str, asked: argparse.Namespace) -> Assessment:
    text = _read(file)
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    return assess(_case(text, base), base)


def _case(text: bytes, base: Knowledge) -> AnyCase:
    return StatedCase.read_json(base.vocabulary, text)


# -- commands -----------------------------------------------------------------


def _assess(asked: argparse.Namespace) -> int:
    answer = _assessed(asked.file, asked)
    if asked.json:
        print(answer.to_json(indent=2))
    elif asked.rich:
        _print_richly(answer)
    else:
        print(answer.text(detail=asked.detail, colour=_colour()))
    return ANSWER


def _print_richly(answer: Assessment) -> None:
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra

        from milia_cds.render.terminal import print_assessment  # noqa: PLC0415
    except ImportError:
        message = (
            "--rich needs the package rich: pip install 'milia-cds[rich]'; without "
            "--rich the text says the same and more"
        )
        raise _InputError(message) from None
    print_assessment(answer.outcome, Console(no_color=not _colour()))


def _ask(asked: argparse.Namespace) -> int:
    text = None if asked.file is None else _read(asked.file)
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    interview = Interview(None if text is None else _case(text, base), base)
    print(f"milia-cds: {base.about.notice}")
    try:
        Conversation(
            interview,
            base,
            input,
            print,
            patient=asked.patient,
            ink=Ink(colour=_colour()),
        ).hold()
    finally:
        if asked.save is not None:
            _save(asked.save, interview.case)
    print()
    print(interview.assessment.text(detail=asked.detail, colour=_colour()))
    return ANSWER


def _save(name: str, case: AnyCase) -> None:
    try:
        Path(name).write_text(case.to_json(indent=2) + "\n", "utf-8")
    except OSError as error:
        message = f"{name}: {error.strerror or error}; name a file that can be written"
        raise _InputError(message) from None
    print(f"\nThe case is saved in {name}.")


def _graph(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    chosen = {
        "option": asked.option,
        "scenario": asked.scenario,
        "triage": asked.triage,
    }
    if asked.svg:
        print(_portable(decision_graph(_walked(asked.case, base), **chosen).svg))
    elif asked.case is not None:
        message = "--case highlights the way of a case in a picture; add --svg"
        raise _InputError(message)
    else:
        print(mermaid(base, **chosen))
    return ANSWER


def _walked(file: str | None, base: Knowledge) -> Assessment | Knowledge:
    return base if file is None else assess(_case(_read(file), base), base)


def _leaflet(asked: argparse.Namespace) -> int:
    answer = _assessed(asked.file, asked)
    print(_portable(leaflet(answer, asked.option)), end="")
    return ANSWER


def _grid(asked: argparse.Namespace) -> int:
    answer = _assessed(asked.file, asked)
    if asked.text:
        print(answer.compare().text())
    else:
        print(_portable(option_grid(answer)), end="")
    return ANSWER


def _schema(asked: argparse.Namespace) -> int:
    base = None if asked.knowledge is None else load_knowledge(asked.knowledge)
    print(json.dumps(case_schema(base), indent=2))
    return ANSWER


def _explain(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    print(explained(base, asked.option, colour=_colour()))
    return ANSWER


def _review(asked: argparse.Namespace) -> int:
    pack = review_pack(load_knowledge(asked.knowledge))
    write = page_of if asked.format == "html" else markdown_of
    print(write(pack), end="")
    return ANSWER


def _facts(asked: argparse.Namespace) -> int:
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    for name, kind in base.vocabulary.kinds.items():
        entry = base.facts[name]
        print(name)
        default = _default(base, name)
        for line in (f"{entry.label}: {kind}", entry.ask, entry.help, default):
            if line:
                print("\n".join(wrapped(line, "    ")))
    return ANSWER


def _default(base: Knowledge, fact: str) -> str:
    """Say what the local policy fills in where a case leaves a fact out."""
    if base.policy is None or fact not in base.policy.defaults:
        return ""
    value = json.dumps(base.policy.defaults[fact])
    return f"Where a case leaves it out, it is {value}. {base.policy}"


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


def _portable(markup: str) -> str:
    """Write markup so that it reads the same in whatever encoding the output has."""
    return markup.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _close_quietly() -> None:
    """Leave without a traceback when nobody can take the rest."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
