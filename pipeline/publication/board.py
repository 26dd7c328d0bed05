"""The board «кто что сдал»: each school and form, what came of it, and until when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from pipeline.model import Outcome, Unit
from pipeline.store.rows import BoardPart
from pipeline.views import BoardLine, BoardState
from pipeline.workspace.calendar import Calendar, standing

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
    calendar: Calendar,
    sent: Iterable[BoardPart],
    today: date,
    *,
    zone: tzinfo,
) -> tuple[BoardLine, ...]:
    """Return one line per unit, form and stage: every school of the day, and whoever sent more.

    Sorted by unit, form and stage, stages in their order. *zone* says which day a moment belongs
    to.
    """
    by_key = {(part.unit, part.form, part.stage): part for part in sent}
    asked = [unit for unit in units if unit.kind == "ОО" and unit.active(today)]
    days = {
        (unit.code, code, stage): calendar.days(code, stage, unit)
        for unit in asked
        for code, plan in calendar.plans.items()
        for stage in plan.stages or ("",)
    }
    orders = {code: plan.stages for code, plan in calendar.plans.items()}

    def place(key: tuple[str, str, str]) -> tuple[str, str, int, str]:
        unit, form, stage = key
        stages = orders.get(form, ())
        return unit, form, stages.index(stage) if stage in stages else len(stages), stage

    return tuple(
        _line(key, by_key.get(key), days.get(key, ()), today, zone)
        for key in sorted(days.keys() | by_key.keys(), key=place)
    )


def _line(
    key: tuple[str, str, str],
    part: BoardPart | None,
    days: Sequence[date],
    today: date,
    zone: tzinfo,
) -> BoardLine:
    unit, form, stage = key
    taken = part.taken if part else ()
    given = [datetime.fromisoformat(moment).astimezone(zone).date() for moment in taken]
    counts = part is not None and part.in_force is not None
    stands = standing(days, given, today, counts=counts)
    if part is None:
        return BoardLine(unit, form, "none", due=stands.due, late=stands.late, stage=stage)
    newest = part.newest
    state = _STATES[newest.outcome_now]
    return BoardLine(
        unit,
        form,
        "nil" if newest.nil and state in ("accepted", "accepted_with_remarks") else state,
        newest.number,
        part.in_force.number if part.in_force else None,
        datetime.fromisoformat(newest.moment),
        stands.due,
        late=stands.late,
        on_time=stands.on_time,
        rows=part.rows,
        errors=newest.errors,
        remarks=newest.remarks,
        stage=stage,
    )
