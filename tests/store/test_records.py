"""Records are columns of canonical JSON, and come back as they were written."""

from __future__ import annotations

import dataclasses
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.canonical import canonical, canonical_with, fields_of
from pipeline.model import Notice
from pipeline.store.records import RowColumns, RowRecord
from pipeline.store.written import from_bytes, rows_of, to_bytes
from tests.support.store_facts import part, question, submission
from tests.support.workspace import Workspace, careful_book

TEXT = st.text(st.characters(codec="utf-8"), max_size=9)
SCALAR = st.none() | st.booleans() | st.integers(-9, 10**15) | st.floats(-9, 9) | TEXT
STATE = st.sampled_from(("accepted", "rejected", "duplicate"))


@st.composite
def some_rows(draw):
    """Rows with the values that their state allows; some names stand in some rows only."""
    rows = []
    for line in draw(st.lists(st.integers(1, 1 << 20), max_size=12)):
        state = draw(STATE)
        names = st.sampled_from(("who", "age", "10", "2"))
        values = draw(st.dictionaries(names, SCALAR)) if state == "accepted" else {}
        rows.append(RowRecord(line, draw(TEXT), state, values, draw(st.dictionaries(names, TEXT))))
    return rows


@settings(deadline=None)
@given(some_rows())
def test_columns_give_the_rows_they_were_made_of(rows):
    columns = RowColumns.of(rows)
    assert len(columns) == len(rows)
    names = {name for row in rows for name in row.values}
    for row, found in zip(rows, columns, strict=True):
        blank = dict.fromkeys(names) if row.state == "accepted" else {}
        assert found == RowRecord(row.line, row.key, row.state, {**blank, **row.values}, row.raw)


@settings(deadline=None)
@given(some_rows())
def test_a_record_is_canonical_json_and_comes_back(rows):
    said = (Notice("x", "error", "F04", "Лист", 3, "fio", "B3", "Аня", {"n": "1"}, "Аня"),)
    own = dataclasses.replace(part(notices=said), rows=RowColumns.of(rows))
    record = submission(own, part("Аня=1"), questions=[question()])
    data = to_bytes(record)
    assert canonical(json.loads(data)) == data == to_bytes(record, rows_of(record))
    assert from_bytes(data) == record
    assert json.loads(data)["parts"][0]["rows"] == json.loads(rows_of(record)[0])


@settings(deadline=None)
@given(st.dictionaries(TEXT, SCALAR), TEXT, SCALAR)
def test_a_field_that_is_written_already_stands_where_it_belongs(fields, name, value):
    fields.pop(name, None)
    assert canonical_with(fields, name, canonical(value)) == canonical({**fields, name: value})


def test_the_first_programs_rows_are_read_as_columns():
    record = submission(part("Аня=1 !Боря Вера=2", "accepted_partly"))
    rows = [fields_of(row) for row in record.parts[0].rows]
    old = json.loads(to_bytes(record))
    old["parts"][0]["rows"] = rows
    assert from_bytes(canonical(old)) == record


def test_a_record_takes_little_of_the_disk(tmp_path, read_here):
    """A guard by bytes: rows as texts took ten times as much, and stood in the base once more."""
    place = Workspace(tmp_path / "ws")
    place.drop("oo-101", "Книга.xlsx", careful_book("oo-101"))
    place.accept()
    with place.open() as exchange:
        store = exchange.store
        rows = sum(len(part.rows) for part in store.record(1).parts)
        name = store.head.record
        kept, whole = store.archive.path(name).stat().st_size, len(store.archive.get(name))
        with store._engine.connect() as connection:
            sizes = connection.exec_driver_sql("SELECT sum(length(data)) FROM part_rows")
            packed = sizes.scalar()
    assert rows > 20
    assert kept < whole / 3
    assert kept / rows < 250
    assert packed / rows < 250
