"""Text as people type it: repaired, and folded into keys that compare equal.

Everything that compares what two people typed goes through here, so that a header, a name or a
word of a list is the same word in every room.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache

from pipeline.model import CellValue

# Letters drawn alike, as typed, and once the case is gone.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxykËë", "АВСЕНКМОРТХУасеорхукЁё")
_LOWER_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_LOWER_LOOKALIKE = frozenset("abcehkmoptxy")
_WORD = re.compile(r"[^\W\d_]+")
# Most of what is typed needs no repair: seeing that costs a tenth of repairing it.
_SOUND = re.compile(r"[А-Яа-яЁё0-9.,;:()/+]+(?:[ -][А-Яа-яЁё0-9.,;:()/+]+)*")
_LATIN = re.compile(r"[A-Za-zËë]")
_LETTER = re.compile(r"[а-яё]", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
# Soft hyphen, zero-width and direction marks, controls other than \t \n, and what neither XML nor
# UTF-8 can hold.
_INVISIBLE = re.compile(
    "[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
_DASH = re.compile(r"\s*[-‐‑‒–—―−]\s*")
_QUOTE = re.compile("[«»„“”″\u2018\u2019'`]")
_JUNK = re.compile(r"[\W_]+")
_NUMBER_SIGN = re.compile(r"(?:№|no?\.?)\s*(?=\d)")
_NOT_NAME = re.compile(r"[^\w-]|_")
_SOUND_NAME = re.compile(r"[А-Яа-яЁё]+(?:[ -][А-Яа-яЁё]+)*")
_HEADER_NUMBER = re.compile(r"^\s*\(?\d{1,2}(?:\.\d{1,2})?[.)]\s*(?=\D)")
_HEADER_NUMBER_BEHIND = re.compile(r"(?<=\D)\s*\(\d{1,2}\)\s*$")
# «Телефон2», «ФИО.1»: the second of two equal headers. «моложе 25» keeps its number.
_DUPLICATE = re.compile(r"(?<=[^\W\d_])[.)]?\d{1,2}\s*$")
_FULL_NAME = re.compile(r"\bф ?и ?о\b")
# What does not belong into a free text, by its name in Russian.
SNILS = "СНИЛС"
CONTACTS = {
    "телефон": re.compile(
        r"(?:\+7|\b[78])[\s(-]*\d{3,5}[\s)-]*\d{1,3}[\s-]*\d{2}[\s-]*\d{2}\b"
        r"|\b9\d\d[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b"
    ),
    "адрес почты": re.compile(r"(?<![^\s@;,])[^\s@;,]+@[^\s@;,]+\.\w+"),
    SNILS: re.compile(r"\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b"),
}
# What is left after composing й and ё: stress marks of «за́мок», and noise.
_ACCENTS = re.compile("[\u0300-\u036f]")
_PUPIL_CODE = re.compile(r"Н-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}")
# «Входящий мониторинг», «итоговый срез», «на выходе»; titles of sheets, lines and files.
_STAGE_WORDS = {
    "baseline": re.compile(r"\bвход(?:ящ|н|е?\b)|\bначальн|\bпервичн"),
    "final": re.compile(r"\bитогов|\bвыход(?:н|е?\b)|\bзаключительн"),
}
_LONGEST_TITLE = 300
_EMAIL = re.compile(r"\b[eе] ?mail\b")
_ORDINAL = re.compile(r"^(?:n|no) (?=\S)")


def repair(text: str) -> str:
    """Return *text* without invisible marks, doubled blanks and Latin letters in Russian words.

    Line breaks are kept: they separate several answers in one cell.
    """
    if _SOUND.fullmatch(text):
        return text
    text = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    text = _LINES.sub("\n", text).strip()
    return _WORD.sub(_russian, text) if _LATIN.search(text) else text


def _russian(match: re.Match[str]) -> str:
    word = match.group()
    fixed = word.translate(_LOOKALIKES) if _LETTER.search(word) else word
    # «webинар» is no slip of the keyboard: half mended it would match nothing any more.
    return word if _LATIN.search(fixed) else fixed


def fold(text: str) -> str:
    """Return the key by which words of lists compare: no case, ё, kind of dash or quote.

    «Учитель — Учитель», «учитель-учитель» and «учитель –учитель» are one word.
    """
    if _SOUND.fullmatch(text):
        return text.lower().replace("ё", "е")
    bare = _ACCENTS.sub("", unicodedata.normalize("NFC", text))
    text = _ACCENTS.sub("", " ".join(repair(bare).lower().replace("ё", "е").split()))
    text = _QUOTE.sub('"', _DASH.sub("-", text))
    return _WORD.sub(_alike, text) if _LATIN.search(text) else text


@lru_cache(maxsize=16_384)
def person_key(name: str) -> str:
    """Return the key by which a person is found again: letters, digits and hyphens only."""
    if _SOUND_NAME.fullmatch(name):
        return name.lower().replace("ё", "е")
    if is_pupil_code(name):
        return _WORD.sub(_alike, name.lower())
    words = _NOT_NAME.sub(" ", fold(name)).split()
    return " ".join(word for word in (word.strip("-") for word in words) if word)


def is_pupil_code(name: str) -> bool:
    """Whether *name* is the code that stands for a pupil («Н-7F3K-Q2»), and no name."""
    return _PUPIL_CODE.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return the key by which headers compare.

    Punctuation, «№», the number of the column and the number of a duplicate are dropped; «№»
    alone stays, because it is the header of the row number.
    """
    text = _HEADER_NUMBER.sub("", " ".join(repair(text).split()))
    text = _DUPLICATE.sub("", _HEADER_NUMBER_BEHIND.sub("", text))
    words = _JUNK.sub(" ", text.lower().replace("ё", "е")).strip()
    if not words:
        return "№" if "№" in text else ""
    words = _ORDINAL.sub("", _EMAIL.sub("email", words))
    return _FULL_NAME.sub("фио", _WORD.sub(_alike, words))


def _alike(match: re.Match[str]) -> str:
    """A word of Latin look-alikes only («A», «CO») may be meant as a Russian one."""
    word = match.group()
    return word.translate(_LOWER_LOOKALIKES) if set(word) <= _LOWER_LOOKALIKE else word


def shown_text(cell: CellValue) -> str:
    """Return a cell's value as a person sees it on the sheet; «» where it is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, date | time):
        return _moment(cell)
    return str(cell)


def _moment(value: date | time) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    at_midnight = not isinstance(value, datetime) or value.time() == time()
    return value.strftime("%d.%m.%Y" if at_midnight else "%d.%m.%Y %H:%M")


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace(".", ",")


def cell_ranges(cells: Iterable[str]) -> str:
    """Return «C4–C7, D9» for A1 addresses in any order, column by column."""
    by_column: dict[str, list[int]] = {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        by_column.setdefault(letters, []).append(int(cell[len(letters) :]))
    return ", ".join(
        f"{letters}{first}" if first == last else f"{letters}{first}–{letters}{last}"
        for letters, numbers in sorted(by_column.items(), key=lambda item: (len(item[0]), item[0]))
        for first, last in number_runs(numbers)
    )


def number_runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return (5, 7), (9, 9) for 5, 6, 7, 9."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def a1(row: int, column: int) -> str:
    """Return the A1 address of a cell; both numbers count from 1."""
    return f"{column_letters(column)}{row}"


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def stage_in(text: str) -> str:
    """Return the stage of a form that a text names: baseline, final, «» where none or both."""
    said = fold(text[:_LONGEST_TITLE])
    found = [stage for stage, words in _STAGE_WORDS.items() if words.search(said)]
    return found[0] if len(found) == 1 else ""


_LEGAL_FORMS = (
    ("муниципальное бюджетное общеобразовательное учреждение", "мбоу"),
    ("муниципальное автономное общеобразовательное учреждение", "маоу"),
    ("муниципальное казенное общеобразовательное учреждение", "мкоу"),
    ("муниципальное бюджетное учреждение дополнительного образования", "мбу до"),
    ("муниципальное общеобразовательное учреждение", "моу"),
    ("государственное бюджетное общеобразовательное учреждение", "гбоу"),
    ("средняя общеобразовательная школа", "сош"),
    ("основная общеобразовательная школа", "оош"),
    ("начальная общеобразовательная школа", "нош"),
)


# Every file is compared with the names of all units, of which a region has thousands.
_REMEMBERED = 32_768


@lru_cache(maxsize=_REMEMBERED)
def organisation_key(name: str) -> str:
    """Return the key by which names of organisations compare, in spite of «№», marks and blanks.

    A legal form written out is its abbreviation.
    """
    text = fold(name)
    for long, short in _LEGAL_FORMS:
        text = text.replace(long, short)
    return _JUNK.sub("", _NUMBER_SIGN.sub("", text))
