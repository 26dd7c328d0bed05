"""What is in force after files, answers and withdrawals, on both databases."""

import pytest

from pipeline.store.store import Store
from tests.support.store_facts import (
    FORM,
    PERIOD,
    UNIT,
    answer,
    check_whole,
    held,
    outcomes,
    part,
    question,
    rows_of,
    send,
    submission,
    values,
    withdraw,
)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = Store.open(tmp_path / "state", url)
    yield opened
    check_whole(opened)
    opened.close()


def ask(*kinds):
    return [question(kind) for kind in kinds]


def statuses(store, number, index=0):
    return [(row.key, row.status) for row in rows_of(store, number, index)]


class TestSnapshot:
    def test_the_newest_accepted_part_replaces_the_one_before(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        second = send(store, part("Аня=2 Вера=2", "accepted_with_remarks"))
        assert values(store) == "Аня=2 Вера=2"
        assert outcomes(store, first) == ["superseded"]
        assert store.in_force(UNIT, FORM, PERIOD).number == second

    def test_a_row_that_is_absent_goes_out_of_force(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        send(store, part("Аня=2"))
        assert statuses(store, first) == [("Аня", "superseded"), ("Боря", "absent")]

    def test_a_row_that_came_back_counts_as_its_new_version(self, store):
        send(store, part("Аня=1 Боря=1"))
        send(store, part("Аня=2"))
        send(store, part("Аня=3 Боря=3"))
        assert values(store) == "Аня=3 Боря=3"

    def test_a_rejected_row_keeps_its_last_version_through_a_chain(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        send(store, part("Аня=2 !Боря", "accepted_partly"))
        assert values(store) == "Аня=2 Боря=1*"
        send(store, part("Аня=3 !Боря", "accepted_partly"))
        assert values(store) == "Аня=3 Боря=1*"
        assert statuses(store, first) == [("Аня", "superseded"), ("Боря", "in_force")]
        send(store, part("Аня=4 Боря=4"))
        assert values(store) == "Аня=4 Боря=4"
        assert statuses(store, first) == [("Аня", "superseded"), ("Боря", "superseded")]

    def test_a_chain_ends_when_the_row_is_absent(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        send(store, part("Аня=2 !Боря", "accepted_partly"))
        send(store, part("Аня=3"))
        send(store, part("Аня=4 !Боря", "accepted_partly"))
        assert values(store) == "Аня=4"
        assert ("Боря", "absent") in statuses(store, first)

    def test_a_row_accepted_and_rejected_in_one_part_is_accepted(self, store):
        send(store, part("Аня=1"))
        send(store, part("Аня=2 !Аня", "accepted_partly"))
        assert values(store) == "Аня=2"

    def test_a_rejected_part_changes_nothing(self, store):
        send(store, part("Аня=1"))
        number = send(store, part("!Аня !Боря", "rejected"))
        assert values(store) == "Аня=1"
        assert outcomes(store, number) == ["rejected"]

    def test_nil_is_an_answer_that_empties_the_form(self, store):
        send(store, part("Аня=1"))
        number = send(store, part(nil=True))
        assert values(store) == ""
        assert store.in_force(UNIT, FORM, PERIOD).number == number
        assert store.in_force(UNIT, FORM, PERIOD).nil

    def test_no_changes_re_submits_what_is_in_force(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        send(store, part("Аня=2 !Боря", "accepted_partly"))
        number = send(store, part(unchanged=True))
        assert values(store) == "Аня=2 Боря=1*"
        assert store.in_force(UNIT, FORM, PERIOD).number == number
        assert store.in_force(UNIT, FORM, PERIOD).live == 0
        assert outcomes(store, first) == ["superseded"]

    def test_rows_without_a_key_are_never_taken_for_each_other(self, store):
        send(store, part("=1 =2"))
        assert values(store) == "=1 =2"
        send(store, part("=3 !"))
        assert values(store) == "=3"

    def test_two_accepted_rows_of_one_key_both_count_and_both_go(self, store):
        first = send(store, part("Аня=1 Аня=2"))
        assert values(store) == "Аня=1 Аня=2"
        send(store, part("Аня=3"))
        assert statuses(store, first) == [("Аня", "superseded")] * 2

    def test_two_sheets_of_one_form_in_one_file_follow_one_another(self, store):
        number = send(store, part("Аня=1 Боря=1"), part("Аня=2 !Боря", "accepted_partly"))
        assert values(store) == "Аня=2 Боря=1*"
        assert outcomes(store, number) == ["superseded", "accepted_partly"]
        store.rebuild()
        assert values(store) == "Аня=2 Боря=1*"

    def test_keys_do_not_touch_each_other(self, store):
        send(store, part("Аня=1"))
        send(store, part("Аня=2", unit="school-2"), unit="school-2")
        send(store, part("Аня=3", form="F05"))
        send(store, part("Аня=4", period="2025-2026"))
        send(store, part("Аня=5", form="F09", stage="baseline"))
        send(store, part("Аня=6", form="F09", stage="final"))
        assert values(store) == "Аня=1"
        assert values(store, unit="school-2") == "Аня=2"
        assert values(store, form="F05") == "Аня=3"
        assert values(store, period="2025-2026") == "Аня=4"
        assert values(store, form="F09") == "Аня=5 Аня=6"

    def test_a_file_sent_again_after_another_is_in_force_again(self, store):
        for text in ("Аня=1", "Аня=2", "Аня=1"):
            last = send(store, part(text), sha256="a" * 64 if text == "Аня=1" else "b" * 64)
        assert values(store) == "Аня=1"
        assert store.in_force(UNIT, FORM, PERIOD).number == last


class TestAppend:
    def test_parts_add_up_and_the_newest_version_of_a_key_counts(self, store):
        first = send(store, part("Аня=1 Боря=1", mode="append"))
        second = send(store, part("Аня=2 Вера=2", mode="append"))
        assert values(store) == "Аня=2 Боря=1 Вера=2"
        assert (outcomes(store, first), outcomes(store, second)) == (["accepted"], ["accepted"])
        assert store.in_force(UNIT, FORM, PERIOD).number == second

    def test_a_rejected_new_version_keeps_the_last_one(self, store):
        send(store, part("Аня=1", mode="append"))
        send(store, part("!Аня Боря=2", "accepted_partly", mode="append"))
        assert values(store) == "Аня=1* Боря=2"

    def test_nil_and_no_changes_take_nothing_away(self, store):
        send(store, part("Аня=1", mode="append"))
        send(store, part(nil=True, mode="append"))
        send(store, part(unchanged=True, mode="append"))
        assert values(store) == "Аня=1"

    def test_withdrawing_one_part_brings_back_the_versions_before_it(self, store):
        send(store, part("Аня=1", mode="append"))
        number = send(store, part("Аня=2 Боря=2", mode="append"))
        send(store, part("Вера=3", mode="append"))
        withdraw(store, number)
        assert values(store) == "Аня=1 Вера=3"


class TestHeld:
    def test_a_held_part_changes_nothing_until_it_is_accepted(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        number = send(store, held("Аня=2"), questions=ask("rows_absent_many"))
        assert values(store) == "Аня=1 Боря=1"
        answer(store, number, "accept")
        assert values(store) == "Аня=2"
        assert (outcomes(store, first), outcomes(store, number)) == (["superseded"], ["accepted"])

    def test_an_accepted_part_takes_the_outcome_that_was_proposed(self, store):
        send(store, part("Аня=1 Боря=1"))
        waiting = held("Аня=2 !Боря", "accepted_partly")
        number = send(store, waiting, questions=ask("rows_absent_many"))
        answer(store, number, "accept")
        assert outcomes(store, number) == ["accepted_partly"]
        assert values(store) == "Аня=2 Боря=1*"

    def test_a_refused_part_is_rejected(self, store):
        send(store, part("Аня=1"))
        number = send(store, held("Аня=2"), questions=ask("rows_absent_many"))
        answer(store, number, "reject")
        assert outcomes(store, number) == ["rejected"]
        assert values(store) == "Аня=1"

    @pytest.mark.parametrize("choice", ["accept", "reject"])
    def test_a_revoked_answer_leaves_everything_as_it_was(self, store, choice):
        send(store, part("Аня=1 Боря=1"))
        number = send(store, held("!Аня Вера=2"), questions=ask("rows_absent_many"))
        before = (store.rows_in_force(PERIOD), store.submissions(), store.open_questions())
        answer(store, number, choice)
        assert store.open_questions() == []
        answer(store, number, None)
        after = (store.rows_in_force(PERIOD), store.submissions(), store.open_questions())
        assert after == before

    def test_an_answer_may_be_changed(self, store):
        number = send(store, held("Аня=1"), questions=ask("rows_absent_many"))
        answer(store, number, "reject")
        answer(store, number, "accept")
        assert values(store) == "Аня=1"

    def test_the_order_of_arrival_decides_and_not_the_moment_of_the_answer(self, store):
        number = send(store, held("Аня=1"), questions=ask("two_files_at_once"))
        between = send(store, part("Аня=2"))
        answer(store, number, "accept")
        assert values(store) == "Аня=2"
        assert outcomes(store, number) == ["superseded"]
        assert outcomes(store, between) == ["accepted"]
        answer(store, number, None)
        assert values(store) == "Аня=2"

    def test_all_questions_of_a_part_must_be_agreed_to(self, store):
        asked = ask("period_other", "rows_absent_many")
        number = send(store, held("Аня=1"), questions=asked)
        answer(store, number, "accept", 0)
        assert outcomes(store, number) == ["held"]
        assert [one.id for one in store.open_questions()] == [f"{number}.1"]
        answer(store, number, "accept", 1)
        assert outcomes(store, number) == ["accepted"]
        answer(store, number, "reject", 1)
        assert outcomes(store, number) == ["rejected"]

    def test_a_refused_part_has_no_open_questions(self, store):
        number = send(store, held("Аня=1"), questions=ask("period_other", "rows_absent_many"))
        answer(store, number, "reject", 0)
        assert store.open_questions() == []

    def test_a_question_about_the_file_concerns_all_its_held_parts(self, store):
        asked = [question("period_other", None)]
        parts = (held("Аня=1"), part("Боря=1", form="F05"), held("Вера=1", form="F12"))
        number = send(store, *parts, questions=asked)
        answer(store, number, "reject")
        assert outcomes(store, number) == ["rejected", "accepted", "rejected"]
        answer(store, number, "accept")
        assert outcomes(store, number) == ["accepted"] * 3

    def test_a_question_about_one_part_leaves_the_others_held(self, store):
        asked = [question(part_index=0), question(part_index=1)]
        number = send(store, held("Аня=1"), held("Боря=1", form="F05"), questions=asked)
        answer(store, number, "accept", 1)
        assert outcomes(store, number) == ["held", "accepted"]

    def test_the_unit_is_the_one_that_was_chosen(self, store):
        send(store, part("Аня=1", unit="school-2"), unit="school-2")
        asked = [question("unit_conflict", None, (UNIT, "school-2", "reject"))]
        number = send(store, held("Боря=2"), questions=asked)
        answer(store, number, "school-2")
        assert values(store) == ""
        assert values(store, unit="school-2") == "Боря=2"
        answer(store, number, UNIT)
        assert values(store) == "Боря=2"
        assert values(store, unit="school-2") == "Аня=1"
        answer(store, number, None)
        assert (values(store), values(store, unit="school-2")) == ("", "Аня=1")
        assert store.newest_parts(PERIOD)[0].unit == UNIT
        answer(store, number, "reject")
        assert outcomes(store, number) == ["rejected"]


class TestWithdrawal:
    def test_the_part_before_is_in_force_again(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        second = send(store, part("Аня=2"))
        withdraw(store, second)
        assert values(store) == "Аня=1 Боря=1"
        assert (outcomes(store, first), outcomes(store, second)) == (["accepted"], ["withdrawn"])
        assert statuses(store, second) == [("Аня", "withdrawn")]

    def test_nothing_is_in_force_when_the_only_part_is_withdrawn(self, store):
        number = send(store, part("Аня=1"))
        withdraw(store, number)
        assert values(store) == ""
        assert store.in_force(UNIT, FORM, PERIOD) is None

    def test_a_part_in_the_middle_takes_what_was_kept_from_it(self, store):
        send(store, part("Аня=1 Боря=1"))
        middle = send(store, part("Аня=2 Боря=2"))
        send(store, part("Аня=3 !Боря", "accepted_partly"))
        assert values(store) == "Аня=3 Боря=2*"
        withdraw(store, middle)
        assert values(store) == "Аня=3 Боря=1*"

    def test_a_withdrawn_held_part_asks_no_more(self, store):
        number = send(store, held("Аня=1"), questions=ask("period_other"))
        withdraw(store, number)
        assert store.open_questions() == []
        answer(store, number, "accept")
        assert values(store) == ""


def test_the_story_is_the_same_on_both_databases(tmp_path, postgres_url):
    here, there = (
        Store.open(tmp_path / name, url) for name, url in (("a", None), ("b", postgres_url))
    )
    story = [
        submission(
            part("Аня=1 Боря=1"), held("Вера=1", form="F05"), questions=[question("unit_closed", 1)]
        ),
        submission(part("Аня=2 !Боря", "accepted_partly", sheet="Лист\0 ё"), modified=0.1 + 0.2),
        submission(unit=None, reason="file_empty"),
    ]
    for store in (here, there):
        for record in story:
            store.append(record, "2026-09-15T03:00:00+00:00")
        answer(store, 1, "accept")
        withdraw(store, 2)
    assert here.digest() == there.digest()
    assert here.rows_in_force(PERIOD) == there.rows_in_force(PERIOD)
    for store in (here, there):
        check_whole(store)
        store.close()
