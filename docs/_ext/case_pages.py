"""The page of the test cases, and what each of them is evidence of having been tried.

The vignettes of `tests/cases/` name sources, guarantees and rows of the reviewed rules,
so a claim can be followed from its source to the rule and to the case that tries it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import attrs

from docs._ext.markdown import code, definition, link, listed, page, plain, target
from docs._ext.places import gate_link
from milia_cds import Knowledge
from milia_cds.knowledge.options import Gate
from milia_cds.testing import Vignette, load_vignettes

FOLDER = Path(__file__).parent.parent.parent / "tests" / "cases"
_GUARANTEE = "guarantee-"


@attrs.frozen(slots=False)
class Cases:
    """The vignettes, by what they are evidence for."""

    base: Knowledge
    vignettes: tuple[Vignette, ...]

    @classmethod
    def of(cls, base: Knowledge) -> Cases:
        """Load them."""
        return cls(base, load_vignettes(FOLDER))

    @cached_property
    def by_evidence(self) -> dict[str, list[Vignette]]:
        """The vignettes that name a source, a row or a guarantee."""
        found: dict[str, list[Vignette]] = {}
        for vignette in self.vignettes:
            for name in vignette.evidence:
                found.setdefault(name, []).append(vignette)
        return found

    @cached_property
    def gate_of_row(self) -> dict[str, Gate]:
        """The gate that carries each row of the reviewed rules."""
        return {row: gate for gate in self.base.gates() for row in gate.rows}

    @cached_property
    def guarantee_of_number(self) -> dict[str, str]:
        """The first guarantee of each number."""
        held = {str(each.number): each.id for each in reversed(self.base.promises)}
        proved = {str(each.number): each.id for each in reversed(self.base.guarantees)}
        return held | proved

    def tried(self, *names: str) -> str:
        """Which cases try something."""
        found = {
            vignette.id: vignette
            for name in names
            for vignette in self.by_evidence.get(name, ())
        }
        links = [link(plain(name), "case", name) for name in found]
        return f"Tried on {listed(links)}." if links else ""

    def evidence(self, name: str) -> str:
        """Link what a vignette names as its evidence."""
        if name in self.base.sources:
            return link(plain(name), "source", name)
        if name in self.gate_of_row:
            return gate_link(plain(name), self.gate_of_row[name])
        number = name.removeprefix(_GUARANTEE)
        if name != number and number in self.guarantee_of_number:
            return link(plain(name), "guarantee", self.guarantee_of_number[number])
        return plain(name)


def case_pages(cases: Cases) -> Iterator[tuple[str, str]]:
    """The page of the test cases."""
    files: dict[str, list[Vignette]] = {}
    for vignette in cases.vignettes:
        files.setdefault(vignette.file, []).append(vignette)
    parts = []
    for name, vignettes in files.items():
        parts.append(f"## {name.removesuffix('.toml').replace('_', ' ').capitalize()}")
        parts += [_case(cases, vignette) for vignette in vignettes]
    yield (
        "cases",
        page(
            "(all-cases)=\n# Test cases",
            f"The {len(cases.vignettes)} [vignettes](/reference/vignettes.md) that the "
            "library is tested with: invented patients, and published case reports. "
            "The facts of each, and all that must come out, stand in the file of "
            "`tests/cases/` that gives its section the name.",
            *parts,
        ),
    )


def _case(cases: Cases, vignette: Vignette) -> str:
    evidence = listed(map(cases.evidence, vignette.evidence))
    return page(
        target("case", vignette.id),
        definition(
            plain(vignette.title),
            plain(vignette.because),
            f"Case {code(vignette.id)}. Rests on {evidence}.",
        ),
    )
