"""Content-addressed store of bytes: originals and records, each under its own sha256."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from pipeline import system
from pipeline.errors import SourceError, VerificationError

_CHUNK = 1 << 20
_RESTORE = "Верните файл archive/{sha256:.2}/{sha256} из резервной копии."
_MISSING = "В архиве нет записи {sha256}. " + _RESTORE
_DAMAGED = "Запись {sha256} в архиве повреждена. " + _RESTORE
_UNREAD = "Не удалось прочитать файл: {reason}."
_PRIVATE = 0o700
# A fifth of the time that zlib takes for as many bytes; higher levels save little more.
_LEVEL = 1


class Archive:
    """Blobs under `<root>/archive/ab/<sha256>`, readable by their owner only, never changed.

    Originals lie there as they came. Records lie deflated, under the sha256 of what they inflate
    to, so that no name depends on how well a library packs.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "archive"
        self._unsynced: dict[str, None] = {}

    def path(self, sha256: str) -> Path:
        """Return where the blob is or would be."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the blob is there; its bytes are not read."""
        return self.path(sha256).is_file()

    def put(self, data: bytes) -> str:
        """Keep *data* and return its sha256; a sound copy that is there is left alone."""
        sha256 = hashlib.sha256(data).hexdigest()
        with system.storage_trouble("Не удалось записать в архив"):
            if not self._sound(sha256):
                self._make_folder(sha256)
                system.write_whole(self.path(sha256), data, private=True)
        return sha256

    def put_record(self, data: bytes) -> str:
        """Keep *data* deflated and return its sha256; it lasts through a power cut after `sync`."""
        sha256 = hashlib.sha256(data).hexdigest()
        with system.storage_trouble("Не удалось записать в архив"):
            if self._read(sha256) != data:
                self._make_folder(sha256)
                packed = deflated(data)
                system.write_whole(self.path(sha256), packed, durable=False, private=True)
        # Also one that was there: who wrote it may have died before this.
        self._unsynced[sha256] = None
        return sha256

    def sync(self) -> None:
        """Make the records put since the last time last: each file once, each folder once."""
        paths = [self.path(sha256) for sha256 in self._unsynced]
        with system.storage_trouble("Не удалось записать в архив"):
            for path in paths:
                system.sync_file(path)
            for folder in dict.fromkeys(path.parent for path in paths):
                system.sync_folder(folder)
        self._unsynced.clear()

    def put_file(self, path: Path, *, most: int | None = None) -> tuple[str, int]:
        """Keep the bytes of a file, read once in pieces; return (sha256, size in bytes).

        With *most* only so many of its bytes are read, kept and named. `SourceError` where the
        file itself cannot be read.
        """
        with system.storage_trouble("Не удалось скопировать файл в архив"):
            self._make_folder("")
            incoming = self._folder / f".{os.getpid()}.{threading.get_ident()}.tmp"
            try:
                sha256, size = _copy(path, incoming, sys.maxsize if most is None else most)
                if not self._sound(sha256):
                    self._make_folder(sha256)
                    system.replace(incoming, self.path(sha256))
                    system.sync_folder(self.path(sha256).parent)
            finally:
                incoming.unlink(missing_ok=True)
        return sha256, size

    def get(self, sha256: str) -> bytes:
        """Return what was kept; `VerificationError` where it is missing or not that any more."""
        if not self.has(sha256):
            raise VerificationError(_MISSING.format(sha256=sha256))
        with system.storage_trouble("Не удалось прочитать архив"):
            data = self._read(sha256)
        if data is None:
            raise VerificationError(_DAMAGED.format(sha256=sha256))
        return data

    def sound_path(self, sha256: str) -> Path:
        """Return where the blob is; `VerificationError` as for `get`, but read in pieces."""
        if not self.has(sha256):
            raise VerificationError(_MISSING.format(sha256=sha256))
        with system.storage_trouble("Не удалось прочитать архив"):
            if system.sha256_of(self.path(sha256)) != sha256:
                raise VerificationError(_DAMAGED.format(sha256=sha256))
        return self.path(sha256)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes in pieces; `VerificationError` behind the last where they changed."""
        if not self.has(sha256):
            raise VerificationError(_MISSING.format(sha256=sha256))
        digest = hashlib.sha256()
        with (
            system.storage_trouble("Не удалось прочитать архив"),
            self.path(sha256).open("rb") as file,
        ):
            while piece := file.read(_CHUNK):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != sha256:
            raise VerificationError(_DAMAGED.format(sha256=sha256))

    def verify(self) -> list[str]:
        """Read every blob and return the names of those whose bytes have changed, sorted."""
        with system.storage_trouble("Не удалось прочитать архив"):
            names = [path.name for path in self._blobs()]
            return sorted(n for n in names if not self._sound(n) and self._read(n) is None)

    def _blobs(self) -> Iterator[Path]:
        return (p for p in self._folder.glob("??/*") if not p.name.startswith("."))

    def _sound(self, sha256: str) -> bool:
        path = self.path(sha256)
        return path.is_file() and system.sha256_of(path) == sha256

    def _read(self, sha256: str) -> bytes | None:
        """Return what lies under the name, as it is or inflated; None where it is neither."""
        path = self.path(sha256)
        if not path.is_file():
            return None
        stored = path.read_bytes()
        for data in (stored, inflated(stored)):
            if data is not None and hashlib.sha256(data).hexdigest() == sha256:
                return data
        return None

    def _make_folder(self, sha256: str) -> None:
        folder = self.path(sha256).parent if sha256 else self._folder
        if folder.is_dir():
            return
        for step in (self._folder.parent, self._folder, folder):
            step.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        system.sync_folder(folder.parent)


def deflated(data: bytes) -> bytes:
    """Return *data* packed as zlib does; other versions pack otherwise, so it is never hashed."""
    return isal_zlib.compress(data, _LEVEL)


def inflated(packed: bytes) -> bytes | None:
    """Return what was packed so; None for anything else, be it one byte more."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed)
    except zlib.error:
        return None
    return data if stream.eof and not stream.unused_data else None


def _copy(source: Path, target: Path, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as copy:
        for piece in _pieces_of(source, most):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _pieces_of(source: Path, most: int) -> Iterator[bytes]:
    """Read a file of somebody else, whose trouble is not that of the disk we write to."""
    try:
        file = source.open("rb")
    except OSError as error:
        raise SourceError(_UNREAD.format(reason=system.reason(error))) from error
    with file:
        while most:
            try:
                piece = file.read(min(_CHUNK, most))
            except OSError as error:
                raise SourceError(_UNREAD.format(reason=system.reason(error))) from error
            if not piece:
                return
            most -= len(piece)
            yield piece
