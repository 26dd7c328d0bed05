"""Counts, averages, percents, and yes or no."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from contracts.plan import range_words
from pipeline.reading.normalise.characters import plain_dashes, seen_text
from pipeline.reading.normalise.reading import CellInput, CellNote, CellResult, fail
from pipeline.text import fold

_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,15})(?P<part>[.,][0-9]{1,15})?"
    r"(?P<rest>(?![0-9]).{0,40})"
)
_YEARS_AND_MONTHS = re.compile(
    r"(?P<years>[0-9]{1,2}) ?(?:лет|года?|г\.?),? ?(?:и )?[0-9]{1,2} ?мес.{0,8}"
)
_UNDER_A_YEAR = re.compile(r"(?:менее|меньше|до) (?:1 |одного )?(?:года?|1 г\.?)|пол-?года")
_NO_SERVICE = re.compile(r"(?:без|нет|не имеет|отсутствует) (?:пед(?:агогического|\.)? ?)?стажа?")
# «стаж 12 лет»; «более 20» and «около 10» are no numbers: nothing is made up.
_BEFORE_A_NUMBER = re.compile(
    r"^(?:педагогический |пед\. ?|общий )?стаж(?: работы)? ?[-:]? ?(?=[0-9])"
)
_TOO_LARGE = 10**15
_PLACES = 4  # finer differences are noise of floats, and would be written as 1e-05

_YES = re.compile(
    r"да(?:,? (?!нет)[а-я]+)?|\+|есть|име[ею]тся|v|[✓✔☑√]|1|true|yes|истина"
    r"|основн(?:ое|ая|ой)(?: (?:место )?работ(?:а|ы|ник))?|(?:штатный|внутренний совместитель)"
)
_NO = re.compile(
    r"нет(?:,? не [а-я]+)?|-+|отсутству[ею]т|0|false|no|ложь|не име[ею]тся|нету|☐"
    r"|(?:внешний )?совместитель"
)


def read_int(given: CellInput) -> CellResult:
    """Read a whole number."""
    return _read_number(given, whole=True)


def read_decimal(given: CellInput) -> CellResult:
    """Read a number with a fraction."""
    return _read_number(given, whole=False)


def read_percent(given: CellInput) -> CellResult:
    """Read a percent as a float 0…100; a share typed as 0,7 becomes 70 with a remark."""
    found = _find_number(given)
    if found is None:
        return fail("number_unreadable")
    number, rest = found
    if given.number is not None and "%" in given.shown:
        return _within(round(given.number * 100.0, _PLACES), given, ())
    signed = rest.startswith("%")
    notes = _cleaned(number, rest.removeprefix("%")) if signed or rest else ()
    if not signed and 0 < number < 1:
        number = round(number * 100, _PLACES)
        notes = (*notes, CellNote("percent_doubtful", {"stored": seen_text(number)}))
    elif not signed and number == 1:
        notes = (*notes, CellNote("percent_doubtful", {"stored": "1"}))
    return _within(round(number, _PLACES), given, notes)


def read_bool(given: CellInput) -> CellResult:
    """Read yes or no; a lone dash means no here."""
    if isinstance(given.cell, bool):
        return CellResult(given.cell)
    if isinstance(given.cell, date | time | timedelta):
        return fail("bool_unreadable")
    text = seen_text(given.number) if given.number is not None else fold(given.text)
    word = text.rstrip(" .,")
    if _YES.fullmatch(word):
        return CellResult(value=True)
    return CellResult(value=False) if _NO.fullmatch(word) else fail("bool_unreadable")


def _read_number(given: CellInput, *, whole: bool) -> CellResult:
    found = _find_number(given)
    if found is None:
        return fail("number_unreadable")
    number, rest = found
    if rest.startswith("мес"):
        number = number // 12
    if whole and number != int(number):
        return fail("number_fraction")
    value = int(number) if whole else round(number, _PLACES)
    return _within(value, given, _cleaned(value, rest))


def _find_number(given: CellInput) -> tuple[float, str] | None:
    """Return the number in a cell and the words after it; None where there is none."""
    if given.number is not None:
        usable = abs(given.number) < _TOO_LARGE  # false for nan, too
        return (float(given.number), "") if usable else None
    if not isinstance(given.cell, str):
        return None
    return _number_in_words(plain_dashes(fold(given.text)).rstrip(" .;"))


def _number_in_words(text: str) -> tuple[float, str] | None:
    if match := _YEARS_AND_MONTHS.fullmatch(text):
        return float(match["years"]), "лет"
    if _UNDER_A_YEAR.fullmatch(text) or _NO_SERVICE.fullmatch(text):
        return 0.0, "лет"
    bare = _BEFORE_A_NUMBER.sub("", text)
    match = _NUMBER.fullmatch(bare)
    if match is None or re.search(r"[0-9+*/<>=-]", match["rest"]):
        return None
    digits = match["whole"].replace(" ", "") + (match["part"] or "").replace(",", ".")
    sign = -1.0 if match["sign"] == "-" else 1.0
    number = float(digits)
    if number >= _TOO_LARGE:
        return None
    around = text if bare != text else ""
    return (sign * number if number else 0.0), match["rest"].strip() or around


def _cleaned(number: float, rest: str) -> tuple[CellNote, ...]:
    return (
        (CellNote("number_cleaned", {"stored": seen_text(number)}),) if rest.strip(" .,;") else ()
    )


def _within(number: float, given: CellInput, notes: tuple[CellNote, ...]) -> CellResult:
    least, most = given.column.limits
    if (least is not None and number < least) or (most is not None and number > most):
        return fail("number_out_of_range", range=range_words(least, most))
    return CellResult(number, notes)
