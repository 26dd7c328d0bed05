"""Accepts hostile books among good ones in a process of its own, and says what it took.

    python -m tests.support.hostile_run FOLDER [cut]

With «cut» the run ends after the first fact was recorded and before it was answered.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline import run
from pipeline.acceptance import accept
from tests.support.workspace import NOW, Opened


def most_memory() -> int:
    """Megabytes this process has taken at most; `getrusage` would count those of its parent too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def _cut(*_words):
    raise KeyboardInterrupt


def main(folder: Path, *, cut: bool) -> None:
    place = Opened(folder)
    if cut:
        accept.write_answer = _cut
    with place.open() as exchange:
        arrivals = run.waiting(exchange, quiet=0)
        exchange.plugins  # noqa: B018  # pandas is the greatest part of a run, and no file's fault
        before = most_memory()
        decided = run.accept(exchange, NOW, arrivals=arrivals)
    megabytes = most_memory() - before
    outcomes = {one.unit: one.outcome for one in decided}
    sys.stdout.write(json.dumps({"grown": megabytes, "outcomes": outcomes}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), cut="cut" in sys.argv)
