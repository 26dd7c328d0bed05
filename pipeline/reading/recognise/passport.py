"""The Паспорт: on its own sheet, or in the lines above a table, as on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from contracts.identifiers import inn_valid
from contracts.passport import PASSPORT
from pipeline.model import Book, CellValue, Notice, Scalar
from pipeline.period import SchoolYear
from pipeline.reading.recognise.cards import Card, Labels, find_card
from pipeline.reading.recognise.cells import Context
from pipeline.reading.recognise.columns import read_card, read_value, row_reader
from pipeline.reading.recognise.grid import Grid, Place
from pipeline.reading.recognise.words import Grade, Wording

_LEAST_LABELS = 3
_INN = re.compile(r"(?<!\d)\d{10}(?!\d)")
_INN_NAMED = re.compile(r"\bИНН\b\D{0,20}(\d[\d ]{7,13}\d)(?!\d)", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:М(?:БОУ|АОУ|КОУ|ОУ|БДОУ|АДОУ|КДОУ|БУ ДО|АУ ДО|БОУ ДО)|ГБОУ|ГКОУ|ГАОУ|ГБПОУ|ГПОУ|ЧОУ|АНОО"
    r"|муниципальн\w+ (?:бюджетн|автономн|казенн|казённ|общеобраз)\w*)(?![А-Яа-яЁё])",
    re.IGNORECASE,
)
# What tells one organisation of a legal form from another: a number, or a name in quotes.
_TELLS_NAME = re.compile(r"[0-9«»\"“”]")
_LONGEST_NAME = 200
_AS_OF = re.compile(r"по состоянию на\s*:?\s*(?P<day>.*\d.*)", re.IGNORECASE)
_VERSION = re.compile(r"\b([A-ZА-Я]\d{2})@(\d+)\b")


def passport_card(grid: Grid, labels: Labels, words: Wording) -> Card | None:
    """Return the card «Паспорт» of a sheet, if there is one."""
    return find_card(grid, labels, words, least=_LEAST_LABELS)


def read_passport(
    context: Context, grid: Grid, card: Card
) -> tuple[dict[str, Scalar], list[Notice]]:
    """Return what the card says, by the names of `PASSPORT`; empty answers are left out."""
    block = read_card(row_reader(context, grid, PASSPORT), card.first, card.lines)
    said = {name: column[0] for name, column in block.values.items()}
    return {name: value for name, value in said.items() if value is not None}, block.notices


def read_lines(
    context: Context, grid: Grid, rows: Iterable[int], words: Wording
) -> tuple[dict[str, Scalar], list[Notice]]:
    """Return what the lines above a table say: «ИНН 0042000010», «2026-2027 учебный год»."""
    reader = row_reader(context, grid, PASSPORT)
    found: dict[str, Scalar] = {}
    notices: list[Notice] = []
    for row in rows:
        for name, value, place in _said(grid, row, words):
            if name in found:
                continue
            answer, said = read_value(reader, name, value, place)
            if answer is not None:
                found[name] = answer
            notices += said
    return found, notices


def _said(grid: Grid, row: int, words: Wording) -> Iterator[tuple[str, CellValue, Place]]:
    for column in grid.filled[row]:
        text, place = grid.texts[row][column], (row, column)
        label, colon, rest = text.partition(":")
        name = _label(label, words)
        if name and colon and rest.strip():
            yield name, rest.strip(), place
            continue
        beside = [j for j in grid.filled[row] if j > column]
        if name and beside and not _label(grid.texts[row][beside[0]], words):
            yield name, grid.value(row, beside[0]), (row, beside[0])
            continue
        yield from (
            (known, value, place) for known, value in _by_look(_whole_name(grid, row, column))
        )


def _whole_name(grid: Grid, row: int, column: int) -> str:
    """The text of a cell; where it is a legal form only, with the line of the name below it."""
    text = grid.texts[row][column]
    if _TELLS_NAME.search(text) or not _UNIT.match(text):
        return text
    below = (grid.text(line, column) for line in range(row + 1, min(row + 3, grid.height)))
    name = next((line for line in below if line), "")
    return f"{text} {name}" if _TELLS_NAME.search(name) and len(name) <= _LONGEST_NAME else text


def _label(text: str, words: Wording) -> str | None:
    offers = words.candidates(text) if len(text) <= 120 else ()
    return offers[0].column if offers and offers[0].grade is Grade.EXACT else None


def _by_look(text: str) -> Iterator[tuple[str, str]]:
    named = _INN_NAMED.search(text)
    if named:
        yield "inn", named[1]
    yield from (("inn", digits) for digits in _INN.findall(text) if inn_valid(digits))
    year = SchoolYear.find(text)
    if year:
        yield "period", str(year)
    if _UNIT.match(text):
        yield "unit_name", text
    day = _AS_OF.search(text)
    if day:
        yield "as_of", day["day"]


def versions(book: Book, grids: Iterable[Grid]) -> dict[str, str]:
    """Return the version of each form's blank, where the file names it."""
    named = dict(_VERSION.findall(book.properties.get("nastavnik", "")))
    for grid in grids:
        for row in range(min(grid.height, 40)):
            for column in grid.filled[row][:4]:
                text = grid.texts[row][column]
                for code, version in _VERSION.findall(text) if "@" in text else ():
                    named.setdefault(code, version)
    return named
