"""Which parts and rows the tables call in force, worked out from all the facts about a key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipeline.model import ACCEPTED
from pipeline.store import tables as t
from pipeline.store.resolve import NONE, PartFact, PartId, live, resolve
from pipeline.store.writer import Writer

_P, _R = t.part.c, t.part_rows.c


class Key(NamedTuple):
    """What parts replace one another within."""

    unit: str
    form: str
    period: str
    stage: str


# Rows of a part that is not accepted change nothing, so they are not even read.
_COUNTS = _P.settled.in_(ACCEPTED)
_PARTS = (
    sa.select(
        *(_P[name] for name in ("submission", "part", *Key._fields, "mode", "settled", "applied")),
        *(_P[name] for name in ("withdrawn", "unchanged", "outcome_now", "live")),
        _R.statuses,
        sa.case((_COUNTS, _R.sha256)).label("sha256"),
        sa.case((_COUNTS, _R.data)).label("data"),
    )
    .select_from(t.part.outerjoin(t.part_rows))
    .where(_P.unit == sa.bindparam("unit"), _P.period == sa.bindparam("period"))
    .where(_P.form.in_(sa.bindparam("forms", expanding=True)))
    .order_by(*t.part.primary_key)
)


def update_in_force(writer: Writer, keys: Iterable[Key]) -> None:
    """Work out anew which parts and rows of *keys* are in force, and store what changed."""
    wanted = sorted(keys, key=_sender)
    for (unit, period), same in groupby(wanted, key=_sender):
        touched = set(same)
        forms = sorted({key.form for key in touched})
        words = {"unit": unit, "period": period, "forms": forms}
        found: dict[Key, list[Any]] = {}
        for line in writer.read().execute(_PARTS, words):
            key = Key(line.unit, line.form, line.period, line.stage)
            if key in touched:
                found.setdefault(key, []).append(line)
        for lines in found.values():
            _store(writer, lines)


def _sender(key: Key) -> tuple[str, str]:
    return key.unit, key.period


def _store(writer: Writer, lines: list[Any]) -> None:
    resolution = resolve(map(fact_of, lines))
    parts, rows = [], []
    for line in lines:
        name: PartId = (line.submission, line.part)
        before = line.statuses or ""
        statuses = resolution.statuses[name] or NONE * len(before)
        now = (resolution.outcomes[name], live(statuses))
        if now != (line.outcome_now, line.live):
            parts.append((*now, *name))
        if statuses != before:
            rows.append((statuses, *name))
    writer.update(
        "UPDATE part SET outcome_now = ?, live = ? WHERE submission = ? AND part = ?", parts
    )
    writer.update("UPDATE part_rows SET statuses = ? WHERE submission = ? AND part = ?", rows)


def fact_of(line: Any) -> PartFact:
    """Return a part as decided from its line joined with its rows."""
    columns = t.columns(line.sha256, line.data) if line.data is not None else None
    return PartFact(
        (line.submission, line.part),
        line.mode,
        line.settled,
        line.applied,
        unchanged=bool(line.unchanged),
        withdrawn=line.withdrawn is not None,
        keys=columns.keys if columns else (),
        states=columns.states if columns else (),
    )
