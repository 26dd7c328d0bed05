"""What the rest of the engine asks the index about recorded facts that are no submissions."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from pipeline.store import tables as t
from pipeline.store.records import (
    ApprovalRecord,
    DeliveryRecord,
    ExtensionRecord,
    PackageRecord,
    WithdrawalRecord,
)
from pipeline.store.rows import R, Recorded


class FactQueries:
    """Questions about packages, approvals, deliveries, extensions and withdrawals."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """Open a connection that sees one state of the index."""
        with t.reading(self._engine) as connection:
            yield connection

    def packages(
        self, *, recipient: str | None = None, period: str | None = None
    ) -> list[Recorded[PackageRecord]]:
        """Return the packages made, oldest first."""
        found = self._recorded(t.package, PackageRecord)
        return [
            one
            for one in found
            if recipient in (None, one.record.recipient) and period in (None, one.record.period)
        ]

    def newest_packages(self) -> list[PackageRecord]:
        """Return the newest package of each recipient, in the order of their first ones."""
        return list({made.record.recipient: made.record for made in self.packages()}.values())

    def package(self, ident: str) -> Recorded[PackageRecord] | None:
        """Return the newest package with this id (`PackageRecord.id`)."""
        found = self._recorded(t.package, PackageRecord, t.package.c.id == ident)
        return found[-1] if found else None

    def next_package_number(self, recipient: str, period: str) -> int:
        """Return the number that the recipient's next package of the period gets, from 1."""
        return 1 + max(
            (one.record.number for one in self.packages(recipient=recipient, period=period)),
            default=0,
        )

    def approvals(self, package: str | None = None) -> list[Recorded[ApprovalRecord]]:
        """Return who let packages leave, oldest first."""
        where = [] if package is None else [t.approval.c.package == package]
        return self._recorded(t.approval, ApprovalRecord, *where)

    def deliveries(self, package: str | None = None) -> list[Recorded[DeliveryRecord]]:
        """Return what reached its recipient, oldest first."""
        where = [] if package is None else [t.delivery.c.package == package]
        return self._recorded(t.delivery, DeliveryRecord, *where)

    def extensions(self) -> list[Recorded[ExtensionRecord]]:
        """Return the extensions given and taken back, oldest first."""
        found = self._recorded(t.extension, ExtensionRecord)
        return [
            replace(one, record=replace(one.record, units=tuple(json.loads(str(one.record.units)))))
            for one in found
        ]

    def withdrawals(self) -> list[Recorded[WithdrawalRecord]]:
        """Return what persons took out of force, and what they took back of that, oldest first."""
        return self._recorded(t.withdrawal, WithdrawalRecord)

    def withdrawn(self) -> dict[int, WithdrawalRecord]:
        """Return the withdrawals that hold, by number."""
        found = self.withdrawals()
        back = {one.record.revokes for one in found}
        return {
            one.seq: one.record
            for one in found
            if one.record.revokes is None and one.seq not in back
        }

    def _all(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(query).all()

    def _recorded(
        self, table: sa.Table, kind: type[R], *where: sa.ColumnElement[bool]
    ) -> list[Recorded[R]]:
        columns = [c for c in table.c if c.name not in ("seq", "id")]
        query = (
            sa.select(table.c.seq, t.ledger.c.at, *columns)
            .join_from(table, t.ledger, table.c.seq == t.ledger.c.seq)
            .where(*where)
            .order_by(table.c.seq)
        )
        names = [column.name for column in columns]
        return [
            Recorded(seq, at, kind(**dict(zip(names, values, strict=True))))
            for seq, at, *values in self._all(query)
        ]
