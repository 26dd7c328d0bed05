"""The input files of a comparison: the demo district and the odd books of the tests.

A corpus is a folder of workspaces. Each holds `start/` (the workspace before its first run),
`wave2/` (what comes into its inbox later) and `plan.json` (what the driver does, and when), so that
every commit gets the very same files, moments and key.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.demo.workspace import (
    units_csv,
    write_resubmissions,
    write_workspace,
)
from pipeline.model import Unit

ROOT = Path(__file__).parent.parent.parent
FIRST = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
SECOND = datetime(2026, 10, 13, 3, 0, tzinfo=UTC)
KEY = bytes(range(32))
FORMS = ("F01", "F02", "F04", "F05", "F08")
MESSY = (
    *("mentors", "names", "rows", "exports", "mentees", "cards", "whole", "more", "again", "saved"),
)
_SETTINGS = """\
name = "Примерный городской округ"
coordinator = "Синицына Вера Петровна"
phone = "+7 999 000-99-01"
period = "2026-2027"
periods = ["2026-2027"]
auto_approve = true
keys_dir = "keys"
[neighbours]
"{neighbour}" = "Заречный муниципальный округ"
[[recipients]]
code = "krirpo"
name = "КРИРПО"
address = "file:outbox/КРИРПО"
share_curators = true
"""
_NEIGHBOUR = "0042000034"

Step = dict[str, Any]


def write(folder: Path, only: Iterable[str] = (), schools: int = 0) -> None:
    """Write the workspaces named by *only* (all without it) into *folder*.

    With *schools* the district is as small as that, and then has no scenes of trouble.
    """
    known = {"district": lambda place: _district(place, schools), "messy": _messy}
    known["notices"] = _notices
    for name in only or known:
        place = folder / name
        (place / "start").mkdir(parents=True)
        known[name](place)
        for path, data in ((".nastavnik/id", b"compare"), ("keys/compare.key", KEY)):
            (place / "start" / path).parent.mkdir(parents=True, exist_ok=True)
            (place / "start" / path).write_bytes(data)


def inputs(folder: Path) -> dict[str, tuple[str, str]]:
    """Return every file that reaches an inbox: its label → (workspace, sha256).

    A label is «workspace/wave/path in the inbox».
    """
    found = {}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        for wave, inbox in (("1", place / "start" / "inbox"), ("2", place / "wave2")):
            for path in sorted(inbox.rglob("*")):
                if path.is_file():
                    label = f"{place.name}/{wave}/{path.relative_to(inbox).as_posix()}"
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    found[label] = (place.name, digest)
    return found


def _plan(*, blanks: list[list[str]], second: bool) -> list[Step]:
    """Say what is done with a workspace: the commands, their moments, what is kept of each."""

    def command(now: datetime, *args: str, save: str = "") -> Step:
        return {"do": "command", "args": list(args), "now": now.isoformat(), "save": save}

    def wave(now: datetime, number: int) -> list[Step]:
        later = now + timedelta(hours=1)
        return [
            {"do": "accept", "now": now.isoformat()},
            command(later, "--json", "publish", save=f"publish-{number}.json"),
            command(later, "--json", "deliver", save=f"deliver-{number}.json"),
            command(later, "--json", "status", save=f"status-{number}.json"),
            command(later, "--json", "questions", save=f"questions-{number}.json"),
            command(later, "today"),
        ]

    steps = wave(FIRST, 1)
    if second:
        steps += [{"do": "keep", "save": "first-wave"}, {"do": "drop"}, *wave(SECOND, 2)]
    told = SECOND + timedelta(hours=2)
    steps += [
        {"do": "keep", "save": "before-answers"},
        {"do": "answer", "now": told.isoformat()},
        command(told, "withdraw", "2.0", "--who", "Синицына В.П.", "--reason", "не та школа"),
        command(told, "--json", "publish", save="publish-after-answers.json"),
        command(told, "status", save="status.txt"),
        command(told, "questions", save="questions.txt"),
    ]
    steps += [command(told, "template", *blank) for blank in blanks]
    for form in FORMS:
        steps.append(command(told, "export", form, f"outbox/export/{form}.csv"))
    for code in ("KPI70-A", "KPI70-B"):
        steps.append(command(told, "--json", "explain", code, save=f"explain-{code}.json"))
    steps.append(command(told, "--json", "verify", save="verify.json"))
    return steps


def _finish(place: Path, steps: list[Step]) -> None:
    text = json.dumps(steps, ensure_ascii=False, indent=1)
    (place / "plan.json").write_text(text, encoding="utf-8")


def _district(place: Path, schools: int) -> None:
    """Write the demo district: its first wave, and what schools send after their receipts."""
    start = place / "start"
    if schools:
        write_workspace(start, schools=schools, clean_share=0.5)
    else:
        write_workspace(start)
    settings = start / "nastavnik.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("minors =", 'keys_dir = "keys"\nminors =', 1), "utf-8")
    if not schools:
        aside = place / "aside"
        write_resubmissions(aside)
        (aside / "inbox").rename(place / "wave2")
        shutil.rmtree(aside)
    blanks = [[], ["--due"], ["--empty"], ["--unit", "oo-101", "--form", "F04", "--form", "F08"]]
    _finish(place, _plan(blanks=blanks, second=not schools))


def _tests(name: str) -> Any:
    """Import a module that the tests draw files with."""
    for path in (ROOT,):
        if str(path) not in sys.path:
            sys.path.append(str(path))
    return importlib.import_module(name)


def _messy(place: Path) -> None:
    """Write the messy books, each in the folder of a unit of its own."""
    books = [book for name in MESSY for book in _tests(f"tests.support.messy.messy_{name}").FILES]
    units = [Unit(f"m{i:03}", "ОО", f"Школа {i}", folder=f"m{i:03}") for i in range(len(books))]
    start = place / "start"
    for unit, book in zip(units, books, strict=True):
        _put(start / "inbox" / unit.folder / book.name, book.make(), late=60 * int(unit.code[1:]))
    _open(start, units)
    _finish(place, _plan(blanks=[["--unit", "m000"]], second=False))


def _notices(place: Path) -> None:
    """Write the files that raise every notice of the catalogue, with their good twins."""
    stories = _tests("tests.notices.test_notices").ALL
    files = _tests("tests.support.notice_files")
    codes = [f"u{i:03}" for i in range(len(stories))]
    units = [
        Unit(code, "ОО", "Школа", inn=story.inn, until=story.until, folder=code)
        for code, story in zip(codes, stories, strict=True)
    ]
    units.append(Unit("other", "ОО", files.OTHER_NAME, inn=files.OTHER, folder="other"))
    start = place / "start"
    for code, story in zip(codes, stories, strict=True):
        for file in story.files:
            root = start / "inbox" if file.wave == 1 else place / "wave2"
            folder = root / (code if file.folder is None else file.folder) / file.subfolder
            _put(folder / file.name, file.data, late=file.late)
    _open(start, units)
    _finish(place, _plan(blanks=[["--unit", "u000"]], second=True))


def _open(start: Path, units: Iterable[Unit]) -> None:
    (start / "inbox").mkdir(exist_ok=True)
    (start / "outbox").mkdir(exist_ok=True)
    settings = _SETTINGS.format(neighbour=_NEIGHBOUR)
    (start / "nastavnik.toml").write_text(settings, encoding="utf-8")
    (start / "units.csv").write_bytes(units_csv(units))


def _put(path: Path, data: bytes, *, late: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    saved = (FIRST - timedelta(days=3, seconds=-late)).timestamp()
    os.utime(path, (saved, saved))
