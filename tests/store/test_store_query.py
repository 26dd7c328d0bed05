"""The questions that the rest of the engine asks the store."""

import pytest

from pipeline.model import Notice
from pipeline.store.store import Store
from tests.support.store_facts import (
    AT,
    FORM,
    PERIOD,
    UNIT,
    answer,
    check_whole,
    held,
    part,
    question,
    send,
    withdraw,
)

BYTES = "a" * 64


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path):
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = Store.open(tmp_path / "state", url)
    yield opened
    check_whole(opened)
    opened.close()


class TestRepeat:
    def test_the_same_bytes_in_force_are_a_repeat_with_what_they_were_judged_by(self, store):
        number = send(store, part("Аня=1"), part("Боря=1", form="F05"), sha256=BYTES)
        found = store.repeat_of(BYTES, UNIT)
        assert found.number == number
        assert found.judged_by == {"registry": "r1"}
        assert found.contracts == {"F04": "c1", "F05": "c1"}

    def test_other_bytes_and_another_unit_are_not(self, store):
        send(store, part("Аня=1"), sha256=BYTES)
        assert store.repeat_of("b" * 64, UNIT) is None
        assert store.repeat_of(BYTES, "school-2") is None
        assert store.repeat_of(BYTES, None) is None

    def test_bytes_of_which_one_part_was_replaced_or_refused_are_not(self, store):
        send(store, part("Аня=1"), part("Боря=1", form="F05"), sha256=BYTES)
        send(store, part("Боря=2", form="F05"))
        assert store.repeat_of(BYTES, UNIT) is None
        send(store, part("Вера=1", form="F06"), part("!Гена", "rejected", form="F07"), sha256="c")
        assert store.repeat_of("c", UNIT) is None

    def test_a_b_a_is_a_repeat_of_the_second_a_only(self, store):
        send(store, part("Аня=1"), sha256=BYTES)
        send(store, part("Аня=2"), sha256="b" * 64)
        assert store.repeat_of(BYTES, UNIT) is None
        third = send(store, part("Аня=1"), sha256=BYTES)
        assert store.repeat_of(BYTES, UNIT).number == third

    def test_an_older_copy_is_found_when_the_newer_one_was_withdrawn(self, store):
        first = send(store, part("Аня=1"), sha256=BYTES)
        withdraw(store, send(store, part("Аня=1"), sha256=BYTES))
        assert store.repeat_of(BYTES, UNIT).number == first

    def test_a_held_file_is_a_repeat_once_it_is_accepted(self, store):
        number = send(store, held("Аня=1"), sha256=BYTES, questions=[question()])
        assert store.repeat_of(BYTES, UNIT) is None
        answer(store, number, "accept")
        assert store.repeat_of(BYTES, UNIT).number == number


class TestRows:
    def test_a_row_tells_where_it_came_from(self, store):
        first = send(store, part("Аня=1 Боря=1", sheet="4 Наставники", stage="final"))
        send(store, part("!Боря Вера=2", "accepted_partly", sheet="Лист1", stage="final"))
        kept, new = store.rows_in_force(PERIOD)
        assert (kept.row_id, kept.submission, kept.sheet, kept.line) == (
            f"{first}.0.1",
            first,
            "4 Наставники",
            3,
        )
        assert (kept.prior, new.prior, kept.status, kept.stage) == (
            True,
            False,
            "in_force",
            "final",
        )
        assert (kept.key, kept.values, kept.unit, kept.form) == (
            "Боря",
            {"who": "Боря", "age": 1},
            UNIT,
            FORM,
        )
        assert store.row(kept.row_id) == kept

    def test_rows_come_by_form_unit_and_place(self, store):
        send(store, part("Яна=1 Аня=1", unit="b"), part("Я=1", form="F02", unit="b"), unit="b")
        send(store, part("Боря=1", unit="a"), unit="a")
        found = [(row.form, row.unit, row.key) for row in store.rows_in_force(PERIOD)]
        assert found == [
            ("F02", "b", "Я"),
            ("F04", "a", "Боря"),
            ("F04", "b", "Яна"),
            ("F04", "b", "Аня"),
        ]
        assert [row.key for row in store.rows_in_force(PERIOD, "F04", "a")] == ["Боря"]

    def test_history_lists_the_versions_of_a_key(self, store):
        first = send(store, part("Аня=1 Боря=1"))
        second = send(store, part("!Аня", "accepted_partly"))
        third = send(store, part("Аня=3"))
        send(store, part("Аня=9", unit="school-2"), unit="school-2")
        story = store.history(f"{third}.0.0")
        assert [(row.submission, row.state, row.status) for row in story] == [
            (first, "accepted", "superseded"),
            (second, "rejected", ""),
            (third, "accepted", "in_force"),
        ]
        assert store.history(f"{first}.0.0") == story

    @pytest.mark.parametrize("ident", ["9.9.9", "1.0", "чепуха", ""])
    def test_an_id_of_nothing_has_no_row_and_no_history(self, store, ident):
        assert store.row(ident) is None
        assert store.history(ident) == []


class TestPartsInForce:
    def test_parts_come_by_unit_form_and_place_with_the_rows_that_count(self, store):
        first = send(
            store, part("Аня=1 Боря=2", unit="b"), part("Я=1", form="F05", unit="b"), unit="b"
        )
        send(store, part("Аня=3 !Боря !Гена", "accepted_partly", unit="b", sheet="Лист"), unit="b")
        third = send(store, part("Вера=1", unit="a"), unit="a")
        send(store, part("Дина=1", unit="a", mode="append"), unit="a")
        send(store, part("Ева=1", unit="a", period="2025-2026"), unit="a")
        found = list(store.parts_in_force(PERIOD))
        assert [(p.unit, p.form, p.submission, p.indices) for p in found] == [
            ("a", FORM, third, (0,)),
            ("a", FORM, third + 1, (0,)),
            ("b", FORM, first, (1,)),
            ("b", FORM, first + 1, (0,)),
            ("b", "F05", first, (0,)),
        ]
        assert [p.prior for p in found] == [set(), set(), {1}, set(), set()]
        kept, new = found[2:4]
        assert (kept.row_id(1), kept.columns.values["age"]) == (f"{first}.0.1", (1, 2))
        assert (new.sheet, new.columns.states) == ("Лист", ("accepted", "rejected", "rejected"))
        assert list(store.parts_in_force(PERIOD, form="F05")) == found[4:]
        assert list(store.parts_in_force(PERIOD, unit="b")) == found[2:]
        assert list(store.parts_in_force(PERIOD, form=FORM, unit="a")) == found[:2]
        assert list(store.parts_in_force(PERIOD, form="F05", unit="a")) == []

    def test_more_parts_than_one_answer_of_the_database(self, store):
        units = [f"school-{n:03}" for n in range(150)]
        with store.batch():
            for unit in reversed(units):
                send(store, part(f"Аня={unit[-3:]}", unit=unit), unit=unit)
        assert [p.unit for p in store.parts_in_force(PERIOD)] == units
        ages = [row.values["age"] for row in store.rows_in_force(PERIOD, FORM)]
        assert ages == list(range(150))

    def test_the_state_of_a_unit_changes_with_its_own_facts_only(self, store):
        def state(store):
            return store.states_of_units(PERIOD).get(UNIT)

        nothing = state(store)
        send(store, part("Аня=1"))
        one = state(store)
        send(store, part("Аня=1", unit="b"), unit="b")
        send(store, part("Аня=1", period="2025-2026"))
        assert state(store) == one != nothing
        states = [nothing, one]
        number = send(store, held("Аня=2"), questions=[question()])
        states.append(state(store))
        answer(store, number, "accept")
        states.append(state(store))
        withdraw(store, number)
        states.append(state(store))
        send(store, part("!Аня", "rejected"))
        states.append(state(store))
        assert len(set(states)) == len(states)
        whole = store.states_of_units(PERIOD)
        assert list(whole) == ["b", UNIT]
        assert whole[UNIT] == states[-1]
        store.rebuild()
        assert store.states_of_units(PERIOD) == whole


class TestSubmissions:
    def test_a_submission_is_told_whole(self, store):
        said = Notice("fio_short", "error", FORM, "Лист1", 3, "fio", "B3", "Аня", {"n": "1"})
        doubt = Notice("sheet_skipped", "remark", sheet="Лист2", who="rule")
        waiting = held("Аня=1", notices=(said, doubt, doubt), stage="final")
        asked = [question("period_other", None)]
        number = send(store, waiting, notices=(doubt,), questions=asked, name="Отчёт.xlsx")
        found = store.submission(number)
        assert (found.name, found.moment, found.judged_by) == ("Отчёт.xlsx", AT, {"registry": "r1"})
        assert found.notices == (doubt,)
        (one,) = found.parts
        assert one.notices == (said, doubt, doubt)
        assert (one.errors, one.remarks, one.stage) == (1, 2, "final")
        assert found.questions == tuple(store.open_questions())
        assert found.outcome_now == "held"
        answer(store, number, "accept")
        assert store.submission(number).outcome_now == "accepted"
        assert store.submission(number).outcome == "held"
        assert store.submission(number + 1) is None

    def test_submissions_are_listed_by_unit_period_and_number(self, store):
        first = send(store, part("Аня=1"))
        second = send(store, part("Аня=1", unit="b", period="2025-2026"), unit="b")
        third = send(store, unit=None, reason="file_empty")
        assert [one.number for one in store.submissions()] == [first, second, third]
        assert [one.number for one in store.submissions(unit="b")] == [second]
        assert [one.number for one in store.submissions(period=PERIOD)] == [first]
        assert store.submission(third).outcome_now == "rejected"

    def test_a_question_is_known_by_its_id(self, store):
        number = send(store, held("Аня=1"), questions=[question(), question("period_other")])
        assert [one.id for one in store.questions()] == [f"{number}.0", f"{number}.1"]
        found = store.question(f"{number}.1")
        assert (found.kind, found.part, found.unit, found.open) == ("period_other", 0, UNIT, True)
        assert found.choices == {"accept": "ACCEPT", "reject": "REJECT"}
        assert store.question(f"{number}.2") is None
        assert store.question("x") is None
        seq = answer(store, number, "accept", 1)
        found = store.question(f"{number}.1")
        assert (found.choice, found.decided, found.open) == ("accept", seq, False)

    def test_parts_of_one_look_into_the_inbox_are_found_with_their_time(self, store):
        first = send(store, part("Аня=1"), scan="7", modified=10.5)
        send(store, part("Аня=2"), scan="8")
        send(store, part("Аня=3", form="F05"), scan="7")
        (found,) = store.scan_parts("7", UNIT, FORM, PERIOD)
        assert (found.number, found.modified) == (first, 10.5)

    def test_withdrawals_are_listed(self, store):
        number = send(store, part("Аня=1"))
        seq = withdraw(store, number)
        (found,) = store.withdrawals()
        assert (found.seq, found.record.submission, found.record.part) == (seq, number, 0)


def test_the_board_shows_the_newest_part_and_the_one_in_force(store):
    good = send(store, part("Аня=1 Боря=1"))
    bad = send(store, part("!Аня", "rejected", notices=(Notice("x", "error"),)))
    send(store, part(nil=True, form="F05", unit="b"), unit="b")
    send(store, part("Аня=1", period="2025-2026"))
    first, second = store.newest_parts(PERIOD)
    assert (first.unit, first.form, first.rows) == ("b", "F05", 0)
    assert first.in_force.nil
    assert (second.newest.number, second.newest.outcome_now, second.newest.errors) == (
        bad,
        "rejected",
        1,
    )
    assert (second.in_force.number, second.rows) == (good, 2)
