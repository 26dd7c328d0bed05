"""What waits for a person: held forms, their questions, answers, and what is taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pipeline import run
from pipeline.acceptance import rulings
from pipeline.commands import report
from pipeline.demo.files import book
from pipeline.errors import UsageError
from tests.support.workspace import NOW, edited, school, sheets

WHO = "Синицына В.П."


def rows(form, code="oo-101"):
    return list(school(code).rows[form])


def mentors(*some, **said):
    """A file with these mentors only."""
    return sheets("oo-101", only=("F04",), said=said, F04=list(some))


ALL = rows("F04")


def names(workspace, form="F04"):
    return {name for name, _ in workspace.in_force("oo-101", form)}


def answer(workspace, question, choice, now=NOW):
    with workspace.open() as exchange:
        return rulings.answer(exchange, now, question=question, choice=choice, who=WHO, note="")


def asked(workspace):
    with workspace.open() as exchange:
        return [(q.id, q.kind, set(q.choices)) for q in exchange.store.open_questions()]


@pytest.fixture
def only_new(workspace):
    """All mentors are in force, and then a list comes with one of them."""
    assert len(ALL) > 4
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    assert workspace.give("oo-101", "Новые.xlsx", mentors(ALL[0])).outcome == "held"
    return workspace


def test_a_list_without_most_of_its_rows_is_held_and_the_base_stands(only_new):
    assert len(names(only_new)) == len(ALL)
    assert asked(only_new) == [("2.0", "rows_absent_many", {"accept", "reject"})]
    part = only_new.receipt("oo-101", 2)["forms"][0]
    assert (part["outcome"], part["counts"]["held"], part["counts"]["accepted"]) == ("held", 1, 0)
    assert "rows_absent_many" in only_new.codes(2)


def test_accepting_a_held_list_puts_it_in_force_and_tells_the_school(only_new):
    said = answer(only_new, "2.0", "accept")
    assert said["outcome_now"].startswith("accepted")
    assert names(only_new) == {ALL[0]["mentor_fio"]}
    page = (
        only_new.answers("oo-101") / f"Приём 000002 – дополнение {said['fact']:06d}.html"
    ).read_text()
    assert "Действуют данные этого файла" in page
    assert asked(only_new) == []


def test_refusing_a_held_list_leaves_what_was(only_new):
    said = answer(only_new, "2.0", "reject")
    assert said["outcome_now"] == "rejected"
    assert len(names(only_new)) == len(ALL)


def test_an_answer_taken_back_gives_what_was_before_it(only_new):
    before = names(only_new)
    answer(only_new, "2.0", "accept")
    said = answer(only_new, "2.0", None)
    assert said["outcome_now"] == "held"
    assert names(only_new) == before
    assert [question for question, _, _ in asked(only_new)] == ["2.0"]


def test_the_frozen_receipt_does_not_change_with_the_answer(only_new):
    folder = only_new.answers("oo-101")
    before = {p.name: p.read_bytes() for p in folder.glob("Приём 000002*")}
    answer(only_new, "2.0", "accept")
    after = {p.name: p.read_bytes() for p in folder.glob("Приём 000002*")}
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("question", "choice", "words"),
    [
        ("9.0", "accept", "нет"),
        ("2.0", "maybe", "один из"),
        ("x", "accept", "нет"),
        ("2.0", None, "не отвечали"),
    ],
)
def test_an_answer_to_nothing_is_refused(only_new, question, choice, words):
    with pytest.raises(UsageError, match=words):
        answer(only_new, question, choice)


@pytest.mark.parametrize("gone", [1, 3])
def test_a_few_absent_rows_go_out_of_force_and_are_listed(workspace, gone):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    number = workspace.give("oo-101", "База 2.xlsx", mentors(*ALL[:-gone])).number
    assert workspace.codes(number).count("row_absent") == gone
    assert len(names(workspace)) == len(ALL) - gone


def test_rejected_rows_keep_their_last_accepted_version(workspace):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    wrong = ALL[0] | {"entry_date": "когда-то"}
    decided = workspace.give("oo-101", "База 2.xlsx", mentors(wrong, *ALL[1:]))
    assert decided.outcome == "accepted_partly"
    assert workspace.codes(decided.number).count("row_previous_kept") == 1
    standing = dict(workspace.in_force("oo-101", "F04"))
    assert [name for name, prior in standing.items() if prior] == [ALL[0]["mentor_fio"]]
    assert len(standing) == len(ALL)


def test_a_part_without_one_good_row_is_rejected_and_changes_nothing(workspace):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    bad = [row | {"entry_date": "когда-то"} for row in ALL]
    assert workspace.give("oo-101", "База 2.xlsx", mentors(*bad)).outcome == "rejected"
    assert len(names(workspace)) == len(ALL)


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(0, "held"), (59, "held"), (60, "accepted_with_remarks")]
)
def test_of_two_files_at_once_the_clearly_later_one_wins(workspace, seconds, outcome):
    workspace.drop("oo-101", "а.xlsx", mentors(*ALL))
    workspace.drop("oo-101", "б.xlsx", mentors(*ALL[1:]), second=seconds)
    first, second = workspace.accept()
    assert (first.outcome, second.outcome) == ("accepted", outcome)
    code = "two_files_at_once" if outcome == "held" else "newer_file_won"
    assert code in workspace.codes(second.number)


def test_of_two_files_at_once_a_person_may_choose_the_later_one(workspace):
    workspace.drop("oo-101", "а.xlsx", mentors(*ALL))
    workspace.drop("oo-101", "б.xlsx", mentors(*ALL[1:]))
    workspace.accept()
    answer(workspace, "2.0", "accept")
    assert ALL[0]["mentor_fio"] not in names(workspace)


def test_a_file_in_another_schools_folder_is_held_and_can_be_given_to_either(workspace):
    workspace.give("oo-101", "Книга 117.xlsx", book(school("oo-117"), "F02"))
    (question,) = asked(workspace)
    assert question == ("1.0", "unit_conflict", {"oo-101", "oo-117", "reject"})
    answer(workspace, "1.0", "oo-117")
    curator = rows("F02", "oo-117")[0]["fio"]
    assert workspace.in_force("oo-117", "F02") == [(curator, False)]
    assert workspace.in_force("oo-101", "F02") == []


def test_a_file_for_another_year_is_held_until_a_person_takes_it(workspace):
    data = sheets("oo-101", only=("F02",), said={"period": "2025-2026"})
    assert workspace.give("oo-101", "прошлый.xlsx", data).outcome == "held"
    assert [kind for _, kind, _ in asked(workspace)] == ["period_other"]
    answer(workspace, "1.0", "2025-2026")
    with workspace.open() as exchange:
        assert exchange.store.in_force("oo-101", "F02", "2025-2026").number == 1
    assert workspace.in_force("oo-101", "F02") == []


def test_a_subfolder_says_the_year_where_the_passport_is_silent(workspace):
    data = sheets("oo-101", only=("F02",), said={"period": ""})
    workspace.drop("oo-101/2025-2026", "прошлый.xlsx", data)
    assert workspace.accept()[0].outcome == "held"
    with workspace.open() as exchange:
        assert exchange.store.submission(1).parts[0].period == "2025-2026"


def test_no_data_is_an_answer_and_replaces_a_short_list(workspace):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL[:3]))
    nil = edited(mentors(), ("4 Наставники", "A4", "Данных нет"))
    decided = workspace.give("oo-101", "нет.xlsx", nil)
    assert decided.outcome == "accepted_with_remarks"
    assert names(workspace) == set()
    assert workspace.receipt("oo-101", decided.number)["forms"][0]["nil"] is True


def test_no_data_where_much_was_is_held(workspace):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    nil = edited(mentors(), ("4 Наставники", "A4", "Данных нет"))
    assert workspace.give("oo-101", "нет.xlsx", nil).outcome == "held"
    assert len(names(workspace)) == len(ALL)


def test_an_empty_sheet_is_no_answer(workspace):
    workspace.give("oo-101", "База.xlsx", mentors(*ALL))
    decided = workspace.give("oo-101", "пусто.xlsx", mentors())
    assert decided.outcome == "rejected"
    assert len(names(workspace)) == len(ALL)


def test_unchanged_confirms_what_is_in_force(workspace):
    workspace.give("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02", "F04")))
    before = workspace.in_force("oo-101", "F04")
    note = sheets("oo-101", only=(), said={"unchanged": "да"})
    decided = workspace.give("oo-101", "Изменений нет.xlsx", note)
    assert decided.outcome == "accepted"
    with workspace.open() as exchange:
        parts = exchange.store.submission(decided.number).parts
    assert [(part.form, part.unchanged) for part in parts] == [("F02", True), ("F04", True)]
    assert workspace.in_force("oo-101", "F04") == before


def test_unchanged_without_anything_in_force_confirms_nothing(workspace):
    note = sheets("oo-101", only=(), said={"unchanged": "да"})
    assert workspace.give("oo-101", "Изменений нет.xlsx", note).outcome == "rejected"


def test_a_withdrawn_form_goes_out_of_force_and_the_school_is_told(workspace):
    workspace.give("oo-101", "а.xlsx", mentors(*ALL[1:]))
    workspace.give("oo-101", "б.xlsx", mentors(*ALL))
    with workspace.open() as exchange:
        later = NOW + timedelta(days=1)
        fact = rulings.withdraw(exchange, later, place="2.0", who=WHO, reason="не тот файл")
    assert len(names(workspace)) == len(ALL) - 1
    page = workspace.answers("oo-101") / f"Приём 000002 – дополнение {fact:06d}.html"
    assert "Отозвано" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["17.0", "1.5", "1", "а.б", "1.0"])
def test_nothing_can_be_withdrawn_that_is_not_there(workspace, place):
    workspace.give("oo-101", "а.xlsx", mentors(ALL[0] | {"entry_date": "когда-то"}))
    with workspace.open() as exchange, pytest.raises(UsageError):
        rulings.withdraw(exchange, NOW, place=place, who=WHO, reason="проба")


def test_a_part_withdrawn_leaves_the_sums_whole(workspace):
    workspace.give("oo-101", "а.xlsx", mentors(*ALL))
    with workspace.open() as exchange:
        rulings.withdraw(exchange, NOW, place="1.0", who=WHO, reason="проба")
        assert all(line.holds for line in exchange.store.conservation("2026-2027"))
        run.publish(exchange, NOW)


def test_answers_and_withdrawals_survive_a_rebuild(only_new):
    answer(only_new, "2.0", "accept")
    before = only_new.digest()
    with only_new.open() as exchange:
        exchange.store.rebuild()
        assert exchange.store.digest() == before
        assert exchange.store.verify() == []


def test_questions_hold_no_names(only_new):
    with only_new.open() as exchange:
        text = json.dumps(report.questions(exchange), ensure_ascii=False)
    assert not [row["mentor_fio"] for row in ALL if row["mentor_fio"].split()[0] in text]
