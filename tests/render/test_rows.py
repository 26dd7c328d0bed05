"""Ready rows: what is in them stays text, numbers run on, and they lie in a sheet as others do."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from itertools import count

import openpyxl
import pytest
import python_calamine
from lxml import etree

from pipeline.render.rows import RUNNING, RowStream, RowWriter, row_streams, row_writer, selected
from pipeline.render.styles import ROW_STYLES
from pipeline.render.values import LONGEST_TEXT, TableColumn, Tinted
from pipeline.render.workbook import XlsxWriter

COLUMNS = (TableColumn("№", 6, "center"), TableColumn("Что", 30), TableColumn("Доля", 10, "share"))
VALUES = [
    (1, "а", 0.7),
    (True, None, None),
    (2.5, date(2026, 9, 1), "<3"),
    (1, datetime(2026, 9, 1, 9, 30, 15, tzinfo=UTC), 1),
    (None, Tinted("не сдано", "bad"), 0),
    (3, "слово " * 40, 0.1 + 0.2),
    (1.0, "", float("nan")),
]
ATTACKS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    '=HYPERLINK("http://example.org")',
    "https://example.org",
    "007",
    "]]></t></is></c></row></sheetData>",
    "</row><row><c><v>1</v></c></row>",
    "<script>&amp;&lt;",
    "\"кавычки\" и 'апострофы'",
    "\N{GRINNING FACE}\N{ZERO WIDTH JOINER}\N{FIRE}",
    "  пробелы по краям  ",
    "две\nстроки\tи знак",
]


def sheet_of(*streams, notes=()):
    """A workbook with a sheet for each stream, as it is read by others."""
    writer = XlsxWriter("Проба")
    for number, stream in enumerate(streams, 1):
        writer.table(f"Лист {number}", COLUMNS, stream, heading=("Название",), notes=notes)
    return writer.data()


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def column(data, letter="B", sheet="Лист 1"):
    return [cell.value for cell in opened(data)[sheet][letter]][3:]


def streamed(rows, *, numbers=None):
    stream = RowStream()
    stream.add(row_writer(COLUMNS).piece(rows), numbers)
    return stream


def test_ready_rows_look_as_those_given_at_once():
    with row_streams(1) as (stream,):
        for value in VALUES:
            stream.add(RowWriter(COLUMNS).piece([value]))
        assert column(sheet_of(stream)) == column(sheet_of(VALUES))


@pytest.mark.parametrize("text", ATTACKS)
def test_whatever_is_written_into_a_text_stays_a_text(text):
    data = sheet_of([(1, text, None), (2, text, None)], notes=("Примечание",))
    cells = opened(data)["Лист 1"]["B"][3:5]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s")] * 2
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [row[1] for row in book.get_sheet_by_name("Лист 1").to_python()][3:5] == [text] * 2


def test_what_looks_like_an_escape_of_excel_is_escaped():
    """The standard has it undone in a cell's own text too; openpyxl alone does not."""
    data = sheet_of([(1, "_x000D_ и _x0041_", None)])
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.get_sheet_by_name("Лист 1").to_python()[3][1] == "_x000D_ и _x0041_"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("а\x00б\x01\x0b\x1f\x7fв", "абв"),
        ("\ud83d половина", "\N{REPLACEMENT CHARACTER} половина"),
        ("\ufffe\uffffя", "я"),
        ("я" * 100_000, "я" * (LONGEST_TEXT - 1) + "…"),
        ("&" * 40_000, "&" * (LONGEST_TEXT - 1) + "…"),
    ],
)
def test_what_no_cell_can_hold_is_left_out(text, shown):
    data = sheet_of([(1, text, None)])
    assert column(data) == [shown]
    # Nor does a text bring the sign for a running number.
    assert row_writer(COLUMNS).piece([(1, text, None)]).rows.count(b"\x00") == 0


def test_equal_values_of_different_types_keep_their_looks():
    rows = [(value, value, None) for value in (1, True, 1.0, "1", 0, False, "0")]
    cells = opened(sheet_of(rows))["Лист 1"]["B"][3:]
    assert [(c.value, c.number_format) for c in cells] == [
        (1, "0"),
        ("да", "General"),
        (1, "General"),
        ("1", "General"),
        (0, "0"),
        ("нет", "General"),
        ("0", "General"),
    ]


def test_numbers_are_filled_in_where_a_row_wants_one():
    piece = row_writer(COLUMNS).piece([(RUNNING, "а", None), (None, "б", None), (RUNNING, "в", 1)])
    with row_streams(1) as (stream,):
        stream.add(piece, iter((7, 8)))
        stream.add(piece, iter((9, 10)))
        assert column(sheet_of(stream), "A") == [7, None, 8, 9, None, 10]


def test_a_row_without_its_number_is_an_error():
    piece = row_writer(COLUMNS).piece([(RUNNING, "а", None)])
    with row_streams(1) as (stream,), pytest.raises(ValueError, match="number"):
        stream.add(piece, iter(()))


def test_rows_can_be_left_out_of_a_piece():
    piece = row_writer(COLUMNS).piece([(1, "</row>", None), (2, "б", 1), (3, "в", 1)], fact=1)
    kept = selected(piece, (True, False, True))
    with row_streams(1) as (stream,):
        stream.add(kept)
        assert column(sheet_of(stream)) == ["</row>", "в"]
    assert (kept.count, kept.facts) == (2, {"fact": 1})


def test_a_stream_goes_on_behind_another():
    with row_streams(3) as (first, second, empty):
        first.add(row_writer(COLUMNS).piece([(1, "а", 1)] * 700))
        second.add(row_writer(COLUMNS).piece([(2, "б", 1)] * 300))
        first.extend(empty)
        first.extend(second)
        assert column(sheet_of(first)) == ["а"] * 700 + ["б"] * 300


def test_many_rows_wait_on_disk_and_give_the_same_file(monkeypatch):
    rows = [(n, f"строка {n}", n / 900) for n in range(900)]
    in_memory = sheet_of(rows)
    monkeypatch.setattr("pipeline.render.rows._IN_MEMORY", 1000)
    with row_streams(2) as (first, second):
        first.add(row_writer(COLUMNS).piece(rows[:400]))
        second.add(row_writer(COLUMNS).piece(rows[400:]))
        first.extend(second)
        assert not isinstance(first._file, io.BytesIO)
        assert column(sheet_of(first)) == column(in_memory)


def test_a_sheet_is_well_formed_with_its_rows_counted_and_its_notes_below():
    with row_streams(2) as (many, none):
        many.add(row_writer(COLUMNS).piece([(n, f"строка {n}", n / 900) for n in range(900)]))
        data = sheet_of(many, none, notes=("Первое", "Второе"))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        for name in file.namelist():
            etree.fromstring(file.read(name))
    full, empty = opened(data)["Лист 1"], opened(data)["Лист 2"]
    assert (full.dimensions, full.auto_filter.ref) == ("A1:C906", "A3:C903")
    assert [full.cell(row, 1).value for row in (903, 904, 905, 906)] == [
        899,
        None,
        "Первое",
        "Второе",
    ]
    assert set(map(str, full.merged_cells.ranges)) == {"A1:C1", "A905:C905", "A906:C906"}
    assert (empty.dimensions, empty.auto_filter.ref) == ("A1:C6", None)
    assert (empty["A5"].value, empty["A6"].value) == ("Первое", "Второе")


def test_the_file_is_the_same_whenever_and_in_whatever_parts_it_is_made():
    rows = [(RUNNING, f"строка {n % 50}", n / 3000) for n in range(3000)]
    whole = streamed(rows, numbers=range(1, 3001))
    data = sheet_of(whole)
    assert data == sheet_of(streamed(rows, numbers=range(1, 3001)))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        infos = file.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    whole.close()


def test_more_rows_than_a_sheet_holds_are_refused_and_not_lost():
    piece = row_writer(COLUMNS).piece([(1, "а", None)] * 1000)
    with row_streams(1) as (stream,), pytest.raises(ValueError, match="rows"):
        for _ in range(1100):
            stream.add(piece)


def test_styles_of_rows_keep_their_numbers():
    """Ready rows are kept between versions: a style may be added at the end, never moved."""
    assert list(ROW_STYLES) == [
        "text",
        "center",
        "number",
        "fraction",
        "date",
        "moment",
        "share",
        "share in words",
        "good",
        "doubt",
        "bad",
        "quiet",
        "none",
    ]


def test_memory_does_not_depend_on_how_many_rows_there_are():
    piece = row_writer(COLUMNS).piece([(RUNNING, f"строка {n}", n / 1000) for n in range(1000)])
    tracemalloc.start()
    try:
        with row_streams(1) as (stream,):
            for unit in range(400):
                stream.add(piece, count(1000 * unit))
            assert stream.size > 40 * 2**20
            writer = XlsxWriter("Проба")
            writer.table("Лист", COLUMNS, stream, heading=("Название",), notes=("Примечание",))
            with tempfile.TemporaryFile() as target:
                writer.write_to(target)
            _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 2**20
