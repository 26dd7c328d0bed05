"""How high a row must be for its wrapped text: only Excel finds that by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

LINE_HEIGHT = 13.0
# Width of a Russian letter of our font in digits, by which Excel measures columns.
_LETTER = 0.98
_TALLEST_ROW = 409


@lru_cache(maxsize=4096)
def text_height(text: str, width: float, *, line: float = LINE_HEIGHT) -> float:
    """Return the height in points of *text* wrapped in a cell *width* characters wide."""
    lines = sum(_lines(part, width) for part in text.split("\n"))
    return min(line * lines + 1, _TALLEST_ROW)


def text_heights(texts: Iterable[str | None], width: float) -> list[float]:
    """Return the heights of texts; most take one line. None takes no room."""
    room = max(width - 0.5, 1)
    return [
        0
        if text is None
        else LINE_HEIGHT + 1
        if len(text) * _LETTER <= room and "\n" not in text
        else text_height(text, width)
        for text in texts
    ]


def _lines(text: str, width: float) -> int:
    """Lines that *text* takes when it breaks between words, and within those that do not fit."""
    room = max(width - 0.5, 1)
    if len(text) * _LETTER <= room:
        return 1
    lines, used = 1, 0.0
    for word in text.split():
        size = len(word) * _LETTER
        if used and used + size > room:
            lines, used = lines + 1, 0.0
        lines += max(0, math.ceil(size / room) - 1)
        used += size % room + 0.5
    return lines
