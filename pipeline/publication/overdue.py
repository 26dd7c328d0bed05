"""Whom to call: schools that owe forms past their day, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from pipeline.model import Unit
from pipeline.render.values import phones_text
from pipeline.views import BoardLine, PublishView, Rows
from pipeline.words import staged


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """One school to call: the titles of the forms it owes, the oldest due day, full days since."""

    unit: str
    name: str
    forms: tuple[str, ...]
    since: date
    days: int
    email: str = ""
    phone: str = ""
    person: str = field(default="", repr=False)


def overdue(
    lines: Iterable[BoardLine], units: Iterable[Unit]
) -> tuple[tuple[Unit, tuple[BoardLine, ...]], ...]:
    """Return each unit with the forms it is late with, the longest wait first."""
    known = {unit.code: unit for unit in units}
    late: dict[str, list[BoardLine]] = {}
    for line in lines:
        if line.late and line.unit in known:
            late.setdefault(line.unit, []).append(line)
    waiting = [(known[unit], tuple(found)) for unit, found in late.items()]
    return tuple(sorted(waiting, key=lambda pair: (_since(pair[1]), -len(pair[1]), pair[0].code)))


class Contacts(TypedDict):
    """Whom the forms of a unit name, as plain JSON.

    A curator is last day («» for none), name, phone, e-mail; the card is phone, e-mail.
    """

    curators: list[tuple[str, str | None, str | None, str | None]]
    card: tuple[str | None, str | None] | None


NOBODY: Contacts = {"curators": [], "card": None}


def contacts(view: PublishView) -> dict[str, Contacts]:
    """Return, by unit, whom its forms name: curators, and phone and e-mail of its card.

    Nothing is known of a form whose base is missing.
    """
    found: dict[str, Contacts] = {}
    for row in _rows(view, "F02"):
        last = row["until"].isoformat() if row["until"] else ""
        of_unit = found.setdefault(row["unit"], {"curators": [], "card": None})
        of_unit["curators"].append((last, row["fio"], row["phone"], row["email"]))
    for row in _rows(view, "F01"):
        of_unit = found.setdefault(row["unit"], {"curators": [], "card": None})
        of_unit["card"] = (row["phone"], row["email"])
    return found


def calls(view: PublishView, known: Mapping[str, Contacts]) -> tuple[OverdueUnit, ...]:
    """Return whom to call, with what the registry, the curator's line or the card say of them."""
    return tuple(
        _call(view, unit, lines, known.get(unit.code, NOBODY))
        for unit, lines in overdue(view.board, view.units)
    )


def _call(
    view: PublishView, unit: Unit, lines: Sequence[BoardLine], known: Contacts
) -> OverdueUnit:
    since, today = _since(lines), view.today.isoformat()
    current = [person for last, *person in known["curators"] if not last or last >= today]
    fio, phone, email = current[-1] if current else (None, None, None)
    card_phone, card_email = known["card"] or (None, None)
    return OverdueUnit(
        unit.code,
        unit.short_name,
        tuple(staged(view.plans[line.form].title, line.stage) for line in lines),
        since,
        (view.today - since).days,
        unit.email or email or card_email or "",
        phones_text(phone or card_phone or ""),
        unit.addressee or fio or "",
    )


def _rows(view: PublishView, form: str) -> Rows:
    return view.tables.base(form) or () if form in view.plans else ()


def _since(lines: Iterable[BoardLine]) -> date:
    return min(line.due for line in lines if line.due is not None)
