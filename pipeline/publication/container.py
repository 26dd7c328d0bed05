"""A small file of named blobs: what was derived of one unit, and can always be derived again.

The first line is «nastavnik-summary 1 <sha256 of the header> <length of the header>». The header
is JSON, deflated: `key`, `data`, and name, length and sha256 of each blob. The blobs, each
deflated, follow one another.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import FileIO
from itertools import accumulate
from pathlib import Path
from typing import Any

from isal import isal_zlib

_KIND = b"nastavnik-summary 1 "
# A header is a few kilobytes; all of it comes with the first read.
_FIRST = 1 << 16
# The fastest: what is kept here is read more often than it is stored.
_LEVEL = 1
_SUM = 32


class BrokenContainerError(Exception):
    """The file is missing or not what was written: it is made anew, and nobody need hear of it."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container that was opened; `data` is the plain data of its header."""

    path: Path
    key: str
    data: Mapping[str, Any] = field(repr=False)
    # Thousands of these are held at once: names are the same in all, numbers lie side by side.
    _names: Mapping[str, int] = field(repr=False)
    _ends: array[int] = field(repr=False)
    _sums: bytes = field(repr=False)

    def blob(self, name: str) -> bytes:
        """Return a blob, b"" where there is none by that name."""
        return self.blobs([name]).get(name, b"")

    def blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return those blobs of *names* that there are."""
        known = [(name, self._names[name]) for name in names if name in self._names]
        try:
            # Read by place, so that nothing is gained by reading ahead.
            with self.path.open("rb", buffering=0) as file:
                return {name: self._read(file, number) for name, number in known}
        except OSError as error:
            raise BrokenContainerError from error

    def named(self, beginning: str) -> list[str]:
        """Return the names of the blobs that begin so."""
        return [name for name in self._names if name.startswith(beginning)]

    def _read(self, file: FileIO, number: int) -> bytes:
        file.seek(self._ends[number])
        packed = file.read(self._ends[number + 1] - self._ends[number])
        if hashlib.sha256(packed).digest() != self._sums[number * _SUM : (number + 1) * _SUM]:
            raise BrokenContainerError
        return isal_zlib.decompress(packed)


def packed(key: str, data: Mapping[str, Any], blobs: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a container."""
    pieces = {name: isal_zlib.compress(blob, _LEVEL) for name, blob in blobs.items() if blob}
    places = [[name, len(p), hashlib.sha256(p).hexdigest()] for name, p in pieces.items()]
    text = json.dumps({"key": key, "data": data, "blobs": places}, ensure_ascii=False)
    header = isal_zlib.compress(text.encode(), _LEVEL)
    first = _KIND + f"{hashlib.sha256(header).hexdigest()} {len(header)}\n".encode()
    return b"".join((first, header, *pieces.values()))


def opened(path: Path) -> Container:
    """Return the container at *path*; its blobs are read when they are asked for."""
    try:
        with path.open("rb") as file:
            start = file.read(_FIRST)
            line, _, rest = start.partition(b"\n")
            sha256, length = line.removeprefix(_KIND).decode("ascii").split(" ")
            missing = int(length) - len(rest)
            header = (rest + file.read(missing) if missing > 0 else rest)[: int(length)]
        if not line.startswith(_KIND) or hashlib.sha256(header).hexdigest() != sha256:
            raise BrokenContainerError
        said = json.loads(isal_zlib.decompress(header))
    except (OSError, ValueError) as error:
        raise BrokenContainerError from error
    names = tuple(name for name, _size, _sum in said["blobs"])
    sizes = [size for _name, size, _sum in said["blobs"]]
    ends = array("Q", accumulate(sizes, initial=len(line) + 1 + int(length)))
    sums = bytes.fromhex("".join(sum_ for _name, _size, sum_ in said["blobs"]))
    return Container(path, said["key"], said["data"], _places(names), ends, sums)


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names)}
