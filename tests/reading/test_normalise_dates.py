"""Dates and years as schools write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from tests.support.normalise_cases import codes, read


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("14.09.2020г.", "2020-09-14"),
        ("31. 03. 22 г.", "2022-03-31"),
        ("«08» декабря 2022 г.", "2022-12-08"),
        ("«_24» марта 2022г.", "2022-03-24"),
        ("12 января2022 г.", "2022-01-12"),
        ("17.03.2023 года", "2023-03-17"),
        ("1 мая 2026", "2026-05-01"),
        ("с 1 сентября 2026 года", "2026-09-01"),
        ("2026-09-01", "2026-09-01"),
        ("2026-09-01T12:30:00", "2026-09-01"),
        ("2026-09-01 00:00:00", "2026-09-01"),
        ("01.09.2026 10:15", "2026-09-01"),
        (45184, "2023-09-15"),
        (45184.75, "2023-09-15"),
        ("45184", "2023-09-15"),
        ("45184.0", "2023-09-15"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 13, 5), "2026-09-01"),  # noqa: DTZ001  # cells have no zone
        ("01/09/2026", "2026-09-01"),
        ("9/15/2026", "2026-09-15"),
        ("1.9.26", "2026-09-01"),
        ("01-09-2026", "2026-09-01"),
        ("01.09\u00a02026", "2026-09-01"),
    ],
)
def test_a_date_is_read_in_every_usual_spelling(cell, day):
    cleaned = read(cell, "date")
    assert (cleaned.value, cleaned.notices, cleaned.failed) == (day, (), False)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-2027 уч. год", "date_is_school_year"),
        ("2026/27", "date_is_school_year"),
        ("2026–2027", "date_is_school_year"),
        ("31.02.2026", "date_impossible"),
        ("2026-13-01", "date_impossible"),
        ("01.09.0202", "date_impossible"),
        ("2026", "date_unreadable"),
        ("01.09", "date_unreadable"),
        ("завтра", "date_unreadable"),
        (2026, "date_unreadable"),
        (True, "date_unreadable"),
        (time(9, 30), "date_unreadable"),
    ],
)
def test_what_is_no_date_says_why(cell, code):
    cleaned = read(cell, "date", official=6)
    assert cleaned.value is None
    assert cleaned.failed
    assert [(n.code, n.severity) for n in cleaned.notices] == [(code, "error")]


@pytest.mark.parametrize("cell", ["сентябрь 2026", "09.2026", "2026-09", "сентябрь 2026 г."])
def test_a_month_alone_becomes_its_first_day_with_a_remark(cell):
    cleaned = read(cell, "date")
    assert cleaned.value == "2026-09-01"
    assert [(n.code, n.params["stored"]) for n in cleaned.notices] == [
        ("date_month_only", "01.09.2026")
    ]


@pytest.mark.parametrize(
    ("cell", "day", "expected"),
    [
        ("01.09.22", "2022-09-01", []),
        ("01.09.36", "2036-09-01", []),
        ("01.09.85", "1985-09-01", ["date_ambiguous"]),
    ],
)
def test_two_digits_are_of_this_century_unless_too_far_ahead(cell, day, expected):
    cleaned = read(cell, "date")
    assert (cleaned.value, codes(cleaned)) == (day, expected)


@pytest.mark.parametrize("cell", [0, 0.0, "0", time(0), timedelta(0), date(1899, 12, 30), "-", ""])
def test_a_reference_to_an_empty_cell_is_no_date(cell):
    cleaned = read(cell, "date", required="error")
    assert (cleaned.value, cleaned.notices, cleaned.failed) == (None, (), False)


def birth(cell):
    return read(cell, "year", name="birth_year", title="Год рождения", official=4, required="error")


@pytest.mark.parametrize(
    ("cell", "year", "expected"),
    [
        (1999, 1999, []),
        (1999.0, 1999, []),
        ("1999.0", 1999, []),
        ("1999 г.р.", 1999, []),
        ("1999 гр", 1999, []),
        ("1999 год рождения", 1999, []),
        ("2010, 16 лет", 2010, []),
        ("2010 (16)", 2010, []),
        (16, 2010, ["year_from_age"]),
        ("16", 2010, ["year_from_age"]),
        ("16 лет", 2010, ["year_from_age"]),
        ("16 полных лет", 2010, ["year_from_age"]),
        ("99 г.р.", 1999, ["date_ambiguous"]),
        ("12.03.2009", 2009, ["year_from_date"]),
        ("12.03.2009г.р.", 2009, ["year_from_date"]),
        ("12.03.2009 года рождения", 2009, ["year_from_date"]),
        (date(2009, 3, 12), 2009, ["year_from_date"]),
        (39884, 2009, ["year_from_date"]),
        (date(1905, 6, 21), 1999, ["year_from_date"]),
        ("абв", None, ["year_unreadable"]),
        ("199", None, ["year_unreadable"]),
        (3, None, ["year_unreadable"]),
        (-16, None, ["year_unreadable"]),
        (85, 1985, ["date_ambiguous"]),
        (16.5, None, ["year_unreadable"]),
        (True, None, ["year_unreadable"]),
        (2050, None, ["number_out_of_range"]),
        ("1899", None, ["number_out_of_range"]),
    ],
)
def test_a_year_of_birth_is_taken_from_year_age_or_date(cell, year, expected):
    cleaned = birth(cell)
    assert (cleaned.value, codes(cleaned)) == (year, expected)
    assert cleaned.failed == (year is None)


def test_a_full_date_of_birth_reaches_no_notice():
    for cell in ("12.03.2009", date(2009, 3, 12)):
        (notice,) = birth(cell).notices
        assert notice.value == "дд.мм.2009"


@pytest.mark.parametrize(
    ("cell", "year", "expected"),
    [
        ("2025 год", 2025, []),
        (25, 2025, ["date_ambiguous"]),
        (36, None, ["number_out_of_range"]),
        ("16 лет", None, ["year_unreadable"]),
    ],
)
def test_a_year_of_something_else_is_never_an_age(cell, year, expected):
    cleaned = read(cell, "year", name="kpk_year", title="Год КПК")
    assert (cleaned.value, codes(cleaned)) == (year, expected)


def test_the_range_of_years_is_the_columns_own():
    assert codes(read(2001, "year", minimum=2010)) == ["number_out_of_range"]
    assert read(2012, "year", minimum=2010).value == 2012
