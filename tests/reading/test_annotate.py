"""The school's own workbook comes back with marks, and the marks come out again."""

from __future__ import annotations

import io
import re
import shutil
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Protocol
from pipeline.reading.annotate.layout import PROTOCOL_SHEET
from pipeline.reading.annotate.mark import annotate, strip
from pipeline.reading.annotate.package import CannotAnnotate
from pipeline.reading.annotate.standalone import protocol_workbook
from tests.support.annotated_books import (
    ERROR,
    FIXTURES,
    REMARK,
    SHEET,
    by_libreoffice,
    colors,
    comments,
    line,
    looks,
    opened,
    openpyxl_book,
    parts,
    plain_book,
    protocol,
    protocol_rows,
    resaved,
    values,
    xlsxwriter_book,
    zipped,
)

BOOKS = {
    "openpyxl": openpyxl_book,
    "xlsxwriter": xlsxwriter_book,
    "libreoffice": (FIXTURES / "libreoffice.xlsx").read_bytes,
}
MARKS = protocol(errors=["B3", "C4", "J5", "B40"], remarks=["C3", "D4", "B6"], repairs=["A3"])
WANTED = {
    **dict.fromkeys(("B3", "C4", "J5", "B40"), ERROR),
    **dict.fromkeys(("C3", "D4", "B6"), REMARK),
}


@pytest.fixture(params=list(BOOKS))
def book(request):
    """A workbook of each program."""
    return BOOKS[request.param]()


def test_wrong_cells_are_red_and_doubtful_ones_yellow(book):
    assert colors(annotate(book, MARKS)) == WANTED


def test_marked_cells_say_what_is_wrong_and_how_to_fix_it(book):
    texts = comments(annotate(book, MARKS))
    assert set(WANTED) <= set(texts)
    for cell in WANTED:
        assert "Пустая обязательная ячейка.\nКак исправить: Заполните ячейку." in texts[cell]


def test_no_value_changes(book):
    assert values(annotate(book, MARKS)) == values(book)


def test_only_parts_that_say_something_else_change(book):
    """Charts, tables, strings, themes and other sheets keep their bytes."""
    before, after = parts(book), parts(annotate(book, MARKS))
    changed = {name for name in before if before[name] != after.get(name)}
    main = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    own = {name for name in changed if "sheet" in name or "omment" in name or "vml" in name.lower()}
    assert changed <= main | own
    assert not [name for name in changed if "sheet2" in name and b"tabSelected" not in before[name]]
    assert list(after)[: len(before)] == list(before)


def test_other_looks_of_marked_cells_stay(book):
    """Fonts, borders, number formats and locks are those the school gave."""
    before, after = looks(book, fills=False), looks(annotate(book, MARKS), fills=False)
    for cell, look in before.items():
        assert after[cell][:5] == look[:5], cell


def test_the_protocol_comes_first_and_is_shown(book):
    after = opened(annotate(book, MARKS))
    assert after.sheetnames == [PROTOCOL_SHEET, *opened(book).sheetnames]
    assert after.active.title == PROTOCOL_SHEET
    assert [s.title for s in after if s.sheet_view.tabSelected] == [PROTOCOL_SHEET]
    assert after.active["A2"].value == "Принято частично: 41 из 43 строк"


def test_the_protocol_lists_errors_then_remarks_then_repairs_with_links(book):
    sheet = opened(annotate(book, MARKS)).active
    found = [c.value for c in sheet["A"] if c.row > 7 and c.value]
    assert [v for v in found if len(v) < 5] == [*("B3", "C4", "J5", "B40", "C3", "D4", "B6", "A3")]
    assert "Ошибки – их нужно исправить: 4" in found
    links = {c.value: c.hyperlink.location for c in sheet["A"] if c.hyperlink}
    assert links["J5"] == f"'{SHEET}'!J5"


def test_names_of_sheets_stay_with_their_sheets():
    after = opened(annotate(openpyxl_book(), MARKS))
    assert after[SHEET].print_title_rows == "$2:$2"
    assert after["Паспорт"].defined_names["Инн"].attr_text == "'Паспорт'!$B$1"


def test_tables_filters_rules_and_protection_stay():
    after = opened(annotate(openpyxl_book(), MARKS))[SHEET]
    assert list(after.tables) == ["Наставники"]
    assert after.auto_filter.ref == "A2:D10"
    assert after.protection.sheet
    assert len(after.conditional_formatting) == 1
    assert after.data_validations.dataValidation[0].sqref == "C3:C10"


def test_a_comment_of_the_school_is_continued_not_replaced():
    text = comments(annotate(openpyxl_book(), MARKS))["C4"]
    assert text.startswith("Моё примечание\n")
    assert "Как исправить" in text


def test_every_comment_has_its_box(book):
    """A comment without a shape is not shown by Excel, which then repairs the file."""
    after = parts(annotate(book, MARKS))
    drawings = (data for name, data in after.items() if "vml" in name.lower())
    shapes = sum(data.count(b'ObjectType="Note"') for data in drawings)
    assert shapes == len(comments(annotate(book, MARKS)))


def test_two_lines_about_a_cell_stand_in_one_comment():
    both = protocol(errors=["B3"], remarks=["B3"])
    text = comments(annotate(openpyxl_book(), both))["B3"]
    assert text.index("ошибка") < text.index("замечание")
    assert colors(annotate(openpyxl_book(), both)) == {"B3": ERROR}


def test_a_merged_cell_is_marked_where_it_is_seen():
    assert colors(annotate(openpyxl_book(), protocol(errors=["C1"]))) == {"A1": ERROR}


def test_a_missing_cell_shows_the_style_of_its_row_or_column():
    """Column B is blue with a border, row 6 has a style of its own."""
    sheet = opened(annotate(xlsxwriter_book(), protocol(errors=["B40", "B6"])))[SHEET]
    assert sheet["B40"].border.left.style == "thin"
    assert sheet["B6"].border.left.style is None


def test_without_marks_the_file_stays_the_very_same(book):
    assert strip(book) == book


@pytest.mark.parametrize("data", [b"", b"PK\3\4 broken", "ФИО;Год".encode("cp1251")])
def test_what_is_no_workbook_stays_the_very_same(data):
    assert strip(data) == data


def test_taking_marks_out_gives_back_values_and_looks(book):
    after = strip(annotate(book, MARKS))
    assert values(after) == values(book)
    for sheet in opened(book).sheetnames:
        assert looks(after, sheet) == looks(book, sheet)
    assert opened(after).sheetnames == opened(book).sheetnames
    assert opened(after).active.title == opened(book).active.title


def test_taking_marks_out_gives_back_the_sheets_to_the_byte(book):
    before, after = parts(book), parts(strip(annotate(book, MARKS)))
    assert set(after) == set(before)

    def bare(data):
        # What may differ means the same: the style that cells have anyway, a hint, the sheet shown.
        data = data.replace(b"></row>", b"/>")
        return re.sub(rb' (s="0"|tabSelected="(1|true)"|spans="[0-9:]+")', b"", data)

    sheets = [name for name in before if name.startswith("xl/worksheets/sheet")]
    assert [bare(after[name]) for name in sheets] == [bare(before[name]) for name in sheets]


def test_annotating_twice_is_annotating_once(book):
    """A part that we gave back its own bytes may be deflated otherwise than by its program."""
    once = annotate(book, MARKS)
    assert list(parts(annotate(once, MARKS)).items()) == list(parts(once).items())
    assert annotate(book, MARKS) == once


def test_a_second_answer_leaves_no_mark_of_the_first(book):
    second = annotate(annotate(book, MARKS), protocol(remarks=["B4"]))
    assert colors(second) == {"B4": REMARK}
    assert set(comments(second)) == set(comments(book)) | {"B4"}
    assert opened(second).sheetnames.count(PROTOCOL_SHEET) == 1


@pytest.mark.parametrize("name", ["openpyxl", "libreoffice"])
def test_marks_are_known_after_another_program_saved_the_file(name):
    """Styles are renumbered then; cells get back the very fill they had."""
    source = BOOKS[name]()
    after = strip(resaved(annotate(source, MARKS)))
    assert values(after) == values(resaved(source))
    before = looks(resaved(source))
    assert {cell: look for cell, look in looks(after).items() if cell in before} == before
    assert set(looks(after)) - set(before) <= {"B40", "B6", "J5"}


def test_marks_are_known_after_libreoffice_saved_the_file():
    """The fixture is the annotated book of xlsxwriter, opened and saved by LibreOffice."""
    data = (FIXTURES / "resaved.xlsx").read_bytes()
    assert colors(data) == WANTED
    after = strip(data)
    assert colors(after) == {}
    assert comments(after) == {"B2": "Проверить отчество"}
    assert opened(after).sheetnames == opened(xlsxwriter_book()).sheetnames
    assert values(after) == values(BOOKS["libreoffice"]())
    assert opened(after)[SHEET]["B3"].fill.fgColor.rgb == "FFDDEBF7"


def test_marks_go_even_where_the_protocol_was_deleted():
    workbook = openpyxl.load_workbook(io.BytesIO(annotate(openpyxl_book(), MARKS)))
    del workbook[PROTOCOL_SHEET]
    out = io.BytesIO()
    workbook.save(out)
    after = strip(out.getvalue())
    assert colors(after) == {}
    assert set(comments(after)) == {"C4", "D4"}
    assert opened(after)[SHEET]["B3"].border.left.style == "thin"
    assert strip(after) == after


def test_a_sheet_of_the_school_with_our_name_is_left_alone():
    workbook = openpyxl.Workbook()
    workbook.active.title = PROTOCOL_SHEET
    workbook.active["A1"] = "Протокол педсовета"
    out = io.BytesIO()
    workbook.save(out)
    after = annotate(out.getvalue(), protocol())
    assert opened(after).sheetnames == [f"{PROTOCOL_SHEET} (2)", PROTOCOL_SHEET]
    assert values(strip(after)) == values(out.getvalue())
    assert opened(strip(after))[PROTOCOL_SHEET]["A1"].value == "Протокол педсовета"


def test_lines_beyond_the_limit_are_counted_and_still_coloured():
    many = protocol(errors=[f"B{row}" for row in range(3, 11)])
    after = annotate(openpyxl_book(), many, per_sheet=3)
    texts = [cell.value for cell in opened(after).active["A"]]
    assert f"Лист «{SHEET}»: показаны 3 из 8" in texts
    assert "Ошибки – их нужно исправить: 8" in texts
    assert len(colors(after)) == 8
    assert set(comments(after)) == {"B3", "B4", "B5", "C4", "D4"}


def test_lines_without_a_cell_stand_only_in_the_protocol():
    lines = (line(None, sheet=None), line("A1", sheet="Нет такого листа"), line("не адрес"))
    after = annotate(
        openpyxl_book(), Protocol("Не принято", (), lines, (), (), "Исправьте ошибки.", "rejected")
    )
    assert colors(after) == {}
    assert [c.value for c in opened(after).active["C"]].count("Пустая обязательная ячейка.") == 3


def test_words_of_a_school_stay_words():
    """Nothing becomes a formula, a coded character or broken XML."""
    hostile = '=HYPERLINK("x") <b> & "q" _x0041_ \x07\ud800'
    lines = (line("B3", what=hostile),)
    answer = Protocol("<b>&", (("=1+1", hostile),), lines, (), (), "", "rejected")
    expected = '=HYPERLINK("x") <b> & "q" _x0041_ '
    for data in (annotate(openpyxl_book(), answer), protocol_workbook(answer)):
        assert any(expected in row for row in protocol_rows(data))
        assert b"<f>" not in b"".join(parts(data).values())


SHEETS = {
    "prefix": '<x:worksheet xmlns:x="MAIN"><x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr">'
    "<x:is><x:t>а</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>",
    "quotes": "<worksheet xmlns='MAIN'><sheetData><row spans='1:9' r='2'><c t='n' s='0' r='B2'>"
    "<v>1</v></c></row></sheetData></worksheet>",
    "no addresses": '<worksheet xmlns="MAIN"><sheetData><row/><row><c/><c><v>1</v></c></row>'
    "</sheetData></worksheet>",
    "closed rows": '<worksheet xmlns="MAIN"><sheetData><row r="1"/><row r="2" /><row r="5"/>'
    "</sheetData></worksheet>",
    "no rows": '<worksheet xmlns="MAIN"><sheetData/><pageMargins left="1" right="1" top="1" '
    'bottom="1" header="1" footer="1"/><extLst/></worksheet>',
}


@pytest.mark.parametrize("name", list(SHEETS))
def test_sheets_of_unusual_writers_carry_marks(name):
    source = plain_book(SHEETS[name])
    after = annotate(source, protocol(errors=["B2"], remarks=["A4", "C2", "A2"]))
    assert colors(after) == {"B2": ERROR, "A4": REMARK, "C2": REMARK, "A2": REMARK}
    assert set(comments(after)) == {"A2", "B2", "C2", "A4"}
    assert values(after) == values(source)
    assert values(strip(after)) == values(source)
    assert annotate(after, protocol(errors=["B2"], remarks=["A4", "C2", "A2"])) == after


def test_strict_open_xml_cannot_be_annotated():
    strict = plain_book(SHEETS["quotes"])
    moved = {
        name: data.replace(b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml")
        for name, data in parts(strict).items()
    }
    with pytest.raises(CannotAnnotate):
        annotate(zipped(moved), MARKS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: (
            p
            | {
                "_rels/.rels": p["_rels/.rels"].replace(
                    b'/officeDocument"', b'/digital-signature/origin"'
                )
            }
        ),
        lambda p: p | {"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + p["xl/workbook.xml"]},
        lambda p: p | {"xl/workbook.xml": p["xl/workbook.xml"][:-5]},
        lambda p: {n: d for n, d in p.items() if n != "xl/worksheets/sheet1.xml"},
        lambda p: p | {"XL/workbook.xml": b""},
        lambda p: (
            p
            | {"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"].decode().encode("utf-16")}
        ),
    ],
    ids=["signed", "entities", "cut", "sheet missing", "two names", "utf-16"],
)
def test_what_cannot_be_changed_safely_is_refused_and_left_as_it_is(spoil):
    data = zipped(spoil(parts(plain_book(SHEETS["quotes"]))))
    with pytest.raises(CannotAnnotate):
        annotate(data, protocol(errors=["B2"]))
    assert strip(data) == data


def test_the_protocol_can_be_a_workbook_of_its_own():
    data = protocol_workbook(MARKS)
    sheet = opened(data).active
    assert sheet.title == PROTOCOL_SHEET
    assert sheet["A2"].value == MARKS.verdict
    assert data == protocol_workbook(MARKS)


cell_values = st.one_of(st.none(), st.integers(-9, 9), st.text("абвя <&=\n", max_size=5))
addresses = st.builds(lambda c, r: f"{c}{r}", st.sampled_from("ABCDEFGZ"), st.integers(1, 12))


@settings(max_examples=25, deadline=None)
@given(
    grid=st.lists(st.lists(cell_values, max_size=6), min_size=1, max_size=8),
    errors=st.sets(addresses, max_size=6),
    remarks=st.sets(addresses, max_size=6),
)
def test_marks_on_any_grid_change_no_value_and_come_out_again(grid, errors, remarks):
    workbook = openpyxl.Workbook()
    workbook.active.title = SHEET
    for row in grid:
        workbook.active.append(row)
    for cells in workbook.active.iter_rows():
        for cell in cells:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    out = io.BytesIO()
    workbook.save(out)
    source = out.getvalue()
    marks = protocol(errors=sorted(errors), remarks=sorted(remarks))
    after = annotate(source, marks)
    wanted = dict.fromkeys(remarks, REMARK) | dict.fromkeys(errors, ERROR)
    assert colors(after) == wanted
    assert set(comments(after)) == set(wanted)
    assert values(after) == values(source) == values(strip(after))
    assert list(parts(annotate(after, marks)).items()) == list(parts(after).items())
    assert zipfile.ZipFile(io.BytesIO(after)).testzip() is None


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_we_made(book):
    """It keeps the marks, and they come out of what it saved."""
    data = by_libreoffice(annotate(book, MARKS), "xlsx")
    assert colors(data) == WANTED
    assert colors(strip(data)) == {}
    assert values(strip(data)) == values(by_libreoffice(book, "xlsx"))
