"""What passes between the cleaner of a column and the readers of the single types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts.plan import Column, Vocabulary
from pipeline.model import CellValue, Scalar, Severity


@dataclass(frozen=True, slots=True)
class CellNote:
    """A notice to be: `severity` and `value` stand where they differ from the usual ones."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CellInput:
    """A cell and all that a reader may need to understand it.

    `text` is the cell with clean characters, `shown` what its user saw, `mended` whether the
    characters needed mending.
    """

    cell: CellValue = field(repr=False)
    text: str = field(repr=False)
    shown: str = field(repr=False)
    mended: bool
    column: Column
    vocabulary: Vocabulary | None
    today: date
    area_code: str

    @property
    def number(self) -> float | None:
        """The cell as a number, if it is a number cell."""
        if isinstance(self.cell, int | float) and not isinstance(self.cell, bool):
            return self.cell
        return None


@dataclass(frozen=True, slots=True)
class CellResult:
    """What a reader made of a cell.

    `leftover` are pieces of the cell that are not of the column's type, each with the note to give
    if no other column takes it.
    """

    value: Scalar = field(default=None, repr=False)
    notes: tuple[CellNote, ...] = ()
    failed: bool = False
    leftover: tuple[tuple[str, CellNote], ...] = field(default=(), repr=False)


BLANK = CellResult()


def fail(code: str, **params: str) -> CellResult:
    """Return the reading of a cell that could not be understood."""
    return CellResult(notes=(CellNote(code, params),), failed=True)


def leftover_note(piece: str) -> CellNote:
    """Return the note for a piece of a cell that nothing was made of."""
    return CellNote("value_leftover", {"left": piece})
