"""Remarks found across units, as a page for each unit: they come later and change no outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import system
from pipeline.answers.write import answer_folder
from pipeline.render import html
from pipeline.views import PublishView, Remark
from pipeline.workspace.exchange import Exchange


def write_followups(exchange: Exchange, view: PublishView) -> list[str]:
    """Write «Уточнения» for each unit that has remarks, and take it away where none are left.

    Return the codes of the units for whom something changed.
    """
    changed = []
    by_unit: dict[str, list[Remark]] = {}
    for remark in view.remarks:
        by_unit.setdefault(remark.unit, []).append(remark)
    for code in exchange.registry.units:
        remarks, path = by_unit.get(code), _path(exchange, view, code)
        if remarks:
            if system.write_if_changed(path, _page(exchange, view, code, remarks)):
                changed.append(code)
        elif path.exists():
            path.unlink()
            changed.append(code)
    return changed


def followup_paths(exchange: Exchange, view: PublishView) -> tuple[Path, ...]:
    """Return where the pages of the units that have remarks lie."""
    units = {remark.unit for remark in view.remarks} & exchange.registry.units.keys()
    return tuple(_path(exchange, view, code) for code in sorted(units))


def _path(exchange: Exchange, view: PublishView, code: str) -> Path:
    return answer_folder(exchange, code) / f"Уточнения {view.period}.html"


def _page(exchange: Exchange, view: PublishView, code: str, remarks: Sequence[Remark]) -> bytes:
    return html.render(
        "followup.html.j2",
        title="Уточнения",
        unit=exchange.registry.units[code].short_name,
        period=view.period,
        as_of=view.as_of.strftime("%d.%m.%Y %H:%M"),
        lines=[_line(exchange, remark) for remark in remarks],
    )


def _line(exchange: Exchange, remark: Remark) -> dict[str, str]:
    notice, plans = replace(remark.notice, form=remark.form), exchange.plugins.plans
    said = exchange.plugins.catalogue.sentences(notice, plans)
    where = notice.cell or (f"строка {notice.row}" if notice.row else "")
    return {
        "form": plans[remark.form].title,
        "where": f"{notice.sheet}, {where}" if notice.sheet and where else where,
        "who": notice.who or "",
        "what": said.what,
        "fix": said.fix,
    }
