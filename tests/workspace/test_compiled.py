"""Plans kept between runs: equal to those of the contracts, and made anew when in doubt."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contracts.f02_curators import Curators
from pipeline.errors import SettingsError
from pipeline.hookspecs import hookimpl
from pipeline.workspace import compiled
from pipeline.workspace.compiled import Compiled, LazyForms
from pipeline.workspace.plugin_loader import Loader

MADE = Loader().describe()
FILE = "contracts.json"


class Broken:
    """A plugin whose vocabularies cannot be had."""

    @hookimpl
    def register_vocabularies(self):
        raise OSError


@pytest.fixture
def folder(tmp_path):
    Loader().describe(tmp_path)
    return tmp_path


def test_what_was_kept_is_what_the_contracts_come_to(folder):
    again = Loader().describe(folder)
    assert isinstance(again.forms, LazyForms)
    assert (again.plans, again.vocabularies) == (MADE.plans, MADE.vocabularies)
    assert again.digests == MADE.digests == {c: p.digest for c, p in again.plans.items()}
    assert again.forms == MADE.forms


@pytest.mark.parametrize("kind", ["cut short", "another plan", "another key"])
def test_what_is_not_what_was_kept_is_made_anew(folder, kind):
    path = folder / FILE
    before = path.read_bytes()
    said = json.loads(before)
    if kind == "another plan":
        said["data"]["plans"][0]["title"] = "Иная форма"
    if kind == "another key":
        said["key"] = "0" * 64
    path.write_bytes(before[:1000] if kind == "cut short" else json.dumps(said).encode())
    again = Loader().describe(folder)
    assert not isinstance(again.forms, LazyForms)
    assert again.plans == MADE.plans
    assert path.read_bytes() == before


def test_a_plugin_more_or_less_is_another_key(folder):
    assert not isinstance(Loader(["forms"]).describe(folder).forms, LazyForms)


def test_nothing_is_kept_while_a_plugin_fails(tmp_path):
    Loader(extra=[Broken]).describe(tmp_path)
    assert not (tmp_path / FILE).exists()


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "derived").write_text("a file")
    assert Loader().describe(tmp_path / "derived").plans == MADE.plans


def test_contracts_that_changed_meanwhile_stop_the_run_once(folder, monkeypatch):
    described = Loader().describe(folder)
    changed = replace(Curators.plan(), title="Иная форма")
    monkeypatch.setattr(Curators, "plan", lambda: changed)
    with pytest.raises(SettingsError, match="Повторите"):
        described.forms["F02"]
    assert not (folder / FILE).exists()


def test_a_digest_stands_for_the_whole_plan():
    plan = Curators.plan()
    made = Compiled.of({plan.code: plan}, {})
    assert made.digests == {"F02": plan.digest}
    assert compiled.fingerprint(["a"]) == compiled.fingerprint(["a"]) != compiled.fingerprint(["b"])
