"""The registry as Excel saves it: all that is wrong is told at once, lost zeros are put back."""

from __future__ import annotations

import csv

import pytest

from pipeline.errors import SettingsError
from pipeline.workspace.units import load_registry


def registry(folder, *lines):
    text = "\n".join(("code;kind;inn;kpp;short_name", *lines))
    (folder / "units.csv").write_text(text, encoding="utf-8")
    return load_registry(folder)


@pytest.mark.parametrize(
    ("typed", "inn"),
    [("42000115", "0042000115"), ("0042000115", "0042000115"), ("42000116", "42000116")],
)
def test_zeros_that_excel_took_are_put_back_where_the_control_digit_proves_it(tmp_path, typed, inn):
    found = registry(tmp_path, f"oo-1;ОО;{typed};4200101;СОШ № 1")
    assert (found.units["oo-1"].inn, found.units["oo-1"].kpp) == (inn, "004200101")
    assert (found.by_inn("0042000115") != ()) is (inn == "0042000115")


def test_all_wrong_lines_are_told_at_once(tmp_path):
    with pytest.raises(SettingsError) as error:
        registry(tmp_path, "oo-1;Школа;;;А", ";ОО;;;Б", "oo-3;ОО;;;В", "oo-3;ОО;;;Г")
    assert [f"строка {n}" in str(error.value) for n in (2, 3, 4, 5)] == [True, True, False, True]


def test_a_word_without_end_is_told_whatever_the_process_allows(tmp_path):
    before = csv.field_size_limit(10_000_000)
    try:
        with pytest.raises(SettingsError, match="строка 2"):
            registry(tmp_path, "oo-1;ОО;;;" + "ш" * 200_000)
    finally:
        csv.field_size_limit(before)
