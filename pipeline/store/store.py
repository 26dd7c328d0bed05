"""The store: facts are recorded in archive and ledger, and a database is the index over them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from pipeline import system
from pipeline.errors import StorageError, VerificationError
from pipeline.store import tables as t
from pipeline.store.apply import apply, keys_of
from pipeline.store.archive import Archive
from pipeline.store.batch import Batch
from pipeline.store.healing import heal_ledger
from pipeline.store.in_force import Key, update_in_force
from pipeline.store.known import Known
from pipeline.store.ledger import Entry, Ledger
from pipeline.store.query import Queries
from pipeline.store.records import Record, RejudgedRecord, SubmissionRecord
from pipeline.store.rows import Damage
from pipeline.store.writer import Writer
from pipeline.store.written import from_bytes, rows_of

# So many facts are applied before they are written to the tables, and let go.
_FACTS_AT_ONCE = 200
_OTHER_HISTORY = (
    "База помнит факты, которых нет в журнале: ledger.jsonl укорочен или не от этой базы. Верните "
    "его из резервной копии. Если журнал верен, соберите базу по нему: nastavnik rebuild."
)


class Store(Queries):
    """Recorded facts of one workspace and the index over them; one writer (`workspace/lock.py`).

    Readers beside the writer open it by `open_reading`.
    """

    def __init__(self, root: Path, engine: sa.Engine) -> None:
        super().__init__(engine)
        self.archive = Archive(root)
        self.ledger = Ledger(root)
        self._indexed = ""
        self._known: Known | None = None
        self._batch: Batch | None = None
        self._snapshot: sa.Connection | None = None
        # Lines that a ledger which was cut short got back when this was opened to rebuild.
        self.healed = 0

    @classmethod
    def open(cls, root: Path, url: str | None = None, *, rebuild: bool = False) -> Self:
        """Open the store in *root*, its index in SQLite there or in PostgreSQL by *url*.

        Facts that the ledger has and the index has not (a crash between the two, an older copy
        of the index) are applied; an index of another version or a broken SQLite file is made
        anew. An index that knows facts the ledger has not is the only trace of them: with *rebuild*
        the ledger gets them back where their records are kept, else the index is made anew.

        Raises:
            VerificationError: the ledger is broken, or lacks facts that the index knows.
        """
        with system.storage_trouble("Не удалось открыть хранилище"):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            engine = t.connect(root, url)
            healed = heal_ledger(root, engine) if rebuild else 0
            store = cls(root, engine)
        try:
            store.healed = healed
            store._catch_up(rebuild=rebuild)
            if rebuild:
                store._read_through()
        except t.BrokenIndexError:
            store.close()
            t.discard(root)
            store = cls(root, t.connect(root, url))
            store.healed = healed
            store._catch_up(rebuild=rebuild)
            if rebuild and url:
                # A database on a server is still there, with what is broken in it.
                store.rebuild()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open_reading(cls, root: Path, url: str | None = None) -> Self | None:
        """Open the store to look at one state of it, beside a writer; None where it cannot be.

        That is where there is no index of this version: making one is a writer's work.
        """
        store = cls(root, t.connect(root, url, reading=True))
        try:
            with t.trouble():
                store._snapshot = store._engine.connect()
            if store.indexed is not None:
                return store
        except (t.BrokenIndexError, StorageError):
            pass
        except BaseException:
            store.close()
            raise
        store.close()
        return None

    @property
    def indexed(self) -> tuple[int, str] | None:
        """Number and hash of the newest fact in the index; None where there is no index."""
        with self._reading() as connection:
            return t.position(connection)

    @property
    def current(self) -> bool:
        """Whether the index has every fact of the ledger and no other."""
        head = self.ledger.refresh()
        return self.indexed == (head.seq, head.hash)

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """Record facts together: all of them are kept at the end, or none where that fails.

        Questions asked inside see what was appended so far.
        """
        if self.ledger.refresh().hash != self._indexed:
            self._catch_up()
        if self._known is None or self._known.head != self._indexed:
            self._known = super()._seen()
        try:
            with t.writing(self._engine) as connection:
                self._batch = Batch(
                    self, self.archive, self.ledger, Writer(connection), self._known
                )
                yield self._batch
                entries = self._batch.finish()
                # What is asked from here on is asked outside.
                self._batch = None
            if entries:
                self._indexed = self._known.head = entries[-1].hash
        except BaseException:
            # It may know what was not kept.
            self._known = None
            raise
        finally:
            self._batch = None

    def append(self, record: Record, at: str) -> int:
        """Record one fact and index it; return its number in the ledger («приём №» of a file).

        *at* is the moment in ISO form. The index is written first but kept last, so that a fact
        it cannot take is not recorded at all, and one it lost is applied from the ledger.
        """
        if self._batch is not None:
            return self._batch.append(record, at)
        with self.batch() as batch:
            return batch.append(record, at)

    def rebuild(self) -> None:
        """Make the index anew from the ledger and the archive: all of it, or it stays as it was."""
        self.ledger.refresh()
        with t.writing(self._engine) as connection:
            t.create(connection)
            self._replay(connection, after=0)
        self._indexed = self.ledger.head.hash
        self._known = None

    def digest(self) -> str:
        """Return a hash over the content of the index; the same after `rebuild` and anywhere."""
        with self._reading() as connection:
            return t.digest(connection)

    @property
    def head(self) -> Entry:
        """The newest fact: `seq` goes into packages as `ledger_seq`, `at` is what «as of» means."""
        return self.ledger.head

    def next_number(self) -> int:
        """Return the number that the next fact gets."""
        head = self._batch.head if self._batch else self.ledger.refresh()
        return head.seq + 1

    def record(self, number: int) -> Record:
        """Return the fact with this number as it was recorded; KeyError where there is none."""
        with self._reading() as connection:
            query = sa.select(t.ledger.c.record).where(t.ledger.c.seq == number)
            sha256 = connection.execute(query).scalar()
        if sha256 is None:
            raise KeyError(number)
        return from_bytes(self.archive.get(sha256))

    def answers_judged_by(self, number: int) -> tuple[int, ...]:
        """Return the decisions that the verdict in force about a submission is judged by."""
        found = self.submission(number)
        record = self.record(found.rejudged) if found and found.rejudged else None
        return record.answers if isinstance(record, RejudgedRecord) else ()

    def verdict_by(self, number: int, answers: Sequence[int]) -> SubmissionRecord | None:
        """Return the newest verdict about a submission that is judged by just these decisions."""
        lines = t.ledger.c
        query = sa.select(lines.record).where(lines.kind == "rejudged").order_by(lines.seq.desc())
        with self._reading() as connection:
            facts = connection.execute(query).scalars().all()
        for sha256 in facts:
            record = from_bytes(self.archive.get(sha256))
            assert isinstance(record, RejudgedRecord)
            if record.submission == number and set(record.answers) == set(answers):
                return record.verdict
        return None

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
        if self._snapshot is not None:
            self._snapshot.close()
        self._engine.dispose()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        if self._batch is not None:
            yield self._batch.writer.read()
        elif self._snapshot is not None:
            with t.trouble():
                yield self._snapshot
        else:
            with super()._reading() as connection:
                yield connection

    def _seen(self) -> Known:
        """Return what the index has seen: read once, and again after another process wrote."""
        if self._known is not None:
            fresh = self._batch is not None or self._snapshot is not None
            if fresh or self._known.head == self.ledger.refresh().hash:
                return self._known
        self._known = super()._seen()
        return self._known

    def _read_through(self) -> str:
        with self._reading() as connection:
            t.check_pages(connection)
            return t.digest(connection)

    def _catch_up(self, *, rebuild: bool = False) -> None:
        head = self.ledger.refresh()
        if self.indexed != (head.seq, head.hash):
            with t.writing(self._engine) as connection:
                position = t.position(connection)
                known = position is None or self._knows(*position)
                if not (known or rebuild):
                    raise VerificationError(_OTHER_HISTORY)
                if position is None or not known:
                    t.create(connection)
                    position = (0, "")
                self._replay(connection, after=position[0])
            self._known = None
        self._indexed = head.hash

    def _knows(self, seq: int, hash_: str) -> bool:
        """Whether the ledger has this very line: else the index is of another history."""
        found = next(self.ledger.entries(seq - 1), None) if seq else None
        return seq == 0 or (found is not None and (found.seq, found.hash) == (seq, hash_))

    def _replay(self, connection: sa.Connection, after: int, upto: int | None = None) -> None:
        writer, known = Writer(connection), Known.load(connection)
        touched: set[Key] = set()
        for count, entry in enumerate(self.ledger.entries(after), start=1):
            if upto is not None and entry.seq > upto:
                break
            record = from_bytes(self.archive.get(entry.record))
            keys = apply(writer, entry, record, known, rows_of(record))
            known.add(keys_of(record))
            touched |= keys
            if count % _FACTS_AT_ONCE == 0:
                writer.flush()
        update_in_force(writer, touched)
        writer.flush()

    def _replayed(self) -> str:
        position = self.indexed or (0, "")
        engine = t.scratch()
        with t.writing(engine) as connection:
            t.create(connection)
            self._replay(connection, after=0, upto=position[0])
            result = t.digest(connection)
        engine.dispose()
        return result
