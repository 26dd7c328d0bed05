"""A document as plain pages: what all of them share is added here, and xlsx is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from contracts.plan import Column, FormPlan
from pipeline.render.rows import RUNNING, RowStream, Value
from pipeline.render.values import RightAligned, Shown, TableColumn, phones_text
from pipeline.views import PublishView

WHERE = "{municipality}. {centre}. {period} учебный год"
AS_OF = "По состоянию на {moment}, версия свода {ledger_seq}"
EXECUTOR = "Исп.: {coordinator}"
EXECUTOR_PHONE = "Исп.: {coordinator}, тел. {phone}"
SOURCE = "Единая база: {forms}"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet with one table: *annex* stands at the top right, *notes* below.

    `rows` are [rows × columns], or a stream of ready ones; the first `frozen` columns stay in
    sight.
    """

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: Iterable[Sequence[Value]] | RowStream
    notes: Sequence[str] = ()
    annex: Sequence[str] = ()
    frozen: int = 1


@dataclass(frozen=True, slots=True)
class About:
    """What «Сведения» says: the forms a document is made of, how many files, and its own counts."""

    forms: Iterable[str]
    files: int
    counts: Mapping[str, Shown]


def to_xlsx(
    view: PublishView,
    pages: Sequence[Page],
    target: BinaryIO,
    about: About,
    *,
    signed: bool = True,
) -> None:
    """Write the pages as one xlsx with the sheet «Сведения» behind them.

    *signed* adds the line «Исп.», which names a person and so stays in the municipality.
    """
    from pipeline.render.workbook import XlsxWriter  # noqa: PLC0415  # 0.1 s `--help` must not pay

    writer = XlsxWriter(pages[0].title, as_of=view.as_of)
    for page in pages:
        writer.table(
            page.name,
            page.columns,
            page.rows,
            heading=(*map(RightAligned, page.annex), *_heading(view, page.title)),
            notes=(*page.notes, *(_executor(view) if signed else ())),
            frozen=page.frozen,
        )
    titles = [f"«{view.plans[form].title}»" for form in about.forms if form in view.plans]
    writer.about(
        SOURCE.format(forms=", ".join(titles)),
        view.as_of,
        {"Версия свода": view.ledger_seq, "Поданных файлов": about.files, **about.counts},
    )
    writer.write_to(target)


def files_of(view: PublishView, forms: Iterable[str]) -> list[int]:
    """Return the numbers of the submissions that the rows of *forms* are from."""
    bases = (view.tables.base(form) or () for form in forms if form in view.plans)
    return sorted({row["submission"] for rows in bases for row in rows})


def official(plan: FormPlan) -> tuple[TableColumn, ...]:
    """Return the columns of the official form in their order, with their numbers."""
    return tuple(
        TableColumn(
            column.title,
            # No word of a header is broken.
            max(column.width or 16, *(len(word) * 1.2 + 1 for word in column.title.split())),
            "center" if column.type in ("int", "year") else "auto",
            column.official,
        )
        for column in plan.columns
        if column.official is not None
    )


def official_columns(plan: FormPlan, rows: Sequence[Mapping[str, Any]]) -> list[list[Value]]:
    """Return rows of the official form column by column; they are numbered at the join."""
    return [
        _official_column(column, rows) for column in plan.columns if column.official is not None
    ]


def _official_column(column: Column, rows: Sequence[Mapping[str, Any]]) -> list[Value]:
    if column.ignored:
        return [RUNNING] * len(rows)
    name = column.name
    if column.type in ("phone", "contacts"):
        return [_phones(row[name]) for row in rows]
    return [row[name] for row in rows]


def _phones(value: Any) -> Any:
    return phones_text(value) if isinstance(value, str) else value


def _heading(view: PublishView, title: str) -> tuple[str, ...]:
    names = view.names
    where = WHERE.format(
        municipality=names.municipality,
        centre=names.centre,
        period=view.period.replace("-", "–"),
    )
    moment = view.as_of.strftime("%d.%m.%Y %H:%M")
    return title, where, AS_OF.format(moment=moment, ledger_seq=view.ledger_seq)


def _executor(view: PublishView) -> tuple[str, ...]:
    names = view.names
    if not names.coordinator:
        return ()
    template = EXECUTOR_PHONE if names.phone else EXECUTOR
    return (template.format(coordinator=names.coordinator, phone=names.phone),)
