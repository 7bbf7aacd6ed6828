"""`milia-cds cohort`: files of many cases in, results and a summary out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from milia_cds import Case, load_knowledge
from milia_cds.adapters.cohort import assess_many, files, frame_of
from milia_cds.cli.main import main
from tests.adapters.cohort.held import expected
from tests.common import sampled, vignettes

BASE = load_knowledge()
CASES = [Case.from_dict(each.case_data) for each in sampled(vignettes(), 60)]
TABLE = frame_of(CASES)
CSV = """\
id,patient.age_years,patient.phototype,patient.cooperative,lesion.site,history.failed
1,34,2,yes,cheek,none
2,27,,TRUE,forehead,"extraction, tretinoin"
3,7x,2,maybe,lid_margin,cutting
4,,2,,,
5,nan,1e1,1,Cheek,
"""


WRONG = {
    "broken.parquet": b"PAR1 and nothing more of it",
    "broken.arrow": b"\xff\xff\xff\xff and nothing that is Arrow",
    "empty.csv": b"",
    "empty.parquet": b"",
    "semicolons.csv": b"lesion.site;lesion.count\ncheek;5\n",
    "uneven.csv": b"lesion.site,lesion.count\ncheek,5,6\n",
    "latin.csv": b"lesion.site\nch\xe9ek\n",
}


def as_json_lines(path: Path) -> None:
    lines = (json.dumps(each.to_dict()) for each in CASES)
    path.write_text("\n".join(lines), "utf-8")


def as_arrow(path: Path) -> None:
    with ipc.new_file(path, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=3)


def as_arrow_stream(path: Path) -> None:
    with ipc.new_stream(path, TABLE.schema) as writer:
        writer.write_table(TABLE)


WRITERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "parquet": ("cases.parquet", lambda path: pq.write_table(TABLE, path)),
    "arrow": ("cases.arrow", as_arrow),
    "arrow stream": ("cases.arrow", as_arrow_stream),
    "json lines": ("cases.jsonl", as_json_lines),
}


def rows(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".parquet":
            found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        case ".arrow":
            with ipc.open_stream(path) as reader:
                found = reader.read_all().to_pylist()
        case _:
            found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return found


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("into", ["out.parquet", "out.arrow", "out.jsonl"])
def test_every_kind_of_file_is_read_and_written(
    tmp_path: Path, kind: str, into: str
) -> None:
    name, write = WRITERS[kind]
    write(tmp_path / name)

    assert main(["cohort", str(tmp_path / name), str(tmp_path / into)]) == 0
    found = rows(tmp_path / into)
    assert [{**e, "problem": None} for e in found] == [
        {**each, "problem": None} for each in assess_many(TABLE).to_pylist()
    ]


def test_a_line_of_json_is_decided_as_assess_decides_it(tmp_path: Path) -> None:
    as_json_lines(tmp_path / "cases.jsonl")
    main(["cohort", str(tmp_path / "cases.jsonl"), str(tmp_path / "out.jsonl")])

    for row, case in zip(rows(tmp_path / "out.jsonl"), CASES, strict=True):
        said = expected(case, BASE)
        if "errors" not in said:
            assert row["first"] == said["first"]
            assert row["disposition"]["action"] == said["action"]


def test_lines_that_cannot_be_read_are_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LINES", 2)
    path = tmp_path / "cases.jsonl"
    path.write_text(
        '{"id": "a", "patient": {"age_years": 34}}\n\n'
        '{"id": 2, "patient": {"age": 1}}\nnonsense\n',
        "utf-8",
    )
    out = tmp_path / "out.jsonl"
    assert main(["cohort", str(path), str(out), "--keep", "id"]) == 0

    found = rows(out)
    assert [(row["id"], row["refused"]) for row in found] == [
        ("a", False),
        ("2", True),
        (None, True),
    ]
    assert 'write {"patient": {"age_years": 1}}' in found[1]["problem"]


def test_an_empty_cell_of_csv_is_not_known_and_a_text_is_read_strictly(
    tmp_path: Path,
) -> None:
    path, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    path.write_text(CSV, "utf-8")
    assert main(["cohort", str(path), str(out), "--keep", "id"]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))

    assert [row["refused"] for row in found] == [
        *("false", "false", "true", "false", "true")
    ]
    assert found[3]["lacking.patient.age_years"] == "true"
    assert found[1]["verdict.extraction"]
    third = found[2]["problem"].splitlines()
    assert [line.partition(":")[0] for line in third] == [
        "patient.age_years",
        "patient.cooperative",
        "history.failed[0]",
    ]
    fifth = found[4]["problem"]
    assert 'patient.age_years: "nan"' in fifth
    assert "patient.phototype: 10" in fifth
    assert 'patient.cooperative: "1"' in fifth
    assert 'lesion.site: "Cheek"' in fifth


def test_the_summary_is_printed_and_screening_fills_missing_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("lesion.site\ncheek\nforehead\n", "utf-8")

    assert main(["cohort", str(path), "--summary"]) == 0
    before = capsys.readouterr().out
    screened = ["--assume-absent", "findings", "history"]
    assert main(["cohort", str(path), "--summary", *screened]) == 0
    after = capsys.readouterr().out
    assert "2 cases." in before
    assert "What to record" in before
    assert before != after


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["cases.parquet"], "there is nowhere to write to"),
        (["missing.parquet", "out.parquet"], "give a file that can be read"),
        (["cases.txt", "out.parquet"], "use a name that ends in"),
        (["cases.parquet", "out.xlsx"], "use a name that ends in"),
        (["cases.parquet", "cases.parquet"], "name another file for the results"),
        (["cases.parquet", "no/out.parquet"], "name a file that can be written"),
        (["broken.parquet", "out.parquet"], "it is not what its name says"),
        (["cases.parquet", "o.csv", "--keep", "id"], "there is no such column"),
        (["broken.arrow", "out.parquet"], "it is not what its name says"),
        (["empty.csv", "o.csv"], "it is empty; give a file of cases"),
        (["empty.parquet", "o.csv"], "it is empty; give a file of cases"),
        (["semicolons.csv", "o.csv"], "its cells are separated by semicolons"),
        (["uneven.csv", "o.csv"], "a row has 3 cells, and the first row has 2"),
        (["latin.csv", "o.csv"], "it is not UTF-8; save it as UTF-8"),
        (["cases", "o.csv"], "its name has no ending"),
    ],
)
def test_what_cannot_be_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(TABLE.slice(0, 1), "cases.parquet")
    Path("cases.txt").write_text("", "utf-8")
    for name, content in WRONG.items():
        Path(name).write_bytes(content)

    assert main(["cohort", *arguments]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "cheek" not in said


def test_a_byte_order_mark_is_no_part_of_the_first_case(tmp_path: Path) -> None:
    for name in ("cases.csv", "cases.jsonl"):
        texts = {"cases.csv": "lesion.count\n5\n", "cases.jsonl": '{"lesion": {}}\n'}
        (tmp_path / name).write_text(texts[name], "utf-8-sig")
        out = tmp_path / "out.jsonl"
        assert main(["cohort", str(tmp_path / name), str(out)]) == 0
        assert [row["refused"] for row in rows(out)] == [False]


def test_how_many_could_not_be_decided_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("lesion.count\n5\nfive\n6x\n", "utf-8")

    assert main(["cohort", str(path), str(tmp_path / "out.csv")]) == 0
    said = capsys.readouterr().err
    assert said == "2 of 3 cases could not be decided; the column problem says why\n"


def test_strict_ends_at_the_first_bad_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"patient.age_years": [34, 340]}), path)

    out = str(tmp_path / "out.parquet")
    assert main(["cohort", str(path), out, "--strict"]) == 2
    assert "rows[1].patient.age_years" in capsys.readouterr().err
    assert not Path(out).exists()
