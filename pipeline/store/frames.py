"""Rows in plain Python and as typed DataFrames; the only place that knows the dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from contracts.plan import FormPlan
from pipeline.model import Scalar
from pipeline.views import Row

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {"str": "object", "int": "Int64", "float": "Float64", "bool": "boolean"}


def plain_rows(columns: Mapping[str, Sequence[Any]]) -> list[Row]:
    """Return rows over *columns* of equal length that hold plain values; nobody can change them."""
    names = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    return [MappingProxyType(dict(zip(names, values, strict=True))) for values in rows]


def widened(row: Row, name: str, value: Any) -> Row:
    """Return a row with one value more; nobody can change it."""
    # Of a proxy `dict` would ask for each value by its name.
    made = row.copy() if isinstance(row, MappingProxyType) else dict(row)
    made[name] = value
    return MappingProxyType(made)


def plain_columns(plan: FormPlan, values: Mapping[str, Sequence[Scalar]]) -> dict[str, list[Any]]:
    """Return stored columns as Python works with them: dates are dates, decimals floats."""
    days: dict[Any, Any] = {None: None}
    columns: dict[str, list[Any]] = {}
    for column in plan.kept:
        stored = values[column.name]
        if column.storage == "date":
            for value in set(stored).difference(days):
                days[value] = date.fromisoformat(str(value))
            columns[column.name] = [days[value] for value in stored]
        elif column.storage == "float":
            columns[column.name] = [None if v is None else float(v) for v in stored]
        else:
            columns[column.name] = list(stored)
    return columns


def frame(plan: FormPlan, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return typed columns `[rows × plan.names]` with a RangeIndex; rows are taken one by one.

    Texts are objects with None for blanks, numbers Int64 or Float64, yes/no boolean, dates naive
    datetime64 midnights. A row may lack a column, and a date may be ISO text.
    """
    return typed_frame(plan, _gathered(plan, rows))


def typed_frame(plan: FormPlan, columns: Mapping[str, list[Scalar]]) -> pd.DataFrame:
    """Return *columns*, of which there is one for each name of the plan, typed as `frame` says."""
    import pandas as pd  # noqa: PLC0415  # half a second that `--help` and workers must not pay

    table = {}
    for column in plan.kept:
        values = columns[column.name]
        if column.storage == "date":
            days = [value.isoformat() if isinstance(value, date) else value for value in values]
            table[column.name] = pd.Series(
                pd.to_datetime(pd.Series(days, dtype="object"), format="%Y-%m-%d")
            ).astype("datetime64[us]")
        else:
            table[column.name] = pd.Series(values, dtype=DTYPES[column.storage])
    return pd.DataFrame(table, columns=list(plan.names))


def table_of(
    plan: FormPlan, rows: Sequence[Mapping[str, Any]], more: Sequence[str]
) -> pd.DataFrame:
    """Return rows as a table `[rows × (plan.names + more)]`; what else they hold stands behind."""
    table = frame(plan, rows)
    known = set(plan.names)
    for name in (*more, *(name for name in (rows[0] if rows else ()) if name not in more)):
        if name not in known:
            table[name] = [row[name] for row in rows]
            if not len(rows):
                table[name] = table[name].astype("object")
    return table


def table_rows(table: pd.DataFrame) -> list[Row]:
    """Return the rows in plain Python: None for blanks, int, float, bool, date or str."""
    return plain_rows({str(name): _cells(table[name]) for name in table.columns})


def _gathered(plan: FormPlan, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of the rows. Equal texts become one object: most rows say what others say."""
    columns: dict[str, list[Any]] = {name: [] for name in plan.names}
    seen: dict[str, str] = {}
    for row in rows:
        for name, values in columns.items():
            value = row.get(name)
            values.append(seen.setdefault(value, value) if isinstance(value, str) else value)
    return columns


def _cells(column: pd.Series[Any]) -> list[Any]:
    blank = column.isna().tolist()
    values = column.dt.date if column.dtype.kind == "M" else column
    return [None if empty else v for v, empty in zip(values.tolist(), blank, strict=True)]
