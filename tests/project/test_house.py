"""The house as it is laid out: faces that import nothing, few files at the door, none too long."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "flows", "pipeline")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
FACES = [p for p in SOURCES if p.name == "__init__.py" and p != ROOT / "pipeline" / "__init__.py"]


@pytest.mark.parametrize("face", FACES, ids=lambda path: path.parent.relative_to(ROOT).as_posix())
def test_the_face_of_a_room_is_words_only(face):
    """One that imports would pull the database into the child and pandas into `--help`."""
    (words,) = ast.parse(face.read_text(encoding="utf-8")).body
    assert isinstance(words, ast.Expr)
    assert isinstance(words.value, ast.Constant)


def test_the_door_of_the_engine_shows_its_rooms_and_few_files():
    assert len(list((ROOT / "pipeline").glob("*.py"))) <= 13


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {
        path.relative_to(ROOT).as_posix(): count
        for folder in (*PACKAGES, "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_engine_knows_nothing_of_prefect():
    """Neither when it is imported nor when every module of it is."""
    code = (
        "import importlib, pkgutil, sys, pipeline\n"
        "for m in pkgutil.walk_packages(pipeline.__path__, 'pipeline.'):\n"
        "    importlib.import_module(m.name)\n"
        "sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
