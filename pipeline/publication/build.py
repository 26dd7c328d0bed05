"""From what is in force to bases, remarks, indicators, documents and the board."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import system
from pipeline.errors import ConservationError
from pipeline.hookspecs import Document, Stage
from pipeline.model import Scalar
from pipeline.publication.board import Sent, board
from pipeline.publication.people import default_merge
from pipeline.store.frames import frame
from pipeline.store.rows import BoardPart, RowInfo
from pipeline.views import PROVENANCE, BoardLine, IndicatorResult, PublishView, Remark
from pipeline.words import STAGES
from pipeline.workspace.exchange import Exchange

if TYPE_CHECKING:
    import pandas as pd

LOG = logging.getLogger("nastavnik.publish")
DOCUMENTS_FOLDER = "documents"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failed:
    """A stage, indicator or document that raised: what is missing is named, the rest stands."""

    what: str
    error: str


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
    view = replace(view, bases=_merged(exchange, view, failed))
    for stage in exchange.plugins.of_kind("enrich"):
        changed = _contained(failed, stage.name, stage.run, view)
        if changed is not None:
            view = replace(view, bases={**view.bases, **changed})
    view = replace(view, remarks=_remarks(exchange, view, failed))
    return Publication(replace(view, indicators=_indicators(exchange, view, failed)), tuple(failed))


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
        data = _contained(failed, document.code, document.write, publication.view)
        if data is not None:
            system.write_if_changed(folder / file_name(document), data)
            written.append(folder / file_name(document))
    return replace(publication, failed=tuple(failed)), tuple(written)


def file_name(document: Document) -> str:
    """Return the name under which a document appears."""
    return f"{document.code} {document.title}.{document.suffix}"


def board_of(exchange: Exchange, now: datetime) -> tuple[BoardLine, ...]:
    """Return the board of the current period: every school and form, and what came of it."""
    settings = exchange.settings
    return board(
        exchange.registry.units.values(),
        exchange.calendar,
        [_sent(part) for part in exchange.store.newest_parts(settings.period)],
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
    if exchange.plugins.plans[form].stages:
        # The stage is that of the part: the sheet's name or a person said it, not the cell.
        table["stage"] = [STAGES.get(stage) for stage in origin["stage"]]
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
        plans=plans,
        units=tuple(exchange.registry.units.values()),
        rows={
            code: rows_frame(exchange, code, store.each_in_force(period, code)) for code in plans
        },
        board=board_of(exchange, now),
        submitted=tuple((part.unit, part.form) for part in parts),
    )


def _day(exchange: Exchange, now: datetime) -> date:
    return now.astimezone(exchange.settings.zone).date()


def _merged(exchange: Exchange, view: PublishView, failed: list[Failed]) -> dict[str, pd.DataFrame]:
    """Bases of all forms: by the form's own merge stage, else as the rows stand."""
    stages = {form: s for s in exchange.plugins.of_kind("merge") for form in s.forms}
    bases = {}
    for form in view.plans:
        stage = stages.get(form)
        made = _contained(failed, stage.name, stage.run, view) if stage else None
        bases[form] = default_merge(view, form) if made is None else made
    return bases


def _remarks(exchange: Exchange, view: PublishView, failed: list[Failed]) -> tuple[Remark, ...]:
    found: list[Remark] = []
    for stage in exchange.plugins.of_kind("remark"):
        remarks = _contained(failed, stage.name, functools.partial(_listed, stage), view)
        found.extend(r for r in remarks or () if r.notice.code in exchange.plugins.catalogue)
    return tuple(sorted(found, key=lambda r: (r.unit, r.form, r.row_id, r.notice.code)))


def _listed(stage: Stage, view: PublishView) -> tuple[Remark, ...]:
    """Run a stage to its end: a generator may raise half way."""
    return tuple(stage.run(view))


def _indicators(
    exchange: Exchange, view: PublishView, failed: list[Failed]
) -> Mapping[str, IndicatorResult]:
    results = {}
    for code, indicator in exchange.plugins.indicators.items():
        result = _contained(failed, code, indicator.compute, view)
        if result is not None:
            results[code] = result
    return results


def _contained(
    failed: list[Failed], what: str, run: Callable[[PublishView], Result], view: PublishView
) -> Result | None:
    try:
        return run(view)
    except Exception as error:  # noqa: BLE001  # a plugin may raise anything
        LOG.error("%s failed: %s", what, type(error).__name__)
        failed.append(Failed(what, type(error).__name__))
        return None


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
    return Sent(
        unit=part.unit,
        form=part.form,
        number=newest.number,
        outcome=newest.outcome_now,
        moment=datetime.fromisoformat(newest.moment),
        nil=newest.nil,
        in_force=counting.number if counting else None,
        taken=tuple(map(datetime.fromisoformat, part.taken)),
        rows=part.rows,
        errors=newest.errors,
        remarks=newest.remarks,
        stage=part.stage,
    )
