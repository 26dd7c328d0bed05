"""Who only looks is not kept out by a run that writes, and keeps no run out."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.commands.russian import speak_russian
from pipeline.errors import BusyError
from pipeline.store.store import Store
from pipeline.workspace.exchange import open_exchange
from pipeline.workspace.lock import hold
from tests.support.store_facts import AT, part, send, submission, values
from tests.support.workspace import Workspace, careful_book

READERS = (("status",), ("today",), ("verify",), ("questions",), ("explain", "1"))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def lived(tmp_path, read_here):
    """A workspace that took one book."""
    place = Workspace(tmp_path / "ws")
    place.drop("oo-101", "Книга.xlsx", careful_book("oo-101"))
    place.accept()
    return place


def ask(place, *words):
    # click remembers the words of its first use.
    speak_russian()
    return CliRunner().invoke(cli, ["-C", str(place.folder), "--json", *words])


def kept(place):
    """All files of the state folder, but what SQLite keeps beside its file while it is open."""
    state = place.folder / ".nastavnik"
    files = (path for path in state.rglob("*") if path.is_file())
    return {
        str(path.relative_to(state)): path.read_bytes()
        for path in files
        if path.name not in ("lock", "base.sqlite-wal", "base.sqlite-shm")
    }


@pytest.mark.parametrize("words", [*READERS, ("export", "F04", "база.csv")], ids=lambda w: w[0])
def test_a_command_that_looks_answers_while_a_run_holds_the_workspace(lived, words, tmp_path):
    words = [str(tmp_path / word) if word.endswith(".csv") else word for word in words]
    free = ask(lived, *words)
    assert free.exit_code == 0, free.output
    before = kept(lived)
    with lived.open():
        held = ask(lived, *words)
        assert ask(lived, "deliver").exit_code == BusyError.exit_code
    assert (held.exit_code, held.stdout) == (0, free.stdout)
    assert {name for name, data in kept(lived).items() if before.get(name) != data} == set()


def test_a_look_needs_no_lock_and_leaves_no_mark(lived):
    state = lived.folder / ".nastavnik"
    before = kept(lived)
    with open_exchange(lived.folder, reading=True) as exchange:
        assert not (state / "running").exists()
        with hold(state):
            assert exchange.store.submission(1).unit == "oo-101"
    assert kept(lived) == before


def test_a_reader_sees_one_state_while_a_writer_goes_on(tmp_path, url):
    writer = Store.open(tmp_path, url)
    send(writer, part("Аня=1"))
    reader = Store.open_reading(tmp_path, url)
    assert values(reader) == "Аня=1"
    with writer.batch() as batch:
        batch.append(submission(part("Аня=2 Боря=2")), AT)
        assert values(writer) == "Аня=2 Боря=2"
        assert values(reader) == "Аня=1"
        assert reader.current
    assert (values(reader), reader.current) == ("Аня=1", False)
    assert [one.number for one in reader.submissions()] == [1]
    assert reader.verify() == []
    reader.close()
    later = Store.open_reading(tmp_path, url)
    assert (values(later), later.current) == ("Аня=2 Боря=2", True)
    later.close()
    writer.close()


@pytest.mark.parametrize("left", ["all", "no shared memory", "only the base"])
def test_a_reader_sees_what_a_dead_writer_kept(tmp_path, left):
    """SQLite's newest pages lie beside its file when a process dies, and may be lost with it."""
    alive = Store.open(tmp_path / "alive")
    send(alive, part("Аня=1"))
    alive.close()
    alive = Store.open(tmp_path / "alive")
    send(alive, part("Аня=2"))
    dead = tmp_path / "dead"
    shutil.copytree(tmp_path / "alive", dead)
    alive.close()
    (dead / "base.sqlite-shm").unlink() if left != "all" else None
    (dead / "base.sqlite-wal").unlink() if left == "only the base" else None
    reader = Store.open_reading(dead)
    behind = left == "only the base"
    assert (values(reader), reader.current) == ("Аня=1" if behind else "Аня=2", not behind)
    reader.close()
    writer = Store.open(dead)
    assert values(writer) == "Аня=2"
    writer.close()


def test_a_reader_cannot_write(tmp_path, url):
    Store.open(tmp_path, url).close()
    reader = Store.open_reading(tmp_path, url)
    with pytest.raises(Exception, match=r"(?i)read.?only|база данных"):
        send(reader, part("Аня=1"))
    assert reader.next_number() == 1
    reader.close()


def test_where_there_is_no_index_there_is_nothing_to_read(tmp_path):
    assert Store.open_reading(tmp_path / "nowhere") is None
    (tmp_path / "base.sqlite").write_bytes(b"")
    assert Store.open_reading(tmp_path) is None


@pytest.mark.parametrize("before", ["nothing", "older index"])
def test_a_look_after_a_run_that_was_cut_off_catches_up_unless_a_run_is_at_it(lived, before):
    base = lived.folder / ".nastavnik" / "base.sqlite"
    old = base.read_bytes()
    lived.drop("oo-102", "Книга.xlsx", careful_book("oo-102"), second=60)
    lived.accept()
    expected = json.loads(ask(lived, "status").stdout)
    base.unlink() if before == "nothing" else base.write_bytes(old)
    with hold(lived.folder / ".nastavnik"):
        busy = ask(lived, "status")
        if before == "nothing":
            assert busy.exit_code == BusyError.exit_code
        else:
            behind = json.loads(busy.stdout)["units"]
            counted = [
                u["unit"] for u in behind if any(f["submission"] for f in u["forms"].values())
            ]
            assert counted == ["oo-101"]
    assert json.loads(ask(lived, "status").stdout) == expected
