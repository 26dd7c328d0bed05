"""The demo workspace on disk: settings, registry, inbox; and later the corrected files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.demo.again import second_wave
from pipeline.demo.district import PERIOD, SEED, District, district
from pipeline.demo.files import DemoFile
from pipeline.demo.story import first_wave
from pipeline.demo.units import STORY_UNITS
from pipeline.model import Unit
from pipeline.system import write_whole

# Times of the files themselves: they decide which of two files is the newer one.
_FIRST = datetime(2026, 9, 28, 9, 0, tzinfo=UTC)
_SECOND = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
_FIELDS = (
    "code",
    "kind",
    "may_report_for",
    "inn",
    "kpp",
    "ogrn",
    "short_name",
    "full_name",
    "aliases",
    "email",
    "addressee",
    "folder",
    "from",
    "to",
)
_SETTINGS = """\
# Учебный округ для знакомства с программой. Люди и организации вымышлены.
level = "municipality"
name = "Примерный городской округ"
centre = "МЦН Примерного городского округа"
coordinator = "{coordinator}"
signer = "{signer}"
signer_position = "начальник управления образования"
phone = "+7 999 000-99-01"
period = "{period}"
periods = ["{period}"]
timezone = "Asia/Novokuznetsk"
minors = "pseudonym"
area_code = "38456"
# Только здесь: в настоящей работе пакет утверждает человек.
auto_approve = true

[neighbours]
"{neighbour}" = "Заречный муниципальный округ"

[[recipients]]
code = "krirpo"
name = "КРИРПО"
address = "file:outbox/КРИРПО"
share_curators = false

[schedule]
cron = "30 18 * * 1-5"

[plugins]
disabled = []
"""


def write_workspace(
    folder: Path,
    seed: int = SEED,
    schools: int = STORY_UNITS,
    *,
    clean_share: float | None = None,
) -> None:
    """Write settings, `units.csv` and the first wave into *folder*; see `first_wave`."""
    write_district(folder, district(seed, schools), clean_share=clean_share)


def write_district(folder: Path, made: District, *, clean_share: float | None = None) -> None:
    """Write the workspace of a given district into *folder*, with its first wave."""
    write_whole(folder / "nastavnik.toml", _settings(made).encode(), durable=False)
    write_whole(folder / "units.csv", units_csv(made.units), durable=False)
    (folder / "outbox").mkdir(parents=True, exist_ok=True)
    for unit in made.units:
        (folder / "inbox" / unit.folder).mkdir(parents=True, exist_ok=True)
    _drop(folder, first_wave(made, clean_share), _FIRST)


def write_resubmissions(folder: Path, seed: int = SEED, schools: int = STORY_UNITS) -> None:
    """Drop the second wave into the inbox of a workspace that `write_workspace` made."""
    _drop(folder, second_wave(district(seed, schools)), _SECOND)


def units_csv(units: Iterable[Unit]) -> bytes:
    """Return `units.csv` as Excel opens it: UTF-8 with its mark, «;» between fields."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_FIELDS)
    for unit in units:
        writer.writerow(
            [
                unit.code,
                unit.kind,
                "|".join(unit.may_report_for),
                unit.inn,
                unit.kpp,
                unit.ogrn,
                unit.short_name,
                unit.full_name,
                "|".join(unit.aliases),
                unit.email,
                unit.addressee,
                unit.folder,
                unit.since.isoformat() if unit.since else "",
                unit.until.isoformat() if unit.until else "",
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _settings(made: District) -> str:
    return _SETTINGS.format(
        coordinator=made.newcomers.rows["F02"][0]["fio"],
        signer=made.newcomers.rows["F01"][0]["head_fio"],
        period=PERIOD,
        neighbour=made.neighbour.unit.inn,
    )


def _drop(folder: Path, sent: Iterable[DemoFile], moment: datetime) -> None:
    for file in sent:
        path = folder / "inbox" / file.folder / file.name
        write_whole(path, file.data, durable=False)
        saved = (moment - timedelta(minutes=file.age)).timestamp()
        os.utime(path, (saved, saved))
