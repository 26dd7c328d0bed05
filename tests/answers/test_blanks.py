"""The round trip of a blank: made, filled in by a person, read back without a word of complaint."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from pipeline.acceptance import judge
from pipeline.acceptance.contract_checks import check
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.answers.blanks.book import blank
from pipeline.model import Unit
from pipeline.plugins.readers_office import read
from pipeline.reading.normalise.cells import cleaner
from pipeline.reading.recognise.file import recognise
from pipeline.workspace.plugin_loader import Loader

PLUGINS = Loader().describe()
PLANS = PLUGINS.plans
TODAY = date(2026, 10, 1)
KNOWN = {"inn": "0042000010", "unit_name": "МБОУ «СОШ № 101»", "period": "2026-2027"}
SCHOOL = Unit("oo-101", "ОО", "МБОУ «СОШ № 101»", inn="0042000010")
HEADER = 4


def parsed(data, folder):
    path = folder / "Книга ОО.xlsx"
    path.write_bytes(data)
    return recognise(
        read(str(path)), tuple(PLANS.values()), PLUGINS.vocabularies, cleaner=cleaner, today=TODAY
    )


def made(*codes, **words):
    return blank([PLANS[code] for code in codes], PLUGINS.vocabularies, passport=KNOWN, **words)


def typed(data, *cells):
    """The workbook after a person typed into some cells: (sheet, address, value)."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet, address, value in cells:
        book[sheet][address] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def as_the_example(plan, data):
    """Cells that repeat the example of a form where its answers belong."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))[plan.sheet]
    if plan.layout == "card":
        lines = range(HEADER + 1, HEADER + 1 + len(plan.kept))
        return [(plan.sheet, f"B{row}", sheet[f"D{row}"].value) for row in lines]
    example = next(cell.row for cell in sheet["A"] if cell.value == "Пример")
    below = example + len(plan.examples)
    return [
        (plan.sheet, cell.coordinate.replace(str(example), str(below)), cell.value)
        for cell in sheet[example][1:]
    ]


def notices_of(part, file):
    """Everything that acceptance would say of a part: reading, contract, rules."""
    given = Circumstances(SCHOOL, "2026-2027", TODAY, {SCHOOL.code: SCHOOL})
    views = part_views(file, PLANS, given)
    view = views[file.parts.index(part)]
    ruled = judge.run_checks(PLUGINS, view)[0]
    return [*part.notices, *check([part], PLUGINS.forms[part.form])[0], *ruled]


@pytest.mark.parametrize("code", PLANS)
def test_a_blank_filled_with_its_example_is_accepted_without_a_notice(code, tmp_path):
    data = made(code)
    file = parsed(typed(data, *as_the_example(PLANS[code], data)), tmp_path)
    assert [part.form for part in file.parts] == [code]
    assert not file.notices
    assert not notices_of(file.parts[0], file)
    assert len(file.parts[0].rows) == 1
    assert file.passport == KNOWN


@pytest.mark.parametrize("code", PLANS)
def test_what_is_in_force_comes_back_unchanged_from_a_filled_blank(code, tmp_path):
    data = made(code)
    rows = parsed(typed(data, *as_the_example(PLANS[code], data)), tmp_path).parts[0].rows
    again = parsed(made(code, filled={code: [row.values for row in rows]}), tmp_path)
    assert [row.values for row in again.parts[0].rows] == [row.values for row in rows]
    assert not again.parts[0].notices


def test_an_empty_book_says_which_forms_it_does_not_hold(tmp_path):
    file = parsed(made(*PLANS), tmp_path)
    assert not file.parts
    assert {n.form for n in file.notices if n.code == "form_not_submitted"} == set(PLANS)


@pytest.mark.parametrize("address", ["A7", "B7"])
def test_nothing_to_report_is_written_in_the_first_free_row(address, tmp_path):
    file = parsed(typed(made(*PLANS), ("4 Наставники", address, "Данных нет")), tmp_path)
    assert [(part.form, part.nil, part.rows) for part in file.parts] == [("F04", True, ())]


@pytest.mark.parametrize("code", PLANS)
def test_nothing_to_report_is_chosen_in_the_passport_of_one_form(code, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(made(code)))
    row = next(cell.row for cell in book["Паспорт"]["A"] if cell.value == "Данных нет")
    file = parsed(typed(made(code), ("Паспорт", f"B{row}", "да")), tmp_path)
    assert [(part.form, part.nil) for part in file.parts] == [(code, True)]


def test_no_change_is_confirmed_in_the_passport(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(made(*PLANS)))
    row = book["Паспорт"].max_row
    assert book["Паспорт"][f"A{row}"].value == "Подтверждаю, изменений нет"
    file = parsed(typed(made(*PLANS), ("Паспорт", f"B{row}", "да")), tmp_path)
    assert (file.passport["unchanged"], file.reason) == (True, None)
