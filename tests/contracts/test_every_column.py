"""Every column of every form: star, dropdown, hint, check and message say one thing."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from contracts.columns import column
from contracts.form import About, Form
from contracts.passport import PASSPORT
from pipeline.acceptance.contract_checks import check
from pipeline.answers.blanks import cells
from pipeline.answers.blanks.book import blank
from pipeline.answers.blanks.look import HEADER_ROW
from pipeline.model import ParsedRow
from pipeline.text import header_key
from pipeline.workspace.plugin_loader import Loader
from tests.support.normalise_cases import clean
from tests.support.parts import part_of

TODAY = date(2026, 11, 22)
DESCRIBED = Loader().describe()
WORDS = DESCRIBED.vocabularies
PLANS = [*DESCRIBED.plans.values(), PASSPORT]
EVERY = [pytest.param(p, c, id=f"{p.code}-{c.name}") for p in PLANS for c in p.kept]
CHOSEN = [p for p in EVERY if p.values[1].vocabulary]
# «Данных нет» of the Паспорт stands in the blank of a single form only.
YES_OR_NO = [p for p in EVERY if p.values[1].type == "bool" and p.values[1].name != "nil"]
NUMBERS = [p for p in EVERY if p.values[1].storage in ("int", "float")]
BOOK = openpyxl.load_workbook(io.BytesIO(blank(list(DESCRIBED.plans.values()), WORDS)))


def read(cell, column):
    return clean(cell, column, WORDS, siblings={}, today=TODAY)


def place(plan, column):
    """Row and column of a header, and of a cell below or beside it, in the blank workbook."""
    if plan.layout == "card":
        shown = [c.value for c in BOOK[plan.sheet]["A"]]
        row = shown.index(cells.heading(column)) + 1
        return (row, 1), (row, 2)
    at = [c.name for c in plan.columns].index(column.name) + (not plan.columns[0].ignored) + 1
    return (HEADER_ROW + 1, at), (HEADER_ROW + 200, at)


def rule_of(plan, column):
    """The validation that watches the cells of a column."""
    row, at = place(plan, column)[1]
    for rule in BOOK[plan.sheet].data_validations.dataValidation:
        for area in str(rule.sqref).split():
            left, top, right, bottom = range_boundaries(area)
            if left <= at <= right and top <= row <= bottom:
                return rule
    return None


def offered(rule):
    """The values of a dropdown."""
    if rule.formula1.startswith('"'):
        return rule.formula1.strip('"').split(",")
    ((sheet, area),) = BOOK.defined_names[rule.formula1.lstrip("=")].destinations
    found = BOOK[sheet][area.replace("$", "")]
    return [c.value for row in (found if isinstance(found, tuple) else ((found,),)) for c in row]


@pytest.mark.parametrize(("plan", "column"), [p for p in EVERY if p.values[0] is not PASSPORT])
def test_a_star_stands_where_and_only_where_a_blank_cell_is_an_error(plan, column):
    row, at = place(plan, column)[0]
    starred = str(BOOK[plan.sheet].cell(row, at).value) == f"{column.title} *"
    empty = ParsedRow(5, dict.fromkeys(plan.names))
    part = part_of(plan.code, plan.sheet, (empty,), (), {n: i for i, n in enumerate(plan.names)})
    said = {
        n.severity for n in check([part], DESCRIBED.forms[plan.code])[0] if n.column == column.name
    }
    assert starred is ("error" in said)
    assert ("remark" in said) is (column.required == "remark")
    assert ("Обязательно." in cells.note(column, WORDS)) is starred


@pytest.mark.parametrize(("plan", "column"), CHOSEN)
def test_a_dropdown_offers_what_is_accepted_and_what_the_message_lists(plan, column):
    values = offered(rule_of(plan, column))
    assert [read(value, column).value for value in values] == values
    assert not [note for value in values for note in read(value, column).notices]
    refused = read("ъъъ", column).notices[0]
    assert refused.code in ("value_not_in_list", "value_other")
    assert refused.params["allowed"].split("; ") == values
    if column.multiple:
        assert f"Можно: {'; '.join(values)}." in cells.note(column, WORDS)


@pytest.mark.parametrize(("plan", "column"), YES_OR_NO)
def test_yes_and_no_are_offered_and_accepted(plan, column):
    values = offered(rule_of(plan, column))
    assert [read(value, column).value for value in values] == [True, False]
    assert [n.code for n in read("ъъъ", column).notices] == ["bool_unreadable"]


@pytest.mark.parametrize(("plan", "column"), NUMBERS)
def test_what_excel_warns_of_is_what_reading_and_checking_refuse(plan, column):
    rule = rule_of(plan, column)
    least, most = int(rule.formula1), int(rule.formula2)
    assert read(least, column).value == least
    refused = read(least - 1, column)
    assert refused.failed
    assert (least, most) == (
        column.limits[0],
        column.limits[1] or (2035 if column.type == "year" else 999_999_999),
    )
    if column.limits[1] is not None:
        assert read(most, column).value == most
        assert read(most + 1, column).notices[0].params == {"range": f"от {least} до {most}"}
    schema = DESCRIBED.forms[plan.code].schema().columns[column.name]
    limits = {c.name: c.statistics for c in schema.checks}
    assert limits.get("greater_than_or_equal_to") == {"min_value": least}
    if column.limits[1] is not None:
        assert limits.get("less_than_or_equal_to") == {"max_value": most}


@pytest.mark.parametrize(("plan", "column"), [p for p in EVERY if p.values[1].example])
def test_its_example_is_taken_as_it_stands(plan, column):
    for cell in (column.example, cells.example(column, column.example)):
        taken = read(cell, column)
        assert taken.value is not None
        assert (taken.failed, taken.notices) == (False, ())


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_no_spelling_means_two_columns(plan):
    counts = Counter(
        key for c in plan.columns for key in {header_key(s) for s in (c.title, *c.aliases)}
    )
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(("plan", "column"), EVERY)
def test_it_has_a_title_and_a_help_and_fits_its_header(plan, column):
    assert column.title.strip() == column.title != ""
    assert column.help
    assert cells.width(column) >= max(map(len, column.title.replace("/", "/ ").split()))


def test_a_number_that_only_its_type_limits_is_watched_alike_everywhere():
    """A percent without words of its own: blank, reading and check know 0 to 100."""

    class Shares(Form):
        """A form of one share."""

        _about = About("X01", "shares", "Доли", "Доли", "Доли.")
        share = column("Доля, %", "percent", minimum=None, maximum=None)

    plan = Shares.plan()
    (share,) = plan.columns
    rule = cells.validation(share, WORDS)
    assert (rule["minimum"], rule["maximum"]) == (0, 100)
    assert [n.params for n in read(101, share).notices] == [{"range": "от 0 до 100"}]
    part = part_of("X01", "Доли", (ParsedRow(2, {"share": 101.0}),), (), {"share": 1})
    (notice,) = check([part], Shares)[0]
    assert (notice.code, notice.params) == ("number_out_of_range", {"range": "от 0 до 100"})
