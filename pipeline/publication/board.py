"""The board «кто что сдал»: each school and form, what came of it, and until when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from contracts.plan import FormPlan
from pipeline.model import Outcome, Unit
from pipeline.period import due_day
from pipeline.publication.rates import rates
from pipeline.store.rows import BoardPart, PartInfo
from pipeline.views import BoardLine, BoardState

__all__ = ["board", "due_day", "rates"]


_STATES: dict[Outcome, BoardState] = {
    "accepted": "accepted",
    "accepted_with_remarks": "accepted_with_remarks",
    "accepted_partly": "accepted_partly",
    "rejected": "rejected",
    "held": "held",
    "superseded": "accepted",
    "withdrawn": "none",
}


def board(
    units: Iterable[Unit],
    plans: Mapping[str, FormPlan],
    sent: Iterable[BoardPart],
    period: str,
    today: date,
    *,
    zone: tzinfo,
) -> tuple[BoardLine, ...]:
    """Return one line per unit and form: every school of the day, and whoever else sent something.

    Sorted by unit and form. *zone* says which day a moment belongs to.
    """
    by_key = {(part.unit, part.form): part for part in sent}
    asked = [unit.code for unit in units if unit.kind == "ОО" and unit.active(today)]
    days = {
        (unit, code): due_day(plan.due, period) for unit in asked for code, plan in plans.items()
    }
    return tuple(
        _line(*key, by_key.get(key), days.get(key), today, zone)
        for key in sorted(days.keys() | by_key.keys())
    )


def _line(
    unit: str, form: str, part: BoardPart | None, due: date | None, today: date, zone: tzinfo
) -> BoardLine:
    past = due is not None and today > due
    if part is None:
        return BoardLine(unit, form, "none", due=due, late=past)
    newest, counts = part.newest, part.in_force is not None
    state = _STATES[newest.outcome_now]
    return BoardLine(
        unit,
        form,
        "nil" if newest.nil and state in ("accepted", "accepted_with_remarks") else state,
        newest.number,
        part.in_force.number if part.in_force else None,
        datetime.fromisoformat(newest.moment),
        due,
        late=past and not counts,
        on_time=counts and _in_time(part.first, due, zone),
        rows=part.rows,
        errors=newest.errors,
        remarks=newest.remarks,
    )


def _in_time(first: PartInfo | None, due: date | None, zone: tzinfo) -> bool:
    """A form nobody asked for by a day is never late."""
    if due is None or first is None:
        return due is None
    return datetime.fromisoformat(first.moment).astimezone(zone).date() <= due
