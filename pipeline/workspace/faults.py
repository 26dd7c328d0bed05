"""What plugins did wrongly when each of their things was last asked, kept for those who look.

The note lies in the state folder and is no fact: what a rule did not say of a file stands in the
record of its decision.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import system
from pipeline.workspace.containment import Fault, Faults
from pipeline.workspace.plugin_loader import DISABLED, PluginInfo
from pipeline.workspace.settings import STATE_FOLDER

if TYPE_CHECKING:
    from pipeline.workspace.exchange import Exchange

_NOTE = "plugin-faults.json"


def known_faults(workspace: Path) -> tuple[Fault, ...]:
    """Return the faults of plugins as of when they were last asked."""
    try:
        told = json.loads((workspace / STATE_FOLDER / _NOTE).read_bytes())
        return tuple(Fault(**one) for one in told)
    except (FileNotFoundError, ValueError, TypeError):
        # It is not synced, so a power cut may have emptied it.
        return ()


@dataclass(frozen=True, slots=True)
class Told:
    """A fault and the submissions that were decided without what it concerns."""

    fault: Fault
    submissions: tuple[int, ...] = ()


def told_faults(exchange: Exchange) -> tuple[Told, ...]:
    """Return what of the plugins does not work, by plugin: at loading, when asked, in decisions."""
    found = {
        _key(fault): fault
        for fault in (
            *known_faults(exchange.workspace),
            *exchange.plugins.faults.found.values(),
            *loading_faults(exchange.plugins.infos),
        )
    }
    numbers: dict[tuple[str, str, str], list[int]] = {}
    for part in exchange.store.rules_not_run(exchange.settings.period):
        for one in part.not_run:
            fault = Fault(one.plugin, "stage", one.rule, one.error, one.reason)
            found.setdefault(_key(fault), fault)
            numbers.setdefault(_key(fault), []).append(part.number)
    return tuple(
        Told(fault, tuple(sorted(set(numbers.get(key, ())))))
        for key, fault in sorted(found.items())
    )


def loading_faults(infos: Iterable[PluginInfo]) -> list[Fault]:
    """Return what went wrong while plugins were loaded; one that is switched off is no fault."""
    return [
        Fault(info.name, "hook", info.origin, "", info.error)
        if info.origin.startswith("register_")
        else Fault(info.name, "plugin", info.name, "", info.error)
        for info in infos
        if info.error not in ("", DISABLED)
    ]


def _key(fault: Fault) -> tuple[str, str, str]:
    return (fault.plugin, fault.kind, fault.name)


def keep_faults(workspace: Path, faults: Faults, plugins: Collection[str]) -> None:
    """Put the faults of this run in place of what was known of the same things.

    What belongs to none of the *plugins* there are is forgotten.
    """
    before = known_faults(workspace)
    kept: dict[tuple[str, str, str], Fault] = {
        _key(one): one for one in before if one.plugin in plugins and _key(one) not in faults.asked
    }
    now = tuple(fault for _key, fault in sorted((kept | faults.found).items()))
    if now != before:
        data = json.dumps([asdict(fault) for fault in now], ensure_ascii=False).encode()
        path = workspace / STATE_FOLDER / _NOTE
        system.write_whole(path, data, durable=False, private=True)
