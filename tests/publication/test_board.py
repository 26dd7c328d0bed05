"""The board: states, due dates in the school year, полнота and своевременность."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.model import Unit
from pipeline.period import SchoolYear
from pipeline.publication.board import board
from pipeline.publication.overdue import overdue
from pipeline.publication.rates import rates
from pipeline.workspace.calendar import Calendar
from tests.support.views import PLANS, board_part, school

ZONE = ZoneInfo("Asia/Novokuznetsk")
CALENDAR = Calendar(PLANS, SchoolYear(2026))
NOON = datetime(2026, 9, 9, 5, 0, tzinfo=UTC)
UNITS = [school("101"), school("102"), school("103", until=date(2026, 8, 31))]


def sent(unit="101", form="F01", outcome="accepted", **more):
    words = {"moment": NOON, "number": 7, "in_force": 7, "taken": (NOON,), **more}
    return board_part(unit, form, outcome, **words)


def lines(*parts, today=date(2026, 9, 15), units=UNITS):
    return board(units, CALENDAR, parts, today, zone=ZONE)


def line(*parts, unit="101", form="F01", **more):
    return next(x for x in lines(*parts, **more) if (x.unit, x.form) == (unit, form))


def test_every_school_of_the_day_has_a_line_for_every_form():
    """A closed school is not asked."""
    found = [(x.unit, x.form) for x in lines()]
    assert found == [(unit, form) for unit in ("101", "102") for form in sorted(PLANS)]


@pytest.mark.parametrize(
    ("outcome", "words", "state"),
    [
        ("accepted", {}, "accepted"),
        ("accepted", {"nil": True}, "nil"),
        ("accepted_with_remarks", {}, "accepted_with_remarks"),
        ("accepted_partly", {}, "accepted_partly"),
        ("rejected", {"in_force": None, "taken": ()}, "rejected"),
        ("rejected", {"nil": True}, "rejected"),
        ("held", {}, "held"),
        ("withdrawn", {"in_force": None, "taken": ()}, "none"),
    ],
)
def test_the_state_is_that_of_the_newest_part(outcome, words, state):
    assert line(sent(outcome=outcome, **words)).state == state


@pytest.mark.parametrize(
    ("today", "parts", "late"),
    [
        (date(2026, 9, 10), [], False),
        (date(2026, 9, 11), [], True),
        (date(2026, 9, 11), [sent(outcome="rejected", in_force=None)], True),
        (date(2026, 9, 11), [sent(outcome="rejected", in_force=3)], False),
        (date(2026, 9, 11), [sent(outcome="held", in_force=None)], True),
    ],
)
def test_late_is_past_due_with_nothing_in_force(today, parts, late):
    assert line(*parts, today=today).late is late


@pytest.mark.parametrize(
    ("first", "on_time"),
    [
        (datetime(2026, 9, 10, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 9, 10, 17, 0, tzinfo=UTC), False),
    ],
)
def test_in_time_is_counted_in_the_zone_of_the_municipality(first, on_time):
    """Midnight in Novokuznetsk is 17:00 UTC of the day before."""
    assert line(sent(taken=(first,))).on_time is on_time


def test_a_correction_after_the_day_leaves_the_form_in_time():
    later = datetime(2026, 9, 30, tzinfo=UTC)
    assert line(sent(number=9, in_force=9, moment=later, taken=(NOON,))).on_time


def test_rates_count_schools_of_the_day_only():
    parts = [sent(), sent("102", taken=(datetime(2026, 9, 20, tzinfo=UTC),)), sent("900")]
    partner = Unit("900", "партнёр", "Завод")
    found = rates(lines(*parts, units=[*UNITS, partner]), UNITS[:2], "F01")
    assert (found.given, found.on_time, found.expected) == (2, 1, 2)
    assert (found.reporting, found.timely) == (1.0, 0.5)


def test_rates_of_no_schools_are_no_figure():
    assert rates([], [], "F01").reporting is None


def test_a_unit_that_is_not_asked_shows_what_it_sent_and_is_never_late():
    partner = Unit("900", "партнёр", "Завод")
    part = sent("900", outcome="rejected", in_force=None)
    found = line(part, unit="900", units=[*UNITS, partner], today=date(2027, 7, 1))
    assert (found.state, found.late) == ("rejected", False)


def test_whom_to_call_names_the_longest_wait_first():
    parts = [sent(form=form) for form in ("F01", "F02")]
    found = overdue(lines(*parts, today=date(2026, 10, 10)), UNITS)
    assert [(unit.code, [x.form for x in late]) for unit, late in found] == [
        ("102", ["F01", "F02", "F04", "F05"]),
        ("101", ["F04", "F05"]),
    ]
