"""The sheet of a card: label, value, explanation, example; one line per column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.answers.blanks import cells, look
from pipeline.model import Scalar
from pipeline.render.workbook import LINE, QUIET, XlsxWriter, answer_text, cell_name, text_height

HEADER = ("Поле", "Значение", "Пояснение", cells.EXAMPLE)
WIDTHS = (44, 46, 46, 40)
_VALUE = 1


def card_sheet(
    writer: XlsxWriter,
    plan: FormPlan,
    vocabularies: Mapping[str, Vocabulary],
    values: Mapping[str, Scalar],
) -> None:
    """Add the sheet of a card form with the *values* that are known."""
    sheet = writer.sheet(plan.sheet)
    look.title(writer, sheet, plan)
    for place, (word, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(look.HEADER_ROW, place, word, writer.style("header"))
    sheet.set_row(look.HEADER_ROW, 22)
    example = plan.examples[0] if plan.examples else {}
    first = look.HEADER_ROW + 1
    for row, column in enumerate(plan.kept, first):
        _line(writer, sheet, row, column, vocabularies)
        value = answer_text(column, values.get(column.name))
        look.put(writer, sheet, (row, _VALUE), column, value, border=1, border_color=LINE)
        shown = cells.example(column, example.get(column.name, column.example))
        quiet = {"font_color": QUIET, "italic": True, "bg_color": look.EXAMPLE_FILL}
        look.put(writer, sheet, (row, 3), column, shown, border=1, border_color=LINE, **quiet)
    sheet.freeze_panes(first, 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:D{first + len(plan.kept)}"})
    writer.printed(sheet)
    sheet.repeat_rows(look.HEADER_ROW)


def _line(
    writer: XlsxWriter, sheet: Any, row: int, column: Column, vocabularies: Mapping[str, Vocabulary]
) -> None:
    said = cells.explanation(column, vocabularies)
    words = cells.heading(column)
    sheet.write_string(row, 0, words, writer.style("text", bold=column.required == "error"))
    sheet.write_string(row, 2, said, writer.style("text", font_color=QUIET))
    tall = max(text_height(words, WIDTHS[0] * 0.9), text_height(said, WIDTHS[2]))
    sheet.set_row(row, max(18, tall + 4, text_height(column.example, WIDTHS[3]) + 4))
    rule = cells.validation(column, vocabularies)
    if rule:
        sheet.data_validation(row, _VALUE, row, _VALUE, rule)
    if column.required == "error":
        formula = f"=ISBLANK({cell_name(row, _VALUE)})"
        look.highlight(writer, sheet, (row, _VALUE, row, _VALUE), formula)
