"""The sheets of an ods read from its XML: typed cells, errors, what is hidden.

Repeats are counted before anything is unfolded: 800 bytes can ask for a billion cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from pipeline.errors import FileRefusedError
from pipeline.model import CellValue
from pipeline.reading.formats.xlsx_cells import (
    MAX_BOX,
    MAX_CELLS,
    MAX_COLUMN,
    MAX_ROW,
    NO_VALUE,
    OUTSIDE,
    too_many,
)
from pipeline.reading.formats.xml import Attributes, parse

_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_CELLS = ("table-cell", "covered-table-cell")
# Text inside these is not the text of the cell.
_FOREIGN = (
    "dde-links",
    "annotation",
    "tracked-changes",
    "shapes",
    "frame",
    "custom-shape",
    "g",
    "forms",
)


@dataclass(slots=True)
class OdsSheet:
    """One sheet: values by (row, column) counted from 1, errors beside them."""

    name: str
    visible: bool
    values: dict[tuple[int, int], CellValue] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0

    @property
    def sparse(self) -> bool:
        """Whether a table of all cells up to the last one would not fit into memory."""
        return self.last_row * self.last_column > MAX_BOX


def ods_sheets(content: bytes) -> list[OdsSheet]:
    """Read every sheet of `content.xml`, in the order of their tabs."""
    reading = _Reading()
    parse(content, reading.start, reading.end, reading.text)
    return reading.sheets


def ods_properties(meta: bytes) -> dict[str, str]:
    """Return title, program and the author's own properties from `meta.xml`; no names."""
    found: dict[str, str] = {}
    key = ""
    known = {
        "generator": "application",
        "title": "title",
        "creation-date": "created",
        "date": "modified",
    }

    def start(name: str, attributes: Attributes) -> None:
        nonlocal key
        key = attributes.get("meta:name", "") if name == "user-defined" else known.get(name, "")

    def text(data: str) -> None:
        if key:
            found[key] = found.get(key, "") + data

    if meta:
        parse(meta, start, lambda _name: None, text)
    return {name[:255]: value.strip()[:255] for name, value in list(found.items())[:100]}


class _Reading:
    """Follows the tables of a document; nested ones belong to drawings and are passed over."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self._invisible: set[str] = set()
        self._style = ""
        self._foreign = 0
        self._tables = 0
        self._row = self._column = 0
        self._rows = 1
        self._hidden = False
        self._cell: Attributes | None = None
        self._covered = False
        self._paragraphs: list[str] = []
        self._held: list[tuple[int, CellValue, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name in _FOREIGN or self._foreign:
            self._foreign += name in _FOREIGN
        elif name == "table":
            self._tables += 1
            if self._tables == 1:
                self._start_sheet(attributes)
        elif self._tables > 1:
            return
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table-column":
            self._columns(attributes)
        elif name in _CELLS:
            self._cell, self._covered = attributes, name != "table-cell"
            self._paragraphs.clear()
        elif self._cell is not None:
            self._start_text(name, attributes)
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._invisible.add(self._style)

    def end(self, name: str) -> None:
        if self._foreign:
            self._foreign -= name in _FOREIGN
        elif name == "table":
            self._tables -= 1
        elif self._tables > 1:
            return
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
        elif name == "table-row":
            self._end_row()

    def text(self, data: str) -> None:
        if self._cell is not None and self._paragraphs and not self._foreign and self._tables == 1:
            self._paragraphs[-1] += data

    def _start_sheet(self, attributes: Attributes) -> None:
        visible = attributes.get("table:style-name", "") not in self._invisible
        self.sheets.append(OdsSheet(attributes.get("table:name", ""), visible))
        self._row, self._column = 1, 1

    def _start_row(self, attributes: Attributes) -> None:
        self._rows = _repeat(attributes, "table:number-rows-repeated")
        self._hidden = attributes.get("table:visibility") in ("collapse", "filter")
        self._column = 1
        self._held.clear()

    def _columns(self, attributes: Attributes) -> None:
        count = _repeat(attributes, "table:number-columns-repeated")
        if self.sheets and attributes.get("table:visibility") in ("collapse", "filter"):
            last = min(self._column + count, MAX_COLUMN + 1)
            self.sheets[-1].hidden_columns.update(range(self._column, last))
        self._column += count

    def _start_text(self, name: str, attributes: Attributes) -> None:
        if name == "p":
            self._paragraphs.append("")
        elif self._paragraphs and name in ("s", "tab", "line-break"):
            count = min(_repeat(attributes, "text:c"), 1000)
            self._paragraphs[-1] += {"s": " " * count, "tab": "\t"}.get(name, "\n")

    def _end_cell(self, cell: Attributes) -> None:
        self._cell = None
        text = "\n".join(self._paragraphs)
        count = _repeat(cell, "table:number-columns-repeated")
        error = text if cell.get("calcext:value-type") == "error" else ""
        value = _value(cell, text)
        if "table:formula" in cell and "office:value-type" not in cell and value is None:
            error = error or NO_VALUE
        if error or value is not None:
            # Of a blank too: readers make room for it.
            sheet = self.sheets[-1]
            sheet.last_row = max(sheet.last_row, self._row + self._rows - 1)
            sheet.last_column = max(sheet.last_column, self._column + count - 1)
        if error or (value is not None and str(value).strip()):
            self._hold(count, value, error)
        rows = _repeat(cell, "table:number-rows-spanned")
        columns = _repeat(cell, "table:number-columns-spanned")
        if rows * columns > 1 and not self._covered:
            at = (self._row, self._column)
            self.sheets[-1].merged.append((*at, at[0] + rows - 1, at[1] + columns - 1))
        self._column += count

    def _hold(self, count: int, value: CellValue, error: str) -> None:
        sheet = self.sheets[-1]
        if len(sheet.values) + (len(self._held) + count) * self._rows > MAX_CELLS:
            raise too_many()
        if self._column + count - 1 > MAX_COLUMN or self._row + self._rows - 1 > MAX_ROW:
            raise FileRefusedError("file_suspicious", found=OUTSIDE)
        self._held.extend((self._column + i, value, error) for i in range(count))

    def _end_row(self) -> None:
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        if self._hidden:
            last = min(self._row + self._rows, MAX_ROW + 1)
            sheet.hidden_rows.update(range(self._row, last))
        for row in range(self._row, self._row + self._rows) if self._held else ():
            for column, value, error in self._held:
                if error:
                    sheet.errors[row, column] = error
                else:
                    sheet.values[row, column] = value
        self._row += self._rows


def _repeat(attributes: Mapping[str, str], name: str) -> int:
    number = attributes.get(name, "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise FileRefusedError("file_suspicious", found="повтор ячеек не числом")
    return max(1, int(number))


def _value(cell: Attributes, text: str) -> CellValue:
    kind = cell.get("office:value-type", "string")
    try:
        if kind in ("float", "percentage", "currency"):
            return float(cell["office:value"])
        if kind == "date":
            return _moment(cell["office:date-value"])
        if kind == "time":
            return _duration(cell["office:time-value"])
        if kind == "boolean":
            return cell["office:boolean-value"] == "true"
    except (KeyError, ValueError, OverflowError):
        return text or None
    return cell.get("office:string-value") or text or None


def _moment(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _duration(text: str) -> time | timedelta:
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    days, hours, minutes = (int(part or 0) for part in match.groups()[:3])
    seconds = float((match[4] or "0").replace(",", "."))
    if not days and hours < 24 and minutes < 60 and seconds < 60:
        return time(hours, minutes, int(seconds))
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
