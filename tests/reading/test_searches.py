"""Searches over a stranger's bytes read each byte once, whatever stands there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import system
from tests.support.searches import CARELESS, patterns

pytestmark = pytest.mark.skipif(system.WINDOWS, reason="computing can be limited on POSIX only")


def told(which: str) -> str:
    """The last line of a process that searches; where it used its seconds up, what it was at."""
    command = [sys.executable, str(Path(__file__).parents[1] / "support" / "searches.py"), which]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.stdout.splitlines()[-1]


def test_no_search_goes_back_over_what_it_has_read():
    """An instruction of 40,000 tags without end once held all schools up, for good."""
    assert told("all") == "done"


@pytest.mark.parametrize("careless", CARELESS)
def test_a_careless_search_would_be_noticed(careless):
    assert told(careless) == careless


def test_the_searches_of_all_rooms_are_known():
    rooms = {name.rpartition(".")[0] for name, _pattern in patterns()}
    assert {
        "pipeline.reading.annotate.tags",
        "pipeline.reading.annotate.comments",
        "pipeline.reading.formats.zip",
    } <= rooms
    assert {"pipeline.plugins.readers_text", "pipeline.reading.formats.xlsx_cells"} <= rooms
