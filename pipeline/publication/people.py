"""Who is who among the rows in force: persons of a unit, what they consented to."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.text import is_pupil_code, person_key
from pipeline.views import PublishView

PERSON_ID = "person_id"


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


# Of one unit the same person is asked for again and again.
@lru_cache(maxsize=4096)
def _person_id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


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
        for row in view.base_rows(form):
            key = row["unit"], person_key(row[column])
            given[key] = given.get(key, False) or consents(row)
    return frozenset(key for key, yes in given.items() if not yes)
