"""D02: annexes to the order on the register of schools and the list of curators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import Page, to_xlsx, unit_names
from pipeline.publication.people import base_rows
from pipeline.render.values import Shown, TableColumn, phones_text
from pipeline.views import PublishView

ANNEX = (
    "Приложение № {number}",
    "к приказу ______________________",
    "от «____» __________ 20___ г. № ______",
)
SCHOOLS_TITLE = "Реестр образовательных организаций, внедряющих целевую модель наставничества"
CURATORS_TITLE = (
    "Список кураторов внедрения целевой модели наставничества в образовательных организациях"
)
SCHOOLS = (
    TableColumn("№", 5, "center"),
    TableColumn("Наименование ОО (краткое по уставу)", 26),
    TableColumn("ИНН", 13),
    TableColumn("Адрес, сайт", 36),
    TableColumn("Руководитель", 26),
    TableColumn("Формы наставничества", 26),
    TableColumn("Дата начала внедрения", 14),
    TableColumn("Приказ ОО (№, дата)", 22),
)
CURATORS = (
    TableColumn("№", 5, "center"),
    TableColumn("ОО", 26),
    TableColumn("ФИО куратора", 30),
    TableColumn("Должность", 26),
    TableColumn("Телефон (служебный)", 20),
    TableColumn("E-mail", 26),
    TableColumn("Приказ о назначении", 22),
    TableColumn("КПК (да/нет, год)", 14),
)
NOT_YET = "Не внедряют по карточке ОО: {names}."
NO_CARD = "Карточку ОО не подали: {names}."
NO_CURATOR = "Действующий куратор не назван: {names}."


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the register of schools and the list of curators as one file."""
    title = "Реестр ОО и список кураторов"
    return (Document("D02", title, "municipality", "xlsx", write),)


def write(view: PublishView) -> bytes:
    """Return the workbook with both annexes."""
    schools, curators = school_rows(view), curator_rows(view)
    pages = (
        Page("Приложение № 1", SCHOOLS_TITLE, SCHOOLS, schools, _cards(view), _annex(1), 2),
        Page("Приложение № 2", CURATORS_TITLE, CURATORS, curators, _vacant(view), _annex(2), 2),
    )
    counts = {"ОО в реестре": len(schools), "Кураторов": len(curators)}
    return to_xlsx(view, pages, forms=("F01", "F02"), counts=counts)


def school_rows(view: PublishView) -> list[tuple[Shown, ...]]:
    """Return the register: schools whose card says that they implement the model."""
    cards = [row for row in base_rows(view, "F01") if row["implements"] is True]
    return [
        (
            number,
            row["short_name"],
            row["inn"],
            _lines(row["address"], row["site"]),
            _lines(row["head_fio"], row["head_position"]),
            row["mentoring_forms"],
            row["start_date"],
            row["order"],
        )
        for number, row in enumerate(cards, 1)
    ]


def curator_rows(view: PublishView) -> list[tuple[Shown, ...]]:
    """Return the curators of the day, in the order of the schools."""
    names = unit_names(view)
    return [
        (
            number,
            names.get(row["unit"], row["unit"]),
            row["fio"],
            row["position"],
            phones_text(row["phone"] or ""),
            row["email"],
            row["order"],
            _courses(row),
        )
        for number, row in enumerate(_current(view), 1)
    ]


def _annex(number: int) -> tuple[str, ...]:
    return tuple(line.format(number=number) for line in ANNEX)


def _current(view: PublishView) -> list[Mapping[str, Any]]:
    rows = base_rows(view, "F02")
    return [row for row in rows if row["until"] is None or row["until"] >= view.today]


def _courses(row: Mapping[str, Any]) -> str | None:
    if not row["kpk_done"]:
        return None if row["kpk_done"] is None else "нет"
    return f"да, {row['kpk_year']}" if row["kpk_year"] else "да"


def _vacant(view: PublishView) -> list[str]:
    return _listed(NO_CURATOR, _without(view, _current(view)))


def _cards(view: PublishView) -> list[str]:
    idle = [row["short_name"] for row in base_rows(view, "F01") if row["implements"] is not True]
    return [
        *_listed(NOT_YET, idle),
        *_listed(NO_CARD, _without(view, base_rows(view, "F01"))),
    ]


def _without(view: PublishView, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Schools of the day that none of *rows* speaks of."""
    given = {row["unit"] for row in rows}
    return [unit.short_name for unit in view.reporting_units() if unit.code not in given]


def _listed(template: str, names: Sequence[str]) -> list[str]:
    return [template.format(names=", ".join(names))] if names else []


def _lines(*texts: str | None) -> str | None:
    return "\n".join(text for text in texts if text) or None
