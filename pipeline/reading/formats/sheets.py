"""What readers share: how the values of their libraries become a `Sheet` of ours."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import FileRefusedError
from pipeline.model import CellValue, Sheet
from pipeline.reading.formats.xlsx_cells import MAX_COLUMN, MAX_ROW, OUTSIDE
from pipeline.reading.formats.zip import stored, trimmed

# A copy of the parts of a larger workbook would take memory that its reader needs.
_LARGEST_COPY = 8_000_000
Place = tuple[int, int]


def open_calamine(path: str, parts: Mapping[str, bytes] | None = None) -> Any:
    """Open a workbook by its content; given a path, calamine would believe the name's ending.

    *parts* are those of its zip, where they are known already.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  # only where a file is read

    small = parts is not None and sum(map(len, parts.values())) < _LARGEST_COPY
    data = stored(parts) if parts is not None and small else trimmed(Path(path).read_bytes())
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def from_calamine(page: Any) -> Sheet:
    """Return a sheet of python-calamine: blanks as None, whole numbers without a fraction."""
    if page.start is None:
        return Sheet(page.name, [])
    first_row, first_column = page.start
    if page.end[0] >= MAX_ROW or page.end[1] >= MAX_COLUMN:
        raise FileRefusedError("file_suspicious", found=OUTSIDE)
    # Calling `plain` for text, blanks and whole numbers too would double the time.
    rows: list[list[CellValue]] = [
        [
            v or None
            if v.__class__ is str
            else int(v)
            if v.__class__ is float and v.is_integer()
            else plain(v)
            for v in row
        ]
        if row.count("") < len(row)
        else [None] * len(row)
        for row in page.to_python(skip_empty_area=True)
    ]
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in page.merged_cell_ranges or ()
    )
    return Sheet(page.name, rows, first_row + 1, first_column + 1, merged=merged)


def plain(value: Any) -> CellValue:
    """Return a cell's value as the model wants it; a number that is none becomes text."""
    if value == "":
        return None
    if value.__class__ is float:
        if value.is_integer():
            return int(value)
        return value if math.isfinite(value) else str(value)
    return value  # type: ignore[no-any-return]  # calamine gives exactly the types of CellValue


def placed(name: str, cells: Mapping[Place, CellValue]) -> Sheet:
    """Return a sheet of cells that may lie far apart: rows end at their last value."""
    nothing: list[CellValue] = []
    rows: list[list[CellValue]] = [nothing] * max((row for row, _ in cells), default=0)
    by_row: dict[int, dict[int, CellValue]] = {}
    for (row, column), value in cells.items():
        by_row.setdefault(row, {})[column] = value
    for row, held in by_row.items():
        rows[row - 1] = [held.get(column) for column in range(1, max(held) + 1)]
    return Sheet(name, rows)


def with_errors(sheet: Sheet, errors: Mapping[Place, str]) -> Sheet:
    """Put the text of error cells where readers leave a gap, so that nothing goes silently."""
    if not errors:
        return sheet
    top = min(sheet.first_row, *(row for row, _ in errors), sheet.first_row)
    left = min(sheet.first_column, *(column for _, column in errors), sheet.first_column)
    before: list[CellValue] = [None] * (sheet.first_column - left)
    rows: list[list[CellValue]] = [[] for _ in range(sheet.first_row - top)]
    rows += [before + row if row else row for row in sheet.rows]
    for (row, column), text in errors.items():
        rows += [[] for _ in range(row - top + 1 - len(rows))]
        held = rows[row - top]
        padded = held + [None] * (column - left + 1 - len(held))
        padded[column - left] = text
        rows[row - top] = padded
    return replace(sheet, rows=rows, first_row=top, first_column=left, errors=dict(errors))


def count_values(rows: Iterable[list[CellValue]], *, blanks: bool = True) -> int:
    """Count cells that hold something; texts of blanks only count when *blanks* is true."""
    if blanks:
        return sum(len(row) - row.count(None) for row in rows)
    return sum(not is_blank(value) for row in rows for value in row)


def is_blank(value: object) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def disagree(sheet: str, first: int, second: int) -> FileRefusedError:
    """Return the refusal of a sheet in which two readers see different numbers of cells."""
    return FileRefusedError("readers_disagree", sheet=sheet, first=str(first), second=str(second))
