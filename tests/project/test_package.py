"""What leaves the repository: wheel, source archive, index page, citation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt

import milia_cds
from milia_cds import examples
from milia_cds.errors import UnknownNameError

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "examples").rglob("*.md")]
VERSION = milia_cds.__version__


def addresses(markdown: str) -> Iterator[str]:
    """What a page links to and shows."""
    for block in MarkdownIt().parse(markdown):
        for token in block.children or ():
            found = token.attrs.get("href", token.attrs.get("src"))
            if found is not None:
                yield str(found)


# -- what is built --


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and the source archive, made without network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(dist / f"milia_cds-{VERSION}-py3-none-any.whl")


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    return message_from_bytes(wheel.read(f"milia_cds-{VERSION}.dist-info/METADATA"))


def test_the_index_page_links_and_shows_nothing_of_the_repository(
    metadata: Message,
) -> None:
    page = str(metadata.get_payload())
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert page.startswith("# milia-cds\n")
    assert "Safety notice" in page
    assert [each for each in addresses(page) if "://" not in each] == []
    assert not re.search(r"\]\(|<img|<a ", page)


def test_the_wheel_holds_the_library_its_knowledge_and_its_examples_alone(
    wheel: zipfile.ZipFile,
) -> None:
    names = set(wheel.namelist())
    assert {name.partition("/")[0] for name in names} == {
        "milia_cds",
        f"milia_cds-{VERSION}.dist-info",
    }
    assert {
        "milia_cds/py.typed",
        "milia_cds/data/facts.toml",
        "milia_cds/examples/explore.ipynb",
        "milia_cds/tools/verify_decision.py",
        *(f"milia_cds/examples/cases/{name}.json" for name in examples.names()),
    } <= names


def test_a_wheel_reads_its_own_examples(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)  # noqa: S202 - built a moment ago, here
    code = (
        "from milia_cds import examples; print(examples.notebook().is_file(), "
        "examples.notebook(), len(examples.names()), examples.case('newborn').lesion)"
    )
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
    )
    there, path, count, *_ = ran.stdout.split()
    assert there == "True"
    assert path == str(tmp_path / "milia_cds" / "examples" / "explore.ipynb")
    assert int(count) == len(examples.names())


def test_a_wheel_has_the_program_that_checks_decisions(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path)  # noqa: S202 - built a moment ago, here
    code = "from milia_cds.assessment.digests import verifier; print(verifier())"
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
    )
    found = Path(ran.stdout.strip())
    assert found == tmp_path / "milia_cds" / "tools" / "verify_decision.py"
    assert found.read_bytes() == (ROOT / "tools" / "verify_decision.py").read_bytes()


def test_the_source_archive_holds_what_a_clone_holds(dist: Path) -> None:
    root = f"milia_cds-{VERSION}"
    with tarfile.open(dist / f"{root}.tar.gz") as archive:
        names = set(archive.getnames())
    held = "CITATION.cff LICENSE Makefile README.md examples/README.md tests/common.py"
    assert {f"{root}/{name}" for name in held.split()} <= names


# -- the examples --


def test_an_example_is_read_by_its_name() -> None:
    for name in examples.names():
        path = ROOT / "examples" / "cases" / f"{name}.json"
        assert examples.case(name).to_dict() == json.loads(path.read_text("utf-8"))
    assert examples.notebook() == ROOT / "examples" / "explore.ipynb"


def test_an_unknown_example_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(UnknownNameError) as refused:
        examples.case("x")
    listed = ", ".join(examples.names())
    assert str(refused.value) == f'no example case "x"; use one of {listed}'


# -- the pages of a clone --


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    inside = [
        address.partition("#")[0]
        for address in addresses(page.read_text(encoding="utf-8"))
        if "://" not in address and not address.startswith("#")
    ]
    assert [each for each in inside if not (page.parent / each).exists()] == []


# -- the citation --


def test_the_citation_is_valid_and_of_this_version() -> None:
    path = ROOT / "tests" / "data" / "citation_file_format.json"
    schema = json.loads(path.read_text("utf-8"))
    citation: Any = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    Draft7Validator(schema).validate(citation)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == VERSION
    assert citation["license"] == project["license"]
    assert citation["keywords"] == project["keywords"]
