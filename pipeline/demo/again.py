"""The second wave: what schools send after they have read their receipts."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.demo import mess
from pipeline.demo.blanks import blank_book
from pipeline.demo.district import DemoUnit, District
from pipeline.demo.files import DemoFile, Grid, passport, plans, xlsx
from pipeline.demo.rows import Row
from pipeline.demo.story import BOOK, Scene, one, put


def second_wave(district: District) -> list[DemoFile]:
    """Return corrected files, a confirmation, and a list of new rows that must be held."""
    sent = []
    for school in district.schools:
        if school.code in _SCENES:
            sent += _SCENES[school.code](school, district)
    return sent


def _fixed(school: DemoUnit, _: District) -> list[DemoFile]:
    return [put(school, "Книга ОО исправлено.xlsx", blank_book(school), "corrections")]


def _unprotected(school: DemoUnit, _: District) -> list[DemoFile]:
    return [put(school, BOOK, blank_book(school), "corrections")]


def _left(school: DemoUnit, _: District) -> list[DemoFile]:
    gone = school.rows["F04"][-1]
    mentors = school.rows["F04"][:-1]
    mentees = [row for row in school.rows["F05"] if row.get("mentor_fio") != gone["mentor_fio"]]
    return [
        put(school, "База наставников 102 (2).xlsx", _sheet(school, "F04", mentors), "row_absent"),
        put(school, "База наставляемых 102 (2).xlsx", _sheet(school, "F05", mentees), "row_absent"),
    ]


def _staff(school: DemoUnit, _: District) -> list[DemoFile]:
    data = xlsx([passport(school), one(school, "F08")])
    return [put(school, "Кадры исправлено.xlsx", data, "corrections")]


def _unchanged(school: DemoUnit, _: District) -> list[DemoFile]:
    note = passport(school, unchanged="да", as_of="12.10.2026")
    return [put(school, "Изменений нет.xlsx", xlsx([note]), "unchanged")]


def _only_new(school: DemoUnit, district: District) -> list[DemoFile]:
    new = district.newcomers.rows
    sheets: list[Grid] = [
        passport(school, as_of="12.10.2026"),
        one(school, "F04", new["F04"][:2]),
        one(school, "F05", new["F05"][:3]),
    ]
    return [put(school, "Новые наставники октябрь.xlsx", xlsx(sheets), "only_new_rows")]


def _sheet(school: DemoUnit, form: str, rows: Sequence[Row]) -> bytes:
    return xlsx([mess.official(plans()[form], rows, school.unit)])


_SCENES: dict[str, Scene] = {
    "oo-102": _left,
    "oo-110": _fixed,
    "oo-113": _unprotected,
    "oo-114": _unprotected,
    "oo-116": _unprotected,
    "oo-119": _fixed,
    "oo-121": _staff,
    "oo-122": _unchanged,
    "oo-123": _only_new,
}
