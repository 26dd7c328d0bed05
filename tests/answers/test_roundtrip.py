"""What goes out to a school and comes back: blanks, filled blanks, answers with our marks."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from pipeline.answers.issue_blanks import issue_templates
from pipeline.reading.annotate.layout import PROTOCOL_SHEET
from pipeline.reading.annotate.mark import strip
from tests.answers.test_blanks import PLANS, as_the_example, made
from tests.support.workspace import NOW, careful_book, edited, school, sheets

OFFICE = Path(__file__).parents[1] / "support" / "fixtures" / "office"


def filled(*codes):
    """A blank of these forms with its examples typed into it."""
    data = made(*codes)
    cells = [cell for code in codes for cell in as_the_example(PLANS[code], data)]
    return edited(data, *cells)


@pytest.mark.parametrize("code", sorted(PLANS))
def test_a_blank_filled_as_its_example_is_accepted_without_a_notice(workspace, code):
    decided = workspace.give("oo-101", "бланк.xlsx", filled(code))
    assert (decided.outcome, workspace.codes(decided.number)) == ("accepted", [])
    with workspace.open() as exchange:
        (part,) = exchange.store.submission(decided.number).parts
    assert (part.form, part.counts["accepted"]) == (code, 1)


def test_the_whole_book_filled_as_its_examples_is_accepted_without_a_notice(workspace):
    decided = workspace.give("oo-101", "Книга ОО.xlsx", filled(*PLANS))
    assert (decided.outcome, workspace.codes(decided.number)) == ("accepted", [])
    with workspace.open() as exchange:
        parts = exchange.store.submission(decided.number).parts
    assert [(part.form, part.counts["accepted"]) for part in parts] == [(c, 1) for c in PLANS]


def values(workspace, unit="oo-101"):
    with workspace.open() as exchange:
        return {
            form: [
                dict(row.values) for row in exchange.store.rows_in_force("2026-2027", form, unit)
            ]
            for form in PLANS
        }


@pytest.mark.parametrize("forms", [(), ("F04", "F05")])
def test_a_prefilled_blank_that_comes_back_says_the_same(workspace, forms):
    """Names of pupils left as codes and come back as the same codes."""
    workspace.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
    before = values(workspace)
    with workspace.open() as exchange:
        paths = issue_templates(
            exchange, NOW, units=["oo-101"], forms=forms, due=False, empty=False
        )
    for second, path in enumerate(paths):
        decided = workspace.give("oo-101", path.name, path.read_bytes(), second=900 + second)
        assert (decided.outcome, workspace.codes(decided.number)) == ("accepted", [])
    assert values(workspace) == before
    assert any(row["mentee_fio"].startswith("Н-") for row in before["F05"])


def test_an_issued_blank_is_for_nobody_else(workspace):
    """The Паспорт of a pre-filled blank names its school, so another folder is noticed."""
    with workspace.open() as exchange:
        (path,) = issue_templates(exchange, NOW, units=["oo-101"], forms=(), due=False, empty=False)
    data = edited(path.read_bytes(), *as_the_example(PLANS["F02"], path.read_bytes()))
    assert workspace.give("oo-102", path.name, data).outcome == "held"


ROWS = list(school("oo-101").rows["F04"])
WRONG = [ROWS[0] | {"entry_date": "когда-то"}, ROWS[1] | {"mentoring_form": "дружба"}, *ROWS[2:]]
FIRST, COLUMNS = 4, {column.name: place for place, column in enumerate(PLANS["F04"].columns, 1)}


def corrected(data):
    """The two wrong cells corrected by the school in whatever book it has at hand."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["4 Наставники"]
    sheet.cell(FIRST, COLUMNS["entry_date"]).value = ROWS[0]["entry_date"]
    sheet.cell(FIRST + 1, COLUMNS["mentoring_form"]).value = ROWS[1]["mentoring_form"]
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.fixture
def marked(workspace):
    """The school's own workbook with our marks, after two rows of it went back."""
    decided = workspace.give("oo-101", "База.xlsx", sheets("oo-101", only=("F04",), F04=WRONG))
    assert decided.outcome == "accepted_partly"
    (path,) = workspace.answers("oo-101").glob("*с пометками.xlsx")
    return path.read_bytes()


def clean_rows(tmp_path, read_here, workspace):
    other = type(workspace)(tmp_path / "clean")
    other.give("oo-101", "База.xlsx", sheets("oo-101", only=("F04",)))
    return values(other)["F04"]


def test_a_corrected_answer_gives_what_a_clean_file_gives(workspace, marked, tmp_path, read_here):
    decided = workspace.give("oo-101", "База исправлено.xlsx", corrected(marked), second=900)
    assert decided.outcome == "accepted"
    assert values(workspace)["F04"] == clean_rows(tmp_path, read_here, workspace)


def test_the_next_answer_holds_no_stale_marks(workspace, marked):
    """One error is corrected, one stays: only this one is marked, and there is one protocol."""
    half = edited(
        marked, ("4 Наставники", f"{_letter('entry_date')}{FIRST}", ROWS[0]["entry_date"])
    )
    workspace.give("oo-101", "База 2.xlsx", half, second=900)
    (path,) = workspace.answers("oo-101").glob("Приём 000002*с пометками.xlsx")
    book = openpyxl.load_workbook(path)
    assert [name for name in book.sheetnames if name.startswith(PROTOCOL_SHEET)] == [PROTOCOL_SHEET]
    sheet = book["4 Наставники"]
    commented = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert f"{_letter('mentoring_form')}{FIRST + 1}" in commented
    assert f"{_letter('entry_date')}{FIRST}" not in commented
    plain = openpyxl.load_workbook(io.BytesIO(strip(path.read_bytes())))["4 Наставники"]
    assert not [c for row in plain.iter_rows() for c in row if c.comment]


def _letter(column):
    return openpyxl.utils.get_column_letter(COLUMNS[column])


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_answer_saved_by_libreoffice_and_corrected_gives_the_same(
    workspace, marked, tmp_path, read_here
):
    source = tmp_path / "answer.xlsx"
    source.write_bytes(marked)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = (tmp_path / "saved" / "answer.xlsx").read_bytes()
    decided = workspace.give("oo-101", "База исправлено.xlsx", corrected(saved), second=900)
    assert decided.outcome == "accepted"
    assert values(workspace)["F04"] == clean_rows(tmp_path, read_here, workspace)


@pytest.mark.parametrize(
    ("name", "unit", "outcome", "forms"),
    [
        ("kniga.xlsx", "oo-101", "accepted", {"F01", "F02", "F04", "F05", "F08"}),
        ("kadry.xlsx", "oo-103", "accepted", {"F08"}),
        ("nastavlyaemye.ods", "oo-107", "accepted", {"F05"}),
        ("nastavniki-prikaz.xlsx", "oo-102", "accepted_partly", {"F04"}),
        ("nastavniki.xls", "oo-106", "accepted", {"F04"}),
        ("parol.xlsx", "oo-113", "rejected", set()),
    ],
)
def test_files_saved_by_libreoffice_go_the_whole_way(workspace, name, unit, outcome, forms):
    place = type(workspace)(workspace.folder / "office", schools=(unit,))
    decided = place.give(unit, name, (OFFICE / name).read_bytes())
    with place.open() as exchange:
        found = {part.form for part in exchange.store.submission(decided.number).parts}
    assert (decided.outcome, found) == (outcome, forms)
