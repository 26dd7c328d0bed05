"""From lines of the tables to the answers of `rows`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.model import Notice, place_of
from pipeline.store import tables as t
from pipeline.store.records import NotRun, RowColumns
from pipeline.store.relabel import FILE_LEVEL
from pipeline.store.resolve import IN_FORCE, KEPT, STATUSES
from pipeline.store.rows import InForcePart, PartInfo, QuestionInfo, RowInfo, SubmissionInfo


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
    for inner in ("given", "settled", "accepted"):
        del data[inner]
    return PartInfo(**data)


def rows_of(line: sa.Row[Any]) -> tuple[RowColumns, str]:
    """Return columns and statuses of a part that has rows; one without them has lost them."""
    if line.data is None:
        raise t.BrokenIndexError
    columns = t.columns(line.sha256, line.data)
    if len(columns) != len(line.statuses):
        raise t.BrokenIndexError
    return columns, line.statuses


def rows_or_none(line: sa.Row[Any]) -> RowColumns | None:
    """Return the columns of a part; None where it has no rows."""
    return None if line.data is None else t.columns(line.sha256, line.data)


def in_force(line: sa.Row[Any]) -> InForcePart:
    """Return a part from its line joined with its rows."""
    columns, statuses = rows_of(line)
    return InForcePart(
        unit=line.unit,
        form=line.form,
        period=line.period,
        stage=line.stage,
        submission=line.submission,
        part=line.part,
        sheet=line.sheet,
        columns=columns,
        indices=tuple(i for i, letter in enumerate(statuses) if letter in (IN_FORCE, KEPT)),
        prior=frozenset(i for i, letter in enumerate(statuses) if letter == KEPT),
    )


def row(part: InForcePart, index: int, letter: str) -> RowInfo:
    """Return a row of a part, in force or not, whose status is *letter*."""
    found = part.columns.row(index)
    status, prior = STATUSES[letter]
    sheet, line = place_of(part.sheet, found.line)
    return RowInfo(
        row_id=part.row_id(index),
        unit=part.unit,
        form=part.form,
        period=part.period,
        stage=part.stage,
        submission=part.submission,
        part=part.part,
        sheet=sheet,
        line=line,
        key=found.key,
        state=found.state,
        status=status,
        prior=prior,
        values=found.values,
        raw=found.raw,
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
        asked=bool(line.asked),
        open=waits and bool(line.asked) and line.choice is None,
    )
