"""A small factory of publication views: rows are typed as dicts, the rest is filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from pipeline.model import Unit
from pipeline.store.frames import frame
from pipeline.views import Signatories, PublishView

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


def table(form, rows):
    """Rows of one form as publication sees them; «unit» is asked for, the rest has a default."""
    plan = PLANS[form]
    result = frame(plan, rows)
    for name, values in {
        "unit": [row["unit"] for row in rows],
        "row_id": [row.get("row_id", f"{form}-{n}") for n, row in enumerate(rows, 1)],
        "submission": [row.get("submission", 1) for row in rows],
        "sheet": [row.get("sheet", plan.sheet) for row in rows],
        "line": [row.get("line", n) for n, row in enumerate(rows, 2)],
        "prior": [row.get("prior", False) for row in rows],
    }.items():
        result[name] = pd.Series(values, dtype="int64" if name in ("submission", "line") else None)
    return result


def view(rows, units=(), **more):
    """A view over `rows[form]`; every form with rows counts as submitted by its units."""
    tables = {code: table(code, rows.get(code, [])) for code in PLANS}
    units = units or [
        school(code) for code in sorted({r["unit"] for f in rows.values() for r in f})
    ]
    submitted = sorted({(row["unit"], form) for form, some in rows.items() for row in some})
    fields = {
        "period": "2026-2027",
        "today": date(2026, 11, 1),
        "as_of": datetime(2026, 10, 31, 9, 30, tzinfo=UTC),
        "upto": 42,
        "names": NAMES,
        "plans": PLANS,
        "units": tuple(units),
        "rows": tables,
        "bases": tables,
        "submitted": tuple(submitted),
        **more,
    }
    return PublishView(**fields)
