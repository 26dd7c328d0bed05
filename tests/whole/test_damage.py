"""Full disks, missing folders, other keys, flipped bytes: said in one sentence, and healed."""

from __future__ import annotations

import errno
import os
import random

import pytest
from click.testing import CliRunner

from pipeline.acceptance import inbox as intake
from pipeline.cli import cli
from tests.support.killed_runs import LATER, copy, cycle, state, waiting_workspace
from tests.support.workspace import Opened, ReadHere

BASE = ".nastavnik/base.sqlite"
LEDGER = ".nastavnik/ledger.jsonl"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A workspace with files waiting, and how it is after they were taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        place = waiting_workspace(tmp_path_factory.mktemp("damage") / "ws")
        done = copy(place, tmp_path_factory.mktemp("done") / "ws")
        cycle(done)
        return place, Opened(done), state(done)


@pytest.fixture
def place(lived, tmp_path, read_here, monkeypatch):
    """A copy of the workspace with files waiting; its clock stands."""
    really = intake.scan
    monkeypatch.setattr(intake, "scan", lambda *words, **_: really(*words, quiet_seconds=0))
    monkeypatch.setattr("pipeline.cli.now", lambda: LATER)
    return Opened(copy(lived[0], tmp_path / "ws"))


@pytest.fixture
def done(lived, tmp_path):
    """A copy of the workspace after its files were taken."""
    return Opened(copy(lived[1], tmp_path / "done"))


def ask(place, *words):
    """The exit code of a command and what it complains of."""
    # click remembers the words of its first use.
    ended = CliRunner().invoke(cli, ["-C", str(place.folder), *words])
    return ended.exit_code, ended.stderr


def test_a_full_disk_at_any_write_ends_the_run_with_74_and_the_next_one_completes_it(
    lived, place, monkeypatch
):
    """Each try gets a little further; nothing that was recorded is ever lost.

    Files are copied one by one: else it is chance which of them still has room.
    """
    monkeypatch.setattr(intake, "_COPIERS", 1)
    sync, recorded = os.fsync, (place.folder / LEDGER).read_bytes()
    for room in (0, 1, 9, 14, 19):
        calls = []

        def full(handle, calls=calls, room=room):
            calls.append(handle)
            if len(calls) > room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            code, said = ask(place, "accept")
        assert (code, said.count("\n")) == (74, 1)
        assert "нет места" in said
        now = (place.folder / LEDGER).read_bytes()
        assert now.startswith(recorded)
        recorded = now
    cycle(place.folder)
    assert state(place.folder) == lived[2]


@pytest.mark.parametrize("where", ["outbox/units", ".nastavnik/archive", "inbox"])
@pytest.mark.parametrize("instead", ["file", "nothing"])
def test_a_folder_that_is_not_there_or_no_folder_is_said_and_nothing_is_lost(
    lived, place, where, instead
):
    path = place.folder / where
    path.rename(place.folder / "away")
    if instead == "file":
        path.write_bytes(b"")
    code, said = ask(place, "accept")
    if where == "inbox" or instead == "file":
        assert (code, said.count("\n"), "Ошибка: " in said) == (74, 1, True)
        path.unlink(missing_ok=True)
        (place.folder / "away").rename(path)
        cycle(place.folder)
        assert state(place.folder) == lived[2]
    else:
        # What can be made is made: an empty outbox, an archive of what comes from now on.
        assert code == 0


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("keys/test.key", b"another key of thirty-two bytes."),
        ("keys/test.key", b""),
        ("keys/test.key", None),
        (".nastavnik/id", None),
        (".nastavnik/id", b"\xff\0"),
    ],
)
def test_without_its_own_key_a_workspace_does_not_open(place, file, data):
    """Else every code of a pupil would quietly change."""
    path, before = place.folder / file, place.facts()
    kept = path.read_bytes()
    path.unlink() if data is None else path.write_bytes(data)
    code, said = ask(place, "accept")
    assert (code, "из резервной копии" in said, place.facts()) == (10, True, before)
    path.write_bytes(kept)
    assert ask(place, "status")[0] == 0


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes_of_the_base_are_found_and_the_base_is_built_again(lived, done, seed):
    base, chance = done.folder / BASE, random.Random(seed)
    data = bytearray(base.read_bytes())
    page = chance.randrange(1, len(data) // 4096) * 4096
    for place in range(page, page + 4096, 3):
        data[place] ^= 1 << chance.randrange(8)
    base.write_bytes(data)
    code, said = ask(done, "verify")
    assert (code, "index" in said, "rebuild" in said) in ((30, True, True), (0, False, False))
    # Where the difference could still be told, it is.
    assert ask(done, "rebuild")[0] in (0, 30)
    assert ask(done, "verify")[0] == 0
    assert done.digest() == lived[2]["digest"]


def test_a_broken_original_is_named_and_other_files_are_taken(place):
    with place.open() as exchange:
        blob = exchange.archive.path(exchange.store.submission(1).sha256)
    blob.write_bytes(blob.read_bytes()[:-1])
    code, said = ask(place, "verify")
    assert (code, blob.name in said, "из резервной копии" in said) == (30, True, True)
    blob.unlink()
    code, said = ask(place, "verify")
    assert (code, blob.name in said, "из резервной копии" in said) == (30, True, True)
    assert ask(place, "accept")[0] == 0
    assert place.waiting() == []


@pytest.mark.parametrize("change", ["cut", "edit last", "edit", "drop", "remove", "empty line"])
def test_a_ledger_that_was_tampered_with_is_told_and_kept_as_evidence(place, change):
    path = place.folder / LEDGER
    lines = path.read_bytes().splitlines(keepends=True)
    edited = lines[2].replace(b'"kind"', b'"kinD"')
    path.write_bytes(
        {
            "cut": b"".join(lines[:-1]),
            "edit last": b"".join(lines[:-1]) + lines[-1].replace(b"2026", b"2025"),
            "edit": b"".join((*lines[:2], edited, *lines[3:])),
            "drop": b"".join((*lines[:2], *lines[3:])),
            "remove": b"",
            "empty line": b"".join((*lines, b"\n")),
        }[change]
    )
    if change == "remove":
        path.unlink()
    left = path.read_bytes() if path.exists() else None
    code, said = ask(place, "verify")
    assert (code, "из резервной копии" in said) == (30, True)
    assert ask(place, "status")[0] in (0, 30)
    assert (path.read_bytes() if path.exists() else None) == left


@pytest.mark.parametrize("note", ["scan.json", "published.json", "last-run.json"])
def test_a_broken_note_is_no_reason_to_stop(lived, place, note):
    """Notes only save work; a power cut may empty them."""
    (place.folder / ".nastavnik" / note).write_bytes(b"")
    assert ask(place, "accept")[0] == 0
    cycle(place.folder)
    assert state(place.folder) == lived[2]
