"""Texts that need no reading: their value is seen at one look, and there is nothing to say of them.

Most of what stands in a list is written as it should be. Each function returns the value that the
reader of the type would make, or None where only the reader can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from contracts.plan import EARLIEST_YEAR, LIST_SEPARATOR, Column
from pipeline.reading.normalise.characters import is_formula_error
from pipeline.reading.normalise.contacts import USUAL
from pipeline.reading.normalise.names import are_full_names, is_full_name

AtOnce = Callable[[str], str | None]

_EMAIL = re.compile(
    r"[a-z0-9]{1,30}(?:[._-][a-z0-9]{1,30})?@(?:[a-z0-9]{1,30}\.){1,3}[a-z][a-z0-9]{1,20}"
)
_ORDER = re.compile(
    r"№ [0-9]{1,4}(?:-[А-ЯЁ]{1,3})? от ([0-9]{2})\.([0-9]{2})\.([12][0-9]{3})", re.ASCII
)
_TEXT = re.compile(r"[А-Яа-яЁё0-9.,;:()/+]++(?:[ -][А-Яа-яЁё0-9.,;:()/+]++)*+")
# Shorter texts may say «нет данных», and so may longer ones between dots and brackets.
_LEAST, _MOST = 13, 200
_LATEST_YEAR = 2100


def _name(text: str) -> str | None:
    return text if is_full_name(text) else None


def _names(text: str) -> str | None:
    return text if are_full_names(text) else None


def _phone(text: str) -> str | None:
    match = USUAL.fullmatch(text)
    return "+7" + "".join(match.groups()) if match else None


def _contacts(text: str) -> str | None:
    phone, comma, email = text.partition(", ")
    number = _phone(phone)
    if number is None or not comma:
        return number
    return f"{number}{LIST_SEPARATOR}{email}" if _EMAIL.fullmatch(email) else None


def _order(text: str) -> str | None:
    match = _ORDER.fullmatch(text)
    if match is None:
        return None
    day, month, year = map(int, match.groups())
    if not EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return text


_BY_TYPE: dict[str, AtOnce] = {
    "fio": _name,
    "fio_list": _names,
    "phone": _phone,
    "contacts": _contacts,
    "order_ref": _order,
}


def at_once(column: Column) -> AtOnce | None:
    """Return what sees the value of a text of *column*, None where reading is as quick."""
    if column.ignored:
        return None
    if column.type == "text":
        return _text_of(column.max_length)
    return _BY_TYPE.get(column.type)


def _text_of(limit: int | None) -> AtOnce:
    longest = min(limit or _MOST, _MOST)

    def text_of(text: str) -> str | None:
        if not (_LEAST <= len(text) <= longest and text[0].isalnum() and text[-1].isalnum()):
            return None
        return text if _TEXT.fullmatch(text) and not is_formula_error(text) else None

    return text_of
