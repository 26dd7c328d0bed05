"""A word of a name is known again in every form, and every word of a text has its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.acceptance import spellings

LETTERS = "аеёийоЯЁaeoxyABCXzË0_-–. \n\t\xa0\u200b\u0301\u0308İ«»№@,"


def read(text):
    return [(text[w.start : w.end], w.readings[-1]) for w in spellings.words(text)]


@given(st.text(st.sampled_from(LETTERS), max_size=30))
def test_the_short_way_to_the_words_of_a_text_finds_those_of_the_long_way(text):
    long = {reading for word in spellings.words(text) for reading in word.readings}
    assert set(spellings.words_of(text)) == long


@given(st.text(st.sampled_from(LETTERS), max_size=30))
def test_words_stand_in_order_and_hold_every_letter(text):
    found = spellings.words(text)
    places = [place for word in found for place in (word.start, word.end)]
    assert places == sorted(places)
    covered = {n for word in found for n in range(word.start, word.end)}
    assert {n for n, char in enumerate(text) if char.isalpha()} <= covered


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Пётр, 7А", [("Пётр", "петр"), ("А", "а")]),
        ("П\u00adёт\u200bр\u0301а", [("П\u00adёт\u200bр\u0301а", "петра")]),
        ("Пeтp", [("Пeтp", "петр")]),
        ("Аи\u0306да", [("Аи\u0306да", "айда")]),
        ("П ё т р  И л ь и н", [("П ё т р", "петр"), ("И л ь и н", "ильин")]),
        ("П Е Т Р О В А", [("П Е Т Р О В А", "петрова")]),
        ("ПетровИ.И.", [("Петров", "петров"), ("И", "и"), ("И", "и")]),
        ("и я с ним", [("и", "и"), ("я", "я"), ("с", "с"), ("ним", "ним")]),
        ("Petr", [("Petr", "petr")]),
    ],
)
def test_words_are_read_through_what_does_not_show(text, words):
    assert read(text) == words


def agree(one, other):
    (first,), (second,) = spellings.words(one), spellings.words(other)
    return spellings.agree(first, second) and spellings.agree(second, first)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Невский", "Невского Невскому Невским Невском Невская Невской Невскую Nevsky Nevskiy"),
        ("Павел", "Павла Павлу Павлом Павле Pavel Pavla"),
        ("Лев", "Льва Льву Львом Lev"),
        ("Пётр", "Петра ПЕТРУ петром Pyotr Petr Piotr"),
        ("Мария", "Марии Марию Марией Mariya Maria Mariia"),
        ("Илья", "Ильи Илье Илью Ильёй Ilya Ilia"),
        ("Ян", "Яна Яну Яном Yan Ian"),
        ("Иванова", "Ивановой Иванову Ивановы Ivanova Ivanovoy"),
        ("Хабарова", "Khabarova Habarova"),
        ("Щукина", "Shchukina Schukina"),
        ("Цветков", "Tsvetkov Tcvetkov Цветковым"),
        ("Жужгов", "Zhuzhgov Жужгову"),
        ("Евгений", "Евгения Yevgeny Evgenii Evgeniy"),
        ("Алексей", "Алексея Alexey Aleksei Alexei"),
        ("Юлия", "Юлии Yulia Iuliia Julia"),
        ("Коваленко", "Коваленко Коваленка Kovalenko"),
        ("Кравец", "Кравца Кравцу Kravets"),
    ],
)
def test_forms_of_a_name_agree(name, forms):
    assert [form for form in forms.split() if not agree(name, form)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Иван", "Иванов"), ("Петров", "Петровский"), ("Анна", "Алла"), ("Ким", "Климов")],
)
def test_other_names_do_not_agree(one, other):
    assert not agree(one, other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("сказал Иванову", True),
        ("Ивaновы", True),
        ("Ли Яну", True),
        ("Nevskogo", True),
        ("у Невского", True),
        ("Водкиной", True),
        ("лилия и иволга, net", False),
    ],
)
def test_names_are_asked_for_by_the_beginnings_of_their_forms(text, found):
    roots = spellings.Roots(["Иванов Пётр", "Ли Ян", "Невский Лев", "Петрова-Водкина А."])
    assert roots.are_among(spellings.words_of(text)) is found


@given(st.lists(st.sampled_from(["Иванову", "Лидер", "Ли", "урок", "ивановский", "№ 5", "Ivanov"])))
def test_texts_seen_together_name_nobody_where_each_of_them_names_nobody(texts):
    roots = spellings.Roots(["Иванов Пётр", "Ли Ян"])
    together = roots.are_among(spellings.words_of("\n".join(texts)))
    assert together == any(roots.are_among(spellings.words_of(text)) for text in texts)
