"""A book made to stop everybody costs its sender some marks, and nobody else anything."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.reading.pool import Workers, _Child
from tests.support.annotated_books import protocol_rows
from tests.support.hostile_books import (
    endless_comments,
    shapes_without_end,
    tags_in_an_instruction,
)
from tests.support.workspace import Workspace, careful_book, school, sheets

HOSTILE = {
    "oo-101": tags_in_an_instruction,
    "oo-102": shapes_without_end,
    "oo-103": endless_comments,
}
GOOD = "oo-104"


def wrong_book(code: str) -> bytes:
    """A book with a mistake in every row, so that marks have to be put in."""
    rows = [row | {"entry_date": "вчера"} for row in school(code).rows["F04"]]
    return sheets(code, only=("F04",), F04=rows)


@pytest.fixture
def place(tmp_path):
    """Three hostile books come, and two good ones after them."""
    place = Workspace(tmp_path / "ws", schools=(*HOSTILE, GOOD, "oo-105"))
    for second, (code, spoil) in enumerate(HOSTILE.items()):
        place.drop(code, "Книга.xlsx", spoil(wrong_book(code)), second=second)
    place.drop(GOOD, "Книга.xlsx", wrong_book(GOOD), second=7)
    place.drop("oo-105", "Книга.xlsx", careful_book("oo-105"), second=8)
    return place


def accepted(place, *words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tests.support.hostile_run", str(place.folder), *words]
    root = Path(__file__).parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, check=False, timeout=120)


def answers(place, code: str) -> list[str]:
    names = sorted(path.name for path in place.answers(code).glob("*.xlsx"))
    return [name.partition("ваш ")[2] for name in names]


def check_answers(place) -> None:
    """A drawing may lose its broken shapes; what cannot carry marks is answered beside them."""
    assert answers(place, "oo-101") == ["протокол.xlsx"]
    assert answers(place, "oo-102") in (["протокол.xlsx"], ["файл с пометками.xlsx"])
    assert answers(place, "oo-103") == ["протокол.xlsx"]
    assert answers(place, GOOD) == answers(place, "oo-105") == ["файл с пометками.xlsx"]
    for number, code in enumerate((*HOSTILE, GOOD), start=1):
        assert [form["form"] for form in place.receipt(code, number)["forms"]] == ["F04"]
    (path,) = place.answers("oo-101").glob("*.xlsx")
    assert any("Не принято" in str(row[0]) for row in protocol_rows(path.read_bytes()))


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is told by Linux")
def test_three_hostile_books_and_two_good_ones_are_answered_in_one_run(place):
    ended = accepted(place)
    told = json.loads(ended.stdout)
    assert told["outcomes"] == {**dict.fromkeys([*HOSTILE, GOOD], "rejected"), "oo-105": "accepted"}
    check_answers(place)
    # A tree of the comments alone would take a gigabyte.
    assert told["grown"] < 60
    assert place.waiting() == []


def test_a_later_run_does_not_stop_at_what_stopped_the_first(place):
    """The facts of a batch are recorded before any is answered: the next run answers them."""
    assert accepted(place, "cut").returncode != 0
    assert len(place.waiting()) == 5
    start = time.monotonic()
    decided = place.accept()
    assert time.monotonic() - start < 60
    assert [one.repeated for one in decided] == [True] * 5
    check_answers(place)


def test_a_child_that_runs_over_its_limits_leaves_the_protocol(tmp_path, monkeypatch):
    """Whatever else a book may do to the marks: here each takes longer than a child is given."""
    place = Workspace(tmp_path / "ws", schools=("oo-101", GOOD))
    place.drop(GOOD, "Книга.xlsx", wrong_book(GOOD))
    place.drop("oo-101", "Книга.xlsx", wrong_book("oo-101"), second=1)
    monkeypatch.setattr("pipeline.acceptance.accept.workers", _impatient)
    assert [one.outcome for one in place.accept()] == ["rejected", "rejected"]
    assert answers(place, GOOD) == answers(place, "oo-101") == ["протокол.xlsx"]


def _impatient(plugins, settings, now):
    from tests.reading.test_pool import setup  # noqa: PLC0415  # what it knows of pools

    changes = {
        "plans": tuple(plugins.plans.values()),
        "vocabularies": plugins.vocabularies,
        "step": "tests.support.spinning_marks:understand",
        "cpu_seconds": 2.0,
        "area_code": settings.area_code,
        "today": now.date(),
    }
    return Workers(setup(**changes))


def test_an_answer_without_marks_starts_no_child(tmp_path, monkeypatch):
    """Neither for what is there already nor for a table in text, which cannot carry any."""
    place = Workspace(tmp_path / "ws")
    place.give("oo-101", "Книга.xlsx", wrong_book("oo-101"))
    place.give("oo-102", "Книга.csv", "ФИО;Год рождения\nПетрова;1980\n".encode())
    (marked,) = place.answers("oo-101").glob("*пометками.xlsx")
    before = marked.read_bytes()
    started = []

    class Counted(_Child):
        def __init__(self):
            started.append(self)
            super().__init__()

    monkeypatch.setattr("pipeline.reading.pool._Child", Counted)
    for path in place.answers("oo-102").iterdir():
        path.unlink()
    place.drop("oo-101", "Книга.xlsx", wrong_book("oo-101"))
    place.drop("oo-102", "Книга.csv", "ФИО;Год рождения\nПетрова;1980\n".encode())
    assert [one.repeated for one in place.accept()] == [True, True]
    assert list(place.answers("oo-102").glob("*протокол.xlsx"))
    assert started == []
    marked.unlink()
    place.drop("oo-101", "Книга.xlsx", wrong_book("oo-101"))
    place.accept()
    assert (len(started), marked.read_bytes()) == (1, before)
