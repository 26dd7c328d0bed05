"""Rules across units give remarks to the units they speak of."""

from __future__ import annotations

import pytest

from pipeline.notices.catalogue import Catalogue
from pipeline.plugins import remarks
from tests.support.views import remarks_of, view

ANNA, IVAN, OLGA = "Петрова Анна Сергеевна", "Сидоров Иван Петрович", "Белова Ольга Юрьевна"
MENTORS, TWO_UNITS = remarks.register_stages()
CODE, OTHER_CODE = "Н-7F3K-Q2", "Н-8AAA-11"


def mentor(name=ANNA, unit="101", **more):
    return {"unit": unit, "mentor_fio": name, "mentoring_form": "учитель – учитель", **more}


def mentee(mentor_name, name=IVAN, unit="101", **more):
    return {
        "unit": unit,
        "mentee_fio": name,
        "mentor_fio": mentor_name,
        "mentoring_form": "учитель – учитель",
        **more,
    }


def said(found):
    """What each remark says: unit, form, line, sentence."""
    catalogue = Catalogue()
    return [(r.unit, r.form, r.notice.row, catalogue.sentences(r.notice, {}).what) for r in found]


def mentors(f04, f05, **more):
    return said(remarks_of(MENTORS, view({"F04": f04, "F05": f05}, **more)))


def test_a_mentor_of_the_own_base_needs_no_remark():
    assert mentors([mentor()], [mentee("петрова  анна сергеевна"), mentee(None)]) == []


def test_a_mentor_of_another_unit_is_named_with_it():
    found = mentors([mentor(OLGA), mentor(unit="102")], [mentee(ANNA)])
    sentence = f"Наставник «{ANNA}» числится в другой организации: МБОУ «СОШ № 102»."
    assert found == [("101", "F05", 2, sentence)]


def test_a_mentor_who_is_nowhere_comes_with_the_closest_name():
    found = mentors([mentor(), mentor(OLGA)], [mentee("Петрова Анна Сергевна")])
    assert found[0][3].endswith(f"не найден в базе наставников. Возможно, «{ANNA}».")


def test_a_name_like_no_other_comes_without_a_hint():
    assert mentors([mentor()], [mentee(OLGA)])[0][3].endswith("не найден в базе наставников.")


def test_pupils_compare_by_code_within_the_unit_only():
    """The same code in another unit is another pupil, and no code is a misspelling of one."""
    assert mentors([mentor(CODE)], [mentee(CODE)]) == []
    found = mentors([mentor(OTHER_CODE), mentor(CODE, unit="102")], [mentee(CODE)])
    assert found[0][3] == f"Наставник «{CODE}» не найден в базе наставников."


def test_a_unit_without_a_base_of_mentors_is_not_told_row_by_row():
    assert mentors([mentor(OLGA, unit="102")], [mentee(ANNA)]) == []
    nil = [("101", "F04"), ("101", "F05")]
    assert len(mentors([], [mentee(ANNA)], submitted=nil)) == 1


def two_units(f04=(), f05=()):
    return said(remarks_of(TWO_UNITS, view({"F04": list(f04), "F05": list(f05)})))


def test_both_units_hear_of_an_adult_they_share():
    found = two_units([mentor(), mentor(), mentor(unit="102")])
    assert found == [
        ("101", "F04", 2, f"«{ANNA}» есть и в базе другой организации: МБОУ «СОШ № 102»."),
        ("102", "F04", 4, f"«{ANNA}» есть и в базе другой организации: МБОУ «СОШ № 101»."),
    ]


def test_a_mentor_here_and_a_mentee_there_are_one_name():
    found = two_units([mentor(IVAN)], [mentee(ANNA, unit="102", birth_year=1999)])
    assert [(unit, form) for unit, form, *_ in found] == [("101", "F04"), ("102", "F05")]


@pytest.mark.parametrize(
    ("years", "count"), [((1980, 1999), 0), ((1980, 1980), 2), ((1980, None), 2)]
)
def test_only_different_known_birth_years_tell_namesakes_apart(years, count):
    first, second = years
    rows = [mentor(birth_year=first), mentor(unit="102", birth_year=second)]
    assert len(two_units(rows)) == count


@pytest.mark.parametrize(
    "words",
    [
        {"mentee_role": "обучающийся"},
        {"mentoring_form": "ученик – ученик"},
        {"name": CODE},
    ],
)
def test_pupils_are_never_compared_across_units(words):
    assert two_units(f05=[mentee(None, **words), mentee(None, unit="102", **words)]) == []


def test_the_remark_points_at_the_row_and_hides_the_person_from_logs():
    row = mentee(ANNA, row_id="7", line=9, sheet="5 Наставляемые")
    found = remarks_of(MENTORS, view({"F04": [mentor(OLGA)], "F05": [row]}))
    remark = found[0]
    assert (remark.row_id, remark.notice.sheet, remark.notice.row) == ("7", "5 Наставляемые", 9)
    assert remark.notice.who == IVAN
    assert "Петрова" not in repr(remark)


def test_both_rules_are_registered_as_remark_stages():
    stages = remarks.register_stages()
    assert {stage.kind for stage in stages} == {"remark"}
    assert all(remarks_of(stage, view({})) == [] for stage in stages)
