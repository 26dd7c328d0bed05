"""«Показатели»: every indicator in full, with n/N beside its share, and who stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import About, Page, files_of, to_xlsx
from pipeline.publication.people import consents
from pipeline.publication.rates import missing_to
from pipeline.render.rows import row_streams, row_writer
from pipeline.render.values import Shown, TableColumn
from pipeline.views import (
    IndicatorPerson,
    IndicatorResult,
    IndicatorUnit,
    Piece,
    Pieces,
    PublishView,
)

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


_FORMS = ("F04", "F05", "F08")


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the figures twice: with the persons behind them, and without for the region."""
    region = f"{TITLE} для региона"
    return (
        Document("KPI70", TITLE, "municipality", "xlsx", pieces=pieces, join=join),
        Document("KPI70R", region, "region", "xlsx", pieces=region_pieces, join=join_region),
    )


def pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return who of a unit stands behind each figure; stays in the municipality."""
    shares = view.shares.items()
    listed = {code: _persons(view, code, share.persons) for code, share in shares}
    return {**region_pieces(view), **listed}


def region_pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return nothing but from which files the figures of a unit are."""
    return {"about": Piece(facts={"files": files_of(view, _FORMS)})}


def join(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write the figures by school with the persons behind them."""
    files: set[int] = set()
    codes = sorted(view.indicators)
    units = {code: {line.unit for line in view.indicators[code].breakdown} for code in codes}
    with row_streams(len(codes)) as streams:
        for unit, made in pieces:
            files.update(made["about"].facts["files"])
            for code, stream in zip(codes, streams, strict=True):
                if code in made and unit in units[code]:
                    stream.add(made[code])
        for code, stream in zip(codes, streams, strict=True):
            persons = view.indicators[code].persons
            if not stream.count and persons:
                # Computed from the whole view: its persons are in no piece.
                stream.add(_persons(view, code, persons))
        if streams:
            # One table: by indicator, then by unit.
            for other in streams[1:]:
                streams[0].extend(other)
        rows = streams[0] if streams else ()
        listed = Page("Кто учтён", PERSONS_TITLE, PERSONS, rows, frozen=3)
        to_xlsx(view, [*_pages(view), listed], target, _about(view, files))


def join_region(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write the figures by school; nobody is named."""
    files = {file for _unit, made in pieces for file in made["about"].facts["files"]}
    to_xlsx(view, _pages(view), target, _about(view, files), signed=False)


def _about(view: PublishView, files: set[int]) -> About:
    counts = {"Показателей": len(view.indicators), "ОО": len(view.reporting_units())}
    return About(_FORMS, len(files), counts)


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
    rows = [
        _row(line.unit, view.unit_name(line.unit), line, result.target) for line in result.breakdown
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


def _persons(view: PublishView, code: str, persons: Iterable[IndicatorPerson]) -> Piece:
    """Who of a unit counts in an indicator, why, and the row that says so."""
    rows = view.cached("rows by id", _rows_by_id)
    found = []
    for person in persons:
        row = rows.get(person.row_id, {})
        found.append(
            (
                code,
                view.unit_name(person.unit),
                person.name if consents(row) else NO_NAME,
                CERTAINTY[person.certainty],
                person.reason,
                row.get("sheet"),
                row.get("line"),
                row.get("submission"),
            )
        )
    return row_writer(PERSONS).piece(found)


def _rows_by_id(view: PublishView) -> Mapping[str, Mapping[str, Any]]:
    return {row["row_id"]: row for form in view.plans for row in view.base_rows(form)}
