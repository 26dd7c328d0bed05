"""A plugin of somebody else, in a distribution of its own, installed beside the program."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.support.workspace import Workspace, careful_book, edited

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
_PROGRAM = (sys.executable, "-c", "from pipeline.cli import main; main()")
CLUB = ("Мастерская", "Петрова Анна Сергеевна", 12, "01.09.2025")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the example plugin as pip installs it."""
    target = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "clubs"
    shutil.copytree(EXAMPLE, source, ignore=shutil.ignore_patterns("build", "*.egg-info", "__*"))
    words = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run(
        [sys.executable, "-m", "pip", *words, "--target", str(target), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target


class Program:
    """The program in a process of its own, with or without the plugin."""

    def __init__(self, folder, site=None):
        self.folder = folder
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join([root, *([str(site)] if site else [])])
        self._environment = {**os.environ, "PYTHONPATH": path}

    def ask(self, *words):
        done = subprocess.run(
            [*_PROGRAM, "-C", str(self.folder), "--json", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self._environment,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def lived(site, tmp_path_factory):
    """A workspace in which a club was handed in on a blank that the program issued."""
    place = Workspace(tmp_path_factory.mktemp("clubs") / "ws", more="auto_approve = true")
    program = Program(place.folder, site)
    (blank, *_) = program.ask("template", "--unit", "oo-101", "--form", "K01")["files"]
    data = Path(blank).read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Клубы"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Пример") + 1
    cells = [("Клубы", f"{letter}{row}", v) for letter, v in zip("BCDE", CLUB, strict=True)]
    place.drop("oo-101", "Книга.xlsx", careful_book("oo-101"))
    place.drop("oo-101", "Клубы.xlsx", edited(data, *cells), second=90)
    return place, program, program.ask("accept"), program.ask("publish")


def test_the_plugin_is_listed_with_its_distribution_and_hooks(lived):
    _, program, _, _ = lived
    listed = {info["name"]: info for info in program.ask("plugins")["plugins"]}
    assert (listed["clubs"]["origin"], listed["clubs"]["version"]) == ("nastavnik-clubs", "0.1.0")
    assert "register_contracts" in listed["clubs"]["hooks"]
    assert not [info for info in listed.values() if info["error"]]


def test_its_form_arrives_as_a_file_and_gets_a_receipt_with_its_own_notice(lived):
    place, _, accepted, _ = lived
    assert [one["outcome"] for one in accepted["files"]] == ["accepted", "accepted_with_remarks"]
    receipt = place.receipt("oo-101", 2)
    assert [form["form"] for form in receipt["forms"]] == ["K01"]
    assert [notice["code"] for notice in receipt["notices"]] == ["club_leader_unknown"]


def test_it_has_a_base_an_indicator_and_a_document(lived, tmp_path):
    place, program, _, published = lived
    assert (published["bases"]["K01"], published["failed"]) == (1, [])
    assert program.ask("explain", "CLUBS")["denominator"] > 5
    assert (place.outbox / "documents" / "2026-2027" / "K10 Клубы наставников.xlsx").is_file()
    program.ask("export", "K01", str(tmp_path / "клубы.csv"))
    assert CLUB[0] in (tmp_path / "клубы.csv").read_text("utf-8")


def test_it_goes_up_with_a_schema_and_without_its_names(lived, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    place, _, _, _ = lived
    shutil.unpack_archive(place.outbox / "packages" / "krirpo" / "krirpo_2026-2027_1.zip", tmp_path)
    package = frictionless.Package(str(tmp_path / "data" / "datapackage.json"))
    assert package.validate().valid
    (row,) = package.get_resource("k01_clubs").read_rows()
    assert row["members"] == CLUB[2]
    text = (tmp_path / "data" / "K01_clubs.csv").read_text("utf-8")
    assert "Петрова" not in text
    assert CLUB[0] not in text


def test_it_has_a_page_in_the_dictionary(site, tmp_path):
    code = (
        "import sys; from pipeline.reference import forms;"
        "from pipeline.workspace.plugin_loader import Loader;"
        "p = Loader().describe();"
        "pages = forms.pages(tuple(p.plans.values()), p.vocabularies, p.catalogue);"
        "sys.stdout.buffer.write(pages['forms/K01.md'].encode())"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), str(site)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert "Название клуба" in done.stdout.decode("utf-8")


def test_without_the_plugin_its_facts_stay_and_the_rest_goes_on(lived, tmp_path):
    """A form that nobody knows any more is left out of publication, not out of the record."""
    place, _, _, _ = lived
    shutil.copytree(place.folder, tmp_path / "ws")
    bare = Program(tmp_path / "ws")
    published = bare.ask("publish")
    assert "K01" not in published["bases"]
    assert published["failed"] == []
    assert bare.ask("verify")["damage"] == []
    assert [part["form"] for part in bare.ask("explain", "2")["parts"]] == ["K01"]
    assert "KPI70-A" in {one["indicator"] for one in published["indicators"]}
