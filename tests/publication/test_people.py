"""Who is who: persons of a unit, their roles, and the единая база."""

from __future__ import annotations

import random

import pytest

from pipeline.plugins import merge
from pipeline.plugins.merge import merge as default_merge
from pipeline.publication.people import is_code, persons
from pipeline.views import PROVENANCE
from tests.support.views import PLANS, merged, view

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


ROWS = [
    {"unit": "102", "mentor_fio": ANNA, "mentoring_form": "учитель – учитель", "birth_year": 1980},
    {"unit": "101", "mentor_fio": IVAN, "mentoring_form": "учитель – учитель"},
    {"unit": "101", "mentor_fio": ANNA, "mentoring_form": "учитель – ученик", "birth_year": 1960},
    {"unit": "101", "mentor_fio": ANNA, "mentoring_form": "учитель – учитель", "birth_year": 1970},
]


def test_the_base_is_sorted_by_unit_and_person_and_tells_persons_apart():
    base = default_merge(view({"F04": ROWS}), "F04")
    assert [(row["unit"], row["mentor_fio"]) for row in base] == [
        ("101", ANNA),
        ("101", ANNA),
        ("101", IVAN),
        ("102", ANNA),
    ]
    assert len({row["person_id"] for row in base}) == 4


@pytest.mark.parametrize("seed", range(5))
def test_the_base_does_not_depend_on_the_order_of_rows(seed):
    """How files were batched never changes the base."""
    rows = [{**row, "row_id": f"r{n}", "line": n} for n, row in enumerate(ROWS)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert list(map(dict, default_merge(view({"F04": shuffled}), "F04"))) == list(
        map(dict, default_merge(view({"F04": rows}), "F04"))
    )


@pytest.mark.parametrize("form", sorted(PLANS))
def test_an_empty_base_has_all_columns(form):
    table = merged(view({})).base(form)
    assert len(table) == 0
    assert {*PLANS[form].names, *PROVENANCE} <= set(table.columns)


@pytest.mark.parametrize("form", sorted(PLANS))
def test_one_stage_serves_every_form_and_keeps_its_rows(form):
    (stage,) = merge.register_stages()
    assert stage.serves(form)
    assert stage.serves("K99")
    assert len(stage.run(view({"F04": ROWS}), "F04")) == len(ROWS)
