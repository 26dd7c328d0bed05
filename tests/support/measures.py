"""A form of an outside plugin with given rows and two stages: how «Мониторинг» will be asked."""

from __future__ import annotations

import io
import types

import openpyxl

from contracts.columns import STAGE, choice, column
from contracts.form import About, Form, at_most
from contracts.plan import Term, Vocabulary
from contracts.vocabularies import MENTORING_FORM
from contracts.vocabularies import STAGE as STAGES
from pipeline import hookimpl

GROUP = Vocabulary("group", "Участники", (Term("наставники"), Term("наставляемые")))
SCALE = Vocabulary("scale", "Шкала", (Term("1–10"), Term("1–5"), Term("0–100")))
ROWS = (
    ("учитель – учитель", "наставники"),
    ("учитель – учитель", "наставляемые"),
    ("ученик – ученик", "наставники"),
    ("ученик – ученик", "наставляемые"),
)


class Measures(Form):
    """Замер по формам и группам."""

    _about = About(
        code="M09",
        name="measures",
        title="Замер",
        sheet="9 Замер",
        help="Средние баллы анкет по формам и группам.",
        layout="matrix",
        key=("mentoring_form", "group"),
        titles="замер | замеры по анкетам",
        due="baseline 10-15 | final 05-31",
        stages=("baseline", "final"),
        rows=ROWS,
        rules=(at_most("respondents", "participants"),),
    )

    mentoring_form = choice(MENTORING_FORM, required="error", leave="agg")
    group = choice(GROUP, required="error", leave="agg")
    participants = column("Участников", "int", required="error", example="12", leave="agg")
    respondents = column("Опрошено", "int", required="error", example="10", leave="agg")
    scale = choice(SCALE, required="remark", example="1–10", leave="agg")
    motivation = column("Мотивация", "decimal", example="7,5", leave="agg")
    stage = STAGE

    _spelled = """
        participants: всего в программе | охвачено
        respondents: прошли анкету
    """


PLAN = Measures.plan()


@hookimpl
def register_contracts():
    """The form, as a municipality's own plugin brings it."""
    return (Measures,)


@hookimpl
def register_vocabularies():
    """The lists that no built-in form uses."""
    return (GROUP, SCALE, STAGES)


def plugin():
    """An outside plugin as `open_exchange` takes it."""
    made = types.ModuleType("nastavnik_measures")
    made.register_contracts = register_contracts
    made.register_vocabularies = register_vocabularies
    return made


# Row by row as in `ROWS`: participants, respondents, scale, motivation.
GOOD = ((12, 10, "1–10", 7.5), (30, 30, "1–10", 6), (4, 4, "1–5", 4.25), (9, 0, "1–10", None))


def typed(blank, sheet, answers=GOOD):
    """The blank after a person typed the answers beside the labels, and saved it."""
    book = openpyxl.load_workbook(blank if isinstance(blank, (str, bytes)) else str(blank))
    page = book[sheet]
    head = next(r for r in page.iter_rows(max_row=9) if r[0].value and len(r) > 3 and r[3].value)
    for number, values in enumerate(answers, head[0].row + 1):
        for place, value in enumerate(values, 3):
            page.cell(number, place, value)
    return saved(book)


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def made(*sheets):
    """A workbook a school made itself: (name of the sheet, rows of cells) each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    return saved(book)
