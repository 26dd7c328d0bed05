"""The helpers that ship for authors of plugins: pytest finds them, and they say what is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.f04_mentors import Mentors
from pipeline.model import Notice
from pipeline.testing import RuleSpec, check_view, publish_view, rows_of, school, view_of_unit

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


def strict(view):
    """A rule that wants six years of experience."""
    for row in view.rows:
        if (row.values["experience_years"] or 0) < 6:
            yield Notice("age", "error", row=row.row, column="experience_years")


def spec(expected):
    table = """
        mentor_fio             | experience_years | consent_processing | entry_date
        Петрова Анна Сергеевна | 21               | да                 | 2026-09-01
        Орлов Пётр Ильич       | 5                |                    |
    """
    return RuleSpec("опыт", Mentors, strict, table, expected)


RIGHT = """
    row | column           | code | severity
    6   | experience_years | age  | error
"""


def test_a_rule_that_says_what_is_expected_passes():
    spec(RIGHT).check()


@pytest.mark.parametrize("wrong", ["", RIGHT.replace("6 ", "5 "), RIGHT.replace("error", "remark")])
def test_a_rule_that_says_something_else_fails_with_both_tables(wrong):
    with pytest.raises(pytest.fail.Exception, match=r"6 \| experience_years \| age \| error"):
        spec(wrong).check()


def test_cells_become_what_the_columns_ask():
    first, second = rows_of(Mentors, spec("").table)
    assert first["experience_years"] == 21
    assert first["consent_processing"] is True
    assert second == {
        "mentor_fio": "Орлов Пётр Ильич",
        "experience_years": 5,
        "consent_processing": None,
        "entry_date": None,
    }


def test_rows_of_a_view_cannot_be_written_into():
    view = check_view(Mentors, [{"mentor_fio": "Петрова Анна Сергеевна"}])
    with pytest.raises(TypeError):
        view.rows[0].values["mentor_fio"] = "Другая"
    assert view.other("F05") == ()


def test_tables_of_a_view_are_copies():
    view = publish_view({"F04": [{"unit": "oo-1", "mentor_fio": "Петрова Анна Сергеевна"}]})
    for table in (view.frame("F04"), view.base("F04")):
        table.loc[0, "mentor_fio"] = "Другая"
    with pytest.raises(TypeError):
        view.rows("F04")[0]["mentor_fio"] = "Другая"
    for table in (view.frame("F04"), view.base("F04")):
        assert list(table["mentor_fio"]) == ["Петрова Анна Сергеевна"]
    assert view.units == (school("oo-1"),)
    assert view.submitted == (("oo-1", "F04"),)


def test_the_view_of_a_unit_has_its_rows_alone_and_no_day():
    rows = [{"unit": unit, "mentor_fio": "Петрова Анна Сергеевна"} for unit in ("oo-1", "oo-2")]
    view = view_of_unit(publish_view({"F04": rows}), "oo-2")
    assert [row["unit"] for row in view.base_rows("F04")] == ["oo-2"]
    assert view.submitted == (("oo-2", "F04"),)
    with pytest.raises(LookupError):
        view.reporting_units()


def test_the_tests_of_the_example_run_without_a_word_to_pytest(tmp_path):
    """In a folder of its own, as in the repository of a plugin."""
    for name in ("nastavnik_clubs.py", "test_clubs.py"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text("utf-8"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "4 passed" in done.stdout) == (0, True), done.stdout


def test_pytest_pays_nothing_for_the_helpers():
    heavy = ("pandas", "pandera", "sqlalchemy", "openpyxl", "prefect", "lxml")
    code = f"import sys, pipeline.testing; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
