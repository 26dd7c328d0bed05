"""Blank workbooks for schools, made from the plans of the forms.

Everything in a blank comes from a contract: a new column of the contract is a new column here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from contracts.passport import PASSPORT
from contracts.plan import FormPlan, Vocabulary
from pipeline.answers.blanks import guide
from pipeline.answers.blanks.card import card_sheet
from pipeline.answers.blanks.matrix import matrix_sheet
from pipeline.answers.blanks.stages import by_stage, rows_of
from pipeline.answers.blanks.table import table_sheet
from pipeline.model import Scalar
from pipeline.render.workbook import XlsxWriter
from pipeline.views import Signatories

# Custom property of the document by which a blank is known: «F01@1;F02@1».
PROPERTY = "nastavnik"

__all__ = ["PROPERTY", "blank", "version"]


def blank(
    plans: Sequence[FormPlan],
    vocabularies: Mapping[str, Vocabulary],
    *,
    passport: Mapping[str, str] | None = None,
    filled: Mapping[str, Sequence[Mapping[str, Scalar]]] | None = None,
    names: Signatories | None = None,
    days: Mapping[tuple[str, str], Sequence[date]] | None = None,
) -> bytes:
    """Return a workbook to fill in: how to, «Паспорт», a sheet per form, hidden lists.

    With all forms it is the «Книга ОО», with one form a file of its own. *passport* holds known
    values by the names of `PASSPORT`; *filled* canonical rows in force by code of the form, which
    are written as a person would type them; *names* says whom to ask, *days* until when each
    form and stage is due.
    """
    known, rows = passport or {}, filled or {}
    writer = XlsxWriter(guide.title(plans, known))
    writer.book.set_custom_property(PROPERTY, version(plans))
    guide.guide_sheet(writer, plans, known, names, days)
    card_sheet(writer, _passport(plans), vocabularies, known)
    for plan in (sheet for form in plans for sheet in by_stage(form)):
        own = rows_of(plan, rows.get(plan.code, ()))
        if plan.layout == "card":
            card_sheet(writer, plan, vocabularies, next(iter(own), {}))
        elif plan.layout == "matrix":
            matrix_sheet(writer, plan, vocabularies, own)
        else:
            table_sheet(writer, plan, vocabularies, own)
    guide.lists_sheet(writer, plans, vocabularies)
    return writer.data()


def version(plans: Sequence[FormPlan]) -> str:
    """Return what the property of a blank says: codes and versions of its forms."""
    return ";".join(f"{plan.code}@{plan.version}" for plan in plans)


def _passport(plans: Sequence[FormPlan]) -> FormPlan:
    """Only what makes sense here: the stage for monitoring, «Данных нет» for a single form."""
    asked = {"stage": any("stage" in plan.names for plan in plans), "nil": len(plans) == 1}
    columns = tuple(c for c in PASSPORT.columns if asked.get(c.name, True))
    return replace(PASSPORT, columns=columns)
