"""From what is in force to bases, remarks, indicators, documents and the board."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from pipeline import system
from pipeline.errors import ConservationError
from pipeline.hookspecs import Document, Indicator
from pipeline.publication.board import board
from pipeline.publication.failures import Failed, StageFailedError, ask
from pipeline.publication.shares import PersonsOfShares
from pipeline.publication.summaries import Summaries, summaries_of
from pipeline.publication.tables import AllTables, Bases, NoTables
from pipeline.views import BoardLine, IndicatorResult, PublishView, Remark
from pipeline.workspace import validation
from pipeline.workspace.descriptors import file_name
from pipeline.workspace.exchange import UNITS_FOLDER, Exchange

DOCUMENTS_FOLDER = "documents"
BASE = "база {form}"
NO_STAGE = "NoMergeStage"


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication is made of: the view of all units, their summaries, and what failed.

    `bases` counts the rows of each base; a form whose base is missing is not in it.
    """

    view: PublishView
    summaries: Summaries = field(repr=False)
    bases: Mapping[str, int]
    failed: tuple[Failed, ...] = ()


def merge(exchange: Exchange, now: datetime) -> Publication:
    """See that the summary of every unit is there, with its rows of each base."""
    _check_conservation(exchange, exchange.settings.period)
    broken: dict[str, Failed] = {}
    view, submitted = _view(exchange, now)
    while True:
        bases = Bases(exchange, view, submitted, tuple(sorted(broken)))
        summaries = summaries_of(exchange, bases)
        with contextlib.suppress(StageFailedError):
            summaries.complete()
        if not bases.failed:
            break
        # Done once more without them, so that no unit has what another has not.
        broken |= bases.failed
    counts = {form: summaries.rows_of(form) for form in view.plans}
    missing = [BASE.format(form=form) for form, count in counts.items() if count is None]
    return Publication(
        replace(view, tables=AllTables(bases), contacts=summaries.contacts()),
        summaries,
        {form: count for form, count in counts.items() if count is not None},
        (
            *(Failed(what, NO_STAGE) for what in missing),
            *broken.values(),
            *summaries.failed.values(),
        ),
    )


def find_indicators(exchange: Exchange, publication: Publication) -> Publication:
    """Add the remarks across units and the indicators."""
    failed = list(publication.failed)
    remarks = _remarks(exchange, publication, failed)
    view = replace(publication.view, remarks=remarks)
    results = {}
    for code, indicator in exchange.plugins.indicators.items():
        if ("indicator", code) not in publication.summaries.failed:
            result = _figure(exchange, indicator, publication.summaries, view)
            if isinstance(result, Failed):
                failed.append(result)
            else:
                results[code] = result
    view = replace(view, indicators=MappingProxyType(results))
    return replace(publication, view=view, failed=tuple(failed))


def build(exchange: Exchange, now: datetime) -> Publication:
    """Compute bases, remarks and indicators of the current period from the facts in force."""
    return find_indicators(exchange, merge(exchange, now))


def write_documents(exchange: Exchange, publication: Publication) -> Publication:
    """Write all documents that changed; one that fails is named and the others appear."""
    failed = dict.fromkeys(publication.failed)
    for document in exchange.plugins.documents.values():
        if ("document", document.code) in publication.summaries.failed:
            continue
        for folder, unit in _recipients(exchange, document, publication.view):
            path = folder / file_name(document)
            # Disk trouble while it is copied is ours; whatever happens before is the document's.
            with tempfile.TemporaryFile() as target:
                trouble = write_document(exchange, document, publication, target, unit)
                if trouble is None:
                    target.seek(0)
                    system.copy_if_changed(target, path)
                else:
                    failed[trouble] = None
    return replace(publication, failed=tuple(failed))


def document_paths(exchange: Exchange, publication: Publication) -> tuple[Path, ...]:
    """Return where the documents of a publication lie."""
    return tuple(
        folder / file_name(document)
        for document in exchange.plugins.documents.values()
        for folder, _unit in _recipients(exchange, document, publication.view)
    )


def write_document(
    exchange: Exchange,
    document: Document,
    publication: Publication,
    target: BinaryIO,
    unit: str | None = None,
) -> Failed | None:
    """Write a document to *target*, joined from the pieces of all units or of one.

    What is returned says why there is none.
    """
    view, summaries = publication.view, publication.summaries
    if unit is not None:
        view = view_of_unit(publication, unit)
    ask_for = partial(ask, exchange.plugins, "document", document.code)
    if document.join is not None:
        pieces = summaries.pieces(document.code, unit)
        join = partial(document.join, view, pieces, target)
        return ask_for(join, lambda _answer: validation.document_file(target, document))
    assert document.write is not None
    data = ask_for(partial(document.write, view), partial(validation.document, asked=document))
    if isinstance(data, Failed):
        return data
    target.write(data)
    return None


def view_of_unit(publication: Publication, unit: str) -> PublishView:
    """Return the view of one unit with what is said of it on the day of the publication.

    Of the indicators `breakdown` and `persons` are those of the unit; the sums are those of all.
    """
    view, summaries = publication.view, publication.summaries
    results = {
        code: replace(
            result,
            breakdown=tuple(line for line in result.breakdown if line.unit == unit),
            persons=tuple(summaries.shares(code)[unit].persons)
            if isinstance(result.persons, PersonsOfShares)
            else tuple(person for person in result.persons if person.unit == unit),
        )
        for code, result in view.indicators.items()
    }
    return replace(
        summaries.bases.of_unit(unit),
        day=view.day,
        as_of=view.as_of,
        ledger_seq=view.ledger_seq,
        names=view.names,
        board=tuple(line for line in view.board if line.unit == unit),
        remarks=tuple(remark for remark in view.remarks if remark.unit == unit),
        indicators=results,
        contacts=view.contacts,
    )


def _recipients(
    exchange: Exchange, document: Document, view: PublishView
) -> Iterator[tuple[Path, str | None]]:
    """Where a document goes, and the one school that it is for."""
    if document.audience != "unit":
        yield exchange.outbox / DOCUMENTS_FOLDER / view.period, None
        return
    for unit in view.reporting_units():
        yield exchange.outbox / UNITS_FOLDER / unit.code, unit.code


def board_of(exchange: Exchange, now: datetime) -> tuple[BoardLine, ...]:
    """Return the board of the current period: every school and form, and what came of it."""
    settings = exchange.settings
    return board(
        exchange.registry.units.values(),
        exchange.plugins.plans,
        exchange.store.newest_parts(settings.period),
        settings.period,
        _day(exchange, now),
        zone=settings.zone,
    )


def bases_missing(exchange: Exchange) -> tuple[str, ...]:
    """Return the forms for whose base no merge stage is registered."""
    stages = exchange.plugins.of_kind("merge")
    plans = exchange.plugins.plans
    return tuple(form for form in plans if not any(stage.serves(form) for stage in stages))


def _view(exchange: Exchange, now: datetime) -> tuple[PublishView, Mapping[str, tuple[str, ...]]]:
    """The view before anything is merged, and the forms in force by unit."""
    store, settings = exchange.store, exchange.settings
    plans = MappingProxyType(dict(exchange.plugins.plans))
    ledger_seq, at = store.newest_data_fact() or (0, now.isoformat())
    submitted: dict[str, tuple[str, ...]] = {}
    lines = board_of(exchange, now)
    for line in lines:
        if line.in_force is not None:
            submitted[line.unit] = (*submitted.get(line.unit, ()), line.form)
    view = PublishView(
        period=settings.period,
        plans=plans,
        units=tuple(exchange.registry.units.values()),
        tables=NoTables(),
        day=_day(exchange, now),
        as_of=datetime.fromisoformat(at).astimezone(settings.zone),
        ledger_seq=ledger_seq,
        names=exchange.names,
        board=lines,
        submitted=tuple((unit, form) for unit, forms in submitted.items() for form in forms),
    )
    return view, submitted


def _day(exchange: Exchange, now: datetime) -> date:
    return now.astimezone(exchange.settings.zone).date()


def _remarks(
    exchange: Exchange, publication: Publication, failed: list[Failed]
) -> tuple[Remark, ...]:
    view, summaries = publication.view, publication.summaries
    check = partial(
        validation.remarks,
        plans=view.plans,
        catalogue=exchange.plugins.catalogue,
        rows_of=summaries.row_ids,
    )
    found: list[Remark] = []
    for stage in exchange.plugins.of_kind("remark"):
        if ("stage", stage.name) in summaries.failed:
            continue
        if stage.conclude is None:
            assert stage.run is not None
            run = partial(stage.run, view)
        else:
            run = partial(stage.conclude, view, summaries.contributions(stage.name))
        remarks = ask(exchange.plugins, "stage", stage.name, run, check)
        if isinstance(remarks, Failed):
            failed.append(remarks)
        else:
            found.extend(remarks)
    return tuple(sorted(found, key=lambda r: (r.unit, r.form, r.row_id, r.notice.code)))


def _figure(
    exchange: Exchange, indicator: Indicator, summaries: Summaries, view: PublishView
) -> IndicatorResult | Failed:
    shares = summaries.shares(indicator.code)
    if indicator.total is None:
        assert indicator.compute is not None
        run = partial(indicator.compute, view)
    else:
        run = partial(indicator.total, view, shares)

    def check(answer: Any) -> IndicatorResult:
        known = frozenset(summaries.units)
        checked = partial(validation.indicator, asked=indicator, known=known, plans=view.plans)
        persons = answer.persons if type(answer) is IndicatorResult else ()
        if type(persons) is not PersonsOfShares or not persons.are_of(shares, known):
            return checked(answer)
        # Each was looked at when its unit gave it; a region's do not fit into memory.
        return replace(checked(replace(answer, persons=())), persons=persons)

    return ask(exchange.plugins, "indicator", indicator.code, run, check)


def _check_conservation(exchange: Exchange, period: str) -> None:
    for line in exchange.store.conservation(period):
        if not line.holds:
            raise ConservationError(
                f"{line.unit}, форма {line.form}: принято {line.accepted} строк, "
                f"а действует, заменено, отозвано и выбыло вместе иное число. Свод не выпущен."
            )
