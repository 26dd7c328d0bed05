"""Tables on a sheet, found by what their headers say, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.plan import FormPlan
from pipeline.reading.recognise.grid import Grid
from pipeline.reading.recognise.headers import (
    DEEPEST,
    Columns,
    Head,
    heads_of,
    map_heads,
    most_hits,
)
from pipeline.reading.recognise.words import Wording
from pipeline.text import header_key

# A sheet that names more headers than this is no form; looking at each costs time.
_MOST_LOOKS = 60
_FIRST_ROWS = 40
# Forms whose scores differ less are told apart by a person.
_MARGIN = 0.75
# A header of more rows must be better by more than rounding.
_BETTER = 0.2
# Headers that are sure, so that a row below a table may pass for another header.
_SURE_BELOW = 3
_TITLE, _SHEET_NAME = 3.0, 2.0
_NAME_PARTS = ("фамилия", "имя", "отчество")
_JUNK = re.compile(r"[\W\d_]+")
_FOLD = str.maketrans("ёabcehkmoptxy", "еавсенкмортху")
# No header is a telephone, a day or an address of mail.
_ANSWER = re.compile(r"\+?\d[\d\s()-]{8,}|\d\d\.\d\d\.\d{4}$|\S+@\S+$")
_START = 16
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form: where its header, columns and rows are; bounds count from 0, inclusive.

    `rival` is another form that the header fits as well; `titles` are the lines above.
    """

    words: Wording
    columns: Columns
    heads: tuple[Head, ...]
    header: tuple[int, int]
    left: int
    right: int
    last: int
    titles: tuple[str, ...] = ()
    rival: FormPlan | None = None

    @property
    def plan(self) -> FormPlan:
        """The form."""
        return self.words.plan


class Lookout:
    """Says at little cost which rows may be headers: most rows of a large sheet are data."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        keys = [label.key for words in wordings for label in words.labels]
        squeezed = {_squeeze(key) for key in (*keys, *_NAME_PARTS)}
        self._known = squeezed - {""}
        self._starts = {key[:_START] for key in squeezed if len(key) >= _START}
        self._hit = lru_cache(maxsize=_REMEMBERED)(self._is_hit)

    def like_header(self, grid: Grid, row: int) -> bool:
        """Whether two cells of the row look like headers of some form."""
        found = 0
        for column in grid.filled[row]:
            found += self._hit(grid.texts[row][column])
            if found > 1:
                return True
        return False

    def _is_hit(self, text: str) -> bool:
        key = _squeeze(text[:200])
        return key in self._known or key[:_START] in self._starts


def _squeeze(text: str) -> str:
    return _JUNK.sub("", text.lower()).translate(_FOLD)


def find_tables(grid: Grid, wordings: Sequence[Wording], lookout: Lookout) -> list[Table]:
    """Return the tables of a sheet from the top; unsure ones only where no sure one is found."""
    likely = [row for row in range(grid.height) if lookout.like_header(grid, row)]
    found = _walk(grid, wordings, likely)
    if not found:
        rows = range(min(_FIRST_ROWS, grid.height))
        found = _walk(grid, wordings, [row for row in rows if len(grid.filled[row]) > 2])
    return found


def _walk(grid: Grid, wordings: Sequence[Wording], likely: Sequence[int]) -> list[Table]:
    found: list[Table] = []
    known: set[tuple[str, ...]] = set()
    floor, looks = 0, 0
    for row in likely:
        if row < floor or tuple(grid.texts[row]) in known or looks >= _MOST_LOOKS:
            continue
        looks += 1
        tables = _at(grid, wordings, row, floor)
        if not tables:
            continue
        first, last = tables[0].header
        end = title_start(grid, first, floor) - 1
        found = [replace(old, last=min(old.last, end)) for old in found] + tables
        known |= {tuple(grid.texts[i]) for i in range(first, last + 1)}
        floor = last + 1
    return found


def _at(grid: Grid, wordings: Sequence[Wording], row: int, floor: int) -> list[Table]:
    """Return the table whose header holds *row*, or several that stand side by side."""
    best: Table | None = None
    for first, last in _extents(grid, row, floor):
        table = _best(grid, wordings, (first, last), floor, None)
        if table and (best is None or table.columns.score > best.columns.score + _BETTER):
            best = table
    if best is None:
        return []
    apart = [
        _best(grid, wordings, best.header, floor, (left, right)) for left, right in _runs(best)
    ]
    sure = [table for table in apart if table and table.columns.hits > 2]
    together = sum(table.columns.score for table in sure)
    side_by_side = len(sure) > 1 and together > best.columns.score + 1
    return sure if side_by_side else [best]


def _extents(grid: Grid, row: int, floor: int) -> list[tuple[int, int]]:
    """Return first and last rows that a header around *row* may have, the smallest first."""
    spans = [
        (first, last)
        for first in range(max(floor, row - DEEPEST + 1), row + 1)
        for last in range(row, min(row + DEEPEST, grid.height))
        if last - first < DEEPEST
        and all(_may_be_header(grid, i, row) for i in range(first, last + 1))
    ]
    whole = [span for span in spans if not _cuts_merged(grid, *span)]
    return sorted(whole or spans, key=lambda span: (span[1] - span[0], row - span[0]))


def _may_be_header(grid: Grid, row: int, sure: int) -> bool:
    filled = grid.filled[row]
    if row == sure:
        return True
    words = sum(isinstance(grid.sheet.rows[row][column], str) for column in filled)
    if words * 2 <= len(filled) or any(_ANSWER.match(grid.texts[row][j]) for j in filled):
        return False
    if is_numbering(grid, row, 0, len(grid.texts[row])):
        return False
    # A lone text above is a title, unless it is a group merged over a part of the table.
    wide = max(grid.filled[sure]) - min(grid.filled[sure]) + 1
    lone = len(filled) == 1
    return not lone or 1 < _merged_width(grid, row, filled[0]) < wide or (row > sure)


def _merged_width(grid: Grid, row: int, column: int) -> int:
    width = 1
    while grid.origin.get((row, column + width)) == (row, column):
        width += 1
    return width


def _cuts_merged(grid: Grid, first: int, last: int) -> bool:
    """Whether a cell merged downwards begins in the header and ends below it, or above it."""
    if not grid.origin:
        return False
    width = len(grid.texts[last]) if last < grid.height else 0
    below = (grid.origin.get((last + 1, j)) for j in range(width))
    return any(origin and first <= origin[0] <= last for origin in below)


def is_numbering(grid: Grid, row: int, left: int, right: int) -> bool:
    """Whether the row numbers the columns: 1, 2, 3 … in order."""
    columns = grid.within(row, left, right)
    if len(columns) < 3 or not all(_is_number(grid.texts[row][j]) for j in columns):
        return False
    cells = [grid.texts[row][j].strip(" .()") for j in columns]
    numbers = [int(cell) for cell in cells if len(cell) < 4]
    start = numbers[0] if numbers else 0
    return start in (1, 2) and numbers == list(range(start, start + len(cells)))


def _is_number(text: str) -> bool:
    cell = text.strip(" .()")
    return cell.isascii() and cell.isdigit()


def _best(
    grid: Grid,
    wordings: Sequence[Wording],
    header: tuple[int, int],
    floor: int,
    bounds: tuple[int, int] | None,
) -> Table | None:
    """Return the form that the header fits best, if it is one at all."""
    left, right = bounds or (0, grid.width)
    heads = heads_of(grid, *header, left, right)
    titles = _titles(grid, header[0], floor)
    offers = []
    for words in wordings:
        # Most looks fall on data: they are over before anything is guessed.
        if most_hits(heads, words) < (1 if floor == 0 else _SURE_BELOW):
            continue
        columns = map_heads(heads, words)
        hint = hint_of(words, titles, grid.sheet.name)
        # Below a table, a row of data must not pass for another header.
        if _is_form(columns, words.plan, hint) and (floor == 0 or columns.hits >= _SURE_BELOW):
            offers.append((columns.score + hint, words, columns))
    if not offers:
        return None
    offers.sort(key=lambda offer: -offer[0])
    score, words, columns = offers[0]
    near = offers[1][1].plan if len(offers) > 1 and score - offers[1][0] < _MARGIN else None
    end = right if bounds else grid.width
    return Table(words, columns, heads, header, left, end, grid.height - 1, titles, near)


def _is_form(columns: Columns, plan: FormPlan, hint: float) -> bool:
    named, hits = len(columns.sources), columns.hits
    if plan.layout == "card":
        return hits > 3 or (hits > 1 and hint > 0)
    person = plan.person is None or plan.person in columns.sources
    few = hits == 2 and person and len(columns.extra) <= 2
    return hits > 2 or few or (hits > 0 and named > 3) or (hits > 1 and hint > 0)


def hint_of(words: Wording, titles: Sequence[str], sheet: str) -> float:
    """Return what the lines above and the name of the sheet say for a form, in points."""
    tab = re.sub(r"^\d+ | \d+$", "", header_key(sheet))
    points = _SHEET_NAME if tab in words.titles or header_key(sheet) in words.titles else 0.0
    long = [name for name in words.titles if " " in name]
    for title in titles:
        key = header_key(title)
        if key in words.titles or any(f" {name} " in f" {key} " for name in long):
            return points + _TITLE
    return points


def _titles(grid: Grid, first: int, floor: int) -> tuple[str, ...]:
    start = 0 if floor == 0 else title_start(grid, first, floor)
    start = max(start, first - _FIRST_ROWS)
    return tuple(grid.texts[i][j] for i in range(start, first) for j in grid.filled[i][:3])


def title_start(grid: Grid, first: int, floor: int) -> int:
    """Return the row where the lines directly above a header or a card begin.

    A blank row above them ends them: what stands there is still the table above.
    """
    row = first
    while row > floor and not grid.filled[row - 1]:
        row -= 1
    while row > floor and len(grid.filled[row - 1]) == 1:
        row -= 1
    return row


def _runs(table: Table) -> list[tuple[int, int]]:
    """Return the stretches of a header between columns without one."""
    runs: list[tuple[int, int]] = []
    for head in table.heads:
        if runs and head.column == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], head.column)
        else:
            runs.append((head.column, head.column))
    return runs
