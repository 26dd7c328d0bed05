"""What a list must agree with: its unit, itself, its orders, the staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.roles import is_teacher
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, ParsedRow, Unit
from pipeline.period import SchoolYear
from pipeline.text import organisation_key, person_key
from pipeline.views import CheckView

YOUNG = 35


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the rules about whole lists and cards."""
    return (
        Stage("card", "ИНН в карточке – тот же, что в реестре", "check", check_card, ("F01",)),
        Stage("curators", "действующий куратор один", "check", check_curators, ("F02",)),
        Stage(
            "other_unit",
            "в строке указана другая организация реестра",
            "check",
            check_other_unit,
            ("F04",),
        ),
        Stage("pairs", "пара названа один раз", "check", check_pairs, ("F05",)),
        Stage("orders", "у списка и пары есть приказ", "check", check_orders, ("F04", "F05")),
        Stage("complete", "завершённая пара описана", "check", check_complete, ("F04", "F05")),
        Stage("staff", "«Кадры» сходятся с базами", "check", check_staff, ("F08",)),
    )


def check_card(view: CheckView) -> Iterator[Notice]:
    """The ИНН of the card is the one by which the unit is known."""
    for row in view.rows:
        inn = row.values.get("inn")
        if inn and view.unit.inn and inn != view.unit.inn:
            yield Notice(
                "unit_card_differs",
                "error",
                row=row.row,
                column="inn",
                params={"expected": view.unit.inn},
            )


def check_curators(view: CheckView) -> Iterator[Notice]:
    """One curator is active; the remark stands once, for the whole list."""
    today = view.today.isoformat()
    active = [r for r in view.rows if not r.values.get("until") or str(r.values["until"]) >= today]
    if view.rows and len(active) != 1:
        yield Notice("curator_count", "remark", params={"count": str(len(active))})


def check_other_unit(view: CheckView) -> Iterator[Notice]:
    """The workplace names another unit of the registry."""
    own = _names(view.unit)
    others = {n: u for u in view.units.values() if u.code != view.unit.code for n in _names(u)}
    for row in view.rows:
        place = organisation_key(str(row.values.get("workplace") or ""))
        if place and place not in own and place in others:
            yield Notice("unit_rows_of_other", "remark", row=row.row, column="workplace")


def check_pairs(view: CheckView) -> Iterator[Notice]:
    """A mentee has two mentors in one form."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for row in view.rows:
        mentor = person_key(str(row.values.get("mentor_fio") or ""))
        who = (
            person_key(str(row.values.get("mentee_fio") or "")),
            str(row.values.get("mentoring_form")),
        )
        if not who[0] or not mentor:
            continue
        number, earlier = first.setdefault(who, (row.row, mentor))
        if earlier != mentor:
            yield Notice(
                "mentee_paired_twice",
                "remark",
                row=row.row,
                column="mentor_fio",
                params={"first": str(number)},
            )


def check_orders(view: CheckView) -> Iterator[Notice]:
    """Official lists come without orders, so their lack is named only where we asked for them."""
    mentors = view.plan.code == "F04"
    what = "утверждён список" if mentors else "закреплена пара"
    for row in view.rows:
        paired = mentors or row.values.get("mentor_fio")
        if (
            "order" in row.cells
            and paired
            and not row.values.get("order")
            and "order" not in row.failed
        ):
            yield Notice(
                "order_missing", "remark", row=row.row, column="order", params={"what": what}
            )


def check_complete(view: CheckView) -> Iterator[Notice]:
    """A programme that is over has results; a pair has a day on which it began."""
    today = view.today.isoformat()
    for row in view.rows:
        end = str(row.values.get("end_date") or "")
        asked = "results" in row.cells
        if end and end <= today and asked and not row.values.get("results"):
            shown = ".".join(reversed(end.split("-")))
            yield Notice(
                "results_missing", "remark", row=row.row, column="results", params={"end": shown}
            )
        if view.plan.code == "F05" and row.values.get("mentor_fio"):
            asked = "entry_date" in row.cells and "entry_date" not in row.failed
            missing = asked and not row.values.get("entry_date")
            if missing:
                yield Notice("pair_incomplete", "remark", row=row.row, column="entry_date")


def check_staff(view: CheckView) -> Iterator[Notice]:
    """The supported young teachers of F08 are as many as the bases of the unit name."""
    for row in view.rows:
        said = row.values.get("ped_lt35_supported")
        if isinstance(said, int):
            counted = len(_supported(view))
            if counted < said and view.other("F04") and view.other("F05"):
                words = {
                    "summary": str(said),
                    "counted": str(counted),
                    "missing": str(said - counted),
                }
                yield Notice(
                    "staff_differs_from_bases",
                    "remark",
                    row=row.row,
                    column="ped_lt35_supported",
                    params=words,
                )


def _supported(view: CheckView) -> set[str]:
    """Teachers under 35 who stand in a pair or in another form of support."""
    oldest = SchoolYear.parse(view.period).last - YOUNG
    found = {
        person_key(str(row.values.get("mentee_fio")))
        for row in view.other("F05")
        if is_teacher(row.values, "mentee") and _young(row, oldest)
        if row.values.get("mentor_fio") or row.values.get("support_forms")
    }
    return found | {
        person_key(str(row.values.get("mentor_fio")))
        for row in view.other("F04")
        if is_teacher(row.values, "mentor") and _young(row, oldest)
        if row.values.get("mentee_fios")
    }


def _young(row: ParsedRow, oldest: int) -> bool:
    """Under 35 full years on 1 January of the school year, whatever the birthday."""
    born = row.values.get("birth_year")
    return isinstance(born, int) and born >= oldest


def _names(unit: Unit) -> set[str]:
    return {organisation_key(n) for n in (unit.short_name, unit.full_name, *unit.aliases) if n}
