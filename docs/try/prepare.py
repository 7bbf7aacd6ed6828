"""Compile what the page imports, and prepare all cases; run by `prepare.mjs`."""

import pickle
import sys
from importlib import import_module
from importlib.util import MAGIC_NUMBER
from marshal import dumps
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

GIVEN = Path("/given")
STARTED = frozenset((GIVEN / "started.txt").read_text("utf-8").splitlines())
"""The modules that Python imports as it starts."""
LEFT_OUT = ("adapters/", "check/", "cli/", "examples/", "testing/")
"""The rooms of the library that need what a browser does not have, or no page uses."""
STANDARD = next(path for path in sys.path if path.endswith(".zip"))
"""Python's own modules."""
UNCHECKED = 1
"""The flag of compiled code whose source need not be there."""


def compiled(source: bytes, name: str) -> bytes:
    """What Python writes for a module, without the texts that only its source needs."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    return MAGIC_NUMBER + UNCHECKED.to_bytes(4, "little") + bytes(8) + dumps(code)


def wanted(name: str) -> bool:
    """Whether the page may need a file of a wheel."""
    package, _, inside = name.partition("/")
    ours = package == "milia_cds" and inside.startswith(LEFT_OUT)
    return not ours and not name.endswith(".pyi")


def files() -> dict[str, bytes]:
    """Every file of the archive, by its name in it."""
    found = {}
    for wheel in sorted(GIVEN.glob("*.whl")):
        with ZipFile(wheel) as archive:
            for name in filter(wanted, archive.namelist()):
                found[name] = archive.read(name)
    found["page.py"] = (GIVEN / "page.py").read_bytes()
    return found


def prepared() -> bytes:
    """The results of all cases, by the library that was unpacked just now."""
    knowledge = import_module("milia_cds").prepare()
    results = import_module("milia_cds.decision.all_cases").all_cases(knowledge)
    return pickle.dumps(results, pickle.HIGHEST_PROTOCOL)


def imported_with_it(results: bytes) -> dict[str, bytes]:
    """The modules of Python that an answer imports: Pyodide holds only their source."""
    import_module("page").opened(results).answer("{}", "2000-01-01")
    found = {}
    with ZipFile(STANDARD) as archive:
        for module in {*sys.modules} - STARTED:
            path = module.replace(".", "/")
            for name in (f"{path}.py", f"{path}/__init__.py"):
                if name in archive.NameToInfo:
                    found[name] = archive.read(name)
    return dict(sorted(found.items()))


def main() -> None:
    """Write the archive; the same files give the same bytes."""
    found = files()
    for name, content in found.items():
        path = Path("/unpacked", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    sys.path.insert(0, "/unpacked")
    results = prepared()
    found |= {**imported_with_it(results), "prepared.pickle": results}
    with ZipFile("/library.zip", "w") as archive:
        for name, content in found.items():
            made, given = name, content
            if name.endswith(".py"):
                made, given = f"{name}c", compiled(content, name)
            archive.writestr(ZipInfo(made), given, ZIP_DEFLATED)


if __name__ == "__main__":
    main()
