"""Tables on a sheet, found by what their headers say, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
from pipeline.reading.recognise.known import KnownWordings
from pipeline.reading.recognise.phrases import may_be_label
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
_ANSWER = re.compile(r"\+?\d[\d\s()-]{8,}|\d\d\.\d\d\.\d{4}$|[^\s@]+@[^\s@]+$")
_START, _GLANCE = 16, 3
_REMEMBERED = 8192
# Longer texts are looked at by their beginning; longer headers are foreign, and not remembered.
_LONGEST_LOOK = 200
_HEADERS_REMEMBERED, _LONGEST_REMEMBERED = 512, 20_000


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


@dataclass(frozen=True, slots=True)
class _Offer:
    """A form that a header fits, with the points of its columns and of the lines above."""

    score: float
    words: Wording
    columns: Columns


class HeaderIndex:
    """Knows the headers of all forms: says at little cost which rows may be headers, and of which.

    Schools fill in the same blanks, so most headers were seen before.
    """

    def __init__(self, wordings: Sequence[Wording], known: KnownWordings) -> None:
        keys = [label.key for words in wordings for label in words.labels]
        squeezed = {_squeeze(key) for key in (*keys, *_NAME_PARTS)}
        self._wordings = tuple(wordings)
        self._all = known
        self._known = squeezed - {""}
        self._starts = {key[:_START] for key in squeezed if len(key) >= _START}
        self._beginnings = {key[:length] for key in squeezed for length in range(_GLANCE + 1)}
        self._begins = lru_cache(maxsize=_REMEMBERED)(self._may_begin)
        self._like = lru_cache(maxsize=_REMEMBERED)(self._is_like)
        self._remembered = lru_cache(maxsize=_HEADERS_REMEMBERED)(self._offers)

    def likely_rows(self, grid: Grid) -> list[int]:
        """Return the rows of which two cells look like headers of some form."""
        begins = self._begins
        texts = [text for text in set().union(*filter(None, grid.texts)) if begins(text[:_GLANCE])]
        found = set(filter(self.like_header, texts))
        if not found:
            return []
        return [number for number, row in enumerate(grid.texts) if row and _holds_two(row, found)]

    def like_header(self, text: str) -> bool:
        """Whether a cell looks like a header of some form."""
        if not self._begins(text[:_GLANCE]):
            return False
        return may_be_label(text) and self._like(text[:_LONGEST_LOOK])

    def offers(
        self, heads: tuple[Head, ...], titles: tuple[str, ...], sheet: str, *, below: bool
    ) -> tuple[_Offer, ...]:
        """Return the forms that a header fits, the best first; *below* another table."""
        size = sum(len(head.text) for head in heads) + sum(map(len, titles))
        find = self._remembered if size < _LONGEST_REMEMBERED else self._offers
        return find(heads, titles, sheet, below)

    def is_hopeful(self, heads: Sequence[Head], *, below: bool) -> bool:
        """Whether enough headers may be sure: most looks fall on data and are over here."""
        needed = _SURE_BELOW if below else 1
        for head in heads:
            needed -= self._may_be_sure(head)
            if not needed:
                return True
        return False

    def _offers(
        self, heads: tuple[Head, ...], titles: tuple[str, ...], sheet: str, below: bool
    ) -> tuple[_Offer, ...]:
        offers = []
        worded = [head for head in heads if self._may_be_sure(head)]
        for words in self._wordings:
            if most_hits(worded, words) < (_SURE_BELOW if below else 1):
                continue
            columns = map_heads(heads, words)
            hint = hint_of(words, titles, sheet)
            # Below a table, a row of data must not pass for another header.
            if _is_form(columns, words.plan, hint) and (not below or columns.hits >= _SURE_BELOW):
                offers.append(_Offer(columns.score + hint, words, columns))
        return tuple(sorted(offers, key=lambda offer: -offer.score))

    def _may_be_sure(self, head: Head) -> bool:
        if len(head.parts) == 1 and not may_be_label(head.text):
            return False
        return self._all.may_be_sure(head.parts, head.text)

    def _may_begin(self, start: str) -> bool:
        """Whether some header begins like the first signs of a text; most data is over here."""
        return _squeeze(start) in self._beginnings

    def _is_like(self, text: str) -> bool:
        key = _squeeze(text)
        return key in self._known or key[:_START] in self._starts


def _holds_two(row: Sequence[str], found: set[str]) -> bool:
    here = found.intersection(row)
    return len(here) > 1 or any(row.count(text) > 1 for text in here)


def _squeeze(text: str) -> str:
    return _JUNK.sub("", text.lower()).translate(_FOLD)


def unsure_tables(grid: Grid, index: HeaderIndex, rows: Iterable[int]) -> list[Table]:
    """Return the tables that begin in the first lines whatever their headers look like."""
    likely = [row for row in rows if row < _FIRST_ROWS and len(grid.filled[row]) > 2]
    return tables_at(grid, index, likely)


def tables_at(grid: Grid, index: HeaderIndex, likely: Iterable[int]) -> list[Table]:
    """Return the tables of a sheet whose headers hold one of the rows *likely*, from the top."""
    found: list[Table] = []
    known: set[tuple[str, ...]] = set()
    floor, looks = 0, 0
    for row in likely:
        if row < floor or tuple(grid.texts[row]) in known or looks >= _MOST_LOOKS:
            continue
        looks += 1
        tables = _at(grid, index, row, floor)
        if not tables:
            continue
        first, last = tables[0].header
        end = title_start(grid, first, floor) - 1
        found = [replace(old, last=min(old.last, end)) for old in found] + tables
        known |= {tuple(grid.texts[i]) for i in range(first, last + 1)}
        floor = last + 1
    return found


def _at(grid: Grid, index: HeaderIndex, row: int, floor: int) -> list[Table]:
    """Return the table whose header holds *row*, or several that stand side by side."""
    best: Table | None = None
    spans = _extents(grid, row, floor)
    for number, span in enumerate(spans):
        table = _best(grid, index, span, floor, None)
        if table and (best is None or table.columns.score > best.columns.score + _BETTER):
            best = table
            if _is_final(grid, index, table, spans[number + 1 :]):
                break
    if best is None:
        return []
    runs = _runs(best)
    if len(runs) < 2:
        return [best]
    apart = [_best(grid, index, best.header, floor, run) for run in runs]
    sure = [table for table in apart if table and table.columns.hits > 2]
    together = sum(table.columns.score for table in sure)
    side_by_side = len(sure) > 1 and together > best.columns.score + 1
    return sure if side_by_side else [best]


def _is_final(
    grid: Grid, index: HeaderIndex, table: Table, others: Sequence[tuple[int, int]]
) -> bool:
    """Whether no longer header can say more: below a perfect one stands nothing but data."""
    first, last = table.header
    if not table.columns.perfect or any(span[0] != first for span in others):
        return False
    columns = {head.column for head in table.heads}
    below = range(last + 1, max((span[1] for span in others), default=last) + 1)
    return all(
        columns.issuperset(grid.filled[row])
        and not any(index.like_header(grid.texts[row][j]) for j in grid.filled[row])
        for row in below
    )


def _extents(grid: Grid, row: int, floor: int) -> list[tuple[int, int]]:
    """Return first and last rows that a header around *row* may have, the smallest first."""
    top = bottom = row
    while top > max(floor, row - DEEPEST + 1) and _may_be_header(grid, top - 1, row):
        top -= 1
    while bottom < min(row + DEEPEST, grid.height) - 1 and _may_be_header(grid, bottom + 1, row):
        bottom += 1
    spans = [
        (first, last)
        for first in range(top, row + 1)
        for last in range(row, bottom + 1)
        if last - first < DEEPEST
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
    index: HeaderIndex,
    header: tuple[int, int],
    floor: int,
    bounds: tuple[int, int] | None,
) -> Table | None:
    """Return the form that the header fits best, if it is one at all."""
    left, right = bounds or (0, grid.width)
    heads = heads_of(grid, *header, left, right)
    if not index.is_hopeful(heads, below=floor > 0):
        return None
    titles = _titles(grid, header[0], floor)
    offers = index.offers(heads, titles, grid.sheet.name, below=floor > 0)
    if not offers:
        return None
    best = offers[0]
    near = (
        offers[1].words.plan if len(offers) > 1 and best.score - offers[1].score < _MARGIN else None
    )
    return Table(
        best.words, best.columns, heads, header, left, right, grid.height - 1, titles, near
    )


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
