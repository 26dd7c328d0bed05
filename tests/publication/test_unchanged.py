"""A publication from equal inputs is not made again, and every other one is."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from pipeline.workspace import plugin_loader
from tests.support.workspace import NOW, sheets

HEAVY = {"pandas", "pandera", "xlsxwriter", "openpyxl"}


class Silent:
    """A plugin that brings nothing; what it would change nobody can tell."""


@pytest.fixture
def published(workspace):
    workspace.give("oo-101", "Книга.xlsx", sheets("oo-101"))
    first = workspace.publish()
    assert first.publication is not None
    return workspace, first


def documents(workspace):
    return sorted((workspace.outbox / "documents").rglob("*.xlsx"))


def test_without_news_nothing_is_made_and_the_answer_is_the_same(published):
    workspace, first = published
    before = workspace.files()
    again = workspace.publish(now=NOW + timedelta(minutes=5))
    assert again.publication is None
    assert again.summary == first.summary
    assert [(d.name, d.new) for d in again.drafts] == [(d.name, False) for d in first.drafts]
    assert workspace.files() == before


def test_a_document_that_was_taken_away_or_changed_is_written_again(published):
    workspace, _ = published
    gone, changed = documents(workspace)[:2]
    before = [path.read_bytes() for path in (gone, changed)]
    gone.unlink()
    changed.write_bytes(b"typed over")
    assert workspace.publish().publication is not None
    assert [path.read_bytes() for path in (gone, changed)] == before


def test_a_package_that_was_taken_away_is_put_back(published):
    workspace, first = published
    path = first.drafts[0].path
    before = path.read_bytes()
    path.unlink()
    assert workspace.publish().publication is None
    assert path.read_bytes() == before


def test_a_new_file_a_new_day_and_new_settings_are_news(published):
    workspace, _ = published
    workspace.give("oo-102", "Книга.xlsx", sheets("oo-102"), second=60)
    assert workspace.publish().publication is not None
    assert workspace.publish(now=NOW + timedelta(days=1)).publication is not None
    settings = workspace.folder / "nastavnik.toml"
    settings.write_text("# иначе\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    assert workspace.publish(now=NOW + timedelta(days=1)).publication is not None


def test_plugins_given_by_a_program_are_always_heard(published):
    workspace, _ = published
    assert workspace.publish(Silent()).publication is not None


def test_a_plugin_that_could_not_be_loaded_is_made_up_for_when_it_can(workspace, monkeypatch):
    """Its files are the same: what it needs of others was missing."""
    workspace.give("oo-101", "Книга.xlsx", sheets("oo-101"))
    load = plugin_loader._module

    def without(name):
        if name == "doc_registry":
            raise ImportError
        return load(name)

    with monkeypatch.context() as patch:
        patch.setattr(plugin_loader, "_module", without)
        workspace.publish()
    before = documents(workspace)
    workspace.publish()
    assert len(documents(workspace)) > len(before) > 0


def test_before_the_first_fact_everything_is_made(workspace):
    workspace.publish()
    assert workspace.publish().publication is not None


def test_a_run_without_news_opens_no_pandas(published):
    workspace, _ = published
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from pipeline import run\n"
        "with run.open_exchange(Path(sys.argv[1])) as exchange:\n"
        "    now = datetime.fromisoformat(sys.argv[2])\n"
        "    run.accept(exchange, now, quiet=0)\n"
        "    assert run.publish(exchange, now).publication is None\n"
        "print(*sys.modules)\n"
    )
    command = (sys.executable, "-c", code, str(workspace.folder), NOW.isoformat())
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())
