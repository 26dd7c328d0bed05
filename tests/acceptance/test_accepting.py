"""From a file in the inbox to a recorded decision and an answer, one small case after another."""

from __future__ import annotations

import json

import pytest

from pipeline import run
from pipeline.acceptance import decide, judge
from pipeline.acceptance import inbox as intake
from pipeline.answers.write import write_answer
from pipeline.demo.files import book
from pipeline.errors import ConservationError, StorageError, UsageError
from tests.support.workspace import NOW, careful_book, edited, made, school, sheets

A = careful_book("oo-101")
# The same book, its contents unchanged but its bytes others.
B = edited(A, ("Паспорт", "B7", "22.09.2026"))


def mentors(code="oo-101"):
    return list(school(code).rows["F04"])


def test_a_careful_book_is_accepted_without_a_word(workspace):
    decided = workspace.give("oo-101", "Книга ОО.xlsx", A)
    assert (decided.unit, decided.outcome, decided.repeated) == ("oo-101", "accepted", False)
    assert set(workspace.codes(decided.number)) <= {"minor_hidden"}
    assert len(workspace.in_force("oo-101", "F04")) == len(mentors())


def test_an_answered_file_leaves_the_inbox_and_its_bytes_are_in_the_archive(workspace):
    path = workspace.drop("oo-101", "Книга ОО.xlsx", A)
    workspace.accept()
    assert not path.exists()
    with workspace.open() as exchange:
        assert exchange.archive.get(exchange.store.submission(1).sha256) == A


def test_the_same_bytes_again_change_nothing_and_have_the_same_number(workspace):
    workspace.give("oo-101", "Книга ОО.xlsx", A)
    facts, files = workspace.facts(), workspace.files()
    again = workspace.give("oo-101", "Книга (копия).xlsx", A)
    assert (again.number, again.repeated) == (1, True)
    assert (workspace.facts(), workspace.files()) == (facts, files)


def test_two_copies_in_one_batch_are_one_submission(workspace):
    workspace.drop("oo-101", "Книга.xlsx", A)
    workspace.drop("oo-101", "Книга (2).xlsx", A, second=5)
    assert [(d.number, d.repeated) for d in workspace.accept()] == [(1, False), (1, True)]


def test_a_b_a_puts_a_in_force_again(workspace):
    numbers = [workspace.give("oo-101", "Книга.xlsx", data).number for data in (A, B, A)]
    assert numbers == [1, 2, 3]
    with workspace.open() as exchange:
        assert exchange.store.in_force("oo-101", "F04", "2026-2027").number == 3


def test_a_b_a_of_one_batch_is_what_it_is_one_by_one(workspace, tmp_path, read_here):
    other = type(workspace)(tmp_path / "other")
    for place in (workspace, other):
        for second, data in enumerate((A, B, A)):
            place.drop("oo-101", f"Книга {second}.xlsx", data, second=second * 600)
    workspace.accept(batch=50)
    other.accept(batch=1)
    assert workspace.digest() == other.digest()
    assert [number for number, _ in _submissions(workspace)] == [1, 2, 3]


def _submissions(workspace):
    with workspace.open() as exchange:
        return [(s.number, s.outcome_now) for s in exchange.store.submissions()]


@pytest.mark.parametrize("cut", ["take_away", "write_answer"])
def test_a_run_cut_off_after_the_commit_leaves_no_second_submission(workspace, monkeypatch, cut):
    """The file is still in the inbox; the next run only finishes what was begun."""
    path = workspace.drop("oo-101", "Книга ОО.xlsx", A)
    step = {"take_away": "inbox.take_away", "write_answer": "accept.write_answer"}[cut]
    where = f"pipeline.acceptance.{step}"
    with monkeypatch.context() as patch:
        patch.setattr(where, _killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.accept()
    facts = workspace.facts()
    decided = workspace.accept()
    assert [(d.number, d.repeated) for d in decided] == [(1, True)]
    assert workspace.facts() == facts
    assert not path.exists()
    assert workspace.receipt("oo-101", 1)["outcome"] == "accepted"


def _killed(*_):
    raise KeyboardInterrupt


def test_a_file_named_after_a_pupil_is_known_again_after_a_cut(workspace, monkeypatch):
    pupil = next(r for r in school("oo-101").rows["F05"] if r["mentee_role"] == "обучающийся")
    workspace.drop("oo-101", f"{pupil['mentee_fio']}.xlsx", A)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.acceptance.inbox.take_away", _killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.accept()
    assert [(d.number, d.repeated) for d in workspace.accept()] == [(1, True)]


def test_two_files_of_one_look_stay_together_when_the_run_is_cut(workspace, monkeypatch):
    """Uninterrupted the second would be held; so it is after the cut."""
    workspace.drop("oo-101", "Книга.xlsx", A)
    workspace.drop("oo-101", "Книга (2).xlsx", B, second=30)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.acceptance.inbox.take_away", _killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.accept()
    assert [(d.number, d.outcome) for d in workspace.accept()] == [(1, "accepted"), (2, "held")]
    assert not (workspace.folder / ".nastavnik" / "scan.json").exists()


def test_a_missing_receipt_is_written_again_the_same(workspace):
    """Also after later files: a receipt says what was in force when its file came."""
    workspace.give("oo-101", "Книга.xlsx", A)
    rejected = sheets("oo-101", only=("F04",), F04=[m | {"entry_date": "вчера"} for m in mentors()])
    workspace.give("oo-101", "Наставники.xlsx", rejected)
    folder = workspace.answers("oo-101")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    workspace.give("oo-101", "Книга.xlsx", B)
    for name in before:
        (folder / name).unlink()
    with workspace.open() as exchange:
        for number in (1, 2):
            write_answer(exchange, exchange.store.submission(number))
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_rows_are_conserved_in_every_receipt(workspace):
    rows = mentors()
    rows[0] = rows[0] | {"entry_date": "31 июня 2026"}
    number = workspace.give("oo-101", "a.xlsx", sheets("oo-101", F04=[*rows, rows[1]])).number
    for part in workspace.receipt("oo-101", number)["forms"]:
        counts = dict(part["counts"])
        assert counts.pop("seen") == sum(counts.values())
    with workspace.open() as exchange:
        counts = exchange.store.submission(number).parts[0].counts
    assert (counts["rejected"], counts["duplicate"]) == (1, 1)


def test_a_file_given_by_hand_is_not_deleted(workspace, tmp_path):
    file = tmp_path / "почта.xlsx"
    file.write_bytes(A)
    with workspace.open() as exchange:
        decided = run.accept(exchange, NOW, arrivals=run.arrivals_of(exchange, file, "oo-101"))
    assert file.read_bytes() == A
    assert decided[0].outcome == "accepted"


def test_a_file_given_by_hand_for_nobody_known_is_refused(workspace, tmp_path):
    file = tmp_path / "почта.xlsx"
    file.write_bytes(A)
    link = tmp_path / "ссылка.xlsx"
    link.symlink_to(file)
    with workspace.open() as exchange:
        with pytest.raises(UsageError, match="oo-999"):
            run.arrivals_of(exchange, file, "oo-999")
        with pytest.raises(UsageError, match="ссылка"):
            run.arrivals_of(exchange, link, "oo-101")


def test_a_file_that_changed_meanwhile_stays_and_is_decided_next_time(workspace, monkeypatch):
    path = workspace.drop("oo-101", "Книга.xlsx", A)
    keep = intake.take_away

    def corrected(arrival, archive):
        workspace.drop("oo-101", "Книга.xlsx", B, second=900)
        return keep(arrival, archive)

    monkeypatch.setattr("pipeline.acceptance.inbox.take_away", corrected)
    workspace.accept()
    assert path.read_bytes() == B
    monkeypatch.setattr("pipeline.acceptance.inbox.take_away", keep)
    assert [d.number for d in workspace.accept()] == [2]


@pytest.mark.parametrize("error", [ConservationError("строки"), KeyError("Иванов Пётр")])
def test_a_bug_over_one_file_withholds_only_that_file(workspace, monkeypatch, caplog, error):
    decide = judge.judge

    def broken(*words):
        if words[-1].unit == "oo-102":
            raise error
        return decide(*words)

    monkeypatch.setattr("pipeline.acceptance.judge.judge", broken)
    kept = workspace.drop("oo-102", "Книга.xlsx", careful_book("oo-102"))
    for code in ("oo-101", "oo-103"):
        workspace.drop(code, "Книга.xlsx", careful_book(code))
    with pytest.raises(ConservationError, match=r"Файлов.*: 1"):
        workspace.accept()
    assert kept.is_file()
    assert [unit for unit, _ in _units(workspace)] == ["oo-101", "oo-103"]
    assert "Иванов" not in caplog.text
    monkeypatch.setattr("pipeline.acceptance.judge.judge", decide)
    assert [d.unit for d in workspace.accept()] == ["oo-102"]


def _units(workspace):
    with workspace.open() as exchange:
        return sorted((s.unit, s.number) for s in exchange.store.submissions())


def test_a_bug_of_a_contract_withholds_only_the_file_it_meets(workspace, monkeypatch):
    check, name = decide.check, mentors("oo-102")[0]["mentor_fio"]

    def broken(parts, form):
        if any(row.values.get("mentor_fio") == name for part in parts for row in part.rows):
            raise ZeroDivisionError
        return check(parts, form)

    monkeypatch.setattr("pipeline.acceptance.decide.check", broken)
    for code in ("oo-101", "oo-102", "oo-103"):
        workspace.drop(code, "Книга.xlsx", careful_book(code))
    with pytest.raises(ConservationError):
        workspace.accept()
    assert [unit for unit, _ in _units(workspace)] == ["oo-101", "oo-103"]


def test_a_full_disk_ends_the_run_and_the_next_one_completes_it(workspace, monkeypatch):
    for code in ("oo-101", "oo-102"):
        workspace.drop(code, "Книга.xlsx", careful_book(code))
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.archive.Archive.put", _full)
        with pytest.raises(StorageError):
            workspace.accept()
    assert [d.outcome for d in workspace.accept()] == ["accepted", "accepted"]


def _full(*_):
    raise StorageError("Нет места")


def test_a_stranger_and_a_neighbour_are_answered_in_their_own_folder(workspace):
    workspace.drop("", "чужая.xlsx", book(made().neighbour))
    workspace.drop("", "неизвестная.xlsx", book(made().stranger), second=5)
    decided = workspace.accept()
    assert [(d.unit, d.outcome) for d in decided] == [(None, "rejected")] * 2
    assert workspace.codes(1) == ["unit_foreign"]
    assert workspace.codes(2) == ["unit_unknown"]
    receipts = sorted(path.name for path in workspace.answers(None).glob("*.json"))
    assert len(receipts) == 2
    assert "Заречный" in json.dumps(workspace.receipt(None, 1), ensure_ascii=False)
