"""From stored rows to a typed DataFrame and back to text; the only place that knows the dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        values = _shared(row.get(column.name) for row in rows)
        if column.storage == "date":
            table[column.name] = pd.Series(
                pd.to_datetime(pd.Series(values, dtype="object"), format="%Y-%m-%d")
            ).astype("datetime64[us]")
        else:
            table[column.name] = pd.Series(values, dtype=DTYPES[column.storage])
    return pd.DataFrame(table, index=pd.RangeIndex(len(rows)), columns=list(plan.names))


class Row(Mapping[str, Any]):
    """One row of a table, read-only: a dict of its own would take four times the memory."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def table_rows(table: pd.DataFrame) -> list[Row]:
    """Return the rows in plain Python: None for blanks, int, float, bool, date or str."""
    places = {str(name): place for place, name in enumerate(table.columns)}
    columns = [_cells(table[name]) for name in table.columns]
    return [Row(places, values) for values in zip(*columns, strict=True)]


def _shared(values: Iterable[Scalar]) -> list[Scalar]:
    """Equal texts as one object: each row was read by itself, and most say what others say."""
    seen: dict[str, str] = {}
    return [seen.setdefault(v, v) if isinstance(v, str) else v for v in values]


def _cells(column: pd.Series[Any]) -> list[Any]:
    blank = column.isna().tolist()
    values = column.dt.date if column.dtype.kind == "M" else column
    return [None if empty else v for v, empty in zip(values.tolist(), blank, strict=True)]
