"""What a child does in place of marking in the tests of the pool; the verdict is the order.

The child imports this module by its name, for the step that it is told.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pipeline.reading.annotate.mark
from pipeline.model import Protocol
from tests.support.reading_steps import recognise

__all__ = ["recognise"]


def _marks(source: bytes, protocol: Protocol) -> bytes:
    order, _, rest = protocol.verdict.partition(" ")
    if order == "sleep":
        time.sleep(float(rest))
    elif order == "spin":
        while True:
            pass
    elif order == "abort":
        os.abort()
    elif order == "eat":
        bytearray(3 << 30)
    elif order == "fail":
        raise KeyError("Петрова Анна")
    elif order == "forge":
        return b"<html>"
    elif order == "flood":
        return b"PK\x03\x04" + bytes(45_000_000)
    elif order == "once" and not Path(rest).exists():
        Path(rest).touch()
        os.abort()
    return b"PK\x03\x04" + source + str(os.getpid()).encode()


pipeline.reading.annotate.mark.annotate = _marks
