"""The pool of limited children: what files do to a child never reaches the parent or the others."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from contracts.plan import Column, FormPlan, Term, Vocabulary
from pipeline.errors import NastavnikError, SettingsError
from pipeline.hookspecs import Reader
from pipeline.plugins import readers_text
from pipeline.reading.pool import Workers
from tests.support import odd_files as odd
from tests.support import reading_steps
from tests.support.pools import READERS, alive, posix, results, setup


def test_files_are_answered_in_the_order_they_were_given(pool, order):
    """The first is slow, and the others overtake it in the second child."""
    files = [order("sleep 0.5"), *(order(f"файл {n}") for n in range(40))]
    answers = list(pool.read(files))
    assert [number for number, _ in answers] == [number for number, _, _ in files]
    assert [parsed.passport["first"] for _, parsed in answers[1:4]] == [
        "файл 0",
        "файл 1",
        "файл 2",
    ]
    assert len({parsed.passport["pid"] for _, parsed in answers}) == 2


def test_only_so_many_files_are_asked_for_ahead(pool, order):
    asked = []

    def endless():
        while True:
            asked.append(order("да"))
            yield asked[-1]

    reading = pool.read(endless())
    next(reading)
    assert len(asked) <= 32
    reading.close()


@pytest.mark.parametrize("deed", ["abort", "segfault", "panic", "eat", "fail", "forge"])
def test_what_kills_or_corrupts_a_child_costs_one_file(pool, order, deed, capfd, caplog):
    """No traceback and no value of the file is seen anywhere."""
    parsed = results(pool, [order("раз"), order(deed), order("два"), order("три")])
    assert [p.reason for p in parsed] == [None, "file_unreadable", None, None]
    assert parsed[1].notices[0].code == "file_unreadable"
    seen = capfd.readouterr()
    assert (seen.out, seen.err) == ("", "")
    assert "Петрова" not in caplog.text
    assert "reading 1:" in caplog.text


def test_what_libraries_print_never_gets_into_an_answer(pool, order):
    (parsed,) = results(pool, [order("shout")])
    assert parsed.passport["first"] == "shout"


def test_an_answer_without_end_is_cut_off(order):
    with Workers(setup(), count=1, wall_seconds=10) as workers:
        parsed = results(workers, [order("flood"), order("раз")])
    assert [p.reason for p in parsed] == ["file_unreadable", None]


def test_a_child_that_hangs_is_replaced_and_its_file_tried_once_more(order, caplog):
    """A machine that was busy may have been the reason; after the second time it was the file."""
    with Workers(setup(), count=1, wall_seconds=0.6) as workers:
        start = time.monotonic()
        parsed = results(workers, [order("sleep 60"), order("раз")])
    assert [p.reason for p in parsed] == ["file_unreadable", None]
    assert caplog.text.count("reading 0: the process was ended") == 2
    assert time.monotonic() - start < 10


@posix
def test_computing_is_limited_per_file_and_not_per_child(order):
    """The limit moves with what the child has used, so that a long life costs nothing."""
    with Workers(setup(cpu_seconds=1.0), count=1, wall_seconds=30) as workers:
        start = time.monotonic()
        parsed = results(workers, [order("раз"), order("spin"), *(order("два") for _ in range(3))])
    assert [p.reason for p in parsed] == [None, "file_unreadable", None, None, None]
    assert time.monotonic() - start < 20


@posix
def test_a_child_cannot_write_a_large_file(pool, order, tmp_path):
    (parsed,) = results(pool, [order(f"write {tmp_path / 'large'}")])
    assert parsed.reason == "file_unreadable"
    assert (tmp_path / "large").stat().st_size <= 64_000_000


def test_a_file_that_died_by_chance_is_tried_once_more(pool, order, tmp_path):
    (parsed,) = results(pool, [order(f"once {tmp_path / 'flag'}")])
    assert parsed.reason is None


@posix
def test_kill_9_from_outside_loses_no_file(pool, order):
    victim = results(pool, [order("раз"), order("два")])[0].passport["pid"]
    files = [order("sleep 0.3") for _ in range(6)]
    threading.Timer(0.1, os.kill, (victim, signal.SIGKILL)).start()
    assert [p.reason for p in results(pool, files)] == [None] * 6


def test_the_child_inherits_no_secrets_and_loads_nothing_heavy(pool, order, monkeypatch):
    monkeypatch.setenv("NASTAVNIK_SECRET", "тайна")
    (parsed,) = results(pool, [order("look")])
    names, isolated, pandas = parsed.passport["told"].rsplit(" ", 2)
    assert "SECRET" not in names
    assert (isolated, pandas) == ("1", "False")


def test_a_child_is_retired_after_its_share_of_files(order):
    with Workers(setup(), count=1, recycle_after=3) as workers:
        parsed = results(workers, [order("да") for _ in range(7)])
    assert len({p.passport["pid"] for p in parsed}) == 3


@posix
def test_no_process_is_left_behind(order):
    """Neither running nor as a zombie: signal 0 would reach both."""
    with Workers(setup(), count=2, recycle_after=2) as workers:
        pids = {p.passport["pid"] for p in results(workers, [order("да") for _ in range(9)])}
        assert len(pids) > 3
        assert sum(map(alive, pids)) <= 2
    assert not any(map(alive, pids))


def test_leaving_in_the_middle_waits_for_nobody(order):
    start = time.monotonic()
    with Workers(setup(), count=2) as workers:
        reading = workers.read([order("да"), *(order("sleep 30") for _ in range(5))])
        next(reading)
        reading.close()
    assert time.monotonic() - start < 5


def test_plans_and_vocabularies_arrive_whole(tmp_path, order):
    (tmp_path / "echo_step.py").write_text(
        "from pipeline.model import ParsedFile\n"
        "def recognise(book, plans, vocabularies, today, area_code):\n"
        "    return ParsedFile(passport={'digest': plans[0].digest, 'today': str(today),\n"
        "        'code': area_code, 'words': repr(vocabularies)})\n"
    )
    plan = FormPlan(
        "F04", "mentors", "База", "F04", "1", "snapshot", "table", (Column("a", "А", "text"),)
    )
    words = {"да": Vocabulary("да", "Да", (Term("да", ("есть",)),))}
    changes = {"plans": (plan,), "vocabularies": words, "area_code": "38456"}
    changes |= {"step": "echo_step:recognise", "sys_path": (str(tmp_path),)}
    with Workers(setup(**changes), count=1) as workers:
        (parsed,) = results(workers, [order("да")])
    assert parsed.passport == {
        "digest": plan.digest, "today": "2026-11-01", "code": "38456", "words": repr(words),
    }  # fmt: skip


def test_a_step_that_cannot_be_imported_is_our_trouble_and_no_files(order):
    with (
        Workers(setup(step="no_such_module:recognise"), count=1) as workers,
        pytest.raises(NastavnikError, match="не запускается"),
    ):
        results(workers, [order("да")])


def test_a_reader_that_cannot_be_imported_is_left_out_and_named(order):
    def missing(_head, _name):
        return 1.0

    missing.__module__, missing.__qualname__ = "no_such_plugin", "sniff"
    reader = Reader("чужой", "", missing, missing)
    with Workers(setup(readers=(*READERS, reader)), count=1) as workers:
        assert results(workers, [order("да")])[0].reason is None
        assert workers.failed_readers == {"чужой"}


def test_a_reader_inside_another_function_is_refused_at_once():
    reader = Reader("местный", "", lambda _head, _name: 1.0, readers_text.read)
    with pytest.raises(SettingsError, match="местный"):
        Workers(setup(readers=(reader,)))


def test_two_readers_that_are_equally_sure_are_an_error_of_the_settings(order):
    twin = Reader("двойник", "", readers_text.sniff, readers_text.read)
    with (
        Workers(setup(readers=(*READERS, twin)), count=1) as workers,
        pytest.raises(SettingsError, match="двойник"),
    ):
        results(workers, [order("да")])


def test_closing_while_files_wait_leaves_nothing_behind(order):
    start = time.monotonic()
    with Workers(setup(step="tests.support.marking_steps:recognise"), count=2) as workers:
        reading = workers.read([order("да"), *(order("sleep 30") for _ in range(20))])
        next(reading)
    assert time.monotonic() - start < 10
    assert workers._asked == set()


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
MERGED = '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
HOSTILE = {
    "cells at both ends": (odd.xlsx(FAR), None),
    "the same behind odd quotes": (odd.xlsx(FAR.replace('"', "'")), None),
    "a row that cannot be, out of order": (
        odd.xlsx('<row r="9999999"><c r="A9999999"><v>2</v></c></row>' + odd.ONE_CELL),
        "file_suspicious",
    ),
    "a cell that lies about its row": (
        odd.xlsx('<row r="1"><c r="A4000000000"><v>2</v></c></row>'),
        "file_suspicious",
    ),
    "a lie that ends the process": (
        odd.xlsx(odd.ONE_CELL + '<row r="2"><c r="A4000000000"><v>2</v></c></row>'),
        "file_unreadable",
    ),
    "one cell in the last row": (
        odd.xlsx(odd.ONE_CELL + '<row r="1048576"><c r="A1048576"><v>2</v></c></row>'),
        None,
    ),
    "merge over the sheet": (
        odd.package({n: p.replace("</sheetData>", MERGED) for n, p in odd.xlsx_parts().items()}),
        None,
    ),
    "numbers that are none": (
        odd.xlsx('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c></row>'),
        None,
    ),
    "broken XML": (odd.xlsx("<row><c>"), "file_damaged"),
    "deep XML": (odd.xlsx("<a>" * 5000 + "</a>" * 5000 + '<row hidden="1"/>'), "file_suspicious"),
    "no cell at all": (odd.xlsx(""), "file_empty"),
    "ods bomb": (
        odd.ods(
            '<table:table-row table:number-rows-repeated="1000000">'
            f"{odd.ods_cell(1, repeat=50)}</table:table-row>"
        ),
        "file_too_large",
    ),
    "doctype": (odd.with_part("xl/a.xml", "<!DOCTYPE a><a/>"), "file_suspicious"),
    "html": (b"<html><table>", "file_format"),
    "an empty book of OLE": (odd.ole("Workbook"), "file_damaged"),
    "one long line": (b"a" * 5_000_000, "file_suspicious"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_with_their_code_and_the_pool_goes_on(pool, order, data, code):
    parsed = results(pool, [order(data), order("раз")])
    assert [p.reason for p in parsed] == [code, None]


def test_a_plugin_may_read_a_kind_that_the_guard_does_not_know(order):
    """It has to be surer of the file than our own readers ever are."""
    reader = Reader("pdf", "", reading_steps.sniff_pdf, reading_steps.read_pdf)
    with Workers(setup(readers=(*READERS, reader)), count=1) as workers:
        (parsed,) = results(workers, [order(b"%PDF-1.7")])
    assert parsed.passport["first"] == "из pdf"
