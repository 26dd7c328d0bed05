"""Believable rows of any contract: seeded, and made from its plan.

A cell comes from what is known of the row (the pair it speaks of), from the words for its column
(`words.toml`), or from the type of the column. So a new form has sample rows without new code.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from contracts.built_in import built_in_forms
from contracts.plan import Column, FormPlan, Vocabulary
from pipeline.demo.people import Person, words
from pipeline.model import Unit

Row = dict[str, str]
# Full years are counted on 1 January inside the school year 2026-2027.
AGE_YEAR = 2026
_BEGIN, _END = date(2026, 9, 1), date(2027, 5, 31)
_TRIES = 50


@cache
def plans() -> Mapping[str, FormPlan]:
    """Return the plans of the built-in forms by code."""
    return {plan.code: plan for plan in (form.plan() for form in built_in_forms())}


def vocabularies() -> dict[str, Vocabulary]:
    """Return the vocabularies of the built-in forms by name."""
    return {v.name: v for form in built_in_forms() for v in form.vocabularies()}


class Maker:
    """Fills rows for one unit; the same generator of random numbers gives the same rows."""

    def __init__(
        self,
        unit: Unit,
        rng: random.Random,
        deal: Callable[[], Person],
        lists: Mapping[str, Vocabulary],
    ) -> None:
        self.unit = unit
        self.rng = rng
        self.deal = deal
        self._lists = lists

    def row(
        self, plan: FormPlan, known: Mapping[str, str], who: Person | None = None, role: str = ""
    ) -> Row:
        """Return a row of *plan* that holds what is *known*; an empty text there stays empty.

        *who* is the person it speaks of, *role* what they are; contacts and words fit them.
        """
        person = who or self.deal()
        said = words()["columns"] | words().get(role, {})
        # Sums of numbers stay sums when all of them are as many times those of the example.
        times = self.rng.randrange(1, 4)
        row = {}
        for column in plan.columns:
            if column.name in known:
                text = known[column.name]
            elif column.name in said:
                text = self.phrase(said[column.name])
            else:
                text = self._by_type(column, person, times)
            if text:
                row[column.name] = text
        return row

    def rows(self, plan: FormPlan, known: Iterable[Mapping[str, str]]) -> list[Row]:
        """Return a row for each of *known*, each with a key of its own."""
        made: list[Row] = []
        taken = set()
        for number, facts in enumerate(known, start=1):
            for _ in range(_TRIES):
                row = self.row(plan, {"row_no": str(number), **facts})
                key = tuple(row.get(name, "") for name in plan.key) or number
                if key not in taken:
                    taken.add(key)
                    made.append(row)
                    break
        return made

    def phrase(self, lines: list[str]) -> str:
        """Return one of *lines* with its slots filled."""
        line = self.rng.choice(lines)
        if "{" not in line:
            return line
        return line.format(
            subject=self.rng.choice(words()["lists"]["subjects"]),
            grade=self.rng.randrange(5, 12),
            letter=self.rng.choice("АБВГ"),
            n=self.rng.randrange(3, 30),
        )

    def _by_type(self, column: Column, person: Person, times: int) -> str:
        if not (column.example or column.vocabulary or column.required == "error"):
            return ""  # a column that is seldom filled
        if column.vocabulary:
            return self._listed(column)
        if column.name in ("full_name", "short_name"):
            return str(getattr(self.unit, column.name))
        make = _TYPES.get(column.type)
        return make(self, column, person, times) if make else self._like_example(column)

    def _listed(self, column: Column) -> str:
        offered = [v for v in self._lists[column.vocabulary or ""].values if v != "иное"]
        count = self.rng.randrange(1, 3) if column.type == "multi" else 1
        return "; ".join(self.rng.sample(offered, min(count, len(offered))))

    def _like_example(self, column: Column) -> str:
        """The example with other numbers of the same length in it."""
        return re.sub(r"\d+", self._digits, column.example or column.title.lower())

    def _digits(self, found: re.Match[str]) -> str:
        return str(self.rng.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0])))

    def _date(self, column: Column, _person: Person, _times: int) -> str:
        """Days near that of the example: what begins in autumn does not end before spring."""
        typed = column.example.split(".")
        near = date(*map(int, reversed(typed))) if len(typed) == 3 else _BEGIN
        return f"{min(_END, near + timedelta(days=self.rng.randrange(14))):%d.%m.%Y}"

    def _count(self, column: Column, _person: Person, times: int) -> str:
        least, most = column.limits
        number = int(column.example) * times if column.example else self.rng.randrange(40)
        return str(max(least or 0, number if most is None else min(most, number)))

    def _order(self, _column: Column, _person: Person, _times: int) -> str:
        day = _BEGIN + timedelta(days=self.rng.randrange(14))
        return f"№ {self.rng.randrange(20, 400)}-А от {day:%d.%m.%Y}"

    def _url(self, column: Column, _person: Person, _times: int) -> str:
        place = f"https://{self.unit.code}.example.org"
        return place if column.name == "site" else f"{place}/{column.name.replace('_', '-')}"


_TYPES: dict[str, Callable[[Maker, Column, Person, int], str]] = {
    "fio": lambda _m, _c, who, _t: who.fio,
    "fio_list": lambda m, _c, _w, _t: m.deal().fio,
    "date": Maker._date,
    "int": Maker._count,
    "year": lambda m, c, _w, _t: str(int(c.example or AGE_YEAR) - m.rng.randrange(3)),
    "order_ref": Maker._order,
    "contacts": lambda m, _c, w, _t: f"{w.phone}, {w.email}" if m.rng.random() < 0.3 else w.phone,
    "phone": lambda _m, _c, who, _t: who.phone,
    "email": lambda _m, _c, who, _t: who.email,
    "url": Maker._url,
    "inn": lambda m, _c, _w, _t: m.unit.inn,
    "kpp": lambda m, _c, _w, _t: m.unit.kpp,
    "ogrn": lambda m, _c, _w, _t: m.unit.ogrn,
    "bool": lambda m, _c, _w, _t: "да" if m.rng.random() < 0.8 else "нет",
    "class": lambda m, _c, _w, _t: f"{m.rng.randrange(5, 12)}{m.rng.choice('АБВГ')}",
    "age_range": lambda _m, c, _w, _t: c.example or "14–18",
    "percent": lambda m, _c, _w, _t: str(m.rng.randrange(40, 100)),
    "decimal": lambda m, _c, _w, _t: f"{m.rng.randrange(1, 9)},5",
}


def dated(text: str) -> date | None:
    """Return the day of a text «дд.мм.гггг», None where it is another text."""
    if len(text) == 10 and text[2] == text[5] == ".":
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return None


def canonical_cell(column: Column, text: str) -> Any:
    """Return what the program keeps of a text as a curator types it."""
    if column.storage == "date":
        return f"{text[6:]}-{text[3:5]}-{text[:2]}"
    if column.storage == "bool":
        return text == "да"
    if column.storage == "float":
        return float(text.replace(",", "."))
    return int(text) if column.storage == "int" else text
