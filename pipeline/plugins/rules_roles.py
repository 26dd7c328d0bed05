"""Who may mentor whom, and at what age that is plausible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.plan import LIST_SEPARATOR
from contracts.roles import (
    Side,
    grown_by,
    kind_of,
    known_forms,
    suitable_forms,
    written_kind,
    written_role,
)
from contracts.vocabularies import EMPLOYER, PUPIL, STUDENT, TEACHER, MentoringForm
from pipeline.hookspecs import Stage, hookimpl
from pipeline.model import Notice, PartColumns, Scalar
from pipeline.text import person_key
from pipeline.views import CheckView

# Ages that surprise nobody, in full years.
_AGES: dict[Side, dict[str, tuple[int, int]]] = {
    "mentor": {PUPIL: (14, 19), STUDENT: (15, 35), TEACHER: (18, 85), EMPLOYER: (18, 85)},
    "mentee": {PUPIL: (7, 19), STUDENT: (15, 35), TEACHER: (18, 75)},
}
_SIDES: dict[Side, str] = {"mentor": "наставник", "mentee": "наставляемый"}
# What shows that somebody is grown up.
_OF_AGE = (
    *("birth_year", "entry_date", "experience_years", "main_job"),
    *("class_label", "workplace", "position"),
)
_GROWN = (TEACHER, STUDENT, EMPLOYER)
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
    part, side = view.columns, _side(view)
    forms, roles = part.column("mentoring_form"), part.column(f"{side}_role")
    # Few of either are written in a list, so each pair of them is compared once.
    said = {key: tuple(_of_roles(*key, side)) for key in set(zip(forms, roles, strict=True))}
    if any(said.values()):
        for row, form, role in zip(part.lines, forms, roles, strict=True):
            for notice in said[form, role]:
                yield replace(notice, row=row)
    yield from _grown_pupils(part, side)


def _grown_pupils(part: PartColumns, side: Side) -> Iterator[Notice]:
    """Return the rows in which a form of pupils names somebody who is shown to be grown up."""
    forms, roles = part.column("mentoring_form"), part.column(f"{side}_role")
    of_pupils = {key for key in set(zip(forms, roles, strict=True)) if _by_form_a_pupil(*key, side)}
    if not of_pupils:
        return
    columns = [part.column(name) for name in _OF_AGE]
    for row, form, role, *found in zip(part.lines, forms, roles, *columns, strict=True):
        if (form, role) not in of_pupils:
            continue
        shown = grown_by(dict(zip(_OF_AGE, found, strict=True)))
        if shown:
            known = known_forms({"mentoring_form": form})[0]
            suitable = suitable_forms(known, side, _GROWN)
            yield _mismatch(known, side, f"не обучающийся ({shown})", suitable, row=row)


def _by_form_a_pupil(form: Scalar, role: Scalar, side: Side) -> bool:
    values = {"mentoring_form": form, f"{side}_role": role}
    return not written_role(values, side) and kind_of(values, side) == PUPIL


def _mismatch(
    form: MentoringForm, side: Side, role: str, suitable: Sequence[str], row: int | None = None
) -> Notice:
    words = {"side": _SIDES[side], "role": role, "suitable": " или ".join(suitable)}
    return Notice(
        "roles_mismatch", "error", row=row, column="mentoring_form", value=form.value, params=words
    )


def _of_roles(written: Scalar, role: Scalar, side: Side) -> Iterator[Notice]:
    """What is said of each row of one form and role, without the row."""
    values = {"mentoring_form": written, f"{side}_role": role}
    kind = written_kind(values, side)
    for form in known_forms(values):
        if not form.official:
            yield Notice("form_not_official", "remark", column="mentoring_form", value=form.value)
        if kind is not None and kind != getattr(form, side):
            suitable = suitable_forms(form, side, (kind,))
            yield _mismatch(form, side, written_role(values, side), suitable)


def check_sides(view: CheckView) -> Iterator[Notice]:
    """Find people who mentor themselves, and pairs who mentor each other in one form."""
    part, counterpart = view.columns, view.plan.counterpart or ""
    columns = (part.column(name) for name in (view.plan.person or "", counterpart))
    forms = [str(form or "") for form in part.column("mentoring_form")]
    pairs: dict[tuple[str, str, str], int] = {}
    for row, person, others, form in zip(part.lines, *columns, forms, strict=True):
        own = person_key(str(person or ""))
        keys = [person_key(name) for name in str(others or "").split(LIST_SEPARATOR) if name]
        if own and own in keys:
            yield Notice("mentor_is_mentee", "error", row=row, column=counterpart)
            continue
        for other in keys:
            first = pairs.get((other, own, form))
            if first is not None:
                words = {"first": str(first)}
                yield Notice(
                    "mentoring_mutual", "remark", row=row, column=counterpart, params=words
                )
            pairs[(own, other, form)] = row


def check_ages(view: CheckView) -> Iterator[Notice]:
    """Compare the year of birth with the role, and the years of work with both."""
    part, side, this_year = view.columns, _side(view), view.today.year
    names = ("birth_year", f"{side}_role", "mentoring_form", "experience_years", "mentee_role")
    columns = [part.column(name) for name in names]
    kinds = {key: _kind(*key, side) for key in set(zip(columns[1], columns[2], strict=True))}
    returned = {notice.row for notice in _grown_pupils(part, side)}
    for row, born, role, form, years, mentee_role in zip(part.lines, *columns, strict=True):
        if isinstance(born, int) and row not in returned:
            # The birthday is not known, so the age is doubtful only where both years are.
            yield from _age(row, this_year - born, kinds[role, form], side)
        if isinstance(years, int):
            age = this_year - born if isinstance(born, int) else None
            yield from _experience(row, years, age, mentee_role, born)


def _kind(role: Scalar, form: Scalar, side: Side) -> str | None:
    """Of «иное» the form says the party, but an age that surprises nobody is not known."""
    values = {"mentoring_form": form, f"{side}_role": role}
    return written_kind(values, side) if role else kind_of(values, side)


def _age(row: int, age: int, kind: str | None, side: Side) -> Iterator[Notice]:
    ages = _AGES[side]
    if kind is None or kind not in ages:
        return
    low, high = ages[kind]
    if age < low or age - 1 > high:
        words = {"age": str(age), "side": _SIDES[side], "role": kind, "range": f"{low}–{high}"}
        yield Notice("age_implausible", "remark", row=row, column="birth_year", params=words)


def _experience(
    row: int, years: int, age: int | None, mentee_role: Scalar, born: Scalar
) -> Iterator[Notice]:
    reason = ""
    if age is not None and years > age - _SCHOOL_LEAVER:
        reason = f"год рождения {born}"
    elif mentee_role == "молодой педагог" and years > _YOUNG_EXPERIENCE:
        reason = "молодой педагог – стаж до трёх лет"
    if reason:
        words = {"experience": str(years), "reason": reason}
        yield Notice(
            "experience_implausible", "remark", row=row, column="experience_years", params=words
        )


def _side(view: CheckView) -> Side:
    """The side whose list this is: the row speaks of that person."""
    return "mentor" if view.plan.code == "F04" else "mentee"
