"""Files as schools save them: grids of cells as xlsx or csv, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from contracts.passport import PASSPORT
from contracts.plan import Column, FormPlan
from pipeline.answers.blanks.stages import by_stage
from pipeline.demo.district import PERIOD, DemoUnit
from pipeline.demo.generator import Row, canonical_cell, dated, plans, vocabularies

__all__ = ["plans"]

HEADER_ROW = 3
_CREATED = datetime(2026, 9, 25, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value that the office program has stored for it."""

    text: str
    value: str | float


Cell = None | str | int | float | date | Formula


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: `cells[i][j]` stands in Excel row i + 1, column j + 1.

    `merged` are ranges (first row, first column, last row, last column) counted from 1,
    `hidden_rows` Excel row numbers, `header` the rows that are printed bold.
    """

    name: str
    cells: Sequence[Sequence[Cell]]
    header: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file in the inbox: its folder («» for the root), its name, its bytes.

    `shows` are the defect classes it carries, `age` how many minutes before the first wave's last
    file it was saved.
    """

    folder: str
    name: str
    data: bytes
    shows: tuple[str, ...] = ()
    age: int = 0


def typed(column: Column, text: str) -> Cell:
    """Return what Excel makes of *text* typed into a cell of this column."""
    if not text:
        return None
    if column.type == "date":
        return dated(text) or text
    if column.type in ("int", "year") and text.isdigit():
        return int(text)
    return text


def table(plan: FormPlan, rows: Iterable[Row], columns: Sequence[Column] = ()) -> Grid:
    """Lay out a table form: its title, a blank row, headers, rows."""
    shown = columns or plan.columns
    cells: list[Sequence[Cell]] = [[plan.title], [], [column.title for column in shown]]
    cells += [[typed(column, row.get(column.name, "")) for column in shown] for row in rows]
    return Grid(
        name=plan.sheet,
        cells=cells,
        header=(1, HEADER_ROW),
        widths=tuple(float(column.width or 20) for column in shown),
    )


def card(plan: FormPlan, row: Row) -> Grid:
    """Lay out a card form: labels left, values right."""
    cells: list[Sequence[Cell]] = [[plan.title], []]
    cells += [[c.title, typed(c, row.get(c.name, ""))] for c in plan.columns]
    return Grid(name=plan.sheet, cells=cells, header=(1,), widths=(58.0, 50.0))


def passport(school: DemoUnit, **more: str) -> Grid:
    """Lay out the envelope «Паспорт»; *more* overrides what stands there."""
    row = {
        "inn": school.unit.inn,
        "unit_name": school.unit.short_name,
        "period": PERIOD,
        "as_of": "21.09.2026",
        "filled_by": school.rows["F02"][0]["fio"],
        "filled_phone": school.rows["F02"][0]["phone"],
        "nil": "нет",
        "unchanged": "нет",
    }
    return card(PASSPORT, row | more)


def form_grid(school: DemoUnit, form: str, rows: Sequence[Row] = ()) -> Grid:
    """Lay out one form of a school as our blank does, with other *rows* where given."""
    # Of a form with stages the sheet of the first, whose name says which it is.
    plan = by_stage(plans()[form])[0]
    rows = rows or school.rows[form]
    # A matrix is a table whose first columns stand there already.
    return card(plan, rows[0]) if plan.layout == "card" else table(plan, rows)


def book(school: DemoUnit, *forms: str, **changed: Grid) -> bytes:
    """Return «Книга ОО» with these forms (all by default); *changed* puts in other sheets."""
    wanted = forms or tuple(school.rows)
    sheets = [changed.get("passport") or passport(school)]
    sheets += [changed.get(form) or form_grid(school, form) for form in wanted]
    return xlsx(sheets)


def blank_book(school: DemoUnit) -> bytes:
    """Return «Книга ОО» made by the program and filled with the school's true rows."""
    from pipeline.answers.blanks.book import blank  # noqa: PLC0415  # xlsxwriter; not every demo file needs it

    curator = school.rows["F02"][0]
    forms = {code: plans()[code] for code in school.rows}
    said = {
        "inn": school.unit.inn,
        "unit_name": school.unit.short_name,
        "period": PERIOD,
        "as_of": "2026-09-21",
        "filled_by": curator["fio"],
        "filled_phone": curator["phone"],
    }
    filled = {
        code: [
            {c.name: canonical_cell(c, row[c.name]) for c in plan.kept if c.name in row}
            for row in school.rows[code]
        ]
        for code, plan in forms.items()
    }
    return blank(list(forms.values()), vocabularies(), passport=said, filled=filled)


def xlsx(grids: Iterable[Grid]) -> bytes:
    """Write sheets as an office program would: borders, bold headers, dates as dates."""
    import xlsxwriter  # noqa: PLC0415  # only the demo of all commands writes this way

    stream = io.BytesIO()
    book_ = xlsxwriter.Workbook(stream, {"in_memory": True})
    book_.set_properties({"created": _CREATED.replace(tzinfo=None)})
    boxed = {"border": 1, "valign": "top", "text_wrap": True}
    formats = {
        "text": book_.add_format(boxed),
        "date": book_.add_format({**boxed, "num_format": "dd.mm.yyyy"}),
        "head": book_.add_format({**boxed, "bold": True, "align": "center"}),
        "bare": book_.add_format({"bold": True, "font_size": 12}),
    }
    for grid in grids:
        _write(book_.add_worksheet(grid.name), grid, formats)
    book_.close()
    return stream.getvalue()


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as Excel's «CSV (разделители – точка с запятой)»."""
    lines = (";".join(_quoted(cell) for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("cp1251", errors="replace")


def fixture(name: str) -> bytes:
    """Return a file that was saved by LibreOffice and came with the program."""
    return files("pipeline.demo.office").joinpath(name).read_bytes()


def _write(sheet: Any, grid: Grid, formats: Mapping[str, Any]) -> None:
    for index, width in enumerate(grid.widths):
        sheet.set_column(index, index, width)
    for number, row in enumerate(grid.cells, start=1):
        style = "head" if number in grid.header and len(row) > 1 else "text"
        if len(row) > 1:
            sheet.set_row(number - 1, 15 * _lines(row, grid.widths))
        for column, cell in enumerate(row):
            _cell(sheet, number - 1, column, cell, formats, "bare" if len(row) == 1 else style)
    for first, left, last, right in grid.merged:
        text = grid.cells[first - 1][left - 1]
        sheet.merge_range(first - 1, left - 1, last - 1, right - 1, text, formats["head"])
    for number in sorted(grid.hidden_rows):
        sheet.set_row(number - 1, None, None, {"hidden": True})
    if grid.hidden:
        sheet.hide()


def _cell(
    sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any], style: str
) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, formats[style])
    elif isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.text, formats[style], cell.value)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, formats[style])
    else:
        sheet.write_number(row, column, cell, formats[style])


def _lines(row: Sequence[Cell], widths: Sequence[float]) -> int:
    """Return how many lines the tallest text of a row takes; the office program would fit it."""
    texts = (
        (len(cell), width)
        for cell, width in zip(row, widths, strict=False)
        if isinstance(cell, str)
    )
    return max((-(-length // max(1, int(width * 0.9))) for length, width in texts), default=1) or 1


def _quoted(cell: Cell) -> str:
    text = cell.strftime("%d.%m.%Y") if isinstance(cell, date) else str(cell or "")
    return '"' + text.replace('"', '""') + '"' if set(text) & set(';"\n') else text
