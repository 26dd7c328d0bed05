"""Answers on their way to people: beside the files they answer, and packed to be sent.

A folder «Ответы» lies in each inbox folder whose unit is known, so that a shared folder per school
is all a municipality needs. Whoever mends the marked workbook there and saves it has sent it: the
intake passes by what still is as it was put (`passes_by`), and takes what was changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from pipeline import system
from pipeline.answers import content
from pipeline.answers.post import pack_post
from pipeline.answers.write import answer_folder
from pipeline.store.rows import Newest
from pipeline.workspace.exchange import ANSWERS_FOLDER, Exchange
from pipeline.workspace.settings import DERIVED_FOLDER, STATE_FOLDER

_NOTES = "handed"
# What a curator may have mended; a page that was saved again is no answer.
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_FOR_PROGRAMS = (".json",)
_NUMBERED = content.STEM.partition("{")[0]
_PENDING = "hand-over.json"


@dataclass(frozen=True, slots=True)
class Answered:
    """A file that was answered: whose it is, its folder in the inbox, its number."""

    unit: str | None
    folder: str = ""
    number: int = 0


@contextlib.contextmanager
def handing_over(
    exchange: Exchange, answered: Sequence[Answered] | None = None
) -> Iterator[list[Answered]]:
    """Hand over what is written inside, once all of it is; a run that is cut off does it later.

    Whom it concerns may show only while it is written: then they are added to the list that is
    given, and after a run that was cut off all units are looked at.
    """
    hand_over_left(exchange)
    note = exchange.workspace / STATE_FOLDER / _PENDING
    known = None if answered is None else [astuple(one) for one in answered]
    system.write_whole(note, json.dumps(known).encode(), durable=False, private=True)
    concerned = list(answered or ())
    yield concerned
    _hand_over(exchange, concerned)
    note.unlink(missing_ok=True)


def hand_over_left(exchange: Exchange) -> None:
    """Hand over what a run that was cut off did not."""
    note = exchange.workspace / STATE_FOLDER / _PENDING
    try:
        answered = [Answered(*words) for words in json.loads(note.read_bytes())]
    except FileNotFoundError:
        return
    except (ValueError, TypeError):
        # Nobody is named in it, or a power cut has emptied it: then all units are looked at.
        answered = [Answered(code) for code in exchange.registry.units]
    _hand_over(exchange, answered)
    note.unlink(missing_ok=True)


def _hand_over(exchange: Exchange, answered: Iterable[Answered]) -> None:
    registry = exchange.registry
    answered = list(answered)
    hand_over(exchange, [one.unit for one in answered if one.unit in registry.units])
    if not exchange.settings.answers_beside:
        return
    for one in answered:
        if one.unit is None and one.folder and registry.by_folder(one.folder) is None:
            stem = content.STEM.format(number=one.number)
            files = list(_files(answer_folder(exchange, None), (stem,)))
            _mirror(exchange, one.folder, files, keep=True)


def hand_over(exchange: Exchange, units: Iterable[str | None]) -> None:
    """Bring what the outbox holds for *units* to where they look, as the settings want it."""
    settings = exchange.settings
    codes = [code for code in dict.fromkeys(units) if code is not None]
    if not codes or not (settings.answers_beside or settings.answers_by_mail):
        return
    folders = _folders(exchange) if settings.answers_beside else {}
    newest: dict[str, list[Newest]] = {}
    for one in exchange.store.newest(codes):
        newest.setdefault(one.unit, []).append(one)
    for code in codes:
        given = newest.get(code, [])
        files = list(_current(exchange, code, given))
        for folder in folders.get(code, ()):
            _mirror(exchange, folder, files)
        if settings.answers_by_mail:
            pack_post(exchange, exchange.registry.units[code], given, files)


def passes_by(exchange: Exchange) -> Callable[[Path], bool]:
    """Return what tells of a file in a folder «Ответы» whether the intake passes it by.

    That is what lies there as it was put, what is no table, and everything where it is not known
    what was put.
    """
    notes: dict[str, dict[str, str] | None] = {}

    def passed(path: Path) -> bool:
        folder = path.parent.parent.name
        if folder not in notes:
            notes[folder] = _put(exchange, folder)
        put = notes[folder]
        if put is None or path.suffix.casefold() not in _BOOKS:
            return True
        try:
            return put.get(path.name) == system.sha256_of(path)
        except OSError:
            return True

    return passed


def _folders(exchange: Exchange) -> dict[str, list[str]]:
    """Folders of the inbox by the unit that looks into them."""
    found: dict[str, list[str]] = {}
    with system.storage_trouble("Папка входящих недоступна"), os.scandir(exchange.inbox) as inside:
        names = sorted(one.name for one in inside if one.is_dir(follow_symlinks=False))
    for name in names:
        unit = exchange.registry.by_folder(name)
        if unit is not None:
            found.setdefault(unit.code, []).append(name)
    return found


def _current(exchange: Exchange, code: str, given: Iterable[Newest]) -> Iterator[Path]:
    """Files for a unit: answers to the newest file of each form, and whatever has no number."""
    stems = tuple(content.STEM.format(number=one.number) for one in given)
    folder = answer_folder(exchange, code)
    yield from _files(folder, stems)
    yield from (path for path in _files(folder, ("",)) if not path.name.startswith(_NUMBERED))


def _files(folder: Path, stems: tuple[str, ...]) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            own = path.name.startswith(stems) and not path.name.startswith((".", "~"))
            if own and path.suffix not in _FOR_PROGRAMS and path.is_file():
                yield path


def _mirror(exchange: Exchange, folder: str, files: Iterable[Path], *, keep: bool = False) -> None:
    """Make «Ответы» of an inbox folder hold *files*; what somebody changed there stays.

    With *keep* what was put before stays too.
    """
    target = exchange.inbox / folder / ANSWERS_FOLDER
    before = _put(exchange, folder) or {}
    now: dict[str, str] = dict(before) if keep else {}
    with system.storage_trouble("Не удалось положить ответы рядом с файлами"):
        for path in files:
            data = path.read_bytes()
            now[path.name] = hashlib.sha256(data).hexdigest()
        # Noted first: what is there and not noted would come back as a file of the school.
        _note(exchange, folder, now | before)
        if not target.is_dir():
            target.mkdir(parents=True)
            system.open_as_folder(target)
        for path in files:
            copy = target / path.name
            ours = not copy.exists() or _is(copy, before.get(path.name))
            if ours and system.write_if_changed(copy, path.read_bytes()):
                system.open_as_folder(copy)
        for name in before.keys() - now.keys():
            if _is(target / name, before[name]):
                (target / name).unlink()
        _note(exchange, folder, now)


def _is(path: Path, sha256: str | None) -> bool:
    return sha256 is not None and path.is_file() and system.sha256_of(path) == sha256


def _put(exchange: Exchange, folder: str) -> dict[str, str] | None:
    try:
        return dict(json.loads(_note_path(exchange, folder).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _note(exchange: Exchange, folder: str, put: dict[str, str]) -> None:
    path = _note_path(exchange, folder)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    system.write_if_changed(path, json.dumps(put, sort_keys=True).encode(), private=True)


def _note_path(exchange: Exchange, folder: str) -> Path:
    """The name of a folder may be anything; that of its note is of our own making."""
    name = hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return exchange.workspace / STATE_FOLDER / DERIVED_FOLDER / _NOTES / f"{name}.json"
