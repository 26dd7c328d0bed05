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

from pipeline.accepting import Decided, decide_all, given, waiting
from pipeline.delivering import Delivered, deliver_packages
from pipeline.errors import ConservationError
from pipeline.exchange import Exchange, open_exchange
from pipeline.followups import write_followups
from pipeline.model import Arrival
from pipeline.packaging import Draft, approve_package, draft_packages
from pipeline.publishing import Publication, build, write_documents

__all__ = ["accept", "approve", "cycle", "deliver", "given", "open_exchange", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication gave: the view behind it, drafts for recipients, and what failed."""

    publication: Publication
    drafts: tuple[Draft, ...]


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
    """Make bases, indicators and documents of what is in force, and a draft for each recipient."""
    publication = write_documents(exchange, build(exchange, now))
    write_followups(exchange, publication.view)
    drafts = draft_packages(exchange, publication, now)
    if exchange.settings.auto_approve:
        for draft in drafts:
            approve(exchange, now, package=draft.name, who="автоматически", outgoing="")
        drafts = tuple(replace(draft, approved=True) for draft in drafts)
    if exchange.plugins.hears("published"):
        digest = exchange.store.digest()
        exchange.plugins.emit("published", period=publication.view.period, digest=digest)
    return Published(publication, drafts)


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
