"""Cells of a worksheet changed in place: everything else of the sheet keeps its bytes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.reading.annotate.package import CannotAnnotate
from pipeline.reading.annotate.tags import (
    ATTRIBUTES,
    Place,
    Tag,
    address_of,
    attributes,
    end_tag,
    outline,
    pattern,
    place_of,
    prefix_of,
    stop_of,
    tags,
    with_attribute,
)

Restyle = Callable[[Place, int], int]

_LAST_COLUMN = 16_384
# More looks at cells than this are made only for ranges that lie upon each other.
_MOST_LOOKS = 5_000_000
_SPANS = re.compile(rb"""\sspans\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
_STYLE = re.compile(rb"""\ss(?:tyle)?\s*+=\s*+["'](\d{1,9})["']""")


def mark(data: bytes, places: Collection[Place], restyle: Restyle) -> bytes:
    """Give each cell of *places* the style that *restyle* answers for its place and own style.

    Cells and rows that are not there are put in, with the style they showed.
    """
    prefix, head, rows, tail = outline(data)
    marker = _Marker(prefix, restyle, _column_styles(head, prefix))
    wanted: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(places):
        wanted[row].append(column)
    out, position = [head], 0
    waiting = sorted(wanted, reverse=True)
    for number, tag, end in _rows(rows, prefix, set(wanted)):
        out.append(rows[position : tag.start])
        position = tag.start
        while waiting and waiting[-1] < number:
            row = waiting.pop()
            if row in wanted:
                out.append(marker.new_row(row, wanted.pop(row)))
        if number in wanted:
            out.append(marker.row(rows[tag.start : end], number, wanted.pop(number)))
            position = end
    out.append(rows[position:])
    out += [marker.new_row(row, wanted[row]) for row in sorted(wanted)]
    return b"".join([*out, tail])


def unmark(data: bytes, styles: Mapping[int, int]) -> bytes:
    """Give back to cells, rows and columns the style that *styles* names for the one they have.

    Cells and rows that we put in go away, where nobody has saved the sheet since.
    """
    if not any(int(found[1]) in styles for found in _STYLE.finditer(data)):
        return data
    patterns = _patterns(prefix_of(data))

    def dropped(match: re.Match[bytes]) -> bytes:
        ours = all(int(style) in styles for style in _STYLE.findall(match[0]))
        return b"" if ours else match[0]

    def restored(match: re.Match[bytes]) -> bytes:
        if not any(int(style) in styles for style in _STYLE.findall(match[2])):
            return match[0]
        attribute = b"style" if match[1] == b"col" else b"s"
        value = attributes(match[2]).get(attribute, "")
        if not value.isdigit() or int(value) not in styles:
            return match[0]
        changed = with_attribute(match[2], attribute, styles[int(value)])
        start, end = match.start(2) - match.start(), match.end(2) - match.start()
        return match[0][:start] + changed + match[0][end:]

    data = patterns.row.sub(dropped, data)
    data = patterns.cell.sub(dropped, data)
    return patterns.styled.sub(restored, data)


class _Patterns(NamedTuple):
    """What is looked for to take marks out: rows and cells put in by us, all that has a style."""

    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    styled: re.Pattern[bytes]


def _patterns(prefix: bytes) -> _Patterns:
    name = re.escape(prefix)
    cell = rb'<%sc s="[0-9]{1,9}" r="[A-Z]{1,3}[0-9]{1,7}"/>' % name
    row = rb'<%srow r="[0-9]{1,7}">(?:%s)++</%srow>' % (name, cell, name)
    styled = b"<" + name + rb"(c|row|col)(?=[\s/>])" + ATTRIBUTES + b">"
    return _Patterns(*map(re.compile, (row, cell, styled)))


def top_left(data: bytes, places: Collection[Place]) -> dict[Place, Place]:
    """Return for each place the cell that shows it: itself, or the corner of a merged range."""
    prefix, _, _, tail = outline(data)
    ordered = sorted(places)
    found = {place: place for place in ordered}
    looks = 0
    for tag in tags(tail, prefix + b"mergeCell"):
        first, _, last = attributes(tag.attributes).get(b"ref", "").partition(":")
        corner, end = place_of(first), place_of(last or first)
        if corner is None or end is None:
            continue
        first_of, end_of = bisect_left(ordered, corner), bisect_right(ordered, end)
        looks += max(end_of - first_of, 0)
        if looks > _MOST_LOOKS:
            raise CannotAnnotate("merged ranges upon each other")
        for place in ordered[first_of:end_of]:
            if corner[1] <= place[1] <= end[1]:
                found[place] = corner
    return found


@dataclass(frozen=True, slots=True)
class _Marker:
    """Puts marks into the rows of one sheet; `columns` are the styles of its columns."""

    prefix: bytes
    restyle: Restyle
    columns: Mapping[int, int]

    def new_row(self, row: int, wanted: list[int]) -> bytes:
        cells = b"".join(self.new_cell((row, column)) for column in wanted)
        return b'<%srow r="%d">' % (self.prefix, row) + cells + end_tag(self.prefix, b"row")

    def new_cell(self, place: Place, of_row: int | None = None) -> bytes:
        # The style stands before the address: by this order, which no program writes, `unmark`
        # knows the cells that were not there.
        own = self.columns.get(place[1], 0) if of_row is None else of_row
        style, address = self.restyle(place, own), address_of(place).encode()
        return b'<%sc s="%d" r="%s"/>' % (self.prefix, style, address)

    def old_cell(self, place: Place, text: bytes) -> bytes:
        own = attributes(text).get(b"s", "")
        style = self.restyle(place, int(own) if own.isdigit() else 0)
        return b"<" + self.prefix + b"c" + with_attribute(text, b"s", style) + b">"

    def row(self, text: bytes, number: int, wanted: list[int]) -> bytes:
        """Return one row of the sheet with its wanted cells marked."""
        opening, inside = self._opened(text)
        of_row = _style_of(opening)
        out, position, left = [b""], 0, list(wanted)
        for column, start, end, own in _cells(inside, self.prefix):
            out.append(inside[position:start])
            position = start
            while left and left[0] < column:
                out.append(self.new_cell((number, left.pop(0)), of_row))
            if left and left[0] == column:
                out.append(self.old_cell((number, left.pop(0)), own))
                position = end
        stop = inside.rindex(b"</")
        out.append(inside[position:stop])
        out += [self.new_cell((number, column), of_row) for column in left]
        # A row says which columns it spans; it is only a hint, and may be wrong now.
        return b"".join([_SPANS.sub(b"", opening), *out, inside[stop:]])

    def _opened(self, text: bytes) -> tuple[bytes, bytes]:
        tag = next(tags(text, self.prefix + b"row"))
        if not tag.closed:
            return text[: tag.end], text[tag.end :]
        bare = tag.attributes.rstrip(b"/").rstrip()
        return b"<" + self.prefix + b"row" + bare + b">", end_tag(self.prefix, b"row")


def _style_of(opening: bytes) -> int | None:
    """Return the style that missing cells of a row show instead of their columns' own."""
    values = attributes(opening)
    custom = values.get(b"customFormat") in ("1", "true") and values.get(b"s", "").isdigit()
    return int(values[b"s"]) if custom else None


def _rows(rows: bytes, prefix: bytes, wanted: set[int]) -> Iterator[tuple[int, Tag, int]]:
    """Yield number, start tag and end of the rows that are wanted or follow a wanted one."""
    number, end, left = 0, 0, sorted(wanted, reverse=True)
    for tag in tags(rows, prefix + b"row"):
        if tag.start < end:
            raise CannotAnnotate("rows within rows")
        written = attributes(tag.attributes).get(b"r", "")
        number = int(written) if written.isdigit() else number + 1
        if left and number >= left[-1]:
            while left and left[-1] <= number:
                left.pop()
            end = tag.end if tag.closed else stop_of(rows, prefix + b"row", tag.end)
            yield number, tag, end


def _cells(inside: bytes, prefix: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield column, start, end and attributes of the start tag of each cell of a row."""
    column = 0
    for match in pattern(prefix + b"c").finditer(inside):
        place = place_of(_reference(match[1]))
        column = place[1] if place else column + 1
        yield column, match.start(), match.end(), match[1]


def _reference(text: bytes) -> str:
    """Return the address of a cell from its attributes; most programs write it first."""
    if text.startswith(b' r="'):
        return text[4 : text.index(b'"', 4)].decode("utf-8", "replace")
    return attributes(text).get(b"r", "")


def _column_styles(head: bytes, prefix: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for tag in tags(head, prefix + b"col"):
        values = attributes(tag.attributes)
        if b"style" in values:
            first, last = max(int(values[b"min"]), 1), min(int(values[b"max"]), _LAST_COLUMN)
            if first in found or last in found:
                raise CannotAnnotate("columns upon each other")
            found |= dict.fromkeys(range(first, last + 1), int(values[b"style"]))
    return found
