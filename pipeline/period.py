"""The school year «2026-2027»: read, spelled, and the days it begins and is due on."""

from __future__ import annotations

import re
from datetime import date

PERIOD = re.compile(r"^(20\d\d)-(20\d\d)$")


_YEARS = re.compile(r"(20\d\d)\s*[-–—/\\]\s*((?:20)?\d\d)")


# A school year's first due dates are in August, its last ones in July.
_FIRST_MONTH = 8
_SEPTEMBER = 9


def read_period(text: str) -> str | None:
    """Return «2026-2027» from any way of writing a school year; None where there is none."""
    match = _YEARS.search(text)
    if not match:
        return None
    first, second = int(match[1]), int(match[2][-2:])
    return f"{first}-{first + 1}" if (first + 1) % 100 == second else None


def period_start(period: str) -> date:
    """Return 1 September of the school year."""
    return date(int(period[:4]), 9, 1)


def school_years(period: str) -> tuple[int, int]:
    """Return the two calendar years of a period «2026-2027»."""
    first, second = period.split("-")
    return int(first), int(second)


def due_day(due: str, period: str) -> date | None:
    """Return the day that «MM-DD» means in the school year *period*; None where none is asked."""
    if not due:
        return None
    month, day = (int(part) for part in due.split("-"))
    first, second = school_years(period)
    return date(first if month >= _FIRST_MONTH else second, month, day)


def school_year(day: date) -> str:
    """Return the school year of a day: it begins in September."""
    first = day.year if day.month >= _SEPTEMBER else day.year - 1
    return f"{first}-{first + 1}"
