"""Keys and repairs that every room compares by."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import (
    a1,
    fold,
    header_key,
    is_pupil_code,
    person_key,
    repair,
    shown_text,
)


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("  Петрова\u00a0 Анна ", "Петрова Анна"),
        ("Пeтpoвa", "Петрова"),  # Latin e, p, o, a
        ("e-mail", "e-mail"),
        ("МБОУ СОШ № 101 CAD", "МБОУ СОШ № 101 CAD"),
        ("Иванов И.И.;\r\n\r\n  Сидоров С.С.", "Иванов И.И.;\nСидоров С.С."),
        ("настав\u00adник\u200b", "наставник"),
        ("и\u0306од", "йод"),
        ("webинар", "webинар"),  # no slip of the keyboard
        ("а\ud800б\ufffe", "аб"),
    ],
)
def test_repair_mends_what_the_eye_does_not_see(typed, repaired):
    assert repair(typed) == repaired


@pytest.mark.parametrize(
    "typed", ["Учитель — учитель", "учитель-учитель", "УЧИТЕЛЬ –учитель", "учитeль\u2011учитель"]
)
def test_fold_makes_one_word_of_its_spellings(typed):
    assert fold(typed) == "учитель-учитель"


def test_fold_knows_no_stress_marks():
    assert fold("за\u0301мок") == fold("замок")
    assert fold("йод") != fold("иод")


def test_fold_keeps_signs_that_mean_an_answer():
    assert fold(" + ") == "+"
    assert fold("✓") == "✓"


@pytest.mark.parametrize(
    "typed",
    ["Алёна  Иванова-Петрова", "АЛЕНА ИВАНОВА – ПЕТРОВА", "Алена, Иванова-Петрoва."],
)
def test_person_key_ignores_case_dots_and_kinds_of_dash(typed):
    assert person_key(typed) == "алена иванова-петрова"


SURNAMES = st.from_regex(r"[А-Яа-яЁё]+([ -][А-Яа-яЁё]+)*", fullmatch=True)
CODES = st.from_regex(r"Н-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", fullmatch=True)


@given(SURNAMES | CODES | st.text(st.sampled_from("Аё K-\n"), max_size=9))
def test_the_short_way_to_a_person_key_is_the_long_one(name):
    # What is drawn as nothing asks for all repairs.
    assert person_key(name) == person_key(f"{name}\u200b")


def test_person_key_tells_people_apart():
    assert person_key("Петров Иван") != person_key("Петрова Иван")
    assert person_key("Н-7F3K-Q2") != person_key("Н-7F3K-Q3")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Дата вхождения в программу ", "дата вхождения в программу"),
        ("‑ Адрес эл#почты", "адрес эл почты"),
        ("2. ФИО наставника", "фио наставника"),
        ("ФИО наставника (2)", "фио наставника"),
        ("Ф.И.О.\nнаставника", "фио наставника"),
        ("ФИO нaставника", "фио наставника"),
        ("Модуль Проекта1", "модуль проекта"),
        ("Телефон.1", "телефон"),
        ("E-mail", "email"),
        ("Е-mail:", "email"),
        ("Место работы/учёбы", "место работы учебы"),
        ("№", "№"),
        ("№ п/п", "п п"),
        ("N п/п", "п п"),
        ("***", ""),
    ],
)
def test_header_key_drops_what_does_not_tell_headers_apart(typed, key):
    assert header_key(typed) == key


@pytest.mark.parametrize(("typed", "key"), [("моложе 25", "моложе 25"), ("25–29 лет", "25 29 лет")])
def test_header_key_keeps_numbers_that_belong_to_the_question(typed, key):
    assert header_key(typed) == key


@given(st.text(max_size=60))
def test_keys_never_fail_and_repair_is_final(text):
    fold(text), person_key(text), header_key(text)
    assert repair(repair(text)) == repair(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" а ", " а "),
        (True, "ИСТИНА"),
        (12, "12"),
        (89147507442.0, "89147507442"),
        (0.7, "0,7"),
        (float("nan"), ""),
        (date(2026, 9, 1), "01.09.2026"),
        (datetime(2026, 9, 1), "01.09.2026"),  # noqa: DTZ001  # cells have no zone
        (datetime(2026, 9, 1, 8, 30), "01.09.2026 08:30"),  # noqa: DTZ001  # cells have no zone
        (time(8, 30), "08:30"),
    ],
)
def test_shown_text_is_what_the_sheet_shows(cell, text):
    assert shown_text(cell) == text


@pytest.mark.parametrize(
    ("row", "column", "address"), [(1, 1, "A1"), (14, 26, "Z14"), (3, 27, "AA3"), (9, 702, "ZZ9")]
)
def test_a1_counts_columns_as_a_spreadsheet_does(row, column, address):
    assert a1(row, column) == address


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("Н-7F3K-Q2", True),
        # 0, 1, I and O stand in no code of ours, and its first letter is Russian.
        ("Н-7F0K-Q2", False),
        ("Н-7FIK-Q2", False),
        ("H-7F3K-Q2", False),
        ("А-7F3K-Q2", False),
        ("Н-7f3k-q2", False),
        ("Н-Анна-Ив", False),
        ("Н-7F3K-Q2\n", False),
        ("Н-7F3K-Q2 Анна", False),
    ],
)
def test_only_a_code_that_we_could_have_given_is_taken_for_one(name, answer):
    """A looser pattern would take «Н-Анна-Ив» for a code, and leave a pupil's name in the base."""
    assert is_pupil_code(name) is answer
