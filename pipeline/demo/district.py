"""The invented district: its units, and what each school would report if it made no mistakes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.demo.cards import card, curator, summary
from pipeline.demo.people import Dealer, seeded
from pipeline.demo.rows import Plan, Roster, Row
from pipeline.demo.units import (
    STORY_UNITS,
    inn_of,
    outsiders,
    registry_extras,
    school,
    school_kind,
)
from pipeline.model import Unit

PERIOD = "2026-2027"
SEED = 2026
# Near the goal of 70 % and below it, so that the demo shows whom to help.
SHARE = 0.675
# The school that answers «Данных нет».
NIL_UNIT = "oo-118"
# The number of the school that later sends a list of its new people only.
NEWCOMERS = 23
_FORMS = ("F01", "F02", "F04", "F05", "F08")

__all__ = ["PERIOD", "SEED", "DemoUnit", "District", "district", "inn_of"]


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit and its true rows: form code → rows by column name, as a curator would type them."""

    unit: Unit
    rows: Mapping[str, tuple[Row, ...]] = field(repr=False)

    @property
    def code(self) -> str:
        """Code of the unit in `units.csv`."""
        return self.unit.code

    @property
    def people(self) -> frozenset[str]:
        """Names of all people in the rows."""
        names = {self.rows["F01"][0]["head_fio"]} | {row["fio"] for row in self.rows["F02"]}
        for form, own, other in (
            ("F04", "mentor_fio", "mentee_fios"),
            ("F05", "mentee_fio", "mentor_fio"),
        ):
            for row in self.rows[form]:
                names |= {row[own], *row.get(other, "").split("; ")}
        return frozenset(names - {""})


@dataclass(frozen=True, slots=True)
class District:
    """All schools in the order of their numbers, and who else is in `units.csv` or sends files.

    `newcomers` are people who come to one school later in the year.
    """

    seed: int
    schools: tuple[DemoUnit, ...]
    others: tuple[Unit, ...]
    neighbour: DemoUnit
    stranger: DemoUnit
    closed: DemoUnit
    newcomers: DemoUnit

    @property
    def units(self) -> tuple[Unit, ...]:
        """Everybody in `units.csv`."""
        return (*(school.unit for school in self.schools), *self.others)

    def school(self, code: str) -> DemoUnit | None:
        """Return the school with this code, None where the district has fewer schools."""
        return next((school for school in self.schools if school.code == code), None)


def district(seed: int = SEED, schools: int = STORY_UNITS) -> District:
    """Make a district of so many schools; the same arguments give the same people."""
    dealer = Dealer(seed, schools * 48 + 200)
    rng = seeded(seed, "district")
    young_so_far = supported_so_far = 0
    made = []
    for index in range(1, schools + 1):
        unit = school(index)
        young = 3 if unit.code == NIL_UNIT else rng.randrange(5, 9)
        young_so_far += young
        short = round(young_so_far * SHARE) - supported_so_far + rng.choice((-1, 0, 0, 1))
        supported = 0 if unit.code == NIL_UNIT else max(3, min(young, short))
        supported_so_far += supported
        made.append(_filled(unit, index, dealer, rng, (young, supported)))
    neighbour, stranger = outsiders()
    others = registry_extras()
    return District(
        seed=seed,
        schools=tuple(made),
        others=others,
        neighbour=_filled(neighbour, 1, dealer, rng, (4, 3)),
        stranger=_filled(stranger, 2, dealer, rng, (4, 3)),
        closed=_filled(others[-1], 3, dealer, rng, (4, 3)),
        newcomers=_filled(school(NEWCOMERS), 4, dealer, rng, (4, 4)),
    )


def _filled(
    unit: Unit, index: int, dealer: Dealer, rng: random.Random, teachers: tuple[int, int]
) -> DemoUnit:
    young, supported = teachers
    roster = Roster(unit, dealer, rng)
    nil = unit.code == NIL_UNIT
    roster.fill(
        Plan(
            young=young,
            supported=supported,
            pupil_pairs=0 if nil else rng.randrange(3, 7),
            student_pairs=0 if nil else rng.randrange(0, 3),
            employer_pairs=0 if nil else rng.randrange(1, 3),
            college_pairs=1 if index % 6 == 0 and not nil else 0,
            one_is_mentor=index % 4 == 1,
        )
    )
    if nil:
        roster.mentors.clear()
        roster.mentees.clear()
    level = rng.choice(("иные", "иные", "иные", "высокие (ШВР)", "низкие (ШНОР)"))
    forms = (
        (card(roster, school_kind(index), level),),
        (curator(roster),),
        tuple(roster.mentors),
        tuple(roster.mentees),
        (summary(roster),),
    )
    return DemoUnit(unit, dict(zip(_FORMS, forms, strict=True)))
