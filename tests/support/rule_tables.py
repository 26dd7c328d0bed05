"""A rule's rows drawn as a table, and what the rule says of them."""

from __future__ import annotations

from datetime import date

from contracts.built_in import built_in_forms
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.model import ParsedFile, ParsedRow, Unit
from tests.support.parts import part_of

SCHOOL = Unit("oo-1", "ОО", "МБОУ «СОШ № 1»")
GIVEN = Circumstances(SCHOOL, "2026-2027", date(2026, 10, 1), {SCHOOL.code: SCHOOL})


def rows_of(table):
    """Rows of a table with a head: «row» is the Excel row, an empty cell None, digits a number."""
    head, *lines = (line.split("|") for line in table.strip().splitlines())
    names = [name.strip() for name in head]
    made = [dict(zip(names, map(_value, cells), strict=True)) for cells in lines]
    return [ParsedRow(values.pop("row"), values) for values in made]


def _value(cell):
    text = cell.strip()
    return int(text) if text.isdigit() else text or None


def said_of(rule, form, table):
    """Row, column and code of each notice of a check rule."""
    plan = next(made.plan() for made in built_in_forms() if made.about().code == form)
    file = ParsedFile((part_of(form, plan.sheet, rows_of(table)),))
    (view,) = part_views(file, {form: plan}, GIVEN)
    return [(notice.row, notice.column, notice.code) for notice in rule(view)]
