"""Keeps limited child processes busy with files, and outlives whatever the files do to them."""

from __future__ import annotations

import collections
import contextlib
import json
import logging
import os
import queue
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from contracts.plan import FormPlan, Vocabulary
from pipeline import system
from pipeline.errors import NastavnikError, SettingsError, StorageError
from pipeline.hookspecs import Reader
from pipeline.model import Notice, ParsedFile, Protocol
from pipeline.reading import codec
from pipeline.reading.turns import Turns

_T = TypeVar("_T")
_Jobs = collections.deque[tuple[Future[Any], Callable[[], Any]]]
_log = logging.getLogger("nastavnik.worker")
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.2
# Answers that wait for an earlier file are kept in memory, so there are only so many per child.
_AHEAD = 16
# The child may be in the hands of a file: only words that cannot carry its values are logged.
_FAULT = re.compile(r"[A-Za-z]{1,60}( [A-Za-z0-9_]{1,60}\.(py|rs):\d{1,6})?")
# Faults after which a process is not trusted with another file.
_BROKEN = ("MemoryError", "PanicException", "RecursionError")
_UNREADABLE = ParsedFile(reason="file_unreadable", notices=(Notice("file_unreadable", "error"),))


@dataclass(frozen=True, slots=True)
class ChildSetup:
    """What every child is told at its start.

    `step` names, as «module:function», what turns a book into a `ParsedFile`; `memory_bytes` bounds
    the address space of a child, `cpu_seconds` its computing on one file (neither on Windows).
    """

    plans: tuple[FormPlan, ...]
    vocabularies: Mapping[str, Vocabulary]
    readers: tuple[Reader, ...]
    today: date
    step: str
    area_code: str = ""
    memory_bytes: int = 1 << 30
    cpu_seconds: float = 20.0
    sys_path: tuple[str, ...] = field(default_factory=lambda: tuple(filter(None, sys.path)))

    def message(self) -> bytes:
        """Return the first line for a child.

        Raises:
            SettingsError: a reader is not made of functions that another process can import.
        """
        return _line(
            {
                "plans": [asdict(plan) for plan in self.plans],
                "vocabularies": {key: asdict(value) for key, value in self.vocabularies.items()},
                "readers": [
                    [reader.name, _where(reader, reader.sniff), _where(reader, reader.read)]
                    for reader in self.readers
                ],
                "today": self.today.isoformat(),
                "area_code": self.area_code,
                "step": self.step,
                "memory_bytes": self.memory_bytes,
                "cpu_seconds": self.cpu_seconds,
                "sys_path": self.sys_path,
            }
        )


class Workers:
    """A pool of limited children that read files and put marks into them; a context manager.

    A child that dies over a file or takes too long is replaced, and the file is tried once more by
    a fresh one that has the machine to itself: what overran only because others were busy is read
    then. After that the file ends as `file_unreadable`, or without marks, and the others go on.
    Computing is what is limited (`ChildSetup.cpu_seconds`); `wall_seconds` is for a child that
    waits for ever. Children start when they are first needed, and each is retired after
    `recycle_after` files.
    """

    def __init__(
        self,
        setup: ChildSetup,
        *,
        count: int | None = None,
        wall_seconds: float = 120.0,
        recycle_after: int = 200,
    ) -> None:
        self.failed_readers: frozenset[str] = frozenset()
        self._count = count or min(2, os.cpu_count() or 1)
        self._message = setup.message()
        self._readers = frozenset(reader.name for reader in setup.readers)
        self._wall_seconds = wall_seconds
        self._recycle_after = recycle_after
        self._running: set[_Child] = set()
        self._asked: set[Future[Any]] = set()
        self._marks: _Jobs = collections.deque()
        self._files: _Jobs = collections.deque()
        self._idle: queue.SimpleQueue[_Child | None] = queue.SimpleQueue()
        for _ in range(self._count):
            self._idle.put(None)
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")
        self._turns = Turns()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child and wait until none is left."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for jobs in (self._marks, self._files):
            with contextlib.suppress(IndexError):
                while True:
                    jobs.popleft()[0].cancel()
        while self._asked:
            for child in tuple(self._running):
                child.kill()
            wait(tuple(self._asked), timeout=0.01)
        self._threads.shutdown(wait=True)
        for _ in range(self._count):
            idle = self._idle.get()
            if idle is not None:
                idle.end()
            self._idle.put(None)

    def read(self, files: Iterable[tuple[str, Path, str]]) -> Iterator[tuple[str, ParsedFile]]:
        """Read files given as (id, path, original name); answer in the order they were given.

        Raises:
            SettingsError: two readers claim a file with the same score.
            StorageError: no child can be started on this machine.
        """
        pending: collections.deque[tuple[str, Future[ParsedFile | None]]] = collections.deque()
        try:
            for number, path, name in files:
                request = _line({"path": str(path), "name": name})
                asked = self._submit("reading", number, request, codec.from_json, self._files)
                pending.append((number, asked))
                if len(pending) >= _AHEAD * self._count:
                    yield self._first(pending)
            while pending:
                yield self._first(pending)
        finally:
            for _, future in pending:
                future.cancel()

    def annotate(self, number: str, path: Path, protocol: Protocol) -> bytes | None:
        """Return the workbook at *path* with its marks; None where it cannot carry them.

        Raises:
            StorageError: no child can be started on this machine.
        """
        return self.ask_marks(number, path, protocol)()

    def ask_marks(self, number: str, path: Path, protocol: Protocol) -> Callable[[], bytes | None]:
        """Ask for the workbook of `annotate`; what is returned waits for it.

        It goes before the files that wait to be read.
        """
        request = _line({"path": str(path), "protocol": codec.pack(protocol)})
        understand = codec.workbook_from_line
        future = self._submit("marking", number, request, understand, self._marks)
        return lambda: self._result(future) or None

    def _submit(
        self,
        deed: str,
        number: str,
        request: bytes,
        understand: Callable[[bytes], _T],
        jobs: _Jobs,
    ) -> Future[_T | None]:
        future: Future[_T | None] = Future()
        self._asked.add(future)
        future.add_done_callback(self._asked.discard)
        jobs.append((future, lambda: self._ask(f"{deed} {number}", request, understand)))
        self._threads.submit(self._work)
        return future

    def _work(self) -> None:
        """Do the first job that waits; there is one for each time this is called."""
        for jobs in (self._marks, self._files):
            try:
                future, job = jobs.popleft()
            except IndexError:
                continue
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except BaseException as error:  # noqa: BLE001  # raised where it is waited for
                    future.set_exception(error)
            return

    def _first(
        self, pending: collections.deque[tuple[str, Future[ParsedFile | None]]]
    ) -> tuple[str, ParsedFile]:
        number, future = pending.popleft()
        return number, self._result(future) or _UNREADABLE

    def _result(self, future: Future[_T]) -> _T:
        try:
            while not wait((future,), timeout=_LOOK_SECONDS).done:
                self._end_overdue()
        except BaseException:
            future.cancel()
            raise
        return future.result()

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for child in tuple(self._running):
            if now > child.deadline:
                child.kill()

    def _ask(self, what: str, request: bytes, understand: Callable[[bytes], _T]) -> _T | None:
        for again in (False, True):
            with self._turns.alone() if again else self._turns.beside():
                child = self._take(fresh=again)
                if child is None:
                    break
                answer = None
                try:
                    line = child.ask(request, self._wall_seconds)
                    answer = self._understand(what, line, child, understand)
                finally:
                    self._give_back(child, alive=answer is not None)
            if answer is not None:
                return answer
            _log.warning("%s: the process was ended", what)
        return None

    def _understand(
        self, what: str, line: bytes | None, child: _Child, understand: Callable[[bytes], _T]
    ) -> _T | None:
        """Return the answer of a child, None where it gave none that can be believed."""
        if line is None:
            return None
        fault, _, answer = line.partition(b"\t")
        if fault:
            self._hear(what, fault.decode("utf-8", "replace"), child)
        try:
            return understand(answer)
        except codec.ProtocolError:
            return None

    def _hear(self, what: str, fault: str, child: _Child) -> None:
        kind, _, rest = fault.partition(" ")
        rivals = rest.split("|")
        if kind == "TieError" and self._readers.issuperset(rivals):
            raise SettingsError(
                "Файл хотят читать две программы чтения с одинаковой уверенностью:"
                f" {', '.join(rivals)}. Отключите одну из них."
            )
        if kind == "ReaderError" and rest in self._readers:
            self.failed_readers |= {rest}
            return
        child.retire = kind in _BROKEN
        _log.warning("%s: %s", what, fault if _FAULT.fullmatch(fault) else "a fault")

    def _take(self, *, fresh: bool) -> _Child | None:
        child = self._idle.get()
        if child is not None and (fresh or child.retire or child.answered >= self._recycle_after):
            child.end()
            child = None
        if self._closed:
            self._idle.put(child)
            return None
        if child is None:
            try:
                child = self._start()
            except BaseException:
                self._idle.put(None)
                raise
        self._running.add(child)
        return child

    def _give_back(self, child: _Child, *, alive: bool) -> None:
        self._running.discard(child)
        if not alive:
            child.end()
        self._idle.put(child if alive else None)

    def _start(self) -> _Child:
        for _ in range(2):
            child = _Child()
            self._running.add(child)
            line = child.ask(self._message, _START_SECONDS)
            self._running.discard(child)
            with contextlib.suppress(ValueError, TypeError, KeyError):
                failed = json.loads(line or b"")["failed"]
                self.failed_readers |= self._readers.intersection(failed)
                return child
            child.end()
        raise NastavnikError("Процесс чтения файлов не запускается: он завершился до работы.")


class _Child:
    """One process; `ask` is used by one thread at a time, `kill` by any."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-X", "utf8", "-m", "pipeline.reading.child"]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                **system.child_options(),
            )
        except OSError as error:
            raise StorageError(
                f"Процесс чтения файлов не запускается: {system.reason(error)}."
            ) from error
        self.deadline = float("inf")
        self.retire = False
        self.answered = -1

    def ask(self, request: bytes, seconds: float) -> bytes | None:
        """Send a line and return the answer's line; None when the process ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.deadline = time.monotonic() + seconds
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            line = self._process.stdout.readline(codec.MAX_ANSWER)
        except (OSError, ValueError):
            line = b""
        self.deadline = float("inf")
        self.answered += 1
        return line if line.endswith(b"\n") else None

    def kill(self) -> None:
        """End the process now; the thread that waits for its answer hears of it."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """End the process and collect it."""
        system.end_process(self._process)


def _line(message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _where(reader: Reader, function: object) -> str:
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    if not module or not name.isidentifier():
        raise SettingsError(
            f"Программа чтения «{reader.name}» не подключается: её функции должны стоять на верхнем"
            " уровне модуля."
        )
    return f"{module}:{name}"
