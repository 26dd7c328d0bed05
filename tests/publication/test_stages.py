"""What registered stages make of the rows is what everything downstream reads, whole or by unit."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from contracts.minors import mentors_minors
from pipeline.hookspecs import Document, Indicator, Stage, hookimpl
from pipeline.views import IndicatorResult
from tests.support.workspace import school, sheets

UNITS = ("oo-101", "oo-102")
ROWS = [row for unit in UNITS for row in school(unit).rows["F04"]]
COUNT = len(ROWS)
# Those that leave one by one: pupils who mentor leave as a number.
GROWN = sum("mentor_fio" not in mentors_minors(row) for row in ROWS)


@pytest.fixture
def filled(workspace):
    for second, unit in enumerate(UNITS):
        workspace.give(unit, "Книга.xlsx", sheets(unit), second=second)
    return workspace


def plugin(*stages, **more):
    class Ours:
        @hookimpl
        def register_stages(self):
            return stages

        @hookimpl
        def register_documents(self):
            return more.get("documents", ())

        @hookimpl
        def register_indicators(self):
            return more.get("indicators", ())

    return Ours


def sent_rows(workspace):
    """The rows of F04 in the newest package."""
    with workspace.open() as exchange:
        record = exchange.store.packages()[-1].record
        path = exchange.archive.path(record.sha256)
        with zipfile.ZipFile(path) as archive:
            text = archive.read("data/F04_mentors.csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


def listed_names(workspace):
    """Names of the base of mentors for people."""
    (path,) = (workspace.outbox / "documents").rglob("D06*.xlsx")
    cells = openpyxl.load_workbook(path)["Наставники"]["B"]
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def upper(view):
    table = view.base("F04")
    table["mentor_fio"] = table["mentor_fio"].str.upper()
    return {"F04": table}


@pytest.mark.parametrize("scope", ["unit", "all"])
def test_what_an_enrich_stage_changes_is_changed_everywhere(filled, scope):
    stage = Stage("shout", "имена прописными", "enrich", upper, ("F04",), scope=scope)
    done = filled.publish(plugin(stage))
    assert done.failed == ()
    names = [row["mentor_fio"] for row in done.publication.view.base_rows("F04")]
    assert len(names) == COUNT
    assert all(name == name.upper() for name in names)
    assert set(names) & set(listed_names(filled))


def test_stages_see_what_those_before_them_left(filled):
    """Also where one of all units stands between two of one unit each."""

    def longer(letter):
        def run(view):
            table = view.base("F04")
            table["mentor_fio"] = table["mentor_fio"] + letter
            return {"F04": table}

        return run

    stages = [
        Stage(f"s{n}", "буква", "enrich", longer(letter), ("F04",), scope=scope)
        for n, (letter, scope) in enumerate([("а", "unit"), ("б", "all"), ("в", "unit")])
    ]
    done = filled.publish(plugin(*stages))
    assert done.failed == ()
    rows = done.publication.view.base_rows("F04")
    assert len(rows) == COUNT
    assert all(row["mentor_fio"].endswith("абв") for row in rows)


@pytest.mark.parametrize("scope", ["unit", "all"])
@pytest.mark.parametrize(
    "harm",
    [
        lambda table: table.iloc[1:],
        lambda table: table.iloc[[*range(len(table)), 0]],
        lambda table: table.drop(columns="row_id"),
        lambda _table: None,
        lambda table: table / 0,
    ],
)
def test_an_enrich_stage_that_loses_or_doubles_rows_is_refused_and_named(filled, scope, harm):
    stage = Stage(
        "harm", "портит", "enrich", lambda v: {"F04": harm(v.base("F04"))}, ("F04",), scope=scope
    )
    done = filled.publish(plugin(stage))
    assert [one.what for one in done.failed] == ["harm"]
    assert done.summary.bases["F04"] == COUNT
    assert len(sent_rows(filled)) == GROWN


@pytest.mark.parametrize("scope", ["unit", "all"])
def test_a_replaced_merge_stage_changes_the_base_for_everybody(filled, scope):
    def half(view):
        return view.frame("F04").iloc[::2]

    stage = Stage("half", "каждая вторая строка", "merge", half, ("F04",), scope=scope)
    done = filled.publish(plugin(stage))
    assert done.failed == ()
    count = done.summary.bases["F04"]
    assert 0 < count < COUNT
    base = done.publication.view.base_rows("F04")
    assert len(sent_rows(filled)) == sum("mentor_fio" not in mentors_minors(row) for row in base)
    assert len(done.publication.view.base("F04")) == count


@pytest.mark.parametrize("scope", ["unit", "all"])
def test_a_merge_stage_that_fails_leaves_the_base_missing_and_no_package_leaves(filled, scope):
    """Also where it fails for one unit only: half a base would look like a whole one."""

    def fails(view):
        if view.unit in (None, "oo-102"):
            raise ValueError
        return view.rows("F04")

    stage = Stage("mine", "сбой", "merge", fails, ("F04",), scope=scope)
    done = filled.publish(plugin(stage))
    named = {one.what for one in done.failed}
    assert {"база F04", "mine", "D06", "KPI70-A"} <= named
    assert "F04" not in done.summary.bases
    assert done.drafts == ()
    assert not list((filled.outbox / "documents").rglob("D06*.xlsx"))


def test_plugins_of_the_old_form_get_the_whole_view(filled):
    def figure(view):
        rows = view.base("F04")
        return IndicatorResult("OLD", len(rows), len(rows), len(rows), 2, 2)

    def page(view):
        return "\n".join(sorted(row["mentor_fio"] for row in view.base_rows("F04"))).encode()

    ours = plugin(
        documents=(Document("D98", "Список", "municipality", "txt", page),),
        indicators=(Indicator("OLD", "Всего", "чел.", figure, None, ""),),
    )
    done = filled.publish(ours)
    assert done.failed == ()
    assert done.publication.view.indicators["OLD"].denominator == COUNT
    (path,) = (filled.outbox / "documents").rglob("D98*.txt")
    assert len(path.read_text("utf-8").splitlines()) == COUNT
