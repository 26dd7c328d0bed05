"""From what is in force to bases, remarks, indicators, documents and the board."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import system
from pipeline.errors import ConservationError
from pipeline.hookspecs import Document
from pipeline.model import Scalar
from pipeline.publication.board import Sent, board
from pipeline.publication.people import default_merge
from pipeline.store.frames import frame
from pipeline.store.rows import BoardPart, RowInfo
from pipeline.views import PROVENANCE, BoardLine, IndicatorResult, PublishView, Remark, Tables
from pipeline.workspace import validation
from pipeline.workspace.containment import Fault, Kind
from pipeline.workspace.descriptors import file_name
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.plugin_loader import Plugins

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS_FOLDER = "documents"
Result = TypeVar("Result")
Ask = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """A stage, indicator or document that gave nothing to be used; the rest stands.

    `error` is the class of the exception, `plugin` whose it is, `said` what was wrong in a clause.
    """

    what: str
    error: str
    plugin: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication is made of: the full view, and what failed on the way."""

    view: PublishView
    failed: tuple[Failed, ...] = ()


def build(exchange: Exchange, now: datetime) -> Publication:
    """Compute bases, remarks and indicators of the current period from the facts in force."""
    period = exchange.settings.period
    _check_conservation(exchange, period)
    failed: list[Failed] = []
    view = _view(exchange, period, now)
    ask = functools.partial(_asked, exchange.plugins, failed)
    view = replace(view, bases=Tables(_merged(exchange, view, ask)))
    for stage in exchange.plugins.of_kind("enrich"):
        check = functools.partial(validation.enriched, view=view, stage=stage)
        changed = ask("stage", stage.name, functools.partial(stage.run, view), check)
        if changed is not None:
            view = replace(view, bases=Tables({**view.bases, **changed}))
    view = replace(view, remarks=_remarks(exchange, view, ask))
    indicators = MappingProxyType(_indicators(exchange, view, ask))
    return Publication(replace(view, indicators=indicators), tuple(failed))


def write_documents(
    exchange: Exchange, publication: Publication
) -> tuple[Publication, tuple[Path, ...]]:
    """Write all documents that changed; one that fails is named and the others appear.

    The second answer is where those lie that did not fail.
    """
    failed = list(publication.failed)
    written = []
    folder = exchange.outbox / DOCUMENTS_FOLDER / publication.view.period
    for document in exchange.plugins.documents.values():
        data = document_bytes(exchange, document, publication.view)
        if isinstance(data, Fault):
            failed.append(_failed(data))
        else:
            system.write_if_changed(folder / file_name(document), data)
            written.append(folder / file_name(document))
    return replace(publication, failed=tuple(failed)), tuple(written)


def document_bytes(exchange: Exchange, document: Document, view: PublishView) -> bytes | Fault:
    """Return a document as its plugin writes it, or what was wrong with it."""
    check = functools.partial(validation.document, asked=document)
    write = functools.partial(document.write, view)
    return exchange.plugins.call("document", document.code, write, check)


def board_of(exchange: Exchange, now: datetime) -> tuple[BoardLine, ...]:
    """Return the board of the current period: every school and form, and what came of it."""
    settings = exchange.settings
    return board(
        exchange.registry.units.values(),
        exchange.plugins.plans,
        [_sent(part) for part in exchange.store.newest_parts(settings.period)],
        settings.period,
        now.astimezone(settings.zone).date(),
        zone=settings.zone,
    )


def rows_frame(exchange: Exchange, form: str, rows: Iterable[RowInfo]) -> pd.DataFrame:
    """Return stored rows as `[rows × (plan.names + PROVENANCE)]`, by unit and stage.

    A region has hundreds of thousands, so each is let go before the next is read.
    """
    origin: dict[str, list[Any]] = {name: [] for name in (*PROVENANCE, "stage")}

    def passing() -> Iterator[Mapping[str, Scalar]]:
        for row in rows:
            for name, values in origin.items():
                values.append(getattr(row, name))
            yield row.values

    table = frame(exchange.plugins.plans[form], passing())
    for name in PROVENANCE:
        table[name] = origin[name]
    keys = list(zip(origin["unit"], origin["stage"], strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return table.iloc[order].reset_index(drop=True)


def _view(exchange: Exchange, period: str, now: datetime) -> PublishView:
    store, plans = exchange.store, exchange.plugins.plans
    upto, at = store.newest_data_fact() or (0, now.isoformat())
    parts = [part for part in store.newest_parts(period) if part.in_force is not None]
    return PublishView(
        period=period,
        today=_day(exchange, now),
        as_of=datetime.fromisoformat(at).astimezone(exchange.settings.zone),
        upto=upto,
        names=exchange.names,
        plans=MappingProxyType(plans),
        units=tuple(exchange.registry.units.values()),
        rows=Tables(
            {code: rows_frame(exchange, code, store.each_in_force(period, code)) for code in plans}
        ),
        board=board_of(exchange, now),
        submitted=tuple((part.unit, part.form) for part in parts),
    )


def _day(exchange: Exchange, now: datetime) -> date:
    return now.astimezone(exchange.settings.zone).date()


def _merged(exchange: Exchange, view: PublishView, ask: Ask) -> dict[str, pd.DataFrame]:
    """Bases of all forms: by the form's own merge stage, else as the rows stand."""
    stages = {form: s for s in exchange.plugins.of_kind("merge") for form in s.forms}
    bases = {}
    for form in view.plans:
        stage = stages.get(form)
        made = None
        if stage is not None:
            check = functools.partial(validation.merged, view=view, form=form)
            made = ask("stage", stage.name, functools.partial(stage.run, view), check)
        bases[form] = default_merge(view, form) if made is None else made
    return bases


def _remarks(exchange: Exchange, view: PublishView, ask: Ask) -> tuple[Remark, ...]:
    found: list[Remark] = []
    catalogue = exchange.plugins.catalogue
    check = functools.partial(validation.remarks, view=view, catalogue=catalogue)
    for stage in exchange.plugins.of_kind("remark"):
        found += ask("stage", stage.name, functools.partial(stage.run, view), check) or ()
    return tuple(sorted(found, key=lambda r: (r.unit, r.form, r.row_id, r.notice.code)))


def _indicators(exchange: Exchange, view: PublishView, ask: Ask) -> dict[str, IndicatorResult]:
    results = {}
    for code, indicator in exchange.plugins.indicators.items():
        check = functools.partial(validation.indicator, view=view, asked=indicator)
        result = ask("indicator", code, functools.partial(indicator.compute, view), check)
        if result is not None:
            results[code] = result
    return results


def _asked(
    plugins: Plugins,
    failed: list[Failed],
    kind: Kind,
    name: str,
    run: Callable[[], Any],
    check: Callable[[Any], Result],
) -> Result | None:
    answer = plugins.call(kind, name, run, check)
    if isinstance(answer, Fault):
        failed.append(_failed(answer))
        return None
    return answer


def _failed(fault: Fault) -> Failed:
    return Failed(fault.name, fault.error, fault.plugin, fault.said)


def _check_conservation(exchange: Exchange, period: str) -> None:
    for line in exchange.store.conservation(period):
        if not line.holds:
            raise ConservationError(
                f"{line.unit}, форма {line.form}: принято {line.accepted} строк, "
                f"а действует, заменено, отозвано и выбыло вместе иное число. Свод не выпущен."
            )


def _sent(part: BoardPart) -> Sent:
    newest = part.newest
    counting = part.in_force
    first = part.first
    return Sent(
        unit=part.unit,
        form=part.form,
        number=newest.number,
        outcome=newest.outcome_now,
        moment=datetime.fromisoformat(newest.moment),
        nil=newest.nil,
        in_force=counting.number if counting else None,
        first=datetime.fromisoformat(first.moment) if first else None,
        rows=part.rows,
        errors=newest.errors,
        remarks=newest.remarks,
    )
