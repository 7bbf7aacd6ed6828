"""The house keeps to its plan: few rooms, few floors, one name for one thing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from benchmarks.structure import HERE, House, house, main, room

MAY_HIDE = {
    ("__init__", "milia_cds.assessment.pictures"): "pictures, when one is shown",
    ("cli", "milia_cds.check.mutation"): "the extra `testing`",
    ("cli", "milia_cds.check.coverage"): "the extra `testing`",
    ("cli", "milia_cds.testing.vignettes"): "the extra `testing`",
    ("cli", "milia_cds.check.second_opinion"): "the extra `proof`",
    ("cli", "milia_cds.render.writers.terminal"): "the extra `rich`",
    ("cli", "rich.console"): "the extra `rich`",
    ("knowledge", "networkx"): "needed for pictures of graphs only",
    ("adapters", "milia_cds.adapters.ledger.postgres"): "an extra",
    ("cli", "milia_cds.adapters.ledger.moves"): "an extra",
}
"""What a room may import in a function, and why there."""

MEAN_TWO_THINGS = {
    "Action": "of a suggestion, as CDS Hooks says; what a promise is about",
    "Call": "of a service, as CDS Hooks says; when a patient should ring",
    "Source": "of a card, as CDS Hooks says; what a claim rests on",
    "prepare": "a knowledge base, by way of its diagrams",
}
"""The names that two rooms define for things of their own."""


@cache
def this() -> House:
    return house(HERE)


def test_there_are_few_rooms_floors_and_arrows() -> None:
    assert len(this().rooms) <= 16
    assert len(this().floors) <= 11
    assert len(this().arrows) < 80


def test_an_import_is_hidden_only_for_a_reason() -> None:
    hidden = {(room(each.module), each.imported) for each in this().hidden}
    assert hidden <= set(MAY_HIDE)
    assert len(hidden) <= 8


def test_no_name_means_two_things_in_two_rooms() -> None:
    assert set(this().twice) <= set(MEAN_TWO_THINGS)


# That the counts can be trusted -------------------------------------------------------

SOURCES = {
    "__init__.py": "",
    "low.py": "class Thing:\n    x = 1\n\ndef _hush() -> None:\n    pass\n",
    "mid/__init__.py": "Alias: TypeAlias = int\n",
    "mid/deep.py": "from milia_cds.low import Thing\nfrom milia_cds.mid import Alias\n",
    "top.py": (
        "from milia_cds.mid import deep\n"
        "import tomllib\n"
        "if TYPE_CHECKING:\n    from milia_cds.side import Thing\n"
        "def late() -> None:\n"
        '    """Import late."""\n'
        "    from milia_cds.low import Thing\n"
        "    import networkx\n"
        "def Alias() -> None:\n    pass\n"
    ),
    "side.py": "class Thing:\n    pass\ndef _hush() -> None:\n    pass\n",
}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = tmp_path_factory.mktemp("toy")
    for name, text in SOURCES.items():
        path = checkout / "src" / "milia_cds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return checkout


@pytest.fixture(scope="module")
def built(toy: Path) -> House:
    return house(toy)


def test_a_module_and_a_package_are_a_room_and_so_is_the_door(built: House) -> None:
    assert built.rooms == {"__init__", "low", "mid", "top", "side"}


def test_an_arrow_is_a_pair_of_rooms(built: House) -> None:
    assert built.arrows == {("mid", "low"), ("top", "mid"), ("top", "low")}
    assert built.typing_arrows == {("top", "side")}


def test_the_floors_are_the_longest_chain(built: House) -> None:
    assert built.floors == ("top", "mid", "low")


def test_an_import_in_a_function_is_hidden(built: House) -> None:
    assert [each.imported for each in built.hidden] == ["milia_cds.low", "networkx"]


def test_a_public_name_of_two_rooms_is_seen(built: House) -> None:
    assert built.twice == {
        "Alias": ("milia_cds.mid", "milia_cds.top"),
        "Thing": ("milia_cds.low", "milia_cds.side"),
    }


def test_a_docstring_is_not_counted_with_the_function(built: House) -> None:
    assert sorted(built.functions) == [1, 1, 1, 2]


def test_two_states_stand_side_by_side(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(toy), str(HERE)])
    head, _, rooms, *_ = capsys.readouterr().out.splitlines()
    assert str(toy) in head
    assert str(HERE) in head
    assert rooms.split()[1:5:2] == ["rooms", "5"]


def test_a_folder_that_is_no_checkout_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "is no checkout" in capsys.readouterr().err
