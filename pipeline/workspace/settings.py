"""The workspace's settings and its registry of units, read once and never changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline import system
from pipeline.canonical import canonical
from pipeline.errors import SettingsError
from pipeline.period import SchoolYear
from pipeline.workspace import calendar

SETTINGS_FILE = "nastavnik.toml"
# What the program keeps for itself inside a workspace.
STATE_FOLDER = ".nastavnik"
# Below it: what can be made again at any time.
DERIVED_FOLDER = "derived"
# How the address of a database may begin; the one in the workspace needs none.
_DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:")
# Working days of a year: a day that far off is no day to answer by.
_MOST_DAYS = 250
# Codes of recipients stand in the names of packages and, lowered, in their manifests.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets packages: `address` is «file:<folder>» relative to the workspace, or another scheme.

    `share_curators` lets names and contacts of curators go, of those who said «да» to it.
    """

    code: str
    name: str
    address: str = ""
    addressee: str = ""
    share_curators: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What `nastavnik.toml` says; each key has its default here, an unknown key is an error."""

    level: Literal["municipality", "region"] = "municipality"
    name: str = ""
    centre: str = "Муниципальный центр наставничества"
    coordinator: str = ""
    signer: str = ""
    signer_position: str = ""
    phone: str = ""
    period: str = ""
    periods: tuple[str, ...] = ()
    timezone: str = "Asia/Novokuznetsk"
    minors: Literal["pseudonym", "full"] = "pseudonym"
    area_code: str = "38456"
    answer_days: int = 8
    auto_approve: bool = False
    neighbours: Mapping[str, str] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    calendar: calendar.CalendarSettings = field(default_factory=calendar.CalendarSettings)
    schedule: Mapping[str, str] = field(default_factory=dict)
    plugins: Mapping[str, Any] = field(default_factory=dict, repr=False)
    database: str = ""
    keys_dir: str = ""
    inbox: str = "inbox"
    outbox: str = "outbox"
    outbox_group: str = ""
    answers_beside: bool = True
    answers_by_mail: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """Time zone in which moments are shown and days are counted."""
        return ZoneInfo(self.timezone)

    @property
    def cron(self) -> str:
        """Schedule of the whole cycle, in the time zone of the settings."""
        return self.schedule.get("cron", "30 18 * * 1-5")

    @property
    def disabled(self) -> tuple[str, ...]:
        """Plugins that must not be loaded."""
        return tuple(self.plugins.get("disabled", ()))

    @property
    def plugin_settings(self) -> Mapping[str, Mapping[str, Any]]:
        """Tables `[plugins.<name>]` by the name of the plugin."""
        return {name: table for name, table in self.plugins.items() if name != "disabled"}


def load_settings(workspace: Path) -> Settings:
    """Read `nastavnik.toml`; `SettingsError` names every key that cannot be used."""
    path = workspace / SETTINGS_FILE
    if not path.is_file():
        raise SettingsError(
            f"В папке «{workspace}» нет файла {SETTINGS_FILE}. "
            "Создайте рабочую папку: nastavnik init ПАПКА."
        )
    try:
        # Notepad may put a mark before the first letter.
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{SETTINGS_FILE} сохранён не в UTF-8. В Блокноте: «Сохранить как», кодировка UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE} не читается: {error}") from error
    return _checked(_settings(data), workspace)


def deciding(settings: Settings) -> bytes:
    """Return what of the settings decides about data: not names, addresses or schedules."""
    words = ("level", "period", "periods", "timezone", "minors", "area_code", "neighbours")
    return canonical({name: getattr(settings, name) for name in words})


def _settings(data: dict[str, Any]) -> Settings:
    problems = list(_problems(data, Settings, ""))
    entries = data.get("recipients")
    for item in entries if isinstance(entries, list) else ():
        if isinstance(item, dict):
            problems += _problems(item, Recipient, f"получатель «{item.get('code', '')}»: ")
    days = data.get("calendar", {})
    problems += calendar.problems(days) if isinstance(days, dict) else ()
    _refuse(problems)
    words = dict(data)
    words["recipients"] = tuple(Recipient(**item) for item in data.get("recipients", ()))
    words["calendar"] = calendar.CalendarSettings.of(days)
    words["periods"] = tuple(data.get("periods", ())) or (data.get("period", ""),)
    return Settings(**words)


def _refuse(problems: Sequence[str]) -> None:
    """All that is wrong is told at once, a line each."""
    if problems:
        raise SettingsError("\n".join(f"{SETTINGS_FILE}: {problem}" for problem in problems))


def _problems(data: Mapping[str, Any], cls: type, where: str) -> Iterator[str]:
    """Say of each key of *data* what keeps it from being a field of *cls*."""
    kinds = get_type_hints(cls)
    for key, value in data.items():
        if key not in kinds:
            yield f"{where}ключ «{key}» неизвестен."
        elif not _fits(value, kinds[key]):
            yield f"{where}{key} – нужно {_needed(kinds[key])}."
        elif (cls, key) == (Settings, "plugins"):
            yield from _wrong_plugins(value)
    for known in fields(cls):
        if known.name not in data and MISSING is known.default is known.default_factory:
            yield f"{where}нужен ключ {known.name}."


def _wrong_plugins(said: Mapping[str, Any]) -> Iterator[str]:
    """Beside `disabled` each key is a table of the plugin's own, which only it understands."""
    for name, value in said.items():
        if name == "disabled":
            if not _fits(value, tuple[str, ...]):
                yield f"plugins.{name} – нужно {_needed(tuple[str, ...])}."
        elif not isinstance(value, dict):
            yield f"plugins.{name} – нужно раздел [plugins.{name}]."


_NEEDED: dict[object, str] = {
    str: "текст в кавычках",
    bool: "true или false",
    int: "целое число от 0",
    Recipient: "раздел [[recipients]]",
    calendar.CalendarSettings: "раздел [calendar]",
}


def _needed(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " или ".join(arguments)
    if origin is tuple:
        return _NEEDED[Recipient] if arguments[0] is Recipient else "список текстов в кавычках"
    if origin is Mapping:
        each = arguments[1]
        return "раздел" if each is Any else f"раздел, где у каждого имени {_needed(each)}"
    return _NEEDED[kind]


def _fits(value: object, kind: Any) -> bool:
    """A value of another kind would be taken for something: «auto_approve = "нет"» for yes."""
    if kind is Any:
        return True
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, list) and all(_fits(item, arguments[0]) for item in value)
    if origin is Mapping:
        return isinstance(value, dict) and all(_fits(v, arguments[1]) for v in value.values())
    if kind in (Recipient, calendar.CalendarSettings):
        return isinstance(value, dict)
    return type(value) is kind and not (kind is int and cast(int, value) < 0)


def _checked(settings: Settings, workspace: Path) -> Settings:
    problems = [*_wrong_periods(settings), *_wrong_folders(settings, workspace)]
    codes = [recipient.code for recipient in settings.recipients]
    problems += [
        f"код получателя «{code}» – один раз, латинские буквы и цифры."
        for code in dict.fromkeys(codes)
        if codes.count(code) > 1 or not _CODE.fullmatch(code)
    ]
    if settings.database and not settings.database.startswith(_DATABASES):
        # The address may hold a password.
        problems.append("database – нужен адрес postgresql://… или пустой текст.")
    if settings.answer_days > _MOST_DAYS:
        problems.append(f"answer_days – нужно целое число от 0 до {_MOST_DAYS}.")
    if settings.outbox_group and not system.is_group(settings.outbox_group):
        problems.append(f"outbox_group – группы «{settings.outbox_group}» на этой машине нет.")
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(f"часовой пояс «{settings.timezone}» неизвестен.")
    _refuse(problems)
    return settings


def _wrong_periods(settings: Settings) -> Iterator[str]:
    for period in settings.periods:
        try:
            SchoolYear.parse(period)
        except ValueError:
            yield f"period «{period}» – нужно, например, 2026-2027."
    if settings.period not in settings.periods:
        yield f"periods не называет текущий {settings.period}."


def _wrong_folders(settings: Settings, workspace: Path) -> Iterator[str]:
    """What lies in the inbox is taken away and what lies in the outbox is given to others."""
    try:
        root, state, keys, inbox, outbox = (
            (workspace / name).resolve()
            for name in ("", STATE_FOLDER, settings.keys_dir, settings.inbox, settings.outbox)
        )
    except (OSError, ValueError, RuntimeError):
        yield "inbox, outbox, keys_dir – такой папки не может быть."
        return
    for name, folder in (("inbox", inbox), ("outbox", outbox)):
        if root.is_relative_to(folder) or _meet(folder, state):
            yield f"{name} – нужна своя папка: не сама рабочая папка и не {STATE_FOLDER} в ней."
        elif settings.keys_dir and keys.is_relative_to(folder):
            yield f"keys_dir – ключи не должны лежать в папке {name}."
    yield from _wrong_addresses(settings, workspace, (inbox, state, keys))
    if _meet(inbox, outbox):
        yield "inbox и outbox – нужны две разные папки, не одна в другой."


def _wrong_addresses(settings: Settings, workspace: Path, ours: Sequence[Path]) -> Iterator[str]:
    """A package would come back as a school's file, or lie among what only we may write."""
    for recipient in settings.recipients:
        scheme, _, name = recipient.address.partition(":")
        if scheme != "file":
            continue
        try:
            folder = (workspace / name).resolve()
        except (OSError, ValueError, RuntimeError):
            yield f"получатель «{recipient.code}»: address – такой папки не может быть."
            continue
        if any(folder.is_relative_to(own) for own in ours if own != workspace.resolve()):
            yield (
                f"получатель «{recipient.code}»: address – нужна папка получателя, "
                f"не inbox, keys_dir и {STATE_FOLDER}."
            )


def _meet(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
