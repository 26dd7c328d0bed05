"""What publication reads of the store: rows in force as plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.model import places_of
from pipeline.store.frames import plain_columns, plain_rows
from pipeline.store.rows import InForcePart
from pipeline.text import person_key
from pipeline.views import PROVENANCE, PublishView, Rows
from pipeline.words import STAGES
from pipeline.workspace.exchange import Exchange


def rows_of_unit(exchange: Exchange, view: PublishView, unit: str) -> dict[str, Rows]:
    """Return the rows in force of a unit by form, each by stage and place."""
    parts = exchange.store.parts_in_force(view.period, unit=unit)
    return {
        form: _rows(view, form, some)
        for form, some in groupby(parts, key=lambda part: part.form)
        if form in view.plans
    }


def people_returned(exchange: Exchange, view: PublishView, unit: str) -> dict[str, frozenset[str]]:
    """Return by form the keys of the names in rows of a unit's counting files that went back.

    A name that could not be read is there as it was typed, a pupil's as its code: nothing of such
    rows is stored but what their notices say.
    """
    found: dict[str, set[str]] = {}
    for part in exchange.store.parts_in_force(view.period, unit=unit):
        if "rejected" not in part.columns.states:
            continue
        submission = exchange.store.submission(part.submission)
        for one in submission.parts if submission else ():
            if one.index == part.part:
                errors = (n for n in one.notices if n.severity == "error" and n.row and n.who)
                found.setdefault(part.form, set()).update(person_key(n.who or "") for n in errors)
    return {form: frozenset(names - {""}) for form, names in found.items()}


def rows_of_form(exchange: Exchange, view: PublishView, form: str) -> Rows:
    """Return the rows in force of a form, by unit, stage and place."""
    return _rows(view, form, exchange.store.parts_in_force(view.period, form=form))


def _rows(view: PublishView, form: str, parts: Iterable[InForcePart]) -> Rows:
    plan = view.plans[form]
    columns: dict[str, list[Any]] = {name: [] for name in (*plan.names, *PROVENANCE)}
    for part in parts:
        stored, indices = part.columns, part.indices
        values: Mapping[str, Sequence[Any]] = stored.values
        if plan.stages:
            # The stage is that of the part: the sheet's name or a person said it, not the cell.
            values = {**values, "stage": [STAGES.get(part.stage)] * len(stored)}
        nothing = [None] * len(stored)
        whole = len(indices) == len(stored)
        for name in plan.names:
            column = values.get(name, nothing)
            columns[name] += column if whole else [column[i] for i in indices]
        columns["unit"] += [part.unit] * len(indices)
        columns["row_id"] += part.row_ids()
        columns["submission"] += [part.submission] * len(indices)
        sheets, lines = places_of(part.sheet, [stored.lines[i] for i in indices])
        columns["sheet"] += sheets
        columns["line"] += lines
        columns["prior"] += map(part.prior.__contains__, indices)
    return tuple(plain_rows({**columns, **plain_columns(plan, columns)}))
