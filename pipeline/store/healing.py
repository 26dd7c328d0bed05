"""A ledger that was cut short or damaged, put together again from what the index remembers of it.

The index keeps all of each line but the hash of the line before, which is the line before. Only a
chain that is whole from its first line is believed, and only where the archive has its records:
a ledger that was put back from an older copy together with its archive is the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path

import sqlalchemy as sa

from pipeline import system
from pipeline.canonical import canonical
from pipeline.errors import NastavnikError
from pipeline.store import tables as t
from pipeline.store.archive import Archive
from pipeline.store.ledger import GENESIS, Entry, whole_lines

_EVIDENCE = "ledger.damaged-{number}.jsonl"


def heal_ledger(root: Path, engine: sa.Engine) -> int:
    """Give `<root>/ledger.jsonl` the lines that it lost; return how many were put back.

    The damaged file stays beside it as evidence.
    """
    found, broken = whole_lines(root)
    remembered = _remembered(engine)
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(found, remembered))))  # noqa: B905  # up to the shorter
    if common == len(remembered) or common < min(len(found), len(remembered)):
        return 0
    archive = Archive(root)
    lost = remembered[common:]
    if not all(archive.has(entry.record) for entry in lost):
        return 0
    # Newer lines, behind the damaged one, go on from what is put back.
    later = _chained(remembered[-1], broken)
    path = root / "ledger.jsonl"
    lines = b"".join(canonical(asdict(one)) + b"\n" for one in (*remembered, *later))
    with system.storage_trouble("Не удалось восстановить журнал"):
        if path.exists():
            _keep(path)
        system.write_whole(path, lines, private=True)
    return len(lost)


def _keep(path: Path) -> None:
    number = 1
    while (aside := path.with_name(_EVIDENCE.format(number=number))).exists():
        number += 1
    system.write_whole(aside, path.read_bytes(), private=True)


def _remembered(engine: sa.Engine) -> list[Entry]:
    """Return the lines that the index knows, up to the first that does not follow."""
    try:
        with t.reading(engine) as connection:
            if t.position(connection) is None:
                return []
            columns = t.ledger.c
            query = sa.select(columns.seq, columns.at, columns.kind, columns.record, columns.hash)
            lines = connection.execute(query.order_by(columns.seq)).all()
    except NastavnikError:
        return []
    chain, previous = list[Entry](), GENESIS
    for seq, at, kind, record, hash_ in lines:
        entry = Entry(seq, at, kind, record, previous.hash, hash_)
        if not entry.follows(previous):
            break
        chain.append(entry)
        previous = entry
    return chain


def _chained(previous: Entry, entries: Sequence[Entry]) -> list[Entry]:
    chain = []
    for entry in entries:
        if entry.follows(previous):
            chain.append(entry)
            previous = entry
    return chain
