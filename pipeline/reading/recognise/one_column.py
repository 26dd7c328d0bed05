"""A sheet whose lines were never split: text with separators, opened and saved as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipeline.model import CellValue, Sheet
from pipeline.reading.formats.separated import separator_of, unwrapped

_FEWEST_LINES, _FEWEST_COLUMNS = 2, 3


def spread(sheet: Sheet) -> Sheet | None:
    """Return a sheet with the columns that stand in its one column; None where there are none.

    Most lines must have the same number of them, else it is prose with commas.
    """
    filled = [[value for value in row if value is not None] for row in sheet.rows]
    lines = [row for row in filled if row]
    alone = [row[0] for row in lines if len(row) == 1 and isinstance(row[0], str)]
    if len(alone) < _FEWEST_LINES or len(alone) * 5 < len(lines) * 4:
        return None
    separator = separator_of("\n".join(text.replace("\n", " ") for text in map(str, alone)))
    rows: list[list[CellValue]] = []
    for row, held in zip(sheet.rows, filled, strict=True):
        text = held[0] if len(held) == 1 else None
        fields = unwrapped([text], separator, 0) if isinstance(text, str) else None
        rows.append([field.strip() or None for field in fields] if fields else row)
    widths = Counter(map(len, rows)).most_common(1)[0]
    if widths[0] < _FEWEST_COLUMNS or widths[1] * 2 <= len(lines):
        return None
    return replace(sheet, rows=rows, merged=())
