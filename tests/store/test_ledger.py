"""The ledger is append-only, chained, and survives a crash in the middle of a line."""

import json
import os

import pytest

from pipeline.errors import StorageError, VerificationError
from pipeline.store.ledger import GENESIS, Ledger

AT = "2026-09-15T03:00:00+00:00"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


def fill(ledger, count=3):
    return [ledger.append(AT, "submission", f"{n:064x}") for n in range(1, count + 1)]


def file(tmp_path):
    return tmp_path / "ledger.jsonl"


def test_an_empty_ledger_has_no_facts(ledger):
    assert ledger.head == GENESIS
    assert list(ledger.entries()) == []
    assert ledger.verify() == []


def test_facts_are_numbered_and_chained(ledger):
    first, second, third = fill(ledger)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert (first.prev, second.prev, third.prev) == (GENESIS.hash, first.hash, second.hash)
    assert ledger.head == third
    assert list(ledger.entries(after=1)) == [second, third]
    assert ledger.verify() == []


def test_a_line_holds_ids_and_hashes_only(ledger, tmp_path):
    fill(ledger, 1)
    line = json.loads(file(tmp_path).read_text())
    assert set(line) == {"seq", "at", "kind", "record", "prev", "hash"}


def test_opening_again_finds_the_head_in_a_long_file(ledger, tmp_path):
    entries = fill(ledger, 60)
    assert file(tmp_path).stat().st_size > 3 * 4096
    assert Ledger(tmp_path).head == entries[-1]


def test_the_same_fact_later_has_another_hash(ledger):
    assert len({ledger.append(AT, "decision", "a" * 64).hash for _ in range(3)}) == 3


def test_a_torn_last_line_is_passed_over_and_cut_by_the_next_writer(ledger, tmp_path):
    entries = fill(ledger)
    whole = file(tmp_path).read_bytes()
    for cut in (1, 30, len(whole.splitlines(keepends=True)[-1]) - 1):
        file(tmp_path).write_bytes(whole[:-cut])
        reader = Ledger(tmp_path)
        assert reader.head == entries[1]
        assert list(reader.entries()) == entries[:2]
        assert file(tmp_path).read_bytes() == whole[:-cut], "a reader changes nothing"
        again = reader.append(AT, "submission", entries[2].record)
        assert again == entries[2]
        assert file(tmp_path).read_bytes() == whole


def test_a_file_of_nothing_but_a_torn_line_is_empty(tmp_path):
    file(tmp_path).write_bytes(b'{"at":"20')
    ledger = Ledger(tmp_path)
    assert ledger.head == GENESIS
    assert ledger.append(AT, "submission", "a" * 64).seq == 1
    assert Ledger(tmp_path).verify() == []


def test_a_write_that_failed_is_taken_back(ledger, tmp_path, monkeypatch):
    fill(ledger, 1)
    before = file(tmp_path).read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="журнал"):
            ledger.append(AT, "submission", "b" * 64)
    assert file(tmp_path).read_bytes() == before
    assert ledger.append(AT, "submission", "c" * 64).seq == 2
    assert ledger.verify() == []


def test_every_single_changed_byte_is_found(ledger, tmp_path):
    fill(ledger)
    whole = file(tmp_path).read_bytes()
    for place in range(0, len(whole) - 1, 7):
        changed = bytearray(whole)
        changed[place] ^= 0x01
        file(tmp_path).write_bytes(changed)
        assert ledger.verify() != [], place


def test_a_line_left_out_or_moved_is_found(ledger, tmp_path):
    fill(ledger)
    one, two, three = file(tmp_path).read_bytes().splitlines(keepends=True)
    for lines in ((one, three), (two, one, three), (one, two, two, three), (two, three)):
        file(tmp_path).write_bytes(b"".join(lines))
        assert ledger.verify() != []
        with pytest.raises(VerificationError):
            list(Ledger(tmp_path).entries())


def test_a_broken_last_line_is_not_built_upon(ledger, tmp_path):
    fill(ledger)
    file(tmp_path).write_bytes(file(tmp_path).read_bytes()[:-3] + b"!}\n")
    with pytest.raises(VerificationError):
        Ledger(tmp_path)


def test_a_line_of_another_writer_is_seen_and_never_overwritten(ledger, tmp_path):
    fill(ledger, 1)
    mine = ledger.head.next(AT, "submission", "d" * 64)
    Ledger(tmp_path).append(AT, "submission", "e" * 64)
    with pytest.raises(VerificationError):
        ledger.write([mine])
    assert ledger.append(AT, "submission", "d" * 64).seq == 3
    assert ledger.verify() == []
