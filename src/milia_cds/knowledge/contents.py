"""What a knowledge base was read from, kept so that it can be written as a bundle."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import attrs

from milia_cds.case.content import content_of

POLICY = "policy.toml"
"""What the policy is called in a bundle, whatever the name of its file."""

FilesBeside: TypeAlias = Callable[[str], bytes]
"""Gives the content of a file beside a policy by its name, or raises `OSError`."""


@attrs.frozen(eq=False, repr=False)
class PolicyContents:
    """The policy of a clinic, and the files that it names.

    Parameters
    ----------
    name
        The name of its file.
    content
        What the file holds.
    beside
        What the files hold that it names, by their names.
    digest
        The digest that it is said to have; "" where nothing says so.
    """

    name: str
    content: bytes
    beside: Mapping[str, bytes] = attrs.field(factory=dict)
    digest: str = ""

    def named(self, name: str) -> bytes:
        """The content of a file that the policy names.

        Raises
        ------
        OSError
            When there is none.
        """
        if name not in self.beside:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self.beside[name]


@attrs.frozen(eq=False, repr=False)
class Contents:
    """The files of a knowledge base, and the policy laid over them.

    Parameters
    ----------
    files
        What each file holds, by its path in the folder.
    policy
        The policy, or `None`.
    """

    files: Mapping[str, bytes] = attrs.field(factory=dict)
    policy: PolicyContents | None = None


def stands_beside(name: str) -> bool:
    """Whether a name can be that of a file beside a policy, there and in a bundle."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and "\\" not in name and name not in {"", POLICY}
    return plain and not Path(name).is_absolute() and ".." not in path.parts


def in_folder(folder: Path) -> FilesBeside:
    """What gives the content of files of a folder."""
    return lambda name: content_of(folder / name)
