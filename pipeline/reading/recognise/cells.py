"""Where the cells of a form's columns stand in a sheet, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from contracts.plan import Vocabulary
from pipeline.model import CellValue, Notice, Scalar
from pipeline.reading.recognise.grid import Grid, Place, Upright
from pipeline.reading.recognise.headers import Source
from pipeline.text import fold, shown_text

# What stands in a cross table where no mark stands.
_NO_MARK = frozenset(("", "-", "--", "0", "нет", "no", "false", "ложь", "☐"))
# What makes a cell what it is: its text, or its type and value, with what the user saw where that
# differs. 1, 1.0 and True are equal in Python, and so are cells of a text and of a number seen so.
CellKey = None | str | tuple[type, CellValue] | tuple[type, CellValue, str]


class CleanedCell(Protocol):
    """What the normaliser answers for one cell."""

    @property
    def value(self) -> Scalar:
        """The canonical value."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What has to be said about the cell; the place is filled in here."""

    @property
    def spilled(self) -> Mapping[str, Scalar]:
        """Values for other columns, found in this cell."""

    @property
    def failed(self) -> bool:
        """Whether something stood there that could not be read."""


class ColumnCleaner(Protocol):
    """The normaliser of one column."""

    @property
    def at_once(self) -> Callable[[str], str | None] | None:
        """Sees the value of a text of which nothing has to be said."""

    def read(self, cell: CellValue, shown: str | None = None) -> CleanedCell:
        """Return what becomes of a cell."""


Cleaner = Callable[..., ColumnCleaner]


@dataclass(frozen=True, slots=True)
class Context:
    """What every cell of a file is read with; `cleaner` makes the normaliser of one column."""

    cleaner: Cleaner
    vocabularies: Mapping[str, Vocabulary]
    today: date
    area_code: str


class CellRef(NamedTuple):
    """The cells that make one value, and what joins their texts."""

    cells: tuple[Place, ...]
    join: str = ""


@dataclass(slots=True)
class CellColumn:
    """What stands in one column of a form, row by row.

    A cell stands in sheet column `column` of its row; `places` are those of cells that do not.
    """

    keys: list[CellKey]
    column: int
    places: dict[int, Place] = field(default_factory=dict)


def column_of(
    grid: Grid, lines: Sequence[int], source: Source, upright: Upright[CellValue]
) -> CellColumn:
    """Return the cells of *lines* (from 0 within the grid) that one source of a table gives.

    *upright* are the values of these lines, column by column.
    """
    column = source.columns[0]
    if source.choices:
        return _marked(grid, lines, source)
    if len(source.columns) > 1:
        found = CellColumn([None] * len(lines), column)
        odd: Sequence[int] = range(len(lines))
    else:
        values = upright.column(column)
        # Calling `key_of` for each cell would double the time.
        found = CellColumn(
            [v if v.__class__ is str or v is None else (v.__class__, v) for v in values], column
        )
        odd = [i for i, line in enumerate(lines) if line in grid.odd] if grid.odd else ()
    for index in odd:
        line = lines[index]
        ref = CellRef(tuple([(line, j) for j in source.columns]), source.join)
        found.keys[index], place = content(grid, ref)
        if place != (line, column):
            found.places[index] = place
    return found


def _marked(grid: Grid, lines: Sequence[int], source: Source) -> CellColumn:
    """Return the choices under which a row has a mark."""
    found = CellColumn([None] * len(lines), source.columns[0])
    for index, line in enumerate(lines):
        chosen = [
            (choice, j)
            for choice, j in zip(source.choices, source.columns, strict=True)
            if fold(grid.text(line, j)).strip(" .") not in _NO_MARK
        ]
        if chosen:
            found.keys[index] = source.join.join(choice for choice, _ in chosen)
            found.places[index] = (line, chosen[0][1])
    return found


def key_of(value: CellValue, shown: str | None = None) -> CellKey:
    """Return what tells a cell that holds something from every other one."""
    if shown is not None:
        return value.__class__, value, shown
    return value if value.__class__ is str else (value.__class__, value)


def content_of(key: CellKey) -> tuple[CellValue, str | None]:
    """Return the value of a cell, and what the user saw where that differs."""
    if isinstance(key, tuple):
        return key[1], key[2] if len(key) > 2 else None
    return key, None


def typed(key: CellKey) -> str:
    """Return the text of a cell as its user sees it; «» where it is blank."""
    if isinstance(key, str):
        return key.strip()
    value, shown = content_of(key)
    if isinstance(value, str):
        return value.strip()
    return shown.strip() if shown else shown_text(value)


def content(grid: Grid, ref: CellRef) -> tuple[CellKey, Place]:
    """Return what stands in the cells of one value, and where the first of them is."""
    if len(ref.cells) == 1:
        return _of_one(grid, ref.cells[0])
    places = [_source(grid, place) for place in ref.cells]
    filled = [place for place in places if grid.text(*place)]
    if not filled:
        return None, ref.cells[0]
    if len(filled) == 1:
        return _of_one(grid, filled[0])
    return ref.join.join(grid.text(*place) for place in filled), filled[0]


def _of_one(grid: Grid, cell: Place) -> tuple[CellKey, Place]:
    place = _source(grid, cell)
    if not grid.text(*place):
        return None, cell
    failed = grid.sheet.errors and grid.excel(*place) in grid.sheet.errors
    return key_of(grid.value(*place), None if failed else grid.shown(*place)), place


def _source(grid: Grid, place: Place) -> Place:
    """A cell merged downwards speaks for every row it covers."""
    origin = grid.origin.get(place) if grid.origin else None
    return origin if origin and origin[1] == place[1] else place
