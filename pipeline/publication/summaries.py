"""All that a publication needs of one unit, derived once and kept until the unit changes.

A summary hangs on nothing but its unit: the parts in force, the decisions about them, the registry
line, and what everybody shares (contracts, program, plugins, recipients). The day never goes in.
They lie under `.nastavnik/derived/`, may be deleted at any time, and one that is missing or broken
is made anew. Publication joins them one after another, so it takes the same memory for any number.
"""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pipeline import system
from pipeline.canonical import digest_of
from pipeline.hookspecs import Document
from pipeline.publication.container import BrokenContainerError, Container, opened, packed
from pipeline.publication.failures import Failed, ask
from pipeline.publication.overdue import NOBODY, Contacts, contacts
from pipeline.publication.shares import ByUnit, share_from_data, share_to_data
from pipeline.publication.tables import Bases
from pipeline.publication.upward import Gate, leaving, origins
from pipeline.views import Piece, UnitShare
from pipeline.workspace import validation
from pipeline.workspace.containment import Kind
from pipeline.workspace.exchange import Exchange
from pipeline.workspace.fingerprint import program_files
from pipeline.workspace.settings import DERIVED_FOLDER, STATE_FOLDER

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Summaries:
    """Summaries of all units of a publication, made where they are missing or out of date.

    `shared` is a digest of what all summaries hang on, `states` of what each unit has in force;
    `made` lists the units whose summary was made anew, `failed` what is missing, by name.
    """

    exchange: Exchange
    bases: Bases
    states: Mapping[str, str]
    shared: str
    gates: Sequence[Gate]
    originals: Mapping[int, str] = field(repr=False)
    units: tuple[str, ...] = ()
    made: list[str] = field(default_factory=list)
    failed: dict[tuple[str, str], Failed] = field(default_factory=dict)
    _open: dict[str, Container] = field(default_factory=dict, repr=False)

    def complete(self) -> None:
        """See that the summary of every unit is there, and of no other.

        `StageFailedError` where a stage fails.
        """
        for unit in self.units:
            self._container(unit)
        known = set(map(self._path, self.units))
        # Names of persons stand in them too.
        for left in self._folder.glob("*.summary"):
            if left not in known:
                left.unlink()

    def rows_of(self, form: str) -> int | None:
        """Return how many rows the base of a form has; None where there is no base."""
        if self.bases.merge_of(form) is None:
            return None
        counts = (self._container(unit).data["rows"].get(form, 0) for unit in self.units)
        return int(sum(counts))

    def lines(self, recipient: str, form: str) -> Iterator[bytes]:
        """Return the lines of a table for a recipient, unit by unit."""
        return (self._blob(unit, f"csv {recipient} {form}") for unit in self.units)

    def origins(self, form: str) -> Iterator[list[str]]:
        """Return where the rows of a base are from, unit by unit."""
        for unit in self.units:
            yield json.loads(self._blob(unit, f"origins {form}") or b"[]")

    def leaving(self, form: str) -> Mapping[str, tuple[int, Mapping[str, int]]]:
        """Return by unit how many rows leave one by one, and pupils by their form of mentoring."""
        found: dict[str, tuple[int, Mapping[str, int]]] = {}
        for unit in self.units:
            rows, pupils = json.loads(self._blob(unit, f"pupils {form}") or b"[0,{}]")
            found[unit] = (rows, pupils)
        return found

    def row_ids(self, unit: str, form: str) -> frozenset[str]:
        """Return the ids of the rows of a unit that are in force."""
        known = self._blob(unit, f"ids {form}") if unit in self.units else b""
        return frozenset(json.loads(known or b"[]"))

    def shares(self, indicator: str) -> Mapping[str, UnitShare]:
        """Return the shares of the units in an indicator."""
        return ByUnit(self.units, lambda u: share_from_data(self._json(u, f"share {indicator}")))

    def contributions(self, stage: str) -> Mapping[str, Any]:
        """Return what the units contribute to a remark stage."""
        return ByUnit(self.units, lambda unit: self._json(unit, f"remark {stage}"))

    def contacts(self) -> Mapping[str, Contacts]:
        """Return how the units can be reached."""
        return ByUnit(self.units, lambda unit: self._json(unit, "contacts"))

    def pieces(
        self, document: str, only: str | None = None
    ) -> Iterator[tuple[str, Mapping[str, Piece]]]:
        """Return the pieces of a document, unit by unit; those of one unit with *only*."""
        for unit in self.units if only is None else (only,):
            blobs = self._blobs(unit, f"piece {document} ")
            heads = json.loads(blobs.pop(f"piece {document} "))
            yield (
                unit,
                {
                    name: Piece(blobs.get(f"piece {document} {name}", b""), count, facts)
                    for name, (count, facts) in heads.items()
                },
            )

    def _json(self, unit: str, name: str) -> Any:
        return json.loads(self._blob(unit, name))

    def _blob(self, unit: str, name: str) -> bytes:
        return self._sound(unit, lambda container: container.blob(name))

    def _blobs(self, unit: str, beginning: str) -> dict[str, bytes]:
        return self._sound(unit, lambda container: container.blobs(container.named(beginning)))

    def _sound(self, unit: str, read: Callable[[Container], Made]) -> Made:
        """Read of a container; of one that turns out broken, when it is made anew."""
        try:
            return read(self._container(unit))
        except BrokenContainerError:
            del self._open[unit]
            self._path(unit).unlink(missing_ok=True)
            return read(self._container(unit))

    def _container(self, unit: str) -> Container:
        if unit not in self._open:
            self._open[unit] = self._found(unit)
        return self._open[unit]

    def _found(self, unit: str) -> Container:
        key, path = self._key(unit), self._path(unit)
        try:
            container = opened(path)
            if container.key == key:
                return container
        except BrokenContainerError:
            pass
        self.made.append(unit)
        summary = _Making(self, unit)
        # What failed may go well the next time, so its key fits nothing.
        data, blobs = summary.all()
        key = "" if summary.failed else key
        self.failed.update(summary.failed)
        system.write_whole(path, packed(key, data, blobs), durable=False, private=True)
        return opened(path)

    @property
    def _folder(self) -> Path:
        state = self.exchange.workspace / STATE_FOLDER
        return state / DERIVED_FOLDER / self.bases.view.period

    def _path(self, unit: str) -> Path:
        return self._folder / f"{digest_of(unit)[:24]}.summary"

    def _key(self, unit: str) -> str:
        line = self.exchange.registry.units.get(unit)
        own = (unit, self.states.get(unit, ""), line and repr(line))
        return digest_of([self.shared, *own, self.bases.shared_digest(unit)])


class _Making:
    """One summary in the making; what fails is named and done without."""

    def __init__(self, summaries: Summaries, unit: str) -> None:
        self._summaries = summaries
        self._unit = unit
        self._view = summaries.bases.of_unit(unit)
        self._blobs: dict[str, bytes] = {}
        self._codes: list[dict[str, str]] = [{} for _ in summaries.gates]
        self.failed: dict[tuple[str, str], Failed] = {}

    def all(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Return the plain data of the header, and the blobs."""
        plugins = self._summaries.exchange.plugins
        rows = {}
        for form in self._view.plans:
            base = self._view.tables.base(form)
            if base is not None:
                rows[form] = len(base)
                self._tables(form)
            self._blobs[f"ids {form}"] = _json([row["row_id"] for row in self._view.rows(form)])
        shares = dict(self._shares())
        for stage in plugins.of_kind("remark"):
            if stage.contribute is not None:
                run = partial(stage.contribute, self._view)
                data = self._asked("stage", stage.name, run, validation.contribution)
                self._blobs[f"remark {stage.name}"] = data or b""
        view = replace(self._view, shares=MappingProxyType(shares))
        for document in plugins.documents.values():
            if document.pieces is not None:
                self._pieces(document, partial(document.pieces, view))
        self._blobs["contacts"] = _json(contacts(self._view).get(self._unit, NOBODY))
        return {"rows": rows}, self._blobs

    def _tables(self, form: str) -> None:
        plan, plugins = self._view.plans[form], self._summaries.exchange.plugins
        minor_columns = plugins.forms[form].about().minor_columns
        base = self._view.base_rows(form)
        goes = leaving(plan, base, minor_columns, plugins.vocabularies)
        rows = goes.rows
        self._blobs[f"pupils {form}"] = _json([len(rows), dict(goes.pupils)])
        for gate, codes in zip(self._summaries.gates, self._codes, strict=True):
            name = f"csv {gate.recipient.code} {form}"
            self._blobs[name] = gate.lines(plan, self._unit, rows, codes, goes.minors)
        self._blobs[f"origins {form}"] = _json(origins(rows, self._summaries.originals))

    def _shares(self) -> Iterator[tuple[str, UnitShare]]:
        plugins = self._summaries.exchange.plugins
        check = partial(validation.share, unit=self._unit, plans=self._view.plans)
        for code, indicator in plugins.indicators.items():
            if indicator.per_unit is not None:
                run = partial(indicator.per_unit, self._view)
                share = self._asked("indicator", code, run, check)
                if share is not None:
                    self._blobs[f"share {code}"] = _json(share_to_data(share))
                    yield code, share

    def _pieces(self, document: Document, run: Callable[[], Mapping[str, Piece]]) -> None:
        made = self._asked("document", document.code, run, validation.pieces)
        if made is None:
            return
        for name, piece in made.items():
            self._blobs[f"piece {document.code} {name}"] = piece.rows
        heads = {name: [piece.count, dict(piece.facts)] for name, piece in made.items()}
        self._blobs[f"piece {document.code} "] = _json(heads)

    def _asked(
        self, kind: Kind, name: str, run: Callable[[], Any], check: Callable[[Any], Made]
    ) -> Made | None:
        failed = self._summaries.failed.get((kind, name))
        if failed is None:
            answer = ask(self._summaries.exchange.plugins, kind, name, run, check)
            if not isinstance(answer, Failed):
                return answer
            failed = answer
        # One unit that fails is enough for a figure or document to be missing.
        self.failed[kind, name] = failed
        return None


def summaries_of(exchange: Exchange, bases: Bases) -> Summaries:
    """Return the summaries of a publication; those that are out of date are made when needed."""
    settings, plugins = exchange.settings, exchange.plugins
    gates = tuple(
        Gate(recipient, sender_code(exchange), exchange.key, plugins.vocabularies)
        for recipient in settings.recipients
    )
    shared = digest_of(
        [
            settings.period,
            dict(plugins.digests),
            [[gate.recipient.code, gate.recipient.share_curators] for gate in gates],
            sender_code(exchange),
            hmac.digest(exchange.key, b"summaries", "sha256").hex(),
            # A plugin that could not be loaded leaves no trace in its files.
            sorted([*key, plugin] for key, plugin in plugins.owners.items()),
            sorted(bases.broken),
            # What a caller's own plugins do, nobody can tell from files.
            uuid.uuid4().hex if exchange.extended else list(program_files()),
        ]
    )
    states = exchange.store.states_of_units(settings.period)
    originals = exchange.store.originals()
    return Summaries(exchange, bases, states, shared, gates, originals, tuple(bases.units()))


def sender_code(exchange: Exchange) -> str:
    """Return the code of this level in the tables it sends up: the МЦН of the registry."""
    centres = [u.code for u in exchange.registry.units.values() if u.kind == "МЦН"]
    return centres[0] if centres else exchange.settings.level


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
