"""Rules within one unit at their edges: silent on good rows, one notice on a bad one."""

from __future__ import annotations

import pytest

from contracts.f01_school_card import SchoolCard
from contracts.f02_curators import Curators
from contracts.f04_mentors import Mentors
from contracts.f05_mentees import Mentees
from contracts.f08_staff_summary import StaffSummary
from pipeline.acceptance import judge
from pipeline.model import Unit
from pipeline.testing import check_view
from pipeline.workspace.plugin_loader import Loader

PLUGINS = Loader().describe()
PLANS = {f.plan().code: f.plan() for f in (SchoolCard, Curators, Mentors, Mentees, StaffSummary)}
OWN = Unit("oo-1", "ОО", "МБОУ «СОШ № 1»", inn="0042000010", aliases=("первая школа",))
SPELLED_OUT = (
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 2»"
)
OTHER = Unit("oo-2", "ОО", "МБОУ «СОШ № 2»")
TEACHERS, PUPILS, UNOFFICIAL = "учитель – учитель", "ученик – ученик", "учитель – ученик"
MENTOR = {
    "mentor_fio": "Петрова Анна Сергеевна",
    "mentee_fios": "Сидоров Иван Петрович",
    "mentoring_form": TEACHERS,
    "entry_date": "2026-09-01",
    "end_date": "2027-05-31",
    "mentor_role": "педагог",
    "birth_year": 1980,
    "experience_years": 21,
    "contacts": "+79990000001",
    "workplace": "МБОУ «СОШ № 1»",
    "consent_processing": True,
    "order": "№ 1 от 2026-09-01",
    "results": None,
}
MENTEE = {
    "mentee_fio": "Сидоров Иван Петрович",
    "mentor_fio": "Петрова Анна Сергеевна",
    "mentoring_form": TEACHERS,
    "entry_date": "2026-09-15",
    "end_date": "2027-05-31",
    "mentee_role": "молодой педагог",
    "birth_year": 1999,
    "experience_years": 1,
    "consent_processing": True,
    "order": "№ 2 от 2026-09-15",
}
PUPIL = MENTEE | {
    "mentoring_form": PUPILS,
    "mentee_role": "обучающийся",
    "birth_year": 2012,
    "experience_years": None,
    "consent_by": "законный представитель",
}
CURATOR = {"fio": "Петрова Анна Сергеевна", "phone": "+79990000001", "email": None}
GOOD = {"F01": {"inn": OWN.inn}, "F02": CURATOR, "F04": MENTOR, "F05": MENTEE}


def said(form, *rows, **file_rows):
    """Codes of all notices of the check stages, with their severities."""
    units = {OWN.code: OWN, OTHER.code: OTHER}
    view = check_view(PLANS[form], rows, file_rows=file_rows, unit=OWN, units=units)
    found, not_run = judge.run_checks(PLUGINS, view)
    assert not not_run
    return [(n.code, n.severity, n.row) for n in found]


@pytest.mark.parametrize("form", sorted(GOOD))
def test_good_rows_are_passed_over_in_silence(form):
    assert said(form, GOOD[form]) == []


def test_a_good_pupil_is_passed_over_in_silence():
    assert said("F05", PUPIL) == []


@pytest.mark.parametrize(
    ("form", "change", "code", "severity"),
    [
        ("F01", {"inn": "0042000027"}, "unit_card_differs", "error"),
        ("F02", {"phone": None}, "contacts_missing", "remark"),
        ("F02", {"until": "2026-09-30"}, "curator_count", "remark"),
        (
            "F04",
            {
                "mentor_role": "обучающийся",
                "birth_year": 2010,
                "consent_by": "законный представитель",
                "experience_years": None,
            },
            "roles_mismatch",
            "error",
        ),
        ("F04", {"mentoring_form": UNOFFICIAL}, "form_not_official", "remark"),
        ("F04", {"mentee_fios": MENTOR["mentor_fio"]}, "mentor_is_mentee", "error"),
        (
            "F04",
            {"end_date": "2026-08-31", "entry_date": "2026-08-30", "results": "есть"},
            "period_dates_differ",
            "remark",
        ),
        ("F04", {"end_date": "2026-09-01"}, "results_missing", "remark"),
        ("F04", {"end_date": "2026-08-31", "results": "есть"}, "end_before_entry", "error"),
        ("F04", {"end_date": "2028-09-01"}, "end_too_late", "error"),
        ("F04", {"entry_date": "2021-08-31"}, "entry_out_of_reach", "error"),
        ("F04", {"entry_date": "2026-12-01"}, "entry_out_of_reach", "error"),
        ("F04", {"birth_year": 1939, "experience_years": None}, "age_implausible", "remark"),
        ("F04", {"birth_year": 2009, "experience_years": None}, "age_implausible", "remark"),
        ("F04", {"experience_years": 29}, "experience_implausible", "remark"),
        ("F04", {"consent_processing": False}, "consent_missing", "remark"),
        ("F04", {"order": None}, "order_missing", "remark"),
        ("F04", {"contacts": None}, "contacts_missing", "remark"),
        ("F04", {"workplace": "мбоу СОШ №2"}, "unit_rows_of_other", "remark"),
        # The sender of a file was known by these spellings, the workplace in a row was not.
        ("F04", {"workplace": "МБОУ СОШ N 2"}, "unit_rows_of_other", "remark"),
        ("F04", {"workplace": SPELLED_OUT}, "unit_rows_of_other", "remark"),
        ("F04", {"competencies": "звонить 8 999 000-00-01"}, "text_holds_contact", "remark"),
        ("F04", {"results": "ученик с диагнозом аутизм"}, "text_sensitive", "remark"),
        (
            "F05",
            {
                "mentee_role": "обучающийся",
                "birth_year": 2012,
                "experience_years": None,
                "consent_by": "законный представитель",
            },
            "roles_mismatch",
            "error",
        ),
        ("F05", {"mentor_fio": MENTEE["mentee_fio"]}, "mentor_is_mentee", "error"),
        ("F05", {"experience_years": 4}, "experience_implausible", "remark"),
        ("F05", {"entry_date": None}, "pair_incomplete", "remark"),
        (
            "F05",
            {
                "birth_year": 2027,
                "experience_years": None,
                "mentee_role": None,
                "mentoring_form": "иное: клуб",
            },
            "birth_after_entry",
            "error",
        ),
    ],
)
def test_one_wrong_cell_gives_one_notice(form, change, code, severity):
    assert said(form, GOOD[form] | change) == [
        (code, severity, None if code == "curator_count" else 5)
    ]


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("F04", {"end_date": "2026-09-01", "results": "есть"}),
        ("F04", {"end_date": "2026-10-02"}),
        ("F04", {"end_date": "2028-08-31"}),
        ("F04", {"entry_date": "2021-09-01"}),
        ("F04", {"entry_date": "2026-11-30"}),
        ("F04", {"birth_year": 1941}),
        ("F04", {"birth_year": 2008, "experience_years": 0}),
        ("F04", {"experience_years": 28}),
        ("F04", {"workplace": "Первая школа"}),
        ("F04", {"workplace": "ООО «Завод»"}),
        ("F04", {"competencies": "работа с ОВЗ, инклюзия; приказ 12-345"}),
        (
            "F04",
            {"mentor_role": "родитель", "mentoring_form": "иное: клуб", "experience_years": None},
        ),
        ("F05", {"experience_years": 3}),
        ("F05", {"mentor_fio": None, "order": None, "entry_date": None}),
        ("F05", {"birth_year": 1999, "mentee_role": None}),
    ],
)
def test_what_is_just_right_is_passed_over(form, change):
    assert said(form, GOOD[form] | change) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"consent_by": "сам"}, "consent_of_parent_missing"),
        ({"consent_by": None}, "consent_of_parent_missing"),
        ({"consent_processing": False}, "consent_missing"),
        ({"birth_year": 2020}, "age_implausible"),
    ],
)
def test_a_pupil_needs_a_parent_and_a_pupils_age(change, code):
    assert [found for found, _, _ in said("F05", PUPIL | change)] == [code]


def test_a_pupil_who_came_of_age_answers_for_himself():
    assert said("F05", PUPIL | {"birth_year": 2007, "consent_by": "сам"}) == []


GROWN = PUPIL | {"mentee_role": None, "class_label": None, "birth_year": 1985}


@pytest.mark.parametrize(
    ("form", "row", "reason"),
    [
        ("F05", GROWN, "не обучающийся (год рождения 1985)"),
        ("F05", GROWN | {"mentee_role": "иное: стажёр"}, "не обучающийся (год рождения 1985)"),
        (
            "F05",
            GROWN | {"birth_year": None, "main_job": True},
            "не обучающийся (основное место работы)",
        ),
        (
            "F04",
            MENTOR | {"mentoring_form": PUPILS, "mentor_role": None, "birth_year": None},
            "не обучающийся (педагогический стаж 21)",
        ),
    ],
)
def test_a_grown_up_in_a_form_of_pupils_is_told_the_form_and_nothing_else(form, row, reason):
    view = check_view(PLANS[form], (row,), unit=OWN, units={OWN.code: OWN})
    (notice,), _ = judge.run_checks(PLUGINS, view)
    assert (notice.code, notice.severity, notice.column) == (
        "roles_mismatch",
        "error",
        "mentoring_form",
    )
    assert notice.params["role"] == reason
    assert notice.params["suitable"].startswith(TEACHERS if form == "F05" else "студент – ученик")


def test_a_pupils_contacts_are_not_asked_for():
    pupil = MENTOR | {
        "mentoring_form": PUPILS,
        "mentor_role": "обучающийся",
        "birth_year": 2010,
        "experience_years": None,
        "contacts": None,
        "consent_by": "законный представитель",
    }
    assert said("F04", pupil) == []


@pytest.mark.parametrize("form", ["F04", "F05"])
@pytest.mark.parametrize("column", ["consent_processing", "order", "contacts", "results"])
def test_a_column_that_is_not_there_is_not_missed_row_by_row(form, column):
    """Official lists have no such columns; that is said once, by reading."""
    assert said(form, {n: v for n, v in GOOD[form].items() if n != column}) == []


def test_people_who_mentor_each_other_are_named_once():
    turned = MENTOR | {
        "mentor_fio": MENTOR["mentee_fios"],
        "mentee_fios": MENTOR["mentor_fio"],
    }
    assert said("F04", MENTOR, turned) == [("mentoring_mutual", "remark", 6)]


def test_a_second_mentor_in_one_form_is_a_remark_and_in_another_form_none():
    second = MENTEE | {"mentor_fio": "Синицына Вера Петровна"}
    assert said("F05", MENTEE, second) == [("mentee_paired_twice", "remark", 6)]
    other = second | {"mentoring_form": "иное: клуб"}
    assert [code for code, _, _ in said("F05", MENTEE, other)] == []


def staff(count):
    return {"ped_lt35_supported": count}


@pytest.mark.parametrize(("count", "notices"), [(1, 0), (0, 0), (2, 1)])
def test_the_summary_may_not_count_more_than_the_bases_name(count, notices):
    assert len(said("F08", staff(count), F04=[MENTOR], F05=[MENTEE])) == notices


@pytest.mark.parametrize(
    ("mentee", "counted"),
    [
        ({"mentor_fio": None, "support_forms": "школа молодого педагога"}, True),
        ({"mentor_fio": None}, False),
        ({"birth_year": 1992}, True),
        ({"birth_year": 1991}, False),
        ({"mentee_role": "обучающийся"}, False),
    ],
)
def test_who_counts_as_a_supported_young_teacher(mentee, counted):
    """Under 35 full years on 1 January of the school year: born in 1992 or later."""
    found = said("F08", staff(1), F04=[MENTOR], F05=[MENTEE | mentee])
    assert ([code for code, _, _ in found] == []) is counted


def test_without_both_bases_the_summary_is_not_compared():
    assert said("F08", staff(9), F04=[MENTOR]) == []
    assert said("F08", staff(9)) == []


@pytest.mark.parametrize("curators", [0, 2])
def test_one_curator_is_active(curators):
    rows = [CURATOR | {"until": "2026-09-01"}, *[CURATOR] * curators]
    assert [code for code, _, _ in said("F02", *rows)] == ["curator_count"]
