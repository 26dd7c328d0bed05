"""From the cells of one row, or one card, to canonical values and notices with their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.model import CellValue, Notice, ParsedRow, Scalar
from pipeline.recognise.grid import Grid, Place
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


@dataclass(frozen=True, slots=True)
class Spot:
    """The cells that make one value, and what joins their texts."""

    cells: tuple[Place, ...]
    join: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    value: CellValue
    shown: str | None
    typed: str
    place: Place


def read_row(
    context: Context, grid: Grid, plan: FormPlan, row: int, spots: Mapping[str, Spot]
) -> tuple[ParsedRow, list[Notice]]:
    """Return the values of one row (for a card: of all its lines) and what has to be said.

    *row* is the number Excel shows; *spots* maps names of the form's columns to their cells.
    """
    siblings = {column.name: column for column in plan.kept}
    found = {
        name: _content(grid, spot) for name, spot in spots.items() if not plan.column(name).ignored
    }
    who = _who(plan, found)
    values: dict[str, Scalar] = dict.fromkeys(plan.names)
    notices: list[Notice] = []
    raw, failed, spilled = {}, [], {}
    for name, content in found.items():
        if not content.typed:
            continue
        column = siblings[name]
        cleaned = _cleaned(context, content, column, siblings)
        values[name] = cleaned.value
        notices += [_placed(n, grid, plan, content.place, name, who) for n in cleaned.notices]
        if cleaned.failed:
            failed.append(name)
        if column.privacy != "D" and _differs(content.typed, cleaned.value):
            raw[name] = content.typed
        spilled.update({to: (value, content) for to, value in cleaned.spilled.items()})
    cells = {name: a1(*grid.excel(*content.place)) for name, content in found.items()}
    for name, (value, content) in spilled.items():
        if name in values and values[name] is None and name not in failed:
            values[name] = value
            cells[name] = a1(*grid.excel(*content.place))
    return ParsedRow(row, values, raw, cells, tuple(failed)), notices


def read_value(
    context: Context, grid: Grid, plan: FormPlan, name: str, content: tuple[CellValue, Place]
) -> tuple[Scalar, list[Notice]]:
    """Return one value that stands by itself, e.g. in a line above a table."""
    value, place = content
    whole = _Content(value, None, shown_text(value), place)
    siblings = {column.name: column for column in plan.kept}
    cleaned = _cleaned(context, whole, siblings[name], siblings)
    return cleaned.value, [_placed(n, grid, plan, place, name, None) for n in cleaned.notices]


def _cleaned(
    context: Context, content: _Content, column: Column, siblings: Mapping[str, Column]
) -> CleanedCell:
    return context.clean(
        content.value,
        column,
        context.vocabularies,
        shown=content.shown,
        siblings=siblings,
        today=context.today,
        area_code=context.area_code,
    )


def _content(grid: Grid, spot: Spot) -> _Content:
    places = [_source(grid, place) for place in spot.cells]
    filled = [place for place in places if grid.text(*place)]
    if not filled:
        return _Content(None, None, "", spot.cells[0])
    if len(filled) == 1:
        place = filled[0]
        shown = None if grid.excel(*place) in grid.sheet.errors else grid.shown(*place)
        return _Content(grid.value(*place), shown, grid.text(*place), place)
    text = spot.join.join(grid.text(*place) for place in filled)
    return _Content(text, None, text, filled[0])


def _source(grid: Grid, place: Place) -> Place:
    """A cell merged downwards speaks for every row it covers."""
    origin = grid.origin.get(place)
    return origin if origin and origin[1] == place[1] else place


def _who(plan: FormPlan, found: Mapping[str, _Content]) -> str | None:
    if plan.person is None or plan.person not in found:
        return None
    if plan.column(plan.person).privacy == "D":
        return None
    return found[plan.person].typed or None


def _placed(
    notice: Notice, grid: Grid, plan: FormPlan, place: Place, name: str, who: str | None
) -> Notice:
    row, column = grid.excel(*place)
    return replace(
        notice,
        form=plan.code,
        sheet=grid.sheet.name,
        row=row,
        cell=a1(row, column),
        column=notice.column or name,
        who=who,
    )


def _differs(typed: str, value: Scalar) -> bool:
    if isinstance(value, bool):
        return typed != ("да" if value else "нет")
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        return typed not in (value, f"{value[8:]}.{value[5:7]}.{value[:4]}")
    return typed != shown_text(value)
