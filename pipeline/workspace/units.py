"""The registry of units: `units.csv`, read once and never changed."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from contracts.identifiers import inn_valid
from pipeline.errors import SettingsError
from pipeline.model import Unit, UnitKind
from pipeline.text import organisation_key

UNITS_FILE = "units.csv"
# Folders that are hidden, lead elsewhere, or cannot be made on Windows.
_NO_FOLDER = re.compile(
    r"""^\.|\.$|[/\\:*?"<>|\x00-\x1f]|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)""", re.IGNORECASE
)
# Letters that leave room for the names of answers, however many bytes each takes.
_LONGEST = 80
# More does not fit into a cell of Excel.
_LONGEST_WORD = 32_767
_INN = 10
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class UnitRegister:
    """The units of `units.csv` by code, and the bytes of the file that decisions are judged by.

    `derived` keeps what was made of all units, so that it is made once in a run: the indices by
    which they are found here, and what rules make of them (`CheckView.of_units`).
    """

    units: Mapping[str, Unit]
    source: bytes = field(repr=False)
    derived: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Content hash of the registry, under which a decision names it."""
        if "digest" not in self.derived:
            self.derived["digest"] = hashlib.sha256(self.source).hexdigest()
        return str(self.derived["digest"])

    def by_folder(self, folder: str) -> Unit | None:
        """Return the unit whose inbox folder is called *folder*, as people type it.

        «Школа №1» is «Школа № 1», whatever the blanks and the system's way with «й» and «ё»; where
        two units' folders differ in that only, the very name is needed.
        """
        same = self.of_units(_by_folder).get(_folder(folder))
        if same is not None:
            return same
        alike = self.of_units(_by_folder_key).get(organisation_key(folder), ())
        return alike[0] if len(alike) == 1 else None

    def by_inn(self, inn: str) -> tuple[Unit, ...]:
        """Return all units with this ИНН: a branch shares its school's."""
        return tuple(self.of_units(_by_inn).get(inn, ()))

    def of_units(self, make: Callable[[Mapping[str, Unit]], Made]) -> Made:
        """Return what *make* makes of all units; it is asked once in a run."""
        if make not in self.derived:
            self.derived[make] = make(self.units)
        made: Made = self.derived[make]
        return made


def _folder(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _by_folder(units: Mapping[str, Unit]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for unit in units.values():
        for name in (unit.code, unit.folder):
            found.setdefault(_folder(name), unit)
    return found


def _by_folder_key(units: Mapping[str, Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units.values():
        for key in {organisation_key(unit.code), organisation_key(unit.folder)} - {""}:
            found.setdefault(key, []).append(unit)
    return found


def _by_inn(units: Mapping[str, Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units.values():
        found.setdefault(unit.inn, []).append(unit)
    return found


def load_registry(workspace: Path) -> UnitRegister:
    """Read `units.csv`; `SettingsError` names each line that cannot be used.

    Zeros that Excel took from the front of an ИНН or КПП are put back.
    """
    path = workspace / UNITS_FILE
    if not path.is_file():
        raise SettingsError(f"Нет реестра организаций {UNITS_FILE} в папке «{workspace}».")
    source = path.read_bytes()
    units: dict[str, Unit] = {}
    folders: dict[str, str] = {}
    wrong: list[str] = []
    for number, line in _lines(_text(source)):
        try:
            unit = _unit(line, number)
            _check_alone(unit, number, units, folders)
        except SettingsError as error:
            wrong.append(str(error))
        else:
            units[unit.code] = unit
    if wrong:
        raise SettingsError("\n".join(wrong))
    return UnitRegister(units=MappingProxyType(units), source=source)


def _check_alone(
    unit: Unit, number: int, units: Mapping[str, Unit], folders: dict[str, str]
) -> None:
    """Refuse a code or a folder that another unit has."""
    if unit.code in units:
        raise SettingsError(f"{UNITS_FILE}, строка {number}: код «{unit.code}» уже есть.")
    # Either name leads to the unit, and Windows does not tell capital letters from small ones.
    for name in dict.fromkeys((unit.code, unit.folder)):
        if folders.setdefault(name.casefold(), unit.code) != unit.code:
            raise SettingsError(f"{UNITS_FILE}, строка {number}: папка «{name}» уже есть.")


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that says something, by its number, with its words by their columns."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        header = next(rows, [])
        if not {"code", "short_name"} <= set(header):
            raise SettingsError(
                f"{UNITS_FILE}: в первой строке нет столбцов code и short_name. "
                "Столбцы разделяет точка с запятой."
            )
        number = rows.line_num + 1
        for row in rows:
            words = [word.strip() for word in row]
            if any(len(word) > _LONGEST_WORD for word in words):
                raise SettingsError(f"{UNITS_FILE}, строка {number}: слишком длинное значение.")
            if any("\n" in word and ";" in word for word in words):
                # Whole lines, and the units in them, became one word.
                raise SettingsError(f"{UNITS_FILE}, строка {number}: кавычка не закрыта.")
            if any(words[: len(header)]):
                yield number, dict(zip(header, map(_one_line, words), strict=False))
            number = rows.line_num + 1
    except csv.Error as error:
        raise SettingsError(
            f"{UNITS_FILE}, строка {rows.line_num}: не читается. Проверьте кавычки."
        ) from error


def _one_line(word: str) -> str:
    return " ".join(word.splitlines())


def _text(data: bytes) -> str:
    """The registry as text: Excel saves csv in UTF-8 or in the code page of Russian Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def _unit(words: Mapping[str, str], number: int) -> Unit:
    if not words.get("code") or not words.get("short_name"):
        raise SettingsError(f"{UNITS_FILE}, строка {number}: нужны code и short_name.")
    if words.get("kind", "ОО") not in get_args(UnitKind):
        kinds = ", ".join(get_args(UnitKind))
        raise SettingsError(f"{UNITS_FILE}, строка {number}: kind – одно из {kinds}.")
    if re.search(r"[^0-9A-Za-zА-Яа-яЁё._-]", words["code"]):
        raise SettingsError(f"{UNITS_FILE}, строка {number}: код – буквы, цифры, «-», «_», «.».")
    for name in (words["code"], words.get("folder", "")):
        if _NO_FOLDER.search(name) or len(name) > _LONGEST:
            raise SettingsError(
                f"{UNITS_FILE}, строка {number}: папка «{name[:_LONGEST]}» – до {_LONGEST} знаков, "
                'без \\ / : * ? " < > |, без точки в начале и в конце, не CON, PRN, AUX, NUL, COM1.'
            )
    return Unit(
        code=words["code"],
        kind=words.get("kind", "ОО"),  # type: ignore[arg-type]  # checked above
        short_name=words["short_name"],
        full_name=words.get("full_name", ""),
        inn=_with_zeros(words.get("inn", ""), 10),
        kpp=_with_zeros(words.get("kpp", ""), 9),
        ogrn=words.get("ogrn", ""),
        aliases=_split(words.get("aliases", "")),
        email=words.get("email", ""),
        addressee=words.get("addressee", ""),
        folder=words.get("folder", "") or words["code"],
        may_report_for=_split(words.get("may_report_for", "")),
        since=_day(words.get("from", ""), number),
        until=_day(words.get("to", ""), number),
    )


def _with_zeros(number: str, digits: int) -> str:
    whole = number.zfill(digits)
    lost = number.isdigit() and digits - 2 <= len(number) < digits
    # An ИНН proves by its control digit that only zeros are missing.
    return whole if lost and (digits != _INN or inn_valid(whole)) else number


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
