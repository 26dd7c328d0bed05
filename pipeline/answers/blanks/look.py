"""What the sheets of a blank share: title lines, one cell by its column, notes, highlights."""

from __future__ import annotations

from typing import Any

from contracts.plan import Column, FormPlan
from pipeline.answers.blanks import cells
from pipeline.render.workbook import QUIET, Shown, XlsxWriter, plain, text_height

TITLE_ROW, HELP_ROW, GROUP_ROW, HEADER_ROW = range(4)
MISSING_FILL, EXAMPLE_FILL = "#FFF3C4", "#F1F3F5"
VERSION = "Версия бланка"
_NOTE_WIDTH = 280
_NOTE_LINE = 16


def title(writer: XlsxWriter, sheet: Any, plan: FormPlan) -> None:
    """Write the name of the form, what it is for, and the version of the blank."""
    code = "" if plan.code == plan.name else f" ({plan.code})"
    quiet = writer.style("plain", font_color=QUIET)
    sheet.set_row(TITLE_ROW, 22, writer.style("plain"))
    sheet.set_row(HELP_ROW, 16, writer.style("plain"))
    sheet.write_string(TITLE_ROW, 0, plan.title + code, writer.style("title", text_wrap=False))
    sheet.write_string(HELP_ROW, 0, f"{plan.help} {VERSION} {plan.version}.".strip(), quiet)


def put(
    writer: XlsxWriter,
    sheet: Any,
    place: tuple[int, int],
    column: Column,
    value: Shown,
    **more: Any,
) -> None:
    """Write a value the way its column is formatted; *more* are properties over the format."""
    style = column_style(writer, column, **more)
    value = plain(value)
    if value is None:
        sheet.write_blank(*place, None, style)
    elif column.type == "date" and not isinstance(value, str):
        sheet.write_datetime(*place, value, style)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(*place, value, style)
    else:
        sheet.write_string(*place, str(value), style)


def column_style(writer: XlsxWriter, column: Column, **more: Any) -> Any:
    """Return the format of a column's cells: its number format, texts wrapped, dates centred."""
    centred = column.ignored or column.type in ("date", "year", "int", "bool", "class")
    return writer.style(
        "plain",
        num_format=cells.number_format(column),
        text_wrap=True,
        align="center" if centred else "left",
        **more,
    )


def note(sheet: Any, place: tuple[int, int], text: str) -> None:
    """Hang a note on a cell, in a box that shows all of it."""
    if not text:
        return
    height = text_height(text, _NOTE_WIDTH / 7, line=_NOTE_LINE) + _NOTE_LINE
    size = {"width": _NOTE_WIDTH, "height": height}
    sheet.write_comment(*place, text, {"font_name": "Arial", "font_size": 9, **size})


def highlight(
    writer: XlsxWriter, sheet: Any, area: tuple[int, int, int, int], formula: str, **look: Any
) -> None:
    """Give the cells of *area* a look while *formula* holds; without one, that of a gap."""
    shape = writer.book.add_format(look or {"bg_color": MISSING_FILL})
    rule = {"type": "formula", "criteria": formula, "format": shape}
    sheet.conditional_format(*area, rule)
