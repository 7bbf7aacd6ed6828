"""The issuers that a clinic trusts, and their keys, read from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from milia_cds.adapters.cds_hooks.tokens import Issuers, IssuersError
from milia_cds.case.content import content_of
from milia_cds.case.strict_json import parse_json
from milia_cds.case.strict_toml import parse_toml
from milia_cds.errors import Problem, Problems, nearest, quoted


def issuers_of(path: str | Path) -> Issuers:
    """Read the trusted issuers from a TOML file.

    Each stands in a table `[[issuer]]` with `iss`, as its tokens say it, and `jwks`,
    the file of its JSON Web Key Set, beside the TOML file.

    Raises
    ------
    IssuersError
        With every problem, each with its place.
    """
    file, problems = Path(path), Problems()
    data = parse_toml(_content(file), file.name, problems)
    tables = (data or {}).get("issuer")
    if data is not None and (not isinstance(tables, list) or set(data) != {"issuer"}):
        mend = "write a table [[issuer]] with iss and jwks for each, and nothing else"
        problems.append(Problem(file.name, "it has no list of issuers", mend))
    trusted: dict[str, object] = {}
    for number, each in enumerate(tables if isinstance(tables, list) else ()):
        where = f"{file.name}: issuer[{number}]"
        trusted.update(_issuer(each, where, file.parent, trusted, problems))
    if problems:
        raise IssuersError(problems)
    return Issuers(trusted)


def _issuer(
    table: object,
    path: str,
    folder: Path,
    before: Mapping[str, object],
    problems: Problems,
) -> dict[str, object]:
    if not isinstance(table, dict):
        problems.append(Problem(path, "it is no table", "write [[issuer]]"))
        return {}
    names = ("iss", "jwks")
    for name in sorted({*table} - {*names}):
        mend = nearest(name, names)
        problems.append(Problem(f"{path}.{name}", "there is no such key", mend))
    wrong = [name for name in names if not isinstance(table.get(name), str)]
    for name in wrong:
        message = "it is missing, or no text"
        problems.append(Problem(f"{path}.{name}", message, f"give {name}, a text"))
    if wrong:
        return {}
    issuer = table["iss"]
    if issuer in before:
        message = f"{quoted(issuer)} stands twice"
        problems.append(Problem(f"{path}.iss", message, "put its keys in one file"))
    data, found = parse_json(_content(folder / table["jwks"]), IssuersError)
    problems.extend(found)
    return {issuer: data}


def _content(path: Path) -> bytes:
    try:
        return content_of(path)
    except OSError as error:
        problem = Problem(
            str(path), error.strerror or str(error), "give a file that can be read"
        )
        raise IssuersError([problem]) from None
