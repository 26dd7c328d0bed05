"""The whole way, as a story: open, accept, publish, approve, deliver.

    inbox ─ accept ─→ answers to units        (recorded decisions, one per file)
    in force ─ publish ─→ bases, indicators, documents, a draft package
    draft ─ approve ─→ a person's signature ─ deliver ─→ the recipient's folder

Each step takes the open exchange and a moment, is safe to repeat, and leaves everything as it
was when nothing has changed. Prefect (`flows/`) calls these same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.acceptance.accept import Decided, arrivals_of, decide_all, waiting
from pipeline.answers.followups import write_followups
from pipeline.errors import ConservationError
from pipeline.model import Arrival
from pipeline.packages.delivery import Delivered, deliver_packages
from pipeline.packages.drafts import Draft, approve_package, draft_packages, kept_drafts
from pipeline.publication.build import Failed, Publication, build, write_documents
from pipeline.publication.unchanged import Gave, gave, grounds, recall, remember
from pipeline.workspace.exchange import Exchange, open_exchange

__all__ = ["accept", "approve", "arrivals_of", "cycle", "deliver", "open_exchange", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication gave: numbers, drafts for recipients, and what failed.

    `publication` is the view behind it; None where nothing had changed since the last one.
    """

    gave: Gave
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
    batch: int = 50,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Decided, ...]:
    """Decide and answer every complete file of the inbox, or the *arrivals* given."""
    if arrivals is None:
        arrivals = waiting(exchange, quiet=quiet)
    decided = tuple(decide_all(exchange, arrivals, now, batch=batch, progress=progress))
    withheld = [one for one in decided if one.withheld]
    if withheld:
        raise ConservationError(
            f"Файлов, решение по которым не сошлось и не выпущено: {len(withheld)}. "
            "Они остались во входящих; остальным отвечено. Это ошибка программы."
        )
    return decided


def publish(exchange: Exchange, now: datetime) -> Published:
    """Make bases, indicators and documents of what is in force, and a draft for each recipient.

    On the same grounds as last time nothing is made: what was written is still there.
    """
    key = grounds(exchange, now)
    known = recall(exchange, key)
    if known is not None:
        return Published(known, _approved(exchange, kept_drafts(exchange), now))
    publication, documents = write_documents(exchange, build(exchange, now))
    pages = write_followups(exchange, publication.view)
    drafts = _approved(exchange, draft_packages(exchange, publication, now), now)
    given = gave(publication.view)
    if not publication.failed:
        remember(exchange, key, given, (*documents, *pages))
    if exchange.plugins.hears("published"):
        digest = exchange.store.digest()
        exchange.plugins.emit("published", period=given.period, digest=digest)
    return Published(given, drafts, publication.failed, publication)


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
    step: Callable[[str], None] = lambda _name: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Cycle:
    """Go the whole way once, in this process; *step* hears which part begins."""
    step("accept")
    decided = accept(exchange, now, quiet=quiet, progress=progress)
    step("publish")
    published = publish(exchange, now)
    step("deliver")
    return Cycle(decided, published, deliver(exchange, now))
