"""The review pack: everything to sign is there, escaped, and can be ticked."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.cli.main import main
from milia_cds.knowledge.model import Gate
from milia_cds.knowledge.wording import Wording
from milia_cds.render.pack import Pack
from milia_cds.render.review import review_pack
from milia_cds.render.review_page import SIGN_OFF, markdown_of, page_of

BASE = load_knowledge()
PACK = review_pack(BASE)
PAGE = page_of(PACK)
MARKDOWN = markdown_of(PACK)
WORDS_A_MINUTE = 230
AFTERNOON = 5 * 60


class Reader(HTMLParser):
    """Gathers what a page says, its tags, ids, links and attributes."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.crossed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        given = dict(attrs)
        self.tags[tag] += 1
        if name := given.get("id"):
            self.ids.append(name)
        if (href := given.get("href") or "").startswith("#"):
            self.links.append(href[1:])
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that closes, and whether it was the last that opened."""
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


READER = read(PAGE)
SAID = " ".join(" ".join(READER.words).split())
SHOWN = " ".join(re.sub(r"\\(.)", r"\1", MARKDOWN).split())


def said(text: str) -> bool:
    return " ".join(text.split()) in SAID and " ".join(text.split()) in SHOWN


# -- everything is there ------------------------------------------------------


def test_every_text_of_every_claim_of_the_knowledge_is_in_the_pack() -> None:
    silent = [
        path
        for path, claim in BASE.sourced()
        for field in ("text", "summary", "plain", "label")
        if getattr(claim, field, "") and not path.startswith("terms.toml: set")
        if field != "label" or path.startswith("terms.toml: term")
        if not said(getattr(claim, field))
    ]
    assert silent == []


def test_every_source_of_every_claim_is_named_beside_it_and_described() -> None:
    cited = {name for _, claim in BASE.sourced() for name in claim.sources}
    in_pack = {name for claim in PACK.claims for name in claim.sources}
    own = {name for _, each in BASE.sourced() for name in each.sources}
    rarely = own - in_pack
    assert rarely <= {
        name
        for path, claim in BASE.sourced()
        for name in claim.sources
        if path.startswith(("terms.toml: set", "scenarios.toml: dest", "criteria"))
    }
    assert cited <= {*PACK.sources}
    for name in cited:
        assert said(BASE.sources[name].title)


def test_every_claim_has_a_source_or_a_judgement_or_is_a_form_of_words() -> None:
    free = ("certainty", "limit", "attribute", "codes", "guarantee", "screen")
    coded = ".codes"
    facts = {*BASE.facts}
    silent = [
        claim.id
        for claim in PACK.claims
        if not claim.sources and not claim.judgement
        if not claim.id.startswith(free) and claim.id not in facts
        if not claim.id.endswith(coded)
    ]
    assert silent == []


def test_a_claim_says_how_sure_its_weakest_source_is() -> None:
    order = ["very low", "low", "moderate", "high"]
    for claim in PACK.claims:
        known = [
            BASE.sources[name].certainty.replace("_", " ") for name in claim.sources
        ]
        assert claim.certainty == min(known, key=order.index, default=""), claim.id


def test_every_guarantee_decision_and_question_is_to_be_signed() -> None:
    for each in (*BASE.guarantees, *BASE.promises):
        assert said(each.text)  # type: ignore[attr-defined]
    for decision in BASE.decisions.values():
        assert said(decision.ask)
    for fact in BASE.facts.values():
        assert said(fact.ask)
        assert said(fact.ask_patient)


def test_a_shared_rule_is_signed_once_and_named_by_every_option_that_has_it() -> None:
    text = BASE.options["extraction"].gate[0].text
    claims = [claim for claim in PACK.claims if text in claim.text]
    assert len(claims) == 1
    sections = [each.title for each in PACK.sections if claims[0].id in each.also]
    sharing = [
        option.label
        for option in BASE.options.values()
        if any(gate.text == text for gate in option.gate)
    ]
    assert sections == sharing
    assert len(sharing) == 5


def test_a_rule_of_several_is_one_claim_whatever_its_wordings() -> None:
    wordings: dict[str, list[Gate]] = {}
    for gate in BASE.gates():
        if gate.place:
            wordings.setdefault(gate.place, []).append(gate)
    several = [gates for gates in wordings.values() if len(gates) > 1]
    (section,) = [each for each in PACK.sections if each.id == "shared-rules"]
    claims = {claim.id: claim for claim in section.claims}
    assert len(claims) == len(several)
    for gates in several:
        claim = claims[f"shared.{gates[0].name}"]
        assert all(gate.text in claim.text for gate in gates)
        assert all(gate.plain in claim.plain for gate in gates)
        assert {source for gate in gates for source in gate.sources} == {*claim.sources}


def test_what_several_scenarios_share_is_signed_once_and_named_by_each() -> None:
    text = "A plaque at the inner canthus cleared after enucleation"
    (claim,) = [claim for claim in PACK.claims if text in claim.text]
    naming = [each.title for each in PACK.sections if claim.id in each.also]
    assert naming == [
        scenario.label
        for scenario in BASE.scenarios.values()
        if any(each.text.startswith(text) for each in scenario.argument)
    ]
    assert len(naming) > 3
    assert all(label in claim.text for label in naming)


def test_a_condition_is_said_with_every_claim_that_has_one() -> None:
    conditional = [claim for claim in PACK.claims if claim.when]
    words = Wording(BASE, subjects=True)
    rules = {
        words.condition(gate.condition)
        for gate in BASE.gates()
        if gate.condition is not None
    }
    assert rules <= {claim.when for claim in conditional}
    for claim in conditional:
        assert said(f"If {claim.when}: ")


# -- how it is laid out -------------------------------------------------------


def test_every_claim_has_one_box_one_number_and_room_for_remarks() -> None:
    assert READER.tags["input"] == len(PACK.claims) == MARKDOWN.count("\n* [ ] **")
    assert PAGE.count('<td class="remarks"></td>') == len(PACK.claims)
    numbers = re.findall(r'<span class="number">(\d+)</span>', PAGE)
    assert numbers == [str(number) for number in range(1, len(PACK.claims) + 1)]


def test_every_id_is_there_once_and_every_link_leads_somewhere() -> None:
    assert [name for name, count in Counter(READER.ids).items() if count > 1] == []
    assert set(READER.links) <= set(READER.ids)
    anchors = set(re.findall(r'<a id="([^"]+)">', MARKDOWN))
    assert set(re.findall(r"\]\(#([^)]+)\)", MARKDOWN)) <= anchors | {"sources"}


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere() -> None:
    assert READER.crossed == []
    assert READER.open == []
    assert READER.tags["script"] == READER.tags["link"] == READER.tags["img"] == 0
    assert all(address.startswith("#") for address in READER.addresses)
    assert not re.search(r"url\(|@import|\bon\w+=", PAGE)


@pytest.mark.parametrize("text", [PAGE, MARKDOWN], ids=["html", "markdown"])
def test_it_says_that_it_is_a_draft_of_which_knowledge_and_who_signs(text: str) -> None:
    start = text[: len(text) // 20]
    assert "Draft, not clinically reviewed" in start
    assert BASE.digest in start
    for label in SIGN_OFF:
        assert label in start


def test_every_section_stands_in_the_contents() -> None:
    for section in PACK.sections:
        assert f'<li class="level-{section.level}"><a href="#{section.id}">' in PAGE
        assert f"](#{section.id})" in MARKDOWN


def test_it_can_be_read_in_an_afternoon() -> None:
    words = sum(
        len(f"{each.when} {each.text} {each.plain}".split()) for each in PACK.claims
    )
    assert 20_000 < words < WORDS_A_MINUTE * AFTERNOON


# -- hostile text -------------------------------------------------------------

HOSTILE = '<script>alert("x")</script> & `code` *bold* [link](http://x) | \' <b>'


def hostile() -> Pack:
    option = attrs.evolve(
        BASE.options["extraction"],
        label=HOSTILE,
        summary=HOSTILE,
        plain=HOSTILE,
        performed_text=HOSTILE,
    )
    options = {**BASE.options, "extraction": option}
    return review_pack(attrs.evolve(BASE, options=options))


def test_text_is_never_markup() -> None:
    reader = read(page_of(hostile()))
    assert reader.tags["script"] == reader.tags["b"] == 0
    assert reader.crossed == []
    assert all(address.startswith("#") for address in reader.addresses)
    assert "".join(reader.words).count(HOSTILE) > 3
    markdown = markdown_of(hostile())
    assert not re.search(r"(?<!\\)<(?:script|b>)", markdown)
    assert "[link](" not in markdown


# -- the command --------------------------------------------------------------


def test_the_command_prints_the_page_by_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["review"]) == 0
    assert capsys.readouterr().out == PAGE


def test_the_command_prints_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == MARKDOWN


def test_another_format_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["review", "--format", "pdf"])
    assert caught.value.code == 2
    assert 'there is no "pdf"; use one of html, markdown' in capsys.readouterr().err
