"""What was in force before a file came, for one that is judged again later.

It is worked out from the parts of earlier files as they stand now, so that a verdict depends on
what came before the file, never on when a person answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pipeline.model import ACCEPTED
from pipeline.store.records import RowColumns
from pipeline.store.resolve import IN_FORCE, KEPT, PartFact, resolve
from pipeline.store.rows import InForcePart, PartInfo


class Sent(NamedTuple):
    """A part that was sent, as decided, and its rows where it has some."""

    info: PartInfo
    fact: PartFact
    rows: RowColumns | None


class Earlier:
    """Answers as `Store` does of what is in force, but as if no later file had come.

    *sent* gives the parts of earlier files for a unit, a form and a period.
    """

    def __init__(self, sent: Callable[[str, str, str], Sequence[Sent]]) -> None:
        self._sent = sent

    def in_force(self, unit: str, form: str, period: str, stage: str = "") -> PartInfo | None:
        """Return the part that counted; the newest of them for a form that adds."""
        parts = [one for one in self._sent(unit, form, period) if one.info.stage == stage]
        outcomes = resolve(one.fact for one in parts).outcomes
        counting = [one.info for one in parts if outcomes[one.fact.id] in ACCEPTED]
        return max(counting, key=lambda part: (part.number, part.index), default=None)

    def parts_in_force(self, period: str, *, form: str, unit: str) -> Iterator[InForcePart]:
        """Yield the parts that had rows in force, by stage and place."""
        sent = self._sent(unit, form, period)
        for stage in sorted({one.info.stage for one in sent}):
            parts = [one for one in sent if one.info.stage == stage]
            statuses = resolve(one.fact for one in parts).statuses
            for info, fact, rows in parts:
                letters = statuses[fact.id]
                found = tuple(i for i, letter in enumerate(letters) if letter in (IN_FORCE, KEPT))
                if rows is not None and found:
                    prior = frozenset(i for i in found if letters[i] == KEPT)
                    place = (info.number, info.index, info.sheet)
                    yield InForcePart(unit, form, period, stage, *place, rows, found, prior)

    def scan_parts(
        self, scan: str, unit: str, form: str, period: str, stage: str = ""
    ) -> list[PartInfo]:
        """Return the parts for one key that the same look into the inbox had brought."""
        sent = (one.info for one in self._sent(unit, form, period))
        return [part for part in sent if (part.scan, part.stage) == (scan, stage)]
