"""Characters of a cell: what had to be mended, what is blank, which script a word is in."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from pipeline.model import CellValue
from pipeline.text import fold, repair, shown_text

# Latin letters that a slip of the keyboard layout leaves inside Russian names.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxykËë", "АВСЕНКМОРТХУасеорхукЁё")
_CYRILLIC_CAPITALS = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"))
_WORD = re.compile(r"[A-Za-zËëА-Яа-яЁё]+")
_LATIN = re.compile(r"[A-Za-zËë]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_CARRIAGE = re.compile(r"_x000[dD]_")
_NOT_ALNUM = re.compile(r"[\W_]+")
_ERROR = re.compile(
    r"#(?:(?:ССЫЛКА|REF|ЗНАЧ|VALUE|ДЕЛ/0|DIV/0|ЧИСЛО|NUM|ПУСТО|NULL|ПЕРЕНОС|SPILL|ВЫЧИСЛ|CALC|ПОЛЕ"
    r"|FIELD|БЛОКИРОВАНО|BLOCKED|ПОДКЛЮЧИТЬ|CONNECT|НЕИЗВЕСТНО|UNKNOWN)!|(?:ИМЯ|NAME)\?|N/A|Н/Д"
    r"|GETTING_DATA|ОЖИДАНИЕ_ДАННЫХ|ОШИБКА)|ФОРМУЛА БЕЗ ЗНАЧЕНИЯ|(?:ERR|ОШИБКА|ОШ):[0-9]{3}"
)
_SEEN_ERRORS = {
    "#REF!": "#ССЫЛКА!",
    "#VALUE!": "#ЗНАЧ!",
    "#DIV/0!": "#ДЕЛ/0!",
    "#NUM!": "#ЧИСЛО!",
    "#NULL!": "#ПУСТО!",
    "#NAME?": "#ИМЯ?",
    "#N/A": "#Н/Д",
}
_BLANK = re.compile(
    r"нет|н/д|нд|н\.д|н/а|нет данных|[xх]|прочерк|отсутству[ею]т|пусто|не указан[ао]?"
    r"|не име[ею]тся|n/[aа]|null|none|nan"
)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_DIGITS = 10**30


def mend(text: str, *, lines: bool = False) -> tuple[str, bool]:
    """Return *text* of clean characters, and whether more than its blanks had to be mended.

    With *lines* the line ends stay, for cells that may hold several values.
    """
    typed = _CARRIAGE.sub("\n", text)
    clean = repair(typed)
    # Every blank is left out of the comparison: a doubled one or NBSP is nothing to tell about.
    mended = "".join(clean.split()) != "".join(unicodedata.normalize("NFC", typed).split())
    return (clean if lines else collapse(clean)), mended


def collapse(text: str) -> str:
    """Return *text* in one line with single blanks."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def compact_key(text: str) -> str:
    """Return letters and digits only: «учитель–учитель» is «Учитель / учитель»."""
    return _NOT_ALNUM.sub("", fold(text)) or fold(text)


def seen_text(cell: CellValue) -> str:
    """Return a cell as its user sees it, in characters that every file can hold."""
    if isinstance(cell, int) and abs(cell) > _MOST_DIGITS:
        # Python refuses to write integers of thousands of digits; no spreadsheet holds one.
        return "1E+30"
    return safe(shown_text(cell))


def safe(text: str) -> str:
    """Return *text* without what neither XML nor UTF-8 can hold; look-alikes stay as typed."""
    return _UNSAFE.sub("", text)


def shown_date(day: date) -> str:
    """Return a date as a Russian reader expects it."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def is_formula_error(text: str) -> bool:
    """Whether *text* is what a spreadsheet shows for a formula that failed."""
    return _ERROR.fullmatch(text.strip().upper()) is not None


def error_as_seen(text: str) -> str:
    """Return a formula's error as Russian Excel shows it: files keep «#REF!» for «#ССЫЛКА!»."""
    return _SEEN_ERRORS.get(text.strip().upper(), text)


def is_blank(text: str) -> bool:
    """Whether *text* is one of the ways to write «nothing here»."""
    key = fold(text).strip(' .,;:/\\"()[]?-_')
    return not key or _BLANK.fullmatch(key) is not None


def plain_dashes(text: str) -> str:
    """Return *text* with every kind of dash and minus as «-», its length unchanged."""
    return text.translate(_DASHES)


def russian_word(word: str) -> str:
    """Return a word of Latin look-alikes only in Cyrillic, any other as it is."""
    fixed = word.translate(_LOOKALIKES)
    return word if _LATIN.search(fixed) else fixed


def latin_code(text: str) -> str:
    """Return *text* in capitals with Cyrillic look-alikes replaced by Latin letters."""
    return text.upper().translate(_CYRILLIC_CAPITALS)


def scripts_mixed(text: str) -> bool:
    """Whether a word holds both Latin and Cyrillic letters."""
    return any(_LATIN.search(word) and _CYRILLIC.search(word) for word in _WORD.findall(text))


def has_cyrillic(text: str) -> bool:
    """Whether there is a Cyrillic letter in *text*."""
    return _CYRILLIC.search(text) is not None
