"""Where the name of a person may stand in a text is seen from its words, and none is missed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.acceptance import spellings
from pipeline.text import fold

NAME = "Щеглятникова Фёкла Игнатьевна"
WORD = re.compile(r"[^\W\d_]+")
LETTERS = "аеёийоЯЁaeoxyABCXzË0_-–. \n\t\xa0\u200b\u0301\u0308İ«»№@,"


@given(st.text(st.sampled_from(LETTERS), max_size=30))
def test_the_short_way_to_the_words_of_a_text_finds_those_of_the_long_way(text):
    typed = text.replace("İ", "I").lower().replace("ё", "е")
    assert set(spellings.words_of(text)) == {*WORD.findall(fold(text)), *WORD.findall(typed)}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("пара с Щеглятниковой Фёклой Игнатьевной, 7А", "пара с *, 7А"),
        ("ЩЕГЛЯТНИКОВА ФЕКЛА", "*"),
        ("Фёкле Щеглятниковой", "*"),
        ("İ: щеглятникова_фёкла İ", "İ: * İ"),
        ("Щеглятникова Ф. И. и Ф.И. Щеглятникова", "* и *"),
        ("Щеглятникова Анна", "Щеглятникова Анна"),
    ],
)
def test_a_full_name_is_replaced_in_every_spelling_and_nothing_else(text, left):
    assert spellings.replaced(spellings.pattern_of(NAME), text, "*") == left
    assert spellings.Roots([NAME]).within(text) == [NAME]


def test_names_come_by_their_heads_and_the_longer_before_the_shorter():
    roots = spellings.Roots(["Иванов Пётр", "Иванова Анна Олеговна", "Иванов Пётр Ильич", "Ли Ян"])
    assert roots.within("сказал Иванову") == [
        "Иванова Анна Олеговна",
        "Иванов Пётр Ильич",
        "Иванов Пётр",
    ]
    assert roots.within("Ли Ян, Ивaновы")[-1] == "Ли Ян"
    assert len(roots.within("Ли Ян, Ивaновы")) == 4
    assert roots.within("лилия и иволга") == []


@given(st.lists(st.sampled_from(["Иванову", "Лидер", "Ли", "урок", "ивановский", "№ 5"])))
def test_texts_seen_together_name_nobody_where_each_of_them_names_nobody(texts):
    roots = spellings.Roots(["Иванов Пётр", "Ли Ян"])
    together = roots.are_among(spellings.words_of("\n".join(texts)))
    assert together == any(roots.within(text) for text in texts)
