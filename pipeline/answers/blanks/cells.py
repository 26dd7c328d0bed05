"""How one column of a contract looks and behaves in a blank: width, format, note, validation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.plan import Column, Vocabulary
from pipeline.render.workbook import DATE, NO, YES, Shown

FIRST_DATE, LAST_DATE = date(2015, 1, 1), date(2035, 12, 31)
FIRST_YEAR, LAST_YEAR = 1930, 2035
REQUIRED = " *"
# A row that begins with this word is an example and no data; so is a card's column under it.
EXAMPLE = "Пример"
_GREATEST = 999_999_999
_TEXT = "@"
_WIDTHS = {
    "date": 14,
    "year": 10,
    "int": 12,
    "decimal": 12,
    "percent": 12,
    "bool": 12,
    "class": 10,
    "phone": 20,
    "fio": 34,
    "fio_list": 34,
    "text": 28,
}
_FORMATS = {"date": DATE, "year": "0", "int": "0", "decimal": "General", "percent": "General"}


def width(column: Column) -> float:
    """Return the width of the column in characters; no word of its header is broken."""
    words = [EXAMPLE] if column.ignored else []
    words += heading(column).replace("/", "/ ").split()
    longest = max(len(word) for word in words)
    return max(column.width or _WIDTHS.get(column.type, 22), longest * 1.1 + 2)


def heading(column: Column) -> str:
    """Return the header as it stands on the sheet: an asterisk marks what must be filled."""
    return column.title + (REQUIRED if column.required == "error" else "")


def number_format(column: Column) -> str:
    """Return the Excel format: texts stay as typed, so that «22–35» becomes no date."""
    # Old versions of Excel show «####» for a long text in a cell of the text format.
    long = column.type == "text" and column.max_length is not None
    return _FORMATS.get(column.type, "General" if long else _TEXT)


def note(column: Column, vocabularies: Mapping[str, Vocabulary]) -> str:
    """Return the note on the header: what to write, an example, whether it must be there."""
    lines = (
        column.help,
        _several(column),
        _allowed(column, vocabularies),
        f"{EXAMPLE}: {column.example}" if column.example else "",
        "Обязательно." if column.required == "error" else "",
    )
    return "\n".join(line for line in lines if line)


def explanation(column: Column, vocabularies: Mapping[str, Vocabulary]) -> str:
    """Return what a card says beside a field; what a dropdown shows is not said again."""
    allowed = _allowed(column, vocabularies) if column.multiple else ""
    return " ".join(part for part in (column.help, _several(column), allowed) if part)


def _several(column: Column) -> str:
    told = not column.multiple or "«;»" in column.help
    return "" if told else "Несколько – через «;»."


def _allowed(column: Column, vocabularies: Mapping[str, Vocabulary]) -> str:
    vocabulary = vocabularies.get(column.vocabulary or "")
    return f"Можно: {'; '.join(vocabulary.values)}." if vocabulary else ""


def example(column: Column, text: str | None) -> Shown:
    """Return the example text of a contract as the value a person would have in the cell."""
    if not text:
        return None
    if column.type == "date":
        day, month, year = text.split(".")
        return date(int(year), int(month), int(day))
    if column.type in ("int", "year"):
        return int(text)
    if column.type in ("decimal", "percent"):
        return float(text.replace(",", "."))
    return text


def list_name(vocabulary: str) -> str:
    """Return the defined name under which a dropdown finds the values of a vocabulary."""
    return "list_" + re.sub(r"\W", "_", vocabulary)


def validation(column: Column, vocabularies: Mapping[str, Vocabulary]) -> dict[str, Any] | None:
    """Return the Excel validation of a cell, or None where anything may stand.

    It warns and never forbids: who must write something unusual can.
    """
    rule = _choice(column, vocabularies) or _range(column)
    if rule is None:
        return None
    said = f"{column.help} Оставить как есть?"
    return {
        "error_type": "warning",
        "error_title": column.title[:32],
        "error_message": said[:255],
        **rule,
    }


def _choice(column: Column, vocabularies: Mapping[str, Vocabulary]) -> dict[str, Any] | None:
    if column.type == "bool":
        return {
            "validate": "list",
            "source": [YES, NO],
            "error_message": f"Нужно «{YES}» или «{NO}».",
        }
    if column.vocabulary is None or column.vocabulary not in vocabularies:
        return None
    rule = {"validate": "list", "source": f"={list_name(column.vocabulary)}"}
    # Several values in one cell are typed; the list then offers single ones and stays silent.
    silent = {"show_error": False} if column.multiple else {}
    return {**rule, **silent, "error_message": "Такого значения нет в списке. Оставить как есть?"}


def _range(column: Column) -> dict[str, Any] | None:
    if column.type == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": FIRST_DATE,
            "maximum": LAST_DATE,
            "error_message": "Нужна дата: день, месяц, год, например 01.09.2026. "
            "Оставить как есть?",
        }
    if column.max_length and column.type == "text":
        return {
            "validate": "length",
            "criteria": "<=",
            "value": column.max_length,
            "error_message": f"Текст длиннее {column.max_length} знаков. Оставить как есть?",
        }
    if column.storage not in ("int", "float"):
        return None
    least, most = _limits(column)
    named = column.maximum is not None or column.type in ("year", "percent")
    said = f"от {least} до {most}" if named else f"не меньше {least}"
    return {
        "validate": "integer" if column.storage == "int" else "decimal",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_message": f"Нужно число {said}. Оставить как есть?",
    }


def _limits(column: Column) -> tuple[int, int]:
    least, most = {"year": (FIRST_YEAR, LAST_YEAR), "percent": (0, 100)}.get(
        column.type, (0, _GREATEST)
    )
    return (
        least if column.minimum is None else column.minimum,
        most if column.maximum is None else column.maximum,
    )
