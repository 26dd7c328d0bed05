"""Looking into an OLE file (xls and encrypted xlsx) far enough to know it is whole and open.

A copy that was cut short often keeps its full size with zeros at the end; readers then take the
part that survived for the whole. So every record of the workbook is walked to its end mark.
"""

from __future__ import annotations

import struct

from pipeline.errors import FileRefusedError

_FREE = 0xFFFFFFFA  # this and greater numbers are marks, not sectors
_CUTOFF = 4096
_DIRECTORY_ENTRY = 128
_STREAM, _ROOT = 2, 5
_NAMES = {
    "encryptedpackage": ("file_password", ""),
    "encryptioninfo": ("file_password", ""),
    "_vba_project_cur": ("file_macros", ""),
    "worddocument": ("file_format", "документ Word"),
    "powerpoint document": ("file_format", "презентация"),
    "visiodocument": ("file_format", "чертёж Visio"),
}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_MACRO_SHEETS = (0x01, 0x06)


def check_ole(data: bytes) -> None:
    """Refuse an OLE file that is locked, cut short, holds macros, or is no workbook."""
    try:
        storage = _Storage(data)
        streams = storage.entries()
        for name, (code, found) in _NAMES.items():
            if name in streams:
                raise FileRefusedError(code, **({"found": found} if found else {}))
        entry = streams.get("workbook") or streams.get("book")
        if entry is None:
            raise FileRefusedError("file_format", found="файл старой офисной программы")
        _check_records(storage.read(*entry))
    except (struct.error, IndexError) as error:
        raise FileRefusedError("file_damaged") from error


class _Storage:
    """The sectors of an OLE file; every chain is followed once, so that a loop ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise FileRefusedError("file_damaged")
        self._size = 1 << shift
        self._directory, self._mini_start = struct.unpack_from("<I8xI", data, 48)
        self._fat = self._allocation()
        self._mini_fat = self._numbers(self._chain(self._mini_start, self._fat))
        self._mini = b""

    def entries(self) -> dict[str, tuple[int, int]]:
        """Return start and size of each stream and storage by its name in lower case."""
        raw = self._join(self._chain(self._directory, self._fat))
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(raw) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            start, size = struct.unpack_from("<2I", raw, at + 116)
            name = raw[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == _ROOT:
                self._mini = self._join(self._chain(start, self._fat))[:size]
            elif kind:
                found[name.lower()] = (start, size if kind == _STREAM else 0)
        if not found:
            raise FileRefusedError("file_damaged")
        return found

    def read(self, start: int, size: int) -> bytes:
        """Return a stream of *size* bytes that begins in sector *start*."""
        if size < _CUTOFF:
            chain = self._chain(start, self._mini_fat)
            whole = b"".join(self._mini[n * 64 : n * 64 + 64] for n in chain)
        else:
            whole = self._join(self._chain(start, self._fat))
        if len(whole) < size:
            raise FileRefusedError("file_damaged")
        return whole[:size]

    def _allocation(self) -> list[int]:
        listed = list(struct.unpack_from("<109I", self._data, 76))
        sector, count = struct.unpack_from("<2I", self._data, 68)
        for _ in range(min(count, 10_000)):
            if sector >= _FREE:
                break
            numbers = self._numbers([sector])
            listed += numbers[:-1]
            sector = numbers[-1]
        return self._numbers([sector for sector in listed if sector < _FREE])

    def _chain(self, start: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        sector = start
        while sector < _FREE:
            if sector >= len(table) or len(chain) > len(table):
                raise FileRefusedError("file_damaged")
            chain.append(sector)
            sector = table[sector]
        return chain

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _join(self, chain: list[int]) -> bytes:
        return b"".join(map(self._sector, chain))

    def _numbers(self, chain: list[int]) -> list[int]:
        raw = self._join(chain)
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))


def _check_records(stream: bytes) -> None:
    """Walk the records of the globals, then of each sheet from its beginning to its end."""
    starts = []
    for record, at, length in _substream(stream, 0):
        if record == _FILEPASS:
            raise FileRefusedError("file_password")
        if record == _BOUNDSHEET and length >= 6:
            start, kind = struct.unpack_from("<I1xB", stream, at)
            if kind in _MACRO_SHEETS:
                raise FileRefusedError("file_macros")
            starts.append(start)
    if not starts:
        raise FileRefusedError("file_damaged")
    for start in starts:
        for _ in _substream(stream, start):
            pass


def _substream(stream: bytes, start: int) -> list[tuple[int, int, int]]:
    """Return (record, place of its data, length) from BOF to the EOF that belongs to it."""
    found: list[tuple[int, int, int]] = []
    at, depth, size = start, 0, len(stream)
    unpack = struct.Struct("<2H").unpack_from
    while at + 4 <= size:
        record, length = unpack(stream, at)
        at += 4
        if record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
        elif not record or not depth:
            break
        if depth == 0:
            return found
        if record in (_FILEPASS, _BOUNDSHEET):
            found.append((record, at, length))
        at += length
    raise FileRefusedError("file_damaged")
