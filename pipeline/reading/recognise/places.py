"""Where the cells of rows stand, also of those that are not under the letter of their column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.reading.recognise.cells import CellColumn
from pipeline.reading.recognise.grid import Grid
from pipeline.text import a1, column_letters


class Places:
    """The addresses of the cells of a block; most stand under the letter of their column."""

    def __init__(self, grid: Grid, lines: Sequence[int], cells: Mapping[str, CellColumn]) -> None:
        self._lines = lines
        left = grid.sheet.first_column
        self._letters = {name: column_letters(c.column + left) for name, c in cells.items()}
        self._elsewhere = {
            name: {i: a1(*grid.excel(*place)) for i, place in c.places.items()}
            for name, c in cells.items()
            if c.places
        }

    def copy(self, index: int, name: str, to: str) -> None:
        """Say that the cell of *name* holds the value of column *to* as well."""
        here = self._elsewhere.get(name, {}).get(index) or self._usual(index, name)
        self._elsewhere.setdefault(to, {})[index] = here

    def addresses(self) -> tuple[dict[str, str], dict[str, dict[int, str]]]:
        """Return the letters of columns, and the addresses of cells that stand elsewhere."""
        letters, moved = dict(self._letters), {}
        for name, elsewhere in self._elsewhere.items():
            here = [elsewhere.get(i) or self._usual(i, name) for i in range(len(self._lines))]
            letter = next(address for address in here if address).rstrip("0123456789")
            letters[name] = letter
            odd = {
                i: address
                for i, (address, line) in enumerate(zip(here, self._lines, strict=True))
                if address != f"{letter}{line}"
            }
            if odd:
                moved[name] = odd
        ordered = {name: moved[name] for name in letters if name in moved}
        return letters, by_first(ordered)

    def _usual(self, index: int, name: str) -> str:
        return f"{self._letters[name]}{self._lines[index]}" if name in self._letters else ""


def by_first(sparse: dict[str, dict[int, str]]) -> dict[str, dict[int, str]]:
    """Return the columns in the order in which a reader of the rows meets them."""
    return dict(sorted(sparse.items(), key=lambda item: next(iter(item[1]))))
