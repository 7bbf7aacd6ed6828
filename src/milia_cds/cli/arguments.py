"""The command line of `milia-cds`: its commands, and the options of each."""

from __future__ import annotations

from milia_cds.cli.adapters import (
    add_cohort,
    add_feedback,
    add_fhir,
    add_ledger,
    add_serve,
)
from milia_cds.cli.commands import add_command, epilog
from milia_cds.cli.options import (
    FromRecord,
    take_case,
    take_detail,
    take_folder,
    take_format,
    take_knowledge,
    take_output,
    take_policy,
    take_record,
)
from milia_cds.cli.streams import SHIPPED_CASES
from milia_cds.cli.usage import Commands, Help, Parser
from milia_cds.version import VERSION


def parser() -> Parser:
    """The parser of the whole command line."""
    made = Parser(
        prog="milia-cds",
        description="Clinical decision support for choosing a treatment for milia. "
        "Draft, not clinically reviewed.",
        epilog=epilog(""),
        formatter_class=Help,
    )
    made.add_argument("--version", action="version", version=f"milia-cds {VERSION}")
    commands = made.add_subparsers(
        title="commands",
        prog="milia-cds",
        metavar="COMMAND",
        dest="command",
        parser_class=Parser,
    )
    for add in _COMMANDS:
        add(commands)
    return made


# -- the commands --


def _add_assess(commands: Commands[Parser]) -> None:
    more = "Unknown is never no: what is not stated is not known."
    text = "assess a case: a file, facts, or both"
    command = add_command(commands, "assess", "assess:run", text, more)
    take_case(command)
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--rich",
        action="store_true",
        help="lay it out in tables as wide as the terminal (needs the extra rich)",
    )
    command.add_argument(
        "--detail",
        choices=("decision", "brief", "short", "standard", "full"),
        help="how much it says: as text brief, short, standard or full (default: "
        "brief), as JSON decision, standard or full (default: full)",
    )
    command.add_argument(
        "--fhir",
        metavar="BUNDLE",
        action=FromRecord,
        help="read the case from a FHIR record: a JSON file, or - for standard input",
    )
    take_record(command)
    take_knowledge(command)


def _add_ask(commands: Commands[Parser]) -> None:
    text = "ask question by question, then assess"
    more = "Begin with nothing, or with what is known."
    command = add_command(commands, "ask", "ask:run", text, more)
    take_case(command)
    command.add_argument(
        "--patient", action="store_true", help="put the questions to the patient"
    )
    command.add_argument(
        "--save", metavar="FILE", help="write the case there, also when stopping early"
    )
    take_detail(command, "the assessment")
    take_knowledge(command)


def _add_check(commands: Commands[Parser]) -> None:
    text = "examine a knowledge base and prove its guarantees"
    command = add_command(commands, "check", "check:run", text)
    command.add_argument(
        "knowledge",
        metavar="FOLDER",
        nargs="?",
        help="its folder; the one that comes with the library when left out",
    )
    take_policy(command)
    _with_examinations(command)
    take_detail(command)


def _with_examinations(command: Parser) -> None:
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


def _add_graph(commands: Commands[Parser]) -> None:
    text = "print the decision graph as Mermaid, or as SVG"
    command = add_command(commands, "graph", "show:print_graph", text)
    command.add_argument("--svg", action="store_true", help="print SVG, not Mermaid")
    command.add_argument(
        "--case",
        metavar="FILE",
        help="with --svg: highlight the way of the case in a JSON file, or - for stdin",
    )
    command.add_argument(
        "--path",
        action="store_true",
        help="with --case: the path of the case on one screen, as SVG",
    )
    command.add_argument("--option", metavar="ID", help="only one option")
    command.add_argument("--scenario", metavar="ID", help="only one scenario")
    command.add_argument(
        "--triage", action="store_true", help="only the decisions and scenarios"
    )
    take_knowledge(command)


def _add_schema(commands: Commands[Parser]) -> None:
    text = "print the JSON Schema of a case, or of an answer"
    command = add_command(commands, "schema", "show:print_schema", text)
    command.add_argument(
        "--result", action="store_true", help="that of an answer, as JSON, instead"
    )
    take_folder(command)


def _add_explain(commands: Commands[Parser]) -> None:
    text = "explain an option, a measure or an alert"
    command = add_command(commands, "explain", "show:print_explanation", text)
    command.add_argument(
        "option",
        metavar="ID",
        nargs="?",
        help="its id, such as extraction; without one, all ids are listed",
    )
    take_knowledge(command)
    take_detail(command)


def _add_leaflet(commands: Commands[Parser]) -> None:
    text = "print a leaflet for the patient, as HTML or Markdown"
    more = (
        "Give the case, then the id of an option that is offered in it, or referred "
        "for a patient who is referred."
    )
    command = add_command(commands, "leaflet", "show:print_leaflet", text, more)
    take_case(command)
    command.add_argument(
        "option", metavar="OPTION", help="the id of an offered option, or referred"
    )
    take_format(command)
    take_knowledge(command)


def _add_letter(commands: Commands[Parser]) -> None:
    text = "print a referral letter to be signed, as HTML or Markdown"
    more = "It needs a case that is referred."
    command = add_command(commands, "letter", "show:print_letter", text, more)
    take_case(command)
    take_format(command)
    take_knowledge(command)


def _add_grid(commands: Commands[Parser]) -> None:
    text = "print the options that fit best side by side, as HTML or text"
    command = add_command(commands, "grid", "show:print_grid", text)
    take_case(command)
    command.add_argument("--text", action="store_true", help="print text, not HTML")
    command.add_argument(
        "--whole",
        action="store_true",
        help="all options that are offered or withheld, by every criterion",
    )
    take_output(command)
    take_knowledge(command)


def _add_review(commands: Commands[Parser]) -> None:
    text = "print what a clinician judges in an afternoon, and then signs"
    command = add_command(commands, "review", "review:run", text)
    command.add_argument(
        "--format",
        choices=("html", "markdown", "toml"),
        default="html",
        help="what it is written in (default: html); toml prints the signatures to "
        "fill in, for reviews.toml",
    )
    command.add_argument(
        "--cases",
        metavar="FOLDER",
        help="choose the patients to judge from the vignettes of this folder (default: "
        "the examples that come with the library; extra: testing)",
    )
    command.add_argument(
        "--all", action="store_true", help="print all other texts too, changed or not"
    )
    take_folder(command)


def _add_faq(commands: Commands[Parser]) -> None:
    text = "answer what patients often ask, in plain words"
    more = "Without words it lists the questions."
    command = add_command(commands, "faq", "faq:run", text, more)
    command.add_argument(
        "words",
        metavar="WORD",
        nargs="*",
        help="what is asked about, such as: do they come back",
    )
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--detail",
        choices=("short", "full"),
        default="short",
        help="full: also the clinician's text and its sources (default: short)",
    )
    take_knowledge(command)


def _add_facts(commands: Commands[Parser]) -> None:
    text = "list the facts that a case may state"
    command = add_command(commands, "facts", "show:print_facts", text)
    command.add_argument(
        "names",
        metavar="FACT",
        nargs="*",
        help="only these: facts such as age, or sections such as goals",
    )
    take_knowledge(command)


def _add_completion(commands: Commands[Parser]) -> None:
    text = "print a script that completes commands, options and facts in a shell"
    command = add_command(commands, "completion", "completion:run", text)
    command.add_argument(
        "shell",
        metavar="SHELL",
        choices=("bash", "zsh", "fish"),
        help="bash, zsh or fish",
    )
    take_folder(command)


_COMMANDS = (
    _add_assess,
    _add_ask,
    add_fhir,
    _add_check,
    _add_graph,
    _add_schema,
    _add_explain,
    _add_leaflet,
    _add_letter,
    _add_grid,
    _add_review,
    add_feedback,
    add_cohort,
    _add_faq,
    _add_facts,
    add_serve,
    add_ledger,
    _add_completion,
)
