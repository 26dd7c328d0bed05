"""A workspace that the first program left opens, and says what that program said of it.

It kept rows one by one, in records and in its base; `fixtures/make_slice_workspace.py` made it and
wrote down the answers.
"""

from __future__ import annotations

import dataclasses
import io
import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from pipeline.commands import report
from pipeline.store import tables
from pipeline.store.records import NotRun, RowColumns, RowRecord
from pipeline.store.store import Store
from pipeline.store.written import from_bytes, to_bytes
from tests.support.killed_runs import cycle
from tests.support.store_facts import AT, submission
from tests.support.store_facts import part as sent
from tests.support.workspace import NOW, Opened

PACKED = Path(__file__).parents[1] / "support" / "fixtures" / "slice" / "workspace.tar.xz"
PERIOD = "2026-2027"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def unpacked(tmp_path):
    """The workspace, and what the first program said of it."""
    with tarfile.open(PACKED) as tar:
        tar.extractall(tmp_path, filter="data")
    expected = json.loads((tmp_path / "expected.json").read_bytes())
    return Opened(tmp_path / "workspace"), expected


def rows_said(store, expected):
    """The rows in the words of the first program."""
    found = [store.row(row["row_id"]) for row in expected["rows"]]
    names = {"status": "fate"}
    return [
        {names.get(name, name): value for name, value in dataclasses.asdict(row).items()}
        for row in found
    ]


def as_json(things):
    return json.loads(json.dumps([dataclasses.asdict(one) for one in things]))


def check(store, expected):
    assert rows_said(store, expected) == expected["rows"]
    assert [row.row_id for row in store.rows_in_force(PERIOD)] == expected["in_force"]
    parts = [part for one in store.submissions() for part in one.parts]
    # The first program did not say which rules gave nothing to be used, and let an answer decide
    # which part is newest.
    found = [{k: v for k, v in one.items() if k != "withdrawn"} for one in as_json(parts)]
    assert found == [
        {
            "not_run": [],
            "since": part["applied"],
            **part,
            "applied": part["applied"] and part["number"],
        }
        for part in expected["parts"]
    ]
    assert as_json(store.questions()) == [{"asked": True, **one} for one in expected["questions"]]
    assert as_json(store.conservation(PERIOD)) == expected["conservation"]
    assert [one.record.digest for one in store.packages()] == expected["packages"]
    assert store.head.seq == expected["facts"]
    assert store.verify() == []


def test_the_fixture_holds_every_fate_of_a_row_and_the_tables_of_the_first_program(unpacked):
    """Else this page would prove little."""
    place, expected = unpacked
    fates = {(row["fate"], row["prior"]) for row in expected["rows"]}
    kept = {("in_force", False), ("in_force", True)}
    assert fates >= {("", False), *kept, *((f, False) for f in ("superseded", "absent"))}
    assert ("withdrawn", False) in fates
    with sqlite3.connect(place.folder / ".nastavnik" / "base.sqlite") as base:
        (count,) = base.execute("SELECT count(*) FROM data_row").fetchone()
    base.close()
    assert count == len(expected["rows"])


def test_it_opens_and_its_index_is_made_anew(unpacked):
    place, expected = unpacked
    root = place.folder / ".nastavnik"
    store = Store.open(root)
    check(store, expected)
    digest = store.digest()
    store.close()
    (root / "base.sqlite").unlink()
    again = Store.open(root)
    assert again.digest() == digest
    again.close()


def test_it_is_indexed_alike_on_a_server(unpacked, postgres_url):
    place, expected = unpacked
    root = place.folder / ".nastavnik"
    here, there = Store.open(root), Store.open(root, postgres_url)
    check(there, expected)
    assert here.digest() == there.digest()
    here.close()
    there.close()


def status_now(expected):
    """The status as the first program told it, but for a form whose newest file was withdrawn.

    It said «none» of it, though an earlier file counted.
    """
    (line,) = [one for one in expected["status"]["units"] if one["unit"] == "oo-103"]
    form = line["forms"]["F05"]
    assert (form["state"], form["submission"], form["in_force"]) == ("none", 9, 3)
    form.update(state="accepted", submission=3)
    return expected["status"]


def test_who_only_looks_sees_the_same(unpacked):
    place, expected = unpacked
    assert Store.open_reading(place.folder / ".nastavnik") is None, "tables of another version"
    with place.open() as exchange:
        said = report.status(exchange, LATER)
    status = status_now(expected)
    assert {key: said[key] for key in status} == status


def test_its_records_are_read_as_columns(unpacked):
    place, _ = unpacked
    store = Store.open(place.folder / ".nastavnik")
    stored = [json.loads(store.archive.get(e.record)) for e in store.ledger.entries()]
    parts = [part for record in stored for part in record.get("parts", ())]
    assert sum(len(part["rows"]) for part in parts) > 100
    read = [store.record(entry.seq) for entry in store.ledger.entries()]
    columns = [part.rows for record in read for part in getattr(record, "parts", ())]
    for part, own in zip(parts, columns, strict=True):
        assert isinstance(own, RowColumns)
        assert list(own) == [RowRecord(**row) for row in part["rows"]]
        assert RowColumns.from_plain(json.loads(own.to_bytes())) == own
    assert [from_bytes(store.archive.get(e.record)) for e in store.ledger.entries()] == read
    store.close()


def sent_again(place, unit):
    """The last book of a unit, saved once more: the same rows in other bytes."""
    with place.open() as exchange:
        newest = exchange.store.submissions(unit=unit)[-1]
        book = openpyxl.load_workbook(io.BytesIO(exchange.archive.get(newest.sha256)))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_it_publishes_the_same_figures(unpacked, read_here):
    """Nothing that goes up is another but the board, which tells of a withdrawal."""
    place, expected = unpacked
    cycle(place.folder, LATER)
    with place.open() as exchange:
        made = exchange.store.packages()
        assert [one.record.digest for one in made[:-1]] == expected["packages"]
        said = report.status(exchange, LATER)
    status = status_now(expected)
    assert {key: said[key] for key in status if key != "packages"} == {
        key: status[key] for key in status if key != "packages"
    }


def test_life_goes_on_in_it(unpacked, read_here):
    """What was sent before is replaced, kept and counted as in any workspace."""
    place, expected = unpacked
    place.drop("oo-101", "Книга.xlsx", sent_again(place, "oo-101"), second=90)
    cycle(place.folder, LATER)
    with place.open() as exchange:
        store = exchange.store
        newest = store.submission(expected["facts"] + 1)
        assert newest.unit == "oo-101"
        assert all(line.holds for line in store.conservation(PERIOD))
        again = {part.form for part in newest.parts}
        before = {p["number"] for p in expected["parts"] if p["unit"] == "oo-101"}
        gone = [p.outcome_now for n in before for p in store.submission(n).parts if p.form in again]
        assert set(gone) == {"superseded"}
        assert store.verify() == []
        digest = store.digest()
        store.rebuild()
        assert store.digest() == digest


def test_the_version_of_the_tables_has_moved_on():
    assert tables.SCHEMA > 1


def test_tables_without_the_rules_that_did_not_run_are_made_anew(tmp_path):
    """Those of version 2; what was recorded keeps its bytes, and what is said of it its digest."""
    silent = NotRun("clubs", "clubs_leaders", "WrongAnswer", "нужен текст")
    with closing(Store.open(tmp_path)) as store:
        store.append(submission(sent("Аня=1")), AT)
        store.append(submission(sent("Боря=2", unit="school-2", not_run=(silent,))), AT)
        digest, ledger = store.digest(), (tmp_path / "ledger.jsonl").read_bytes()
    with sqlite3.connect(tmp_path / "base.sqlite") as base:
        base.execute("ALTER TABLE part DROP COLUMN not_run")
        changed = base.execute("UPDATE meta SET value = '2' WHERE value = ?", [str(tables.SCHEMA)])
        assert changed.rowcount == 1
    base.close()
    assert Store.open_reading(tmp_path) is None
    with closing(Store.open(tmp_path)) as store:
        assert store.digest() == digest
        assert [one.not_run for one in store.rules_not_run(PERIOD)] == [(silent,)]
        assert store.verify() == []
    assert (tmp_path / "ledger.jsonl").read_bytes() == ledger


def test_a_part_that_all_rules_looked_at_is_recorded_as_before():
    record = submission(sent("Аня=1"))
    assert b"not_run" not in to_bytes(record)
    assert from_bytes(to_bytes(record)) == record
    told = submission(sent("Аня=1", not_run=(NotRun("p", "r", "ValueError", "сбой ValueError"),)))
    assert from_bytes(to_bytes(told)) == told
