"""The store: facts are recorded in archive and ledger, and a database is the index over them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from pipeline import system
from pipeline.errors import UsageError, VerificationError
from pipeline.store import tables as t
from pipeline.store.apply import apply
from pipeline.store.archive import Archive
from pipeline.store.ledger import Entry, Ledger
from pipeline.store.query import Queries
from pipeline.store.records import (
    DecisionRecord,
    ExtensionRecord,
    Record,
    SubmissionRecord,
    WithdrawalRecord,
    from_bytes,
    kind_of,
    to_bytes,
)
from pipeline.store.rows import Damage
from pipeline.store.standing import Key, bring_into_force

_DECIDED = ("accepted", "accepted_with_remarks", "accepted_partly", "rejected", "held")
_OTHER_HISTORY = (
    "База помнит факты, которых нет в журнале: ledger.jsonl укорочен или не от этой базы. Верните "
    "его из резервной копии. Если журнал верен, соберите базу по нему: nastavnik rebuild."
)


class Store(Queries):
    """Recorded facts of one workspace and the index over them; one writer (`workspace/lock.py`)."""

    def __init__(self, root: Path, engine: sa.Engine) -> None:
        super().__init__(engine)
        self.archive = Archive(root)
        self.ledger = Ledger(root)
        self._indexed = ""

    @classmethod
    def open(cls, root: Path, url: str | None = None, *, rebuild: bool = False) -> Self:
        """Open the store in *root*, its index in SQLite there or in PostgreSQL by *url*.

        Facts that the ledger has and the index has not (a crash between the two, an older copy
        of the index) are applied; an index of another version or a broken SQLite file is made
        anew. An index that knows facts the ledger has not is the only trace of them, so it is made
        anew with *rebuild* only.

        Raises:
            VerificationError: the ledger is broken, or lacks facts that the index knows.
        """
        with system.storage_trouble("Не удалось открыть хранилище"):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            store = cls(root, t.connect(root, url))
        try:
            store._catch_up(rebuild=rebuild)
            if rebuild:
                store._read_through()
        except t.BrokenIndexError:
            store.close()
            t.discard(root)
            store = cls(root, t.connect(root, url))
            store._catch_up()
        return store

    def append(self, record: Record, at: str) -> int:
        """Record one fact and index it; return its number in the ledger («приём №» of a file).

        *at* is the moment in ISO form. The index is written first but kept last, so that a fact
        it cannot take is not recorded at all, and one it lost is applied from the ledger.
        """
        if self.ledger.refresh().hash != self._indexed:
            self._catch_up()
        self._check(record)
        sha256 = self.archive.put(to_bytes(record))
        entry = self.ledger.following(at, kind_of(record), sha256)
        with t.writing(self._engine) as connection:
            bring_into_force(connection, apply(connection, entry, record))
            self.ledger.write(entry)
        self._indexed = entry.hash
        return entry.seq

    def rebuild(self) -> None:
        """Make the index anew from the ledger and the archive: all of it, or it stays as it was."""
        self.ledger.refresh()
        with t.writing(self._engine) as connection:
            t.create(connection)
            self._replay(connection, after=0)
        self._indexed = self.ledger.head.hash

    def digest(self) -> str:
        """Return a hash over the content of the index; the same after `rebuild` and anywhere."""
        with t.reading(self._engine) as connection:
            return t.digest(connection)

    @property
    def head(self) -> Entry:
        """The newest fact: `seq` goes into packages as `upto`, `at` is what «as of» means."""
        return self.ledger.head

    def next_number(self) -> int:
        """Return the number that the next fact gets."""
        return self.ledger.refresh().seq + 1

    def record(self, number: int) -> Record:
        """Return the fact with this number as it was recorded; KeyError where there is none."""
        with t.reading(self._engine) as connection:
            query = sa.select(t.ledger.c.record).where(t.ledger.c.seq == number)
            sha256 = connection.execute(query).scalar()
        if sha256 is None:
            raise KeyError(number)
        return from_bytes(self.archive.get(sha256))

    def verify(self) -> list[Damage]:
        """Compare archive, ledger and index with what they must be; return all that differs.

        Where archive and ledger are whole, the ledger is replayed into memory and compared.
        """
        damage = [Damage("archive", sha256) for sha256 in self.archive.verify()]
        broken = self.ledger.verify()
        damage += [Damage("ledger", str(number)) for number in broken]
        if not broken:
            entries = self.ledger.entries()
            lost = [e.record for e in entries if not self.archive.has(e.record)]
            damage += [Damage("archive", sha256) for sha256 in lost]
        try:
            found = self._read_through()
        except t.BrokenIndexError:
            found = ""
        if not found or (not damage and self._replayed() != found):
            damage.append(Damage("index", ""))
        return damage

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _read_through(self) -> str:
        with t.reading(self._engine) as connection:
            t.check_pages(connection)
            return t.digest(connection)

    def _catch_up(self, *, rebuild: bool = False) -> None:
        head = self.ledger.refresh()
        with t.reading(self._engine) as connection:
            current = t.position(connection) == (head.seq, head.hash)
        if not current:
            with t.writing(self._engine) as connection:
                position = t.position(connection)
                known = position is None or self._knows(*position)
                if not (known or rebuild):
                    raise VerificationError(_OTHER_HISTORY)
                if position is None or not known:
                    t.create(connection)
                    position = (0, "")
                self._replay(connection, after=position[0])
        self._indexed = head.hash

    def _knows(self, seq: int, hash_: str) -> bool:
        """Whether the ledger has this very line: else the index is of another history."""
        found = next(self.ledger.entries(seq - 1), None) if seq else None
        return seq == 0 or (found is not None and (found.seq, found.hash) == (seq, hash_))

    def _replay(self, connection: sa.Connection, after: int) -> None:
        keys: set[Key] = set()
        for entry in self.ledger.entries(after):
            keys |= apply(connection, entry, from_bytes(self.archive.get(entry.record)))
        bring_into_force(connection, keys)

    def _replayed(self) -> str:
        engine = t.scratch()
        with t.writing(engine) as connection:
            t.create(connection)
            self._replay(connection, after=0)
            result = t.digest(connection)
        engine.dispose()
        return result

    def _check(self, record: Record) -> None:
        """Refuse a fact that speaks of what is not there, before anything is written."""
        if isinstance(record, SubmissionRecord):
            _check_submission(record)
        elif isinstance(record, DecisionRecord):
            self._check_decision(record)
        elif isinstance(record, WithdrawalRecord):
            self._check_withdrawal(record)
        elif isinstance(record, ExtensionRecord):
            self._check_extension(record)

    def _check_decision(self, record: DecisionRecord) -> None:
        question = self.question(record.question)
        if question is None:
            raise UsageError(f"Нет вопроса {record.question}.")
        if record.choice is None and question.choice is None:
            raise UsageError(f"На вопрос {record.question} ещё не отвечали, отзывать нечего.")
        if record.choice is not None and record.choice not in question.choices:
            raise UsageError(f"У вопроса {record.question} нет такого ответа.")

    def _check_withdrawal(self, record: WithdrawalRecord) -> None:
        found = self.submission(record.submission)
        if found is None or not 0 <= record.part < len(found.parts):
            raise UsageError(f"В приёме № {record.submission} нет части {record.part}.")
        if found.parts[record.part].outcome_now in ("rejected", "withdrawn"):
            raise UsageError("Эта часть не принята или уже отозвана, отзывать нечего.")

    def _check_extension(self, record: ExtensionRecord) -> None:
        if record.revokes is None:
            date.fromisoformat(record.until)
            return
        known = self.extensions()
        given = {one.seq for one in known if one.record.revokes is None}
        if record.revokes not in given - {one.record.revokes for one in known}:
            raise UsageError(f"Продления № {record.revokes} нет, или его уже отменили.")


def _check_submission(record: SubmissionRecord) -> None:
    for part in record.parts:
        if part.outcome not in _DECIDED:
            raise ValueError(f"a part cannot arrive as {part.outcome}")
    for question in record.questions:
        if question.part is not None and not 0 <= question.part < len(record.parts):
            raise ValueError(f"a question about part {question.part} of {len(record.parts)}")
