"""The table of the plan in the READMEs: all 23 rows, and what exists today."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.reference import plan
from pipeline.reference.plan import PlanRow

ROOT = Path(__file__).parents[2]
ROWS, TITLES = plan.load(ROOT)
BUILT = plan.built_codes()
# Of the whole exchange, not of one row of the plan.
OVERALL = {"D17", "KPI70", "KPI70R"}
TWO_FORMS = PlanRow("1.1", "Дело", ("F01", "F02"), "база", ("D02",))
NAMED = {"F01": "Первая", "F02": "Вторая", "D02": "Приказ"}


def test_all_rows_of_the_plan_are_there_in_their_order():
    numbers = [row.number for row in ROWS]
    assert numbers == sorted(numbers)
    assert Counter(number.split(".")[0] for number in numbers) == {"1": 6, "2": 8, "3": 7, "4": 2}


def test_what_rows_need_has_a_title_and_every_title_is_needed():
    assert {code for row in ROWS for code in (*row.forms, *row.documents)} == set(TITLES)


def test_everything_that_exists_serves_a_row():
    assert set(TITLES) >= BUILT - OVERALL


@pytest.mark.parametrize("name", plan.PAGES)
def test_the_table_of_a_page_is_current(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    made = plan.table(ROWS, TITLES, BUILT, plan.PAGES[name])
    assert text == plan.page(text, made), "run `make docs`"


@pytest.mark.parametrize(
    ("built", "state"),
    [
        ((), "not yet"),
        (("F01", "F02"), "not yet"),
        (("F01", "D02"), "partly, without F02"),
        (("F01", "F02", "D02"), "works"),
    ],
)
def test_a_row_works_when_all_of_it_is_there(built, state):
    last = plan.table((TWO_FORMS,), NAMED, built, plan.PAGES["README.md"]).splitlines()[-1]
    assert last.endswith(f"| {state} |")
    assert last.count("docs/forms/") == len({"F01", "F02"} & set(built))


def test_a_page_without_its_place_is_a_mistake():
    with pytest.raises(ValueError, match="no block"):
        plan.page("# nastavnik", "| a |")
