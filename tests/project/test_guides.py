"""The guides for contributors: what they show runs as it is shown."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import contracts
from pipeline import run
from pipeline.workspace.plugin_loader import Loader
from tests.support.workspace import NOW, careful_book, forget_forms

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FILE = re.compile(r"<!-- file: (\S+) -->\n\n```python\n(.*?)```", re.DOTALL)
TABLE = re.compile(r"<!-- table: ([^>]+) -->\n\n((?:\|.*\n)+)")


SOURCES = sorted(p for room in ("contracts", "pipeline") for p in (ROOT / room).rglob("*.py"))


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def files(name):
    return dict(FILE.findall(page(name)))


def table(name, title):
    """The rows of a table of a page, without its head and the line under it."""
    lines = dict(TABLE.findall(page(name)))[title].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return cells[:1] + cells[2:]


@pytest.fixture
def new_form(tmp_path, monkeypatch):
    """The contract of the page, beside the built-in ones."""
    ((name, code),) = files("new-form.md").items()
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / Path(name).name).write_text(code, encoding="utf-8")
    monkeypatch.setattr(contracts, "__path__", [*contracts.__path__, str(folder)])
    forget_forms()
    yield
    module = Path(name).stem
    sys.modules.pop(f"contracts.{module}", None)
    vars(contracts).pop(module, None)
    forget_forms()


def test_the_new_form_reads_what_the_page_shows(new_form, workspace):
    book = openpyxl.Workbook()
    for row in table("new-form.md", "a school's sheet"):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    data = io.BytesIO()
    book.save(data)
    decided = workspace.give("oo-101", "Мероприятия.xlsx", data.getvalue())
    with workspace.open() as exchange:
        notices = exchange.store.submission(decided.number).parts[0].notices
    told = sorted((str(notice.row), f"`{notice.code}`") for notice in notices)
    assert told == sorted(map(tuple, table("new-form.md", "what it is told")[1:]))
    plan = Loader().describe().plans["F99"]
    assert [c.name for c in plan.columns if not (c.ignored or c.help)] == []
    base = workspace.publish().publication.view.base("F99")
    assert base[["title", "event_kind", "participants"]].values.tolist() == [
        ["Школа молодого учителя", "семинар", 12]
    ]


def test_the_tests_of_the_new_rule_pass(tmp_path):
    shown = files("new-rule.md")
    assert set(shown) == {"rules_load.py", "test_rules_load.py"}
    for name, code in shown.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    words = ("-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--rootdir", str(tmp_path), str(tmp_path)],
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_new_rule_speaks_to_a_school(tmp_path, workspace):
    path = tmp_path / "rules_load.py"
    path.write_text(files("new-rule.md")["rules_load.py"], encoding="utf-8")
    spec = importlib.util.spec_from_file_location("rules_load", path)
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    rule.MOST = 0
    workspace.drop("oo-101", "Книга ОО.xlsx", careful_book("oo-101"))
    with workspace.open(rule) as exchange:
        (decided,) = run.accept(exchange, NOW, quiet=0)
        parts = exchange.store.submission(decided.number).parts
        (mentors,) = (part for part in parts if part.form == "F04")
        said = [notice for notice in mentors.notices if notice.code == "mentor_has_many"]
    assert len(said) == mentors.counts["accepted"] > 0
    assert decided.outcome == "accepted_with_remarks"


def test_words_of_the_glossary_are_words_of_the_code():
    rows = [line.split("|")[2] for line in page("glossary.md").splitlines() if line.startswith("|")]
    named = {word for cell in rows for word in re.findall(r"`(\w+)`", cell)}
    spoken = set(re.findall(r"\w+", " ".join(p.read_text(encoding="utf-8") for p in SOURCES)))
    assert len(named) > 30
    assert named - spoken == set()
