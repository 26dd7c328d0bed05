"""The protocol as a workbook of its own, for files that cannot carry marks."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline.model import Protocol
from pipeline.reading.annotate.layout import FIRST_ROW, FOOTER, PROTOCOL_SHEET, WIDTHS, Row, rows
from pipeline.reading.annotate.lines import PER_SHEET
from pipeline.reading.annotate.styles import Look
from pipeline.reading.annotate.xml import legal

if TYPE_CHECKING:
    import xlsxwriter

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
# The workbook says no moment of its own, so that the same protocol is the same bytes.
_CREATED = datetime(2020, 1, 1)  # noqa: DTZ001  # xlsxwriter takes naive moments only


def protocol_workbook(protocol: Protocol) -> bytes:
    """Return an xlsx that holds only the protocol; the same protocol gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415  # needed only for files that are not xlsx

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet(PROTOCOL_SHEET)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    formats: dict[Look, Any] = {}
    # The hidden row of the annotated workbook is left out here, the numbers stay the same.
    sheet.set_row(0, 6)
    for number, row in enumerate(rows(protocol, PER_SHEET), start=FIRST_ROW - 1):
        _write(book, sheet, number, row, formats)
    _print_setup(sheet)
    book.close()
    return out.getvalue()


def _write(
    book: xlsxwriter.Workbook, sheet: Any, number: int, row: Row, formats: dict[Look, Any]
) -> None:
    sheet.set_row(number, row.height)
    starts = dict(row.merged)
    inside = {column for first, last in row.merged for column in range(first, last + 1)}
    for column, (text, look) in enumerate(zip(row.texts, row.looks, strict=True)):
        style = formats.setdefault(look, book.add_format(_format(look)))
        if column in starts:
            sheet.merge_range(number, column, number, starts[column], legal(text), style)
        elif column not in inside:
            sheet.write_string(number, column, legal(text), style)
    if row.header:
        sheet.repeat_rows(number)


def _format(look: Look) -> dict[str, Any]:
    border = {"border": 1, "border_color": "#D0D7DE"} if look.border else {}
    fill = {"bg_color": f"#{look.fill}", "pattern": 1} if look.fill else {}
    return {
        **{"font_name": "Calibri", "font_size": look.size, "bold": look.bold},
        **{"font_color": f"#{look.color}", "text_wrap": look.wrap, "indent": look.indent},
        **{"align": "left", "valign": "vcenter"},
        **border,
        **fill,
    }


def _print_setup(sheet: Any) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(FOOTER)
