"""Numbers and signs with a form of their own: ИНН, ОГРН, КПП, class, order, range of ages."""

from __future__ import annotations

import re

from contracts.identifiers import inn_valid, ogrn_valid
from pipeline.reading.normalise.characters import (
    collapse,
    latin_code,
    plain_dashes,
    seen_text,
    shown_date,
)
from pipeline.reading.normalise.dates import find_date
from pipeline.reading.normalise.reading import CellInput, CellNote, CellResult, fail, leftover_note
from pipeline.text import fold

# A number that became a text with its fraction: «4217001234.0».
_FRACTION = re.compile(r"(?<=[0-9])[.,]0{1,2}$")
_SHORT_INN = (8, 9)
_WORDS_OF_IDS = re.compile(r"ИНН|ОГРН|КПП|INN|[\s:№.,-]", re.I)
_CLASS = re.compile(r"(?P<grade>1[01]|[1-9]|[IVXХ]{1,4})(?P<letter>[А-ЯЁA-Z]{0,2})")
_COURSE = re.compile(r"(?P<grade>[1-6]|[IV]{1,3})(?:-?[ЫИО]?Й)? ?КУРС[А-Я]{0,2}")
_ORDINAL = re.compile(r"^(1[01]|[1-9])-?(?:Й|ЫЙ|ИЙ|ОЙ) ?(?=КЛ)")
_CLASS_WORD = re.compile(r"КЛАСС[А-Я]{0,3}|КЛ(?![А-Я])\.?|[\s.«»\"“”„'()-]")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")
_CLASS_LETTERS = str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")

_ORDER_NUMBER = (
    r"(?P<number>(?:[А-ЯЁA-Z]{1,4}[-/.])?[0-9]+(?:(?: ?[-/] ?|\.)[0-9А-ЯЁA-Z]{1,8})*"
    r"(?:[А-ЯЁA-Z]{1,3}\b)?\.?|б/н)"
)
_SIGN = r"(?:№|N[оo]?\.?|No\.?)"
_NUMBERED = re.compile(rf"{_SIGN} ?{_ORDER_NUMBER}", re.I)
_NUMBER_ALONE = re.compile(rf"(?<![\w/.-]){_ORDER_NUMBER}(?![\w/])", re.I)
_DATE_LIKE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\.?")
_ORDER_GAP = re.compile(r"[\s.,;]*(?:от|г\.?|года?)?[\s.,;]*", re.I)

_AGES = re.compile(
    r"(?:от )?(?P<low>[0-9]{1,2}) ?(?:лет|года?)? ?(?:-|до|\.\.\.?) ?(?P<high>[0-9]{1,2})"
)
_FROM_AGE = re.compile(
    r"(?:от|с|старше|не (?:младше|моложе|менее)|>=?) ?(?P<age>[0-9]{1,2})"
    r"|(?P<plus>[0-9]{1,2}) ?(?:\+|и старше)"
)
_TO_AGE = re.compile(r"(?:до|младше|моложе|не (?:старше|более)|<=?) ?(?P<age>[0-9]{1,2})")
_ANY_AGE = re.compile(
    r"(?:любо[йег]о?(?: возраст)?|все|без ограничени[йя]|не ?важ(?:ен|но)|не имеет значения"
    r"|без разницы)"
)
_YEARS = re.compile(r" ?(?:полных )?(?:лет|года?|л)\.?$")


def read_inn(given: CellInput) -> CellResult:
    """Read an ИНН; a number cell gets back the zeros that Excel took from its front."""
    digits = _digits(given, (10, 12))
    if len(digits) in _SHORT_INN and digits.isdigit() and inn_valid(digits.zfill(10)):
        # Zeros that a spreadsheet took from the front before the number became a text.
        digits = digits.zfill(10)
    if len(digits) not in (10, 12) or not digits.isdigit():
        return fail("inn_length", digits=str(_count(digits)), needed="10")
    if inn_valid(digits):
        return CellResult(digits)
    typed = _count(given.text)
    # Zeros that were put back prove themselves by the control digit; else digits are missing.
    return fail("inn_checksum") if typed == len(digits) else _too_short(typed)


def _too_short(typed: int) -> CellResult:
    return fail("inn_length", digits=str(typed), needed="10")


def read_ogrn(given: CellInput) -> CellResult:
    """Read an ОГРН of 13 digits."""
    digits = _digits(given, ())
    if len(digits) != 13 or not digits.isdigit():
        return fail("ogrn_length", digits=str(_count(digits)))
    return CellResult(digits) if ogrn_valid(digits) else fail("ogrn_checksum")


def read_kpp(given: CellInput) -> CellResult:
    """Read a КПП of 9 signs."""
    signs = _one_of_several(given.text, (9,)) or _digits(given, (9,))
    return (
        CellResult(signs)
        if re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", signs)
        else fail("kpp_unreadable")
    )


def read_class(given: CellInput) -> CellResult:
    """Read a class as «8А», a course as «2 курс»."""
    text = plain_dashes(given.text).upper()
    if match := _COURSE.fullmatch(text):
        return CellResult(f"{_grade(match['grade'])} курс")
    core = _CLASS_WORD.sub("", _ORDINAL.sub(r"\1", text))
    match = _CLASS.fullmatch(core)
    grade = _grade(match["grade"]) if match else 0
    letter = match["letter"].translate(_CLASS_LETTERS) if match else ""
    if not grade or re.search(r"[A-Z]", letter):
        return fail("class_unreadable")
    return CellResult(f"{grade}{letter}")


def read_order(given: CellInput) -> CellResult:
    """Read an order as «№ 40-од от 14.09.2020»; number or date may be missing, with a remark."""
    text = collapse(plain_dashes(given.text))
    found = find_date(text, given.today)
    number, spans = _order_number(text, (found.start, found.end) if found else None)
    notes = []
    if found and found.day is None:
        notes.append(CellNote("date_impossible", severity="remark"))
    elif found and found.guessed and found.day:
        notes.append(CellNote("date_ambiguous", {"stored": shown_date(found.day)}))
    day = shown_date(found.day) if found and found.day else ""
    lacking = [w for w, there in (("номера", number), ("даты", day or found)) if not there]
    if lacking:
        notes.append(CellNote("order_partial", {"missing": " и ".join(lacking)}))
    value = " ".join(filter(None, (f"№ {number}" if number else "", f"от {day}" if day else "")))
    if not value:
        return CellResult(notes=tuple(notes), failed=True)
    return CellResult(value, tuple(notes), leftover=_second_order(text, spans))


def read_age_range(given: CellInput) -> CellResult:
    """Read ages as «14–17», «от 14», «до 35» or «любой»."""
    text = _YEARS.sub("", fold(given.text).strip(" .;"))
    if _ANY_AGE.fullmatch(text):
        return CellResult("любой")
    if match := _AGES.fullmatch(text):
        low, high = int(match["low"]), int(match["high"])
        return CellResult(f"{low}–{high}") if 0 < low <= high else fail("age_range_unreadable")
    if match := _FROM_AGE.fullmatch(text):
        return CellResult(f"от {int(match['age'] or match['plus'])}")
    if match := _TO_AGE.fullmatch(text):
        return CellResult(f"до {int(match['age'])}")
    if re.fullmatch(r"[1-9][0-9]?", text):
        return CellResult(f"{text}–{text}")
    return fail("age_range_unreadable")


def _one_of_several(text: str, lengths: tuple[int, ...]) -> str | None:
    """Return the number of a wanted length from «ИНН/КПП 0042000115/004201001», if there is one."""
    numbers = re.findall(r"[0-9]+", text)
    wanted = [number for number in numbers if len(number) in lengths]
    return wanted[0] if len(numbers) > 1 and len(wanted) == 1 and "/" in text else None


def _count(digits: str) -> int:
    return sum(c.isdigit() for c in digits)


def _digits(given: CellInput, lengths: tuple[int, ...]) -> str:
    """Return the signs of an identifier; *lengths* are those to which zeros may be restored."""
    if given.number is not None:
        digits = seen_text(given.number)
        needed = next((n for n in lengths if n - 2 <= len(digits) <= n), len(digits))
        return digits.zfill(needed) if digits.isdigit() else digits
    plain = _FRACTION.sub("", plain_dashes(given.text))
    return latin_code(_WORDS_OF_IDS.sub("", plain)).replace("O", "0")


def _grade(sign: str) -> int:
    if sign.isdigit():
        return int(sign)
    roman = sign.replace("Х", "X")
    return _ROMAN.index(roman) if roman in _ROMAN else 0


def _order_number(
    text: str, date_span: tuple[int, int] | None
) -> tuple[str, list[tuple[int, int]]]:
    """Return the order's number and the spans that number and date take.

    The number next to the date wins: «МБОУ СОШ № 101» may stand in the cell as well.
    """
    start, end = date_span or (len(text), len(text))
    spans = [date_span] if date_span else []
    outside = text[:start] + "\0" * (end - start) + text[end:]
    for form in (_NUMBERED, _NUMBER_ALONE):
        matches = [m for m in form.finditer(outside) if not _DATE_LIKE.fullmatch(m["number"])]
        near = [m for m in matches if _touches(text, m, start, end)]
        if chosen := next(iter(near or matches), None):
            number = re.sub(r" ?([-/.]) ?", r"\1", chosen["number"]).rstrip(".-/")
            dotted = chosen["number"].endswith(".") and number[-1:].isalpha()
            return (number + "." if dotted else number), [*spans, chosen.span()]
    return "", spans


def _touches(text: str, match: re.Match[str], start: int, end: int) -> bool:
    before, after = text[match.end() : start], text[end : match.start()]
    beside = match.end() <= start and _ORDER_GAP.fullmatch(before)
    return bool(beside) or (end <= match.start() and _ORDER_GAP.fullmatch(after) is not None)


def _second_order(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[str, CellNote], ...]:
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    rest = re.sub(r"^(?:приказ[а-я]{0,3}|от|[ .,;])+", "", collapse(rest), flags=re.I)
    second = _NUMBERED.search(rest) and re.search(r"[0-9]{4}", rest)
    return ((rest, leftover_note(rest)),) if second else ()
