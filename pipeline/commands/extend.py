"""More time for a form: an extension that a person decides, lists and takes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.errors import UsageError
from pipeline.model import Unit
from pipeline.store.records import ExtensionRecord
from pipeline.words import STAGES, staged
from pipeline.workspace.calendar import in_force
from pipeline.workspace.exchange import Exchange

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked, as it was typed; empty where it was not said."""

    units: tuple[str, ...] = ()
    form: str = ""
    stage: str = ""
    until: str = ""
    revoke: str = ""
    who: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)


def act(exchange: Exchange, now: datetime, asked: Asked) -> tuple[Data, str]:
    """Give, take back or list extensions; return the answer and the page that shows it."""
    if not (asked.units or asked.form or asked.until or asked.revoke):
        return extensions(exchange), "extensions"
    if not (asked.who and asked.reason):
        raise UsageError("Для решения нужны --who и --reason.")
    if asked.revoke:
        return take_back(exchange, now, asked), "revoked"
    if not (asked.units and asked.form and asked.until):
        raise UsageError("Нужны --unit, --form и --until (или --revoke).")
    return extend(exchange, now, asked), "extended"


def extend(exchange: Exchange, now: datetime, asked: Asked) -> Data:
    """Record that units have time for a form until a day; return what that moves."""
    code, day, who, reason = asked.form.upper(), _day(asked.until), asked.who, asked.reason
    own = _stage(exchange, code, asked.stage)
    known = [_unit(exchange, unit) for unit in asked.units]
    calendar = exchange.calendar
    before = {unit.code: calendar.days(code, own, unit) for unit in known}
    for unit in known:
        if not any(due < day for due in before[unit.code]):
            raise UsageError(
                f"У организации «{unit.code}» по форме {code} нет срока раньше {day:%d.%m.%Y}: "
                "продлевать нечего."
            )
    moment = now.isoformat(timespec="seconds")
    period = exchange.settings.period
    codes = tuple(unit.code for unit in known)
    record = ExtensionRecord(codes, code, own, period, day.isoformat(), who, moment, reason)
    fact = exchange.store.append(record, moment)
    after = exchange.calendar
    return {
        "extension": fact,
        **_said(exchange, record),
        "moved": [
            {
                "unit": unit.code,
                "name": unit.short_name,
                "from": [due.isoformat() for due in sorted(set(was) - set(days))],
                "to": [due.isoformat() for due in sorted(set(days) - set(was))],
            }
            for unit in known
            for was, days in ((before[unit.code], after.days(code, own, unit)),)
        ],
    }


def take_back(exchange: Exchange, now: datetime, asked: Asked) -> Data:
    """Record that an extension holds no more: the day that it moved is due again."""
    number, who, reason = asked.revoke, asked.who, asked.reason
    given = {str(one.seq): one for one in in_force(exchange.store.extensions())}
    if number not in given:
        raise UsageError(f"Продления № {number} нет, или его уже отменили.")
    one = given[number].record
    moment = now.isoformat(timespec="seconds")
    record = ExtensionRecord(
        *(one.units, one.form, one.stage, one.period, "", who, moment, reason), int(number)
    )
    exchange.store.append(record, moment)
    return {"revoked": int(number), **_said(exchange, one)}


def extensions(exchange: Exchange) -> Data:
    """Return the extensions of the current period that hold."""
    period = exchange.settings.period
    found = in_force(exchange.store.extensions())
    return {
        "extensions": [
            {"extension": one.seq, **_said(exchange, one.record)}
            for one in found
            if one.record.period == period
        ]
    }


def _said(exchange: Exchange, record: ExtensionRecord) -> Data:
    plan = exchange.plugins.plans.get(record.form)
    return {
        "form": record.form,
        "stage": record.stage,
        "title": staged(plan.title if plan else record.form, record.stage),
        "units": list(record.units),
        "until": record.until,
        "who": record.who,
        "reason": record.reason,
    }


def _unit(exchange: Exchange, code: str) -> Unit:
    unit = exchange.registry.units.get(code)
    if unit is None:
        raise UsageError(f"Организации «{code}» нет в реестре units.csv.")
    return unit


def _stage(exchange: Exchange, form: str, word: str) -> str:
    plan = exchange.plugins.plans.get(form)
    if plan is None:
        raise UsageError(f"Формы «{form}» нет. Есть: {', '.join(exchange.plugins.plans)}.")
    words = {STAGES[stage]: stage for stage in plan.stages}
    if words and word not in words:
        raise UsageError(f"У формы {form} есть этапы, укажите --stage: {', '.join(words)}.")
    if word and not words:
        raise UsageError(f"У формы {form} нет этапов.")
    return words.get(word, "")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"День «{text}» не читается: нужно ГГГГ-ММ-ДД.") from None
