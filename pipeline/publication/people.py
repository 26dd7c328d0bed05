"""Who is who among the rows in force: persons of a unit, their roles, what they consented to."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contracts.plan import LIST_SEPARATOR
from contracts.vocabularies import MENTORING_FORMS, TEACHER
from pipeline.text import person_key
from pipeline.views import PublishView, Rows

TEACHER_ROLES = frozenset({TEACHER, "молодой педагог"})
TEACHER_TEACHER = "учитель – учитель"
PERSON_ID = "person_id"

_CODE = re.compile(r"\w-\w{4}-\w{2}")


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a unit: the folded name, and the birth year where one is known.

    `id` depends on nothing but unit, name and, among namesakes, the year.
    """

    id: str
    unit: str
    key: str = field(repr=False)
    birth_year: int | None = field(repr=False)


def is_code(name: str) -> bool:
    """Tell whether *name* is the code that stands for a pupil («Н-7F3K-Q2»)."""
    return _CODE.fullmatch(name.strip()) is not None


def persons(rows: Iterable[tuple[str, str, int | None]]) -> list[Person]:
    """Return the person of each row (unit, name, birth year), in the order of the rows.

    One name in one unit is one person, split only by conflicting birth years. A row without a
    year among such namesakes stays a person of its own: nobody can say whose it is.
    """
    listed = [(unit, person_key(name), year) for unit, name, year in rows]
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit, key, year in listed:
        if year is not None:
            years[unit, key].add(year)
    return [_person(unit, key, year, years[unit, key]) for unit, key, year in listed]


def _person(unit: str, key: str, year: int | None, known: set[int]) -> Person:
    if len(known) < 2:
        return Person(_person_id(unit, key), unit, key, next(iter(known), None))
    return Person(_person_id(unit, key, str(year or "")), unit, key, year)


def _person_id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def forms_of(row: Mapping[str, Any]) -> list[str]:
    """Return the mentoring forms named in a row, as canonical values."""
    return [form for form in (row.get("mentoring_form") or "").split(LIST_SEPARATOR) if form]


def role_of(row: Mapping[str, Any], side: Literal["mentor", "mentee"]) -> str | None:
    """Return the role of the person of a row: as written, else as its mentoring form implies."""
    written: str | None = row.get(f"{side}_role")
    if written:
        return written
    known = [MENTORING_FORMS[form] for form in forms_of(row) if form in MENTORING_FORMS]
    return getattr(known[0], side) if known else None


def is_teacher(row: Mapping[str, Any], side: Literal["mentor", "mentee"]) -> bool:
    """Tell whether the person of a row is a teacher, by role or by the form of mentoring."""
    return role_of(row, side) in TEACHER_ROLES or TEACHER_TEACHER in forms_of(row)


def consents(row: Mapping[str, Any]) -> bool:
    """Tell whether the person of a row may stand in a list with names."""
    return row.get("consent_processing") is True


def refused(view: PublishView) -> frozenset[tuple[str, str]]:
    """Return (unit, name key) of persons whose own rows all lack a consent.

    They are not named in the rows of their partners either.
    """
    return view.cached("refused", _refused)


def _refused(view: PublishView) -> frozenset[tuple[str, str]]:
    given: dict[tuple[str, str], bool] = {}
    for form, column in (("F04", "mentor_fio"), ("F05", "mentee_fio")):
        for row in base_rows(view, form):
            key = row["unit"], person_key(row[column])
            given[key] = given.get(key, False) or consents(row)
    return frozenset(key for key, yes in given.items() if not yes)


def base_rows(view: PublishView, form: str) -> Rows:
    """Return the rows of the единая база of *form* in plain Python; nobody may change them."""
    return view.base_rows(form)
