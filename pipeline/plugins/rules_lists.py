"""What a list must agree with: its unit, itself, its orders, the staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contracts.roles import Side, is_teacher
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, PartColumns, Unit
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
    expected = view.unit.inn
    for row, inn in zip(view.columns.lines, view.columns.column("inn"), strict=True):
        if inn and expected and inn != expected:
            words = {"expected": expected}
            yield Notice("unit_card_differs", "error", row=row, column="inn", params=words)


def check_curators(view: CheckView) -> Iterator[Notice]:
    """One curator is active; the remark stands once, for the whole list."""
    today = view.today.isoformat()
    active = sum(not until or str(until) >= today for until in view.columns.column("until"))
    if len(view.columns) and active != 1:
        yield Notice("curator_count", "remark", params={"count": str(active)})


def check_other_unit(view: CheckView) -> Iterator[Notice]:
    """The workplace names another unit of the registry."""
    own, owners = _names(view.unit), view.of_units(_owners)
    for row, place in zip(view.columns.lines, view.columns.column("workplace"), strict=True):
        key = organisation_key(str(place)) if place else ""
        if key and key not in own and owners.get(key, set()) - {view.unit.code}:
            yield Notice("unit_rows_of_other", "remark", row=row, column="workplace")


def _owners(units: Mapping[str, Unit]) -> dict[str, set[str]]:
    """Codes of the units that answer to a name."""
    found: dict[str, set[str]] = {}
    for unit in units.values():
        for name in _names(unit):
            found.setdefault(name, set()).add(unit.code)
    return found


def check_pairs(view: CheckView) -> Iterator[Notice]:
    """A mentee has two mentors in one form."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    part = view.columns
    columns = (part.column(name) for name in ("mentor_fio", "mentee_fio", "mentoring_form"))
    for row, mentor_fio, mentee_fio, form in zip(part.lines, *columns, strict=True):
        mentor = person_key(str(mentor_fio or ""))
        who = (person_key(str(mentee_fio or "")), str(form))
        if not who[0] or not mentor:
            continue
        number, earlier = first.setdefault(who, (row, mentor))
        if earlier != mentor:
            words = {"first": str(number)}
            yield Notice(
                "mentee_paired_twice", "remark", row=row, column="mentor_fio", params=words
            )


def check_orders(view: CheckView) -> Iterator[Notice]:
    """Official lists come without orders, so their lack is named only where we asked for them."""
    part, mentors = view.columns, view.plan.code == "F04"
    words = {"what": "утверждён список" if mentors else "закреплена пара"}
    columns = (part.asked("order"), part.column("order"), part.column("mentor_fio"))
    for row, asked, order, mentor in zip(part.lines, *columns, strict=True):
        if asked and not order and (mentors or mentor):
            yield Notice("order_missing", "remark", row=row, column="order", params=words)


def check_complete(view: CheckView) -> Iterator[Notice]:
    """A programme that is over has results; a pair has a day on which it began."""
    part, today, pairs = view.columns, view.today.isoformat(), view.plan.code == "F05"
    mentors = part.column("mentor_fio") if pairs else (None,) * len(part)
    entered, begun = part.asked("entry_date"), part.column("entry_date")
    columns = (part.column("end_date"), part.column("results"), mentors, entered, begun)
    for index, (ended, results, mentor, asked, entry) in enumerate(zip(*columns, strict=True)):
        end, row = str(ended or ""), part.lines[index]
        if end and end <= today and not results and part.cell(index, "results"):
            words = {"end": ".".join(reversed(end.split("-")))}
            yield Notice("results_missing", "remark", row=row, column="results", params=words)
        if mentor and asked and not entry:
            yield Notice("pair_incomplete", "remark", row=row, column="entry_date")


def check_staff(view: CheckView) -> Iterator[Notice]:
    """The supported young teachers of F08 are as many as the bases of the unit name."""
    part = view.columns
    for row, said in zip(part.lines, part.column("ped_lt35_supported"), strict=True):
        if isinstance(said, int):
            counted = len(_supported(view))
            if counted < said and len(view.other_columns("F04")) and len(view.other_columns("F05")):
                words = {
                    "summary": str(said),
                    "counted": str(counted),
                    "missing": str(said - counted),
                }
                yield Notice(
                    "staff_differs_from_bases",
                    "remark",
                    row=row,
                    column="ped_lt35_supported",
                    params=words,
                )


def _supported(view: CheckView) -> set[str]:
    """Teachers under 35 who stand in a pair or in another form of support."""
    oldest = SchoolYear.parse(view.period).last - YOUNG
    supported = _teachers(
        view.other_columns("F05"), "mentee", oldest, "mentor_fio", "support_forms"
    )
    return supported | _teachers(view.other_columns("F04"), "mentor", oldest, "mentee_fios")


def _teachers(part: PartColumns, side: Side, oldest: int, *proofs: str) -> set[str]:
    """Young teachers on a side of a list in whose row one of the *proofs* stands.

    Young is under 35 full years on 1 January of the school year, whatever the birthday.
    """
    names = (f"{side}_fio", "birth_year", "mentoring_form", f"{side}_role")
    columns = (part.column(name) for name in names)
    proven = zip(*(part.column(name) for name in proofs), strict=True)
    return {
        person_key(str(name))
        for name, born, form, role, said in zip(*columns, proven, strict=True)
        if isinstance(born, int) and born >= oldest and any(said)
        if is_teacher({"mentoring_form": form, f"{side}_role": role}, side)
    }


def _names(unit: Unit) -> set[str]:
    return {organisation_key(n) for n in (unit.short_name, unit.full_name, *unit.aliases) if n}
