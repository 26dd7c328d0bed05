"""Books whose layout is right and whose cells are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.vocabularies import PUPIL
from pipeline.demo import mess
from pipeline.demo.district import DemoUnit
from pipeline.demo.files import HEADER_ROW, book, plans, table
from pipeline.demo.rows import Row

TEACHERS = "учитель – учитель"


def typing_slips(school: DemoUnit) -> bytes:
    """Return a book typed in haste: dates in all ways, initials, look-alikes, blanks that hide."""
    mentors, mentees = school.rows["F04"], school.rows["F05"]
    plan = plans()["F04"]
    slips = {
        0: {"mentor_fio": mess.look_alikes(mentors[0]["mentor_fio"])},
        1: {"mentor_fio": mess.initials(mentors[1]["mentor_fio"]), "contacts": "0-01-23"},
        2: {"mentor_fio": mentors[2]["mentor_fio"].replace(" ", mess.NBSP) + " "},
    }
    dirty = mess.changed(mentors, slips)
    base = table(plan, dirty)
    sheet = replace(base, cells=[*base.cells[:HEADER_ROW], *mess.free_dates(plan, dirty)])
    return book(
        school, F04=sheet, F05=table(plans()["F05"], mess.changed(mentees, _slips(mentees)))
    )


def violations(school: DemoUnit) -> bytes:
    """Return a book that breaks the rules across columns: roles, dates, who mentors whom."""
    mentors, mentees = school.rows["F04"], list(school.rows["F05"])
    pairs = _of(mentees, TEACHERS)
    pupils = [index for index, row in enumerate(mentees) if row.get("mentee_role") == PUPIL]
    first, second = (mentees[index] for index in pairs[:2])
    turned = mentees[pairs[0]] | {
        "mentee_fio": first["mentor_fio"],
        "mentor_fio": first["mentee_fio"],
        "birth_year": "1975",
        "mentee_role": "педагог",
        "experience_years": "28",
    }
    wrong_mentors = {
        0: {"mentoring_form": "ученик – ученик"},
        1: {"end_date": "31.05.2026"},
        2: {"experience_years": "75"},
    }
    wrong_mentees = {
        pairs[1]: {"mentor_fio": second["mentee_fio"]},
        pairs[2]: {"end_date": "31.05.2037"},
        pupils[0]: {"birth_year": "1980"},
        pupils[1]: {"entry_date": "01.09.2006"},
        pupils[2]: {"end_date": "30.05.2016"},
    }
    return book(
        school,
        F04=table(plans()["F04"], mess.changed(mentors, wrong_mentors)),
        F05=table(plans()["F05"], [*mess.changed(mentees, wrong_mentees), turned]),
    )


def minors(school: DemoUnit) -> bytes:
    """Return a book with pupils' full names, one without a parent's consent, one without any."""
    mentees = school.rows["F05"]
    pupils = [index for index, row in enumerate(mentees) if row.get("mentee_role") == PUPIL]
    wrong = {
        pupils[1]: {"consent_by": "сам"},
        pupils[2]: {"consent_processing": "нет", "consent_date": "", "consent_by": ""},
    }
    return book(school, F05=table(plans()["F05"], mess.changed(mentees, wrong)))


def _slips(mentees: Sequence[Row]) -> dict[int, Row]:
    first, last = mentees[0], len(mentees) - 1
    return {
        0: {
            "mentee_fio": f"{mess.ZERO_WIDTH}{first['mentee_fio']} ",
            "mentoring_form": "педагог-педагог",
            "birth_year": f"{first['birth_year']} г.р.",
        },
        1: {"entry_date": "15.09.26", "mentoring_form": "Учитель – Учитель"},
        2: {"birth_year": f"14.05.{mentees[2]['birth_year']}", "completion_mark": "проходит"},
        last - 2: {"mentoring_form": "У-У"},
        last - 1: {"request_text": "звонить маме: 8 999 000 97 12, подтянуть математику"},
        last: {"request_text": "у ребёнка диагноз, нужна помощь в общении с классом"},
    }


def _of(rows: Sequence[Row], form: str) -> list[int]:
    return [
        index
        for index, row in enumerate(rows)
        if row["mentoring_form"] == form and row.get("mentor_fio")
    ]
