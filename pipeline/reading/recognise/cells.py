"""From the cells of one row, or one card, to canonical values and notices with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Protocol

from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.model import CellValue, Notice, ParsedRow, Scalar
from pipeline.reading.recognise.grid import Grid, Place
from pipeline.reading.recognise.headers import Source
from pipeline.text import a1, shown_text


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


Clean = Callable[..., CleanedCell]


@dataclass(frozen=True, slots=True)
class Context:
    """What every cell of a file is read with."""

    clean: Clean
    vocabularies: Mapping[str, Vocabulary]
    today: date
    area_code: str


class Spot(NamedTuple):
    """The cells that make one value, and what joins their texts; one for every cell of a book."""

    cells: tuple[Place, ...]
    join: str = ""


class _Content(NamedTuple):
    value: CellValue
    shown: str | None
    typed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Target:
    """A form that is being read from a sheet.

    `columns` are those with a value, by name; `known` remembers what became of equal cells, which
    are most of a long list.
    """

    context: Context
    grid: Grid
    plan: FormPlan
    columns: Mapping[str, Column]
    known: dict[tuple[str, type, CellValue, str | None], CleanedCell]

    def clean(self, name: str, content: _Content) -> CleanedCell:
        """Return what the normaliser makes of the content of column *name*."""
        key = (name, type(content.value), content.value, content.shown)
        cell = self.known.get(key)
        if cell is None:
            context = self.context
            cell = self.known[key] = context.clean(
                content.value,
                self.columns[name],
                context.vocabularies,
                shown=content.shown,
                siblings=self.columns,
                today=context.today,
                area_code=context.area_code,
            )
        return cell


def target(context: Context, grid: Grid, plan: FormPlan) -> Target:
    """Make ready to read *plan* from *grid*."""
    return Target(context, grid, plan, {column.name: column for column in plan.kept}, {})


def read_row(to: Target, row: int, spots: Mapping[str, Spot]) -> tuple[ParsedRow, list[Notice]]:
    """Return the values of one row (for a card: of all its lines) and what has to be said.

    *row* is the number Excel shows; *spots* maps names of the form's columns to their cells.
    """
    contents = ((name, _content(to.grid, spot)) for name, spot in spots.items())
    return _row(to, row, contents)


def read_line(
    to: Target, line: int, sources: Mapping[str, Source]
) -> tuple[ParsedRow, list[Notice]]:
    """Return the same for a row of a table; *line* counts from 0 within the grid."""
    return _row(to, to.grid.excel(line, 0)[0], _line(to.grid, line, sources))


def _line(grid: Grid, line: int, sources: Mapping[str, Source]) -> Iterator[tuple[str, _Content]]:
    """The cells of a row; most sheets have neither merged nor failed ones to look up."""
    texts, values = grid.texts[line], grid.sheet.rows[line]
    usual = not (grid.origin or grid.sheet.errors or grid.sheet.shown)
    for name, source in sources.items():
        column = source.columns[0]
        if usual and len(source.columns) == 1 and column < len(texts):
            text = texts[column]
            yield name, _Content(values[column] if text else None, None, text, (line, column))
        else:
            places = tuple([(line, column) for column in source.columns])
            yield name, _content(grid, Spot(places, source.join))


def _row(
    to: Target, row: int, contents: Iterable[tuple[str, _Content]]
) -> tuple[ParsedRow, list[Notice]]:
    grid, person = to.grid, to.plan.person
    values: dict[str, Scalar] = dict.fromkeys(to.columns)
    raw: dict[str, str] = {}
    cells: dict[str, str] = {}
    cleaned: list[tuple[str, _Content, CleanedCell]] = []
    who = None
    for name, content in contents:
        if name not in to.columns:
            continue
        cells[name] = a1(*grid.excel(*content.place))
        if not content.typed:
            continue
        cell = to.clean(name, content)
        cleaned.append((name, content, cell))
        values[name] = cell.value
        open_ = to.columns[name].privacy != "D"
        if open_ and _differs(content.typed, cell.value):
            raw[name] = content.typed
        if name == person and open_:
            who = content.typed
    failed = tuple(name for name, _found, cell in cleaned if cell.failed)
    _spill(cleaned, values, cells, failed)
    notices = [
        _placed(notice, to, content.place, name, who)
        for name, content, cell in cleaned
        for notice in cell.notices
    ]
    return ParsedRow(row, values, raw, cells, failed), notices


def _spill(
    cleaned: Sequence[tuple[str, _Content, CleanedCell]],
    values: dict[str, Scalar],
    cells: dict[str, str],
    failed: Sequence[str],
) -> None:
    """Give what a cell holds for other columns to those that are blank."""
    for name, _found, cell in cleaned:
        for other, value in cell.spilled.items():
            if other in values and values[other] is None and other not in failed:
                values[other] = value
                cells[other] = cells[name]


def read_value(
    to: Target, name: str, content: tuple[CellValue, Place]
) -> tuple[Scalar, list[Notice]]:
    """Return one value that stands by itself, e.g. in a line above a table."""
    value, place = content
    cleaned = to.clean(name, _Content(value, None, shown_text(value), place))
    return cleaned.value, [_placed(n, to, place, name, None) for n in cleaned.notices]


def _content(grid: Grid, spot: Spot) -> _Content:
    if len(spot.cells) == 1:
        return _of_one(grid, spot.cells[0])
    places = [_source(grid, place) for place in spot.cells]
    filled = [place for place in places if grid.text(*place)]
    if not filled:
        return _Content(None, None, "", spot.cells[0])
    if len(filled) == 1:
        return _of_one(grid, filled[0])
    text = spot.join.join(grid.text(*place) for place in filled)
    return _Content(text, None, text, filled[0])


def _of_one(grid: Grid, cell: Place) -> _Content:
    place = _source(grid, cell)
    text = grid.text(*place)
    if not text:
        return _Content(None, None, "", cell)
    failed = grid.sheet.errors and grid.excel(*place) in grid.sheet.errors
    shown = None if failed else grid.shown(*place)
    return _Content(grid.value(*place), shown, text, place)


def _source(grid: Grid, place: Place) -> Place:
    """A cell merged downwards speaks for every row it covers."""
    origin = grid.origin.get(place) if grid.origin else None
    return origin if origin and origin[1] == place[1] else place


def _placed(notice: Notice, to: Target, place: Place, name: str, who: str | None) -> Notice:
    row, column = to.grid.excel(*place)
    return replace(
        notice,
        form=to.plan.code,
        sheet=to.grid.sheet.name,
        row=row,
        cell=a1(row, column),
        column=notice.column or name,
        who=who,
    )


def _differs(typed: str, value: Scalar) -> bool:
    if typed == value:
        return False
    if isinstance(value, bool):
        return typed != ("да" if value else "нет")
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        return typed not in (value, f"{value[8:]}.{value[5:7]}.{value[:4]}")
    return typed != shown_text(value)
