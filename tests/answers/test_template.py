"""Blank workbooks: everything a contract says stands in them, and a person can fill them in."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from contracts.passport import PASSPORT
from contracts.plan import Column, FormPlan, Term, Vocabulary
from pipeline.answers.blanks.book import PROPERTY, blank
from pipeline.answers.blanks.guide import due_text
from pipeline.plugins.forms import register_contracts, register_vocabularies
from pipeline.views import Signatories

PLANS = {form.plan().code: form.plan() for form in register_contracts()}
VOCABULARIES = {v.name: v for v in register_vocabularies()}
TABLES = [plan for plan in PLANS.values() if plan.layout == "table"]
CARDS = [plan for plan in PLANS.values() if plan.layout == "card"]
KNOWN = {"inn": "0042000010", "unit_name": "МБОУ «СОШ № 101»", "period": "2026-2027"}
MENTOR = {
    "mentor_fio": "Петрова Анна Сергеевна",
    "entry_date": "2026-09-01",
    "kpk_done": True,
    "birth_year": 1980,
    "mentee_fios": "Н-7F3K-Q2",
}
HEADER = 4


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book():
    return opened(blank(list(PLANS.values()), VOCABULARIES, passport=KNOWN))


def header(sheet):
    return [cell.value for cell in sheet[HEADER]]


def rule_at(sheet, address):
    """The validation that Excel applies to one cell."""
    return next((v for v in sheet.data_validations.dataValidation if address in v.sqref), None)


def place(plan, name):
    """The letter under which a column of a table form stands."""
    return get_column_letter(plan.columns.index(plan.column(name)) + 1)


def first_row(plan):
    return HEADER + 1 + any(c.official for c in plan.columns) + len(plan.examples)


def test_the_same_plans_give_the_same_bytes():
    plans = list(PLANS.values())
    assert blank(plans, VOCABULARIES, passport=KNOWN) == blank(plans, VOCABULARIES, passport=KNOWN)


def test_the_book_has_a_guide_a_passport_a_sheet_per_form_and_hidden_lists(book):
    names = [plan.sheet for plan in PLANS.values()]
    assert book.sheetnames == ["Как заполнять", "Паспорт", *names, "Списки"]
    assert [s.title for s in book if s.sheet_state != "visible"] == ["Списки"]


def test_one_form_makes_a_file_of_its_own():
    book = opened(blank([PLANS["F02"]], VOCABULARIES))
    assert book.sheetnames == ["Как заполнять", "Паспорт", "2 Кураторы", "Списки"]


def test_the_blank_says_its_forms_and_versions(book):
    assert book.custom_doc_props[PROPERTY].value == "F01@1;F02@1;F04@1;F05@1;F08@1"
    assert book["4 Наставники"]["A2"].value.endswith("Версия бланка 1.")


@pytest.mark.parametrize("plan", TABLES, ids=lambda plan: plan.code)
def test_a_table_has_every_column_and_marks_the_required_ones(book, plan):
    marked = [c.title + (" *" if c.required == "error" else "") for c in plan.columns]
    assert header(book[plan.sheet]) == marked


@pytest.mark.parametrize("plan", CARDS, ids=lambda plan: plan.code)
def test_a_card_has_a_line_per_field(book, plan):
    lines = [cell.value for cell in book[plan.sheet]["A"][HEADER:]]
    assert [line.removesuffix(" *") for line in lines] == [c.title for c in plan.kept]
    assert [c.value for c in book[plan.sheet][HEADER]] == [
        "Поле",
        "Значение",
        "Пояснение",
        "Пример",
    ]


@pytest.mark.parametrize("plan", CARDS, ids=lambda plan: plan.code)
def test_the_values_of_an_empty_card_are_empty(book, plan):
    assert {cell.value for cell in book[plan.sheet]["B"][HEADER:]} == {None}


@pytest.mark.parametrize(("code", "official"), [("F04", 16), ("F05", 13)])
def test_official_columns_carry_their_numbers_and_the_others_look_different(book, code, official):
    sheet = book[PLANS[code].sheet]
    numbers = [cell.value for cell in sheet[HEADER + 1]]
    assert numbers[:official] == list(range(1, official + 1))
    assert set(numbers[official:]) == {None}
    fills = [cell.fill.fgColor.rgb for cell in sheet[HEADER]]
    assert len(set(fills[:official])) == len(set(fills[official:])) == 1
    assert fills[0] != fills[-1]
    groups = [cell.value for cell in sheet[HEADER - 1]]
    assert [bool(word) for word in groups].count(True) == 2


@pytest.mark.parametrize("plan", TABLES, ids=lambda plan: plan.code)
def test_each_header_has_a_note_with_help_example_and_duty(book, plan):
    for cell, column in zip(book[plan.sheet][HEADER], plan.columns, strict=True):
        note = cell.comment.text if cell.comment else ""
        assert column.help in note, column.name
        assert column.example in note, column.name
        assert ("Обязательно." in note) == (column.required == "error"), column.name


def test_the_note_of_a_column_with_several_values_lists_them(book):
    note = book["4 Наставники"]["L4"].comment.text
    assert "«;»" in note
    assert "студент – ученик; работодатель – ученик" in note


@pytest.mark.parametrize("plan", TABLES, ids=lambda plan: plan.code)
def test_the_example_row_begins_with_its_name_and_is_grey(book, plan):
    row = first_row(plan) - 1
    cell = book[plan.sheet].cell(row, 1)
    assert (cell.value, cell.font.italic) == ("Пример", True)
    shown = [cell.value for cell in book[plan.sheet][row][1:]]
    assert len([value for value in shown if value is not None]) == len(plan.examples[0]) - 1


@pytest.mark.parametrize("plan", TABLES, ids=lambda plan: plan.code)
def test_header_and_person_stay_in_sight(book, plan):
    assert book[plan.sheet].freeze_panes == f"C{first_row(plan)}"


@pytest.mark.parametrize("plan", TABLES, ids=lambda plan: plan.code)
def test_prepared_rows_do_not_inflate_the_sheet(book, plan):
    assert book[plan.sheet].max_row == first_row(plan) - 1


def test_dropdowns_offer_the_values_of_the_vocabulary(book):
    rule = rule_at(book["4 Наставники"], f"{place(PLANS['F04'], 'mentor_role')}8")
    name = rule.formula1.removeprefix("=")
    sheet, area = next(iter(book.defined_names[name].destinations))
    offered = [cell.value for (cell,) in book[sheet][area.replace("$", "")]]
    assert offered == list(VOCABULARIES["mentor_role"].values)
    assert (rule.type, rule.errorStyle, rule.showErrorMessage) == ("list", "warning", True)


def test_a_dropdown_stays_silent_where_several_values_fit(book):
    rule = rule_at(book["4 Наставники"], f"{place(PLANS['F04'], 'mentoring_form')}8")
    assert (rule.type, rule.showErrorMessage) == ("list", False)


def test_the_hidden_lists_have_no_headers_of_a_form(book):
    titles = {column.title for plan in PLANS.values() for column in plan.columns}
    assert not titles & {cell.value for cell in book["Списки"][1]}


@pytest.mark.parametrize(
    ("code", "name", "type_", "first", "last"),
    [
        ("F04", "kpk_done", "list", '"да,нет"', None),
        ("F04", "entry_date", "date", "42005", "49674"),
        ("F04", "experience_years", "whole", "0", "60"),
        ("F04", "birth_year", "whole", "1930", "2035"),
        ("F04", "results", "textLength", "1000", None),
        ("F02", "kpk_hours", "whole", "16", "249"),
    ],
)
def test_what_is_typed_is_watched_with_a_warning(book, code, name, type_, first, last):
    plan = PLANS[code]
    rule = rule_at(book[plan.sheet], f"{place(plan, name)}{first_row(plan) + 200}")
    assert (rule.type, rule.formula1, rule.formula2) == (type_, first, last)
    assert rule.errorStyle == "warning"
    assert rule.error
    assert rule.errorTitle == plan.column(name).title[:32]


def test_numbers_of_a_card_are_watched_too(book):
    rule = rule_at(book["8 Кадры"], "B5")
    assert (rule.type, rule.formula1) == ("whole", "0")


@pytest.mark.parametrize(
    ("code", "name", "number_format"),
    [
        ("F04", "contacts", "@"),
        ("F04", "mentee_age", "@"),
        ("F04", "order", "@"),
        ("F04", "entry_date", "dd.mm.yyyy"),
        ("F04", "birth_year", "0"),
        ("F04", "results", "General"),
        ("F05", "class_label", "@"),
    ],
)
def test_excel_keeps_what_is_typed_by_the_format_of_the_column(book, code, name, number_format):
    column = book[PLANS[code].sheet].column_dimensions[place(PLANS[code], name)]
    assert column.number_format == number_format


def test_empty_required_cells_of_a_row_in_use_are_shown(book):
    rules = book["4 Наставники"].conditional_formatting
    watched = {str(area.sqref).split(":")[0].rstrip("0123456789") for area in rules}
    required = {place(PLANS["F04"], c.name) for c in PLANS["F04"].kept if c.required == "error"}
    assert required <= watched


def test_the_passport_is_filled_with_what_is_known(book):
    values = {row[0].value: row[1].value for row in book["Паспорт"].iter_rows(min_row=HEADER + 1)}
    assert values["ИНН ОО"] == "0042000010"
    assert values["Учебный год"] == "2026-2027"
    assert values["Подтверждаю, изменений нет"] is None


def test_the_passport_asks_only_what_makes_sense():
    labels = []
    monitoring = replace(
        PLANS["F02"], columns=(*PLANS["F02"].columns, Column("stage", "Этап", "text"))
    )
    for plans in (list(PLANS.values()), [PLANS["F02"]], [monitoring]):
        sheet = opened(blank(plans, VOCABULARIES))["Паспорт"]
        labels.append({cell.value for cell in sheet["A"][HEADER:]})
    assert "Данных нет" not in labels[0]
    assert "Данных нет" in labels[1]
    assert "Этап мониторинга" not in labels[1]
    assert labels[2] == {column.title for column in PASSPORT.columns}


def test_rows_in_force_are_given_back_as_a_person_types_them():
    sheet = opened(blank([PLANS["F04"]], VOCABULARIES, filled={"F04": [MENTOR, MENTOR]}))[
        "4 Наставники"
    ]
    row = first_row(PLANS["F04"])
    shown = {title: cell.value for title, cell in zip(header(sheet), sheet[row], strict=True)}
    assert shown["№ п/п"] == 1
    assert shown["ФИО наставника *"] == "Петрова Анна Сергеевна"
    assert shown["Дата вхождения в программу *"] == datetime.combine(
        date(2026, 9, 1), datetime.min.time()
    )
    assert shown["КПК наставника"] == "да"
    assert shown["Год рождения"] == 1980
    assert shown["ФИО наставляемого (наставляемых)"] == "Н-7F3K-Q2"
    assert sheet.cell(row + 1, 1).value == 2


def test_a_card_in_force_is_given_back_in_its_values():
    sheet = opened(blank([PLANS["F08"]], VOCABULARIES, filled={"F08": [{"ped_total": 40}]}))[
        "8 Кадры"
    ]
    assert (sheet["B5"].value, sheet["B6"].value) == (40, None)


def test_a_form_without_row_numbers_marks_its_example_in_a_column_of_its_own():
    plan = replace(PLANS["F02"], columns=PLANS["F02"].columns[1:])
    sheet = opened(blank([plan], VOCABULARIES, filled={"F02": [{"fio": "Сидоров Иван Петрович"}]}))[
        plan.sheet
    ]
    assert header(sheet)[:2] == [None, "ФИО куратора *"]
    assert [sheet.cell(row, 1).value for row in (5, 6)] == ["Пример", None]
    assert sheet["B6"].value == "Сидоров Иван Петрович"


def test_a_long_list_of_a_plugin_goes_through_the_hidden_sheet():
    long = Vocabulary("город 1", "Город", tuple(Term(f"населённый пункт {n}") for n in range(60)))
    plan = FormPlan(
        **{
            **{name: getattr(PLANS["F02"], name) for name in PLANS["F02"].__dataclass_fields__},
            "columns": (Column("town", "Город", "enum", vocabulary="город 1"),),
            "examples": (),
        }
    )
    book = opened(blank([plan], {long.name: long}))
    assert rule_at(book[plan.sheet], "B5").formula1 == "list_город_1"
    assert book["Списки"]["A61"].value == "населённый пункт 59"


def test_the_guide_names_each_form_with_its_day_and_whom_to_ask():
    names = Signatories("Город", "МЦН", coordinator="Смирнова О. И.", phone="+7 38456 0-00-01")
    sheet = opened(blank(list(PLANS.values()), VOCABULARIES, passport=KNOWN, names=names))[
        "Как заполнять"
    ]
    said = [cell.value for row in sheet for cell in row if cell.value]
    assert {plan.sheet for plan in PLANS.values()} <= set(said)
    assert "до 15.10.2026" in said
    assert said[-1] == "Вопросы: МЦН, Смирнова О. И., +7 38456 0-00-01."


@pytest.mark.parametrize(
    ("due", "period", "said"),
    [
        ("10-01", "2026-2027", "до 01.10.2026"),
        ("05-25", "2026-2027", "до 25.05.2027"),
        ("08-25", "2026-2027", "до 25.08.2026"),
        ("10-01", "", "до 1 октября"),
        ("", "2026-2027", "по мере событий"),
    ],
)
def test_a_due_day_falls_into_the_school_year(due, period, said):
    assert due_text(replace(PLANS["F02"], due=due), period) == said


def test_nothing_is_locked_and_no_formula_or_link_is_written(book):
    for sheet in book:
        assert not sheet.protection.sheet
        assert not [c for row in sheet for c in row if c.data_type == "f" or c.hyperlink]
