"""What waits in the inbox: complete files only, copied into the archive before anything else."""

from __future__ import annotations

import logging
import os
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline import system
from pipeline.errors import StorageError
from pipeline.model import Arrival
from pipeline.store.archive import Archive
from pipeline.workspace.exchange import ANSWERS_FOLDER

LOG = logging.getLogger("nastavnik.intake")
# Files that programs leave beside real ones, and copies that are still under way.
_LEFTOVER_PREFIXES = ("~$", ".", "~")
_LEFTOVER_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial", ".lnk")
_LEFTOVER_NAMES = ("thumbs.db", "desktop.ini", "readme.md")
_DEPTH = 4
_COPIERS = 4


@dataclass(frozen=True, slots=True)
class FileStat:
    """A file as one walk found it; two equal ones mean that nobody writes to it any more."""

    path: Path
    size: int
    modified_ns: int
    inode: int


def scan(
    inbox: Path,
    archive: Archive,
    passes_by: Callable[[Path], bool] = lambda _: False,
    *,
    quiet_seconds: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Arrival, ...]:
    """Return complete files of *inbox* in the order in which they were written.

    A zip with its closing directory is complete at once; any other file must be found the same
    twice, *quiet_seconds* apart. Each arrival is in *archive* when this returns. In a folder
    «Ответы» of a unit only those files are seen that *passes_by* does not pass by.
    """
    try:
        with os.scandir(inbox):
            pass
    except OSError as error:
        # A share that went away must not look like schools that sent nothing.
        raise StorageError(f"Папка входящих недоступна: {system.reason(error)}.") from error
    first = tuple(_walk(inbox, passes_by))
    if quiet_seconds and any(not _closed_zip(seen.path) for seen in first):
        sleep(quiet_seconds)
        again = {seen.path: seen for seen in _walk(inbox, passes_by)}
        first = tuple(seen for seen in first if again.get(seen.path) == seen)
    first = tuple(sorted(first, key=lambda seen: (seen.modified_ns, str(seen.path))))
    # Each copy waits for the disk, which takes several in one go.
    with ThreadPoolExecutor(_COPIERS) as copiers:
        found = tuple(copiers.map(lambda seen: _arrival(seen, inbox, archive), first))
    return tuple(arrival for arrival in found if arrival is not None)


def take_away(arrival: Arrival, archive: Archive) -> bool:
    """Remove an answered file from the inbox, if the archive holds it and it has not changed."""
    path = Path(arrival.path)
    seen = _stat(path)
    if seen is None or (seen.size, seen.modified_ns, seen.inode) != (
        arrival.size,
        arrival.modified_ns,
        arrival.inode,
    ):
        return False
    archive.get(arrival.sha256)
    path.unlink()
    return True


def arrival_of(path: Path, archive: Archive, *, folder: str = "") -> Arrival | None:
    """Return one given file as an arrival in the unit folder *folder*; None while it changes."""
    seen = _stat(path)
    if seen is None:
        return None
    sha256, _size = archive.put_file(path)
    if _stat(path) != seen:
        return None
    return Arrival(
        sha256=sha256,
        name=shown_name(path.name),
        size=seen.size,
        modified_ns=seen.modified_ns,
        inode=seen.inode,
        folder=folder,
        subfolder="",
        path=str(path),
    )


def shown_name(name: str) -> str:
    """Return a file name that can be printed and stored, whatever bytes it was made of."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)[:180]


def _walk(inbox: Path, passes_by: Callable[[Path], bool]) -> Iterator[FileStat]:
    for folder, folders, names in os.walk(inbox, onerror=_cannot_open):
        inside = Path(folder).relative_to(inbox).parts
        depth = len(inside)
        folders[:] = sorted(f for f in folders if depth < _DEPTH and not f.startswith("."))
        for name in sorted(names):
            ours = inside[1:] == (ANSWERS_FOLDER,) and passes_by(Path(folder) / name)
            if not ours and not _leftover(name):
                seen = _stat(Path(folder) / name)
                if seen is not None:
                    yield seen


def _cannot_open(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        LOG.warning("a folder of the inbox cannot be opened: %s", system.reason(error))


def _leftover(name: str) -> bool:
    lower = name.casefold()
    return (
        lower.startswith(_LEFTOVER_PREFIXES)
        or lower.endswith(_LEFTOVER_SUFFIXES)
        or lower in _LEFTOVER_NAMES
    )


def _stat(path: Path) -> FileStat | None:
    """Look at a regular file of its own: no link, no device, nothing with a second name."""
    try:
        info = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
        return None
    return FileStat(path, info.st_size, info.st_mtime_ns, info.st_ino)


def _is_about(error: StorageError, path: Path) -> bool:
    """Whether the sender's file could not be read (gone, held by its program), not the archive."""
    cause = error.__cause__
    return isinstance(cause, OSError) and str(cause.filename) == str(path)


def _closed_zip(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _arrival(seen: FileStat, inbox: Path, archive: Archive) -> Arrival | None:
    try:
        sha256, _size = archive.put_file(seen.path)
    except StorageError as error:
        if _is_about(error, seen.path):
            return None
        raise
    if _stat(seen.path) != seen:
        return None
    parts = seen.path.relative_to(inbox).parts[:-1]
    if parts[1:] == (ANSWERS_FOLDER,):
        parts = parts[:1]
    return Arrival(
        sha256=sha256,
        name=shown_name(seen.path.name),
        size=seen.size,
        modified_ns=seen.modified_ns,
        inode=seen.inode,
        folder=shown_name(parts[0]) if parts else "",
        subfolder=shown_name(parts[1]) if len(parts) > 1 else "",
        path=str(seen.path),
    )
