"""The единая база of every form that no other plugin merges: rows in force, persons told apart."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.plan import FormPlan
from pipeline.hookspecs import Stage, hookimpl
from pipeline.publication.people import PERSON_ID, persons
from pipeline.store.frames import widened
from pipeline.text import person_key
from pipeline.views import PublishView, Row, Rows


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the stage that merges whatever has no merge stage of its own."""
    return (
        Stage(
            name="merge",
            help="действующие строки формы по организациям и людям",
            kind="merge",
            run=merge,
            forms=("*",),
            scope="unit",
        ),
    )


def merge(view: PublishView, form: str) -> Rows:
    """Return the base of *form*: its rows in force by unit, then person, then place of origin.

    Where the form speaks of persons a column `person_id` stands beside the provenance.
    """
    rows, plan = view.rows(form), view.plans[form]
    order = sorted(rows, key=lambda row: _place(row, plan))
    if plan.person is None:
        return order
    named = [(row["unit"], row[plan.person] or "", row.get("birth_year")) for row in order]
    return [
        widened(row, PERSON_ID, person.id)
        for row, person in zip(order, persons(named), strict=True)
    ]


def _place(row: Row, plan: FormPlan) -> tuple[str, str, int, str, int, str]:
    name = person_key(row[plan.person] or "") if plan.person else ""
    return row["unit"], name, row["submission"], row["sheet"] or "", row["line"], row["row_id"]
