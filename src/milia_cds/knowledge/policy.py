"""The local policy of a clinic: a TOML file laid over a knowledge base.

It may state what the clinic is and only tighten what the knowledge says. The grammar:

name, version           the clinic, and the version or date of its policy
not_offered             optional: options that the clinic does not offer, a list
refuse_after_days       optional: after how many days past its review the knowledge is
                        refused, from 0 to 365 (a year, which holds without it)
[clinic]                optional: what the clinic is, read where a case leaves it out;
                        a table for each section that is `in_policy` in facts.toml
[weights]               optional: default weights of criteria, whole numbers 0 to 10
[[gate]]                a further gate
  option                the option or measure, or a group of options
  id, kind, when, always, to, text, plain, sources, judgement
                        as in the files of the options; a kind but favour
[[standing]]            a lower standing
  option, scenario      where
  standing              a standing below that of the knowledge
  text                  why
  sources, judgement    as everywhere
[[alert]]               a further danger, as in alerts.toml; none is changed or removed
[[advice]], [[step]], [[call]]
                        own texts, as in advice.toml and common.toml
[[fhir.code]]           codes by which records of the clinic say a fact, or
                        order an option; only added
  fact, means           what they say: "yes", "no", a member, or "value"; or
  option                what an order by one of them means
  system, codes         the URI of the system, and a list; or
  valueset              the file of an expanded ValueSet, beside the policy
  prefix, part, unit    as in fhir.toml
  judgement             true where they say no
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from milia_cds.case.content import content_of
from milia_cds.case.strict_toml import parse_toml
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import (
    KnowledgeError,
    Problem,
    described,
    name_in_path,
    nearest,
    quoted,
)
from milia_cds.knowledge.clinic_codes import ClinicCodes
from milia_cds.knowledge.contents import (
    FilesBeside,
    PolicyContents,
    in_folder,
)
from milia_cds.knowledge.crosscheck import cross_check
from milia_cds.knowledge.files import digest_of
from milia_cds.knowledge.model import Knowledge, homed
from milia_cds.knowledge.overlay import PROPERLY, Overlay, PolicyFile
from milia_cds.knowledge.tables import read_record

T = TypeVar("T")

_OF_THE_KNOWLEDGE = frozenset(
    {
        *("decision", "scenario", "option", "options", "measure", "guarantee", "term"),
        *("set", "contradiction", "guard", "criterion", "source", "action", "about"),
    }
)


def with_policy(base: Knowledge, file: Path) -> Knowledge:
    """Lay the policy of a clinic over a knowledge base.

    Parameters
    ----------
    base
        The knowledge base, without a policy.
    file
        The TOML file with the policy.

    Raises
    ------
    KnowledgeError
        With every problem at once, each with the file and the key; among them every
        attempt to loosen what the knowledge says.
    """
    problems: list[Problem] = []
    content = _content(file, problems)
    return _laid_over(base, file.name, content, in_folder(file.parent), problems)


def with_policy_of(base: Knowledge, policy: PolicyContents) -> Knowledge:
    """Lay a policy that was read before over a knowledge base.

    Parameters
    ----------
    base
        The knowledge base, without a policy.
    policy
        The policy, with the files that it names.

    Raises
    ------
    KnowledgeError
        As `with_policy`; also when its digest is not the one that it should have.
    """
    applied = _laid_over(base, policy.name, policy.content, policy.named, [])
    found = applied.policy.digest if applied.policy else ""
    if policy.digest and found != policy.digest:
        message = "the policy is not the one that its digest was made over"
        raise KnowledgeError([Problem(policy.name, message, "give it as it was made")])
    return applied


def _laid_over(
    base: Knowledge,
    name: str,
    content: bytes,
    beside: FilesBeside,
    problems: list[Problem],
) -> Knowledge:
    data = _table(content, name, problems)
    stated = _in_policy(base.vocabulary)
    refused = dict(_refused_keys(data, name, base.vocabulary))
    problems += refused.values()
    left = {key: data[key] for key in data if key not in refused}
    plain = {key: value for key, value in left.items() if key not in stated}
    read = None
    if left or not problems:
        read = read_record(PolicyFile, plain, f"{name}: ", problems)
    if read is None:
        raise KnowledgeError(problems)
    overlay = Overlay(base, read, name, problems)
    overlay.stated = {key: left[key] for key in stated if key in left}
    codes = ClinicCodes(base, name, beside, problems)
    clinic = codes.read(read.fhir.code)
    applied = overlay.applied(_digest(content, codes.contents), clinic)
    found: list[Problem] = []
    cross_check(applied, found)
    problems += [_in_the_policy(each, name) for each in found]
    if problems:
        raise KnowledgeError(dict.fromkeys(problems))
    kept = PolicyContents(name, content, codes.contents)
    contents = attrs.evolve(base.contents, policy=kept)
    return homed(attrs.evolve(applied, contents=contents))


def _content(file: Path, problems: list[Problem]) -> bytes:
    try:
        return content_of(file)
    except OSError as bad:
        message = f"it cannot be read: {bad.strerror or bad}"
        problems.append(Problem(str(file), message, "give the file of a policy"))
        return b""


def _table(content: bytes, name: str, problems: list[Problem]) -> dict[str, Any]:
    return parse_toml(content, name, problems) or {}


def _digest(content: bytes, beside: Mapping[str, bytes]) -> str:
    """The digest of a policy, and of the files that it names, where it names any."""
    if beside:
        return digest_of({"": content, **beside})
    text = content.replace(b"\r\n", b"\n")
    return f"sha256:{hashlib.sha256(text).hexdigest()}"


def _in_policy(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The sections whose facts a policy may state."""
    return tuple(name for name, each in vocabulary.sections.items() if each.in_policy)


def _refused_keys(
    data: Mapping[str, Any], name: str, vocabulary: Vocabulary
) -> Iterator[tuple[str, Problem]]:
    """Refuse, key by key, what a policy may not even mention."""
    stated = _in_policy(vocabulary)
    known = [field.name for field in attrs.fields(PolicyFile)]
    place = known.index("weights")
    known[place:place] = stated
    for key, value in data.items():
        path = f"{name}: {name_in_path(key)}"
        if key in stated:
            if not isinstance(value, dict):
                message = f"{described(value)} is no table"
                mend = "give a table of names and values"
                yield key, Problem(path, message, mend)
        elif key in vocabulary.sections:
            message = "a policy says what the clinic is, never what a patient is"
            yield key, Problem(path, message, "state it in each case")
        elif key in _OF_THE_KNOWLEDGE:
            message = f"a policy changes no {key} of the knowledge"
            yield key, Problem(path, message, PROPERLY)
        elif key not in known:
            message = f"there is no key {quoted(key)} here"
            yield key, Problem(path, message, nearest(key, known))


def _in_the_policy(problem: Problem, name: str) -> Problem:
    """A problem of the joined knowledge, in its place in the policy."""
    places = (
        (r"^\S+: (gate|alert|advice|step|call)\.policy\.", rf"{name}: \1."),
        (r"^criteria\.toml: criterion", f"{name}: weights"),
    )
    path = problem.path
    for pattern, place in places:
        path = re.sub(pattern, place, path)
    return attrs.evolve(problem, path=path)
