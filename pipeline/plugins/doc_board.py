"""D17 «Светофор сдачи»: who sent what, how complete and in time it is, whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from pipeline.hookspecs import Document, hookimpl
from pipeline.publication.documents import Col, Page, bind, unit_names
from pipeline.publication.overdue import calls
from pipeline.publication.rates import asked_forms, common_due, rates
from pipeline.render.values import Shown, Toned
from pipeline.views import BoardLine, BoardState, PublishView
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
    Col("Форма", 30),
    Col("Срок", 12),
    Col("Должны сдать", 10),
    *(Col(STATES[state].heading, 13) for state in COLUMNS),
    Col("Просрочено", 12),
    Col("Действует", 11),
    Col("Полнота", 11, "share"),
    Col("В срок", 9),
    Col("Своевременность", 19, "share"),
)
CALLS = (
    Col("№", 5, "center"),
    Col("ОО", 30),
    Col("Чего ждём", 40),
    Col("Срок был", 12),
    Col("Дней", 8, "center"),
    Col("E-mail", 28),
    Col("Телефон", 20),
    Col("Кого спросить", 30),
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
    return (Document("D17", TITLE, "municipality", "xlsx", write),)


def write(view: PublishView) -> bytes:
    """Return the board: schools × forms, totals by form, whom to call."""
    late = call_rows(view)
    schools = len(view.reporting_units())
    notes = [note.format(count=schools) for note in COUNTED]
    pages = (
        Page("Светофор", TITLE, _columns(view), state_rows(view), frozen=2),
        Page("Итоги", TOTALS_TITLE, TOTALS, total_rows(view), notes),
        Page("Кому позвонить", CALLS_TITLE, CALLS, late, () if late else (NOBODY,), frozen=2),
    )
    counts = {"ОО": schools, "Форм": len(view.plans), "ОО с просрочкой": len(late)}
    return bind(view, pages, forms=tuple(view.plans), counts=counts)


def state_rows(view: PublishView) -> list[list[Shown | Toned]]:
    """Return a row per unit: code, name, and the state of each form on its colour."""
    lines = {(line.unit, line.form, line.stage): line for line in view.board}
    asked = [
        ((form, stage), common_due(view.board, form, stage))
        for form, stage, _title in asked_forms(view.plans)
    ]
    names = unit_names(view)
    codes = sorted({line.unit for line in view.board})
    return [
        [
            code,
            names.get(code, code),
            *(_toned(lines.get((code, *form)), due) for form, due in asked),
        ]
        for code in codes
    ]


def _toned(line: BoardLine | None, common: date | None) -> Toned:
    if line is None:
        return Toned("", "none")
    words = STATES[line.state]
    if line.late:
        return Toned(LATE.format(state=words.long), "bad")
    if line.due and line.due != common and line.in_force is None:
        return Toned(OWN_DAY.format(state=words.long, day=f"{line.due:%d.%m.%Y}"), words.tone)
    if line.state in ("rejected", "held") and line.in_force is not None:
        return Toned(STILL.format(state=words.long, number=line.in_force), words.tone)
    return Toned(words.long, words.tone)


def _columns(view: PublishView) -> list[Col]:
    titles = [
        FORM.format(title=title, day=f"{due:%d.%m}") if due else title
        for form, stage, title in asked_forms(view.plans)
        for due in (common_due(view.board, form, stage),)
    ]
    return [Col("Код ОО", 10), Col("ОО", 30), *(Col(title, 22) for title in titles)]


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


def call_rows(view: PublishView) -> list[tuple[Shown, ...]]:
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
        for number, call in enumerate(calls(view), 1)
    ]
