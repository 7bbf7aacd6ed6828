"""Text and HTML say the same: every sentence, lead and source of every content."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from milia_cds import Case, assess, diff, load_knowledge
from milia_cds.check import Examination, Finding, examine
from milia_cds.check.coverage import Reached
from milia_cds.check.guarantees import Proof
from milia_cds.check.mutation import MutantFate, Mutation
from milia_cds.check.scores import mutation_sheet
from milia_cds.check.sheets import examination_sheet, report_sheet
from milia_cds.knowledge.options import Measure, Option
from milia_cds.render.blocks import Block, Figure, Part, Sheet
from milia_cds.render.sheets.answers import Answer, answer_sheet
from milia_cds.render.sheets.case import case_sheet
from milia_cds.render.sheets.knowledge import knowledge_sheet
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.sheets.scenario import scenario_sheet
from milia_cds.render.width import as_wide_as
from milia_cds.render.writers.html import as_card
from milia_cds.render.writers.text import as_text

ROOT = Path(__file__).parents[2]
BASE = load_knowledge()
LOCAL = load_knowledge(policy=ROOT / "examples" / "policy.toml")
TODAY = dt.date.fromisoformat("2029-01-01")
MARK = re.compile(r"^[-!>] ")
FRAME = {"", "the same in words"}
COUNT = re.compile(r" \(\d+\)$")


def _case(name: str) -> Case:
    return Case.from_json((ROOT / "examples/cases" / f"{name}.json").read_bytes())


@cache
def _examined() -> Examination:
    return examine(LOCAL, against=BASE)


def _sound() -> Sheet:
    """An examination without findings."""
    found = attrs.evolve(_examined(), findings=(), changes=(), second=())
    return examination_sheet(found, today=TODAY)


def _examination() -> Sheet:
    """An examination of which nothing is left out."""
    found = _examined()
    proof, *proofs = found.proofs
    case, said = {"patient": {"age": 1}}, {"steaming": "Steaming is offered"}
    broken = Proof(proof.guarantee, proof.held, {"steaming": case}, said)
    second = (Finding("second.guarantee", "error", "path", "z3 breaks it too."),)
    changed = attrs.evolve(found, proofs=(broken, *proofs), second=second)
    made = Mutation(_fates())
    coverage = {"steaming.infant": Reached(1, 0, 2)}
    return report_sheet(changed, mutation=made, coverage=coverage, today=TODAY)


def _fates() -> tuple[MutantFate, ...]:
    killed = MutantFate("gates", "options/x.toml: gate.y", "drop it", "killed")
    survived = [attrs.evolve(killed, fate="survived", what=f"{n}") for n in range(30)]
    return (killed, *survived)


def _answers() -> Iterator[tuple[str, Callable[[], Sheet]]]:
    cheek, open_ = (
        assess(_case(name), LOCAL) for name in ("adult_cheek", "pregnancy_unknown")
    )
    answers: dict[str, Answer] = {
        "why excluded": cheek.why("isotretinoin"),
        "why offered": cheek.why("extraction"),
        "why withheld": open_.why("tretinoin"),
        "why not": open_.why_not("tretinoin"),
        "why never": cheek.why_not("steaming"),
        "what if": cheek.what_if(growing=True),
        "what if nothing": cheek.what_if(needle_phobia=True),
        "difference of knowledge": diff(assess(_case("adult_cheek")), cheek),
        "stability": assess(_case("milia_en_plaque"), LOCAL).stability(),
    }
    for name, answer in answers.items():
        yield name, partial(answer_sheet, answer, LOCAL)
        yield f"{name} without its knowledge", partial(answer_sheet, answer, None)


def _sheets() -> Iterator[tuple[str, Callable[[], Sheet]]]:
    owners: list[Option | Measure] = [*LOCAL.options.values(), *LOCAL.measures.values()]
    for owner in owners:
        yield owner.id, partial(option_sheet, owner, LOCAL)
    for scenario in BASE.scenarios.values():
        yield f"scenario {scenario.id}", partial(scenario_sheet, scenario, BASE)
    yield "knowledge", lambda: knowledge_sheet(LOCAL)
    yield "case", lambda: case_sheet(_case("adult_eyelid"), BASE)
    yield "empty case", lambda: case_sheet(Case(), BASE)
    yield "mutation", lambda: mutation_sheet(Mutation(_fates()), BASE)
    yield "examination without findings", _sound
    yield "examination with everything", _examination
    yield from _answers()


SHEETS = dict(_sheets())


class _Sentences(HTMLParser):
    """The sentences of a card: what stands in one element of text, without its marks.

    Where a citation is, a text has a line of its own, and so has an address.
    """

    def __init__(self, html: str) -> None:
        """Read a card without what only looks."""
        super().__init__()
        self.found: set[str] = set()
        self.said = ""
        self.within: list[str] = []
        self.headings: list[str] = []
        self.cells: list[str] | None = None
        self.feed(
            re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", html, flags=re.DOTALL)
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Whatever is no word in a sentence ends it."""
        kind = dict(attrs).get("class") or ""
        if tag != "strong" and not (tag == "span" and kind != "cite"):
            self.end(self.within[-1].split()[0] if self.within else "")
        if tag == "thead":
            self.headings = []
        if tag == "tr":
            self.cells = []
        self.within.append(f"{tag} {kind}")

    def handle_endtag(self, tag: str) -> None:
        """The end of a citation ends a sentence too; a row of cells is one."""
        kind = self.within.pop()
        if kind.startswith("span tag"):
            self.said += ": "
        elif kind == "span mark":
            self.said = ""
        elif kind == "span cite" or tag not in {"span", "strong"}:
            self.end(tag)
        if tag == "tr" and self.cells:
            name, *cells = self.cells
            pairs = zip(self.headings[1:], cells, strict=True)
            self.add(f"{name}: {', '.join(f'{h} {c}' for h, c in pairs)}")
        if tag == "tr":
            self.cells = None

    def handle_data(self, data: str) -> None:
        """Lines to be copied are sentences each."""
        if self.within and self.within[-1].startswith("pre"):
            for line in data.splitlines():
                self.add(line)
        else:
            self.said += data

    def end(self, where: str) -> None:
        """End a sentence of such an element."""
        said, self.said = self.said, ""
        if where == "th":
            self.headings.append(said)
        elif where == "td" and self.cells is not None:
            self.cells.append(said)
        elif where == "summary":
            self.add(COUNT.sub("", said))
        else:
            self.add(said)

    def add(self, said: str) -> None:
        """Note a sentence."""
        self.found.add(_same(said))


def _same(said: str) -> str:
    said = MARK.sub("", " ".join(said.split()))
    return said.removesuffix(":").casefold()


def sentences_of_card(sheet: Sheet) -> set[str]:
    found = _Sentences(as_card(sheet)).found
    hidden = re.compile(r"(and )?\d+ (more )?(notes|survivors)")
    return {each for each in found if not hidden.fullmatch(each)}


def sentences_of_text(sheet: Sheet) -> set[str]:
    return set(map(_same, as_text(sheet, detail="full").splitlines()))


@pytest.fixture(autouse=True)
def unwrapped() -> Iterator[None]:
    """Every sentence a line of its own."""
    with as_wide_as(1_000_000):
        yield


@pytest.mark.parametrize("name", SHEETS)
def test_text_and_card_say_the_same(name: str) -> None:
    sheet = SHEETS[name]()
    card, text = sentences_of_card(sheet), sentences_of_text(sheet)
    repeated = set(_repeated(sheet.blocks))
    for each in repeated:
        assert any(s.startswith(each.removeprefix("can be first ")) for s in text)
    pictures = {each for each in card if each.startswith("picture")}
    assert card - text - repeated - pictures - FRAME == set()
    assert text - card - FRAME == set()


def _repeated(blocks: Iterable[Block]) -> Iterator[str]:
    """What pictures say that say only what stands beside them."""
    for block in blocks:
        if isinstance(block, Part):
            yield from _repeated(block.blocks)
        elif isinstance(block, Figure) and block.repeats:
            yield from map(_same, block.picture.text.splitlines())
