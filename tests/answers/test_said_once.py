"""What a unit can do nothing about from one file to the next is said in one answer, not in all."""

from __future__ import annotations

import re

import pytest

from pipeline.demo.files import table, xlsx
from tests.support.notice_books import PLANS, rows_of
from tests.support.workspace import Workspace

PLAN = PLANS["F05"]
OFFICIAL = [column for column in PLAN.columns if column.official]
FEWER = [column for column in OFFICIAL if column.name != "results"]


@pytest.fixture
def place(tmp_path, read_here):
    return Workspace(tmp_path / "ws")


def mentees(request, shown=OFFICIAL):
    """The list in the form of the order, which has none of the columns that we add."""
    return xlsx([table(PLAN, rows_of("F05", {"request_text": request}), shown)])


def said(place):
    """The columns that each answer calls missing, in the order of the answers."""
    pages = sorted(place.answers("oo-101").glob("*квитанция.html"))
    return [re.findall(r"Нет столбцов.*?</td>", page.read_text("utf-8")) for page in pages]


def test_missing_columns_are_named_in_the_first_answer_and_when_others_are_missing(place):
    for second, (request, shown) in enumerate(
        [("один", OFFICIAL), ("два", OFFICIAL), ("три", OFFICIAL), ("четыре", FEWER)]
    ):
        place.give("oo-101", "Наставляемые.xlsx", mentees(request, shown), second=second * 90)
    first, second, third, fourth = said(place)
    assert (len(first), second, third, len(fourth)) == (1, [], [], 1)
    assert "«Результаты" in fourth[0]
