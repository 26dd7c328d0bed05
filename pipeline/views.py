"""What a stage, an indicator or a document gets to see: read-only, no wider than its kind needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from contracts.plan import FormPlan
from pipeline.model import Notice, ParsedRow, PartColumns, Unit

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made")
BoardState = Literal[
    "accepted", "accepted_with_remarks", "accepted_partly", "nil", "rejected", "held", "none"
]


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by form; whoever asks gets a copy, so that nobody changes what the others see.

    pandas copies the values only when one of them is written.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, form: str) -> pd.DataFrame:
        return self._tables[form].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class FormRows(Mapping[str, tuple[ParsedRow, ...]]):
    """Rows of forms by code, made from their columns when they are first asked for."""

    def __init__(self, columns: Mapping[str, PartColumns]) -> None:
        self._columns = columns
        self._made: dict[str, tuple[ParsedRow, ...]] = {}

    def __getitem__(self, form: str) -> tuple[ParsedRow, ...]:
        if form not in self._made:
            self._made[form] = self._columns[form].rows
        return self._made[form]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class CheckView:
    """One part at acceptance: itself, its file, what its unit has in force, and the registry.

    Nothing in it can be written into, and rows and tables are made when they are first asked for.
    `columns` is this part as it travels, which costs nothing to read; `file_columns` the forms of
    the same file; `other_columns(form)` gives those of another form of this unit. `today` is the
    day of the decision in the municipality's zone. `table` makes a table of columns; `derived`
    keeps what `of_units` made.
    """

    plan: FormPlan
    unit: Unit
    period: str
    today: date
    columns: PartColumns
    file_columns: Mapping[str, PartColumns]
    columns_in_force: Callable[[str], PartColumns]
    units: Mapping[str, Unit]
    table: Callable[[PartColumns], pd.DataFrame] = field(repr=False)
    file_rows: Mapping[str, tuple[ParsedRow, ...]] = field(repr=False)
    derived: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[str, tuple[ParsedRow, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def rows(self) -> tuple[ParsedRow, ...]:
        """The rows of this part that were read."""
        if self.file_columns.get(self.plan.code) is self.columns:
            return self.file_rows[self.plan.code]
        if "" not in self._made:
            self._made[""] = self.columns.rows
        return self._made[""]

    def in_force(self, form: str) -> tuple[ParsedRow, ...]:
        """Rows that the unit has in force for a form of the period."""
        if form not in self._made:
            self._made[form] = self.columns_in_force(form).rows
        return self._made[form]

    def other(self, form: str) -> tuple[ParsedRow, ...]:
        """Rows of another form of this unit: from the same file, else those in force."""
        return self.file_rows[form] if form in self.file_rows else self.in_force(form)

    def other_columns(self, form: str) -> PartColumns:
        """Another form of this unit: from the same file, else what is in force."""
        return self.file_columns[form] if form in self.file_columns else self.columns_in_force(form)

    def frame(self, form: str | None = None) -> pd.DataFrame:
        """Return a table of this part, or of another form of the unit; a copy, yours to change."""
        return self.table(self.columns if form is None else self.other_columns(form))

    def of_units(self, make: Callable[[Mapping[str, Unit]], Made]) -> Made:
        """Return what *make* makes of the registry; it is asked once in a run, not every time."""
        if make not in self.derived:
            self.derived[make] = make(self.units)
        made: Made = self.derived[make]
        return made


@dataclass(frozen=True, slots=True)
class BoardLine:
    """The state of one form of one unit: the newest submission, and what is in force.

    `number` is the newest submission of the form, `in_force` the one whose data count; `due` the
    day it is asked for; `late` whether it is past due and not in force; `on_time` whether data
    were first in force by that day.
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
