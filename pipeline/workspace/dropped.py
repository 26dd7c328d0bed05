"""What lies in the inbox: files that can be taken, and what is not taken, each with its reason.

Whoever looks here only asks the folders; no file is opened.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from pipeline import system
from pipeline.workspace.settings import STATE_FOLDER

# Folders in which files of units may lie, counted from the inbox.
DEPTH = 4
# Where a file goes that was answered and of which the archive holds only the beginning.
PUT_OFF_FOLDER = "_отложено"
Why = Literal[
    "answered_large",
    "closed",
    "deep",
    "hidden",
    "link",
    "no_room",
    "open_elsewhere",
    "second_name",
    "shortcut",
    "special",
    "temporary",
    "unfinished",
    "unreadable",
]
REASONS: dict[Why, str] = {
    "answered_large": (
        "слишком большой, принять нельзя; школе отвечено. Когда он больше не нужен, удалите его."
    ),
    "closed": "папка не открывается. Проверьте права доступа к ней.",
    "deep": f"папка лежит глубже {DEPTH} папок, туда программа не смотрит. Переложите файлы выше.",
    "hidden": "имя начинается с точки: так называют скрытое. Если это данные, переименуйте.",
    "link": "это ссылка на другое место, а не сам файл. Положите сам файл.",
    "no_room": "не скопирован: на диске не хватило места. Освободите место и повторите приём.",
    "open_elsewhere": ("след открытой таблицы: с ней ещё работают. Пусть сохранят её и закроют."),
    "second_name": (
        "у этого файла есть второе имя в другом месте (жёсткая ссылка). Положите его копию."
    ),
    "shortcut": "это ярлык, а не сам файл. Положите сам файл.",
    "special": "это не файл, а устройство или канал. Удалите.",
    "temporary": "имя начинается с «~»: так называют временное. Если это данные, переименуйте.",
    "unfinished": "похоже на незаконченную загрузку. Дождитесь её конца или скачайте файл снова.",
    "unreadable": "не читается: {reason}. Скопируйте файл заново; остальные приняты без него.",
}
_SHOWN = 180
_NOTE = "aside.json"
_LOCKS = ("~$", ".~lock.")
_UNFINISHED = (".part", ".tmp", ".crdownload", ".partial")
# What systems leave in any folder, and what explains an example workspace: nobody misses it.
_NO_DATA = ("thumbs.db", "desktop.ini", ".ds_store", "readme.md", ".gitignore", ".gitkeep")
_NO_DATA_PREFIX = "._"


@dataclass(frozen=True, slots=True)
class FileStat:
    """A file as one walk found it; two equal ones mean that nobody writes to it any more."""

    path: Path
    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Aside:
    """What is not taken: its place in the inbox, which may hold a name of a person, and why."""

    place: str = field(repr=False)
    why: Why
    reason: str = ""

    @property
    def sentence(self) -> str:
        """What stands on the screen of the inbox's owner, and nowhere else."""
        return f"{self.place} – {REASONS[self.why].format(reason=self.reason)}"


def look(inbox: Path) -> Iterator[FileStat | Aside]:
    """Yield every file below *inbox* that can be taken, and all that cannot, with its reason."""
    closed: list[Path] = []
    # A list: what cannot be opened is known before the walk goes on.
    for top, folders, names in os.walk(inbox, onerror=lambda error: closed.append(_path(error))):
        folder = Path(top)
        depth = len(folder.relative_to(inbox).parts)
        inside = []
        for name in sorted(folders):
            why = _folder_trouble(folder / name, depth)
            if why is not None:
                if _holds_files(folder / name):
                    yield _aside(inbox, folder / name, why)
            elif name == PUT_OFF_FOLDER:
                yield from _put_off(inbox, folder / name)
            else:
                inside.append(name)
        folders[:] = inside
        for name in sorted(names):
            if not _no_data(name):
                yield from _file(inbox, folder / name)
    for path in closed:
        if path != inbox and path.is_dir():
            yield _aside(inbox, path, "closed")


def found(path: Path) -> FileStat | None:
    """Look at a regular file of its own: no link, no device, nothing with a second name."""
    try:
        info = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
        return None
    return FileStat(path, info.st_size, info.st_mtime_ns, info.st_ino)


def lying_aside(inbox: Path, workspace: Path) -> tuple[Aside, ...]:
    """Return all that lies in the inbox and is not taken, in the order of the folders.

    What only reading shows is told as the last scan found it, while the file is still there.
    """
    here = {one.place: one for one in look(inbox) if isinstance(one, Aside)}
    for one in _noted(workspace):
        if found(inbox / one.place) is not None:
            here.setdefault(one.place, one)
    return tuple(here[place] for place in sorted(here))


def keep_aside(workspace: Path, asides: Iterable[Aside]) -> None:
    """Note what a scan could not read or copy, for whoever looks later."""
    path = workspace / STATE_FOLDER / _NOTE
    words = [[one.place, one.why, one.reason] for one in asides]
    if words:
        system.write_whole(path, json.dumps(words).encode(), durable=False, private=True)
    else:
        path.unlink(missing_ok=True)


def unread(inbox: Path, path: Path, error: OSError | None) -> Aside:
    """Return what is told of a file that could not be read, or not be copied without *error*."""
    if error is None:
        return _aside(inbox, path, "no_room")
    return Aside(shown_place(inbox, path), "unreadable", system.reason(error))


def shown_name(name: str) -> str:
    """Return a file name that can be printed and stored, whatever bytes it was made of."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in text)[:_SHOWN]


def shown_place(inbox: Path, path: Path) -> str:
    """Return where something lies in the inbox, as it can be printed."""
    return str(PurePath(*map(shown_name, path.relative_to(inbox).parts)))


def _noted(workspace: Path) -> Iterator[Aside]:
    try:
        words = json.loads((workspace / STATE_FOLDER / _NOTE).read_text(encoding="utf-8"))
        yield from [Aside(place, why, reason) for place, why, reason in words if why in REASONS]
    except (OSError, ValueError, TypeError):
        return


def _aside(inbox: Path, path: Path, why: Why) -> Aside:
    return Aside(shown_place(inbox, path), why)


def _path(error: OSError) -> Path:
    return Path(os.fsdecode(error.filename or ""))


def _folder_trouble(folder: Path, depth: int) -> Why | None:
    if folder.is_symlink():
        return "link"
    if folder.name.startswith("."):
        return "hidden"
    return "deep" if depth >= DEPTH else None


def _holds_files(folder: Path) -> bool:
    """Whether anything lies there that somebody may miss; of a link nothing is asked."""
    if folder.is_symlink():
        return True
    return any(not _no_data(name) for _, _, names in os.walk(folder) for name in names)


def _put_off(inbox: Path, folder: Path) -> Iterator[Aside]:
    for top, _, names in os.walk(folder):
        for name in sorted(names):
            if not _no_data(name):
                yield _aside(inbox, Path(top) / name, "answered_large")


def _file(inbox: Path, path: Path) -> Iterator[FileStat | Aside]:
    why = _name_trouble(path.name) or _kind_trouble(path)
    if why is not None:
        yield _aside(inbox, path, why)
        return
    seen = found(path)
    if seen is not None:
        yield seen


def _no_data(name: str) -> bool:
    lower = name.casefold()
    return lower in _NO_DATA or lower.startswith(_NO_DATA_PREFIX)


def _name_trouble(name: str) -> Why | None:
    lower = name.casefold()
    if lower.startswith(_LOCKS):
        return "open_elsewhere"
    if lower.endswith(_UNFINISHED):
        return "unfinished"
    if lower.endswith(".lnk"):
        return "shortcut"
    if lower.startswith("."):
        return "hidden"
    return "temporary" if lower.startswith("~") else None


def _kind_trouble(path: Path) -> Why | None:
    try:
        info = path.lstat()
    except OSError:
        return None
    if stat.S_ISLNK(info.st_mode):
        return "link"
    if not stat.S_ISREG(info.st_mode):
        return "special"
    return "second_name" if info.st_nlink > 1 else None
