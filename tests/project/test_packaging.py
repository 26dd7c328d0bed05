"""The wheel holds the three packages whole, and nothing else of the repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "flows", "pipeline")
OTHERS = ("bench", "docs", "inbox", "outbox", "tests")
MADE = shutil.ignore_patterns("__pycache__", "build", "*.egg-info", "fixtures", ".*")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel, and what was said while it was built, without any network."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*PACKAGES, *OTHERS):
        shutil.copytree(ROOT / name, source / name, ignore=MADE)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(out), str(source)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
    )
    (wheel,) = out.glob("nastavnik-*.whl")
    return zipfile.ZipFile(wheel), done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Folder of the programs of an environment that has the wheel and sees our dependencies."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    scheme = sysconfig.get_paths("venv", vars={"base": str(place), "platbase": str(place)})
    # Appended to the path, the way to our tree in the other environment's own .pth is not followed.
    link = Path(scheme["purelib"]) / "dependencies.pth"
    link.write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    words = ("install", "--quiet", "--no-deps", "--no-index", built[0].filename)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(place), *words],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Path(scheme["scripts"])


@pytest.fixture(scope="module")
def names(built):
    return set(built[0].namelist())


def test_the_top_level_is_the_three_packages(names):
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_of_a_package_is_in_the_wheel(names, package):
    """Templates, the files of the demo and py.typed too: what is beside the code is needed."""
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert f"{package}/py.typed" in here
    assert {name for name in names if name.startswith(f"{package}/")} == here


def test_the_program_is_started_by_its_name_and_knows_its_flows(built, names):
    (points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
    told = built[0].read(points).decode()
    assert "[console_scripts]\nnastavnik = pipeline.cli:main\n" in told
    assert "[nastavnik]\nflows = flows.plugin\n" in told


def test_the_build_has_nothing_to_say(built):
    assert "Warning" not in built[1]
    assert "is absent" not in built[1]


def run_outside(installed, folder, *words):
    """What the program of the wheel says, far from the tree it was built from."""
    done = subprocess.run(
        [str(installed / "nastavnik"), *words],
        cwd=folder,
        env={
            "PATH": str(installed),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.heavy
def test_the_installed_wheel_comes_from_the_wheel(installed, tmp_path):
    names = ", ".join(PACKAGES)
    code = f"import {names}; print(*(package.__file__ for package in ({names})))"
    done = subprocess.run(
        [str(installed / "python"), "-c", code],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.count(str(installed.parent)) == len(PACKAGES)
    assert run_outside(installed, tmp_path, "--version")


@pytest.mark.heavy
def test_the_installed_wheel_carries_a_demo_the_whole_way(installed, tmp_path):
    run_outside(installed, tmp_path, "demo", "ws", "--direct")
    outbox = tmp_path / "ws" / "outbox"
    assert (outbox / "Сегодня.html").is_file()
    assert list((outbox / "packages").rglob("*.zip"))
    told = json.loads(run_outside(installed, tmp_path, "--json", "-C", "ws", "plugins"))
    assert {"flows", "kpi70"} <= {plugin["name"] for plugin in told["plugins"]}
    assert not [plugin for plugin in told["plugins"] if plugin["error"]]
