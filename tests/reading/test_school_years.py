"""One reader of school years, and where it differs from the three that were before it."""

from __future__ import annotations

import pytest

from pipeline.period import SchoolYear, is_school_year
from tests.support.normalise_cases import codes, read
from tests.support.recognise_books import MENTOR, MENTOR_HEADERS
from tests.support.recognise_books import read as recognised


def above(line):
    """The period that a line above a table tells."""
    return recognised([[line], [], MENTOR_HEADERS, MENTOR]).passport.get("period")


def year_in(text):
    """The school year that a name of a file or a Паспорт tells, spelled."""
    year = SchoolYear.find(text)
    return None if year is None else str(year)


def in_date(text):
    """What is said of a date cell."""
    return codes(read(text, "date"))


SAME = ["2026-2027", "2026–2027 уч. год", "2026/27", "2026 — 2027 учебный год"]


@pytest.mark.parametrize("text", SAME)
def test_all_three_places_know_a_school_year(text):
    assert (year_in(text), above(text)) == ("2026-2027", "2026-2027")
    assert in_date(text) == ["date_is_school_year"]


def test_a_digit_behind_the_second_year_makes_it_another_number():
    """So it was above a table; a name of a file was cut at two digits, and so was a date."""
    assert year_in("приказ 2026-2712") is None
    assert above("Приказ 2026-2712") is None
    assert in_date("2026-271") == ["date_unreadable"]


def test_years_that_do_not_follow_are_no_period():
    """So it was in a name of a file; a line above a table took any two years."""
    assert above("Программа развития на 2024-2027 годы") is None


def test_the_first_pair_that_follows_is_the_period():
    """Whatever span of years stands before it; only the first two years were looked at."""
    line = "Программа 2024-2029, отчёт за 2026-2027 уч. год"
    assert (year_in(line), above(line)) == ("2026-2027", "2026-2027")


def test_a_backslash_joins_years_everywhere():
    """So it was in a name of a file only."""
    assert (year_in("2026\\27"), above("2026\\27 учебный год")) == ("2026-2027", "2026-2027")
    assert in_date("2026\\2027") == ["date_is_school_year"]


def test_a_date_cell_may_name_a_span_or_a_year_of_the_last_century():
    """So it was, and it is told as no date; a period of ours it is not."""
    for text in ("2020-2025", "1998-1999", "1998/99", "2026 уч. год", "2024/26 учебные годы"):
        assert is_school_year(text), text
        assert year_in(text) is None
        assert in_date(text) == ["date_is_school_year"]


def test_a_text_that_only_begins_with_years_is_no_school_year():
    assert not is_school_year("2026-2027 " + "очень длинное примечание о работе школы")
    assert not is_school_year("01.09.2026")
    assert not is_school_year("2026-27-01"), "a mistyped date, as where a year is looked for"
