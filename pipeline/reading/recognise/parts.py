"""From a table or a card that was found to the part of the file that is handed on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.identifiers import snils_valid
from contracts.plan import Column, FormPlan
from pipeline.model import Notice, PartColumns
from pipeline.reading.recognise.by_values import matched
from pipeline.reading.recognise.cards import Card
from pipeline.reading.recognise.cells import Context, column_of
from pipeline.reading.recognise.columns import (
    Block,
    RowReader,
    joined,
    read_block,
    read_card,
    row_reader,
)
from pipeline.reading.recognise.grid import Grid, Upright
from pipeline.reading.recognise.headers import SERVICE, Head, Source
from pipeline.reading.recognise.rows import Rows, is_nil
from pipeline.reading.recognise.tables import Table
from pipeline.reading.recognise.words import Grade
from pipeline.text import a1, header_key, number_runs

TRIED = "Мы искали также: {aliases}."
_LONGEST_NAMED = 40
_SNILS = re.compile(r"(\d{3})[- ]?(\d{3})[- ]?(\d{3})[- ]?(\d{2})")
_SNILS_WRITTEN = re.compile(r"\d{3}-\d{3}-\d{3}[- ]\d{2}")


@dataclass(slots=True)
class _Tally:
    """What is gathered while the tables of one form are read."""

    blocks: list[Block] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    hidden: list[int] = field(default_factory=list)
    seen: int = 0
    nil: bool = False


def table_part(context: Context, grid: Grid, tables: Sequence[Table]) -> PartColumns:
    """Return the part that one form's tables make, one below the other on a sheet."""
    first, tally = tables[0], _Tally()
    reader = row_reader(context, grid, first.plan)
    stray: set[int] = set()
    seen: list[Table] = []
    for named in tables:
        table, notices = matched(reader, grid, named, context.vocabularies)
        tally.notices += notices
        seen.append(table)
        sources = _without_snils(grid, table, tally)
        stray |= _read_rows(reader, table, sources, tally)
        tally.nil = tally.nil or any(map(is_nil, table.titles))
        _tell_columns(grid, table, stray, tally)
    found = set().union(*(table.columns.sources for table in seen))
    tally.notices += _missing(first.plan, found, _headers_begin(grid, first))
    block = joined(tally.blocks)
    _tell_rows(tally, len(block.lines))
    columns = {
        name: grid.excel(0, source.columns[0])[1]
        for name, source in seen[0].columns.sources.items()
    }
    return _part(
        first.plan,
        grid,
        block,
        tally,
        columns=columns,
        header_row=grid.excel(first.header[1], 0)[0],
        nil=tally.nil and not block.lines,
    )


def card_part(context: Context, grid: Grid, card: Card) -> PartColumns | None:
    """Return the part that a card makes; None where no answer is written in it."""
    visible = [line for line in card.lines if not grid.hidden(line.row)]
    hidden = [line for line in card.lines if grid.hidden(line.row) and grid.text(*line.value)]
    nil = any(is_nil(text) for text in card.titles) or any(
        is_nil(grid.text(*line.value)) for line in visible
    )
    answered = any(grid.text(*line.value) for line in visible)
    if not answered and not nil and not hidden:
        return None
    only_nil = nil and all(
        is_nil(grid.text(*line.value)) for line in visible if grid.text(*line.value)
    )
    tally = _Tally(nil=only_nil, hidden=[grid.excel(line.row, 0)[0] for line in hidden])
    block = Block()
    if not only_nil:
        block = read_card(row_reader(context, grid, card.plan), card.first, visible)
        tally.notices, tally.seen = list(block.notices), 1
    _tell_card(grid, card, tally, len(block.lines))
    columns = {line.column: grid.excel(line.row, 0)[0] for line in card.lines}
    return _part(card.plan, grid, block, tally, columns=columns, header_row=None, nil=only_nil)


def _part(  # noqa: PLR0913  # what a part is made of
    plan: FormPlan,
    grid: Grid,
    block: Block,
    tally: _Tally,
    *,
    columns: Mapping[str, int],
    header_row: int | None,
    nil: bool,
) -> PartColumns:
    return PartColumns(
        form=plan.code,
        sheet=grid.sheet.name,
        lines=tuple(block.lines),
        values=block.values,
        letters=block.letters,
        raw=block.raw,
        failed=block.failed,
        moved=block.moved,
        notices=tuple(_of_part(tally.notices, plan, grid)),
        columns=columns,
        header_row=header_row,
        layout="card" if header_row is None else "table",
        seen=tally.seen,
        skipped=dict(tally.skipped),
        nil=nil,
    )


def has_data(grid: Grid, table: Table) -> bool:
    """Whether any row of a table is data, hidden or not."""
    rows = Rows(grid, table)
    return any(
        rows.skip_reason(row, cells) in (None, "hidden")
        for row in _rows(table)
        if (cells := rows.cells(row))
    )


def _rows(table: Table) -> range:
    return range(table.header[1] + 1, table.last + 1)


def _read_rows(
    reader: RowReader, table: Table, sources: Mapping[str, Source], tally: _Tally
) -> set[int]:
    """Read the data under a header; return the columns that hold some of it under no header."""
    grid = reader.grid
    rows = Rows(grid, table)
    found = rows.sorted(_rows(table))
    tally.seen += found.seen
    tally.nil = tally.nil or found.nil
    tally.hidden += [grid.excel(row, 0)[0] for row in found.hidden]
    for reason, count in found.skipped.items():
        tally.skipped[reason] += count
    upright = Upright([grid.sheet.rows[row] for row in found.data], None)
    cells = {
        name: column_of(grid, found.data, source, upright)
        for name, source in sources.items()
        if name in reader.columns
    }
    block = read_block(reader, found.data, cells)
    tally.blocks.append(block)
    tally.notices += block.notices
    named = {head.column for head in table.heads}
    if named.issuperset(range(table.left, min(table.right + 1, grid.width))):
        return set()
    return {column for row in found.data for column in rows.cells(row)} - named


def _without_snils(grid: Grid, table: Table, tally: _Tally) -> dict[str, Source]:
    """Leave out columns whose values are СНИЛС whatever their header says."""
    kept: dict[str, Source] = {}
    below = _below(grid, table)
    for name, source in table.columns.sources.items():
        column = table.plan.column(name)
        held = [
            j for j in source.columns if not column.ignored and _is_snils(below.column(j), column)
        ]
        rest = tuple(j for j in source.columns if j not in held)
        tally.notices += [_snils(grid, table, j) for j in held]
        if rest:
            kept[name] = source if rest == source.columns else Source(rest, source.join)
    return kept


def _below(grid: Grid, table: Table) -> Upright[str]:
    rows = grid.texts[table.header[1] + 1 : table.last + 1]
    return Upright([row for row in rows if row], "")


def _is_snils(texts: Sequence[str], meant: Column | None) -> bool:
    """Whether most values are СНИЛС; bare eleven digits may as well be a telephone."""
    phone = meant is not None and meant.type in ("phone", "contacts", "text")
    likely = [text for text in set(texts) if 11 <= len(text) <= 14 and text[0].isdigit()]
    found = {text for text in likely if _snils_like(text, written=phone)}
    if not found:
        return False
    return sum(text in found for text in texts) * 2 > len(texts) - texts.count("")


def _snils_like(text: str, *, written: bool) -> bool:
    match = _SNILS.fullmatch(text)
    if match is None or (written and not _SNILS_WRITTEN.fullmatch(text)):
        return False
    return snils_valid("".join(match.groups()))


def _snils(grid: Grid, table: Table, column: int) -> Notice:
    named = next((head.text for head in table.heads if head.column == column), "")
    return Notice("column_snils", "info", value=named, cell=_header_cell(grid, table, column))


def _headers_begin(grid: Grid, table: Table) -> str | None:
    columns = [head.column for head in table.heads]
    return _header_cell(grid, table, min(columns)) if columns else None


def _header_cell(grid: Grid, table: Table, column: int) -> str:
    return a1(*grid.excel(table.header[1], column))


def _tell_columns(grid: Grid, table: Table, stray: set[int], tally: _Tally) -> None:
    """Name the headers that were guessed, came twice, or are none of the form's."""
    cells = {head.text: _header_cell(grid, table, head.column) for head in table.heads}
    for typed, name in table.columns.doubtful:
        tally.notices.append(
            Notice("column_doubtful", "remark", column=name, value=typed, cell=cells[typed])
        )
    for typed, name in table.columns.repeated:
        tally.notices.append(
            Notice("column_repeated", "remark", column=name, value=typed, cell=cells[typed])
        )
    extra = []
    for head in table.columns.extra:
        if _says_snils(head) or _is_snils(_below(grid, table).column(head.column), None):
            tally.notices.append(_snils(grid, table, head.column))
        elif head.key not in SERVICE:
            extra.append(head.text)
    extra += [a1(0, grid.excel(0, column)[1]).rstrip("0") for column in sorted(stray)]
    tally.notices += _extra(extra)


def _says_snils(head: Head) -> bool:
    return "снилс" in head.key


def _extra(names: Iterable[str]) -> list[Notice]:
    quoted = ", ".join(f"«{_short(name)}»" for name in names)
    return [Notice("columns_extra", "info", params={"columns": quoted})] if quoted else []


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAMED else text[: _LONGEST_NAMED - 1].rstrip() + "…"


def _tell_card(grid: Grid, card: Card, tally: _Tally, rows: int) -> None:
    for line in card.lines:
        if line.grade is Grade.DOUBTFUL:
            tally.notices.append(
                Notice(
                    "column_doubtful",
                    "remark",
                    column=line.column,
                    value=line.label,
                    cell=a1(*grid.excel(line.row, card.label_column)),
                )
            )
    tally.notices += [
        Notice("column_repeated", "remark", column=name, value=label)
        for label, name in card.repeated
    ]
    tally.notices += [
        Notice("column_snils", "info", value=label)
        for label in card.extra
        if "снилс" in header_key(label)
    ]
    tally.notices += _extra(x for x in card.extra if "снилс" not in header_key(x))
    labels = a1(*grid.excel(card.lines[0].row, card.label_column)) if card.lines else None
    tally.notices += _missing(card.plan, {line.column for line in card.lines}, labels)
    _tell_rows(tally, rows)


def _missing(plan: FormPlan, found: set[str], where: str | None) -> list[Notice]:
    """Name columns that are not there: needed ones stop the form, else others are named once.

    A needed one is named at the cell *where* the headers begin, for there it is to be added.
    """
    has_official = any(column.official for column in plan.columns)
    absent = [column for column in plan.kept if column.name not in found]
    notices = [
        Notice(
            "column_missing",
            "error",
            column=column.name,
            cell=where,
            params={"tried": _tried(column)},
        )
        for column in absent
        if column.required == "error" and (column.official or not has_official)
    ]
    if has_official and not notices:
        official = [c for c in absent if c.official and c.required != "error"]
        ours = [c for c in absent if not c.official and c.required != "no"]
        notices += _absent("columns_official_absent", official)
        notices += _absent("columns_not_asked", ours)
    return notices


def _absent(code: str, columns: Sequence[Column]) -> list[Notice]:
    listed = ", ".join(f"«{column.title}»" for column in columns)
    return [Notice(code, "remark", params={"columns": listed})] if columns else []


def _tried(column: Column) -> str:
    aliases = ", ".join(f"«{alias}»" for alias in column.aliases[:4])
    return TRIED.format(aliases=aliases) if aliases else ""


def _tell_rows(tally: _Tally, rows: int) -> None:
    if tally.hidden:
        hidden = _ranges(tally.hidden)
        tally.notices.append(Notice("rows_hidden", "remark", params={"rows": hidden}))
    if tally.nil and rows:
        tally.notices.append(Notice("nil_with_rows", "error", params={"count": str(rows)}))


def _ranges(numbers: Sequence[int]) -> str:
    """«5–7, 9» for 5, 6, 7, 9."""
    runs = number_runs(numbers)
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _of_part(notices: Iterable[Notice], plan: FormPlan, grid: Grid) -> Iterable[Notice]:
    for notice in notices:
        yield _located(notice, plan.code, grid.sheet.name)


def _located(notice: Notice, form: str, sheet: str) -> Notice:
    if notice.form is not None:
        return notice
    return Notice(
        notice.code,
        notice.severity,
        form,
        sheet,
        notice.row,
        notice.column,
        notice.cell,
        notice.value,
        notice.params,
        notice.who,
    )
