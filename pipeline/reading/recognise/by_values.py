"""Columns that their headers do not tell: asked by what stands in them.

A filled column that fits a column of the form which nobody else gives is taken and named; one that
may be several is named only. Sub-headers that are the values of a list make a cross table: a mark
under one of them is that value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.plan import Column, Vocabulary
from pipeline.model import Notice
from pipeline.reading.normalise.characters import compact_key
from pipeline.reading.normalise.names import is_job
from pipeline.reading.recognise.cells import key_of
from pipeline.reading.recognise.columns import RowReader
from pipeline.reading.recognise.grid import Grid
from pipeline.reading.recognise.headers import SERVICE, Columns, Head, Source
from pipeline.reading.recognise.subjects import stem, subjects_of
from pipeline.reading.recognise.tables import Table
from pipeline.text import a1, header_key

# Types whose values tell themselves; numbers and free texts may be anything.
_TELLING = frozenset(
    (
        *("fio", "fio_list", "contacts", "phone", "email", "date", "enum", "multi", "url"),
        *("inn", "ogrn", "class", "age_range"),
    )
)
_PEOPLE = frozenset(("fio", "fio_list"))
# What belongs to one side of a pair, so that under the other side's group it is another column.
_PERSONAL = _PEOPLE | {"contacts", "phone", "email", "year", "class", "age_range", "inn"}
_MOST_LOOKED_AT = 60
_SURE = 0.8
_FEWEST_VALUES = 2


@dataclass(frozen=True, slots=True)
class _Fit:
    """A sheet column whose values a column of the form could hold; `near`: headers share a word."""

    head: Head
    column: Column
    near: bool


def matched(
    reader: RowReader, grid: Grid, table: Table, vocabularies: Mapping[str, Vocabulary]
) -> tuple[Table, list[Notice]]:
    """Return the table with the columns that values tell, and what is to be said of the others."""
    columns = table.columns
    if not columns.extra and not any(len(head.parts) > 1 for head in table.heads):
        return table, []
    columns = _crossed(table, columns, vocabularies)
    columns = _word_for_word(table, columns)
    columns, notices = _told_by_values(reader, grid, table, columns)
    return replace(table, columns=columns), notices


def _crossed(table: Table, columns: Columns, vocabularies: Mapping[str, Vocabulary]) -> Columns:
    """Give a column whose values are sub-headers the cells under all of them."""
    for column in table.plan.kept:
        words = vocabularies.get(column.vocabulary or "")
        if words is None or column.type not in ("enum", "multi"):
            continue
        values = {compact_key(value): value for value in words.values}
        under = {
            head.column: values[key]
            for head in table.heads
            if (key := compact_key(head.parts[-1])) in values
        }
        taken = columns.sources.get(column.name)
        if len(under) < _FEWEST_VALUES or len(set(under.values())) < len(under):
            continue
        if taken is not None and not set(taken.columns) <= under.keys():
            continue
        sources = {**columns.sources}
        for name, source in columns.sources.items():
            rest = tuple(place for place in source.columns if place not in under)
            if rest != source.columns and name != column.name:
                sources.pop(name)
                if rest:
                    sources[name] = replace(source, columns=rest)
        sources[column.name] = Source(tuple(under), "; ", tuple(under.values()))
        columns = _without_heads(table, columns, sources, under)
    return columns


def _word_for_word(table: Table, columns: Columns) -> Columns:
    """Take a header that is a column's own title although its group speaks of somebody else."""
    for head in columns.extra:
        if len(head.parts) == 1:
            continue
        bottom = header_key(head.parts[-1])
        for column in table.plan.kept:
            own = column.required == "error" or column.type not in _PERSONAL
            if column.name not in columns.sources and own and header_key(column.title) == bottom:
                sources = {**columns.sources, column.name: Source((head.column,))}
                columns = _with_doubt(table, columns, sources, head, column)
                break
    return columns


def _told_by_values(
    reader: RowReader, grid: Grid, table: Table, columns: Columns
) -> tuple[Columns, list[Notice]]:
    free = [
        column
        for column in table.plan.kept
        if column.name not in columns.sources
        and column.type in _TELLING
        and (column.official or column.required == "error")
    ]
    heads = [head for head in columns.extra if head.key not in SERVICE]
    if not free or not heads:
        return columns, []
    fits = [
        _Fit(head, column, _near(head, column))
        for head in heads
        if (texts := _below(grid, table, head))
        for column in free
        if _may_speak_of(head, column, table) and _holds(reader, column, texts)
    ]
    notices: list[Notice] = []
    while (found := _surest(fits)) is not None:
        sources = {**columns.sources, found.column.name: Source((found.head.column,))}
        columns = _with_doubt(table, columns, sources, found.head, found.column)
        fits = [
            fit for fit in fits if fit.head is not found.head and fit.column is not found.column
        ]
    for fit in fits:
        if fit.column.required == "error" and all(fit.head.text != n.value for n in notices):
            cell = a1(*grid.excel(table.header[1], fit.head.column))
            notices.append(
                Notice(
                    "column_unmatched",
                    "remark",
                    column=fit.column.name,
                    value=fit.head.text,
                    cell=cell,
                )
            )
    named = {notice.value for notice in notices}
    extra = tuple(head for head in columns.extra if head.text not in named)
    return replace(columns, extra=extra), notices


def _surest(fits: Sequence[_Fit]) -> _Fit | None:
    """Return a fit that nothing rivals: by a word of the header, or as the only one of its kind."""
    for near in (True, False):
        for fit in fits:
            if fit.near != near:
                continue
            rivals = [
                other
                for other in fits
                if other is not fit
                and other.near >= near
                and (other.head is fit.head or other.column is fit.column)
            ]
            needed = fit.column.required == "error" or fit.column.type in _PEOPLE
            if not rivals and (near or needed):
                return fit
    return None


def _near(head: Head, column: Column) -> bool:
    """Whether a header shares a telling word with the wordings of a column."""
    words = {stem(word) for word in head.key.split() if len(word) > 3}
    own = {
        stem(word)
        for text in (column.title, *column.aliases)
        for word in header_key(text).split()
        if len(word) > 3
    }
    return not words.isdisjoint(own)


def _may_speak_of(head: Head, column: Column, table: Table) -> bool:
    """Whether nobody is named in a header whom the column does not speak of."""
    whom = subjects_of(header_key(column.title))
    if column.type in _PEOPLE and any(map(is_job, head.key.split())):
        return False
    return subjects_of(head.key) <= (whom or table.words.own)


def _below(grid: Grid, table: Table, head: Head) -> list[str]:
    texts = (grid.text(row, head.column) for row in range(table.header[1] + 1, table.last + 1))
    found = list(dict.fromkeys(text for text in texts if text))
    return found[:_MOST_LOOKED_AT]


def _holds(reader: RowReader, column: Column, texts: Sequence[str]) -> bool:
    """Whether nearly all texts are read as values of the column, with nothing to say of them."""
    if column.type in _PEOPLE and len(texts) < _FEWEST_VALUES:
        return False
    values, _raw, told = reader.columns[column.name].understood(set(map(key_of, texts)))
    good = sum(
        1
        for key, value in values.items()
        if value is not None
        and not str(value).startswith("иное")
        and (
            key not in told
            or (not told[key].failed and all(n.severity == "info" for n in told[key].notices))
        )
    )
    return good >= _SURE * len(texts)


def _with_doubt(
    table: Table, columns: Columns, sources: Mapping[str, Source], head: Head, column: Column
) -> Columns:
    columns = _without_heads(table, columns, sources, (head.column,))
    return replace(columns, doubtful=(*columns.doubtful, (head.text, column.name)))


def _without_heads(
    table: Table, columns: Columns, sources: Mapping[str, Source], taken: Iterable[int]
) -> Columns:
    """Say nothing any more of headers that have found their column."""
    places = set(taken)
    names = {head.text for head in table.heads if head.column in places}
    return replace(
        columns,
        sources=sources,
        extra=tuple(head for head in columns.extra if head.column not in places),
        repeated=tuple(pair for pair in columns.repeated if pair[0] not in names),
    )
