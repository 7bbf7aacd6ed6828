"""Signatures: what counts, what no longer does, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs
import pytest

from milia_cds import KnowledgeError, assess, load_knowledge
from milia_cds.case.strict_toml import parse_toml
from milia_cds.check.examination import _outdated as outdated
from milia_cds.check.review import review_pack
from milia_cds.errors import Problem
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.reviews import JUDGED, SECTIONS
from milia_cds.knowledge.signing import digests_of, mark_of, marks_of, sections_of
from milia_cds.render.sheets.pack import signatures_to_fill

BASE = load_knowledge()
TO_FILL = signatures_to_fill(review_pack(BASE))
FILLED = (
    TO_FILL.replace('name = ""', 'name = "A. Somebody"')
    .replace('role = ""', 'role = "dermatologist"')
    .replace('date = ""', 'date = "2027-01-31"')
)
ANEW = "print the section anew (milia-cds review --format toml) and sign that"


def section_of(name: str) -> str:
    """The signature of one section."""
    (found,) = [
        f"[[signature]]{each}"
        for each in FILLED.split("[[signature]]")
        if f'section = "{name}"' in each
    ]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The knowledge in a folder of its own."""
    copied = tmp_path / "data"
    shutil.copytree(SHIPPED, copied)
    return copied


def signed(folder: Path, text: str) -> Knowledge:
    (folder / "reviews.toml").write_text(text, "utf-8")
    return read_knowledge(folder)


def problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(KnowledgeError) as raised:
        signed(folder, text)
    return list(raised.value.problems)


# -- the sections hold everything --


def test_every_key_of_every_entry_stands_in_just_one_row() -> None:
    found: dict[tuple[int, str], int] = {}
    for rows in sections_of(BASE).values():
        for pieces in rows.values():
            for piece in {(id(p.entry), key) for p in pieces for key in p.keys}:
                found[piece] = found.get(piece, 0) + 1
    assert {*found.values()} == {1}
    for placed in BASE.entries:
        given = ["when", "short", "ask", "label", "kind", "frequency"]
        made = getattr(placed.entry, "sentence", ()) and not hasattr(
            placed.entry, "silences"
        )
        for key in [*given, *(() if made else ("text", "plain"))]:
            if getattr(placed.entry, key, ""):
                assert (id(placed.entry), key) in found, (placed.path, key)


def test_whatever_changes_changes_the_digest_of_its_section_and_of_what_is_judged() -> (
    None
):
    before = digests_of(BASE)
    name, source = next(
        (name, each) for name, each in BASE.sources.items() if each.claim
    )
    alert = next(iter(BASE.alerts.values()))
    option = BASE.options[next(iter(BASE.options))]
    edits = {
        "dangers": attrs.evolve(
            BASE,
            alerts={**BASE.alerts, alert.id: attrs.evolve(alert, plain="Other.")},
        ),
        "guarantees": attrs.evolve(BASE, promises=BASE.promises[:-1]),
        "texts": attrs.evolve(
            BASE,
            options={**BASE.options, option.id: attrs.evolve(option, family="other")},
        ),
        "rules": attrs.evolve(BASE, common_calls=BASE.common_calls[1:]),
    }
    for section, base in edits.items():
        moved = {each for each in SECTIONS if digests_of(base)[each] != before[each]}
        assert moved >= {section, *JUDGED}
        assert moved <= {section, *JUDGED, "texts"}
    other = attrs.evolve(source, claim="Another figure.")
    base = attrs.evolve(BASE, sources={**BASE.sources, name: other})
    assert digests_of(base)["texts"] != before["texts"]


def test_a_new_version_of_the_same_knowledge_needs_no_new_signature() -> None:
    about = attrs.evolve(BASE.about, version="0.2.0", date="2027-01-01")
    assert digests_of(attrs.evolve(BASE, about=about)) == digests_of(BASE)


def test_no_row_is_empty() -> None:
    for section, rows in sections_of(BASE).items():
        assert [*marks_of(BASE, section)] == [*rows]
        assert all(rows.values())


# -- the status follows --


def test_without_signatures_it_is_a_draft() -> None:
    assert BASE.about.status == "draft"
    assert BASE.about.reviewed_by == ()
    assert BASE.about.notice == "draft, not clinically reviewed"


def test_some_signatures_make_it_partly_reviewed_and_still_a_draft(
    folder: Path,
) -> None:
    base = signed(folder, section_of("rules") + section_of("figures"))
    assert base.about.status == "partly reviewed"
    assert base.about.notice == f"draft, 2 of {len(SECTIONS)} sections reviewed"
    assert base.about.reviewed_by == ("A. Somebody, dermatologist (figures, rules)",)
    assert stamp(base).status == "partly reviewed"
    assert "draft" in assess(base.case({}), base).text().lower()


def test_all_signatures_make_it_reviewed(folder: Path) -> None:
    base = signed(folder, FILLED)
    assert base.about.status == "reviewed"
    assert base.about.reviewed_by == ("A. Somebody, dermatologist",)
    assert base.about.notice == "reviewed by A. Somebody, dermatologist"


def test_signing_changes_the_digest_of_the_knowledge_but_of_no_section(
    folder: Path,
) -> None:
    base = signed(folder, section_of("rules"))
    assert base.digest != BASE.digest
    assert digests_of(base) == digests_of(BASE)


def test_a_signature_counts_no_more_once_its_section_has_changed(folder: Path) -> None:
    terms = folder / "guarantees.toml"
    text = terms.read_text("utf-8")
    start = text.index('text = "')
    terms.write_text(f'{text[:start]}text = "Otherwise: {text[start + 8 :]}', "utf-8")
    base = signed(folder, FILLED)
    assert base.about.status == "partly reviewed"
    (by,) = base.about.reviewed_by
    for section in ("guarantees", *JUDGED):
        assert section not in by
    for section in ("standings", "rules", "texts"):
        assert section in by


def test_patients_that_are_not_agreed_with_may_be_left_out(folder: Path) -> None:
    one = section_of("patients").partition("[signature.rows]")[0]
    text = f'{one}[signature.rows]\n"a patient" = "0123456789abcdef"\n'
    assert signed(folder, text).about.reviewed_by == (
        "A. Somebody, dermatologist (patients)",
    )


# -- what is refused --


def test_a_forged_digest_is_refused_with_where_and_how_to_mend(folder: Path) -> None:
    digest = digests_of(BASE)["rules"]
    forged = f"sha256:{'0' * 64}"
    text = section_of("rules").replace(digest, forged)
    assert problems(folder, text) == [
        Problem(
            "reviews.toml: signature[0].digest",
            "it is not the digest of the rows below it",
            ANEW,
        )
    ]


def test_a_row_that_was_left_out_or_changed_is_refused(folder: Path) -> None:
    row, mark = next(iter(marks_of(BASE, "rules").items()))
    line = f'"{row}" = "{mark}"\n'
    for other in ("", f'"{row}" = "{"0" * 16}"\n'):
        (problem,) = problems(folder, section_of("rules").replace(line, other))
        assert problem.path == "reviews.toml: signature[0].digest"


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ('name = "A. Somebody"', 'name = " "', "name", "it is empty"),
        ('role = "dermatologist"', 'role = ""', "role", "it is empty"),
        ("2027-01-31", "31 January", "date", '"31 January" is no day'),
        ("sha256:", "md5:", "digest", None),
        ('section = "rules"', 'section = "rulez"', "section", None),
    ],
)
def test_what_is_filled_in_wrongly_is_refused(
    folder: Path, old: str, new: str, path: str, message: str | None
) -> None:
    (problem,) = problems(folder, section_of("rules").replace(old, new))
    assert problem.path == f"reviews.toml: signature[0].{path}"
    assert message is None or problem.message == message
    assert problem.mend


def test_what_is_not_filled_in_is_refused(folder: Path) -> None:
    found = problems(folder, TO_FILL)
    assert len(found) == 3 * len(SECTIONS)
    assert {each.path.rpartition(".")[2] for each in found} == {"name", "role", "date"}


def test_what_is_printed_to_fill_in_is_toml() -> None:
    wrong: list[Problem] = []
    read = parse_toml(TO_FILL.encode(), "reviews.toml", wrong)
    assert wrong == []
    assert read is not None
    assert [each["section"] for each in read["signature"]] == [*SECTIONS]


def test_what_follows_from_signatures_is_no_key_of_about(folder: Path) -> None:
    about = folder / "about.toml"
    text = about.read_text("utf-8")
    about.write_text(f'status = "reviewed"\nreviewed_by = ["A"]\n{text}', "utf-8")
    mend = "take it out; reviews.toml says who has reviewed what"
    assert problems(folder, "") == [
        Problem(f"about.toml: {key}", "it follows from signatures", mend)
        for key in ("status", "reviewed_by")
    ]


def test_an_outdated_signature_is_warned_of_by_the_examination(folder: Path) -> None:
    base = signed(folder, section_of("rules"))
    assert [*outdated(base)] == []
    calls = attrs.evolve(base, common_calls=base.common_calls[1:])
    (found,) = outdated(calls)
    assert (found.level, found.path) == ("warning", "reviews.toml: rules")
    assert "A. Somebody, dermatologist signed it on 2027-01-31" in found.text


def test_a_mark_does_not_hang_on_the_order_of_the_keys_of_a_record() -> None:
    pieces = sections_of(BASE)["texts"]["leaflets.toml: referred[0]"]
    turned = [attrs.evolve(each, keys=each.keys[::-1]) for each in pieces]
    assert [each.keys for each in turned] != [each.keys for each in pieces]
    said, again = ([each.content() for each in some] for some in (pieces, turned))
    assert mark_of(said) == mark_of(again)
