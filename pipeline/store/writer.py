"""What waits to be written to the index: many facts' lines become one statement a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.store import tables as t

_INT, _BIG = 1 << 31, 1 << 63


class Writer:
    """Lines and changes that reach the tables at `flush`, or before the first question."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._lines: dict[str, list[tuple[Any, ...]]] = {}
        self._updates: dict[str, list[tuple[Any, ...]]] = {}

    def insert(self, table: sa.Table, lines: Sequence[tuple[Any, ...]]) -> None:
        """Add lines whose values stand in the order of the table's columns.

        Raises:
            ValueError: one of the two databases could not keep a value.
        """
        columns, fits = table.columns, _FITS[table.name]
        for line in lines:
            for column, fit, value in zip(columns, fits, line, strict=True):
                if not (column.nullable if value is None else fit(value)):
                    raise ValueError(f"{table.name}.{column.name} cannot keep such a value")
        self._lines.setdefault(table.name, []).extend(lines)

    def update(self, statement: str, lines: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement written with «?» for each line, after all lines are there.

        Each statement sets columns of its own, so that their order does not matter.
        """
        if lines:
            self._updates.setdefault(statement, []).extend(lines)

    def read(self) -> sa.Connection:
        """Return the connection, in which all that was added can be seen."""
        self.flush()
        return self._connection

    def flush(self) -> None:
        """Write all that waits: a statement for each table, then the changes."""
        lines, self._lines = self._lines, {}
        updates, self._updates = self._updates, {}
        for table in t.metadata.sorted_tables:
            t.insert(self._connection, table, lines.get(table.name, ()))
        for statement, values in updates.items():
            t.run_many(self._connection, statement, values)

    def mark(self) -> dict[str, int]:
        """Return how much waits now, for `forget`."""
        return {name: len(lines) for name, lines in self._lines.items()}

    def forget(self, mark: dict[str, int]) -> None:
        """Let go of the lines that were added since *mark*; changes are not among them."""
        for name, lines in self._lines.items():
            del lines[mark.get(name, 0) :]

    def clear(self) -> None:
        """Let go of all that waits."""
        self._lines, self._updates = {}, {}


def _text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _within(bound: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and -bound <= value < bound


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": _text,
    "int": _within(_INT),
    "big": _within(_BIG),
    "real": lambda value: isinstance(value, float),
    "blob": lambda value: isinstance(value, bytes),
}
_FITS = {
    table.name: [_KINDS[column.info["kind"]] for column in table.columns]
    for table in t.metadata.sorted_tables
}
