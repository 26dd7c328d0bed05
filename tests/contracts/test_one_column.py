"""A column is added by one line of the contract and appears everywhere; nothing else changes."""

from __future__ import annotations

import difflib
import io
from datetime import date

import openpyxl
import pytest

from contracts.columns import column
from contracts.f02_curators import Curators
from pipeline.acceptance.contract_checks import check
from pipeline.answers.blanks.book import blank
from pipeline.model import ParsedRow
from pipeline.notices.catalogue import Catalogue
from pipeline.packages.table_schema import table_schema
from pipeline.plugins.forms import register_vocabularies
from pipeline.plugins.readers_office import read
from pipeline.reading.normalise.cells import cleaner
from pipeline.reading.recognise.file import recognise
from pipeline.reference import forms
from pipeline.store.frames import frame
from tests.support.parts import part_of

VOCABULARIES = {v.name: v for v in register_vocabularies()}


class More(Curators):
    """The list of curators with one more column."""

    club = column(
        "Клуб кураторов", "bool", required="error", help="Состоит ли.", example="да", leave="yes"
    )


OLD, NEW = Curators.plan(), More.plan()


def added(before, after):
    """The lines that *after* has more, and nothing may be missing."""
    lines = list(difflib.ndiff(before, after))
    assert not [line for line in lines if line.startswith("- ")]
    return [line[2:] for line in lines if line.startswith("+ ")]


def sheet_of(plan, **words):
    data = blank([plan], VOCABULARIES, **words)
    return openpyxl.load_workbook(io.BytesIO(data))[plan.sheet]


def test_the_blank_has_it_with_its_mark_note_and_dropdown():
    old, new = sheet_of(OLD), sheet_of(NEW)
    headers = [[str(cell.value) for cell in sheet[4]] for sheet in (old, new)]
    assert added(*headers) == ["Клуб кураторов *"]
    assert new["M4"].comment.text == "Состоит ли.\nПример: да\nОбязательно."
    assert [v.formula1 for v in new.data_validations.dataValidation if "M7" in v.sqref] == [
        '"да,нет"'
    ]


@pytest.mark.parametrize("header", ["Клуб кураторов", "клуб кураторов ", "11. Клуб кураторов"])
def test_a_file_with_it_is_recognised_and_read(header, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["№ п/п", "ФИО куратора", "Должность", "Приказ о назначении", header])
    sheet.append([1, "Петрова Анна Сергеевна", "учитель", "№ 1 от 01.09.2026", "да"])
    book.save(tmp_path / "список.xlsx")
    file = recognise(
        read(str(tmp_path / "список.xlsx")),
        (NEW,),
        VOCABULARIES,
        cleaner=cleaner,
        today=date(2026, 10, 1),
    )
    assert file.parts[0].rows[0].values["club"] is True


def test_the_check_asks_for_it():
    row = ParsedRow(5, {"fio": "Петрова Анна Сергеевна", "order": "№ 1", "position": "учитель"})
    said = []
    for form in (Curators, More):
        columns = {name: place for place, name in enumerate(form.plan().names, 2)}
        part = part_of("F02", "2 Кураторы", (row,), (), columns)
        said.append({(notice.column, notice.severity) for notice in check([part], form)[0]})
    assert said[1] - said[0] == {("club", "error")}


def test_pandera_and_the_tables_have_it():
    assert added(list(Curators.schema().columns), list(More.schema().columns)) == ["club"]
    old, new = frame(OLD, []), frame(NEW, [])
    assert added(list(old.columns), list(new.columns)) == ["club"]
    assert new["club"].dtype == "boolean"


def test_the_dictionary_page_has_it():
    pages = [
        forms.pages([plan], VOCABULARIES, Catalogue())["forms/F02.md"].splitlines()
        for plan in (OLD, NEW)
    ]
    assert added(*pages) == [
        "|  | Клуб кураторов | `club` | да/нет | Состоит ли. | да |  | A | построчно, без имён |  "
        "| да |",
        "| `club` | Клуб кураторов | да/нет |",
    ]


@pytest.mark.parametrize("upward", [False, True])
def test_the_table_schemas_have_it(upward):
    fields = [table_schema(plan, VOCABULARIES, upward=upward)["fields"] for plan in (OLD, NEW)]
    assert [field for field in fields[1] if field not in fields[0]] == [
        {
            "name": "club",
            "title": "Клуб кураторов",
            "type": "boolean",
            "format": "default",
            "description": "Состоит ли.",
            "example": True,
            "constraints": {"required": True},
        }
    ]


@pytest.mark.parametrize(
    ("privacy", "type_", "leaves"),
    [("A", "bool", True), ("B", "bool", False), ("A", "text", False)],
)
def test_the_way_up_takes_closed_types_of_class_a_only(privacy, type_, leaves):
    class Other(Curators):
        club = column("Клуб", type_, privacy=privacy, leave="yes")

    fields = table_schema(Other.plan(), VOCABULARIES, upward=True)["fields"]
    assert ("club" in [field["name"] for field in fields]) is leaves


def test_the_version_of_the_contract_moves_with_it():
    assert OLD.digest != NEW.digest
