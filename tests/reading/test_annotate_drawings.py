"""Comments and drawings that a workbook has already live on beside ours."""

from __future__ import annotations

import io
import re

import xlsxwriter
from lxml import etree

from pipeline.answers.content import Protocol
from pipeline.reading.annotate.mark import annotate, strip
from pipeline.reading.annotate.package import Package
from pipeline.reading.annotate.styles import _VARIANTS
from tests.support.annotated_books import (
    SHEET,
    comments,
    line,
    opened,
    openpyxl_book,
    parts,
    protocol,
    resaved,
    xlsxwriter_book,
    zipped,
)

MARKS = protocol(errors=["B3"], remarks=["C3"])


def rich_book() -> bytes:
    """A button, a table, a picture of a chart and a header: all that may follow a drawing."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A1:B4", {"data": [["Орлова", 1], ["Белова", 2]]})
    sheet.insert_button("D2", {"caption": "Печать"})
    sheet.insert_textbox("D6", "Напоминание")
    book.close()
    return out.getvalue()


def order(data: bytes) -> list[str]:
    """Elements directly under the first worksheet of the school, in their order."""
    root = etree.fromstring(parts(data)["xl/worksheets/sheet1.xml"])
    return [etree.QName(child).localname for child in root]


def test_a_button_shares_its_drawing_with_our_comments():
    after = annotate(rich_book(), MARKS)
    drawing = parts(after)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b'ObjectType="Button"') == 1
    assert drawing.count(b'ObjectType="Note"') == 2
    numbers = re.findall(rb'id="_x0000_s(\d+)"', drawing)
    assert len(set(numbers)) == len(numbers) == 3


def test_a_button_stays_when_our_comments_go():
    after = parts(strip(annotate(rich_book(), MARKS)))
    assert b'ObjectType="Button"' in after["xl/drawings/vmlDrawing1.vml"]
    assert b"Note" not in after["xl/drawings/vmlDrawing1.vml"]
    assert order(strip(annotate(rich_book(), MARKS))) == order(rich_book())
    assert not [name for name in after if "comments" in name]


def test_the_drawing_stands_where_the_format_wants_it():
    """After drawings, before tables: Excel repairs a sheet whose elements are out of order."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A1:B4")
    sheet.insert_textbox("D6", "Напоминание")
    sheet.conditional_format("A1:A4", {"type": "data_bar", "data_bar_2010": True})
    book.close()
    found = order(annotate(out.getvalue(), MARKS))
    assert found[found.index("drawing") :] == ["drawing", "legacyDrawing", "tableParts", "extLst"]


def test_a_threaded_comment_is_not_touched():
    """Excel shows its thread and ignores the comment that stands for it."""
    book = {
        name: data.replace("Завуч".encode(), b"tc={1A2B}")
        for name, data in parts(xlsxwriter_book()).items()
    }
    source = zipped(book)
    after = annotate(source, protocol(errors=["B2"]))
    assert comments(after) == comments(source)
    assert parts(after)["xl/comments1.xml"].count(b"<comment ") == 1


def test_a_comment_with_an_own_text_run_keeps_its_words():
    """Plain text and text runs must not be mixed in one comment."""
    after = parts(annotate(openpyxl_book(), protocol(errors=["C4"])))
    text = next(data for name, data in after.items() if "comments/" in name)
    assert b"<text><t" not in text[text.index(b'ref="C4"') :][:60]


def test_cells_that_differ_only_in_fill_get_back_their_own():
    """B3 is blue and B4 green; with our fill they would be one style to the next program."""
    after = strip(resaved(annotate(openpyxl_book(), protocol(errors=["B3", "B4", "B6"]))))
    sheet = opened(after)[SHEET]
    fills = [sheet[cell].fill.fgColor.rgb for cell in ("B3", "B4")]
    assert fills == ["FFDDEBF7", "FFE2F0D9"]
    assert sheet["B6"].fill.fill_type is None


def test_more_fills_than_shades_are_still_marked():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    for row in range(len(_VARIANTS) + 4):
        sheet.write(row, 0, row, book.add_format({"bg_color": f"#0000{row + 16:02X}"}))
    book.close()
    cells = [f"A{row + 1}" for row in range(len(_VARIANTS) + 4)]
    after = annotate(out.getvalue(), protocol(errors=cells))
    found = {opened(after)[SHEET][cell].fill.fgColor.rgb[:-1] for cell in cells}
    assert found == {"FFFDC9C"}
    restored = opened(strip(after))[SHEET]
    assert restored["A20"].fill.fgColor.rgb == "FF000023"


def test_long_texts_are_cut_in_comments_and_protocol():
    lines = (line("B3", what="я" * 40_000),)
    after = annotate(openpyxl_book(), Protocol("Не принято", (), lines, (), (), "", "rejected"))
    assert len(comments(after)["B3"]) < 2_100
    assert max(len(str(c.value or "")) for c in opened(after).active["C"]) == 2_000


def test_untouched_parts_keep_even_their_compressed_bytes():
    source = xlsxwriter_book()
    before, after = Package(source), Package(annotate(source, MARKS))
    name = "xl/charts/chart1.xml"
    assert before._raw(before._infos[name]) == after._raw(after._infos[name])
    assert before._infos[name].date_time == after._infos[name].date_time
