"""Whose file it is, and for which school year; a doubt becomes a question, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz, process

from pipeline.acceptance.questions import other_period, whose_file
from pipeline.model import Arrival, Notice, ParsedFile, Unit
from pipeline.period import SchoolYear
from pipeline.reading.chosen import NOTHING, Chosen
from pipeline.store.records import QuestionRecord
from pipeline.text import fold, organisation_key
from pipeline.workspace.settings import Settings
from pipeline.workspace.units import UnitRegister

_LIKE, _SAME = 80, 85
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a file and for when; `reason` is set where it is refused as a whole.

    `questions` concern the whole file: until they are answered all its parts are held.
    """

    unit: Unit | None
    period: str
    reason: str | None = None
    notices: tuple[Notice, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()


def identify(
    arrival: Arrival,
    parsed: ParsedFile,
    registry: UnitRegister,
    settings: Settings,
    today: date,
    *,
    chosen: Chosen = NOTHING,
) -> Identity:
    """Return whose file it is: the folder is the authority, and the content must agree.

    What a person has *chosen* is not asked again.
    """
    folder = registry.by_folder(arrival.folder) if arrival.folder else None
    found = _by_content(parsed.passport, registry, settings)
    notices: tuple[Notice, ...]
    questions: tuple[QuestionRecord, ...]
    said = registry.units.get(chosen.unit or "")
    if said is not None:
        unit, notices, questions = said, (), ()
    elif folder is None:
        if found.unit is None:
            found = _why_nobody(found, arrival, parsed)
            return Identity(None, settings.period, found.reason, found.notices)
        unit, notices, questions = found.unit, found.notices, ()
    else:
        unit, notices, questions = _agree(folder, found)
    if not unit.active(today):
        notice = _notice("unit_closed", "error", unit.short_name, day=today.strftime("%d.%m.%Y"))
        return Identity(unit, settings.period, "unit_closed", (notice,))
    if chosen.period is not None:
        return Identity(unit, chosen.period, None, notices, questions)
    period, more, asked = _period(arrival, parsed, settings)
    return Identity(unit, period, None, (*notices, *more), (*questions, *asked))


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom the content names: one unit, or several that share its ИНН."""

    unit: Unit | None
    said: str = ""
    reason: str | None = None
    notices: tuple[Notice, ...] = ()
    among: tuple[Unit, ...] = ()
    name: str = ""
    inn: str = ""


def _by_content(
    passport: Mapping[str, object], registry: UnitRegister, settings: Settings
) -> _Found:
    inn, name = str(passport.get("inn") or ""), str(passport.get("unit_name") or "")
    said = " ".join(part for part in (name, f"ИНН {inn}" if inn else "") if part)
    units = registry.by_inn(inn) if inn else ()
    named = _by_name(name, registry) if name else ()
    if len(units) > 1 and len(named) == 1:
        units = tuple(unit for unit in units if unit in named)
    if not inn and len(named) == 1:
        units = named
    if len(units) == 1:
        return _Found(units[0], said)
    if inn in settings.neighbours:
        notice = _notice("unit_foreign", "error", said, territory=settings.neighbours[inn])
        return _Found(None, said, "unit_foreign", (notice,))
    if not said:
        return _Found(None, "", "unit_not_named", (_notice("unit_not_named", "error", ""),))
    hint = _closest(name, registry)
    notice = _notice("unit_unknown", "error", said, hint=f"Похоже на: {hint}." if hint else "")
    among = units if inn else named
    return _Found(None, said, "unit_unknown", (notice,), among=among, name=name, inn=inn)


def _why_nobody(found: _Found, arrival: Arrival, parsed: ParsedFile) -> _Found:
    """Say what there was of a sender, where it led to nobody: a folder, or a number with a slip."""
    if found.reason != "unit_not_named":
        return found
    if any(notice.column == "inn" for notice in parsed.notices):
        return replace(found, notices=(_notice("unit_inn_unread", "error", ""),))
    if arrival.folder:
        return replace(found, notices=(_notice("unit_folder_unknown", "error", arrival.folder),))
    return found


def _by_name(name: str, registry: UnitRegister) -> tuple[Unit, ...]:
    """Units called so; or else the one with whose whole name a longer line begins."""
    key, called = organisation_key(name), registry.of_units(_names)
    # «МБОУ «СОШ № 7» на 2026-2027 учебный год» names school 7, but not school 72.
    for end in range(len(key), 0, -1):
        if key[:end] in called and not _goes_on(key[end:]):
            return tuple(called[key[:end]])
    return tuple(called.get(key, ()))


def _names(units: Mapping[str, Unit]) -> dict[str, list[Unit]]:
    """Units by the keys of their names: the names of the registry are folded once in a run."""
    found: dict[str, list[Unit]] = {}
    for unit in units.values():
        for key in {
            organisation_key(n) for n in (unit.short_name, unit.full_name, *unit.aliases) if n
        }:
            found.setdefault(key, []).append(unit)
    return found


def _goes_on(rest: str) -> bool:
    """Whether a line says more of a unit than the name with which it begins."""
    return rest[:1].isdigit() or "филиал" in rest


def _mistyped(name: str, unit: Unit) -> bool:
    """Whether *name* is that of the unit but for slips; numbers of schools are no slips."""
    own = [n for n in (unit.short_name, unit.full_name, *unit.aliases) if n]
    # A slip in «общеоразовательное» keeps it from being abbreviated, so whole words compare too.
    pairs = [(spell(name), spell(other)) for other in own for spell in (organisation_key, fold)]
    return any(
        _NUMBERS.findall(typed) == _NUMBERS.findall(known) and fuzz.ratio(typed, known) >= _SAME
        for typed, known in pairs
    )


def _closest(name: str, registry: UnitRegister) -> str:
    names = [unit.short_name for unit in registry.units.values()]
    best = process.extractOne(name, names, scorer=fuzz.token_sort_ratio) if name else None
    return best[0] if best and best[1] >= _LIKE else ""


def _agree(
    folder: Unit, found: _Found
) -> tuple[Unit, tuple[Notice, ...], tuple[QuestionRecord, ...]]:
    if found.unit is None and not found.said:
        return folder, (), ()
    if found.unit == folder or folder in found.among:
        return folder, (), ()
    if found.unit is None and not found.inn and _mistyped(found.name, folder):
        return folder, (), ()
    if found.unit is not None and found.unit.code in folder.may_report_for:
        return found.unit, (), ()
    notice = _notice("unit_conflict", "remark", found.said, folder=folder.folder)
    return folder, (notice,), (whose_file(folder, found.unit, found.said),)


def _period(
    arrival: Arrival, parsed: ParsedFile, settings: Settings
) -> tuple[str, tuple[Notice, ...], tuple[QuestionRecord, ...]]:
    said = str(parsed.passport.get("period") or "")
    typed = SchoolYear.find(said)
    unread = bool(said) and typed is None
    period = str(typed or _spelled(arrival.subfolder) or _by_dates(parsed, settings.period))
    notices: tuple[Notice, ...] = ()
    if unread:
        notices = (_notice("period_unreadable", "remark", said, stored=period),)
    if period in settings.periods:
        return period, notices, ()
    question = other_period(period, settings.period, typed=typed is not None)
    notice = _notice("period_other", "remark", period, **question.params)
    return period, (*notices, notice), (question,)


def year_of(parsed: ParsedFile, current: str) -> str:
    """Return the school year of a file that lies in no folder: typed, else by the rows' dates."""
    typed = SchoolYear.find(str(parsed.passport.get("period") or ""))
    return str(typed or _by_dates(parsed, current))


def _spelled(folder: str) -> SchoolYear | None:
    try:
        return SchoolYear.parse(folder)
    except ValueError:
        return None


def _by_dates(parsed: ParsedFile, current: str) -> SchoolYear:
    """The current year, unless every row of the file had ended before it began."""
    ends = [
        str(row.values["end_date"])
        for part in parsed.parts
        for row in part.rows
        if row.values.get("end_date")
    ]
    rows = sum(len(part.rows) for part in parsed.parts)
    year = SchoolYear.parse(current)
    if not ends or len(ends) < rows or max(ends) >= year.begins.isoformat():
        return year
    return SchoolYear.of(date.fromisoformat(max(ends)))


def _notice(code: str, severity: str, value: str, **params: str) -> Notice:
    return Notice(code, severity, value=value or None, params=params)  # type: ignore[arg-type]  # literals at every call
