"""Workbooks drawn in code for the tests of recognition, read by the real normaliser."""

from __future__ import annotations

from datetime import date

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from contracts.vocabularies import VOCABULARIES
from pipeline.model import Book, Sheet
from pipeline.reading.normalise.cells import cleaner
from pipeline.reading.recognise.file import recognise

PLANS = {
    form.plan().code: form.plan() for form in (SchoolCard, Curators, Mentors, Mentees, StaffSummary)
}
WORDS = {vocabulary.name: vocabulary for vocabulary in VOCABULARIES}
TODAY = date(2026, 10, 1)

MENTOR_HEADERS = tuple(c.title for c in PLANS["F04"].columns if c.official)
MENTEE_HEADERS = tuple(c.title for c in PLANS["F05"].columns if c.official)
MENTOR = (
    1,
    "Петрова Анна Сергеевна",
    "+7 999 000-00-01",
    "МБОУ «СОШ № 101»",
    "методика ФГОС",
    "",
    "",
    "22–35",
    "2 ч в неделю",
    date(2026, 9, 1),
    "Сидоров Иван Петрович",
    "учитель – учитель",
    "МБОУ «СОШ № 101»",
    "",
    "",
    "",
)
SECOND = (2, "Орлова Вера Ильинична", *MENTOR[2:10], "Котов Пётр Олегович", *MENTOR[11:])
MENTEE = (
    1,
    "Сидоров Иван Петрович",
    "+7 999 000-00-02",
    1999,
    "трудности с дисциплиной в 7 классе",
    date(2026, 9, 15),
    "Петрова Анна Сергеевна",
    "учитель – учитель",
    "МБОУ «СОШ № 101»",
    "",
    "",
    "",
    "в процессе",
)


def sheet(rows, name="Лист1", **more):
    """A sheet from rows of cells; «» is an empty cell."""
    return Sheet(name, [[None if cell == "" else cell for cell in row] for row in rows], **more)


def read(*sheets, by=cleaner, **properties):
    """Recognise a workbook of these sheets (or lists of rows); `by` is the normaliser."""
    made = tuple(s if isinstance(s, Sheet) else sheet(s) for s in sheets)
    book = Book(made, "test", properties)
    return recognise(book, tuple(PLANS.values()), WORDS, cleaner=by, today=TODAY)


def part_of(parsed, code):
    """The part of one form; it must be there once."""
    (part,) = [part for part in parsed.parts if part.form == code]
    return part


def codes(notices):
    """Codes of notices, in their order."""
    return [notice.code for notice in notices]


def people(part):
    """Names of the persons whose rows were read."""
    return [row.values[PLANS[part.form].person] for row in part.rows]
