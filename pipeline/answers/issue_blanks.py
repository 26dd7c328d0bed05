"""Blank workbooks for units, filled with what is in force."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from datetime import datetime
from pathlib import Path

from contracts.identifiers import inn_valid, ogrn_valid
from contracts.plan import FormPlan
from pipeline import system
from pipeline.answers.blanks.book import blank
from pipeline.answers.hand_over import Answered, handing_over
from pipeline.answers.post import file_title
from pipeline.errors import SettingsError, UsageError
from pipeline.model import Scalar, Unit
from pipeline.words import STAGES
from pipeline.workspace.exchange import UNITS_FOLDER, Exchange
from pipeline.workspace.units import UNITS_FILE

BOOK = "Книга"


def issue_templates(
    exchange: Exchange,
    now: datetime,
    *,
    units: Sequence[str],
    forms: Sequence[str],
    missing: Container[tuple[str, str]] | None = None,
    empty: bool = False,
) -> tuple[Path, ...]:
    """Write blanks into the units' outbox folders; return their paths.

    Without *forms* one workbook holds all; *missing* names the pairs of unit and form to which
    the issue is limited; *empty* makes one blank for nobody in particular. Each unit gets its
    inbox folder too, so that it has where to put the filled file.
    """
    plans = _plans(exchange, forms)
    if empty:
        return tuple(
            _write(exchange, exchange.outbox / "Бланки", group, None)
            for group in _groups(plans, forms)
        )
    written = []
    for unit in _units(exchange, units, now):
        _check_numbers(unit)
        asked = [plan for plan in plans if missing is None or (unit.code, plan.code) in missing]
        folder = exchange.outbox / UNITS_FOLDER / unit.code
        (exchange.inbox / unit.folder).mkdir(parents=True, exist_ok=True)
        with handing_over(exchange, [Answered(unit.code)]):
            written += [_write(exchange, folder, group, unit) for group in _groups(asked, forms)]
    return tuple(written)


def _plans(exchange: Exchange, forms: Sequence[str]) -> list[FormPlan]:
    plans = exchange.plugins.plans
    for form in forms:
        if form.upper() not in plans:
            raise UsageError(f"Формы «{form}» нет. Есть: {', '.join(plans)}.")
    asked = [form.upper() for form in forms] or list(plans)
    return [plans[code] for code in asked]


def _units(exchange: Exchange, codes: Sequence[str], now: datetime) -> list[Unit]:
    known = exchange.registry.units
    for code in codes:
        if code not in known:
            raise UsageError(f"Организации «{code}» нет в реестре units.csv.")
    day = now.astimezone(exchange.settings.zone).date()
    schools = [u for u in known.values() if u.kind == "ОО" and u.active(day)]
    return [known[code] for code in codes] if codes else schools


def _check_numbers(unit: Unit) -> None:
    """A wrong number in a blank would come back as the school's mistake."""
    for title, number, digits, valid in (
        ("ИНН", unit.inn, r"\d{10}|\d{12}", inn_valid),
        ("ОГРН", unit.ogrn, r"\d{13}", ogrn_valid),
    ):
        if number and not (re.fullmatch(digits, number) and valid(number)):
            raise SettingsError(
                f"{UNITS_FILE}: {title} «{number}» организации «{unit.code}» с ошибкой. "
                "Если файл сохраняла Excel, сделайте столбцы inn, kpp и ogrn текстовыми."
            )


def _groups(plans: Sequence[FormPlan], forms: Sequence[str]) -> list[list[FormPlan]]:
    """All forms in one book, or each asked form in a file of its own."""
    if forms:
        return [[plan] for plan in plans]
    return [list(plans)] if plans else []


def _write(exchange: Exchange, folder: Path, plans: Sequence[FormPlan], unit: Unit | None) -> Path:
    name = BOOK if len(plans) > 1 else file_title(plans[0].title)
    passport: dict[str, str] = {"period": exchange.settings.period}
    filled: dict[str, list[dict[str, Scalar]]] = {}
    if unit is not None:
        passport |= {"inn": unit.inn, "unit_name": unit.short_name}
        filled = {plan.code: _in_force(exchange, plan, unit) for plan in plans}
    calendar = exchange.calendar
    data = blank(
        plans,
        exchange.plugins.vocabularies,
        passport=passport,
        filled=filled,
        names=exchange.names,
        days={
            (plan.code, stage): calendar.days(plan.code, stage, unit)
            for plan in plans
            for stage in plan.stages or ("",)
        },
    )
    whose = [file_title(unit.short_name)] if unit else []
    path = folder / f"{' – '.join([name, *whose, exchange.settings.period])}.xlsx"
    system.write_if_changed(path, data)
    return path


def _in_force(exchange: Exchange, plan: FormPlan, unit: Unit) -> list[dict[str, Scalar]]:
    rows = exchange.store.rows_in_force(exchange.settings.period, plan.code, unit.code)
    return [
        {**row.values, **({"stage": STAGES.get(row.stage)} if plan.stages else {})} for row in rows
    ]
