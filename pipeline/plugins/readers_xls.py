"""Reads xls: calamine for the values, xlrd for errors and what is hidden; both must agree."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.hookspecs import Reader, hookimpl
from pipeline.model import Book, CellValue, Sheet
from pipeline.reading.file_kinds import kind_of
from pipeline.reading.formats.sheets import (
    Place,
    count_values,
    disagree,
    from_calamine,
    is_blank,
    open_calamine,
    placed,
    plain,
    with_errors,
)
from pipeline.reading.formats.xlsx_cells import MAX_BOX, MAX_CELLS, UNNAMED_ERROR, too_many

# The version of the format that writes text in Unicode; earlier ones name a code page.
_UNICODE = 80
_CYRILLIC = (1251, 866, 10007, 20866, 21866, 28595)


@hookimpl
def register_readers() -> Sequence[Reader]:
    """Offer the reader of xls."""
    return (Reader("xls", "книги Excel 97–2003 (.xls)", sniff, read),)


def sniff(head: bytes, _name: str) -> float:
    """Claim OLE files; a reader that knows some of them better answers more than this."""
    return 0.5 if kind_of(head) == "ole" else 0.0


def read(path: str) -> Book:
    """Read an xls whose readers agree on what it holds.

    Raises:
        FileRefusedError: `readers_disagree`, or the limit that the file breaks.
    """
    second = _open_xlrd(path)
    pages = second.sheets()
    # calamine takes the whole file at once, so one sheet with far cells keeps it away from all.
    if any(page.nrows * page.ncols > MAX_BOX for page in pages):
        sheets = tuple(_finish(placed(page.name, _cells(page)), page) for page in pages)
        return Book(sheets, "xlrd")
    if second.biff_version < _UNICODE:
        # calamine takes the code page of such a book at its word, and without one for Western.
        return Book(tuple(_finish(placed(page.name, _cells(page)), page) for page in pages), "xlrd")
    first = open_calamine(path)
    return Book(tuple(_agreed(first, page) for page in pages), "calamine")


def _open_xlrd(path: str) -> Any:
    import xlrd  # noqa: PLC0415  # only old files need it

    words: dict[str, Any] = {"ragged_rows": True, "logfile": _Nowhere()}
    # Styles of odd programs are often broken where the cells are whole.
    try:
        book = xlrd.open_workbook(path, formatting_info=True, **words)
    except (IndexError, KeyError, AssertionError, NotImplementedError, xlrd.XLRDError):
        book = xlrd.open_workbook(path, **words)
    if _of_russian_windows(book):
        return xlrd.open_workbook(path, encoding_override="cp1251", **words)
    return book


def _of_russian_windows(book: Any) -> bool:
    """Whether a book from before Unicode does not say its code page, or one without our letters."""
    return book.biff_version < _UNICODE and book.codepage not in _CYRILLIC


class _Nowhere(io.TextIOBase):
    """Takes xlrd's remarks, which hold names of sheets and values."""

    def write(self, text: str, /) -> int:
        return len(text)


def _agreed(calamine: Any, page: Any) -> Sheet:
    sheet = from_calamine(calamine.get_sheet_by_name(page.name))
    first, second = count_values(sheet.rows, blanks=False), len(_cells(page))
    if first != second:
        raise disagree(page.name, first, second)
    return _finish(sheet, page)


def _finish(sheet: Sheet, page: Any) -> Sheet:
    return replace(
        with_errors(sheet, _errors(page)),
        visible=page.visibility == 0,
        hidden_rows=frozenset(r + 1 for r, info in page.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(c + 1 for c, info in page.colinfo_map.items() if info.hidden),
        merged=tuple((top + 1, left + 1, end, last) for top, end, left, last in page.merged_cells),
    )


def _cells(page: Any) -> dict[Place, CellValue]:
    """Return the values of a sheet by place; errors are left to `_errors`."""
    found: dict[Place, CellValue] = {}
    for row in range(page.nrows):
        for column, (kind, value) in enumerate(
            zip(page.row_types(row), page.row_values(row), strict=True)
        ):
            if kind in (1, 2, 3, 4) and not is_blank(value):
                found[row + 1, column + 1] = _typed(kind, value, page.book.datemode)
    if len(found) > MAX_CELLS:
        raise too_many()
    return found


def _typed(kind: int, value: Any, datemode: int) -> CellValue:
    if kind == 4:
        return bool(value)
    if kind != 3:
        return plain(value)
    from xlrd import xldate_as_datetime  # noqa: PLC0415  # only old files need it

    try:
        moment: datetime = xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return plain(value)
    if value < 1:
        return moment.time()
    return moment if value % 1 else moment.date()


def _errors(page: Any) -> dict[Place, str]:
    from xlrd import error_text_from_code  # noqa: PLC0415  # only old files need it

    return {
        (row + 1, column + 1): error_text_from_code.get(page.cell_value(row, column), UNNAMED_ERROR)
        for row in range(page.nrows)
        for column, kind in enumerate(page.row_types(row))
        if kind == 5
    }
