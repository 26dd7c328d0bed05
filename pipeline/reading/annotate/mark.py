"""The school's own workbook with our marks: a protocol first, red and yellow cells, comments.

The workbook is not opened and saved again: only the parts that say something else now are
changed, everything else keeps its bytes. On return our marks are known and taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.model import Line, Protocol, Severity
from pipeline.reading.annotate import cells, comments
from pipeline.reading.annotate.book import SheetPart, Workbook
from pipeline.reading.annotate.layout import PROTOCOL_SHEET, rows
from pipeline.reading.annotate.lines import PER_SHEET, groups
from pipeline.reading.annotate.package import CannotAnnotate, Package
from pipeline.reading.annotate.relations import STYLES_TYPE, related
from pipeline.reading.annotate.sheet import META, Memory, remembered, render, with_memory
from pipeline.reading.annotate.standalone import protocol_workbook
from pipeline.reading.annotate.styles import Styles, digest, marked_in, truncated, without_fill
from pipeline.reading.annotate.tags import Place, place_of

__all__ = ["PROTOCOL_SHEET", "CannotAnnotate", "annotate", "protocol_workbook", "strip"]

_KINDS: dict[Severity, str] = {"error": "ошибка", "remark": "замечание"}
_FIX = "Как исправить: "
_EXAMPLE = "Пример: "


def annotate(source: bytes, protocol: Protocol, *, per_sheet: int = PER_SHEET) -> bytes:
    """Return the workbook with the protocol and its marks; marks of an earlier answer are gone.

    At most *per_sheet* lines of a kind are shown and commented for each sheet; all cells that
    are named get their colour. Raises CannotAnnotate for what cannot carry marks safely.
    """
    try:
        package = Package(source)
        _strip(package)
        if package.changed:
            package = Package(package.pack())
        _patch(package, protocol, per_sheet)
        return package.pack()
    except (ValueError, LookupError) as error:
        raise CannotAnnotate("a part is not as the format says") from error


def strip(source: bytes) -> bytes:
    """Return the file without our marks; the very same bytes where it has none or is no xlsx.

    Marks are known even after another program saved the file; a cell whose own fill cannot be
    found any more is left without fill.
    """
    try:
        return _stripped(source)
    except (CannotAnnotate, ValueError, LookupError):
        return source


def _patch(package: Package, protocol: Protocol, per_sheet: int) -> None:
    book = Workbook(package)
    active, styles_part = book.active, book.styles_part()
    styles = Styles(package.read(styles_part))
    own = {sheet.name: sheet for sheet in book.sheets()}
    shown = [
        line
        for lines in (protocol.errors, protocol.remarks)
        for group in groups(lines, per_sheet)
        for line in group.shown
    ]
    for sheet in own.values():
        if sheet.table:
            _mark(package, sheet, styles, [*protocol.errors, *protocol.remarks], shown)
    data, printed, repeated = render(rows(protocol, per_sheet), styles, set(own))
    meta = styles.look(META)
    package.write(styles_part, styles.data())
    memory = Memory(active, digest(styles.data()), tuple(styles.sizes), tuple(styles.pairs))
    data = with_memory(data, memory, meta)
    book.insert_first(_free_name(own), data, printed, repeated)


def _mark(
    package: Package, sheet: SheetPart, styles: Styles, lines: list[Line], shown: list[Line]
) -> None:
    """Colour the cells of one sheet and comment those whose lines are shown."""
    severities = _severities(sheet.name, lines)
    if not severities:
        return
    data = package.read(sheet.part)
    corners = cells.top_left(data, severities)
    worst: dict[Place, Severity] = {}
    for place, severity in severities.items():
        if worst.get(corners[place]) != "error":
            worst[corners[place]] = severity
    data = cells.mark(data, worst, lambda place, style: styles.marked(style, worst[place]))
    package.write(sheet.part, data)
    comments.add(package, sheet.part, _texts(sheet.name, shown, corners))


def _severities(sheet: str, lines: Iterable[Line]) -> dict[Place, Severity]:
    """Return the worst severity of each cell of a sheet that lines speak of."""
    found: dict[Place, Severity] = {}
    for line in lines:
        place = place_of(line.cell) if line.sheet == sheet and line.cell else None
        if place and line.severity in _KINDS and found.get(place) != "error":
            found[place] = line.severity
    return found


def _texts(sheet: str, lines: Iterable[Line], corners: Mapping[Place, Place]) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for line in lines:
        place = place_of(line.cell) if line.sheet == sheet and line.cell else None
        if place is not None and place in corners:
            corner, text = corners[place], _text(line)
            found[corner] = f"{found[corner]}\n\n{text}" if corner in found else text
    return found


def _text(line: Line) -> str:
    fix = [_FIX + line.fix] if line.fix else []
    example = [_EXAMPLE + line.example] if line.example else []
    return "\n".join([_KINDS.get(line.severity, ""), line.what, *fix, *example])


def _free_name(taken: Mapping[str, SheetPart]) -> str:
    lower = {name.lower() for name in taken}
    name, number = PROTOCOL_SHEET, 1
    while name.lower() in lower:
        number += 1
        name = f"{PROTOCOL_SHEET} ({number})"
    return name


def _stripped(source: bytes) -> bytes:
    package = Package(source)
    _strip(package)
    return package.pack()


def _strip(package: Package) -> None:
    book = Workbook(package)
    memory = _drop_protocols(package, book)
    for sheet in book.sheets():
        comments.remove(package, sheet.part)
    _restore_styles(package, book, memory)


def _drop_protocols(package: Package, book: Workbook) -> Memory | None:
    """Take our sheets out; return what the first of them remembers."""
    memory = None
    for sheet in book.sheets():
        found = remembered(package, book.part, sheet.name, sheet.part)
        if found is not None and len(book.sheets()) > 1:
            book.drop(sheet.part, found.active)
            memory = memory or found
    return memory


def _restore_styles(package: Package, book: Workbook, memory: Memory | None) -> None:
    """Give cells with our fill the style they had, as far as it can be known."""
    part = related(package, book.part, STYLES_TYPE)
    if part is None:
        return
    data = package.read(part.target)
    ours = marked_in(data)
    known = {marked: own for marked, own in memory.pairs if marked in ours} if memory else {}
    known = {marked: own for marked, own in known.items() if own not in ours}
    untouched = memory is not None and memory.styles == digest(data)
    lost = ours - set(known)
    if memory is not None and untouched:
        data = truncated(data, memory.sizes)
    elif lost:
        data, bare = without_fill(data, lost)
        known |= bare
    package.write(part.target, data)
    for sheet in book.sheets() if known else ():
        before = package.read(sheet.part)
        after = cells.unmark(before, known)
        if after != before:
            package.write(sheet.part, after)
