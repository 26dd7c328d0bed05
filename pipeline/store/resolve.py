"""Which parts and rows are in force for one key (unit, form, period, stage).

A pure function of the facts about the key, so that taking a fact back (a decision revoked, a
part withdrawn) gives exactly what was there before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from contracts.plan import Mode
from pipeline.model import ACCEPTED, Outcome
from pipeline.store.records import RowState

# What became of an accepted row; "" for rows that never counted.
RowStatus = Literal["", "in_force", "superseded", "absent", "withdrawn"]
PartId = tuple[int, int]

# The statuses of a part are one text, a letter a row; a row kept from before has its own.
NONE, IN_FORCE, KEPT, SUPERSEDED, ABSENT, WITHDRAWN = ".ikxaw"
STATUSES: dict[str, tuple[RowStatus, bool]] = {
    NONE: ("", False),
    IN_FORCE: ("in_force", False),
    KEPT: ("in_force", True),
    SUPERSEDED: ("superseded", False),
    ABSENT: ("absent", False),
    WITHDRAWN: ("withdrawn", False),
}


@dataclass(frozen=True, slots=True)
class PartFact:
    """A part as decided: `outcome` before supersession, `applied` the fact that accepted it.

    `keys` and `states` are those of its rows; they matter for an accepted part only.
    """

    id: PartId
    mode: Mode
    outcome: Outcome
    applied: int | None = None
    unchanged: bool = False
    withdrawn: bool = False
    keys: Sequence[str] = ()
    states: Sequence[RowState] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer: the outcome of each part now, and the status of each of its rows."""

    outcomes: dict[PartId, Outcome] = field(default_factory=dict)
    statuses: dict[PartId, str] = field(default_factory=dict)


class _Version(NamedTuple):
    rows: list[tuple[PartId, int]]
    prior: bool


# By key; a row without one is only itself.
_Live = dict[str | tuple[PartId, int], _Version]


def live(statuses: str) -> int:
    """Return how many rows are in force."""
    return statuses.count(IN_FORCE) + statuses.count(KEPT)


def resolve(parts: Iterable[PartFact]) -> Resolution:
    """Return what is in force when *parts* are put on one another in the order they applied."""
    outcomes: dict[PartId, Outcome] = {}
    marks: dict[PartId, list[str]] = {}
    applied = []
    for part in parts:
        outcomes[part.id] = "withdrawn" if part.withdrawn else part.outcome
        marks[part.id] = [NONE] * len(part.keys)
        if part.outcome in ACCEPTED and part.withdrawn:
            marks[part.id] = [WITHDRAWN if s == "accepted" else NONE for s in part.states]
        elif part.outcome in ACCEPTED:
            applied.append(part)
    live: _Live = {}
    before: list[PartId] = []
    for part in sorted(applied, key=lambda p: (p.applied or 0, p.id)):
        if part.mode == "snapshot":
            outcomes.update(dict.fromkeys(before, "superseded"))
            before.clear()
        before.append(part.id)
        if not part.unchanged:
            live = _put(live, part, marks)
    for version in live.values():
        _mark(marks, version, KEPT if version.prior else IN_FORCE)
    return Resolution(outcomes, {name: "".join(letters) for name, letters in marks.items()})


def _put(live: _Live, part: PartFact, marks: dict[PartId, list[str]]) -> _Live:
    result: _Live = {}
    for index, (key, state) in enumerate(zip(part.keys, part.states, strict=True)):
        if state == "accepted":
            row = (part.id, index)
            result.setdefault(key or row, _Version([], prior=False)).rows.append(row)
    rejected = {k for k, s in zip(part.keys, part.states, strict=True) if k and s == "rejected"}
    for name, version in live.items():
        if name in result:
            _mark(marks, version, SUPERSEDED)
        elif name in rejected:
            result[name] = _Version(version.rows, prior=True)
        elif part.mode == "append":
            result[name] = version
        else:
            _mark(marks, version, ABSENT)
    return result


def _mark(marks: dict[PartId, list[str]], version: _Version, letter: str) -> None:
    for part, index in version.rows:
        marks[part][index] = letter
