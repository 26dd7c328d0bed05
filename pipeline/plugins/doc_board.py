"""D17 «Светофор сдачи»: who sent what, how complete and in time it is, whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import About, Page, files_of, to_xlsx
from pipeline.publication.overdue import Contacts, calls, contacts
from pipeline.publication.rates import asked_forms, common_due, rates
from pipeline.render.values import Shown, TableColumn, Tinted
from pipeline.views import BoardLine, BoardState, Piece, Pieces, PublishView
from pipeline.words import STATES

TITLE = "Светофор сдачи"
TOTALS_TITLE = "Итоги сдачи по формам"
CALLS_TITLE = "Кому позвонить"

# States in the order of the totals.
COLUMNS: tuple[BoardState, ...] = (
    *("accepted", "accepted_with_remarks", "accepted_partly", "nil", "held", "rejected", "none"),
)
LATE = "{state}, просрочено"
OWN_DAY = "{state}, срок {day}"
STILL = "{state}, действует приём № {number}"
FORM = "{title}\nдо {day}"
TOTALS = (
    TableColumn("Форма", 30),
    TableColumn("Срок", 12),
    TableColumn("Должны сдать", 10),
    *(TableColumn(STATES[state].heading, 13) for state in COLUMNS),
    TableColumn("Просрочено", 12),
    TableColumn("Действует", 11),
    TableColumn("Полнота", 11, "share"),
    TableColumn("В срок", 9),
    TableColumn("Своевременность", 19, "share"),
)
CALLS = (
    TableColumn("№", 5, "center"),
    TableColumn("ОО", 30),
    TableColumn("Чего ждём", 40),
    TableColumn("Срок был", 12),
    TableColumn("Дней", 8, "center"),
    TableColumn("E-mail", 28),
    TableColumn("Телефон", 20),
    TableColumn("Кого спросить", 30),
)
COUNTED = (
    "Учтены ОО, действующие на день свода: {count}. «Данных нет» – тоже ответ.",
    "Полнота – доля ОО, чьи данные действуют; своевременность – доля ОО, чьи данные впервые "
    "приняты не позже срока.",
)
NOBODY = "Просроченных форм нет."


@hookimpl
def register_documents() -> Sequence[Document]:
    """Register the board."""
    return (Document("D17", TITLE, "municipality", "xlsx", pieces=pieces, join=join),)


def pieces(view: PublishView) -> Mapping[str, Piece]:
    """Return how to reach a unit by what it sent, and from which files that is."""
    return {"reach": Piece(facts={"contacts": contacts(view), "files": files_of(view, view.plans)})}


def join(view: PublishView, pieces: Pieces, target: BinaryIO) -> None:
    """Write the board as of the day: schools × forms, totals by form, whom to call."""
    files: set[int] = set()
    reach: dict[str, Contacts] = {}
    for _unit, made in pieces:
        files.update(made["reach"].facts["files"])
        reach.update(made["reach"].facts["contacts"])
    late = call_rows(view, reach)
    schools = len(view.reporting_units())
    notes = [note.format(count=schools) for note in COUNTED]
    pages = (
        Page("Светофор", TITLE, _columns(view), state_rows(view), frozen=2),
        Page("Итоги", TOTALS_TITLE, TOTALS, total_rows(view), notes),
        Page("Кому позвонить", CALLS_TITLE, CALLS, late, () if late else (NOBODY,), frozen=2),
    )
    counts = {"ОО": schools, "Форм": len(view.plans), "ОО с просрочкой": len(late)}
    to_xlsx(view, pages, target, About(view.plans, len(files), counts))


def state_rows(view: PublishView) -> list[list[Shown | Tinted]]:
    """Return a row per unit: code, name, and the state of each form on its colour."""
    lines = {(line.unit, line.form, line.stage): line for line in view.board}
    asked = [
        ((form, stage), common_due(view.board, form, stage))
        for form, stage, _title in asked_forms(view.plans)
    ]
    codes = sorted({line.unit for line in view.board})
    return [
        [
            code,
            view.unit_name(code),
            *(_tinted(lines.get((code, *form)), due) for form, due in asked),
        ]
        for code in codes
    ]


def _tinted(line: BoardLine | None, common: date | None) -> Tinted:
    if line is None:
        return Tinted("", "none")
    words = STATES[line.state]
    if line.late:
        return Tinted(LATE.format(state=words.long), "bad")
    if line.due and line.due != common and line.in_force is None:
        return Tinted(OWN_DAY.format(state=words.long, day=f"{line.due:%d.%m.%Y}"), words.tone)
    if line.state in ("rejected", "held") and line.in_force is not None:
        return Tinted(STILL.format(state=words.long, number=line.in_force), words.tone)
    return Tinted(words.long, words.tone)


def _columns(view: PublishView) -> tuple[TableColumn, ...]:
    titles = [
        FORM.format(title=title, day=f"{due:%d.%m}") if due else title
        for form, stage, title in asked_forms(view.plans)
        for due in (common_due(view.board, form, stage),)
    ]
    return (
        TableColumn("Код ОО", 10),
        TableColumn("ОО", 30),
        *(TableColumn(title, 22) for title in titles),
    )


def total_rows(view: PublishView) -> list[list[Shown]]:
    """Return a row per form: schools by state, полнота and своевременность."""
    schools = view.reporting_units()
    asked = {unit.code for unit in schools}
    rows = []
    for form, stage, title in asked_forms(view.plans):
        lines = [x for x in view.board if (x.form, x.stage) == (form, stage) and x.unit in asked]
        states = Counter(line.state for line in lines)
        rate = rates(lines, schools, form, stage)
        row: list[Shown] = [
            title,
            common_due(lines, form, stage),
            rate.expected,
            *(states[state] for state in COLUMNS),
            sum(line.late for line in lines),
        ]
        rows.append([*row, rate.given, rate.reporting, rate.on_time, rate.timely])
    return rows


def call_rows(view: PublishView, reach: Mapping[str, Contacts]) -> list[tuple[Shown, ...]]:
    """Return whom to call: the school, the forms it owes, since when, and how to reach it."""
    return [
        (
            number,
            call.name,
            ", ".join(call.forms),
            call.since,
            call.days,
            call.email,
            call.phone,
            call.person,
        )
        for number, call in enumerate(calls(view, reach), 1)
    ]
