"""The sheet «Протокол проверки» row by row, before it becomes XML or a workbook of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from textwrap import wrap

from pipeline.model import Line, Outcome, Protocol
from pipeline.reading.annotate.lines import folded, groups
from pipeline.reading.annotate.styles import Look
from pipeline.reading.annotate.xml import LONGEST

PROTOCOL_SHEET = "Протокол проверки"
HEADERS = ("Ячейка", "Кто", "Что не так", "Как исправить", "Пример")
WIDTHS = (12, 26, 52, 46, 26)
FOOTER = "&L&8Протокол проверки&R&8Стр. &P из &N"
# Row 1 is hidden: what we need to know when the workbook comes back.
FIRST_ROW = 2
LAST_COLUMN = "E"

GREEN, AMBER, RED, GREY = "2E7D4F", "A86200", "B3362B", "4A5568"
COLORS: dict[Outcome, str] = {
    "accepted": GREEN,
    "accepted_with_remarks": AMBER,
    "accepted_partly": AMBER,
    "rejected": RED,
    "held": GREY,
    "superseded": GREY,
    "withdrawn": GREY,
}
_SECTIONS = (
    ("errors", "Ошибки – их нужно исправить", RED, "FBE3E0"),
    ("remarks", "Замечания – проверьте", AMBER, "FBF1D5"),
    ("repairs", "Что мы изменили сами и к сведению", GREY, "EDF0F4"),
)
_CLEAN = "Ошибок и замечаний нет."
_WHOLE_FILE = "Весь файл"
_SHEET = "Лист «{sheet}»"
_CAPPED = "показаны {shown} из {total}"

_VERDICT = Look(size=20, bold=True, color="FFFFFF")
_LABEL = Look(color="57606A")
_FACT = Look()
_TASK = Look(size=12)
_HEADER = Look(bold=True, color="FFFFFF", fill="3B4252", border=True)
_PLACE = Look(bold=True, color="57606A", fill="F6F8FA", border=True)
_CELL = Look(border=True)
_LINK = Look(border=True, color="0B5CAD", underline=True)
_SAMPLE = Look(border=True, color="2E7D4F")
_NOTE = Look(size=11, color=GREEN, border=True)
_CHARACTERS = sum(WIDTHS)
_LEAST = 18.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: texts and looks of columns A…E, columns (from, to) that are one, height in points.

    `link` is the sheet and cell that column A leads to; `header` marks the table's header.
    """

    texts: tuple[str, str, str, str, str]
    looks: tuple[Look, Look, Look, Look, Look]
    merged: tuple[tuple[int, int], ...] = ()
    height: float = _LEAST
    link: tuple[str, str] | None = None
    header: bool = False


def rows(protocol: Protocol, per_sheet: int) -> list[Row]:
    """Return the rows of the protocol, beginning with Excel row `FIRST_ROW`."""
    verdict = replace(_VERDICT, fill=COLORS[protocol.outcome])
    out = [_wide(protocol.verdict, verdict, 40)]
    if protocol.what_to_do:
        out.append(_wide(protocol.what_to_do, _TASK, 28))
    out.append(_wide("", _FACT, 8))
    out += [_fact(label, text) for label, text in protocol.facts]
    out.append(_wide("", _FACT, 8))
    out.append(Row(HEADERS, (_HEADER,) * 5, height=22, header=True))
    for name, title, color, fill in _SECTIONS:
        lines = getattr(protocol, name)
        if lines:
            look = Look(size=12, bold=True, color=color, fill=fill, border=True)
            out.append(_wide(f"{title}: {len(lines)}", look, 24))
            out += _lines(lines, per_sheet)
    if not protocol.errors and not protocol.remarks:
        place = next(i for i, row in enumerate(out) if row.header) + 1
        out.insert(place, _wide(_CLEAN, _NOTE, 24))
    return out


def _lines(lines: tuple[Line, ...], per_sheet: int) -> Iterator[Row]:
    for group in groups(folded(lines), per_sheet):
        title = _SHEET.format(sheet=group.sheet) if group.sheet else _WHOLE_FILE
        if group.total > group.told:
            title += ": " + _CAPPED.format(shown=group.told, total=group.total)
        yield _wide(title, _PLACE, 20)
        for line in group.shown:
            yield _line(line)


def _line(line: Line) -> Row:
    link = (line.sheet, line.cell) if line.sheet and line.cell else None
    looks = (_LINK if link else _CELL, _CELL, _CELL, _CELL, _SAMPLE)
    texts = (line.cell or "", line.who, line.what, line.fix, line.example)
    height = max(map(_height, texts, repeat(10), WIDTHS))
    return Row(texts, looks, height=height, link=link)


def _fact(label: str, text: str) -> Row:
    height = _height(text, 10, _CHARACTERS - WIDTHS[0] - WIDTHS[1], 16)
    looks = (_LABEL, _LABEL, _FACT, _FACT, _FACT)
    return Row((label, "", text, "", ""), looks, ((0, 1), (2, 4)), height)


def _wide(text: str, look: Look, least: float) -> Row:
    height = _height(text, look.size, _CHARACTERS, least)
    return Row((text, "", "", "", ""), (look,) * 5, ((0, 4),), height)


def _height(text: str, size: int, characters: int, least: float = _LEAST) -> float:
    """Points that wrapped *text* takes: not every program measures rows when it opens a file."""
    room = max(characters * 10 // size - 2, 4)
    lines = sum(_lines_of(line, room) for line in text[:LONGEST].split("\n"))
    return least + (lines - 1) * size * 1.4


def _lines_of(text: str, room: int) -> int:
    # Wrapping takes long, and most texts are shorter than a line.
    return 1 if len(text) <= room and "\t" not in text else len(wrap(text, room)) or 1
