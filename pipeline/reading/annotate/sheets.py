"""What a sheet says beside its cells: whether it is selected, which drawing has its comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.reading.annotate.package import CannotAnnotate
from pipeline.reading.annotate.tags import (
    ATTRIBUTES,
    attributes,
    outline,
    pattern,
    prefix_of,
    stop_of,
    tags,
    with_attribute,
)

# Elements that follow `legacyDrawing` in a worksheet.
_LATER = (
    *(b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls"),
    *(b"webPublishItems", b"tableParts", b"extLst", b"AlternateContent"),
)


def unselect(data: bytes) -> bytes:
    """Return a sheet that is not selected, so that it is not edited together with another one."""
    selected = rb"""\stabSelected\s*=\s*["'](?:1|true)["']"""
    return _each_view(data, lambda text: re.sub(selected, b"", text))


def select(data: bytes) -> bytes:
    """Return a sheet that is selected in its first window."""
    return _each_view(unselect(data), lambda text: with_attribute(text, b"tabSelected", 1), count=1)


def add_legacy_drawing(data: bytes, relation: str, namespace: str) -> bytes:
    """Refer from a worksheet to the drawing with its comments."""
    prefix, head, rows, tail = outline(data)
    place = next(_later(tail), tail.rfind(b"</" + prefix + b"worksheet"))
    if place < 0:
        raise CannotAnnotate("worksheet without end")
    element = f'legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
    return head + rows + tail[:place] + b"<" + prefix + element + tail[place:]


def legacy_drawing(data: bytes) -> str | None:
    """Return the relation by which a worksheet refers to the drawing with its comments."""
    prefix = prefix_of(data)
    for tag in tags(data, prefix + b"legacyDrawing"):
        for name, value in attributes(tag.attributes).items():
            if name.endswith(b":id"):
                return value
    return None


def drop_legacy_drawing(data: bytes) -> bytes:
    """Take the reference to the drawing with its comments out of a worksheet."""
    prefix = prefix_of(data)
    for tag in tags(data, prefix + b"legacyDrawing"):
        end = tag.end if tag.closed else stop_of(data, prefix + b"legacyDrawing", tag.end)
        return data[: tag.start] + data[end:]
    return data


def _each_view(data: bytes, change: Callable[[bytes], bytes], count: int = 0) -> bytes:
    """Change the attributes of the sheet's views, which stand near its beginning."""
    prefix = prefix_of(data)
    stop = data.find(b"<" + prefix + b"sheetData")
    head = data if stop < 0 else data[:stop]

    def changed(match: re.Match[bytes]) -> bytes:
        return b"<" + prefix + b"sheetView" + change(match[1]) + b">"

    return pattern(prefix + b"sheetView").sub(changed, head, count) + data[len(head) :]


def _later(tail: bytes) -> Iterator[int]:
    """Yield where, directly under the worksheet, an element stands that follows our reference."""
    depth = 0
    for match in re.finditer(rb"<(/?)(?:[\w.-]+:)?([\w.-]+)" + ATTRIBUTES + b">", tail):
        closes, name, inside = match[1], match[2], match[3]
        if match.start() == 0 and closes:
            continue
        if not depth and not closes and name in _LATER:
            yield match.start()
        if closes:
            depth -= 1
        elif not inside.endswith(b"/"):
            depth += 1
