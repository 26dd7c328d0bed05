"""Publication views of the built-in forms, by the helpers that ship for authors of plugins."""

from __future__ import annotations

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from pipeline import testing
from pipeline.testing import publish_view, school
from pipeline.views import Names

__all__ = ["NAMES", "PLANS", "STAFF", "school", "table", "view"]

PLANS = {
    form.plan().code: form.plan() for form in (SchoolCard, Curators, Mentors, Mentees, StaffSummary)
}
NAMES = Names(
    "Ленинск-Кузнецкий городской округ",
    "Муниципальный центр наставничества",
    coordinator="Соколова Вера Ильинична",
    phone="+7 999 000-00-00",
)
STAFF = {column.name: 0 for column in PLANS["F08"].kept}


def table(form, rows):
    """Rows of one form as publication sees them."""
    return testing.table(PLANS[form], rows)


def view(rows, units=(), **more):
    """A view over `rows[form]`; every form with rows counts as submitted by its units."""
    return publish_view(rows, units, forms=PLANS.values(), **{"names": NAMES, **more})
