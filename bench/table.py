"""The figures of a run as tables of a page."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.processes import Run

PAGE = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured: written by --write -->", "<!-- end of what was measured -->"
# What lies on the disk of a workspace.
DISK = {
    ".nastavnik/base.sqlite": "index",
    ".nastavnik/archive": "archive",
    ".nastavnik/ledger.jsonl": "ledger",
    ".nastavnik/derived": "derived",
    "outbox": "outbox",
}
ORDER = ("R", "cold", "nothing new", "one changed", "naive", "frictionless", "earthmover")


def machine(cores: int | None, system: str, version: str) -> str:
    """Say when and on what, without naming it."""
    day = f"{datetime.now(UTC):%d %B %Y}".lstrip("0")
    return f"Measured on {day}: {cores} cores, {system}, Python {version}, SQLite, without Prefect."


def ratios(schools: int, rounds: int, found: Mapping[str, Sequence[Run]]) -> str:
    """Return CPU and wall time of everything beside R, and memory."""
    base = {name: _median(found["R"], name) for name in ("cpu", "wall")}
    lines = []
    for name in filter(found.__contains__, ORDER):
        runs = found[name]
        cpu, wall = _median(runs, "cpu"), _median(runs, "wall")
        lines.append(
            (
                name,
                f"{cpu:.2f} s",
                f"{cpu / base['cpu']:.1f}",
                f"{wall:.2f} s",
                f"{wall / base['wall']:.1f}",
                f"{max(run.parent for run in runs):.0f}",
                f"{max(run.child for run in runs):.0f}" if any(r.children for r in runs) else "–",
            )
        )
    head = ("", "CPU", "CPU / R", "wall", "wall / R", "memory, MiB", "largest child, MiB")
    return _page(f"{schools:,} schools, median of {rounds}", head, lines)


def stages(schools: int, told: Mapping[str, Any]) -> str:
    """Return what each stage of one cold run took a school."""
    lines = [
        (stage, f"{wall / schools * 1000:.1f}", f"{cpu / schools * 1000:.1f}")
        for stage, (wall, cpu) in told["stages"].items()
    ]
    head = ("ms a school", "wall", "CPU")
    page = _page(f"Stages of one cold run, {schools:,} schools", head, lines)
    if told["missing"]:
        names = ", ".join(f"`{name}`" for name in told["missing"])
        page += f"\n\nNot timed, because they are no longer there: {names}."
    return page


def disk(schools: int, sizes: Mapping[str, int]) -> str:
    """Return what lies on disk after a round, for a thousand schools."""
    lines = [(DISK[p], f"{size / schools * 1000 / 1e6:.0f}") for p, size in sizes.items() if size]
    return _page(f"Disk for 1,000 schools, from {schools:,}", ("", "MB"), lines)


def starts(found: Mapping[str, Sequence[Run]]) -> str:
    """Return what it takes to start each command."""
    return _commands("Start of each command, 24 schools, nothing new", found)


def flow(found: Mapping[str, Sequence[Run]]) -> str:
    """Return what the demo takes through Prefect and without it."""
    return _commands("The first wave of the demo", found)


def _commands(title: str, found: Mapping[str, Sequence[Run]]) -> str:
    lines = [
        (
            f"`{name}`",
            f"{_median(runs, 'cpu'):.2f} s",
            f"{_median(runs, 'wall'):.2f} s",
            f"{max(run.parent for run in runs):.0f}",
        )
        for name, runs in found.items()
    ]
    return _page(title, ("", "CPU", "wall", "memory, MiB"), lines)


def write(text: str, page: Path = PAGE) -> None:
    """Put *text* between the marks of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _median(runs: Sequence[Run], what: str) -> float:
    return float(statistics.median(getattr(run, what) for run in runs))


def _page(title: str, head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join((f"**{title}**", "", *(f"| {' | '.join(row)} |" for row in rows)))
