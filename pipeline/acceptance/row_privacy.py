"""What the contract says of each row of a part: which of its cells speak of a minor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from contracts.plan import LIST_SEPARATOR, FormPlan
from pipeline.model import PartColumns, Scalar
from pipeline.workspace.plugin_loader import Plugins

_NAMES = ("fio", "fio_list")
# Types whose values are words of the person who typed them, or may carry such words along.
_FREE = ("text", "enum", "multi", "class")

MinorColumns = Callable[[Mapping[str, Any]], frozenset[str]]
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PartPrivacy:
    """A part of a file with what its contract says of each row: which cells speak of a minor.

    `types` are the field types of the plan's columns by name, `naming` the columns that hold names;
    `minors[i]` names the columns of row *i* that speak of a minor.
    """

    part: PartColumns
    plan: FormPlan
    types: Mapping[str, str]
    naming: tuple[str, ...]
    minors: Sequence[frozenset[str]]

    def names(self, index: int) -> list[str]:
        """Return the names of minors in a row."""
        return self._in_row([n for n in self.naming if n in self.minors[index]], index)

    def adults(self, index: int) -> list[str]:
        """Return the names of the grown-ups in a row."""
        return self._in_row([n for n in self.naming if n not in self.minors[index]], index)

    def all_names(self, *, minors: bool) -> set[str]:
        """Return the names of minors, or else of grown-ups, in all rows."""
        cells = {
            value
            for name in self.naming
            for value, kind in zip(self.part.values[name], self.minors, strict=True)
            if value and (name in kind) is minors
        }
        return {name for cell in cells for name in str(cell).split(LIST_SEPARATOR)}

    def _in_row(self, columns: Sequence[str], index: int) -> list[str]:
        cells = [self.part.values[name][index] for name in columns]
        return [name for cell in cells if cell for name in str(cell).split(LIST_SEPARATOR)]

    def is_free(self, column: str) -> bool:
        """Whether anything at all may stand in a cell of this column."""
        return self.types[column] in _FREE


def part_privacy(part: PartColumns, plugins: Plugins) -> PartPrivacy:
    """Ask the contract which cells of a part speak of minors, once for rows that are alike."""
    plan, minor_columns = plugins.plans[part.form], plugins.forms[part.form].about().minor_columns
    types = {column.name: column.type for column in plan.columns}
    naming = tuple(sorted(name for name in part.values if types.get(name) in _NAMES))
    if minor_columns is None:
        return PartPrivacy(part, plan, types, naming, (_NOBODY,) * len(part))
    return PartPrivacy(part, plan, types, naming, _minors(part, minor_columns))


def _minors(part: PartColumns, minor_columns: MinorColumns) -> list[frozenset[str]]:
    """Rows that agree in all that the contract looks at get the same answer."""
    found: list[frozenset[str]] = []
    looked_at: tuple[str, ...] = ()
    while len(found) < len(part):
        known: dict[tuple[Scalar, ...], frozenset[str]] = {}
        start, columns = len(found), [part.values[name] for name in looked_at]
        rows = zip(*columns, strict=True) if columns else [()] * len(part)
        for index, key in enumerate(islice(rows, start, None), start):
            minors = known.get(key)
            if minors is None:
                row = _WatchedRow(part, index, set(looked_at))
                minors = known[key] = minor_columns(row)
                if len(row.looked_at) > len(looked_at):
                    # The answer may hang on more than was compared until now.
                    looked_at = tuple(row.looked_at)
                    found.append(minors)
                    break
            found.append(minors)
    return found


class _WatchedRow(Mapping[str, Any]):
    """Values of a row, and the columns that were asked for."""

    def __init__(self, part: PartColumns, index: int, looked_at: set[str]) -> None:
        self._values, self._index = part.values, index
        self.looked_at = looked_at

    def __getitem__(self, name: str) -> Scalar:
        column = self._values[name]
        self.looked_at.add(name)
        return column[self._index]

    def __iter__(self) -> Iterator[str]:
        self.looked_at.update(self._values)
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
