"""Values as documents show them: what a cell can hold, shares and answers in words, colours.

Plain Python, so that pages and plugins need no xlsx for it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from contracts.plan import Column
from pipeline.model import PartColumns, Scalar
from pipeline.text import shown_text

Kind = Literal["auto", "share", "center"]
Shown = None | str | int | float | bool | date | datetime

YES, NO = "да", "нет"
NO_SHARE = "н/д"
LONGEST_TEXT = 32_767
# Excel keeps 15 digits of a number and has no dates before this one.
_LONGEST_NUMBER = 10**15
_FIRST_DATE = date(1900, 3, 1)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_PHONE = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})(?!\d)")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class RightAligned(str):
    """A line of a heading that stands at the right, as «Приложение № 1» does."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a printed table: its header, its width in characters, how numbers show.

    `kind` "share" takes floats 0…1 and shows «70,0 %», or «н/д» where there is none; "center"
    stands numbers in the middle, as those of rows. `number` is the column's number in an official
    form, which prints the numbers under the headers.
    """

    title: str
    width: float = 16
    kind: Kind = "auto"
    number: int | None = None


# How a state is coloured; the words beside it say the same to whoever prints in grey.
TONES = {
    "good": "#C6E7CE",
    "doubt": "#FFF1B8",
    "bad": "#F8CBC6",
    "quiet": "#E8EBEE",
    "none": "#FFFFFF",
}


@dataclass(frozen=True, slots=True)
class Tinted:
    """A text on a coloured ground; `tone` is a key of `TONES`."""

    text: str
    tone: str


def answer_text(column: Column, value: Scalar) -> Shown:
    """Return a canonical value as a person would type it: dates as dates, yes/no as «да»/«нет».

    Used where a base is shown or given back for filling in: what it returns, typed into a cell of
    the blank, is read as the same canonical value.
    """
    if value is None or value == "":
        return None
    if column.storage == "date":
        return date.fromisoformat(str(value)[:10])
    if column.storage == "bool":
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def typed_text(column: Column, value: Scalar) -> str | None:
    """Return a canonical value in the words that notices show it with: «31.05.2027», «нет»."""
    typed = answer_text(column, value)
    return None if typed is None else shown_text(typed)


def typed_cell(column: Column, part: PartColumns, row: int) -> str | None:
    """Return a cell as it was typed, as far as it is known."""
    raw = part.raw.get(column.name, {}).get(row)
    return raw or typed_text(column, part.column(column.name)[row])


def share_text(share: float | None) -> str:
    """Return a share 0…1 in words of a document: «70,0 %» (no-break space), «н/д» for None."""
    if share is None:
        return NO_SHARE
    # A half goes up, as Excel shows it: 9 of 16 is 56,3 % in every document.
    percent = (Decimal(str(float(share))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent}\N{NO-BREAK SPACE}%".replace(".", ",")


def phones_text(text: str) -> str:
    """Return *text* with its phones as people read them: «+7 999 000-00-01»."""
    return _PHONE.sub(r"+7 \1 \2-\3-\4", text)


def plain(value: Any) -> Shown:
    """Return a value as one of the types a cell can hold; missing values of pandas become None."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, (bool, int, float, date)):
        return _in_reach(value)
    if isinstance(value, (time, timedelta)):
        return str(value)
    return plain(value.item()) if hasattr(value, "item") else clean(str(value))


def _in_reach(value: bool | int | float | date) -> Shown:
    """What Excel cannot hold as a number or a date is shown as a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (int, float)):
        return value if abs(value) < _LONGEST_NUMBER else str(value)
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and value.time() == time()
        return _in_reach(value.date()) if midnight else value
    return value if value >= _FIRST_DATE else value.strftime("%d.%m.%Y")


def clean(text: str) -> str:
    """Return *text* as a cell can hold it: no control signs, no halves of letters, not too long."""
    if _UNFIT.search(text):
        text = _CONTROL.sub("", text.replace("\r\n", "\n"))
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    if _length(text) <= LONGEST_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", "ignore") + "…"


def _length(text: str) -> int:
    """Signs as Excel counts them: a letter beyond U+FFFF counts twice."""
    return len(text) if 2 * len(text) <= LONGEST_TEXT else len(text.encode("utf-16-le")) // 2


def sheet_name(text: str) -> str:
    """Return *text* as a sheet can be called: at most 31 signs, none of those Excel refuses."""
    name = _NOT_IN_SHEET_NAME.sub(" ", clean(text)).strip().strip("'").strip()
    return name[:31].strip() or "Лист"
