"""The contract's own rules: one pandera call per form per batch.

pandera's cost is a call, not a row, so the rows of all files of a batch are checked together.
Frames have a RangeIndex and the place of each row stands beside them, so how files were batched
never shows in a result. Failures are never logged: they hold whole persons.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from contracts.plan import Column, FormPlan, range_words
from pipeline.model import Notice, PartColumns
from pipeline.render.values import typed_cell
from pipeline.store.frames import typed_frame

if TYPE_CHECKING:
    import pandas as pd
    from pandera.errors import SchemaError

    from contracts.form import Form, RowRule

LOG = logging.getLogger("nastavnik.check")
# What a failed built-in check of pandera means to a school.
_CODES = {
    "not_nullable": "cell_required",
    "greater_than_or_equal_to": "number_out_of_range",
    "less_than_or_equal_to": "number_out_of_range",
}
# «Нет» or a dash where a number belongs: naught, or nobody knows.
_NUMBERS = ("int", "decimal")
# The same of a value that lost the shape of its type (`contracts.plan.PATTERNS`).
_SHAPES = {
    "inn": "inn_checksum",
    "ogrn": "ogrn_checksum",
    "kpp": "kpp_unreadable",
    "email": "email_unreadable",
    "url": "url_unreadable",
}


def check(parts: Sequence[PartColumns], form: type[Form]) -> list[tuple[Notice, ...]]:
    """Return the notices of each part, in the order of *parts*, which all are of *form*."""
    from pandera.errors import SchemaErrors  # noqa: PLC0415  # pandera takes most of a second

    plan = form.plan()
    found: list[list[Notice]] = [[] for _ in parts]
    if not any(map(len, parts)):
        return [() for _ in parts]
    try:
        form.schema().validate(table_of(plan, parts), lazy=True)
    except SchemaErrors as failures:
        rules = {rule.check_name: rule for rule in form.about().rules}
        ends = list(accumulate(map(len, parts)))
        for index, name, column in _failures(failures.schema_errors, plan, rules):
            number = bisect_right(ends, index)
            part = parts[number]
            row = index - ends[number] + len(part)
            if row in part.failed.get(column.name, ()):
                continue
            if name in rules:
                notice = _rule_notice(rules[name], plan, part, row)
            else:
                notice = _cell_notice(_code(name.split("(")[0], column), column, part, row)
            # A column that is not there was named once for the whole form.
            if notice.code != "cell_required" or notice.column in part.columns:
                found[number].append(notice)
    return [_in_order(notices) for notices in found]


def table_of(plan: FormPlan, parts: Sequence[PartColumns]) -> pd.DataFrame:
    """Return the rows of *parts*, one after another, as the contract's table."""
    columns = {
        name: list(chain.from_iterable(part.column(name) for part in parts)) for name in plan.names
    }
    return typed_frame(plan, columns)


def _failures(
    errors: Sequence[SchemaError], plan: FormPlan, rules: Mapping[str, RowRule]
) -> Iterator[tuple[int, str, Column]]:
    """Row of the table, name of the check and column for each failure."""
    for error in errors:
        if "index" not in error.failure_cases or error.failure_cases["index"].isna().any():
            # The rule itself raised: its plugin's bug, which must lose no row.
            LOG.error("rule %s of %s failed", error.check, plan.code)
            continue
        name = getattr(error.check, "name", None) or str(error.check)
        column = plan.column(rules[name].column if name in rules else str(error.schema.name))
        for index in _rows(error.failure_cases):
            yield index, name, column


def _code(check: str, column: Column) -> str:
    """Return the code for a failed check; a contract of a plugin may have checks of its own."""
    shape = _SHAPES.get(column.type) if check == "str_matches" else None
    return shape or _CODES.get(check, "value_refused")


def _rows(cases: pd.DataFrame | Any) -> list[int]:
    """Rows of a failure; a row rule reports each of them once per column."""
    return sorted({int(index) for index in cases["index"]})


def _cell_notice(code: str, column: Column, part: PartColumns, row: int) -> Notice:
    value = typed_cell(column, part, row)
    severity = "error" if column.required == "error" or code != "cell_required" else "remark"
    if code != "cell_required" and column.official is None and column.required != "error":
        severity = "remark"
    if code == "cell_required" and column.type in _NUMBERS and value:
        code = "number_not_naught"
    return Notice(
        code,
        severity,  # type: ignore[arg-type]  # one of two literals
        row=part.lines[row],
        column=column.name,
        value=value,
        params={"range": range_words(*column.limits)} if code == "number_out_of_range" else {},
    )


def _rule_notice(rule: RowRule, plan: FormPlan, part: PartColumns, row: int) -> Notice:
    column = plan.column(rule.column)
    words = rule.words({name: values[row] for name, values in part.values.items()})
    value = words.pop("value", None)
    if rule.other:
        words["other"] = plan.column(rule.other).title
    if value is None:
        value = typed_cell(column, part, row)
    line = part.lines[row]
    return Notice(rule.code, "error", row=line, column=column.name, value=value, params=words)


def _in_order(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """By place, so that the order of pandera's checks does not show."""
    return tuple(sorted(notices, key=lambda n: (n.row or 0, n.column or "", n.code)))
