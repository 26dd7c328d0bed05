"""Drafts of packages, and the approval without which none leaves."""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import system
from pipeline.errors import UsageError
from pipeline.hookspecs import Document
from pipeline.packages import cover
from pipeline.packages.contents import Contents, Files, Label, contents, pack, sums_of
from pipeline.publication.build import Publication, write_document
from pipeline.publication.summaries import sender_code
from pipeline.store.records import ApprovalRecord, PackageRecord, package_id
from pipeline.store.rows import Recorded
from pipeline.workspace.descriptors import file_name
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import DERIVED_FOLDER, STATE_FOLDER, Recipient
from pipeline.workspace.witness import Head

PACKAGES_FOLDER = "packages"
_SPOOL = ".package."


@dataclass(frozen=True, slots=True)
class Draft:
    """A package waiting for approval or delivery; `changed` names tables unlike the last one's."""

    recipient: str
    name: str
    path: Path
    new: bool
    approved: bool
    changed: tuple[str, ...] = ()


def draft_packages(
    exchange: Exchange, publication: Publication, now: datetime
) -> tuple[Draft, ...]:
    """Make a draft for each recipient whose content changed; keep the draft that is there.

    While a base is missing or a document that belongs into the package fails, no new draft is
    made: it would leave without it.
    """
    failed = {one.what for one in publication.failed if one.kind == "document"}
    whole = len(publication.bases) == len(publication.view.plans) and not any(
        document.code in failed for document in _documents(exchange)
    )
    drafts = (
        _draft(exchange, publication, recipient, now, whole=whole)
        for recipient in exchange.settings.recipients
    )
    return tuple(draft for draft in drafts if draft is not None)


def kept_drafts(exchange: Exchange) -> tuple[Draft, ...]:
    """Return the newest draft of each recipient as it is; a file that is missing is put back."""
    period = exchange.settings.period
    made = (newest_package(exchange, r.code, period) for r in exchange.settings.recipients)
    return tuple(_kept(exchange, one.record) for one in made if one is not None)


def _kept(exchange: Exchange, record: PackageRecord) -> Draft:
    path = package_path(exchange, record)
    if not path.is_file():
        system.write_pieces(path, exchange.archive.pieces(record.sha256))
    approved = is_approved(exchange, record)
    return Draft(record.recipient, record.name, path, new=False, approved=approved)


def newest_package(
    exchange: Exchange, recipient: str, period: str
) -> Recorded[PackageRecord] | None:
    """Return the newest package for a recipient; only this one may be approved and delivered."""
    made = exchange.store.packages(recipient=recipient, period=period)
    return made[-1] if made else None


def package_path(exchange: Exchange, record: PackageRecord) -> Path:
    """Return where a package lies for people; its bytes are also in the archive."""
    return exchange.outbox / PACKAGES_FOLDER / record.recipient / record.name


def is_approved(exchange: Exchange, record: PackageRecord) -> bool:
    """Whether a person approved exactly this content."""
    return any(a.record.digest == record.digest for a in exchange.store.approvals(record.id))


def approve_package(
    exchange: Exchange, now: datetime, *, package: str, who: str, outgoing: str
) -> str:
    """Record an approval; without a name the newest draft of the only recipient is meant."""
    record = _meant(exchange, package)
    if not is_approved(exchange, record):
        moment = now.isoformat(timespec="seconds")
        fact = ApprovalRecord(record.id, record.digest, who, moment, outgoing)
        exchange.store.append(fact, moment)
    return record.name


def _meant(exchange: Exchange, package: str) -> PackageRecord:
    period = exchange.settings.period
    newest = [newest_package(exchange, r.code, period) for r in exchange.settings.recipients]
    drafts = [made.record for made in newest if made is not None]
    if not package and len(drafts) == 1:
        return drafts[0]
    for record in drafts:
        if package in (record.name, record.name.removesuffix(".zip")):
            return record
    names = ", ".join(record.name for record in drafts) or "пакетов нет, начните с publish"
    if package and any(package in p.record.name for p in exchange.store.packages()):
        raise UsageError(f"Пакет «{package}» заменён. Действуют: {names}.")
    raise UsageError(f"Какой пакет утвердить? Есть: {names}.")


def _draft(
    exchange: Exchange,
    publication: Publication,
    recipient: Recipient,
    now: datetime,
    *,
    whole: bool,
) -> Draft | None:
    last = newest_package(exchange, recipient.code, publication.view.period)
    derived = exchange.workspace / STATE_FOLDER / DERIVED_FOLDER
    derived.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in derived.glob(f"{_SPOOL}*"):
        shutil.rmtree(left)
    before = exchange.archive.sound_path(last.record.sha256) if last is not None else None
    with tempfile.TemporaryDirectory(dir=derived, prefix=_SPOOL) as folder:
        made = contents(publication, recipient, exchange.plugins.vocabularies, Path(folder), before)
        if last is not None and last.record.digest == made.digest:
            return _kept(exchange, last.record)
        if not whole:
            return None
        label = _label(exchange, recipient, made, last)
        pages = _pages(exchange, publication, recipient)
        if pages is None:
            return None
        pages["Письмо.html"] = cover.letter(publication.view, recipient, label.name, made.digest)
        packed = Path(folder) / "packed.zip"
        with packed.open("wb") as target:
            pack(made, label, pages, target)
        sha256, _size = exchange.archive.put_file(packed)
    record = PackageRecord(
        recipient=recipient.code,
        period=label.period,
        number=label.number,
        digest=made.digest,
        sha256=sha256,
        name=f"{label.name}.zip",
        moment=now.isoformat(timespec="seconds"),
        ledger_seq=publication.view.ledger_seq,
        supersedes=label.supersedes,
    )
    return _record(exchange, record, made, last)


def _label(
    exchange: Exchange,
    recipient: Recipient,
    made: Contents,
    last: Recorded[PackageRecord] | None,
) -> Label:
    period = exchange.settings.period
    number = exchange.store.next_package_number(recipient.code, period)
    return Label(
        id=package_id(recipient.code, period, number, made.digest),
        name=f"{recipient.code}_{period}_{number}",
        number=number,
        sender={"code": sender_code(exchange), "name": exchange.settings.name},
        recipient={"code": recipient.code, "name": recipient.name},
        period=period,
        supersedes=last.record.name if last else None,
        withdrawn=_withdrawn(exchange, last),
        head=Head(exchange.store.head.seq, exchange.store.head.hash),
    )


def _record(
    exchange: Exchange,
    record: PackageRecord,
    made: Contents,
    last: Recorded[PackageRecord] | None,
) -> Draft:
    if last is not None and not exchange.store.deliveries(last.record.id):
        # It was never sent, and a person must not send it by hand now. Gone before the new one is
        # recorded, because a run that is cut off in between must not leave it there for good.
        package_path(exchange, last.record).unlink(missing_ok=True)
    exchange.store.append(record, record.moment)
    path = package_path(exchange, record)
    system.write_pieces(path, exchange.archive.pieces(record.sha256))
    changed = _changed(exchange, made, last)
    return Draft(record.recipient, record.name, path, new=True, approved=False, changed=changed)


def _pages(exchange: Exchange, publication: Publication, recipient: Recipient) -> Files | None:
    """Files for people: a cover page, and the documents that hold no person; None without one."""
    pages: Files = {}
    for document in _documents(exchange):
        target = io.BytesIO()
        if write_document(exchange, document, publication, target) is not None:
            return None
        pages[file_name(document)] = target.getvalue()
    page = cover.page(publication.view, recipient, sorted(pages), exchange.plugins.indicators)
    return {**pages, "Прочтите.html": page}


def _documents(exchange: Exchange) -> list[Document]:
    """Documents that go into packages."""
    return [d for d in exchange.plugins.documents.values() if d.audience == "region"]


def _withdrawn(exchange: Exchange, last: Recorded[PackageRecord] | None) -> tuple[str, ...]:
    """Parts withdrawn since the last package, as «<submission>.<part>»."""
    after = last.seq if last else 0
    gone = exchange.store.withdrawn().items()
    return tuple(f"{w.submission}.{w.part}" for fact, w in gone if fact > after)


def _changed(
    exchange: Exchange, made: Contents, last: Recorded[PackageRecord] | None
) -> tuple[str, ...]:
    """Names of the tables that differ from the last package's."""
    if last is None:
        return ()
    before = sums_of(exchange.archive.path(last.record.sha256))
    return tuple(
        sorted(path for path, member in made.files.items() if before.get(path) != member.sha256)
    )
