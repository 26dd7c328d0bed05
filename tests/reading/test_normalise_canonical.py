"""What is taken at the first look is what the long way would make of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import Column
from pipeline.reading.normalise import contacts, people
from pipeline.reading.normalise.cells import Cleaned, cleaner
from tests.support.normalise_cases import SIBLINGS, TODAY, VOCABULARIES, codes, read

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ODD = [
    *sorted(people._JOBS),
    *sorted(people._PARTICLES),
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
    if reader.is_canonical(text):
        assert reader.read(text) == Cleaned(text)


@given(text=PHONES)
@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize("kind", ["phone", "contacts", "email"])
def test_a_usual_telephone_is_read_as_if_it_were_taken_apart(kind, text):
    """Behind a semicolon stands nothing, but the short way is closed."""
    short, long = read(text, kind), read(f"{text} ;", kind)
    reader = made(kind)

    assert (short.value, short.failed, codes(short)) == (long.value, long.failed, codes(long))
    if reader.is_canonical and reader.is_canonical(text):
        assert short == Cleaned(text)


@pytest.mark.parametrize("text", ["Петрова Анна Сергеевна", "Ли Ян Ильич", "Щёголев Пётр Ильич"])
def test_ordinary_names_take_the_short_way(text):
    assert made("fio").is_canonical(text)
    assert made("fio_list").is_canonical(f"{text}; Орлова Вера Ильинична")


@pytest.mark.parametrize(
    "text",
    [
        *("Директор Анна Сергеевна", "Петров Оглы Ильич", "Вакансия Анна Сергеевна"),
        *("Итого Анна Сергеевна", "Не Назначен Ильич", "петрова Анна Сергеевна", "Петрова А.С."),
        *("Петрова Анна", "Петрова  Анна Сергеевна", " Петрова Анна Сергеевна", "Aнна Анна Ильич"),
    ],
)
def test_other_names_do_not(text):
    assert not made("fio").is_canonical(text)


def test_a_person_named_twice_is_no_canonical_list():
    assert not made("fio_list").is_canonical("Ли Ян Ильич; Ли Ян Ильич")


def test_the_usual_telephone_is_known(monkeypatch):
    """Otherwise the comparison above would compare the long way with itself."""
    monkeypatch.setattr(contacts, "_take_phones", None)
    for text in ("+7 999 000-00-01", "8(999)000-00-01", "89990000001"):
        assert read(text, "phone").value == "+79990000001"
