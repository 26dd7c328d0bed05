"""The text of a worksheet: where its tags stand, found without parsing it.

A worksheet is the one part that may be large, so its tags are found by their text, with any
prefix, any order of attributes and both kinds of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.reading.annotate.package import CannotAnnotate

Place = tuple[int, int]

ATTRIBUTES = rb"""((?:[^"'>]|"[^"]*"|'[^']*')*)"""
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROOT = re.compile(rb"<(?![?!])(?:([\w.-]+):)?([\w.-]+)[\s/>]")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)


class Tag(NamedTuple):
    """A start tag: its attributes as they stand, whether it closes itself, its place."""

    attributes: bytes
    closed: bool
    start: int
    end: int


class Outline(NamedTuple):
    """A worksheet in three pieces: up to the rows, the rows, from their end."""

    prefix: bytes
    head: bytes
    rows: bytes
    tail: bytes


def outline(data: bytes) -> Outline:
    """Take a worksheet apart; raise CannotAnnotate for one that is not written as usual."""
    if b"<!" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CannotAnnotate("unusual worksheet")
    prefix = prefix_of(data)
    tag = next(tags(data, prefix + b"sheetData"), None)
    if tag is None:
        raise CannotAnnotate("no rows")
    if tag.closed:
        start = data[: tag.end].rindex(b"/")
        tail = end_tag(prefix, b"sheetData") + data[tag.end :]
        return Outline(prefix, data[:start] + b">", b"", tail)
    stop = data.rfind(b"</" + prefix + b"sheetData")
    if stop < tag.end:
        raise CannotAnnotate("rows without end")
    return Outline(prefix, data[: tag.end], data[tag.end : stop], data[stop:])


def place_of(address: str) -> Place | None:
    """Return (row, column), both counted from 1, of an A1 address; None where it is none."""
    match = _REFERENCE.fullmatch(address.strip())
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (row, column) if 1 <= row <= 1_048_576 and column <= 16_384 else None


def address_of(place: Place) -> str:
    """Return the A1 address of a place."""
    row, column = place
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def prefix_of(data: bytes) -> bytes:
    """Return the prefix of the worksheet's elements with its colon, empty where there is none."""
    match = _ROOT.search(data)
    if match is None:
        raise CannotAnnotate("no root")
    return match[1] + b":" if match[1] else b""


@lru_cache(maxsize=32)
def pattern(name: bytes) -> re.Pattern[bytes]:
    """Return what finds the start tags called *name*; their attributes are the first group."""
    return re.compile(b"<" + re.escape(name) + rb"(?=[\s/>])" + ATTRIBUTES + b">")


def tags(data: bytes, name: bytes) -> Iterator[Tag]:
    """Yield the start tags called *name*."""
    for match in pattern(name).finditer(data):
        yield Tag(match[1], match[1].endswith(b"/"), match.start(), match.end())


def end_tag(prefix: bytes, name: bytes) -> bytes:
    """Return the end tag of an element."""
    return b"</" + prefix + name + b">"


def attributes(text: bytes) -> dict[bytes, str]:
    """Return attributes by name from the text between a tag's name and its «>»."""
    return {
        match[1]: (match[2] if match[2] is not None else match[3]).decode("utf-8", "replace")
        for match in _ATTRIBUTE.finditer(text)
    }


def with_attribute(text: bytes, name: bytes, value: int) -> bytes:
    """Set one attribute in the text between a tag's name and its «>»."""
    for match in _ATTRIBUTE.finditer(text):
        if match[1] == name:
            group = 2 if match[2] is not None else 3
            return text[: match.start(group)] + b"%d" % value + text[match.end(group) :]
    bare = text.rstrip(b"/") if text.endswith(b"/") else text
    return bare.rstrip() + b' %s="%d"' % (name, value) + text[len(bare.rstrip()) :]


def stop_of(text: bytes, name: bytes, start: int) -> int:
    """Return where the element *name*, opened before *start*, ends."""
    found = text.find(b"</" + name, start)
    if found < 0:
        raise CannotAnnotate("element without end")
    return text.index(b">", found) + 1
