"""The command `milia-cds completion`: a script that completes words in a shell.

The script is complete in itself: it holds every command, option, fact and member, so
that a shell need not start Python at each key.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping

import attrs

from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.arguments import parser
from milia_cds.cli.shorthand import ABSENT, short_names
from milia_cds.cli.usage import Parser, commands_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Choice, Kind, Members, YesNo

_TAKES_IDS = {"explain": "explained", "leaflet": "options", "facts": "names"}


@attrs.frozen
class Command:
    """What may follow a command.

    Parameters
    ----------
    about
        What it does.
    options
        Its long options.
    words
        What may stand there beside files: facts with "=", ids, choices.
    after
        What may follow an option.
    """

    about: str
    options: tuple[str, ...]
    words: tuple[str, ...]
    after: Mapping[str, tuple[str, ...]]


def run(asked: argparse.Namespace) -> None:
    """Print the script for a shell."""
    base = load_knowledge(asked.knowledge)
    values = values_of(base)
    commands = {
        name: _command(name, command, base, values)
        for name, command in commands_of(parser()).items()
    }
    print("\n".join(_SCRIPTS[asked.shell](commands, values)))


def values_of(base: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """What may stand behind each short name of a fact and "="."""
    facts = {
        name: (*_values(base, fact), "unknown")
        for fact, name in short_names(base.vocabulary).items()
    }
    screened = base.vocabulary.screened
    return {**facts, ABSENT: (*screened, ",".join(screened))} if screened else facts


def _values(base: Knowledge, fact: str) -> tuple[str, ...]:
    kind: Kind = base.vocabulary.kinds[fact]
    match kind:
        case YesNo():
            return ("yes", "no")
        case Choice(members):
            retired = base.facts[fact].retired
            return tuple(each for each in members if each not in retired)
        case Members(members):
            return ("none", *members)
    return ()


def _command(
    name: str, command: Parser, base: Knowledge, values: Mapping[str, tuple[str, ...]]
) -> Command:
    facts = tuple(f"{fact}=" for fact in values) if command.takes("given") else ()
    ids = {
        "explained": (*base.options, *base.measures, *base.alerts),
        "options": tuple(base.options),
        "names": tuple(each for each in values if each != ABSENT),
    }
    after = dict(command.choices())
    if command.takes("scenario"):
        after |= {"--option": ids["options"], "--scenario": tuple(base.scenarios)}
    words = (*facts, *ids.get(_TAKES_IDS.get(name, ""), ()), *after.pop("", ()))
    about = (command.description or "").partition(".")[0]
    return Command(about, tuple(command.options()), words, after)


# -- the scripts --


def _bash(
    commands: Mapping[str, Command], values: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield "# bash completion of milia-cds"
    yield "_milia_cds() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    yield '    local command=${COMP_WORDS[1]} fact="" words=""'
    # Bash takes "site=cheek" for three words.
    yield '    if [[ $word == = ]]; then fact=$before; word=""'
    yield "    elif [[ $before == = ]]; then fact=${COMP_WORDS[COMP_CWORD-2]}; fi"
    yield "    case $fact in"
    yield "    '') ;;"
    for fact, several in values.items():
        yield f"    {fact}) words={shlex.quote(' '.join(several))} ;;"
    yield "    esac"
    yield '    if [[ -n $fact ]]; then COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "        return; fi"
    yield "    if (( COMP_CWORD == 1 )); then"
    yield f"        words={shlex.quote(' '.join(commands))}"
    yield "    else case $command:$before in"
    for name, each in commands.items():
        for option, several in each.after.items():
            yield f"    {name}:{option}) words={shlex.quote(' '.join(several))} ;;"
    for name, each in commands.items():
        both = " ".join((*each.options, *each.words))
        yield f"    {name}:*) words={shlex.quote(both)} ;;"
    yield "    esac; fi"
    yield '    COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "    if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi"
    yield "}"
    yield "complete -o default -F _milia_cds milia-cds"


def _zsh(
    commands: Mapping[str, Command], values: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield "#compdef milia-cds"
    yield "_milia_cds() {"
    yield "    local -a words_here"
    yield "    if (( CURRENT == 2 )); then"
    described = (f"{name}:{each.about}" for name, each in commands.items())
    yield f"        words_here=({shlex.join(described)})"
    yield "        _describe command words_here; return; fi"
    yield "    if compset -P '*='; then"
    yield "        case ${IPREFIX%=} in"
    for fact, several in values.items():
        yield f"        {fact}) compadd -- {shlex.join(several)} ;;"
    yield "        esac; return; fi"
    yield "    case $words[2]:$words[CURRENT-1] in"
    for name, each in commands.items():
        for option, several in each.after.items():
            yield f"    {name}:{option}) compadd -- {shlex.join(several)}; return ;;"
    yield "    esac"
    yield "    case $words[2] in"
    for name, each in commands.items():
        facts = [word for word in each.words if word.endswith("=")]
        others = [*each.options, *(word for word in each.words if word not in facts)]
        more = f"; compadd -S '' -- {shlex.join(facts)}" if facts else ""
        yield f"    {name}) compadd -- {shlex.join(others)}{more} ;;"
    yield "    esac"
    yield "    _files"
    yield "}"
    yield 'if [[ $funcstack[1] == _milia-cds ]]; then _milia_cds "$@"'
    yield "else compdef _milia_cds milia-cds; fi"


def _fish(
    commands: Mapping[str, Command], values: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield "# fish completion of milia-cds"
    for name, each in commands.items():
        about = shlex.quote(each.about)
        yield f"complete -c milia-cds -n __fish_use_subcommand -f -a {name} -d {about}"
    for name, each in commands.items():
        here = f"complete -c milia-cds -n '__fish_seen_subcommand_from {name}'"
        for option in each.options:
            several = each.after.get(option)
            takes = f" -x -a {shlex.quote(' '.join(several))}" if several else ""
            yield f"{here} -l {option.removeprefix('--')}{takes}"
        whole = [
            f"{fact}{value}"
            for fact in each.words
            for value in (values[fact[:-1]] if fact.endswith("=") else ("",))
        ]
        if whole:
            yield f"{here} -a {shlex.quote(' '.join(whole))}"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
