"""Runs one commit over a corpus, as whole processes of an interpreter that knows only its tree."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
_DRIVER = Path(__file__).parent / "driver.py"
_PACKAGES = ("contracts", "pipeline", "flows")
_SECONDS = 1800


class ComparisonError(Exception):
    """Something stands in the way of a comparison; the text says what to do."""


@contextlib.contextmanager
def checked_out(ref: str, tree: Path) -> Iterator[Path]:
    """Have the files of a commit in the new folder *tree* while the context lasts."""
    made = _git("worktree", "add", "--detach", "--force", str(tree), ref)
    if made.returncode:
        raise ComparisonError(f"no commit «{ref}»: {made.stderr.strip()}")
    try:
        yield tree
    finally:
        _git("worktree", "remove", "--force", str(tree))


def commit_of(ref: str) -> str:
    """Return the short name of a commit."""
    return _git("rev-parse", "--short", ref).stdout.strip()


def _git(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(ROOT), *args], check=False, capture_output=True, encoding="utf-8"
    )


def lacking(tree: Path) -> list[str]:
    """Return what a commit needs that is not installed here, or is installed in another version."""
    project = tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["project"]
    found = []
    for text in project["dependencies"]:
        need = Requirement(text)
        try:
            have = version(need.name)
        except PackageNotFoundError:
            found.append(f"{text} (not installed)")
            continue
        if not need.specifier.contains(have, prereleases=True):
            found.append(f"{text} (installed: {have})")
    return found


def interpreter(tree: Path, scratch: Path) -> Path:
    """Make a light environment in which the packages of *tree* are found, and check that they are.

    The children are started with `-I`, so that a path in the variables would not reach them; and
    the editable install of this environment, which names this tree, is not followed because only
    its folder is named, not its `.pth` files.
    """
    missing = lacking(tree)
    if missing:
        raise ComparisonError(f"{tree.name} needs packages that are not here: {'; '.join(missing)}")
    home = scratch / "venv"
    command = [sys.executable, "-m", "venv", "--without-pip", str(home)]
    subprocess.run(command, check=True, capture_output=True)
    names = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", names))
    installed = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (site / "tree.pth").write_text("\n".join([str(tree), *installed]) + "\n", encoding="utf-8")
    folder = Path(sysconfig.get_path("scripts", "venv", names))
    python = folder / ("python.exe" if os.name == "nt" else "python")
    _check(python, tree)
    return python


def _check(python: Path, tree: Path) -> None:
    code = (
        f"import importlib,json;print(json.dumps([importlib.import_module(n).__file__ "
        f"for n in {_PACKAGES!r}]))"
    )
    done = subprocess.run(
        [str(python), "-I", "-c", code],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=tree.parent,
    )
    if done.returncode:
        raise ComparisonError(f"{tree.name} cannot be imported: {done.stderr.strip()[-500:]}")
    for name, file in zip(_PACKAGES, json.loads(done.stdout), strict=True):
        if Path(file).resolve() != (tree / name / "__init__.py").resolve():
            raise ComparisonError(f"«{name}» of {tree.name} would be taken from {file}")


def drive(python: Path, corpus: Path, out: Path) -> None:
    """Take every workspace of the corpus the whole way; what came of it is left in *out*."""
    for source in sorted(path for path in corpus.iterdir() if path.is_dir()):
        place = out / source.name
        place.mkdir(parents=True)
        fixed = {
            "TZ": "UTC",
            "COLUMNS": "160",
            "NO_COLOR": "1",
            "HOME": str(out),
            "LANG": "C.UTF-8",
        }
        done = subprocess.run(
            [str(python), "-I", str(_DRIVER), str(source), str(place)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd=place,
            env={**os.environ, **fixed},
            timeout=_SECONDS,
        )
        (place / "stderr.txt").write_text(done.stderr, encoding="utf-8")
        if done.returncode:
            raise ComparisonError(f"{source.name} did not run: {done.stderr.strip()[-1500:]}")
