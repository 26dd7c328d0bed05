"""The lines of a protocol as they are shown: sheet by sheet, what repeats told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Line
from pipeline.text import cell_ranges

# Lines of a kind shown for each sheet; how many there are is always said.
PER_SHEET = 500
# One line for a remark that most rows of a column share.
REPEATED = "{what} То же ещё в ячейках ({count}): {cells}."


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one sheet within a section: those that are shown.

    `told` counts the notices that they tell, `total` all notices of the sheet.
    """

    sheet: str | None
    shown: tuple[Line, ...]
    told: int
    total: int


def groups(lines: tuple[Line, ...], per_sheet: int) -> list[Group]:
    """Return lines sheet by sheet, in the order they come, no more than *per_sheet* of each."""
    found: dict[str | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line.sheet, []).append(line)
    return [
        Group(sheet, tuple(own[:per_sheet]), _told(own[:per_sheet]), _told(own))
        for sheet, own in found.items()
    ]


def _told(lines: Iterable[Line]) -> int:
    return sum(line.count for line in lines)


def folded(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines with each remark of a whole column told once, where it first stands."""
    kept: dict[tuple[str | None, str], list[Line]] = {}
    for number, line in enumerate(lines):
        kept.setdefault((line.sheet, line.repeats or f"#{number}"), []).append(line)
    return tuple(_one(same) for same in kept.values())


def _one(same: Sequence[Line]) -> Line:
    first, *others = same
    if not others:
        return first
    cells = cell_ranges(line.cell for line in others if line.cell)
    what = REPEATED.format(what=first.what, count=len(others), cells=cells)
    return replace(first, who="", what=what, count=_told(same))
