"""What check stages get to see of the parts of one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from contracts.plan import FormPlan
from pipeline.acceptance.contract_checks import table_of
from pipeline.model import ParsedFile, PartColumns, Unit
from pipeline.views import CheckView, FormRows


def nothing_in_force(form: str) -> PartColumns:
    """Return a form of a unit that has sent nothing yet."""
    return PartColumns(form, "")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Whose file is looked at, for which school year, on which day, and the registry of units.

    `derived` keeps what rules make of the registry, for all files of a run.
    """

    unit: Unit
    period: str
    today: date
    units: Mapping[str, Unit] = field(default_factory=dict)
    derived: dict[Any, Any] = field(default_factory=dict)


def part_views(
    file: ParsedFile,
    plans: Mapping[str, FormPlan],
    given: Circumstances,
    columns_in_force: Callable[[str], PartColumns] = nothing_in_force,
) -> tuple[CheckView, ...]:
    """Return a view of each part of *file*; they share what is made of its rows."""
    parts = tuple(map(_sealed, file.parts))
    columns = {part.form: part for part in parts}
    rows = FormRows(columns)
    return tuple(
        CheckView(
            plan=plans[part.form],
            unit=given.unit,
            period=given.period,
            today=given.today,
            columns=part,
            file_columns=columns,
            columns_in_force=columns_in_force,
            units=given.units,
            table=lambda shown: table_of(plans[shown.form], [shown]),
            file_rows=rows,
            derived=given.derived,
        )
        for part in parts
    )


def _sealed(part: PartColumns) -> PartColumns:
    """The same part with values that nobody can change, because it goes on from here."""
    values = {name: tuple(column) for name, column in part.values.items()}
    return replace(part, values=MappingProxyType(values))
