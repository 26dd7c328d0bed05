"""From the inbox to a recorded decision and an answer, file by file in the order they arrived."""

from __future__ import annotations

import contextlib
import json
import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import system
from pipeline.acceptance import inbox
from pipeline.acceptance.decide import Case, Look, Read, decide, prepare, seconds
from pipeline.answers.write import write_answer
from pipeline.errors import ConservationError, NastavnikError, UsageError
from pipeline.model import Arrival, Outcome, ParsedFile
from pipeline.reading.parse import workers
from pipeline.reading.pool import Workers
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import STATE_FOLDER

LOG = logging.getLogger("nastavnik.accept")
BATCH = 50


@dataclass(frozen=True, slots=True)
class Decided:
    """One file of a run: its number, whose it is, the outcome.

    `repeated` where nothing changed; `withheld` where a bug of ours kept it from being recorded
    or answered, so that the file stays in the inbox.
    """

    number: int
    unit: str | None
    outcome: Outcome
    repeated: bool = False
    withheld: bool = False


def decide_all(
    exchange: Exchange,
    arrivals: Sequence[Arrival],
    now: datetime,
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Decided]:
    """Decide and answer *arrivals* one by one; an answered file leaves the inbox.

    Batches only share reading and pandera: every decision depends on the file and on what came
    before it, so the size of a batch never shows in a result.
    """
    if not arrivals:
        _look_note(exchange).unlink(missing_ok=True)
        return
    exchange.keep_grounds()
    done = 0
    with _looks(exchange, arrivals, now) as looks, _pool(exchange, now) as pool:
        reading = _Reading(exchange, pool, arrivals)
        for start in range(0, len(arrivals), batch):
            chunk = arrivals[start : start + batch]
            read = reading.upto(start + batch)
            for decided in _decide(exchange, pool, chunk, read, looks):
                done += 1
                progress(done, len(arrivals))
                yield decided
        exchange.plugins.hear_readers(pool.failed_readers)


class _Reading:
    """Files as the children read them, some ahead of the batch that is being judged."""

    def __init__(self, exchange: Exchange, pool: Workers, arrivals: Sequence[Arrival]) -> None:
        self._arrivals = arrivals
        self._asked: deque[int] = deque()
        self._ready: list[tuple[int, ParsedFile]] = []
        self._stream = pool.read(self._fresh(exchange))

    def upto(self, end: int) -> list[Read]:
        """Return what was read of the arrivals before place *end* and not returned yet."""
        while not self._asked or self._asked[0] < end:
            answer = next(self._stream, None)
            if answer is None:
                break
            self._ready.append((self._asked.popleft(), answer[1]))
        taken = [(self._arrivals[place], file) for place, file in self._ready if place < end]
        self._ready = [one for one in self._ready if one[0] >= end]
        return taken

    def _fresh(self, exchange: Exchange) -> Iterator[tuple[str, Path, str]]:
        for place, arrival in enumerate(self._arrivals):
            if _repeat(exchange, arrival, _folder_unit(exchange, arrival)) is None:
                self._asked.append(place)
                yield str(place), exchange.archive.path(arrival.sha256), arrival.name


def _pool(exchange: Exchange, now: datetime) -> Workers:
    return workers(exchange.plugins, exchange.settings, now)


@contextlib.contextmanager
def _looks(
    exchange: Exchange, arrivals: Sequence[Arrival], now: datetime
) -> Iterator[Mapping[str, Look]]:
    """Give each path the look by which it was first seen, also after a run that was cut off.

    Two files for one form of one look are judged together, so it must not be forgotten half way.
    """
    path = _look_note(exchange)
    before = _seen_before(path)
    number = str(exchange.store.next_number())
    scans = {a.path: before.get(_place(a), number) for a in arrivals}
    if len(arrivals) > 1:
        places = {_place(a): scans[a.path] for a in arrivals}
        system.write_whole(path, json.dumps(places).encode(), private=True)
    yield {place: Look(scan, now) for place, scan in scans.items()}
    path.unlink(missing_ok=True)


def _look_note(exchange: Exchange) -> Path:
    return exchange.workspace / STATE_FOLDER / "look.json"


def _seen_before(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        # Without it two files of one look are told apart by their order only.
        return {}


def _place(arrival: Arrival) -> str:
    return f"{arrival.sha256}|{arrival.modified_ns}"


def _decide(
    exchange: Exchange,
    pool: Workers,
    arrivals: Sequence[Arrival],
    read: Sequence[Read],
    looks: Mapping[str, Look],
) -> Iterator[Decided]:
    cases = prepare(exchange, read, looks[arrivals[0].path].now)
    for arrival in arrivals:
        case = cases.get(arrival.path)
        if isinstance(case, Exception):
            yield _withheld(exchange, case, _folder_unit(exchange, arrival))
            continue
        unit = _unit(exchange, arrival, case)
        # Asked again, because an earlier file may be the same one.
        number = _repeat(exchange, case.arrival if case else arrival, unit)
        if number is None and case is None:
            # What this file repeated was replaced by an earlier file of this very run.
            alone = (arrival,)
            read_now = _Reading(exchange, pool, alone).upto(1)
            yield from _decide(exchange, pool, alone, read_now, looks)
            continue
        try:
            yield _settle(exchange, arrival, case, number, looks[arrival.path])
        except (OSError, NastavnikError) as error:
            if not isinstance(error, ConservationError):
                raise
            yield _withheld(exchange, error, unit)
        except Exception as error:  # noqa: BLE001  # a bug over one file must not stop the others
            yield _withheld(exchange, error, unit)


def _settle(
    exchange: Exchange, arrival: Arrival, case: Case | None, number: int | None, look: Look
) -> Decided:
    """Record the decision unless it is there, answer, and take the file out of the inbox."""
    repeated = number is not None
    if number is None:
        assert case is not None
        record = decide(exchange, case, look)
        number = exchange.store.append(record, record.moment)
        unit, outcome = record.unit, record.outcome
        exchange.plugins.emit("submission_decided", number=number, unit=unit or "", outcome=outcome)
    else:
        known = exchange.store.submission(number)
        assert known is not None
        unit, outcome = known.unit, known.outcome
    write_answer(exchange, number)
    if Path(arrival.path).is_relative_to(exchange.inbox):
        inbox.take_away(arrival, exchange.archive)
    return Decided(number, unit, outcome, repeated)


def _withheld(exchange: Exchange, error: Exception, unit: str | None) -> Decided:
    """Name a bug by its class and place only: its words may hold what stood in the file."""
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    LOG.error("a file was withheld: %s%s", type(error).__name__, place)
    exchange.plugins.emit("run_failed", step="accept", error=type(error).__name__)
    return Decided(0, unit, "held", withheld=True)


def _unit(exchange: Exchange, arrival: Arrival, case: Case | None) -> str | None:
    if case is None:
        return _folder_unit(exchange, arrival)
    return case.identity.unit.code if case.identity.unit else None


def _folder_unit(exchange: Exchange, arrival: Arrival) -> str | None:
    unit = exchange.registry.by_folder(arrival.folder) if arrival.folder else None
    return unit.code if unit else None


def _repeat(exchange: Exchange, arrival: Arrival, unit: str | None) -> int | None:
    """Number of the submission that this file repeats, where nothing it depends on has changed."""
    if unit is not None:
        known = exchange.store.repeat_of(arrival.sha256, unit)
        current = exchange.plugins.digests
        if (
            known is not None
            and dict(known.judged_by) == exchange.judged_by
            and all(current.get(form) == digest for form, digest in known.contracts.items())
        ):
            return known.number
    # A file that was decided but is still in the inbox: the last run was cut off in between.
    return exchange.store.same_arrival(
        arrival.sha256, arrival.folder, arrival.name, seconds(arrival)
    )


def waiting(exchange: Exchange, *, quiet: float) -> tuple[Arrival, ...]:
    """Return the complete files of the inbox, each already in the archive."""
    return inbox.scan(exchange.inbox, exchange.archive, quiet_seconds=quiet)


def given(exchange: Exchange, file: Path, unit: str) -> tuple[Arrival, ...]:
    """Return one file given by hand, for *unit* or for whomever its content names."""
    if unit and unit not in exchange.registry.units:
        raise UsageError(f"Организации «{unit}» нет в реестре units.csv.")
    arrival = inbox.arrival_of(file, exchange.archive, folder=unit)
    if arrival is None:
        raise UsageError(f"Файл «{file.name}» – ссылка или ещё записывается. Укажите сам файл.")
    return (arrival,)
