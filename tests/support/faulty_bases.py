"""Plugins whose merge and enrich stages answer wrongly, each in one way; `CASES` names them."""

from __future__ import annotations

import pandas as pd

from pipeline.hookspecs import Stage, hookimpl
from pipeline.plugins.merge import merge as our_merge
from tests.support.faulty import Case, PanicError, giving, only_of_the_second, raising, stage


def merge(said, change, **more):
    """The base of F04 as a table but for what is changed."""
    hooks = stage("merge", lambda view: change(view.frame("F04")), **more)
    return Case("publication", said, hooks, lacks="F04")


def merge_rows(said, change):
    """The same with plain rows, unit by unit."""
    hooks = stage(
        "merge",
        lambda view: change([dict(row) for row in our_merge(view, "F04")]),
        scope="unit",
    )
    return Case("publication", said, hooks, lacks="F04")


def enrich(said, change, **more):
    return Case("publication", said, stage("enrich", lambda view: change(view.base("F04")), **more))


def _other_unit(base):
    return base.assign(unit="oo-103")


def _without(row):
    return {name: value for name, value in row.items() if name != "mentor_fio"}


def others_merge(lacking):
    """A good plugin that merges every form but one."""
    stages = tuple(
        Stage(
            f"of {form}",
            "",
            "merge",
            lambda v, form=form: our_merge(v, form),
            (form,),
            scope="unit",
        )
        for form in ("F01", "F02", "F04", "F05", "F08")
        if form != lacking
    )
    return type("Others", (), {"register_stages": hookimpl(lambda self: stages)})


CASES = {
    "merge raises": merge("сбой KeyError", lambda base: base["nosuch"]),
    "merge gives None": merge("не NoneType", giving(None)),
    "merge drops the origin": merge(
        "нет колонок: row_id", lambda base: base.drop(columns="row_id")
    ),
    "merge doubles a row": merge(
        "дважды", lambda base: pd.concat([base, base.head(1)], ignore_index=True)
    ),
    "merge invents a row": merge("среди действующих нет", lambda base: base.assign(row_id="9.9.9")),
    "merge gives a row to another": merge("среди действующих нет", _other_unit),
    "merge fails for one unit": Case(
        "publication",
        "сбой ValueError",
        stage("merge", only_of_the_second(lambda view: view.rows("F04")), scope="unit"),
        lacks="F04",
    ),
    "merge of one unit gives rows of others": merge(
        "среди действующих нет", _other_unit, scope="unit"
    ),
    "merge changes the origin": merge("происхождение", lambda base: base.assign(line=7)),
    "merge has a column twice": merge(
        "колонка стоит дважды", lambda base: pd.concat([base, base["unit"]], axis=1)
    ),
    "merge changes a type": merge("другого типа", lambda base: base.assign(birth_year="давно")),
    "merge adds what is no value": merge(
        "другого типа", lambda base: base.assign(more=[[1]] * len(base))
    ),
    "merge gives half a letter": merge(
        "другого типа", lambda base: base.assign(mentor_fio="\ud800")
    ),
    "merge gives infinity": merge("другого типа", lambda base: base.assign(more=float("inf"))),
    "merge gives a text": merge("не str", giving("row 5")),
    "merge gives no rows": merge_rows("не tuple", lambda rows: [tuple(row) for row in rows]),
    "merge gives rows without a column": merge_rows(
        "нет колонок: mentor_fio", lambda rows: [_without(row) for row in rows]
    ),
    "merge gives ragged rows": merge_rows(
        "разные колонки", lambda rows: [*rows[:1], *map(_without, rows[1:])]
    ),
    "merge panics": merge("сбой PanicError", raising(PanicError("Иванова Анна"))),
    "enrich loses a row": enrich("пропали", lambda base: {"F04": base.head(1)}),
    "enrich doubles a row": enrich(
        "больше", lambda base: {"F04": pd.concat([base, base.head(1)], ignore_index=True)}
    ),
    "enrich changes a type": enrich(
        "другого типа", lambda base: {"F04": base.assign(entry_date="когда-то")}
    ),
    "enrich panics in one unit": enrich(
        "сбой PanicError", raising(PanicError("Иванова Анна")), scope="unit"
    ),
    "enrich swaps rows of units": enrich(
        "происхождение", lambda base: {"F04": base.assign(unit=list(base["unit"])[::-1])}
    ),
    "enrich gives another form": enrich("F05", lambda base: {"F05": base}),
    "enrich gives a table": enrich("не DataFrame", lambda base: base),
}
