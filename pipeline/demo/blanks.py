"""Our own blank as a careful school fills it in."""

from __future__ import annotations

from contracts.plan import FormPlan
from contracts.vocabularies import VOCABULARIES
from pipeline.demo.district import PERIOD, DemoUnit
from pipeline.demo.files import plans
from pipeline.demo.rows import Row
from pipeline.model import Scalar


def blank_book(school: DemoUnit) -> bytes:
    """Return «Книга ОО» made by the program and filled with the school's true rows."""
    from pipeline.answers.blanks.book import blank  # noqa: PLC0415  # xlsxwriter; not every demo file needs it

    curator = school.rows["F02"][0]
    return blank(
        list(plans().values()),
        {vocabulary.name: vocabulary for vocabulary in VOCABULARIES},
        passport={
            "inn": school.unit.inn,
            "unit_name": school.unit.short_name,
            "period": PERIOD,
            "as_of": "2026-09-21",
            "filled_by": curator["fio"],
            "filled_phone": curator["phone"],
        },
        filled={
            code: [_canonical(plan, row) for row in school.rows[code]]
            for code, plan in plans().items()
        },
    )


def _canonical(plan: FormPlan, row: Row) -> dict[str, Scalar]:
    return {c.name: _value(c.storage, row[c.name]) for c in plan.kept if row.get(c.name)}


def _value(storage: str, text: str) -> Scalar:
    if storage == "date":
        return f"{text[6:]}-{text[3:5]}-{text[:2]}"
    if storage == "bool":
        return text == "да"
    return int(text) if storage == "int" else text
