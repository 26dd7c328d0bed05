"""D06 and D07: the единые базы of mentors and mentees in the official form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import count
from typing import Any, BinaryIO

from contracts.plan import LIST_SEPARATOR
from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import (
    About,
    Page,
    files_of,
    official,
    official_columns,
    to_xlsx,
)
from pipeline.publication.people import PERSON_ID, consents, is_code, refused
from pipeline.render.rows import RUNNING, RowStream, Value, row_streams, row_writer
from pipeline.render.values import Shown, TableColumn
from pipeline.text import person_key
from pipeline.views import Piece, Pieces, PublishView

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
        Document("D06", MENTORS, "municipality", "xlsx", pieces=mentor_pieces, join=join_mentors),
        Document("D07", MENTEES, "municipality", "xlsx", pieces=mentee_pieces, join=join_mentees),
    )


def mentor_pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return a unit's rows of the base of mentors: 16 official columns, where each is from."""
    return {"list": _list(view, "F04"), "origins": _origins(view, "F04")}


def join_mentors(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write the base of mentors."""
    with row_streams(2) as (rows, origins):
        tally = _Tally()
        for _unit, made in pieces:
            tally.add(made, rows, origins)
        pages = (
            _official(view, "F04", "Наставники", MENTORS, tally, rows),
            Page("Служебный", SERVICE_TITLE, SERVICE, origins),
        )
        to_xlsx(view, pages, target, tally.about("F04"))


def mentee_pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return a unit's rows of the base of mentees: 13 official columns, requests, who waits."""
    return {
        "list": _list(view, "F05"),
        "requests": Piece(facts=_requests(view)),
        "waiting": _waiting(view),
        "origins": _origins(view, "F05"),
    }


def join_mentees(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write the base of mentees."""
    with row_streams(3) as (rows, waiting, origins):
        tally, requests = _Tally(), _Requests()
        for _unit, made in pieces:
            numbers = (rows.count + n for n in made["waiting"].facts["numbers"])
            waiting.add(made["waiting"], numbers)
            requests.add(made["requests"].facts)
            tally.add(made, rows, origins)
        pages = (
            _official(view, "F05", "Наставляемые", MENTEES, tally, rows),
            Page("Запросы", REQUESTS_TITLE, REQUESTS, requests.rows(), (SEVERAL,)),
            Page("Ждут наставника", WAITING_TITLE, WAITING, waiting),
            Page("Служебный", SERVICE_TITLE, SERVICE, origins),
        )
        to_xlsx(view, pages, target, tally.about("F05"))


@dataclass(slots=True)
class _Tally:
    """What is counted in a base over all units."""

    listed: int = 0
    units_listed: int = 0
    rows: int = 0
    units: int = 0
    prior: int = 0
    persons: int = 0
    codes: bool = False
    files: set[int] = field(default_factory=set)

    def add(self, made: Mapping[str, Piece], rows: RowStream, origins: RowStream) -> None:
        """Add a unit's rows to the sheets, numbered on, and its counts."""
        facts, number = made["list"].facts, rows.count + 1
        rows.add(made["list"], count(number))
        origins.add(made["origins"], count(number))
        self.listed += made["list"].count
        self.units_listed += made["list"].count > 0
        self.rows += made["origins"].count
        self.units += made["origins"].count > 0
        self.prior += facts["prior"]
        self.persons += facts["persons"]
        self.codes |= facts["codes"]
        self.files.update(facts["files"])

    def about(self, form: str) -> About:
        """Return what «Сведения» says of the base."""
        counts: dict[str, Shown] = {
            "Строк в базе": self.rows,
            "Строк в списке": self.listed,
            "Строк без согласия": self.rows - self.listed,
            "Человек в базе": self.persons,
            "Организаций": self.units,
        }
        return About((form,), len(self.files), counts)


@dataclass(slots=True)
class _Requests:
    """How many requests there are by category, and how many have found a mentor."""

    all: int = 0
    mentored: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    paired: Counter[str] = field(default_factory=Counter)

    def add(self, facts: Mapping[str, Any]) -> None:
        """Add the counts of a unit."""
        self.all += facts["all"]
        self.mentored += facts["mentored"]
        self.asked.update(facts["asked"])
        self.paired.update(facts["paired"])

    def rows(self) -> list[tuple[Shown, ...]]:
        """Return a row per category, the most asked first, and the total."""
        order = sorted(self.asked, key=lambda name: (name == NO_CATEGORY, -self.asked[name], name))
        lines = [(name, self.asked[name], self.paired[name]) for name in order]
        lines.append((TOTAL, self.all, self.mentored))
        return [(name, n, done, n - done, done / n if n else None) for name, n, done in lines]


def listed_rows(view: PublishView, form: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of the named list in its order: those whose person consented.

    A partner who refused is not named in them either.
    """
    return view.cached(f"list of {form}", partial(_listed_rows, form))


def _listed_rows(form: str, view: PublishView) -> list[Mapping[str, Any]]:
    hidden, partner = refused(view), view.plans[form].counterpart
    listed = [row for row in view.base_rows(form) if consents(row)]
    if not partner or not hidden:
        return listed
    return [_with_partners(row, partner, hidden) for row in listed]


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


def _requests(view: PublishView) -> dict[str, Any]:
    asked: Counter[str] = Counter()
    paired: Counter[str] = Counter()
    rows = view.base_rows("F05")
    for row in rows:
        for category in (row["request_category"] or NO_CATEGORY).split(LIST_SEPARATOR):
            asked[category] += 1
            paired[category] += row["mentor_fio"] is not None
    mentored = sum(row["mentor_fio"] is not None for row in rows)
    return {"all": len(rows), "mentored": mentored, "asked": asked, "paired": paired}


def _waiting(view: PublishView) -> Piece:
    """Who of the named list has no mentor yet, with their numbers in the unit's list."""
    listed = enumerate(listed_rows(view, "F05"), 1)
    waiting = [(number, row) for number, row in listed if row["mentor_fio"] is None]
    rows = (
        (
            RUNNING,
            view.unit_name(row["unit"]),
            row["mentee_fio"],
            row["mentoring_form"],
            row["request_category"],
            row["request_text"],
        )
        for _number, row in waiting
    )
    return row_writer(WAITING).piece(rows, numbers=[number for number, _row in waiting])


def _origins(view: PublishView, form: str) -> Piece:
    """Where each row in force came from; one that is not listed has no number and no name."""
    rows = view.base_rows(form)
    listed = list(map(consents, rows))
    prior = [bool(row["prior"]) for row in rows]
    places = ([row[name] for row in rows] for name in ("submission", "sheet", "line"))
    columns: list[Sequence[Value]] = [
        [RUNNING if yes else None for yes in listed],
        [row["unit"] for row in rows],
        [view.unit_name(row["unit"]) for row in rows],
        *places,
        listed,
        prior,
        list(map(_marks, listed, prior)),
    ]
    return row_writer(SERVICE).piece_of_columns(columns)


@cache
def _marks(listed: bool, prior: bool) -> str | None:  # given by `map`
    marks = (None if listed else NO_CONSENT, PRIOR_ROW if prior else None)
    return "; ".join(filter(None, marks)) or None


def _list(view: PublishView, form: str) -> Piece:
    plan, listed, every = view.plans[form], listed_rows(view, form), view.base_rows(form)
    return row_writer(official(plan)).piece_of_columns(
        official_columns(plan, listed),
        prior=sum(bool(row["prior"]) for row in every),
        persons=len({row.get(PERSON_ID, row["row_id"]) for row in every}),
        codes=plan.person is not None and any(is_code(row[plan.person]) for row in listed),
        files=files_of(view, (form,)),
    )


def _official(
    view: PublishView, form: str, name: str, title: str, tally: _Tally, rows: RowStream
) -> Page:
    notes = [COUNTED.format(rows=tally.listed, units=tally.units_listed)]
    if tally.rows > tally.listed:
        notes.append(LEFT_OUT.format(count=tally.rows - tally.listed))
    if tally.prior:
        notes.append(PRIOR.format(count=tally.prior))
    if tally.codes:
        notes.append(NO_NAMES)
    return Page(name, title, official(view.plans[form]), rows, notes, frozen=2)
