"""Pools of limited children whose files order what the child does."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from pipeline import system
from pipeline.plugins import readers_office, readers_text, readers_xls
from pipeline.reading.pool import ChildSetup

READERS = tuple(
    reader
    for plugin in (readers_office, readers_text, readers_xls)
    for reader in plugin.register_readers()
)
ROOT = str(Path(__file__).parents[2])
posix = pytest.mark.skipif(system.WINDOWS, reason="limits of processes exist on POSIX only")


def setup(**changes) -> ChildSetup:
    options = {
        "plans": (),
        "vocabularies": {},
        "readers": READERS,
        "today": dt.date(2026, 11, 1),
        "step": "tests.support.reading_steps:recognise",
        "sys_path": (ROOT,),
        **changes,
    }
    return ChildSetup(**options)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def results(workers, files):
    return [parsed for _, parsed in workers.read(files)]
