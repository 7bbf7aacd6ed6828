"""What no text of the knowledge base may say, and how every text must be written.

The texts are gathered from the loaded records, whatever their fields are called, so a
new field is read without a change here. Each rule is shown to fail on bad texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Argument, Measure
from milia_cds.knowledge.texts import Advice
from milia_cds.logic.facts import Choice

BASE = load_knowledge()

NOT_WORDS = {
    *("id", "code", "codes", "system", "version", "date", "year", "checked", "rows"),
    *("own_rows", "claims"),
    *("when", "never_when", "own_when", "fact", "facts", "stated", "screen", "to"),
    *(
        "option",
        "options",
        "measures",
        "performed_by",
        "criterion",
        "sources",
        "claims",
    ),
    *("first_line", "reasonable", "limited", "not_recommended"),
    *("authors", "url", "doi", "pmid", "review_by", "reviewed_by"),
}
"""Fields that name, cite or compute. What may be any of a few words is left out too."""

NAMES = {
    *(("SetEntry", "members"), ("Source", "title"), ("Source", "type")),
    *(("Alias", "words"), ("Vernacular", "spelling"), ("Vernacular", "ignored")),
}
"""Fields that hold names, or words that people write, and in other records ours."""

NO_RECORDS = {"kinds", "digest"}
"""Fields of the knowledge base itself that hold no records."""

SENTENCES = {
    *("text", "plain", "summary", "performed_text", "own_text", "help", "note"),
    *("ask", "ask_patient", "question", "certainty", "intended_use", "users", "limits"),
}
PHRASES = {
    *(("Scenario", "plain"), ("Guard", "text")),
    *(("Addressee", "plain"), ("Pending", "text")),
    *(("UrgencyWords", "plain"), ("BriefReason", "text"), ("Consent", "text")),
}
"""Fields that hold sentences, and those of the same names that do not."""

GATE = ("text", "plain", "short")

FOR_PATIENTS = {"plain", "ask_patient"}


@attrs.frozen
class Text:
    """A text, the field and the record that it stands in, and its place."""

    words: str
    field: str
    record: Any
    place: str

    @property
    def is_a_sentence(self) -> bool:
        """Whether the text is a sentence or more, and no phrase."""
        kind = type(self.record).__name__
        return self.field in SENTENCES and (kind, self.field) not in PHRASES

    def clauses(self) -> list[str]:
        """Its clauses in lower case."""
        return [each for each in re.split(r"[.;:?!]", self.words.lower()) if each]


def texts(base: Knowledge) -> list[Text]:
    parts = [part for part in attrs.fields_dict(Knowledge) if part not in NO_RECORDS]
    return [
        text for part in parts for text in _within(getattr(base, part), part, "", base)
    ]


def _within(value: Any, place: str, field: str, record: Any) -> Iterator[Text]:
    if isinstance(value, str) and value:
        yield Text(value, field, record, place)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(each, f"{place}.{key}", field, record)
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            name = getattr(each, "id", number)
            yield from _within(each, f"{place}.{name}", field, record)
    elif attrs.has(type(value)):
        names = _words_of(type(value))  # type: ignore[arg-type] # a class is hashable
        for name in names:
            yield from _within(getattr(value, name), f"{place}.{name}", name, value)


@cache
def _words_of(record: type) -> list[str]:
    """The fields of a record that hold words."""
    hints = get_type_hints(record)
    return [
        field.name
        for field in attrs.fields(record)
        if not field.metadata.get("derived", False)
        and field.name not in NOT_WORDS
        and (record.__name__, field.name) not in NAMES
        and not _is_one_of_a_few(hints[field.name])
    ]


def _is_one_of_a_few(hint: Any) -> bool:
    return get_origin(hint) is Literal or any(
        get_origin(part) is Literal for part in get_args(hint)
    )


TEXTS = texts(BASE)


# -- what no text may say -----------------------------------------------------

Wrong = Callable[[Text], bool]

NEGATED = r"\b(?:never|not|no|nobody|nothing|without|cannot|nor|neither)\b"


def says(pattern: str) -> Wrong:
    """A rule that no text holds the pattern, upper or lower case."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.search(text.words) is not None


def is_negated(clause: str) -> bool:
    return re.search(NEGATED, clause) is not None


OPENING = re.compile(
    r"\b(?:pierc|squeez|lanc(?:e|es|ed|ing)\b|drain|prick|punctur|pop(?:s|ped|ping)?\b)"
    r"|\b(?:pick|dig|press|push)\w*\b.*\bout\b|\bneedl(?:ed|ing)\b"
    r"|\bneedle (?:it|them|the|a|each)\b|\bwith (?:\w+ ){0,3}(?:needle|pin|lancet)\b"
)
AT_HOME = re.compile(
    r"\b(?:home|patient|parent|mother|father|family|yourself|themsel\w+|carer|self)\b"
)
CLINICIAN = re.compile(
    r"\b(?:clinic|clinician|doctor|nurse|surgeon|specialist|dermatologist|therapist)\b"
)


def opens_at_home(text: Text) -> bool:
    """Whether patient or parent is told to open a milium.

    Only the never-list names it to them; a clause that forbids it is none.
    """
    if getattr(text.record, "kind", None) == "never":
        return False
    for_patients = text.field in FOR_PATIENTS
    return any(
        OPENING.search(clause) is not None
        and not is_negated(clause)
        and (
            CLINICIAN.search(clause) is None
            if for_patients
            else AT_HOME.search(clause) is not None
        )
        for clause in text.clauses()
    )


THINNER = re.compile(
    r"anticoag|blood thinner|warfarin|\bdoac|heparin|apixaban|rivaroxaban|\binr\b"
    r"|vitamin k|too thin"
)
STOP = re.compile(
    r"\b(?:stop|paus|withh[eo]ld|interrupt|skip|omit|discontinu|suspend|hold|halt|bridg)"
    r"\w*|\b(?:come|comes|coming|take|taken|off) (?:\w+ )?off\b|\bleav\w* out\b"
)


def stops_an_anticoagulant(text: Text) -> bool:
    return THINNER.search(text.words.lower()) is not None and any(
        STOP.search(clause) is not None and not is_negated(clause)
        for clause in text.clauses()
    )


ACID = re.compile(r"\b(?:acid|lactic|glycolic|aha|peel)")
LEFT = re.compile(
    r"\b(?:leav|left|keep|kept|stay|remain)\w* (?:\w+ ){0,3}on\b|\bovernight\b"
    r"|\b(?:do not|without) (?:rins|wash)"
)
PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|per ?cent)")


def leaves_acid_on(text: Text) -> bool:
    """Whether acid stays on the skin once it has been neutralised."""
    words = text.words.lower()
    return (
        "neutrali" in words
        and ACID.search(words) is not None
        and any(
            LEFT.search(clause) is not None
            and re.search(r"\bno text\b", clause) is None
            for clause in text.clauses()
        )
    )


def names_a_strong_acid(text: Text) -> bool:
    """Whether a text gives an acid of more than 10 % without forbidding it.

    What a source reports is no advice.
    """
    if isinstance(text.record, Source):
        return False
    sentences = re.split(r"[.;:?!](?!\d)", text.words.lower())
    return any(
        re.search(r"\b(?:acid|lactic|glycolic)\b", each) is not None
        and not is_negated(each)
        and any(float(percent) > 10 for percent in PERCENT.findall(each))
        for each in sentences
    )


DOSE = says(
    r"\bmg ?/ ?kg\b|\d ?(?:mg|mcg|µg|micrograms?|milligrams?|iu)\b|per kilogram"
)
GRAMS = says(r"\b\d+ ?g\b")
"""The label of the cream gives its most in grams of cream, for an area of skin."""

RULES: dict[str, tuple[Wrong, tuple[str, str, str]]] = {
    "no opening at home": (
        opens_at_home,
        (
            "Pop it with a clean pin.",
            "A parent may pierce it with a sterile needle at home.",
            "Do not wait: will you squeeze it out tonight?",
        ),
    ),
    "no acid left on": (
        leaves_acid_on,
        (
            "After neutralising, leave the peel on for an hour.",
            "Lactic acid is neutralised; a film stays on the skin.",
            "Is the acid neutralised? Do not rinse.",
        ),
    ),
    "no strong acid": (
        names_a_strong_acid,
        (
            "Use a 30 % glycolic acid.",
            "Lactic acid of 10.5 % is enough.",
            "Have you a 25 per cent acid?",
        ),
    ),
    "no 82 % acid": (
        says(r"\b82 ?(?:%|per ?cent)"),
        ("Take the 82% peel.", "It holds 82 % of it.", "Is it of 82 percent?"),
    ),
    "no anticoagulant is stopped": (
        stops_an_anticoagulant,
        (
            "Stop your blood thinner two days before.",
            "Warfarin is withheld until the INR is 2.",
            "Can the anticoagulant be paused?",
        ),
    ),
    "no 75 second freeze": (
        says(r"\b75[ -]?(?:s|secs?|seconds?)\b"),
        (
            "Freeze for 75 s.",
            "Two cycles of 75 seconds.",
            "Was a 75-second freeze given?",
        ),
    ),
    "no device setting": (
        says(
            r"\d ?(?:m?j|w|watts?|[km]?hz|ma|m?v|nm|ms|µm|um|joules?)\b|j ?/ ?cm"
            r"|\bmm spot|\bspot size|\bfluence of|\d (?:\w+ )?passes\b"
            r"|pulse (?:width|duration|length)"
            r"|(?<!fever \()(?<!fever of )\b\d+ ?(?:°|degrees) ?c"
            r"|(?:freez|thaw|burst|pulse)\w*[^.]*\b\d+[ -]?(?:s|secs?|seconds?)\b"
        ),
        (
            "Set it to 5 J/cm2.",
            "At 4 MHz with 10 watts.",
            "A freeze of 20 s, two passes?",
        ),
    ),
    "no dose": (
        DOSE,
        ("Take 20 mg.", "At 0.5 mg/kg a day.", "Was it 100 micrograms?"),
    ),
    "no mark of unfinished or unverified work": (
        says(
            r"[†‡]|unverified|dossier|synth|\b(?:todo|fixme|tbd|tbc|xxx)\b|lorem ipsum"
        ),
        ("It helps.†", "Unverified: it helps.", "TODO?"),
    ),
    "no id of a rule, a source or a guarantee": (
        says(r"\b[a-z]{2,7}-\d{3}\b|\be\d{3}\b|\bg\d{2}[a-z]?\b|guarantee[- ]\d"),
        ("As CRYO-028 says.", "It helped (E083).", "Is guarantee 11 kept?"),
    ),
    "no path and no address": (
        says(
            r"(?:^|\s)[./~]*/\w|\b(?:src|data|docs|tests)/|\.(?:toml|csv|md|py|json)\b|https?:|www\."
        ),
        ("See /tmp/rules.", "It stands in rules.csv.", "See https://example.org?"),
    ),
    "British spelling": (
        says(
            r"\btumors?\b|color|anesth|\bedema|\bhemat|\bhemo|hemorrh|leukem|\banemi"
            r"|pediatr|orthoped|gyneco|\bestrogen|diarrhea|esophag|\bcenter|\bfibers?\b"
            r"|\b(?:milli|centi)?(?:meters?|liters?)\b|behavior|favor|\blabors?\b"
            r"|neighbor|\bgray\b|judgment|\bmold|aluminum|\bskillful"
            r"|\b(?!siz|re-?siz|seiz|priz|capsiz)\w+(?:iz|yz)(?:es?|ed|ing|ations?)\b"
        ),
        ("The tumor is gone.", "A center for pediatric care.", "Is it neutralized?"),
    ),
    "single spaces, none at the ends": (
        lambda text: text.words != " ".join(text.words.split()),
        ("It  helps.", " It helps.", "Does it help?\n"),
    ),
    "a sentence ends": (
        lambda text: (
            text.is_a_sentence and re.search(r"[.?!][)\"]?$", text.words) is None
        ),
        ("It helps", "It helps:", "Does it help"),
    ),
    "a sentence begins": (
        lambda text: (
            text.is_a_sentence and re.match(r'["(]?[A-Z0-9]', text.words) is None
        ),
        ("it helps.", "- it helps.", "does it help?"),
    ),
}


def found(wrong: Wrong, among: list[Text]) -> list[tuple[str, str]]:
    return [(text.place, text.words) for text in among if wrong(text)]


def spoilt(base: Knowledge, bad: tuple[str, str, str]) -> Knowledge:
    """Put three bad texts in: for a patient, for a clinician, and as a question."""
    option = base.options["extraction"]
    scenario = base.scenarios["adult_few_face"]
    argument = attrs.evolve(scenario.argument[1], text=bad[1])
    entry = attrs.evolve(base.facts["lesion.count"], ask_patient=bad[2])
    arguments = (scenario.argument[0], argument, *scenario.argument[2:])
    return attrs.evolve(
        base,
        options={**base.options, option.id: attrs.evolve(option, plain=bad[0])},
        scenarios={
            **base.scenarios,
            scenario.id: attrs.evolve(scenario, argument=arguments),
        },
        facts={**base.facts, "lesion.count": entry},
    )


@pytest.mark.parametrize("rule", RULES)
def test_no_text_says_what_it_must_not(rule: str) -> None:
    wrong, _ = RULES[rule]
    assert found(wrong, TEXTS) == []


@pytest.mark.parametrize("rule", RULES)
def test_three_bad_texts_are_found_and_no_other(rule: str) -> None:
    wrong, bad = RULES[rule]
    assert [place for place, _ in found(wrong, texts(spoilt(BASE, bad)))] == [
        "facts.lesion.count.ask_patient",
        "scenarios.adult_few_face.argument.1.text",
        "options.extraction.plain",
    ]


def test_a_dose_stands_with_the_label_of_the_anaesthetic_cream_alone() -> None:
    doses = {text.place.split(".")[1] for text in TEXTS if DOSE(text)}
    advised = [text for text in TEXTS if not isinstance(text.record, Source)]
    grams = {text.place.split(".")[1] for text in advised if GRAMS(text)}
    assert (doses, grams) == (set(), {"topical_anaesthetic"})


def test_every_prose_field_of_the_records_is_read() -> None:
    read = {(type(text.record).__name__, text.field) for text in TEXTS}
    assert {field for kind, field in read if kind == "Gate"} == {*GATE}
    assert {
        ("About", "limits"),
        ("ActionRow", "text"),
        ("Argument", "text"),
        ("Contradiction", "text"),
        ("Criterion", "question"),
        ("Criterion", "levels"),
        ("Decision", "ask"),
        ("Destination", "label"),
        ("FactEntry", "ask_patient"),
        ("FactEntry", "members"),
        ("Guarantee", "text"),
        ("Measure", "performed_text"),
        ("Option", "performed_text"),
        ("Option", "summary"),
        ("Promise", "text"),
        ("Scenario", "plain"),
        ("Screen", "help"),
        ("SetEntry", "not_"),
        ("Source", "claim"),
        ("TermEntry", "note"),
    } <= read
    assert len(TEXTS) > 2500


# -- who does it, and how strong ----------------------------------------------


def test_the_patient_performs_neither_extraction_nor_peel() -> None:
    for name in ("extraction", "superficial_peel"):
        assert "patient" not in BASE.option(name).performed_by


def test_only_gentle_options_are_performed_by_the_patient() -> None:
    own = {
        name for name, each in BASE.options.items() if "patient" in each.performed_by
    }
    assert own == {
        "adapalene",
        "gentle_cleansing",
        "home_exfoliation",
        "observation",
        "steaming",
    }


def test_everyone_who_performs_is_an_operator_or_the_patient() -> None:
    operators = BASE.kinds["clinic.operator"]
    assert isinstance(operators, Choice)
    for owner in BASE.gated():
        known = {*operators.members}
        if not isinstance(owner, Measure):
            known.add("patient")
        assert {*owner.performed_by} <= known, owner.id
        assert owner.performed_by, owner.id


def test_home_acid_is_weak() -> None:
    option = BASE.option("home_exfoliation")
    assert option.max_acid_percent is not None
    assert option.max_acid_percent <= 10
    assert option.min_ph is not None
    assert option.min_ph >= 3.5


# -- figures from elsewhere, and who sells ------------------------------------

COUNTED = re.compile(
    r"(?<!at most )(?<!limit is )\b[\d.]+ ?%|\bin \d+0\b|\bof \d{2,}\b|\bratio\b"
    r"|\brisk \d|\b\d+ (?:patients|women|children|people)|\b(?:half|quarter|thirds) of"
    r"|\btwice as",
)
"""A count of people or lesions; the strength of an acid is none."""

SAYS_SO = re.compile(r"\b[Nn]ot (?:of |from )?milia\b|\bno milia\b|\bIndirect\b")
"""How a text says by itself that its figure is not from milia."""


def is_about_milia(source: Source) -> bool:
    words = f"{source.title} {source.claim} {source.type}"
    return (
        re.search(r"\bmili(?:a|um)\b|Epstein pearls", words, re.IGNORECASE) is not None
        and SAYS_SO.search(words) is None
    )


def arguments_and_advice(base: Knowledge) -> list[Argument | Advice]:
    general = [each for option in base.options.values() for each in option.argument]
    here = [each for scenario in base.scenarios.values() for each in scenario.argument]
    advice = [each for each in base.advice if each.kind != "mimic"]  # other diseases
    return [*general, *here, *advice]


def hides_an_analogue(record: Argument | Advice) -> bool:
    """Whether a figure is from elsewhere, and neither text nor mark says so."""
    read = [BASE.sources[name] for name in record.sources]
    return (
        COUNTED.search(record.text) is not None
        and bool(read)
        and not any(map(is_about_milia, read))
        and record.basis is None
        and SAYS_SO.search(record.text) is None
    )


def test_a_figure_is_of_milia_or_says_that_it_is_not() -> None:
    told = arguments_and_advice(BASE)
    assert [each.text for each in told if hides_an_analogue(each)] == []


def test_what_is_marked_as_from_elsewhere_has_a_figure_and_says_it_once() -> None:
    marked = [each for each in arguments_and_advice(BASE) if each.basis]
    assert len({each.text for each in marked}) >= 10
    for each in marked:
        assert SAYS_SO.search(each.text) is None, each.text
        assert BASE.told(each) == f"{each.text} This figure is not from milia."
        assert COUNTED.search(getattr(each, "plain", "")) is None, each.text


def test_a_figure_whose_mark_is_taken_away_is_found() -> None:
    marked = [each for each in BASE.options["minocycline"].argument if each.basis]
    assert marked
    for each in marked:
        assert hides_an_analogue(attrs.evolve(each, basis=None))


def test_no_leaflet_prints_the_page_of_a_seller_or_of_one_clinic() -> None:
    sellers = {
        name
        for name, each in BASE.sources.items()
        if re.search(r"commercial|clinic site|clinic leaflet", each.type)
    }
    clinics = {"lynchE", "lynchL", "E066"}
    kept_out = {name for name, each in BASE.sources.items() if not each.in_leaflets}
    assert kept_out == sellers | clinics


def test_what_rests_on_one_clinic_alone_is_a_judgement_too() -> None:
    clinics = {
        *("lynchE", "lynchL", "kosme", "skincal", "hus", "lasBrad", "steamR"),
        *("peelPrep", "cryoSite"),
    }
    assert {BASE.sources[name].certainty for name in clinics} == {"very_low"}
    for path, claim in BASE.sourced():
        assert claim.judgement or not clinics & {*claim.sources}, path
