"""Dates that cannot be, and dates of another school year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, Scalar
from pipeline.period import SchoolYear
from pipeline.views import CheckView

# People enter a programme within five years before the school year and sixty days from today.
_YEARS_BACK = 5
_DAYS_AHEAD = 60


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the rules about dates of a programme."""
    return (
        Stage(
            "dates",
            "даты программы идут по порядку и относятся к учебному году",
            "check",
            check_dates,
            ("F04", "F05"),
        ),
    )


def check_dates(view: CheckView) -> Iterator[Notice]:
    """Check the dates of each row."""
    part = view.columns
    columns = (part.column(name) for name in ("entry_date", "end_date", "birth_year"))
    for row, entered, ended, born in zip(part.lines, *columns, strict=True):
        entry, end = _date(entered), _date(ended)
        if entry and end and end < entry:
            yield _notice("end_before_entry", row, "end_date", entry=entry, end=end)
        elif end:
            yield from _end(view, row, end)
        if entry:
            yield from _entry(view, row, entry, born)


def _end(view: CheckView, row: int, end: date) -> Iterator[Notice]:
    year = SchoolYear.parse(view.period)
    limit = year.plus(1).ends
    if end > limit:
        yield _notice("end_too_late", row, "end_date", end=end, limit=limit)
    elif end < year.begins:
        yield Notice(
            "period_dates_differ",
            "remark",
            row=row,
            column="end_date",
            value=_shown(end),
            params={"period": view.period},
        )


def _entry(view: CheckView, row: int, entry: date, born: Scalar) -> Iterator[Notice]:
    first = SchoolYear.parse(view.period).plus(-_YEARS_BACK).begins
    last = view.today + timedelta(days=_DAYS_AHEAD)
    if not first <= entry <= last:
        yield _notice("entry_out_of_reach", row, "entry_date", entry=entry, first=first, last=last)
    if isinstance(born, int) and born >= entry.year:
        yield Notice(
            "birth_after_entry",
            # What only we ask for never returns a row.
            "error" if view.plan.column("birth_year").official else "remark",
            row=row,
            column="birth_year",
            params={"entry": _shown(entry), "birth": str(born)},
        )


def _notice(code: str, row: int, column: str, **dates: date) -> Notice:
    words = {name: _shown(day) for name, day in dates.items()}
    return Notice(code, "error", row=row, column=column, params=words)


def _shown(day: date) -> str:
    return day.strftime("%d.%m.%Y")


@lru_cache(maxsize=4096)
def _date(value: Scalar) -> date | None:
    return date.fromisoformat(str(value)) if value else None
