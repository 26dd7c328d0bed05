"""What the index has seen at all, kept in memory: a new file then asks hardly any question."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from pipeline.store import tables as t
from pipeline.store.in_force import Key

_P = t.part.c


class Known:
    """Bytes that were ever sent, and keys that a part was ever sent for; more is no harm.

    `head` is the hash of the newest fact among them.
    """

    def __init__(self, head: str = "", files: Iterable[str] = (), keys: Iterable[Key] = ()) -> None:
        self.head = head
        self._files = set(files)
        self._stages: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self.add(keys)

    @classmethod
    def load(cls, connection: sa.Connection) -> Known:
        """Read what the index has seen: two questions."""
        position = t.position(connection)
        files = connection.execute(sa.select(t.submission.c.sha256).distinct()).scalars()
        columns = [_P[name] for name in Key._fields]
        keys = map(Key._make, connection.execute(sa.select(*columns).distinct()))
        return cls(position[1] if position else "", files, keys)

    def add(self, keys: Iterable[Key], file: str | None = None) -> None:
        """Remember that parts were sent for *keys*, in a file of these bytes."""
        if file is not None:
            self._files.add(file)
        for unit, form, period, stage in keys:
            stages = self._stages.get((unit, form, period), ())
            if stage not in stages:
                self._stages[unit, form, period] = (*stages, stage)

    def file(self, sha256: str) -> bool:
        """Whether these bytes were ever sent, by whomever."""
        return sha256 in self._files

    def form(self, unit: str, form: str, period: str) -> bool:
        """Whether a part was ever sent for a form, of whatever stage."""
        return (unit, form, period) in self._stages

    def key(self, key: Key) -> bool:
        """Whether a part was ever sent for a key."""
        return key.stage in self._stages.get((key.unit, key.form, key.period), ())
