"""The school year: read as it is typed, spelled «2026-2027», and the days that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_SPELLED = re.compile(r"20\d\d-20\d\d")
# Two years as people join them; the second may be cut short. «2026-27-01» is a piece of something
# else.
_YEARS = re.compile(r"(?<!\d)(?P<first>\d{4})\s*[-–—−/\\]\s*(?P<last>\d{4}|\d\d)(?!\d|[-.]\d)")
_ONE_YEAR = re.compile(r"\d{4} ?уч.{0,20}", re.IGNORECASE)
_LONGEST_REST = 30
_SEPTEMBER = 9
# A school year's first due dates are in August, its last ones in July.
_FIRST_DUE_MONTH = 8


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year by its first calendar year; its text is «2026-2027»."""

    first: int

    @classmethod
    def parse(cls, period: str) -> SchoolYear:
        """Return the year that is spelled «2026-2027»; ValueError where it is spelled otherwise."""
        return _parsed(period)

    @classmethod
    def find(cls, text: str) -> SchoolYear | None:
        """Return the first school year in *text*, however it is typed; None where there is none."""
        for match in _YEARS.finditer(text):
            if match["first"][:2] == "20" and _follow(match):
                return cls(int(match["first"]))
        return None

    @classmethod
    def of(cls, day: date) -> SchoolYear:
        """Return the school year of a day: it begins in September."""
        return cls(day.year if day.month >= _SEPTEMBER else day.year - 1)

    @property
    def last(self) -> int:
        """The calendar year in which it ends."""
        return self.first + 1

    @property
    def begins(self) -> date:
        """Its first day, 1 September."""
        return date(self.first, _SEPTEMBER, 1)

    @property
    def ends(self) -> date:
        """Its last day, 31 August."""
        return date(self.last, 8, 31)

    def plus(self, years: int) -> SchoolYear:
        """Return the school year that many years later."""
        return SchoolYear(self.first + years)

    def due_day(self, due: str) -> date:
        """Return the day that «MM-DD» means in this school year; ValueError where it is none."""
        month, day = (int(part) for part in due.split("-"))
        return date(self.first if month >= _FIRST_DUE_MONTH else self.last, month, day)

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


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


@lru_cache(maxsize=64)
def _parsed(period: str) -> SchoolYear:
    year = SchoolYear(int(period[:4])) if _SPELLED.fullmatch(period) else None
    if year is None or str(year) != period:
        raise ValueError(f"no school year: {period!r}")
    return year
