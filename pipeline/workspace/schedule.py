"""The schedule of the whole cycle: when it last ran, and whether a run was missed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from pipeline import system
from pipeline.errors import SettingsError

FILE = "last-run.json"
# A run that was due just now may still be starting or at work.
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest whole cycle: when it began, and the class of what stopped it («» when it ended).

    `done` is the beginning of the newest one that ended well. Moments are aware.
    """

    moment: datetime
    error: str = ""
    done: datetime | None = None


def missed(cron: str, zone: ZoneInfo, last_run: datetime | None, now: datetime) -> datetime | None:
    """Return the first moment of *cron* since *last_run* that passed without a run, in *zone*.

    Where nothing ever ran there is nothing to miss; an empty *cron* is no schedule.
    """
    if last_run is None or not cron:
        return None
    due = takewhile(lambda at: at <= now - GRACE, moments(cron, last_run.astimezone(zone)))
    return next(iter(due), None)


def moments(cron: str, after: datetime) -> CronSim:
    """Return the moments of *cron* after *after*, in its zone; `SettingsError` for no schedule."""
    try:
        return CronSim(cron, after)
    except CronSimError:
        raise SettingsError(
            f"nastavnik.toml: расписание «{cron}» не читается; нужно, например, «30 18 * * 1-5»."
        ) from None


def read_last_run(state: Path) -> LastRun | None:
    """Return what the state folder says of the newest cycle; None where it says nothing."""
    try:
        said = json.loads((state / FILE).read_text(encoding="utf-8"))
        done = said["done"]
        return LastRun(
            datetime.fromisoformat(said["moment"]),
            said["error"],
            datetime.fromisoformat(done) if done else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Only a convenience stands here: without it one sentence is missing, no data.
        return None


def write_last_run(state: Path, moment: datetime, error: str = "") -> None:
    """Keep in the state folder that a cycle begun at *moment* ended, and with which *error*."""
    before = read_last_run(state)
    done = moment if not error else before.done if before else None
    said = {
        "moment": moment.isoformat(timespec="seconds"),
        "error": error,
        "done": done.isoformat(timespec="seconds") if done else None,
    }
    with system.storage_trouble("Не удалось отметить прогон"):
        system.write_whole(state / FILE, json.dumps(said).encode(), durable=False, private=True)
