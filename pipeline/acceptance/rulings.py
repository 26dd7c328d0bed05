"""What a person decides: an answer to a question, a form taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.acceptance.children import workers
from pipeline.acceptance.questions import choice_of
from pipeline.acceptance.replay import counts, judge_again, places, replays
from pipeline.answers.again import Anew, answer_anew, answering_anew
from pipeline.answers.hand_over import Answered, handing_over
from pipeline.answers.write import write_supplement
from pipeline.errors import UsageError
from pipeline.reading.pool import Workers
from pipeline.store.records import (
    DecisionRecord,
    RejudgedRecord,
    SubmissionRecord,
    WithdrawalRecord,
)
from pipeline.store.rows import PartInfo, QuestionInfo
from pipeline.workspace.exchange import Exchange

Data = dict[str, Any]


def answer(
    exchange: Exchange, now: datetime, *, question: str, choice: str | None, who: str, note: str
) -> Data:
    """Record the answer to a question (None takes it back), and tell whom it concerns.

    *choice* is the answer in words, or its number or key. Where the answer changes what the file
    is judged by, the file is judged again, and both are recorded together.
    """
    known = exchange.store.question(question)
    if known is None:
        raise UsageError(f"Вопроса «{question}» нет. Список: nastavnik questions.")
    if choice is None and known.choice is None:
        raise UsageError(f"На вопрос {question} ещё не отвечали, отзывать нечего.")
    key = None if choice is None else choice_of(known.choices, choice)
    if choice is not None and key is None:
        words = "; ".join(f"«{text}»" for text in known.choices.values())
        raise UsageError(f"Ответ – один из: {words}.")
    moment = now.isoformat(timespec="seconds")
    decision = DecisionRecord(question, key, who, moment, note)
    if replays(known):
        with workers(exchange.plugins, exchange.settings, now) as pool:
            fact = _answer_again(exchange, pool, known, decision)
    else:
        with handing_over(exchange, [Answered(known.unit)]):
            fact = exchange.store.append(decision, moment)
            write_supplement(exchange, known.submission, fact)
    submission = exchange.store.submission(known.submission)
    assert submission is not None
    unit = exchange.registry.units.get(submission.unit or "")
    return {
        "question": question,
        "choice": key,
        "fact": fact,
        "unit": submission.unit,
        "name": unit.short_name if unit else "",
        "outcome_now": submission.outcome_now,
    }


def _answer_again(
    exchange: Exchange, pool: Workers, known: QuestionInfo, decision: DecisionRecord
) -> int:
    """Record an answer and the verdict that follows from it, in one go; answer the units anew."""
    store, number, moment = exchange.store, known.submission, decision.moment
    before = store.submission(number)
    assert before is not None
    mine = replace(known, choice=decision.choice, decided=store.next_number())
    all_ = [mine if one.id == known.id else one for one in before.questions]
    answered = [one for one in all_ if counts(one)]
    ids = tuple(one.decided for one in answered if one.decided is not None)
    verdict = _verdict(exchange, pool, number, answered, ids, decision.note)
    after = verdict.unit if verdict else before.unit
    anew = Anew(number, store.next_number(), tuple(dict.fromkeys((before.unit, after))))
    with answering_anew(exchange, anew):
        with store.batch() as batch:
            fact = batch.append(decision, moment)
            if verdict is not None:
                first = not answered
                asked = (
                    range(len(verdict.questions)) if first else places(before, verdict.questions)
                )
                record = RejudgedRecord(number, ids, moment, verdict, tuple(asked))
                batch.append(record, moment)
        answer_anew(exchange, pool, anew)
    if verdict is not None:
        exchange.plugins.emit(
            "submission_decided", number=number, unit=verdict.unit or "", outcome=verdict.outcome
        )
    return fact


def _verdict(
    exchange: Exchange,
    pool: Workers,
    number: int,
    answered: Sequence[QuestionInfo],
    ids: tuple[int, ...],
    note: str,
) -> SubmissionRecord | None:
    """Return the verdict by *answered*; None where the one in force is by just these answers.

    What was recorded for them before, and taken out of force by another answer, is in force again.
    """
    if set(ids) == set(exchange.store.answers_judged_by(number)):
        return None
    known = exchange.store.verdict_by(number, ids) if ids else None
    return known or judge_again(exchange, pool, number, answered, note)


def withdraw(exchange: Exchange, now: datetime, *, place: str, who: str, reason: str) -> int:
    """Record that a part «<submission>.<index>» no longer counts, and tell its unit why.

    Return the fact's number.
    """
    part = _part(exchange, place)
    moment = now.isoformat(timespec="seconds")
    return _took(exchange, WithdrawalRecord(part.number, part.index, who, moment, reason))


def restore(exchange: Exchange, now: datetime, *, place: str, who: str, reason: str) -> int:
    """Record that a withdrawn part counts again, and tell its unit; return the fact's number."""
    part = _part(exchange, place)
    if part.withdrawn is None:
        raise UsageError(f"Форма «{place}» не отозвана, возвращать нечего.")
    moment = now.isoformat(timespec="seconds")
    place_ = (part.number, part.index)
    return _took(exchange, WithdrawalRecord(*place_, who, moment, reason, part.withdrawn))


def _part(exchange: Exchange, place: str) -> PartInfo:
    number, _, index = place.partition(".")
    if not (number.isdecimal() and index.isdecimal()):
        raise UsageError("Укажите форму в файле как «17.0»: номер приёма и номер формы в нём.")
    submission = exchange.store.submission(int(number))
    if submission is None or int(index) >= len(submission.parts):
        raise UsageError(f"Формы «{place}» нет.")
    return submission.parts[int(index)]


def _took(exchange: Exchange, record: WithdrawalRecord) -> int:
    submission = exchange.store.submission(record.submission)
    with handing_over(exchange, [Answered(submission.unit if submission else None)]):
        fact = exchange.store.append(record, record.moment)
        write_supplement(exchange, record.submission, fact)
    return fact
