"""Everything that differs by operating system; nothing else asks which one it is on."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import hashlib
import math
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import StorageError

WINDOWS = sys.platform == "win32"
# Whether memory, time and files of a reading process can be limited here; `doctor` says so.
LIMITS_PROCESSES = not WINDOWS
# Excel and antivirus programs hold a file for a moment after it was written.
_HOLD_TRIES = 5
_HOLD_PAUSE = 0.2
# Kinds of mounts on which other machines write.
_SHARES = ("cifs", "smb", "nfs", "9p", "fuse", "afs", "vboxsf", "davfs")

_REASONS = {
    errno.ENOSPC: "на диске нет места",
    errno.EDQUOT: "на диске нет места для этого пользователя",
    errno.EIO: "диск или сеть не отвечают",
    errno.EROFS: "диск открыт только для чтения",
    errno.EACCES: "нет права доступа",
    errno.EPERM: "действие не разрешено",
    errno.ENOENT: "нет такого файла или папки",
    errno.ENOTDIR: "на месте папки лежит файл",
    errno.EEXIST: "на месте папки лежит файл",
    errno.EISDIR: "на месте файла лежит папка",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.EMFILE: "открыто слишком много файлов",
    errno.ENOMEM: "не хватает памяти",
    errno.ESTALE: "сетевая папка отключилась",
}


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


def sync_file(path: Path) -> None:
    """Make what was written to *path* last through a power cut."""
    # Windows syncs only what was opened for writing.
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
    write_pieces(path, (data,), durable=durable, private=private)


def write_pieces(
    path: Path, pieces: Iterable[bytes], *, durable: bool = True, private: bool = False
) -> None:
    """Write *pieces* one after another, so that *path* holds all or is as it was before."""
    with _taking_the_place(path, private=private) as (temporary, file):
        file.writelines(pieces)
        file.flush()
        if durable:
            os.fsync(file.fileno())
        file.close()
        replace(temporary, path)
    if durable:
        sync_folder(path.parent)


def copy_if_changed(source: BinaryIO, path: Path) -> bool:
    """Write what is left of *source* unless *path* already holds it; return whether it was."""
    with _taking_the_place(path) as (temporary, file):
        shutil.copyfileobj(source, file)
        file.close()
        changed = not (path.is_file() and filecmp.cmp(temporary, path, shallow=False))
        if changed:
            replace(temporary, path)
        else:
            temporary.unlink()
    return changed


@contextlib.contextmanager
def _taking_the_place(path: Path, *, private: bool = False) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a file beside *path* to write and move; nothing is left of it if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
    try:
        with os.fdopen(handle, "wb") as file:
            yield temporary, file
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def closed_to_others(*, group: bool) -> Iterator[None]:
    """Let what is made inside be read by nobody else, or with *group* by the folder's group."""
    before = os.umask(0o027 if group else 0o077)
    try:
        yield
    finally:
        os.umask(before)


def close_folder(folder: Path, group: str) -> None:
    """Let only its owner into *folder*, or with a *group* its people too; new files are theirs."""
    if WINDOWS or not folder.is_dir():
        return
    with storage_trouble("Не удалось закрыть папку исходящих от чужих"):
        if group:
            shutil.chown(folder, group=group)
        mode = 0o2750 if group else 0o700
        if stat.S_IMODE(folder.stat().st_mode) != mode:
            folder.chmod(mode)


def is_group(name: str) -> bool:
    """Whether this machine knows a group of users by that name; Windows has none of the kind."""
    if sys.platform == "win32":
        return False
    import grp  # noqa: PLC0415  # there is none on Windows

    return any(group.gr_name == name for group in grp.getgrall())


def open_as_folder(path: Path) -> None:
    """Give *path* the rights of the folder it lies in: whoever may look there may read it."""
    if WINDOWS:
        return
    info = path.parent.stat()
    mode = stat.S_IMODE(info.st_mode)
    # Where the folder is another's, its rights may not be ours to give.
    with contextlib.suppress(OSError):
        os.chown(path, -1, info.st_gid)
        path.chmod(mode if path.is_dir() else mode & 0o666)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hex; the file is read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear_leftovers(folder: Path, name: str = "*") -> None:
    """Remove from *folder* and below what `write_whole` of a process that died left there."""
    for left in folder.rglob(f".{name}.[0-9]*.tmp"):
        left.unlink(missing_ok=True)


def write_if_changed(path: Path, data: bytes, *, private: bool = False) -> bool:
    """Write *data* unless *path* already holds it; return whether anything was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    write_whole(path, data, durable=False, private=private)
    return True


@contextlib.contextmanager
def storage_trouble(what: str) -> Iterator[None]:
    """Turn an OSError of ours into `StorageError` that says *what* could not be done."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {reason(error)}.") from error


def reason(error: OSError) -> str:
    """Return why the system refused, in Russian where it is one of the usual reasons."""
    known = _REASONS.get(error.errno or 0)
    # Not the words of the error: a plugin may have put anything there.
    return known or (os.strerror(error.errno) if error.errno else type(error).__name__)


def keys_folder() -> Path:
    """Return where keys lie when the settings do not say: the user's own settings folder."""
    base = os.environ.get("APPDATA") if WINDOWS else os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "nastavnik" / "keys"


def child_options() -> dict[str, Any]:
    """Return what `subprocess.Popen` needs for a child that inherits nothing and hears no Ctrl-C.

    The parent ends its children itself, so that an interrupted run leaves none behind.
    """
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": flags, "env": {"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}}
    return {"start_new_session": True, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}


def limit_this_process(*, memory_bytes: int, file_bytes: int, open_files: int) -> None:
    """Bound what this process may take; on Windows nothing is bounded (`LIMITS_PROCESSES`)."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # exists on POSIX only

    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def allow_cpu(seconds: float) -> None:
    """Let this process compute for *seconds* more and be ended by the system after that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # exists on POSIX only

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), hard))


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Kill *process* if it still runs, collect it, and close our ends of its pipes."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def on_network(folder: Path) -> bool:
    """Whether *folder* lies on a share, where this system hears nothing of files others drop."""
    if WINDOWS:
        # Windows passes on what happens on a share.
        return False
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    kinds = {Path(fields[1]): fields[2] for fields in map(str.split, lines) if len(fields) > 2}
    above = (folder.resolve(), *folder.resolve().parents)
    kind = next((kinds[place] for place in above if place in kinds), "")
    return kind.startswith(_SHARES)


@cache
def program_version() -> str:
    """Return the version of the installed distribution, for records and documents; «?» without."""
    try:
        return version("nastavnik")
    except PackageNotFoundError:
        return "?"
