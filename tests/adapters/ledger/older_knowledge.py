"""How the older bundles beside this file came to be: two edits, undone one by one.

    python tests/adapters/ledger/older_knowledge.py FOLDER

takes the knowledge as it stands in the repository and writes `older.zip` and
`oldest.zip` into a folder. The two here were made so and are kept, whatever becomes of
the knowledge: they stand for decisions of former years. They are never made again.

* `older.zip`: before a rule was tightened. Steaming was forbidden below 16 years, where
  it is now below 18.
* `oldest.zip`: before a fact was replaced as well. It asks whether the skin is chapped,
  on which it warned of scrubs, and does not ask whether blood tests can be had, so that
  no rule of oral retinoids reads it.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from milia_cds import load_knowledge
from milia_cds.knowledge.files import SHIPPED

CHAPPED = """\
[findings.chapped_skin]
label = "chapped skin"
kind = "yes_no"
ask = "Is the skin at the lesion chapped?"
ask_patient = "Is the skin at the bump chapped?"
screen = "skin_and_lashes"
yes = "is chapped"
no = "is not chapped"

[findings.lash_loss]
"""
CAUTION = """
[[gate]]
id = "chapped_skin"
kind = "caution"
when = "findings.chapped_skin"
text = "Not on chapped skin: let it heal first."
plain = "Do not scrub skin that is chapped."
judgement = true
"""


def older(folder: Path) -> None:
    """Undo the edit of a rule."""
    _replace(folder / "about.toml", 'version = "', 'version = "0.0.2-')
    _replace(folder / "options/steaming.toml", "age_years < 18", "age_years < 16")


def oldest(folder: Path) -> None:
    """Undo the edit of a fact as well."""
    older(folder)
    _replace(folder / "about.toml", "0.0.2-", "0.0.1-")
    _replace(folder / "facts.toml", "[findings.lash_loss]\n", CHAPPED)
    _cut(folder / "facts.toml", "[history.lipid_or_liver_monitoring_possible]\n")
    _cut(folder / "facts.toml", "[screen.blood_tests]\n")
    _replace(folder / "leaflets.toml", ' "blood_tests",', "")
    common = folder / "common.toml"
    _cut(common, '[[gate]]\nid = "no_monitoring"\n')
    option = folder / "options/home_exfoliation.toml"
    option.write_text(option.read_text("utf-8") + CAUTION, "utf-8")


def _replace(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text, (file.name, before)
    file.write_text(text.replace(before, after, 1), "utf-8")


def _cut(file: Path, head: str) -> None:
    """Take out what begins so, to where the next table begins that is no part of it."""
    text = file.read_text("utf-8")
    start = text.index(head)
    end = start + len(head)
    for line in text[end:].splitlines(keepends=True):
        if line.startswith("[") and not line.startswith("[[gate.wording"):
            break
        end += len(line)
    file.write_text(text[:start] + text[end:], "utf-8")


def bundled(edit: Callable[[Path], None]) -> bytes:
    """The bundle of today's knowledge after an edit."""
    with TemporaryDirectory() as place:
        folder = Path(copytree(SHIPPED, Path(place) / "knowledge"))
        edit(folder)
        names = [path for path in folder.rglob("*.toml") if path.is_file()]
        files = {path.relative_to(folder).as_posix(): path for path in names}
        return load_knowledge(_zipped(files)).bundle()


def _zipped(files: dict[str, Path]) -> bytes:
    """A plain zip, which is read by its own facts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as into:
        for name, path in sorted(files.items()):
            into.writestr(name, path.read_bytes())
    return written.getvalue()


if __name__ == "__main__":
    for edit in (older, oldest):
        (Path(sys.argv[1]) / f"{edit.__name__}.zip").write_bytes(bundled(edit))
