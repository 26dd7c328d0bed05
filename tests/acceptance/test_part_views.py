"""What check stages see of a part: made when asked for, shared, and never written into."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from pipeline.acceptance import judge
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.hookspecs import Stage
from pipeline.model import Notice, ParsedFile, ParsedRow, PartColumns, Unit
from pipeline.workspace.plugin_loader import Loader
from tests.support.parts import part_of

PLANS = {"F04": Mentors.plan(), "F05": Mentees.plan()}
UNIT = Unit("oo-1", "ОО", "МБОУ «СОШ № 1»")
ANNA, VERA = "Петрова Анна Сергеевна", "Синицына Вера Петровна"
MENTOR = ParsedRow(
    5, {"mentor_fio": ANNA, "entry_date": "2026-09-01"}, {"mentor_fio": "петрова"}, {"order": "K5"}
)


def file(*forms):
    return ParsedFile(tuple(part_of(form, "лист", [MENTOR], seen=1) for form in forms))


def views(parsed, *in_force):
    given = Circumstances(UNIT, "2026-2027", date(2026, 10, 1), {UNIT.code: UNIT})
    return part_views(parsed, PLANS, given, *in_force)


def write_values(view):
    view.rows[0].values["mentor_fio"] = VERA


def write_raw(view):
    view.rows[0].raw["mentor_fio"] = VERA


def write_cells(view):
    view.rows[0].cells["mentor_fio"] = "A1"


def write_a_row(view):
    view.rows[0].row = 6


def write_rows(view):
    view.rows[0] = MENTOR


def write_a_column(view):
    view.columns.values["mentor_fio"][0] = VERA


def write_columns(view):
    view.columns.values["mentor_fio"] = (VERA,)


def write_the_view(view):
    view.unit = None


@pytest.mark.parametrize(
    "write",
    [
        write_values,
        write_raw,
        write_cells,
        write_a_row,
        write_rows,
        write_a_column,
        write_columns,
        write_the_view,
    ],
)
def test_a_check_that_writes_fails_and_changes_nothing(write, caplog):
    (view,) = views(file("F04"))
    with pytest.raises((TypeError, FrozenInstanceError)):
        write(view)
    stage = Stage("writes", "", "check", lambda v: [write(v)], ("*",))
    plugins = replace(Loader().describe(), stages=(stage,))
    found, (not_run,) = judge.run_checks(plugins, view)
    assert (found, not_run.rule) == ((), "writes")
    assert "failed in writes" in caplog.text
    assert view.rows == (MENTOR,)
    assert view.columns.values["mentor_fio"] == (ANNA,)


def test_a_table_is_a_copy():
    (view,) = views(file("F04"))
    table = view.frame()
    table.loc[0, "mentor_fio"] = VERA
    assert view.frame()["mentor_fio"].tolist() == [ANNA]
    assert view.rows[0].values["mentor_fio"] == ANNA


def test_a_table_has_all_columns_of_the_contract_with_their_types():
    (view,) = views(file("F04"))
    assert tuple(view.frame().columns) == PLANS["F04"].names
    assert str(view.frame()["birth_year"].dtype) == "Int64"


def test_rows_of_a_file_are_made_once_for_all_its_parts_and_only_when_asked_for(monkeypatch):
    made = []
    rows = PartColumns.rows.fget
    monkeypatch.setattr(PartColumns, "rows", property(lambda p: made.append(p.form) or rows(p)))
    first, second = views(file("F04", "F05"))
    assert made == []
    assert first.rows is second.other("F04")
    assert second.rows is first.file_rows["F05"]
    assert made == ["F04", "F05"]


def test_another_form_is_that_of_the_file_and_else_what_is_in_force():
    in_force = part_of("F05", "", [ParsedRow(9, {"mentee_fio": VERA})])
    (alone,) = views(file("F04"), lambda _form: in_force)
    assert [row.row for row in alone.other("F05")] == [9]
    assert alone.other_columns("F05") is in_force
    empty = ParsedFile((*file("F04").parts, PartColumns("F05", "пусто", nil=True)))
    beside, _ = views(empty, lambda _form: in_force)
    assert beside.other("F05") == ()
    assert len(beside.other_columns("F05")) == 0


def test_two_parts_of_one_form_have_each_their_own_rows():
    other = part_of("F04", "другой лист", [ParsedRow(7, {"mentor_fio": VERA})])
    first, second = views(ParsedFile((*file("F04").parts, other)))
    assert [row.row for row in first.rows] == [5]
    assert [row.row for row in second.rows] == [7]


def test_what_is_made_of_the_registry_is_made_once_in_a_run():
    asked = []

    def make(units):
        asked.append(tuple(units))
        return len(units)

    given = Circumstances(UNIT, "2026-2027", date(2026, 10, 1), {UNIT.code: UNIT})
    for _ in range(3):
        for view in part_views(file("F04", "F05"), PLANS, given):
            assert view.of_units(make) == 1
    assert asked == [("oo-1",)]


def test_cells_of_a_row_say_where_it_stands_and_whether_it_was_asked():
    moved = PartColumns(
        "F04",
        "лист",
        (5, 6),
        {"order": [None, None], "results": [None, None]},
        letters={"order": "K"},
        moved={"order": {1: ""}, "results": {0: "B9"}},
        failed={"order": [0]},
    )
    first, second = moved.rows
    assert dict(first.cells) == {"order": "K5", "results": "B9"}
    assert dict(second.cells) == {}
    assert ("order" in first.cells, "order" in second.cells) == (True, False)
    assert ("results" in first.cells, "results" in second.cells) == (True, False)
    assert "nothing" not in first.cells
    assert len(first.cells) == 2
    assert list(moved.asked("order")) == [False, False]
    assert list(moved.asked("results")) == [True, False]
    assert list(moved.asked("nothing")) == [False, False]


def test_a_notice_of_a_column_that_was_not_sent_finds_no_value():
    record, _ = judge.judge(
        file("F04").parts[0],
        PLANS["F04"],
        [Notice("order_missing", "remark", row=5, column="order")],
        judge.InForce(),
        None,
        judge.Sent("oo-1", "2026-2027"),
    )
    assert (record.notices[0].value, record.notices[0].cell) == (None, "K5")
