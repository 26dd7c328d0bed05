"""From stored rows to a typed DataFrame and back to text; the only place that knows the dtypes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

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
