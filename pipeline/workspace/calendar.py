"""When a form is due: the contract proposes, the settings decide, extensions move a day.

The one place that says on which days a unit owes a form, and whether it is late.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from contracts.plan import DUE_DAY, FormPlan, due_days
from pipeline.errors import SettingsError
from pipeline.model import Unit
from pipeline.period import SchoolYear
from pipeline.words import STAGES

if TYPE_CHECKING:
    from pipeline.store.records import ExtensionRecord
    from pipeline.store.rows import Recorded

UNITS = "units"
# Leap years have more days than a calendar without a year can promise.
_SOME_YEAR = SchoolYear(2025)
_CODES = {word: code for code, word in STAGES.items()}
_EXAMPLE = 'список дней: ["10-15", "01-20"] или ["входящий 10-15", "итоговый 05-31"]'

# Days «MM-DD» of a form, each with the stage it is for, «» for a form without stages.
Days = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """What `[calendar]` of the settings says: days of forms for all, and for single units."""

    forms: Mapping[str, Days] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, Days]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> CalendarSettings:
        """Read a section that `problems` has nothing against."""
        forms = {form: _days(days) for form, days in data.items() if form != UNITS}
        units = {
            unit: {form: _days(days) for form, days in own.items()}
            for unit, own in data.get(UNITS, {}).items()
        }
        return cls(forms, units)


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """Say in Russian what keeps the section `[calendar]` from being read, a line each."""
    units = data.get(UNITS, {})
    yield from _wrong_days({f: days for f, days in data.items() if f != UNITS}, "calendar")
    if not isinstance(units, dict):
        yield f"[calendar.{UNITS}] – нужны разделы организаций: [calendar.{UNITS}.КОД]."
        return
    for unit, own in units.items():
        if isinstance(own, dict):
            yield from _wrong_days(own, f"calendar.{UNITS}.{unit}")
        else:
            yield f"[calendar.{UNITS}] {unit} – нужен раздел [calendar.{UNITS}.{unit}]."


def _wrong_days(forms: Mapping[str, Any], section: str) -> Iterator[str]:
    for form, days in forms.items():
        if not isinstance(days, list) or not all(isinstance(day, str) for day in days):
            yield f"[{section}] {form} – нужен {_EXAMPLE}."
            continue
        yield from (
            f"[{section}] {form}: «{day}» – нужен день «ММ-ДД», перед ним может стоять этап: "
            f"{', '.join(_CODES)}."
            for day in days
            if not _is_due(day)
        )


def _is_due(text: str) -> bool:
    ((stage, day),) = due_days(text.replace("|", "?")) or (("", ""),)
    if (stage and stage not in _CODES) or not DUE_DAY.fullmatch(day):
        return False
    try:
        _SOME_YEAR.due_day(day)
    except ValueError:
        return False
    return True


def _days(texts: Sequence[str]) -> Days:
    return tuple((_CODES.get(stage, ""), day) for text in texts for stage, day in due_days(text))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands with a form on a day: the day that is asked, past or ahead."""

    due: date | None = None
    late: bool = False
    on_time: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Due days of one school year; extensions are in the order in which they were decided."""

    plans: Mapping[str, FormPlan]
    year: SchoolYear
    settings: CalendarSettings = CalendarSettings()
    extensions: Sequence[Recorded[ExtensionRecord]] = ()
    _given: dict[tuple[str, str, str], list[date]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay the extensions of the year by form, stage and unit: a region asks for each."""
        given: dict[tuple[str, str, str], list[date]] = {}
        for one in in_force(self.extensions):
            extension = one.record
            for unit in extension.units if extension.period == str(self.year) else ():
                key = (extension.form, extension.stage, unit)
                given.setdefault(key, []).append(date.fromisoformat(extension.until))
        object.__setattr__(self, "_given", given)

    def days(self, form: str, stage: str = "", unit: Unit | None = None) -> tuple[date, ...]:
        """Return the due days of a form for a unit, without one those that hold for all.

        Nothing is due before the unit exists.
        """
        said = self._said(form, unit.code if unit else "")
        days = sorted({self.year.due_day(day) for own, day in said if own == stage})
        if unit is None:
            return tuple(days)
        moved = self._moved(days, form, stage, unit.code)
        return tuple(day for day in sorted(set(moved)) if unit.since is None or unit.since <= day)

    def _said(self, form: str, unit: str) -> Days:
        own = self.settings.units.get(unit, {})
        if form in own:
            return own[form]
        if form in self.settings.forms:
            return self.settings.forms[form]
        return due_days(self.plans[form].due) if form in self.plans else ()

    def _moved(self, days: Sequence[date], form: str, stage: str, unit: str) -> list[date]:
        """An extension moves the last due day before the day until which it gives time."""
        until: dict[date, date] = {}
        for day in self._given.get((form, stage, unit), ()):
            before = [due for due in days if due < day]
            if before:
                until[before[-1]] = day
        return [until.get(day, day) for day in days]


def standing(days: Sequence[date], given: Sequence[date], today: date, *, counts: bool) -> Standing:
    """Return how a unit stands that handed a form in on the days *given*.

    Each due day answers for the time around it, from the middle between the day before it
    and itself to the middle after it: what comes a week late is not next quarter's. Until
    something counts the first day stands.
    """
    if not days:
        return Standing(on_time=counts)
    if not counts:
        return Standing(days[0], late=today > days[0])
    middles = [_middle(*pair) for pair in pairwise(days)]
    place = bisect_left(middles, today)
    here = [day for day in given if place == 0 or day > middles[place - 1]]
    due = days[place]
    late = today > due and place > 0 and not here
    return Standing(due, late, bool(here) and min(here) <= due)


def in_force(
    extensions: Sequence[Recorded[ExtensionRecord]],
) -> tuple[Recorded[ExtensionRecord], ...]:
    """Return the extensions that nobody took back."""
    revoked = {one.record.revokes for one in extensions}
    return tuple(one for one in extensions if one.record.revokes is None and one.seq not in revoked)


def check_codes(
    said: CalendarSettings, plans: Mapping[str, FormPlan], units: Mapping[str, Unit]
) -> None:
    """Raise `SettingsError` where the calendar names what is not there: it would do nothing."""
    wrong = [
        f"[calendar.{UNITS}.{unit}]: такой организации нет."
        for unit in sorted(said.units.keys() - units.keys())
    ]
    for section, forms in (("calendar", said.forms), *_sections(said)):
        for form, days in forms.items():
            plan = plans.get(form)
            if plan is None:
                wrong.append(f"[{section}] {form}: такой формы нет.")
            elif any(stage not in (plan.stages or ("",)) for stage, _day in days):
                stages = " или ".join(f"«{STAGES[stage]} ММ-ДД»" for stage in plan.stages)
                wrong.append(f"[{section}] {form}: нужно {stages or 'ММ-ДД без этапа'}.")
    if wrong:
        raise SettingsError("\n".join(f"nastavnik.toml: {line}" for line in wrong))


def _sections(said: CalendarSettings) -> Iterator[tuple[str, Mapping[str, Days]]]:
    yield from ((f"calendar.{UNITS}.{unit}", forms) for unit, forms in said.units.items())


def _middle(first: date, second: date) -> date:
    return date.fromordinal((first.toordinal() + second.toordinal()) // 2)
