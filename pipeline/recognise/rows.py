"""Rows under a header: which are data, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import SkipReason
from pipeline.recognise.grid import Grid
from pipeline.recognise.tables import Table, is_numbering
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
_NOTHING = frozenset(("", "-", "--", "нет", "н/д", "x", "х", "0", "прочерк"))
_SIGNATURE = re.compile(
    r"(?:директор|руководитель|исполнитель|исп\.|ответственн|куратор|координатор|подпись|м\.? ?п\."
    r"|зам\.|заместитель|кл(?:ассный|\.) рук|согласовано|утверждаю|дата (?:заполнения|составления))"
)
_PERSON = re.compile(r"[А-ЯЁA-Z][\w.’'-]*(?:\s+[А-ЯЁA-Z][\w.’'-]*){1,3}\.?")
_LONGEST_MARK = 60
# Folding every cell of a large table takes seconds; few cells can be a mark at all.
_MAY_BE_MARK = re.compile(r"приме|образ|данн|сведен|отсут|дд\.мм|списка", re.IGNORECASE)
_DRAWN_ALIKE = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")


def is_nil(text: str) -> bool:
    """Whether a cell says that there is nothing to report."""
    return _may_be_mark(text) and _NIL.fullmatch(fold(text)) is not None


def skip_reason(grid: Grid, table: Table, row: int) -> SkipReason | None:
    """Return why a row that holds something is no data; None where it is data."""
    cells = grid.within(row, table.left, table.right)
    said = _said(grid, table, row, cells)
    if said is not None:
        return said
    if not _holds_answer(grid, table, row, cells):
        return "blank"
    return "hidden" if grid.hidden(row) else None


def _said(grid: Grid, table: Table, row: int, cells: Sequence[int]) -> SkipReason | None:
    """Return what the row is by its own words."""
    if is_numbering(grid, row, table.left, table.right):
        return "numbering"
    if _is_header(grid, table, row, cells):
        return "header"
    if any(_is_example(grid.texts[row][column]) for column in cells):
        return "example"
    if _is_total(grid, table, row, cells):
        return "total"
    title = _is_title(grid, table, row, cells) or is_nil_row(grid, table, row)
    return "title" if title else None


def is_nil_row(grid: Grid, table: Table, row: int) -> bool:
    """Whether a row says «Данных нет» and nothing else."""
    number = _number_column(table)
    cells = grid.within(row, table.left, table.right)
    said = [column for column in cells if is_nil(grid.texts[row][column])]
    rest = [column for column in cells if column not in (*said, number)]
    return bool(said) and all(fold(grid.texts[row][column]) in _NOTHING for column in rest)


def _is_example(text: str) -> bool:
    return _may_be_mark(text) and _EXAMPLE.fullmatch(fold(text)) is not None


def _may_be_mark(text: str) -> bool:
    if len(text) > _LONGEST_MARK:
        return False
    return _MAY_BE_MARK.search(text.translate(_DRAWN_ALIKE)) is not None


def _is_total(grid: Grid, table: Table, row: int, cells: Sequence[int]) -> bool:
    first = [*cells[:1], *_columns(table, table.plan.person)[:1]]
    return any(_TOTAL.match(fold(grid.text(row, column)[:_LONGEST_MARK])) for column in first)


def _is_header(grid: Grid, table: Table, row: int, cells: Sequence[int]) -> bool:
    """The header once more, as a page break leaves it."""
    named = {head.column: head for head in table.heads}
    if len(cells) < 2 or len(cells) * 2 < min(len(named), 4):
        return False
    same = sum(
        j in named and header_key(grid.texts[row][j]) in _keys(named[j].parts, named[j].key)
        for j in cells
        if len(grid.texts[row][j]) > 1
    )
    return same > 1 and same * 10 >= len(cells) * 6


def _keys(parts: Sequence[str], whole: str) -> set[str]:
    return {whole, *(header_key(part) for part in parts)}


def _is_title(grid: Grid, table: Table, row: int, cells: Sequence[int]) -> bool:
    """A caption between rows («Педагоги»), a note, or the lines for signatures."""
    text = grid.texts[row][cells[0]]
    person = _columns(table, table.plan.person)
    if len(cells) <= 3 and _SIGNATURE.match(fold(text[:_LONGEST_MARK])):
        return not any(grid.text(row, j) for j in person if j != cells[0])
    if len(cells) > 1 or not re.search(r"[^\W\d_]", text):
        return False
    column = cells[0]
    if grid.spans(row, column):
        return True
    if column in person:
        return _PERSON.fullmatch(text) is None
    first = min(head.column for head in table.heads)
    return column <= first or column not in _mapped(table)


def _holds_answer(grid: Grid, table: Table, row: int, cells: Sequence[int]) -> bool:
    """Whether a column of the form holds more than a dash; naught may be an answer."""
    mapped = _mapped(table)
    texts = (grid.texts[row][column] for column in cells if column in mapped)
    return any(text == "0" or len(text) > 8 or fold(text) not in _NOTHING for text in texts)


def _mapped(table: Table) -> set[int]:
    """Sheet columns that feed a column with a value."""
    return {
        column
        for name, source in table.columns.sources.items()
        if not table.plan.column(name).ignored
        for column in source.columns
    }


def _columns(table: Table, name: str | None) -> tuple[int, ...]:
    source = table.columns.sources.get(name or "")
    return source.columns if source else ()


def _number_column(table: Table) -> int | None:
    for column in table.plan.columns:
        if column.ignored and column.name in table.columns.sources:
            return table.columns.sources[column.name].columns[0]
    return None
