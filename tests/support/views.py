"""Publication views of the built-in forms, by the helpers that ship for authors of plugins."""

from __future__ import annotations

import json
from dataclasses import replace

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from pipeline.plugins import merge
from pipeline.store.rows import BoardPart, PartInfo
from pipeline.testing import publish_view, school, view_of_unit
from pipeline.views import Signatories

__all__ = ["NAMES", "PLANS", "STAFF", "school", "view"]

PLANS = {
    form.plan().code: form.plan() for form in (SchoolCard, Curators, Mentors, Mentees, StaffSummary)
}
NAMES = Signatories(
    "Ленинск-Кузнецкий городской округ",
    "Муниципальный центр наставничества",
    coordinator="Соколова Вера Ильинична",
    phone="+7 999 000-00-00",
)
STAFF = {column.name: 0 for column in PLANS["F08"].kept}


def merged(made):
    """The view with bases as the built-in stage merges them."""
    return replace(made, tables=Merged(made))


class Merged:
    """Rows of a view, and what the built-in stage makes of them."""

    def __init__(self, made):
        self._made = made
        self.rows, self.frame = made.tables.rows, made.tables.frame

    def base(self, form):
        return merge.merge(self._made, form)


def board_part(unit, form, outcome="accepted", **more):
    """What a unit sent of a form: its newest part, and what of it counts."""
    moment = more.pop("moment").isoformat()
    first, in_force = more.pop("first", None), more.pop("in_force", None)
    rows = more.pop("rows", 0)
    part = PartInfo(
        **{
            "number": 7,
            "index": 0,
            "unit": unit,
            "form": form,
            "period": "2026-2027",
            "stage": "",
            "mode": "snapshot",
            "contract": "",
            "outcome": outcome,
            "proposed": None,
            "outcome_now": outcome,
            "applied": None,
            "live": rows,
            "errors": 0,
            "remarks": 0,
            "sheet": "",
            "nil": False,
            "unchanged": False,
            "counts": {},
            "moment": moment,
            "modified": 0.0,
            "scan": "",
            **more,
        }
    )
    return BoardPart(
        unit,
        form,
        "",
        part,
        replace(part, number=in_force) if in_force else None,
        replace(part, moment=first.isoformat()) if first else None,
        rows,
    )


def shared(made, unit, indicators):
    """The view of one unit with its shares, as pieces of documents are made of it."""
    cut = view_of_unit(made, unit)
    return replace(cut, shares={i.code: i.per_unit(cut) for i in indicators})


def units_of(made):
    """Codes of all units that are known or have rows, in order."""
    return sorted({u.code for u in made.units} | {unit for unit, _form in made.submitted})


def figure(indicator, made):
    """An indicator as the host computes it: from the shares of the units."""
    shares = {unit: indicator.per_unit(view_of_unit(made, unit)) for unit in units_of(made)}
    return indicator.total(made, shares)


def remarks_of(stage, made):
    """The remarks of a stage as the host finds them, sorted as it sorts them."""
    given = {}
    for unit in units_of(made):
        given[unit] = json.loads(json.dumps(stage.contribute(view_of_unit(made, unit))))
    found = stage.conclude(made, given)
    return sorted(found, key=lambda r: (r.unit, r.form, r.row_id, r.notice.code))


def view(rows, units=(), **more):
    """A view over `rows[form]`; every form with rows counts as submitted by its units."""
    return publish_view(rows, units, forms=PLANS.values(), **{"names": NAMES, **more})
