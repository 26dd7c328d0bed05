"""What of a workspace is given to one plugin: its settings, its secrets, its log."""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pipeline.errors import UsageError
from pipeline.hookspecs import PluginContext
from pipeline.workspace.keys import keys_folder
from pipeline.workspace.plugin_loader import OWNER
from pipeline.workspace.settings import SETTINGS_FILE, Settings, load_settings

if TYPE_CHECKING:
    from pipeline.workspace.exchange import Exchange

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
Words = ParamSpec("Words")
Answer = TypeVar("Answer")


def context_of(plugin: str, workspace: Path, settings: Settings) -> PluginContext:
    """Return the context of a plugin in a workspace."""
    return PluginContext(
        plugin=plugin,
        workspace=workspace,
        settings=_unchanging(settings.plugin_settings.get(plugin, {})),
        log=logging.getLogger(f"nastavnik.plugins.{plugin}"),
        secret=functools.partial(_secret, plugin, keys_folder(workspace, settings)),
        open_workspace=functools.partial(_open, workspace),
    )


def pass_context(
    function: Callable[Concatenate[PluginContext, Words], Answer],
) -> Callable[Words, Answer]:
    """Give a click command of a plugin its `PluginContext` as the first argument.

    Where the command line names no workspace, its settings are empty.
    """

    @functools.wraps(function)
    def command(*args: Words.args, **words: Words.kwargs) -> Answer:
        import click  # noqa: PLC0415  # only the command line has commands

        context = click.get_current_context()
        while context.parent is not None and context.parent.parent is not None:
            context = context.parent
        plugin = getattr(context.command, OWNER, "")
        if not plugin:
            raise UsageError(f"Команду {context.info_name} не добавлял ни один плагин.")
        workspace: Path = context.find_root().obj.workspace
        known = (workspace / SETTINGS_FILE).is_file()
        settings = load_settings(workspace) if known else Settings()
        return function(context_of(plugin, workspace, settings), *args, **words)

    return command


def _secret(plugin: str, folder: Path, key: str) -> str | None:
    if not _PLAIN.fullmatch(key) or not _PLAIN.fullmatch(plugin):
        raise ValueError("a key is letters, digits, «_» and «-»")
    variable = re.sub(r"[^A-Z0-9]", "_", f"nastavnik_{plugin}_{key}".upper())
    if variable in os.environ:
        return os.environ[variable]
    try:
        return (folder / f"{plugin}.{key}").read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        return None


def _open(workspace: Path) -> AbstractContextManager[Exchange]:
    from pipeline.workspace.exchange import open_exchange  # noqa: PLC0415  # opens the store

    return open_exchange(workspace)


def _unchanging(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({name: _unchanging(one) for name, one in value.items()})
    return tuple(map(_unchanging, value)) if isinstance(value, list) else value
