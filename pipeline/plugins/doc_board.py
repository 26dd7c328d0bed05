"""D17 «Светофор сдачи»: who sent what, how complete and in time it is, whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import About, Page, files_of, to_xlsx
from pipeline.publication.overdue import Contacts, calls, contacts
from pipeline.publication.rates import rates
from pipeline.render.values import Shown, TableColumn, Tinted
from pipeline.views import BoardLine, BoardState, Piece, Pieces, PublishView

TITLE = "Светофор сдачи"
TOTALS_TITLE = "Итоги сдачи по формам"
CALLS_TITLE = "Кому позвонить"

# Each state with its word and its colour.
STATES: dict[BoardState, tuple[str, str]] = {
    "accepted": ("принято", "good"),
    "accepted_with_remarks": ("принято с замечаниями", "good"),
    "accepted_partly": ("принято частично", "doubt"),
    "nil": ("данных нет", "quiet"),
    "held": ("отложено", "doubt"),
    "rejected": ("не принято", "bad"),
    "none": ("не сдано", "none"),
}
LATE = "{state}, просрочено"
STILL = "{state}, действует приём № {number}"
FORM = "{title}\nдо {day}"
TOTALS = (
    TableColumn("Форма", 30),
    TableColumn("Срок", 12),
    TableColumn("Должны сдать", 10),
    *(TableColumn(word[:1].upper() + word[1:], 13) for word, _ in STATES.values()),
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
    lines = {(line.unit, line.form): line for line in view.board}
    codes = sorted({line.unit for line in view.board})
    return [
        [code, view.unit_name(code), *(_tinted(lines.get((code, form))) for form in view.plans)]
        for code in codes
    ]


def _tinted(line: BoardLine | None) -> Tinted:
    if line is None:
        return Tinted("", "none")
    word, tone = STATES[line.state]
    if line.late:
        return Tinted(LATE.format(state=word), "bad")
    if line.state in ("rejected", "held") and line.in_force is not None:
        return Tinted(STILL.format(state=word, number=line.in_force), tone)
    return Tinted(word, tone)


def _columns(view: PublishView) -> tuple[TableColumn, ...]:
    days = {line.form: line.due for line in view.board if line.due}
    titles = [
        FORM.format(title=plan.title, day=f"{days[code]:%d.%m}") if code in days else plan.title
        for code, plan in view.plans.items()
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
    for form, plan in view.plans.items():
        lines = [line for line in view.board if line.form == form and line.unit in asked]
        states = Counter(line.state for line in lines)
        rate = rates(lines, schools, form)
        row: list[Shown] = [
            plan.title,
            next((line.due for line in lines if line.due), None),
            rate.expected,
            *(states[state] for state in STATES),
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
