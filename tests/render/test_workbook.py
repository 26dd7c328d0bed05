"""What every xlsx file for people keeps: types, texts as texts, printing, the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pandas as pd
import pytest

from contracts.plan import Column
from pipeline.render.workbook import (
    LONGEST_TEXT,
    TableColumn,
    XlsxWriter,
    answer_text,
    clean,
    plain,
    share_text,
    sheet_name,
    text_height,
)

COLUMNS = (TableColumn("№", 6), TableColumn("Что", 30), TableColumn("Доля", 10, "share"))
NBSP = "\N{NO-BREAK SPACE}"


def write(rows, **words):
    writer = XlsxWriter("Проба", as_of=datetime(2026, 9, 20, 1, tzinfo=UTC))
    writer.table("Лист", COLUMNS, rows, **words)
    writer.about("Школа № 101", date(2026, 9, 20), {"строк": len(rows)})
    return writer.data()


def moment(text):
    """A moment as openpyxl gives it: without a zone."""
    return datetime.fromisoformat(text)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_same_arguments_give_the_same_bytes():
    rows = [(1, "а", 0.7), (2, None, None)]
    assert write(rows, heading=("Название",)) == write(rows, heading=("Название",))


def test_document_is_dated_by_its_newest_fact_not_by_the_clock():
    assert opened(write([])).properties.created == moment("2026-09-20T01:00")


@pytest.mark.parametrize(
    ("value", "shown", "number_format"),
    [
        ("=1+1", "=1+1", "General"),
        ("https://example.org", "https://example.org", "General"),
        ("007", "007", "General"),
        (5, 5, "0"),
        (2.5, 2.5, "General"),
        (True, "да", "General"),
        (False, "нет", "General"),
        (None, None, "General"),
        (date(2026, 9, 1), moment("2026-09-01"), "dd.mm.yyyy"),
        (pd.Timestamp(2026, 9, 1), moment("2026-09-01"), "dd.mm.yyyy"),
        (date(1800, 9, 1), "01.09.1800", "General"),
        (10**15, "1000000000000000", "General"),
        (float("nan"), None, "General"),
        (pd.NA, None, "General"),
        (pd.NaT, None, "General"),
        (pd.array([3], dtype="Int64").to_numpy()[0], 3, "0"),
    ],
)
def test_a_value_is_written_by_its_type(value, shown, number_format):
    cell = opened(write([(1, value, None)]))["Лист"]["B2"]
    assert (cell.value, cell.number_format, cell.data_type == "f") == (shown, number_format, False)


def test_a_moment_is_shown_by_the_clock_of_its_zone():
    zone = timezone(timedelta(hours=7))
    cell = opened(write([(1, datetime(2026, 9, 1, 9, 30, tzinfo=zone), None)]))["Лист"]["B2"]
    assert (cell.value, cell.number_format) == (moment("2026-09-01T09:30"), "dd.mm.yyyy hh:mm")


def test_shares_are_numbers_shown_with_a_percent_sign():
    sheet = opened(write([(1, "а", 0.7), (2, "б", None), (3, "в", "<3")]))["Лист"]
    assert [sheet[f"C{row}"].value for row in (2, 3, 4)] == [0.7, "н/д", "<3"]
    assert sheet["C2"].number_format == r"0.0\ %"


def test_shares_in_words():
    assert [share_text(s) for s in (0.7, 0.6667, 1, None)] == [
        f"70,0{NBSP}%",
        f"66,7{NBSP}%",
        f"100,0{NBSP}%",
        "н/д",
    ]


def test_texts_are_cleaned_of_what_a_cell_cannot_hold():
    assert clean("а\x00б\x0bв\ud800г\r\nд") == "абв\N{REPLACEMENT CHARACTER}г\nд"


@pytest.mark.parametrize("letter", ["я", "\N{GRINNING FACE}"])
def test_long_texts_are_cut_with_a_mark(letter):
    text = clean(letter * 40_000)
    assert text.endswith("…")
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert opened(write([(1, letter * 40_000, None)]))["Лист"]["B2"].value == text


def test_heading_header_rows_and_notes_follow_each_other():
    sheet = opened(write([(1, "а", 0.5)], heading=("Название", "За год"), notes=("Итого",)))["Лист"]
    assert [sheet.cell(row, 1).value for row in range(1, 8)] == [
        "Название",
        "За год",
        None,
        "№",
        1,
        None,
        "Итого",
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B5", "A4:C5")


def test_every_printed_page_is_a4_wide_and_repeats_the_header():
    sheet = opened(write([(1, "а", 0.5)], heading=("Название",)))["Лист"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.oddFooter.right.text == "&P из &N"


@pytest.mark.parametrize(("width", "orientation"), [(20, "portrait"), (90, "landscape")])
def test_wide_tables_lie_on_their_side(width, orientation):
    writer = XlsxWriter("Проба")
    writer.table("Лист", (TableColumn("а", width), TableColumn("б", width)), [(1, 2)])
    assert opened(writer.data())["Лист"].page_setup.orientation == orientation


def test_service_sheet_says_source_day_and_counts():
    sheet = opened(write([(1, "а", 0.5)]))["Сведения"]
    assert [tuple(c.value for c in row) for row in sheet["A4:B6"]] == [
        ("Источник", "Школа № 101"),
        ("По состоянию на", moment("2026-09-20")),
        ("строк", 1),
    ]


def test_an_empty_table_still_has_its_header():
    sheet = opened(write([]))["Лист"]
    assert [c.value for c in sheet[1]] == ["№", "Что", "Доля"]
    assert sheet.auto_filter.ref is None


def test_sheet_names_are_made_fit_and_unique():
    writer = XlsxWriter("Проба")
    for _ in range(3):
        writer.table("Школа: №1/2 " + "я" * 40, COLUMNS, [])
    names = opened(writer.data()).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize("name", ["", "'", "???"])
def test_a_sheet_always_has_a_name(name):
    assert sheet_name(name) == "Лист"


def test_tall_texts_get_tall_rows():
    assert text_height("слово " * 40, 20) > text_height("слово\nслово", 20) > text_height("", 20)


@pytest.mark.parametrize(
    ("type_", "value", "typed"),
    [
        ("date", "2026-09-01", date(2026, 9, 1)),
        ("bool", True, "да"),
        ("bool", False, "нет"),
        ("int", 3, 3),
        ("percent", 70.0, 70),
        ("decimal", 2.5, 2.5),
        ("inn", "0042000010", "0042000010"),
        ("multi", "а; б", "а; б"),
        ("text", "", None),
        ("bool", None, None),
    ],
)
def test_a_canonical_value_is_given_back_as_a_person_types_it(type_, value, typed):
    assert answer_text(Column("c", "С", type_), value) == typed


def test_plain_turns_numpy_into_python():
    assert type(plain(pd.Series([1]).to_numpy()[0])) is int
