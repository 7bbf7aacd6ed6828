"""A command of `milia-cds`: its place in the program, its help, its examples."""

from __future__ import annotations

from milia_cds.cli.usage import Commands, Help, Parser

EXIT_CODES = """\
Exit codes: 0 an answer, 2 bad input, 3 bad knowledge. Where it ends before that: \
4 out of memory, 130 interrupted."""

EXAMPLES = {
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
    "ledger": (
        "ledger record ledger.sqlite case.json --key 42 --subject p17",
        "ledger replay ledger.sqlite",
        "ledger verify ledger.sqlite --head 12:sha256:...",
        "ledger diff ledger.sqlite old_knowledge new_knowledge",
        "ledger erase ledger.sqlite p17",
    ),
    "completion": (
        "completion bash > ~/.local/share/bash-completion/completions/milia-cds",
        "completion fish > ~/.config/fish/completions/milia-cds.fish",
    ),
}


def epilog(name: str) -> str:
    """What stands at the end of the help: examples, and what exit codes mean."""
    lines = [f"  milia-cds {each}" for each in EXAMPLES[name]]
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join([heading, *lines, "", EXIT_CODES])


def add_command(
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
        epilog=epilog(whole),
        formatter_class=Help,
    )
    command.set_defaults(home=home, parser=command)
    return command
