"""Marks are put into a workbook by a child: what it does to one reaches nobody else."""

from __future__ import annotations

import os
import time

import pytest

from pipeline.model import Protocol
from pipeline.reading.pool import Workers
from tests.support.pools import posix, results, setup


def marks(verdict: str) -> Protocol:
    return Protocol(verdict, (("Приём №", "17"),), (), (), (), "", "rejected")


@pytest.fixture
def markers():
    """A pool whose children do in place of marking what the verdict orders."""
    changes = {"step": "tests.support.marking_steps:recognise", "cpu_seconds": 1.0}
    with Workers(setup(**changes), count=1, wall_seconds=3) as workers:
        yield workers


def test_marks_come_from_a_child_beside_what_is_read(markers, order, tmp_path):
    (parsed,) = results(markers, [order("раз")])
    _, path, _ = order(b"book")
    data = markers.annotate("17", path, marks("да"))
    assert data == b"PK\x03\x04book" + str(parsed.passport["pid"]).encode()
    assert parsed.passport["pid"] != os.getpid()


@posix
@pytest.mark.parametrize("deed", ["abort", "eat", "fail", "forge", "flood", "spin", "sleep 60"])
def test_a_child_that_fails_over_marks_costs_only_them(markers, order, deed, capfd, caplog):
    _, path, _ = order(b"book")
    start = time.monotonic()
    assert markers.annotate("17", path, marks(deed)) is None
    assert time.monotonic() - start < 15
    assert markers.annotate("18", path, marks("да")).startswith(b"PK\x03\x04book")
    assert [p.reason for p in results(markers, [order("раз")])] == [None]
    assert "marking 17:" in caplog.text
    seen = capfd.readouterr()
    assert (seen.out, seen.err) == ("", "")
    assert "Петрова" not in caplog.text


def test_marks_that_failed_by_chance_are_tried_once_more(markers, order, tmp_path):
    _, path, _ = order(b"book")
    assert markers.annotate("17", path, marks(f"once {tmp_path / 'flag'}")) is not None


def test_a_workbook_that_is_none_has_no_marks_and_troubles_no_child(pool, order, caplog):
    _, path, _ = order(b"PK\x03\x04 and no zip")
    assert pool.annotate("17", path, marks("да")) is None
    assert caplog.text == ""


def test_marks_asked_for_together_are_made_together_and_come_each_to_its_own(order):
    _, path, _ = order(b"book")
    with Workers(setup(step="tests.support.marking_steps:recognise"), count=2) as workers:
        waits = [workers.ask_marks(str(n), path, marks("да")) for n in range(6)]
        made = {wait() for wait in reversed(waits)}
    # Each child answers with its own number.
    assert len(made) == 2


def test_marks_go_before_the_files_that_wait_to_be_read(order):
    """A file is answered while later ones are being read, and does not wait for them all."""
    with Workers(setup(step="tests.support.marking_steps:recognise"), count=1) as workers:
        reading = workers.read([order("да"), *(order("sleep 0.4") for _ in range(15))])
        next(reading)
        start = time.monotonic()
        assert workers.annotate("17", order(b"book")[1], marks("да")) is not None
        assert time.monotonic() - start < 3
        assert len(list(reading)) == 15
