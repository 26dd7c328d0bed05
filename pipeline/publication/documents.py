"""A document as plain pages: what all of them share is added here, and xlsx is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.plan import Column, FormPlan
from pipeline.publication.people import base_rows
from pipeline.render.values import RightAligned, Shown, TableColumn, Tinted, phones_text
from pipeline.views import PublishView

WHERE = "{municipality}. {centre}. {period} учебный год"
AS_OF = "По состоянию на {moment}, версия свода {ledger_seq}"
EXECUTOR = "Исп.: {coordinator}"
EXECUTOR_PHONE = "Исп.: {coordinator}, тел. {phone}"
SOURCE = "Единая база: {forms}"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet with one table: *annex* stands at the top right, *notes* below.

    `rows` are [rows × columns]; the first `frozen` columns stay in sight.
    """

    name: str
    title: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Shown | Tinted]]
    notes: Sequence[str] = ()
    annex: Sequence[str] = ()
    frozen: int = 1


def to_xlsx(
    view: PublishView,
    pages: Sequence[Page],
    *,
    forms: Iterable[str],
    counts: Mapping[str, Shown],
    signed: bool = True,
) -> bytes:
    """Return the pages as one xlsx with the sheet «Сведения» behind them.

    *forms* are those it is made of; *signed* adds the line «Исп.», which names a person and so
    stays in the municipality.
    """
    from pipeline.render import workbook  # noqa: PLC0415  # 0.1 s that `--help` must not pay

    writer = workbook.XlsxWriter(pages[0].title, as_of=view.as_of)
    for page in pages:
        writer.table(
            page.name,
            page.columns,
            page.rows,
            heading=(*map(RightAligned, page.annex), *_heading(view, page.title)),
            notes=(*page.notes, *(_executor(view) if signed else ())),
            frozen=page.frozen,
        )
    plans = [view.plans[form] for form in forms if form in view.plans]
    files = {row["submission"] for plan in plans for row in base_rows(view, plan.code)}
    writer.about(
        SOURCE.format(forms=", ".join(f"«{plan.title}»" for plan in plans)),
        view.as_of,
        {"Версия свода": view.ledger_seq, "Поданных файлов": len(files), **counts},
    )
    return writer.data()


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


def official_values(plan: FormPlan, row: Mapping[str, Any], number: int) -> tuple[Shown, ...]:
    """Return one row of the official form; the row number is counted anew."""
    return tuple(
        number if column.ignored else _cell(column, row[column.name])
        for column in plan.columns
        if column.official is not None
    )


def _cell(column: Column, value: Shown) -> Shown:
    phones = column.type in ("phone", "contacts")
    return phones_text(value) if phones and isinstance(value, str) else value


def unit_names(view: PublishView) -> dict[str, str]:
    """Return the short name of each unit by its code."""
    return {unit.code: unit.short_name for unit in view.units}


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
