"""Rows in force and bases, unit by unit or of all: each is made when it is asked for first.

The host merges nothing itself. A base is what the merge stage of a form makes of the rows, and
what the enrich stages then make of that, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TypeVar

from contracts.plan import FormPlan
from pipeline.canonical import digest_of
from pipeline.hookspecs import Stage
from pipeline.publication.failures import Failed, StageFailedError, ask_stage
from pipeline.publication.stored import people_returned, rows_of_form, rows_of_unit
from pipeline.store.frames import table_of
from pipeline.views import PROVENANCE, PublishView, Row, Rows
from pipeline.workspace import base_validation
from pipeline.workspace.exchange import Exchange

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Bases:
    """What the stages of a publication make of the rows in force of its period.

    `view` is that of the publication before anything is merged; `submitted` are the forms in force
    by unit; `broken` are the stages that are done without, `failed` those that failed just now.
    What a stage of scope «all» made is kept by form and unit.
    """

    exchange: Exchange
    view: PublishView
    submitted: Mapping[str, tuple[str, ...]]
    broken: Collection[str] = ()
    failed: dict[str, Failed] = field(default_factory=dict)
    _shared: dict[int, dict[str, dict[str, Rows]]] = field(default_factory=dict, repr=False)

    @property
    def plans(self) -> Mapping[str, FormPlan]:
        """Forms of the publication."""
        return self.view.plans

    def merge_of(self, form: str) -> Stage | None:
        """Return the stage that makes the base of a form: its own, else the default one."""
        if form not in self.plans:
            return None
        stages = self.exchange.plugins.of_kind("merge")
        own = [stage for stage in stages if form in stage.forms]
        found = own or [stage for stage in stages if stage.serves(form)]
        return found[0] if found and found[0].name not in self.broken else None

    @property
    def steps(self) -> tuple[Stage, ...]:
        """Enrich stages in their order."""
        stages = self.exchange.plugins.of_kind("enrich")
        return tuple(stage for stage in stages if stage.name not in self.broken)

    def units(self) -> list[str]:
        """Codes of all units that can have rows, sorted."""
        return sorted(self.exchange.registry.units.keys() | self.submitted.keys())

    def of_unit(self, code: str) -> PublishView:
        """Return the view of one unit."""
        own = self.exchange.registry.units.get(code)
        return PublishView(
            period=self.view.period,
            plans=self.view.plans,
            units=() if own is None else (own,),
            tables=UnitTables(self, code),
            unit=code,
            submitted=tuple((code, form) for form in self.submitted.get(code, ())),
        )

    def shared_digest(self, code: str) -> str:
        """Return a digest of what stages of scope «all» made of a unit's rows, "" without any."""
        made: list[Any] = []
        for number, step in enumerate(self.steps, 1):
            if step.scope == "all":
                made.append([step.name, {f: t.get(code) for f, t in self.shared(number).items()}])
        for form in self.plans:
            stage = self.merge_of(form)
            if stage is not None and stage.scope == "all":
                made.append([stage.name, form, self.merged(form, stage).get(code)])
        return digest_of(_plain(made)) if made else ""

    def merged(self, form: str, stage: Stage) -> dict[str, Rows]:
        """Return what a merge stage of scope «all» made of a form, by unit."""
        kept = self._shared.setdefault(0, {})
        if form not in kept:
            view = replace(self.view, tables=AllTables(self, step=-1))
            kept[form] = _by_unit(self.merge_by(stage, view, form))
        return kept[form]

    def shared(self, number: int) -> dict[str, dict[str, Rows]]:
        """Return what an enrich stage of scope «all» made of bases, by form and unit."""
        if number not in self._shared:
            stage = self.steps[number - 1]
            view = replace(self.view, tables=AllTables(self, step=number - 1))
            made = self.enrich_by(stage, view)
            self._shared[number] = {form: _by_unit(rows) for form, rows in made.items()}
        return self._shared[number]

    def merge_by(self, stage: Stage, view: PublishView, form: str) -> Rows:
        """Return the base of a form as a merge stage makes it of what *view* shows."""
        words = (view, form) if "*" in stage.forms else (view,)
        return self._asked(stage, words, partial(base_validation.merged, view=view, form=form))

    def enrich_by(self, stage: Stage, view: PublishView) -> Mapping[str, Rows]:
        """Return the bases that an enrich stage changes of those that *view* shows."""
        return self._asked(
            stage, (view,), partial(base_validation.enriched, view=view, stage=stage)
        )

    def _asked(self, stage: Stage, words: tuple[Any, ...], check: Callable[[Any], Made]) -> Made:
        assert stage.run is not None
        run = partial(stage.run, *words)
        answer = ask_stage(self.exchange.plugins, "stage", stage.name, run, check)
        if isinstance(answer, Failed):
            self.failed[stage.name] = answer
            raise StageFailedError(answer)
        return answer


class NoTables:
    """Tables of a publication of which nothing is merged yet."""

    def rows(self, form: str) -> Rows:
        """Refuse."""
        raise LookupError(form)

    def base(self, form: str) -> Rows | None:
        """Refuse."""
        raise LookupError(form)

    def frame(self, form: str, rows: Rows) -> pd.DataFrame:
        """Refuse."""
        raise LookupError(form)

    def returned(self, form: str) -> frozenset[str]:
        """Refuse."""
        raise LookupError(form)


class UnitTables:
    """Rows and bases of one unit."""

    def __init__(self, bases: Bases, unit: str, rows: Mapping[str, Rows] | None = None) -> None:
        self._bases = bases
        self._unit = unit
        self._rows = dict(rows or {})
        self._stored: Mapping[str, Rows] | None = None
        self._returned: Mapping[str, frozenset[str]] | None = None
        self._merged: dict[str, Rows] = {}
        self._enriched: dict[int, Mapping[str, Rows]] = {}

    def rows(self, form: str) -> Rows:
        """Return the rows in force of the unit."""
        if form not in self._rows:
            if self._stored is None:
                bases = self._bases
                known = self._unit in bases.submitted
                self._stored = rows_of_unit(bases.exchange, bases.view, self._unit) if known else {}
            self._rows[form] = self._stored.get(form, ())
        return self._rows[form]

    def base(self, form: str) -> Rows | None:
        """Return the unit's rows of the base."""
        return self.at(form, len(self._bases.steps))

    def frame(self, form: str, rows: Rows) -> pd.DataFrame:
        """Return rows as a table."""
        return table_of(self._bases.plans[form], rows, PROVENANCE)

    def returned(self, form: str) -> frozenset[str]:
        """Return the keys of the names in the unit's rows that went back."""
        if self._returned is None:
            bases = self._bases
            self._returned = people_returned(bases.exchange, bases.view, self._unit)
        return self._returned.get(form, frozenset())

    def at(self, form: str, step: int) -> Rows | None:
        """Return the unit's rows of a base after the first *step* enrich stages."""
        if step < 0:
            return None
        for number in range(step, 0, -1):
            stage = self._bases.steps[number - 1]
            if stage.scope == "all":
                made = self._bases.shared(number)
                if form in made:
                    return made[form].get(self._unit, ())
            elif stage.serves(form):
                mine = self._enrich(number, stage)
                if form in mine:
                    return mine[form]
        return self._merge(form)

    def _merge(self, form: str) -> Rows | None:
        stage = self._bases.merge_of(form)
        if stage is None:
            return None
        if stage.scope == "all":
            return self._bases.merged(form, stage).get(self._unit, ())
        if form not in self._merged:
            self._merged[form] = self._bases.merge_by(stage, self._seen_at(-1), form)
        return self._merged[form]

    def _enrich(self, number: int, stage: Stage) -> Mapping[str, Rows]:
        if number not in self._enriched:
            self._enriched[number] = self._bases.enrich_by(stage, self._seen_at(number - 1))
        return self._enriched[number]

    def _seen_at(self, step: int) -> PublishView:
        return replace(self._bases.of_unit(self._unit), tables=_Step(self, step))


class _Step:
    """Tables of a unit as a stage sees them: bases as the stages before it left them."""

    def __init__(self, tables: UnitTables, step: int) -> None:
        self._tables = tables
        self._step = step
        self.rows, self.frame, self.returned = tables.rows, tables.frame, tables.returned

    def base(self, form: str) -> Rows | None:
        return self._tables.at(form, self._step)


class AllTables:
    """Rows and bases of all units in the order of their codes."""

    def __init__(self, bases: Bases, step: int | None = None) -> None:
        self._bases = bases
        self._step = len(bases.steps) if step is None else step
        self._rows: dict[str, Rows] = {}
        self._made: dict[str, Rows | None] = {}

    def rows(self, form: str) -> Rows:
        """Return the rows in force of all units."""
        if form not in self._rows:
            self._rows[form] = rows_of_form(self._bases.exchange, self._bases.view, form)
        return self._rows[form]

    def base(self, form: str) -> Rows | None:
        """Return the base of all units."""
        if form not in self._made:
            known = self._step >= 0 and self._bases.merge_of(form) is not None
            self._made[form] = tuple(chain.from_iterable(self._by_unit(form))) if known else None
        return self._made[form]

    def frame(self, form: str, rows: Rows) -> pd.DataFrame:
        """Return rows as a table."""
        return table_of(self._bases.plans[form], rows, PROVENANCE)

    def returned(self, form: str) -> frozenset[str]:
        """Refuse."""
        raise LookupError(form)

    def _by_unit(self, form: str) -> Iterator[Rows]:
        rows = _by_unit(self.rows(form))
        for unit in self._bases.units():
            tables = UnitTables(self._bases, unit, {form: rows.get(unit, ())})
            yield tables.at(form, self._step) or ()


def _by_unit(rows: Iterable[Row]) -> dict[str, Rows]:
    ordered = sorted(rows, key=lambda row: str(row["unit"]))
    return {unit: tuple(some) for unit, some in groupby(ordered, key=lambda row: str(row["unit"]))}


def _plain(made: Any) -> Any:
    """Rows as JSON can hold them, to be hashed."""
    if isinstance(made, Mapping):
        return {str(name): _plain(value) for name, value in made.items()}
    if isinstance(made, list | tuple):
        return [_plain(value) for value in made]
    return made if made is None or isinstance(made, str | int | float | bool) else str(made)
