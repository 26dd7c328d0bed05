"""What the XML of an xlsx says by itself: cells that hold something, errors, what is hidden.

No reader is right alone, so this is the second opinion on each sheet. An ordinary sheet is
judged by counting bytes (`quick_facts`, a few passes at the speed of C); whatever looks unusual,
and whatever a reader counted differently, by a parser that sees each cell (`exact_facts`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.errors import FileRefusedError
from pipeline.reading.formats.xml import Attributes, parse

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_CELLS = 500_000
MAX_BOX = 5_000_000
OUTSIDE = "ячейка за границами листа"
# Told in `Sheet.errors`; the normaliser knows them as errors of a formula.
NO_VALUE = "формула без значения"
UNNAMED_ERROR = "#ОШИБКА"

_FAR_COLUMN = re.compile(rb'c r="[A-Z]{3}')
_FAR_ROW = re.compile(rb'row r="\d{5}')
_BLANK_CELL = re.compile(rb'<c r="[A-Z]++\d++"[^<>]*/>')
# Endings of a formula that has no result beside it.
_NO_RESULT = (b"</f></c>", b"/></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,9})")
_TRUE = ("1", "true")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as it stands in the XML: type letter, style index, text («» where there is none)."""

    row: int
    column: int
    type: str
    style: int
    text: str
    formula: bool


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the XML of one sheet holds; rows and columns are counted from 1.

    `cells` counts cells with a value that is no error. `last_row` and `last_column` bound the
    cells that hold anything; they are 0 where `exact` is False, and then the sheet is small.
    """

    cells: int
    exact: bool
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    last_row: int = 0
    last_column: int = 0

    @property
    def sparse(self) -> bool:
        """Whether a table of all cells up to the last one would not fit into memory."""
        return self.last_row * self.last_column > MAX_BOX


def quick_facts(xml: bytes) -> SheetFacts | None:
    """Count the values of an ordinary sheet; None where only a parser can tell.

    What is spelled unusually (comments, prefixes, empty values) is counted wrongly here, and so
    differs from what the reader counted: then a parser decides.
    """
    # Where its place is not the first word of a cell, only a parser sees how far away it is.
    first = xml.count(b"<c ") == xml.count(b'<c r="') and xml.count(b"<row ") == xml.count(
        b'<row r="'
    )
    numbered = first and (b'row r="' in xml or b"<row" not in xml)
    if not numbered or _FAR_ROW.search(xml) or _FAR_COLUMN.search(xml):
        return None
    if b' t="e"' in xml or b"hidden=" in xml:
        return None
    if b"</f>" in xml and any(end in xml for end in _NO_RESULT):
        return None
    cells = xml.count(b"<v>") + xml.count(b"<is>")
    if cells > MAX_CELLS:
        raise too_many()
    return SheetFacts(cells=cells, exact=False)


def exact_facts(xml: bytes, shared: Callable[[int], str]) -> SheetFacts:
    """Look at each cell of a sheet; *shared* gives a shared string by its index."""
    values: set[tuple[int, int]] = set()
    errors: dict[tuple[int, int], str] = {}
    last = [0, 0]

    def take(cell: RawCell) -> None:
        at = (cell.row, cell.column)
        # Of a blank too: readers make room for it.
        last[:] = max(last[0], cell.row), max(last[1], cell.column)
        text = shared_text(cell, shared)
        if cell.type == "e":
            errors[at] = text if text.startswith("#") else UNNAMED_ERROR
        elif not text and cell.formula and cell.type != "str":
            errors[at] = NO_VALUE
        elif text.strip():
            values.add(at)
        if len(values) + len(errors) > MAX_CELLS:
            raise too_many()

    layout = scan_cells(xml, take)
    return SheetFacts(
        cells=len(values - errors.keys()),
        exact=True,
        errors=errors,
        hidden_rows=frozenset(layout.hidden_rows),
        hidden_columns=frozenset(layout.hidden_columns),
        merged=tuple(layout.merged),
        last_row=last[0],
        last_column=last[1],
    )


def shared_text(cell: RawCell, shared: Callable[[int], str]) -> str:
    """Return the text of a cell, followed into the shared strings where it points there."""
    if cell.type != "s" or not cell.text:
        return cell.text
    try:
        return shared(int(cell.text))
    except (ValueError, IndexError) as error:
        raise FileRefusedError("file_damaged") from error


def shared_strings(xml: bytes) -> list[str]:
    """Return the shared strings of a workbook; phonetic readings are left out."""
    strings: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(name: str, _attributes: Attributes) -> None:
        if name == "si":
            pieces.clear()
        elif name in inside:
            inside[name] = True

    def end(name: str) -> None:
        if name == "si":
            strings.append("".join(pieces))
        elif name in inside:
            inside[name] = False

    def text(data: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(data)

    if xml:
        parse(xml, start, end, text)
    return strings


class _Layout:
    """Collects what a sheet hides and merges, and hands each cell that holds anything on."""

    def __init__(self, take: Callable[[RawCell], None]) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self._take = take
        self._row = self._column = 0
        self._cell: Attributes | None = None
        self._formula = False
        self._collect = self._phonetic = False
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._place(attributes.get("r"))
            self._cell, self._formula = attributes, False
            self._pieces.clear()
        elif name in ("v", "t"):
            self._collect = self._cell is not None and not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col":
            self._hide_columns(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._collect = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c" and self._cell is not None:
            self._finish(self._cell)

    def text(self, data: str) -> None:
        if self._collect:
            self._pieces.append(data)

    def _finish(self, cell: Attributes) -> None:
        self._cell = None
        text = "".join(self._pieces)
        if text or self._formula or cell.get("t") == "e":
            style = cell.get("s", "0")
            self._take(
                RawCell(
                    self._row,
                    self._column,
                    cell.get("t", "n"),
                    int(style) if style.isdecimal() else 0,
                    text,
                    self._formula,
                )
            )

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() and len(number) < 10 else self._row + 1
        self._column = 0
        _check_place(self._row, 1)
        if attributes.get("hidden") in _TRUE or _zero(attributes.get("ht")):
            self.hidden_rows.add(self._row)

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = _position(reference)
        _check_place(self._row, self._column)

    def _hide_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE or _zero(attributes.get("width")):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.hidden_columns.update(range(int(first), min(int(last), MAX_COLUMN) + 1))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last:
            self.merged.append((*_position(first), *_position(last)))


def scan_cells(xml: bytes, take: Callable[[RawCell], None]) -> _Layout:
    """Hand each cell that holds anything to *take*; return what is hidden and merged."""
    if b"<![CDATA[" not in xml and b"<!--" not in xml:
        xml = _BLANK_CELL.sub(b"", xml)
    layout = _Layout(take)
    parse(xml, layout.start, layout.end, layout.text)
    return layout


def _zero(size: str | None) -> bool:
    return size is not None and size.strip("0.") == "" and "0" in size


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not match:
        raise FileRefusedError("file_damaged")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _check_place(row: int, column: int) -> None:
    if not (0 < row <= MAX_ROW and 0 < column <= MAX_COLUMN):
        raise FileRefusedError("file_suspicious", found=OUTSIDE)


def too_many() -> FileRefusedError:
    """Return the refusal of a sheet with more than `MAX_CELLS` values."""
    return FileRefusedError(
        "file_too_large", found=f"больше {MAX_CELLS} ячеек", limit=f"{MAX_CELLS} ячеек"
    )
