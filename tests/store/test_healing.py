"""A ledger that lost lines gets them back from the index, where that is the truth."""

from __future__ import annotations

import pytest

from pipeline.errors import VerificationError
from pipeline.store.store import Store
from tests.support.store_facts import check_whole, part, send, values


@pytest.mark.parametrize("left", [1, 0])
def test_a_ledger_put_back_with_its_archive_is_the_truth(tmp_path, left):
    store = Store.open(tmp_path)
    send(store, part("Аня=1"))
    send(store, part("Аня=2"))
    lost = [entry.record for entry in store.ledger.entries(left)]
    store.close()
    ledger = tmp_path / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:left]))
    for sha256 in lost:
        store.archive.path(sha256).unlink()
    with pytest.raises(VerificationError, match="нет в журнале"):
        Store.open(tmp_path)
    store = Store.open(tmp_path, rebuild=True)
    assert (values(store), store.healed) == ("Аня=1" if left else "", 0)
    store.close()


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("newer", [False, True])
def test_a_damaged_line_is_put_back_and_the_newer_ones_stay(tmp_path, place, newer):
    """The index may lag behind by what came last."""
    store = Store.open(tmp_path)
    for age in (1, 2, 3):
        send(store, part(f"Аня={age}"))
    store.close()
    base = (tmp_path / "base.sqlite").read_bytes()
    if newer:
        store = Store.open(tmp_path)
        send(store, part("Аня=4"))
        store.close()
        (tmp_path / "base.sqlite").write_bytes(base)
    ledger = tmp_path / "ledger.jsonl"
    whole = ledger.read_bytes()
    lines = whole.splitlines(keepends=True)
    damaged = b"".join((*lines[:place], lines[place][:-9] + b"!\n", *lines[place + 1 :]))
    ledger.write_bytes(damaged)
    store = Store.open(tmp_path, rebuild=True)
    assert (values(store), store.healed) == ("Аня=4" if newer else "Аня=3", 3 - place)
    assert ledger.read_bytes() == whole
    assert (tmp_path / "ledger.damaged-1.jsonl").read_bytes() == damaged
    check_whole(store)
    store.close()
