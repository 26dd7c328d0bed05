"""The school year: one reading where there were three, and the days that belong to it."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.period import SchoolYear

YEAR = SchoolYear(2026)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026-2027", YEAR),
        ("2026/27 уч. год", YEAR),
        ("2026–2027 уч.г.", YEAR),
        ("2026 / 2027", YEAR),
        ("за 2026-2027, а не за 2025-2026", YEAR),
        ("с 2025-2027 по 2026-2027", YEAR),
        ("2026-2028", None),
        ("2026", None),
        ("год", None),
        ("", None),
        # What follows or goes before made a year of other numbers.
        ("2026-271", None),
        ("12026-2027", None),
        ("2006-07-01", None),
    ],
)
def test_a_year_is_found_however_it_is_typed(text, year):
    assert SchoolYear.find(text) == year


@pytest.mark.parametrize("text", ["2026-2028", "2026-27", "2026-2027\n", "2026", "", "2099-2000"])
def test_another_spelling_is_no_year(text):
    """A folder «2026-2028» was taken for a year of which settings and Паспорт knew nothing."""
    with pytest.raises(ValueError, match="no school year"):
        SchoolYear.parse(text)


def test_it_is_spelled_as_it_is_parsed():
    assert str(SchoolYear.parse("2026-2027")) == "2026-2027"
    assert (YEAR.first, YEAR.last) == (2026, 2027)
    assert (YEAR.begins, YEAR.ends) == (date(2026, 9, 1), date(2027, 8, 31))
    assert YEAR.plus(-5) == SchoolYear(2021)


def test_every_day_belongs_to_one_year():
    assert SchoolYear.of(YEAR.begins) == SchoolYear.of(YEAR.ends) == YEAR
    assert SchoolYear.of(date(2026, 8, 31)) == SchoolYear(2025)


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("09-10", date(2026, 9, 10)),
        # The board meant this year's August, the blank the next one's.
        ("08-31", date(2026, 8, 31)),
        ("12-31", date(2026, 12, 31)),
        ("01-20", date(2027, 1, 20)),
        ("07-01", date(2027, 7, 1)),
    ],
)
def test_a_due_day_belongs_to_the_school_year(due, day):
    assert YEAR.due_day(due) == day


@pytest.mark.parametrize("due", ["02-30", "13-01", "октябрь"])
def test_what_is_no_day_is_refused(due):
    with pytest.raises(ValueError):  # the words are the standard library's
        YEAR.due_day(due)
