"""The whole way, as a story: open, accept, publish, approve, deliver.

    inbox ─ accept ─→ answers to units        (recorded decisions, one per file)
    in force ─ publish ─→ merge ─→ indicators ─→ documents ─→ a draft package
    draft ─ approve ─→ a person's signature ─ deliver ─→ the recipient's folder

Each step takes the open exchange and a moment, is safe to repeat, and leaves everything as it
was when nothing has changed. Prefect (`flows/`) calls these same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from pipeline.acceptance.accept import BATCH, Decided, arrivals_of, decide_all, waiting
from pipeline.answers.followups import followup_paths, write_followups
from pipeline.answers.hand_over import Answered, handing_over
from pipeline.errors import ConservationError
from pipeline.model import Arrival
from pipeline.packages.delivery import Delivered, deliver_packages
from pipeline.packages.drafts import Draft, approve_package, draft_packages, kept_drafts
from pipeline.publication.build import (
    Publication,
    document_paths,
    find_indicators,
    merge,
    write_documents,
)
from pipeline.publication.failures import Failed
from pipeline.publication.unchanged import (
    PublicationSummary,
    input_digest,
    load_if_unchanged,
    save,
    summarise,
)
from pipeline.workspace.exchange import Exchange, open_exchange
from pipeline.workspace.faults import loading_faults

__all__ = [
    "accept",
    "accept_batches",
    "approve",
    "arrivals_of",
    "cycle",
    "deliver",
    "documents",
    "input_digest",
    "merge",
    "open_exchange",
    "package",
    "publish",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication gave: numbers, drafts for recipients, and what failed.

    `publication` is the view behind it; None where nothing had changed since the last one.
    """

    summary: PublicationSummary
    drafts: tuple[Draft, ...]
    failed: tuple[Failed, ...] = ()
    publication: Publication | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one whole cycle did."""

    decided: tuple[Decided, ...]
    published: Published
    delivered: tuple[Delivered, ...]


def accept(
    exchange: Exchange,
    now: datetime,
    *,
    arrivals: Sequence[Arrival] | None = None,
    quiet: float = 2.0,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Decided, ...]:
    """Decide and answer every complete file of the inbox, or the *arrivals* given."""
    if arrivals is None:
        arrivals = waiting(exchange, quiet=quiet)
    batches = accept_batches(exchange, now, arrivals, batch=batch, progress=progress)
    return tuple(chain.from_iterable(batches))


def accept_batches(
    exchange: Exchange,
    now: datetime,
    arrivals: Sequence[Arrival],
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[tuple[Decided, ...]]:
    """Do the same a batch at a time, for whoever tells of each; how they are cut never shows."""
    withheld = 0
    files = decide_all(exchange, arrivals, now, batch=batch, progress=progress)
    while decided := tuple(islice(files, batch)):
        withheld += sum(one.withheld for one in decided)
        yield decided
    if withheld:
        raise ConservationError(
            f"Файлов, решение по которым не сошлось и не выпущено: {withheld}. "
            "Они остались во входящих; остальным отвечено. Это ошибка программы."
        )


def publish(exchange: Exchange, now: datetime) -> Published:
    """Make bases, indicators and documents of what is in force, and a draft for each recipient.

    From the same inputs as last time nothing is made: what was written is still there.
    """
    inputs = input_digest(exchange, now)
    known = load_if_unchanged(exchange, inputs)
    if known is not None:
        return keep(exchange, known, now)
    publication = merge(exchange, now)
    publication = find_indicators(exchange, publication)
    publication = documents(exchange, publication)
    return package(exchange, publication, now, written_of=inputs)


def unchanged(exchange: Exchange, now: datetime) -> PublicationSummary | None:
    """Return what the last publication gave if another one would give the same."""
    return load_if_unchanged(exchange, input_digest(exchange, now))


def keep(exchange: Exchange, known: PublicationSummary, now: datetime) -> Published:
    """Leave everything as the last publication left it."""
    return Published(known, _approved(exchange, kept_drafts(exchange), now))


def documents(exchange: Exchange, publication: Publication) -> Publication:
    """Write the documents, and to each unit the page of remarks that came later."""
    publication = write_documents(exchange, publication)
    with handing_over(exchange) as concerned:
        concerned.extend(map(Answered, write_followups(exchange, publication.view)))
    return publication


def package(
    exchange: Exchange, publication: Publication, now: datetime, *, written_of: str | None
) -> Published:
    """Make the drafts, and note what this publication gave.

    *written_of* is the digest of the inputs that its documents were written of: where a fact came
    in between, they are to be written again.
    """
    drafts = _approved(exchange, draft_packages(exchange, publication, now), now)
    summary = summarise(publication)
    inputs = input_digest(exchange, now)
    complete = not publication.failed and not loading_faults(exchange.plugins.infos)
    if complete and written_of == inputs:
        written = (
            *document_paths(exchange, publication),
            *followup_paths(exchange, publication.view),
        )
        save(exchange, inputs, summary, written)
    if exchange.plugins.hears("published"):
        digest = exchange.store.digest()
        exchange.plugins.emit("published", period=summary.period, digest=digest)
    return Published(summary, drafts, publication.failed, publication)


def _approved(exchange: Exchange, drafts: tuple[Draft, ...], now: datetime) -> tuple[Draft, ...]:
    if not exchange.settings.auto_approve:
        return drafts
    for draft in drafts:
        approve(exchange, now, package=draft.name, who="автоматически", outgoing="")
    return tuple(replace(draft, approved=True) for draft in drafts)


def approve(exchange: Exchange, now: datetime, *, package: str, who: str, outgoing: str) -> str:
    """Record that a person lets *package* leave; return its name."""
    return approve_package(exchange, now, package=package, who=who, outgoing=outgoing)


def deliver(exchange: Exchange, now: datetime) -> tuple[Delivered, ...]:
    """Carry every approved package to its recipient; what has arrived is not sent again."""
    return deliver_packages(exchange, now)


def cycle(
    exchange: Exchange,
    now: datetime,
    *,
    quiet: float = 2.0,
) -> Cycle:
    """Go the whole way once, in this process."""
    decided = accept(exchange, now, quiet=quiet)
    published = publish(exchange, now)
    return Cycle(decided, published, deliver(exchange, now))
