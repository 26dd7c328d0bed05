"""Cells of a worksheet changed in place: everything else of the sheet keeps its bytes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

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
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")


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
    for number, tag, end in _rows(rows, prefix, set(wanted)):
        out.append(rows[position : tag.start])
        position = tag.start
        missing = sorted(row for row in wanted if row < number)
        out += [marker.new_row(row, wanted.pop(row)) for row in missing]
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
    numbers = b"|".join(b"%d" % number for number in styles)
    any_mark = re.compile(rb"""\ss(?:tyle)?\s*=\s*["'](?:""" + numbers + rb""")["']""")
    if not styles or not any_mark.search(data):
        return data
    prefix = prefix_of(data)
    name = re.escape(prefix)
    ours = rb'<%sc s="(?:%s)" r="[A-Z]+[0-9]+"/>' % (name, numbers)
    data = re.sub(rb'<%srow r="[0-9]+">(?:%s)+</%srow>' % (name, ours, name), b"", data)
    data = re.sub(ours, b"", data)
    tag = re.compile(b"<" + name + rb"(c|row|col)(?=[\s/>])" + ATTRIBUTES + b">")
    out, position = [], 0
    for found in any_mark.finditer(data):
        match = tag.match(data, max(data.rfind(b"<", 0, found.start()), 0))
        if match is None or match.start() < position:
            continue
        attribute = b"style" if match[1] == b"col" else b"s"
        value = attributes(match[2]).get(attribute, "")
        if value.isdigit() and int(value) in styles:
            changed = with_attribute(match[2], attribute, styles[int(value)])
            out += [data[position : match.start(2)], changed]
            position = match.end(2)
    return b"".join([*out, data[position:]])


def top_left(data: bytes, places: Collection[Place]) -> dict[Place, Place]:
    """Return for each place the cell that shows it: itself, or the corner of a merged range."""
    prefix, _, _, tail = outline(data)
    ordered = sorted(places)
    found = {place: place for place in ordered}
    for tag in tags(tail, prefix + b"mergeCell"):
        first, _, last = attributes(tag.attributes).get(b"ref", "").partition(":")
        corner, end = place_of(first), place_of(last or first)
        if corner is None or end is None:
            continue
        for place in ordered[bisect_left(ordered, corner) :]:
            if place > end:
                break
            if corner[1] <= place[1] <= end[1]:
                found[place] = corner
    return found


@dataclass(frozen=True, slots=True)
class _Marker:
    """Puts marks into the rows of one sheet; `columns` are (first, last, style)."""

    prefix: bytes
    restyle: Restyle
    columns: list[tuple[int, int, int]]

    def new_row(self, row: int, wanted: list[int]) -> bytes:
        cells = b"".join(self.new_cell((row, column), self.columns) for column in wanted)
        return b'<%srow r="%d">' % (self.prefix, row) + cells + end_tag(self.prefix, b"row")

    def new_cell(self, place: Place, shown: list[tuple[int, int, int]]) -> bytes:
        # The style stands before the address: by this order, which no program writes, `unmark`
        # knows the cells that were not there.
        own = next((style for first, last, style in shown if first <= place[1] <= last), 0)
        style, address = self.restyle(place, own), address_of(place).encode()
        return b'<%sc s="%d" r="%s"/>' % (self.prefix, style, address)

    def old_cell(self, place: Place, text: bytes) -> bytes:
        own = attributes(text).get(b"s", "")
        style = self.restyle(place, int(own) if own.isdigit() else 0)
        return b"<" + self.prefix + b"c" + with_attribute(text, b"s", style) + b">"

    def row(self, text: bytes, number: int, wanted: list[int]) -> bytes:
        """Return one row of the sheet with its wanted cells marked."""
        opening, inside = self._opened(text)
        shown = self._shown(opening)
        out, position, left = [b""], 0, list(wanted)
        for column, start, end, own in _cells(inside, self.prefix):
            out.append(inside[position:start])
            position = start
            while left and left[0] < column:
                out.append(self.new_cell((number, left.pop(0)), shown))
            if left and left[0] == column:
                out.append(self.old_cell((number, left.pop(0)), own))
                position = end
        stop = inside.rindex(b"</")
        out.append(inside[position:stop])
        out += [self.new_cell((number, column), shown) for column in left]
        # A row says which columns it spans; it is only a hint, and may be wrong now.
        return b"".join([_SPANS.sub(b"", opening), *out, inside[stop:]])

    def _opened(self, text: bytes) -> tuple[bytes, bytes]:
        tag = next(tags(text, self.prefix + b"row"))
        if not tag.closed:
            return text[: tag.end], text[tag.end :]
        bare = tag.attributes.rstrip(b"/").rstrip()
        return b"<" + self.prefix + b"row" + bare + b">", end_tag(self.prefix, b"row")

    def _shown(self, opening: bytes) -> list[tuple[int, int, int]]:
        """Styles that missing cells of the row show: the row's own, else those of the columns."""
        values = attributes(opening)
        if values.get(b"customFormat") in ("1", "true") and values.get(b"s", "").isdigit():
            return [(1, _LAST_COLUMN, int(values[b"s"]))]
        return self.columns


def _rows(rows: bytes, prefix: bytes, wanted: set[int]) -> Iterator[tuple[int, Tag, int]]:
    """Yield number, start tag and end of the rows that are wanted or follow a wanted one."""
    number, left = 0, sorted(wanted, reverse=True)
    for tag in tags(rows, prefix + b"row"):
        written = attributes(tag.attributes).get(b"r", "")
        number = int(written) if written.isdigit() else number + 1
        if left and number >= left[-1]:
            while left and left[-1] <= number:
                left.pop()
            yield number, tag, tag.end if tag.closed else stop_of(rows, prefix + b"row", tag.end)


def _cells(inside: bytes, prefix: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield column, start, end and attributes of the start tag of each cell of a row."""
    column = 0
    for match in pattern(prefix + b"c").finditer(inside):
        place = place_of(attributes(match[1]).get(b"r", ""))
        column = place[1] if place else column + 1
        yield column, match.start(), match.end(), match[1]


def _column_styles(head: bytes, prefix: bytes) -> list[tuple[int, int, int]]:
    found = []
    for tag in tags(head, prefix + b"col"):
        values = attributes(tag.attributes)
        if b"style" in values:
            found.append((int(values[b"min"]), int(values[b"max"]), int(values[b"style"])))
    return found
