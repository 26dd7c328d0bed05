"""When a form is due: the contract proposes, the settings decide, extensions move a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.errors import SettingsError
from pipeline.model import Unit
from pipeline.period import SchoolYear
from pipeline.store.records import ExtensionRecord
from pipeline.store.rows import Recorded
from pipeline.workspace.calendar import Calendar, CalendarSettings, check_codes, standing
from pipeline.workspace.settings import load_settings
from tests.support.views import PLANS

YEAR = SchoolYear(2026)
SCHOOL, OTHER = Unit("oo-1", "ОО", "Школа № 1"), Unit("oo-2", "ОО", "Школа № 2")
UNITS = {unit.code: unit for unit in (SCHOOL, OTHER)}
THREE = replace(PLANS["F04"], code="F06", due="10-15 | 01-20 | 06-01")
STAGED = replace(
    PLANS["F04"], code="F09", due="baseline 10-15 | final 05-31", stages=("baseline", "final")
)
ALL = {**PLANS, "F06": THREE, "F09": STAGED}
OCTOBER, JANUARY, JUNE = date(2026, 10, 15), date(2027, 1, 20), date(2027, 6, 1)
DAYS = (OCTOBER, JANUARY, JUNE)


def calendar(said=None, extensions=()):
    return Calendar(ALL, YEAR, CalendarSettings.of(said or {}), extensions)


def given(seq, until, *units, form="F06", stage="", period="2026-2027", revokes=None):
    codes = units or ("oo-1",)
    record = ExtensionRecord(codes, form, stage, period, until, "Ковалёва", "", "болезнь", revokes)
    return Recorded(seq, "2026-10-10T05:00:00+00:00", record)


def test_the_contract_proposes_one_day_or_several_or_a_day_of_each_stage():
    assert calendar().days("F04", unit=SCHOOL) == (date(2026, 10, 1),)
    assert calendar().days("F06", unit=SCHOOL) == DAYS
    assert calendar().days("F09", "final", SCHOOL) == (date(2027, 5, 31),)
    assert calendar().days("F09", unit=SCHOOL) == ()


def test_the_settings_decide_for_all_and_for_one():
    said = {
        "F04": ["10-05"],
        "F06": [],
        "F09": ["итоговый 05-25", "входящий 10-20"],
        "units": {"oo-1": {"F04": ["11-01", "02-01"]}},
    }
    assert calendar(said).days("F04", unit=OTHER) == (date(2026, 10, 5),)
    assert calendar(said).days("F04", unit=SCHOOL) == (date(2026, 11, 1), date(2027, 2, 1))
    assert calendar(said).days("F06", unit=SCHOOL) == ()
    assert calendar(said).days("F09", "baseline", SCHOOL) == (date(2026, 10, 20),)


def test_an_extension_moves_the_last_day_before_it_for_its_units():
    found = calendar(extensions=[given(7, "2026-10-25")])
    assert found.days("F06", unit=SCHOOL) == (date(2026, 10, 25), JANUARY, JUNE)
    assert found.days("F06", unit=OTHER) == DAYS
    assert found.days("F06") == DAYS
    winter = calendar(extensions=[given(7, "2026-10-25"), given(8, "2027-01-25", "oo-2", "oo-1")])
    assert winter.days("F06", unit=SCHOOL) == (date(2026, 10, 25), date(2027, 1, 25), JUNE)


def test_the_latest_decision_holds_and_one_taken_back_does_not():
    later = [given(7, "2026-10-25"), given(8, "2026-10-20")]
    assert calendar(extensions=later).days("F06", unit=SCHOOL)[0] == date(2026, 10, 20)
    back = [*later, given(9, "", revokes=8)]
    assert calendar(extensions=back).days("F06", unit=SCHOOL)[0] == date(2026, 10, 25)
    gone = [*back, given(10, "", revokes=7)]
    assert calendar(extensions=gone).days("F06", unit=SCHOOL) == DAYS


@pytest.mark.parametrize(
    "other",
    [
        given(7, "2026-10-25", form="F04"),
        given(7, "2026-10-25", period="2025-2026"),
        given(7, "2026-10-25", stage="final"),
        given(7, "2026-10-15"),
    ],
)
def test_an_extension_of_something_else_moves_nothing(other):
    assert calendar(extensions=[other]).days("F06", unit=SCHOOL) == DAYS


def test_nothing_is_due_before_the_unit_exists():
    young = replace(SCHOOL, since=date(2026, 10, 16))
    assert calendar().days("F04", unit=young) == ()
    assert calendar().days("F06", unit=young) == (JANUARY, JUNE)
    assert calendar().days("F06", unit=replace(SCHOOL, since=OCTOBER)) == DAYS


@pytest.mark.parametrize(
    ("today", "handed_in", "due", "late", "on_time"),
    [
        # Until something counts the first day stands.
        (date(2026, 10, 15), [], OCTOBER, False, False),
        (date(2026, 10, 16), [], OCTOBER, True, False),
        (date(2027, 1, 10), [], OCTOBER, True, False),
        (date(2026, 10, 20), [date(2026, 9, 20)], OCTOBER, False, True),
        # A week late is late for October, and no answer to January.
        (date(2026, 11, 1), [date(2026, 10, 22)], OCTOBER, False, False),
        (date(2027, 1, 15), [date(2026, 10, 22)], JANUARY, False, False),
        (date(2027, 1, 21), [date(2026, 10, 12)], JANUARY, True, False),
        (date(2027, 1, 21), [date(2026, 10, 12), date(2027, 1, 14)], JANUARY, False, True),
        (date(2027, 1, 25), [date(2026, 10, 12), date(2027, 1, 24)], JANUARY, False, False),
        (date(2027, 7, 1), [date(2026, 10, 12), date(2027, 1, 24)], JUNE, True, False),
    ],
)
def test_each_day_answers_for_the_time_around_it(today, handed_in, due, late, on_time):
    found = standing(DAYS, handed_in, today, counts=bool(handed_in))
    assert (found.due, found.late, found.on_time) == (due, late, on_time)


def test_a_form_without_a_day_is_never_late():
    assert not standing((), [], JUNE, counts=False).late
    assert standing((), [JUNE], JUNE, counts=True).on_time


def settings(folder, text):
    (folder / "nastavnik.toml").write_text(f'period = "2026-2027"\n{text}', encoding="utf-8")
    return load_settings(folder)


def test_the_section_is_read(tmp_path):
    read = settings(tmp_path, '[calendar]\nF06 = ["10-15", "01-20"]\n[calendar.units.oo-1]\nF04=[]')
    assert read.calendar.forms == {"F06": (("", "10-15"), ("", "01-20"))}
    assert read.calendar.units == {"oo-1": {"F04": ()}}
    assert settings(tmp_path, "").calendar == CalendarSettings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('calendar = "10-01"', "calendar – нужно раздел"),
        ('[calendar]\nF04 = "10-01"', "[calendar] F04 – нужен список"),
        ("[calendar]\nF04 = [1001]", "[calendar] F04 – нужен список"),
        ('[calendar]\nF04 = ["01.10"]', "«01.10» – нужен день «ММ-ДД»"),
        ('[calendar]\nF04 = ["02-30"]', "«02-30» – нужен день"),
        ('[calendar]\nF04 = ["02-29"]', "«02-29» – нужен день"),
        ('[calendar]\nF04 = [""]', "«» – нужен день"),
        ('[calendar]\nF04 = ["10-01|10-02"]', "«10-01|10-02» – нужен день"),
        ('[calendar]\nF09 = ["исходный 10-15"]', "входящий, итоговый"),
        ('[calendar]\nunits = ["oo-1"]', "[calendar.units] – нужны разделы"),
        ('[calendar.units]\noo-1 = ["10-01"]', "[calendar.units] oo-1 – нужен раздел"),
        ('[calendar.units.oo-1]\nF04 = ["1 октября"]', "[calendar.units.oo-1] F04: «1 октября»"),
    ],
)
def test_what_is_no_calendar_is_named(tmp_path, text, named):
    with pytest.raises(SettingsError) as raised:
        settings(tmp_path, text)
    assert named in str(raised.value)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"F77": ["10-01"]}, "[calendar] F77: такой формы нет"),
        ({"units": {"oo-9": {}}}, "[calendar.units.oo-9]: такой организации нет"),
        ({"units": {"oo-1": {"F77": []}}}, "[calendar.units.oo-1] F77: такой формы нет"),
        ({"F09": ["10-15"]}, "«входящий ММ-ДД» или «итоговый ММ-ДД»"),
        ({"F04": ["итоговый 10-15"]}, "ММ-ДД без этапа"),
    ],
)
def test_a_name_that_would_do_nothing_is_refused(said, named):
    with pytest.raises(SettingsError) as raised:
        check_codes(CalendarSettings.of(said), ALL, UNITS)
    assert named in str(raised.value)
    check_codes(CalendarSettings.of({"F09": ["итоговый 05-31"]}), ALL, UNITS)
