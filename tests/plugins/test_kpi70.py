"""KPI70: intervals, distinct persons, Σ over Σ."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Unit
from pipeline.plugins import kpi70
from pipeline.publication.rates import missing_to
from tests.support.views import STAFF, figure, school, view

ANNA, IVAN, OLGA = "Петрова Анна Сергеевна", "Сидоров Иван Петрович", "Белова Ольга Юрьевна"
A, B = kpi70.VARIANTS
FIGURES = {indicator.code: indicator for indicator in kpi70.register_indicators()}


def staff(unit="101", lt35=10, lt35_exp_lt3=4, supported=8, supported_new=3):
    return {
        **STAFF,
        "unit": unit,
        "ped_lt35": lt35,
        "ped_lt35_exp_lt3": lt35_exp_lt3,
        "ped_lt35_supported": supported,
        "ped_lt35_exp_lt3_supported": supported_new,
    }


def mentee(**more):
    """A proven case: young, new, in an active pair."""
    return {
        "unit": "101",
        "mentee_fio": IVAN,
        "birth_year": 1999,
        "mentor_fio": ANNA,
        "mentoring_form": "учитель – учитель",
        "mentee_role": "молодой педагог",
        "entry_date": "2026-09-15",
        "experience_years": 1,
        **more,
    }


def mentor(**more):
    return {
        "unit": "101",
        "mentor_fio": ANNA,
        "birth_year": 1995,
        "mentee_fios": IVAN,
        "mentoring_form": "учитель – учитель",
        "mentor_role": "педагог",
        "entry_date": "2026-09-01",
        **more,
    }


def result(variant=A, *, f04=(), f05=(), f08=None, **more):
    made = view({"F04": list(f04), "F05": list(f05), "F08": f08 or [staff()]}, **more)
    return figure(FIGURES[variant.code], made)


def interval(*args, **words):
    found = result(*args, **words)
    return found.numerator_low, found.numerator_high


def test_mentee_and_mentor_count_in_a_and_only_the_mentee_in_b():
    pair = {"f04": [mentor(experience_years=2)], "f05": [mentee()]}
    assert interval(A, **pair) == (2, 2)
    assert interval(B, **pair) == (1, 1)


def test_a_person_of_several_rows_counts_once():
    rows = [mentee(), mentee(mentor_fio=OLGA), mentee(mentee_fio="СИДОРОВ ИВАН ПЕТРОВИЧ")]
    same = mentor(mentor_fio=IVAN, mentee_fios=OLGA, birth_year=1999)
    assert interval(f05=rows, f04=[same]) == (1, 1)


@pytest.mark.parametrize(
    ("born", "counted"), [(1992, (1, 1)), (1991, (0, 0)), (1960, (0, 0)), (None, (0, 1))]
)
def test_under_35_is_34_full_years_on_the_first_of_january(born, counted):
    """Born in 1991 is 35 on 1 January 2027 whatever the day, born in 1992 is 34."""
    assert interval(f04=[mentor(birth_year=born)]) == counted


@pytest.mark.parametrize(
    ("entry", "end", "counted"),
    [
        ("2026-09-15", None, (1, 1)),
        ("2025-09-01", "2026-09-01", (1, 1)),
        ("2025-09-01", "2026-08-31", (0, 0)),
        ("2027-09-01", None, (0, 0)),
        (None, "2027-05-31", (1, 1)),
        (None, None, (0, 1)),
        (None, "2026-08-31", (0, 0)),
        ("2024-09-01", "2028-05-31", (1, 1)),
    ],
)
def test_a_pair_counts_if_active_one_day_of_the_year(entry, end, counted):
    assert interval(f05=[mentee(entry_date=entry, end_date=end)]) == counted


@pytest.mark.parametrize(
    "words",
    [
        {"mentor_fio": None},
        {"completion_mark": "не начата"},
        {"main_job": False},
        {"mentee_role": "обучающийся", "mentoring_form": "ученик – ученик"},
    ],
)
def test_nobody_counts_without_a_pair_or_from_another_job(words):
    assert interval(f05=[mentee(**words)]) == (0, 0)


def test_another_form_of_support_counts_without_a_mentor():
    found = result(f05=[mentee(mentor_fio=None, entry_date=None, support_forms="КПК")])
    assert (found.numerator_low, found.persons[0].reason) == (1, "иная форма поддержки: КПК")


def test_a_mentor_without_mentees_counts_through_the_row_of_the_mentee():
    alone = mentor(mentee_fios=None)
    assert interval(f04=[alone]) == (0, 0)
    assert interval(f04=[alone], f05=[mentee(birth_year=1980)]) == (1, 1)


def test_a_candidate_is_no_mentor_yet():
    assert interval(f04=[mentor(status="кандидат")]) == (0, 0)


@pytest.mark.parametrize(
    ("years", "counted"), [(0, (1, 1)), (2, (1, 1)), (3, (0, 0)), (None, (0, 1))]
)
def test_b_asks_for_less_than_three_years_of_service(years, counted):
    assert interval(B, f05=[mentee(experience_years=years)]) == counted


def test_what_is_not_known_is_named_beside_the_person():
    person = result(B, f05=[mentee(birth_year=None, experience_years=None)]).persons[0]
    assert person.certainty == "possible"
    assert "год рождения не указан" in person.reason
    assert "педагогический стаж не указан" in person.reason


def test_a_year_known_in_the_other_base_proves_the_age():
    both = {"f04": [mentor(birth_year=None)], "f05": [mentee(mentee_fio=ANNA, mentor_fio=OLGA)]}
    assert interval(**both) == (1, 1)


def test_more_in_the_bases_than_on_the_staff_is_said_and_not_summed():
    rows = [mentee(mentee_fio=name) for name in (ANNA, IVAN, OLGA)]
    found = result(f05=rows, f08=[staff(lt35=2)])
    assert (found.numerator_low, found.denominator) == (2, 2)
    assert len(found.persons) == 3
    assert "в базах 3 чел., а по форме «Кадры» всего 2" in found.notes[0]


def test_only_schools_with_both_sides_are_summed():
    """A school without staff numbers or without a base leaves both sums; an empty base is one."""
    found = result(
        f05=[mentee(), mentee(unit="102")],
        f08=[staff(), staff("103"), staff("104", lt35=5)],
        units=[school(code) for code in ("101", "102", "103", "104")],
        submitted=[
            *(("101", form) for form in ("F05", "F08")),
            *(("102", "F05"), ("103", "F08")),
            *(("104", form) for form in ("F04", "F08")),
        ],
    )
    assert (found.numerator_low, found.denominator) == (1, 15)
    assert (found.units_counted, found.units_total) == (2, 4)
    by_unit = {line.unit: line for line in found.breakdown}
    assert (by_unit["102"].denominator, by_unit["103"].numerator_low) == (None, None)


def test_only_schools_that_exist_on_the_day_are_counted():
    units = [school("101"), school("102", until=date(2026, 9, 30)), Unit("900", "НМЦ", "НМЦ")]
    rows = {"f05": [mentee(unit=u.code) for u in units], "f08": [staff(u.code) for u in units]}
    found = result(units=units, **rows)
    assert (found.numerator_low, found.denominator, found.units_total) == (1, 10, 1)
    assert [p.unit for p in found.persons] == ["101"]


def test_nobody_on_the_staff_is_no_share():
    found = result(f05=[mentee()], f08=[staff(lt35=0)])
    assert (found.low, found.high, found.missing) == (None, None, 0)


def test_one_name_in_two_schools_is_said():
    rows = [mentee(), mentee(unit="102")]
    found = result(f05=rows, f08=[staff(), staff("102")])
    assert any("Одинаковые ФИО в разных ОО: 1" in note for note in found.notes)
    assert found.numerator_low == 2


def test_the_schools_own_figure_stands_beside_as_a_control():
    assert result(f05=[mentee()]).control == 8
    assert result(B, f05=[mentee()]).control == 3


@pytest.mark.parametrize(("count", "flagged"), [(4, True), (5, False), (0, False)])
def test_a_small_number_is_flagged(count, flagged):
    notes = result(f05=[mentee()], f08=[staff(lt35=count)]).notes
    assert any("Малая численность" in note for note in notes) is flagged


@given(st.integers(0, 500), st.integers(0, 500))
def test_missing_is_the_least_number_that_reaches_the_target(have, total):
    missing = missing_to(0.7, have, total)
    reached = Fraction(7, 10) * total
    assert have + missing >= reached
    assert missing == 0 or have + missing - 1 < reached


ROW = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["101", "102"]),
        "who": st.sampled_from([ANNA, IVAN, OLGA]),
        "birth_year": st.sampled_from([None, 1980, 1991, 1992]),
        "experience_years": st.sampled_from([None, 1, 3]),
        "other": st.sampled_from([None, ANNA, OLGA]),
        "support_forms": st.sampled_from([None, "КПК"]),
        "main_job": st.sampled_from([None, True, False]),
        "entry_date": st.sampled_from([None, "2025-09-01", "2027-09-01"]),
        "end_date": st.sampled_from([None, "2026-05-31", "2027-05-31"]),
        "role": st.sampled_from(["педагог", "обучающийся"]),
        "form": st.sampled_from(["F04", "F05"]),
    }
)


def oracle(variant, rows, limits):
    """The definition said once more, person by person, without the program's own steps."""

    def activity(row):
        start, end = row["entry_date"] or "0000", row["end_date"] or "9999"
        if end < "2026-09-01" or start > "2027-08-31":
            return 0
        return 2 if row["entry_date"] or row["end_date"] else 1

    low = high = 0
    for unit, limit in limits.items():
        here = [r for r in rows if r["unit"] == unit]
        teachers = [r for r in here if r["role"] == "педагог"]
        sure = possible = 0
        for who in {r["who"] for r in teachers}:
            mine = [r for r in teachers if r["who"] == who]
            years = {r["birth_year"] for r in mine} - {None}
            groups = [[r for r in mine if r["birth_year"] == y] for y in years | {None}]
            for group in groups if len(years) > 1 else [mine]:
                verdict = judge(variant, here, group, activity)
                sure, possible = sure + (verdict == 2), possible + (verdict >= 1)
        if any(here):
            low, high = low + min(sure, limit), high + min(possible, limit)
    return low, high


def judge(variant, here, group, activity):
    if not group or any(r["main_job"] is False for r in group if r["form"] == "F05"):
        return 0
    surest = 0
    for row in group:
        if row["form"] == "F05":
            pair = activity(row) if row["other"] else 0
            surest = max(surest, pair, 2 if row["support_forms"] else 0)
        elif variant is A:
            pairs = [r for r in here if r["form"] == "F05" and r["other"] == row["who"]]
            own = [row] if row["other"] else []
            surest = max([surest, *(activity(r) for r in own + pairs)])
    ages = {2027 - r["birth_year"] - 1 for r in group if r["birth_year"]}
    service = [r["experience_years"] for r in group if r["experience_years"] is not None]
    if any(age >= 35 for age in ages) or not ages:
        surest = 0 if ages else min(surest, 1)
    if variant is B:
        surest = 0 if max(service, default=0) >= 3 else min(surest, 2 if service else 1)
    return surest


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=10))
def test_the_interval_is_the_definition_read_person_by_person(rows):
    tables = {"F04": [], "F05": []}
    for row in rows:
        me, other = ("mentor", "mentee_fios") if row["form"] == "F04" else ("mentee", "mentor_fio")
        tables[row["form"]].append(
            {**row, f"{me}_fio": row["who"], other: row["other"]} | {f"{me}_role": row["role"]}
        )
    limits = {"101": 2, "102": 5}
    tables["F08"] = [staff(unit, lt35=n, lt35_exp_lt3=n) for unit, n in limits.items()]
    made = view(tables)
    for variant in (A, B):
        found = figure(FIGURES[variant.code], made)
        assert (found.numerator_low, found.numerator_high) == oracle(variant, rows, limits)


def test_the_order_of_rows_changes_nothing():
    rows = [mentee(), mentee(mentee_fio=OLGA, birth_year=None), mentee(unit="102")]
    rows = [{**row, "row_id": f"r{n}"} for n, row in enumerate(rows)]
    found = [result(f05=some) for some in itertools.permutations(rows)]
    assert len({repr(replace(one, persons=tuple(one.persons))) for one in found}) == 1


def test_both_variants_are_registered_under_full_names():
    titles = {indicator.code: indicator.title for indicator in kpi70.register_indicators()}
    assert "в возрасте до 35 лет" in titles["KPI70-A"]
    assert "первые три года работы" in titles["KPI70-B"]
