"""Reads csv and other separated text in the encodings that offices in Russia save."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import FileRefusedError
from pipeline.hookspecs import Reader, hookimpl
from pipeline.model import Book, CellValue, Sheet
from pipeline.reading.file_kinds import kind_of, utf16_without_mark
from pipeline.reading.formats.separated import records, separator_of
from pipeline.reading.formats.xlsx_cells import MAX_CELLS, MAX_COLUMN, too_many
from pipeline.reading.text_end import CUT, ends_cut

MAX_FIELD = 32_767
SHEET = "CSV"

_CODE_PAGES = ("cp1251", "cp866", "koi8-r")
_SAMPLE_BYTES = 64_000
_NAMED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# Russian letters from the most to the least frequent, and the weight this gives them.
_LETTERS = {
    letter: 110 - 4 * rank for rank, letter in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ")
} | {"ё": 1}
_SIGNS = "№«»–—…„“”‘’ \u00a0°"
_WORD_CASE = re.compile("[а-яё][А-ЯЁ]")


@hookimpl
def register_readers() -> Sequence[Reader]:
    """Offer the reader of separated text."""
    return (Reader("text", "таблицы в тексте (.csv, .tsv, .txt)", sniff, read),)


def sniff(head: bytes, _name: str) -> float:
    """Claim what can be text and is no markup."""
    return 0.4 if kind_of(head) == "text" else 0.0


def read(path: str) -> Book:
    """Read a table from text; numbers and dates stay the text they are.

    Raises:
        FileRefusedError: zeros among the text (a copy cut short), or the limits of a sheet.
    """
    data = Path(path).read_bytes()
    text = decode(data)
    if "\x00" in text:
        raise FileRefusedError("file_damaged")
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    separator = named[1] if named else separator_of(text)
    rows = _fields(text, separator)
    if max(map(len, rows), default=0) > MAX_COLUMN:
        raise FileRefusedError("file_suspicious", found=f"столбцов больше {MAX_COLUMN}")
    if sum(map(len, rows)) > MAX_CELLS:
        raise too_many()
    told = {CUT: SHEET} if ends_cut(data[-_SAMPLE_BYTES:]) else {}
    return Book((Sheet(SHEET, rows),), "csv", told)


def decode(data: bytes) -> str:
    """Return the text of *data*: by its mark, as UTF-8, else in the likeliest code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    wide = utf16_without_mark(data[:4000])
    if wide:
        return data.decode(wide, "replace")
    data = data.rstrip(b"\x1a")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(code_page_of(data[:_SAMPLE_BYTES]), "replace")


def code_page_of(sample: bytes) -> str:
    """Return the Cyrillic code page in which *sample* looks most like Russian."""
    scores = {page: _russian(sample.decode(page, "replace")) for page in _CODE_PAGES}
    best, second = sorted(scores.values(), reverse=True)[:2]
    likeliest = max(scores, key=scores.__getitem__)
    if best - second >= 0.1 * abs(best):
        return likeliest
    from chardet import detect  # noqa: PLC0415  # only where letters alone cannot tell

    name = str(detect(sample).get("encoding") or "").lower().replace("windows-", "cp")
    return {"ibm866": "cp866"}.get(name, name) if name in (*_CODE_PAGES, "ibm866") else likeliest


def _russian(text: str) -> float:
    """Score how much *text* looks like Russian, per sign that is not ASCII."""
    foreign = [sign for sign in text if sign > "\x7f"]
    if not foreign:
        return 0.0
    score = sum(
        _LETTERS.get(sign.lower(), 10 if sign in _SIGNS else -60) for sign in foreign
    ) - 60 * len(_WORD_CASE.findall(text))
    return score / len(foreign)


def _fields(text: str, separator: str) -> list[list[CellValue]]:
    rows = records(text, separator)
    if any(len(field) > MAX_FIELD for row in rows for field in row):
        raise FileRefusedError("file_suspicious", found="строка текста слишком длинная")
    return [[field or None for field in row] for row in rows]
