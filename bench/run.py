"""What our way costs: `make bench`, or `python -m bench.run --schools 50 1000 --rounds 3`.

For each number of schools and in each round one after the other, on the same files: R (pure
calamine), our cold run, the same with nothing new, the same after one school sent a correction; at
50 the yardsticks too. Then, once: stages, start-up of each command, disk. More schools than a
portion are generated, read and accepted portion by portion, so that the corpus never lies on disk
as a whole. Nothing here is a test: only ratios of one call mean anything.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench import corpus, flow, table
from bench.processes import Run, python, run
from pipeline.demo.workspace import write_workspace

OURS = "bench.ours"
PORTION = 1000
# Yardsticks are slow: they are asked up to this size.
YARDSTICKS = 50
EARTHMOVER = Path(__file__).parent / "results" / "earthmover" / "bin" / "earthmover"
CHANGED = 7
# What is started, and whether it needs a workspace in which something happened.
COMMANDS = (
    *("--help", "status", "questions", "explain KPI70-A", "doctor"),
    *("accept", "publish"),
)


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.run", description=__doc__)
    parser.add_argument("--schools", type=int, nargs="+", default=[50])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--portion", type=int, default=PORTION)
    parser.add_argument("--no-peers", action="store_true", help="without the yardsticks")
    parser.add_argument("--no-starts", action="store_true", help="without start-up of commands")
    parser.add_argument("--flow", action="store_true", help="also what Prefect costs")
    parser.add_argument("--no-stages", action="store_true", help="without the run with timers")
    parser.add_argument("--in", dest="place", type=Path, help="a folder for the files, on a disk")
    parser.add_argument("--write", action="store_true", help="write the tables into README.md")
    asked = parser.parse_args(words)
    told = [table.machine(os.cpu_count(), platform.system(), platform.python_version())]
    with tempfile.TemporaryDirectory(dir=asked.place) as folder:
        for schools in asked.schools:
            told += measured(Path(folder), schools, asked)
        if not asked.no_starts:
            told.append(table.starts(starts(Path(folder), asked.rounds)))
        if asked.flow:
            told.append(table.flow(_rounds(flow.one_round, Path(folder) / "flow", asked.rounds)))
    text = "\n\n".join(told)
    print(text)
    if asked.write:
        table.write(text)


def measured(folder: Path, schools: int, asked: argparse.Namespace) -> list[str]:
    """Measure one size: ratios, stages, disk."""
    peers = schools <= YARDSTICKS and not asked.no_peers
    found: dict[str, list[Run]] = {}
    for _ in range(asked.rounds):
        for name, took in one_round(folder / "round", schools, asked.portion, peers=peers):
            found.setdefault(name, []).append(took)
    disk = {name: _size(folder / "round" / name) for name in table.DISK}
    told = [table.ratios(schools, asked.rounds, found), table.disk(schools, disk)]
    if schools <= asked.portion and not asked.no_stages:
        _fresh(folder / "round", schools)
        corpus.fill(folder / "round" / "inbox", range(1, schools + 1))
        watched = python("-m", OURS, str(folder / "round"), "stages", "accept", "publish")
        told.append(table.stages(schools, json.loads(watched.output.splitlines()[-1])))
    return told


def one_round(
    workspace: Path, schools: int, portion: int, *, peers: bool
) -> Iterator[tuple[str, Run]]:
    """Run everything once, each beside the others, on the same files."""
    _fresh(workspace, schools)
    inbox, aside = workspace / "inbox", workspace.parent / "peer"
    place = str(workspace)
    read, cold = Run(0, 0, 0), Run(0, 0, 0)
    for first in range(1, schools + 1, portion):
        last = min(first + portion, schools + 1)
        corpus.fill(inbox, range(first, last))
        read += python("-m", "bench.raw", str(inbox))
        if peers:
            yield from _yardsticks(inbox, aside)
        steps = ("accept", "publish") if last > schools else ("accept",)
        cold += python("-m", OURS, place, *steps)
    yield "R", read
    yield "cold", cold
    yield "nothing new", python("-m", OURS, place, "accept", "publish")
    corpus.correct(inbox, min(CHANGED, schools))
    yield "one changed", python("-m", OURS, place, "accept", "publish")


def _yardsticks(inbox: Path, aside: Path) -> Iterator[tuple[str, Run]]:
    shutil.rmtree(aside, ignore_errors=True)
    yield "naive", python("-m", "bench.peers.naive", str(inbox), str(aside / "naive"))
    yield "frictionless", python("-m", "bench.peers.frictionless_check", str(inbox))
    if EARTHMOVER.exists():
        words = (str(EARTHMOVER), str(inbox), str(aside / "earthmover"))
        yield "earthmover", python("-m", "bench.peers.earthmover_run", *words)


def starts(folder: Path, rounds: int) -> dict[str, list[Run]]:
    """Start each command in the demo district, where nothing waits."""
    workspace = folder / "demo"
    write_workspace(workspace)
    python("-m", OURS, str(workspace), "accept", "publish")
    found: dict[str, list[Run]] = {}
    code = "from pipeline.cli import main; main()"
    for _ in range(rounds):
        for command in COMMANDS:
            took = python("-c", code, "-C", str(workspace), *command.split())
            found.setdefault(command, []).append(took)
        found.setdefault("python -c pass", []).append(run([sys.executable, "-c", "pass"]))
    return found


def _rounds(
    one: Callable[[Path], Iterable[tuple[str, Run]]], folder: Path, rounds: int
) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for _ in range(rounds):
        for name, took in one(folder):
            found.setdefault(name, []).append(took)
        shutil.rmtree(folder)
    return found


def _fresh(workspace: Path, schools: int) -> None:
    shutil.rmtree(workspace, ignore_errors=True)
    corpus.write_workspace(workspace, schools)


def _size(path: Path) -> int:
    """Bytes of a file or of everything in a folder."""
    if not path.exists():
        return 0
    found = [path, *path.rglob("*")] if path.is_dir() else [path]
    total = 0
    for one in found:
        with contextlib.suppress(OSError):
            total += one.stat().st_size if one.is_file() else 0
    return total


if __name__ == "__main__":
    main()
