"""ИНН, ОГРН, КПП, classes, orders and ranges of ages as schools write them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.notices.catalogue import BUILT_IN
from tests.support.normalise_cases import codes, read

# The invented ИНН of the demo: region 00 was never assigned, control digits are right.
DEMO_INN = (
    "0042000010 0042000027 0042000034 0042000041 0042000059 0042000066 0042000073 0042000080 "
    "0042000098 0042000108 0042000115 0042000122 0042000130 0042000147 0042000154 0042000161 "
    "0042000179 0042000186 0042000193 0042000203 0042000210 0042000228 0042000235 0042000242"
)


@pytest.mark.parametrize("inn", DEMO_INN.split())
def test_an_inn_is_read_as_text_and_as_the_number_excel_made_of_it(inn):
    for cell in (inn, int(inn), float(inn), f"ИНН {inn[:4]} {inn[4:]}", inn.replace("0", "О")):
        cleaned = read(cell, "inn", required="error")
        assert (cleaned.value, codes(cleaned)) == (inn, [])


@pytest.mark.parametrize("place", range(10))
def test_any_wrong_digit_of_an_inn_is_noticed(place):
    digits = "0042000010"
    wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert codes(read(wrong, "inn", required="error")) == ["inn_checksum"]


def test_an_inn_of_twelve_digits_has_two_control_digits():
    assert read("500100732259", "inn").value == "500100732259"
    assert codes(read("500100732258", "inn")) == ["inn_checksum"]
    assert codes(read("500100732269", "inn")) == ["inn_checksum"]


@pytest.mark.parametrize(("cell", "digits"), [("004200001", "9"), ("нету", "0")])
def test_a_short_inn_says_how_many_digits_it_has(cell, digits):
    """Zeros are given back to a number cell only: a short text was typed short."""
    (notice,) = read(cell, "inn", required="error").notices
    assert (notice.code, notice.severity) == ("inn_length", "error")
    assert notice.params == {"digits": digits, "needed": "10"}


def test_an_inn_with_a_kpp_behind_it_is_parted():
    cleaned = read("0042000010/421201001", "inn", spill=("kpp",))
    assert (cleaned.value, cleaned.spilled) == ("0042000010", {"kpp": "421201001"})


def test_an_ogrn_has_thirteen_digits_and_a_control_digit():
    for cell in ("1024200000010", 1024200000010, 1024200000010.0, "1 02 42 00 00001 0"):
        assert read(cell, "ogrn").value == "1024200000010"
    assert codes(read("1024200000011", "ogrn")) == ["ogrn_checksum"]
    (notice,) = read("102420000001", "ogrn").notices
    assert (notice.code, notice.params) == ("ogrn_length", {"digits": "12"})


@pytest.mark.parametrize("kind", [k for k in BUILT_IN if k.code[:4] in ("inn_", "ogrn", "kpp_")])
def test_examples_of_the_catalogue_are_right_themselves(kind):
    assert read(kind.example, kind.code.partition("_")[0]).value == kind.example


def test_a_kpp_has_nine_signs():
    for cell in ("421201001", 421201001, 421201001.0, "4212 01 001"):
        assert read(cell, "kpp").value == "421201001"
    assert codes(read("42120100", "kpp")) == ["kpp_unreadable"]


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("8 А", "8А"),
        ("8А", "8А"),
        ("8-а", "8А"),
        ("8 «А»", "8А"),
        ("8 а класс", "8А"),
        ("8 кл.", "8"),
        ("8-й класс", "8"),
        ("VIII А", "8А"),
        ("XIБ", "11Б"),
        ("8A", "8А"),
        ("10 ИТ", "10ИТ"),
        (8, "8"),
        (8.0, "8"),
        ("2 курс", "2 курс"),
    ],
)
def test_a_class_is_its_grade_and_letter(cell, label):
    cleaned = read(cell, "class")
    assert (cleaned.value, codes(cleaned)) == (label, [])


@pytest.mark.parametrize("cell", ["ТО-21", "12А", "0", "8D", "старшие", 45184])
def test_what_is_no_class_is_a_remark_at_most(cell):
    cleaned = read(cell, "class")
    assert cleaned.value is None
    assert codes(cleaned) == ([] if cell == "0" else ["class_unreadable"])


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("Приказ №160-А от «08» декабря 2022 г.", "№ 160-А от 08.12.2022"),
        ("56-ОД 17.03.2023", "№ 56-ОД от 17.03.2023"),
        ("17.03.2023 № 56-ОД", "№ 56-ОД от 17.03.2023"),
        ("Приказ от 17 марта 2023 года №56-ОД", "№ 56-ОД от 17.03.2023"),
        ("№ 40-од от 14.09.2020г.", "№ 40-од от 14.09.2020"),
        ("№ 160 - А  от 08.12.22", "№ 160-А от 08.12.2022"),
        ("152-осн. от 01.09.2026", "№ 152-осн. от 01.09.2026"),
        ("№01-05/40 от 1 сентября 2026", "№ 01-05/40 от 01.09.2026"),
        ("№ 12-03-26 от 01.09.2026", "№ 12-03-26 от 01.09.2026"),
        ("Приказ МБОУ СОШ № 101 № 56-ОД от 17.03.2023", "№ 56-ОД от 17.03.2023"),
        ("№ 56-ОД от 17.03.2023 «О наставничестве» СОШ № 101", "№ 56-ОД от 17.03.2023"),
        ("б/н от 01.09.2026", "№ б/н от 01.09.2026"),
    ],
)
def test_an_order_is_its_number_and_date(cell, order):
    cleaned = read(cell, "order_ref")
    assert (cleaned.value, codes(cleaned)) == (order, [])


@pytest.mark.parametrize(
    ("cell", "order", "missing"),
    [
        ("№ 14-а", "№ 14-а", "даты"),
        ("247/2", "№ 247/2", "даты"),
        ("42.6", "№ 42.6", "даты"),
        (56, "№ 56", "даты"),
        ("от 17.03.2023", "от 17.03.2023", "номера"),
        (date(2023, 3, 17), "от 17.03.2023", "номера"),
        ("имеется", None, "номера и даты"),
    ],
)
def test_half_an_order_is_kept_with_a_remark(cell, order, missing):
    cleaned = read(cell, "order_ref", required="error")
    assert cleaned.value == order
    assert [(n.code, n.severity, n.params["missing"]) for n in cleaned.notices] == [
        ("order_partial", "remark", missing)
    ]


def test_an_order_of_an_impossible_day_keeps_its_number():
    cleaned = read("№ 5 от 31.02.2023", "order_ref")
    assert [(n.code, n.severity) for n in cleaned.notices] == [("date_impossible", "remark")]
    assert cleaned.value == "№ 5"


def test_a_second_order_is_named():
    cleaned = read("№ 1 от 01.09.2023, № 2 от 02.09.2023", "order_ref")
    assert cleaned.value == "№ 1 от 01.09.2023"
    assert cleaned.notices[0].params["left"] == "№ 2 от 02.09.2023"


@pytest.mark.parametrize(
    ("cell", "ages"),
    [
        ("14-17", "14–17"),
        ("14 – 17 лет", "14–17"),
        ("от 14 до 17 лет", "14–17"),
        ("от 14", "от 14"),
        ("22+", "от 22"),
        ("старше 22 лет", "от 22"),
        ("до 35 лет", "до 35"),
        ("Любой", "любой"),
        ("не важен", "любой"),
        ("16", "16–16"),
        (16.0, "16–16"),
    ],
)
def test_a_range_of_ages_has_four_shapes(cell, ages):
    cleaned = read(cell, "age_range")
    assert (cleaned.value, codes(cleaned)) == (ages, [])


@pytest.mark.parametrize("cell", ["взрослые", "17-14", "5-7 класс", date(2026, 12, 10)])
def test_what_is_no_age_is_a_remark(cell):
    cleaned = read(cell, "age_range", official=8)
    assert [(n.code, n.severity) for n in cleaned.notices] == [("age_range_unreadable", "remark")]
