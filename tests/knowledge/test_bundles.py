"""A bundle holds all that decides, and is read as it was made or not at all."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import stat
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

from milia_cds import (
    KnowledgeError,
    KnowledgeFormatError,
    WrongTypeError,
    assess,
    load_knowledge,
)
from milia_cds.knowledge.contents import Contents
from tests.common import OTHERWORLD

MEND = (
    "give the folder that holds facts.toml and the other files, or a bundle, as "
    "Knowledge.bundle() makes it"
)
WHOLE = "give the bundle as it was made"
CODES = """\
name = "Clinic"
version = "1"

[[fhir.code]]
fact = "history.isotretinoin"
means = "yes"
valueset = "codes/isotretinoin.json"
"""
VALUESET = {
    "resourceType": "ValueSet",
    "expansion": {"contains": [{"system": "https://clinic.example", "code": "1"}]},
}


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as into:
        for name, content in members.items():
            into.writestr(name, content)
    return written.getvalue()


def problem(content: bytes) -> str:
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(content)
    [found] = raised.value.problems
    return str(found)


# -- as it was made --


def test_a_bundle_is_read_as_the_same_knowledge(tmp_path: Path) -> None:
    base = load_knowledge()
    bundle = base.bundle()
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle)
    for again in (load_knowledge(bundle), load_knowledge(file)):
        assert again == base
        assert again.digest == base.digest
        assert again.bundle() == bundle
        assert again.vocabulary.agrees_with(base.vocabulary)


def test_a_bundle_holds_the_policy_and_the_files_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "isotretinoin.json").write_text(json.dumps(VALUESET))
    (tmp_path / "our.toml").write_text(CODES)
    base = load_knowledge(policy=tmp_path / "our.toml")
    bundle = base.bundle()
    again = load_knowledge(bundle)
    assert again == base
    assert again.policy == base.policy
    assert again.fhir.clinic == base.fhir.clinic
    names = {*unpacked(bundle)}
    assert {"policy/policy.toml", "policy/codes/isotretinoin.json"} < names
    with pytest.raises(KnowledgeError, match="the bundle holds a policy already: Cl"):
        load_knowledge(bundle, policy=tmp_path / "our.toml")


def test_an_unpacked_bundle_is_a_folder_with_a_policy_beside_it(tmp_path: Path) -> None:
    base = load_knowledge(policy="examples/policy.toml")
    with zipfile.ZipFile(io.BytesIO(base.bundle())) as opened:
        opened.extractall(tmp_path)
    policy = tmp_path / "policy" / "policy.toml"
    assert load_knowledge(tmp_path / "knowledge", policy=policy) == base


def test_a_zip_of_the_folder_is_read_as_the_folder() -> None:
    members = {
        path.relative_to(OTHERWORLD).as_posix(): path.read_bytes()
        for path in OTHERWORLD.rglob("*")
        if path.is_file()
    }
    base = load_knowledge(OTHERWORLD)
    assert load_knowledge(packed({**members, "README.md": b"#"})) == base


def test_a_folder_in_a_package_is_read() -> None:
    assert load_knowledge(files("milia_cds") / "data") == load_knowledge()
    inside = zipfile.Path(io.BytesIO(load_knowledge().bundle())) / "knowledge"
    assert load_knowledge(inside).digest == load_knowledge().digest
    with pytest.raises(KnowledgeError, match=r"about\.toml: it is no folder; give the"):
        load_knowledge(inside / "about.toml")


def test_the_ends_of_lines_make_no_other_bundle(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OTHERWORLD, tmp_path / "k"))
    for path in folder.rglob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_knowledge(folder).bundle() == load_knowledge(OTHERWORLD).bundle()


def test_a_bundle_is_of_what_was_read_whatever_became_of_the_folder(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(OTHERWORLD, tmp_path / "k"))
    base = load_knowledge(folder)
    before = base.bundle()
    (folder / "about.toml").write_text("")
    assert base.bundle() == before
    assert pickle.loads(pickle.dumps(base)).bundle() == before  # noqa: S301 - ours


# -- or not at all --


def changed(name: str, content: bytes | None) -> bytes:
    members = unpacked(load_knowledge(OTHERWORLD).bundle())
    members.pop(name, None)
    return packed(members if content is None else {**members, name: content})


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "knowledge/about.toml",
            b"x = 1",
            (
                "bundle: bundle.json: knowledge: the files are not those that its "
                f"digest was made over; {WHOLE}"
            ),
        ),
        (
            "knowledge/options/ash_bath.toml",
            None,
            (
                "bundle: bundle.json: knowledge: the files are not those that its "
                f"digest was made over; {WHOLE}"
            ),
        ),
        ("more.txt", b"", f'bundle: "more.txt": no bundle has such a file; {WHOLE}'),
        (
            "policy/policy.toml",
            b"",
            (
                f"bundle: bundle.json: policy: it names no policy that stands in the "
                f"bundle; {WHOLE}"
            ),
        ),
        (
            "bundle.json",
            b"[]",
            f"bundle: bundle.json: it is no object of JSON; {WHOLE}",
        ),
        (
            "bundle.json",
            b'{"format": "milia-cds/bundle/9"}',
            (
                'bundle: bundle.json: format: "milia-cds/bundle/9" is not the format '
                'that is read; did you mean "milia-cds/bundle/1"?, or use another '
                "version"
            ),
        ),
    ],
)
def test_a_bundle_that_was_changed_is_refused(
    name: str, content: bytes | None, says: str
) -> None:
    assert problem(changed(name, content)) == says


def test_a_policy_that_was_changed_is_refused() -> None:
    members = unpacked(load_knowledge(policy="examples/policy.toml").bundle())
    members["policy/policy.toml"] += b"\n# more\n"
    assert problem(packed(members)) == (
        "policy.toml: the policy is not the one that its digest was made over; give it "
        "as it was made"
    )


def _entry(name: str, mode: int = 0, flag: int = 0) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as into:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        into.writestr(entry, b"x")
    content = bytearray(written.getvalue())
    if flag:
        content[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(content)


def _twice() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as into:
        into.writestr("a.toml", b"")
        with pytest.warns(UserWarning, match="Duplicate name"):
            into.writestr("a.toml", b"")
    return written.getvalue()


def _bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("a.toml", b" " * 21_000_000)
    return written.getvalue()


def _lying_bomb() -> bytes:
    """A zip that says that its file is small."""
    content = bytearray(_bomb())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: b"no zip", "bundle: it is no zip that can be read; "),
        (lambda: load_knowledge().bundle()[:-40], "bundle: it is no zip that can be"),
        (
            lambda: _entry("../a.toml"),
            f'bundle: "../a.toml": this is no path inside a folder; {MEND}',
        ),
        (
            lambda: _entry("/a.toml"),
            'bundle: "/a.toml": this is no path inside a ',
        ),
        (
            lambda: _entry("a//b.toml"),
            'bundle: "a//b.toml": this is no path inside a ',
        ),
        (
            lambda: _entry("C:a.toml"),
            'bundle: "C:a.toml": this is no path inside a ',
        ),
        (_twice, f'bundle: "a.toml": it stands there twice; {MEND}'),
        (
            lambda: _entry("a.toml", stat.S_IFLNK | 0o777),
            f'bundle: "a.toml": it is a link or a device, not a file; {MEND}',
        ),
        (
            lambda: _entry("a.toml", flag=1),
            f'bundle: "a.toml": it is encrypted; {MEND}',
        ),
        (_bomb, f"bundle: its files together have more than 20 MB; {MEND}"),
        (_lying_bomb, "bundle: it is no zip that can be read; "),
        (
            lambda: packed({f"{n}.toml": b"" for n in range(2001)}),
            f"bundle: it holds more than 2000 files; {MEND}",
        ),
    ],
)
def test_a_hostile_zip_is_refused(made: Callable[[], bytes], says: str) -> None:
    assert problem(made()).startswith(says)


def test_every_cut_of_a_bundle_is_refused() -> None:
    bundle = load_knowledge(OTHERWORLD).bundle()
    for end in range(0, len(bundle), 501):
        assert problem(bundle[:end])


def test_what_is_no_bundle_in_a_file_is_refused_with_its_path(tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(b"x")
    with pytest.raises(KnowledgeError, match=f"{file}: it is no zip that can be read"):
        load_knowledge(file)
    with pytest.raises(WrongTypeError, match=r"^load_knowledge takes the path of a fo"):
        load_knowledge(3)  # type: ignore[arg-type]  # it is wrong


# -- formats --


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (
            "",
            (
                "it is missing, as in the knowledge of milia-cds 0.1.0; read it with "
                "milia-cds 0.1.0, or write it anew as format 2"
            ),
        ),
        (
            "format = 1",
            (
                "1 is not the format that is read; read it with milia-cds 0.1.0, or "
                "write it anew as format 2"
            ),
        ),
        (
            "format = 3",
            (
                "3 is not the format that is read; read it with a newer version of "
                "milia-cds"
            ),
        ),
        (
            'format = "2"',
            (
                '"2" is not the format that is read; write format = 2, or use another '
                "version of milia-cds"
            ),
        ),
    ],
)
def test_knowledge_of_another_format_is_refused_with_who_reads_it(
    tmp_path: Path, said: str, says: str
) -> None:
    folder = Path(shutil.copytree(OTHERWORLD, tmp_path / "k"))
    about = folder / "about.toml"
    about.write_text(about.read_text().replace("format = 2", said))
    (folder / "terms.toml").write_text("[more]\n")
    with pytest.raises(KnowledgeFormatError) as raised:
        load_knowledge(folder)
    assert [*map(str, raised.value.problems)] == [f"about.toml: format: {says}"]


def test_a_base_without_files_has_no_bundle() -> None:
    bare = attrs.evolve(load_knowledge(OTHERWORLD), contents=Contents())
    with pytest.raises(KnowledgeError, match="bundle: this knowledge base was not re"):
        bare.bundle()


def test_a_bundle_decides_as_the_folder_does() -> None:
    base, again = load_knowledge(), load_knowledge(load_knowledge().bundle())
    case = base.case({"patient": {"age_years": 34}, "lesion": {"site": "cheek"}})
    assert assess(case, again) == assess(case, base)
