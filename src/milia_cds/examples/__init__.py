"""The example cases and the notebook that come with the library.

Every case is invented, and no real patient's.

>>> from milia_cds import assess, examples
>>> examples.names()[:3]
('adult_cheek', 'adult_eyelid', 'dark_skin')
>>> assess(examples.case("adult_cheek")).disposition.headline
'Treat, as wished; leaving them is a choice.'
"""

from pathlib import Path

from milia_cds.case.case import Case
from milia_cds.errors import UnknownNameError

__all__ = ["case", "names", "notebook"]

_HERE = Path(__file__).parent
_IN_A_CHECKOUT = Path(__file__).parents[3] / "examples"
# Their home is `examples/` of the repository; a wheel has them beside this file.
_FOLDER = _HERE if (_HERE / "cases").is_dir() else _IN_A_CHECKOUT


def names() -> tuple[str, ...]:
    """The names of the example cases, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in (_FOLDER / "cases").glob("*.json")))


def case(name: str) -> Case:
    """Read an example case.

    Parameters
    ----------
    name
        One of `names`.

    Raises
    ------
    UnknownNameError
        When there is no example of that name.
    """
    if name not in names():
        raise UnknownNameError("example case", name, names())
    return Case.from_json((_FOLDER / "cases" / f"{name}.json").read_bytes())


def notebook() -> Path:
    """The path of the notebook that shows cards and pictures: copy it, then open it."""
    return _FOLDER / "explore.ipynb"
