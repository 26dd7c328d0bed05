"""The sheet of a table form: groups, header, official numbers, examples, rows to fill in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.answers.blanks import cells, look
from pipeline.model import Scalar
from pipeline.render.workbook import (
    LINE,
    LINE_HEIGHT,
    QUIET,
    Shown,
    XlsxWriter,
    answer_text,
    cell_name,
    text_height,
)

OFFICIAL = "Официальная форма"
ADDITIONAL = "Дополнительно (этих столбцов нет в официальной форме)"
# Validations reach this far below the header; the look of a column has no end.
ROWS = 1000

_OFFICIAL_FILL, _ADDITIONAL_FILL = "#DCE6F1", "#E6EEDF"
# Characters across one printed page that are read without a magnifier.
_PAGE_WIDTH = 170
_ITALIC_ROOM = 0.9
# A form that does not number its rows gets a narrow column for the word «Пример».
_MARK = Column("", "", "text", ignored=True, width=8)


def table_sheet(
    writer: XlsxWriter,
    plan: FormPlan,
    vocabularies: Mapping[str, Vocabulary],
    rows: Sequence[Mapping[str, Scalar]],
) -> None:
    """Add the sheet of a table form with the canonical *rows* that are in force."""
    sheet = writer.sheet(plan.sheet)
    columns = plan.columns if plan.columns[0].ignored else (_MARK, *plan.columns)
    look.title(writer, sheet, plan)
    top = _headers(writer, sheet, columns, vocabularies)
    for example in plan.examples:
        values = [cells.example(c, example.get(c.name)) for c in columns[1:]]
        quiet = {"font_color": QUIET, "italic": True, "bg_color": look.EXAMPLE_FILL}
        _row(writer, sheet, top, columns, [cells.EXAMPLE, *values], **quiet)
        top += 1
    for index, row in enumerate(rows):
        values = [answer_text(c, row.get(c.name)) for c in columns[1:]]
        number = index + 1 if columns[0].title else None
        _row(writer, sheet, top + index, columns, [number, *values])
    _columns(writer, sheet, columns, vocabularies, top)
    _watch(writer, sheet, columns, top)
    sheet.freeze_panes(top, _frozen(plan, columns))
    _print(writer, sheet, columns)


def _headers(
    writer: XlsxWriter,
    sheet: Any,
    columns: Sequence[Column],
    vocabularies: Mapping[str, Vocabulary],
) -> int:
    """Write groups, header and official numbers; return the row under them."""
    official = any(column.official for column in columns)
    groups: set[bool] = set()
    for place, column in enumerate(columns):
        fill = _OFFICIAL_FILL if column.official or not official else _ADDITIONAL_FILL
        header = writer.style("header", bg_color=fill)
        if column.title:
            sheet.write_string(look.HEADER_ROW, place, cells.heading(column), header)
        else:
            sheet.write_blank(look.HEADER_ROW, place, None, header)
        look.note(sheet, (look.HEADER_ROW, place), cells.note(column, vocabularies))
        if official:
            _group(writer, sheet, place, column, groups, fill)
    sheet.set_row(look.GROUP_ROW, 16)
    titles = (text_height(cells.heading(c), cells.width(c) * 0.85) for c in columns)
    sheet.set_row(look.HEADER_ROW, max(2 * LINE_HEIGHT, *titles) + 6)
    return look.HEADER_ROW + 1 + official


def _group(
    writer: XlsxWriter, sheet: Any, place: int, column: Column, named: set[bool], fill: str
) -> None:
    """Colour the lines over and under a header; name each group where it begins."""
    group = column.official is not None
    words = "" if group in named else (OFFICIAL if group else ADDITIONAL)
    named.add(group)
    band = writer.style("plain", bg_color=fill, font_color=QUIET, bold=True)
    small = writer.style("center", bg_color=fill, font_color=QUIET, font_size=8)
    if words:
        sheet.write_string(look.GROUP_ROW, place, words, band)
    else:
        sheet.write_blank(look.GROUP_ROW, place, None, band)
    if column.official:
        sheet.write_number(look.HEADER_ROW + 1, place, column.official, small)
    else:
        sheet.write_blank(look.HEADER_ROW + 1, place, None, small)


def _row(
    writer: XlsxWriter,
    sheet: Any,
    row: int,
    columns: Sequence[Column],
    values: Sequence[Shown],
    **more: Any,
) -> None:
    tall = LINE_HEIGHT
    # Slanted letters take more room than the measured ones.
    room = _ITALIC_ROOM if more.get("italic") else 1.0
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        look.put(writer, sheet, (row, place), column, value, **more)
        if isinstance(value, str):
            tall = max(tall, text_height(value, cells.width(column) * room))
    sheet.set_row(row, tall + 3)


def _columns(
    writer: XlsxWriter,
    sheet: Any,
    columns: Sequence[Column],
    vocabularies: Mapping[str, Vocabulary],
    top: int,
) -> None:
    """Format whole columns, which leaves the used range small, and watch what is typed."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, cells.width(column), look.column_style(writer, column))
        rule = None if column.ignored else cells.validation(column, vocabularies)
        if rule:
            sheet.data_validation(top, place, top + ROWS - 1, place, rule)
    area = f"A{top}:{cell_name(top + ROWS, len(columns) - 1)}"
    sheet.ignore_errors({"number_stored_as_text": area})


def _watch(writer: XlsxWriter, sheet: Any, columns: Sequence[Column], top: int) -> None:
    """Draw lines around rows in use and show their empty required cells."""
    last = len(columns) - 1
    begun = f"COUNTA({cell_name(top, 1, fixed=True)}:{cell_name(top, last, fixed=True)})>0"
    for place, column in enumerate(columns):
        if column.required == "error" and not column.ignored:
            formula = f"=AND({begun},ISBLANK({cell_name(top, place)}))"
            look.highlight(writer, sheet, (top, place, top + ROWS - 1, place), formula)
    lines = {"border": 1, "border_color": LINE}
    look.highlight(writer, sheet, (top, 0, top + ROWS - 1, last), f"={begun}", **lines)


def _frozen(plan: FormPlan, columns: Sequence[Column]) -> int:
    """The row number and the person stay in sight, if they stand at the left."""
    names = [column.name for column in columns[:3]]
    return names.index(plan.person) + 1 if plan.person in names else 1


def _print(writer: XlsxWriter, sheet: Any, columns: Sequence[Column]) -> None:
    writer.printed(sheet)
    sheet.repeat_rows(look.GROUP_ROW, look.HEADER_ROW)
    wide = sum(cells.width(column) for column in columns)
    sheet.fit_to_pages(max(1, math.ceil(wide / _PAGE_WIDTH)), 0)
    sheet.repeat_columns(0, 1)
