"""Helpers for tests of plugins; pytest finds them by the entry point, nothing is to be imported.

`check_view` and `publish_view` make what a rule, an indicator or a document gets to see;
`RuleSpec` is a rule with rows and expected notices as text; the fixture `workspace` goes the whole
way.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from contracts.plan import Column, FormPlan
from pipeline.model import Notice, ParsedFile, ParsedRow, PartColumns, Scalar, Unit, columns_of
from pipeline.publication.overdue import contacts
from pipeline.store.frames import plain_columns, plain_rows
from pipeline.views import PROVENANCE, CheckView, PublishView, Rows, Signatories

if TYPE_CHECKING:
    import pandas as pd

    from contracts.form import Form
    from pipeline.acceptance.accept import Decided
    from pipeline.packages.delivery import Delivered
    from pipeline.run import Published
    from pipeline.workspace.exchange import Exchange

Values = Mapping[str, Any]
PERIOD = "2026-2027"
TODAY = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
SCHOOL = Unit("oo-1", "ОО", "МБОУ «СОШ № 1»")
# Rows of a table begin under its header, as in a blank.
FIRST_LINE = 5
_YES_NO = {"да": True, "нет": False}
_NOTICE = ("row", "column", "code", "severity")


def school(code: str, **more: Any) -> Unit:
    """Return a school of the registry; its short name is made of its code."""
    return Unit(code, "ОО", more.pop("short_name", f"МБОУ «СОШ № {code}»"), **more)


def check_view(
    form: type[Form] | FormPlan,
    rows: Iterable[Values],
    *,
    file_rows: Mapping[str, Iterable[Values]] = MappingProxyType({}),
    in_force: Mapping[str, Iterable[Values]] = MappingProxyType({}),
    unit: Unit = SCHOOL,
    **more: Any,
) -> CheckView:
    """Return what a check stage sees of *rows* (values by column), the first in Excel row 5.

    *file_rows* are the other forms of the file, *in_force* what the unit sent before; *more* are
    `period`, `today` and `units`, the registry, where it is not the unit alone.
    """
    from pipeline.acceptance.part_views import Circumstances, part_views  # noqa: PLC0415  # opens the engine

    plan = _plan(form)
    before = {code: _part(code, some) for code, some in in_force.items()}
    parts = (_part(plan.code, rows), *(_part(code, some) for code, some in file_rows.items()))
    known = {"period": PERIOD, "today": TODAY, "units": {unit.code: unit}}
    given = Circumstances(unit, **{**known, **more})
    views = part_views(
        ParsedFile(parts),
        {part.form: plan if part.form == plan.code else _known(part.form) for part in parts},
        given,
        lambda code: before.get(code) or PartColumns(code, ""),
    )
    return views[0]


def _known(code: str) -> FormPlan:
    return installed_plans()[code]


def _part(form: str, rows: Iterable[Values]) -> PartColumns:
    made = [
        ParsedRow(line, dict(values), cells={name: f"{name}{line}" for name in values})
        for line, values in enumerate(rows, FIRST_LINE)
    ]
    return PartColumns(form, "", **columns_of(made))


def _plan(form: type[Form] | FormPlan) -> FormPlan:
    return form if isinstance(form, FormPlan) else form.plan()


class _Given:
    """Tables of a view that is made of given rows, in force and merged alike."""

    def __init__(self, plans: Mapping[str, FormPlan], rows: Mapping[str, Rows]) -> None:
        self._plans = plans
        self._rows = rows

    def rows(self, form: str) -> Rows:
        return self._rows[form]

    def base(self, form: str) -> Rows:
        return self._rows[form]

    def returned(self, form: str) -> frozenset[str]:
        return frozenset()

    def frame(self, form: str, rows: Rows) -> pd.DataFrame:
        from pipeline.store.frames import table_of  # noqa: PLC0415  # opens pandas

        return table_of(self._plans[form], rows, PROVENANCE)


def rows_in_force(form: type[Form] | FormPlan, rows: Sequence[Values]) -> Rows:
    """Return *rows* as publication sees them, in plain Python.

    «unit» is asked for, the rest of the provenance has a default.
    """
    plan = _plan(form)
    values = {name: [row.get(name) for row in rows] for name in plan.names}
    origin = {
        "unit": [row["unit"] for row in rows],
        "row_id": [row.get("row_id", f"{plan.code}-{n}") for n, row in enumerate(rows, 1)],
        "submission": [row.get("submission", 1) for row in rows],
        "sheet": [row.get("sheet", plan.sheet) for row in rows],
        "line": [row.get("line", n) for n, row in enumerate(rows, 2)],
        "prior": [row.get("prior", False) for row in rows],
    }
    return tuple(plain_rows({**values, **plain_columns(plan, values), **origin}))


def publish_view(
    rows: Mapping[str, Sequence[Values]],
    units: Iterable[Unit] = (),
    *,
    forms: Iterable[type[Form] | FormPlan] = (),
    **more: Any,
) -> PublishView:
    """Return what indicators, documents and stages at publication see of *rows* by form.

    Without *forms* all that are installed are known; a unit counts as having submitted each form it
    has rows of. *more* are fields of `PublishView`.
    """
    plans = {plan.code: plan for plan in map(_plan, forms)} or installed_plans()
    made = {code: rows_in_force(plan, rows.get(code, ())) for code, plan in plans.items()}
    codes = sorted({row["unit"] for some in rows.values() for row in some})
    known: dict[str, Any] = {
        "period": PERIOD,
        "day": date(2026, 11, 1),
        "as_of": datetime(2026, 10, 31, 9, 30, tzinfo=UTC),
        "ledger_seq": 42,
        "names": Signatories("Примерный городской округ", "Муниципальный центр наставничества"),
        "plans": MappingProxyType(dict(plans)),
        "units": tuple(units) or tuple(map(school, codes)),
        "tables": _Given(plans, made),
        "submitted": tuple(
            sorted({(r["unit"], form) for form, some in rows.items() for r in some})
        ),
    }
    view = PublishView(**{**known, **more})
    return view if "contacts" in more else replace(view, contacts=contacts(view))


def view_of_unit(view: PublishView, unit: str) -> PublishView:
    """Return the view of one unit, which `pieces`, `per_unit` and `contribute` see."""
    rows = {form: [row for row in view.rows(form) if row["unit"] == unit] for form in view.plans}
    return PublishView(
        period=view.period,
        plans=view.plans,
        units=tuple(one for one in view.units if one.code == unit),
        tables=_Given(view.plans, rows),
        unit=unit,
        submitted=tuple(pair for pair in view.submitted if pair[0] == unit),
    )


@functools.cache
def installed_plans() -> Mapping[str, FormPlan]:
    """Return the plans of all forms that are installed, by code."""
    from pipeline.workspace.plugin_loader import Loader  # noqa: PLC0415  # opens all plugins

    return MappingProxyType(dict(Loader().describe().plans))


def rows_of(form: type[Form] | FormPlan, text: str) -> list[dict[str, Scalar]]:
    """Return rows typed as a table: names of columns above, cells between «|», blanks are None.

    Numbers, yes/no («да», «нет») and dates (ISO) become what the type of the column asks.
    """
    plan = _plan(form)
    return [
        {name: _value(plan.column(name), cell) for name, cell in row.items()}
        for row in _cells(text)
    ]


def _value(column: Column, cell: str) -> Scalar:
    if not cell:
        return None
    if column.storage == "int":
        return int(cell)
    if column.storage == "float":
        return float(cell)
    return _YES_NO[cell] if column.storage == "bool" else cell


def _cells(text: str) -> list[dict[str, str]]:
    lines = [
        [cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()
    ]
    head, *rows = lines or [[]]
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row of {len(row)} cells under a header of {len(head)}")
    return [dict(zip(head, row, strict=True)) for row in rows]


@dataclass(frozen=True)
class RuleSpec:
    """What a rule must say of some rows, as text tables; `check()` fails where it says another.

    `table` has names of columns above its rows, the first of them in Excel row 5; `expected` the
    columns row, column, code and severity, and no row where the rule is silent. `file` and
    `in_force` are tables of other forms by code; `more` are further words of `check_view`.
    """

    title: str
    form: type[Form] | FormPlan
    rule: Callable[[CheckView], Iterable[Notice]]
    table: str
    expected: str = ""
    file: Mapping[str, str] = field(default_factory=dict)
    in_force: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.title

    def said(self) -> list[tuple[str, ...]]:
        """Return row, column, code and severity of each notice, as texts."""
        plans = installed_plans() if self.file or self.in_force else {}
        view = check_view(
            self.form,
            rows_of(self.form, self.table),
            file_rows={code: rows_of(plans[code], text) for code, text in self.file.items()},
            in_force={code: rows_of(plans[code], text) for code, text in self.in_force.items()},
            **self.more,
        )
        return sorted(
            tuple(str(getattr(notice, name) or "") for name in _NOTICE)
            for notice in self.rule(view)
        )

    def check(self) -> None:
        """Fail with both tables where the notices are not those expected."""
        wanted = sorted(tuple(row[name] for name in _NOTICE) for row in _cells(self.expected))
        said = self.said()
        if said != wanted:
            pytest.fail(f"{self.title}\nexpected:\n{_shown(wanted)}\nsaid:\n{_shown(said)}")


def _shown(rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join("  " + " | ".join(row) for row in rows) or "  (nothing)"


@dataclass(frozen=True)
class TestWorkspace:
    """A new workspace of one school; plugins are handed over with each step."""

    __test__ = False
    folder: Path

    @contextlib.contextmanager
    def open(self, *plugins: object) -> Iterator[Exchange]:
        """Open the exchange with plugins of the test."""
        from pipeline.workspace.exchange import open_exchange  # noqa: PLC0415  # opens the store

        with open_exchange(self.folder, plugins=plugins) as exchange:
            yield exchange

    def drop(self, name: str, data: bytes, *, unit: str = SCHOOL.code) -> Path:
        """Put a file into the inbox of a unit."""
        path = self.folder / "inbox" / unit / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def accept(self, *plugins: object, now: datetime = NOW) -> tuple[Decided, ...]:
        """Decide and answer what waits in the inbox."""
        from pipeline import run  # noqa: PLC0415  # opens the engine

        with self.open(*plugins) as exchange:
            return run.accept(exchange, now, quiet=0)

    def publish(self, *plugins: object, now: datetime = NOW) -> Published:
        """Make bases, indicators, documents and drafts."""
        from pipeline import run  # noqa: PLC0415  # opens the engine

        with self.open(*plugins) as exchange:
            return run.publish(exchange, now)

    def deliver(self, *plugins: object, now: datetime = NOW) -> tuple[Delivered, ...]:
        """Carry approved packages."""
        from pipeline import run  # noqa: PLC0415  # opens the engine

        with self.open(*plugins) as exchange:
            return run.deliver(exchange, now)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestWorkspace:
    """A workspace of one school («oo-1») in a folder of the test, its keys beside it."""
    from pipeline.workspace.exchange import new_workspace  # noqa: PLC0415  # opens the store
    from pipeline.workspace.starter import SETTINGS, UNITS  # noqa: PLC0415  # as above

    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    folder = tmp_path / "workspace"
    new_workspace(folder, SETTINGS, UNITS + f"{SCHOOL.code};ОО;;;;;{SCHOOL.short_name};;;;;;;\n")
    return TestWorkspace(folder)
