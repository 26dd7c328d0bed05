"""What waits in the inbox: whole files of their own, whatever else lies beside them."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.acceptance import inbox as intake
from pipeline.errors import StorageError, VerificationError
from pipeline.store.archive import Archive


def zipped(text="x"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a", text)
    return data.getvalue()


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox" / "oo-1").mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "state")


def seen(inbox, archive, sleep=lambda _seconds: None, quiet=2.0):
    found = intake.scan(inbox, archive, quiet_seconds=quiet, sleep=sleep).arrivals
    return [(arrival.folder, arrival.name) for arrival in found]


def put(folder, name, data=None, at=None):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped() if data is None else data)
    if at is not None:
        os.utime(path, (at, at))
    return path


def test_a_whole_file_is_seen_with_its_folders_and_is_in_the_archive(inbox, archive):
    put(inbox, "oo-1/2025-2026/Книга.xlsx", zipped("y"), at=1000)
    (arrival,) = intake.scan(inbox, archive, sleep=lambda _: None).arrivals
    assert (arrival.folder, arrival.subfolder, arrival.name) == ("oo-1", "2025-2026", "Книга.xlsx")
    assert (arrival.size, arrival.modified_ns) == (len(zipped("y")), 1000 * 10**9)
    assert archive.get(arrival.sha256) == zipped("y")


def test_files_come_in_the_order_they_were_saved(inbox, archive):
    for at, name in ((300, "а.xlsx"), (100, "в.xlsx"), (200, "б.xlsx")):
        put(inbox / "oo-1", name, zipped(name), at=at)
    assert [name for _, name in seen(inbox, archive)] == ["в.xlsx", "б.xlsx", "а.xlsx"]


@pytest.mark.parametrize(
    "name",
    [
        "~$Книга ОО.xlsx",
        ".~lock.Книга.xlsx#",
        ".скрытый.xlsx",
        "~WRL0001.tmp",
        "Книга.xlsx.part",
        "Книга.xlsx.crdownload",
        "Thumbs.db",
        "desktop.ini",
        "README.md",
        "Ярлык.lnk",
    ],
)
def test_what_programs_leave_behind_is_no_file_of_a_school(inbox, archive, name):
    put(inbox / "oo-1", name)
    assert seen(inbox, archive) == []


def test_a_closed_zip_needs_no_waiting(inbox, archive):
    put(inbox / "oo-1", "Книга.xlsx")
    waited = []
    assert len(seen(inbox, archive, sleep=waited.append)) == 1
    assert waited == []


def test_anything_else_must_look_the_same_twice(inbox, archive):
    put(inbox / "oo-1", "база.csv", b"a;b\n")
    waited = []
    assert len(seen(inbox, archive, sleep=waited.append)) == 1
    assert waited == [2.0]


def test_a_growing_file_waits_for_the_next_look(inbox, archive):
    path = put(inbox / "oo-1", "база.csv", b"a;b\n")
    put(inbox / "oo-1", "Книга.xlsx")

    def grow(_seconds):
        with path.open("ab") as file:
            file.write(b"1;2\n")

    assert [name for _, name in seen(inbox, archive, sleep=grow)] == ["Книга.xlsx"]
    assert "база.csv" in [name for _, name in seen(inbox, archive)]


def test_a_file_rewritten_with_equal_size_waits_too(inbox, archive):
    path = put(inbox / "oo-1", "база.csv", b"a;b\n", at=100)
    assert seen(inbox, archive, sleep=lambda _: put(path.parent, path.name, b"c;d\n", at=200)) == []


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_half_copied_book_is_not_taken_while_it_grows(inbox, archive, share):
    whole = zipped("z" * 5000)
    path = put(inbox / "oo-1", "Книга.xlsx", whole[: int(len(whole) * share)])
    assert seen(inbox, archive, sleep=lambda _: path.write_bytes(whole)) == []
    assert len(seen(inbox, archive)) == 1


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_pipes_and_folders_named_like_files_are_left_alone(inbox, archive, tmp_path):
    secret = put(tmp_path, "тайна.xlsx")
    (inbox / "oo-1" / "ссылка.xlsx").symlink_to(secret)
    os.link(secret, inbox / "oo-1" / "жёсткая.xlsx")
    os.mkfifo(inbox / "oo-1" / "труба.xlsx")
    (inbox / "oo-1" / "папка.xlsx").mkdir()
    (inbox / "ссылка").symlink_to(tmp_path, target_is_directory=True)
    assert seen(inbox, archive) == []


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe\xd0\xbf.xlsx",
        "новая\nстрока.xlsx".encode(),
        "\u202eслева.xlsx".encode(),
        b"-rf.xlsx",
        ("очень длинное имя " * 6 + ".xlsx").encode(),
    ],
)
def test_odd_names_are_taken_and_can_be_printed(inbox, archive, name):
    path = os.path.join(os.fsencode(inbox / "oo-1"), name)  # noqa: PTH118  # names are bytes here
    with open(path, "wb") as file:  # noqa: PTH123  # as above
        file.write(zipped())
    (arrival,) = intake.scan(inbox, archive, sleep=lambda _: None).arrivals
    arrival.name.encode()
    assert arrival.name.isprintable()
    assert len(arrival.name) <= 180
    assert intake.take_away(arrival, archive)
    assert not os.path.lexists(path)


def test_a_file_that_vanished_meanwhile_is_no_trouble_of_ours(inbox, archive, monkeypatch):
    gone, there = put(inbox / "oo-1", "а.xlsx"), put(inbox / "oo-1", "б.xlsx", zipped("б"))
    keep = Archive.put_file

    def late(self, path, **words):
        gone.unlink(missing_ok=True)
        return keep(self, path, **words)

    monkeypatch.setattr(Archive, "put_file", late)
    assert [name for _, name in seen(inbox, archive)] == [there.name]


def test_a_full_disk_of_ours_is(inbox, archive, monkeypatch):
    put(inbox / "oo-1", "а.xlsx")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pipeline.store.archive.os.fsync", full)
    with pytest.raises(StorageError):
        seen(inbox, archive)


def arrived(inbox, archive):
    (arrival,) = intake.scan(inbox, archive, sleep=lambda _: None).arrivals
    return arrival


def test_an_answered_file_is_removed(inbox, archive):
    path = put(inbox / "oo-1", "а.xlsx")
    assert intake.take_away(arrived(inbox, archive), archive)
    assert not path.exists()


def test_a_file_that_changed_meanwhile_is_kept(inbox, archive):
    path = put(inbox / "oo-1", "а.xlsx", at=100)
    arrival = arrived(inbox, archive)
    put(path.parent, path.name, zipped("new"), at=200)
    assert not intake.take_away(arrival, archive)
    assert path.read_bytes() == zipped("new")


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_file_whose_copy_is_not_sound_is_kept(inbox, archive, damage):
    path = put(inbox / "oo-1", "а.xlsx")
    arrival = arrived(inbox, archive)
    blob = archive.path(arrival.sha256)
    if damage == "missing":
        blob.unlink()
    else:
        blob.chmod(0o600)
        blob.write_bytes(b"other")
    with pytest.raises(VerificationError):
        intake.take_away(arrival, archive)
    assert path.exists()


def test_a_file_that_somebody_took_is_no_trouble(inbox, archive):
    path = put(inbox / "oo-1", "а.xlsx")
    arrival = arrived(inbox, archive)
    path.unlink()
    assert not intake.take_away(arrival, archive)


def test_names_of_folders_that_are_not_text_become_printable():
    assert intake.shown_name(os.fsdecode(b"\xff.xlsx")) == "\N{REPLACEMENT CHARACTER}.xlsx"
    assert Path(intake.shown_name("a\tb")).name == "a\N{REPLACEMENT CHARACTER}b"


WHOLE = "№;ФИО;дата\n1;Орлова Нина;01.09.2026\n2;Гусев Пётр;01.09.2026\n"


def test_a_text_that_ends_within_a_line_is_waited_for_longer(inbox, archive):
    """It came whole in the second pause, and so is taken the next time."""
    path = inbox / "oo-1" / "наставники.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(WHOLE + "3;Бел", encoding="utf-8")
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            path.write_text(WHOLE + "3;Белова Анна;01.09.2026\n", encoding="utf-8")

    assert intake.scan(inbox, archive, quiet_seconds=1, sleep=sleep).arrivals == ()
    assert waits == [1, 5]
    (arrival,) = intake.scan(inbox, archive, quiet_seconds=1, sleep=lambda _: None).arrivals
    assert arrival.name == path.name


def test_a_text_whose_end_changes_under_the_same_size_and_time_is_not_whole(inbox, archive):
    path = inbox / "oo-1" / "наставники.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(WHOLE, encoding="utf-8")
    stamp = path.stat()

    def sleep(_):
        with path.open("r+b") as file:
            file.seek(-9, 2)
            file.write(b"9")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert intake.scan(inbox, archive, sleep=sleep).arrivals == ()


def test_a_text_that_stays_cut_is_taken_and_told(inbox, archive):
    path = inbox / "oo-1" / "наставники.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(WHOLE + "3;Бел", encoding="utf-8")
    (arrival,) = intake.scan(inbox, archive, sleep=lambda _: None).arrivals
    assert arrival.name == path.name
