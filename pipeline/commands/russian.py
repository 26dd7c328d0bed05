"""click's own words in Russian: help, usage and errors of the command line."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

import click

HELP_OPTIONS = ["-h", "--help"]
# The modules of click that speak, each with a gettext alias of its own.
_SPEAKING = ("core", "exceptions", "formatting", "decorators", "types", "parser", "termui")

_WORDS = {
    "Usage:": "Использование:",
    "Options": "Параметры",
    "Commands": "Команды",
    "Arguments": "Аргументы",
    "Show this message and exit.": "Показать эту справку.",
    "Show the version and exit.": "Показать версию.",
    "Error: {message}": "Ошибка: {message}",
    "Try '{command} {option}' for help.": "Справка: {command} {option}",
    "Missing argument": "Не указано",
    "Missing option": "Не указан параметр",
    "Missing parameter": "Не указано",
    "No such command {name!r}.": "Команды {name!r} нет.",
    "No such option: {name}": "Параметра {name} нет.",
    "No such option {name!r}.": "Параметра {name!r} нет.",
    "Option {name!r} does not take a value.": "Параметру {name!r} значение не нужно.",
    "Argument {name!r} takes {nargs} values.": "Аргументу {name!r} нужно значений: {nargs}.",
    "Positional arguments": "Аргументы",
    "{name} {filename!r} is not readable.": "{name} {filename!r} не читается.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} не записывается.",
    "Did you mean {possibility}?": "Может быть, {possibility}?",
    "Invalid value: {message}": "Неверное значение: {message}",
    "Invalid value for {param_hint}: {message}": "Неверное значение {param_hint}: {message}",
    "required": "обязательно",
    "default: {default}": "по умолчанию: {default}",
    "Aborted!": "Прервано.",
    "%(prog)s, version %(version)s": "%(prog)s, версия %(version)s",
    "Option {name!r} requires an argument.": "Параметру {name!r} нужно значение.",
    "Missing command.": "Не указана команда.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} не существует.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} – это папка.",
    "{name} {filename!r} is a file.": "{name} {filename!r} – это файл.",
    "File": "Файл",
    "Directory": "Папка",
    "Got unexpected extra argument ({args})": "Лишний аргумент: {args}",
    "Got unexpected extra arguments ({args})": "Лишние аргументы: {args}",
}


def translate(text: str) -> str:
    """Return click's sentence in Russian, or as it is where there is no translation."""
    return _WORDS.get(text, text)


def _plural(one: str, many: str, count: int) -> str:
    return translate(one if count == 1 else many)


@contextlib.contextmanager
def click_in_russian() -> Iterator[None]:
    """Let click speak Russian while a command of ours runs; it has no setting for that."""
    modules = [importlib.import_module(f"click.{name}") for name in _SPEAKING]
    spoken = {"_": translate, "ngettext": _plural}
    before = [(m, name, getattr(m, name)) for m in modules for name in spoken if hasattr(m, name)]
    try:
        for module, name, _english in before:
            setattr(module, name, spoken[name])
        yield
    finally:
        for module, name, english in before:
            setattr(module, name, english)


class RussianGroup(click.Group):
    """A group that speaks Russian with all its commands, also those that plugins add."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.subcommand_metavar = "КОМАНДА [АРГУМЕНТЫ]..."
        _name_parts(self)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Take in a command, which may know nothing of this class."""
        _name_parts(cmd)
        super().add_command(cmd, name)

    def main(self, *args: Any, **words: Any) -> Any:
        """Run the command line with click's own words in Russian."""
        with click_in_russian():
            return super().main(*args, **words)


def _name_parts(command: click.Command) -> None:
    """Name the parts of a usage line, and the help option, which click keeps once it is made."""
    command.options_metavar = "[ПАРАМЕТРЫ]"
    option = command.get_help_option(click.Context(command, help_option_names=HELP_OPTIONS))
    if option is not None:
        option.help = translate("Show this message and exit.")
