"""The contract's own rules: one pandera call per form per batch.

pandera's cost is a call, not a row, so the rows of all files of a batch are checked together.
Frames have a RangeIndex and the place of each row stands beside them, so how files were batched
never shows in a result. Failures are never logged: they hold whole persons.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from contracts.plan import Column, FormPlan
from pipeline.model import Notice, ParsedRow, PartColumns
from pipeline.render.values import typed_text
from pipeline.store.frames import frame

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
    places = [(number, row) for number, part in enumerate(parts) for row in part.rows]
    found: list[list[Notice]] = [[] for _ in parts]
    if not places:
        return [() for _ in parts]
    table = frame(plan, [row.values for _number, row in places])
    try:
        form.schema().validate(table, lazy=True)
    except SchemaErrors as failures:
        rules = {rule.check_name: rule for rule in form.about().rules}
        for index, notice in _failures(failures.schema_errors, plan, rules, places):
            number = places[index][0]
            # A column that is not there was named once for the whole form.
            if notice.code != "cell_required" or notice.column in parts[number].columns:
                found[number].append(notice)
    return [_in_order(notices) for notices in found]


def _failures(
    errors: Sequence[SchemaError],
    plan: FormPlan,
    rules: dict[str, RowRule],
    places: Sequence[tuple[int, ParsedRow]],
) -> Iterator[tuple[int, Notice]]:
    for error in errors:
        if "index" not in error.failure_cases or error.failure_cases["index"].isna().any():
            # The rule itself raised: its plugin's bug, which must lose no row.
            LOG.error("rule %s of %s failed", error.check, plan.code)
            continue
        name = getattr(error.check, "name", None) or str(error.check)
        for index in _rows(error.failure_cases):
            row = places[index][1]
            if name in rules:
                if rules[name].column in row.failed:
                    continue
                yield index, _rule_notice(rules[name], plan, row)
                continue
            column = plan.column(str(error.schema.name))
            if column.name not in row.failed:
                yield index, _cell_notice(_code(name.split("(")[0], column), column, row)


def _code(check: str, column: Column) -> str:
    """Return the code for a failed check; a contract of a plugin may have checks of its own."""
    shape = _SHAPES.get(column.type) if check == "str_matches" else None
    return shape or _CODES.get(check, "value_refused")


def _rows(cases: pd.DataFrame | Any) -> list[int]:
    """Rows of a failure; a row rule reports each of them once per column."""
    return sorted({int(index) for index in cases["index"]})


def _cell_notice(code: str, column: Column, row: ParsedRow) -> Notice:
    severity = "error" if column.required == "error" or code != "cell_required" else "remark"
    if code != "cell_required" and column.official is None and column.required != "error":
        severity = "remark"
    return Notice(
        code,
        severity,  # type: ignore[arg-type]  # one of two literals
        row=row.row,
        column=column.name,
        value=row.raw.get(column.name) or typed_text(column, row.values.get(column.name)),
        params={"range": _range(column)} if code == "number_out_of_range" else {},
    )


def _rule_notice(rule: RowRule, plan: FormPlan, row: ParsedRow) -> Notice:
    words = rule.words(row.values)
    value = words.pop("value", None)
    column = plan.column(rule.column)
    if value is None:
        value = row.raw.get(column.name) or typed_text(column, row.values.get(column.name))
    return Notice(rule.code, "error", row=row.row, column=column.name, value=value, params=words)


def _range(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f"от {column.minimum} до {column.maximum}"
    least = column.minimum is not None
    return f"не меньше {column.minimum}" if least else f"не больше {column.maximum}"


def _in_order(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """By place, so that the order of pandera's checks does not show."""
    return tuple(sorted(notices, key=lambda n: (n.row or 0, n.column or "", n.code)))
