"""The engine knows no medicine: below the front door no source has a word of milia.

What the domain says stands in its data, and what a typed case of milia may state in the
typed door. Words of any clinic, such as patient, treatment and referral, are the
engine's own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import milia_cds

SOURCE = Path(milia_cds.__file__).parent
ABOVE = ("__init__.py", "assessment", "check", "cli", "testing")
TYPED = ("case/ages.py", "case/case.py", "case/milia.py", "case/sections.py")
FILES = sorted(
    name
    for path in SOURCE.rglob("*.py")
    if (name := path.relative_to(SOURCE).as_posix()) not in TYPED
    and name.partition("/")[0] not in ABOVE
)

WORDS = (
    *("milia", "milium", "lesion", "extraction", "eyelid", "steaming", "cryotherapy"),
    *("dermatolog", "aesthetician", "keratin", "phototype", "pregnan", "isotretinoin"),
    *("skin", "acne", "findings", "items of history", "newborn", "cosmetic"),
    *("clinic.operator", "clinic.offers", "goals.weights", "patient.age_years"),
)
OF_THE_PROGRAM = re.compile(
    r"milia_cds|milia-cds|MiliaError"  # its name
    r"|class_=\"milia|\"milia[ \"]|(\[[^\]]*\] |svg)?(\.milia)+"  # its class of style
    r"|>>>.*|^ {4,}'.*'$",  # examples, which run on the shipped knowledge
    re.MULTILINE,
)


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 50
    assert "knowledge/reading.py" in FILES


@pytest.mark.parametrize("name", FILES)
def test_no_source_below_the_front_door_has_a_word_of_milia(name: str) -> None:
    source = OF_THE_PROGRAM.sub("", (SOURCE / name).read_text("utf-8"))

    found = [each for each in WORDS if re.search(rf"(?<!\w){re.escape(each)}", source)]
    assert found == []
