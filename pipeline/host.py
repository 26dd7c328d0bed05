"""Everything that differs by operating system; nothing else asks which one it is on."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import StorageError

WINDOWS = sys.platform == "win32"
# Excel and antivirus programs hold a file for a moment after it was written.
_HOLD_TRIES = 5
_HOLD_PAUSE = 0.2


def replace(source: Path, target: Path) -> None:
    """Put *source* in the place of *target* in one step, trying again while somebody holds it."""
    for left in reversed(range(_HOLD_TRIES)):
        try:
            source.replace(target)
        except PermissionError:
            if not WINDOWS or not left:
                raise
            time.sleep(_HOLD_PAUSE)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Make a rename in *folder* last through a power cut; Windows does so by itself."""
    if WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes, *, durable: bool = True, private: bool = False) -> None:
    """Write *data* so that *path* holds all of it or is as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_if_changed(path: Path, data: bytes) -> bool:
    """Write *data* unless *path* already holds it; return whether anything was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    write_whole(path, data, durable=False)
    return True


@contextlib.contextmanager
def storage_trouble(what: str) -> Iterator[None]:
    """Turn an OSError of ours into `StorageError` that says *what* could not be done."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror or type(error).__name__}") from error
