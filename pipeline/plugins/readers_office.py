"""Reads xlsx and ods: the fast reader, with a second opinion on what each sheet holds."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.hookspecs import Reader, hookimpl
from pipeline.model import Book, CellValue, Sheet
from pipeline.reading.file_kinds import kind_of
from pipeline.reading.formats.ods import OdsSheet, ods_properties, ods_sheets
from pipeline.reading.formats.package import open_package
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
from pipeline.reading.formats.xlsx import Workbook, date_styles, open_workbook, properties
from pipeline.reading.formats.xlsx_cells import (
    RawCell,
    SheetFacts,
    exact_facts,
    quick_facts,
    scan_cells,
    shared_strings,
    shared_text,
)
from pipeline.reading.formats.zip import trimmed


@hookimpl
def register_readers() -> Sequence[Reader]:
    """Offer the reader of xlsx and ods."""
    return (Reader("office", "книги Excel и LibreOffice (.xlsx, .ods)", sniff, read),)


def sniff(head: bytes, _name: str) -> float:
    """Claim zip files; a reader that knows some of them better answers more than this."""
    return 0.5 if kind_of(head) == "zip" else 0.0


def read(path: str) -> Book:
    """Read a workbook whose readers agree on what it holds.

    Raises:
        FileRefusedError: `readers_disagree`, or the limit that the file breaks.
    """
    package = open_package(Path(path))
    if package.kind == "ods":
        return _read_ods(path, package.parts)
    workbook = open_workbook(package.parts)
    reading = _Xlsx(path, workbook, package.parts)
    sheets = tuple(reading.sheet(name) for name in workbook.sheets)
    return Book(sheets, reading.reader, properties(package.parts))


class _Xlsx:
    """One xlsx while it is read; strings and styles are looked up only where they are needed.

    `reader` is calamine, or what had to take its place on some sheet.
    """

    def __init__(self, path: str, workbook: Workbook, parts: Mapping[str, bytes]) -> None:
        self.reader = "calamine"
        self._path = path
        self._parts = parts
        self._workbook = workbook
        self._calamine: Any = None
        self._strings: list[str] | None = None

    def sheet(self, name: str) -> Sheet:
        """Read one sheet by calamine; far cells by ourselves; openpyxl where counts differ."""
        xml = self._workbook.sheets[name]
        facts = quick_facts(xml) or exact_facts(xml, self._shared)
        if facts.sparse:
            return self._finish(self._far_cells(name, xml), facts)
        sheet = self._by_calamine(name)
        if facts.exact or count_values(sheet.rows) != facts.cells:
            facts = facts if facts.exact else exact_facts(xml, self._shared)
            if count_values(sheet.rows, blanks=False) != facts.cells:
                sheet = self._by_openpyxl(sheet, facts)
        return self._finish(sheet, facts)

    def _by_calamine(self, name: str) -> Sheet:
        if self._calamine is None:
            self._calamine = open_calamine(self._path, self._parts)
        return from_calamine(self._calamine.get_sheet_by_name(name))

    def _by_openpyxl(self, first: Sheet, facts: SheetFacts) -> Sheet:
        counted = count_values(first.rows, blanks=False)
        try:
            cells = _openpyxl_cells(self._path, first.name, facts)
        except Exception as error:  # a third opinion that fails is no opinion
            raise disagree(first.name, counted, facts.cells) from error
        if len(cells) == counted:
            return first
        if len(cells) != facts.cells:
            raise disagree(first.name, counted, facts.cells)
        self.reader = "openpyxl"
        return placed(first.name, cells)

    def _far_cells(self, name: str, xml: bytes) -> Sheet:
        self.reader = "sparse"
        dates = date_styles(self._workbook.styles)
        cells: dict[Place, CellValue] = {}

        def take(cell: RawCell) -> None:
            text = shared_text(cell, self._shared)
            if text.strip() and cell.type != "e":
                cells[cell.row, cell.column] = _typed(
                    cell.type, text, dated=cell.style in dates, date1904=self._workbook.date1904
                )

        scan_cells(xml, take)
        return placed(name, cells)

    def _finish(self, sheet: Sheet, facts: SheetFacts) -> Sheet:
        return replace(
            with_errors(sheet, facts.errors),
            visible=self._workbook.visible[sheet.name],
            hidden_rows=facts.hidden_rows,
            hidden_columns=facts.hidden_columns,
            merged=facts.merged if facts.exact else sheet.merged,
        )

    def _shared(self, index: int) -> str:
        if self._strings is None:
            self._strings = shared_strings(self._workbook.shared)
        return self._strings[index]


def _openpyxl_cells(path: str, sheet: str, facts: SheetFacts) -> dict[Place, CellValue]:
    from openpyxl import load_workbook  # noqa: PLC0415  # slow to import and rarely needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = trimmed(Path(path).read_bytes())
        # Given a path, openpyxl would believe the name's ending.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page: Any = book[sheet]
        page.reset_dimensions()
        return {
            (cell.row, cell.column): plain(cell.value)
            for row in page.iter_rows()
            for cell in row
            if not is_blank(cell.value) and (cell.row, cell.column) not in facts.errors
        }


def _typed(kind: str, text: str, *, dated: bool, date1904: bool) -> CellValue:
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind not in ("n", "d"):
        return text
    try:
        if kind == "d":
            return datetime.fromisoformat(text)
        number = float(text)
        return _moment(number, date1904=date1904) if dated else plain(number)
    except (ValueError, OverflowError):
        return text


def _moment(serial: float, *, date1904: bool) -> CellValue:
    # Excel counts a 29 February 1900 that never was, so earlier serials are a day off.
    early = 0 < serial < 60 and not date1904
    epoch = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 31 if early else 30)  # noqa: DTZ001  # cells have no zone
    moment = epoch + timedelta(days=serial)
    if 0 <= serial < 1:
        return moment.time()
    return moment if serial % 1 else date(moment.year, moment.month, moment.day)


def _read_ods(path: str, parts: Mapping[str, bytes]) -> Book:
    found = ods_sheets(parts["content.xml"])
    told = ods_properties(parts.get("meta.xml", b""))
    if any(sheet.sparse for sheet in found):
        far = tuple(_finish_ods(placed(sheet.name, sheet.values), sheet) for sheet in found)
        return Book(far, "sparse", told)
    calamine = open_calamine(path, parts)
    pages = (from_calamine(calamine.get_sheet_by_index(index)) for index in range(len(found)))
    sheets = tuple(_agreed_ods(first, second) for first, second in zip(pages, found, strict=True))
    return Book(sheets, "calamine", told)


def _agreed_ods(first: Sheet, second: OdsSheet) -> Sheet:
    """Return calamine's sheet with our facts; calamine shows some errors as text.

    Our own text stands where calamine lost a line break or a tab between two words.
    """
    cells = {
        (first.first_row + i, first.first_column + j): value
        for i, row in enumerate(first.rows)
        for j, value in enumerate(row)
        if not is_blank(value)
    }
    if cells.keys() - second.errors.keys() != second.values.keys():
        raise disagree(second.name, len(cells), len(second.values))
    for (row, column), value in second.values.items():
        other = cells[row, column]
        if isinstance(value, str) and value != other:
            if isinstance(other, str) and "".join(value.split()) != "".join(other.split()):
                raise disagree(second.name, len(cells), len(second.values))
            first.rows[row - first.first_row][column - first.first_column] = value
    return _finish_ods(first, second)


def _finish_ods(sheet: Sheet, facts: OdsSheet) -> Sheet:
    return replace(
        with_errors(sheet, facts.errors),
        visible=facts.visible,
        hidden_rows=frozenset(facts.hidden_rows),
        hidden_columns=frozenset(facts.hidden_columns),
        merged=tuple(facts.merged),
    )
