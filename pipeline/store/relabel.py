"""What answers make of the held parts of a submission, as long as the file is not judged again.

An answer that says no more than «yes» or «no» to what was proposed needs no second look at the
file. Records of former versions answered every question so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.model import ACCEPTED, Outcome
from pipeline.store import tables as t
from pipeline.store.in_force import Key
from pipeline.store.writer import Writer

FILE_LEVEL = -1
_STAGE = "stage_unknown"
_SETTLE = (
    "UPDATE part SET settled = ?, applied = ?, since = ?, unit = ?, stage = ?"
    " WHERE submission = ? AND part = ?"
)


class _Answer(NamedTuple):
    part: int
    kind: str
    choice: str | None
    decided: int | None


def follow_answers(writer: Writer, number: int) -> set[Key]:
    """Let the held parts of a submission follow the answers; return their keys before and after."""
    columns = t.question.c
    chosen = sa.select(columns.part, columns.kind, columns.choice, columns.decided)
    answers = [
        _Answer(*values)
        for values in writer.read().execute(
            chosen.where(columns.submission == number, columns.asked == 1).order_by(columns.pos)
        )
    ]
    held = sa.select(t.part).where(t.part.c.submission == number, t.part.c.outcome == "held")
    touched: set[Key] = set()
    for part in writer.read().execute(held).all():
        own = [answer for answer in answers if answer.part in (FILE_LEVEL, part.part)]
        settled, since = _verdict(part.proposed, own)
        unit, stage = _unit(part.given, own), _stage(part.stage, own)
        applied = number if since is not None else None
        values = (settled, applied, since, unit, stage)
        writer.update(_SETTLE, [(*values, number, part.part)])
        touched.add(Key(part.unit, part.form, part.period, part.stage))
        touched.add(Key(unit, part.form, part.period, stage))
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
    return answer.choice == "accept" or answer.kind in ("unit_conflict", _STAGE)


def _unit(given: str, answers: Sequence[_Answer]) -> str:
    chosen = [a for a in answers if a.kind == "unit_conflict" and a.choice not in (None, "reject")]
    latest = max(chosen, key=lambda a: a.decided or 0, default=None)
    return given if latest is None or latest.choice is None else latest.choice


def _stage(stage: str, answers: Sequence[_Answer]) -> str:
    """A part whose stage is asked has none until it is answered."""
    asked = [answer for answer in answers if answer.kind == _STAGE]
    if not asked:
        return stage
    chosen = [a.choice for a in asked if a.choice not in (None, "reject")]
    return chosen[-1] or "" if chosen else ""
