"""Counts, percents and yes or no as schools write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.support.normalise_cases import codes, read


@pytest.mark.parametrize(
    ("cell", "number", "expected"),
    [
        (12, 12, []),
        (12.0, 12, []),
        ("12", 12, []),
        ("12,0", 12, []),
        ("1 200", 1200, []),
        ("1\u00a0200", 1200, []),
        ("12 чел.", 12, ["number_cleaned"]),
        ("21 год", 21, ["number_cleaned"]),
        ("21 год 3 мес.", 21, ["number_cleaned"]),
        ("5 мес.", 0, ["number_cleaned"]),
        ("менее года", 0, ["number_cleaned"]),
        ("нет", None, []),
        (3.5, None, ["number_fraction"]),
        ("3,5", None, ["number_fraction"]),
        ("двенадцать", None, ["number_unreadable"]),
        ("2-3", None, ["number_unreadable"]),
        ("более 20", None, ["number_unreadable"]),
        ("9" * 400, None, ["number_unreadable"]),
        pytest.param(10**5000, None, ["number_unreadable"], id="an integer of 5001 digits"),
        (True, None, ["number_unreadable"]),
        (datetime(2026, 9, 1), None, ["number_unreadable"]),  # noqa: DTZ001  # cells have no zone
        (-5, None, ["number_out_of_range"]),
        ("−5", None, ["number_out_of_range"]),
    ],
)
def test_a_count_is_a_whole_number_not_below_zero(cell, number, expected):
    cleaned = read(cell, "int", official=1)
    assert (cleaned.value, codes(cleaned)) == (number, expected)
    assert cleaned.value is None or isinstance(cleaned.value, int)


def test_a_number_keeps_to_the_range_of_its_column():
    (notice,) = read("300", "int", minimum=16, maximum=249).notices
    assert (notice.code, notice.params["range"]) == ("number_out_of_range", "от 16 до 249")
    assert read("16 ч.", "int", minimum=16, maximum=249).value == 16


def test_a_decimal_takes_comma_or_point():
    for cell in ("4,5", "4.5", 4.5):
        assert read(cell, "decimal", maximum=10).value == 4.5


@pytest.mark.parametrize(
    ("cell", "shown", "percent", "expected"),
    [
        ("70,0 %", None, 70.0, []),
        ("70", None, 70.0, []),
        (70, None, 70.0, []),
        (0.7, "70%", 70.0, []),
        (0.57, "57%", 57.0, []),
        (1, "100%", 100.0, []),
        ("0,7 %", None, 0.7, []),
        (0, None, 0.0, []),
        ("0,7", None, 70.0, ["percent_doubtful"]),
        (0.7, None, 70.0, ["percent_doubtful"]),
        (1, None, 1.0, ["percent_doubtful"]),
        ("70 процентов", None, 70.0, ["number_cleaned"]),
        ("101", None, None, ["number_out_of_range"]),
        ("все", None, None, ["number_unreadable"]),
    ],
)
def test_a_percent_is_between_0_and_100(cell, shown, percent, expected):
    cleaned = read(cell, "percent", shown=shown)
    assert (cleaned.value, codes(cleaned)) == (percent, expected)
    assert cleaned.value is None or isinstance(cleaned.value, float)


@pytest.mark.parametrize(
    "cell",
    ["да", "Да.", "ДА", "+", "есть", "имеется", "V", "✓", "✔\ufe0f", "1", 1, 1.0, True, "yes"],
)
def test_yes_in_every_spelling(cell):
    assert read(cell, "bool").value is True


@pytest.mark.parametrize("cell", ["нет", "Нет", "-", "—", "отсутствует", "0", 0, 0.0, False, "no"])
def test_no_in_every_spelling(cell):
    assert read(cell, "bool").value is False


@pytest.mark.parametrize("cell", ["", None, "х", "x", "н/д", "прочерк"])
def test_blanks_are_neither_yes_nor_no(cell):
    cleaned = read(cell, "bool")
    assert (cleaned.value, cleaned.notices) == (None, ())


@pytest.mark.parametrize("cell", ["возможно", "2", 2, "да нет", datetime(2026, 9, 1)])  # noqa: DTZ001  # cells have no zone
def test_what_is_neither_yes_nor_no_is_refused(cell):
    cleaned = read(cell, "bool", required="error")
    assert cleaned.failed
    assert [(n.code, n.severity) for n in cleaned.notices] == [("bool_unreadable", "error")]
