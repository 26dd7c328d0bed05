"""click's own words in Russian: help, usage and errors of the command line."""

from __future__ import annotations

import importlib

import click

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


def speak_russian() -> None:
    """Make click speak Russian in this process; it has no setting for that."""
    for name in ("core", "exceptions", "formatting", "decorators", "types", "parser", "termui"):
        module = importlib.import_module(f"click.{name}")
        if hasattr(module, "_"):
            module._ = translate  # type: ignore[attr-defined]  # click's own gettext alias
        if hasattr(module, "ngettext"):
            module.ngettext = _plural  # type: ignore[attr-defined]  # as above


def name_in_russian(command: click.Command) -> None:
    """Call the parts of a usage line in Russian, in *command* and all below it."""
    command.options_metavar = "[ПАРАМЕТРЫ]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "КОМАНДА [АРГУМЕНТЫ]..."
        for below in command.commands.values():
            name_in_russian(below)
