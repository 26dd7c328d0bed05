"""What is taken at the first look is what the long way would make of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import Column
from pipeline.reading.normalise import contacts, names
from pipeline.reading.normalise.cells import Cleaned, cleaner
from tests.support.normalise_cases import SIBLINGS, TODAY, VOCABULARIES, codes, read

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ODD = [
    *sorted(names._JOBS),
    *sorted(names._PARTICLES),
    *("не", "нет", "пока", "ещё", "еще", "определен", "вакансия", "вакантно", "подбирается"),
    *("ожидает", "подбора", "наставника", "итого", "всего", "данных", "ли", "ия", "ошибка"),
]
WORDS = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from([f"{word}ов" for word in ODD] + [f"{word}ович" for word in ODD]),
    st.text(LETTERS, min_size=1, max_size=41),
).map(str.capitalize)
ENDS = st.sampled_from(["овна", "евна", "ична", "ович", "евич", "ьич", "ов", ""])
NAMES = st.tuples(WORDS, WORDS, WORDS, ENDS).map(lambda n: f"{n[0]} {n[1]} {n[2]}{n[3]}")
LISTS = st.lists(NAMES, min_size=1, max_size=9).map("; ".join)
GAPS = st.sampled_from(["", " ", "-", "(", ") ", " (", ".", "  "])
PHONES = st.builds(
    lambda start, pieces, gaps: start + "".join(g + p for g, p in zip(gaps, pieces, strict=True)),
    st.sampled_from(["+7", "8", "7", "+8", "+ 7", ""]),
    st.tuples(*(st.from_regex(rf"\A[0-9]{{{n}}}\Z") for n in (3, 3, 2, 2))),
    st.tuples(GAPS, GAPS, GAPS, GAPS),
)


def made(kind, **words):
    column = Column("x", "Столбец", kind, **words)
    return cleaner(column, VOCABULARIES, siblings=SIBLINGS, today=TODAY)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("kind", ["fio", "fio_list"])
@given(text=st.one_of(NAMES, LISTS))
@settings(max_examples=300, deadline=None)
def test_a_canonical_name_is_its_own_value_and_nothing_is_said(kind, full, text):
    reader = made(kind, full_name=full)
    if reader.at_once(text) is not None:
        assert reader.read(text) == Cleaned(text)


@given(text=PHONES)
@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize("kind", ["phone", "contacts", "email"])
def test_a_usual_telephone_is_read_as_if_it_were_taken_apart(kind, text):
    """Behind a semicolon stands nothing, but the short way is closed."""
    short, long = read(text, kind), read(f"{text} ;", kind)
    reader = made(kind)

    assert (short.value, short.failed, codes(short)) == (long.value, long.failed, codes(long))
    if reader.at_once and (value := reader.at_once(text)) is not None:
        assert short == Cleaned(value)


PIECES = st.sampled_from(
    [
        *("нет", "данных", "не указано", "отсутствует", "Формула без значения", "0", "12", "ФГОС"),
        *(
            "стаж 12 лет",
            "Err:502",
            "+7",
            "(",
            ")",
            ".",
            "..",
            ",",
            ";",
            ":",
            "/",
            "-",
            "\u2013",
            "ё",
        ),
        *("№ 12", "№ 1-ОД", "№ 12-3", "№ 5а", "от", "ОТ", "08.09.2026", "31.02.2026", "01.01.1900"),
        *(
            "8.9.26",
            "12.12.2101",
            "2026-09-01",
            "приказ",
            "a@example.org",
            "A@example.org",
            "x@y.z",
        ),
        *("+7 999 000-00-01", "8(999)000-00-01", "89990000001 доб. 1", "м.ивановa@example.org"),
        *(
            "a.b@example.org",
            "www.example.org",
            "_",
            "\u00a0",
            "\n",
            "\u200b",
            "latin",
            "т\u0435ст",
        ),
    ]
)
JOINED = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "  ", ", ", "; ", "-"])), max_size=7)
ANYTHING = JOINED.map(lambda pieces: "".join(piece + gap for piece, gap in pieces).strip(" "))


@pytest.mark.parametrize("kind", ["text", "order_ref", "phone", "contacts"])
@pytest.mark.parametrize("limit", [None, 20])
@given(text=ANYTHING)
@settings(max_examples=400, deadline=None)
def test_what_is_seen_at_once_is_what_would_be_read(kind, limit, text):
    reader = made(kind, max_length=limit)
    value = reader.at_once(text)
    if value is not None:
        assert reader.read(text) == Cleaned(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "знание производства, стаж 12 лет", None),
        ("order_ref", "№ 39-А от 08.09.2026", None),
        ("order_ref", "№ 12 от 31.12.1999", None),
        ("phone", "8 (999) 000-00-01", "+79990000001"),
        (
            "contacts",
            "+7 999 000-22-09, chelovek9@example.org",
            "+79990002209; chelovek9@example.org",
        ),
    ],
)
def test_what_most_cells_hold_takes_the_short_way(kind, text, value):
    """Otherwise the comparison above would compare nothing."""
    assert made(kind).at_once(text) == (value or text)


@pytest.mark.parametrize("text", ["Петрова Анна Сергеевна", "Ли Ян Ильич", "Щёголев Пётр Ильич"])
def test_ordinary_names_take_the_short_way(text):
    assert made("fio").at_once(text) == text
    assert made("fio_list").at_once(f"{text}; Орлова Вера Ильинична")


@pytest.mark.parametrize(
    "text",
    [
        *("Директор Анна Сергеевна", "Петров Оглы Ильич", "Вакансия Анна Сергеевна"),
        *("Итого Анна Сергеевна", "Не Назначен Ильич", "петрова Анна Сергеевна", "Петрова А.С."),
        *("Петрова Анна", "Петрова  Анна Сергеевна", " Петрова Анна Сергеевна", "Aнна Анна Ильич"),
    ],
)
def test_other_names_do_not(text):
    assert made("fio").at_once(text) is None


def test_a_person_named_twice_is_no_canonical_list():
    assert made("fio_list").at_once("Ли Ян Ильич; Ли Ян Ильич") is None


def test_the_usual_telephone_is_known(monkeypatch):
    """Otherwise the comparison above would compare the long way with itself."""
    monkeypatch.setattr(contacts, "_take_phones", None)
    for text in ("+7 999 000-00-01", "8(999)000-00-01", "89990000001"):
        assert read(text, "phone").value == "+79990000001"
