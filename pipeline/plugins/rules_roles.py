"""Who may mentor whom, and at what age that is plausible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.plan import LIST_SEPARATOR
from contracts.roles import Side, kind_of, known_forms, written_kind, written_role
from contracts.vocabularies import EMPLOYER, PUPIL, STUDENT, TEACHER, MentoringForm
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, ParsedRow
from pipeline.text import person_key
from pipeline.views import CheckView

# Ages that surprise nobody, in full years.
_AGES: dict[Side, dict[str, tuple[int, int]]] = {
    "mentor": {PUPIL: (14, 19), STUDENT: (15, 35), TEACHER: (18, 85), EMPLOYER: (18, 85)},
    "mentee": {PUPIL: (7, 19), STUDENT: (15, 35), TEACHER: (18, 75)},
}
_SIDES: dict[Side, str] = {"mentor": "наставник", "mentee": "наставляемый"}
_YOUNG_EXPERIENCE = 3
_SCHOOL_LEAVER = 18


@hookimpl
def register_stages() -> Sequence[Stage]:
    """Register the rules about roles in a pair."""
    return (
        Stage("roles", "форма соответствует ролям", "check", check_roles, ("F04", "F05")),
        Stage(
            "mentor_and_mentee",
            "наставник и наставляемый – разные люди",
            "check",
            check_sides,
            ("F04", "F05"),
        ),
        Stage("ages", "возраст и стаж правдоподобны", "check", check_ages, ("F04", "F05")),
    )


def check_roles(view: CheckView) -> Iterator[Notice]:
    """Compare the form of mentoring with the role that the row names."""
    for row in view.rows:
        for form in known_forms(row.values):
            if not form.official:
                yield Notice(
                    "form_not_official",
                    "remark",
                    row=row.row,
                    column="mentoring_form",
                    value=form.value,
                )
            yield from _mismatch(view, row, form)


def _mismatch(view: CheckView, row: ParsedRow, form: MentoringForm) -> Iterator[Notice]:
    side = _side(view)
    kind = written_kind(row.values, side)
    if kind is not None and kind != getattr(form, side):
        yield Notice(
            "roles_mismatch",
            "error",
            row=row.row,
            column="mentoring_form",
            value=form.value,
            params={"side": _SIDES[side], "role": written_role(row.values, side)},
        )


def check_sides(view: CheckView) -> Iterator[Notice]:
    """Find people who mentor themselves, and pairs who mentor each other in one form."""
    person, counterpart = view.plan.person or "", view.plan.counterpart or ""
    pairs: dict[tuple[str, str, str], int] = {}
    for row in view.rows:
        own = person_key(str(row.values.get(person) or ""))
        others = _names(row, counterpart)
        if own and own in others:
            yield Notice("mentor_is_mentee", "error", row=row.row, column=counterpart)
            continue
        form = str(row.values.get("mentoring_form") or "")
        for other in others:
            first = pairs.get((other, own, form))
            if first is not None:
                yield Notice(
                    "mentoring_mutual",
                    "remark",
                    row=row.row,
                    column=counterpart,
                    params={"first": str(first)},
                )
            pairs[(own, other, form)] = row.row


def check_ages(view: CheckView) -> Iterator[Notice]:
    """Compare the year of birth with the role, and the years of work with both."""
    for row in view.rows:
        yield from _age(view, row)
        yield from _experience(view, row)


def _age(view: CheckView, row: ParsedRow) -> Iterator[Notice]:
    born = row.values.get("birth_year")
    side = _side(view)
    # Of «иное» the form says the party, but an age that surprises nobody is not known.
    named = row.values.get(f"{side}_role")
    kind = written_kind(row.values, side) if named else kind_of(row.values, side)
    ages = _AGES[side]
    if not isinstance(born, int) or kind is None or kind not in ages:
        return
    # The birthday is not known, so the age is doubtful only where both possible years are.
    age = view.today.year - born
    low, high = ages[kind]
    if age < low or age - 1 > high:
        yield Notice(
            "age_implausible",
            "remark",
            row=row.row,
            column="birth_year",
            params={
                "age": str(age),
                "side": _SIDES[side],
                "role": kind,
                "range": f"{low}–{high}",
            },
        )


def _experience(view: CheckView, row: ParsedRow) -> Iterator[Notice]:
    years, born = row.values.get("experience_years"), row.values.get("birth_year")
    if not isinstance(years, int):
        return
    reason = ""
    if isinstance(born, int) and years > view.today.year - born - _SCHOOL_LEAVER:
        reason = f"год рождения {born}"
    elif row.values.get("mentee_role") == "молодой педагог" and years > _YOUNG_EXPERIENCE:
        reason = "молодой педагог – стаж до трёх лет"
    if reason:
        words = {"experience": str(years), "reason": reason}
        yield Notice(
            "experience_implausible", "remark", row=row.row, column="experience_years", params=words
        )


def _side(view: CheckView) -> Side:
    """The side whose list this is: the row speaks of that person."""
    return "mentor" if view.plan.code == "F04" else "mentee"


def _names(row: ParsedRow, column: str) -> list[str]:
    return [person_key(n) for n in str(row.values.get(column) or "").split(LIST_SEPARATOR) if n]
