"""The school year «2026-2027»: read, spelled, and the days it begins and is due on."""

from __future__ import annotations

import re
from datetime import date

PERIOD = re.compile(r"^(20\d\d)-(20\d\d)$")


# Two years as people join them; the second may be cut short.
_YEARS = re.compile(r"(?P<first>\d{4})\s*[-–—/\\]\s*(?P<last>\d{4}|\d\d)(?!\d)")
_ONE_YEAR = re.compile(r"\d{4} ?уч.{0,20}", re.IGNORECASE)
_LONGEST_REST = 30


# A school year's first due dates are in August, its last ones in July.
_FIRST_MONTH = 8
_SEPTEMBER = 9


def read_period(text: str) -> str | None:
    """Return «2026-2027» from any way of writing a school year; None where there is none."""
    periods = (match for match in _YEARS.finditer(text) if _follow(match))
    first = next((int(match["first"]) for match in periods if match["first"][:2] == "20"), None)
    return None if first is None else f"{first}-{first + 1}"


def is_school_year(text: str) -> bool:
    """Whether *text* as a whole names a school year, or a span of years, and so is no date."""
    match = _YEARS.match(text)
    if match is None:
        return _ONE_YEAR.fullmatch(text) is not None
    rest = text[match.end() :]
    said = _follow(match) or len(match["last"]) > 2 or rest.strip().lower().startswith("уч")
    return said and len(rest) <= _LONGEST_REST


def _follow(match: re.Match[str]) -> bool:
    """Whether the second year follows the first: «2026-2027», «2026/27»."""
    following = str(int(match["first"]) + 1)
    return match["last"] in (following, following[2:])


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
