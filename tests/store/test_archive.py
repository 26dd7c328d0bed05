"""The archive keeps bytes under their own hash and notices when they change."""

import hashlib

import pytest

from pipeline.errors import StorageError, VerificationError
from pipeline.store.archive import Archive


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "state")


def test_bytes_come_back_under_their_sha256(archive):
    name = archive.put("Иванов".encode())
    assert name == hashlib.sha256("Иванов".encode()).hexdigest()
    assert archive.has(name)
    assert archive.get(name) == "Иванов".encode()
    assert archive.path(name).parts[-2:] == (name[:2], name)


def test_a_file_is_kept_as_its_bytes_are(archive, tmp_path):
    data = bytes(range(256)) * 5000
    (tmp_path / "Книга.xlsx").write_bytes(data)
    name, size = archive.put_file(tmp_path / "Книга.xlsx")
    assert (name, size) == (archive.put(data), len(data))
    assert archive.get(name) == data


def test_an_empty_file_has_a_name_too(archive, tmp_path):
    (tmp_path / "пусто").touch()
    name, size = archive.put_file(tmp_path / "пусто")
    assert size == 0
    assert archive.get(name) == b""


def test_the_same_bytes_are_written_once(archive, tmp_path):
    name = archive.put(b"data")
    before = archive.path(name).stat()
    archive.put(b"data")
    (tmp_path / "copy").write_bytes(b"data")
    archive.put_file(tmp_path / "copy")
    after = archive.path(name).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_only_the_owner_can_read(archive, tmp_path):
    (tmp_path / "source").write_bytes(b"two")
    names = [archive.put(b"one"), archive.put_file(tmp_path / "source")[0]]
    for name in names:
        path = archive.path(name)
        assert path.stat().st_mode & 0o777 == 0o600
        assert {p.stat().st_mode & 0o777 for p in (path.parent, path.parent.parent)} == {0o700}


def test_a_changed_bit_is_found_and_never_returned(archive):
    name, other = archive.put(b"data"), archive.put(b"other")
    archive.path(name).write_bytes(b"dat\xe1")
    assert archive.verify() == [name]
    with pytest.raises(VerificationError):
        archive.get(name)
    assert archive.get(other) == b"other"


def test_putting_the_right_bytes_heals_a_broken_blob(archive):
    name = archive.put(b"data")
    archive.path(name).write_bytes(b"")
    archive.put(b"data")
    assert archive.verify() == []


def test_a_blob_that_is_not_there_is_a_verification_error(archive):
    with pytest.raises(VerificationError):
        archive.get("0" * 64)


def test_a_source_that_vanished_leaves_nothing_behind(archive, tmp_path):
    with pytest.raises(StorageError):
        archive.put_file(tmp_path / "gone")
    assert [p for p in (tmp_path / "state").rglob("*") if p.is_file()] == []


def test_a_crash_before_the_rename_leaves_no_blob(archive, monkeypatch):
    def crash(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.system.replace", crash)
    with pytest.raises(StorageError):
        archive.put(b"data")
    assert not archive.has(hashlib.sha256(b"data").hexdigest())
    assert archive.verify() == []
