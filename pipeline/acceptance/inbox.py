"""What waits in the inbox: complete files only, copied into the archive before anything else."""

from __future__ import annotations

import itertools
import os
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline import system
from pipeline.errors import SourceError, StorageError
from pipeline.model import Arrival
from pipeline.reading.formats.zip import MAX_FILE
from pipeline.reading.text_end import ends_cut, tail_of
from pipeline.store.archive import Archive
from pipeline.workspace.dropped import (
    PUT_OFF_FOLDER,
    Aside,
    FileStat,
    found,
    look,
    shown_name,
    unread,
)
from pipeline.workspace.exchange import ANSWERS_FOLDER

_COPIERS = 4
# How many times longer a text is waited for that seems to end in the middle of a line.
_LONGER = 5


@dataclass(frozen=True, slots=True)
class Scanned:
    """Files that are in the archive now, and what could not be read or copied into it."""

    arrivals: tuple[Arrival, ...]
    asides: tuple[Aside, ...] = ()


def scan(
    inbox: Path,
    archive: Archive,
    passes_by: Callable[[Path], bool] = lambda _: False,
    *,
    quiet_seconds: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Scanned:
    """Return complete files of *inbox* in the order in which they were written.

    A zip with its closing directory is complete at once; any other file must be found the same
    twice, *quiet_seconds* apart. Each arrival is in *archive* when this returns, of one that is
    too large only the beginning. In a folder «Ответы» of a unit only those files are seen that
    *passes_by* does not pass by. A file that cannot be read or copied keeps no other one waiting;
    `StorageError` where nothing at all can be copied.
    """
    try:
        with os.scandir(inbox):
            pass
    except OSError as error:
        # A share that went away must not look like schools that sent nothing.
        raise StorageError(f"Папка входящих недоступна: {system.reason(error)}.") from error
    first = _seen(inbox, passes_by)
    if quiet_seconds:
        first = _at_rest(first, quiet_seconds, sleep)
    first = tuple(sorted(first, key=lambda seen: (seen.modified_ns, str(seen.path))))
    # Each copy waits for the disk, which takes several in one go.
    with ThreadPoolExecutor(_COPIERS) as copiers:
        copied = tuple(copiers.map(lambda seen: _copied(seen, inbox, archive), first))
    broken = [one for one in copied if isinstance(one, StorageError)]
    if broken and len(broken) == len(copied):
        raise broken[0]
    return Scanned(
        tuple(one for one in copied if isinstance(one, Arrival)),
        tuple(
            unread(inbox, seen.path, None) if isinstance(one, StorageError) else one
            for seen, one in zip(first, copied, strict=True)
            if isinstance(one, StorageError | Aside)
        ),
    )


def take_away(arrival: Arrival, archive: Archive) -> bool:
    """Remove an answered file from the inbox, if the archive holds it and it has not changed.

    One that is too large for the archive is not ours to delete: it is put off beside.
    """
    path = Path(arrival.path)
    seen = found(path)
    if seen is None or (seen.size, seen.modified_ns, seen.inode) != (
        arrival.size,
        arrival.modified_ns,
        arrival.inode,
    ):
        return False
    archive.get(arrival.sha256)
    if too_large(arrival):
        return _put_off(path)
    path.unlink()
    return True


def too_large(arrival: Arrival) -> bool:
    """Whether the archive holds only the beginning of a file, because it is refused anyway."""
    return arrival.size > MAX_FILE


def _put_off(path: Path) -> bool:
    folder = path.parent / PUT_OFF_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        names = (f"{path.stem} ({number}){path.suffix}" for number in itertools.count(2))
        target = folder / path.name
        while os.path.lexists(target):
            target = folder / next(names)
        system.replace(path, target)
    except OSError:
        # It stays where it is, and is known the next time.
        return False
    return True


def arrival_of(path: Path, archive: Archive, *, folder: str = "") -> Arrival | None:
    """Return one given file as an arrival in the unit folder *folder*; None while it changes."""
    seen = found(path)
    if seen is None:
        return None
    sha256, _size = archive.put_file(path, most=MAX_FILE + 1)
    if found(path) != seen:
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


def _seen(inbox: Path, passes_by: Callable[[Path], bool]) -> tuple[FileStat, ...]:
    """Return the files that can be taken, without those that we put there ourselves."""
    return tuple(
        seen
        for seen in look(inbox)
        if isinstance(seen, FileStat)
        and not (
            seen.path.relative_to(inbox).parts[1:-1] == (ANSWERS_FOLDER,) and passes_by(seen.path)
        )
    )


def _at_rest(
    files: Sequence[FileStat], quiet_seconds: float, sleep: Callable[[float], None]
) -> tuple[FileStat, ...]:
    """Return the files that are whole: nothing of them changes while we wait, by our own clock.

    A share may keep size and time of a file back while its bytes still come, so the end is read
    too. A text whose last line is shorter than the others is waited for longer.
    """
    open_ended = {seen.path: tail_of(seen.path) for seen in files if not _closed_zip(seen.path)}
    for wait in (quiet_seconds, quiet_seconds * _LONGER):
        if not open_ended:
            break
        sleep(wait)
        files = tuple(
            seen
            for seen in files
            if seen.path not in open_ended
            or (found(seen.path) == seen and tail_of(seen.path) == open_ended[seen.path])
        )
        kept = {seen.path for seen in files}
        open_ended = {
            path: tail for path, tail in open_ended.items() if path in kept and ends_cut(tail)
        }
    return tuple(seen for seen in files if found(seen.path) == seen)


def _closed_zip(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _copied(seen: FileStat, inbox: Path, archive: Archive) -> Arrival | Aside | StorageError | None:
    """Copy a file into the archive; None while somebody writes to it or took it away."""
    try:
        sha256, _size = archive.put_file(seen.path, most=MAX_FILE + 1)
    except SourceError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) or isinstance(cause, FileNotFoundError):
            return None
        return unread(inbox, seen.path, cause)
    except StorageError as error:
        return error
    if found(seen.path) != seen:
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
