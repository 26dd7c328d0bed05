"""Who sends what: two waves of files, one kind of trouble per school (`story.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.demo import canaries, mess
from pipeline.demo.district import DemoUnit, District
from pipeline.demo.files import (
    HEADER_ROW,
    Cell,
    DemoFile,
    Grid,
    blank_book,
    book,
    csv_bytes,
    fixture,
    form_grid,
    passport,
    table,
    xlsx,
)
from pipeline.demo.generator import plans
from pipeline.demo.people import seeded

BOOK = "Книга ОО.xlsx"
# Of the cells of a dirty book, so many are mistyped.
MISTYPED = 0.05
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>\
endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@cache
def told() -> dict[str, Any]:
    """Return the story: its waves of files, and what was changed in them."""
    return tomllib.loads(files("pipeline.demo").joinpath("story.toml").read_text("utf-8"))


def first_wave(district: District, clean_share: float | None = None) -> list[DemoFile]:
    """Return what is in the inbox on the first day.

    Without *clean_share* the first 24 schools play their scenes and the rest is clean; with it
    every school sends one book, and that share of the books is clean.
    """
    if clean_share is not None:
        return [_plain(school, district.seed, clean_share) for school in district.schools]
    sent = _wave(district, "first")
    senders = {line.split(" | ")[0] for line in told()["first"].strip().splitlines()}
    quiet = [school for school in district.schools if school.code not in senders]
    sent += [DemoFile(s.unit.folder, BOOK, blank_book(s), ("clean_book",)) for s in quiet]
    return sent


def second_wave(district: District) -> list[DemoFile]:
    """Return corrected files, a confirmation, and a list of new rows that must be held."""
    return _wave(district, "second")


def mistyped(school: DemoUnit, seed: int) -> dict[str, Grid]:
    """Lay out the lists of a school with mistakes of every type strewn over them."""
    rng = seeded(seed, "mistakes", school.code)
    return {
        form: mess.mistyped(plans()[form], rows, rng, MISTYPED)
        for form, rows in school.rows.items()
        if plans()[form].layout == "table" and rows
    }


def is_clean(school: DemoUnit, seed: int, share: float) -> bool:
    """Whether this school is among the *share* that makes no mistakes."""
    return not school.rows["F04"] or seeded(seed, "clean", school.code).random() < share


def _plain(school: DemoUnit, seed: int, clean_share: float) -> DemoFile:
    clean = is_clean(school, seed, clean_share)
    data = book(school, **({} if clean else mistyped(school, seed)))
    return DemoFile(school.unit.folder, BOOK, data, ("clean_book" if clean else "typing_slips",))


def _wave(district: District, name: str) -> list[DemoFile]:
    more = (district.neighbour, district.stranger, district.closed)
    senders = {school.code: school for school in (*district.schools, *more)}
    sent = []
    for line in told()[name].strip().splitlines():
        code, age, file, how, shows = (part.strip() for part in line.split(" | "))
        if code not in senders:
            continue
        school = senders[code]
        maker, _, said = how.partition(" ")
        data = _MAKERS[maker](school, district, said)
        folder = "" if code in told()["root"] else school.unit.folder
        sent.append(DemoFile(folder, file, data, tuple(shows.split()), int(age)))
    return sent


def _edited(school: DemoUnit, district: District, said: str) -> bytes:
    name, *forms = said.split()
    elsewhere = district.schools[0]
    known = {
        "elsewhere_fio": elsewhere.rows["F04"][0]["mentor_fio"],
        "elsewhere_place": elsewhere.unit.short_name,
    }
    return book(school, *forms, **mess.edited(school, told()["edits"][name], **known))


def _official(school: DemoUnit, _: District, said: str) -> bytes:
    form, *left = said.split()
    rows, gone = school.rows[form], school.rows["F04"][-1]["mentor_fio"]
    if left:
        rows = tuple(row for row in rows if row.get("mentor_fio") != gone)
    return xlsx([mess.official(plans()[form], rows, school.unit)])


def _layout(school: DemoUnit, _: District, said: str) -> bytes:
    name, form = said.split()
    return xlsx([mess.laid_out(name, plans()[form], school.rows[form])])


def _hidden(school: DemoUnit, *_: object) -> bytes:
    sheets = [passport(school), *(form_grid(school, form) for form in school.rows)]
    sheets = [replace(grid, name=f"Лист{n}") for n, grid in enumerate(sheets, start=1)]
    at = 1 + list(school.rows).index("F05")
    last = len(sheets[at].cells)
    sheets[at] = replace(sheets[at], hidden_rows=frozenset({last - 1, last}))
    draft = form_grid(school, "F04")
    return xlsx([*sheets, replace(draft, name="старое", cells=draft.cells[:-2], hidden=True)])


def _extra(school: DemoUnit, district: District, _: str) -> bytes:
    others = district.schools[0].rows["F04"]
    guest = next(row for row in others if row["mentor_role"] == "педагог")
    rows = [*school.rows["F04"], guest | {"mentee_fios": "", "end_date": ""}]
    numbers = [canaries.SNILS.value, *(f"000-000-{n:03} 00" for n in range(1, len(rows)))]
    grid = mess.with_column(form_grid(school, "F04", rows), "СНИЛС", numbers)
    grid = mess.with_column(grid, "Размер одежды", ["48", "52", "46"])
    return book(school, F04=mess.with_broken_link(grid, HEADER_ROW + 2, 6))


def _nil(school: DemoUnit, *_: object) -> bytes:
    empty = {form: table(plans()[form], ()) for form in ("F04", "F05")}
    return book(
        school, **{f: replace(g, cells=[*g.cells, ["Данных нет"]]) for f, g in empty.items()}
    )


def _newcomers(school: DemoUnit, district: District, _: str) -> bytes:
    new = district.newcomers.rows
    sheets = [form_grid(school, form, new[form][:some]) for form, some in (("F04", 2), ("F05", 3))]
    return xlsx([passport(school, as_of="12.10.2026"), *sheets])


def _said(school: DemoUnit, _: District, said: str) -> bytes:
    name, text = said.split(" ", 1)
    return book(school, passport=passport(school, **{name: text}))


def _half(school: DemoUnit, *_: object) -> bytes:
    whole = book(school)
    return whole[: len(whole) * 6 // 10]


def _bells(*_: object) -> bytes:
    cells: list[list[Cell]] = [
        ["Урок", "Начало", "Конец"],
        [1, "8:00", "8:40"],
        [2, "8:50", "9:30"],
    ]
    return xlsx([Grid("Лист1", cells)])


_MAKERS: dict[str, Callable[[DemoUnit, District, str], bytes]] = {
    "blank": lambda school, _, __: blank_book(school),
    "book": lambda school, _, forms: book(school, *forms.split()),
    "of": lambda _, district, code: book(district.school(code) or district.schools[0]),
    "saved": lambda _, __, name: fixture(name),
    "csv": lambda s, _, form: csv_bytes(form_grid(s, form).cells[HEADER_ROW - 1 :]),
    "unchanged": lambda s, _, __: xlsx([passport(s, unchanged="да", as_of="12.10.2026")]),
    "pdf": lambda *_: _PDF,
    "nothing": lambda *_: b"",
    "lock": lambda *_: b"\x06zavuch".ljust(165, b" "),
    "half": _half,
    "bells": _bells,
    "said": _said,
    "edited": _edited,
    "official": _official,
    "layout": _layout,
    "hidden": _hidden,
    "extra": _extra,
    "nil": _nil,
    "newcomers": _newcomers,
}
