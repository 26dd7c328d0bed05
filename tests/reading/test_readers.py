"""What the readers of workbooks give for honest, dirty and far-flung sheets."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from pipeline.errors import FileRefusedError
from pipeline.plugins import readers_office, readers_xls
from pipeline.reading.formats.xlsx_cells import NO_VALUE, UNNAMED_ERROR
from pipeline.reading.normalise.characters import is_formula_error
from tests.support import odd_files as odd

KINDS = Path(__file__).parents[1] / "support" / "fixtures" / "readers"


def read(tmp_path, data: bytes):
    path = tmp_path / "файл"
    path.write_bytes(data)
    reader = readers_xls if data.startswith(b"\xd0\xcf") else readers_office
    return reader.read(str(path))


def sheet_of(tmp_path, rows: str, **options):
    return read(tmp_path, odd.xlsx(rows, **options)).sheets[0]


def many_cells(count: int) -> str:
    """Rows of a thousand numbers each, different enough to be no bomb."""
    numbers = [f"<c><v>{number * 7919}</v></c>" for number in range(count)]
    return "".join(
        f"<row>{''.join(numbers[start : start + 1000])}</row>" for start in range(0, count, 1000)
    )


def cells(sheet):
    """Values by place, as in `SheetFacts`: what stands in (row, column)."""
    return {
        (sheet.first_row + i, sheet.first_column + j): value
        for i, row in enumerate(sheet.rows)
        for j, value in enumerate(row)
        if value is not None
    }


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_three_formats_of_one_workbook_read_alike(suffix):
    """Offsets, types, errors, hidden rows, columns and sheets, merges: the same in each."""
    reader = readers_xls if suffix == "xls" else readers_office
    book = reader.read(str(KINDS / f"kinds.{suffix}"))
    first, hidden, empty = book.sheets
    assert (first.name, first.first_row, first.first_column) == ("Наставники", 1, 2)
    assert first.rows[2] == ["ФИО", "Дата", "Балл", "Да", "Доля", "Ошибка", None]
    assert first.rows[3] == ["Петрова Анна 4", dt.date(2026, 9, 4), 4, True, 0.7, "#DIV/0!", None]
    assert first.rows[4][2:] == [5.5, False, 0.7, 8, dt.time(9, 30)]
    assert first.rows[5][6] == dt.datetime.fromisoformat("2026-09-01T10:15")
    assert first.errors == {(4, 7): "#DIV/0!", (6, 7): "#N/A"}
    assert first.hidden_rows == {6, 7}
    assert first.hidden_columns == {4}
    assert first.merged == ((1, 2, 1, 4),)
    assert [sheet.visible for sheet in book.sheets] == [True, False, True]
    assert hidden.rows == [["тайное"]]
    assert empty.rows == []


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", ["отчёт.xlsx", "отчёт.xls", "отчёт.ods", "отчёт.csv", "отчёт"])
def test_names_decide_nothing(tmp_path, suffix, name):
    (tmp_path / name).write_bytes((KINDS / f"kinds.{suffix}").read_bytes())
    reader = readers_xls if suffix == "xls" else readers_office
    assert len(reader.read(str(tmp_path / name)).sheets) == 3


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_properties_tell_the_version_of_the_blank_but_no_names(suffix):
    properties = readers_office.read(str(KINDS / f"kinds.{suffix}")).properties
    assert properties["nastavnik"] == "F04@1"
    assert properties["title"] == "Книга"
    assert properties["application"].startswith("LibreOffice")
    assert "Иванова" not in "".join(properties.values())


def test_error_cells_are_told_and_stand_in_their_place(tmp_path):
    rows = '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="s"><v>0</v></c></row>'
    sheet = sheet_of(tmp_path, rows)
    assert sheet.errors == {(2, 2): "#REF!"}
    assert cells(sheet) == {(2, 2): "#REF!", (2, 3): "общая"}


def test_a_formula_without_a_result_is_told_and_not_taken_for_a_blank(tmp_path):
    rows = '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1</f><v/></c></row>'
    rows += '<row r="2"><c r="C2"><f>3+4</f><v>7</v></c></row>'
    sheet = sheet_of(tmp_path, rows)
    assert sheet.errors == {(1, 1): "формула без значения", (1, 2): "формула без значения"}
    assert cells(sheet)[2, 3] == 7


@pytest.mark.parametrize("text", [NO_VALUE, UNNAMED_ERROR, "#REF!", "#N/A", "#DIV/0!"])
def test_what_readers_tell_as_errors_is_an_error_to_the_normaliser(text):
    """Else it would pass for the text of a person."""
    assert is_formula_error(text)


def test_a_formula_that_gives_an_empty_text_is_a_blank(tmp_path):
    rows = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>2</v></c></row>'
    sheet = sheet_of(tmp_path, rows)
    assert (cells(sheet), sheet.errors) == ({(1, 2): 2}, {})


def test_strict_workbooks_are_read(tmp_path):
    """Other libraries see no sheets at all in what Excel offers as «Strict Open XML»."""
    assert read(tmp_path, odd.strict_xlsx(odd.ONE_CELL)).sheets[0].rows == [[1]]


def test_hidden_rows_by_zero_height_count_when_a_parser_looks(tmp_path):
    before = '<cols><col min="2" max="3" width="9" hidden="1"/></cols>'
    rows = '<row r="1" ht="0"><c r="A1"><v>1</v></c></row>'
    sheet = sheet_of(tmp_path, rows, before=before)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {2, 3})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c t="s"><v>0</v></c></row>',
         {(1, 1): 1, (1, 3): 2, (2, 1): "общая"}),
        ("<!-- <c r='A9'><v>9</v></c> --><row r='1'><c r='A1'><v>1</v></c></row>", {(1, 1): 1}),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<v>a]]></t></is></c></row>',
         {(1, 1): "<v>a"}),
        ('<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>3</v></c></row>', {(1, 2): 3}),
        ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>а</t></r><r><t>б</t></r></is></c></row>',
         {(1, 1): "аб"}),
        ('<row r="1"><c r="A1" t="str"><v xml:space="preserve"> х </v></c></row>', {(1, 1): " х "}),
    ],
    ids=["no references", "comment and quotes", "CDATA", "empty shared", "runs", "spaces"],
)  # fmt: skip
def test_unusual_spelling_changes_nothing(tmp_path, rows, expected):
    assert cells(sheet_of(tmp_path, rows)) == expected


def test_cells_at_both_ends_of_the_sheet_are_read_without_a_table_between(tmp_path):
    """The 2 KB workbook that ends the process of the fast reader."""
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46266</v></c></row>'
    rows += '<row r="1048576"><c r="XFD1048576" s="2"><v>46266.5</v></c></row>'
    book = read(tmp_path, odd.xlsx(rows))
    assert book.reader == "sparse"
    assert cells(book.sheets[0]) == {
        (1, 1): "общая",
        (1, 2): dt.date(2026, 9, 1),
        (1048576, 16384): dt.datetime.fromisoformat("2026-09-01T12:00"),
    }


def test_far_cells_keep_their_types(tmp_path):
    rows = '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="str"><v>7</v></c>'
    rows += '<c r="C1"><v>2.5</v></c><c r="D1" s="1"><v>0.5</v></c><c r="E1" s="1"><v>1</v></c>'
    rows += '<c r="F1" t="d"><v>2026-09-01T00:00:00</v></c><c r="G1" t="e"><v>#N/A</v></c></row>'
    rows += '<row r="1048576"><c r="AA1048576"><v>1</v></c></row>'
    sheet = sheet_of(tmp_path, rows)
    assert sheet.rows[0] == [
        True, "7", 2.5, dt.time(12), dt.date(1900, 1, 1), dt.datetime.fromisoformat("2026-09-01"),
        "#N/A",
    ]  # fmt: skip


def test_a_hundred_thousand_styled_blank_rows_are_no_far_cells(tmp_path):
    rows = "".join(f'<row r="{r}"><c r="A{r}" s="1"/></row>' for r in range(2, 100_002))
    book = read(tmp_path, odd.xlsx(odd.ONE_CELL + rows))
    assert (book.reader, book.sheets[0].rows) == ("calamine", [[1]])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="50000000"><c r="A50000000"><v>1</v></c></row>', "file_suspicious"),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "file_suspicious"),
        (many_cells(501_000), "file_too_large"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1" t="e"><v>#N/A</v></c></row>',
         "file_damaged"),
    ],
    ids=["row beyond", "column beyond", "too many", "no such string"],
)  # fmt: skip
def test_sheets_beyond_the_limits_are_refused(tmp_path, rows, code):
    with pytest.raises(FileRefusedError) as refusal:
        sheet_of(tmp_path, rows)
    assert refusal.value.code == code


def test_the_fourth_reader_is_not_asked_when_three_differ(tmp_path, monkeypatch):
    """Where nobody agrees, the sheet is named with both counts and nothing is taken."""
    monkeypatch.setattr(readers_office, "_openpyxl_cells", lambda *_: dict.fromkeys(range(7)))
    monkeypatch.setattr(
        readers_office, "count_values", lambda rows, blanks=True: 3 if blanks else 2
    )
    with pytest.raises(FileRefusedError) as refusal:
        sheet_of(tmp_path, odd.ONE_CELL)
    assert refusal.value.code == "readers_disagree"
    assert refusal.value.params == {"sheet": "Лист", "first": "2", "second": "1"}


def test_openpyxl_takes_over_a_sheet_that_calamine_misreads(tmp_path, monkeypatch):
    """Its own dimensions, which are often wrong, are not believed."""
    monkeypatch.setattr(readers_office, "count_values", lambda rows, blanks=True: 99)
    rows = '<row r="3"><c r="B3"><v>1</v></c><c r="C3" t="s"><v>0</v></c></row>'
    book = read(tmp_path, odd.xlsx(rows, before='<dimension ref="A1:A1"/>'))
    assert book.reader == "openpyxl"
    assert cells(book.sheets[0]) == {(3, 2): 1, (3, 3): "общая"}


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path):
    book = Workbook()
    book.epoch = dt.datetime.fromisoformat("1904-01-01")
    book.active["A1"] = dt.datetime.fromisoformat("2026-09-01")
    target = io.BytesIO()
    book.save(target)
    assert read(tmp_path, target.getvalue()).sheets[0].rows == [[dt.date(2026, 9, 1)]]


def test_ods_repeats_are_unfolded_only_where_something_stands(tmp_path):
    rows = f"<table:table-row>{odd.ods_cell(7, repeat=3)}</table:table-row>"
    rows += '<table:table-row table:number-rows-repeated="100000"><table:table-cell'
    rows += ' table:number-columns-repeated="16384"/></table:table-row>'
    rows += f'<table:table-row table:visibility="collapse">{odd.ods_cell(8)}</table:table-row>'
    book = read(tmp_path, odd.ods(rows))
    assert cells(book.sheets[0]) == {(1, 1): 7, (1, 2): 7, (1, 3): 7, (100002, 1): 8}
    assert book.sheets[0].hidden_rows == {100002}


def test_an_ods_that_asks_for_a_billion_cells_is_refused(tmp_path):
    rows = '<table:table-row table:number-rows-repeated="1000000">'
    with pytest.raises(FileRefusedError) as refusal:
        read(tmp_path, odd.ods(f"{rows}{odd.ods_cell(1, repeat=50)}</table:table-row>"))
    assert refusal.value.code == "file_too_large"


def test_comments_in_an_ods_are_not_values(tmp_path):
    cell = "<table:table-cell><office:annotation><text:p>замечание</text:p></office:annotation>"
    cell += '<text:p>да<text:s text:c="2"/>нет</text:p></table:table-cell>'
    cell = cell.replace("<table:table-cell>", '<table:table-cell office:value-type="string">')
    sheet = read(tmp_path, odd.ods(f"<table:table-row>{cell}</table:table-row>")).sheets[0]
    assert sheet.rows == [["да  нет"]]


def test_old_workbooks_of_simple_writers_are_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    sheet.write(4, 2, "Петрова")
    sheet.write(5, 2, 79135023331)
    sheet.write(6, 2, dt.date(2026, 9, 1), day)
    sheet.write(7, 2, True)
    sheet.row(5).hidden = True
    target = io.BytesIO()
    book.save(target)
    read_sheet = read(tmp_path, target.getvalue()).sheets[0]
    assert cells(read_sheet) == {
        (5, 3): "Петрова", (6, 3): 79135023331, (7, 3): dt.date(2026, 9, 1), (8, 3): True,
    }  # fmt: skip
    assert read_sheet.hidden_rows == {6}


def test_far_cells_of_an_old_workbook_are_read_without_a_table_between(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист")
    sheet.write(0, 0, "начало")
    sheet.write(65535, 255, dt.date(2026, 9, 1), xlwt.easyxf(num_format_str="DD.MM.YYYY"))
    target = io.BytesIO()
    book.save(target)
    result = read(tmp_path, target.getvalue())
    assert result.reader == "xlrd"
    assert cells(result.sheets[0]) == {(1, 1): "начало", (65536, 256): dt.date(2026, 9, 1)}


@pytest.mark.parametrize(
    ("head", "office", "xls"),
    [
        (b"PK\x03\x04", 0.5, 0.0),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0.0, 0.5),
        (b"a;b", 0.0, 0.0),
    ],
)
def test_each_reader_claims_its_own_kind(head, office, xls):
    assert readers_office.sniff(head, "x.csv") == office
    assert readers_xls.sniff(head, "x.csv") == xls
