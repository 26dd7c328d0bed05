"""One varied, seeded corpus: a workspace of so many schools, and their books, in portions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.office import Office
from pipeline.demo.district import DemoUnit, district, large_schools
from pipeline.demo.files import Grid, form_grid, passport
from pipeline.demo.story import BOOK, is_clean, mistyped
from pipeline.demo.units import school
from pipeline.demo.workspace import open_workspace

SEED = 2026
CLEAN_SHARE = 0.7
SAVED = datetime(2026, 9, 28, 9, 0, tzinfo=UTC).timestamp()


def write_workspace(folder: Path, schools: int) -> None:
    """Write settings, registry and folders of so many schools, with an empty inbox."""
    registered = tuple(DemoUnit(school(n), {}) for n in range(1, schools + 1))
    open_workspace(folder, replace(district(SEED, 1), schools=registered))


def fill(inbox: Path, numbers: range) -> int:
    """Drop the books of these schools into *inbox*; return the size of all of them in bytes."""
    size = 0
    for at, (made, data) in enumerate(books(numbers)):
        path = inbox / made.unit.folder / BOOK
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes(data)
        os.utime(path, (SAVED + at, SAVED + at))
    return size


def correct(inbox: Path, number: int) -> None:
    """Drop a further book of one school: one telephone is another."""
    made = next(iter(large_schools(SEED, range(number, number + 1))))
    first, *others = made.rows["F04"]
    rows = {**made.rows, "F04": (first | {"contacts": "+7 999 999-97-99"}, *others)}
    path = inbox / made.unit.folder / "Книга ОО исправлено.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(Office().save(_sheets(DemoUnit(made.unit, rows), clean=True)))


def books(numbers: range) -> Iterator[tuple[DemoUnit, bytes]]:
    """Yield each school with its book; three in ten are dirty."""
    office = Office()
    for made in large_schools(SEED, numbers):
        yield made, office.save(_sheets(made, clean=is_clean(made, SEED, CLEAN_SHARE)))


def _sheets(made: DemoUnit, *, clean: bool) -> list[Grid]:
    changed = {} if clean else mistyped(made, SEED)
    return [passport(made), *(changed.get(form) or form_grid(made, form) for form in made.rows)]
