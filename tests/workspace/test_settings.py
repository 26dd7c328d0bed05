"""Settings and registry: what they mean, and that a mistake in them is named, not guessed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.errors import SettingsError
from pipeline.workspace.exchange import new_workspace, open_exchange
from pipeline.workspace.settings import Settings, deciding, load_settings
from pipeline.workspace.starter import SETTINGS, UNITS
from pipeline.workspace.units import load_registry

GOOD = 'period = "2026-2027"\n'
RECIPIENT = '[[recipients]]\ncode = "{}"\nname = "КРИРПО"\n'
HEAD = "code;kind;short_name;inn;folder;from;to;may_report_for;aliases\n"


def settings(folder, text):
    (folder / "nastavnik.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def registry(folder, *lines):
    (folder / "units.csv").write_text(HEAD + "\n".join(lines), encoding="utf-8")
    return load_registry(folder)


def test_the_starter_of_init_can_be_opened_at_once(tmp_path):
    new_workspace(tmp_path / "ws", SETTINGS + "\n", UNITS)
    path = tmp_path / "ws" / "nastavnik.toml"
    path.write_text('keys_dir = "keys"\n' + path.read_text("utf-8"), encoding="utf-8")
    with open_exchange(tmp_path / "ws") as exchange:
        assert exchange.settings.recipients[0].code == "krirpo"
        assert exchange.registry.units == {}


def test_init_never_overwrites_a_workspace(tmp_path):
    new_workspace(tmp_path, SETTINGS, UNITS)
    with pytest.raises(SettingsError, match="уже есть"):
        new_workspace(tmp_path, "", "")
    assert (tmp_path / "nastavnik.toml").read_text("utf-8") == SETTINGS


def test_defaults_stand_for_what_is_not_said(tmp_path):
    read = settings(tmp_path, GOOD)
    assert (read.minors, read.level, read.auto_approve) == ("pseudonym", "municipality", False)
    assert read.periods == ("2026-2027",)
    assert read.cron == "30 18 * * 1-5"
    assert str(read.zone) == "Asia/Novokuznetsk"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "period"),
        ('period = "2026"', "2026-2027"),
        ('period = "2026-2028"', "2026-2027"),
        ('period = "2026-2027"\nperiods = ["2025-2026"]', "periods"),
        (GOOD + "nosuch = 1", "nosuch"),
        (GOOD + 'auto_approve = "нет"', "auto_approve"),
        (GOOD + 'answer_days = "8"', "answer_days"),
        (GOOD + "answer_days = true", "answer_days"),
        # A day beyond the calendar withheld every answer.
        (GOOD + "answer_days = 100000000", "answer_days"),
        (GOOD + "name = 7", "name"),
        (GOOD + 'recipients = "КРИРПО"', "recipients"),
        (GOOD + 'plugins = "нет"', "plugins"),
        (GOOD + 'minors = "all"', "minors"),
        (GOOD + 'level = "school"', "level"),
        (GOOD + 'timezone = "Марс"', "Марс"),
        (GOOD + "[[recipients]]\nname = 'x'", "получатель"),
        (GOOD + "[[recipients]]\ncode = 'a'\nname = 'x'\ncolour = 'y'", "получатель"),
        (GOOD + RECIPIENT.format("a") + RECIPIENT.format("a"), "«a»"),
        (GOOD + RECIPIENT.format("../x"), "../x"),
        ("period = ", "не читается"),
        (GOOD + "answer_days = -1", "answer_days"),
        (GOOD + "periods = [2026]", "periods"),
        (GOOD + 'plugins.disabled = "kpi70"', "plugins"),
        (GOOD + "plugins.disabled = [1]", "plugins"),
        (GOOD + "schedule.cron = 18", "schedule"),
        (GOOD + "neighbours.0042000010 = true", "neighbours"),
        (GOOD + "recipients = [1]", "recipients"),
        (GOOD + RECIPIENT.format("a") + 'share_curators = "нет"', "share_curators"),
        (GOOD + RECIPIENT.format("a") + "share_curators = 0", "share_curators"),
        (GOOD + RECIPIENT.format("a") + "address = 1", "«a»: address"),
        (GOOD + RECIPIENT.format("a") + 'address = "file:inbox/a"', "«a»: address"),
        (GOOD + RECIPIENT.format("a") + 'address = "file:.nastavnik"', "«a»: address"),
        (GOOD + RECIPIENT.format("a") + 'address = "file:a\\u0000b"', "«a»: address"),
        (GOOD + 'database = "mysql://x"', "database"),
        (GOOD + 'database = "чепуха"', "database"),
        (GOOD + 'inbox = ""', "inbox"),
        (GOOD + 'inbox = "."', "inbox"),
        (GOOD + 'inbox = ".."', "inbox"),
        (GOOD + 'inbox = "x/.."', "inbox"),
        (GOOD + 'inbox = "/"', "inbox"),
        (GOOD + 'inbox = ".nastavnik"', "inbox"),
        (GOOD + 'inbox = ".nastavnik/archive"', "inbox"),
        (GOOD + 'inbox = "in\\u0000box"', "inbox"),
        (GOOD + 'outbox = ""', "outbox"),
        (GOOD + 'outbox = "./.nastavnik/ledger"', "outbox"),
        (GOOD + 'outbox = "inbox"', "inbox и outbox"),
        (GOOD + 'outbox = "inbox/answers"', "inbox и outbox"),
        (GOOD + 'inbox = "outbox/in"', "inbox и outbox"),
        (GOOD + 'keys_dir = "outbox/keys"', "keys_dir"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path, text, words):
    with pytest.raises(SettingsError) as trouble:
        settings(tmp_path, text)
    assert words in str(trouble.value)
    assert trouble.value.exit_code == 10


def test_all_mistakes_are_named_at_once(tmp_path):
    text = 'nosuch = 1\nanswer_days = "8"\n' + RECIPIENT.format("a") + 'share_curators = "нет"'
    with pytest.raises(SettingsError) as trouble:
        settings(tmp_path, text)
    assert [line.split(": ", 1)[1] for line in str(trouble.value).splitlines()] == [
        "ключ «nosuch» неизвестен.",
        "answer_days – нужно целое число от 0.",
        "получатель «a»: share_curators – нужно true или false.",
    ]
    with pytest.raises(SettingsError) as trouble:
        settings(tmp_path, 'period = "2026"\ninbox = ""\ntimezone = "Марс"')
    assert len(str(trouble.value).splitlines()) == 4


def test_folders_elsewhere_are_as_good(tmp_path):
    there = tmp_path / "сеть"
    text = f"{GOOD}inbox = '{there / 'in'}'\noutbox = '{there / 'out'}'\nkeys_dir = 'keys'"
    assert settings(tmp_path, text).inbox == str(there / "in")


def test_a_workspace_is_never_its_own_inbox(workspace):
    """The program would take away its settings, its facts and its key."""
    path = workspace.folder / "nastavnik.toml"
    path.write_text('inbox = ""\n' + path.read_text("utf-8"), encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in workspace.folder.rglob("*")}
    ended = CliRunner().invoke(cli, ["-C", str(workspace.folder), "accept"])
    assert (ended.exit_code, "inbox" in ended.stderr) == (10, True)
    assert {p: p.stat().st_mtime_ns for p in workspace.folder.rglob("*")} == before


def test_without_settings_the_way_out_is_said(tmp_path):
    with pytest.raises(SettingsError, match="nastavnik init"):
        load_settings(tmp_path)


def test_only_what_decides_about_data_is_kept_with_decisions():
    same = Settings(period="2026-2027", name="А", answer_days=5, auto_approve=True)
    assert deciding(same) == deciding(Settings(period="2026-2027"))
    assert deciding(Settings(period="2026-2027", minors="full")) != deciding(same)


def test_a_unit_is_read_with_all_that_is_known_of_it(tmp_path):
    read = registry(tmp_path, "oo-1;ОО;Школа;0042000010;Первая;2020-09-01;2027-08-31;oo-2|oo-3;а|б")
    (unit,) = read.units.values()
    assert (unit.folder, unit.may_report_for, unit.aliases) == (
        "Первая",
        ("oo-2", "oo-3"),
        ("а", "б"),
    )
    assert read.by_folder("ПЕРВАЯ") is unit
    assert read.by_folder("oo-1") is unit
    assert read.by_inn("0042000010") == (unit,)


def test_without_a_folder_the_code_is_the_folder(tmp_path):
    assert registry(tmp_path, "oo-1;ОО;Школа;;;;;;").by_folder("OO-1").code == "oo-1"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["oo-1;ОО;;;;;;;"], "строка 2"),
        ([";ОО;Школа;;;;;;"], "строка 2"),
        (["oo-1;ОО;Школа;;;;;;", "oo-1;ОО;Школа 2;;;;;;"], "строка 3: код «oo-1»"),
        (["oo-1;ОО;А;;Дом;;;;", "oo-2;ОО;Б;;дом;;;;"], "папка «дом»"),
        (["oo-1;ОО;А;;;;;;", "oo-2;ОО;Б;;oo-1;;;;"], "папка «oo-1»"),
        (["oo-1;школа;Школа;;;;;;"], "kind"),
        (["oo/1;ОО;Школа;;;;;;"], "код"),
        (["oo-1;ОО;Школа;;;вчера;;;"], "вчера"),
        # The answers of «..» would lie outside the folder of units.
        (["..;ОО;Школа;;;;;;"], "папка «..»"),
        (["oo-1;ОО;Школа;;../x;;;;"], "папка «../x»"),
        (["oo-1.;ОО;Школа;;;;;;"], "папка «oo-1.»"),
        (["con;ОО;Школа;;;;;;"], "папка «con»"),
        (["я" * 130 + ";ОО;Школа;;;;;;"], "до 80 знаков"),
        # What comes to the folder of the second would be taken for the first.
        (["oo-1;ОО;А;;oo-2;;;;", "oo-2;ОО;Б;;дом;;;;"], "строка 3: папка «oo-2»"),
        (["oo-1;ОО;А;;а;;;;", "OO-1;ОО;Б;;б;;;;"], "строка 3: папка «OO-1»"),
        # Else the schools below would be gone without a word.
        (["oo-1;ОО;А;;;;;;", 'oo-2;ОО;"Б;;;;;;', "oo-3;ОО;В;;;;;;"], "строка 3: кавычка"),
        (["oo-1;ОО;" + "ш" * 200_000 + ";;;;;;"], "строка 2"),
    ],
)
def test_a_mistake_in_the_registry_is_named_by_its_line(tmp_path, lines, words):
    with pytest.raises(SettingsError) as trouble:
        registry(tmp_path, *lines)
    assert words in str(trouble.value)


def test_a_name_of_two_lines_is_a_name_and_empty_lines_are_counted(tmp_path):
    lines = ["", 'oo-1;ОО;"Школа\n№ 1";;;;;;', "", "oo-2;ОО;Школа;;;вчера;;;"]
    with pytest.raises(SettingsError, match="строка 6"):
        registry(tmp_path, *lines)
    assert registry(tmp_path, *lines[:2]).units["oo-1"].short_name == "Школа № 1"


def test_any_change_of_the_registry_is_another_registry(tmp_path):
    first = registry(tmp_path, "oo-1;ОО;Школа;;;;;;")
    second = registry(tmp_path, "oo-1;ОО;Школа 1;;;;;;")
    assert first.digest != second.digest


def test_a_lost_key_is_no_reason_to_make_a_new_one(workspace):
    """Pupils would get other codes and be counted twice."""
    (workspace.folder / ".nastavnik" / "ledger.jsonl").write_bytes(b"")
    (workspace.folder / "keys" / "test.key").unlink()
    with pytest.raises(SettingsError, match="ключа"), workspace.open():
        pass


def test_a_key_is_made_once_and_readable_by_its_owner_only(workspace):
    key = workspace.folder / "keys" / "test.key"
    key.unlink()
    with workspace.open() as exchange:
        first = exchange.key
    with workspace.open() as exchange:
        assert exchange.key == first
        assert repr(first)[2:-1] not in repr(exchange)
    assert key.stat().st_mode & 0o077 == 0
