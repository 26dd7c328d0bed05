"""The contract's own rules: one call for many files, each failure at its row, none by a bug."""

from __future__ import annotations

import logging
from dataclasses import replace

import pandera.pandas as pa
import pytest
from pandera.typing import Series

from contracts.f02_curators import Curators
from contracts.f08_staff_summary import StaffSummary
from contracts.form import Form, RowRule
from pipeline.acceptance.contract_checks import check
from pipeline.model import ParsedRow
from tests.support.parts import part_of

PLAN = Curators.plan()
GOOD = {
    "fio": "Петрова Анна Сергеевна",
    "position": "методист",
    "order": "№ 1 от 2026-09-01",
    "share_region": True,
}
STAFF = {name: int(value) for name, value in StaffSummary.plan().examples[0].items()}


def part(*rows, form="F02", columns=PLAN.names, failed=()):
    made = tuple(ParsedRow(number, values, failed=failed) for number, values in enumerate(rows, 5))
    return part_of(form, "лист", made, (), dict.fromkeys(columns, 1), seen=len(made))


def said(notices):
    return [(n.code, n.severity, n.row, n.column) for n in notices]


def test_good_rows_give_no_notice():
    assert check([part(GOOD), part()], Curators) == [(), ()]


def test_each_failure_stands_at_its_own_file_and_row():
    """Row numbers repeat from file to file; the files must not be mixed up."""
    found = check([part(GOOD), part(GOOD, GOOD | {"order": None}), part(GOOD)], Curators)
    assert [said(one) for one in found] == [[], [("cell_required", "error", 6, "order")], []]


def test_files_are_judged_together_as_they_are_alone():
    parts = [part({}), part(GOOD), part(GOOD | {"kpk_hours": 999}), part(GOOD | {"fio": None})]
    assert check(parts, Curators) == [check([one], Curators)[0] for one in parts]


def test_a_column_that_is_not_there_is_not_missed_row_by_row():
    assert check([part(GOOD | {"order": None}, columns=("fio", "position"))], Curators) == [()]


def test_a_cell_that_could_not_be_read_is_not_called_empty_too():
    assert check([part(GOOD | {"order": None}, failed=("order",))], Curators) == [()]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"ped_lt35": 5}, "sum_differs", "ped_lt35"),
        ({"ped_total": 1}, "parts_exceed_whole", "ped_lt35"),
        ({"pupils_10_19": 601}, "parts_exceed_whole", "pupils_10_19"),
        ({"young_hired": -1}, "number_out_of_range", "young_hired"),
    ],
)
def test_rules_over_several_cells_name_the_one_to_look_at(change, code, column):
    card = part(STAFF | change, form="F08", columns=StaffSummary.plan().names)
    assert (code, column) in [(n.code, n.column) for n in check([card], StaffSummary)[0]]


def test_a_rule_that_cannot_be_judged_for_lack_of_a_value_is_not_broken():
    card = part(STAFF | {"ped_lt25": None}, form="F08", columns=StaffSummary.plan().names)
    assert said(check([card], StaffSummary)[0]) == [("cell_required", "error", 5, "ped_lt25")]


def _form(*rules, **columns):
    """A contract of a plugin: the curators with other rules or columns."""
    about = replace(Curators.about(), code="X02", rules=rules)
    config = type("Config", (Curators.Config,), {"metadata": {"form": about}})
    names = {"Config": config, "__module__": __name__, **columns}
    return type("Foreign", (Curators,), names)


def test_a_rule_of_a_plugin_that_raises_is_named_and_loses_no_row(caplog):
    broken = RowRule("sum_differs", "fio", lambda frame: frame["Петрова Анна Сергеевна"])
    form = _form(broken)
    assert issubclass(form, Form)
    with caplog.at_level(logging.DEBUG):
        assert check([part(GOOD, GOOD | {"order": None})], form) == check(
            [part(GOOD, GOOD | {"order": None})], Curators
        )
    assert "rule" in caplog.text
    assert "X02" in caplog.text
    assert "Петрова" not in caplog.text


def test_a_check_of_pandera_that_we_do_not_know_refuses_the_value():
    field = pa.Field(isin=["методист"], nullable=True, metadata={"title": "Д", "type": "text"})
    form = _form(position=field, __annotations__={"position": Series[object]})
    found = check([part(GOOD, GOOD | {"position": "завуч"})], form)[0]
    assert said(found) == [("value_refused", "remark", 6, "position")]
