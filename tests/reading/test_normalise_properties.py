"""What holds for every cell, also for those nobody has thought of."""

from __future__ import annotations

import time as clock
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import STORAGE
from pipeline.text import fold
from tests.support.normalise_cases import TODAY, codes, read

KINDS = st.sampled_from(sorted(STORAGE))
# fmt: off
WORDS = (
    "да", "нет", "2026", "36", "01.09.2026", "№ 5", "от", "Петрова", "А.С.", "Анна Сергеевна",
    "оглы", "89990000001", "5-31-28", "доб. 5", "a@b.ru", "https://example.org/1",
    "учитель – учитель", "у-у", "иное:", "высшая", "8А", "класс", "14–17", "лет", "12 чел.",
    "0,7 %", "сентябрь", "г.", "Н-7F3K-Q2", "0042000010", "COШ", "x", "-", ",", ";", "/", "\n",
    "(", ")", "«", "»", ".", "\u200b", "\u00a0",
)
# fmt: on
TYPED = st.lists(st.sampled_from(WORDS), max_size=6).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda glue: glue.join(words))
)
CELLS = st.one_of(
    TYPED,
    st.text(max_size=40),
    st.text(st.characters(codec=None), max_size=15),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.none(),
)
STORED = {"str": str, "date": str, "int": int, "float": float, "bool": bool}


def any_column(cell, kind):
    return read(
        cell,
        kind,
        name="birth_year",
        title="Год рождения",
        vocabulary="forms",
        max_length=30,
        spill=("kpk_year", "email", "position"),
    )


@settings(max_examples=500)
@given(CELLS, KINDS)
def test_no_cell_can_break_us_and_each_value_is_of_its_type(cell, kind):
    cleaned = any_column(cell, kind)
    if cleaned.value is not None:
        assert type(cleaned.value) is STORED[STORAGE[kind]]
        assert not cleaned.failed
    if cleaned.failed:
        assert cleaned.notices
    for text in (cleaned.value, *(notice.value for notice in cleaned.notices)):
        str(text).encode()


def as_typed(value, kind):
    """Return a canonical value as a person would type it into the sheet."""
    if isinstance(value, bool):
        return "да" if value else "нет"
    return f"{value} %" if kind == "percent" else str(value)


@settings(derandomize=True, max_examples=500)
@given(CELLS, KINDS)
def test_a_canonical_value_typed_again_stays_as_it_is(cell, kind):
    first = any_column(cell, kind)
    if first.value is None:
        return
    again = any_column(as_typed(first.value, kind), kind)
    assert again.value == first.value
    assert not again.failed
    assert all(notice.severity != "error" for notice in again.notices)


@given(TYPED | st.text(max_size=30))
def test_fold_is_final(text):
    assert fold(fold(text)) == fold(text)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_back_from_its_usual_spellings(day):
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # cells have no zone
    for cell in (f"{day:%d.%m.%Y}", day.isoformat(), f"{day:%d.%m.%Y} г.", day, midnight):
        assert read(cell, "date").value == day.isoformat()


@given(st.integers(0, 10**9 - 1))
def test_a_control_digit_finds_every_wrong_digit_of_an_inn(number):
    body = f"{number:09}"
    right = [digit for digit in "0123456789" if not codes(read(body + digit, "inn"))]
    blank = ["0"] if number == 0 else []
    assert len(right) == 1 or right == blank


@pytest.mark.parametrize("kind", sorted(STORAGE))
@pytest.mark.parametrize(
    "unit",
    ["a", "1", " ", "А", "1.", "a@", "8 999 ", "Иванов, ", "(", "доб.", "a.", "-", "№1 от ", "\n"],
)
def test_a_hostile_cell_costs_no_time(kind, unit):
    """Excel holds 32,767 characters in a cell; none of our patterns may go wild on them."""
    cell = unit * (32767 // len(unit))
    started = clock.process_time()
    any_column(cell, kind)
    assert clock.process_time() - started < 2.0


def test_today_decides_what_an_age_means():
    assert read(16, "year", name="birth_year").value == TODAY.year - 16
