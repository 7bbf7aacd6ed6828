"""The commands of `milia-cds`, their options, and examples of each."""

from __future__ import annotations

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
    take_service,
)
from milia_cds.cli.streams import SHIPPED_CASES
from milia_cds.cli.usage import Commands, Help, Parser
from milia_cds.version import VERSION

EXIT_CODES = """\
Exit codes: 0 an answer, 2 bad input, 3 bad knowledge. Where it ends before that: \
4 out of memory, 130 interrupted."""

_EXAMPLES = {
    "": ("assess age=34 site=cheek count=5", "ask --save case.json", "assess --help"),
    "assess": (
        "assess case.json",
        "assess age=34 site=cheek count=5 diagnosis=confirmed",
        "assess case.json pregnancy=none inr=unknown",
        "assess age=34 assume_absent=findings,history --json",
        "assess --fhir bundle.json site=cheek",
    ),
    "fhir": (
        "fhir read bundle.json",
        "fhir read - --as-of 2026-05-01 --json",
        "fhir questionnaire case.json -o form.json",
        "fhir write case.json --patient Patient/1 -o answer.json",
        "fhir write --fhir bundle.json site=cheek --patient Patient/1",
    ),
    "ask": ("ask", "ask --patient --save case.json", "ask age=34 site=cheek"),
    "check": ("check", "check my_knowledge --detail full"),
    "graph": (
        "graph --triage",
        "graph --path --case case.json > path.svg",
        "graph --svg --case case.json > way.svg",
    ),
    "schema": ("schema > case.schema.json",),
    "explain": ("explain", "explain extraction", "explain extraction --detail full"),
    "leaflet": (
        "leaflet case.json extraction -o leaflet.html",
        "leaflet case.json pregnancy=none extraction --format markdown",
        "leaflet case.json referred -o leaflet.html",
    ),
    "letter": (
        "letter case.json -o letter.html",
        "letter case.json --format markdown",
    ),
    "grid": (
        "grid case.json --text",
        "grid case.json -o grid.html",
        "grid case.json --whole -o all.html",
    ),
    "review": ("review > review.html",),
    "feedback": ("feedback feedback.jsonl", "feedback feedback.jsonl --json"),
    "cohort": (
        "cohort cases.parquet decided.parquet --summary",
        "cohort cases.csv decided.csv --keep id --assume-absent findings history",
        "cohort cases.jsonl --summary",
        "cohort cases.parquet --against my_knowledge",
    ),
    "faq": ("faq", "faq do they come back", "faq lactic acid --detail full"),
    "facts": ("facts", "facts site pregnancy", "facts goals"),
    "serve": (
        "serve --development",
        "serve --base-url https://cds.example.org --issuers issuers.toml",
    ),
    "completion": (
        "completion bash > ~/.local/share/bash-completion/completions/milia-cds",
        "completion fish > ~/.config/fish/completions/milia-cds.fish",
    ),
}


def parser() -> Parser:
    """The parser of the whole command line."""
    made = Parser(
        prog="milia-cds",
        description="Clinical decision support for choosing a treatment for milia. "
        "Draft, not clinically reviewed.",
        epilog=_epilog(""),
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


def _epilog(name: str) -> str:
    lines = [f"  milia-cds {each}" for each in _EXAMPLES[name]]
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join([heading, *lines, "", EXIT_CODES])


def _add(
    commands: Commands[Parser], name: str, home: str, text: str, more: str = ""
) -> Parser:
    """A command: where it stands, what it does, and more about it in its own help.

    A command of a command, such as "fhir read", has the examples of the whole.
    """
    whole, _, part = name.partition(" ")
    command = commands.add_parser(
        part or whole,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.{f' {more}' if more else ''}",
        epilog=_epilog(whole),
        formatter_class=Help,
    )
    command.set_defaults(home=home, parser=command)
    return command


# -- the commands --


def _add_assess(commands: Commands[Parser]) -> None:
    more = "Unknown is never no: what is not stated is not known."
    text = "assess a case: a file, facts, or both"
    command = _add(commands, "assess", "assess:run", text, more)
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
    command = _add(commands, "ask", "ask:run", text, more)
    take_case(command)
    command.add_argument(
        "--patient", action="store_true", help="put the questions to the patient"
    )
    command.add_argument(
        "--save", metavar="FILE", help="write the case there, also when stopping early"
    )
    take_detail(command, "the assessment")
    take_knowledge(command)


def _add_fhir(commands: Commands[Parser]) -> None:
    text = "read a FHIR record as a case, and write questions and answers"
    command = _add(commands, "fhir", "fhir:print_reading", text)
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
    read = _add(several, "fhir read", "fhir:print_reading", text, more)
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
    form = _add(several, "fhir questionnaire", home, text, more)
    take_case(form)
    take_output(form)
    take_folder(form)


def _add_fhir_write(several: Commands[Parser]) -> None:
    text = "print the assessment of a case, or of a FHIR record, as a FHIR Bundle"
    more = "It says what is decided: dangers, proposals and referrals."
    write = _add(several, "fhir write", "fhir_out:print_bundle", text, more)
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


def _add_check(commands: Commands[Parser]) -> None:
    text = "examine a knowledge base and prove its guarantees"
    command = _add(commands, "check", "check:run", text)
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
    command = _add(commands, "graph", "show:print_graph", text)
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
    command = _add(commands, "schema", "show:print_schema", text)
    command.add_argument(
        "--result", action="store_true", help="that of an answer, as JSON, instead"
    )
    take_folder(command)


def _add_explain(commands: Commands[Parser]) -> None:
    text = "explain an option, a measure or an alert"
    command = _add(commands, "explain", "show:print_explanation", text)
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
    command = _add(commands, "leaflet", "show:print_leaflet", text, more)
    take_case(command)
    command.add_argument(
        "option", metavar="OPTION", help="the id of an offered option, or referred"
    )
    take_format(command)
    take_knowledge(command)


def _add_letter(commands: Commands[Parser]) -> None:
    text = "print a referral letter to be signed, as HTML or Markdown"
    more = "It needs a case that is referred."
    command = _add(commands, "letter", "show:print_letter", text, more)
    take_case(command)
    take_format(command)
    take_knowledge(command)


def _add_grid(commands: Commands[Parser]) -> None:
    text = "print the options that fit best side by side, as HTML or text"
    command = _add(commands, "grid", "show:print_grid", text)
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
    command = _add(commands, "review", "review:run", text)
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


def _add_feedback(commands: Commands[Parser]) -> None:
    text = "say how often advice was accepted and overridden, and why"
    more = "It reads the file that `milia-cds serve --feedback` writes."
    command = _add(commands, "feedback", "feedback:run", text, more)
    command.add_argument("file", metavar="FILE", help="a file of feedback")
    command.add_argument("--json", action="store_true", help="print JSON, not text")
    command.add_argument(
        "--comments",
        action="store_true",
        help="print what was written beside reports too; it may name patients",
    )


def _add_cohort(commands: Commands[Parser]) -> None:
    text = "decide the cases of a file, many at once"
    more = (
        "A file ends in .parquet, .arrow, .csv or .jsonl. A column is a fact, such as "
        "lesion.site, or a struct of the facts of a section; an empty cell is "
        "not known."
    )
    command = _add(commands, "cohort", "cohort:run", text, more)
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
        help="print what is otherwise by the knowledge there, in whom, and why",
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


def _add_faq(commands: Commands[Parser]) -> None:
    text = "answer what patients often ask, in plain words"
    more = "Without words it lists the questions."
    command = _add(commands, "faq", "faq:run", text, more)
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
    command = _add(commands, "facts", "show:print_facts", text)
    command.add_argument(
        "names",
        metavar="FACT",
        nargs="*",
        help="only these: facts such as age, or sections such as goals",
    )
    take_knowledge(command)


def _add_serve(commands: Commands[Parser]) -> None:
    text = "serve CDS Hooks to the record of a clinic"
    more = (
        "Production mode needs --base-url and --issuers: it answers signed tokens of "
        "trusted issuers, behind a proxy that encrypts. It needs the extra hooks."
    )
    command = _add(commands, "serve", "serve:run", text, more)
    take_service(command)
    take_knowledge(command)


def _add_completion(commands: Commands[Parser]) -> None:
    text = "print a script that completes commands, options and facts in a shell"
    command = _add(commands, "completion", "completion:run", text)
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
    _add_fhir,
    _add_check,
    _add_graph,
    _add_schema,
    _add_explain,
    _add_leaflet,
    _add_letter,
    _add_grid,
    _add_review,
    _add_feedback,
    _add_cohort,
    _add_faq,
    _add_facts,
    _add_serve,
    _add_completion,
)
