"""Dirty sheets: true rows laid out and typed the way one kind of school sends them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from contracts.plan import Column, FormPlan
from contracts.vocabularies import PUPIL
from pipeline.demo.district import DemoUnit
from pipeline.demo.files import HEADER_ROW, Cell, Formula, Grid, form_grid, plans, table, typed
from pipeline.demo.generator import AGE_YEAR, Row, dated, vocabularies
from pipeline.demo.people import words
from pipeline.demo.rows import TEACHERS
from pipeline.model import Unit
from pipeline.words import MONTHS

# Every way a date was seen written, and the ways that nobody can read.
DATE_STYLES: tuple[Callable[[date], Cell], ...] = (
    lambda day: f"{day:%d.%m.%Y}г.",
    lambda day: "2026-2027 уч. год",
    lambda day: f"{day:%d}. {day:%m}. {day:%y} г.",
    lambda day: f"«{day:%d}» {_month(day)} {day.year} г.",
    lambda day: "31.09.2026",
    lambda day: f"«_{day:%d}» {_month(day)} {day.year}г.",
    lambda day: f"{day.day} {_month(day)}{day.year} г.",
    lambda day: f"{day:%d.%m.%Y} года",
    lambda day: day.isoformat(),
    lambda day: "сентябрь 2026",
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: day,
    lambda day: f"{day:%d/%m/%Y}",
)
_LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"


def look_alikes(text: str) -> str:
    """Return *text* with Latin letters where they look the same."""
    return text.translate(_LATIN)


def initials(fio: str) -> str:
    """Return «И.О.Фамилия» as signatures have it."""
    surname, first, patronymic = fio.split(" ", 2)
    return f"{first[0]}.{patronymic[0]}.{surname}"


# What people do to a cell, by name.
_MISTAKES: Mapping[str, Callable[[str], Cell]] = {
    "initials": initials,
    "look_alikes": look_alikes,
    "hard_spaces": lambda text: text.replace(" ", NBSP) + " ",
    "zero_width": lambda text: f"{ZERO_WIDTH}{text} ",
    "swapped_letters": lambda text: text[:2] + text[3] + text[2] + text[4:],
    "capitals": str.upper,
    "lines": lambda text: text.replace("; ", "\n"),
    "line_after": lambda text: f"{text}\n",
    "born": lambda text: f"{text} г.р.",
    "birthday": lambda text: f"14.05.{text}",
    "age": lambda text: AGE_YEAR - int(text),
    "two_digits": lambda text: text[2:],
    "people": lambda text: f"{text} чел.",
    "three_more": lambda text: int(text) + 3,
    "ten_more": lambda text: int(text) + 10,
    "sign": lambda text: "+" if text == "да" else "-",
    "number": lambda text: float("".join(filter(str.isdigit, text.split(",")[0]))),
    "short": lambda _: "0-01-23",
    "quoted": lambda text: f"{text[:-1]} «{text[-1]}»",
    "comma": lambda text: text.replace(" от ", ", "),
}
# Which of them a column of a type invites; the same table serves any form.
BY_TYPE: Mapping[str, str] = {
    "fio": "initials look_alikes hard_spaces zero_width capitals",
    "fio_list": "lines hard_spaces look_alikes",
    "year": "born birthday age two_digits",
    "int": "people three_more",
    "bool": "capitals sign",
    "phone": "number short",
    "contacts": "number short",
    "text": "look_alikes line_after zero_width capitals",
    "class": "quoted zero_width",
    "order_ref": "comma hard_spaces",
}


def mistyped(plan: FormPlan, rows: Iterable[Row], rng: random.Random, share: float) -> Grid:
    """Lay out a table form with so large a share of its cells typed as people do."""
    lists = vocabularies()
    cells = []
    for row in rows:
        line = _cells(plan.columns, row)
        for place, column in enumerate(plan.columns):
            text = row.get(column.name, "")
            if not text or column.ignored or rng.random() >= share:
                continue
            if column.vocabulary:
                terms = lists[column.vocabulary].terms
                line[place] = rng.choice([s for term in terms for s in term.synonyms] or [text])
            elif column.type == "date":
                line[place] = rng.choice(DATE_STYLES)(dated(text) or date(AGE_YEAR, 9, 1))
            elif column.type in BY_TYPE:
                line[place] = _MISTAKES[rng.choice(BY_TYPE[column.type].split())](text)
        cells.append(line)
    base = table(plan, ())
    return replace(base, cells=[*base.cells, *cells])


def edited(school: DemoUnit, lines: str, **known: str) -> dict[str, Grid]:
    """Return the forms that *lines* change, as `story.toml` says; *known* are further words."""
    made: dict[str, list[list[Cell]]] = {}
    out: dict[str, set[int]] = {}
    for line in lines.strip().splitlines():
        form, where, *changes = (part.strip() for part in line.split("|"))
        plan, rows = plans()[form], school.rows[form]
        cells = made.setdefault(form, [list(row) for row in form_grid(school, form).cells])
        kind, _, number = where.partition(" ")
        places = [i for i, row in enumerate(rows) if _is(row, kind)]
        if number:
            places = [places[int(number) - (int(number) > 0)]]
        for place in places:
            at = len(cells) if kind == "copy" else HEADER_ROW + place
            if kind == "copy":
                cells.append(list(cells[HEADER_ROW + place]))
            for change in changes:
                if change == "-":
                    out.setdefault(form, set()).add(at)
                    continue
                name, sign, text = (
                    word.strip() for word in change.partition("=" if "=" in change else "~")
                )
                column = [c.name for c in plan.columns].index(name)
                old = rows[place].get(name, "")
                if sign == "=":
                    new = typed(plan.columns[column], text.format_map({**known, **rows[place]}))
                elif text == "date_styles":
                    day = date(AGE_YEAR, 9, 14) + timedelta(days=place)
                    new = DATE_STYLES[place % len(DATE_STYLES)](day) if old else None
                else:
                    new = _MISTAKES[text](old)
                if plan.layout == "card":
                    cells[2 + column][1] = new
                else:
                    cells[at][column] = new
    return {
        form: replace(
            form_grid(school, form),
            cells=[row for i, row in enumerate(cells) if i not in out.get(form, ())],
        )
        for form, cells in made.items()
    }


def official(plan: FormPlan, rows: Sequence[Row], unit: Unit) -> Grid:
    """The order's own form: numbered columns only, title lines, a numbering row, a total."""
    columns = [column for column in plan.columns if column.official]
    cells: list[Sequence[Cell]] = [
        ["Приложение 2"],
        [f"к приказу {unit.short_name} {rows[0].get('order', '')}"],
        [],
        [f"Форма базы {'наставников' if plan.code == 'F04' else 'наставляемых'}"],
        [column.title for column in columns],
        [column.official for column in columns],
    ]
    cells += [_cells(columns, row) for row in rows]
    cells.append(["Итого", f"{len(rows)} чел."])
    widths = tuple(float(column.width or 20) for column in columns)
    return Grid("Лист1", cells, header=(5, 6), widths=widths)


def laid_out(name: str, plan: FormPlan, rows: Sequence[Row]) -> Grid:
    """Lay out a list as the layout called *name* in `words.toml` says."""
    said: dict[str, Any] = words()["layouts"][name]
    lines = said["columns"].strip().splitlines()
    parts = [[part.strip() for part in line.split("|")] for line in lines]
    groups, names = [part[0] for part in parts], [part[2] for part in parts]
    headers = [header[: said.get("cut", 999)] for _, header, _ in parts]
    if "cut" in said:
        headers = [header.replace(".", "#") for header in headers]
    cells: list[Sequence[Cell]] = [[said["title"]], []] if "title" in said else []
    merged: list[tuple[int, int, int, int]] = []
    if any(groups):
        begins = [i for i, group in enumerate(groups, start=1) if groups.index(group) == i - 1]
        top = len(cells) + 1
        for left, after in zip(begins, [*begins[1:], len(groups) + 1], strict=True):
            merged.append((top, left, top + (after - left == 1), after - 1))
        cells.append([group if i in begins else None for i, group in enumerate(groups, start=1)])
    cells.append([header or None for header in headers])
    header = tuple(range(len(cells) - any(groups), len(cells) + 1))
    for number, row in enumerate(rows, start=1):
        cells.append([_laid(plan, row, column, number) for column in names])
    widths = tuple(6.0 if column in ("row_no", "@number") else 22.0 for column in names)
    return Grid(said["sheet"], cells, header, widths, tuple(merged))


def _laid(plan: FormPlan, row: Row, name: str, number: int) -> Cell:
    if not name.startswith("@"):
        return typed(plan.column(name), row.get(name, ""))
    age = AGE_YEAR - int(row["birth_year"])
    phone = row.get("contacts", "")
    parts = row.get("mentor_fio", "  ").split(" ", 2)
    made: dict[str, Callable[[], Cell]] = {
        "@nothing": lambda: None,
        "@points": lambda: 0,
        "@number": lambda: float(number),
        "@stamp": lambda: (
            f"{14 + number % 9}.09.2026 1{number % 8}:{number * 7 % 60:02}:{number * 13 % 60:02}"
        ),
        "@some_ages": lambda: int(row["birth_year"]) if number % 3 else str(age),
        "@age": lambda: f"{age} лет" if number % 2 else float(age),
        "@years": lambda: f"{row['experience_years']} лет" if "experience_years" in row else None,
        "@phone_number": lambda: _MISTAKES["number"](phone) if phone else None,
        "@lines": lambda: row["mentee_fios"].replace("; ", "\n"),
        "@surname": lambda: parts[0],
        "@first": lambda: parts[1],
        "@patronymic": lambda: parts[2],
    }
    return made[name]()


def with_column(grid: Grid, title: str, values: Iterable[Cell]) -> Grid:
    """Return the grid with one more column at its right edge."""
    given = iter(values)
    width = len(grid.cells[HEADER_ROW - 1])
    cells: list[Sequence[Cell]] = list(grid.cells[: HEADER_ROW - 1])
    for number, row in enumerate(grid.cells[HEADER_ROW - 1 :]):
        padded = [*row, *[None] * (width - len(row))]
        cells.append([*padded, next(given, None) if number else title])
    return replace(grid, cells=cells, widths=(*grid.widths, 18.0))


def with_broken_link(grid: Grid, row: int, column: int) -> Grid:
    """Return the grid with a formula whose source was deleted; row and column count from 1."""
    cells = [list(line) for line in grid.cells]
    cells[row - 1][column - 1] = Formula("=#REF!", "#REF!")
    return replace(grid, cells=cells)


def _is(row: Row, kind: str) -> bool:
    """Whether a row is one of those that a line of `edits` means."""
    if kind in ("all", "each", "copy") and not (kind == "copy" and not row.get("mentor_fio")):
        return True
    wanted = {"pupils": ("mentee_role", PUPIL), "teachers": ("mentoring_form", TEACHERS)}
    name, text = wanted.get(kind, ("", ""))
    return bool(row.get("mentor_fio")) and row.get(name, "") == text


def _cells(columns: Sequence[Column], row: Row) -> list[Cell]:
    return [typed(column, row.get(column.name, "")) for column in columns]


def _month(day: date) -> str:
    return MONTHS[day.month - 1]
