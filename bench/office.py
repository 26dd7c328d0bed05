"""Save books of schools the way an office program saves our blank after it was filled in.

The blank is taken apart once; for each school its rows go into the sheets as Excel writes them:
shared strings, a style in every cell, cells that hold a style only, an address in each.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, unescape

from contracts.passport import PASSPORT
from contracts.plan import FormPlan
from pipeline.answers.blanks.book import blank
from pipeline.answers.blanks.stages import by_stage
from pipeline.demo.files import Cell, Grid
from pipeline.demo.generator import plans, vocabularies
from pipeline.render.workbook import cell_name

STRINGS = "xl/sharedStrings.xml"
# Rows below the last one that hold borders and nothing else.
TRAILING = 5
_EPOCH = date(1899, 12, 30)
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="s")?(?:/>|><v>(\d+)</v></c>)')
_COLUMN = re.compile(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"')


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of rows: what stands before them and after them, and the style of each column."""

    head: str
    tail: str
    first: int
    styles: tuple[str, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """A sheet of answers: text between the places of the answers, and each place."""

    texts: tuple[str, ...]
    places: tuple[tuple[int, str, str], ...]


class Office:
    """Keeps the parts of the blank; `save` makes a book."""

    def __init__(self) -> None:
        forms = list(plans().values())
        with zipfile.ZipFile(io.BytesIO(blank(forms, vocabularies()))) as parts:
            self._parts = {name: parts.read(name) for name in parts.namelist()}
        strings = self._parts.pop(STRINGS).decode()
        self._head, self._items = (
            strings.split("<si>", 1)[0],
            re.findall(r"<si>.*?</si>", strings, re.S),
        )
        self._known = {_text(item): n for n, item in enumerate(self._items)}
        book = self._parts["xl/workbook.xml"].decode()
        titles = [unescape(title) for title in re.findall(r'<sheet name="([^"]*)"', book)]
        self._sheets: dict[str, tuple[str, _Table | _Card]] = {}
        for plan in (PASSPORT, *(sheet for form in forms for sheet in by_stage(form))):
            path = f"xl/worksheets/sheet{titles.index(plan.sheet) + 1}.xml"
            xml = self._parts.pop(path).decode()
            made = self._card(plan, xml) if plan.layout == "card" else _table(plan, xml)
            self._sheets[plan.sheet] = (path, made)

    def save(self, grids: Sequence[Grid]) -> bytes:
        """Return the book of these sheets; a sheet that is not among them stays empty."""
        strings = _Strings(self._known)
        given = {grid.name: grid.cells for grid in grids}
        saved = io.BytesIO()
        with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as parts:
            for name, data in self._parts.items():
                parts.writestr(name, data)
            for sheet, (path, layout) in self._sheets.items():
                cells = given.get(sheet, ())
                if isinstance(layout, _Table):
                    parts.writestr(path, _rows(layout, cells, strings))
                else:
                    parts.writestr(path, _answers(layout, cells, strings))
            items = "".join([*self._items, *strings.new])
            head = re.sub(r' count="\d+" uniqueCount="\d+"', "", self._head)
            parts.writestr(STRINGS, f"{head}{items}</sst>")
        return saved.getvalue()

    def _card(self, plan: FormPlan, xml: str) -> _Card:
        """Find the answer of each column by the label beside it."""
        labels = {}
        for letter, row, _, value in _CELL.findall(xml):
            if letter == "A" and value:
                labels[_text(self._items[int(value)]).removesuffix(" *")] = row
        order = {labels.get(c.title): n for n, c in enumerate(plan.columns)}
        texts, places, done = [], [], 0
        for found in _CELL.finditer(xml):
            letter, row, style, _ = found.groups()
            if letter == "B" and row in order:
                texts.append(xml[done : found.start()])
                places.append((order[row], f"B{row}", style or "0"))
                done = found.end()
        return _Card((*texts, xml[done:]), tuple(places))


class _Strings:
    """The shared strings of one book, after those of the blank."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = dict(known)
        self.new: list[str] = []

    def place(self, text: str) -> int:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = len(self._known)
            kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
            self.new.append(f"<si><t{kept}>{escape(text)}</t></si>")
        return found


def _text(item: str) -> str:
    return unescape("".join(re.findall(r"<t(?: [^>]*)?>(.*?)</t>", item, re.S)))


def _table(plan: FormPlan, xml: str) -> _Table:
    head, tail = xml.split("</sheetData>")
    styles: dict[int, str] = {}
    for left, right, style in _COLUMN.findall(head):
        styles |= dict.fromkeys(range(int(left), int(right) + 1), style)
    # The blank puts a column for the word «Пример» before a form that has no numbers.
    width = len(plan.columns) + (not plan.columns[0].ignored and not plan.rows)
    first = int(re.findall(r'<row r="(\d+)"', head)[-1]) + 1
    if plan.rows:
        # Labels are given, and come with the answers.
        first -= len(plan.rows)
        head = head[: head.index(f'<row r="{first}"')]
    return _Table(
        head,
        f"</sheetData>{tail}",
        first,
        tuple(styles.get(n, "0") for n in range(1, width + 1)),
        tuple(cell_name(0, n)[:-1] for n in range(width)),
    )


def _rows(table: _Table, cells: Sequence[Sequence[Cell]], strings: _Strings) -> str:
    made = [table.head]
    lines = [*cells[3:], *[()] * TRAILING]
    shift = len(table.letters) - max((len(line) for line in lines), default=0)
    for number, line in enumerate(lines, start=table.first):
        values = [*[None] * shift, *line, *[None] * len(table.letters)]
        made.append(f'<row r="{number}" spans="1:{len(table.letters)}">')
        made += [
            _cell(f"{letter}{number}", style, value, strings)
            for letter, style, value in zip(table.letters, table.styles, values, strict=False)
        ]
        made.append("</row>")
    made.append(table.tail)
    return "".join(made)


def _answers(card: _Card, cells: Sequence[Sequence[Cell]], strings: _Strings) -> str:
    answers = [line[1] if len(line) > 1 else None for line in cells[2:]]
    made = [card.texts[0]]
    for (order, place, style), text in zip(card.places, card.texts[1:], strict=True):
        made.append(_cell(place, style, answers[order] if answers else None, strings))
        made.append(text)
    return "".join(made)


def _cell(place: str, style: str, value: Cell, strings: _Strings) -> str:
    if value is None or value == "":
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(value, date):
        value = (value - _EPOCH).days
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="s"><v>{strings.place(value)}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
