"""Links, monsters and a broken disk are named, and no other school waits for them."""

from __future__ import annotations

import errno
import json
import os

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.publication.today import write_today
from pipeline.reading.formats.zip import MAX_FILE
from pipeline.store import archive
from pipeline.workspace import dropped
from tests.support.workspace import NOW, Workspace, careful_book

GOOD = "oo-104"


@pytest.fixture
def place(tmp_path):
    """A school whose good file waits, whatever else lies in the inbox."""
    place = Workspace(tmp_path / "ws", schools=("oo-101", "oo-102", GOOD))
    place.drop(GOOD, "Книга.xlsx", careful_book(GOOD))
    return place


def asked(place, *words):
    done = CliRunner().invoke(cli, ["-C", str(place.folder), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def sides(place, *words):
    return {one["place"]: one["why"] for one in json.loads(asked(place, "--json", *words))["aside"]}


def page(place):
    with place.open() as exchange:
        return write_today(exchange, NOW).read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_what_is_not_taken_is_named_once_by_accept_status_and_the_page_of_the_day(place, tmp_path):
    inbox = place.folder / "inbox"
    kept = tmp_path / "база.xlsx"
    kept.write_bytes(careful_book("oo-101"))
    for code in ("oo-101", "oo-102"):
        (inbox / code).mkdir(exist_ok=True)
    os.link(kept, inbox / "oo-101" / "жёсткая.xlsx")
    (inbox / "oo-102" / "ссылка.xlsx").symlink_to(kept)
    deep = inbox / "oo-101" / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    (deep / "база.xlsx").write_bytes(careful_book("oo-101"))
    for name in (".скрытый.xlsx", "~черновик.xlsx", "~$Книга.xlsx", "Книга.xlsx.part", "Thumbs.db"):
        (inbox / "oo-102" / name).write_bytes(b"x")
    os.mkfifo(inbox / "oo-102" / "труба")
    expected = {
        "oo-101/a/b/c/d": "deep",
        "oo-101/жёсткая.xlsx": "second_name",
        "oo-102/.скрытый.xlsx": "hidden",
        "oo-102/~$Книга.xlsx": "open_elsewhere",
        "oo-102/~черновик.xlsx": "temporary",
        "oo-102/Книга.xlsx.part": "unfinished",
        "oo-102/ссылка.xlsx": "link",
        "oo-102/труба": "special",
    }
    said = asked(place, "accept")
    assert all(said.count(f"{name} –") == 1 for name in expected), said
    assert sides(place, "status") == sides(place, "accept") == expected
    shown = page(place)
    assert all(shown.count(f"{name} –") == 1 for name in expected)
    assert "Всё спокойно" not in shown
    assert place.receipt(GOOD, 1)["outcome"] == "accepted"


def test_a_file_of_300_megabytes_is_answered_put_off_and_kept_by_its_beginning(place):
    monster = place.folder / "inbox" / "oo-101" / "видео.xlsx"
    monster.parent.mkdir(exist_ok=True)
    with monster.open("wb") as file:
        file.truncate(300_000_000)
    decided = {one.unit: one.outcome for one in place.accept()}
    assert decided == {"oo-101": "rejected", GOOD: "accepted"}
    blobs = (place.folder / ".nastavnik" / "archive").glob("??/*")
    assert max(path.stat().st_size for path in blobs) == MAX_FILE + 1
    assert not monster.exists()
    put_off = monster.parent / dropped.PUT_OFF_FOLDER / monster.name
    assert put_off.stat().st_size == 300_000_000
    assert sides(place, "status") == {"oo-101/_отложено/видео.xlsx": "answered_large"}
    (receipt,) = place.answers("oo-101").glob("*.html")
    assert "300 МБ" in receipt.read_text(encoding="utf-8")
    assert place.accept() == ()
    asked(place, "verify")


@pytest.mark.parametrize(("number", "words"), [(errno.EIO, "не отвечают"), (errno.EACCES, "права")])
def test_a_file_that_cannot_be_read_waits_alone(place, monkeypatch, number, words):
    bad = place.drop("oo-101", "битый.xlsx", careful_book("oo-101"))
    read = archive._pieces_of  # where the disk is asked

    def broken(source, most):
        if source.name == "битый.xlsx":
            raise archive.SourceError("x") from OSError(number, os.strerror(number))
        return read(source, most)

    monkeypatch.setattr(archive, "_pieces_of", broken)
    assert [(one.unit, one.outcome) for one in place.accept()] == [(GOOD, "accepted")]
    said = asked(place, "status")
    assert "oo-101/битый.xlsx – не читается" in said
    assert words in said
    monkeypatch.undo()
    assert [one.unit for one in place.accept()] == ["oo-101"]
    assert sides(place, "status") == {}
    assert bad is None or not bad.exists()


def test_a_file_for_which_the_disk_has_no_room_waits_alone(place, monkeypatch):
    place.drop("oo-101", "большой.xlsx", careful_book("oo-101") + b"\0" * 10_000_000)
    copy = archive._copy  # where the disk is asked

    def full(source, target, most):
        if source.name == "большой.xlsx":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return copy(source, target, most)

    monkeypatch.setattr(archive, "_copy", full)
    assert [one.unit for one in place.accept()] == [GOOD]
    assert sides(place, "status") == {"oo-101/большой.xlsx": "no_room"}


def test_no_name_of_what_lies_aside_is_logged(place, monkeypatch, caplog):
    (place.folder / "inbox" / GOOD / "~Петрова Анна.xlsx").write_bytes(b"x")
    asked(place, "accept")
    assert "Петрова" not in caplog.text
    assert "Петрова" not in repr(dropped.lying_aside(place.folder / "inbox", place.folder))


def test_the_page_of_the_day_names_the_folder_of_an_unknown_sender(place):
    place.drop("Школа № 900", "Книга.xlsx", b"")
    place.accept()
    assert "не опознана, папка «Школа № 900»" in page(place)
