"""Approved packages on their way to the recipient; delivered means that the digest came back."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from datetime import datetime

from pipeline import system
from pipeline.errors import DeliveryError
from pipeline.hookspecs import Transport
from pipeline.packages.drafts import is_approved, newest_package, package_path
from pipeline.store.records import DeliveryRecord, PackageRecord
from pipeline.workspace import validation
from pipeline.workspace.containment import Fault
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.plugin_context import context_of
from pipeline.workspace.settings import Recipient


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the newest package for a recipient.

    `state`: delivered (now), was_delivered (before), not_approved, nothing.
    """

    recipient: str
    package: str
    state: str


def deliver_packages(exchange: Exchange, now: datetime) -> tuple[Delivered, ...]:
    """Carry each approved package; one recipient's trouble does not stop the others."""
    done: list[Delivered] = []
    trouble: list[DeliveryError] = []
    for recipient in exchange.settings.recipients:
        try:
            done.append(_deliver(exchange, recipient, now))
        except DeliveryError as error:
            exchange.plugins.emit("run_failed", step="deliver", error=type(error).__name__)
            trouble.append(error)
    if trouble:
        raise DeliveryError(
            " ".join(str(error) for error in trouble),
            temporary=all(error.temporary for error in trouble),
        )
    return tuple(done)


def _deliver(exchange: Exchange, recipient: Recipient, now: datetime) -> Delivered:
    made = newest_package(exchange, recipient.code, exchange.settings.period)
    if made is None or not recipient.address:
        return Delivered(recipient.code, "", "nothing")
    record = made.record
    if exchange.store.deliveries(record.id):
        return Delivered(recipient.code, record.name, "was_delivered")
    if not is_approved(exchange, record):
        return Delivered(recipient.code, record.name, "not_approved")
    evidence = _carry(exchange, record, recipient)
    moment = now.isoformat(timespec="seconds")
    scheme = recipient.address.partition(":")[0]
    fact = DeliveryRecord(record.id, record.sha256, scheme, moment, evidence)
    exchange.store.append(fact, moment)
    exchange.plugins.emit("delivered", package=record.name, recipient=recipient.code)
    return Delivered(recipient.code, record.name, "delivered")


def _carry(exchange: Exchange, record: PackageRecord, recipient: Recipient) -> str:
    scheme, _, address = recipient.address.partition(":")
    transport = exchange.plugins.transports.get(scheme)
    if transport is None:
        known = ", ".join(exchange.plugins.transports)
        raise DeliveryError(f"Способа доставки «{scheme}» нет. Есть: {known}.")
    path = package_path(exchange, record)
    data = exchange.archive.get(record.sha256)
    if not path.is_file() or path.read_bytes() != data:
        # What was approved is what leaves, whatever happened to the file in the outbox.
        system.write_whole(path, data)
    target = str(exchange.workspace / address) if scheme == "file" else address
    evidence = exchange.plugins.call(
        "transport",
        scheme,
        functools.partial(_deliver_by, exchange, transport, str(path), target),
        validation.digest,
        passing=(DeliveryError,),
    )
    if isinstance(evidence, Fault):
        raise DeliveryError(f"Пакет {record.name} не передан. {evidence.sentence}")
    if evidence != record.sha256:
        raise DeliveryError(f"Получатель подтвердил не тот пакет, что отправлен: {record.name}.")
    return evidence


def _deliver_by(exchange: Exchange, transport: Transport, path: str, target: str) -> str:
    """Call the transport, with its context where it has a parameter of that name."""
    if "context" not in inspect.signature(transport.deliver).parameters:
        return transport.deliver(path, target)
    plugin = exchange.plugins.owner("transport", transport.scheme)
    context = context_of(plugin, exchange.workspace, exchange.settings)
    return transport.deliver(path, target, context=context)
