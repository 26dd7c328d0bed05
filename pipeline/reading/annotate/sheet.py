"""The sheet «Протокол проверки» as a part of the workbook, and read back when it returns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.reading.annotate.layout import (
    FIRST_ROW,
    FOOTER,
    LAST_COLUMN,
    PROTOCOL_SHEET,
    WIDTHS,
    Row,
)
from pipeline.reading.annotate.package import Package
from pipeline.reading.annotate.relations import STRINGS_TYPE, related
from pipeline.reading.annotate.styles import Look, Styles
from pipeline.reading.annotate.tags import address_of
from pipeline.reading.annotate.xml import MAIN, escape, main, parse

# Stands in A1; with the name of the sheet it says that the sheet is ours.
MARKER = "Лист сделан программой проверки"
_MOST_PAIRS = 4_000
_LONGEST_LINK = 200
META = Look(size=8, color="808080", wrap=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """What our sheet remembers of the workbook as it was before the marks.

    `active` is the index of the sheet shown; `styles` the hash of the styles part we wrote and
    `sizes` the lengths of its lists before; `pairs` are (style with our fill, style of the cell),
    kept as two cells that carry them, so that whoever renumbers styles renumbers these too.
    """

    active: int
    styles: str
    sizes: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


def render(rows: Sequence[Row], styles: Styles, known: set[str]) -> tuple[bytes, str, str]:
    """Return the part but for its first row, its printed area and the row repeated on each page.

    Only sheets in *known* are linked to. `with_memory` completes the part.
    """
    texts, merged, links, header = [], [], [], FIRST_ROW
    for number, row in enumerate(rows, start=FIRST_ROW):
        texts.append(_row(number, row, styles))
        merged += [f"{_at(number, first)}:{_at(number, last)}" for first, last in row.merged]
        if row.link and row.link[0] in known and len(row.link[0]) < _LONGEST_LINK:
            links.append(_link(number, *row.link))
        header = number if row.header else header
    last = FIRST_ROW + len(rows) - 1
    data = _HEAD + "".join(texts) + "</sheetData>"
    data += f'<mergeCells count="{len(merged)}">'
    data += "".join(f'<mergeCell ref="{area}"/>' for area in merged) + "</mergeCells>"
    data += f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (data + _TAIL).encode(), f"$A${FIRST_ROW}:${LAST_COLUMN}${last}", f"${header}:${header}"


def with_memory(data: bytes, memory: Memory, styles: int) -> bytes:
    """Put the hidden first row into a rendered part; *styles* is the style of its texts."""
    facts = {"active": memory.active, "styles": memory.styles, "sizes": memory.sizes}
    cells = [_cell("A1", MARKER, styles), _cell("B1", json.dumps(facts), styles)]
    for number, pair in enumerate(memory.pairs[:_MOST_PAIRS]):
        column = 3 + 2 * number
        cells += [_cell(address_of((1, column + i)), "x", style) for i, style in enumerate(pair)]
    first = f'<sheetData><row r="1" hidden="1">{"".join(cells)}</row>'
    return data.replace(b"<sheetData>", first.encode(), 1)


def remembered(package: Package, workbook: str, name: str, part: str) -> Memory | None:
    """Return what a sheet of ours remembers; None for a sheet that is not ours."""
    if not name.startswith(PROTOCOL_SHEET):
        return None
    row = next(parse(package.read(part)).iter(main("row")), None)
    cells = [] if row is None else row.findall(main("c"))
    texts = [_text(package, workbook, cell) for cell in cells[:2]]
    if texts[:1] != [MARKER]:
        return None
    styles = [int(cell.get("s", "0")) for cell in cells[2:]]
    pairs = tuple(zip(styles[::2], styles[1::2], strict=False))
    try:
        facts = json.loads(texts[1])
        return Memory(int(facts["active"]), facts["styles"], tuple(facts["sizes"]), pairs)
    except (ValueError, LookupError, TypeError):
        return Memory(0, "", (), pairs)


_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
    '<sheetPr><tabColor rgb="FF3B4252"/><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
    '<sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    '<selection activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols>'
    + "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, start=1)
    )
    + "</cols><sheetData>"
)
_TAIL = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    f"<headerFooter><oddFooter>{escape(FOOTER)}</oddFooter></headerFooter></worksheet>"
)


def _row(number: int, row: Row, styles: Styles) -> str:
    height = f' ht="{row.height:g}" customHeight="1"'
    cells = "".join(
        _cell(_at(number, column), text, styles.look(look))
        for column, (text, look) in enumerate(zip(row.texts, row.looks, strict=True))
    )
    return f'<row r="{number}"{height}>{cells}</row>'


def _cell(address: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{address}" s="{style}"/>'
    inside = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{address}" s="{style}" t="inlineStr">{inside}</c>'


def _link(number: int, sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    target = escape(f"'{quoted}'!{cell}")
    return f'<hyperlink ref="A{number}" location="{target}" display="{escape(cell)}"/>'


def _at(row: int, column: int) -> str:
    return address_of((row, column + 1))


def _text(package: Package, workbook: str, cell: Any) -> str:
    """Return the text of a cell, wherever the program that saved it keeps its texts."""
    if cell.get("t") != "s":
        return "".join(t.text or "" for t in cell.iter(main("t"))) or cell.findtext(main("v")) or ""
    strings = related(package, workbook, STRINGS_TYPE)
    if strings is None:
        return ""
    wanted = int(cell.findtext(main("v")) or 0)
    item = parse(package.read(strings.target)).findall(main("si"))[wanted]
    return "".join(t.text or "" for t in item.iter(main("t")))
