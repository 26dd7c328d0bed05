# mypy: ignore-errors
"""Contracts as they were written before; goes when the last of them is rewritten.

A contract says everything about a form once. Its pandera schema checks rows; its plan
(`contracts.plan`) feeds the blank workbook, the readers, the dictionary page, the base table and
the package. A column is added by one line here and appears in all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from contracts.form import Form as _Form
from contracts.plan import PATTERNS, Column, FormPlan

Text = Series[object]
Number = Series[pd.Int64Dtype]
YesNo = Series[pd.BooleanDtype]
Date = Series[pd.Timestamp]


@dataclass(frozen=True, slots=True)
class FormConfig:
    """What a contract says of the form as a whole; the fields are those of `FormPlan`.

    `minor_columns(values)` names the columns of a row that speak of a minor: with
    `minors = "pseudonym"` their names become codes and their contacts are dropped.
    `due` is the calendar day of the form in a school year, «MM-DD».
    """

    code: str
    name: str
    title: str
    sheet: str
    version: str
    help: str
    examples: tuple[dict[str, str], ...]
    mode: str = "snapshot"
    layout: str = "table"
    key: tuple[str, ...] = ()
    person: str | None = None
    counterpart: str | None = None
    titles: tuple[str, ...] = ()
    due: str = ""
    rules: tuple[RowRule, ...] = ()
    minor_columns: Callable[[Mapping[str, Any]], frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over several columns of one row.

    `holds(frame)` is a boolean Series aligned with the rows, NA where the rule cannot be judged;
    `words(values)` gives the parameters of the notice for one row that breaks it.
    """

    code: str
    column: str
    holds: Callable[[pd.DataFrame], pd.Series[Any]]
    words: Callable[[Mapping[str, Any]], dict[str, str]] = lambda _values: {}
    name: str = ""
    other: str = ""

    @property
    def check_name(self) -> str:
        """Name of the pandera check, by which a failure finds its rule again."""
        return f"{self.code}:{self.column}:{self.name}"


def column(title: str, type_: str, **words: Any) -> Any:
    """Declare a column: its Russian header, field type (a key of `STORAGE`) and `Column` fields."""
    minimum, maximum = words.get("minimum"), words.get("maximum")
    required = words.get("required", "no") != "no"
    shape: dict[str, Any] = {"str_matches": PATTERNS[type_]} if type_ in PATTERNS else {}
    return pa.Field(
        nullable=not required,
        ge=minimum,
        le=maximum,
        title=title,
        description=words.get("help", ""),
        metadata={"title": title, "type": type_, **words},
        **shape,
    )


class Form(_Form):
    """A form that units hand in; subclasses are contracts."""

    class Config:
        """Frames hold exactly the columns of the contract."""

        strict = True
        unique_column_names = True

    @classmethod
    def about(cls) -> FormConfig:
        """Return what the contract says of the form as a whole."""
        # `to_schema().metadata` loses Config.metadata (pandera #1640), so the class is read.
        config: FormConfig = cls.Config.metadata["form"]  # type: ignore[attr-defined]  # set by every subclass
        return config

    @classmethod
    def plan(cls) -> FormPlan:
        """Return the contract as plain data."""
        return _plan(cls)

    @classmethod
    def schema(cls) -> pa.DataFrameSchema:
        """Return the pandera schema of kept columns with the row rules; build it once."""
        return _schema(cls)


@functools.cache
def _plan(form: type[Form]) -> FormPlan:
    about = form.about()
    columns = form.to_schema().columns
    taken = {f.name for f in fields(Column)}
    made = tuple(
        Column(name=name, **{k: v for k, v in (spec.metadata or {}).items() if k in taken})
        for name, spec in columns.items()
    )
    shared = {f.name for f in fields(FormPlan)} - {"columns"}
    words = {f.name: getattr(about, f.name) for f in fields(about) if f.name in shared}
    return FormPlan(columns=made, **words)


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


def at_most(part: str, whole: str, titles: Mapping[str, str]) -> RowRule:
    """A part cannot exceed its whole."""
    return RowRule(
        code="parts_exceed_whole",
        column=part,
        holds=lambda frame: frame[part] <= frame[whole],
        words=lambda values: {
            "value": str(values[part]),
            "other": titles[whole],
            "limit": str(values[whole]),
        },
        name=whole,
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
