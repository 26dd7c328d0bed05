"""Whom to call: schools that owe forms past their day, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.model import Unit
from pipeline.render.values import phones_text
from pipeline.views import BoardLine, PublishView, Rows


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


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a unit can be reached, by its lines of the list of curators and by its card.

    Curators are lists of the day until they hold the post (ISO), e-mail, phone and name.
    """

    curators: Sequence[Sequence[str | None]] = field(default=(), repr=False)
    email: str | None = None
    phone: str | None = None

    def data(self) -> dict[str, Any]:
        """Return the contacts as plain JSON data, from which `Contacts(**data)` is the same."""
        return {"curators": list(self.curators), "email": self.email, "phone": self.phone}

    def curator(self, day: date) -> Sequence[str | None]:
        """Return the last of those who hold the post on *day*: until, e-mail, phone, name."""
        current = [c for c in self.curators if c[0] is None or c[0] >= day.isoformat()]
        return current[-1] if current else (None, None, None, None)


def contacts_of(view: PublishView) -> Contacts:
    """Return how the unit of a view can be reached; nothing where a base is missing."""
    curators = [
        [row["until"] and row["until"].isoformat(), row["email"], row["phone"], row["fio"]]
        for row in _rows(view, "F02")
    ]
    card = next(reversed(_rows(view, "F01")), {})
    return Contacts(curators, card.get("email"), card.get("phone"))


def calls(view: PublishView) -> tuple[OverdueUnit, ...]:
    """Return whom to call, with what the registry, the curator's line or the card say of them."""
    return tuple(_call(view, unit, lines) for unit, lines in overdue(view.board, view.units))


def _call(view: PublishView, unit: Unit, lines: Sequence[BoardLine]) -> OverdueUnit:
    since = _since(lines)
    contacts = view.contacts.get(unit.code) or Contacts()
    _until, email, phone, person = contacts.curator(view.today)
    return OverdueUnit(
        unit.code,
        unit.short_name,
        tuple(view.plans[line.form].title for line in lines),
        since,
        (view.today - since).days,
        unit.email or email or contacts.email or "",
        phones_text(phone or contacts.phone or ""),
        unit.addressee or person or "",
    )


def _rows(view: PublishView, form: str) -> Rows:
    return view.tables.base(form) or () if form in view.plans else ()


def _since(lines: Iterable[BoardLine]) -> date:
    return min(line.due for line in lines if line.due is not None)
