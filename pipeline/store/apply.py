"""From a recorded fact to the tables: the only writer of the index.

What a fact adds is inserted as it is; what it means for the parts and rows in force is worked
out again for each key it touches (`in_force`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.canonical import fields_of
from pipeline.model import ACCEPTED, Notice, Outcome
from pipeline.store import tables as t
from pipeline.store.archive import deflated
from pipeline.store.in_force import Key
from pipeline.store.known import Known
from pipeline.store.ledger import Entry
from pipeline.store.records import (
    ApprovalRecord,
    DecisionRecord,
    DeliveryRecord,
    ExtensionRecord,
    PackageRecord,
    PartRecord,
    QuestionRecord,
    Record,
    RejudgedRecord,
    SubmissionRecord,
    WithdrawalRecord,
)
from pipeline.store.relabel import FILE_LEVEL, follow_answers
from pipeline.store.resolve import PartFact, PartId, Resolution, live, resolve
from pipeline.store.writer import Writer
from pipeline.store.written import verdict_of

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_JUDGED = (
    "UPDATE submission SET unit = ?, outcome = ?, reason = ?, reader = ?, program = ?,"
    " judged_by = ?, rejudged = ? WHERE number = ?"
)
_WITHDRAW = "UPDATE part SET withdrawn = ? WHERE submission = ? AND part = ?"
_ASK = (
    "UPDATE question SET part = ?, choices = ?, params = ?, asked = 1"
    " WHERE submission = ? AND pos = ?"
)


def apply(
    writer: Writer, entry: Entry, record: Record, known: Known, rows: Sequence[bytes]
) -> set[Key]:
    """Add one fact and return the keys whose parts in force are to be worked out again.

    *rows* are those of `records.rows_of`. A part that is the first of its key needs no second
    look.
    """
    line = (entry.seq, entry.at, entry.kind, entry.record, entry.hash)
    writer.insert(t.ledger, [line])
    if isinstance(record, SubmissionRecord):
        return _submission(writer, entry.seq, record, known, rows)
    if isinstance(record, RejudgedRecord):
        return _rejudged(writer, entry.seq, record, rows)
    return _WRITERS[type(record)](writer, entry.seq, record)


def keys_of(record: Record) -> list[Key]:
    """Return the keys of the parts that a record brings, one for each part."""
    judged = verdict_of(record)
    parts = judged.parts if judged else ()
    return [Key(part.unit, part.form, part.period, part.stage) for part in parts]


def question_id(text: str) -> tuple[int, int]:
    """Split `<submission number>.<index>`; ValueError for anything else."""
    number, index = text.split(".")
    return int(number), int(index)


def _submission(
    writer: Writer, seq: int, record: SubmissionRecord, known: Known, written: Sequence[bytes]
) -> set[Key]:
    writer.insert(t.submission, [_submission_line(seq, record)])
    _verdict(writer, seq, record, written, since=seq)
    places = range(len(record.questions))
    writer.insert(t.question, _question_lines(seq, places, record.questions))
    keys = Counter(keys_of(record))
    return {key for key, count in keys.items() if count > 1 or known.key(key)}


def _verdict(
    writer: Writer, number: int, record: SubmissionRecord, written: Sequence[bytes], *, since: int
) -> None:
    """Add the parts, rows and notices of a verdict, which is accepted since the fact *since*."""
    parts: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    notices = _notice_lines(number, FILE_LEVEL, record.notices)
    for index, (part, data) in enumerate(zip(record.parts, written, strict=True)):
        alone = _alone(number, index, part)
        statuses = alone.statuses[number, index]
        now = (alone.outcomes[number, index], live(statuses))
        parts.append(_part_line((number, index), part, since, *now))
        if part.rows:
            sha256 = hashlib.sha256(data).hexdigest()
            rows.append((number, index, statuses, sha256, deflated(data)))
        notices.extend(_notice_lines(number, index, part.notices))
    writer.insert(t.part, parts)
    writer.insert(t.part_rows, rows)
    writer.insert(t.notice, notices)


def _rejudged(
    writer: Writer, seq: int, record: RejudgedRecord, written: Sequence[bytes]
) -> set[Key]:
    """Put a verdict in the place of the one before; its order is still that of the file."""
    number, verdict = record.submission, record.verdict
    connection, columns = writer.read(), t.part.c
    before = sa.select(columns.unit, columns.form, columns.period, columns.stage, columns.withdrawn)
    found = connection.execute(before.where(columns.submission == number)).all()
    touched = {Key(*line[:4]) for line in found} | set(keys_of(record))
    for table in ("part_rows", "notice", "part"):
        t.run_many(connection, f"DELETE FROM {table} WHERE submission = ?", [(number,)])  # noqa: S608  # own names
    said = (verdict.unit, verdict.outcome, verdict.reason, verdict.reader, verdict.program)
    grounds = (_json(verdict.judged_by), seq if record.answers else None)
    writer.update(_JUDGED, [(*said, *grounds, number)])
    _verdict(writer, number, verdict, written, since=seq if record.answers else number)
    gone = {(line.form, line.stage): line.withdrawn for line in found if line.withdrawn}
    for index, part in enumerate(verdict.parts):
        fact = gone.get((part.form, part.stage))
        if fact is not None:
            writer.update(_WITHDRAW, [(fact, number, index)])
    _ask(writer, record)
    return touched | follow_answers(writer, number)


def _ask(writer: Writer, record: RejudgedRecord) -> None:
    """Let the questions of the new verdict be asked, and no other ones about the file."""
    number, asked = record.submission, record.verdict.questions
    count = sa.select(sa.func.count()).where(t.question.c.submission == number)
    known = writer.read().execute(count).scalar() or 0
    t.run_many(writer.read(), "UPDATE question SET asked = 0 WHERE submission = ?", [(number,)])
    placed = list(zip(record.places, asked, strict=True))
    for pos, one in placed:
        if pos < known:
            line = (_part_of(one), _json(one.choices), _json(one.params), number, pos)
            writer.update(_ASK, [line])
    new = [(pos, one) for pos, one in placed if pos >= known]
    lines = _question_lines(number, [pos for pos, _ in new], [one for _, one in new])
    writer.insert(t.question, lines)


def _alone(number: int, index: int, part: PartRecord) -> Resolution:
    """What is in force of a part when no other was sent for its key."""
    applied = number if part.outcome in ACCEPTED else None
    fact = PartFact(
        (number, index),
        part.mode,
        part.outcome,
        applied,
        unchanged=part.unchanged,
        keys=part.rows.keys,
        states=part.rows.states,
    )
    return resolve([fact])


def _submission_line(seq: int, record: SubmissionRecord) -> tuple[Any, ...]:
    return (
        seq,
        record.moment,
        record.sha256,
        record.name,
        record.size,
        float(record.modified),
        record.folder,
        record.subfolder,
        record.scan,
        record.unit,
        record.outcome,
        record.reason,
        record.reader,
        record.program,
        _json(record.judged_by),
        None,
    )


def _part_line(
    place: PartId, part: PartRecord, since: int, outcome_now: Outcome, live: int
) -> tuple[Any, ...]:
    severities = [notice.severity for notice in part.notices]
    taken = part.outcome in ACCEPTED
    return (
        *place,
        part.unit,
        part.form,
        part.period,
        part.stage,
        part.unit,
        part.mode,
        part.contract,
        part.outcome,
        part.proposed,
        part.outcome,
        place[0] if taken else None,
        since if taken else None,
        None,
        outcome_now,
        live,
        _promised(part),
        severities.count("error"),
        severities.count("remark"),
        part.sheet,
        int(part.nil),
        int(part.unchanged),
        _json(part.counts),
        _ENCODE([fields_of(one) for one in part.not_run]),
    )


def _promised(part: PartRecord) -> int:
    """How many rows the receipt says are accepted, to be compared with what the tables hold."""
    if part.outcome in ACCEPTED and "accepted" in part.counts:
        return part.counts["accepted"]
    return part.rows.states.count("accepted")


def _notice_lines(seq: int, part: int, notices: Sequence[Notice]) -> list[tuple[Any, ...]]:
    return [
        (
            seq,
            part,
            pos,
            notice.code,
            notice.severity,
            notice.form,
            notice.sheet,
            notice.row,
            notice.column,
            notice.cell,
            notice.value,
            _json(notice.params),
            notice.who,
        )
        for pos, notice in enumerate(notices)
    ]


def _question_lines(
    number: int, places: Sequence[int], questions: Sequence[QuestionRecord]
) -> list[tuple[Any, ...]]:
    return [
        (
            number,
            pos,
            _part_of(question),
            question.kind,
            _json(question.choices),
            _json(question.params),
            1,
            None,
            None,
        )
        for pos, question in zip(places, questions, strict=True)
    ]


def _part_of(question: QuestionRecord) -> int:
    return FILE_LEVEL if question.part is None else question.part


def _decision(writer: Writer, seq: int, record: DecisionRecord) -> set[Key]:
    answer = (record.choice, record.who, record.moment, record.note)
    writer.insert(t.decision, [(seq, record.question, *answer)])
    number, index = question_id(record.question)
    decided = seq if record.choice is not None else None
    update = "UPDATE question SET choice = ?, decided = ? WHERE submission = ? AND pos = ?"
    writer.update(update, [(record.choice, decided, number, index)])
    return follow_answers(writer, number)


def _withdrawal(writer: Writer, seq: int, record: WithdrawalRecord) -> set[Key]:
    said = (record.who, record.moment, record.reason, record.revokes)
    writer.insert(t.withdrawal, [(seq, record.submission, record.part, *said)])
    fact = seq if record.revokes is None else None
    writer.update(_WITHDRAW, [(fact, record.submission, record.part)])
    columns = t.part.c
    query = sa.select(columns.unit, columns.form, columns.period, columns.stage).where(
        columns.submission == record.submission, columns.part == record.part
    )
    return {Key(*values) for values in writer.read().execute(query)}


def _package(writer: Writer, seq: int, record: PackageRecord) -> set[Key]:
    content = (record.digest, record.sha256, record.name, record.moment, record.ledger_seq)
    key = (record.id, record.recipient, record.period, record.number)
    writer.insert(t.package, [(seq, *key, *content, record.supersedes)])
    return set()


def _approval(writer: Writer, seq: int, record: ApprovalRecord) -> set[Key]:
    line = (seq, record.package, record.digest, record.who, record.moment, record.outgoing)
    writer.insert(t.approval, [line])
    return set()


def _delivery(writer: Writer, seq: int, record: DeliveryRecord) -> set[Key]:
    line = (seq, record.package, record.sha256, record.transport, record.moment, record.evidence)
    writer.insert(t.delivery, [line])
    return set()


def _extension(writer: Writer, seq: int, record: ExtensionRecord) -> set[Key]:
    key = (_ENCODE(record.units), record.form, record.stage, record.period, record.until)
    line = (seq, *key, record.who, record.moment, record.reason, record.revokes)
    writer.insert(t.extension, [line])
    return set()


_WRITERS: Mapping[type, Callable[[Writer, int, Any], set[Key]]] = {
    DecisionRecord: _decision,
    WithdrawalRecord: _withdrawal,
    PackageRecord: _package,
    ApprovalRecord: _approval,
    DeliveryRecord: _delivery,
    ExtensionRecord: _extension,
}


def _json(value: Mapping[str, Any]) -> str:
    return _ENCODE(dict(value)) if value else "{}"
