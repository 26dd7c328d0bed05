"""What a stage, an indicator or a document gets to see: read-only, no wider than its kind needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from contracts.plan import FormPlan
from pipeline.model import Notice, ParsedRow, PartColumns, Unit

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made")
Kept = TypeVar("Kept")
Row = Mapping[str, Any]
Rows = Sequence[Row]
BoardState = Literal[
    "accepted", "accepted_with_remarks", "accepted_partly", "nil", "rejected", "held", "none"
]


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
class UnitShare:
    """What one unit gives to an indicator: its line, the persons behind it, and what `total` needs.

    It depends on nothing but the unit's own rows and registry line; `more` is plain JSON data.
    """

    line: IndicatorUnit
    persons: tuple[IndicatorPerson, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


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
    persons: Sequence[IndicatorPerson] = ()
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
class Signatories:
    """How this level, its centre and its people are called in documents (settings)."""

    municipality: str
    centre: str
    coordinator: str = ""
    signer: str = ""
    signer_position: str = ""
    phone: str = ""


class MissingBaseError(LookupError):
    """No stage made the base of *form*: whoever needs it cannot be made either."""

    def __init__(self, form: str) -> None:
        super().__init__(f"no stage made the base of {form}")
        self.form = form


class Tables(Protocol):
    """Where a view takes its rows from: each table is made when it is asked for first."""

    def rows(self, form: str) -> Rows:
        """Return the rows in force of a form, by unit and stage."""

    def base(self, form: str) -> Rows | None:
        """Return the единая база of a form; None where no stage made one."""

    def frame(self, form: str, rows: Rows) -> pd.DataFrame:
        """Return *rows* of a form as a table of its own."""

    def returned(self, form: str) -> frozenset[str]:
        """Return the keys of the names in rows that went back; LookupError but for one unit."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one unit adds to a table of a document: made once, joined as often as need be.

    `rows` is the XML of `count` rows of a sheet (`pipeline.render.rows.RowWriter`), without the
    attribute `r`, with NUL where a running number is filled in at the join; `facts` is whatever
    else the join must know, as plain JSON. Nothing in a piece depends on the day or on other units.
    """

    rows: bytes = field(default=b"", repr=False)
    count: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)


# What the units add to a document, one by one in the order of their codes: code, pieces by name.
Pieces = Iterator[tuple[str, Mapping[str, Piece]]]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PublishView:
    """What is in force in one period, for stages at publication, indicators and documents.

    Nothing is loaded before it is asked for, and nothing can be changed. The same class serves
    the whole and one unit: a view of a unit (`unit` is its code) has the rows and the registry
    line of that unit only, and `day` None, because what it gives is kept until the unit changes.
    `as_of` is the moment of the newest fact that went in, so that the same facts give the same
    bytes; `ledger_seq` its number in the ledger; `submitted` are pairs of unit and form in force;
    `shares` what the unit gives to each indicator, `contacts` how each unit can be reached.
    """

    period: str
    plans: Mapping[str, FormPlan]
    units: tuple[Unit, ...]
    tables: Tables = field(repr=False)
    unit: str | None = None
    day: date | None = None
    as_of: datetime = datetime(1, 1, 1, tzinfo=UTC)
    ledger_seq: int = 0
    names: Signatories = Signatories("", "")
    board: tuple[BoardLine, ...] = ()
    remarks: Sequence[Remark] = ()
    indicators: Mapping[str, IndicatorResult] = field(default_factory=_nothing)
    shares: Mapping[str, UnitShare] = field(default_factory=_nothing, repr=False)
    contacts: Mapping[str, Any] = field(default_factory=_nothing, repr=False)
    submitted: Sequence[tuple[str, str]] = ()
    _kept: dict[tuple[str, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def today(self) -> date:
        """The day of the publication; LookupError in a view of one unit, which outlives it."""
        if self.day is None:
            raise LookupError("what a unit gives must not depend on the day")
        return self.day

    def rows(self, form: str) -> Rows:
        """Return the rows in force of a form as plain mappings: int, float, bool, date or str."""
        return self.tables.rows(form)

    def frame(self, form: str) -> pd.DataFrame:
        """Return the rows in force as a table `[rows × (plan.names + PROVENANCE)]`, a copy."""
        return self.tables.frame(form, self.rows(form))

    def returned(self, form: str) -> frozenset[str]:
        """Return the keys (`person_key`) of the names in rows of a form that we returned.

        They stand in the file that counts and not in the base, so that nothing is said of their
        absence. LookupError but in a view of one unit.
        """
        return self.tables.returned(form)

    def base_rows(self, form: str) -> Rows:
        """Return the единая база of a form as plain mappings; `MissingBaseError` without one."""
        rows = self.tables.base(form)
        if rows is None:
            raise MissingBaseError(form)
        return rows

    def base(self, form: str) -> pd.DataFrame:
        """Return the единая база as a table, a copy; `MissingBaseError` without one."""
        return self.tables.frame(form, self.base_rows(form))

    def cached(self, key: str, make: Callable[[PublishView], Kept]) -> Kept:
        """Return what *make* makes of this view; it is made once, however many ask.

        What modules keep under one key never meets.
        """
        own = (key, getattr(make, "func", make).__module__)
        if own not in self._kept:
            self._kept[own] = make(self)
        kept: Kept = self._kept[own]
        return kept

    def unit_name(self, code: str) -> str:
        """Return the short name of a unit, its code where the registry does not know it."""
        names: Mapping[str, str] = self.cached(
            "unit names", lambda view: {unit.code: unit.short_name for unit in view.units}
        )
        return names.get(code, code)

    def reporting_units(self) -> tuple[Unit, ...]:
        """Units that denominators count: schools that exist on the day."""
        return tuple(u for u in self.units if u.kind == "ОО" and u.active(self.today))


# Columns that stand beside the values in every table of rows: who, which row, from where.
# `prior` is True for a row kept from an earlier submission because the newer one was rejected.
PROVENANCE = ("unit", "row_id", "submission", "sheet", "line", "prior")
