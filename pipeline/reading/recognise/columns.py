"""From the cells of a form's columns to canonical values, and to notices with their places.

Rows stay columns: equal cells of a column are understood once in the life of a child.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from contracts.plan import Column, FormPlan
from pipeline.model import CellValue, Notice, Scalar
from pipeline.reading.recognise.cards import Line
from pipeline.reading.recognise.cells import (
    CellColumn,
    CellKey,
    CellRef,
    CleanedCell,
    Context,
    content,
    content_of,
    key_of,
    typed,
)
from pipeline.reading.recognise.grid import Grid, Place
from pipeline.reading.recognise.places import Places, by_first
from pipeline.text import a1, shown_text

# A hostile book must not fill the memory that is kept for honest ones.
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 200
_FORMS_KNOWN = 16


class ById:
    """Things that are the same only where they are the very same objects."""

    def __init__(self, *things: Any) -> None:
        self.things = things
        self._hash = hash(tuple(map(id, things)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ById) or len(other.things) != len(self.things):
            return False
        return all(a is b for a, b in zip(self.things, other.things, strict=True))

    def __hash__(self) -> int:
        return self._hash


class Known(NamedTuple):
    """What became of a cell: its value, its text where the value does not repeat it, what is told.

    `told` is the cell itself where more has to be said than its value.
    """

    value: Scalar = None
    raw: str | None = None
    told: CleanedCell | None = None


class Understood(NamedTuple):
    """Cells of a column by what stands in them: `values` of all, `raw` and `told` of some."""

    values: dict[CellKey, Scalar]
    raw: dict[CellKey, str]
    told: dict[CellKey, CleanedCell]


class ColumnReader:
    """Understands the cells of one column of a form, and remembers what took long to read.

    What is seen at once comes again in no other file: names and telephones.
    """

    def __init__(self, context: Context, column: Column, siblings: Mapping[str, Column]) -> None:
        self.open = column.privacy != "D"
        self._known: dict[CellKey, Known] = {None: Known()}
        self._cleaner = context.cleaner(
            column,
            context.vocabularies,
            siblings=siblings,
            today=context.today,
            area_code=context.area_code,
        )

    def understood(self, keys: Iterable[CellKey]) -> Understood:
        """Return what becomes of different cells."""
        if len(self._known) > _MOST_KNOWN:
            self._known = {None: Known()}
        found = Understood({}, {}, {})
        values, raw, told = found
        known, at_once = self._known, self._cleaner.at_once
        for key in keys:
            cell = known.get(key)
            if cell is None and at_once is not None and key.__class__ is str:
                value = values[key] = at_once(key)
                if value is not None:
                    if self.open and value != key:
                        raw[key] = key
                    continue
            if cell is None:
                cell = self._read(key)
            values[key] = cell.value
            if cell.raw is not None:
                raw[key] = cell.raw
            if cell.told is not None:
                told[key] = cell.told
        return found

    def _read(self, key: CellKey) -> Known:
        text = typed(key)
        if not text:
            return Known()
        value, shown = content_of(key)
        cell = self._cleaner.read(value, shown)
        raw = text if self.open and _differs(text, cell.value) else None
        told = cell if cell.notices or cell.failed or cell.spilled else None
        found = Known(cell.value, raw, told)
        # Long texts come again in no other file.
        if len(text) <= _LONGEST_KNOWN:
            self._known[key] = found
        return found


@dataclass(frozen=True, slots=True)
class RowReader:
    """A form that is being read from a sheet; `columns` are those with a value, by name."""

    grid: Grid
    plan: FormPlan
    columns: Mapping[str, ColumnReader]


def row_reader(context: Context, grid: Grid, plan: FormPlan) -> RowReader:
    """Make ready to read *plan* from *grid*."""
    same = ById(context.cleaner, context.vocabularies, plan)
    return RowReader(grid, plan, _readers(same, context.today, context.area_code))


@lru_cache(maxsize=_FORMS_KNOWN)
def _readers(same: ById, today: date, area_code: str) -> Mapping[str, ColumnReader]:
    cleaner, vocabularies, plan = same.things
    context = Context(cleaner, vocabularies, today, area_code)
    siblings = {column.name: column for column in plan.kept}
    return {name: ColumnReader(context, column, siblings) for name, column in siblings.items()}


class Told(NamedTuple):
    """A cell of which something has to be said: its row and column, counted within a block."""

    row: int
    order: int
    name: str
    cell: CleanedCell


@dataclass(slots=True)
class Block:
    """Rows of one table, or the only row of a card, with the fields of `PartColumns`."""

    lines: list[int] = field(default_factory=list)
    values: dict[str, list[Scalar]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    raw: dict[str, dict[int, str]] = field(default_factory=dict)
    failed: dict[str, list[int]] = field(default_factory=dict)
    moved: dict[str, dict[int, str]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def read_block(reader: RowReader, lines: Sequence[int], cells: Mapping[str, CellColumn]) -> Block:
    """Return what rows hold; *lines* count from 0 within the grid, *cells* are theirs by column."""
    top = reader.grid.sheet.first_row
    block = Block([line + top for line in lines])
    if not lines:
        return block
    nothing: list[Scalar] = [None] * len(lines)
    block.values = {name: list(nothing) for name in reader.columns if name not in cells}
    told: list[Told] = []
    for order, (name, found) in enumerate(cells.items()):
        told += _read_column(reader, block, name, found, order)
    block.values = {name: block.values[name] for name in reader.columns}
    told.sort(key=lambda one: one[:2])
    for one in told:
        if one.cell.failed:
            block.failed.setdefault(one.name, []).append(one.row)
    places = Places(reader.grid, block.lines, cells)
    kept = _spill(block, told, places)
    block.letters, block.moved = places.addresses()
    block.raw = by_first(block.raw)
    block.notices = list(_notices(reader, lines, cells, told, block, kept))
    return block


def read_card(reader: RowReader, first: int, lines: Iterable[Line]) -> Block:
    """Return the only row of a card, which stands where the card begins."""
    cells = {}
    for line in lines:
        key, place = content(reader.grid, CellRef((line.value,)))
        cells[line.column] = CellColumn([key], place[1], {0: place})
    return read_block(reader, [first], {n: c for n, c in cells.items() if n in reader.columns})


def _read_column(
    reader: RowReader, block: Block, name: str, found: CellColumn, order: int
) -> Iterable[Told]:
    keys = found.keys
    values, raw, told = reader.columns[name].understood(set(keys))
    block.values[name] = list(map(values.__getitem__, keys))
    if raw:
        block.raw[name] = {i: raw[key] for i, key in enumerate(keys) if key in raw}
    if not told:
        return ()
    return [Told(i, order, name, told[key]) for i, key in enumerate(keys) if key in told]


def read_value(
    reader: RowReader, name: str, value: CellValue, place: Place
) -> tuple[Scalar, list[Notice]]:
    """Return one value that stands by itself, e.g. in a line above a table."""
    key = key_of(value)
    values, _raw, told = reader.columns[name].understood((key,))
    notices = told[key].notices if key in told else ()
    return values[key], [_placed(n, reader, place, name, None) for n in notices]


def _spill(block: Block, told: Iterable[Told], places: Places) -> set[tuple[int, str, str]]:
    """Give what a cell holds for other columns to those that are blank.

    Return row, column and other column of what was kept so.
    """
    kept: set[tuple[int, str, str]] = set()
    failed = {name: set(rows) for name, rows in block.failed.items()}
    for index, _order, name, cell in told:
        for other, value in cell.spilled.items():
            free = other in block.values and block.values[other][index] is None
            if free and index not in failed.get(other, ()):
                block.values[other][index] = value
                places.copy(index, name, other)
                kept.add((index, name, other))
    return kept


def _notices(
    reader: RowReader,
    lines: Sequence[int],
    cells: Mapping[str, CellColumn],
    told: Iterable[Told],
    block: Block,
    kept: Container[tuple[int, str, str]],
) -> Iterable[Notice]:
    person = reader.plan.person
    people = cells.get(person) if person and reader.columns[person].open else None
    for index, _order, name, cell in told:
        who = (typed(people.keys[index]) or None) if people else None
        found = cells[name]
        place = found.places.get(index) or (lines[index], found.column)
        for notice in cell.notices:
            if notice.code == "value_split":
                split = _split_kept(notice, reader, block, kept, Told(index, _order, name, cell))
                yield from (_placed(one, reader, place, name, who) for one in split)
            else:
                yield _placed(notice, reader, place, name, who)


def _split_kept(
    notice: Notice,
    reader: RowReader,
    block: Block,
    kept: Container[tuple[int, str, str]],
    one: Told,
) -> Iterable[Notice]:
    """Say of a cell that was split what was kept of it, and what another cell contradicts."""
    stored = [other for other in one.cell.spilled if (one.row, one.name, other) in kept]
    if stored:
        own = [one.name] if one.cell.value is not None else []
        titles = ", ".join(reader.plan.column(name).title for name in (*own, *stored))
        yield replace(notice, params={"columns": titles})
    for other, said in one.cell.spilled.items():
        there = block.values[other][one.row] if other in block.values else None
        if other not in stored and there is not None and there != said:
            column = reader.plan.column(other)
            words = {
                "said": _as_typed(said),
                "other": column.title,
                "stored": _as_typed(there),
            }
            yield replace(notice, code="value_contradicted", severity="remark", params=words)


def _placed(notice: Notice, reader: RowReader, place: Place, name: str, who: str | None) -> Notice:
    row, column = reader.grid.excel(*place)
    return Notice(
        notice.code,
        notice.severity,
        reader.plan.code,
        reader.grid.sheet.name,
        row,
        notice.column or name,
        a1(row, column),
        notice.value,
        notice.params,
        who,
    )


def joined(blocks: Sequence[Block]) -> Block:
    """Return the rows of several tables as those of one."""
    blocks = [block for block in blocks if block.lines]
    if len(blocks) < 2:
        return blocks[0] if blocks else Block()
    whole = Block(values={name: [] for name in blocks[0].values})
    for block in blocks:
        for name, letter in block.letters.items():
            whole.letters.setdefault(name, letter)
    for block in blocks:
        start = len(whole.lines)
        whole.lines += block.lines
        whole.notices += block.notices
        for name, column in block.values.items():
            whole.values[name] += column
        for name, texts in block.raw.items():
            whole.raw.setdefault(name, {}).update((i + start, t) for i, t in texts.items())
        for name, rows in block.failed.items():
            whole.failed.setdefault(name, []).extend(i + start for i in rows)
        for name, letter in whole.letters.items():
            _move(whole, block, name, letter, start)
    whole.moved = by_first(
        {name: whole.moved[name] for name in whole.letters if name in whole.moved}
    )
    return whole


def _move(whole: Block, block: Block, name: str, letter: str, start: int) -> None:
    """Name the cells of a further table that stand under another letter than those above."""
    known, moved = block.letters.get(name), block.moved.get(name, {})
    if known == letter:
        odd = dict(moved)
    else:
        usual = (f"{known}{line}" if known else "" for line in block.lines)
        odd = {
            i: address
            for i, here in enumerate(usual)
            if (address := moved.get(i, here)) != f"{letter}{block.lines[i]}"
        }
    if odd:
        whole.moved.setdefault(name, {}).update((i + start, a) for i, a in odd.items())


def _differs(text: str, value: Scalar) -> bool:
    if text == value:
        return False
    if isinstance(value, bool):
        return text != ("да" if value else "нет")
    return text not in (value, _as_typed(value))


def _as_typed(value: Scalar) -> str:
    """A value as people write it: a day as «31.05.2027»."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        return f"{value[8:]}.{value[5:7]}.{value[:4]}"
    return shown_text(value)
