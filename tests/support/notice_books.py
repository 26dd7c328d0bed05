"""Workbooks as schools send them, drawn in a line or two, and what must be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from contracts.form import Form, FormConfig, Text, column
from contracts.passport import PASSPORT
from pipeline.demo.files import Cell, Grid, card, table, xlsx
from pipeline.hookspecs import hookimpl
from tests.support import odd_files as odd
from tests.support.notice_cases import PLANS, Said

MENTORS, MENTEES, CURATORS, CARD, STAFF = (PLANS[c] for c in ("F04", "F05", "F02", "F01", "F08"))
M, P, C, K, S = (plan.sheet for plan in (MENTORS, MENTEES, CURATORS, CARD, STAFF))


NUMBERS = {
    "ped_total": "40",
    "ped_lt25": "3",
    "ped_25_29": "4",
    "ped_30_34": "3",
    "ped_lt35": "10",
    "ped_exp_lt3": "5",
    "ped_lt35_exp_lt3": "4",
    "ped_lt35_supported": "8",
    "ped_lt35_exp_lt3_supported": "4",
    "pupils_total": "600",
    "pupils_10_19": "400",
    "pupils_15_19": "120",
    "enterprises_partner": "2",
    "young_hired": "2",
    "young_left": "1",
}


@dataclass(frozen=True)
class File:
    """A file in the inbox; `folder` None is that of the story's own unit, «» the inbox itself.

    Files of wave 1 are decided before those of wave 2; `late` are seconds of its own clock.
    """

    content: bytes | tuple[Grid, ...]
    name: str = "Книга.xlsx"
    folder: str | None = None
    subfolder: str = ""
    wave: int = 2
    late: int = 0

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.content if isinstance(self.content, bytes) else xlsx(self.content)


@dataclass(frozen=True)
class Story:
    """Files of one unit, and all that must be said of the last of them."""

    title: str
    files: Sequence[File]
    says: Sequence[Said] = ()
    inn: str = ""
    until: date | None = None
    remarks: Sequence[Said] = ()


def rows_of(form: str, *changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows as the example of the form, each with its changes."""
    return [{**PLANS[form].examples[0], **change} for change in changes or ({},)]


def mentors(*changes: Mapping[str, str]) -> Grid:
    return table(MENTORS, rows_of("F04", *changes))


def mentees(*changes: Mapping[str, str]) -> Grid:
    return table(MENTEES, rows_of("F05", *changes))


def curators(*changes: Mapping[str, str]) -> Grid:
    return table(CURATORS, rows_of("F02", *changes))


def school_card(**changes: str) -> Grid:
    return card(CARD, rows_of("F01", changes)[0])


def staff(**changes: str) -> Grid:
    return card(STAFF, NUMBERS | changes)


def official(form: str, *, without: Sequence[str] = ()) -> Grid:
    """A list in the form of the order: official columns only, with the numbering row."""
    plan = PLANS[form]
    shown = [c for c in plan.columns if c.official and c.name not in without]
    grid = table(plan, rows_of(form), shown)
    numbers = [list(range(1, len(shown) + 1))]
    return Grid(grid.name, [*grid.cells[:3], *numbers, *grid.cells[3:]])


def envelope(**words: str) -> Grid:
    return card(PASSPORT, words)


def people(count: int) -> list[dict[str, str]]:
    """What tells the rows of the first *count* invented mentors apart."""
    return [
        {"mentor_fio": f"Ор{letter}ов Пётр Ильич", "mentee_fios": f"Ли{letter}ин Олег Ильич"}
        for letter in "абвгдежз"[:count]
    ]


def sheet(name: str, *rows: Sequence[Cell], **more: object) -> Grid:
    return Grid(name, rows, **more)


def book(*grids: Grid, **more: object) -> File:
    return File(grids, **more)


def error(code: str, at: str | None = None, cell: str | None = None, value: str | None = None):
    return Said(code, "error", at, cell, value)


def remark(code: str, at: str | None = None, cell: str | None = None, value: str | None = None):
    return Said(code, "remark", at, cell, value)


def info(code: str, at: str | None = None, cell: str | None = None, value: str | None = None):
    return Said(code, "info", at, cell, value)


def line(form: str, name: str) -> str:
    """The cell of a card's answer."""
    return f"B{[c.name for c in PLANS[form].columns].index(name) + 3}"


def renamed(grid: Grid, old: str, new: str) -> Grid:
    return Grid(grid.name, [[new if cell == old else cell for cell in row] for row in grid.cells])


def beside(grid: Grid, header: str, value: Cell) -> Grid:
    """The table with one more column at its end."""
    above, (head, row) = grid.cells[:2], grid.cells[2:]
    return Grid(grid.name, [*above, [*head, header], [*row, value]])


def ods_row(cells: str) -> File:
    return File(odd.ods(f"<table:table-row>{cells}</table:table-row>"), "Книга.ods")


class Shares(Form):
    """A form of another municipality, with a type and a check that ours do not have."""

    club: Text = column("Название кружка", "text", required="error", example="Хор")
    share: Series[pd.Float64Dtype] = column("Охват кружком, %", "percent", example="70")

    @pa.check("club")
    def no_joke(cls, names):  # pandera makes a class method of it
        return names != "прочее"

    class Config(Form.Config):
        metadata = {
            "form": FormConfig(
                code="F90",
                name="shares",
                title="Охват кружками",
                sheet="90 Кружки",
                version="1",
                help="Кружки.",
                key=("club",),
                examples=({"club": "Хор", "share": "70"},),
            )
        }


class OtherMunicipality:
    """The plugin that brings the form."""

    @hookimpl
    def register_contracts(self):
        return (Shares,)
