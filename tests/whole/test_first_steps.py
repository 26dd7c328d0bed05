"""The first hour of a coordinator: files as Excel and Notepad save them, and plain answers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from pipeline.answers.issue_blanks import issue_templates
from pipeline.cli import cli
from pipeline.commands import screen
from pipeline.errors import SettingsError
from pipeline.workspace.exchange import new_workspace, open_exchange
from pipeline.workspace.settings import load_settings
from pipeline.workspace.starter import SETTINGS, UNITS
from pipeline.workspace.units import load_registry

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
LINE = "oo-1;ОО;;{inn};;{ogrn};МБОУ «СОШ № 101»;;;;;{folder};{since};\n"


def line(inn="0042000010", ogrn="", folder="", since=""):
    return LINE.format(inn=inn, ogrn=ogrn, folder=folder, since=since)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    new_workspace(tmp_path / "округ", SETTINGS, UNITS)
    return tmp_path / "округ"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_units_are_read_in_every_encoding_that_excel_saves(workspace, encoding):
    (workspace / "units.csv").write_text(UNITS + line(since="01.09.2026"), encoding=encoding)
    (unit,) = load_registry(workspace).units.values()
    assert unit.short_name == "МБОУ «СОШ № 101»"
    assert unit.since == date(2026, 9, 1)


def test_lines_that_excel_leaves_empty_are_passed_over(workspace):
    (workspace / "units.csv").write_text(UNITS + line() + ";" * 13 + "\n", encoding="utf-8")
    assert list(load_registry(workspace).units) == ["oo-1"]


def test_a_registry_without_its_header_says_so(workspace):
    (workspace / "units.csv").write_text(line(), encoding="utf-8")
    with pytest.raises(SettingsError, match="нет столбцов code и short_name"):
        load_registry(workspace)


def test_settings_may_begin_with_the_mark_of_notepad(workspace):
    (workspace / "nastavnik.toml").write_text(SETTINGS, encoding="utf-8-sig")
    assert load_settings(workspace).recipients[0].name == "КРИРПО"


def test_settings_in_another_encoding_say_how_to_save_them(workspace):
    (workspace / "nastavnik.toml").write_text(SETTINGS, encoding="cp1251")
    with pytest.raises(SettingsError, match="кодировка UTF-8"):
        load_settings(workspace)


def issue(workspace, **words):
    (workspace / "units.csv").write_text(UNITS + line(**words), encoding="utf-8")
    with open_exchange(workspace) as exchange:
        return issue_templates(exchange, NOW, units=(), forms=())


def test_a_unit_that_gets_a_blank_gets_its_inbox_folder_too(workspace):
    (blank,) = issue(workspace, folder="Школа 101")
    assert blank.is_file()
    assert (workspace / "inbox" / "Школа 101").is_dir()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ({"inn": "0042000011"}, "ИНН"),
        ({"inn": "42000011"}, "ИНН"),
        ({"ogrn": "1,0242E+12"}, "ОГРН"),
        ({"ogrn": "1024200000011"}, "ОГРН"),
    ],
)
def test_a_number_of_ours_that_is_wrong_reaches_no_school(workspace, words, title):
    with pytest.raises(SettingsError, match=f"{title} .* организации «oo-1» с ошибкой"):
        issue(workspace, **words)
    assert not list((workspace / "outbox").rglob("*.xlsx"))


def shown(capsys, page, data):
    screen.show(page, data)
    return capsys.readouterr().out


def test_a_refused_file_says_how_many_of_its_forms_count_and_which_do_not(capsys):
    forms = {"F01": "rejected", "F04": "accepted_partly", "F05": "accepted"}
    one = {"submission": 7, "name": "СОШ", "outcome": "rejected", "forms": forms, "repeated": False}
    titles = {"F01": "1 Карточка", "F04": "4 Наставники", "F05": "5 Наставляемые"}
    words = shown(capsys, "accept", {"files": [one], "titles": titles, "aside": []})
    assert "не принято" in words
    assert "2 из 3, кроме «1 Карточка»" in " ".join(words.split())
    assert "F0" not in words


def test_a_question_is_shown_in_words_before_its_choices(capsys):
    choices = {"oo-1": "Это файл школы 1", "reject": "Не принимать"}
    one = {"id": "3.0", "name": "СОШ № 1", "text": "Чей это файл?", "choices": choices}
    words = shown(capsys, "questions", {"questions": [one]})
    assert words.index("Чей это файл?") < words.index("1 – Это файл школы 1")
    assert '--who "' in words


def test_a_row_is_explained_by_its_russian_headers(capsys):
    row = {"row": "1.0.0", "form": "F04", "unit": "oo-1", "submission": 1, "sheet": "4", "line": 7}
    words = {"values": {"kpk_done": True}, "raw": {"kpk_done": "+"}, "titles": {"kpk_done": "КПК"}}
    said = shown(capsys, "explain", {**row, **words, "versions": [{"row": "1.0.0"}]})
    assert "КПК: да (в файле: +)" in said


def test_blanks_for_nobody_say_why(capsys):
    assert "units.csv" in shown(capsys, "template", {"files": []})


def test_the_status_of_a_school_with_five_late_forms_stands_on_one_line(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    states = ("rejected", "accepted_with_remarks", "none", "held", "rejected")
    forms = {f"F0{i}": {"state": s, "late": True} for i, s in enumerate(states)}
    units = [{"unit": "oo-1", "name": "МБОУ «СОШ № 101»", "forms": forms}]
    data = {"units": units, "questions": 0, "packages": [], "last_run": None, "faults": []}
    titles = {f"F0{i}": f"{i} Наставляемые" for i in range(5)}
    words = shown(
        capsys,
        "status",
        {
            **data,
            "titles": titles,
            "bases_missing": ["K01"],
            "aside": [],
            "last_run_error": "",
            "missed_run": None,
        },
    )
    assert "Базы не сводятся: K01" in words
    line = " ".join(words.splitlines()[1].split())
    assert line == "МБОУ «СОШ № 101» не принято ! с замеч. ! нет ! отложено ! не принято !"
    assert max(map(len, words.splitlines())) <= 80
    assert "! – просрочено" in words
    assert "F03 – 3 Наставляемые; " in " ".join(words.split())


def test_a_missing_file_is_told_in_russian():
    done = CliRunner().invoke(cli, ["check", "нет.xlsx"], prog_name="nastavnik")
    assert done.exit_code == 2
    assert "Файл 'нет.xlsx' не существует" in done.output
    assert "nastavnik check [ПАРАМЕТРЫ] ФАЙЛ" in done.output
