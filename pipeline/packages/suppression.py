"""How many pupils there are, so that no few of them can be told apart: small numbers are hidden.

A number of one or two is «<3». Where a shown total would give a hidden number away, the smallest
shown number is hidden too, and in the end the total. A number that changed by one or two since the
last package stays as it was told then: the difference would speak of those few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

THRESHOLD = 3
FEW, HIDDEN = f"<{THRESHOLD}", "скрыто"
# Whose line holds the sum over all units.
TOTAL = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """What is told of one column: by unit, with the total."""

    cells: dict[str, str]
    total: str


def suppressed(counts: Mapping[str, int], before: Mapping[str, str]) -> dict[str, str]:
    """Return what may be told of *counts* by unit, with the sum under `TOTAL`.

    *before* is what the last package told, in the same way.
    """
    cells = {unit: _told(count, before.get(unit, "")) for unit, count in counts.items()}
    line = _Line(cells, _told(sum(counts.values()), before.get(TOTAL, "")))
    while not _safe(line):
        shown = [unit for unit, told in line.cells.items() if told.isdigit() and told != "0"]
        if shown:
            smallest = min(shown, key=lambda unit: (int(line.cells[unit]), unit))
            line.cells[smallest] = HIDDEN
        else:
            line = _Line(line.cells, HIDDEN)
    return {**line.cells, TOTAL: line.total}


def _told(count: int, before: str) -> str:
    if before.isdigit() and int(before) >= THRESHOLD and 0 < abs(count - int(before)) < THRESHOLD:
        return before
    return FEW if 0 < count < THRESHOLD else str(count)


def _safe(line: _Line) -> bool:
    """Whether each hidden number may be at least two, for whoever subtracts and knows the rules."""
    told = list(line.cells.values())
    few, hidden = told.count(FEW), told.count(HIDDEN)
    if not line.total.isdigit() or not few + hidden:
        return True
    rest = int(line.total) - sum(int(one) for one in told if one.isdigit())
    least, most = few + THRESHOLD * hidden, (THRESHOLD - 1) * few
    if hidden:
        # A single hidden number beside none that is few is the rest itself, and at least three.
        return rest > least
    return least < rest < most
