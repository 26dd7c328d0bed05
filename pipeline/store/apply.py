"""From a recorded fact to the tables: the only writer of the index.

What a fact adds is inserted as it is; what it means for the parts and rows in force is worked
out again for each key it touches (`in_force`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
    PackageRecord,
    PartRecord,
    QuestionRecord,
    Record,
    SubmissionRecord,
    WithdrawalRecord,
)
from pipeline.store.resolve import PartFact, Resolution, live, resolve
from pipeline.store.writer import Writer

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
FILE_LEVEL = -1


class _Answer(NamedTuple):
    part: int
    kind: str
    choice: str | None
    decided: int | None


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
    return _WRITERS[type(record)](writer, entry.seq, record)


def keys_of(record: Record) -> list[Key]:
    """Return the keys of the parts that a record brings, one for each part."""
    if not isinstance(record, SubmissionRecord):
        return []
    return [Key(part.unit, part.form, part.period, part.stage) for part in record.parts]


def question_id(text: str) -> tuple[int, int]:
    """Split `<submission number>.<index>`; ValueError for anything else."""
    number, index = text.split(".")
    return int(number), int(index)


def _submission(
    writer: Writer, seq: int, record: SubmissionRecord, known: Known, written: Sequence[bytes]
) -> set[Key]:
    writer.insert(t.submission, [_submission_line(seq, record)])
    parts: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    notices = _notice_lines(seq, FILE_LEVEL, record.notices)
    for index, (part, data) in enumerate(zip(record.parts, written, strict=True)):
        alone = _alone(seq, index, part)
        statuses = alone.statuses[seq, index]
        parts.append(_part_line(seq, index, part, alone.outcomes[seq, index], live(statuses)))
        if part.rows:
            sha256 = hashlib.sha256(data).hexdigest()
            rows.append((seq, index, statuses, sha256, deflated(data)))
        notices.extend(_notice_lines(seq, index, part.notices))
    writer.insert(t.part, parts)
    writer.insert(t.part_rows, rows)
    writer.insert(t.notice, notices)
    writer.insert(t.question, _question_lines(seq, record.questions))
    keys = Counter(keys_of(record))
    return {key for key, count in keys.items() if count > 1 or known.key(key)}


def _alone(seq: int, index: int, part: PartRecord) -> Resolution:
    """What is in force of a part when no other was sent for its key."""
    applied = seq if part.outcome in ACCEPTED else None
    fact = PartFact(
        (seq, index),
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
    )


def _part_line(
    seq: int, index: int, part: PartRecord, outcome_now: Outcome, live: int
) -> tuple[Any, ...]:
    severities = [notice.severity for notice in part.notices]
    return (
        seq,
        index,
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
        seq if part.outcome in ACCEPTED else None,
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


def _question_lines(seq: int, questions: Sequence[QuestionRecord]) -> list[tuple[Any, ...]]:
    return [
        (
            seq,
            pos,
            FILE_LEVEL if question.part is None else question.part,
            question.kind,
            _json(question.choices),
            _json(question.params),
            None,
            None,
        )
        for pos, question in enumerate(questions)
    ]


def _decision(writer: Writer, seq: int, record: DecisionRecord) -> set[Key]:
    answer = (record.choice, record.who, record.moment, record.note)
    writer.insert(t.decision, [(seq, record.question, *answer)])
    number, index = question_id(record.question)
    decided = seq if record.choice is not None else None
    update = "UPDATE question SET choice = ?, decided = ? WHERE submission = ? AND pos = ?"
    writer.update(update, [(record.choice, decided, number, index)])
    return _answer(writer, number)


def _answer(writer: Writer, number: int) -> set[Key]:
    """Let the held parts of a submission follow the answers; return their keys before and after."""
    columns = t.question.c
    chosen = sa.select(columns.part, columns.kind, columns.choice, columns.decided)
    answers = [
        _Answer(*values)
        for values in writer.read().execute(
            chosen.where(columns.submission == number).order_by(columns.pos)
        )
    ]
    held = sa.select(t.part).where(t.part.c.submission == number, t.part.c.outcome == "held")
    touched: set[Key] = set()
    for part in writer.read().execute(held).all():
        own = [answer for answer in answers if answer.part in (FILE_LEVEL, part.part)]
        settled, applied = _verdict(part.proposed, own)
        unit = _unit(part.given, own)
        update = (
            "UPDATE part SET settled = ?, applied = ?, unit = ? WHERE submission = ? AND part = ?"
        )
        writer.update(update, [(settled, applied, unit, number, part.part)])
        for code in (part.unit, unit):
            touched.add(Key(code, part.form, part.period, part.stage))
    return touched


def _verdict(proposed: Outcome | None, answers: Sequence[_Answer]) -> tuple[Outcome, int | None]:
    """Return a held part's outcome and the fact that accepted it: all agree, or one refuses."""
    if any(answer.choice == "reject" for answer in answers):
        return "rejected", None
    agreed = [a.decided for a in answers if a.decided is not None and _agrees(a)]
    if proposed is None or not answers or len(agreed) < len(answers):
        return "held", None
    return proposed, max(agreed) if proposed in ACCEPTED else None


def _agrees(answer: _Answer) -> bool:
    return answer.choice == "accept" or answer.kind == "unit_conflict"


def _unit(given: str, answers: Sequence[_Answer]) -> str:
    chosen = [a for a in answers if a.kind == "unit_conflict" and a.choice not in (None, "reject")]
    latest = max(chosen, key=lambda a: a.decided or 0, default=None)
    return given if latest is None or latest.choice is None else latest.choice


def _withdrawal(writer: Writer, seq: int, record: WithdrawalRecord) -> set[Key]:
    line = (seq, record.submission, record.part, record.who, record.moment, record.reason)
    writer.insert(t.withdrawal, [line])
    update = "UPDATE part SET withdrawn = ? WHERE submission = ? AND part = ?"
    writer.update(update, [(seq, record.submission, record.part)])
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


_WRITERS: Mapping[type, Callable[[Writer, int, Any], set[Key]]] = {
    DecisionRecord: _decision,
    WithdrawalRecord: _withdrawal,
    PackageRecord: _package,
    ApprovalRecord: _approval,
    DeliveryRecord: _delivery,
}


def _json(value: Mapping[str, Any]) -> str:
    return _ENCODE(dict(value)) if value else "{}"
