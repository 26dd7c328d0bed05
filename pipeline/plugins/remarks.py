"""Rules across units, at publication: they give follow-up remarks and change no outcome."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from contracts.roles import Side, is_pupil
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice
from pipeline.publication.people import is_code
from pipeline.text import person_key
from pipeline.views import PublishView, Remark

Data = Mapping[str, Any]

MAYBE = "Возможно, «{name}»."
# Below this likeness (0…100) another name is no misspelling of the one that was typed.
LIKENESS = 80

# Whose rows speak of persons of the unit itself: form, the person's side, the column of the name.
PEOPLE: tuple[tuple[str, Side, str], ...] = (
    ("F04", "mentor", "mentor_fio"),
    ("F05", "mentee", "mentee_fio"),
)


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the search for mentors in the bases and for namesakes in two units."""
    return (
        Stage(
            "remark_mentors",
            "наставник, которого назвал наставляемый, есть в базе наставников",
            "remark",
            None,
            ("F04", "F05"),
            contribute=mentors_of_unit,
            conclude=mentors_in_base,
        ),
        Stage(
            "remark_two_units",
            "взрослый, который стоит в базах двух организаций, назван обеим",
            "remark",
            None,
            ("F04", "F05"),
            contribute=adults_of_unit,
            conclude=persons_in_two_units,
        ),
    )


def mentors_of_unit(view: PublishView) -> Data:
    """Return the mentors of a unit, and its mentees whose mentor is not among them.

    A unit that has not sent its mentors at all hears of it from the board, not row by row; of a
    mentor whose own row we returned it has heard already.
    """
    mentors = {person_key(row["mentor_fio"]): row["mentor_fio"] for row in view.base_rows("F04")}
    asked = "F04" in {form for _unit, form in view.submitted}
    lacking = []
    for row in view.base_rows("F05") if asked else ():
        name = row["mentor_fio"]
        if not name or person_key(name) in mentors:
            continue
        if not any(_same(name, other) for other in view.returned("F04")):
            # A code is made per unit: the same one elsewhere would be another pupil.
            key = "" if is_code(name) else person_key(name)
            hint = _hint(name, mentors) if key else ""
            lacking.append({"key": key, "hint": hint, **_place(row, "F05", "mentor_fio")})
    return {"mentors": sorted(mentors), "lacking": lacking}


def _same(name: str, key: str) -> bool:
    """Whether a key may be of the same person, in whatever order and with initials for names."""
    words, others = person_key(name).split(), key.split()
    full = [word for word in others if word in words]
    initials = [word for word in others if word not in words]
    begun = {word[0] for word in words if word not in full}
    return any(len(word) > 1 for word in full) and all(w in begun for w in initials)


def mentors_in_base(view: PublishView, units: Mapping[str, Data]) -> Iterator[Remark]:
    """Give a remark for each mentee whose mentor is not in the unit's own base of mentors."""
    sought = {row["key"] for data in units.values() for row in data["lacking"]} - {""}
    having: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(units) if sought else ():
        for key in sought.intersection(units[unit]["mentors"]):
            having[key].append(unit)
    for unit, data in units.items():
        for row in data["lacking"]:
            elsewhere = _listed(having.get(row["key"], ()), view)
            if elsewhere:
                yield _remark(unit, row, "mentor_of_other_unit", unit=elsewhere)
            else:
                yield _remark(unit, row, "mentor_not_in_base", hint=row["hint"])


def _hint(name: str, known: Mapping[str, str]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # 40 ms that `--help` must not pay

    candidates = sorted(key for key, full in known.items() if not is_code(full))
    best = process.extractOne(
        person_key(name), candidates, scorer=fuzz.ratio, score_cutoff=LIKENESS
    )
    return MAYBE.format(name=known[best[0]]) if best else ""


def adults_of_unit(view: PublishView) -> Data:
    """Return the adults of a unit by the key of their name: their years and their first row."""
    found: dict[str, dict[str, Any]] = {}
    for form, side, column in PEOPLE:
        for row in view.base_rows(form):
            if is_code(row[column]) or is_pupil(row, side):
                continue
            key = person_key(row[column])
            adult = found.setdefault(key, {"years": [], **_place(row, form, column)})
            if row["birth_year"] is not None and row["birth_year"] not in adult["years"]:
                adult["years"].append(row["birth_year"])
    return {"keys": [_hashed(key) for key in found], "adults": found}


def persons_in_two_units(view: PublishView, units: Mapping[str, Data]) -> Iterator[Remark]:
    """Give one remark per unit for each adult whose name stands in the bases of several units.

    Different known birth years tell namesakes apart; the rest only a person can join or split.
    """
    keys = array("Q")
    for data in units.values():
        keys.extend(data["keys"])
    several = {key for key, same in groupby(sorted(keys)) if len(list(same)) > 1}
    found: dict[str, dict[str, Data]] = defaultdict(dict)
    for unit, data in units.items() if several else ():
        for key, adult in data["adults"].items() if several.intersection(data["keys"]) else ():
            if _hashed(key) in several:
                found[key][unit] = adult
    for by_unit in found.values():
        for unit, adult in by_unit.items():
            others = [o for o in sorted(by_unit) if o != unit and _alike(adult, by_unit[o])]
            if others:
                yield _remark(unit, adult, "person_in_two_units", unit=_listed(others, view))


def _hashed(key: str) -> int:
    """A name as a number: those of a whole region are compared in little memory."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _alike(some: Data, others: Data) -> bool:
    here, there = set(some["years"]), set(others["years"])
    return not here or not there or bool(here & there)


def _listed(units: Iterable[str], view: PublishView) -> str:
    return ", ".join(map(view.unit_name, units))


def _place(row: Mapping[str, Any], form: str, column: str) -> Data:
    """What a remark says of its row, as plain data."""
    return {
        "row_id": row["row_id"],
        "form": form,
        "sheet": row["sheet"],
        "line": row["line"],
        "column": column,
        "value": row[column],
        "who": row["mentee_fio" if form == "F05" else "mentor_fio"],
    }


def _remark(told: str, row: Data, code: str, /, **params: str) -> Remark:
    notice = Notice(
        code,
        "remark",
        form=row["form"],
        sheet=row["sheet"],
        row=row["line"],
        column=row["column"],
        value=row["value"],
        params=params,
        who=row["who"],
    )
    return Remark(told, row["form"], row["row_id"], notice)
