"""What the rest of the engine asks the index; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pipeline.canonical import digest_of
from pipeline.model import ACCEPTED, Notice, Outcome, outcome_of
from pipeline.store import decode
from pipeline.store import tables as t
from pipeline.store.apply import question_id
from pipeline.store.decode import row_place
from pipeline.store.earlier import Earlier, Sent
from pipeline.store.facts import FactQueries
from pipeline.store.in_force import Key, fact_of
from pipeline.store.known import Known
from pipeline.store.relabel import FILE_LEVEL
from pipeline.store.resolve import ABSENT, IN_FORCE, KEPT, SUPERSEDED, WITHDRAWN
from pipeline.store.rows import (
    BoardPart,
    Conservation,
    InForcePart,
    Newest,
    PartInfo,
    QuestionInfo,
    Repeat,
    RowInfo,
    SubmissionInfo,
)

_P, _S, _R, _Q = t.part.c, t.submission.c, t.part_rows.c, t.question.c
_PARTS = sa.select(t.part, _S.moment, _S.modified, _S.scan).select_from(t.part.join(t.submission))
_PLACE = ("submission", "part", "unit", "form", "period", "stage", "sheet")
_ROWS = sa.select(*(_P[name] for name in _PLACE), _R.statuses, _R.sha256, _R.data).select_from(
    t.part.outerjoin(t.part_rows)
)
_FACTS = sa.select(
    *(_P[name] for name in ("submission", "part", "mode", "settled", "applied", "withdrawn")),
    *(_P.unchanged, _R.sha256, _R.data),
).select_from(t.part.outerjoin(t.part_rows))
_IN_FORCE = _P.outcome_now.in_(ACCEPTED)
# So many parts are unpacked from one answer of the database.
_PARTS_AT_ONCE = 64


class Queries(FactQueries):
    """Questions to the index; every answer is frozen data of `rows`."""

    def _seen(self) -> Known:
        """Return what the index has seen at all."""
        with self._reading() as connection:
            return Known.load(connection)

    def repeat_of(self, sha256: str, unit: str | None) -> Repeat | None:
        """Return the newest submission of these bytes by this unit that is wholly in force."""
        if not self._seen().file(sha256):
            return None
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

    def same_arrival(
        self, sha256: str, folder: str, name: str, modified: float, *, scan: str | None = None
    ) -> int | None:
        """Return the newest submission of an inbox folder if it is this very file.

        Then the file was decided, but a run was cut off before it could take the file away. With
        *scan*, the look by which the file was first seen, it need not be the newest one.
        """
        if not self._seen().file(sha256):
            return None
        columns = (_S.number, _S.sha256, _S.name, _S.modified)
        query = sa.select(*columns).where(_S.folder == folder).order_by(_S.number.desc())
        found = list(self._all(query.limit(1)))
        if scan is not None:
            found += self._all(query.where(_S.scan == scan, _S.sha256 == sha256))
        same = (line for line in found if tuple(line[1:]) == (sha256, name, modified))
        return next((int(line.number) for line in same), None)

    def newest_data_fact(self) -> tuple[int, str] | None:
        """Return number and moment of the newest fact that can change a base."""
        kinds = ("submission", "decision", "rejudged", "withdrawal")
        entry = t.ledger.c
        query = sa.select(entry.seq, entry.at).where(entry.kind.in_(kinds))
        found = self._all(query.order_by(entry.seq.desc()).limit(1))
        return (int(found[0].seq), str(found[0].at)) if found else None

    def in_force(self, unit: str, form: str, period: str, stage: str = "") -> PartInfo | None:
        """Return the part that counts now; the newest of them for a form that adds."""
        key = Key(unit, form, period, stage)
        parts = self._parts(_of(key), _IN_FORCE) if self._seen().key(key) else []
        return max(parts, key=_application, default=None)

    def before(self, number: int) -> Earlier:
        """Return what answers of what was in force before a file came."""

        def sent(unit: str, form: str, period: str) -> list[Sent]:
            key = (_P.unit == unit, _P.form == form, _P.period == period)
            where = (*key, _P.submission < number)
            found = {(one.number, one.index): one for one in self._parts(*where)}
            query = _FACTS.where(*where).order_by(*t.part.primary_key)
            return [
                Sent(found[line.submission, line.part], fact_of(line), decode.rows_or_none(line))
                for line in self._all(query)
            ]

        return Earlier(sent)

    def parts_in_force(
        self, period: str, *, form: str | None = None, unit: str | None = None
    ) -> Iterator[InForcePart]:
        """Yield the parts that have rows in force, by unit, form, stage and place.

        They are unpacked a few at a time, so that a region needs no more memory than a school.
        """
        if form is not None and unit is not None and not self._seen().form(unit, form, period):
            return
        where = [_P.period == period, _P.live > 0]
        if form is not None:
            where.append(_P.form == form)
        if unit is not None:
            where.append(_P.unit == unit)
        query = sa.select(_P.unit, _P.form, _P.stage, _P.submission, _P.part).where(*where)
        places = iter(sorted(self._all(query)))
        while some := [(line.submission, line.part) for line in islice(places, _PARTS_AT_ONCE)]:
            found = {(line.submission, line.part): line for line in self._stored(some)}
            for place in some:
                yield decode.in_force(found[place])

    def rows_in_force(
        self, period: str, form: str | None = None, unit: str | None = None
    ) -> list[RowInfo]:
        """Return the rows that count, by form, unit, stage and place; the slow way."""
        parts = self.parts_in_force(period, form=form, unit=unit)
        rows = [
            decode.row(part, index, KEPT if index in part.prior else IN_FORCE)
            for part in parts
            for index in part.indices
        ]
        return sorted(rows, key=lambda row: (row.form, row.unit, row.stage))

    def states_of_units(self, period: str) -> dict[str, str]:
        """Return, by unit, a digest of all that the index says of it in a period: parts, rows."""
        query = (
            sa.select(*_PARTS.selected_columns, _R.statuses, _R.sha256)
            .select_from(t.part.join(t.submission).outerjoin(t.part_rows))
            .where(_P.period == period)
            .order_by(*t.part.primary_key)
        )
        found: dict[str, list[list[Any]]] = {}
        for line in self._all(query):
            found.setdefault(line.unit, []).append(list(line))
        return {code: digest_of(lines) for code, lines in sorted(found.items())}

    def row(self, row_id: str) -> RowInfo | None:
        """Return one stored row, whatever became of it."""
        try:
            number, part, pos = row_place(row_id)
        except ValueError:
            return None
        for line in self._stored([(number, part)]):
            if 0 <= pos < len(line.statuses or ""):
                return decode.row(decode.in_force(line), pos, line.statuses[pos])
        return None

    def history(self, row_id: str) -> list[RowInfo]:
        """Return every version of the row's key in the order of submission, itself included."""
        own = self.row(row_id)
        if own is None or not own.key:
            return [own] if own else []
        key = Key(own.unit, own.form, own.period, own.stage)
        found = []
        for line in self._all(
            _ROWS.where(_of(key), _R.data.is_not(None)).order_by(*t.part.primary_key)
        ):
            part = decode.in_force(line)
            found += [
                decode.row(part, index, line.statuses[index])
                for index, other in enumerate(part.columns.keys)
                if other == own.key
            ]
        return found

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
        self, *, unit: str | None = None, period: str | None = None
    ) -> list[SubmissionInfo]:
        """Return submissions in the order of arrival, without their notices."""
        where: list[sa.ColumnElement[bool]] = []
        if unit is not None:
            where.append(_S.unit == unit)
        if period is not None:
            inside = sa.select(_P.submission).where(_P.period == period)
            where.append(_S.number.in_(inside))
        return self._submissions(*where)

    def newest(self, units: Collection[str]) -> list[Newest]:
        """Return, by number, the newest file of each form that each of *units* sent."""
        columns = (_S.unit, _S.number, _S.moment, _S.outcome)
        key = (_P.form, _P.period, _P.stage)
        query = (
            sa.select(*columns, *key, _P.outcome_now)
            .select_from(t.submission.outerjoin(t.part))
            .where(_S.unit.in_(units))
            .order_by(_S.number)
        )
        last: dict[tuple[str, ...], int] = {}
        files: dict[int, tuple[str, str]] = {}
        outcomes: dict[int, list[Outcome]] = {}
        for unit, number, moment, said, *key_, now in self._all(query):
            last[unit, *key_] = number
            files[number] = (unit, moment)
            outcomes.setdefault(number, []).append(now or said)
        return [
            Newest(files[number][0], number, files[number][1], outcome_of(outcomes[number]))
            for number in sorted(set(last.values()))
        ]

    def named(self) -> list[str]:
        """Return every sha256 that a record names: originals, grounds of decisions, packages."""
        names = dict.fromkeys(self.originals().values())
        for (judged_by,) in self._all(sa.select(_S.judged_by).distinct()):
            names |= dict.fromkeys(json.loads(judged_by).values())
        for columns in (_P.contract, t.package.c.sha256):
            names |= dict.fromkeys(name for (name,) in self._all(sa.select(columns).distinct()))
        return list(names)

    def fact_hash(self, seq: int) -> str | None:
        """Return the hash of a ledger line by its number; None where there is none."""
        found = self._all(sa.select(t.ledger.c.hash).where(t.ledger.c.seq == seq))
        return str(found[0].hash) if found else None

    def originals(self) -> dict[int, str]:
        """Return the sha256 of the file of each submission."""
        return {int(n): str(sha256) for n, sha256 in self._all(sa.select(_S.number, _S.sha256))}

    def questions(self) -> list[QuestionInfo]:
        """Return all questions ever asked, in the order of arrival."""
        return [question for one in self._submissions(_asked()) for question in one.questions]

    def open_questions(self) -> list[QuestionInfo]:
        """Return the questions that wait for a person."""
        return [question for question in self.questions() if question.open]

    def may_wait(self) -> bool:
        """Whether a question may wait for a person: the cheap look, as most days none does."""
        unanswered = sa.select(_Q.pos).where(_Q.asked == 1, _Q.choice.is_(None)).limit(1)
        return bool(self._all(unanswered))

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
            # What was withdrawn is as if it had not come, as long as anything else has.
            left = [part for part in parts if part.outcome_now != "withdrawn"]
            newest = max(left or parts, key=lambda part: (part.number, part.index))
            counting = [part for part in parts if part.outcome_now in ACCEPTED]
            best = max(counting, key=_application, default=None)
            taken = sorted((p for p in left if p.applied is not None), key=_application)
            moments = tuple(part.moment for part in taken)
            board.append(BoardPart(*key, newest, best, moments, sum(part.live for part in parts)))
        return board

    def rules_not_run(self, period: str) -> list[PartInfo]:
        """Return the parts that were judged without some rule and still wait or count."""
        over = ("superseded", "withdrawn")
        return self._parts(_P.period == period, _P.not_run != "[]", _P.outcome_now.not_in(over))

    def scan_parts(
        self, scan: str, unit: str, form: str, period: str, stage: str = ""
    ) -> list[PartInfo]:
        """Return the parts for one key that the same look into the inbox has brought so far."""
        key = Key(unit, form, period, stage)
        return self._parts(_of(key), _S.scan == scan) if self._seen().key(key) else []

    def conservation(self, period: str) -> list[Conservation]:
        """Compare, by unit and form, the rows that receipts call accepted with the rows stored.

        The left side comes from what was promised when each part was recorded, the right side
        from the stored rows: a row lost between the two makes `holds` false.
        """
        promised = sa.case((_P.applied.is_not(None), _P.accepted), else_=0)
        letters = (IN_FORCE, KEPT, SUPERSEDED, WITHDRAWN, ABSENT)
        sums = map(sa.func.sum, (promised, *map(_count, letters)))
        query = (
            sa.select(_P.unit, _P.form, sa.func.count(_P.applied), *sums)
            .select_from(t.part.outerjoin(t.part_rows))
            .where(_P.period == period)
            .group_by(_P.unit, _P.form)
        )
        lines = []
        for unit, form, taken, *counts in sorted(self._all(query)):
            accepted, new, kept, *gone = map(int, counts)
            if taken or new or kept or any(gone):
                lines.append(Conservation(unit, form, accepted, new + kept, *gone))
        return lines

    def _parts(self, *where: sa.ColumnElement[bool]) -> list[PartInfo]:
        query = _PARTS.where(*where).order_by(*t.part.primary_key)
        return [decode.part(line) for line in self._all(query)]

    def _stored(self, places: Sequence[tuple[int, int]]) -> Sequence[Any]:
        """Return parts with their rows, packed."""
        return self._all(_ROWS.where(sa.tuple_(_P.submission, _P.part).in_(places)))

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


def _of(key: Key) -> sa.ColumnElement[bool]:
    return sa.and_(*(_P[name] == value for name, value in key._asdict().items()))


def _count(letter: str) -> sa.ColumnElement[int]:
    """How many rows of a part have a status."""
    text = sa.func.coalesce(_R.statuses, "")
    return sa.func.length(text) - sa.func.length(sa.func.replace(text, letter, ""))


def _asked() -> sa.ColumnElement[bool]:
    return _S.number.in_(sa.select(_Q.submission))


def _application(part: PartInfo) -> tuple[int, int, int]:
    return part.applied or 0, part.number, part.index
