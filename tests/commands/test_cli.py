"""The command line: Russian help, one exit code for each kind of end, JSON, never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.workspace.lock import hold
from pipeline.workspace.plugin_loader import Loader
from tests.support.workspace import Workspace, recipient, school, sheets

COMMANDS = [
    *("accept", "approve", "check", "deliver", "demo", "doctor", "explain", "export"),
    *("extend", "init"),
    *("plugins", "publish", "questions", "rebuild", "run", "serve", "status", "template"),
    *("today", "verify", "withdraw"),
]
# Names of commands, options, files and codes; whatever else is Latin is English.
_NAMES = re.compile(
    rf"--?[a-z][a-z-]*|\bKPI70-A\b|\bJSON\b|nastavnik(\.toml)?|Prefect|\.csv|\.xlsx"
    rf"|\bF\d\d\b|\bhtml\b|Ctrl-C|\b(?:{'|'.join(COMMANDS)})\b"
)
GOOD = sheets("oo-101", only=("F02", "F04"))
BAD = sheets("oo-101", only=("F02",), F02=[school("oo-101").rows["F02"][0] | {"fio": "12345"}])


@pytest.fixture(scope="module", autouse=True)
def _russian():
    Loader().commands(cli)


def ask(*words, folder=None):
    """Call the program in this process: exit code, answer, and what was said of trouble."""
    where = ("-C", str(folder)) if folder else ()
    done = CliRunner().invoke(cli, [*where, *map(str, words)], prog_name="nastavnik")
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_these_are_all_commands():
    assert sorted(cli.commands) == COMMANDS


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_russian(name):
    code, text, _ = ask(*filter(None, [name]), "--help")
    assert code == 0
    left = re.findall(r"[A-Za-z]{2,}", _NAMES.sub(" ", text))
    assert left == [], text
    assert re.search("[а-яё]{4,}", text)


@pytest.mark.parametrize(
    "words",
    [
        ("nosuch",),
        ("check",),
        ("check", "нет-такого.xlsx"),
        ("approve",),
        ("accept", "--nosuch"),
        ("questions", "1.0"),
        ("withdraw", "1", "--who", "я", "--reason", "так"),
        ("export", "F00", "x.csv"),
        ("export", "F04", "x.doc"),
        ("explain", "нечто"),
        ("extend", "--unit", "oo-101"),
        ("extend", "--revoke", "1", "--who", "я", "--reason", "так"),
        ("template", "--unit", "oo-999"),
        ("template", "--form", "F00"),
        ("approve", "--who", "я"),
    ],
)
def test_a_call_that_does_not_fit_ends_with_2_and_says_so_in_russian(workspace, words):
    code, text, said = ask(*words, folder=workspace.folder)
    assert (code, text) == (2, "")
    assert re.search("[а-яё]{4,}", said)
    assert not re.search(r"(?i)\b(error|missing|usage|no such|invalid)\b", said)


def test_without_a_workspace_the_code_is_10_and_the_way_out_is_said(tmp_path):
    code, _, said = ask("status", folder=tmp_path)
    assert code == 10
    assert "nastavnik init" in said


@pytest.fixture
def taken(workspace):
    """A workspace with one file waiting."""
    workspace.drop("oo-101", "Книга.xlsx", GOOD)
    return workspace


def told(*words, folder):
    """The answer of `--json`; the command must end well."""
    code, text, said = ask("--json", *words, folder=folder)
    assert code == 0, said
    return json.loads(text)


def test_the_whole_way_by_commands_answers_in_json(taken, tmp_path):
    folder = taken.folder
    assert told("accept", folder=folder)["files"][0]["outcome"] == "accepted"
    made = told("publish", folder=folder)
    assert made["bases"]["F02"] == 1
    assert told("deliver", folder=folder)["packages"][0]["state"] == "not_approved"
    assert told("approve", "--who", "Синицына", folder=folder)["approved"].endswith("_1.zip")
    assert told("deliver", folder=folder)["packages"][0]["state"] == "delivered"
    lines = {line["unit"]: line["forms"] for line in told("status", folder=folder)["units"]}
    assert lines["oo-101"]["F04"]["state"] == "accepted"
    assert told("questions", folder=folder)["questions"] == []
    assert Path(told("today", folder=folder)["file"]).is_file()
    assert told("explain", "KPI70-A", folder=folder)["indicator"] == "KPI70-A"
    assert told("explain", "1", folder=folder)["unit"] == "oo-101"
    assert told("explain", "1.0.0", folder=folder)["form"] == "F02"
    assert told("explain", "krirpo_2026-2027_1", folder=folder)["recipient"] == "krirpo"
    for name in ("база.csv", "база.xlsx"):
        told("export", "f04", tmp_path / name, folder=folder)
        assert (tmp_path / name).stat().st_size > 1000
    assert len(told("template", "--due", folder=folder)["files"]) == 4
    assert told("verify", folder=folder)["damage"] == []
    assert told("rebuild", folder=folder)["facts"] > 3
    assert told("withdraw", "1.0", "--who", "я", "--reason", "так", folder=folder)["fact"]
    assert "forms" in told("plugins", folder=folder)
    assert told("doctor", folder=folder)["python"]


@pytest.mark.parametrize(
    "words",
    [
        ("accept",),
        ("publish",),
        ("status",),
        ("questions",),
        ("today",),
        ("explain", "KPI70-A"),
        ("template", "--empty"),
        ("verify",),
        ("rebuild",),
        ("plugins",),
        ("doctor",),
    ],
)
def test_the_screen_speaks_russian(taken, words):
    code, text, said = ask(*words, folder=taken.folder)
    assert (code, said) == (0, "")
    assert re.search("[а-яё]{4,}", text)


@pytest.mark.parametrize(("data", "code"), [(GOOD, 0), (BAD, 1), (b"%PDF-1.4", 1)])
def test_check_ends_with_1_where_there_are_errors_and_touches_nothing(tmp_path, data, code):
    file = tmp_path / "файл.xlsx"
    file.write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    assert ask("check", file, folder=tmp_path)[0] == code
    _, text, _ = ask("--json", "check", file, folder=tmp_path)
    assert (json.loads(text)["errors"] > 0) is bool(code)
    assert sorted(tmp_path.rglob("*")) == before
    assert file.read_bytes() == data


def test_files_that_are_all_wrong_are_no_failure_of_ours(workspace):
    workspace.drop("oo-101", "Книга.xlsx", BAD)
    assert ask("accept", folder=workspace.folder)[0] == 0


def test_one_file_by_hand_is_taken_and_stays(workspace, tmp_path):
    file = tmp_path / "почта.xlsx"
    file.write_bytes(GOOD)
    code, text, _ = ask("--json", "accept", file, "--unit", "oo-101", folder=workspace.folder)
    assert (code, json.loads(text)["files"][0]["unit"]) == (0, "oo-101")
    assert file.is_file()


def test_a_failed_delivery_ends_with_20(tmp_path, read_here):
    place = Workspace(tmp_path / "ws", recipients=[recipient(address="file:/нет/такого")])
    place.drop("oo-101", "Книга.xlsx", GOOD)
    place.accept()
    place.publish()
    assert ask("approve", "--who", "я", folder=place.folder)[0] == 0
    code, _, said = ask("deliver", folder=place.folder)
    assert (code, "папку получателя" in said) == (20, True)


def test_damage_ends_with_30(taken):
    taken.accept()
    with taken.open() as exchange:
        blob = exchange.archive.path(exchange.store.submission(1).sha256)
    blob.chmod(0o600)
    blob.write_bytes(b"x")
    assert ask("verify", folder=taken.folder)[0] == 30


def test_a_bug_of_ours_ends_with_70_and_tells_no_value(workspace, monkeypatch):
    monkeypatch.setattr("pipeline.commands.report.status", lambda *_: {}["Иванов Пётр"])
    code, _, said = ask("status", folder=workspace.folder)
    assert (code, "Иванов" in said, "KeyError" in said) == (70, False, True)


def test_a_withheld_file_ends_with_70(taken, monkeypatch):
    monkeypatch.setattr("pipeline.acceptance.judge.judge", lambda _case: {}["Иванов Пётр"])
    code, _, said = ask("accept", folder=taken.folder)
    assert (code, "Иванов" in said) == (70, False)


@pytest.mark.parametrize("where", [".nastavnik", "outbox"])
def test_a_disk_that_cannot_be_written_ends_with_74(taken, where):
    path = taken.folder / where
    for file in sorted(path.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    path.rmdir()
    path.write_bytes(b"a file where a folder should be")
    assert ask("accept", folder=taken.folder)[0] == 74


def test_a_workspace_that_another_run_holds_ends_with_75(taken):
    with hold(taken.folder / ".nastavnik"):
        code, _, said = ask("accept", folder=taken.folder)
    assert (code, "занято" in said) == (75, True)
    assert ask("accept", folder=taken.folder)[0] == 0


def test_the_installed_program_answers_quickly_and_in_utf8(tmp_path):
    """`--help` loads neither pandas nor Prefect; an old console still gets Russian."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "--help"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert "Создать пустую рабочую папку" in done.stdout.decode("utf-8")
    assert done.stderr == b""
