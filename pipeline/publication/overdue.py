"""Whom to call: schools that owe forms past their day, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.model import Unit
from pipeline.publication.people import base_rows
from pipeline.render.values import phones_text
from pipeline.views import BoardLine, PublishView
from pipeline.words import staged


@dataclass(frozen=True, slots=True)
class Call:
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


def calls(view: PublishView) -> tuple[Call, ...]:
    """Return whom to call, with what the registry, the curator's line or the card say of them."""
    curators = {
        row["unit"]: row
        for row in base_rows(view, "F02")
        if row["until"] is None or row["until"] >= view.today
    }
    cards = {row["unit"]: row for row in base_rows(view, "F01")}
    return tuple(
        _call(view, unit, lines, curators.get(unit.code, {}), cards.get(unit.code, {}))
        for unit, lines in overdue(view.board, view.units)
    )


def _call(
    view: PublishView,
    unit: Unit,
    lines: Sequence[BoardLine],
    curator: Mapping[str, Any],
    card: Mapping[str, Any],
) -> Call:
    since = _since(lines)
    return Call(
        unit.code,
        unit.short_name,
        tuple(staged(view.plans[line.form].title, line.stage) for line in lines),
        since,
        (view.today - since).days,
        unit.email or curator.get("email") or card.get("email") or "",
        phones_text(curator.get("phone") or card.get("phone") or ""),
        unit.addressee or curator.get("fio") or "",
    )


def _since(lines: Iterable[BoardLine]) -> date:
    return min(line.due for line in lines if line.due is not None)
