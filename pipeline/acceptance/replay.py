"""A file judged again by what people answered, from its archived bytes, as if it had come rightly.

Its number, its order and the moment of its arrival stay; registry, settings and contracts are
those of today; what was in force is what was before it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.acceptance.decide import Scan, decide, prepare
from pipeline.acceptance.questions import ACCEPT, REJECT
from pipeline.errors import StorageError, UsageError
from pipeline.model import Arrival, Notice
from pipeline.reading.chosen import Chosen
from pipeline.reading.pool import Workers
from pipeline.store.records import QuestionRecord, SubmissionRecord
from pipeline.store.rows import QuestionInfo, SubmissionInfo
from pipeline.system import program_version
from pipeline.workspace.exchange import Exchange

RETURNED = "file_returned"


def replays(question: QuestionInfo) -> bool:
    """Whether an answer to a question changes what the file is judged by.

    Former versions did not note which sheet a question about a stage is about.
    """
    return question.kind in ("unit_conflict", "period_other") or (
        question.kind == "stage_unknown" and "sheet" in question.params
    )


def counts(question: QuestionInfo) -> bool:
    """Whether the answer in force to a question is an input of the verdict.

    Not to take one form needs no second look at the file.
    """
    if question.choice is None or not replays(question):
        return False
    return question.choice != REJECT or question.kind != "stage_unknown"


def judge_again(
    exchange: Exchange, pool: Workers, number: int, answered: Sequence[QuestionInfo], note: str
) -> SubmissionRecord:
    """Return the verdict about a submission by the answers given; *note* explains the last one."""
    first = exchange.store.record(number)
    assert isinstance(first, SubmissionRecord)
    if not answered:
        return first
    if any(question.choice == REJECT for question in answered):
        return _returned(exchange, first, note)
    return _replayed(exchange, pool, number, first, _chosen(answered))


def places(before: SubmissionInfo, asked: Sequence[QuestionRecord]) -> tuple[int, ...]:
    """Return the index of each question among all that were ever asked about a submission.

    One that was asked before keeps its number, and with it its answer.
    """
    known = {_sense(one.kind, one.params): pos for pos, one in enumerate(before.questions)}
    found: list[int] = []
    following = len(before.questions)
    for question in asked:
        pos = known.pop(_sense(question.kind, question.params), following)
        following += pos == following
        found.append(pos)
    return tuple(found)


def _sense(kind: str, params: object) -> tuple[str, str]:
    return kind, repr(sorted(dict(params).items()))  # type: ignore[call-overload]  # a mapping


def _chosen(answered: Sequence[QuestionInfo]) -> Chosen:
    unit = period = None
    stages: dict[tuple[str, str], str] = {}
    for question in answered:
        choice, params = question.choice or "", question.params
        if question.kind == "unit_conflict":
            unit = choice
        elif question.kind == "period_other":
            # Former versions asked whether, not which.
            period = params["found"] if choice == ACCEPT else choice
        else:
            stages[params["code"], params["sheet"]] = choice
    return Chosen(unit, period, stages)


def _returned(exchange: Exchange, first: SubmissionRecord, note: str) -> SubmissionRecord:
    """Nothing of the file counts, and no form of anybody is marked by it."""
    return replace(
        first,
        outcome="rejected",
        reason=RETURNED,
        program=program_version(),
        judged_by=exchange.judged_by,
        parts=(),
        questions=(),
        notices=(Notice(RETURNED, "error", value=note or None),),
    )


def _replayed(
    exchange: Exchange, pool: Workers, number: int, first: SubmissionRecord, chosen: Chosen
) -> SubmissionRecord:
    if not exchange.archive.has(first.sha256):
        raise UsageError(
            f"Исходного файла приёма № {number} в архиве больше нет, заново его не прочесть. "
            "Попросите организацию положить файл ещё раз."
        )
    path = exchange.archive.sound_path(first.sha256)
    arrival = Arrival(
        sha256=first.sha256,
        name=first.name,
        size=first.size,
        modified_ns=round(first.modified * 1e9),
        inode=0,
        folder=first.folder,
        subfolder=first.subfolder,
        path=str(path),
    )
    moment = datetime.fromisoformat(first.moment)
    exchange.keep_grounds()
    ((_, parsed),) = pool.read([(str(number), path, first.name)])
    exchange.plugins.hear_readers(pool.failed_readers)
    if parsed.reason == "file_unreadable" and first.parts:
        raise StorageError(
            f"Файл приёма № {number} сейчас не удалось прочитать. Ответ не записан, повторите."
        )
    (file,) = prepare(exchange, [(arrival, parsed)], moment, chosen).values()
    if isinstance(file, Exception):
        raise file
    scan = Scan(first.scan, moment, earlier=exchange.store.before(number))
    record = decide(exchange, file, scan)
    return replace(record, modified=first.modified)
