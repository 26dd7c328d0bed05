"""From lines of the tables to the answers of `infos`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.model import Notice
from pipeline.store.apply import FILE_LEVEL
from pipeline.store.records import NotRun
from pipeline.store.rows import PartInfo, QuestionInfo, RowInfo, SubmissionInfo


def row_place(row_id: str) -> tuple[int, int, int]:
    """Split `<submission>.<part>.<row>` into its numbers; ValueError for anything else."""
    number, part, pos = row_id.split(".")
    return int(number), int(part), int(pos)


def part(line: sa.Row[Any]) -> PartInfo:
    """Return a part from its line joined with its submission's moment, modified and scan."""
    data = dict(line._mapping)  # the documented name of a row's mapping
    data["number"], data["index"] = data.pop("submission"), data.pop("part")
    data["nil"], data["unchanged"] = bool(data["nil"]), bool(data["unchanged"])
    data["counts"] = json.loads(data["counts"])
    data["not_run"] = tuple(NotRun(**one) for one in json.loads(data["not_run"]))
    for inner in ("given", "settled", "withdrawn", "accepted"):
        del data[inner]
    return PartInfo(**data)


def row(line: sa.Row[Any]) -> RowInfo:
    """Return a row from its line joined with its part's unit, form, period, stage and sheet."""
    return RowInfo(
        row_id=f"{line.submission}.{line.part}.{line.pos}",
        unit=line.unit,
        form=line.form,
        period=line.period,
        stage=line.stage,
        submission=line.submission,
        part=line.part,
        sheet=line.sheet,
        line=line.line,
        key=line.ident,
        state=line.state,
        fate=line.fate,
        prior=bool(line.prior),
        values=json.loads(line.data),
        raw=json.loads(line.raw),
    )


def notice(line: sa.Row[Any]) -> Notice:
    """Return a notice as it was recorded."""
    return Notice(
        code=line.code,
        severity=line.severity,
        form=line.form,
        sheet=line.sheet,
        row=line.line,
        column=line.field,
        cell=line.cell,
        value=line.value,
        params=json.loads(line.params),
        who=line.who,
    )


def submission(
    line: sa.Row[Any], parts: Sequence[PartInfo], asked: Sequence[sa.Row[Any]]
) -> SubmissionInfo:
    """Return a submission from its line, its parts, and the lines of its questions."""
    data = dict(line._mapping)  # the documented name of a row's mapping
    data["judged_by"] = json.loads(data["judged_by"])
    questions = tuple(_question(one, line.unit, parts) for one in asked)
    return SubmissionInfo(**data, parts=tuple(parts), questions=questions)


def _question(line: sa.Row[Any], unit: str | None, parts: Sequence[PartInfo]) -> QuestionInfo:
    concerned = [part for part in parts if line.part in (FILE_LEVEL, part.index)]
    waits = not parts or any(part.outcome_now == "held" for part in concerned)
    return QuestionInfo(
        id=f"{line.submission}.{line.pos}",
        submission=line.submission,
        kind=line.kind,
        unit=unit,
        choices=json.loads(line.choices),
        part=None if line.part == FILE_LEVEL else line.part,
        params=json.loads(line.params),
        choice=line.choice,
        decided=line.decided,
        open=waits and line.choice is None,
    )
