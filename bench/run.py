"""Run the bench: `make bench`, or `python -m bench.run --schools 50 --rounds 3`.

For each number of schools a district is generated once. Each round runs, interleaved: R (pure
calamine), our cold run in a fresh workspace, our run again with nothing new, and the naive peer.
Printed: the median of each in wall and CPU time (on a shared machine trust the latter), its ratio
to R, and the peak memory of the largest process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import district

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    cpu: float
    megabytes: float


def peak(*command: str) -> Run:
    """Run a command to its end: wall and CPU time, and the RSS of its largest process.

    A process of its own asks, so that the peak is of this command only.
    """
    code = (
        "import json,resource,subprocess,sys,time;t=time.perf_counter();"
        "r=subprocess.run(sys.argv[1:],stderr=subprocess.PIPE);"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "sys.stderr.buffer.write(r.stderr[-2000:]) if r.returncode else None;"
        "print(json.dumps([time.perf_counter()-t,u.ru_utime+u.ru_stime,u.ru_maxrss/1024,r.returncode]))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, sys.executable, *command],
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, cpu, megabytes, returncode = json.loads(made.stdout)
    if returncode:
        raise SystemExit("the command failed")
    return Run(seconds, cpu, megabytes)


def rounds(schools: int, count: int, *, naive: bool) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        district.write(source, schools)
        for _round in range(count):
            fresh = Path(folder) / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(source, fresh)
            inbox = str(source / "inbox")
            found.setdefault("R", []).append(peak(str(HERE / "raw.py"), inbox))
            ours = str(HERE / "ours.py")
            found.setdefault("cold", []).append(peak(ours, str(fresh)))
            found.setdefault("no change", []).append(peak(ours, str(fresh)))
            if naive:
                database = Path(folder) / "naive.sqlite"
                database.unlink(missing_ok=True)
                run = peak(str(HERE / "naive.py"), inbox, str(database))
                found.setdefault("naive", []).append(run)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, nargs="+", default=[50, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-naive", action="store_true", help="the peer takes minutes at 1,000")
    asked = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for schools in asked.schools:
        found = rounds(schools, asked.rounds, naive=not asked.no_naive)
        base, base_cpu = (
            statistics.median(getattr(run, what) for run in found["R"])
            for what in ("seconds", "cpu")
        )
        print(f"\n{schools} schools, {asked.rounds} rounds, median")
        for name, runs in found.items():
            seconds = statistics.median(run.seconds for run in runs)
            cpu = statistics.median(run.cpu for run in runs)
            memory = max(run.megabytes for run in runs)
            wall = f"{seconds:8.2f} s  {seconds / base:6.2f} R"
            print(
                f"  {name:10} {wall}  cpu {cpu:8.2f} s  {cpu / base_cpu:6.2f} R  {memory:7.0f} MiB"
            )


if __name__ == "__main__":
    main()
