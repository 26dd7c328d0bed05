"""A sheet as rectangles of text: what stands where, and what merged cells cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from pipeline.model import CellValue, Sheet
from pipeline.text import shown_text

# Merged ranges are looked up cell by cell, so a hostile workbook must not name millions of them.
_LARGEST_MERGE = 20_000
_MOST_MERGED_CELLS = 200_000
# Numbers and dates come again; a year has 365 of them.
_REMEMBERED = 4096

Place = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with the text of every cell; rows and columns count from 0 within `sheet.rows`.

    The texts of a blank row are none. `width` is the length of the longest row, `filled[i]` are the
    columns of row i that hold something; `origin` maps the covered cells of merged ranges to their
    top left cell; `odd` are rows in which a cell is covered, failed, or looks otherwise than its
    value.
    """

    sheet: Sheet
    texts: list[list[str]]
    filled: list[list[int]]
    width: int
    origin: dict[Place, Place]
    odd: frozenset[int] = frozenset()

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.texts)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, «» outside the sheet."""
        if not 0 <= row < len(self.texts) or not 0 <= column < len(self.texts[row]):
            return ""
        return self.texts[row][column]

    def value(self, row: int, column: int) -> CellValue:
        """Return the value of a cell; a failed formula is the text of its error."""
        error = self.sheet.errors.get(self.excel(row, column)) if self.sheet.errors else None
        return error if error is not None else self.sheet.rows[row][column]

    def shown(self, row: int, column: int) -> str | None:
        """Return what the user saw where it differs from the value."""
        return self.sheet.shown.get(self.excel(row, column)) if self.sheet.shown else None

    def excel(self, row: int, column: int) -> Place:
        """Return the row and column numbers that Excel shows."""
        return row + self.sheet.first_row, column + self.sheet.first_column

    def hidden(self, row: int) -> bool:
        """Whether the row is hidden or filtered away."""
        return row + self.sheet.first_row in self.sheet.hidden_rows

    def within(self, row: int, first: int, last: int) -> list[int]:
        """Return the filled columns of a row from *first* to *last*."""
        return [column for column in self.filled[row] if first <= column <= last]

    def spans(self, row: int, column: int) -> bool:
        """Whether the cell is merged with the one to its right."""
        return self.origin.get((row, column + 1)) == (row, column)


class Upright(Generic[T]):
    """Rows column by column; *blank* stands where a row ends early."""

    def __init__(self, rows: Sequence[Sequence[T]], blank: T) -> None:
        self._rows, self._blank = rows, blank
        even = len(set(map(len, rows))) == 1
        # Rows of most sheets are equally long; a far cell must not make others as long as its own.
        self._columns = list(zip(*rows, strict=True)) if even else None

    def column(self, number: int) -> Sequence[T]:
        """Return what stands in one column, row by row."""
        if self._columns is None:
            return [row[number] if number < len(row) else self._blank for row in self._rows]
        inside = number < len(self._columns)
        return self._columns[number] if inside else [self._blank] * len(self._rows)


def grid_of(sheet: Sheet) -> Grid:
    """Return the texts of a sheet, ready to be searched."""
    # Most cells are blank or text; calling a function for each would double the time.
    texts = [
        [
            "" if v is None else v.strip() if v.__class__ is str else _shown(v.__class__, v)  # type: ignore[arg-type]  # a class can be hashed
            for v in row
        ]
        if row.count(None) < len(row)
        else []
        for row in sheet.rows
    ]
    top, left = sheet.first_row, sheet.first_column
    for row, column in {*sheet.errors, *sheet.shown}:
        i, j = row - top, column - left
        if 0 <= i < len(texts) and 0 <= j < len(texts[i]):
            texts[i][j] = _text(sheet, i, j, sheet.rows[i][j])
    filled = [[j for j, text in enumerate(row) if text] for row in texts]
    width = max(map(len, sheet.rows), default=0)
    origin = _origins(sheet, texts)
    odd = {i for i, _ in origin} | {row - top for row, _ in (*sheet.errors, *sheet.shown)}
    return Grid(sheet, texts, filled, width, origin, frozenset(odd))


@lru_cache(maxsize=_REMEMBERED)
def _shown(_kind: type, value: CellValue) -> str:
    return shown_text(value)


def _text(sheet: Sheet, row: int, column: int, value: CellValue) -> str:
    place = (row + sheet.first_row, column + sheet.first_column)
    if sheet.errors and place in sheet.errors:
        return sheet.errors[place].strip()
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    shown = sheet.shown.get(place) if sheet.shown else None
    return shown.strip() if shown else shown_text(value)


def _origins(sheet: Sheet, texts: list[list[str]]) -> dict[Place, Place]:
    found: dict[Place, Place] = {}
    for top, left, bottom, right in sheet.merged:
        i0, j0 = top - sheet.first_row, left - sheet.first_column
        i1 = min(bottom - sheet.first_row, len(texts) - 1)
        area = (i1 - i0 + 1) * (right - left + 1)
        if i0 < 0 or j0 < 0 or not 1 < area <= _LARGEST_MERGE:
            continue
        if len(found) + area > _MOST_MERGED_CELLS:
            break
        cells = ((i, j) for i in range(i0, i1 + 1) for j in range(j0, j0 + right - left + 1))
        found.update((cell, (i0, j0)) for cell in cells if cell != (i0, j0))
    return found
