"""Files as schools send them: what each is, and what a sensible coordinator expects of it.

The modules `messy_*` draw them, each as another curator would; `Messy` says beforehand what has
to come of the file. Nothing here is taken from our blank or from the demo.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

Rows = list[list[Any]]


@dataclass(frozen=True)
class Part:
    """What is expected of one form.

    `rows` maps Excel rows to values of columns; `said` are all errors and remarks, each a code
    with the cell it must name («fio_initials B9»), or a code alone; `told` are informations that
    must be there; `skipped` is compared as far as it is given.
    """

    accepted: int
    rejected: int = 0
    duplicate: int = 0
    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    said: str = ""
    told: str = ""
    skipped: Mapping[str, int] = field(default_factory=dict)
    nil: bool = False


@dataclass(frozen=True)
class Messy:
    """One file: its name, what is odd about it, its bytes, and what is expected."""

    name: str
    about: str
    make: Callable[[], bytes]
    parts: Mapping[str, Part] = field(default_factory=dict)
    passport: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    reason: str | None = None


def xlsx(
    sheets: Mapping[str, Rows], tweak: Callable[[Workbook], None] | None = None
) -> Callable[[], bytes]:
    """A workbook of openpyxl from rows of cells, A1 first; *tweak* makes the rest of the mess."""

    def make() -> bytes:
        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            page = book.create_sheet(name)
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row, start=1):
                    if value not in ("", None):
                        page.cell(number, column, value)
        if tweak:
            tweak(book)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def xls(sheets: Mapping[str, Rows], *, merged: tuple[tuple[int, ...], ...] = ()):
    """A workbook of Excel 97; *merged* are ranges of the first sheet, counted from 0."""

    def make() -> bytes:
        import xlwt  # noqa: PLC0415  # only the old files need it

        book = xlwt.Workbook(encoding="utf-8")
        day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
        for place, (name, rows) in enumerate(sheets.items()):
            page = book.add_sheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value not in ("", None):
                        style = (day,) if hasattr(value, "year") else ()
                        page.write(number, column, value, *style)
            for top, bottom, left, right in merged if not place else ():
                page.merge(top, bottom, left, right)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return make


def text(body: str, encoding: str, line: str = "\r\n") -> Callable[[], bytes]:
    """Separated text in an encoding; cells that hold line ends are quoted in *body*."""
    return lambda: body.strip("\n").replace("\n", line).encode(encoding)
