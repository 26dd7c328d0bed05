"""Who is who: persons of a unit, their roles, and the единая база."""

from __future__ import annotations

import random

import pytest

from pipeline.plugins import merge
from pipeline.publication.people import default_merge, is_code, is_teacher, persons, role_of
from pipeline.store.frames import table_rows
from tests.support.views import PLANS, table, view

ANNA, IVAN = "Петрова Анна Сергеевна", "Сидоров Иван Петрович"


def ids(*rows):
    return [person.id for person in persons(rows)]


def test_one_name_in_one_unit_is_one_person():
    """Case, «ё» and a missing birth year do not make another person."""
    first, second, third = ids(
        ("101", "Королёв Пётр Ильич", 1990),
        ("101", "королев  петр ильич", None),
        ("101", "Королев Петр Ильич", 1990),
    )
    assert first == second == third


def test_the_year_known_from_one_row_is_known_for_the_person():
    assert [p.birth_year for p in persons([("101", ANNA, None), ("101", ANNA, 1980)])] == [
        1980,
        1980,
    ]


def test_conflicting_birth_years_split_a_name():
    """Namesakes are two, and a row without a year belongs to neither of them for sure."""
    older, younger, unknown = persons(
        [("101", ANNA, 1960), ("101", ANNA, 1999), ("101", ANNA, None)]
    )
    assert len({older.id, younger.id, unknown.id}) == 3
    assert unknown.birth_year is None


def test_a_name_in_two_units_is_two_persons():
    first, second = ids(("101", ANNA, 1980), ("102", ANNA, 1980))
    assert first != second


@pytest.mark.parametrize(
    ("text", "answer"), [("Н-7F3K-Q2", True), (ANNA, False), ("Римский-Корсаков Н", False)]
)
def test_codes_of_pupils_are_told_from_names(text, answer):
    assert is_code(text) is answer


def test_a_role_that_is_not_written_follows_from_the_form():
    assert (
        role_of({"mentor_role": None, "mentoring_form": "учитель – ученик"}, "mentor") == "педагог"
    )
    assert role_of({"mentee_role": None, "mentoring_form": None}, "mentee") is None


def test_a_written_role_wins_over_the_form():
    row = {"mentor_role": "выпускник", "mentoring_form": "учитель – ученик"}
    assert role_of(row, "mentor") == "выпускник"
    assert not is_teacher(row, "mentor")


ROWS = [
    {"unit": "102", "mentor_fio": ANNA, "mentoring_form": "учитель – учитель", "birth_year": 1980},
    {"unit": "101", "mentor_fio": IVAN, "mentoring_form": "учитель – учитель"},
    {"unit": "101", "mentor_fio": ANNA, "mentoring_form": "учитель – ученик", "birth_year": 1960},
    {"unit": "101", "mentor_fio": ANNA, "mentoring_form": "учитель – учитель", "birth_year": 1970},
]


def test_the_base_is_sorted_by_unit_and_person_and_tells_persons_apart():
    base = default_merge(view({"F04": ROWS}), "F04")
    assert list(zip(base["unit"], base["mentor_fio"], strict=True)) == [
        ("101", ANNA),
        ("101", ANNA),
        ("101", IVAN),
        ("102", ANNA),
    ]
    assert base["person_id"].nunique() == 4
    assert list(base.index) == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(5))
def test_the_base_does_not_depend_on_the_order_of_rows(seed):
    """How files were batched never changes the base."""
    rows = [{**row, "row_id": f"r{n}", "line": n} for n, row in enumerate(ROWS)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert table_rows(default_merge(view({"F04": shuffled}), "F04")) == table_rows(
        default_merge(view({"F04": rows}), "F04")
    )


@pytest.mark.parametrize("form", sorted(PLANS))
def test_an_empty_base_has_all_columns(form):
    base = default_merge(view({}), form)
    assert len(base) == 0
    assert set(table(form, []).columns) <= set(base.columns)


def test_every_form_has_a_merge_stage_that_keeps_its_rows():
    stages = merge.register_stages()
    assert sorted(stage.forms[0] for stage in stages) == sorted(PLANS)
    by_form = {stage.forms[0]: stage for stage in stages}
    assert len(by_form["F04"].run(view({"F04": ROWS}))) == len(ROWS)
