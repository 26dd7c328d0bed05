"""All that is done to the bytes of one file, inside the limited process.

To read it: look, choose a reader, read, recognise. To answer it: put marks into a copy.

Started as `python -I -m pipeline.reading.child`. The first line on stdin says how to work, each
further line names a file, with a protocol where it is to be marked; each is answered by one line:
what went wrong of ours (mostly nothing), a tab, and the text of `pipeline.reading.codec`. Nothing
but these lines reaches the parent.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import math
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from contracts.plan import form_plan_from_json, vocabulary_from_json
from pipeline import system
from pipeline.errors import FileRefusedError
from pipeline.hookspecs import Reader
from pipeline.model import Book, Notice, ParsedFile, Protocol
from pipeline.reading import codec, guard

# A kind outside the guard's list is read only by a reader that is surer of it than ours are.
_SURE = 0.5
_FILE_BYTES = 64_000_000
_OPEN_FILES = 64
# A workbook is a hundred thousand objects without cycles: looking for some at the usual pace takes
# a tenth of the time.
_OBJECTS_BETWEEN_LOOKS = 100_000

Step = Callable[[Book], ParsedFile]


class TieError(Exception):
    """Two readers claim a file with the same score; the settings must leave one out."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a child needs for every file: readers, the recognising step, seconds per file."""

    readers: tuple[Reader, ...]
    recognise: Step
    cpu_seconds: float
    failed: tuple[str, ...] = ()
    troubled: set[str] = field(default_factory=set)

    def read(self, path: Path, name: str) -> ParsedFile:
        """Return what a file holds, or the notice code that says why it cannot be taken."""
        verdict = guard.inspect(path)
        try:
            return self.recognise(self._book(path, name, verdict))
        except FileRefusedError as refusal:
            return refused(refusal.code, refusal.params)

    def _book(self, path: Path, name: str, verdict: guard.Verdict) -> Book:
        code = verdict.code
        if code and code != "file_format":
            raise FileRefusedError(code, **verdict.params)
        reader = self._choose(verdict.head, name, above=_SURE if code else 0.0)
        if reader is None:
            found = verdict.params.get("found", verdict.kind)
            raise FileRefusedError("file_format", found=found)
        book = reader.read(str(path))
        if all(row.count(None) == len(row) for sheet in book.sheets for row in sheet.rows):
            raise FileRefusedError("file_empty")
        return book

    def _choose(self, head: bytes, name: str, *, above: float) -> Reader | None:
        scores = sorted(
            ((self._score(reader, head, name), reader.name, reader) for reader in self.readers),
            key=lambda scored: scored[:2],
        )
        claims = [scored for scored in scores if scored[0] > above]
        if len(claims) > 1 and claims[-1][0] == claims[-2][0]:
            raise TieError(f"{claims[-2][1]}|{claims[-1][1]}")
        return claims[-1][2] if claims else None

    def _score(self, reader: Reader, head: bytes, name: str) -> float:
        """How sure a reader is; one that fails is passed over: it is asked of every file."""
        try:
            score = float(reader.sniff(head, name))
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException:  # noqa: BLE001  # a foreign plugin may fail in any way
            score = math.nan
        if 0 <= score <= 1:
            return score
        self.troubled.add(reader.name)
        return 0.0


def refused(code: str, params: Mapping[str, str]) -> ParsedFile:
    """Return the answer for a file that cannot be taken, with the words of its notice."""
    notice = Notice(code, "error", sheet=params.get("sheet"), params=dict(params))
    return ParsedFile(reason=code, notices=(notice,))


def prepare(setup: Mapping[str, Any]) -> Work:
    """Build the work from the first line; a reader that cannot be imported is left out."""
    sys.path += [entry for entry in setup["sys_path"] if entry not in sys.path]
    readers, failed = [], []
    for name, sniff, read in setup["readers"]:
        try:
            readers.append(Reader(name, "", _named(sniff), _named(read)))
        except Exception:  # noqa: BLE001  # a foreign plugin may fail in any way
            failed.append(name)
    recognise = functools.partial(
        _named(setup["step"]),
        plans=tuple(map(form_plan_from_json, setup["plans"])),
        vocabularies={key: vocabulary_from_json(v) for key, v in setup["vocabularies"].items()},
        today=date.fromisoformat(setup["today"]),
        area_code=setup["area_code"],
    )
    return Work(tuple(readers), recognise, setup["cpu_seconds"], tuple(failed))


def marked(path: Path, protocol: Protocol) -> str:
    """Return a workbook with its marks as one line, empty where it cannot carry them."""
    from pipeline.reading.annotate.mark import annotate  # noqa: PLC0415  # only to answer
    from pipeline.reading.annotate.package import CannotAnnotate  # noqa: PLC0415  # only to answer

    try:
        return codec.workbook_to_text(annotate(path.read_bytes(), protocol))
    except CannotAnnotate:
        return ""


def answer(work: Work, request: Mapping[str, Any]) -> tuple[str, str]:
    """Return what went wrong of ours (class and line, never a value) and the text of the answer."""
    path, protocol = Path(request["path"]), request.get("protocol")
    try:
        if protocol is not None:
            return "", marked(path, codec.unpack(protocol, Protocol))
        parsed = codec.to_json(work.read(path, request["name"]))
        return "".join(f"ReaderError {name}" for name in sorted(work.troubled)[:1]), parsed
    except TieError as error:
        fault = f"TieError {error}"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  # a panic of a Rust library is no Exception
        fault = _place(error)
    return fault, codec.to_json(refused("file_unreadable", {})) if protocol is None else ""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every line of *requests*; end when they end, or when memory ran out once."""
    setup = json.loads(requests.readline())
    system.limit_this_process(
        memory_bytes=setup["memory_bytes"], file_bytes=_FILE_BYTES, open_files=_OPEN_FILES
    )
    work = prepare(setup)
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    answers.write(json.dumps({"ready": True, "failed": work.failed}).encode() + b"\n")
    answers.flush()
    for line in requests:
        system.allow_cpu(work.cpu_seconds)
        fault, text = answer(work, json.loads(line))
        answers.write(f"{fault}\t{text}\n".encode())
        answers.flush()
        if fault.startswith("MemoryError"):
            return


def main() -> None:
    """Take the channel away from descriptors 0 and 1, where libraries could write, and serve."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with requests, answers:
        serve(requests, answers)


def _named(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    return type(error).__name__ + where


if __name__ == "__main__":
    main()
