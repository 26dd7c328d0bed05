"""Who is a teacher, a pupil, a student or an employer in a row of F04 or F05.

What is written of a person wins over what the form of mentoring implies. «иное: …» and an empty
role say nothing, so the form decides; forms that nobody listed say nothing either, and forms that
contradict each other leave the kind unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def is_teacher(values: Mapping[str, Any], side: Side) -> bool:
    """Tell whether the person of a row is a teacher."""
    return kind_of(values, side) == TEACHER


def is_pupil(values: Mapping[str, Any], side: Side) -> bool:
    """Tell whether the person of a row is known to be a pupil."""
    return kind_of(values, side) == PUPIL
