"""Facts that are recorded together: one transaction, and one line of writing in the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date

from pipeline.errors import UsageError
from pipeline.model import DECIDED
from pipeline.store.apply import apply, keys_of
from pipeline.store.archive import Archive
from pipeline.store.in_force import Key, update_in_force
from pipeline.store.known import Known
from pipeline.store.ledger import Entry, Ledger
from pipeline.store.query import Queries
from pipeline.store.records import (
    DecisionRecord,
    ExtensionRecord,
    Record,
    RejudgedRecord,
    SubmissionRecord,
    WithdrawalRecord,
    kind_of,
)
from pipeline.store.writer import Writer
from pipeline.store.written import rows_of, to_bytes


class Batch:
    """Takes facts one by one; a fact that the index cannot take is refused alone.

    `Store.batch` makes and finishes it.
    """

    def __init__(
        self, queries: Queries, archive: Archive, ledger: Ledger, writer: Writer, known: Known
    ) -> None:
        self.writer = writer
        self._queries, self._archive, self._ledger = queries, archive, ledger
        self._known = known
        self._head = ledger.head
        self._entries: list[Entry] = []

    @property
    def head(self) -> Entry:
        """The newest fact, of the ledger or of this batch."""
        return self._head

    def append(self, record: Record, at: str) -> int:
        """Add one fact; return the number it has once the batch is finished."""
        check(self._queries, record)
        rows = rows_of(record)
        sha256 = self._archive.put_record(to_bytes(record, rows))
        entry = self._head.next(at, kind_of(record), sha256)
        keys = keys_of(record)
        with self._alone(record, keys):
            touched = apply(self.writer, entry, record, self._known, rows)
            if touched:
                update_in_force(self.writer, touched)
        file = record.sha256 if isinstance(record, SubmissionRecord) else None
        self._known.add((*keys, *touched), file)
        self._entries.append(entry)
        self._head = entry
        return entry.seq

    def finish(self) -> list[Entry]:
        """Write what waits: the index, which is kept last; the archive; then the ledger."""
        self.writer.flush()
        if self._entries:
            self._archive.sync()
            self._ledger.write(self._entries)
        return self._entries

    @contextlib.contextmanager
    def _alone(self, record: Record, keys: list[Key]) -> Iterator[None]:
        """Let a fact leave nothing behind when it fails.

        A file of which no form was ever sent only adds lines, so they are let go; all others
        change what is there and need a savepoint of the database.
        """
        first = isinstance(record, SubmissionRecord) and len(set(keys)) == len(keys)
        if first and not any(map(self._known.key, keys)):
            mark = self.writer.mark()
            try:
                yield
            except BaseException:
                self.writer.forget(mark)
                raise
            return
        connection = self.writer.read()
        savepoint = connection.begin_nested()
        try:
            yield
            self.writer.flush()
        except BaseException:
            self.writer.clear()
            savepoint.rollback()
            raise
        savepoint.commit()


def check(store: Queries, record: Record) -> None:
    """Refuse a fact that speaks of what is not there, before anything is written."""
    if isinstance(record, SubmissionRecord):
        _check_submission(record)
    elif isinstance(record, RejudgedRecord):
        _check_submission(record.verdict)
        if store.submission(record.submission) is None:
            raise UsageError(f"Приёма № {record.submission} нет.")
    elif isinstance(record, DecisionRecord):
        _check_decision(store, record)
    elif isinstance(record, WithdrawalRecord):
        _check_withdrawal(store, record)
    elif isinstance(record, ExtensionRecord):
        _check_extension(store, record)


def _check_decision(store: Queries, record: DecisionRecord) -> None:
    question = store.question(record.question)
    if question is None:
        raise UsageError(f"Нет вопроса {record.question}.")
    if record.choice is None and question.choice is None:
        raise UsageError(f"На вопрос {record.question} ещё не отвечали, отзывать нечего.")
    if record.choice is not None and record.choice not in question.choices:
        raise UsageError(f"У вопроса {record.question} нет такого ответа.")


def _check_withdrawal(store: Queries, record: WithdrawalRecord) -> None:
    found = store.submission(record.submission)
    if found is None or not 0 <= record.part < len(found.parts):
        raise UsageError(f"В приёме № {record.submission} нет части {record.part}.")
    if record.revokes is not None:
        if found.parts[record.part].withdrawn != record.revokes:
            raise UsageError("Эта часть не отозвана, возвращать нечего.")
        return
    if found.parts[record.part].outcome_now in ("rejected", "withdrawn"):
        raise UsageError("Эта часть не принята или уже отозвана, отзывать нечего.")


def _check_extension(store: Queries, record: ExtensionRecord) -> None:
    if record.revokes is None:
        date.fromisoformat(record.until)
        return
    known = store.extensions()
    given = {one.seq for one in known if one.record.revokes is None}
    if record.revokes not in given - {one.record.revokes for one in known}:
        raise UsageError(f"Продления № {record.revokes} нет, или его уже отменили.")


def _check_submission(record: SubmissionRecord) -> None:
    for part in record.parts:
        if part.outcome not in DECIDED:
            raise ValueError(f"a part cannot arrive as {part.outcome}")
    for question in record.questions:
        if question.part is not None and not 0 <= question.part < len(record.parts):
            raise ValueError(f"a question about part {question.part} of {len(record.parts)}")
