"""The sheet of a matrix: labels at the left and headers on top are given, the rest is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.plan import FormPlan, Vocabulary
from pipeline.answers.blanks import cells, look
from pipeline.model import Scalar
from pipeline.render.workbook import (
    LINE,
    LINE_HEIGHT,
    XlsxWriter,
    answer_text,
    cell_name,
    text_height,
)

# Labels are grey, as what is printed on a paper form; nothing is locked.
_LABEL_FILL = "#E9ECEF"
_HEADER_FILL = "#DCE6F1"


def matrix_sheet(
    writer: XlsxWriter,
    plan: FormPlan,
    vocabularies: Mapping[str, Vocabulary],
    rows: Iterable[Mapping[str, Scalar]],
) -> None:
    """Add the sheet of a matrix with the canonical *rows* that are in force."""
    sheet = writer.sheet(plan.sheet)
    look.title(writer, sheet, plan)
    _headers(writer, sheet, plan, vocabularies)
    known = {tuple(row.get(name) for name in plan.labels): row for row in rows}
    top = look.HEADER_ROW + 1
    for place, labels in enumerate(plan.rows, top):
        _row(
            writer,
            sheet,
            place,
            plan,
            {**known.get(labels, {}), **dict(zip(plan.labels, labels, strict=True))},
        )
    last = top + len(plan.rows) - 1
    _watch(writer, sheet, plan, vocabularies, (top, last))
    sheet.freeze_panes(top, len(plan.labels))
    writer.printed(sheet)
    sheet.repeat_rows(look.HEADER_ROW)
    sheet.repeat_columns(0, len(plan.labels) - 1)
    sheet.fit_to_pages(1, 0)


def _headers(
    writer: XlsxWriter, sheet: Any, plan: FormPlan, vocabularies: Mapping[str, Vocabulary]
) -> None:
    header = writer.style("header", bg_color=_HEADER_FILL)
    for place, column in enumerate(plan.columns):
        title = column.title if column.name in plan.labels else cells.heading(column)
        sheet.write_string(look.HEADER_ROW, place, title, header)
        sheet.set_column(place, place, cells.width(column))
        if column.name not in plan.labels:
            look.note(sheet, (look.HEADER_ROW, place), cells.note(column, vocabularies))
    titles = (text_height(cells.heading(c), cells.width(c) * 0.85) for c in plan.columns)
    sheet.set_row(look.HEADER_ROW, max(2 * LINE_HEIGHT, *titles) + 6)


def _row(
    writer: XlsxWriter, sheet: Any, row: int, plan: FormPlan, values: Mapping[str, Scalar]
) -> None:
    border = {"border": 1, "border_color": LINE}
    for place, column in enumerate(plan.columns):
        given = {"bg_color": _LABEL_FILL, "bold": True} if column.name in plan.labels else {}
        value = answer_text(column, values.get(column.name))
        look.put(writer, sheet, (row, place), column, value, **border, **given)
    labels = (c for c in plan.columns if c.name in plan.labels)
    heights = (text_height(str(values[c.name]), cells.width(c)) for c in labels)
    sheet.set_row(row, max(heights) + 3)


def _watch(
    writer: XlsxWriter,
    sheet: Any,
    plan: FormPlan,
    vocabularies: Mapping[str, Vocabulary],
    rows: tuple[int, int],
) -> None:
    """Watch what is typed, and show empty required cells of a row that is begun."""
    first, last = rows
    asked = [i for i, column in enumerate(plan.columns) if column.name not in plan.labels]
    begun = " + ".join(f"COUNTA({cell_name(first, i, fixed=True)})" for i in asked)
    for place in asked:
        column = plan.columns[place]
        rule = None if column.ignored else cells.validation(column, vocabularies)
        if rule:
            sheet.data_validation(first, place, last, place, rule)
        if column.required == "error":
            formula = f"=AND({begun}>0,ISBLANK({cell_name(first, place)}))"
            look.highlight(writer, sheet, (first, place, last, place), formula)
