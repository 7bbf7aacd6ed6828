"""The files of a knowledge base: which there are, what each holds, and their digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from milia_cds.case.content import content_of
from milia_cds.case.vernacular import Alias
from milia_cds.case.vocabulary import Roles, SectionEntry
from milia_cds.errors import Problem
from milia_cds.knowledge.criteria import Criterion, GridNote, GridQuestion
from milia_cds.knowledge.dangers import Addressee, Alert, Claim, UrgencyWords
from milia_cds.knowledge.figure import Mark, Outline
from milia_cds.knowledge.promises import Guarantee, Promise
from milia_cds.knowledge.records import at_most
from milia_cds.knowledge.scenarios import Decision, Destination, Scenario
from milia_cds.knowledge.shared import SharedAction, SharedArgument, SharedGate
from milia_cds.knowledge.texts import Advice, Call, Check, Consent, Step
from milia_cds.knowledge.words import (
    Contradiction,
    FactEntry,
    Guard,
    OptionGroup,
    ScenarioGroup,
    Screen,
    SetEntry,
    TermEntry,
)

MOST_ENTRIES = 2000
MOST_BYTES = 20_000_000
SHIPPED = Path(__file__).parents[1] / "data"
"""The folder of the knowledge base that comes with the library."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TermsFile:
    """What `terms.toml` says."""

    set: Mapping[str, SetEntry]
    term: Mapping[str, TermEntry]
    guard: Mapping[str, Guard] = attrs.field(factory=dict)
    contradiction: tuple[Contradiction, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TriageFile:
    """What `triage.toml` says."""

    decision: tuple[Decision, ...]
    undecided: str = at_most(76)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScenariosFile:
    """What `scenarios.toml` says."""

    destination: Mapping[str, Destination]
    scenario: tuple[Scenario, ...]
    group: Mapping[str, ScenarioGroup] = attrs.field(factory=dict)
    action: tuple[SharedAction, ...] = ()
    argument: tuple[SharedArgument, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlertsFile:
    """What `alerts.toml` says."""

    addressee: Mapping[str, Addressee] = attrs.field(factory=dict)
    urgency: Mapping[str, UrgencyWords] = attrs.field(factory=dict)
    alert: tuple[Alert, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ClaimsFile:
    """What `claims.toml` says."""

    claim: tuple[Claim, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AliasesFile:
    """What `aliases.toml` says."""

    alias: tuple[Alias, ...] = ()
    spelling: Mapping[str, str] = attrs.field(factory=dict)
    ignored: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CriteriaFile:
    """What `criteria.toml` says."""

    criterion: tuple[Criterion, ...]
    grid: tuple[GridQuestion, ...] = ()
    grid_note: tuple[GridNote, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CommonFile:
    """What `common.toml` says: what several options share."""

    group: Mapping[str, OptionGroup] = attrs.field(factory=dict)
    gate: tuple[SharedGate, ...] = ()
    step: tuple[Step, ...] = ()
    call: tuple[Call, ...] = ()
    consent: tuple[Consent, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AdviceFile:
    """What `advice.toml` says."""

    advice: tuple[Advice, ...]
    check: tuple[Check, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GuaranteesFile:
    """What `guarantees.toml` says: what is proved, and what tests hold."""

    guarantee: tuple[Guarantee, ...] = ()
    content: tuple[Promise, ...] = ()
    law: tuple[Promise, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FigureFile:
    """What `figure.toml` says: the fact whose members are marked, and where."""

    fact: str = ""
    outline: Mapping[str, Outline] = attrs.field(factory=dict)
    mark: Mapping[str, Mark] = attrs.field(factory=dict)


class FactsFile:
    """What `facts.toml` says: its sections, roles, screens and facts."""

    def __init__(self) -> None:
        self.roles = Roles()
        self.sections: dict[str, SectionEntry] = {}
        self.screens: dict[str, Screen] = {}
        self.facts: dict[str, FactEntry] = {}

    def tables(self, key: str) -> tuple[type[Any], dict[str, Any]]:
        """The record of the tables under a key, and where they are kept."""
        named: dict[str, tuple[type[Any], dict[str, Any]]] = {
            "section": (SectionEntry, self.sections),
            "screen": (Screen, self.screens),
        }
        return named.get(key, (FactEntry, self.facts))


def read_files(folder: Path, problems: list[Problem]) -> dict[str, bytes]:
    """The content of every file of a folder, by its path in it."""
    if not folder.is_dir():
        mend = "give the folder that holds facts.toml and the other files"
        problems.append(Problem(str(folder), "there is no such folder", mend))
        return {}
    paths = list(islice(_below(folder), MOST_ENTRIES + 1))
    files: dict[str, bytes] = {}
    if len(paths) > MOST_ENTRIES:
        return _refused(folder, f"it holds more than {MOST_ENTRIES} files", problems)
    for path in sorted(each for each in paths if each.suffix == ".toml"):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = content_of(path)
        except OSError as bad:
            message = f"it cannot be read: {bad.strerror or bad}"
            problems.append(Problem(name, message, "mend or remove it"))
        if sum(map(len, files.values())) > MOST_BYTES:
            message = f"its files together have more than {MOST_BYTES // 10**6} MB"
            return _refused(folder, message, problems)
    return files


def _below(folder: Path) -> Iterator[Path]:
    """Whatever stands in a folder, at any depth; links to folders are not followed."""
    ahead = [folder]
    while ahead:
        with suppress(OSError), os.scandir(ahead.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    ahead.append(Path(entry.path))
                yield Path(entry.path)


def _refused(folder: Path, message: str, problems: list[Problem]) -> dict[str, bytes]:
    mend = "give the folder that holds facts.toml and the other files, and no more"
    problems.append(Problem(str(folder), message, mend))
    return {}


def digest_of(files: Mapping[str, bytes]) -> str:
    """The digest of all files; the ends of lines make no difference."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        text = content.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(text)}\0".encode(errors="surrogateescape"))
        digest.update(text)
    return f"sha256:{digest.hexdigest()}"
