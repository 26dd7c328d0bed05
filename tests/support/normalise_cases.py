"""What the tests of cells share: a day, small vocabularies, and one way to read a cell."""

from __future__ import annotations

from datetime import date

from contracts.plan import Column, Term, Vocabulary
from pipeline.reading.normalise.cells import cleaner

TODAY = date(2026, 11, 22)

FORMS = Vocabulary(
    "forms",
    "Форма наставничества",
    (
        Term("ученик – ученик", ("обучающийся – обучающийся",)),
        Term("учитель – учитель", ("педагог – педагог", "учитель/молодой учитель")),
        Term("студент – ученик"),
    ),
    open=True,
    ambiguous={"У-У": ("ученик – ученик", "учитель – учитель")},
)
CATEGORY = Vocabulary(
    "category",
    "Категория",
    (Term("высшая"), Term("первая"), Term("соответствие", ("СЗД",)), Term("нет"), Term("иное")),
)
VOCABULARIES = {"forms": FORMS, "category": CATEGORY}

SIBLINGS = {
    column.name: column
    for column in (
        Column("kpk_year", "Год КПК", "year"),
        Column("kpk_hours", "Часы", "int", minimum=16, maximum=249),
        Column("consent_date", "Дата согласия", "date"),
        Column("category", "Категория", "enum", vocabulary="category"),
        Column("email", "Электронная почта", "email"),
        Column("position", "Должность", "text"),
        Column("kpp", "КПП", "kpp"),
    )
}


def clean(cell, column, vocabularies, *, shown=None, **words):
    """Clean one cell of *column*."""
    return cleaner(column, vocabularies, **words).read(cell, shown)


def read(cell, kind, *, shown=None, name="x", title="Столбец", **words):
    """Clean *cell* in a column of type *kind* declared with *words*."""
    column = Column(name, title, kind, **words)
    return clean(cell, column, VOCABULARIES, shown=shown, siblings=SIBLINGS, today=TODAY)


def codes(cleaned):
    """Codes of the notices, in their order."""
    return [notice.code for notice in cleaned.notices]
