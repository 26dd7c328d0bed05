"""What plugins did wrongly when each of their things was last asked, kept for those who look.

The note lies in the state folder and is no fact: what a rule did not say of a file stands in the
record of its decision.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from pipeline import system
from pipeline.workspace.containment import Fault, Faults
from pipeline.workspace.settings import STATE_FOLDER

_NOTE = "plugin-faults.json"


def known_faults(workspace: Path) -> tuple[Fault, ...]:
    """Return the faults of plugins as of when they were last asked."""
    try:
        told = json.loads((workspace / STATE_FOLDER / _NOTE).read_bytes())
        return tuple(Fault(**one) for one in told)
    except (FileNotFoundError, ValueError, TypeError):
        # It is not synced, so a power cut may have emptied it.
        return ()


def keep_faults(workspace: Path, faults: Faults, plugins: Collection[str]) -> None:
    """Put the faults of this run in place of what was known of the same things.

    What belongs to none of the *plugins* there are is forgotten.
    """
    before = known_faults(workspace)
    kept: dict[tuple[str, str, str], Fault] = {
        (one.plugin, one.kind, one.name): one
        for one in before
        if one.plugin in plugins and (one.plugin, one.kind, one.name) not in faults.asked
    }
    now = tuple(fault for _key, fault in sorted((kept | faults.found).items()))
    if now != before:
        data = json.dumps([asdict(fault) for fault in now], ensure_ascii=False).encode()
        path = workspace / STATE_FOLDER / _NOTE
        system.write_whole(path, data, durable=False, private=True)
