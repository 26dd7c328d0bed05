"""Which parts and rows are in force for one key (unit, form, period, stage).

A pure function of the facts about the key, so that taking a fact back (a decision revoked, a
part withdrawn) gives exactly what was there before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from contracts.plan import Mode
from pipeline.model import Outcome

ACCEPTED: tuple[Outcome, ...] = ("accepted", "accepted_with_remarks", "accepted_partly")

# What became of an accepted row; "" for rows that never counted.
Fate = Literal["", "in_force", "superseded", "absent", "withdrawn"]
PartId = tuple[int, int]
RowId = tuple[int, int, int]


class RowFact(NamedTuple):
    """A row that was accepted or rejected, and the identity it has within its unit and form."""

    id: RowId
    key: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class PartFact:
    """A part as decided: `outcome` before supersession, `applied` the fact that accepted it."""

    id: PartId
    mode: Mode
    outcome: Outcome
    applied: int | None = None
    unchanged: bool = False
    withdrawn: bool = False
    rows: tuple[RowFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer: the outcome of each part now, and (fate, kept from an earlier part) by row."""

    outcomes: dict[PartId, Outcome] = field(default_factory=dict)
    fates: dict[RowId, tuple[Fate, bool]] = field(default_factory=dict)


class _Version(NamedTuple):
    rows: list[RowId]
    prior: bool


_Live = dict[str | RowId, _Version]


def settle(parts: Iterable[PartFact]) -> Standing:
    """Return what is in force when *parts* are put on one another in the order they applied."""
    standing = Standing()
    applied = []
    for part in parts:
        standing.outcomes[part.id] = "withdrawn" if part.withdrawn else part.outcome
        if part.outcome in ACCEPTED and part.withdrawn:
            _mark(standing, _accepted(part).values(), "withdrawn")
        elif part.outcome in ACCEPTED:
            applied.append(part)
    live: _Live = {}
    before: list[PartId] = []
    for part in sorted(applied, key=lambda p: (p.applied or 0, p.id)):
        if part.mode == "snapshot":
            standing.outcomes.update(dict.fromkeys(before, "superseded"))
            before.clear()
        before.append(part.id)
        if not part.unchanged:
            live = _put(live, part, standing)
    for version in live.values():
        _mark(standing, [version.rows], "in_force", prior=version.prior)
    return standing


def _put(live: _Live, part: PartFact, standing: Standing) -> _Live:
    accepted = _accepted(part)
    rejected = {row.key for row in part.rows if row.key and not row.accepted}
    result: _Live = {}
    for key, version in live.items():
        if key in accepted:
            _mark(standing, [version.rows], "superseded")
        elif key in rejected:
            result[key] = _Version(version.rows, prior=True)
        elif part.mode == "append":
            result[key] = version
        else:
            _mark(standing, [version.rows], "absent")
    result.update({key: _Version(rows, prior=False) for key, rows in accepted.items()})
    return result


def _accepted(part: PartFact) -> dict[str | RowId, list[RowId]]:
    """Accepted rows by identity; a row without one is only itself."""
    rows: dict[str | RowId, list[RowId]] = {}
    for row in part.rows:
        if row.accepted:
            rows.setdefault(row.key or row.id, []).append(row.id)
    return rows


def _mark(
    standing: Standing, rows: Iterable[list[RowId]], fate: Fate, *, prior: bool = False
) -> None:
    for some in rows:
        standing.fates.update(dict.fromkeys(some, (fate, prior)))
