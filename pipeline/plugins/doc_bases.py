"""D06 and D07: the единые базы of mentors and mentees in the official form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

from contracts.plan import LIST_SEPARATOR
from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import Page, official, official_values, to_xlsx, unit_names
from pipeline.publication.people import PERSON_ID, base_rows, consents, is_code, refused
from pipeline.render.values import Shown, TableColumn
from pipeline.text import person_key
from pipeline.views import PublishView

MENTORS, MENTEES = "Единая муниципальная база наставников", "База наставляемых с перечнем запросов"
SERVICE_TITLE = "Откуда каждая строка списка"
REQUESTS_TITLE = "Запросы наставляемых"
WAITING_TITLE = "Ждут наставника"
SERVICE = (
    TableColumn("№ в списке", 9, "center"),
    TableColumn("Код ОО", 12),
    TableColumn("ОО", 30),
    TableColumn("Приём №", 9, "center"),
    TableColumn("Лист", 20),
    TableColumn("Строка", 9, "center"),
    TableColumn("Согласие", 11),
    TableColumn("Прежние данные", 11),
    TableColumn("Примечание", 44),
)
REQUESTS = (
    TableColumn("Категория запроса", 40),
    TableColumn("Запросов", 12),
    TableColumn("Наставник подобран", 13),
    TableColumn("Ждут наставника", 12),
    TableColumn("Доля подобранных", 13, "share"),
)
WAITING = (
    TableColumn("№ в базе", 8, "center"),
    TableColumn("ОО", 28),
    TableColumn("Наставляемый", 32),
    TableColumn("Форма наставничества", 22),
    TableColumn("Категория запроса", 26),
    TableColumn("Основной запрос", 44),
)
LEFT_OUT = "Строк без согласия на обработку персональных данных: {count}. В список они не включены."
PRIOR = "Строк с прежними данными: {count}. Новые версии этих строк не приняты."
COUNTED = "В списке строк: {rows}, ОО: {units}."
NO_CONSENT = "не включена в список: нет согласия"
PRIOR_ROW = "новая версия строки не принята, действует прежняя"
REFUSED = "(нет согласия)"
NO_CATEGORY = "не указана"
TOTAL = "Всего запросов"
SEVERAL = "Запрос с несколькими категориями учтён в каждой. Строки без согласия учтены в числах."
NO_NAMES = "Обучающиеся названы кодами: имена и контакты несовершеннолетних не собираются."


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the base of mentors and the base of mentees."""
    return (
        Document("D06", MENTORS, "municipality", "xlsx", write_mentors),
        Document("D07", MENTEES, "municipality", "xlsx", write_mentees),
    )


def write_mentors(view: PublishView) -> bytes:
    """Return the base of mentors: 16 official columns, and where each row is from."""
    pages = (_official(view, "F04", "Наставники", MENTORS), _service(view, "F04"))
    return to_xlsx(view, pages, forms=("F04",), counts=_counts(view, "F04"))


def write_mentees(view: PublishView) -> bytes:
    """Return the base of mentees: 13 official columns, requests, who waits, sources."""
    pages = (
        _official(view, "F05", "Наставляемые", MENTEES),
        Page("Запросы", REQUESTS_TITLE, REQUESTS, request_rows(view), (SEVERAL,)),
        Page("Ждут наставника", WAITING_TITLE, WAITING, waiting_rows(view)),
        _service(view, "F05"),
    )
    return to_xlsx(view, pages, forms=("F05",), counts=_counts(view, "F05"))


def listed_rows(view: PublishView, form: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of the named list in its order: those whose person consented.

    A partner who refused is not named in them either.
    """
    return view.cached(f"list of {form}", partial(_listed_rows, form))


def _listed_rows(form: str, view: PublishView) -> list[Mapping[str, Any]]:
    hidden, partner = refused(view), view.plans[form].counterpart
    listed = (row for row in base_rows(view, form) if consents(row))
    return [_with_partners(row, partner, hidden) if partner else row for row in listed]


def _with_partners(
    row: Mapping[str, Any], column: str, hidden: Container[tuple[str, str]]
) -> Mapping[str, Any]:
    shown = _partners(row, column, hidden)
    return row if shown == row[column] else {**row, column: shown}


def _partners(
    row: Mapping[str, Any], column: str, hidden: Container[tuple[str, str]]
) -> str | None:
    names = (row[column] or "").split(LIST_SEPARATOR)
    shown = [
        # A code names nobody.
        REFUSED if (row["unit"], person_key(name)) in hidden and not is_code(name) else name
        for name in names
    ]
    return LIST_SEPARATOR.join(shown) or None


def request_rows(view: PublishView) -> list[tuple[Shown, ...]]:
    """Return, by category, how many requests there are and how many have found a mentor."""
    asked: Counter[str] = Counter()
    paired: Counter[str] = Counter()
    rows = base_rows(view, "F05")
    for row in rows:
        for category in (row["request_category"] or NO_CATEGORY).split(LIST_SEPARATOR):
            asked[category] += 1
            paired[category] += row["mentor_fio"] is not None
    order = sorted(asked, key=lambda name: (name == NO_CATEGORY, -asked[name], name))
    lines = [(name, asked[name], paired[name]) for name in order]
    lines.append((TOTAL, len(rows), sum(row["mentor_fio"] is not None for row in rows)))
    return [(name, n, done, n - done, done / n if n else None) for name, n, done in lines]


def waiting_rows(view: PublishView) -> list[tuple[Shown, ...]]:
    """Return who of the named list has no mentor yet, with the number in the list."""
    names = unit_names(view)
    return [
        (
            number,
            names.get(row["unit"], row["unit"]),
            row["mentee_fio"],
            row["mentoring_form"],
            row["request_category"],
            row["request_text"],
        )
        for number, row in enumerate(listed_rows(view, "F05"), 1)
        if row["mentor_fio"] is None
    ]


def service_rows(view: PublishView, form: str) -> list[tuple[Shown, ...]]:
    """Return for each row in force its number in the list and where it came from.

    A row that is not listed has no number and no name here.
    """
    names = unit_names(view)
    numbers = count(1)
    return [
        (
            next(numbers) if consents(row) else None,
            row["unit"],
            names.get(row["unit"], row["unit"]),
            row["submission"],
            row["sheet"],
            row["line"],
            consents(row),
            bool(row["prior"]),
            "; ".join(_marks(row, listed=consents(row))) or None,
        )
        for row in base_rows(view, form)
    ]


def _marks(row: Mapping[str, Any], *, listed: bool) -> list[str]:
    return [*([] if listed else [NO_CONSENT]), *([PRIOR_ROW] if row["prior"] else [])]


def _official(view: PublishView, form: str, name: str, title: str) -> Page:
    plan, listed, every = view.plans[form], listed_rows(view, form), base_rows(view, form)
    rows = [official_values(plan, row, number) for number, row in enumerate(listed, 1)]
    notes = [COUNTED.format(rows=len(rows), units=len({row["unit"] for row in listed}))]
    if len(every) > len(rows):
        notes.append(LEFT_OUT.format(count=len(every) - len(rows)))
    if any(row["prior"] for row in every):
        notes.append(PRIOR.format(count=sum(bool(row["prior"]) for row in every)))
    if plan.person and any(is_code(row[plan.person]) for row in listed):
        notes.append(NO_NAMES)
    return Page(name, title, official(plan), rows, notes, frozen=2)


def _service(view: PublishView, form: str) -> Page:
    return Page("Служебный", SERVICE_TITLE, SERVICE, service_rows(view, form))


def _counts(view: PublishView, form: str) -> dict[str, Shown]:
    rows = base_rows(view, form)
    listed = len(listed_rows(view, form))
    return {
        "Строк в базе": len(rows),
        "Строк в списке": listed,
        "Строк без согласия": len(rows) - listed,
        "Человек в базе": len({row.get(PERSON_ID, row["row_id"]) for row in rows}),
        "Организаций": len({row["unit"] for row in rows}),
    }
