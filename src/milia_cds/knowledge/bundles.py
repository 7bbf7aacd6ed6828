"""Knowledge that stands elsewhere than in a folder: in a bundle, a zip, a package.

A bundle is a zip of the files of a knowledge base and of the policy laid over them. It
is what must be kept to decide a case again:

bundle.json             its format, and the digests of what it holds
knowledge/...           the files, as they stand in the folder
policy/policy.toml      the policy, and beside it the files that it names

The same content gives the same names, dates and order. Any other zip is read as the
folder that was zipped.
"""

from __future__ import annotations

import io
import json
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from milia_cds.errors import KnowledgeError, Problem, described, nearest, quoted
from milia_cds.knowledge.contents import POLICY, Contents, PolicyContents
from milia_cds.knowledge.files import MOST_BYTES, MOST_ENTRIES, digest_of
from milia_cds.knowledge.model import Knowledge

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FORMAT = "milia-cds/bundle/1"

_MANIFEST, _KNOWLEDGE, _POLICY = "bundle.json", "knowledge/", "policy/"
_MEND = (
    "give the folder that holds facts.toml and the other files, or a bundle, as "
    "Knowledge.bundle() makes it"
)
_WHOLE = "give the bundle as it was made"
_THE_FIRST = (1980, 1, 1, 0, 0, 0)
_OWNER_WRITES = (stat.S_IFREG | 0o644) << 16
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError, OverflowError),
)
"""What the standard library raises where a zip is damaged or not of its kind."""


# -- writing --


def bundle_of(base: Knowledge) -> bytes:
    """A knowledge base and its policy as a zip.

    Parameters
    ----------
    base
        The knowledge base.

    Raises
    ------
    KnowledgeError
        When it was not read from files.
    """
    if not base.contents.files:
        message = "this knowledge base was not read from files"
        raise KnowledgeError([Problem("bundle", message, "use load_knowledge")])
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in sorted(_members(base)):
            entry = zipfile.ZipInfo(name, _THE_FIRST)
            entry.create_system = 3  # whatever the system on which it is made
            entry.external_attr = _OWNER_WRITES
            entry.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(entry, content.replace(b"\r\n", b"\n"))
    return written.getvalue()


def _members(base: Knowledge) -> Iterator[tuple[str, bytes]]:
    """Each file of a bundle by its path in it."""
    yield _MANIFEST, json.dumps(_manifest(base), indent=1).encode()
    for name, content in base.contents.files.items():
        yield f"{_KNOWLEDGE}{name}", content
    policy = base.contents.policy
    if policy is not None:
        yield f"{_POLICY}{POLICY}", policy.content
        for name, content in policy.beside.items():
            yield f"{_POLICY}{name}", content


def _manifest(base: Knowledge) -> dict[str, Any]:
    said: dict[str, Any] = {"format": FORMAT, "knowledge": base.digest}
    if base.policy is not None and base.contents.policy is not None:
        name = base.contents.policy.name
        said["policy"] = {"file": name, "digest": base.policy.digest}
    return said


# -- reading --


def read_zip(content: bytes, name: str) -> Contents:
    """What a bundle holds, or a zip of the files of a folder.

    Parameters
    ----------
    content
        The bytes of the zip.
    name
        What it is called in problems.

    Raises
    ------
    KnowledgeError
        When it is none, is hostile, or is not what its digest was made over.
    """
    try:
        files = _unpacked(content)
        return _of_bundle(files) if _MANIFEST in files else Contents(_of_toml(files))
    except _ZipError as bad:
        place = f"{name}: {bad.inside}" if bad.inside else name
        raise KnowledgeError([Problem(place, bad.message, bad.mend)]) from None


class _ZipError(Exception):
    """What is wrong with a zip, and with which of its files."""

    def __init__(self, inside: str, message: str, mend: str = _MEND) -> None:
        self.inside, self.message, self.mend = inside, message, mend
        super().__init__(inside, message, mend)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip by their path, in bounded memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = [each for each in opened.infolist() if not each.is_dir()]
            _refuse_hostile(entries)
            return dict(_each(opened, entries))
    except _UNREADABLE as bad:
        message = "it is no zip that can be read"
        raise _ZipError("", message, f"{_MEND}; it may be damaged") from bad


def _each(
    opened: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    for entry in entries:
        with opened.open(entry) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _ZipError("", _TOO_LONG)
        yield entry.filename, content


_TOO_LONG = f"its files together have more than {MOST_BYTES // 10**6} MB"


def _refuse_hostile(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _ZipError("", f"it holds more than {MOST_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _ZipError("", _TOO_LONG)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        for message, wrong in (
            ("this is no path inside a folder", not _is_inside(name)),
            ("it stands there twice", name in seen),
            ("it is encrypted", entry.flag_bits & _ENCRYPTED),
            ("it is a link or a device, not a file", _is_special(entry)),
            ("it is packed in a way that is not read", _is_foreign(entry)),
        ):
            if wrong:
                raise _ZipError(quoted(name), message)
        seen.add(name)


def _is_inside(name: str) -> bool:
    """Whether a name is a plain path that leads nowhere else."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and "\\" not in name and ":" not in name
    return plain and not path.is_absolute() and ".." not in path.parts


def _is_special(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind not in {0, stat.S_IFREG}


def _is_foreign(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type not in _PACKED


def _of_toml(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: each for name, each in files.items() if name.endswith(".toml")}


def _of_bundle(files: Mapping[str, bytes]) -> Contents:
    """What a bundle holds, where it is what its digests were made over."""
    said = _said(files[_MANIFEST])
    knowledge, policy = _below(_KNOWLEDGE, files), _below(_POLICY, files)
    for name in files:
        if name != _MANIFEST and not name.startswith((_KNOWLEDGE, _POLICY)):
            raise _ZipError(quoted(name), "no bundle has such a file", _WHOLE)
    if said.get("knowledge") != digest_of(knowledge):
        message = "the files are not those that its digest was made over"
        raise _ZipError(f"{_MANIFEST}: knowledge", message, _WHOLE)
    return Contents(knowledge, _policy_of(said.get("policy"), policy))


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        name.removeprefix(folder): content
        for name, content in files.items()
        if name.startswith(folder)
    }


def _said(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _ZipError(_MANIFEST, "it is no object of JSON", _WHOLE)
    if said.get("format") != FORMAT:
        message = f"{described(said.get('format'))} is not the format that is read"
        mend = f"{nearest(said.get('format'), [FORMAT])}, or use another version"
        raise _ZipError(f"{_MANIFEST}: format", message, mend)
    return said


def _policy_of(said: Any, files: Mapping[str, bytes]) -> PolicyContents | None:
    if said is None and not files:
        return None
    name = said.get("file") if isinstance(said, dict) else None
    if POLICY not in files or not isinstance(name, str) or not isinstance(said, dict):
        message = "it names no policy that stands in the bundle"
        raise _ZipError(f"{_MANIFEST}: policy", message, _WHOLE)
    beside = {key: content for key, content in files.items() if key != POLICY}
    return PolicyContents(name, files[POLICY], beside, str(said.get("digest")))


# -- trees --


def read_tree(tree: Traversable) -> Contents:
    """What a folder holds that is no folder of the disk, such as one in a package.

    Parameters
    ----------
    tree
        The folder, as `importlib.resources.files` gives one.

    Raises
    ------
    KnowledgeError
        When it is none, holds too much, or cannot be read.
    """
    name = str(getattr(tree, "name", "the folder"))
    mend = "give the folder that holds facts.toml and the other files, and no more"
    try:
        if not tree.is_dir():
            raise KnowledgeError([Problem(name, "it is no folder", mend)])
        paths = list(islice(_below_tree(tree, ""), MOST_ENTRIES + 1))
        if len(paths) > MOST_ENTRIES:
            message = f"it holds more than {MOST_ENTRIES} files"
            raise KnowledgeError([Problem(name, message, mend)])
        files = {
            path: each.read_bytes() for path, each in paths if path.endswith(".toml")
        }
    except OSError as bad:
        message = f"it cannot be read: {bad.strerror or bad}"
        raise KnowledgeError([Problem(name, message, mend)]) from None
    if sum(map(len, files.values())) > MOST_BYTES:
        raise KnowledgeError([Problem(name, _TOO_LONG, mend)])
    return Contents(dict(sorted(files.items())))


def _below_tree(tree: Traversable, lead: str) -> Iterator[tuple[str, Traversable]]:
    for each in tree.iterdir():
        path = f"{lead}{each.name}"
        if each.is_dir():
            yield from _below_tree(each, f"{path}/")
        else:
            yield path, each
