"""Answers to a file that was judged again: to whom it belongs now, and to nobody else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from pipeline import system
from pipeline.answers import content
from pipeline.answers.hand_over import hand_over
from pipeline.answers.write import answer_folder, receipt_path, write_answer, write_supplement
from pipeline.reading.pool import Workers
from pipeline.workspace.exchange import UNITS_FOLDER, Exchange
from pipeline.workspace.settings import STATE_FOLDER

_PENDING = "answer-anew.json"


@dataclass(frozen=True, slots=True)
class Anew:
    """A submission that is to be answered anew, after which fact, and whom that concerns."""

    number: int
    fact: int
    units: tuple[str | None, ...]


@contextlib.contextmanager
def answering_anew(exchange: Exchange, anew: Anew) -> Iterator[None]:
    """Note what is to be answered, for a run that is cut off before it is."""
    note = exchange.workspace / STATE_FOLDER / _PENDING
    system.write_whole(note, json.dumps(astuple(anew)).encode(), private=True)
    yield
    note.unlink(missing_ok=True)


def answer_left(
    exchange: Exchange, pool: Callable[[], contextlib.AbstractContextManager[Workers]]
) -> None:
    """Answer anew what a run that was cut off had judged again and not answered."""
    note = exchange.workspace / STATE_FOLDER / _PENDING
    try:
        number, fact, units = json.loads(note.read_bytes())
    except (FileNotFoundError, ValueError, TypeError):
        return
    left = Anew(number, fact, tuple(units))
    with pool() as children, answering_anew(exchange, left):
        answer_anew(exchange, children, left)


def answer_anew(exchange: Exchange, pool: Workers, anew: Anew) -> None:
    """Give the unit of a submission its answer, and take away what others had of it.

    Done twice it changes nothing. A receipt that is there stays and gets a supplement.
    """
    submission = exchange.store.submission(anew.number)
    if submission is None:
        return
    own = answer_folder(exchange, submission.unit)
    for folder in _folders(exchange):
        if folder != own:
            _take_away(folder, _names(folder, anew.number))
    marks = (content.MARKED_FILE, content.PROTOCOL_FILE)
    stem = content.STEM.format(number=anew.number)
    _take_away(own, [name.format(stem=stem) for name in marks])
    had = receipt_path(exchange, submission).is_file()
    write_answer(exchange, pool, submission)
    if had and exchange.store.head.seq >= anew.fact:
        write_supplement(exchange, anew.number, anew.fact)
    hand_over(exchange, [unit for unit in anew.units if unit in exchange.registry.units])


def _folders(exchange: Exchange) -> Iterator[Path]:
    yield answer_folder(exchange, None)
    units = exchange.outbox / UNITS_FOLDER
    if units.is_dir():
        yield from sorted(one for one in units.iterdir() if one.is_dir())


def _names(folder: Path, number: int) -> list[str]:
    stem = content.STEM.format(number=number)
    if not folder.is_dir():
        return []
    return [one.name for one in folder.iterdir() if one.name.startswith(f"{stem} ")]


def _take_away(folder: Path, names: list[str]) -> None:
    with system.storage_trouble("Не удалось убрать прежний ответ"):
        for name in names:
            (folder / name).unlink(missing_ok=True)
