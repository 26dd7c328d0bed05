"""Drafts of packages, and the approval without which none leaves."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import system
from pipeline.errors import UsageError
from pipeline.hookspecs import Document
from pipeline.packages import cover
from pipeline.packages.contents import Contents, Files, Label, contents, pack
from pipeline.publication.build import Publication, document_bytes
from pipeline.store.records import ApprovalRecord, PackageRecord, package_id
from pipeline.store.rows import Recorded
from pipeline.views import PublishView
from pipeline.workspace.containment import Fault
from pipeline.workspace.descriptors import file_name
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.settings import Recipient

PACKAGES_FOLDER = "packages"


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

    While a document that belongs into the package fails, no new draft is made: it would leave
    without it.
    """
    failed = {one.what for one in publication.failed}
    whole = not any(d.code in failed for d in _documents(exchange))
    drafts = (
        _draft(exchange, publication.view, recipient, now, whole=whole)
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
        system.write_whole(path, exchange.archive.get(record.sha256))
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
    exchange: Exchange, view: PublishView, recipient: Recipient, now: datetime, *, whole: bool
) -> Draft | None:
    last = newest_package(exchange, recipient.code, view.period)
    made = _contents(exchange, view, recipient)
    if last is not None and last.record.digest == made.digest:
        return _kept(exchange, last.record)
    pages = _pages(exchange, view, recipient) if whole else None
    return _new_draft(exchange, view, recipient, (made, pages), last, now) if pages else None


def _new_draft(
    exchange: Exchange,
    view: PublishView,
    recipient: Recipient,
    content: tuple[Contents, Files],
    last: Recorded[PackageRecord] | None,
    now: datetime,
) -> Draft:
    made, pages = content
    number = exchange.store.next_package_number(recipient.code, view.period)
    name = f"{recipient.code}_{view.period}_{number}.zip"
    label = Label(
        id=package_id(recipient.code, view.period, number, made.digest),
        name=name.removesuffix(".zip"),
        number=number,
        sender={"code": sender_code(exchange), "name": exchange.settings.name},
        recipient={"code": recipient.code, "name": recipient.name},
        period=view.period,
        supersedes=last.record.name if last else None,
        withdrawn=_withdrawn(exchange, last),
    )
    pages["Письмо.html"] = cover.letter(view, recipient, label.name, made.digest)
    data = pack(made, label, pages)
    sha256 = exchange.archive.put(data)
    moment = now.isoformat(timespec="seconds")
    record = PackageRecord(
        recipient=recipient.code,
        period=view.period,
        number=number,
        digest=made.digest,
        sha256=sha256,
        name=name,
        moment=moment,
        upto=view.upto,
        supersedes=label.supersedes,
    )
    if last is not None and not exchange.store.deliveries(last.record.id):
        # It was never sent, and a person must not send it by hand now. Gone before the new one is
        # recorded, because a run that is cut off in between must not leave it there for good.
        package_path(exchange, last.record).unlink(missing_ok=True)
    exchange.store.append(record, moment)
    path = package_path(exchange, record)
    system.write_whole(path, data)
    changed = _changed(exchange, made, last)
    return Draft(recipient.code, name, path, new=True, approved=False, changed=changed)


def sender_code(exchange: Exchange) -> str:
    """Return the code of this level in the tables it sends up: the МЦН of the registry."""
    centres = [u.code for u in exchange.registry.units.values() if u.kind == "МЦН"]
    return centres[0] if centres else exchange.settings.level


def _contents(exchange: Exchange, view: PublishView, recipient: Recipient) -> Contents:
    sources = {s.number: s.sha256 for s in exchange.store.submissions()}
    return contents(
        view,
        recipient,
        exchange.plugins.vocabularies,
        sender=sender_code(exchange),
        key=exchange.key,
        sources=sources,
    )


def _pages(exchange: Exchange, view: PublishView, recipient: Recipient) -> Files | None:
    """Files for people: a cover page, and the documents that hold no person; None without one."""
    pages: Files = {}
    for document in _documents(exchange):
        data = document_bytes(exchange, document, view)
        if isinstance(data, Fault):
            return None
        pages[file_name(document)] = data
    indicators = exchange.plugins.indicators
    return {**pages, "Прочтите.html": cover.page(view, recipient, sorted(pages), indicators)}


def _documents(exchange: Exchange) -> list[Document]:
    """Documents that go into packages."""
    return [d for d in exchange.plugins.documents.values() if d.audience == "region"]


def _withdrawn(exchange: Exchange, last: Recorded[PackageRecord] | None) -> tuple[str, ...]:
    """Parts withdrawn since the last package, as «<submission>.<part>»."""
    after = last.seq if last else 0
    return tuple(
        f"{w.record.submission}.{w.record.part}"
        for w in exchange.store.withdrawals()
        if w.seq > after
    )


def _changed(
    exchange: Exchange, made: Contents, last: Recorded[PackageRecord] | None
) -> tuple[str, ...]:
    """Names of the tables that differ from the last package's."""
    if last is None:
        return ()
    with zipfile.ZipFile(io.BytesIO(exchange.archive.get(last.record.sha256))) as archive:
        before = {name: hashlib.sha256(archive.read(name)).digest() for name in archive.namelist()}
    return tuple(
        sorted(
            path
            for path, data in made.files.items()
            if before.get(path) != hashlib.sha256(data).digest()
        )
    )
