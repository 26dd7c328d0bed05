"""Remarks found across units, as a page for each unit: they come later and change no outcome."""

from __future__ import annotations

from pipeline import host, receipt
from pipeline.answering import answer_folder
from pipeline.exchange import Exchange
from pipeline.views import PublishView, Remark


def write_followups(exchange: Exchange, view: PublishView) -> None:
    """Write «Уточнения» for each unit that has remarks, and take it away where none are left."""
    by_unit: dict[str, list[Remark]] = {}
    for remark in view.remarks:
        by_unit.setdefault(remark.unit, []).append(remark)
    for code in exchange.registry.units:
        path = answer_folder(exchange, code) / f"Уточнения {view.period}.html"
        remarks = by_unit.get(code)
        if remarks:
            host.write_if_changed(path, _page(exchange, view, code, remarks))
        else:
            path.unlink(missing_ok=True)


def _page(exchange: Exchange, view: PublishView, code: str, remarks: list[Remark]) -> bytes:
    return receipt.followup(
        exchange.registry.units[code].short_name,
        view.period,
        view.as_of,
        [remark.notice for remark in remarks],
        exchange.plugins.catalogue,
        exchange.plugins.plans,
        exchange.settings.zone,
    )
