"""The invented district: its units, and what each school would report if it made no mistakes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.demo.generator import Row
from pipeline.demo.people import Dealer, seeded
from pipeline.demo.rows import Size, school_rows
from pipeline.demo.units import STORY_UNITS, outsiders, registry_extras, school, school_kind
from pipeline.model import Unit

PERIOD = "2026-2027"
SEED = 2026
# Near the goal of 70 % and below it, so that the demo shows whom to help.
SHARE = 0.675
# The school that answers «Данных нет».
NIL_UNIT = "oo-118"
# The number of the school that later sends a list of its new people only.
NEWCOMERS = 23
# No school of `large_schools` has more people than this.
_PEOPLE = 1000


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
        for form in ("F04", "F05"):
            for row in self.rows[form]:
                listed = (row.get(f"{who}_fio", "") for who in ("mentor", "mentee"))
                names |= {*listed, *row.get("mentee_fios", "").split("; ")}
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
    dealer, rng = Dealer(seed), seeded(seed, "district")
    made = []
    young_so_far = supported_so_far = 0
    for index in range(1, schools + 1):
        unit = school(index)
        nil = unit.code == NIL_UNIT
        young = 3 if nil else rng.randrange(5, 9)
        young_so_far += young
        short = round(young_so_far * SHARE) - supported_so_far + rng.choice((-1, 0, 0, 1))
        supported = 0 if nil else max(3, min(young, short))
        supported_so_far += supported
        size = Size(young, supported, _pairs(rng, index), one_is_mentor=index % 4 == 1)
        rows = school_rows(unit, school_kind(index), size, dealer, rng)
        # Not even the teacher who waits for a mentor stands in its lists.
        made.append(DemoUnit(unit, rows | {"F04": (), "F05": ()} if nil else rows))

    def small(unit: Unit, index: int, supported: int = 3) -> DemoUnit:
        size = Size(4, supported, _pairs(rng, index))
        return DemoUnit(unit, school_rows(unit, school_kind(index), size, dealer, rng))

    neighbour, stranger = outsiders()
    others = registry_extras()
    return District(
        seed,
        tuple(made),
        others,
        neighbour=small(neighbour, 1),
        stranger=small(stranger, 2),
        closed=small(others[-1], 3),
        newcomers=small(school(NEWCOMERS), 4, 4),
    )


def large_schools(seed: int, numbers: range) -> Iterator[DemoUnit]:
    """Yield schools with about 240 rows of pairs each, one at a time, in any order of calls."""
    for index in numbers:
        dealer, rng = Dealer(seed, index * _PEOPLE), seeded(seed, "large", index)
        young = rng.randrange(60, 90)
        pairs = {form: count * rng.randrange(9, 14) for form, count in _pairs(rng, 6).items()}
        size = Size(young, round(young * rng.uniform(0.5, 0.8)), pairs)
        unit = school(index)
        yield DemoUnit(unit, school_rows(unit, school_kind(index), size, dealer, rng))


def _pairs(rng: random.Random, index: int) -> dict[str, int]:
    return {
        "ученик – ученик": rng.randrange(3, 7),
        "студент – ученик": rng.randrange(0, 3),
        "работодатель – ученик": rng.randrange(1, 3),
        "работодатель – студент": 1 if index % 6 == 0 else 0,
    }
