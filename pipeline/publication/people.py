"""Who is who among the rows in force: persons of a unit, their roles, and the base of a form."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from contracts.plan import LIST_SEPARATOR, FormPlan
from contracts.vocabularies import MENTORING_FORMS, TEACHER
from pipeline.store.frames import table_rows
from pipeline.text import is_pupil_code, person_key

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.views import PublishView

TEACHER_ROLES = frozenset({TEACHER, "молодой педагог"})
TEACHER_TEACHER = "учитель – учитель"
PERSON_ID = "person_id"
Kept = TypeVar("Kept")


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
    return is_pupil_code(name.strip())


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
    return remember(view, "refused", _refused)


def _refused(view: PublishView) -> frozenset[tuple[str, str]]:
    given: dict[tuple[str, str], bool] = {}
    for form, column in (("F04", "mentor_fio"), ("F05", "mentee_fio")):
        for row in base_rows(view, form):
            key = row["unit"], person_key(row[column])
            given[key] = given.get(key, False) or consents(row)
    return frozenset(key for key, yes in given.items() if not yes)


def base_rows(view: PublishView, form: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of the единая база of *form* in plain Python; those in force while merging.

    All who ask get the same rows, which nobody may change.
    """
    return remember(view, f"rows of {form}", functools.partial(_base_rows, form))


def _base_rows(form: str, view: PublishView) -> Sequence[Mapping[str, Any]]:
    table = view.bases.get(form, view.rows.get(form))
    return () if table is None else tuple(table_rows(table))


def remember(view: PublishView, what: str, make: Callable[[PublishView], Kept]) -> Kept:
    """Return what *make* makes of a view; it is made once, however many documents ask."""
    if what not in view.remembered:
        view.remembered[what] = make(view)
    kept: Kept = view.remembered[what]
    return kept


def default_merge(view: PublishView, form: str) -> pd.DataFrame:
    """Return the единая база of *form*: the rows in force of all units in a fixed order.

    Sorted by unit, then person, then place of origin, with a RangeIndex; where the form speaks
    of persons a column `person_id` stands beside the provenance.
    """
    rows, plan = view.rows[form], view.plans[form]
    found = table_rows(rows)
    order = sorted(range(len(found)), key=lambda i: _place(found[i], plan))
    base = rows.iloc[order].reset_index(drop=True)
    if plan.person is None:
        return base
    ids = [person.id for person in persons(_named(found[i], plan.person) for i in order)]
    # A column of texts even where there are no rows.
    return base.assign(**{PERSON_ID: ids}).astype({PERSON_ID: "object"})


def _place(row: Mapping[str, Any], plan: FormPlan) -> tuple[str, str, int, str, int, str]:
    name = person_key(row[plan.person] or "") if plan.person else ""
    return row["unit"], name, row["submission"], row["sheet"] or "", row["line"], row["row_id"]


def _named(row: Mapping[str, Any], person: str) -> tuple[str, str, int | None]:
    return row["unit"], row[person] or "", row.get("birth_year")
