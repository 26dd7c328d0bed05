"""Dates and years: every way of writing them that was seen in school files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from contracts.plan import EARLIEST_YEAR, range_words
from pipeline.period import SchoolYear, is_school_year
from pipeline.reading.normalise.characters import plain_dashes, shown_date
from pipeline.reading.normalise.reading import (
    BLANK,
    CellInput,
    CellNote,
    CellResult,
    fail,
    leftover_note,
)
from pipeline.text import fold

_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10959, 75000  # 1930 … 2105: smaller numbers are years or counts
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_AGES = range(5, 81)
# A two-digit year further ahead than this belongs to the last century.
_YEARS_AHEAD = 10

_MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTH = (
    r"(?P<month>янв[а-я]{0,5}|фев[а-я]{0,5}|мар[а-я]{0,3}|апр[а-я]{0,4}|ма[йяе]|ию[нл][а-я]?"
    r"|авг[а-я]{0,5}|сен[а-я]{0,6}|окт[а-я]{0,5}|ноя[а-я]{0,4}|дек[а-я]{0,5})"
)
_CLOCK = (
    r"(?:[T ] ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})(?!\.?[0-9])"
_ISO = r"(?P<year>[0-9]{4})[-./](?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})(?![0-9])"
_DOTTED = r"(?P<day>[0-9]{1,2}) ?[.,] ?(?P<month>[0-9]{1,2}) ?[., ] ?"
_PARTED = r"(?P<day>[0-9]{1,2}) ?(?P<by>[/ -]) ?(?P<month>[0-9]{1,2}) ?(?P=by) ?"
_WORDED = r"(?P<day>[0-9]{1,2}) ?[-.]? ?" + _MONTH + r" ?[-.,]? ?"
_DAY_FORMS = tuple(
    re.compile(r"(?<![0-9])" + form, re.I)
    for form in (_ISO + _CLOCK, _DOTTED + _YEAR + _CLOCK, _PARTED + _YEAR + _CLOCK, _WORDED + _YEAR)
)
_MONTH_FORMS = (
    re.compile(_MONTH + r"\.?,? ?(?P<year>[0-9]{4})", re.I),
    re.compile(r"(?P<month>[0-9]{1,2}) ?[./-] ?(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})"),
)
_BEFORE = re.compile(
    r"^(?:с|со|от|до|по|на|к|в) (?=[0-9«\"IVX]|янв|фев|мар|апр|ма[йяе]|ию[нл]|авг|сен|окт|ноя|дек)",
    re.I,
)
# Letters that are typed for the digits they look like, and the signs of a date beside them.
_DRAWN_DIGITS = str.maketrans("ОоOoЗзlI|", "000033111")
_DATE_SIGNS = re.compile(r"[0-9ОоOoЗзlI|]{1,4}(?:[-./, ]{1,3}[0-9ОоOoЗзlI|]{1,4}){2}(?: ?г\.?)?")
_ROMAN_MONTHS = {
    name: number
    for number, name in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), start=1
    )
}
_ROMAN_DAY = re.compile(
    r"(?P<day>[0-9]{1,2})[-./ ]{1,2}(?P<month>[IVXХ]{1,4})[-./ ]{1,2}(?P<year>[0-9]{4}|[0-9]{2})"
)
_BEHIND = re.compile(r"(?P<date>[^()]{6,30})\((?P<inside>[^()]{1,200})\)\.?")
_DOTS = re.compile(r"\.{2,}")
# «01.09.2026 – 31.05.2027», «с 1 сентября 2026 по 31 мая 2027».
_PERIOD = re.compile(r"(?P<first>.*[0-9].{0,9}?)(?: ?- ?| (?:по|до) )(?P<last>[^-]*[^-\s].*)", re.I)
# «10.10.2010г.р.», «10.10.2010 года рождения».
_OF_BIRTH = re.compile(r" ?(?:г\.? ?р\.?|года? рождения)$", re.I)
_ENDLESS = re.compile(
    r"бессрочно|постоянно|(?:(?:по|до) )?(?:настоящее время|н\.? ?в\.?)|продолжается"
    r"|(?:дата )?не (?:определен[ао]?|установлен[ао]?)|по (?:завершении|окончании|факту).{0,40}"
)
_AFTER = re.compile(r"(?:(?<=[0-9])| )(?:г\.? ?|года?)?[ .,;]*$", re.I)
_QUOTES = str.maketrans(dict.fromkeys("«»\"“”„'_()", " "))
_YEAR_WORDS = re.compile(
    r"(?:полных|полные|лет|года?|рожд[а-я]{0,5}|гр|г|р|возраст|на момент[а-я ]{0,20})(?![а-я])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text from `start` to `end`; `day` is None where no such day exists."""

    day: date | None
    start: int
    end: int
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says as a date: a day, how sure it is, or why it is none."""

    day: date | None
    kind: Literal["day", "month", "guessed", "impossible", "school_year", "unreadable"]


def find_date(text: str, today: date) -> FoundDate | None:
    """Return the surest full date inside *text*; its positions are those of *text*.

    A date behind «от» or with a whole year wins: «12-03-26» may be the number of an order.
    """
    plain = plain_dashes(text).translate(_QUOTES)
    matches = [match for form in _DAY_FORMS for match in form.finditer(plain)]
    if not matches:
        return None
    match = max(matches, key=lambda m: (_behind_from(plain, m), len(m["year"]), -m.start()))
    day, guessed = _day_of(match, today)
    if day is None and len(match["year"]) == 2 and not _behind_from(plain, match):
        return None
    return FoundDate(day, match.start(), match.end(), guessed)


def parse_date(text: str, today: date) -> DateReading:
    """Return what *text* as a whole says as a date."""
    plain = " ".join(plain_dashes(text).translate(_QUOTES).split())
    plain = _AFTER.sub("", _BEFORE.sub("", plain))
    for form in _DAY_FORMS:
        if match := form.fullmatch(plain):
            day, guessed = _day_of(match, today)
            if day is None:
                return DateReading(None, "impossible")
            return DateReading(day, "guessed" if guessed else "day")
    if is_school_year(plain):
        return DateReading(None, "school_year")
    return _parse_month(plain)


def read_date(given: CellInput) -> CellResult:
    """Read a date cell; the value is ISO text."""
    cell = given.cell
    if isinstance(cell, datetime | date):
        known = _plausible(cell.year)
        return _accept(DateReading(_plain_day(cell), "day")) if known else fail("date_impossible")
    if given.number is not None or isinstance(cell, time | timedelta | bool):
        serial = from_serial(given.number)
        return _accept(DateReading(serial, "day" if serial else "unreadable"))
    whole = re.fullmatch(r"([0-9]{5})(?:[.,]0{1,6})?", given.text)
    if whole and (day := from_serial(int(whole[1]))):
        return _accept(DateReading(day, "day"))
    if _endless(given.text):
        return BLANK
    reading = parse_date(given.text, given.today)
    if reading.kind != "unreadable":
        return _accept(reading)
    return _period(given) or _mended(given) or _accept(reading)


def _mended(given: CellInput) -> CellResult | None:
    """Read a date with slips of the hand, or with something in brackets behind it."""
    text, behind = given.text.strip(), ""
    if match := _BEHIND.fullmatch(text):
        text, behind = match["date"].strip(), match["inside"]
    text = _DOTS.sub(".", text)
    if _DATE_SIGNS.fullmatch(text):
        text = text.translate(_DRAWN_DIGITS)
    elif match := _ROMAN_DAY.fullmatch(text):
        month = _ROMAN_MONTHS.get(match["month"].replace("Х", "X"))
        text = f"{match['day']}.{month}.{match['year']}" if month else text
    reading = parse_date(text, given.today)
    if reading.day is None:
        return None
    read = _accept(reading)
    note = CellNote("text_repaired", {"stored": shown_date(reading.day)}, severity="remark")
    mended = (note,) if text != given.text.strip() and not behind else ()
    left = ((behind, leftover_note(behind)),) if behind else ()
    return replace(read, notes=(*read.notes, *mended), leftover=left)


def _period(given: CellInput) -> CellResult | None:
    """Read «с … по …»: its first day, and the last for the column that can take it."""
    match = _PERIOD.fullmatch(plain_dashes(given.text))
    if match is None:
        return None
    first, last = (parse_date(match[name], given.today) for name in ("first", "last"))
    if first.kind not in ("day", "month") or first.day is None:
        return None
    read = _accept(first)
    if last.day is None:
        return read if _endless(match["last"]) else None
    if last.kind == "month":
        ends = _month_end(last.day)
        note = CellNote(
            "date_month_only", {"stored": shown_date(ends)}, value=match["last"].strip()
        )
        read, end = replace(read, notes=(*read.notes, note)), shown_date(ends)
    else:
        end = shown_date(last.day)
    return replace(read, leftover=((end, leftover_note(end)),))


def _month_end(day: date) -> date:
    """Return the last day of a month: what runs till May runs till its end."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _endless(text: str) -> bool:
    return _ENDLESS.fullmatch(fold(text).strip(" .")) is not None


def read_year(given: CellInput) -> CellResult:
    """Read a year, or an age in a column about birth; of a full date only the year stays."""
    number = given.number
    if isinstance(given.cell, bool | time | timedelta):
        return fail("year_unreadable")
    if (day := _date_instead(given)) is not None:
        year = _year_typed_as_date(day, given.today) or day.year
        hidden = f"дд.мм.{year}"  # the date of birth itself goes nowhere, not even into a notice
        return _in_range(
            year, given, CellNote("year_from_date", {"stored": str(year)}, value=hidden)
        )
    if number is not None:
        if number != int(number) or number < 0:
            return fail("year_unreadable")
        return _year_of_digits(str(int(number)), given, spoken_age=False, spoken_year=False)
    if found := _year_of_no_day(given):
        return found
    return _year_of_text(fold(given.text), given)


def _year_of_no_day(given: CellInput) -> CellResult | None:
    """The year of «30.02.1998»: no such day, but only the year is asked for."""
    if parse_date(given.text, given.today).kind != "impossible":
        return None
    years = re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", given.text)
    if len(years) != 1:
        return None
    hidden = f"дд.мм.{years[0]}"
    return _in_range(
        int(years[0]), given, CellNote("date_impossible", severity="remark", value=hidden)
    )


def from_serial(number: float | None) -> date | None:
    """Return the day an Excel serial number means; None where it cannot be one."""
    if number is None or not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return _EPOCH + timedelta(days=int(number))


def _accept(reading: DateReading) -> CellResult:
    if reading.day is None:
        codes = {"impossible": "date_impossible", "school_year": "date_is_school_year"}
        return fail(codes.get(reading.kind, "date_unreadable"))
    stored = {"stored": shown_date(reading.day)}
    codes = {"month": "date_month_only", "guessed": "date_ambiguous"}
    notes = (CellNote(codes[reading.kind], stored),) if reading.kind in codes else ()
    return CellResult(reading.day.isoformat(), notes)


def _plain_day(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell


def _day_of(match: re.Match[str], today: date) -> tuple[date | None, bool]:
    year, guessed = _full_year(match["year"], today)
    day, month = int(match["day"]), _month_number(match["month"])
    by = match.groupdict().get("by")
    if by == "/" and month > 12 >= day:
        # 9/15/2026: an American export; only one reading is possible.
        day, month = month, day
    return _make_day(year, month, day), guessed


def _behind_from(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].rstrip().lower().endswith("от")


def _plausible(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR


def _make_day(year: int, month: int, day: int) -> date | None:
    if not _plausible(year):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_number(word: str) -> int:
    if word.isdigit():
        return int(word)
    start = word.lower()[:3]
    return 5 if start.startswith("ма") and start != "мар" else _MONTHS.index(start) + 1


def _full_year(digits: str, today: date) -> tuple[int, bool]:
    if len(digits) == 4:
        return int(digits), False
    year = 2000 + int(digits)
    return (year - 100, True) if year > today.year + _YEARS_AHEAD else (year, False)


def _parse_month(text: str) -> DateReading:
    for form in _MONTH_FORMS:
        if match := form.fullmatch(text):
            day = _make_day(int(match["year"]), _month_number(match["month"]), 1)
            return DateReading(day, "month" if day else "impossible")
    return DateReading(None, "unreadable")


def _date_instead(given: CellInput) -> date | None:
    if isinstance(given.cell, datetime | date):
        return _plain_day(given.cell)
    if given.number is not None:
        return from_serial(given.number)
    return parse_date(_OF_BIRTH.sub("", given.text), given.today).day


def _year_typed_as_date(day: date, today: date) -> int | None:
    # 1999 typed into a cell formatted as a date is kept by Excel as 21.06.1905.
    serial = (day - _EPOCH).days
    return serial if EARLIEST_YEAR <= serial <= today.year else None


def _year_of_text(key: str, given: CellInput) -> CellResult:
    school_year = SchoolYear.find(key) if is_school_year(key) else None
    if school_year is not None and not _about_birth(given):
        first = school_year.first  # the calendar year in which it begins
        return _in_range(first, given, CellNote("value_synonym", {"stored": str(first)}))
    if match := re.fullmatch(r"([0-9]{4})[.,]0+", key):
        key = match[1]
    numbers = re.findall(r"[0-9]+", key)
    rest = _YEAR_WORDS.sub(" ", re.sub(r"[0-9]+", " ", key))
    if not numbers or re.search(r"[^\W_]", rest) or len(numbers) > 2:
        return fail("year_unreadable")
    full = [n for n in numbers if len(n) == 4]
    if len(numbers) == 2 and (len(full) != 1 or any(len(n) == 3 or len(n) > 4 for n in numbers)):
        return fail("year_unreadable")
    about_birth = re.search(r"рожд|г\.? ?р\b", key) is not None
    digits = full[0] if full else numbers[0]
    return _year_of_digits(
        digits, given, spoken_age="лет" in key or "возраст" in key, spoken_year=about_birth
    )


def _year_of_digits(
    digits: str, given: CellInput, *, spoken_age: bool, spoken_year: bool
) -> CellResult:
    if len(digits) == 4:
        return _in_range(int(digits), given)
    if len(digits) > 2:
        return fail("year_unreadable")
    too_old = len(digits) == 2 and int(digits) > _AGES[-1]
    if not spoken_age and (spoken_year or too_old or not _about_birth(given)):
        year = _full_year(digits.zfill(2), given.today)[0]
        return _in_range(year, given, CellNote("date_ambiguous", {"stored": str(year)}))
    if int(digits) not in _AGES or digits.startswith("0") or not _about_birth(given):
        return fail("year_unreadable")
    year = given.today.year - int(digits)
    return _in_range(year, given, CellNote("year_from_age", {"stored": str(year)}))


def _about_birth(given: CellInput) -> bool:
    return "birth" in given.column.name or "рожд" in given.column.title.lower()


def _in_range(year: int, given: CellInput, *notes: CellNote) -> CellResult:
    least, most = given.column.limits
    if most is None:
        most = given.today.year if _about_birth(given) else given.today.year + 1
    if (least is None or least <= year) and year <= most:
        return CellResult(year, notes)
    return fail("number_out_of_range", range=range_words(least, most))
