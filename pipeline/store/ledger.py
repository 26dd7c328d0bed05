"""What happened, in order: one line per fact, each naming a record and chained to the line before.

The ledger holds ids and hashes only. Its head in a signed package is the proof that nothing
before it was changed since.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline import system
from pipeline.canonical import canonical
from pipeline.errors import VerificationError

_TAIL = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: fact number *seq* of *kind* was recorded *at* a moment under hash *record*.

    `prev` is the hash of the line before, `hash` that of all the other fields.
    """

    seq: int
    at: str
    kind: str
    record: str
    prev: str
    hash: str

    def next(self, at: str, kind: str, record: str) -> Entry:
        """Return the line that would come after this one; nothing is written."""
        seq = self.seq + 1
        return Entry(seq, at, kind, record, self.hash, _chain(seq, at, kind, record, self.hash))

    def follows(self, previous: Entry) -> bool:
        """Whether the line is whole and the next one after *previous*."""
        return (self.seq, self.prev) == (previous.seq + 1, previous.hash) and self.sound

    @property
    def sound(self) -> bool:
        """Whether the line's hash is that of its fields."""
        return self.hash == _chain(self.seq, self.at, self.kind, self.record, self.prev)


# The head of a ledger that has no lines.
_RESTORE = "Верните ledger.jsonl из резервной копии."
GENESIS = Entry(0, "", "", "", "", "0" * 64)


class Ledger:
    """The file `<root>/ledger.jsonl`; one writer at a time (`workspace/lock.py`), any readers.

    A last line without its end is what a crash left: readers pass over it, the next writer cuts
    it off. It was never acknowledged, since a fact counts after fsync only.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / "ledger.jsonl"
        self._size = 0
        self._head = GENESIS
        self.refresh()

    @property
    def head(self) -> Entry:
        """The newest line this object has seen; `GENESIS` before the first."""
        return self._head

    def refresh(self) -> Entry:
        """Look at the file again, as another process may have written; return the head."""
        with system.storage_trouble("Не удалось прочитать журнал"):
            size = self._path.stat().st_size if self._path.exists() else 0
            if size != self._size:
                self._size, self._head = self._read_head(size)
        return self._head

    def write(self, entries: Sequence[Entry]) -> None:
        """Add lines: one write, one fsync, then the last of them is the head.

        Of a write that was cut off the first lines may stay: each is a whole fact.
        """
        previous = self.refresh()
        for entry in entries:
            if not entry.follows(previous):
                raise VerificationError(
                    f"Строка журнала {entry.seq} не продолжает строку перед ней."
                )
            previous = entry
        lines = b"".join(canonical(asdict(entry)) + b"\n" for entry in entries)
        with system.storage_trouble("Не удалось записать в журнал"):
            self._write(lines)
        self._size += len(lines)
        self._head = previous

    def append(self, at: str, kind: str, record: str) -> Entry:
        """Record one fact and return its line."""
        entry = self._head.next(at, kind, record)
        self.write([entry])
        return entry

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield the lines numbered above *after*; a broken one raises `VerificationError`."""
        previous = GENESIS
        for number, line in enumerate(self._lines(), start=1):
            entry = _parse(line)
            if entry is None or not entry.follows(previous):
                raise VerificationError(f"Журнал повреждён в строке {number}. {_RESTORE}")
            previous = entry
            if entry.seq > after:
                yield entry

    def verify(self) -> list[int]:
        """Check every line and its link to the one before; return the numbers of broken ones."""
        broken, previous = [], GENESIS
        for number, line in enumerate(self._lines(), start=1):
            entry = _parse(line)
            if entry is None or not entry.follows(previous):
                broken.append(number)
            previous = entry or previous
        return broken

    def _lines(self) -> list[bytes]:
        return _lines(self._path)

    def _read_head(self, size: int) -> tuple[int, Entry]:
        with self._path.open("rb") as file:
            step = _TAIL
            while True:
                file.seek(max(0, size - step))
                tail = file.read(min(step, size))
                end = tail.rfind(b"\n")
                start = tail.rfind(b"\n", 0, max(end, 0))
                if start >= 0 or step >= size:
                    break
                step *= 2
        if end < 0:
            return 0, GENESIS
        entry = _parse(tail[start + 1 : end])
        if entry is None or not entry.sound:
            raise VerificationError(f"Журнал повреждён в последней строке. {_RESTORE}")
        return size - len(tail) + end + 1, entry

    def _write(self, lines: bytes) -> None:
        if not self._path.exists():
            system.write_whole(self._path, b"", private=True)
        with self._path.open("r+b", buffering=0) as file:
            file.truncate(self._size)
            file.seek(self._size)
            try:
                _write_all(file, lines)
            except BaseException:
                file.truncate(self._size)
                raise


def whole_lines(root: Path) -> tuple[list[Entry], list[Entry]]:
    """Return the lines up to the first damaged one, and those behind it that can still be read."""
    chain, behind = list[Entry](), list[Entry]()
    previous = GENESIS
    for line in _lines(root / "ledger.jsonl"):
        entry = _parse(line)
        if entry is not None and not behind and entry.follows(previous):
            chain.append(entry)
            previous = entry
        elif entry is not None and entry.sound:
            behind.append(entry)
    return chain, behind


def _lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    with system.storage_trouble("Не удалось прочитать журнал"):
        return path.read_bytes().split(b"\n")[:-1]


def _write_all(file: io.FileIO, line: bytes) -> None:
    if file.write(line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file.fileno())


def _chain(seq: int, at: str, kind: str, record: str, prev: str) -> str:
    fields = {"seq": seq, "at": at, "kind": kind, "record": record, "prev": prev}
    return hashlib.sha256(canonical(fields)).hexdigest()


def _parse(line: bytes) -> Entry | None:
    """Return the line as written by us; None for anything else, be it one blank more."""
    try:
        entry = Entry(**json.loads(line))
        return entry if canonical(asdict(entry)) == line else None
    except (ValueError, TypeError):
        return None
