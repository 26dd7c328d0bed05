"""The example plugin of the docs, and the answers of `--json`, in a workspace that runs."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import run
from pipeline.answers.issue_blanks import issue_templates
from pipeline.cli import cli
from pipeline.commands.explain import explain
from pipeline.workspace.exchange import new_workspace
from pipeline.workspace.plugin_loader import Loader
from pipeline.workspace.starter import SETTINGS, UNITS

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
UNIT = "oo-1;ОО;;0042000010;;;МБОУ «СОШ № 101»;;;;;;;\n"
# Keys of these are codes or names, not words of ours.
NAMES = {"forms", "bases", "choices", "values", "raw", "counts", "foreign_owners", "titles"}


@pytest.fixture(autouse=True)
def keys_apart(tmp_path, monkeypatch):
    """Keys of the test's workspace lie beside it, not in the settings of whoever runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "config"))


@pytest.fixture
def workspace(tmp_path):
    new_workspace(tmp_path / "округ", SETTINGS, UNITS + UNIT)
    return tmp_path / "округ"


@pytest.fixture
def example(monkeypatch, tmp_path):
    """The modules of the example, importable as an installed plugin would be.

    They are copied: what pip leaves beside the example would load them a second time.
    """
    folder = tmp_path / "example"
    folder.mkdir()
    for path in (ROOT / "docs" / "example").glob("nastavnik_*.py"):
        shutil.copy(path, folder)
    monkeypatch.syspath_prepend(str(folder))
    import nastavnik_clubs  # noqa: PLC0415  # importable only here
    import nastavnik_clubs_more  # noqa: PLC0415  # as above

    yield nastavnik_clubs, nastavnik_clubs_more
    for name in ("nastavnik_clubs", "nastavnik_clubs_more"):
        sys.modules.pop(name, None)


def fill(path, sheet, rows):
    """Type *rows* under the example of a table sheet, by header, and save beside nothing."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    head = next(r for r in page.iter_rows(max_row=9) if any("ФИО" in str(c.value) for c in r))
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in head if cell.value}
    first = next(n for n in range(head[0].row, 12) if page.cell(n, 1).value == "Пример") + 1
    for number, row in enumerate(rows, first):
        for title, value in row.items():
            page.cell(number, columns[title], value)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


MENTOR = {
    "ФИО наставника": "Эталонов Пётр Ильич",
    "Место работы/учебы наставника": "МБОУ «СОШ № 101»",
    "Основные компетенции наставника": "олимпиадная физика",
    "Дата вхождения в программу": "01.09.2026",
    "Форма наставничества": "учитель – учитель",
}
CLUBS = [
    {"Название клуба": "Опыт", "ФИО руководителя клуба": "Эталонов Пётр Ильич", "Участников": 7},
    {"Название клуба": "Речь", "ФИО руководителя клуба": "Чужакова Анна Ивановна", "Участников": 3},
]


def hand_in(exchange, form, sheet, rows):
    (blank,) = issue_templates(exchange, NOW, units=(), forms=(form,))
    target = exchange.inbox / "oo-1" / f"{form}.xlsx"
    target.write_bytes(fill(blank, sheet, rows))


def test_the_example_gives_a_form_a_rule_a_figure_and_a_document(workspace, example):
    with run.open_exchange(workspace, plugins=example[:1]) as exchange:
        hand_in(exchange, "F04", "4 Наставники", [MENTOR])
        run.accept(exchange, NOW, quiet=0)
        hand_in(exchange, "K01", "Клубы", CLUBS)
        (decided,) = run.accept(exchange, NOW, quiet=0)
        done = run.publish(exchange, NOW)
        assert not done.publication.failed
        said = explain(exchange, NOW, str(decided.number))["parts"][0]
        figure = explain(exchange, NOW, "CLUBS")

        assert decided.outcome == "accepted_with_remarks"
        assert [(n["code"], n["cell"], n["value"]) for n in said["notices"]] == [
            ("club_leader_unknown", "C7", "Чужакова Анна Ивановна")
        ]
        assert (figure["numerator_proven"], figure["denominator"]) == (1, 1)
        document = exchange.outbox / "documents" / "2026-2027" / "K10 Клубы наставников.xlsx"
        page = openpyxl.load_workbook(document)["Клубы"]
        assert {c.value for c in page["C"]} >= {"Эталонов Пётр Ильич", "Чужакова Анна Ивановна"}


def test_the_example_answers_every_hook(example, tmp_path):
    loader = Loader(extra=example)
    described = loader.describe()
    more = example[1]

    assert not [info for info in described.infos if info.error]
    assert {"K01"} <= set(described.plans)
    assert {s.kind for s in described.stages if s.name.startswith("clubs_")} == {
        "check",
        "merge",
        "enrich",
        "remark",
    }
    (tmp_path / "rows.json").write_text('[["Название клуба"], ["Опыт"]]', encoding="utf-8")
    assert more.sniff(b'[["a"]]', "rows.json") > more.sniff(b"a;b", "rows.json")
    assert more.read(str(tmp_path / "rows.json")).sheets[0].rows[1] == ["Опыт"]
    assert "usb" in described.transports
    assert "club_kind" in described.vocabularies


def test_the_rule_of_the_readme_runs(workspace, tmp_path, monkeypatch):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)[1]
    (tmp_path / "readme_rule.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import readme_rule  # noqa: PLC0415  # written just now

    with run.open_exchange(workspace, plugins=[readme_rule]) as exchange:
        hand_in(exchange, "F04", "4 Наставники", [MENTOR])
        (decided,) = run.accept(exchange, NOW, quiet=0)
        part = exchange.store.submission(decided.number).parts[0]
        assert "mentor_no_hours" in {notice.code for notice in part.notices}


def keys_of(answer):
    """All keys of an answer but those that are codes or names."""
    if isinstance(answer, list):
        return set().union(*map(keys_of, answer)) if answer else set()
    if not isinstance(answer, dict):
        return set()
    found = set(answer)
    for key, value in answer.items():
        inner = list(value.values()) if key in NAMES and isinstance(value, dict) else value
        found |= keys_of(inner)
    return found


def test_every_key_of_every_answer_is_documented(workspace, tmp_path):
    with run.open_exchange(workspace) as exchange:
        hand_in(exchange, "F04", "4 Наставники", [MENTOR])
    file = tmp_path / "чужой.xlsx"
    file.write_bytes((workspace / "inbox" / "oo-1" / "F04.xlsx").read_bytes())

    def ask(*words):
        done = CliRunner().invoke(cli, ["-C", str(workspace), "--json", *words])
        assert done.exit_code == 0, (words, done.output)
        return json.loads(done.stdout)

    accepted = ask("accept")
    number = str(accepted["files"][0]["submission"])
    answers = [
        accepted,
        ask("publish"),
        ask("approve", "--who", "Координаторова А.А."),
        ask("deliver"),
        *(ask(word) for word in ("status", "questions", "today", "verify", "rebuild", "plugins")),
        ask("doctor"),
        ask("check", str(file)),
        ask("template", "--due"),
        ask("export", "F04", str(tmp_path / "base.csv")),
        ask("explain", "KPI70-A"),
        ask("explain", number),
        ask("explain", f"{number}.0.0"),
        ask("explain", "krirpo_2026-2027_1"),
        ask("withdraw", f"{number}.0", "--who", "Координаторова А.А.", "--reason", "опыт"),
    ]
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    missing = {key for key in keys_of(answers) if f"`{key}`" not in page}
    assert not {key for key in missing if not key.startswith("skipped_")}
