"""What the base of a merge or enrich stage must be: rows of those it was made of, typed as they.

A table and plain rows are looked at alike, column by column; of rows that are as they must be
nothing is made anew.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from types import MappingProxyType, NoneType
from typing import Any

from contracts.plan import FormPlan
from pipeline.hookspecs import Stage
from pipeline.store.frames import plain_rows, table_rows
from pipeline.views import PROVENANCE, PublishView, Row, Rows
from pipeline.workspace.containment import WrongAnswerError, listed, named

_ORIGIN = itemgetter(*PROVENANCE)
_ORIGIN_KINDS = {"submission": "int", "line": "int", "prior": "bool"}


def merged(answer: object, view: PublishView, form: str) -> Rows:
    """Return the base of a merge stage: rows in force, none twice, each with its origin."""
    rows = _rows(answer, view.plans[form])
    known = _origins(view.rows(form))
    if any((known.get(row["row_id"]) or ("",))[0] != row["unit"] for row in rows):
        raise WrongAnswerError(f"в базе {form} строка, которой среди действующих нет")
    if len({row["row_id"] for row in rows}) < len(rows):
        raise WrongAnswerError(f"в базе {form} строка стоит дважды")
    _keep_origins(rows, known, form)
    return rows


def enriched(answer: object, view: PublishView, stage: Stage) -> Mapping[str, Rows]:
    """Return the bases that an enrich stage changed: the same rows, of its own forms."""
    if not isinstance(answer, Mapping):
        raise WrongAnswerError(f"нужен словарь баз, а не {named(type(answer).__name__)}")
    found: dict[str, Rows] = {}
    for form, base in answer.items():
        before = view.tables.base(form) if form in view.plans and stage.serves(form) else None
        if before is None:
            raise WrongAnswerError(f"база формы, которой у этапа нет: {listed([form])}")
        known, rows = _origins(before), _rows(base, view.plans[form])
        now = {row["row_id"] for row in rows}
        if known.keys() - now:
            raise WrongAnswerError(f"из базы {form} пропали строки")
        if len(rows) > len(known) or now - known.keys():
            raise WrongAnswerError(f"в базе {form} стало больше строк")
        _keep_origins(rows, known, form)
        found[form] = rows
    return found


def _origins(rows: Iterable[Row]) -> dict[str, tuple[Any, ...]]:
    return {origin[1]: origin for origin in map(_ORIGIN, rows)}


def _keep_origins(rows: Rows, known: Mapping[str, tuple[Any, ...]], form: str) -> None:
    if any(known[origin[1]] != origin for origin in map(_ORIGIN, rows)):
        raise WrongAnswerError(f"в базе {form} у строки другое происхождение")


def _rows(answer: object, plan: FormPlan) -> Rows:
    """The answer as rows that nobody can change, whether it was a table or rows."""
    needed = (*plan.names, *PROVENANCE)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(answer, pandas.DataFrame):
        if not answer.columns.is_unique:
            raise WrongAnswerError(f"в базе {plan.code} колонка стоит дважды")
        _lacking(plan, [name for name in needed if name not in answer.columns])
        rows: Sequence[Any] = table_rows(answer)
    elif isinstance(answer, Sequence) and not isinstance(answer, str | bytes):
        rows = answer
    else:
        kind = named(type(answer).__name__)
        raise WrongAnswerError(f"нужна таблица DataFrame или строки, а не {kind}")
    if not rows:
        return ()
    kinds = set(map(type, rows))
    strange = [one.__name__ for one in kinds if not issubclass(one, Mapping)]
    if strange:
        raise WrongAnswerError(f"строки базы {plan.code} – не {listed(strange)}")
    _lacking(plan, [name for name in needed if name not in rows[0]])
    names = tuple(rows[0])
    given = _columns(plan, names, rows)
    typed = {name: _typed(plan, name, values) for name, values in given.items()}
    sound = kinds == {MappingProxyType} and all(typed[name] is given[name] for name in names)
    return tuple(rows) if sound else tuple(plain_rows(typed))


def _lacking(plan: FormPlan, missing: Sequence[str]) -> None:
    if missing:
        raise WrongAnswerError(f"в базе {plan.code} нет колонок: {listed(missing)}")


def _columns(
    plan: FormPlan, names: tuple[str, ...], rows: Sequence[Row]
) -> dict[str, tuple[Any, ...]]:
    try:
        values = list(map(itemgetter(*names), rows))
    except KeyError:
        values = []
    if len(values) < len(rows) or any(len(row) != len(names) for row in rows):
        raise WrongAnswerError(f"у строк базы {plan.code} разные колонки")
    return dict(zip(names, zip(*values, strict=True), strict=True))


def _typed(plan: FormPlan, name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values of another type than the rows have would fail in the documents of others."""
    read, usual = _READ[_storage(plan, name)]
    kinds = set(map(type, values)) - {NoneType}
    try:
        made = values if kinds <= usual else tuple([_one(read, value) for value in values])
        if str in kinds:
            # Half a letter can be held but not written.
            "".join([value for value in made if type(value) is str]).encode()
    except (TypeError, ValueError, OverflowError):
        raise WrongAnswerError(f"в базе {plan.code} колонка {named(name)} другого типа") from None
    return made


def _storage(plan: FormPlan, name: str) -> str:
    """How values of a column are kept; "" for a column that the stage added."""
    if name in PROVENANCE:
        return _ORIGIN_KINDS.get(name, "str")
    return plan.column(name).storage if name in plan.names else ""


def _one(read: Callable[[Any], Any], value: Any) -> Any:
    """A value as rows have it; pandas has several that say «blank»."""
    blank = value is None or value != value  # noqa: PLR0124  # NaN and NaT are unlike themselves
    return None if blank else read(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return str(value)


def _int(value: Any) -> int:
    if isinstance(value, bool) or value != int(value):
        raise TypeError
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _bool(value: Any) -> bool:
    if isinstance(value, str) or value not in (False, True):
        raise TypeError
    return bool(value)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def _any(value: Any) -> Any:
    for kind, read in ((str, _text), (bool, bool), (int, _int), (float, _float), (date, _date)):
        if isinstance(value, kind):
            return read(value)
    raise TypeError


# How a value of each storage is read, and the types that need no reading.
_READ: dict[str, tuple[Callable[[Any], Any], frozenset[type]]] = {
    "str": (_text, frozenset({str})),
    "int": (_int, frozenset({int})),
    "float": (_float, frozenset()),
    "bool": (_bool, frozenset({bool})),
    "date": (_date, frozenset({date})),
    "": (_any, frozenset({str, int, bool, date})),
}
