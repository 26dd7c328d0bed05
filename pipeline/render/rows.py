"""Rows of a table as XML, made once, and the stream in which they travel into a sheet.

A row names neither itself nor its cells (the attribute `r` is optional), so it may stand anywhere;
only running numbers are filled in at the end.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, BinaryIO, Final

from isal import isal_zlib

from pipeline.render.cells import cell_xml, number_xml, text_cells
from pipeline.render.heights import LINE_HEIGHT
from pipeline.render.values import Kind, Shown, TableColumn, Tinted
from pipeline.views import Piece

__all__ = ["RUNNING", "RowStream", "RowWriter", "row_streams", "row_writer", "selected"]

# Most values repeat, and what does not must not fill the memory; in signs of XML a column.
_REMEMBERED = 2**16
_ROW_END = "</row>"
# An unused row is this high in pixels, of which 4 are 3 points.
_USUAL_PIXELS = 20
_IN_MEMORY = 2**18
# A sheet has 1,048,576, some of which are headings and notes.
_MOST_ROWS = 1_048_000


class _Running:
    """The type of `RUNNING`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "RUNNING"


# Stands in a row for the number that it gets at the join.
RUNNING: Final = _Running()
Value = Shown | Tinted | _Running
_NUMBERS = frozenset((int, bool, float))
_TEXTS = frozenset((str, type(None)))
_REMEMBERED_TYPES = _NUMBERS | {str, date, type(None), _Running}


class RowWriter:
    """Makes XML of the rows of one table; cells seen lately are not made again."""

    def __init__(self, columns: Sequence[TableColumn]) -> None:
        self._columns = [_Column(column.kind, column.width) for column in columns]

    def piece(self, rows: Iterable[Sequence[Value]], **facts: Any) -> Piece:
        """Return ready rows with the *facts* about them."""
        return self.piece_of_columns(list(zip(*rows, strict=True)), **facts)

    def piece_of_columns(self, columns: Sequence[Sequence[Value]], **facts: Any) -> Piece:
        """Return ready rows of values that lie column by column."""
        if not columns or not columns[0]:
            return Piece(facts=facts)
        # By columns, so that the loops over cells are those of the interpreter.
        made = [own.cells(values) for own, values in zip(self._columns, columns, strict=True)]
        starts = map(
            _row_start,
            map(
                max, zip(*(heights for _xml, heights in made), [0.0] * len(columns[0]), strict=True)
            ),
        )
        ready = map("".join, zip(starts, *(xml for xml, _heights in made), strict=True))
        return Piece(_ROW_END.join([*ready, ""]).encode(), len(columns[0]), facts)


class _Column:
    """Cells of one column by their value."""

    def __init__(self, kind: Kind, width: float) -> None:
        self._kind: Kind = kind
        self._width = width
        # Equal values of other types may look different, as 1, 1.0 and True do.
        self._known: dict[frozenset[type], _Cells] = {}

    def cells(self, values: Sequence[Any]) -> tuple[list[str], list[float]]:
        """Return the XML and the height of each value."""
        types = frozenset(map(type, values))
        if types <= _TEXTS:
            made = text_cells(values, self._kind, self._width)
            if made is not None:
                return made
        if not types <= _REMEMBERED_TYPES or len(types & _NUMBERS) > 1:
            cells = [_cell(value, self._kind, self._width) for value in values]
            return [xml for xml, _height in cells], [height for _xml, height in cells]
        known = self._known.setdefault(types & _NUMBERS, _Cells(self._kind, self._width))
        if known.size > _REMEMBERED:
            known.clear()
            known.heights.clear()
            known.size = 0
        return list(map(known.__getitem__, values)), list(map(known.heights.__getitem__, values))


class _Cells(dict[Any, str]):
    """The XML of values, and beside it their `heights`; both are made at the first question."""

    def __init__(self, kind: Kind, width: float) -> None:
        super().__init__()
        self._kind: Kind = kind
        self._width = width
        self.heights: dict[Any, float] = {}
        self.size = 0

    def __missing__(self, value: Any) -> str:
        self[value], self.heights[value] = made = _cell(value, self._kind, self._width)
        self.size += len(made[0])
        return made[0]


def _cell(value: Any, kind: Kind, width: float) -> tuple[str, float]:
    return (number_xml(), 0.0) if value is RUNNING else cell_xml(value, kind, width)


@lru_cache(maxsize=64)
def row_writer(columns: tuple[TableColumn, ...]) -> RowWriter:
    """Return the writer of tables with these columns, with what it remembers."""
    return RowWriter(columns)


def selected(piece: Piece, kept: Iterable[bool]) -> Piece:
    """Return only those rows of a piece that are *kept*; its facts stay as they are."""
    end = _ROW_END.encode()
    rows = piece.rows.split(end)[:-1]
    found = [row + end for row, keep in zip(rows, kept, strict=True) if keep]
    return Piece(b"".join(found), len(found), piece.facts)


@dataclass(slots=True)
class RowStream:
    """Rows on their way into a sheet: compressed at once, on disk where there are many.

    `count` rows have come; `crc` and `size` are those of the XML, `packed` is its size compressed.
    """

    count: int = 0
    crc: int = 0
    size: int = 0
    packed: int = 0
    _file: BinaryIO = field(default_factory=io.BytesIO)
    _deflate: Any = field(default_factory=lambda: isal_zlib.compressobj(1, wbits=-15))

    def add(self, piece: Piece, numbers: Iterable[int] | None = None) -> None:
        """Add the rows of a piece, with *numbers* filled in where it wants them, in turn."""
        if not piece.count:
            return
        rows = piece.rows if numbers is None else _numbered(piece.rows, numbers)
        self.count += piece.count
        if self.count > _MOST_ROWS:
            raise ValueError("more rows than a sheet can hold")
        self.crc = isal_zlib.crc32(rows, self.crc)
        self.size += len(rows)
        self._keep(self._deflate.compress(rows))

    def extend(self, other: RowStream) -> None:
        """Add all rows of another stream behind those of this one."""
        self.flush()
        other.flush()
        for packed in other.parts():
            self._keep(packed)
        self.count += other.count
        self.crc = isal_zlib.crc32_combine(self.crc, other.crc, other.size)
        self.size += other.size

    def parts(self) -> Iterator[bytes]:
        """Yield what has come, compressed, in parts; deflate may go on behind them."""
        self._file.seek(0)
        while part := self._file.read(_IN_MEMORY):
            yield part

    def close(self) -> None:
        """Let go of the rows."""
        self._file.close()

    def flush(self) -> None:
        """Compress all that has come, so that `packed` is true."""
        self._keep(self._deflate.flush(isal_zlib.Z_FULL_FLUSH))

    def _keep(self, packed: bytes) -> None:
        self._file.write(packed)
        self.packed += len(packed)
        if self.packed > _IN_MEMORY and isinstance(self._file, io.BytesIO):
            on_disk = tempfile.TemporaryFile()  # noqa: SIM115  # until `close`
            on_disk.write(self._file.getvalue())
            self._file = on_disk


@contextmanager
def row_streams(count: int) -> Iterator[list[RowStream]]:
    """Give so many streams and let go of them at the end."""
    with ExitStack() as stack:
        streams = [RowStream() for _ in range(count)]
        for stream in streams:
            stack.callback(stream.close)
        yield streams


def _numbered(rows: bytes, numbers: Iterable[int]) -> bytes:
    """Fill in running numbers; there must be as many as are wanted, or more."""
    first, *others = rows.split(b"\x00")
    filled = [b"%d%b" % pair for pair in zip(numbers, others, strict=False)]
    if len(filled) < len(others):
        raise ValueError("a row lacks its number")
    return first + b"".join(filled)


@lru_cache(maxsize=128)
def _row_start(high: float) -> str:
    """A row of one line has no height of its own. Excel measures in whole pixels."""
    pixels = int(high * 4 / 3 + 0.5)
    if high <= LINE_HEIGHT or pixels == _USUAL_PIXELS:
        return "<row>"
    return f'<row ht="{pixels * 0.75:.16g}" customHeight="1">'
