"""What each file of a knowledge base says by itself: its entries as records.

What cannot be read is reported, and is in doubt for all that asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

import attrs

from milia_cds.case.strict_toml import parse_toml
from milia_cds.case.vocabulary import Roles
from milia_cds.errors import (
    KnowledgeFormatError,
    Problem,
    described,
    meant,
    nearest,
    quoted,
)
from milia_cds.knowledge.about import FORMAT, NOTHING_SAID, READ_BY, About, Source
from milia_cds.knowledge.consequences import FACT, Doubts
from milia_cds.knowledge.fhir import Fhir
from milia_cds.knowledge.files import (
    AdviceFile,
    AlertsFile,
    AliasesFile,
    ClaimsFile,
    CommonFile,
    CriteriaFile,
    FactsFile,
    FigureFile,
    GuaranteesFile,
    ScenariosFile,
    TermsFile,
    TriageFile,
)
from milia_cds.knowledge.leaflets import Leaflets
from milia_cds.knowledge.options import Measure, Option
from milia_cds.knowledge.promises import KeptOrder
from milia_cds.knowledge.reviews import ReviewsFile
from milia_cds.knowledge.tables import read_entries, read_record
from milia_cds.knowledge.words import FactEntry

T = TypeVar("T")
Owner = TypeVar("Owner", Option, Measure)

_EXPECTED = (
    "facts.toml",
    "terms.toml",
    "triage.toml",
    "scenarios.toml",
    "criteria.toml",
    "guarantees.toml",
    "common.toml",
    "advice.toml",
    "about.toml",
    "sources.toml",
)
_OPTIONAL = (
    "alerts.toml",
    "aliases.toml",
    "claims.toml",
    "fhir.toml",
    "figure.toml",
    "leaflets.toml",
    "order.toml",
    "reviews.toml",
)
"""The files that a domain may do without."""
_FOLLOWING = ("status", "reviewed_by")
"""What no file says, since it follows."""
_FOLDERS = ("options/", "measures/")
_TABLES = ("section", "role", "screen")
"""The tables of `facts.toml` that hold no facts."""


def refuse_another_format(about: Mapping[str, Any]) -> None:
    """Refuse knowledge that another version of the library reads.

    Parameters
    ----------
    about
        What `about.toml` says.

    Raises
    ------
    KnowledgeFormatError
        Saying which version reads it.
    """
    given = about.get("format", 1)
    if given == FORMAT and type(given) is int:
        return
    message = f"{described(given)} is not the format that is read"
    mend = f"write format = {FORMAT}, or use another version of milia-cds"
    reader = READ_BY.get(given) if type(given) is int else None
    if "format" not in about:
        message = f"it is missing, as in the knowledge of milia-cds {READ_BY[1]}"
    if reader:
        mend = f"read it with milia-cds {reader}, or write it anew as format {FORMAT}"
    elif type(given) is int and given > FORMAT:
        mend = "read it with a newer version of milia-cds"
    problem = Problem("about.toml: format", message, mend)
    raise KnowledgeFormatError([problem])


class Filed:
    """What the files say, and what could not be read of them.

    Parameters
    ----------
    files
        The content of each, by its name.
    problems
        Where problems are added; those of files that could not be opened are there.
    """

    def __init__(self, files: Mapping[str, bytes], problems: list[Problem]) -> None:
        self.files = files
        self.problems = problems
        self.doubts = Doubts()
        for each in problems:
            self.doubts.file(each.path)
        self.unexpected()
        self.described = self.table("about.toml")
        if self.described is not None:
            refuse_another_format(self.described)
        self.facts = self.read_facts()
        self.terms = self.entries("terms.toml", TermsFile)
        self.triage = self.entries("triage.toml", TriageFile)
        self.scenarios = self.entries("scenarios.toml", ScenariosFile)
        self.alerts = self.entries("alerts.toml", AlertsFile)
        self.claims = self.entries("claims.toml", ClaimsFile)
        self.aliases = self.entries("aliases.toml", AliasesFile)
        self.criteria = self.entries("criteria.toml", CriteriaFile)
        self.guarantees = self.entries("guarantees.toml", GuaranteesFile)
        self.common = self.entries("common.toml", CommonFile)
        self.advice = self.entries("advice.toml", AdviceFile)
        self.leaflets = self.entries("leaflets.toml", Leaflets)
        self.order = self.entries("order.toml", KeptOrder)
        self.figure = self.entries("figure.toml", FigureFile)
        self.fhir = self.entries("fhir.toml", Fhir)
        self.reviews = self.entries("reviews.toml", ReviewsFile)
        self.about = self.read_about()
        self.options = self.folder("options", Option)
        self.measures = self.folder("measures", Measure)
        self.sources = self.read_sources()

    def problem(self, path: str, message: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path, message, mend))

    def unexpected(self) -> None:
        """Report what nothing reads, and put in doubt what is missing in its place."""
        tops = dict.fromkeys(map(_top, self.files))
        for path in tops:
            known = _FOLDERS if path.endswith("/") else (*_EXPECTED, *_OPTIONAL)
            if path not in known:
                kind = "folder" if path.endswith("/") else "file"
                message = f"no {kind} of this name is read"
                self.problem(path, message, nearest(path, known))
                missing = [name for name in known if name not in tops]
                for name in meant(path, missing)[:1]:
                    self.doubts.file(name)
        if "options/" not in {*tops, *self.doubts.files}:
            self.problem("options/", "the folder is missing", "add it, with an option")
            self.doubts.file("options/")

    def stems(self, folder: str) -> tuple[str, ...]:
        """The names of the files of a folder, which are the ids of what they hold."""
        return tuple(
            path.removeprefix(f"{folder}/").removesuffix(".toml")
            for path in self.files
            if path.startswith(f"{folder}/")
        )

    def table(self, name: str) -> dict[str, Any] | None:
        """The content of a file, or None where it has none or it is no TOML."""
        if name in self.doubts.files:
            return None
        content = self.files.get(name)
        read: dict[str, Any] | None = None
        if content is not None:
            read = parse_toml(content, name, self.problems)
        elif name in _OPTIONAL:
            read = {}
        else:
            self.problem(name, "the file is missing", "add it")
        if read is None:
            self.doubts.file(name)
        return read

    def file(self, name: str, record: type[T]) -> T | None:
        """What a file says."""
        data = self.table(name)
        if data is None:
            return read_entries(record, {}, name, [], self.doubts)
        return read_entries(record, data, name, self.problems, self.doubts)

    def entries(self, name: str, record: type[T]) -> T:
        """What a file says that has nothing but entries: none, if it is not there."""
        return cast("T", self.file(name, record))

    def folder(self, name: str, record: type[Owner]) -> list[Owner]:
        """What the files of a folder say, each of which has the id of its name."""
        read = []
        for stem in self.stems(name):
            path = f"{name}/{stem}.toml"
            each = self.file(path, record)
            if each is not None and each.id != stem:
                mend = f'write id = "{stem}", or rename the file'
                self.problem(f"{path}: id", "it is not the file's name", mend)
                self.doubts.place(path, f"{name}/{each.id}.toml")
                each = attrs.evolve(each, id=stem)
            read += [] if each is None else [each]
        return read

    def read_about(self) -> About:
        """What the knowledge is; how far it was reviewed follows from signatures."""
        data = self.described or {}
        for key in _FOLLOWING:
            if key in data:
                mend = "take it out; reviews.toml says who has reviewed what"
                self.problem(f"about.toml: {key}", "it follows from signatures", mend)
        kept = {key: each for key, each in data.items() if key not in _FOLLOWING}
        wrong = self.problems if data else []
        read = read_entries(About, kept, "about.toml", wrong, self.doubts)
        return read or NOTHING_SAID

    def read_sources(self) -> dict[str, Source]:
        """The sources, by id."""
        read = {}
        for name, data in (self.table("sources.toml") or {}).items():
            path = f"sources.toml: {name}"
            source = read_record(Source, data, path, self.problems)
            if source is None:
                self.doubts.place(path)
            else:
                read[name] = source
        return read

    # -- facts --

    def read_facts(self) -> FactsFile:
        """What `facts.toml` says."""
        said = FactsFile()
        data = self.table("facts.toml") or {}
        sections = data["section"] if isinstance(data.get("section"), dict) else {}
        for key, table in data.items():
            path = f"facts.toml: {key}"
            if key == "role":
                roles = read_record(Roles, table, path, self.problems)
                said.roles = roles or Roles()
                self.doubts.place(*([path] if roles is None else []))
            elif key not in {*_TABLES, *sections} and self.misspelt(key, sections):
                self.doubts.file("facts.toml")
            else:
                self.read_tables(said, key, table)
        self.cut_off(said, data)
        return said

    def misspelt(self, key: str, sections: Iterable[str]) -> bool:
        """Whether a table is more like one that holds no facts than like a section."""
        close = meant(key, [*_TABLES, *sections])
        if not close or close[0] not in _TABLES:
            return False
        message = f"there is no table {quoted(key)} here"
        self.problem(f"facts.toml: {key}", message, nearest(key, close))
        return True

    def read_tables(self, said: FactsFile, key: str, table: object) -> None:
        """Read the tables under a key: sections, screens or the facts of a section."""
        record, into = said.tables(key)
        path = f"facts.toml: {key}"
        if not isinstance(table, dict):
            read_record(record, table, path, self.problems)
            self.doubts.place(path)
            return
        lead = f"{key}." if record is FactEntry else ""
        for name, entry in table.items():
            at = f"{path}.{name}"
            if not (record is FactEntry and _is_cut(entry)):
                read = read_record(record, entry, at, self.problems)
                if read is None:
                    self.doubts.place(at)
                else:
                    into[f"{lead}{name}"] = read

    def cut_off(self, said: FactsFile, data: Mapping[str, Any]) -> None:
        """Report each fact of which only tables within it stand under its name.

        The fact that it is part of, by the likeness of the names, is in doubt too.
        """
        for section, table in data.items():
            if section in _TABLES or not isinstance(table, dict):
                continue
            for fact in [each for each in table if _is_cut(table[each])]:
                name = f"{section}.{fact}"
                message = f"only its {' and '.join(table[fact])} stand under this name"
                mend = nearest(name, said.facts)
                self.problem(FACT.format(name), message, mend)
                whole = meant(name, said.facts)[:1]
                for each in (name, *whole):
                    said.facts.pop(each, None)
                    self.doubts.place(FACT.format(each))


def _is_cut(entry: object) -> bool:
    """Whether the table of a fact has nothing but tables within it."""
    if not isinstance(entry, dict) or not entry:
        return False
    return all(isinstance(each, dict | list) for each in entry.values())


def _top(path: str) -> str:
    """The folder of a file, or the file where it stands in none."""
    folder, found, _ = path.partition("/")
    return f"{folder}/" if found else path
