"""A small factory of publication views: rows are typed as dicts, the rest is filled in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from pipeline.model import Unit
from pipeline.plugins import merge
from pipeline.publication.overdue import contacts
from pipeline.store.frames import plain_columns, plain_rows, table_of
from pipeline.store.rows import BoardPart, PartInfo
from pipeline.views import PROVENANCE, PublishView, Signatories

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


def school(code, **more):
    return Unit(code, "ОО", more.pop("short_name", f"МБОУ «СОШ № {code}»"), **more)


class TypedTables:
    """Rows typed as dicts: «unit» is asked for, the rest has a default."""

    def __init__(self, rows):
        self._rows = {form: typed(form, rows.get(form, ())) for form in PLANS}
        self._bases = dict(self._rows)

    def rows(self, form):
        return self._rows[form]

    def base(self, form):
        return self._bases[form]

    def frame(self, form, rows):
        return table_of(PLANS[form], rows, PROVENANCE)


class OfUnit(TypedTables):
    """The rows of one unit."""

    def __init__(self, tables, unit):
        self._rows = {f: [r for r in tables.rows(f) if r["unit"] == unit] for f in PLANS}
        self._bases = {f: [r for r in tables.base(f) if r["unit"] == unit] for f in PLANS}


def typed(form, rows):
    """Rows of one form in plain Python."""
    plan = PLANS[form]
    values = {name: [row.get(name) for row in rows] for name in plan.names}
    origin = {
        "unit": [row["unit"] for row in rows],
        "row_id": [row.get("row_id", f"{form}-{n}") for n, row in enumerate(rows, 1)],
        "submission": [row.get("submission", 1) for row in rows],
        "sheet": [row.get("sheet", plan.sheet) for row in rows],
        "line": [row.get("line", n) for n, row in enumerate(rows, 2)],
        "prior": [row.get("prior", False) for row in rows],
    }
    return plain_rows({**plain_columns(plan, values), **origin})


def of_unit(made, unit):
    """The view of one unit, as a publication cuts it."""
    return PublishView(
        period=made.period,
        plans=made.plans,
        units=tuple(u for u in made.units if u.code == unit),
        tables=OfUnit(made.tables, unit),
        unit=unit,
        submitted=tuple(pair for pair in made.submitted if pair[0] == unit),
    )


def merged(made):
    """The view with bases as the built-in stage merges them."""
    tables = TypedTables({})
    tables._rows = {form: made.rows(form) for form in PLANS}
    tables._bases = {form: merge.merge(made, form) for form in PLANS}
    return replace(made, tables=tables)


def board_part(unit, form, outcome="accepted", **more):
    """What a unit sent of a form: its newest part, and what of it counts."""
    moment = more.pop("moment").isoformat()
    taken, in_force = more.pop("taken", ()), more.pop("in_force", None)
    rows, stage = more.pop("rows", 0), more.pop("stage", "")
    part = PartInfo(
        **{
            "number": 7,
            "index": 0,
            "unit": unit,
            "form": form,
            "period": "2026-2027",
            "stage": stage,
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
        stage,
        part,
        replace(part, number=in_force) if in_force else None,
        tuple(one.isoformat() for one in taken),
        rows,
    )


def shared(made, unit, indicators):
    """The view of one unit with its shares, as pieces of documents are made of it."""
    cut = of_unit(made, unit)
    return replace(cut, shares={i.code: i.per_unit(cut) for i in indicators})


def units_of(made):
    """Codes of all units that are known or have rows, in order."""
    return sorted({u.code for u in made.units} | {unit for unit, _form in made.submitted})


def figure(indicator, made):
    """An indicator as the host computes it: from the shares of the units."""
    shares = {unit: indicator.per_unit(of_unit(made, unit)) for unit in units_of(made)}
    return indicator.total(made, shares)


def remarks_of(stage, made):
    """The remarks of a stage as the host finds them, sorted as it sorts them."""
    given = {}
    for unit in units_of(made):
        given[unit] = json.loads(json.dumps(stage.contribute(of_unit(made, unit))))
    found = stage.conclude(made, given)
    return sorted(found, key=lambda r: (r.unit, r.form, r.row_id, r.notice.code))


def view(rows, units=(), **more):
    """A view over `rows[form]`; every form with rows counts as submitted by its units."""
    units = units or [
        school(code) for code in sorted({r["unit"] for f in rows.values() for r in f})
    ]
    submitted = sorted({(row["unit"], form) for form, some in rows.items() for row in some})
    fields = {
        "period": "2026-2027",
        "day": date(2026, 11, 1),
        "as_of": datetime(2026, 10, 31, 9, 30, tzinfo=UTC),
        "ledger_seq": 42,
        "names": NAMES,
        "plans": PLANS,
        "units": tuple(units),
        "tables": TypedTables(rows),
        "submitted": tuple(submitted),
        **more,
    }
    made = PublishView(**fields)
    return replace(made, contacts=contacts(made))
