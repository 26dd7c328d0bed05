"""A zip file in which ready compressed data go: the same entries give the same bytes.

`zipfile` cannot take what is compressed already, and compressing rows twice costs most of the time
that they cost at all.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from isal import isal_zlib
from isal.isal_zlib import crc32, crc32_combine

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _DEFLATED, _UTF8 = 20, 8, 0x800
# 1 January 1980, the first day that zip knows.
_TIME, _DATE = 0, 1 << 5 | 1
_MOST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    crc: int
    packed: int
    size: int
    offset: int

    def facts(self) -> tuple[int, ...]:
        """What stands about it both before it and in the table of contents."""
        return _UTF8, _DEFLATED, _TIME, _DATE, self.crc, self.packed, self.size


@dataclass(slots=True)
class ZipWriter:
    """Writes entries one after another to a file that need not be sought in."""

    target: BinaryIO
    _entries: list[_Entry] = field(default_factory=list)
    _offset: int = 0

    def add(self, name: str, data: bytes) -> None:
        """Add a small file."""
        ready = deflated(data, last=True)
        self.add_deflated(name, (ready,), packed=len(ready), crc=crc32(data), size=len(data))

    def add_deflated(
        self, name: str, parts: Iterable[bytes], *, packed: int, crc: int, size: int
    ) -> None:
        """Add a file that is deflated already: *packed* bytes in *parts*, *size* before that."""
        if max(packed, size, self._offset + packed) > _MOST:
            raise ValueError("the file is too large for a zip")
        entry = _Entry(name.encode(), crc, packed, size, self._offset)
        self._write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *entry.facts(), len(entry.name), 0))
        self._write(entry.name)
        for part in parts:
            self._write(part)
        self._entries.append(entry)

    def close(self) -> None:
        """Write the table of contents; the target stays open."""
        start, count = self._offset, len(self._entries)
        for entry in self._entries:
            facts = (_VERSION, _VERSION, *entry.facts())
            place = (len(entry.name), 0, 0, 0, 0, 0, entry.offset)
            self._write(_CENTRAL.pack(b"PK\x01\x02", *facts, *place) + entry.name)
        size = self._offset - start
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))

    def _write(self, data: bytes) -> None:
        self.target.write(data)
        self._offset += len(data)


def deflated(data: bytes, *, last: bool) -> bytes:
    """Return *data* as raw deflate, which more may follow unless it is the *last*."""
    deflate = isal_zlib.compressobj(1, wbits=-15)
    end = isal_zlib.Z_FINISH if last else isal_zlib.Z_FULL_FLUSH
    return deflate.compress(data) + deflate.flush(end)


def joined_crc(parts: Iterable[tuple[int, int]]) -> int:
    """Return the CRC-32 of what is *parts* one after another, each given as (crc, size)."""
    crc = 0
    for other, size in parts:
        crc = crc32_combine(crc, other, size)
    return crc
