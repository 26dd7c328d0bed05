"""«Показатели»: every indicator in full, with n/N beside its share, and who stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import Page, to_xlsx, unit_names
from pipeline.publication.people import base_rows, consents
from pipeline.publication.rates import missing_to
from pipeline.render.values import Shown, TableColumn
from pipeline.views import IndicatorResult, IndicatorUnit, PublishView

TITLE = "Показатели"
BY_UNIT = "{code} по ОО"
PERSONS_TITLE = "Кто учтён в показателях"
NOTE = "{code}. {text}"
TARGET = "Откуда цель: {source}."
SUMMARY = (
    TableColumn("Код", 10),
    TableColumn("Показатель", 58),
    TableColumn("Охвачено (доказано), чел.", 12),
    TableColumn("Охвачено (возможно), чел.", 12),
    TableColumn("Всего, чел.", 9),
    TableColumn("Доля (доказано)", 12, "share"),
    TableColumn("Доля (возможно)", 12, "share"),
    TableColumn("Цель", 10, "share"),
    TableColumn("Не хватает до цели, чел.", 12),
    TableColumn("По «Кадрам» (справочно), чел.", 13),
    TableColumn("Данные ОО", 12),
)
UNITS = (
    TableColumn("Код ОО", 10),
    TableColumn("ОО", 34),
    TableColumn("Охвачено (доказано), чел.", 13),
    TableColumn("Охвачено (возможно), чел.", 13),
    TableColumn("Всего, чел.", 10),
    TableColumn("Доля (доказано)", 12, "share"),
    TableColumn("Доля (возможно)", 12, "share"),
    TableColumn("Не хватает до цели, чел.", 12),
    TableColumn("По «Кадрам» (справочно), чел.", 14),
    TableColumn("Примечание", 36),
)
PERSONS = (
    TableColumn("Код", 10),
    TableColumn("ОО", 30),
    TableColumn("ФИО", 34),
    TableColumn("Учтён", 13),
    TableColumn("Основание", 50),
    TableColumn("Лист", 20),
    TableColumn("Строка", 9, "center"),
    TableColumn("Приём №", 9, "center"),
)
OF = "{count} из {total}"
ALL = "Итого по ОО с полными данными"
NO_STAFF, NO_BASE, NEITHER = "нет формы «Кадры»", "нет баз", "нет формы «Кадры» и баз"
SKIPPED = "не учтена: {reason}"
CERTAINTY = {"proven": "доказано", "possible": "возможно"}
NO_NAME = "(имя не показано: нет согласия)"


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the figures twice: with the persons behind them, and without for the region."""
    return (
        Document("KPI70", TITLE, "municipality", "xlsx", write),
        Document("KPI70R", f"{TITLE} для региона", "region", "xlsx", write_region),
    )


def write(view: PublishView) -> bytes:
    """Return the figures by school with the persons behind them; stays in the municipality."""
    persons = Page("Кто учтён", PERSONS_TITLE, PERSONS, person_rows(view), frozen=3)
    return to_xlsx(view, [*_pages(view), persons], forms=_FORMS, counts=_counts(view))


def write_region(view: PublishView) -> bytes:
    """Return the figures by school; nobody is named."""
    return to_xlsx(view, _pages(view), forms=_FORMS, counts=_counts(view), signed=False)


_FORMS = ("F04", "F05", "F08")


def _counts(view: PublishView) -> dict[str, Shown]:
    return {"Показателей": len(view.indicators), "ОО": len(view.reporting_units())}


def _pages(view: PublishView) -> list[Page]:
    results = [view.indicators[code] for code in sorted(view.indicators)]
    return [
        Page(
            "Показатели",
            TITLE,
            SUMMARY,
            [_summary(result) for result in results],
            _notes(results),
            (),
            2,
        ),
        *(
            Page(
                BY_UNIT.format(code=result.code),
                NOTE.format(code=result.code, text=result.title),
                UNITS,
                unit_rows(view, result),
                frozen=2,
            )
            for result in results
        ),
    ]


def _notes(results: Sequence[IndicatorResult]) -> list[str]:
    """Notes of each indicator under its code, then once what several have in common."""
    often = Counter(text for result in results for text in result.notes)
    own = [
        NOTE.format(code=result.code, text=text)
        for result in results
        for text in (*result.notes, *_target(result))
        if often[text] < 2
    ]
    return [*own, *(text for text, times in often.items() if times > 1)]


def _target(result: IndicatorResult) -> tuple[str, ...]:
    return (TARGET.format(source=result.source),) if result.source else ()


def _summary(result: IndicatorResult) -> tuple[Shown, ...]:
    return (
        result.code,
        result.title,
        result.numerator_low,
        result.numerator_high,
        result.denominator,
        result.low,
        result.high,
        result.target,
        result.missing,
        result.control,
        OF.format(count=result.units_counted, total=result.units_total),
    )


def unit_rows(view: PublishView, result: IndicatorResult) -> list[tuple[Shown, ...]]:
    """Return a row per school and the total; a school that is not summed says why."""
    names = unit_names(view)
    rows = [
        _row(line.unit, names.get(line.unit, line.unit), line, result.target)
        for line in result.breakdown
    ]
    total = IndicatorUnit(
        "", result.numerator_low, result.numerator_high, result.denominator, result.control
    )
    return [*rows, _row("", ALL, total, result.target)]


def _row(code: str, name: str, line: IndicatorUnit, target: float | None) -> tuple[Shown, ...]:
    low, high, n = line.numerator_low, line.numerator_high, line.denominator
    both = low is not None and n is not None
    return (
        code,
        name,
        low,
        high,
        n,
        low / n if low is not None and n else None,
        high / n if high is not None and n else None,
        missing_to(target, low or 0, n or 0) if both else None,
        line.control,
        None if both else SKIPPED.format(reason=_reason(line)),
    )


def _reason(line: IndicatorUnit) -> str:
    if line.denominator is None:
        return NEITHER if line.numerator_low is None else NO_STAFF
    return NO_BASE


def person_rows(view: PublishView) -> list[tuple[Shown, ...]]:
    """Return who counts in which indicator, why, and the row that says so."""
    names = unit_names(view)
    rows: Mapping[str, Mapping[str, Any]] = {
        row["row_id"]: row for form in view.plans for row in base_rows(view, form)
    }
    found: list[tuple[Shown, ...]] = []
    for code in sorted(view.indicators):
        for person in view.indicators[code].persons:
            row = rows.get(person.row_id, {})
            found.append(
                (
                    code,
                    names.get(person.unit, person.unit),
                    person.name if consents(row) else NO_NAME,
                    CERTAINTY[person.certainty],
                    person.reason,
                    row.get("sheet"),
                    row.get("line"),
                    row.get("submission"),
                )
            )
    return found
