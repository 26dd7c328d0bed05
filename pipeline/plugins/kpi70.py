"""KPI70: the share of teachers under 35 who are mentored or supported («дорожная карта»).

Both variants are intervals: what the rows prove, and what is possible if every unknown birth
year, length of service or date turns out well.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, Literal

from contracts.roles import is_teacher
from pipeline.hookspecs import Indicator, hookimpl
from pipeline.period import SchoolYear
from pipeline.publication.people import Person, persons
from pipeline.publication.rates import SMALL_NUMBER, missing_to
from pipeline.publication.shares import PersonsOfShares
from pipeline.text import person_key
from pipeline.views import IndicatorPerson, IndicatorResult, IndicatorUnit, PublishView, UnitShare

TARGET = 0.7
YOUNG, NEW = 35, 3

AS_MENTEE = "в паре как наставляемый"
AS_MENTOR = "в паре как наставник"
SUPPORTED = "иная форма поддержки: {forms}"
NO_YEAR = "год рождения не указан"
NO_EXPERIENCE = "педагогический стаж не указан"
NO_DATE = "дата вхождения в программу не указана"
RULES = (
    "Возраст – полных лет на 1 января {year} г.; «до 35 лет» – не старше 34 лет. Внешние "
    "совместители не учтены. Пара учтена, если действовала хотя бы один день учебного года.",
    "«Доказано» – по строкам баз; «возможно» – если подтвердится то, что в строках не указано.",
    "Справочно – сколько охваченных назвали сами ОО в форме «Кадры».",
)
OVER = "{unit}: в базах {found} чел., а по форме «Кадры» всего {limit}; учтено {limit}."
SMALL = "Малая численность: в знаменателе {count} чел., доля показательна мало."
OVERLAP = "Одинаковые ФИО в разных ОО: {count}. Если это одни и те же люди, учтены дважды."
NOT_COUNTED = "Не учтены ОО, не подавшие «Кадры» или обе базы: {count}."


@dataclass(frozen=True, slots=True)
class Variant:
    """What tells the two variants apart: their columns of F08, who is asked for, which pairs."""

    code: str
    title: str
    source: str
    denominator: str
    control: str
    newcomers: bool


VARIANTS = (
    Variant(
        "KPI70-A",
        "Доля педагогических работников в возрасте до 35 лет, вовлечённых в различные формы "
        "поддержки и наставничества",
        "дорожная карта муниципалитета",
        "ped_lt35",
        "ped_lt35_supported",
        newcomers=False,
    ),
    Variant(
        "KPI70-B",
        "Доля педагогических работников в возрасте до 35 лет, вовлечённых в различные формы "
        "поддержки и сопровождения в первые три года работы",
        "формулировка федерального проекта «Учитель будущего» (не сверена)",
        "ped_lt35_exp_lt3",
        "ped_lt35_exp_lt3_supported",
        newcomers=True,
    ),
)


@hookimpl
def register_indicators() -> Sequence[Indicator]:
    """Register both variants; a report names each in full."""
    return tuple(
        Indicator(
            v.code,
            v.title,
            "%",
            None,
            TARGET,
            v.source,
            per_unit=partial(per_unit, v),
            total=partial(total, v),
        )
        for v in VARIANTS
    )


@dataclass(frozen=True, slots=True)
class _Fact:
    """What one row says of a person; `certain` False where a date is lacking."""

    row: Mapping[str, Any] = field(repr=False)
    form: Literal["F04", "F05"]
    name: str = field(repr=False)
    reason: str = ""
    certain: bool = True


def per_unit(variant: Variant, view: PublishView) -> UnitShare:
    """Return one school's share: young teachers who are in a pair or supported, each once."""
    unit = view.unit or ""
    year = SchoolYear.parse(view.period).last
    judged = (_judged(variant, person, facts, year) for person, facts in _people(view).items())
    people = sorted((p for p in judged if p), key=lambda p: (person_key(p.name), p.row_id))
    given = {form for _unit, form in view.submitted}
    staff = next(reversed(view.base_rows("F08")), None) if "F08" in given else None
    line = _line(unit, people, staff, variant, based=bool(given & {"F04", "F05"}))
    keys = sorted({_hashed(person_key(p.name)) for p in people})
    proven = sum(p.certainty == "proven" for p in people)
    return UnitShare(line, tuple(people), {"proven": proven, "keys": keys})


def total(variant: Variant, view: PublishView, shares: Mapping[str, UnitShare]) -> IndicatorResult:
    """Return the indicator over the schools that gave both staff numbers and a base."""
    schools = [unit.code for unit in view.reporting_units()]
    lines: list[IndicatorUnit] = []
    over, keys, people = [], array("Q"), 0
    for unit in schools:
        share = shares[unit]
        lines.append(share.line)
        people += len(share.persons)
        if _both(share.line):
            keys.extend(share.more["keys"])
            over += _over(view, share)
    both = [line for line in lines if _both(line)]
    low = sum(line.numerator_low or 0 for line in both)
    count = sum(line.denominator or 0 for line in both)
    return IndicatorResult(
        variant.code,
        low,
        sum(line.numerator_high or 0 for line in both),
        count,
        len(both),
        len(schools),
        tuple(lines),
        PersonsOfShares(shares, sorted(schools), people),
        TARGET,
        missing_to(TARGET, low, count),
        sum(line.control or 0 for line in both),
        tuple(_notes(view, over, count, keys, len(schools) - len(both))),
        variant.title,
        variant.source,
    )


def _people(view: PublishView) -> dict[Person, list[_Fact]]:
    """All teachers of the two bases with what their rows say; part-timers of others left out."""
    return view.cached("teachers", _teachers)


def _teachers(view: PublishView) -> dict[Person, list[_Fact]]:
    year = SchoolYear.parse(view.period)
    span = (year.begins, year.ends)
    facts = [*_mentees(view, span), *_mentors(view, span)]
    keys = [(f.row["unit"], f.name, f.row.get("birth_year")) for f in facts]
    grouped: dict[Person, list[_Fact]] = defaultdict(list)
    for person, fact in zip(persons(keys), facts, strict=True):
        grouped[person].append(fact)
    return {
        person: rows
        for person, rows in grouped.items()
        if not any(fact.row.get("main_job") is False for fact in rows)
    }


def _mentees(view: PublishView, span: tuple[date, date]) -> Iterator[_Fact]:
    for row in view.base_rows("F05"):
        if not is_teacher(row, "mentee"):
            continue
        name = row["mentee_fio"]
        yield _Fact(row, "F05", name)
        if row["support_forms"]:
            yield _Fact(row, "F05", name, SUPPORTED.format(forms=row["support_forms"]))
        active = row["mentor_fio"] and _active(row, span)
        if active and row["completion_mark"] != "не начата":
            yield _Fact(row, "F05", name, AS_MENTEE, active == "yes")


def _mentors(view: PublishView, span: tuple[date, date]) -> Iterator[_Fact]:
    """A mentor's pair stands in their own row, or in the row of a mentee of the same unit."""
    paired: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in view.base_rows("F05"):
        if row["mentor_fio"] and row["completion_mark"] != "не начата":
            paired[row["unit"], person_key(row["mentor_fio"])].append(row)
    for row in view.base_rows("F04"):
        if not is_teacher(row, "mentor"):
            continue
        name = row["mentor_fio"]
        yield _Fact(row, "F04", name)
        own = [row] if row["mentee_fios"] and row["status"] != "кандидат" else []
        found = {_active(pair, span) for pair in (*own, *paired[row["unit"], person_key(name)])}
        if found & {"yes", "unknown"}:
            yield _Fact(row, "F04", name, AS_MENTOR, "yes" in found)


def _active(row: Mapping[str, Any], span: tuple[date, date]) -> Literal["yes", "unknown", ""]:
    """Whether a pair was active at least one day of the year."""
    (first, last), entry, end = span, row["entry_date"], row["end_date"]
    if (end and end < first) or (entry and entry > last):
        return ""
    return "yes" if entry or (end and end <= last) else "unknown"


def _judged(
    variant: Variant, person: Person, facts: Sequence[_Fact], year: int
) -> IndicatorPerson | None:
    """Say how surely a person counts, and why; None for those who do not."""
    mine = [f for f in facts if f.reason and not (variant.newcomers and f.reason == AS_MENTOR)]
    service = [f.row["experience_years"] for f in facts if f.row["experience_years"] is not None]
    # Born in year b, a person has year − b − 1 full years on 1 January, whatever the day.
    too_old = person.birth_year is not None and year - person.birth_year - 1 >= YOUNG
    if not mine or too_old or (variant.newcomers and max(service, default=0) >= NEW):
        return None
    best = max(mine, key=lambda f: (f.certain, f.form == "F05"))
    doubts = [
        (NO_YEAR, person.birth_year is None),
        (NO_EXPERIENCE, variant.newcomers and not service),
        (NO_DATE, not best.certain),
    ]
    words = [best.reason, *(text for text, doubtful in doubts if doubtful)]
    return IndicatorPerson(
        person.unit,
        best.row["row_id"],
        best.form,
        best.name,
        "possible" if len(words) > 1 else "proven",
        "; ".join(words),
    )


def _line(
    unit: str,
    people: Sequence[IndicatorPerson],
    staff: Mapping[str, Any] | None,
    variant: Variant,
    *,
    based: bool,
) -> IndicatorUnit:
    """Return one school's share; a numerator never exceeds the school's own denominator."""
    n = staff[variant.denominator] if staff else None
    proven = sum(p.certainty == "proven" for p in people)
    return IndicatorUnit(
        unit,
        _capped(proven, n) if based else None,
        _capped(len(people), n) if based else None,
        n,
        staff[variant.control] if staff else None,
    )


def _capped(count: int, limit: int | None) -> int:
    return count if limit is None else min(count, limit)


def _both(line: IndicatorUnit) -> bool:
    return line.denominator is not None and line.numerator_low is not None


def _over(view: PublishView, share: UnitShare) -> list[str]:
    found, limit = share.more["proven"], share.line.denominator or 0
    unit = view.unit_name(share.line.unit)
    return [OVER.format(unit=unit, found=found, limit=limit)] if found > limit else []


def _notes(
    view: PublishView, over: Iterable[str], count: int, keys: Iterable[int], left_out: int
) -> Iterator[str]:
    yield from over
    if 0 < count < SMALL_NUMBER:
        yield SMALL.format(count=count)
    overlap = sum(len(list(same)) > 1 for _key, same in groupby(sorted(keys)))
    if overlap:
        yield OVERLAP.format(count=overlap)
    if left_out:
        yield NOT_COUNTED.format(count=left_out)
    for rule in RULES:
        yield rule.format(year=SchoolYear.parse(view.period).last)


def _hashed(key: str) -> int:
    """A name as a number: those of a whole region are compared in little memory."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")
