"""The workspace's settings and its registry of units, read once and never changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.canonical import canonical
from pipeline.errors import SettingsError
from pipeline.period import PERIOD

STATE_FOLDER = ".nastavnik"
SETTINGS_FILE = "nastavnik.toml"
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
    schedule: Mapping[str, str] = field(default_factory=dict)
    plugins: Mapping[str, Any] = field(default_factory=dict, repr=False)
    database: str = ""
    keys_dir: str = ""
    inbox: str = "inbox"
    outbox: str = "outbox"

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
    """Read `nastavnik.toml`; `SettingsError` names the key that cannot be used."""
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
    return _checked(_settings(data))


def deciding(settings: Settings) -> bytes:
    """Return what of the settings decides about data: not names, addresses or schedules."""
    words = ("level", "period", "periods", "timezone", "minors", "area_code", "neighbours")
    return canonical({name: getattr(settings, name) for name in words})


def _settings(data: dict[str, Any]) -> Settings:
    known = {f.name for f in fields(Settings)}
    for key, value in data.items():
        if key not in known:
            raise SettingsError(f"{SETTINGS_FILE}: ключ «{key}» неизвестен.")
        _typed(key, value, getattr(_DEFAULTS, key))
    words = dict(data)
    try:
        words["recipients"] = tuple(Recipient(**item) for item in data.get("recipients", ()))
    except TypeError as error:
        raise SettingsError(f"{SETTINGS_FILE}: получатель описан неверно ({error}).") from error
    words["periods"] = tuple(data.get("periods", ())) or (data.get("period", ""),)
    _check_plugins(data.get("plugins", {}))
    return Settings(**words)


def _check_plugins(said: Mapping[str, Any]) -> None:
    """Beside `disabled` each key is a table of the plugin's own, which only it understands."""
    for name, value in said.items():
        if name == "disabled":
            good = isinstance(value, list) and all(isinstance(one, str) for one in value)
            needed = "список текстов в кавычках"
        else:
            good, needed = isinstance(value, dict), f"раздел [plugins.{name}]"
        if not good:
            raise SettingsError(f"{SETTINGS_FILE}: plugins.{name} – нужно {needed}.")


_DEFAULTS = Settings()
_KINDS = {
    str: "текст в кавычках",
    bool: "true или false",
    int: "целое число",
    tuple: "список",
    dict: "раздел",
}


def _typed(key: str, value: Any, default: object) -> None:
    """A value of another kind would be taken for something: «auto_approve = "нет"» for yes."""
    needed = type(default)
    if not isinstance(value, list if needed is tuple else needed) or (
        needed is int and isinstance(value, bool)
    ):
        raise SettingsError(f"{SETTINGS_FILE}: {key} – нужно {_KINDS[needed]}.")


def _checked(settings: Settings) -> Settings:
    if settings.level not in ("municipality", "region"):
        raise SettingsError(f"{SETTINGS_FILE}: level – municipality или region.")
    if settings.minors not in ("pseudonym", "full"):
        raise SettingsError(f"{SETTINGS_FILE}: minors – pseudonym или full.")
    for period in settings.periods:
        years = PERIOD.match(period)
        if not years or int(years[2]) != int(years[1]) + 1:
            raise SettingsError(f"{SETTINGS_FILE}: period «{period}» – нужно, например, 2026-2027.")
    if settings.period not in settings.periods:
        raise SettingsError(f"{SETTINGS_FILE}: periods не называет текущий {settings.period}.")
    codes = [recipient.code for recipient in settings.recipients]
    for code in codes:
        if codes.count(code) > 1 or not _CODE.fullmatch(code):
            raise SettingsError(
                f"{SETTINGS_FILE}: код получателя «{code}» – один раз, латинские буквы и цифры."
            )
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"{SETTINGS_FILE}: часовой пояс «{settings.timezone}» неизвестен."
        ) from error
    return settings
