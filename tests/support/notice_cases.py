"""Rows that raise a notice each, and twins that must not: a few lines per code of cells and rows.

In a cell «@person», «@other» and «@third» stand for invented people of that row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipeline.demo.files import HEADER_ROW, Cell, Formula, Grid, plans, typed
from pipeline.text import a1, shown_text

OTHER_SCHOOL = "МБОУ «СОШ № 777»"
PLANS = plans()
_ROOTS = ("Бел", "Сер", "Чер", "Вол", "Гор", "Дуб", "Зим", "Кор", "Лес", "Мор", "Рак", "Сол")
_ENDS = ("ков", "нов", "лин", "рин", "сов", "тов", "гин", "дов", "зин", "нев", "шин", "мов")
_PERSON = {
    "F04": {"mentor_fio": "@person", "mentee_fios": "@other"},
    "F05": {"mentee_fio": "@person", "mentor_fio": "@other"},
}


class Said(NamedTuple):
    """A notice as a test expects it."""

    code: str
    severity: str
    sheet: str | None
    cell: str | None
    value: str | None


@dataclass(frozen=True)
class RowCase:
    """What a row changes of the example row, and what must be said at its cell *at*.

    `good` is the twin: what it changes instead. `also` and `good_also` are rows that stand above.
    `value` must stand in the notice where it is not the cell as typed.
    """

    code: str
    severity: str
    form: str
    at: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    good: Mapping[str, Cell] | None = None
    also: Sequence[Mapping[str, Cell]] = ()
    good_also: Sequence[Mapping[str, Cell]] = ()
    value: str | None = None


def mentor(code, severity, at, cell=None, *, good=None, value=None, **beside) -> RowCase:
    """A row of F04 whose only oddity is the cell *at*; *beside* stands in the twin as well."""
    twin = None if good is None else {**beside, at: good}
    return RowCase(code, severity, "F04", at, {**beside, at: cell}, twin, value=value)


def mentee(code, severity, at, cell=None, *, good=None, value=None, **beside) -> RowCase:
    """The same in F05."""
    twin = None if good is None else {**beside, at: good}
    return RowCase(code, severity, "F05", at, {**beside, at: cell}, twin, value=value)


PUPIL = {
    "mentoring_form": "ученик – ученик",
    "mentee_role": "обучающийся",
    "birth_year": 2012,
    "experience_years": None,
    "class_label": "8А",
    "consent_by": "законный представитель",
}

CELLS = (
    mentor("cell_required", "error", "competencies", good="физика"),
    mentor("cell_required", "error", "competencies", "н/д"),
    mentor(
        "cell_formula_error", "error", "competencies", Formula("=1/0", "#DIV/0!"), value="#ДЕЛ/0!"
    ),
    mentor(
        "cell_formula_uncounted",
        "error",
        "competencies",
        Formula("=A1", ""),
        value="формула без значения",
    ),
    mentor("text_repaired", "info", "achievements", "лауре\u0061т", good="лауреат"),
    mentor("text_too_long", "remark", "interests", "ту" * 251, good="ту" * 250),
    mentor("fio_initials", "error", "mentor_fio", "Петрова А.С."),
    mentor("fio_initials", "remark", "mentee_fios", "Сидоров И.П.", good="Сидоров Иван Петрович"),
    mentor("fio_unreadable", "error", "mentor_fio", "8-999"),
    mentor("fio_short", "remark", "mentee_fios", "Сидоров"),
    mentor("fio_job_dropped", "info", "mentee_fios", "Котов Пётр Олегович, учитель"),
    mentor("date_unreadable", "error", "entry_date", "осенью", good="1 сентября 2026 г."),
    mentor("date_impossible", "error", "entry_date", "31.09.2026", good="30.09.2026"),
    mentor("date_is_school_year", "error", "entry_date", "2026-2027"),
    mentor("date_month_only", "remark", "entry_date", "сентябрь 2026"),
    mentor("date_ambiguous", "remark", "consent_date", "01.09.85", good="01.09.26"),
    mentor("date_ambiguous", "remark", "kpk_year", "25"),
    mentee("year_unreadable", "error", "birth_year", "давно", good="1999 г.р."),
    mentor("year_unreadable", "remark", "birth_year", "давно"),
    mentee("year_from_age", "remark", "birth_year", "27 лет"),
    mentee("year_from_date", "info", "birth_year", date(1999, 3, 12), value="дд.мм.1999"),
    mentor("number_unreadable", "remark", "experience_years", "много"),
    mentor("number_fraction", "remark", "experience_years", "2,5", good="2,0"),
    mentor("number_cleaned", "info", "experience_years", "21 год"),
    mentor("number_out_of_range", "remark", "experience_years", 61),
    mentor("bool_unreadable", "remark", "kpk_done", "наверное", good="+"),
    mentor("value_not_in_list", "remark", "consent_by", "директор"),
    mentor("value_other", "remark", "mentor_role", "волонтёр", good="иное: волонтёр"),
    mentee("value_ambiguous", "error", "mentoring_form", "У-У"),
    mentor("value_synonym", "info", "qual_category", "ВКК"),
    mentor("value_split", "info", "kpk_done", "да, 2025", kpk_year=None),
    mentor("value_contradicted", "remark", "kpk_done", "да, 2025", kpk_year=2024),
    mentor("value_leftover", "remark", "contacts", "+7 999 000-00-01, 1234"),
    mentor("phone_unreadable", "remark", "contacts", "спросить у секретаря"),
    mentor("phone_local", "remark", "contacts", "5-00-01", good="8 (38456) 5-00-01"),
    mentor("phone_cleaned", "info", "contacts", "+7 999 000-00-01 вечером"),
    mentor("url_unreadable", "remark", "case_url", "на сайте", good="school101.example.org/a"),
    mentee("class_unreadable", "remark", "class_label", "старшие", good="8 «А» класс"),
    mentor("order_partial", "remark", "order", "№ 160-А", good="160-А 08.09.2026"),
    mentor("age_range_unreadable", "remark", "mentee_age", "молодые", good="от 22"),
)

RULES = (
    RowCase("row_repeated", "info", "F04", "mentor_fio", also=({},)),
    RowCase(
        "person_repeated", "error", "F04", "mentor_fio", {"competencies": "физика"},
        {"competencies": "физика", "mentee_fios": "@third"}, ({},), ({},),
    ),
    RowCase(
        "mentee_paired_twice", "remark", "F05", "mentor_fio", {}, {"mentor_fio": None},
        ({"mentor_fio": "@third"},), ({"mentor_fio": "@third"},),
    ),
    RowCase(
        "mentoring_mutual", "remark", "F05", "mentor_fio", {}, {},
        ({"mentee_fio": "@other", "mentor_fio": "@person"},),
        ({"mentee_fio": "@other", "mentor_fio": "@third"},),
    ),
    mentee("mentor_is_mentee", "error", "mentor_fio", "@person"),
    RowCase(
        "roles_mismatch", "error", "F04", "mentoring_form",
        {"mentor_role": "студент", "birth_year": None, "experience_years": None},
        {"mentor_role": "выпускник"},
    ),
    mentor("form_not_official", "remark", "mentoring_form", "учитель – ученик"),
    mentor("end_before_entry", "error", "end_date", date(2026, 8, 31), results="сданы"),
    mentor("end_too_late", "error", "end_date", date(2028, 9, 1), good=date(2028, 8, 31)),
    mentor("entry_out_of_reach", "error", "entry_date", date(2026, 12, 1), good=date(2026, 11, 30)),
    mentor("entry_out_of_reach", "error", "entry_date", date(2021, 8, 31), good=date(2021, 9, 1)),
    mentee(
        "birth_after_entry", "error", "birth_year", 2021, good=2020,
        entry_date=date(2021, 9, 1), mentee_role="иное", experience_years=None,
    ),
    mentor(
        "birth_after_entry", "remark", "birth_year", 2021, good=2020,
        entry_date=date(2021, 9, 1), mentor_role="иное", experience_years=None,
    ),
    mentor(
        "period_dates_differ", "remark", "end_date", date(2026, 8, 31), good=date(2026, 9, 1),
        entry_date=date(2025, 9, 1), results="сданы",
    ),
    mentee("age_implausible", "remark", "birth_year", 1949, good=1950),
    mentee("experience_implausible", "remark", "experience_years", 4, good=3),
    mentor("experience_implausible", "remark", "experience_years", 29, good=28),
    mentor("consent_missing", "remark", "consent_processing", "нет"),
    RowCase(
        "consent_of_parent_missing", "remark", "F05", "consent_by",
        {**PUPIL, "consent_by": "сам"}, PUPIL,
    ),
    mentor("contacts_missing", "remark", "contacts"),
    mentor("order_missing", "remark", "order"),
    mentor("results_missing", "remark", "results", good="сданы", end_date=date(2026, 9, 30)),
    mentee("pair_incomplete", "remark", "entry_date"),
    mentor("text_holds_contact", "remark", "interests", "туризм, +7 999 000-00-05"),
    mentee("text_sensitive", "remark", "request_text", "после диагноза", good="диагностика"),
    mentor("unit_rows_of_other", "remark", "workplace", OTHER_SCHOOL, good="ООО «Разрез»"),
)  # fmt: skip


def sheet_of(form: str, cases: Sequence[RowCase]) -> tuple[Grid, dict[int, tuple[Said, ...]]]:
    """Return one sheet with all *cases* and their twins, and what must be said of each row."""
    plan = PLANS[form]
    rows: list[dict[str, Cell]] = []
    expected: dict[int, tuple[Said, ...]] = {}
    for case in (RowCase("", "", form, ""), *cases):
        for twin in (False, True):
            if twin and case.good is None and not case.good_also:
                continue
            number = len(expected) + 1
            above = case.good_also if twin else case.also
            own = (case.good or {}) if twin else case.cells
            for cells in (*above, own):
                rows.append(_row(form, cells, number))
                expected[HEADER_ROW + len(rows)] = ()
            if case.code and not twin:
                row = HEADER_ROW + len(rows)
                expected[row] = (_said(case, rows[-1], row),)
    cells = [[plan.title], [], [column.title for column in plan.columns]]
    cells += [[row.get(column.name) for column in plan.columns] for row in rows]
    return Grid(plan.sheet, cells), expected


def nonsense(form: str) -> Grid:
    """Return a sheet in whose rows a column that only we ask for holds what it should not."""
    junk = ("ыыы", 99999, -1, date(1899, 1, 1), Formula("=1/0", "#DIV/0!"), "да; нет; 5", "?")
    ours = [c.name for c in PLANS[form].columns if not c.official]
    cases = [RowCase("", "", form, name, {name: cell}) for name in ours for cell in junk]
    return sheet_of(form, cases)[0]


def _row(form: str, cells: Mapping[str, Cell], number: int) -> dict[str, Cell]:
    plan = PLANS[form]
    row = {c.name: typed(c, plan.examples[0].get(c.name, "")) for c in plan.columns}
    row |= {**_PERSON[form], **cells}
    return {name: _named(cell, number) for name, cell in row.items()}


def _named(cell: Cell, number: int) -> Cell:
    surname = _ROOTS[number % 12] + _ENDS[number // 12 % 12]
    father = "Ильич" if number < 144 else "Львович"
    people = {"@person": f"Пётр {father}", "@other": f"Олег {father}", "@third": f"Егор {father}"}
    return f"{surname} {people[cell]}" if cell in people else cell


def _said(case: RowCase, row: Mapping[str, Cell], number: int) -> Said:
    names = [column.name for column in PLANS[case.form].columns]
    cell = a1(number, names.index(case.at) + 1)
    content = row[case.at]
    shown = content.value if isinstance(content, Formula) else content
    value = case.value or shown_text(shown) or None
    if value and len(value) > 300:
        value = value[:299] + "…"
    return Said(case.code, case.severity, PLANS[case.form].sheet, cell, value)
