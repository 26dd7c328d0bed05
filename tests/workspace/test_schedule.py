"""The schedule: a missed run is seen, a run that may still be starting is not called missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.commands import report, screen
from pipeline.errors import SettingsError
from pipeline.workspace.exchange import new_workspace, open_exchange
from pipeline.workspace.schedule import FILE, GRACE, LastRun, missed, read_last_run, write_last_run
from pipeline.workspace.settings import STATE_FOLDER

ZONE = ZoneInfo("Asia/Novokuznetsk")
WEEKDAYS = "30 18 * * 1-5"
FRIDAY = datetime(2026, 10, 9, 18, 30, tzinfo=ZONE)
MONDAY = datetime(2026, 10, 12, 18, 30, tzinfo=ZONE)


def test_first_moment_without_a_run_is_told_in_the_zone_of_the_settings():
    now = (MONDAY + timedelta(days=2)).astimezone(UTC)
    since = missed(WEEKDAYS, ZONE, FRIDAY.astimezone(UTC), now)
    assert since == MONDAY
    assert since.utcoffset() == timedelta(hours=7)


def test_weekend_without_runs_is_nothing_missed():
    assert missed(WEEKDAYS, ZONE, FRIDAY, MONDAY - timedelta(minutes=1)) is None


@pytest.mark.parametrize(("late", "seen"), [(GRACE - timedelta(seconds=1), False), (GRACE, True)])
def test_run_that_may_still_be_starting_is_not_missed(late, seen):
    assert (missed(WEEKDAYS, ZONE, FRIDAY, MONDAY + late) is not None) is seen


def test_run_a_moment_after_its_time_counts_for_it():
    ran = MONDAY + timedelta(seconds=5)
    assert missed(WEEKDAYS, ZONE, ran, MONDAY + timedelta(hours=5)) is None


def test_nothing_is_missed_where_nothing_ever_ran_or_no_schedule_is_set():
    assert missed(WEEKDAYS, ZONE, None, MONDAY) is None
    assert missed("", ZONE, FRIDAY, MONDAY + timedelta(days=9)) is None


def test_schedule_that_cannot_be_read_is_named():
    with pytest.raises(SettingsError, match="каждый вечер"):
        missed("каждый вечер", ZONE, FRIDAY, MONDAY)


def test_failed_run_keeps_the_last_one_that_ended_well(tmp_path):
    write_last_run(tmp_path, FRIDAY)
    write_last_run(tmp_path, MONDAY, "DeliveryError")
    assert read_last_run(tmp_path) == LastRun(MONDAY, "DeliveryError", FRIDAY)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"moment": 5, "error": "", "done": null}'])
def test_spoilt_file_says_nothing_and_stops_nothing(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert read_last_run(tmp_path) is None


def test_status_says_since_when_runs_are_missed(tmp_path, capsys):
    settings = 'name = "Примерный округ"\nperiod = "2026-2027"\nkeys_dir = "keys"\n'
    units = "code;kind;short_name;folder\noo-101;ОО;Школа 101;oo-101\n"
    new_workspace(tmp_path, settings, units)
    write_last_run(tmp_path / STATE_FOLDER, FRIDAY)
    with open_exchange(tmp_path) as exchange:
        calm = report.status(exchange, MONDAY)
        late = report.status(exchange, MONDAY + timedelta(days=2))
    assert calm["missed_run"] is None
    assert late["missed_run"] == MONDAY.isoformat()
    screen.show("status", late)
    assert "Плановый прогон 12.10.2026 18:30 не состоялся" in capsys.readouterr().out
