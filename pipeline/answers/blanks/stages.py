"""A form with stages has a sheet for each: «9 Мониторинг входящий», «9 Мониторинг итоговый»."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contracts.plan import FormPlan
from pipeline.model import Scalar
from pipeline.words import STAGES, staged

_COLUMN = "stage"


def by_stage(plan: FormPlan) -> tuple[FormPlan, ...]:
    """Return the form as it stands on each of its sheets: the name says the stage, no column."""
    columns = tuple(column for column in plan.columns if column.name != _COLUMN)
    return tuple(
        replace(
            plan,
            sheet=f"{plan.sheet} {STAGES[stage]}",
            title=staged(plan.title, stage),
            columns=columns,
            stages=(stage,),
        )
        for stage in plan.stages
    ) or (plan,)


def rows_of(sheet: FormPlan, rows: Iterable[Mapping[str, Scalar]]) -> list[Mapping[str, Scalar]]:
    """Return the rows that belong on a sheet of `by_stage`."""
    if not sheet.stages:
        return list(rows)
    return [row for row in rows if row.get(_COLUMN) == STAGES[sheet.stages[0]]]
