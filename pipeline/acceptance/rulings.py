"""What a person decides: an answer to a question, a form taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline.answers.hand_over import hand_over
from pipeline.answers.write import write_supplement
from pipeline.errors import UsageError
from pipeline.store.records import DecisionRecord, WithdrawalRecord
from pipeline.workspace.exchange import Exchange

Data = dict[str, Any]


def decide(
    exchange: Exchange, now: datetime, *, question: str, choice: str | None, who: str, note: str
) -> int:
    """Record the answer to a question (None takes it back); return the number of the fact."""
    known = exchange.store.question(question)
    if known is None:
        raise UsageError(f"Вопроса «{question}» нет. Список: nastavnik questions.")
    if choice is not None and choice not in known.choices:
        raise UsageError(f"Ответ – один из: {', '.join(known.choices)}.")
    moment = now.isoformat(timespec="seconds")
    return exchange.store.append(DecisionRecord(question, choice, who, moment, note), moment)


def answer(
    exchange: Exchange, now: datetime, *, question: str, choice: str | None, who: str, note: str
) -> Data:
    """Record the answer to a question, and give the unit a supplement to its receipt."""
    fact = decide(exchange, now, question=question, choice=choice, who=who, note=note)
    number = int(question.partition(".")[0])
    write_supplement(exchange, number, fact)
    submission = exchange.store.submission(number)
    if submission is not None:
        hand_over(exchange, [submission.unit])
    return {
        "question": question,
        "choice": choice,
        "fact": fact,
        "outcome_now": submission.outcome_now if submission else None,
    }


def withdraw(exchange: Exchange, now: datetime, *, place: str, who: str, reason: str) -> int:
    """Record that a part «<submission>.<index>» no longer counts, and tell its unit.

    Return the fact's number.
    """
    number, _, index = place.partition(".")
    if not (number.isdigit() and index.isdigit()):
        raise UsageError("Укажите форму в файле как «17.0»: номер приёма и номер формы в нём.")
    submission = exchange.store.submission(int(number))
    if submission is None or int(index) >= len(submission.parts):
        raise UsageError(f"Формы «{place}» нет.")
    moment = now.isoformat(timespec="seconds")
    record = WithdrawalRecord(int(number), int(index), who, moment, reason)
    fact = exchange.store.append(record, moment)
    write_supplement(exchange, int(number), fact)
    hand_over(exchange, [submission.unit])
    return fact
