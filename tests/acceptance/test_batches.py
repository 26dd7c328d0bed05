"""Files of a batch share work and nothing else: how much is done is counted, not timed."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections import Counter

import pandera.pandas as pa
import pytest
import sqlalchemy as sa

from pipeline import run
from pipeline.acceptance import identify, judge
from pipeline.acceptance.accept import _Run
from pipeline.answers import receipt
from pipeline.answers.write import write_answer
from pipeline.errors import ConservationError, StorageError
from pipeline.plugins import rules_lists
from pipeline.store.archive import Archive
from tests.support.killed_runs import LATER, waiting_workspace
from tests.support.workspace import (
    NOW,
    Opened,
    ReadHere,
    Workspace,
    careful_book,
    edited,
    school,
    sheets,
)

SCHOOLS = ("oo-101", "oo-102", "oo-103", "oo-117")
A = careful_book("oo-101")
B = edited(A, ("Паспорт", "B7", "22.09.2026"))


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """A workspace that lived through one cycle, with files of all kinds in its inbox."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        return waiting_workspace(tmp_path_factory.mktemp("batches") / "ws")


def copied(place, folder):
    shutil.copytree(place.folder, folder)
    return Opened(folder)


def accepted(waiting, folder, batch):
    """All that a run leaves: decisions, facts, answers, the index."""
    place = copied(waiting, folder)
    decided = place.accept(now=LATER, batch=batch)
    files = {name: sha256 for name, (sha256, _) in place.files().items()}
    return decided, place.facts(), files, place.digest()


def test_the_size_of_a_batch_shows_nowhere(waiting, tmp_path, read_here):
    """Eight files, among them two for one form, a repeat in one batch and a stranger's."""
    alone = accepted(waiting, tmp_path / "1", 1)
    assert len(alone[0]) == 8
    assert {one.outcome for one in alone[0]} >= {"accepted_with_remarks", "held", "rejected"}
    for batch in (2, 3, 7, 50):
        assert accepted(waiting, tmp_path / str(batch), batch) == alone


def test_a_batch_ends_after_many_rows_and_that_shows_nowhere(
    waiting, tmp_path, read_here, monkeypatch
):
    """Else fifty long files are in memory at once."""
    whole = accepted(waiting, tmp_path / "whole", 50)
    sizes, really = [], _Run.decided
    monkeypatch.setattr(
        _Run, "decided", lambda run, some, read: sizes.append(len(some)) or really(run, some, read)
    )
    rows = len(school("oo-101").rows["F04"])
    monkeypatch.setattr("pipeline.acceptance.accept.BATCH_ROWS", rows + 1)
    assert accepted(waiting, tmp_path / "short", 50) == whole
    assert len(sizes) > 2
    assert (max(sizes) > 1, sum(sizes)) == (True, 8)


@contextlib.contextmanager
def selects(place):
    """Questions put to the index while a workspace is open."""
    asked = []
    with place.open() as exchange:
        engine = exchange.store._engine

        def hear(_connection, _cursor, statement, *_):
            if statement.lstrip().upper().startswith("SELECT"):
                asked.append(statement)

        sa.event.listen(engine, "before_cursor_execute", hear)
        yield exchange, asked


def dropped(folder, count):
    place = Workspace(folder)
    for code in SCHOOLS[:count]:
        place.drop(code, "Книга.xlsx", careful_book(code))
    return place


def test_a_new_file_of_a_unit_asks_the_index_nothing(tmp_path, read_here):
    counts = []
    for count in (1, 4):
        with selects(dropped(tmp_path / str(count), count)) as (exchange, asked):
            assert len(run.accept(exchange, LATER, quiet=0)) == count
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_pandera_is_called_once_for_each_form_of_a_batch(tmp_path, read_here, monkeypatch):
    calls = Counter()
    validate = pa.DataFrameSchema.validate

    def counted(schema, table, **words):
        calls[tuple(schema.columns)] += 1
        return validate(schema, table, **words)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", counted)
    dropped(tmp_path / "together", 4).accept()
    assert set(calls.values()) == {1}
    assert len(calls) == 5
    calls.clear()
    dropped(tmp_path / "alone", 4).accept(batch=1)
    assert set(calls.values()) == {4}


def test_names_of_the_registry_are_folded_once_in_a_run(tmp_path, read_here, monkeypatch):
    """Not once for each file: a region has thousands of units and of files."""
    folded = Counter()

    def counting(module):
        fold = module.organisation_key

        def counted(text):
            folded[module, text] += 1
            return fold(text)

        monkeypatch.setattr(module, "organisation_key", counted)

    counting(identify)
    counting(rules_lists)
    place = dropped(tmp_path / "ws", 4)
    with place.open() as exchange:
        others = [u for u in exchange.registry.units.values() if u.code not in SCHOOLS]
    place.accept()
    assert len(others) > 1
    for module in (identify, rules_lists):
        assert {folded[module, unit.short_name] for unit in others} == {1}


def test_each_file_is_read_once_and_a_repeat_not_at_all(tmp_path, read_here, monkeypatch):
    asked = []
    read = ReadHere.read

    def counted(self, files):
        def heard():
            for number, path, name in files:
                asked.append(name)
                yield number, path, name

        return read(self, heard())

    monkeypatch.setattr(ReadHere, "read", counted)
    place = Workspace(tmp_path / "ws")
    place.drop("oo-101", "a.xlsx", A)
    place.drop("oo-102", "b.xlsx", careful_book("oo-102"), second=5)
    place.accept()
    assert sorted(asked) == ["a.xlsx", "b.xlsx"]
    place.drop("oo-101", "c.xlsx", A, second=10)
    place.accept()
    assert sorted(asked) == ["a.xlsx", "b.xlsx"]


def test_marks_that_cannot_be_asked_for_ahead_are_asked_for_in_their_turn(
    waiting, tmp_path, read_here, monkeypatch
):
    asked = []

    def fails(_exchange, _pool, submission):
        asked.append(submission.number)
        raise StorageError("Архив недоступен.")

    ahead = accepted(waiting, tmp_path / "ahead", 50)
    monkeypatch.setattr("pipeline.acceptance.accept.begin_answer", fails)
    assert accepted(waiting, tmp_path / "alone", 50) == ahead
    assert asked == [one.number for one in ahead[0]]


def killed(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["accept.write_answer", "inbox.take_away"])
def test_files_of_a_batch_that_was_cut_before_its_answers_are_answered_and_not_decided_again(
    tmp_path, read_here, monkeypatch, step
):
    """A, B, A: neither the first A, which B replaced, nor B, which the second A replaced."""
    places = [Workspace(tmp_path / name) for name in ("whole", "cut")]
    for place in places:
        for second, data in enumerate((A, B, A)):
            place.drop("oo-101", f"Книга {second}.xlsx", data, second=second * 600)
    whole, cut = places
    whole.accept()
    with monkeypatch.context() as patch:
        patch.setattr(f"pipeline.acceptance.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            cut.accept()
    facts = cut.facts()
    assert [(d.number, d.repeated) for d in cut.accept()] == [(1, True), (2, True), (3, True)]
    assert cut.facts() == facts == whole.facts()
    assert cut.digest() == whole.digest()
    assert set(cut.files()) == set(whole.files())
    assert not (cut.folder / ".nastavnik" / "scan.json").exists()


def test_a_run_cut_before_the_commit_leaves_nothing_of_the_batch(tmp_path, read_here, monkeypatch):
    place = dropped(tmp_path / "ws", 3)
    decide = judge.judge

    def cut(*words):
        if words[-1].unit == "oo-103":
            raise KeyboardInterrupt
        return decide(*words)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.acceptance.judge.judge", cut)
        with pytest.raises(KeyboardInterrupt):
            place.accept()
    assert place.facts()[0] == b""
    assert [d.number for d in place.accept()] == [1, 2, 3]


def test_a_broken_disk_stops_at_its_file_and_keeps_those_before_it(
    tmp_path, read_here, monkeypatch
):
    """The files stand in one batch; the third cannot be recorded, and the fourth waits too."""
    place = dropped(tmp_path / "ws", 4)
    put, units = Archive.put_record, []

    def full(archive, data):
        units.append(json.loads(data)["unit"])
        if len(units) == 3:
            raise StorageError("Нет места")
        return put(archive, data)

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "put_record", full)
        with pytest.raises(StorageError, match="Нет места"):
            place.accept()
    waiting = {path.parent.name for path in place.waiting()}
    assert len(units) == 3
    assert waiting == set(SCHOOLS) - set(units[:2])
    assert [place.receipt(units[n], n + 1)["outcome"] for n in (0, 1)] == ["accepted"] * 2
    assert [d.number for d in place.accept()] == [3, 4]
    with place.open() as exchange:
        assert exchange.store.verify() == []


def test_an_answer_that_fails_withholds_only_its_file(tmp_path, read_here, monkeypatch, caplog):
    place = dropped(tmp_path / "ws", 3)
    page = receipt.page

    def broken(answer, *words):
        if answer.unit_code == "oo-102":
            raise KeyError("Иванов Пётр")
        return page(answer, *words)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.answers.receipt.page", broken)
        with pytest.raises(ConservationError, match=r"Файлов.*: 1"):
            place.accept()
    assert "Иванов" not in caplog.text
    assert [path.parent.name for path in place.waiting()] == ["oo-102"]
    assert [(d.number, d.repeated) for d in place.accept()] == [(2, True)]
    assert place.receipt("oo-102", 2)["outcome"] == "accepted"


def test_a_receipt_written_at_once_is_the_receipt_written_from_the_store(tmp_path, read_here):
    """Of a file with a question, a file with errors and a file that nobody knows."""
    place = Workspace(tmp_path / "ws")
    mentors = school("oo-101").rows["F04"]
    bad = [mentors[0] | {"entry_date": "вчера"}, *mentors[1:]]
    place.drop("oo-101", "a.xlsx", sheets("oo-101", only=("F04",), F04=bad))
    few = sheets("oo-101", only=("F04",), F04=mentors[:2])
    place.drop("oo-101", "b.xlsx", few, second=900)
    place.drop("oo-102", "c.xlsx", A, second=1000)
    place.drop("", "d.csv", b"a;b\n1;2\n", second=1100)
    outcomes = [one.outcome for one in place.accept()]
    assert {"held", "accepted_partly", "rejected"} <= set(outcomes)
    receipts = {path: path.read_bytes() for path in place.outbox.rglob("*квитанция*")}
    assert len(receipts) == 8
    for path in receipts:
        path.unlink()
    with place.open() as exchange:
        pool = ReadHere(exchange.plugins, exchange.settings, NOW)
        for number in range(1, 5):
            write_answer(exchange, pool, exchange.store.submission(number))
    assert {path: path.read_bytes() for path in receipts} == receipts
    questions = [json.loads(data)["questions"] for p, data in receipts.items() if "json" in p.name]
    assert any(questions)
