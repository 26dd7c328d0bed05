"""A submission just recorded, as the index answers it, without asking the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pipeline.model import ACCEPTED, Notice
from pipeline.store.records import PartRecord, SubmissionRecord
from pipeline.store.rows import PartInfo, QuestionInfo, SubmissionInfo

Value = TypeVar("Value")


def submission_of(number: int, record: SubmissionRecord) -> SubmissionInfo:
    """Return what `Store.submission(number)` answered at the moment *record* was appended.

    Only `PartInfo.live`, which counts the rows in force, is not known here and 0.
    """
    return SubmissionInfo(
        number=number,
        moment=record.moment,
        sha256=record.sha256,
        name=record.name,
        size=record.size,
        modified=record.modified,
        folder=record.folder,
        subfolder=record.subfolder,
        scan=record.scan,
        unit=record.unit,
        outcome=record.outcome,
        reason=record.reason,
        reader=record.reader,
        program=record.program,
        judged_by=record.judged_by,
        parts=tuple(_part(number, i, part, record) for i, part in enumerate(record.parts)),
        notices=record.notices,
        questions=tuple(
            QuestionInfo(
                id=f"{number}.{pos}",
                submission=number,
                kind=question.kind,
                unit=record.unit,
                choices=_by_key(question.choices),
                part=question.part,
                params=_by_key(question.params),
            )
            for pos, question in enumerate(record.questions)
        ),
    )


def _part(number: int, index: int, part: PartRecord, record: SubmissionRecord) -> PartInfo:
    return PartInfo(
        number=number,
        index=index,
        unit=part.unit,
        form=part.form,
        period=part.period,
        stage=part.stage,
        mode=part.mode,
        contract=part.contract,
        outcome=part.outcome,
        proposed=part.proposed,
        outcome_now=part.outcome,
        applied=number if part.outcome in ACCEPTED else None,
        since=number if part.outcome in ACCEPTED else None,
        live=0,
        errors=_count(part.notices, "error"),
        remarks=_count(part.notices, "remark"),
        sheet=part.sheet,
        nil=part.nil,
        unchanged=part.unchanged,
        counts=_by_key(part.counts),
        moment=record.moment,
        modified=record.modified,
        scan=record.scan,
        notices=part.notices,
    )


def _count(notices: tuple[Notice, ...], severity: str) -> int:
    return sum(notice.severity == severity for notice in notices)


def _by_key(words: Mapping[str, Value]) -> dict[str, Value]:
    """In the order in which the index keeps them, which a receipt may show."""
    return dict(sorted(words.items()))
