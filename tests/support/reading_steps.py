"""What a child does with a book in the tests of the pool: counts, or misbehaves on demand.

The first cell of the book is the order. The child imports this module by its name.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path

from pipeline.model import Book, ParsedFile, Sheet

FAR_TOO_MUCH = 3 << 30


class Panic(BaseException):
    """Stands for a panic of a Rust library, which is no `Exception`."""


def recognise(book: Book, **_words) -> ParsedFile:
    first = next(value for sheet in book.sheets for row in sheet.rows for value in row if value)
    order, _, rest = str(first).partition(" ")
    told = _ORDERS.get(order, lambda _rest: None)(rest)
    cells = sum(len(row) - row.count(None) for sheet in book.sheets for row in sheet.rows)
    passport = {"cells": cells, "first": str(first), "pid": os.getpid(), "told": told}
    return ParsedFile(passport=passport, reader=book.reader)


def _sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def _spin(_rest: str) -> None:
    while True:
        pass


def _eat(_rest: str) -> None:
    bytearray(FAR_TOO_MUCH)


def _abort(_rest: str) -> None:
    os.abort()


def _segfault(_rest: str) -> None:
    ctypes.string_at(0)


def _panic(_rest: str) -> None:
    raise Panic("Петрова Анна")


def _fail(_rest: str) -> None:
    raise KeyError("Петрова Анна")


def _shout(_rest: str) -> None:
    print('{"parsed": "not an answer"}', flush=True)
    os.write(1, b"neither is this\n")
    os.write(2, "Петрова Анна\n".encode())


def _die_once(flag: str) -> None:
    if not Path(flag).exists():
        Path(flag).touch()
        os.abort()


def _forge(_rest: str) -> None:
    """Write to the parent as a child in the hands of a file would."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\t[1,2,3]\n")
        except OSError:
            continue


def _flood(_rest: str) -> None:
    for descriptor in range(3, 64):
        try:
            while True:
                os.write(descriptor, b"\t" + b"[" * 1_000_000)
        except OSError:
            continue


def _look(_rest: str) -> str:
    return f"{sorted(os.environ)} {sys.flags.isolated} {'pandas' in sys.modules}"


def _write(path: str) -> None:
    Path(path).write_bytes(bytes(80_000_000))


_ORDERS = {
    "sleep": _sleep, "spin": _spin, "eat": _eat, "abort": _abort, "segfault": _segfault,
    "panic": _panic, "fail": _fail, "shout": _shout, "once": _die_once, "forge": _forge,
    "flood": _flood, "look": _look, "write": _write,
}  # fmt: skip


def sniff_pdf(head: bytes, _name: str) -> float:
    return 0.9 if head.startswith(b"%PDF") else 0.0


def read_pdf(_path: str) -> Book:
    return Book((Sheet("Лист", [["из pdf"]]),), "pdf")
