"""Facts recorded together: one transaction, few statements, and a bad one is refused alone."""

from __future__ import annotations

import contextlib
import dataclasses
import os

import pytest
from sqlalchemy import event

from pipeline.errors import StorageError, UsageError
from pipeline.model import Notice
from pipeline.store import tables
from pipeline.store.records import DecisionRecord
from pipeline.store.store import Store
from tests.support.store_facts import (
    AT,
    FORM,
    PERIOD,
    UNIT,
    check_whole,
    held,
    part,
    question,
    send,
    submission,
    values,
)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(tmp_path, url):
    opened = Store.open(tmp_path / "state", url)
    yield opened
    check_whole(opened)
    opened.close()


class PowerCutError(Exception):
    """The process ends here."""


def cut(*_, **__):
    raise PowerCutError


@contextlib.contextmanager
def statements(store, monkeypatch):
    """What is sent to the database meanwhile, streams of lines to PostgreSQL among it."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    really = tables._copy

    def streamed(connection, statement, lines):
        sent.append(statement)
        really(connection, statement, lines)

    event.listen(store._engine, "before_cursor_execute", note)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.tables._copy", streamed)
        yield sent
    event.remove(store._engine, "before_cursor_execute", note)


def book(unit, text="Аня=1 Боря=2 !Вера"):
    said = (Notice("x", "error", row=4), Notice("y", "remark"))
    forms = ("F01", "F02", "F03", "F04", "F05")
    parts = (part(text, "accepted_partly", unit=unit, form=f, notices=said) for f in forms)
    return submission(*parts, unit=unit)


def fill(store, units):
    """What accepting does for each file before it is recorded, and the recording."""
    with store.batch() as batch:
        for unit in units:
            record = book(unit)
            assert store.repeat_of(record.sha256, unit) is None
            assert store.same_arrival(record.sha256, unit, record.name, record.modified) is None
            for one in record.parts:
                assert store.in_force(unit, one.form, PERIOD) is None
                assert store.rows_in_force(PERIOD, one.form, unit) == []
                assert store.scan_parts("1", unit, one.form, PERIOD) == []
            batch.append(record, AT)


def test_statements_of_a_cold_batch_do_not_grow_with_its_files(store, monkeypatch):
    counts = []
    for size in (1, 50):
        with statements(store, monkeypatch) as sent:
            fill(store, [f"school-{size}-{n}" for n in range(size)])
        counts.append(len(sent))
        written = [s.split()[2 if s.startswith("INSERT") else 1] for s in sent if s[0] in "IC"]
        assert sorted(written) == ["ledger", "notice", "part", "part_rows", "submission"]
    # The first batch also loads what the index has seen.
    assert counts[1] <= 8
    assert counts[0] <= 16


def test_a_file_of_known_forms_asks_for_its_own_keys_only(store, monkeypatch):
    fill(store, [f"school-{n}" for n in range(20)])
    with statements(store, monkeypatch) as sent, store.batch() as batch:
        for n in range(20):
            batch.append(book(f"school-{n}", "Аня=3 !Боря"), AT)
    assert len(sent) / 20 <= 12
    assert values(store, "school-3") == "Аня=3 Боря=2*"


def test_each_blob_and_the_ledger_are_synced_once_a_batch(tmp_path, monkeypatch):
    store, synced = Store.open(tmp_path), []
    send(store, part("Аня=1"))
    really = os.fsync
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda handle: synced.append(os.fstat(handle)) or really(handle))
        fill(store, [f"other-{n}" for n in range(50)])
    files = [one.st_ino for one in synced if one.st_mode & 0o040000 == 0]
    assert len(files) == len(set(files)) == 51
    store.close()


@pytest.mark.parametrize("size", [1, 7, 50])
def test_the_size_of_a_batch_never_shows(tmp_path, size, url):
    """The ledger says the same and the index holds the same, by whatever steps."""
    units = [f"school-{n % 9}" for n in range(50)]
    story = [book(unit, f"Аня={n} Боря={n} !Вера") for n, unit in enumerate(units)]
    single, many = Store.open(tmp_path / "one"), Store.open(tmp_path / "many", url)
    for record in story:
        single.append(record, AT)
    for start in range(0, len(story), size):
        with many.batch() as batch:
            numbers = [batch.append(record, AT) for record in story[start : start + size]]
        assert numbers == list(range(start + 1, start + 1 + len(numbers)))
    assert many.head == single.head
    assert many.digest() == single.digest()
    for store in (single, many):
        check_whole(store)
        store.close()


def test_questions_inside_see_what_was_appended(store):
    first = send(store, part("Аня=1"))
    with store.batch() as batch:
        assert store.next_number() == first + 1
        number = batch.append(submission(held("Аня=2"), questions=[question()]), AT)
        assert [one.id for one in store.open_questions()] == [f"{number}.0"]
        batch.append(DecisionRecord(f"{number}.0", "accept", "И", AT), AT)
        assert values(store) == "Аня=2"
        assert store.in_force(UNIT, FORM, PERIOD).number == number
        assert store.append(submission(part("Аня=3 Боря=3")), AT) == number + 2
        assert values(store) == "Аня=3 Боря=3"
        assert store.record(number).parts[0].outcome == "held"
    assert store.head.seq == number + 2


@pytest.mark.parametrize("known", [False, True], ids=["first of its key", "key is known"])
def test_a_record_the_index_cannot_take_is_refused_alone(store, known):
    if known:
        send(store, part("Аня=0"))
    before = store.next_number()
    with store.batch() as batch:
        assert batch.append(submission(part("Аня=1", unit="a"), unit="a"), AT) == before
        for wrong in (
            dataclasses.replace(submission(part("Аня=9")), size=1 << 70),
            dataclasses.replace(submission(part("Аня=9")), size="много"),
            submission(part("Аня=9", "superseded")),
            submission(part("Аня=9", notices=(Notice("x", "error", row=1 << 40),))),
        ):
            with pytest.raises(ValueError, match="cannot"):
                batch.append(wrong, AT)
        with pytest.raises(UsageError):
            batch.append(DecisionRecord("99.0", "accept", "И", AT), AT)
        assert batch.append(submission(part("Аня=2")), AT) == before + 1
    assert (values(store, "a"), values(store)) == ("Аня=1", "Аня=2")
    assert store.head.seq == before + 1
    assert store.submission(before + 1).parts[0].applied == before + 1


def test_a_fault_in_the_middle_of_a_fact_leaves_nothing_of_it(store, monkeypatch):
    send(store, part("Аня=1"))
    with store.batch() as batch:
        with monkeypatch.context() as patch:
            patch.setattr("pipeline.store.in_force.resolve", cut)
            with pytest.raises(PowerCutError):
                batch.append(submission(part("Аня=2")), AT)
        assert values(store) == "Аня=1"
        number = batch.append(submission(part("Аня=3")), AT)
    assert values(store) == "Аня=3"
    assert [one.number for one in store.submissions()] == [1, number]


def test_a_batch_that_is_left_by_an_exception_was_never_there(store):
    send(store, part("Аня=1"))
    digest, head = store.digest(), store.head
    with pytest.raises(PowerCutError), store.batch() as batch:
        batch.append(submission(part("Аня=2")), AT)
        batch.append(submission(part("Боря=1", unit="new"), unit="new", sha256="f" * 64), AT)
        raise PowerCutError
    assert (store.digest(), store.head) == (digest, head)
    assert store.repeat_of("f" * 64, "new") is None
    assert store.next_number() == head.seq + 1


@pytest.mark.parametrize(
    ("step", "survive"),
    [
        ("pipeline.store.writer.Writer.flush", 1),
        ("pipeline.store.archive.Archive.sync", 1),
        ("pipeline.system.sync_file", 1),
        ("pipeline.store.ledger.Ledger.write", 1),
        ("sqlalchemy.engine.default.DefaultDialect.do_commit", 4),
    ],
)
def test_a_cut_at_the_end_of_a_batch_leaves_all_of_it_or_nothing(
    tmp_path, url, monkeypatch, step, survive
):
    store = Store.open(tmp_path, url)
    send(store, part("Аня=1"))
    with monkeypatch.context() as patch, pytest.raises(PowerCutError), store.batch() as batch:
        for age in (2, 3, 4):
            batch.append(submission(part(f"Аня={age}")), AT)
        patch.setattr(step, cut)
    store.close()
    again = Store.open(tmp_path, url)
    assert (again.head.seq, values(again)) == (survive, f"Аня={survive}")
    check_whole(again)
    again.close()


@pytest.mark.parametrize("lines", range(4))
def test_a_write_of_the_ledger_that_was_cut_off_leaves_its_first_facts(tmp_path, lines):
    """Three lines are one write; after a power cut some of them may be there, the last torn."""
    store = Store.open(tmp_path)
    send(store, part("Аня=1"))
    index, ledger = (tmp_path / name for name in ("base.sqlite", "ledger.jsonl"))
    store.close()
    before = index.read_bytes()
    store = Store.open(tmp_path)
    with store.batch() as batch:
        for age in (2, 3, 4):
            batch.append(submission(part(f"Аня={age}")), AT)
    store.close()
    written = ledger.read_bytes().splitlines(keepends=True)
    torn = written[lines + 1][:-7] if lines < 3 else b""
    ledger.write_bytes(b"".join(written[: lines + 1]) + torn)
    index.write_bytes(before)
    again = Store.open(tmp_path)
    assert values(again) == f"Аня={lines + 1}"
    assert send(again, part("Аня=9")) == lines + 2
    check_whole(again)
    again.close()


def test_a_full_disk_at_the_end_of_a_batch_is_a_storage_error(store, monkeypatch):
    send(store, part("Аня=1"))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StorageError, match="архив"):
        patch.setattr("pipeline.system.sync_file", full)
        send(store, part("Аня=2"))
    assert (values(store), store.next_number()) == ("Аня=1", 2)


def test_what_another_process_recorded_is_seen(tmp_path, url):
    one, other = Store.open(tmp_path, url), Store.open(tmp_path, url)
    assert one.in_force(UNIT, FORM, PERIOD) is None
    number = send(other, part("Аня=1"), sha256="a" * 64)
    assert one.in_force(UNIT, FORM, PERIOD).number == number
    assert one.repeat_of("a" * 64, UNIT).number == number
    one.close()
    other.close()


def test_a_file_of_a_look_that_was_cut_off_is_known_though_it_is_not_the_newest(store):
    first = submission(part("Аня=1"), sha256="a" * 64, name="а.xlsx", scan="7")
    number = store.append(first, AT)
    send(store, part("Аня=2"), scan="7")
    there = ("a" * 64, first.folder, "а.xlsx", first.modified)
    assert store.same_arrival(*there) is None
    assert store.same_arrival(*there, scan="8") is None
    assert store.same_arrival(*there, scan="7") == number
    assert store.same_arrival("a" * 64, first.folder, "б.xlsx", first.modified, scan="7") is None
