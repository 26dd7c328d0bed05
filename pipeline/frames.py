"""From stored rows to a typed DataFrame and back to text; the only place that knows the dtypes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from contracts.plan import FormPlan
from pipeline.model import Scalar

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {"str": "object", "int": "Int64", "float": "Float64", "bool": "boolean"}


def frame(plan: FormPlan, rows: Sequence[Mapping[str, Scalar]]) -> pd.DataFrame:
    """Return typed columns `[rows × plan.names]` with a RangeIndex.

    Texts are objects with None for blanks, numbers Int64 or Float64, yes/no boolean, dates naive
    datetime64 midnights.
    """
    import pandas as pd  # noqa: PLC0415  # half a second that `--help` and workers must not pay

    table = {}
    for column in plan.kept:
        values = [row.get(column.name) for row in rows]
        if column.storage == "date":
            table[column.name] = pd.Series(
                pd.to_datetime(pd.Series(values, dtype="object"), format="%Y-%m-%d")
            ).astype("datetime64[us]")
        else:
            table[column.name] = pd.Series(values, dtype=DTYPES[column.storage])
    return pd.DataFrame(table, index=pd.RangeIndex(len(rows)), columns=list(plan.names))


def row_dicts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dicts of plain Python: None for blanks, int, float, bool, date or str."""
    columns = {str(name): _cells(table[name]) for name in table.columns}
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _cells(column: pd.Series[Any]) -> list[Any]:
    blank = column.isna().tolist()
    values = column.dt.date if column.dtype.kind == "M" else column
    return [None if empty else v for v, empty in zip(values.tolist(), blank, strict=True)]
