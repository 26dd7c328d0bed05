"""What publication reads of the store: rows in force as plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from pipeline.store.frames import Row, plain_columns, plain_rows
from pipeline.store.rows import RowInfo
from pipeline.views import PROVENANCE, PublishView
from pipeline.workspace.exchange import Exchange


def rows_in_force(
    exchange: Exchange, view: PublishView, form: str, unit: str | None = None
) -> list[Row]:
    """Return the rows in force of a form, of one unit or of all, by unit, stage and place."""
    return _rows(view, form, exchange.store.rows_in_force(view.period, form, unit))


def _rows(view: PublishView, form: str, stored: Iterable[RowInfo]) -> list[Row]:
    plan = view.plans[form]
    infos = list(stored)
    columns: dict[str, Any] = {
        name: [info.values.get(name) for info in infos] for name in plan.names
    }
    origin = {name: [attrgetter(name)(info) for info in infos] for name in PROVENANCE}
    return plain_rows({**plain_columns(plan, columns), **origin})
