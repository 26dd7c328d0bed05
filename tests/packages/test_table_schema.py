"""Table Schemas: accepted by an independent reader, true to the contract, tight on the way up."""

from __future__ import annotations

import re

import pytest

from contracts.plan import Column, Term, Vocabulary
from pipeline.packages.table_schema import table_schema
from pipeline.plugins.forms import register_contracts, register_vocabularies
from pipeline.publication.upward import upward_columns, upward_value

PLANS = [form.plan() for form in register_contracts()]
VOCABULARIES = {v.name: v for v in register_vocabularies()}
BY_CODE = {plan.code: plan for plan in PLANS}
OPEN = Vocabulary("list", "Список", (Term("а"), Term("б (в)"), Term("иное")), open=True)


def field(schema, name):
    return next(f for f in schema["fields"] if f["name"] == name)


@pytest.mark.parametrize("upward", [False, True])
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_independent_reader_accepts_the_schema(plan, upward):
    frictionless = pytest.importorskip("frictionless")
    described = table_schema(plan, VOCABULARIES, upward=upward)
    schema = frictionless.Schema.from_descriptor(described)
    for made in schema.fields:
        if made.example is not None:
            text = str(made.example).lower() if made.type == "boolean" else str(made.example)
            assert made.read_cell(text)[1] is None, made.name


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_the_schema_has_the_kept_columns_in_their_order(plan):
    fields = table_schema(plan, VOCABULARIES, upward=False)["fields"]
    assert tuple(f["name"] for f in fields) == plan.names


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_the_way_up_has_codes_and_columns_of_class_a_only(plan):
    fields = table_schema(plan, VOCABULARIES, upward=True)["fields"]
    names = [f["name"] for f in fields]
    codes = [
        "unit",
        "origin",
        *(["person"] * bool(plan.person)),
        *(["counterpart"] * bool(plan.counterpart)),
    ]
    assert names == codes + [c.name for c in plan.upward]
    assert names == [c.name for c in upward_columns(plan)]
    assert {plan.column(name).privacy for name in names[len(codes) :]} <= {"A"}


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("F02", "kpk_hours", {"type": "integer", "constraints": {"minimum": 16, "maximum": 249}}),
        ("F02", "share_region", {"type": "boolean", "example": True}),
        ("F04", "entry_date", {"type": "date", "example": "2026-09-01"}),
        ("F04", "consent_by", {"constraints": {"enum": ["сам", "законный представитель"]}}),
        ("F02", "email", {"format": "email"}),
        ("F04", "mentor_fio", {"constraints": {"required": True}}),
    ],
)
def test_a_field_says_what_the_contract_says(code, name, expected):
    made = field(table_schema(BY_CODE[code], VOCABULARIES, upward=False), name)
    assert {key: made[key] for key in expected} == expected


def test_an_open_list_is_closed_on_the_way_up():
    home = field(table_schema(BY_CODE["F04"], VOCABULARIES, upward=False), "mentor_role")
    away = field(table_schema(BY_CODE["F04"], VOCABULARIES, upward=True), "mentor_role")
    assert "enum" not in home.get("constraints", {})
    assert away["constraints"]["enum"] == list(VOCABULARIES["mentor_role"].values)


def test_several_values_follow_a_pattern_on_the_way_up():
    made = field(table_schema(BY_CODE["F05"], VOCABULARIES, upward=True), "request_category")
    pattern = re.compile(made["constraints"]["pattern"])
    assert pattern.fullmatch("учебные трудности (предмет); ИКТ")
    assert not pattern.fullmatch("ИКТ; Петрова Анна Сергеевна")


@pytest.mark.parametrize(
    ("type_", "value", "leaves"),
    [
        ("enum", "а", "а"),
        ("enum", "иное: Петрова Анна", "иное"),
        ("multi", "а; иное: сосед; иное: Петрова", "а; иное"),
        ("multi", "б (в); а", "б (в); а"),
        ("enum", None, None),
    ],
)
def test_words_behind_other_stay_at_home(type_, value, leaves):
    column = Column("c", "С", type_, vocabulary="list")
    assert upward_value(column, value, {"list": OPEN}) == leaves


def test_numbers_and_dates_leave_as_they_are():
    assert upward_value(Column("c", "С", "int"), 3, {}) == 3
