"""The one way xlsx files for people are written: same look, same printing, same bytes.

Nothing in a cell is ever taken for a formula, a link or a number by its looks: a text is written
as a text. The same arguments give the same bytes, so a file that did not change is not sent again.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

import xlsxwriter
from isal.isal_zlib import crc32
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.render.cells import cell
from pipeline.render.heights import LINE_HEIGHT, text_height
from pipeline.render.rows import RowStream, Value, row_writer
from pipeline.render.styles import (
    ACCENT,
    DATE,
    FONT,
    INK,
    LINE,
    MOMENT,
    QUIET,
    ROW_STYLES,
    SHARE,
    STYLES,
)
from pipeline.render.values import (
    LONGEST_TEXT,
    NO,
    NO_SHARE,
    YES,
    Kind,
    RightAligned,
    Shown,
    TableColumn,
    Tinted,
    answer_text,
    clean,
    plain,
    share_text,
    sheet_name,
)
from pipeline.render.zipped import ZipWriter, deflated, joined_crc

__all__ = [
    "ACCENT",
    "DATE",
    "FONT",
    "INK",
    "LINE",
    "LINE_HEIGHT",
    "LONGEST_TEXT",
    "MOMENT",
    "NO",
    "NO_SHARE",
    "QUIET",
    "SHARE",
    "STYLES",
    "YES",
    "Kind",
    "RightAligned",
    "Shown",
    "TableColumn",
    "Tinted",
    "XlsxWriter",
    "answer_text",
    "cell_name",
    "clean",
    "plain",
    "share_text",
    "sheet_name",
    "text_height",
]

Rows = Iterable[Sequence[Value]] | RowStream

# Any fixed moment will do: a file says when its facts are from, not when it was written.
_CREATED = datetime(2020, 1, 1, tzinfo=UTC)
_A4 = 9
_ROWS_AT_ONCE = 1000
# Characters of our font that stay readable across an upright A4 page, and across one on its side.
_PORTRAIT_WIDTH, _LANDSCAPE_WIDTH = 100, 220
_DIMENSION = re.compile(rb'<dimension ref="[A-Z0-9:]+"/>')
# Of a row, a cell, and cells merged in one row.
_ROW_NUMBER = re.compile(
    rb'(<row r="|<c r="[A-Z]{1,3}|<mergeCell ref="[A-Z]{1,3})([0-9]{1,7})(?:(:[A-Z]{1,3})\2)?'
)


class XlsxWriter:
    """An xlsx workbook being written; `data()` closes it and returns its bytes.

    `as_of` is the moment of the newest fact in it and becomes the date of the document.
    """

    def __init__(self, title: str, *, as_of: datetime | None = None) -> None:
        self._buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "default_format_properties": dict(FONT),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        created = as_of if as_of and as_of.tzinfo else _CREATED
        self.book.set_properties(
            {"title": clean(title), "created": created.astimezone(UTC).replace(tzinfo=None)}
        )
        self._styles: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = {}
        self._plain_styles: dict[str, Any] = {}
        self._names: set[str] = set()
        self._own = ExitStack()
        self._bodies: dict[int, _Body] = {}

    def style(self, name: str, **more: Any) -> Any:
        """Return the shared format called *name*, with *more* xlsxwriter properties over it."""
        if not more and name in self._plain_styles:
            return self._plain_styles[name]
        key = (name, tuple(sorted(more.items())))
        if key not in self._styles:
            words = {**FONT, **STYLES[name], **more}
            self._styles[key] = self.book.add_format(words)
        if not more:
            self._plain_styles[name] = self._styles[key]
        return self._styles[key]

    def sheet(self, name: str) -> Any:
        """Add a sheet and return it; a name Excel would refuse is made fit and unique."""
        fit, number = sheet_name(name), 2
        while fit.casefold() in self._names:
            tail = f" ({number})"
            fit, number = sheet_name(name)[: 31 - len(tail)] + tail, number + 1
        self._names.add(fit.casefold())
        return self.book.add_worksheet(fit)

    def table(
        self,
        name: str,
        columns: Sequence[TableColumn],
        rows: Rows,
        *,
        heading: Sequence[str] = (),
        notes: Sequence[str] = (),
        frozen: int = 1,
    ) -> Any:
        """Add a sheet with one table; return it.

        Lines of *heading* stand above (the first is the title), *notes* below. The header and the
        first *frozen* columns stay in sight, every printed page repeats the header. A naive
        midnight is a date; an aware moment is shown by the clock of its own zone.
        """
        sheet = self.sheet(name)
        for index, head in enumerate(columns):
            sheet.set_column(index, index, head.width, self.style("plain"))
        width = sum(head.width for head in columns)
        # What is printed on several pages side by side has its lines over the repeated columns.
        lead = columns[:frozen] if frozen and width > _LANDSCAPE_WIDTH else columns
        top = self.lines(sheet, heading, lead)
        tall = self._header(sheet, top, columns)
        top += tall - 1
        stream = self._streamed(columns, rows)
        last = top + stream.count
        sheet.freeze_panes(top + 1, min(frozen, len(columns)))
        if last > top:
            sheet.autofilter(top, 0, last, len(columns) - 1)
        # xlsxwriter keeps a place for every row up to the last one; the notes move down at the end.
        self.lines(sheet, notes, lead, first=top + 2, styles=("note",))
        end = last + 1 + len(notes) if notes else last
        below = range(top + 3, top + 3 + len(notes))
        self._bodies[sheet.index] = _Body(stream, below, cell_name(end, len(columns) - 1))
        self.printed(sheet, landscape=width > _PORTRAIT_WIDTH, header=top, tall=tall)
        if width > _LANDSCAPE_WIDTH:
            sheet.fit_to_pages(math.ceil(width / _LANDSCAPE_WIDTH), 0)
            sheet.print_across()
            if frozen:
                sheet.repeat_columns(0, frozen - 1)
        return sheet

    def _header(self, sheet: Any, row: int, columns: Sequence[TableColumn]) -> int:
        """Write titles and, if the form has them, numbers of columns; return how many rows."""
        for index, head in enumerate(columns):
            sheet.write_string(row, index, clean(head.title), self.style("header"))
        sheet.set_row(row, _header_height(columns))
        return 1 + self._numbers(sheet, row + 1, columns)

    def _streamed(self, columns: Sequence[TableColumn], rows: Rows) -> RowStream:
        if not self._bodies:
            self._fix_style_numbers()
        if isinstance(rows, RowStream):
            return rows
        stream = RowStream()
        self._own.callback(stream.close)
        made, left = row_writer(tuple(columns)), iter(rows)
        while (piece := made.piece(islice(left, _ROWS_AT_ONCE))).count:
            stream.add(piece)
        return stream

    def _fix_style_numbers(self) -> None:
        """Rows that are ready name their styles by number."""
        numbers = [self.style(name)._get_xf_index() for name in ROW_STYLES]
        if numbers != list(range(1, len(ROW_STYLES) + 1)):
            raise RuntimeError("xlsxwriter numbers formats in another way")

    def _numbers(self, sheet: Any, row: int, columns: Sequence[TableColumn]) -> bool:
        """Write the row of column numbers, if the form has one; return whether it has."""
        if all(head.number is None for head in columns):
            return False
        for index, head in enumerate(columns):
            text = "" if head.number is None else str(head.number)
            sheet.write_string(row, index, text, self.style("column number"))
        return True

    def about(
        self,
        source: str,
        as_of: datetime | date | None,
        counts: Mapping[str, Shown] | None = None,
    ) -> Any:
        """Add the service sheet «Сведения»: where the data are from, as of when, how many."""
        facts: dict[str, Shown] = {"Источник": source, "По состоянию на": as_of}
        facts.update(counts or {})
        return self.table(
            "Сведения",
            (TableColumn("Что", 40), TableColumn("Значение", 50)),
            list(facts.items()),
            heading=("Сведения о файле",),
            frozen=0,
        )

    def lines(
        self,
        sheet: Any,
        texts: Sequence[str],
        columns: Sequence[TableColumn],
        *,
        first: int = 0,
        styles: Sequence[str] = ("title", "heading"),
    ) -> int:
        """Write lines over the full width of *columns* from row *first*; return the next free row.

        The first line takes the first of *styles*, others the last, `RightAligned` ones their own.
        """
        span = sum(head.width for head in columns)
        written = 0
        for row, text in enumerate(texts, first):
            right = isinstance(text, RightAligned)
            style = self.style("annex" if right else styles[min(written, len(styles) - 1)])
            written += not right
            if len(columns) > 1:
                sheet.merge_range(row, 0, row, len(columns) - 1, "", style)
            sheet.write_string(row, 0, clean(text), style)
            # A title's letters are larger and bold.
            high = (
                text_height(text, span * 0.72, line=20) if style.bold else text_height(text, span)
            )
            sheet.set_row(row, high)
        return first + len(texts) + bool(texts)

    def put(
        self, sheet: Any, row: int, column: int, value: Shown | Tinted, *, kind: Kind = "auto"
    ) -> None:
        """Write one value into a bordered cell by its type; rows and columns count from 0."""
        name, shown = cell(value, kind)
        if shown is None:
            sheet.write_blank(row, column, None, self.style(name))
        elif isinstance(shown, str):
            sheet.write_string(row, column, shown, self.style(name))
        else:
            sheet.write_number(row, column, shown, self.style(name))

    def printed(
        self, sheet: Any, *, landscape: bool = True, header: int | None = None, tall: int = 1
    ) -> None:
        """Fit the sheet to the width of A4, number its pages, repeat *tall* rows to *header*."""
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&9&A&R&9&P из &N")
        if header is not None:
            sheet.repeat_rows(header - tall + 1, header)

    def data(self) -> bytes:
        """Close the workbook and return its bytes; nothing can be added after."""
        target = io.BytesIO()
        self.write_to(target)
        return target.getvalue()

    def write_to(self, target: BinaryIO) -> None:
        """Close the workbook and write it to *target*; nothing can be added after."""
        with self._own:
            self.book.close()
            if self._bodies:
                self._set_bodies(target)
            else:
                target.write(self._buffer.getvalue())
        for sheet in self.book.worksheets():
            # xlsxwriter's objects hold one another, and their cells as long as nobody looks.
            sheet.table.clear()

    def _set_bodies(self, target: BinaryIO) -> None:
        bodies = {f"xl/worksheets/sheet{i + 1}.xml": body for i, body in self._bodies.items()}
        made = ZipWriter(target)
        with zipfile.ZipFile(self._buffer) as frame:
            for name in sorted(frame.namelist()):
                data = frame.read(name)
                if name in bodies:
                    bodies[name].write(made, name, data)
                else:
                    made.add(name, data)
        made.close()


@dataclass(frozen=True, slots=True)
class _Body:
    """Rows that are set into the frame of a sheet, over its rows *below*, which make room.

    `below` counts from 1 and is empty where there is nothing; `corner` is the sheet's last cell.
    """

    stream: RowStream
    below: range
    corner: str

    def write(self, target: ZipWriter, name: str, frame: bytes) -> None:
        """Write the sheet with its rows to *target*."""
        row = b'<row r="%d"' % self.below.start if self.below else b"</sheetData>"
        place = frame.index(row)
        area = b'<dimension ref="A1:%b"/>' % self.corner.encode()
        head = _DIMENSION.sub(area, frame[:place], count=1)
        tail = _ROW_NUMBER.sub(self._moved, frame[place:])
        before, after = deflated(head, last=False), deflated(tail, last=True)
        rows = self.stream
        rows.flush()
        crcs = ((crc32(head), len(head)), (rows.crc, rows.size), (crc32(tail), len(tail)))
        target.add_deflated(
            name,
            chain((before,), rows.parts(), (after,)),
            packed=len(before) + rows.packed + len(after),
            crc=joined_crc(crcs),
            size=len(head) + rows.size + len(tail),
        )

    def _moved(self, found: re.Match[bytes]) -> bytes:
        number = int(found[2])
        moved = b"%d" % (number + self.stream.count * (number in self.below))
        return found[1] + moved + (found[3] + moved if found[3] else b"")


def cell_name(row: int, column: int, *, fixed: bool = False) -> str:
    """Return the A1 address of a cell, both counted from 0 as in `put`; *fixed* makes it $A1."""
    address: str = xl_rowcol_to_cell(row, column, col_abs=fixed)
    return address


def _header_height(columns: Sequence[TableColumn]) -> float:
    # Bold letters are wider, and the autofilter's button takes a corner.
    return max(text_height(head.title, head.width * 0.85) for head in columns) + 8
