"""Which parts and rows the tables call in force, worked out from all the facts about a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.store import tables as t
from pipeline.store.force import PartFact, PartId, RowFact, RowId, Standing, settle


class Key(NamedTuple):
    """What parts replace one another within."""

    unit: str
    form: str
    period: str
    stage: str


_HERE = sa.and_(*(t.part.c[name] == sa.bindparam(name) for name in Key._fields))
_PARTS = sa.select(t.part).where(_HERE)
_ROWS = (
    sa.select(
        *(t.row.c[n] for n in ("submission", "part", "pos", "ident", "state", "fate", "prior"))
    )
    .select_from(t.row.join(t.part))
    .where(_HERE, t.row.c.state != "duplicate")
    .order_by(*t.row.primary_key)
)


def bring_into_force(connection: sa.Connection, keys: Iterable[Key]) -> None:
    """Work out anew which parts and rows of *keys* are in force, and store what changed."""
    for key in sorted(keys):
        facts, stored, outcomes = _facts(connection, key)
        _store(connection, settle(facts), stored, outcomes)


def _facts(
    connection: sa.Connection, key: Key
) -> tuple[list[PartFact], dict[RowId, tuple[str, int]], dict[PartId, tuple[str, int]]]:
    """Read the facts of a key, and what the tables say now by row and by part."""
    rows: dict[PartId, list[RowFact]] = {}
    stored = {}
    for number, index, pos, ident, state, fate, prior in connection.execute(_ROWS, key._asdict()):
        stored[number, index, pos] = (fate, prior)
        fact = RowFact((number, index, pos), ident, state == "accepted")
        rows.setdefault((number, index), []).append(fact)
    facts, outcomes = [], {}
    for line in connection.execute(_PARTS, key._asdict()):
        name = (line.submission, line.part)
        outcomes[name] = (line.outcome_now, line.live)
        facts.append(
            PartFact(
                name,
                line.mode,
                line.settled,
                line.applied,
                unchanged=bool(line.unchanged),
                withdrawn=line.withdrawn is not None,
                rows=tuple(rows.get(name, ())),
            )
        )
    return facts, stored, outcomes


def _store(
    connection: sa.Connection,
    standing: Standing,
    stored: Mapping[RowId, tuple[str, int]],
    outcomes: Mapping[PartId, tuple[str, int]],
) -> None:
    changed = []
    live = dict.fromkeys(outcomes, 0)
    for name, before in stored.items():
        fate, prior = standing.fates.get(name, ("", False))
        live[name[:2]] += fate == "in_force"
        if before != (fate, int(prior)):
            changed.append((fate, int(prior), *name))
    update = "UPDATE data_row SET fate = ?, prior = ? WHERE submission = ? AND part = ? AND pos = ?"
    t.run_many(connection, update, changed)
    parts = [
        (standing.outcomes[name], live[name], *name)
        for name, before in outcomes.items()
        if before != (standing.outcomes[name], live[name])
    ]
    update = "UPDATE part SET outcome_now = ?, live = ? WHERE submission = ? AND part = ?"
    t.run_many(connection, update, parts)
