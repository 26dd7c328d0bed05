"""A district whose schools are as large as real ones: the demo's rows, taken several times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.demo.district import DemoUnit, district
from pipeline.demo.workspace import write_district

# Endings that make other people of the same invented names; 8 times about 20 rows a school.
ENDINGS = ("", "ский", "енко", "ович", "цев", "ников", "ушкин", "аев")
NAMES = ("mentor_fio", "mentee_fio", "mentee_fios")
CLEAN_SHARE = 0.7


def write(folder: Path, schools: int) -> None:
    """Write a workspace with one book per school, about 180 rows each, three in ten dirty."""
    made = district(schools=schools)
    larger = replace(made, schools=tuple(map(_larger, made.schools)))
    write_district(folder, larger, clean_share=CLEAN_SHARE)


def _larger(school: DemoUnit) -> DemoUnit:
    rows = dict(school.rows)
    for form in ("F04", "F05"):
        rows[form] = tuple(_other(row, end) for end in ENDINGS for row in school.rows[form])
    return DemoUnit(school.unit, rows)


def _other(row: dict[str, str], ending: str) -> dict[str, str]:
    return {name: _renamed(text, ending) if name in NAMES else text for name, text in row.items()}


def _renamed(text: str, ending: str) -> str:
    people = (person.partition(" ") for person in text.split("; "))
    return "; ".join(f"{family}{ending}{space}{rest}" for family, space, rest in people)
