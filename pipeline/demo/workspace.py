"""The demo workspace on disk: settings, registry, inbox; and later the corrected files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from pipeline.demo.district import PERIOD, SEED, District, district
from pipeline.demo.files import DemoFile
from pipeline.demo.story import first_wave, second_wave
from pipeline.demo.units import STORY_UNITS
from pipeline.model import Unit
from pipeline.system import write_whole

# Times of the files themselves: they decide which of two files is the newer one.
_FIRST = datetime(2026, 9, 28, 9, 0, tzinfo=UTC)
_SECOND = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
_FIELDS = (
    "code kind may_report_for inn kpp ogrn short_name full_name aliases email addressee folder "
    "from to"
)


def write_workspace(
    folder: Path,
    seed: int = SEED,
    schools: int = STORY_UNITS,
    *,
    clean_share: float | None = None,
    places: Mapping[str, Path] | None = None,
) -> None:
    """Write settings, `units.csv` and the first wave into *folder*; see `first_wave`.

    *places* may say that «inbox» and «outbox» lie elsewhere.
    """
    made = district(seed, schools)
    known = places or {}
    open_workspace(folder, made, places)
    drop(known.get("inbox", folder / "inbox"), first_wave(made, clean_share))


def open_workspace(folder: Path, made: District, places: Mapping[str, Path] | None = None) -> None:
    """Write the workspace of a given district into *folder*, with nothing in its inbox."""
    elsewhere = {name: _relative(place, folder) for name, place in (places or {}).items()}
    text = files("pipeline.demo").joinpath("settings.toml").read_text("utf-8")
    settings = text.format(
        coordinator=made.newcomers.rows["F02"][0]["fio"],
        signer=made.newcomers.rows["F01"][0]["head_fio"],
        period=PERIOD,
        neighbour=made.neighbour.unit.inn,
        folders="".join(f'{name} = "{place}"\n' for name, place in elsewhere.items()),
        outbox=elsewhere.get("outbox", "outbox"),
    )
    write_whole(folder / "nastavnik.toml", settings.encode(), durable=False)
    write_whole(folder / "units.csv", units_csv(made.units), durable=False)
    (folder / elsewhere.get("outbox", "outbox")).mkdir(parents=True, exist_ok=True)
    for unit in made.units:
        place = folder / elsewhere.get("inbox", "inbox") / unit.folder
        place.mkdir(parents=True, exist_ok=True)


def write_resubmissions(folder: Path, *, inbox: Path | None = None) -> None:
    """Drop the second wave into the inbox of a workspace that `write_workspace` made."""
    drop(inbox or folder / "inbox", second_wave(district()), _SECOND)


def drop(inbox: Path, sent: Iterable[DemoFile], moment: datetime = _FIRST) -> None:
    """Put files into *inbox*, saved at *moment* less the age of each."""
    for file in sent:
        path = inbox / file.folder / file.name
        write_whole(path, file.data, durable=False)
        saved = (moment - timedelta(minutes=file.age)).timestamp()
        os.utime(path, (saved, saved))


def units_csv(units: Iterable[Unit]) -> bytes:
    """Return `units.csv` as Excel opens it: UTF-8 with its mark, «;» between fields."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_FIELDS.split())
    for unit in units:
        said = {f.name: getattr(unit, f.name) for f in fields(unit)}
        said |= {"from": unit.since, "to": unit.until}
        writer.writerow([_joined(said[name]) for name in _FIELDS.split()])
    return text.getvalue().encode("utf-8-sig")


def _joined(value: object) -> str:
    return "|".join(value) if isinstance(value, tuple) else str(value or "")


def _relative(place: Path, folder: Path) -> str:
    """Where *place* lies as seen from the workspace; another drive has no way there."""
    try:
        found = os.path.relpath(place.resolve(), folder.resolve())
    except ValueError:
        found = str(place.resolve())
    return Path(found).as_posix()
