"""Which columns of a row speak of a minor: their names become codes, their contacts are dropped.

Who is neither by role nor by form nor by age or work known to be grown up is treated as a minor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.roles import OF_AGE, Side, age_at_entry, forms_of, grown_by, written_role
from contracts.vocabularies import MENTORING_FORMS, PUPIL, pupils_may_mentor

_MENTOR = frozenset({"mentor_fio", "contacts", "birth_year", "interests", "position"})
_MENTEES = frozenset({"mentee_fios", "mentee_place"})
_MENTEE = frozenset(
    {"mentee_fio", "contacts_rep", "birth_year", "request_text", "results", "class_label"}
)
_NOTHING: frozenset[str] = frozenset()


def mentors_minors(values: Mapping[str, Any]) -> frozenset[str]:
    """Name the columns of a row of F04: the mentor's own, and the names of pupils."""
    young = _pupils_may_mentor(values) or _under_age(values)
    own = _MENTOR if _may_be_pupil(values, "mentor", young=young) else _NOTHING
    return own | (_MENTEES if _pupils_may_be_mentored(values) else _NOTHING)


def mentees_minors(values: Mapping[str, Any]) -> frozenset[str]:
    """Name the columns of a row of F05: the mentee's own, and a mentor who is a pupil."""
    young = _pupils_may_be_mentored(values)
    own = _MENTEE if _may_be_pupil(values, "mentee", young=young) else _NOTHING
    return own | ({"mentor_fio"} if _pupils_may_mentor(values) else _NOTHING)


def _may_be_pupil(values: Mapping[str, Any], side: Side, *, young: bool) -> bool:
    role = written_role(values, side)
    return role == PUPIL or (not role and young and not grown_by(values))


def _pupils_may_mentor(values: Mapping[str, Any]) -> bool:
    return any(map(pupils_may_mentor, forms_of(values) or ("",)))


def _pupils_may_be_mentored(values: Mapping[str, Any]) -> bool:
    """Also in a form that is missing or nobody listed."""
    forms = [MENTORING_FORMS.get(form) for form in forms_of(values)]
    return not forms or any(form is None or form.mentee == PUPIL for form in forms)


def _under_age(values: Mapping[str, Any]) -> bool:
    """Whether a mentor was younger than 18 in the year of the start, as far as it is known."""
    age = age_at_entry(values)
    return age is not None and age < OF_AGE
