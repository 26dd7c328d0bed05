"""From stored rows to a typed DataFrame and back to text; the only place that knows the dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contracts.plan import FormPlan
from pipeline.model import Scalar

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {"str": "object", "int": "Int64", "float": "Float64", "bool": "boolean"}


def frame(plan: FormPlan, rows: Iterable[Mapping[str, Scalar]]) -> pd.DataFrame:
    """Return typed columns `[rows × plan.names]` with a RangeIndex; rows are taken one by one.

    Texts are objects with None for blanks, numbers Int64 or Float64, yes/no boolean, dates naive
    datetime64 midnights.
    """
    return typed_frame(plan, _gathered(plan, rows))


def typed_frame(plan: FormPlan, columns: Mapping[str, list[Scalar]]) -> pd.DataFrame:
    """Return *columns*, of which there is one for each name of the plan, typed as `frame` says."""
    import pandas as pd  # noqa: PLC0415  # half a second that `--help` and workers must not pay

    table = {}
    for column in plan.kept:
        values = columns[column.name]
        if column.storage == "date":
            table[column.name] = pd.Series(
                pd.to_datetime(pd.Series(values, dtype="object"), format="%Y-%m-%d")
            ).astype("datetime64[us]")
        else:
            table[column.name] = pd.Series(values, dtype=DTYPES[column.storage])
    return pd.DataFrame(table, columns=list(plan.names))


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


def _gathered(plan: FormPlan, rows: Iterable[Mapping[str, Scalar]]) -> dict[str, list[Scalar]]:
    """The columns of the rows. Equal texts become one object: most rows say what others say."""
    columns: dict[str, list[Scalar]] = {name: [] for name in plan.names}
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
