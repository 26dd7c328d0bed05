"""The board «кто что сдал»: each school and form, what came of it, and until when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from contracts.plan import FormPlan
from pipeline.model import Outcome, Unit
from pipeline.period import SchoolYear
from pipeline.publication.rates import rates
from pipeline.views import BoardLine, BoardState

__all__ = ["Sent", "board", "rates"]


_STATES: dict[Outcome, BoardState] = {
    "accepted": "accepted",
    "accepted_with_remarks": "accepted_with_remarks",
    "accepted_partly": "accepted_partly",
    "rejected": "rejected",
    "held": "held",
    "superseded": "accepted",
    "withdrawn": "none",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a unit sent of a form in the period: its newest part, and what counts.

    `number`, `outcome`, `nil`, `moment`, `errors` and `remarks` are those of the newest part;
    `in_force` is the submission whose data count, `first` the aware moment when a part was
    accepted for the first time, both None where nothing counts; `rows` counts rows in force.
    """

    unit: str
    form: str
    number: int
    outcome: Outcome
    moment: datetime
    nil: bool = False
    in_force: int | None = None
    first: datetime | None = None
    rows: int = 0
    errors: int = 0
    remarks: int = 0


def board(
    units: Iterable[Unit],
    plans: Mapping[str, FormPlan],
    sent: Iterable[Sent],
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
    year = SchoolYear.parse(period)
    days = {
        (unit, code): year.due_day(plan.due) if plan.due else None
        for unit in asked
        for code, plan in plans.items()
    }
    return tuple(
        _line(*key, by_key.get(key), days.get(key), today, zone)
        for key in sorted(days.keys() | by_key.keys())
    )


def _line(
    unit: str, form: str, part: Sent | None, due: date | None, today: date, zone: tzinfo
) -> BoardLine:
    past = due is not None and today > due
    if part is None:
        return BoardLine(unit, form, "none", due=due, late=past)
    counts = part.in_force is not None
    state = _STATES[part.outcome]
    return BoardLine(
        unit,
        form,
        "nil" if part.nil and state in ("accepted", "accepted_with_remarks") else state,
        part.number,
        part.in_force,
        part.moment,
        due,
        late=past and not counts,
        on_time=counts and _in_time(part.first, due, zone),
        rows=part.rows,
        errors=part.errors,
        remarks=part.remarks,
    )


def _in_time(first: datetime | None, due: date | None, zone: tzinfo) -> bool:
    """A form nobody asked for by a day is never late."""
    return due is None or (first is not None and first.astimezone(zone).date() <= due)
