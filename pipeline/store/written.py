"""Records as bytes: what is stored in the archive and hashed, and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.canonical import canonical, canonical_with, fields_of
from pipeline.model import Notice
from pipeline.store.records import (
    KINDS,
    NotRun,
    PartRecord,
    QuestionRecord,
    Record,
    RejudgedRecord,
    RowColumns,
    SubmissionRecord,
    WithdrawalRecord,
    kind_of,
)


def rows_of(record: Record) -> list[bytes]:
    """Return the rows of each part as they are stored: within the record, and in the index."""
    judged = verdict_of(record)
    return [part.rows.to_bytes() for part in judged.parts] if judged else []


def verdict_of(record: Record) -> SubmissionRecord | None:
    """Return the verdict about a file that a record holds, if it holds one."""
    if isinstance(record, RejudgedRecord):
        return record.verdict
    return record if isinstance(record, SubmissionRecord) else None


def to_bytes(record: Record, rows: Sequence[bytes] | None = None) -> bytes:
    """Return a record as the canonical bytes that are stored and hashed.

    *rows* are those of `rows_of`, where they are made already.
    """
    fields = {"kind": kind_of(record), **fields_of(record)}
    if isinstance(record, RejudgedRecord):
        verdict = to_bytes(record.verdict, rows)
        return canonical_with(_but(fields, "verdict"), "verdict", verdict)
    if isinstance(record, WithdrawalRecord) and record.revokes is None:
        return canonical(_but(fields, "revokes"))
    if not isinstance(record, SubmissionRecord):
        return canonical(fields)
    written = zip(record.parts, rows_of(record) if rows is None else rows, strict=True)
    parts = [canonical_with(_said(part), "rows", own) for part, own in written]
    return canonical_with(_but(fields, "parts"), "parts", b"[" + b",".join(parts) + b"]")


def _said(part: PartRecord) -> dict[str, Any]:
    """Fields beside the rows; where all rules ran, the text is that of former versions."""
    return _but(fields_of(part), "rows" if part.not_run else "rows not_run")


def _but(fields: Mapping[str, Any], names: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in names.split()}


def from_bytes(data: bytes) -> Record:
    """Rebuild a record from its stored bytes."""
    return _record(json.loads(data))


def _record(stored: dict[str, Any]) -> Record:
    kind = stored.pop("kind")
    if kind == "submission":
        stored["parts"] = tuple(_part(part) for part in stored["parts"])
        stored["notices"] = _notices(stored["notices"])
        stored["questions"] = tuple(QuestionRecord(**q) for q in stored["questions"])
    if "upto" in stored:
        stored["ledger_seq"] = stored.pop("upto")
    if kind == "extension":
        stored["units"] = tuple(stored["units"])
    if kind == "rejudged":
        for name in ("answers", "places"):
            stored[name] = tuple(stored[name])
        stored["verdict"] = _record(stored["verdict"])
    return KINDS[kind](**stored)


def _part(data: dict[str, Any]) -> PartRecord:
    rows = RowColumns.from_plain(data["rows"])
    more = {"not_run": tuple(NotRun(**one) for one in data.get("not_run", ()))}
    return PartRecord(**{**data, "rows": rows, "notices": _notices(data["notices"]), **more})


def _notices(data: list[dict[str, Any]]) -> tuple[Notice, ...]:
    return tuple(Notice(**notice) for notice in data)
