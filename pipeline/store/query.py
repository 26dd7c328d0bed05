"""What the rest of the engine asks the index; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from pipeline.model import Notice
from pipeline.store import decode
from pipeline.store import tables as t
from pipeline.store.apply import FILE_LEVEL, question_id
from pipeline.store.decode import row_place
from pipeline.store.force import ACCEPTED
from pipeline.store.records import (
    ApprovalRecord,
    DeliveryRecord,
    ExtensionRecord,
    PackageRecord,
    WithdrawalRecord,
)
from pipeline.store.rows import (
    BoardPart,
    Conservation,
    PartInfo,
    QuestionInfo,
    R,
    Recorded,
    Repeat,
    RowInfo,
    SubmissionInfo,
)

_P, _S, _R, _Q = t.part.c, t.submission.c, t.row.c, t.question.c
_PARTS = sa.select(t.part, _S.moment, _S.modified, _S.scan).select_from(t.part.join(t.submission))
_ROWS = sa.select(t.row, _P.unit, _P.form, _P.period, _P.stage, _P.sheet).select_from(
    t.row.join(t.part)
)
_IN_FORCE = _P.outcome_now.in_(ACCEPTED)


class Queries:
    """Questions to the index over one engine; every answer is frozen data of `infos`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def repeat_of(self, sha256: str, unit: str | None) -> Repeat | None:
        """Return the newest submission of these bytes by this unit that is wholly in force."""
        query = (
            sa.select(_S.number, _S.judged_by, _P.form, _P.contract, _P.outcome_now)
            .select_from(t.submission.join(t.part))
            .where(_S.sha256 == sha256, _S.unit == unit)
            .order_by(_S.number.desc())
        )
        found = self._all(query)
        for number in dict.fromkeys(line.number for line in found):
            parts = [line for line in found if line.number == number]
            if all(line.outcome_now in ACCEPTED for line in parts):
                contracts = {line.form: line.contract for line in parts}
                return Repeat(number, json.loads(parts[0].judged_by), contracts)
        return None

    def same_arrival(self, sha256: str, folder: str, name: str, modified: float) -> int | None:
        """Return the newest submission of an inbox folder if it is this very file.

        Then the file was decided, but a run was cut off before it could take the file away.
        """
        query = (
            sa.select(_S.number, _S.sha256, _S.name, _S.modified)
            .where(_S.folder == folder)
            .order_by(_S.number.desc())
            .limit(1)
        )
        found = self._all(query)
        if found and tuple(found[0][1:]) == (sha256, name, modified):
            return int(found[0].number)
        return None

    def newest_data_fact(self) -> tuple[int, str] | None:
        """Return number and moment of the newest fact that can change a base."""
        kinds = ("submission", "decision", "withdrawal")
        entry = t.ledger.c
        query = sa.select(entry.seq, entry.at).where(entry.kind.in_(kinds))
        found = self._all(query.order_by(entry.seq.desc()).limit(1))
        return (int(found[0].seq), str(found[0].at)) if found else None

    def in_force(self, unit: str, form: str, period: str, stage: str = "") -> PartInfo | None:
        """Return the part that counts now; the newest of them for a form that adds."""
        parts = self._parts(_key(unit, form, period, stage), _IN_FORCE)
        return max(parts, key=_application, default=None)

    def rows_in_force(
        self, period: str, form: str | None = None, unit: str | None = None
    ) -> list[RowInfo]:
        """Return the rows that count, by form, unit, stage and place; what bases are made of."""
        where = [_P.period == period, _P.live > 0, _R.fate == "in_force"]
        if form is not None:
            where.append(_P.form == form)
        if unit is not None:
            where.append(_P.unit == unit)
        rows = self._rows(*where)
        return sorted(rows, key=lambda row: (row.form, row.unit, row.stage))

    def each_in_force(self, period: str, form: str) -> Iterator[RowInfo]:
        """Yield the rows of a form that count, one by one in the order of submission."""
        where = (_P.period == period, _P.form == form, _P.live > 0, _R.fate == "in_force")
        query = _ROWS.where(*where).order_by(*t.row.primary_key)
        with t.reading(self._engine) as connection:
            yield from map(decode.row, connection.execute(query))

    def row(self, row_id: str) -> RowInfo | None:
        """Return one stored row, whatever became of it."""
        try:
            number, part, pos = row_place(row_id)
        except ValueError:
            return None
        found = self._rows(_R.submission == number, _R.part == part, _R.pos == pos)
        return found[0] if found else None

    def history(self, row_id: str) -> list[RowInfo]:
        """Return every version of the row's key in the order of submission, itself included."""
        own = self.row(row_id)
        if own is None or not own.key:
            return [own] if own else []
        key = _key(own.unit, own.form, own.period, own.stage)
        return self._rows(key, _R.ident == own.key)

    def submission(self, number: int) -> SubmissionInfo | None:
        """Return a submission with its parts, notices and questions."""
        found = self._submissions(_S.number == number)
        if not found:
            return None
        own = sa.select(t.notice).where(t.notice.c.submission == number).order_by(t.notice.c.pos)
        notices: dict[int, list[Notice]] = {}
        for line in self._all(own):
            notices.setdefault(line.part, []).append(decode.notice(line))
        parts = [
            replace(part, notices=tuple(notices.get(part.index, ()))) for part in found[0].parts
        ]
        said = tuple(notices.get(FILE_LEVEL, ()))
        return replace(found[0], parts=tuple(parts), notices=said)

    def submissions(
        self, *, unit: str | None = None, period: str | None = None, after: int = 0
    ) -> list[SubmissionInfo]:
        """Return submissions in the order of arrival, without their notices."""
        where = [_S.number > after]
        if unit is not None:
            where.append(_S.unit == unit)
        if period is not None:
            inside = sa.select(_P.submission).where(_P.period == period)
            where.append(_S.number.in_(inside))
        return self._submissions(*where)

    def questions(self) -> list[QuestionInfo]:
        """Return all questions ever asked, in the order of arrival."""
        return [question for one in self._submissions(_asked()) for question in one.questions]

    def open_questions(self) -> list[QuestionInfo]:
        """Return the questions that wait for a person."""
        return [question for question in self.questions() if question.open]

    def question(self, ident: str) -> QuestionInfo | None:
        """Return one question by `<submission number>.<index>`."""
        try:
            number, index = question_id(ident)
        except ValueError:
            return None
        found = self._submissions(_S.number == number)
        questions = found[0].questions if found else ()
        return questions[index] if 0 <= index < len(questions) else None

    def newest_parts(self, period: str) -> list[BoardPart]:
        """Return one line for each unit, form and stage that sent anything in the period."""
        lines: dict[tuple[str, str, str], list[PartInfo]] = {}
        for part in self._parts(_P.period == period):
            lines.setdefault((part.unit, part.form, part.stage), []).append(part)
        board = []
        for key, parts in sorted(lines.items()):
            newest = max(parts, key=lambda part: (part.number, part.index))
            counting = [part for part in parts if part.outcome_now in ACCEPTED]
            best = max(counting, key=_application, default=None)
            taken = sorted((p for p in parts if p.applied is not None), key=_application)
            moments = tuple(part.moment for part in taken)
            board.append(BoardPart(*key, newest, best, moments, sum(part.live for part in parts)))
        return board

    def scan_parts(
        self, scan: str, unit: str, form: str, period: str, stage: str = ""
    ) -> list[PartInfo]:
        """Return the parts for one key that the same look into the inbox has brought so far."""
        return self._parts(_key(unit, form, period, stage), _S.scan == scan)

    def conservation(self, period: str) -> list[Conservation]:
        """Compare, by unit and form, the rows that receipts call accepted with the rows stored.

        The left side comes from what was promised when each part was recorded, the right side
        from the stored rows: a row lost between the two makes `holds` false.
        """
        promised = (
            sa.select(_P.unit, _P.form, sa.func.sum(_P.accepted))
            .where(_P.period == period, _P.applied.is_not(None))
            .group_by(_P.unit, _P.form)
        )
        stored = (
            sa.select(_P.unit, _P.form, _R.fate, sa.func.count())
            .select_from(t.row.join(t.part))
            .where(_P.period == period, _R.fate != "")
            .group_by(_P.unit, _P.form, _R.fate)
        )
        counts: dict[tuple[str, str], dict[str, int]] = {}
        for unit, form, count in self._all(promised):
            counts.setdefault((unit, form), {})["accepted"] = int(count)
        for unit, form, fate, count in self._all(stored):
            counts.setdefault((unit, form), {})[fate] = count
        fates = ("accepted", "in_force", "superseded", "withdrawn", "absent")
        return [
            Conservation(unit, form, *(found.get(fate, 0) for fate in fates))
            for (unit, form), found in sorted(counts.items())
        ]

    def packages(
        self, *, recipient: str | None = None, period: str | None = None
    ) -> list[Recorded[PackageRecord]]:
        """Return the packages made, oldest first."""
        found = self._recorded(t.package, PackageRecord)
        return [
            one
            for one in found
            if recipient in (None, one.record.recipient) and period in (None, one.record.period)
        ]

    def package(self, ident: str) -> Recorded[PackageRecord] | None:
        """Return the newest package with this id (`PackageRecord.id`)."""
        found = self._recorded(t.package, PackageRecord, t.package.c.id == ident)
        return found[-1] if found else None

    def next_package_number(self, recipient: str, period: str) -> int:
        """Return the number that the recipient's next package of the period gets, from 1."""
        return 1 + max(
            (one.record.number for one in self.packages(recipient=recipient, period=period)),
            default=0,
        )

    def approvals(self, package: str | None = None) -> list[Recorded[ApprovalRecord]]:
        """Return who let packages leave, oldest first."""
        where = [] if package is None else [t.approval.c.package == package]
        return self._recorded(t.approval, ApprovalRecord, *where)

    def deliveries(self, package: str | None = None) -> list[Recorded[DeliveryRecord]]:
        """Return what reached its recipient, oldest first."""
        where = [] if package is None else [t.delivery.c.package == package]
        return self._recorded(t.delivery, DeliveryRecord, *where)

    def extensions(self) -> list[Recorded[ExtensionRecord]]:
        """Return the extensions given and taken back, oldest first."""
        found = self._recorded(t.extension, ExtensionRecord)
        return [
            replace(one, record=replace(one.record, units=tuple(json.loads(str(one.record.units)))))
            for one in found
        ]

    def withdrawals(self) -> list[Recorded[WithdrawalRecord]]:
        """Return the parts taken out of force by persons, oldest first."""
        return self._recorded(t.withdrawal, WithdrawalRecord)

    def _all(self, query: sa.Select[Any]) -> Sequence[Any]:
        with t.reading(self._engine) as connection:
            return connection.execute(query).all()

    def _parts(self, *where: sa.ColumnElement[bool]) -> list[PartInfo]:
        query = _PARTS.where(*where).order_by(*t.part.primary_key)
        return [decode.part(line) for line in self._all(query)]

    def _rows(self, *where: sa.ColumnElement[bool]) -> list[RowInfo]:
        query = _ROWS.where(*where).order_by(*t.row.primary_key)
        with t.reading(self._engine) as connection:
            return [decode.row(line) for line in connection.execute(query)]

    def _submissions(self, *where: sa.ColumnElement[bool]) -> list[SubmissionInfo]:
        inside = sa.select(_S.number).where(*where)
        parts: dict[int, list[PartInfo]] = {}
        for part in self._parts(_P.submission.in_(inside)):
            parts.setdefault(part.number, []).append(part)
        asked: dict[int, list[sa.Row[Any]]] = {}
        own = sa.select(t.question).where(_Q.submission.in_(inside)).order_by(_Q.pos)
        for line in self._all(own):
            asked.setdefault(line.submission, []).append(line)
        found = self._all(sa.select(t.submission).where(*where).order_by(_S.number))
        return [
            decode.submission(line, parts.get(line.number, ()), asked.get(line.number, ()))
            for line in found
        ]

    def _recorded(
        self, table: sa.Table, kind: type[R], *where: sa.ColumnElement[bool]
    ) -> list[Recorded[R]]:
        columns = [c for c in table.c if c.name not in ("seq", "id")]
        query = (
            sa.select(table.c.seq, t.ledger.c.at, *columns)
            .join_from(table, t.ledger, table.c.seq == t.ledger.c.seq)
            .where(*where)
            .order_by(table.c.seq)
        )
        names = [column.name for column in columns]
        return [
            Recorded(seq, at, kind(**dict(zip(names, values, strict=True))))
            for seq, at, *values in self._all(query)
        ]


def _key(unit: str, form: str, period: str, stage: str) -> sa.ColumnElement[bool]:
    return sa.and_(_P.unit == unit, _P.form == form, _P.period == period, _P.stage == stage)


def _asked() -> sa.ColumnElement[bool]:
    return _S.number.in_(sa.select(_Q.submission))


def _application(part: PartInfo) -> tuple[int, int, int]:
    return part.applied or 0, part.number, part.index
