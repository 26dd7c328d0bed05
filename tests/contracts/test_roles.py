"""Who is who in a row: six places said it, and where they differed one answer is right.

Until now: the persons of the bases (KPI70, remarks), the rule that compares «Кадры» with the
bases, the rule of roles and ages, the rule of parents' consents, and the veils of F04 and F05.
"""

from __future__ import annotations

import pytest

from contracts.minors import mentees_minors, mentors_minors
from contracts.roles import is_pupil, is_teacher, kind_of, suitable_forms
from contracts.vocabularies import MENTORING_FORMS

TT, TP, PP, SP = "учитель – учитель", "учитель – ученик", "ученик – ученик", "студент – ученик"


def row(form=None, **more):
    return {"mentoring_form": form, **more}


@pytest.mark.parametrize(
    ("values", "side", "kind"),
    [
        (row(TT, mentor_role="педагог"), "mentor", "педагог"),
        (row(TT, mentee_role="молодой педагог"), "mentee", "педагог"),
        (row(SP), "mentor", "студент"),
        (row(SP), "mentee", "обучающийся"),
        (row("работодатель – студент"), "mentor", "работодатель"),
        (row(), "mentee", None),
        # Of several forms the bases took the first, «Кадры» and consents none, ages a single one.
        (row(f"{TT}; {TP}"), "mentor", "педагог"),
        (row(f"{TP}; {TT}"), "mentee", None),
        (row(f"{PP}; {TT}"), "mentor", None),
        # Beside a form that nobody listed «Кадры» and consents saw none at all.
        (row(f"{TT}; иное: клуб"), "mentor", "педагог"),
        (row("иное: клуб"), "mentor", None),
        # A written role won everywhere but in the bases, where «учитель – учитель» won over it.
        (row(TT, mentor_role="выпускник"), "mentor", None),
        (row(TT, mentee_role="обучающийся"), "mentee", "обучающийся"),
        # «иное» hid the form from the rule of consents; «Кадры» looked for «педагог» inside it.
        (row(TP, mentor_role="иное: педагог-психолог"), "mentor", "педагог"),
        (row(SP, mentor_role="иное: будущий педагог"), "mentor", "студент"),
        (row(PP, mentor_role="иное: староста"), "mentor", "обучающийся"),
        (row(None, mentor_role="иное"), "mentor", None),
    ],
)
def test_what_is_written_wins_and_else_the_forms_decide(values, side, kind):
    assert kind_of(values, side) == kind
    assert is_teacher(values, side) is (kind == "педагог")
    assert is_pupil(values, side) is (kind == "обучающийся")


MENTOR = {"mentor_fio", "contacts", "birth_year", "interests", "position"}
MENTEES = {"mentee_fios", "mentee_place"}


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        (row(TT), set()),
        (row(TP), MENTEES),
        (row(PP), MENTOR | MENTEES),
        (row(PP, mentor_role="педагог"), MENTEES),
        (row(TT, mentor_role="обучающийся"), MENTOR),
        (row(), MENTOR | MENTEES),
        (row(None, mentor_role="выпускник"), MENTEES),
        (row(f"{TT}; {PP}"), MENTOR | MENTEES),
        (row("иное: ученики-волонтёры – дети"), MENTOR | MENTEES),
        (row(TT, birth_year=2010, entry_date="2026-09-01"), MENTOR),
        (row(TT, birth_year=2008, entry_date="2026-09-01"), set()),
        # A listed form of grown-ups showed the names of the mentees of an unlisted one beside it.
        (row(f"{TT}; иное: кружок для пятиклассников"), MENTEES),
        # Whoever is surely grown up is none, whatever the form says; what is written says more.
        (row(PP, birth_year=1985, entry_date="2026-09-01"), MENTEES),
        (row(PP, birth_year=2005, entry_date="2026-09-01"), MENTEES),
        (row(PP, birth_year=2006, entry_date="2026-09-01"), MENTOR | MENTEES),
        (row(PP, experience_years=12), MENTEES),
        (row(PP, experience_years=11), MENTOR | MENTEES),
        (row(PP, experience_years=12, birth_year=2010, entry_date="2026-09-01"), MENTOR | MENTEES),
        (row(PP, birth_year=1985), MENTOR | MENTEES),
        (row(PP, birth_year=1985, entry_date="2026-09-01", workplace="11А"), MENTOR | MENTEES),
        (row(PP, experience_years=20, position="10 «б» класс"), MENTOR | MENTEES),
        (row(PP, experience_years=20, mentor_role="обучающийся"), MENTOR | MENTEES),
    ],
)
def test_a_mentor_or_mentee_not_known_to_be_grown_up_is_veiled(values, columns):
    assert mentors_minors(values) == columns


MENTEE = {"mentee_fio", "contacts_rep", "birth_year", "request_text", "results", "class_label"}


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        (row(TT), set()),
        (row(TP), MENTEE),
        (row(PP), MENTEE | {"mentor_fio"}),
        (row(PP, mentee_role="педагог"), {"mentor_fio"}),
        (row(TT, mentee_role="обучающийся"), MENTEE),
        (row(TT, mentee_role="иное: стажёр"), set()),
        (row(), MENTEE | {"mentor_fio"}),
        (row("иное: наставничество"), MENTEE),
        (row(TP, birth_year=1985, entry_date="2026-09-01"), set()),
        (row(TP, birth_year=1985, entry_date="2026-09-01", class_label="8А"), MENTEE),
        (row(TP, main_job=True), set()),
        (row(TP, main_job=False), MENTEE),
    ],
)
def test_a_mentee_or_mentor_not_known_to_be_grown_up_is_veiled(values, columns):
    assert mentees_minors(values) == columns


@pytest.mark.parametrize(
    ("form", "side", "kinds", "suitable"),
    [
        (PP, "mentor", ("педагог",), [TP]),
        (PP, "mentor", ("педагог", "студент"), [SP, TP]),
        (PP, "mentee", ("педагог",), [TT]),
        (TT, "mentor", ("обучающийся",), [PP]),
        (TT, "mentee", ("студент",), ["работодатель – студент"]),
    ],
)
def test_a_form_for_such_people_leaves_the_other_side_as_it_is(form, side, kinds, suitable):
    assert suitable_forms(MENTORING_FORMS[form], side, kinds) == suitable


@pytest.mark.parametrize("form", [None, TT, TP, PP, SP, "иное: клуб", f"{TT}; {PP}"])
@pytest.mark.parametrize("role", [None, "иное", "педагог", "студент", "обучающийся", "родитель"])
def test_who_is_known_to_be_a_pupil_is_always_veiled(form, role):
    """The rule of consents asks for a parent of nobody whose name is shown in full."""
    values = row(form, mentor_role=role, mentee_role=role)
    assert not is_pupil(values, "mentor") or "mentor_fio" in mentors_minors(values)
    assert not is_pupil(values, "mentee") or "mentee_fio" in mentees_minors(values)
