"""How requests and answers cross to and from the limited process: plain JSON.

An answer is believed only after a check.

The other side may have been taken over by the file it read, so nothing is rebuilt from the
answer but the dataclasses of the model, and each value must be of the type its field declares.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.model import ParsedFile, PartColumns

MAX_ANSWER = 64_000_000
# A workbook that may come is no larger than this, and its marks never add as much again.
MAX_WORKBOOK = 40_000_000
_WORKBOOK = b"PK\x03\x04"
_LARGEST = 2**63
_NUMBERS = (int, float)
_Convert = Callable[[Any], Any]
_T = TypeVar("_T")


class ProtocolError(ValueError):
    """An answer that no child of ours would give."""


def to_json(parsed: ParsedFile) -> str:
    """Return one line of JSON; dataclasses become lists of their fields in order."""
    return json.dumps(pack(parsed), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(line: bytes) -> ParsedFile:
    """Rebuild what `to_json` wrote.

    Raises:
        ProtocolError: too long, no JSON, or a value of another shape than the model declares.
    """
    if len(line) > MAX_ANSWER:
        raise ProtocolError("too long")
    try:
        data = json.loads(line.decode(), parse_constant=_refuse)
        if b"\\" in line and b"\\u" in line:
            _check_text(data)
        return unpack(data, ParsedFile)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProtocolError(type(error).__name__) from None


def workbook_to_text(data: bytes) -> str:
    """Return one line for the bytes of a workbook."""
    return base64.b64encode(data).decode()


def workbook_from_line(line: bytes) -> bytes:
    """Rebuild what `workbook_to_text` wrote; an empty line is no workbook.

    Raises:
        ProtocolError: too long, not base64, or no zip.
    """
    text = line.removesuffix(b"\n")
    if len(text) > MAX_WORKBOOK // 3 * 4:
        raise ProtocolError("too long")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ProtocolError("not base64") from error
    if data and not data.startswith(_WORKBOOK):
        raise ProtocolError("no workbook")
    return data


def unpack(data: Any, kind: type[_T]) -> _T:
    """Rebuild a dataclass of the model from what `pack` made of it.

    Raises:
        ProtocolError: a value of another shape than the model declares.
    """
    read: _Convert = _reader_of(kind)  # type: ignore[arg-type]  # a class is hashable
    thing: _T = read(data)
    return thing


def pack(thing: Any) -> Any:
    """Return what JSON can hold of a value of the model: dataclasses as lists of their fields."""
    if is_dataclass(thing):
        return [pack(getattr(thing, name)) for name in _names(thing.__class__)]
    if isinstance(thing, tuple) and thing and is_dataclass(thing[0]):
        return [pack(item) for item in thing]
    return dict(thing) if isinstance(thing, Mapping) else thing


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _refuse(_constant: str) -> float:
    raise ProtocolError("not a number")


def _check_text(data: Any) -> None:
    """Refuse lone surrogates and NUL, which neither database can store."""
    if "\\u0000" in json.dumps(data, ensure_ascii=False).encode().decode():
        raise ProtocolError("NUL")


@cache
def _reader_of(kind: Any) -> _Convert:
    """Return the function that checks and rebuilds a value of a field declared as *kind*."""
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        items, endless = arguments[0], arguments[-1] is Ellipsis
        return _tuple_reader(items) if endless else _fixed_reader(list(map(_reader_of, arguments)))
    if origin is Literal:
        return _choice_reader(frozenset(arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(arguments[0] is int, arguments[1])
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _column_reader(_plain_types(arguments[0]))
    if _is_plain(kind):
        return _plain_reader(kind)
    raise TypeError(f"no way to carry {kind}")


def _dataclass_reader(cls: Any) -> _Convert:
    hints = get_type_hints(cls)
    readers = [_reader_of(hints[name]) for name in _names(cls)]

    def read(data: Any) -> Any:
        if type(data) is not list or len(data) != len(readers):
            raise ProtocolError(cls.__name__)
        made = cls(*[reader(item) for reader, item in zip(readers, data, strict=True)])
        return _aligned(made) if cls is PartColumns else made

    return read


def _tuple_reader(kind: Any) -> _Convert:
    if _is_plain(kind) and not is_dataclass(kind):
        column = _column_reader(_plain_types(kind))
        return lambda data: tuple(column(data))
    item = _reader_of(kind)

    def read(data: Any) -> Any:
        if type(data) is not list:
            raise ProtocolError("not a list")
        return tuple(map(item, data))

    return read


def _fixed_reader(items: list[_Convert]) -> _Convert:
    def read(data: Any) -> Any:
        if type(data) is not list or len(data) != len(items):
            raise ProtocolError("not so many")
        return tuple(item(value) for item, value in zip(items, data, strict=True))

    return read


def _choice_reader(allowed: frozenset[Any]) -> _Convert:
    def read(data: Any) -> Any:
        if not isinstance(data, str) or data not in allowed:
            raise ProtocolError("not a choice")
        return data

    return read


def _column_reader(allowed: frozenset[type]) -> _Convert:
    """Check a column by the types it holds: a look at each value would cost more than its text."""
    numbers = not allowed.isdisjoint(_NUMBERS)

    def read(data: Any) -> Any:
        if type(data) is not list or not allowed.issuperset(found := {*map(type, data)}):
            raise ProtocolError("not a column")
        if numbers and not found.isdisjoint(_NUMBERS):
            _check_numbers([value for value in data if type(value) in _NUMBERS])
        return data

    return read


def _mapping_reader(numbered: bool, kind: Any) -> _Convert:
    """Read a mapping; JSON has only text for keys, so numbers are made of them again."""
    plain = _is_plain(kind)
    reader = _column_reader(_plain_types(kind)) if plain else _reader_of(kind)

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise ProtocolError("not a mapping")
        if not data:
            return data
        if plain:
            reader(list(data.values()))
        else:
            data = {key: reader(value) for key, value in data.items()}
        return {int(key): value for key, value in data.items()} if numbered else data

    return read


def _is_plain(kind: Any) -> bool:
    return isinstance(kind, type) or get_origin(kind) in (Union, UnionType)


def _aligned(part: PartColumns) -> PartColumns:
    """Return the part if its columns are of one length and its sparse cells lie in them."""
    count = len(part)
    sparse = (*part.raw.values(), *part.failed.values(), *part.moved.values())
    if any(len(column) != count for column in part.values.values()) or any(
        not 0 <= index < count for cells in sparse for index in cells
    ):
        raise ProtocolError("columns of different lengths")
    return part


def _plain_reader(kind: Any) -> _Convert:
    allowed = _plain_types(kind)

    def read(data: Any) -> Any:
        if type(data) not in allowed:
            raise ProtocolError("not of its type")
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
        raise ProtocolError("too big")
