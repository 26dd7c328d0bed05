"""How an answer crosses from the limited process: plain JSON, believed only after a check.

The other side may have been taken over by the file it read, so nothing is rebuilt from the
answer but the dataclasses of the model, and each value must be of the type its field declares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.model import ParsedFile, ParsedRow

MAX_ANSWER = 64_000_000
_LARGEST = 2**63
_NUMBERS = (int, float)
# Fields of a row that travel as they are; values and cells are shortened.
_ROW_FIELDS = tuple(f.name for f in fields(ParsedRow) if f.name not in ("values", "cells"))
_Convert = Callable[[Any], Any]


class WireError(ValueError):
    """An answer that no child of ours would give."""


def to_json(parsed: ParsedFile) -> str:
    """Return one line of JSON; dataclasses become lists of their fields in order."""
    return json.dumps(_pack(parsed), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(line: bytes) -> ParsedFile:
    """Rebuild what `to_json` wrote.

    Raises:
        WireError: too long, no JSON, or a value of another shape than the model declares.
    """
    if len(line) > MAX_ANSWER:
        raise WireError("too long")
    try:
        data = json.loads(line.decode(), parse_constant=_refuse)
        if b"\\u" in line:
            _check_text(data)
        parsed: ParsedFile = _reader_of(ParsedFile)(data)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise WireError(type(error).__name__) from None
    return parsed


def _pack(thing: Any) -> Any:
    if is_dataclass(thing):
        return [_pack(getattr(thing, name)) for name in _names(thing.__class__)]
    if isinstance(thing, tuple):
        if thing and thing[0].__class__ is ParsedRow:
            return _pack_rows(thing)
        return [_pack(item) for item in thing]
    return dict(thing) if isinstance(thing, Mapping) else thing


def _pack_rows(rows: tuple[ParsedRow, ...]) -> list[Any]:
    """Say the columns of a table once: rows are nearly all of an answer."""
    names = list(rows[0].values)
    letters = {name: cell.rstrip("0123456789") for name, cell in rows[0].cells.items()}
    return [names, letters, [_pack_row(row, names, letters) for row in rows]]


def _pack_row(row: ParsedRow, names: list[str], letters: dict[str, str]) -> list[Any]:
    values = list(row.values.values()) if list(row.values) == names else row.values
    usual = {name: f"{letter}{row.row}" for name, letter in letters.items()}
    cells = None if row.cells == usual else row.cells
    return [values, cells, *[_pack(getattr(row, name)) for name in _ROW_FIELDS]]


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _refuse(_constant: str) -> float:
    raise WireError("not a number")


def _check_text(data: Any) -> None:
    """Refuse lone surrogates and NUL, which neither database can store."""
    if "\\u0000" in json.dumps(data, ensure_ascii=False).encode().decode():
        raise WireError("NUL")


@cache
def _reader_of(kind: Any) -> _Convert:
    """Return the function that checks and rebuilds a value of a field declared as *kind*."""
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[0] is ParsedRow:
        return _rows_reader()
    if origin is tuple and arguments[-1] is Ellipsis:
        return _tuple_reader(_reader_of(arguments[0]))
    if origin is Literal:
        return _choice_reader(frozenset(arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(_plain_types(arguments[1]))
    if isinstance(kind, type) or origin in (Union, UnionType):
        return _plain_reader(kind)
    raise TypeError(f"no way to carry {kind}")


def _dataclass_reader(cls: Any) -> _Convert:
    hints = get_type_hints(cls)
    readers = [_reader_of(hints[name]) for name in _names(cls)]

    def read(data: Any) -> Any:
        if type(data) is not list or len(data) != len(readers):
            raise WireError(cls.__name__)
        return cls(*[reader(item) for reader, item in zip(readers, data, strict=True)])

    return read


def _rows_reader() -> _Convert:
    hints = get_type_hints(ParsedRow)
    values_of, cells_of = _reader_of(hints["values"]), _reader_of(hints["cells"])
    readers = [_reader_of(hints[name]) for name in _ROW_FIELDS]

    def read(data: Any) -> Any:
        if not data:
            return ()
        names, letters, rows = data
        letters = cells_of(letters)
        return tuple(read_row(row, names, letters) for row in rows)

    def read_row(data: Any, names: list[str], letters: dict[str, str]) -> ParsedRow:
        values, cells, *rest = data
        fields = {n: read(item) for n, read, item in zip(_ROW_FIELDS, readers, rest, strict=True)}
        if type(values) is list:
            values = dict(zip(names, values, strict=True))
        number = str(fields["row"])
        places = (
            {name: letter + number for name, letter in letters.items()}
            if cells is None
            else cells_of(cells)
        )
        return ParsedRow(values=values_of(values), cells=places, **fields)

    return read


def _tuple_reader(item: _Convert) -> _Convert:
    def read(data: Any) -> Any:
        if type(data) is not list:
            raise WireError("not a list")
        return tuple(map(item, data))

    return read


def _choice_reader(allowed: frozenset[Any]) -> _Convert:
    def read(data: Any) -> Any:
        if not isinstance(data, str) or data not in allowed:
            raise WireError("not a choice")
        return data

    return read


def _mapping_reader(allowed: frozenset[type]) -> _Convert:
    numbers = not allowed.isdisjoint(_NUMBERS)

    def read(data: Any) -> Any:
        if type(data) is not dict or not allowed.issuperset(map(type, data.values())):
            raise WireError("not a mapping")
        if numbers:
            _check_numbers([value for value in data.values() if type(value) in _NUMBERS])
        return data

    return read


def _plain_reader(kind: Any) -> _Convert:
    allowed = _plain_types(kind)

    def read(data: Any) -> Any:
        if type(data) not in allowed:
            raise WireError("not of its type")
        if type(data) in _NUMBERS:
            _check_numbers([data])
        return data

    return read


def _plain_types(kind: Any) -> frozenset[type]:
    types = frozenset(get_args(kind) or (kind,))
    if not types <= {str, int, float, bool, NoneType}:
        raise TypeError(f"no way to carry {kind}")
    return types


def _check_numbers(numbers: list[Any]) -> None:
    """Refuse what no database holds; infinity is beyond the limits too."""
    if numbers and (min(numbers) < -_LARGEST or max(numbers) >= _LARGEST):
        raise WireError("too big")
