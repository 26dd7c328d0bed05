"""Rows under a header: which are data, and why the others are not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import SkipReason
from pipeline.reading.normalise.names import is_full_name
from pipeline.reading.recognise.grid import Grid, Upright
from pipeline.reading.recognise.tables import Table, is_numbering
from pipeline.text import fold, header_key

_TOTAL = re.compile(r"(?:итого|всего)(?![а-я])")
_EXAMPLE = re.compile(
    r"\W*(?:(?:пример|образец)(?: заполнения| строки)?"
    r"|дд\.мм\.гг(?:гг)?|(?:выбрать|выберите) из списка)\W*"
)
_NIL = re.compile(
    r"\W*(?:(?:данных|сведений) нет|нет (?:данных|сведений)"
    r"|(?:данные|сведения) отсутствуют|отсутствуют)\W*"
)
# The same in a sentence: «Наставников в этом году нет», «Работа не ведётся».
_NONE = re.compile(
    r"(?<!\w)(?:нет|не ?имеется|отсутству(?:е|ю)т|не (?:ведется|веду[тщ]\w{0,2}|было?"
    r"|назнач\w{1,6}|осуществля\w{1,5}|реализу\w{1,5}|организова\w{1,4}|проводи\w{1,5}|планиру\w{1,5}"
    r"|предусмотрен\w{0,2}|закрепл\w{1,5}))(?!\w)"
)
_LONGEST_SENTENCE, _FEWEST_WORDS = 160, 2
_NOTHING = frozenset(("", "-", "--", "нет", "н/д", "x", "х", "0", "прочерк"))
_SIGNATURE = re.compile(
    r"(?:директор|руководитель|исполнитель|исп\.|ответственн|куратор|координатор|подпись|м\.? ?п\."
    r"|зам\.|заместитель|кл(?:ассный|\.) рук|согласовано|утверждаю|дата (?:заполнения|составления))"
)
_PERSON = re.compile(r"[А-ЯЁA-Z][\w.’'-]*(?:\s+[А-ЯЁA-Z][\w.’'-]*){1,3}\.?")
_LONGEST_MARK = 60
_REMEMBERED = 8192
# Rows of fewer cells may be captions, signatures, totals.
_LEAST_CELLS = 4
# A column of more different texts holds names or telephones, which no header repeats.
_MANY = 24
# Folding every cell of a large table takes seconds; few cells can be a mark at all.
_MAY_BE_MARK = re.compile(r"приме|образ|данн|сведен|отсут|дд\.мм|списка", re.IGNORECASE)
# How examples and «Данных нет» begin, behind signs.
_GLANCE = 3
_MARKS_BEGIN = ("при", "обр", "дд.", "выб", "дан", "све", "нет", "отс")
_SIGNS = re.compile(r"^\W+")
_DRAWN_ALIKE = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")


def is_nil(text: str) -> bool:
    """Whether a cell says that there is nothing to report."""
    return _may_be_mark(text) and _NIL.fullmatch(fold(text)) is not None


def says_none(text: str) -> bool:
    """Whether a text says in a sentence of its own that there is nobody and nothing to report."""
    if len(text) > _LONGEST_SENTENCE or len(text.split()) < _FEWEST_WORDS:
        return False
    return _NONE.search(fold(text)) is not None


@lru_cache(maxsize=_REMEMBERED)
def _may_be_mark(text: str) -> bool:
    if len(text) > _LONGEST_MARK:
        return False
    return _MAY_BE_MARK.search(text.translate(_DRAWN_ALIKE)) is not None


@lru_cache(maxsize=_REMEMBERED)
def _may_begin_mark(start: str) -> bool:
    """Whether a text that starts so may be a mark: most data is over here."""
    bare = _SIGNS.sub("", fold(start))
    # «Ë» is a letter of a slipped keyboard where the rest of the word is Russian.
    return "\xeb" in start.lower() or any(mark.startswith(bare) for mark in _MARKS_BEGIN)


def _is_total_word(text: str) -> bool:
    return _TOTAL.match(fold(text[:_LONGEST_MARK])) is not None


def _is_example(text: str) -> bool:
    return _may_be_mark(text) and _EXAMPLE.fullmatch(fold(text)) is not None


@dataclass(slots=True)
class SortedRows:
    """The rows under a header: data, and why the others are none; `nil`: «Данных нет»."""

    data: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    seen: int = 0
    nil: bool = False


class Rows:
    """The rows under one header; what is the same for all of them is worked out once."""

    def __init__(self, grid: Grid, table: Table) -> None:
        plan, sources = table.plan, table.columns.sources
        self._grid = grid
        self._table = table
        self._keys = {head.column: {head.key, *map(header_key, head.parts)} for head in table.heads}
        # Sheet columns that feed a column with a value.
        self._mapped = {
            column
            for name, source in sources.items()
            if not plan.column(name).ignored
            for column in source.columns
        }
        person = sources.get(plan.person or "")
        self._person = person.columns if person else ()
        numbers = (c.name for c in plan.columns if c.ignored and c.name in sources)
        self._number = next((sources[name].columns[0] for name in numbers), None)

    def cells(self, row: int) -> list[int]:
        """Return the columns of the table that are filled in a row."""
        return self._grid.within(row, self._table.left, self._table.right)

    def sorted(self, rows: Iterable[int]) -> SortedRows:
        """Sort the rows under the header; each that holds anything is counted once."""
        found = SortedRows()
        filled = [row for row in rows if self.cells(row)]
        ordinary = self._ordinary(filled)
        for row in filled:
            if row in ordinary:
                found.data.append(row)
                continue
            cells = self.cells(row)
            reason = self.skip_reason(row, cells)
            if reason is None:
                found.data.append(row)
                continue
            found.skipped[reason] += 1
            found.nil = found.nil or self.is_nil(row, cells)
            if reason == "hidden":
                found.hidden.append(row)
        found.seen = len(filled)
        none = any(map(self._means_none, filled)) and all(map(self._means_none, found.data))
        if none and not found.hidden:
            # Nothing else stands under the header, so that is the answer.
            found.skipped["title"] += len(found.data)
            found.data, found.nil = [], True
        return found

    def _ordinary(self, rows: Sequence[int]) -> set[int]:
        """Return rows that are data at the first look: `skip_reason` would find nothing.

        A person stands in full in their column, and no cell says of the row that it is another.
        """
        grid, table = self._grid, self._table
        if len(self._person) != 1 or table.left > 0 or table.right < grid.width - 1:
            return set()
        person, texts, filled = self._person[0], grid.texts, grid.filled
        likely = [
            row
            for row in rows
            if len(filled[row]) >= _LEAST_CELLS
            and person < len(texts[row])
            and not grid.hidden(row)
        ]
        names = {text for text in {texts[row][person] for row in likely} if is_full_name(text)}
        likely = [row for row in likely if texts[row][person] in names]
        first = {texts[row][filled[row][0]] for row in likely} - names
        others = set().union(*(texts[row] for row in likely)) - names
        telling = {
            text
            for text in others
            if _may_begin_mark(text[:_GLANCE]) and (_is_example(text) or is_nil(text))
        }
        telling |= {text for text in first if not text.isdigit() and _is_total_word(text)}
        known, varied = self._header_texts(likely)
        telling |= known
        return {
            row
            for row in likely
            # A header needs six known cells of ten.
            if varied * 10 < len(filled[row]) * 6 and telling.isdisjoint(texts[row])
        }

    def _header_texts(self, rows: Sequence[int]) -> tuple[set[str], int]:
        """Return texts that may repeat the header, and how many columns are too varied to look."""
        upright = Upright([self._grid.texts[row] for row in rows], "")
        found: set[str] = set()
        varied = 0
        for column, keys in self._keys.items():
            held = set(upright.column(column))
            if len(held) > _MANY:
                varied += 1
            else:
                found |= {text for text in held if len(text) > 1 and header_key(text) in keys}
        return found, varied

    def skip_reason(self, row: int, cells: Sequence[int]) -> SkipReason | None:
        """Return why a row with filled *cells* is no data; None where it is data."""
        said = self._said(row, cells)
        if said is not None:
            return said
        if not self._holds_answer(row, cells):
            return "blank"
        return "hidden" if self._grid.hidden(row) else None

    def is_nil(self, row: int, cells: Sequence[int]) -> bool:
        """Whether a row says «Данных нет» and nothing else."""
        texts = self._grid.texts[row]
        said = [column for column in cells if is_nil(texts[column])]
        rest = (column for column in cells if column not in (*said, self._number))
        return bool(said) and all(fold(texts[column]) in _NOTHING for column in rest)

    def _means_none(self, row: int) -> bool:
        """Whether a row says that there is nobody: in a sentence, or with nothing but dashes."""
        texts = self._grid.texts[row]
        cells = (texts[column] for column in self.cells(row))
        own = [text for text in cells if not text.strip(" .)").isdigit()]
        rest = [fold(text) for text in own if not says_none(text)]
        told = len(own) - len(rest) == 1 or (len(own) == len(rest) > 0)
        return told and all(text in _NOTHING for text in rest)

    def _said(self, row: int, cells: Sequence[int]) -> SkipReason | None:
        """Return what the row is by its own words."""
        if is_numbering(self._grid, row, self._table.left, self._table.right):
            return "numbering"
        if self._is_header(row, cells):
            return "header"
        texts = self._grid.texts[row]
        if any(_is_example(texts[column]) for column in cells):
            return "example"
        if self._is_total(row, cells):
            return "total"
        return "title" if self._is_title(row, cells) or self.is_nil(row, cells) else None

    def _is_total(self, row: int, cells: Sequence[int]) -> bool:
        first = (*cells[:1], *self._person[:1])
        return any(_is_total_word(self._grid.text(row, j)) for j in first)

    def _is_header(self, row: int, cells: Sequence[int]) -> bool:
        """The header once more, as a page break leaves it."""
        if len(cells) < 2 or len(cells) * 2 < min(len(self._keys), 4):
            return False
        same = other = 0
        for column in cells:
            text = self._grid.texts[row][column]
            known = len(text) > 1 and header_key(text) in self._keys.get(column, ())
            same, other = same + known, other + (not known)
            if other * 10 > len(cells) * 4:
                return False
        return same > 1

    def _is_title(self, row: int, cells: Sequence[int]) -> bool:
        """A caption between rows («Педагоги»), a note, or the lines for signatures."""
        grid, column = self._grid, cells[0]
        text = grid.texts[row][column]
        if len(cells) <= 3 and _SIGNATURE.match(fold(text[:_LONGEST_MARK])):
            return not any(grid.text(row, j) for j in self._person if j != column)
        if len(cells) > 1 or not re.search(r"[^\W\d_]", text):
            return False
        if grid.spans(row, column):
            return True
        if column in self._person:
            return _PERSON.fullmatch(text) is None
        return column <= min(self._keys) or column not in self._mapped

    def _holds_answer(self, row: int, cells: Sequence[int]) -> bool:
        """Whether a column of the form holds more than a dash; naught may be an answer."""
        texts = (self._grid.texts[row][column] for column in cells if column in self._mapped)
        return any(text == "0" or len(text) > 8 or fold(text) not in _NOTHING for text in texts)
