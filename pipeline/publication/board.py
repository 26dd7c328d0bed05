"""The board «кто что сдал»: each school and form, what came of it, and until when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from pipeline.model import Outcome, Unit
from pipeline.publication.rates import rates
from pipeline.views import BoardLine, BoardState
from pipeline.workspace.calendar import Calendar, standing

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
    """What a unit sent of a form and stage in the period: its newest part, and what counts.

    `number`, `outcome`, `nil`, `moment`, `errors` and `remarks` are those of the newest part;
    `in_force` is the submission whose data count, None where nothing does, `taken` the aware
    moments when parts were accepted; `rows` counts rows in force.
    """

    unit: str
    form: str
    number: int
    outcome: Outcome
    moment: datetime
    nil: bool = False
    in_force: int | None = None
    taken: tuple[datetime, ...] = ()
    rows: int = 0
    errors: int = 0
    remarks: int = 0
    stage: str = ""


def board(
    units: Iterable[Unit],
    calendar: Calendar,
    sent: Iterable[Sent],
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
    part: Sent | None,
    days: Sequence[date],
    today: date,
    zone: tzinfo,
) -> BoardLine:
    unit, form, stage = key
    taken = part.taken if part else ()
    given = [moment.astimezone(zone).date() for moment in taken]
    counts = part is not None and part.in_force is not None
    stands = standing(days, given, today, counts=counts)
    if part is None:
        return BoardLine(unit, form, "none", due=stands.due, late=stands.late, stage=stage)
    state = _STATES[part.outcome]
    return BoardLine(
        unit,
        form,
        "nil" if part.nil and state in ("accepted", "accepted_with_remarks") else state,
        part.number,
        part.in_force,
        part.moment,
        stands.due,
        late=stands.late,
        on_time=stands.on_time,
        rows=part.rows,
        errors=part.errors,
        remarks=part.remarks,
        stage=stage,
    )
