"""Content-addressed store of bytes: originals and records, each under its own sha256."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from pipeline import system
from pipeline.errors import VerificationError

_CHUNK = 1 << 20
_PRIVATE = 0o700


class Archive:
    """Blobs under `<root>/archive/ab/<sha256>`, readable by their owner only, never changed."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "archive"

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

    def put_file(self, path: Path) -> tuple[str, int]:
        """Keep the bytes of a file, read once in pieces; return (sha256, size in bytes)."""
        with system.storage_trouble("Не удалось скопировать файл в архив"):
            self._make_folder("")
            incoming = self._folder / f".{os.getpid()}.{threading.get_ident()}.tmp"
            try:
                sha256, size = _copy(path, incoming)
                if not self._sound(sha256):
                    self._make_folder(sha256)
                    system.replace(incoming, self.path(sha256))
                    system.sync_folder(self.path(sha256).parent)
            finally:
                incoming.unlink(missing_ok=True)
        return sha256, size

    def get(self, sha256: str) -> bytes:
        """Return the bytes; `VerificationError` where they are missing or not what was kept."""
        if not self.has(sha256):
            raise VerificationError(f"В архиве нет записи {sha256}.")
        with system.storage_trouble("Не удалось прочитать архив"):
            data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise VerificationError(f"Запись {sha256} в архиве повреждена.")
        return data

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes in pieces; `VerificationError` behind the last where they changed."""
        if not self.has(sha256):
            raise VerificationError(f"В архиве нет записи {sha256}.")
        digest = hashlib.sha256()
        with (
            system.storage_trouble("Не удалось прочитать архив"),
            self.path(sha256).open("rb") as file,
        ):
            while piece := file.read(_CHUNK):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != sha256:
            raise VerificationError(f"Запись {sha256} в архиве повреждена.")

    def verify(self) -> list[str]:
        """Read every blob and return the names of those whose bytes have changed, sorted."""
        with system.storage_trouble("Не удалось прочитать архив"):
            return sorted(path.name for path in self._blobs() if _hash(path) != path.name)

    def _blobs(self) -> Iterator[Path]:
        return (p for p in self._folder.glob("??/*") if not p.name.startswith("."))

    def _sound(self, sha256: str) -> bool:
        path = self.path(sha256)
        return path.is_file() and _hash(path) == sha256

    def _make_folder(self, sha256: str) -> None:
        folder = self.path(sha256).parent if sha256 else self._folder
        if folder.is_dir():
            return
        for step in (self._folder.parent, self._folder, folder):
            step.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        system.sync_folder(folder.parent)


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as copy, source.open("rb") as original:
        while piece := original.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
