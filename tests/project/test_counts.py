"""What must not grow, counted instead of timed: modules of a command, calls and bytes of a batch.

`WANTED` says what a command may load of the heavy packages where nothing is new.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pandera.pandas as pa
import pytest
import sqlalchemy

from bench import corpus
from bench.run import main as bench
from bench.table import BEGIN, END, write
from pipeline import run
from pipeline.reading.pool import Workers
from pipeline.workspace.exchange import open_exchange
from pipeline.workspace.plugin_loader import Loader
from tests.support.workspace import NOW, Workspace, careful_book

HEAVY = {"numpy", "openpyxl", "pandas", "pandera", "prefect", "sqlalchemy", "xlsxwriter"}
WANTED = {
    "--help": set(),
    "init other": set(),
    "doctor": set(),
    "status": {"sqlalchemy"},
    "questions": {"sqlalchemy"},
    "explain KPI70-A": {"sqlalchemy"},
    "accept": {"sqlalchemy"},
    "publish": {"sqlalchemy"},
}
SCHOOLS = ("oo-101", "oo-102", "oo-103", "oo-117")
RUN = """
import sys
from pipeline.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("LOADED", *sorted(name for name in sys.modules if "." not in name))
"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A workspace in which all was accepted and published and a question is open."""
    place = Workspace(tmp_path_factory.mktemp("settled") / "ws", schools=SCHOOLS)
    for code in SCHOOLS:
        place.drop(code, "Книга ОО.xlsx", careful_book(code))
    place.drop("oo-117", "Чужая книга.xlsx", careful_book("oo-104"))
    assert "held" in {one.outcome for one in place.accept()}
    words = [sys.executable, "-c", "from pipeline.cli import main; main()", "publish"]
    # By the command itself: what it made is known again only on the same day.
    subprocess.run(words, cwd=place.folder, check=True, capture_output=True)
    return place


@pytest.mark.parametrize("command", WANTED)
def test_a_command_loads_no_library_that_it_does_not_need(settled, command):
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command.split()],
        cwd=settled.folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split()) & HEAVY
    assert loaded <= WANTED[command]


@contextmanager
def counting(owner, name, what):
    """Count the calls of a method by what it was called for."""
    before, found = getattr(owner, name), Counter()

    def counted(self, *words, **more):
        found[what(self, *words)] += 1
        return before(self, *words, **more)

    setattr(owner, name, counted)
    try:
        yield found
    finally:
        setattr(owner, name, before)


def test_pandera_is_called_once_for_a_form_and_batch(tmp_path):
    place = Workspace(tmp_path / "ws", schools=SCHOOLS)
    for code in SCHOOLS:
        place.drop(code, "Книга ОО.xlsx", careful_book(code))
    with counting(pa.DataFrameSchema, "validate", lambda schema, *_: schema.name) as calls:
        place.accept()
    assert sorted(calls.values()) == [1] * len(Loader().describe().plans)


def test_a_further_file_of_a_batch_costs_no_statement(tmp_path):
    assert statements(tmp_path / "one", 1) == statements(tmp_path / "all", len(SCHOOLS)) <= 16


def statements(folder, many):
    """How many statements reach the database while so many books of one batch are accepted."""
    place = Workspace(folder, schools=SCHOOLS)
    for code in SCHOOLS[:many]:
        place.drop(code, "Книга ОО.xlsx", careful_book(code))
    found = []

    def heard(*words):
        found.append(words[2])

    with open_exchange(place.folder) as exchange:
        sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", heard)
        try:
            run.accept(exchange, NOW, quiet=0)
        finally:
            sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", heard)
    return len(found)


def test_each_file_is_read_by_one_child_and_once(tmp_path):
    place = Workspace(tmp_path / "ws", schools=SCHOOLS)
    for code in SCHOOLS:
        place.drop(code, "Книга ОО.xlsx", careful_book(code))
    with counting(Workers, "_submit", lambda _pool, deed, *_: deed) as calls:
        place.accept()
    assert calls["reading"] == len(SCHOOLS)


def test_the_bench_runs_and_accepts_what_it_made(tmp_path, capsys):
    """Two schools, once: that it works, not how long it takes."""
    bench(["--schools", "2", "--rounds", "1", "--portion", "1", "--no-starts", "--no-peers"])
    said = capsys.readouterr().out
    assert all(f"| {name} |" in said for name in ("R", "cold", "nothing new", "one changed"))
    corpus.write_workspace(tmp_path, 20)
    corpus.fill(tmp_path / "inbox", range(18, 21))
    with open_exchange(tmp_path) as exchange:
        first = run.accept(exchange, NOW, quiet=0)
        corpus.correct(tmp_path / "inbox", 18)
        again = run.accept(exchange, NOW, quiet=0)
    assert {one.outcome for one in (*first, *again)} <= {
        "accepted",
        "accepted_with_remarks",
        "accepted_partly",
    }
    assert {one.outcome for one in first} > {"accepted"}
    assert (len(first), len(again)) == (3, 1)


def test_stages_are_timed_from_outside_and_what_is_gone_is_named(tmp_path):
    corpus.write_workspace(tmp_path, 1)
    corpus.fill(tmp_path / "inbox", range(1, 2))
    done = subprocess.run(
        [sys.executable, "-m", "bench.ours", str(tmp_path), "stages", "accept", "publish"],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    assert told["missing"] == []
    stages = told["stages"]
    assert all(cpu > 0 for _, cpu in stages.values())
    assert stages["elsewhere"][1] < sum(cpu for _, cpu in stages.values()) / 5


def test_figures_are_written_between_their_marks(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write("**new**", page)
    assert page.read_text() == f"before\n{BEGIN}\n\n**new**\n\n{END}\nafter\n"
