"""A column of texts made at once looks as its cells do one by one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.cells import cell_xml, text_cells
from pipeline.render.values import LONGEST_TEXT

ODD = "аБ 1-.,_x0041&<>\n\r\t\x00\xa0\x85\u2028\u2009\ufffe\U0001f600\ud800"
TEXTS = st.none() | st.text(st.sampled_from(ODD), max_size=30) | st.text(max_size=30)


def one_by_one(values, kind, width):
    made = [cell_xml(value, kind, width) for value in values]
    return [xml for xml, _height in made], [height for _xml, height in made]


@given(
    st.lists(TEXTS, max_size=5),
    st.sampled_from(["auto", "share", "center"]),
    st.sampled_from([1, 5, 16, 40]),
)
def test_a_column_at_once_is_its_cells_one_by_one(values, kind, width):
    made = text_cells(values, kind, width)
    assert made is None or made == one_by_one(values, kind, width)


@pytest.mark.parametrize(
    "values",
    [["Иванова Анна", None, "МБОУ «СОШ № 101»"], ["первая\nвторая", "слово " * 9 + "б"], []],
)
def test_usual_texts_are_made_at_once(values):
    assert text_cells(values, "auto", 16) == one_by_one(values, "auto", 16)


@pytest.mark.parametrize("text", ["", " а", "а\xa0", "а&б", "_x0041_", "а" * (LONGEST_TEXT + 1)])
def test_a_text_that_needs_mending_is_looked_at_closer(text):
    assert text_cells(["а", text], "auto", 16) is None


def test_no_text_takes_more_than_its_length():
    begun = time.process_time()
    for sign in ("а ", "а\n", "\n ", "а_"):
        text_cells([(sign * 16_000)[:LONGEST_TEXT]] * 30, "auto", 16)
    assert time.process_time() - begun < 5
