"""Who is a teacher, a pupil, a student or an employer in a row of F04 or F05.

What is written of a person wins over what the form of mentoring implies. «иное: …» and an empty
role say nothing, so the form decides; forms that nobody listed say nothing either, and forms that
contradict each other leave the kind unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from contracts.plan import LIST_SEPARATOR
from contracts.vocabularies import (
    EMPLOYER,
    GROWN_ROLES,
    MENTORING_FORMS,
    PUPIL,
    STUDENT,
    TEACHER,
    MentoringForm,
)

Side = Literal["mentor", "mentee"]
OF_AGE = 18
# Pupils of colleges may be twenty, and «Стаж/курс» holds the year of study of some.
_SURELY_GROWN, _SURELY_WORKED = 21, 12
# Where a pupil's class stands in place of a post or an organisation: «10 «А»», «9б», «11 класс».
_CLASS = re.compile(r"(?:1[01]|[1-9])(?:[\s-]{0,3}[«\"]?[а-я][»\"]?)?(?:\s{0,3}кл(?:асс)?\.?)?")
# Written roles that are one of the parties to the forms of Р-145; «выпускник» is none.
_PARTIES = {
    "молодой педагог": TEACHER,
    TEACHER: TEACHER,
    PUPIL: PUPIL,
    STUDENT: STUDENT,
    EMPLOYER: EMPLOYER,
}


def forms_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the mentoring forms named in a row, as canonical values."""
    text = str(values.get("mentoring_form") or "")
    return tuple(form for form in text.split(LIST_SEPARATOR) if form)


def known_forms(values: Mapping[str, Any]) -> tuple[MentoringForm, ...]:
    """Return those forms of a row that are listed."""
    return tuple(MENTORING_FORMS[form] for form in forms_of(values) if form in MENTORING_FORMS)


def suitable_forms(form: MentoringForm, side: Side, kinds: Sequence[str]) -> list[str]:
    """Return the forms in which such people stand on a side, those with the same other side first.

    Where none has that, those of Р-145 are returned.
    """
    other: Side = "mentee" if side == "mentor" else "mentor"
    found = [one for one in MENTORING_FORMS.values() if getattr(one, side) in kinds]
    same = [one for one in found if getattr(one, other) == getattr(form, other)]
    return [one.value for one in same or [one for one in found if one.official]]


def written_role(values: Mapping[str, Any], side: Side) -> str:
    """Return the role that stands in a row, empty where it says nothing."""
    role = str(values.get(f"{side}_role") or "")
    return role if role == PUPIL or role in GROWN_ROLES else ""


def written_kind(values: Mapping[str, Any], side: Side) -> str | None:
    """Return the party of mentoring that the written role is, None where it is none."""
    return _PARTIES.get(written_role(values, side))


def kind_of(values: Mapping[str, Any], side: Side) -> str | None:
    """Return педагог, обучающийся, студент or работодатель; None where nobody can say."""
    return _kind(side, values.get(f"{side}_role"), values.get("mentoring_form"))


@lru_cache(maxsize=1024)
def _kind(side: Side, role: Any, form: Any) -> str | None:
    """Most rows say what others say."""
    values = {f"{side}_role": role, "mentoring_form": form}
    if written_role(values, side):
        return written_kind(values, side)
    implied = {getattr(form, side) for form in known_forms(values)}
    return implied.pop() if len(implied) == 1 else None


def age_at_entry(values: Mapping[str, Any]) -> int | None:
    """Return how old the person of a row was at most in the year of the start, if it is known."""
    born, entry = values.get("birth_year"), str(values.get("entry_date") or "")[:4]
    return int(entry) - int(born) if born and entry.isdigit() else None


def grown_by(values: Mapping[str, Any]) -> str:
    """Return what shows that the person whose row it is is grown up, in words; «» where nothing.

    Whoever was 21 at the start, has worked for as long as nobody could who is not, or whose main
    job it is, is no pupil, whatever the form says. A class in the row speaks against all of that.
    """
    age = age_at_entry(values)
    if (age is not None and age < OF_AGE) or _names_class(values):
        return ""
    if age is not None and age >= _SURELY_GROWN:
        return f"год рождения {values['birth_year']}"
    years = values.get("experience_years")
    if isinstance(years, int) and years >= _SURELY_WORKED:
        return f"педагогический стаж {years}"
    return "основное место работы" if values.get("main_job") is True else ""


def _names_class(values: Mapping[str, Any]) -> bool:
    places = (str(values.get(name) or "") for name in ("workplace", "position"))
    return bool(values.get("class_label")) or any(_CLASS.fullmatch(p.lower()) for p in places)


def is_teacher(values: Mapping[str, Any], side: Side) -> bool:
    """Tell whether the person of a row is a teacher."""
    return kind_of(values, side) == TEACHER


def is_pupil(values: Mapping[str, Any], side: Side) -> bool:
    """Tell whether the person of a row is known to be a pupil."""
    return kind_of(values, side) == PUPIL
