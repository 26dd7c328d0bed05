"""Rules across units, at publication: they give follow-up remarks and change no outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from contracts.vocabularies import PUPIL
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice
from pipeline.publication.people import base_rows, is_code, role_of
from pipeline.text import person_key
from pipeline.views import PublishView, Remark

MAYBE = "Возможно, «{name}»."
# Below this likeness (0…100) another name is no misspelling of the one that was typed.
LIKENESS = 80

# Whose rows speak of persons of the unit itself: form, the person's side, the column of the name.
PEOPLE: tuple[tuple[str, Literal["mentor", "mentee"], str], ...] = (
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
            mentors_in_base,
            ("F04", "F05"),
        ),
        Stage(
            "remark_two_units",
            "взрослый, который стоит в базах двух организаций, назван обеим",
            "remark",
            persons_in_two_units,
            ("F04", "F05"),
        ),
    )


def mentors_in_base(view: PublishView) -> list[Remark]:
    """Return a remark for each mentee whose mentor is not in the unit's own base of mentors.

    A unit that has not sent its mentors at all hears of it from the board, not row by row.
    """
    mentors: dict[str, dict[str, str]] = defaultdict(dict)
    for row in base_rows(view, "F04"):
        mentors[row["unit"]][person_key(row["mentor_fio"])] = row["mentor_fio"]
    names = {unit.code: unit.short_name for unit in view.units}
    submitted = set(view.submitted)
    return [
        _mentor_remark(row, mentors, names)
        for row in base_rows(view, "F05")
        if row["mentor_fio"]
        and (row["unit"], "F04") in submitted
        and person_key(row["mentor_fio"]) not in mentors[row["unit"]]
    ]


def _mentor_remark(
    row: Mapping[str, Any], mentors: Mapping[str, Mapping[str, str]], names: Mapping[str, str]
) -> Remark:
    name, own = row["mentor_fio"], row["unit"]
    # A code is made per unit: the same one elsewhere would be another pupil.
    elsewhere = [] if is_code(name) else _units_with(person_key(name), mentors)
    if elsewhere:
        return _remark(
            row, "F05", "mentor_fio", "mentor_of_other_unit", unit=_listed(elsewhere, names)
        )
    hint = "" if is_code(name) else _hint(name, mentors[own])
    return _remark(row, "F05", "mentor_fio", "mentor_not_in_base", hint=hint)


def _units_with(key: str, mentors: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [unit for unit in sorted(mentors) if key in mentors[unit]]


def _hint(name: str, known: Mapping[str, str]) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # 40 ms that `--help` must not pay

    candidates = sorted(key for key, full in known.items() if not is_code(full))
    best = process.extractOne(
        person_key(name), candidates, scorer=fuzz.ratio, score_cutoff=LIKENESS
    )
    return MAYBE.format(name=known[best[0]]) if best else ""


class _Seen(NamedTuple):
    row: Mapping[str, Any]
    form: str
    column: str


def persons_in_two_units(view: PublishView) -> list[Remark]:
    """Return one remark per unit for each adult whose name stands in the bases of several units.

    Different known birth years tell namesakes apart; the rest only a person can join or split.
    """
    names = {unit.code: unit.short_name for unit in view.units}
    found: dict[str, dict[str, list[_Seen]]] = defaultdict(lambda: defaultdict(list))
    for seen in _adults(view):
        found[person_key(seen.row[seen.column])][seen.row["unit"]].append(seen)
    remarks = []
    for key in sorted(found):
        by_unit = found[key]
        for unit in sorted(by_unit):
            others = [o for o in sorted(by_unit) if o != unit and _alike(by_unit[unit], by_unit[o])]
            if others:
                row, form, column = by_unit[unit][0]
                where = _listed(others, names)
                remarks.append(_remark(row, form, column, "person_in_two_units", unit=where))
    return remarks


def _adults(view: PublishView) -> Iterator[_Seen]:
    for form, side, column in PEOPLE:
        for row in base_rows(view, form):
            if not is_code(row[column]) and role_of(row, side) != PUPIL:
                yield _Seen(row, form, column)


def _alike(some: Iterable[_Seen], others: Iterable[_Seen]) -> bool:
    here, there = _years(some), _years(others)
    return not here or not there or bool(here & there)


def _years(seen: Iterable[_Seen]) -> set[int]:
    return {s.row["birth_year"] for s in seen if s.row["birth_year"] is not None}


def _listed(units: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(unit, unit) for unit in units)


def _remark(row: Mapping[str, Any], form: str, column: str, code: str, **params: str) -> Remark:
    person = "mentee_fio" if form == "F05" else "mentor_fio"
    notice = Notice(
        code,
        "remark",
        form=form,
        sheet=row["sheet"],
        row=row["line"],
        column=column,
        value=row[column],
        params=params,
        who=row[person],
    )
    return Remark(row["unit"], form, row["row_id"], notice)
