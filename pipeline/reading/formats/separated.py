"""Records of separated text, however its quotes were meant.

A quote that nobody closes would swallow the lines behind it. So a record may only go on over a
line break while its lines are pieces of one record; as soon as they are whole records themselves,
the first of them is read without quoting.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

SEPARATORS = (";", ",", "\t", "|")
_SAMPLE, _SAMPLE_ROWS = 64_000, 100
# A quoted field with more lines than this is a quote that nobody closed.
_FIELD_LINES = 50
_TRIES = 20
_QUOTE = '"'
# Narrower tables do not tell a piece of a record from a record.
_NARROW = 3


def records(text: str, separator: str) -> list[list[str]]:
    """Return the fields of each record of *text*.

    What programs write so that Excel changes no value (`="007"`) is its value; a line that was
    quoted once more as a whole is the line.
    """
    lines = text.splitlines(keepends=True) if _plain_breaks(text) else _lines(text)
    lines = [_unguarded(line, separator) for line in lines]
    width = _usual_width(lines, separator)
    found = [[_value(field) for field in record] for record in _records(lines, separator, width)]
    return [
        unwrapped(record, separator, width) or _otherwise(record, separator, width) or record
        for record in found
    ]


def separator_of(text: str) -> str:
    """Return the separator by which most lines have the same number of fields."""
    sample = text[:_SAMPLE]
    best, score = SEPARATORS[0], (0.0, 0)
    for separator in SEPARATORS:
        rows = itertools.islice(parsed(sample, separator), _SAMPLE_ROWS)
        widths = [len(unwrapped(row, separator, 0) or row) for row in rows if row]
        common = Counter(width for width in widths if width > 1).most_common(1)
        if common and (common[0][1] / len(widths), common[0][0]) > score:
            best, score = separator, (common[0][1] / len(widths), common[0][0])
    return best


def unwrapped(record: Sequence[str], separator: str, width: int) -> list[str] | None:
    """Return the fields of a record that all stand in its one field; None where they do not.

    *width* is how many fields are usual, 0 where that is not known.
    """
    filled = [field for field in record if field]
    if len(filled) != 1 or filled[0].count(separator) < _NARROW - 1:
        return None
    inner, *more = parsed(filled[0], separator)
    if more:
        return None
    fits = len(inner) == width if width >= _NARROW else len(inner) >= _NARROW
    return [_value(field) for field in inner] if fits else None


def _otherwise(record: Sequence[str], separator: str, width: int) -> list[str] | None:
    """Return the fields of a line that another program separated by another sign."""
    if width <= _NARROW or not 0 < len(record) < width:
        return None
    text = separator.join(record)
    for other in SEPARATORS:
        if other != separator and text.count(other) == width - 1:
            return [_value(field) for field in text.split(other)]
    return None


def parsed(text: str, separator: str, *, quoted: bool = True) -> Iterator[list[str]]:
    """Yield the records of *text* as the csv module sees them."""
    # The limit is of the whole process, so it is only ever raised.
    csv.field_size_limit(max(len(text) + 1, csv.field_size_limit()))
    lines = io.StringIO(text, newline="")
    if quoted:
        return csv.reader(lines, delimiter=separator)
    return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)


def _plain_breaks(text: str) -> bool:
    """Whether the only line breaks are those that separate records for the csv module too."""
    return not re.search("[\v\f\x1c-\x1e\x85\u2028\u2029]", text)


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _unguarded(line: str, separator: str) -> str:
    """Drop the equals sign in front of a quoted field, so that it is quoted for us too."""
    if '="' not in line:
        return line
    line = line.replace(f'{separator}="', f'{separator}"')
    return line[1:] if line.startswith('="') else line


def _value(field: str) -> str:
    """The value in `="…"`, where that whole stood in quotes."""
    guarded = len(field) > 2 and field.startswith('="') and field.endswith('"')
    return field[2:-1].replace('""', '"') if guarded else field


def _usual_width(lines: Sequence[str], separator: str) -> int:
    """How many fields most lines have that are records by themselves."""
    alone = (line for line in lines[:1000] if line.count('"') % 2 == 0)
    widths = Counter(len(next(parsed(line, separator), ())) for line in alone)
    widths.pop(0, None)
    return max(widths, key=lambda width: (widths[width] * (width > 1), width), default=0)


def _records(lines: Sequence[str], separator: str, width: int) -> Iterator[list[str]]:
    at = 0
    while at < len(lines):
        end = at + 1
        if '"' in lines[at]:
            end = _end(lines, at, separator)
            stray = end > len(lines) or (
                end - at > 1 and _swallows(lines[at:end], separator, width)
            )
            if stray:
                yield _unquoted(lines[at], separator, width)
                at += 1
                continue
            if end - at == 1:
                fields = next(parsed(lines[at], separator), [])
                once_more = unwrapped(fields, separator, width)
                yield once_more or _mended(lines[at], separator, width) or fields
                at = end
                continue
        yield from parsed("".join(lines[at:end]), separator)
        at = end


def _end(lines: Sequence[str], at: int, separator: str) -> int:
    """Return behind which line the record that begins at *at* ends; a line too many if nowhere."""
    last = min(len(lines), at + _FIELD_LINES + 2)
    taken = itertools.count()

    def counted() -> Iterator[str]:
        for line in (*lines[at:last], "\n"):
            next(taken)
            yield line

    csv.field_size_limit(max(sum(map(len, lines[at:last])) + 1, csv.field_size_limit()))
    next(csv.reader(counted(), delimiter=separator), None)
    return at + next(taken)


def _unquoted(line: str, separator: str, width: int) -> list[str]:
    """Return the fields of a line in which one quote, or any, was never meant to quote."""
    line = line.rstrip("\r\n")
    return _mended(line, separator, width) or next(parsed(line, separator, quoted=False), [])


def _mended(line: str, separator: str, width: int) -> list[str] | None:
    """Return the usual number of fields of a line whose quotes do not give it as they stand.

    One quote before a field is taken for a sign of it. None where that mends nothing.
    """
    line = line.rstrip("\r\n")
    if width < _NARROW or (_is_whole(line, separator, width)):
        return None
    for place in itertools.islice(re.finditer(f'(?:^|{re.escape(separator)})"', line), _TRIES):
        # Doubled inside quotes of its own, it is a sign like any other.
        own, found, others = line[place.end() :].partition(separator)
        mended = f'{line[: place.end()]}""{own.replace(_QUOTE, 2 * _QUOTE)}"{found}{others}'
        if _is_whole(mended, separator, width):
            return next(parsed(mended, separator))
    return None


def _is_whole(line: str, separator: str, width: int) -> bool:
    fields = next(parsed(line, separator), [])
    return len(fields) == width and not _is_open(line, separator)


def _is_open(line: str, separator: str) -> bool:
    return _end([line + "\n"], 0, separator) > 1


def _swallows(lines: Sequence[str], separator: str, width: int) -> bool:
    """Whether several of *lines*, taken as one record, are records by themselves."""
    if len(lines) > _FIELD_LINES:
        return True
    if width < _NARROW:
        # A last line that closes the quote of the first is all that can be told.
        return not lines[-1].rstrip("\r\n").count('"')
    whole = sum(line.count(separator) + 1 >= width for line in lines)
    closed = '"' in lines[-1]
    return whole > 1 or not closed
