"""The parent of all contracts: one pandera model per form, with its Russian face in metadata.

A contract says everything about a form once. Its pandera schema checks rows; its plan
(`contracts.plan`) feeds the blank workbook, the readers, the dictionary page, the base table and
the package. A column is added by one line here and appears in all of them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from contracts.columns import Group, Spec, listed, spellings
from contracts.plan import (
    DUE_DAY,
    PATTERNS,
    STORAGE,
    Column,
    FormPlan,
    Layout,
    Mode,
    Vocabulary,
    due_days,
)

# The type of a column in pandas by the storage type of its values.
DTYPES: Mapping[str, Any] = {
    "str": Series[object],
    "int": Series[pd.Int64Dtype],
    "float": Series[pd.Float64Dtype],
    "bool": Series[pd.BooleanDtype],
    "date": Series[pd.Timestamp],
}


@dataclass(frozen=True, slots=True)
class About:
    """What a contract says of the form as a whole; the fields are those of `FormPlan`.

    `titles` are other names of the form, with «|» between; `due` the calendar days in a school
    year on which it is asked for, «MM-DD», of each of its `stages` where it has some; a form with
    stages has a column «stage» (`contracts.columns.STAGE`). `rows` are the labels of a matrix,
    values of the first columns of its `key`.
    `minor_columns(values)` names the columns of a row that speak of a minor: with
    `minors = "pseudonym"` their names become codes and their contacts are dropped. The example
    row is made of the columns' examples, `example_without` those that explain the column only.
    """

    code: str
    name: str
    title: str
    sheet: str
    help: str
    version: str = "1"
    mode: Mode = "snapshot"
    layout: Layout = "table"
    key: tuple[str, ...] = ()
    person: str | None = None
    counterpart: str | None = None
    titles: str = ""
    due: str = ""
    stages: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    rules: tuple[RowRule, ...] = ()
    minor_columns: Callable[[Mapping[str, Any]], frozenset[str]] | None = None
    example_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over several columns of one row.

    `holds(frame)` is a boolean Series aligned with the rows, NA where the rule cannot be judged;
    `words(values)` gives the parameters of the notice for one row that breaks it, and the title
    of the column `other` is its parameter `other`.
    """

    code: str
    column: str
    holds: Callable[[pd.DataFrame], pd.Series[Any]]
    words: Callable[[Mapping[str, Any]], dict[str, str]] = lambda _values: {}
    other: str = ""

    @property
    def check_name(self) -> str:
        """Name of the pandera check, by which a failure finds its rule again."""
        return f"{self.code}:{self.column}:{self.other}"


class Form(pa.DataFrameModel):
    """A form that units hand in; subclasses are contracts.

    A contract is `_about`, a spec for each column, and a block `_spelled` of further spellings of
    their headers, a line for each column. It may have whatever else a pandera model has.
    """

    _about: ClassVar[About]
    _vocabularies: ClassVar[Mapping[str, Vocabulary]] = {}

    class Config:
        """Frames hold exactly the columns of the contract."""

        strict = True
        unique_column_names = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make pandera's fields and annotations of the specs, groups in their place."""
        spelled = spellings(cls.__dict__.get("_spelled", ""))
        specs: dict[str, Spec] = {}
        for name, value in list(vars(cls).items()):
            if isinstance(value, Group):
                delattr(cls, name)
                specs |= value.specs
            elif isinstance(value, Spec):
                specs[name] = value
        if unknown := spelled.keys() - specs.keys():
            raise TypeError(f"{cls.__name__}: spellings of no column: {sorted(unknown)}")
        annotations = dict(inspect.get_annotations(cls))
        for name, spec in specs.items():
            card = cls._about.layout == "card"
            field = _field(spec.column(name, spellings=spelled.get(name, ()), card=card))
            field.__set_name__(cls, name)
            setattr(cls, name, field)
            annotations[name] = DTYPES[STORAGE[spec.type]]
        cls.__annotations__ = annotations
        used = {spec.vocabulary.name: spec.vocabulary for spec in specs.values() if spec.vocabulary}
        cls._vocabularies = {**cls._vocabularies, **used}
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call]  # pandera's

    @classmethod
    def about(cls) -> About:
        """Return what the contract says of the form as a whole."""
        return cls._about

    @classmethod
    def vocabularies(cls) -> tuple[Vocabulary, ...]:
        """Return the vocabularies that the columns of the form take their values from."""
        return tuple(cls._vocabularies.values())

    @classmethod
    def plan(cls) -> FormPlan:
        """Return the contract as plain data."""
        return _plan(cls)

    @classmethod
    def schema(cls) -> pa.DataFrameSchema:
        """Return the pandera schema of kept columns with the row rules; build it once."""
        return _schema(cls)


def _field(made: Column) -> Any:
    shape: dict[str, Any] = {"str_matches": PATTERNS[made.type]} if made.type in PATTERNS else {}
    least, most = made.limits
    return pa.Field(
        nullable=made.required == "no",
        ge=least,
        le=most,
        title=made.title,
        description=made.help,
        metadata=asdict(made),
        **shape,
    )


@functools.cache
def _plan(form: type[Form]) -> FormPlan:
    about = form.about()
    taken = {f.name for f in fields(Column)} - {"name"}
    columns = tuple(
        Column(name=name, **{k: v for k, v in (spec.metadata or {}).items() if k in taken})
        for name, spec in form.to_schema().columns.items()
    )
    _know_their_columns(about, columns)
    _know_their_rows(about, columns, form.vocabularies())
    silent = {c.name for c in columns if not c.example} | set(about.example_without)
    example = {c.name: c.example for c in columns if c.name not in silent}
    shared = {f.name for f in fields(FormPlan)} - {"columns", "examples", "titles"}
    return FormPlan(
        columns=columns,
        examples=(example,) if example else (),
        titles=listed(about.titles),
        **{name: getattr(about, name) for name in shared},
    )


def _know_their_columns(about: About, columns: tuple[Column, ...]) -> None:
    """Raise where the contract speaks of columns that it does not have."""
    named = {*about.key, *about.example_without, *(n for c in columns for n in c.spill)}
    named |= {"stage"} if about.stages else set()
    named |= {name for name in (about.person, about.counterpart) if name}
    named |= {name for rule in about.rules for name in (rule.column, rule.other) if name}
    if unknown := named - {column.name for column in columns}:
        raise TypeError(f"{about.code}: no such columns: {sorted(unknown)}")
    for stage, day in due_days(about.due):
        if stage not in (about.stages or ("",)) or not DUE_DAY.fullmatch(day):
            raise TypeError(f"{about.code}: no due day: {stage} {day}")


def _know_their_rows(
    about: About, columns: tuple[Column, ...], vocabularies: tuple[Vocabulary, ...]
) -> None:
    """Raise where the given rows of a matrix do not fit its columns."""
    if bool(about.rows) != (about.layout == "matrix") or len(set(about.rows)) < len(about.rows):
        raise TypeError(f"{about.code}: a matrix has given rows, each once, and nothing else has")
    allowed = {v.name: v.values for v in vocabularies}
    lists = {c.name: allowed.get(c.vocabulary or "") for c in columns}
    for row in about.rows:
        labels = [lists[name] for name in about.key[: len(row)]]
        fits = len(row) == len(labels) == len(about.rows[0])
        if not fits or any(v and value not in v for v, value in zip(labels, row, strict=True)):
            raise TypeError(f"{about.code}: no such row: {row}")


@functools.cache
def _schema(form: type[Form]) -> pa.DataFrameSchema:
    ignored = [c.name for c in form.plan().columns if c.ignored]
    schema = form.to_schema().remove_columns(ignored)
    for rule in form.about().rules:
        schema.checks.append(pa.Check(_judged(rule.holds), name=rule.check_name, ignore_na=False))
    return schema


def _judged(
    holds: Callable[[pd.DataFrame], pd.Series[Any]],
) -> Callable[[pd.DataFrame], pd.Series[Any]]:
    """A rule that cannot be judged for lack of a value is not broken."""
    return lambda frame: holds(frame).fillna(value=True).astype(bool)


def at_most(part: str, whole: str) -> RowRule:
    """A part cannot exceed its whole."""
    return RowRule(
        code="parts_exceed_whole",
        column=part,
        holds=lambda frame: frame[part] <= frame[whole],
        words=lambda values: {"value": str(values[part]), "limit": str(values[whole])},
        other=whole,
    )


def equals_sum(total: str, parts: tuple[str, ...]) -> RowRule:
    """A total equals the sum of its parts."""
    return RowRule(
        code="sum_differs",
        column=total,
        holds=lambda frame: frame[total] == frame[list(parts)].sum(axis=1, skipna=False),
        words=lambda values: {
            "value": str(values[total]),
            "sum": str(sum(values[part] for part in parts)),
        },
    )
