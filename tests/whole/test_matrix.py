"""A form with given rows and stages on its whole way: blank, filled in, accepted, base, package."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from pipeline import run
from pipeline.acceptance import rulings
from pipeline.answers.issue_blanks import issue_templates
from pipeline.commands.report import status
from pipeline.publication.build import board_of
from tests.support.measures import GOOD, PLAN, ROWS, made, plugin, typed
from tests.support.workspace import NOW

HEAD = ("Форма наставничества", "Участники", "Участников", "Опрошено", "Шкала", "Мотивация")
BASELINE, FINAL = "9 Замер входящий", "9 Замер итоговый"


def lines(answers=GOOD, rows=ROWS):
    return [(*labels, *values) for labels, values in zip(rows, answers, strict=True)]


def sheet(name=BASELINE, rows=None, head=HEAD, title="Замер"):
    return (name, [(title,), head, *(lines() if rows is None else rows)])


@pytest.fixture
def exchange(workspace):
    with workspace.open(plugin()) as opened:
        yield opened


@pytest.fixture
def give(workspace, exchange):
    """Accept one workbook of school 101; the answer is the submission as stored."""
    count = iter(range(100))

    def one(*sheets, name=None, now=NOW):
        number = next(count)
        data = sheets[0] if isinstance(sheets[0], bytes) else made(*sheets)
        workspace.drop("oo-101", name or f"книга {number}.xlsx", data, second=100 * number)
        decided = run.accept(exchange, now, quiet=0)[-1]
        return exchange.store.submission(decided.number)

    return one


def codes(submission):
    return sorted(
        n.code
        for n in (*submission.notices, *(n for part in submission.parts for n in part.notices))
        if n.severity != "info"
    )


def in_force(exchange, stage):
    rows = exchange.store.rows_in_force("2026-2027", PLAN.code, "oo-101")
    return {
        (r.values["mentoring_form"], r.values["group"]): r.values["participants"]
        for r in rows
        if r.stage == stage
    }


def issued(exchange):
    (path,) = issue_templates(exchange, NOW, units=["oo-101"], forms=[PLAN.code])
    return path


def test_the_blank_gives_rows_and_headers_on_a_sheet_for_each_stage(exchange):
    book = openpyxl.load_workbook(issued(exchange))
    for name in (BASELINE, FINAL):
        page = book[name]
        cells = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
        assert [cell.rstrip(" *") for cell in cells[0]] == list(HEAD)
        assert [tuple(row[:2]) for row in cells[1:]] == list(ROWS)
        assert not any(any(row[2:]) for row in cells[1:])
        assert page["A5"].fill.bgColor != page["C5"].fill.bgColor
        areas = {str(rule.sqref) for rule in page.data_validations.dataValidation}
        assert areas == {"C5:C8", "D5:D8", "E5:E8", "F5:F8"}
    said = [cell.value for row in book["Как заполнять"].iter_rows() for cell in row]
    assert "входящий до 15.10.2026" in said
    assert "итоговый до 31.05.2027" in said


def test_a_blank_sent_back_as_it_was_is_no_form(exchange, give):
    found = give(issued(exchange).read_bytes())
    assert found.parts == ()
    assert in_force(exchange, "baseline") == {}


def test_a_filled_blank_is_accepted_whole_and_comes_back_filled(exchange, give):
    found = give(typed(issued(exchange), BASELINE))
    (part,) = found.parts
    assert (part.outcome, part.stage, codes(found)) == ("accepted", "baseline", [])
    assert part.counts["accepted"] == 4
    assert in_force(exchange, "baseline") == dict(zip(ROWS, (12, 30, 4, 9), strict=True))
    again = openpyxl.load_workbook(issued(exchange))
    assert [cell.value for cell in again[BASELINE][5]] == [*ROWS[0], 12, 10, "1–10", 7.5]
    assert [cell.value for cell in again[FINAL][5]][2:] == [None] * 4


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls:MS Excel 97"])
def test_a_filled_blank_saved_by_libreoffice_is_the_same(exchange, give, tmp_path, kind):
    source = tmp_path / "замер.xlsx"
    source.write_bytes(typed(issued(exchange), BASELINE))
    words = ("--headless", "--convert-to", kind, "--outdir", str(tmp_path / "saved"), str(source))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(["soffice", profile, *words], check=True, capture_output=True, timeout=180)
    (saved,) = (tmp_path / "saved").iterdir()
    found = give(saved.read_bytes(), name=saved.name)
    assert (found.parts[0].outcome, codes(found)) == ("accepted", [])
    assert in_force(exchange, "baseline") == dict(zip(ROWS, (12, 30, 4, 9), strict=True))


def test_rows_and_columns_are_found_in_any_order(exchange, give):
    turned = [tuple(reversed(row)) for row in reversed(lines())]
    found = give(
        sheet(rows=turned, head=tuple(reversed(HEAD)), name="Лист1", title="Итоговый замер")
    )
    assert (found.parts[0].outcome, found.parts[0].stage) == ("accepted", "final")
    assert in_force(exchange, "final") == dict(zip(ROWS, (12, 30, 4, 9), strict=True))


def test_both_stages_stand_side_by_side_in_one_file(exchange, give):
    later = [(*labels, 1, 1, "1–10", 1) for labels in ROWS]
    found = give(sheet(), sheet(FINAL, later))
    assert [(p.stage, p.outcome) for p in found.parts] == [
        ("baseline", "accepted"),
        ("final", "accepted"),
    ]
    give(sheet(rows=[(*labels, 5, 5, "1–10", 5) for labels in ROWS]))
    assert set(in_force(exchange, "baseline").values()) == {5}
    assert set(in_force(exchange, "final").values()) == {1}


@pytest.mark.parametrize(
    ("rows", "outcome", "said"),
    [
        (lines()[1:], "accepted_with_remarks", ["matrix_row_missing"]),
        ([*lines(), ("студент – ученик", "наставники", 1, 1, "1–10", 5)], "rejected", None),
        ([*lines(), (*ROWS[0], 99, 9, "1–10", 9)], "rejected", None),
        ([(*ROWS[0], "много", 1, "1–10", 5), *lines()[1:]], "rejected", None),
        ([(*ROWS[0], 3, 5, "1–10", 5), *lines()[1:]], "rejected", ["parts_exceed_whole"]),
        ([(*ROWS[0], 3, None, "1–10", 5), *lines()[1:]], "rejected", ["cell_required"]),
        ([("учитель – учитель", "все", 3, 1, "1–10", 5), *lines()[1:]], "rejected", None),
    ],
)
def test_what_is_wrong_is_named_and_an_error_returns_the_whole(exchange, give, rows, outcome, said):
    found = give(sheet(rows=rows))
    assert found.parts[0].outcome == outcome
    assert said is None or codes(found) == said
    assert bool(in_force(exchange, "baseline")) == outcome.startswith("accepted")
    if outcome == "rejected":
        assert found.parts[0].counts["rejected"] == len(rows)
        errors = [n for n in found.parts[0].notices if n.severity == "error"]
        assert errors and all(n.cell and n.sheet == BASELINE for n in errors)


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (("студент – ученик", "наставники", 1, 1, "1–10", 5), "matrix_row_unknown", "A7"),
        ((*ROWS[0], 99, 9, "1–10", 9), "matrix_row_twice", "A7"),
    ],
)
def test_rows_that_are_not_asked_are_named_where_they_stand(give, row, code, cell):
    (part,) = give(sheet(rows=[*lines(), row])).parts
    assert [(n.code, n.cell) for n in part.notices if n.severity == "error"] == [(code, cell)]


def test_two_tables_of_one_stage_are_named(exchange, give):
    found = give(sheet(), sheet("Замер входящий (2)"))
    assert "form_twice" in codes(found)
    assert in_force(exchange, "baseline") != {}


def test_the_workbook_comes_back_with_marks(workspace, give):
    found = give(sheet(rows=[(*ROWS[0], 3, 5, "1–10", 5), *lines()[1:]]))
    folder = workspace.outbox / "units" / "oo-101"
    (path,) = [p for p in folder.rglob("*.xlsx") if f"{found.number:06d}" in p.name]
    assert openpyxl.load_workbook(path)[BASELINE]["D3"].comment


class TestStage:
    def test_a_line_of_the_passport_says_it(self, give):
        passport = ("Паспорт", [("ИНН", ""), ("Учебный год", "2026-2027"), ("Этап", "итоговый")])
        passport[1].insert(0, ("Наименование ОО", "МБОУ «СОШ № 101»"))
        found = give(passport, sheet("Лист2"))
        assert found.parts[0].stage == "final"

    def test_a_column_says_it(self, give):
        rows = [(*row, "итоговый") for row in lines()]
        found = give(sheet("Лист1", rows, (*HEAD, "Этап")))
        assert (found.parts[0].stage, found.parts[0].outcome) == ("final", "accepted")

    def test_the_name_of_the_file_is_asked_last(self, give):
        assert give(sheet("Лист1"), name="входящий замер.xlsx").parts[0].stage == "baseline"

    @pytest.mark.parametrize("name", ["Лист1", FINAL])
    def test_rows_of_two_stages_on_a_sheet_return_it(self, give, name):
        rows = [(*row, "входящий") for row in lines()[:2]]
        rows += [(*row, "итоговый" if name == "Лист1" else "входящий") for row in lines()[2:]]
        found = give(sheet(name, rows, (*HEAD, "Этап")))
        assert "stage_mixed" in codes(found)
        assert found.parts[0].outcome == "rejected"

    def test_where_nothing_says_it_a_person_is_asked_and_answers(self, exchange, give):
        found = give(sheet("Лист1"))
        assert (found.parts[0].outcome, codes(found)) == ("held", ["stage_unknown"])
        (question,) = exchange.store.open_questions()
        assert dict(question.choices) == {
            "baseline": "Входящий",
            "final": "Итоговый",
            "reject": "Не принимать",
        }

        def decide(choice):
            rulings.answer(
                exchange, NOW, question=question.id, choice=choice, who="Ковалёва", note=""
            )
            return exchange.store.submission(found.number).parts[0]

        now = decide("final")
        assert (now.stage, now.outcome_now) == ("final", "accepted")
        assert len(in_force(exchange, "final")) == 4
        assert decide("baseline").stage == "baseline"
        assert in_force(exchange, "final") == {}
        now = decide(None)
        assert (now.stage, now.outcome_now) == ("", "held")
        assert in_force(exchange, "baseline") == {}
        assert decide("reject").outcome_now == "rejected"
        digest = exchange.store.digest()
        exchange.store.rebuild()
        assert exchange.store.digest() == digest

    def test_the_board_has_a_line_for_each(self, exchange, give):
        give(sheet())
        day = datetime(2027, 6, 1, 5, 0, tzinfo=UTC)
        found = {
            x.stage: (x.state, x.late)
            for x in board_of(exchange, day)
            if (x.unit, x.form) == ("oo-101", PLAN.code)
        }
        assert found == {"baseline": ("accepted", False), "final": ("none", True)}
        shown = next(u for u in status(exchange, day)["units"] if u["unit"] == "oo-101")["forms"]
        assert shown["M09 входящий"]["state"] == "accepted"
        assert shown["M09 итоговый"]["late"]

    def test_unchanged_is_said_for_the_stages_in_force_only(self, exchange, give):
        give(sheet())
        passport = [
            ("Наименование ОО", "МБОУ «СОШ № 101»"),
            ("Учебный год", "2026-2027"),
            ("ИНН", ""),
            ("Подтверждаю, изменений нет", "да"),
        ]
        found = give(("Паспорт", passport))
        assert [(p.form, p.stage) for p in found.parts] == [(PLAN.code, "baseline")]


def test_base_documents_and_package_say_the_stage(workspace, exchange, give):
    give(sheet(), sheet(FINAL))
    done = run.publish(exchange, NOW)
    assert done.failed == ()
    base = done.publication.view.base_rows(PLAN.code)
    assert sorted(row["stage"] for row in base) == ["входящий"] * 4 + ["итоговый"] * 4
    board = openpyxl.load_workbook(next((workspace.outbox / "documents").rglob("D17*.xlsx")))[
        "Светофор"
    ]
    heads = [str(cell.value) for row in board.iter_rows(max_row=6) for cell in row if cell.value]
    assert {"Замер, входящий\nдо 15.10", "Замер, итоговый\nдо 31.05"} <= set(heads)
    (draft,) = done.drafts
    with zipfile.ZipFile(io.BytesIO(draft.path.read_bytes())) as package:
        name = next(n for n in package.namelist() if "measures" in n)
        text = package.read(name).decode("utf-8-sig")
        schema = json.loads(package.read("data/datapackage.json"))
    assert text.splitlines()[0].count("stage") == 1
    assert len(text.splitlines()) == 9
    assert "итоговый" in text
    assert any("measures" in one["name"] for one in schema["resources"])
