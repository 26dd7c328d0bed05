"""Names of people as schools write them; every name here is invented."""

from __future__ import annotations

import pytest

from tests.support.normalise_cases import codes, read

ANNA = "Петрова Анна Сергеевна"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (ANNA, ANNA),
        ("петрова анна сергеевна", ANNA),
        ("ПЕТРОВА  АННА\u00a0СЕРГЕЕВНА", ANNA),
        ("Петрова Анна\nСергеевна", ANNA),
        ("Петрова,Анна,Сергеевна", ANNA),
        ("1. Петрова Анна Сергеевна", ANNA),
        ("/Петрова Анна Сергеевна/.", ANNA),
        ("Петрова Анна", "Петрова Анна"),
        ("петрова-водкина анна-мария сергеевна", "Петрова-Водкина Анна-Мария Сергеевна"),
        ("Петрова - Водкина Анна Сергеевна", "Петрова-Водкина Анна Сергеевна"),
        ("АЛИЕВ ВАГИФ МАМЕД ОГЛЫ", "Алиев Вагиф Мамед оглы"),
        ("Алиева Лейла Мамед-Кызы", "Алиева Лейла Мамед-кызы"),
        ("Ли Сюй", "Ли Сюй"),
        ("ЛИ АННА ИВАНОВНА", "Ли Анна Ивановна"),
        ("о'нил анна", "О'Нил Анна"),
        ("Smith John", "Smith John"),
        ("Н-7F3K-Q2", "Н-7F3K-Q2"),
        ("h–7f3k–q2", "Н-7F3K-Q2"),
        ("Н-АВ3С-Х2", "Н-AB3C-X2"),
    ],
)
def test_a_full_name_or_a_code_is_taken_quietly(cell, name):
    cleaned = read(cell, "fio", full_name=True, required="error")
    assert (cleaned.value, codes(cleaned)) == (name, [])


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("И.О. Фамилия", "Фамилия И.О."),
        ("И.О.Фамилия", "Фамилия И.О."),
        ("/И.О.ФАМИЛИЯ/", "Фамилия И.О."),
        ("Фамилия И. О.", "Фамилия И.О."),
        ("Фамилия И.О", "Фамилия И.О."),
        ("Фамилия ИО", "Фамилия И.О."),
        ("И. Фамилия", "Фамилия И."),
        ("Петрова Анна С.", "Петрова Анна С."),
    ],
)
def test_initials_are_a_remark_unless_the_full_name_is_needed(cell, name):
    lenient = read(cell, "fio", official=7)
    assert (lenient.value, lenient.failed) == (name, False)
    assert [(n.code, n.severity) for n in lenient.notices] == [("fio_initials", "remark")]
    strict = read(cell, "fio", full_name=True, required="error")
    assert (strict.value, strict.failed) == (None, True)
    assert [(n.code, n.severity) for n in strict.notices] == [("fio_initials", "error")]


def test_a_surname_alone_is_a_remark_unless_the_full_name_is_needed():
    assert codes(read("Петрова", "fio")) == ["fio_short"]
    assert codes(read("Петрова", "fio", full_name=True)) == ["fio_initials"]


@pytest.mark.parametrize(
    "cell",
    [
        "Петрова Анна Сергеевна, учитель химии",
        "Петрова Анна Сергеевна – директор",
        "Петрова Анна Сергеевна (завуч)",
        "Петрова Анна Сергеевна учитель химии",
        "учитель математики Петрова Анна Сергеевна",
        "Петрова Анна Сергеевна, 8А",
        "Петрова Анна Сергеевна 8 «А» класс",
    ],
)
def test_job_or_class_beside_the_name_is_dropped_and_said(cell):
    cleaned = read(cell, "fio")
    assert cleaned.value == ANNA
    assert [(n.code, n.params["stored"]) for n in cleaned.notices] == [("fio_job_dropped", ANNA)]


def test_the_job_goes_to_its_column_where_the_form_has_one():
    cleaned = read("Петрова Анна Сергеевна, учитель химии", "fio", spill=("position",))
    assert cleaned.value == ANNA
    assert cleaned.spilled == {"position": "учитель химии"}
    assert codes(cleaned) == ["value_split"]


@pytest.mark.parametrize(
    "cell", ["Петрова Анна Сергеевна, Сидорова Инна Петровна", "Петрова А.С.; Сидорова И.П."]
)
def test_a_second_person_in_the_cell_is_named_not_lost(cell):
    cleaned = read(cell, "fio")
    assert cleaned.value.startswith("Петрова")
    assert cleaned.notices[-1].code == "value_leftover"
    assert "Сидорова" in cleaned.notices[-1].params["left"]


@pytest.mark.parametrize(
    "cell",
    ["Петрова Анна 3", "8А класс", "@#$", 5, "учитель химии", "а б в г д е ё", "Петрoвz Анна"],
)
def test_what_is_no_name_is_refused(cell):
    cleaned = read(cell, "fio", official=2)
    assert (cleaned.value, cleaned.failed) == (None, True)
    assert [(n.code, n.severity) for n in cleaned.notices] == [("fio_unreadable", "error")]


@pytest.mark.parametrize("cell", ["не определён", "вакансия", "Подбирается", "нет наставника", "-"])
def test_nobody_is_an_empty_cell(cell):
    cleaned = read(cell, "fio", official=7)
    assert (cleaned.value, cleaned.notices, cleaned.failed) == (None, (), False)


def test_name_before_surname_is_turned_and_said():
    cleaned = read("Анна Сергеевна Петрова", "fio")
    assert (cleaned.value, codes(cleaned)) == (ANNA, ["value_synonym"])


@pytest.mark.parametrize("cell", ["Пeтpoва Аннa Сергеевна", "Петрова AHHA Сергеевна"])
def test_latin_letters_in_a_russian_name_are_repaired_and_said(cell):
    cleaned = read(cell, "fio")
    assert (cleaned.value, codes(cleaned)) == (ANNA, ["text_repaired"])


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Иванов Иван\nПетров Пётр", "Иванов Иван; Петров Пётр"),
        ("1. Иванов Иван 2. Петров Пётр", "Иванов Иван; Петров Пётр"),
        ("1) Иванов Иван;\n2) Петров Пётр.", "Иванов Иван; Петров Пётр"),
        ("Иванов Иван, Петров Пётр", "Иванов Иван; Петров Пётр"),
        ("Иванов Иван; Иванов Иван", "Иванов Иван"),
        ("Н-7F3K-Q2; Н-AB3C-X2", "Н-7F3K-Q2; Н-AB3C-X2"),
    ],
)
def test_a_list_of_names_is_parted(cell, names):
    cleaned = read(cell, "fio_list")
    assert (cleaned.value, codes(cleaned)) == (names, [])


def test_a_comma_parts_names_only_where_every_part_is_one():
    cleaned = read("Иванов Иван, 8А", "fio_list")
    assert (cleaned.value, codes(cleaned)) == ("Иванов Иван", ["fio_job_dropped"])


def test_a_bad_name_of_a_list_leaves_the_others():
    cleaned = read("Иванов Иван; Петров 5; Сидоров Олег", "fio_list", official=11)
    assert (cleaned.value, cleaned.failed) == ("Иванов Иван; Сидоров Олег", False)
    assert [(n.code, n.severity, n.value) for n in cleaned.notices] == [
        ("fio_unreadable", "remark", "Петров 5")
    ]


def test_a_list_without_one_good_name_fails():
    cleaned = read("весь 8А", "fio_list", official=11)
    assert (cleaned.value, cleaned.failed, codes(cleaned)) == (None, True, ["fio_unreadable"])


def test_a_tab_between_two_people_keeps_them_two():
    cleaned = read("Петрова Анна Сергеевна\tКотов Пётр Олегович", "fio_list")
    assert cleaned.value == "Петрова Анна Сергеевна; Котов Пётр Олегович"
    assert read("Петрова\tАнна\tСергеевна", "fio").value == ANNA
