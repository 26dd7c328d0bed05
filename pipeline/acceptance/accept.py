"""From the inbox to a recorded decision and an answer, a batch of files at a time.

The files of a batch are decided in the order they arrived, each by what came before it, and
recorded together; then they are answered and leave the inbox. A run that is cut off in between
finishes that the next time: what is in the inbox was not answered yet.
"""

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
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import system
from pipeline.acceptance import inbox
from pipeline.acceptance.children import workers
from pipeline.acceptance.decide import PreparedFile, Read, Scan, decide, prepare, seconds
from pipeline.acceptance.questions_book import (
    Filled,
    may_answer,
    take_answers,
    write_questions,
)
from pipeline.answers.again import answer_left
from pipeline.answers.hand_over import Answered, hand_over_left, handing_over, passes_by
from pipeline.answers.write import Begun, begin_answer, write_answer
from pipeline.errors import ConservationError, NastavnikError, UsageError
from pipeline.model import Arrival, Notice, Outcome, ParsedFile
from pipeline.reading.asked import REASON
from pipeline.reading.formats.zip import MAX_FILE, too_large
from pipeline.reading.pool import Workers
from pipeline.store.recorded import submission_of
from pipeline.store.rows import SubmissionInfo
from pipeline.workspace.compiled import open_meanwhile
from pipeline.workspace.dropped import keep_aside
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import STATE_FOLDER

if TYPE_CHECKING:
    from pipeline.store.batch import Batch

LOG = logging.getLogger("nastavnik.accept")
BATCH = 50
# Rows after which a batch ends: a school sends hundreds, and a batch is kept in memory.
BATCH_ROWS = 20_000
# Answers whose marked workbooks are kept in memory until their turn comes.
ANSWERS_AHEAD = 4
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Decided:
    """One file of a run: its number, whose it is, the outcome.

    `repeated` where nothing changed; `withheld` where a bug of ours kept it from being recorded
    or answered, so that the file stays in the inbox. `answers`, of a book of questions, say what
    became of each of its rows; such a book is no submission and has no number.
    """

    number: int
    unit: str | None
    outcome: Outcome
    repeated: bool = False
    withheld: bool = False
    answers: Mapping[str, str] | None = None


def decide_all(
    exchange: Exchange,
    arrivals: Sequence[Arrival],
    now: datetime,
    *,
    batch: int,
    progress: Callable[[int, int], None],
) -> Iterator[Decided]:
    """Decide and answer *arrivals*, up to *batch* at a time; an answered file leaves the inbox.

    Every decision depends on the file and on what came before it, so the size of a batch never
    shows in a result.
    """
    hand_over_left(exchange)
    answer_left(exchange, lambda: _pool(exchange, now))
    if not arrivals:
        _scan_note(exchange.workspace).unlink(missing_ok=True)
        write_questions(exchange)
        return
    exchange.keep_grounds()
    done = 0
    with _scans(exchange, arrivals, now) as scans, _pool(exchange, now) as pool:
        run = _Run(exchange, pool, scans)
        reading = _Reading(run, arrivals)
        for chunk, read in reading.batches(batch):
            for decided in run.decided(chunk, read):
                done += 1
                progress(done, len(arrivals))
                yield decided
        exchange.plugins.hear_readers(pool.failed_readers)
    write_questions(exchange)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A file whose decision is recorded, now or before, and which is to be answered."""

    arrival: Arrival
    submission: SubmissionInfo
    repeated: bool


class _Run:
    """What all files of a run share: the exchange, the children, the scan each was seen by."""

    def __init__(self, exchange: Exchange, pool: Workers, scans: Mapping[str, Scan]) -> None:
        self.exchange, self.pool, self._scans = exchange, pool, scans
        self._judged_by = exchange.judged_by
        # Whose the files of this run are, as far as it is known.
        self._units: dict[str, str | None] = {}
        self._opening = False

    def decided(self, arrivals: Sequence[Arrival], read: Sequence[Read]) -> Iterator[Decided]:
        """Record the decisions about a batch in one go, then answer file by file.

        Where the world breaks over a file, those before it are recorded and answered first.
        """
        books = {
            arrival.path: file.answers
            for arrival, file in read
            if file.reason == REASON and may_answer(self.exchange, arrival)
        }
        read = [one for one in read if one[0].path not in books]
        files = prepare(self.exchange, read, self._scans[arrivals[0].path].now)
        found: list[_Recorded | Decided] = []
        broken: Exception | None = None
        with self.exchange.store.batch() as batch:
            try:
                for arrival in (one for one in arrivals if one.path not in books):
                    one = self._guarded(arrival, self._record, batch, files)
                    found.append(one)  # kept where it breaks
            except (OSError, NastavnikError) as error:
                broken = error
        for one in found:
            if isinstance(one, _Recorded) and not one.repeated:
                self._tell(one.submission)
        with handing_over(self.exchange, [*_answered(found)]):
            for one, begun in self._begun(found):
                if isinstance(one, Decided):
                    yield one
                else:
                    yield self._guarded(one.arrival, self._answer, one, begun)
        if broken is not None:
            raise broken
        for arrival in arrivals:
            if arrival.path in books:
                yield self._guarded(arrival, self._take_answers, books[arrival.path])

    def _take_answers(self, arrival: Arrival, filled: Filled) -> Decided:
        said = take_answers(self.exchange, self._scans[arrival.path].now, filled)
        inbox.take_away(arrival, self.exchange.archive)
        return Decided(0, None, "accepted", answers=said)

    def repeat(self, arrival: Arrival, unit: str | None) -> int | None:
        """Number of the submission that a file repeats, where nothing it depends on changed."""
        store, current = self.exchange.store, self.exchange.plugins.digests
        scan = self._scans[arrival.path]
        same = self._same_arrival(arrival, scan) if scan.resumed else None
        if same is not None:
            return same
        known = store.repeat_of(arrival.sha256, unit) if unit is not None else None
        if (
            known is not None
            and dict(known.judged_by) == self._judged_by
            and all(current.get(form) == digest for form, digest in known.contracts.items())
        ):
            return known.number
        return None if scan.resumed else self._same_arrival(arrival, scan)

    def _same_arrival(self, arrival: Arrival, scan: Scan) -> int | None:
        """A file that was decided but is still in the inbox: the last run was cut off between."""
        return self.exchange.store.same_arrival(
            arrival.sha256, arrival.folder, arrival.name, seconds(arrival), scan=scan.number
        )

    def open_contracts(self) -> None:
        """Begin to open the contracts, which takes a second: the children read meanwhile."""
        if not self._opening:
            self._opening = True
            open_meanwhile(self.exchange.plugins.forms)

    def folder_unit(self, arrival: Arrival) -> str | None:
        """Code of the unit in whose folder a file lies."""
        registry = self.exchange.registry
        unit = registry.by_folder(arrival.folder) if arrival.folder else None
        return unit.code if unit else None

    def _guarded(self, arrival: Arrival, step: Callable[..., Done], *words: Any) -> Done | Decided:
        """Take a step with one file; a bug over it must not stop the others."""
        try:
            return step(arrival, *words)
        except (OSError, NastavnikError) as error:
            if not isinstance(error, ConservationError):
                raise
            return self._withheld(arrival, error)
        except Exception as error:  # noqa: BLE001  # whatever a bug or a plugin may raise
            return self._withheld(arrival, error)

    def _record(
        self, arrival: Arrival, batch: Batch, files: Mapping[str, PreparedFile | Exception]
    ) -> _Recorded:
        """Record the decision about a file unless it is there already."""
        file = files.get(arrival.path)
        if isinstance(file, Exception):
            raise file
        unit = self._units[arrival.path] = _unit(file) if file else self.folder_unit(arrival)
        # Asked again, because an earlier file may be the same one.
        number = self.repeat(file.arrival if file else arrival, unit)
        if number is not None:
            known = self.exchange.store.submission(number)
            assert known is not None
            return _Recorded(arrival, known, repeated=True)
        if file is None:
            # What this file repeated was replaced by an earlier file of this very run.
            read = _Reading(self, (arrival,)).upto(1)
            again = prepare(self.exchange, read, self._scans[arrival.path].now)
            return self._record(arrival, batch, again)
        record = decide(self.exchange, file, self._scans[arrival.path])
        number = batch.append(record, record.moment)
        return _Recorded(arrival, submission_of(number, record), repeated=False)

    def _begun(
        self, found: Sequence[_Recorded | Decided]
    ) -> Iterator[tuple[_Recorded | Decided, Begun | None]]:
        """Ask for the marks of the next answers while one is written, so that all children work."""
        asked: deque[tuple[_Recorded | Decided, Begun | None]] = deque()
        for one in found:
            begun = None
            if isinstance(one, _Recorded):
                # What fails here fails again when its turn comes, and is told then.
                with contextlib.suppress(Exception):
                    begun = begin_answer(self.exchange, self.pool, one.submission)
            asked.append((one, begun))
            if len(asked) > ANSWERS_AHEAD:
                yield asked.popleft()
        yield from asked

    def _answer(self, arrival: Arrival, one: _Recorded, begun: Begun | None) -> Decided:
        """Answer a file and take it out of the inbox."""
        exchange, done = self.exchange, one.submission
        write_answer(exchange, self.pool, done, begun)
        if Path(arrival.path).is_relative_to(exchange.inbox):
            inbox.take_away(arrival, exchange.archive)
        return Decided(done.number, done.unit, done.outcome, one.repeated)

    def _tell(self, done: SubmissionInfo) -> None:
        self.exchange.plugins.emit(
            "submission_decided", number=done.number, unit=done.unit or "", outcome=done.outcome
        )

    def _withheld(self, arrival: Arrival, error: Exception) -> Decided:
        """Name a bug by its class and place only: its words may hold what stood in the file."""
        frames = traceback.extract_tb(error.__traceback__)[-1:]
        place = "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        LOG.error("a file was withheld: %s%s", type(error).__name__, place)
        self.exchange.plugins.emit("run_failed", step="accept", error=type(error).__name__)
        unit = self._units.get(arrival.path) or self.folder_unit(arrival)
        return Decided(0, unit, "held", withheld=True)


def _answered(found: Sequence[_Recorded | Decided]) -> Iterator[Answered]:
    for one in found:
        if isinstance(one, _Recorded):
            done = one.submission
            yield Answered(done.unit, done.folder, done.number)


class _Reading:
    """Files as the children read them, some ahead of the batch that is being judged."""

    def __init__(self, run: _Run, arrivals: Sequence[Arrival]) -> None:
        self._arrivals = arrivals
        self._asked: deque[int] = deque()
        self._ready: list[tuple[int, ParsedFile]] = []
        self._stream = run.pool.read(self._fresh(run))

    def batches(self, most: int) -> Iterator[tuple[Sequence[Arrival], list[Read]]]:
        """Cut the arrivals into batches; the files of each that had to be read stand beside it."""
        end = 0
        while end < len(self._arrivals):
            start, rows, taken = end, 0, list[Read]()
            while end < min(start + most, len(self._arrivals)) and rows < BATCH_ROWS:
                end += 1
                read = self.upto(end)
                rows += sum(len(part) for _, file in read for part in file.parts)
                taken += read
            yield self._arrivals[start:end], taken

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

    def _fresh(self, run: _Run) -> Iterator[tuple[str, Path, str]]:
        for place, arrival in enumerate(self._arrivals):
            if run.repeat(arrival, run.folder_unit(arrival)) is None:
                if inbox.too_large(arrival):
                    self._ready.append((place, _refused(arrival)))
                    continue
                run.open_contracts()
                self._asked.append(place)
                yield str(place), run.exchange.archive.path(arrival.sha256), arrival.name


def _refused(arrival: Arrival) -> ParsedFile:
    """What is said of a file by its size alone; no child reads the beginning of it."""
    refusal = too_large(arrival.size, MAX_FILE)
    notice = Notice(refusal.code, "error", params=refusal.params)
    return ParsedFile(reason=refusal.code, notices=(notice,))


def _pool(exchange: Exchange, now: datetime) -> Workers:
    return workers(exchange.plugins, exchange.settings, now)


def _unit(file: PreparedFile) -> str | None:
    return file.identity.unit.code if file.identity.unit else None


@contextlib.contextmanager
def _scans(
    exchange: Exchange, arrivals: Sequence[Arrival], now: datetime
) -> Iterator[Mapping[str, Scan]]:
    """Give each path the scan by which it was first seen, also after a run that was cut off.

    Two files for one form of one scan are judged together, and a file that was decided is known
    again by its scan, so it must not be forgotten half way.
    """
    path = _scan_note(exchange.workspace)
    before = _seen_before(path)
    number = str(exchange.store.next_number())
    scans = {a.path: before.get(_place(a), number) for a in arrivals}
    if len(arrivals) > 1:
        places = {_place(a): scans[a.path] for a in arrivals}
        system.write_whole(path, json.dumps(places).encode(), private=True)
    yield {a.path: Scan(scans[a.path], now, resumed=_place(a) in before) for a in arrivals}
    path.unlink(missing_ok=True)


def _scan_note(workspace: Path) -> Path:
    return workspace / STATE_FOLDER / "scan.json"


def _seen_before(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        # Without it two files of one scan are told apart by their order only.
        return {}


def _place(arrival: Arrival) -> str:
    return f"{arrival.sha256}|{arrival.modified_ns}"


def waiting(exchange: Exchange, *, quiet: float) -> tuple[Arrival, ...]:
    """Return the complete files of the inbox, each already in the archive.

    What could not be read or copied is noted for `lying_aside`; the others do not wait for it.
    """
    scanned = inbox.scan(exchange.inbox, exchange.archive, passes_by(exchange), quiet_seconds=quiet)
    keep_aside(exchange.workspace, scanned.asides)
    if scanned.asides:
        LOG.warning("files of the inbox left aside: %d", len(scanned.asides))
    return scanned.arrivals


def arrivals_of(exchange: Exchange, file: Path, unit: str) -> tuple[Arrival, ...]:
    """Return one file given by hand, for *unit* or for whomever its content names."""
    if unit and unit not in exchange.registry.units:
        raise UsageError(f"Организации «{unit}» нет в реестре units.csv.")
    arrival = inbox.arrival_of(file, exchange.archive, folder=unit)
    if arrival is None:
        raise UsageError(f"Файл «{file.name}» – ссылка или ещё записывается. Укажите сам файл.")
    return (arrival,)
