"""The rules of acceptance on rows typed by hand: what becomes of each, and why."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import replace
from datetime import date

import pytest

from contracts.f01_school_card import SchoolCard
from contracts.f04_mentors import Mentors
from pipeline.acceptance import judge
from pipeline.acceptance.part_views import Circumstances, part_views
from pipeline.errors import ConservationError
from pipeline.hookspecs import Stage
from pipeline.model import Notice, ParsedFile, ParsedRow, Unit, outcome_of
from pipeline.workspace.plugin_loader import Loader
from tests.support.parts import part_of

PLAN = Mentors.plan()
NOTHING = judge.InForce()
ANNA, VERA, OLEG = "Петрова Анна Сергеевна", "Синицына Вера Петровна", "Чижов Олег Ильич"


def row(number, name=ANNA, **values):
    filled = {"mentor_fio": name, "mentoring_form": "учитель – учитель", **values}
    return ParsedRow(number, filled, cells={"mentor_fio": f"B{number}"})


def part(*rows, **more):
    skipped = more.pop("skipped", {})
    fields = {"seen": len(rows) + sum(skipped.values()), "notices": (), "columns": {}, **more}
    return part_of("F04", "4 Наставники", tuple(rows), skipped=skipped, **fields)


def decided(parsed, *notices, in_force=NOTHING, competitor=None, plan=PLAN, **more):
    sent = judge.Sent("oo-1", "2026-2027", **more)
    return judge.judge(parsed, plan, notices, in_force, competitor, sent)


def states(record):
    return [one.state for one in record.rows]


def keys(parsed):
    return list(decided(parsed)[0].rows.keys)


def codes(record):
    return [notice.code for notice in record.notices]


def error(number, code="cell_required"):
    return Notice(code, "error", row=number, column="workplace")


def counting(count, number=7):
    """So many people in force, each under a key of their own."""
    return judge.InForce(number, {f"человек {n}|": f"Человек {n}" for n in range(count)})


def test_good_rows_count_and_bad_rows_go_back():
    record, asked = decided(part(row(5), row(6, VERA)), error(6))
    assert (record.outcome, states(record)) == ("accepted_partly", ["accepted", "rejected"])
    assert asked == ()


def test_a_rejected_row_keeps_its_key_and_no_values():
    record, _ = decided(part(row(5), row(6, VERA)), error(6))
    assert record.rows.row(1).values == {}
    assert record.rows.row(1).key.startswith("синицына вера петровна|")


def test_remarks_never_block():
    record, _ = decided(part(row(5)), Notice("order_missing", "remark", row=5, column="order"))
    assert (record.outcome, states(record)) == ("accepted_with_remarks", ["accepted"])


def test_information_is_no_remark():
    record, _ = decided(part(row(5)), Notice("value_synonym", "info", row=5, column="status"))
    assert record.outcome == "accepted"


def test_without_one_good_row_the_part_is_rejected():
    record, _ = decided(part(row(5)), error(5))
    assert record.outcome == "rejected"


def test_an_error_of_the_whole_form_spoils_every_row():
    record, _ = decided(part(row(5), row(6, VERA)), Notice("column_missing", "error"))
    assert (record.outcome, states(record)) == ("rejected", ["rejected", "rejected"])


def test_a_card_counts_whole():
    card = part_of("F01", "1", (ParsedRow(3, {"inn": "1"}),), (), {}, layout="card", seen=1)
    record, _ = decided(card, Notice("cell_required", "error", row=9), plan=SchoolCard.plan())
    assert record.outcome == "rejected"


def test_an_exact_repeat_counts_once_and_is_information():
    record, _ = decided(part(row(5), row(6)))
    assert (record.outcome, states(record)) == ("accepted", ["accepted", "duplicate"])
    assert [(n.code, n.severity) for n in record.notices] == [("row_repeated", "info")]


def test_the_same_person_with_other_answers_goes_back():
    record, _ = decided(part(row(5), row(6, workplace="МБОУ")))
    assert states(record) == ["accepted", "rejected"]
    assert codes(record) == ["person_repeated"]
    assert record.notices[0].params["first"] == "5"


@pytest.mark.parametrize("second", [{}, {"workplace": "МБОУ"}])
def test_a_rejected_row_makes_no_repeat_of_a_good_one(second):
    """Else a good row would be called a repeat of a row that went back, and be lost."""
    record, _ = decided(part(row(5), row(6, **second)), error(5))
    assert states(record) == ["rejected", "accepted"]


def test_after_a_rejected_row_the_second_good_one_is_still_compared():
    record, _ = decided(part(row(5), row(6), row(7, workplace="МБОУ")), error(5))
    assert states(record) == ["rejected", "accepted", "rejected"]


def test_two_people_of_one_name_are_told_apart_by_their_years():
    record, _ = decided(part(row(5, birth_year=1980), row(6, birth_year=1990)))
    assert states(record) == ["accepted", "accepted"]
    assert len({one.key for one in record.rows}) == 2


def test_rows_without_anybody_are_not_compared():
    nobody = [ParsedRow(n, {"competencies": "чтение"}) for n in (5, 6)]
    record, _ = decided(part(*nobody))
    assert states(record) == ["accepted", "accepted"]


@pytest.mark.parametrize("spelling", ["ПЕТРОВА  анна Сергеевна", "Петрова Анна Cергеевна"])
def test_spelling_does_not_make_another_person(spelling):
    assert keys(part(row(5))) == keys(part(row(5, spelling)))


@pytest.mark.parametrize(
    ("count", "held"), [(3, False), (4, True), (13, False), (14, True)], ids=str
)
def test_a_list_is_held_when_more_than_three_and_more_than_30_percent_are_absent(count, held):
    """Of ten before 3 – no, 4 – yes; of 45 before 13 – no, 14 – yes."""
    before = counting(10 if count < 10 else 45)
    stay = len(before.keys) - count
    rows = [row(n + 5, f"Человек {n}") for n in range(stay)]
    record, asked = decided(part(*rows), in_force=before)
    assert (record.outcome == "held") is held
    assert [question.kind for question in asked] == (["rows_absent_many"] if held else [])
    assert codes(record).count("row_absent") == (0 if held else count)


def test_a_held_part_says_what_it_becomes_when_accepted():
    record, _ = decided(part(row(5)), in_force=counting(10))
    assert (record.outcome, record.proposed) == ("held", "accepted_with_remarks")
    assert (record.counts["held"], record.counts["accepted"]) == (1, 0)


def test_a_part_that_is_rejected_anyway_is_held_only_while_it_is_open_whose_it_is():
    record, asked = decided(part(row(5)), error(5), in_force=counting(10), asked=True)
    assert (record.outcome, record.proposed, asked) == ("held", "rejected", ())
    record, asked = decided(part(row(5)), error(5), in_force=counting(10))
    assert (record.outcome, asked) == ("rejected", ())


def test_a_form_that_adds_misses_nobody():
    record, _ = decided(part(row(5)), in_force=counting(10), plan=replace(PLAN, mode="append"))
    assert record.outcome == "accepted"


@pytest.mark.parametrize(("later", "outcome"), [(59.9, "held"), (60.0, "accepted_with_remarks")])
def test_of_two_files_of_one_look_the_one_saved_a_minute_later_wins(later, outcome):
    competitor = judge.Competitor(3, 1000.0)
    record, asked = decided(part(row(5)), competitor=competitor, modified=1000.0 + later)
    assert record.outcome == outcome
    assert [q.kind for q in asked] == (["two_files_at_once"] if outcome == "held" else [])


def test_a_question_about_the_file_holds_its_parts():
    record, asked = decided(part(row(5)), asked=True)
    assert (record.outcome, record.proposed, asked) == ("held", "accepted", ())


def test_no_data_is_accepted_without_rows():
    record, _ = decided(part(nil=True))
    assert (record.outcome, record.nil) == ("accepted", True)


def test_no_data_beside_rows_is_an_error_and_changes_nothing():
    record, _ = decided(part(row(5), nil=True), Notice("nil_with_rows", "error"))
    assert record.outcome == "rejected"


def test_a_rejected_row_that_is_in_force_is_said_to_stay():
    (key,) = keys(part(row(5)))
    before = judge.InForce(7, {key: ANNA})
    record, _ = decided(part(row(5), row(6, VERA)), error(5), in_force=before)
    kept = [notice for notice in record.notices if notice.code == "row_previous_kept"]
    assert [(n.row, n.params["number"]) for n in kept] == [(5, "7")]


def test_every_row_is_counted_somewhere():
    parsed = part(row(5), row(6), row(7, VERA), skipped={"title": 2, "total": 1})
    record, _ = decided(parsed, error(7))
    assert record.counts == {
        "seen": 6,
        "accepted": 1,
        "rejected": 1,
        "duplicate": 1,
        "held": 0,
        "skipped_title": 2,
        "skipped_total": 1,
    }


def test_a_row_lost_on_the_way_is_our_bug():
    with pytest.raises(ConservationError, match="прочитано 2, а учтено 1"):
        decided(part(row(5), seen=2))


def test_places_and_people_are_filled_in():
    record, _ = decided(part(row(5)), Notice("order_missing", "remark", row=5, column="mentor_fio"))
    (notice,) = record.notices
    assert (notice.form, notice.sheet, notice.cell) == ("F04", "4 Наставники", "B5")
    assert (notice.value, notice.who) == (ANNA, ANNA)


def test_errors_come_before_remarks_and_then_by_row():
    remark = Notice("order_missing", "remark", row=5, column="order")
    record, _ = decided(part(row(5), row(6, VERA), row(7, OLEG)), remark, error(7), error(6))
    assert [(n.severity, n.row) for n in record.notices] == [
        ("error", 6),
        ("error", 7),
        ("remark", 5),
    ]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["accepted", "held", "rejected"], "held"),
        (["accepted", "rejected"], "accepted_partly"),
        (["accepted_with_remarks", "rejected", "rejected"], "accepted_partly"),
        (["rejected", "superseded"], "rejected"),
        (["accepted", "accepted_partly"], "accepted_partly"),
        ([], "rejected"),
    ],
)
def test_a_file_is_as_good_as_its_worst_part_but_not_refused_where_another_counts(parts, whole):
    assert outcome_of(parts) == whole


def view():
    unit = Unit("oo-1", "ОО", "Школа")
    parts = ParsedFile((part(row(5)),))
    given = Circumstances(unit, "2026-2027", date(2026, 10, 1))
    return part_views(parts, {"F04": PLAN}, given)[0]


def only(*stages):
    return dataclasses.replace(Loader().describe(), stages=stages)


def failing(_view):
    yield Notice("order_missing", "remark", row=5)
    raise ValueError("Петрова Анна Сергеевна")


def test_a_stage_that_fails_is_named_without_its_words_and_the_others_run(caplog):
    good = Stage(
        "good", "", "check", lambda _: [Notice("order_missing", "remark", row=5)], ("F04",)
    )
    bad = Stage("bad", "", "check", failing, ("*",))
    other = Stage("other", "", "check", failing, ("F05",))
    with caplog.at_level(logging.DEBUG):
        found, not_run = judge.run_checks(only(bad, good, other), view())
    assert len(found) == 1
    assert [(one.rule, one.error) for one in not_run] == [("bad", "ValueError")]
    assert "failed in bad: ValueError" in caplog.text
    assert "Петрова" not in caplog.text


def test_a_code_that_no_catalogue_knows_reaches_nobody_and_is_named():
    stage = Stage("odd", "", "check", lambda _: [Notice("nobody_knows", "error", row=5)], ("*",))
    found, (not_run,) = judge.run_checks(only(stage), view())
    assert found == ()
    assert (not_run.rule, not_run.error) == ("odd", "WrongAnswer")
    assert "nobody_knows" in not_run.reason


def test_missing_columns_are_said_once_until_others_are_missing():
    said = Notice("columns_not_asked", "remark", params={"columns": "«Класс»"})
    other = Notice("columns_not_asked", "remark", params={"columns": "«Класс», «Роль»"})
    before = judge.InForce(7, {}, told=[said])

    first, _ = decided(part(row(5)), said)
    again, _ = decided(part(row(5)), said, in_force=before)
    more, _ = decided(part(row(5)), other, in_force=before)

    assert first.outcome == more.outcome == "accepted_with_remarks"
    assert again.outcome == "accepted"
    assert [(n.code, n.severity) for n in again.notices] == [("columns_not_asked", "info")]
