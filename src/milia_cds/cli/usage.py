"""How arguments are read and explained, and what is said of a wrong one."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from milia_cds.errors import quoted, visible

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name


class Help(argparse.RawDescriptionHelpFormatter):
    """Wraps what is prose, and leaves examples as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        parts = [
            textwrap.indent(part, indent)
            if "\n  " in part
            else textwrap.fill(part, width, break_on_hyphens=False)
            for part in text.split("\n\n")
        ]
        return "\n\n".join(parts)


class Parser(argparse.ArgumentParser):
    """Reads arguments, and says of a wrong one which was probably meant."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        message = f"there is no {quoted(value)}; {probably(value, action.choices)}"
        raise argparse.ArgumentError(action, message)

    def error(self, message: str) -> NoReturn:
        """Say how it is used, and what is wrong, whatever stands in it."""
        super().error(visible(message))

    def options(self) -> list[str]:
        """Its long options."""
        return [
            name
            for action in self._actions
            for name in action.option_strings
            if name.startswith("--")
        ]

    def takes(self, name: str) -> bool:
        """Whether it takes an argument or option of a name."""
        return any(action.dest == name for action in self._actions)

    def choices(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What each option may be; "" is what stands without one."""
        for action in self._actions:
            if action.choices is not None:
                name = next(iter(reversed(action.option_strings)), "")
                yield name, tuple(action.choices)

    def refuse(self, strange: Sequence[str]) -> None:
        """Refuse arguments that nothing takes."""
        option = next((each for each in strange if each.startswith("-")), "")
        if not option:
            mend = f"{self.prog} --help says what there is"
            self.error(f"there is no argument {quoted(strange[0])} here; {mend}")
        name = option.partition("=")[0]
        mend = probably(name, self.options())
        if self.takes("given") and not mend.startswith("did you mean"):
            mend += ". A fact is written without -, such as age=34"
        self.error(f"there is no option {quoted(name)} here; {mend}")


def probably(name: str, names: Iterable[str]) -> str:
    """Which name was probably meant, or which there are."""
    known = list(names)
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"


def commands_of(made: Parser) -> Mapping[str, Parser]:
    """The parser of each command of a whole parser."""
    [several] = (each for each in made._actions if isinstance(each, Commands))  # noqa: SLF001 - argparse has no public name
    return several.choices
