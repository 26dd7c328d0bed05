"""What one unit sees of a publication: its own rows, and what is said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.publication.people import base_rows, remember, rows_key
from pipeline.views import (
    BoardLine,
    IndicatorPerson,
    IndicatorUnit,
    PublishView,
    Remark,
)

if TYPE_CHECKING:
    import pandas as pd

Thing = TypeVar("Thing")


def unit_codes(view: PublishView) -> list[str]:
    """Return the codes of all units that are known or have rows, in order."""
    groups = remember(view, "groups by unit", _groups)
    return sorted({unit.code for unit in view.units}.union(*groups.rows.values()))


def unit_names(view: PublishView) -> Mapping[str, str]:
    """Return the short name of each unit by its code."""
    return remember(view, "unit names", _unit_names)


def view_of_unit(view: PublishView, code: str) -> PublishView:
    """Return the view of one unit: all units are listed, the rest is its own alone.

    Of the indicators `persons` and `breakdown` are those of the unit; the sums stay those of all.
    """
    return remember(view, f"view of {code}", partial(_view_of_unit, code))


def _unit_names(view: PublishView) -> Mapping[str, str]:
    return {unit.code: unit.short_name for unit in view.units}


def _view_of_unit(code: str, view: PublishView) -> PublishView:
    groups = remember(view, "groups by unit", _groups)
    made = replace(
        view,
        rows=_OfUnit(view.rows, code),
        bases=_OfUnit(view.bases, code),
        board=tuple(groups.board.get(code, ())),
        remarks=tuple(groups.remarks.get(code, ())),
        indicators={
            name: replace(
                result,
                breakdown=tuple(groups.shares[name].get(code, ())),
                persons=tuple(groups.persons[name].get(code, ())),
            )
            for name, result in view.indicators.items()
        },
        submitted=tuple(groups.submitted.get(code, ())),
    )
    made.remembered["unit names"] = unit_names(view)
    for form, rows in groups.rows.items():
        made.remembered[rows_key(form)] = rows.get(code, [])
    return made


@dataclass(frozen=True, slots=True)
class _Groups:
    """Everything of a view by unit, so that a unit is not sought among all."""

    rows: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
    board: Mapping[str, Sequence[BoardLine]]
    remarks: Mapping[str, Sequence[Remark]]
    shares: Mapping[str, Mapping[str, Sequence[IndicatorUnit]]]
    persons: Mapping[str, Mapping[str, Sequence[IndicatorPerson]]]
    submitted: Mapping[str, Sequence[tuple[str, str]]]


class _OfUnit(Mapping[str, "pd.DataFrame"]):
    """Tables by form, each cut to the rows of one unit when it is asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], unit: str) -> None:
        self._tables = tables
        self._unit = unit

    def __getitem__(self, form: str) -> pd.DataFrame:
        table = self._tables[form]
        return table[table["unit"] == self._unit].reset_index(drop=True)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _groups(view: PublishView) -> _Groups:
    results = view.indicators.items()
    return _Groups(
        {form: _by(base_rows(view, form), lambda row: row["unit"]) for form in view.plans},
        _by(view.board, lambda line: line.unit),
        _by(view.remarks, lambda remark: remark.unit),
        {name: _by(result.breakdown, lambda share: share.unit) for name, result in results},
        {name: _by(result.persons, lambda person: person.unit) for name, result in results},
        _by(view.submitted, lambda pair: pair[0]),
    )


def _by(things: Iterable[Thing], unit: Callable[[Thing], str]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        found[unit(thing)].append(thing)
    return dict(found)
