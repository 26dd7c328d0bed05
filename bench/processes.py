"""Run a command to its end: wall time, CPU time with its children, peak memory of each process."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.02
_OURS = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took, in seconds and MiB; `children` are the peaks of its descendants."""

    wall: float
    cpu: float
    parent: float
    children: tuple[float, ...] = ()
    output: str = ""

    @property
    def child(self) -> float:
        """Peak of the largest descendant."""
        return max(self.children, default=0.0)

    def __add__(self, other: Run) -> Run:
        """Return both one after the other."""
        return Run(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.parent, other.parent),
            (*self.children, *other.children),
            other.output,
        )


def python(*words: str, cwd: Path | None = None) -> Run:
    """Run Python with these arguments."""
    return run([sys.executable, *words], cwd=cwd)


def run(command: Sequence[str], cwd: Path | None = None) -> Run:
    """Run a command; SystemExit with the end of what it said where it failed."""
    environment = {**os.environ, "PYTHONPATH": str(_OURS)}
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cwd, env=environment
    ) as started:
        said: list[bytes] = []
        assert started.stdout is not None
        drain = threading.Thread(target=lambda out: said.append(out.read()), args=(started.stdout,))
        drain.start()
        with _watched(started.pid) as peaks:
            _, status, usage = os.wait4(started.pid, 0)
        wall = time.perf_counter() - begun
        started.returncode = os.waitstatus_to_exitcode(status)
        drain.join()
    output = b"".join(said).decode(errors="replace")
    if started.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output[-2000:]}")
    own = peaks.pop(started.pid, 0.0)
    children = tuple(sorted(peaks.values(), reverse=True))
    return Run(wall, usage.ru_utime + usage.ru_stime, own, children, output)


@contextlib.contextmanager
def _watched(root: int) -> Iterator[dict[int, float]]:
    """Collect the highest memory of a process and of all its descendants, until the end."""
    peaks: dict[int, float] = {}
    over = threading.Event()

    def look() -> None:
        while True:
            for pid in _tree(root):
                megabytes = _peak(pid)
                if megabytes:
                    peaks[pid] = max(peaks.get(pid, 0.0), megabytes)
            if over.wait(_EVERY):
                return

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _peak(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
