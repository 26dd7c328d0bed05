"""The registry of units: `units.csv`, read once and never changed."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pipeline.errors import SettingsError
from pipeline.model import Unit, UnitKind

UNITS_FILE = "units.csv"


@dataclass(frozen=True, slots=True)
class Registry:
    """The units of `units.csv` by code, and the bytes of the file that decisions are judged by.

    `derived` keeps what rules make of the whole registry, once in a run (`CheckView.of_units`).
    """

    units: Mapping[str, Unit]
    source: bytes = field(repr=False)
    derived: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Content hash of the registry, under which a decision names it."""
        return hashlib.sha256(self.source).hexdigest()

    def by_folder(self, folder: str) -> Unit | None:
        """Return the unit whose inbox folder is called *folder*."""
        name = folder.casefold()
        for unit in self.units.values():
            if name in (unit.code.casefold(), unit.folder.casefold()):
                return unit
        return None

    def by_inn(self, inn: str) -> tuple[Unit, ...]:
        """Return all units with this ИНН: a branch shares its school's."""
        return tuple(unit for unit in self.units.values() if unit.inn == inn)


def load_registry(workspace: Path) -> Registry:
    """Read `units.csv`; `SettingsError` names the line that cannot be used."""
    path = workspace / UNITS_FILE
    if not path.is_file():
        raise SettingsError(f"Нет реестра организаций {UNITS_FILE} в папке «{workspace}».")
    source = path.read_bytes()
    lines = csv.DictReader(_text(source).splitlines(), delimiter=";")
    if not {"code", "short_name"} <= set(lines.fieldnames or ()):
        raise SettingsError(
            f"{UNITS_FILE}: в первой строке нет столбцов code и short_name. "
            "Столбцы разделяет точка с запятой."
        )
    units: dict[str, Unit] = {}
    for number, line in enumerate(lines, start=2):
        if not any((value or "").strip() for key, value in line.items() if key):
            continue
        unit = _unit(line, number)
        taken = {name for u in units.values() for name in (u.code, u.folder.casefold())}
        if unit.code not in units and unit.folder.casefold() in taken:
            raise SettingsError(f"{UNITS_FILE}, строка {number}: папка «{unit.folder}» уже есть.")
        if unit.code in units:
            raise SettingsError(f"{UNITS_FILE}, строка {number}: код «{unit.code}» уже есть.")
        units[unit.code] = unit
    return Registry(units=MappingProxyType(units), source=source)


def _text(data: bytes) -> str:
    """The registry as text: Excel saves csv in UTF-8 or in the code page of Russian Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def _unit(line: dict[str, str | None], number: int) -> Unit:
    words = {key: (value or "").strip() for key, value in line.items() if key}
    if not words.get("code") or not words.get("short_name"):
        raise SettingsError(f"{UNITS_FILE}, строка {number}: нужны code и short_name.")
    if words.get("kind", "ОО") not in get_args(UnitKind):
        kinds = ", ".join(get_args(UnitKind))
        raise SettingsError(f"{UNITS_FILE}, строка {number}: kind – одно из {kinds}.")
    if re.search(r"[^0-9A-Za-zА-Яа-яЁё._-]", words["code"]):
        raise SettingsError(f"{UNITS_FILE}, строка {number}: код – буквы, цифры, «-», «_», «.».")
    return Unit(
        code=words["code"],
        kind=words.get("kind", "ОО"),  # type: ignore[arg-type]  # checked above
        short_name=words["short_name"],
        full_name=words.get("full_name", ""),
        inn=words.get("inn", ""),
        kpp=words.get("kpp", ""),
        ogrn=words.get("ogrn", ""),
        aliases=_split(words.get("aliases", "")),
        email=words.get("email", ""),
        addressee=words.get("addressee", ""),
        folder=words.get("folder", "") or words["code"],
        may_report_for=_split(words.get("may_report_for", "")),
        since=_day(words.get("from", ""), number),
        until=_day(words.get("to", ""), number),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _day(text: str, number: int) -> date | None:
    if not text:
        return None
    # Excel turns 2026-09-01 into 01.09.2026 when it saves the file.
    russian = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", text)
    try:
        return date.fromisoformat("-".join(russian.groups()[::-1]) if russian else text)
    except ValueError as error:
        raise SettingsError(
            f"{UNITS_FILE}, строка {number}: дата «{text}» – нужно ГГГГ-ММ-ДД или ДД.ММ.ГГГГ."
        ) from error
