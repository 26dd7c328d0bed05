"""What a stage, an indicator or a document gets to see: read-only, no wider than its kind needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from contracts.plan import FormPlan
from pipeline.model import Notice, ParsedRow, Unit

if TYPE_CHECKING:
    import pandas as pd

BoardState = Literal[
    "accepted", "accepted_with_remarks", "accepted_partly", "nil", "rejected", "held", "none"
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """One part at acceptance: itself, its file, what its unit has in force, and the registry.

    `rows` are the rows of this part that were read; `file_rows` the rows of the other forms in
    the same file; `in_force(form)` the rows the unit has in force for another form of the period.
    `today` is the day of the decision in the municipality's zone.
    """

    plan: FormPlan
    unit: Unit
    period: str
    today: date
    rows: tuple[ParsedRow, ...]
    file_rows: Mapping[str, tuple[ParsedRow, ...]]
    in_force: Callable[[str], tuple[ParsedRow, ...]]
    units: Mapping[str, Unit]

    def other(self, form: str) -> tuple[ParsedRow, ...]:
        """Rows of another form of this unit: from the same file, else those in force."""
        return self.file_rows[form] if form in self.file_rows else self.in_force(form)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """The state of one form of one unit: the newest submission, and what is in force.

    `number` is the newest submission of the form, `in_force` the one whose data count; `due` the
    day it is asked for of this unit; `late` whether that day is past and the form is owed for it;
    `on_time` whether data were first in force by that day. A form that has stages has a line for
    each `stage`.
    """

    unit: str
    form: str
    state: BoardState
    number: int | None = None
    in_force: int | None = None
    moment: datetime | None = None
    due: date | None = None
    late: bool = False
    on_time: bool = False
    rows: int = 0
    errors: int = 0
    remarks: int = 0
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A notice found across units after acceptance; it changes no outcome.

    `row_id` names the stored row it speaks of.
    """

    unit: str
    form: str
    row_id: str
    notice: Notice = field(repr=False)


@dataclass(frozen=True, slots=True)
class IndicatorUnit:
    """One unit's share in an indicator; None where the unit gave no denominator or no rows."""

    unit: str
    numerator_low: int | None
    numerator_high: int | None
    denominator: int | None
    control: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorPerson:
    """Why a row counts: `certainty` is proven or possible, `reason` the Russian words for it."""

    unit: str
    row_id: str
    form: str
    name: str = field(repr=False)
    certainty: Literal["proven", "possible"] = "proven"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator as computed: Σ numerators over Σ denominators of the units that have both.

    `title` names it in full and `source` says where the target comes from, as documents need it.
    Shares are floats 0…1, None where the denominator is 0 («н/д»). `units_counted` of
    `units_total` units gave both. `missing` is how many persons are lacking to the target at
    worst (counted from the proven numerator).
    """

    code: str
    numerator_low: int
    numerator_high: int
    denominator: int
    units_counted: int
    units_total: int
    breakdown: tuple[IndicatorUnit, ...] = ()
    persons: tuple[IndicatorPerson, ...] = ()
    target: float | None = None
    missing: int = 0
    control: int | None = None
    notes: tuple[str, ...] = ()
    title: str = ""
    source: str = ""

    @property
    def low(self) -> float | None:
        """Share that is proven by rows."""
        return self.numerator_low / self.denominator if self.denominator else None

    @property
    def high(self) -> float | None:
        """Share that is possible if every unknown turns out well."""
        return self.numerator_high / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Names:
    """How this level, its centre and its people are called in documents (settings)."""

    municipality: str
    centre: str
    coordinator: str = ""
    signer: str = ""
    signer_position: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PublishView:
    """Everything in force for one period, for stages at publication, indicators and documents.

    `rows[form]` are the rows in force of all units `[rows × (plan.names + PROVENANCE)]`;
    `bases[form]` what the merge and enrich stages made of them, same columns (empty while merging);
    `as_of` is the moment of the newest fact that went in, so that the same facts give the same
    bytes; `upto` its number in the ledger. `remembered` holds what several documents ask of this
    very view (`pipeline.publication.people.remember`).
    """

    period: str
    today: date
    as_of: datetime
    upto: int
    names: Names
    plans: Mapping[str, FormPlan]
    units: tuple[Unit, ...]
    rows: Mapping[str, pd.DataFrame]
    bases: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    board: tuple[BoardLine, ...] = ()
    remarks: tuple[Remark, ...] = ()
    indicators: Mapping[str, IndicatorResult] = field(default_factory=dict)
    submitted: Sequence[tuple[str, str]] = ()
    remembered: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def reporting_units(self) -> tuple[Unit, ...]:
        """Units that denominators count: schools that exist on the day."""
        return tuple(u for u in self.units if u.kind == "ОО" and u.active(self.today))


# Columns that stand beside the values in every table of rows: who, which row, from where.
# `prior` is True for a row kept from an earlier submission because the newer one was rejected.
PROVENANCE = ("unit", "row_id", "submission", "sheet", "line", "prior")
