"""Contracts with given rows, stages and several due days: what they must say, and what stays."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from contracts.columns import STAGE, choice, column
from contracts.form import About, Form
from contracts.plan import due_days, form_plan_from_json
from contracts.vocabularies import MENTORING_FORM
from tests.support.measures import PLAN, ROWS
from tests.support.views import PLANS

GIVEN = (("учитель – учитель",), ("ученик – ученик",))


def contract(*, with_stage=False, **words):
    """A contract with one list and one number, said otherwise by *words*."""
    about = About("T01", "trial", "Проба", "Проба", help="Проба.", key=("form",), **words)

    class Trial(Form):
        _about = about
        form = choice(MENTORING_FORM, required="error")
        number = column("Число", "int")
        if with_stage:
            stage = STAGE

    return Trial


def test_a_matrix_gives_labels_of_its_key():
    plan = contract(layout="matrix", rows=GIVEN).plan()
    assert (plan.labels, plan.rows, plan.whole) == (("form",), GIVEN, True)
    assert PLAN.labels == ("mentoring_form", "group")


@pytest.mark.parametrize(
    "words",
    [
        {"layout": "matrix"},
        {"rows": GIVEN},
        {"layout": "matrix", "rows": (*GIVEN, GIVEN[0])},
        {"layout": "matrix", "rows": (("такой формы нет",),)},
        {"layout": "matrix", "rows": ((*GIVEN[0], "лишнее"),)},
        {"layout": "matrix", "rows": (GIVEN[0], ())},
        {"stages": ("baseline", "final"), "due": "baseline 10-15"},
        {"stages": ("baseline", "final"), "due": "10-15", "with_stage": True},
        {"due": "baseline 10-15"},
        {"due": "15-10"},
        {"due": "10-15, 01-20"},
        {"due": "октябрь"},
    ],
)
def test_a_contract_that_contradicts_itself_is_none(words):
    with pytest.raises(TypeError):
        contract(**words).plan()


def test_days_are_proposed_by_stage():
    plan = contract(
        stages=("baseline", "final"), due="baseline 10-15 | final 05-31", with_stage=True
    )
    assert plan.plan().due_days("final") == ("05-31",)
    assert plan.plan().due_days() == ()
    assert contract(due="10-15 | 01-20").plan().due_days() == ("10-15", "01-20")
    assert due_days("") == ()


@pytest.mark.parametrize("plan", [PLAN, *PLANS.values()], ids=lambda plan: plan.code)
def test_a_plan_crosses_to_the_child_and_back(plan):
    assert form_plan_from_json(json.loads(json.dumps(asdict(plan)))) == plan
    assert form_plan_from_json(json.loads(plan.canonical)) == plan


def test_only_a_plan_that_has_them_speaks_of_rows_and_stages():
    assert not {"rows", "stages"} & json.loads(PLANS["F04"].canonical).keys()
    assert json.loads(PLAN.canonical)["rows"] == [list(row) for row in ROWS]
    assert replace(PLAN, rows=ROWS[:3]).digest != PLAN.digest
