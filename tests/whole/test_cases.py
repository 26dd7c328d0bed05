"""Small files of real offices and programs that were once read wrongly, and what is right.

Each goes through `check` and through `accept` in a workspace, and both say the same.
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.commands.check import check_file
from pipeline.commands.export import _plain
from tests.support.workspace import NOW, Workspace

FOLDER = Path(__file__).parents[1] / "support" / "fixtures" / "cases"
FILES = {path.stem: path for path in sorted(FOLDER.iterdir())}
# Rows accepted and returned, and notices beside «columns_not_asked».
EXPECTED = {
    "f01b_csv_two_unclosed": (12, 0, {"url_unreadable"}),
    "f03_group_header": (3, 0, {"column_doubtful"}),
    "f10_crosstab_form": (3, 0, set()),
    "f10b_crosstab_v": (3, 0, set()),
    "f22_bilingual_header": (3, 0, set()),
    "f04_phone_scinot": (2, 0, {"phone_unreadable"}),
    "f05_phone_digit_lost": (2, 0, {"phone_unreadable"}),
    "f11_sheets_per_class": (3, 0, set()),
    "f11c_two_years": (3, 0, {"sheet_other_year"}),
    "f12_csv_eq_quoted": (3, 0, set()),
    "f13_csv_in_one_column": (3, 0, {"columns_in_one"}),
    "f13b_csv_double_wrapped": (3, 0, set()),
    "f15_biff5_no_codepage": (3, 0, set()),
    "f16_period_lost": (3, 0, {"value_contradicted", "value_split"}),
    "f18b_two_names_and": (1, 0, set()),
    "f19_dates": (5, 0, {"text_repaired", "date_month_only", "value_leftover"}),
    "f29_role_model_words": (1, 0, {"value_synonym"}),
    "f30_apostrophe_age": (1, 0, set()),
    "f23_far_blank": (3, 0, set()),
    "f24_ods_dde": (3, 0, set()),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace whose school sends all the files, one by one."""
    with pytest.MonkeyPatch.context() as patch:
        from tests.support.workspace import ReadHere  # noqa: PLC0415  # beside its patch

        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        patch.setattr("pipeline.commands.check.workers", ReadHere)
        yield Workspace(tmp_path_factory.mktemp("cases") / "ws")


def checked(name):
    return check_file(FILES[name], FOLDER, NOW)


def codes(data):
    return {notice["code"] for notice in data["notices"]} - {"columns_not_asked"}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_file_is_read_as_it_was_meant(place, name):
    accepted, rejected, said = EXPECTED[name]
    data = checked(name)
    (part,) = data["parts"]
    assert (part["form"], part["counts"]["accepted"]) == ("F04", accepted)
    assert part["counts"]["rejected"] == rejected
    assert codes(data) == said


@pytest.mark.parametrize("name", FILES)
def test_check_and_accept_say_the_same(place, name):
    data = checked(name)
    path = FILES[name]
    decided = place.give("oo-101", path.name, path.read_bytes())
    with place.open() as exchange:
        found = exchange.store.submission(decided.number)
    assert [(part.form, part.counts["seen"]) for part in found.parts] == [
        (part["form"], part["counts"]["seen"]) for part in data["parts"]
    ]
    for part, other in zip(found.parts, data["parts"], strict=True):
        if part.outcome != "held":
            assert part.counts["accepted"] == other["counts"]["accepted"]


def test_a_mark_under_a_value_of_a_list_is_that_value(place):
    found = {}
    for name in ("f10_crosstab_form", "f10b_crosstab_v"):
        path = FILES[name]
        place.give("oo-102", path.name, path.read_bytes(), second=len(found))
        with place.open() as exchange:
            rows = exchange.store.rows_in_force("2026-2027", "F04", "oo-102")
        found[name] = {row.line: row.values["mentoring_form"] for row in rows}
    assert found["f10_crosstab_form"][3] == "ученик – ученик"
    assert found["f10_crosstab_form"][4] == "учитель – учитель"
    assert set(found["f10b_crosstab_v"].values()) == {"учитель – учитель"}


def test_an_exported_table_holds_no_live_formula(tmp_path, read_here):
    place = Workspace(tmp_path / "ws")
    path = FILES["f25_export_csv_formula"]
    place.give("oo-101", path.name, path.read_bytes())
    target = tmp_path / "база.csv"
    ended = CliRunner().invoke(cli, ["-C", str(place.folder), "export", "F04", str(target)])
    assert ended.exit_code == 0, ended.output
    with target.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize(
    "value", ["=1", "@a", "+a", "-a", "\n=1", "а;=1", 'а;"=1', "а\n=1", "＝1"]
)  # Excel takes the wide sign too
def test_no_program_finds_a_formula_in_an_exported_line(value):
    """Whether it separates cells by commas or, as in Russia, by semicolons."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(["а", _plain(value), "б"])
    for separator in ",;":
        for row in csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=separator):
            for cell in chain.from_iterable(field.splitlines() or [""] for field in row):
                assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "＝"))  # as above
