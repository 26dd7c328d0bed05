"""What a value becomes in a cell of a table: a style, and a text, a number or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from pipeline.render.heights import text_height, text_heights
from pipeline.render.styles import ROW_STYLES
from pipeline.render.values import (
    LONGEST_TEXT,
    NO,
    NO_SHARE,
    YES,
    Kind,
    Shown,
    Tinted,
    clean,
    plain,
)

_STYLE_NUMBERS = {name: number for number, name in enumerate(ROW_STYLES, 1)}
_DAY_ZERO = date(1899, 12, 30)
_SECONDS_A_DAY = 24 * 60 * 60
# What XML or Excel would take for something else: marks, its own escapes, spaces at the ends.
_TO_ESCAPE = re.compile(r"[&<>]|_x[0-9a-fA-F]{4}_|\A\s|\s\Z")
# Most texts: one line of signs that need no mending.
_SOUND = (
    r"(?![ \xa0])[^&<>_\x00-\x1f\x7f-\x9f\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000"
    r"\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]+(?<![ \xa0])"
)
_SOUND_TEXTS = re.compile(rf"(?:{_SOUND}(?:\n{_SOUND})*)?")
_EXCEL_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")


def cell(value: Shown | Tinted, kind: Kind) -> tuple[str, str | int | float | None]:
    """Return the style of a value in a column of *kind*, and what stands in its cell.

    Dates and moments are numbers there, counted in days as Excel does.
    """
    if isinstance(value, Tinted):
        return value.tone, clean(value.text)
    value = plain(value)
    if kind == "share":
        return _share(value)
    if value is None or isinstance(value, str):
        return "text", value
    if isinstance(value, bool):
        return "center", YES if value else NO
    if isinstance(value, date):
        return _day(value)
    by_type = "number" if isinstance(value, int) else "fraction"
    return "center" if kind == "center" else by_type, value


def cell_xml(value: Shown | Tinted, kind: Kind, width: float) -> tuple[str, float]:
    """Return the XML of a cell without its place, and how high its text is; 0 for no text."""
    text = value.text if isinstance(value, Tinted) else value
    height = text_height(text, width) if isinstance(text, str) else 0
    style, shown = cell(value, kind)
    number = _STYLE_NUMBERS[style]
    if shown is None:
        return f'<c s="{number}"/>', height
    if isinstance(shown, str):
        return f'<c s="{number}" t="inlineStr"><is>{_text_xml(shown)}</is></c>', height
    return f'<c s="{number}"><v>{shown:.16G}</v></c>', height


def text_cells(
    values: Sequence[str | None], kind: Kind, width: float
) -> tuple[list[str], list[float]] | None:
    """Return the same of a column of texts, all at once; None where one needs closer looking at.

    A break of lines within a text is taken for two texts, which differs in nothing but heights.
    """
    texts = [value for value in values if value is not None]
    fit = "" not in texts and max(map(len, texts), default=0) <= LONGEST_TEXT
    if not fit or not _SOUND_TEXTS.fullmatch("\n".join(texts)):
        return None
    number = _STYLE_NUMBERS["share in words" if kind == "share" else "text"]
    blank, _none = cell_xml(None, kind, width)
    before, behind = f'<c s="{number}" t="inlineStr"><is><t>', "</t></is></c>"
    return (
        [blank if value is None else f"{before}{value}{behind}" for value in values],
        text_heights(values, width),
    )


def number_xml() -> str:
    """Return the cell of a running number, with NUL where it is filled in."""
    return f'<c s="{_STYLE_NUMBERS["center"]}"><v>\x00</v></c>'


def _share(value: Shown) -> tuple[str, str | int | float | None]:
    if isinstance(value, (int, float)):
        return "share", value
    return "share in words", value if isinstance(value, str) else NO_SHARE


def _day(value: date) -> tuple[str, int | float]:
    days = value.toordinal() - _DAY_ZERO.toordinal()
    if not isinstance(value, datetime):
        return "date", days
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return "moment", days + (seconds + value.microsecond / 1e6) / _SECONDS_A_DAY


def _text_xml(text: str) -> str:
    if not _TO_ESCAPE.search(text):
        return f"<t>{text}</t>"
    spaces = ' xml:space="preserve"' if text != text.strip() else ""
    text = _EXCEL_ESCAPE.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{spaces}>{text}</t>"
