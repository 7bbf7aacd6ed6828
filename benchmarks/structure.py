"""How the library is built: `python -m benchmarks.structure [FOLDER ...]`.

It counts, in the sources below each folder (a checkout; this one, if none is given),
and writes a table with a column for each, so that two states stand side by side. Below
it stand the imports hidden in functions and the names that mean two things, one by one.

A room is a module or package that stands directly in the library; what its `__init__`
holds is a room too, the door. An arrow is a pair of rooms of which one imports from the
other, in a function or not. Imports for type checkers alone are counted by themselves.
"""

from __future__ import annotations

import argparse
import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median
from typing import TypeAlias

import attrs

HERE = Path(__file__).parents[1]
PACKAGE = "milia_cds"
DOOR = "__init__"

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Arrow: TypeAlias = tuple[str, str]
"""Who imports, and from whom."""


@attrs.frozen
class Import:
    """A module that a module imports.

    Parameters
    ----------
    module, imported
        Who imports what, by their full names.
    hidden
        Whether it stands in a function.
    typing
        Whether only type checkers see it.
    """

    module: str
    imported: str
    hidden: bool = False
    typing: bool = False


@attrs.frozen
class House:
    """The modules of a library, and what they import and define.

    Parameters
    ----------
    trees
        The parsed source of every module, by its full name.
    lines
        The number of lines of each.
    """

    trees: Mapping[str, ast.Module]
    lines: Mapping[str, int]

    @cached_property
    def rooms(self) -> frozenset[str]:
        """The modules and packages that stand directly in the library."""
        return frozenset(map(room, self.trees))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import once for each pair of modules, way and purpose."""
        found = (each for module in self.trees for each in self._of(module))
        return tuple(sorted(dict.fromkeys(found), key=attrs.astuple))

    @cached_property
    def arrows(self) -> frozenset[Arrow]:
        """The pairs of rooms of which one imports from the other."""
        return frozenset(self._arrows(each for each in self.imports if not each.typing))

    @cached_property
    def typing_arrows(self) -> frozenset[Arrow]:
        """The pairs of rooms that only type checkers see."""
        seen = self._arrows(each for each in self.imports if each.typing)
        return frozenset(seen) - self.arrows

    @cached_property
    def hidden(self) -> tuple[Import, ...]:
        """The imports that stand in functions."""
        return tuple(each for each in self.imports if each.hidden and not each.typing)

    @cached_property
    def floors(self) -> tuple[str, ...]:
        """The longest chain of rooms in which each imports from the next.

        Raises
        ------
        CycleError
            If rooms import one another in a circle.
        """
        below = defaultdict(set)
        for above, imported in self.arrows:
            below[above].add(imported)
        longest: dict[str, tuple[str, ...]] = {}
        for each in TopologicalSorter(below).static_order():
            chains = [longest[imported] for imported in sorted(below[each])]
            longest[each] = (each, *max(chains, key=len, default=()))
        return max(longest.values(), key=len)

    @cached_property
    def functions(self) -> tuple[int, ...]:
        """The number of lines of every function, docstring and signature apart."""
        nodes = (node for tree in self.trees.values() for node in ast.walk(tree))
        return tuple(body_lines(node) for node in nodes if isinstance(node, Function))

    @cached_property
    def twice(self) -> dict[str, tuple[str, ...]]:
        """The names of which several rooms have a definition, and the modules."""
        homes = defaultdict(list)
        for module, tree in sorted(self.trees.items()):
            for name in definitions(tree):
                homes[name].append(module)
        return {
            name: tuple(modules)
            for name, modules in sorted(homes.items())
            if len({*map(room, modules)}) > 1
        }

    def _of(self, module: str) -> Iterator[Import]:
        for source, name, hidden, typing in _imports(self.trees[module]):
            imported = name if name in self.trees else source
            if imported != module:
                yield Import(module, imported, hidden, typing)

    def _arrows(self, imports: Iterable[Import]) -> Iterator[Arrow]:
        for each in imports:
            if each.imported in self.trees:
                arrow = room(each.module), room(each.imported)
                if arrow[0] != arrow[1]:
                    yield arrow


def house(checkout: Path) -> House:
    """The library whose sources stand in a checkout."""
    sources = checkout / "src"
    trees, lines = {}, {}
    for path in sorted((sources / PACKAGE).rglob("*.py")):
        parts = path.relative_to(sources).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == DOOR else parts)
        text = path.read_text("utf-8")
        trees[name], lines[name] = ast.parse(text), text.count("\n")
    return House(trees, lines)


def room(module: str) -> str:
    """The room in which a module stands."""
    return module.split(".")[1] if "." in module else DOOR


def definitions(tree: ast.Module) -> Iterator[str]:
    """The public classes, functions and aliases of types that a module defines."""
    for node in tree.body:
        match node:
            case (
                ast.ClassDef(name=name)
                | ast.FunctionDef(name=name)
                | ast.AnnAssign(
                    target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")
                )
            ) if not name.startswith("_"):
                yield name
            case _:
                pass


def body_lines(function: Function) -> int:
    """The number of lines of a function, docstring and signature apart."""
    body = function.body
    if len(body) > 1 and ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def _imports(
    node: ast.AST, *, hidden: bool = False, typing: bool = False
) -> Iterator[tuple[str, str, bool, bool]]:
    """The imports below a node: the module, the name in it, how, and what for."""
    hidden = hidden or isinstance(node, Function)
    typing = typing or _for_typing(node)
    match node:
        case ast.Import(names=names):
            yield from ((each.name, each.name, hidden, typing) for each in names)
        case ast.ImportFrom(module=str(module), names=names):
            full = (f"{module}.{each.name}" for each in names)
            yield from ((module, name, hidden, typing) for name in full)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _imports(child, hidden=hidden, typing=typing)


def _for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


# What is printed ----------------------------------------------------------------------

COUNTS: Mapping[str, Callable[[House], str]] = {
    "rooms": lambda house: str(len(house.rooms)),
    "modules": lambda house: str(len(house.trees)),
    "floors": lambda house: str(len(house.floors)),
    "arrows between rooms": lambda house: str(len(house.arrows)),
    "more arrows, for typing alone": lambda house: str(len(house.typing_arrows)),
    "hidden imports": lambda house: str(len(house.hidden)),
    "names in two rooms": lambda house: str(len(house.twice)),
    "lines of a module, median": lambda house: f"{median(house.lines.values()):.0f}",
    "lines of a module, most": lambda house: _largest(house.lines),
    "lines of a function, median": lambda house: f"{median(house.functions):.0f}",
    "lines of a function, most": lambda house: str(max(house.functions)),
}


def table(houses: Mapping[str, House]) -> str:
    """The counts of every house, as a Markdown table with a column for each."""
    head = ["counted", *houses]
    lines = [
        [what, *(count(each) for each in houses.values())]
        for what, count in COUNTS.items()
    ]
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(
        f"| {' | '.join(map(str.ljust, row, widths))} |" for row in (head, rule, *lines)
    )


def particulars(house: House) -> str:
    """The longest chain, the hidden imports and the names in two rooms, one by one."""
    hidden = [f"{each.module} -> {each.imported}" for each in house.hidden]
    twice = [f"{name}: {', '.join(homes)}" for name, homes in house.twice.items()]
    return "\n".join(
        [
            f"Floors: {' > '.join(house.floors)}",
            *_listed("Hidden imports", hidden),
            *_listed("Names in two rooms", twice),
        ]
    )


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    return [f"{heading}:", *(f"  {line}" for line in lines or ["none"])]


def _largest(lines: Mapping[str, int]) -> str:
    module = max(lines, key=lines.__getitem__)
    return f"{lines[module]} ({module.removeprefix(f'{PACKAGE}.')})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.structure", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[HERE])
    folders = parser.parse_args(arguments).folders
    for missing in folders:
        if not (missing / "src" / PACKAGE).is_dir():
            parser.error(f"{missing} is no checkout: it has no src/{PACKAGE}")
    houses = {str(folder): house(folder) for folder in folders}
    print(table(houses))
    for name, each in houses.items():
        print(f"\n{name}\n{particulars(each)}")


if __name__ == "__main__":
    main()
