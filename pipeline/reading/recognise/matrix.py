"""A matrix: a table whose rows are given by the contract, found by their labels in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from contracts.plan import FormPlan
from pipeline.model import Notice, PartColumns

# Between the labels of a row, as the unit reads them.
_BETWEEN = " · "


def matrix_part(part: PartColumns, plan: FormPlan) -> PartColumns | None:
    """Return the table that was read as a matrix: rows the contract does not give are named.

    None where nothing is filled in beside the labels, which a blank brings along.
    """
    asked = [name for name in plan.names if name not in (*plan.labels, "stage")]
    filled = [
        index
        for index in range(len(part))
        if any(part.cell(index, name) and _holds(part, index, name) for name in asked)
    ]
    if len(part) and not filled:
        return None
    notices = tuple(_wrong_rows(part, plan)) if filled else ()
    return replace(part, layout="matrix", notices=(*part.notices, *notices))


def _holds(part: PartColumns, index: int, name: str) -> bool:
    value = part.values[name][index] if name in part.values else None
    return value is not None or index in part.failed.get(name, ())


def _wrong_rows(part: PartColumns, plan: FormPlan) -> Iterator[Notice]:
    known = [_labels(part, plan, index) for index in range(len(part))]
    counts = Counter(known)
    first = plan.labels[0]
    for index, labels in enumerate(known):
        # A label that is empty or in no list is told by its own cell.
        if None in labels:
            continue
        words = {"what": _BETWEEN.join(map(str, labels))}
        if labels not in plan.rows:
            yield Notice(
                "matrix_row_unknown", "error", row=part.lines[index], column=first, params=words
            )
        elif counts[labels] > 1 and known.index(labels) != index:
            words["first"] = str(part.lines[known.index(labels)])
            yield Notice(
                "matrix_row_twice", "error", row=part.lines[index], column=first, params=words
            )
    for labels in plan.rows:
        if labels not in counts:
            yield Notice("matrix_row_missing", "remark", params={"what": _BETWEEN.join(labels)})


def _labels(part: PartColumns, plan: FormPlan, index: int) -> tuple[object, ...]:
    return tuple(part.values[n][index] if n in part.values else None for n in plan.labels)
