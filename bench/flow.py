"""What Prefect costs: the first wave of the demo by `run`, beside the same with `--direct`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.processes import Run, python
from flows import environment, server
from pipeline.demo.workspace import write_workspace

COMMAND = "from pipeline.cli import main; main()"
# A process of its own keeps the server as `serve` does, until its input ends.
KEEPER = "import sys; from bench.flow import keep; keep(sys.argv[1])"


def one_round(folder: Path) -> Iterator[tuple[str, Run]]:
    """Run the demo three ways, each in a workspace of its own."""
    yield "run --direct", _run(folder / "direct", "--direct")
    yield "run, server started", _run(folder / "started")
    workspace = folder / "kept"
    write_workspace(workspace)
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(workspace)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as keeper:
        assert keeper.stdout is not None and keeper.stdin is not None
        keeper.stdout.readline()
        yield "run, server of serve up", python("-c", COMMAND, "-C", str(workspace), "run")
        keeper.stdin.close()


def keep(workspace: str) -> None:
    """Keep the server of a workspace as `serve` does, without its watching."""
    environment.prepare(Path(workspace))
    with server.kept(Path(workspace)):
        print("up", flush=True)
        sys.stdin.read()


def _run(workspace: Path, *words: str) -> Run:
    write_workspace(workspace)
    return python("-c", COMMAND, "-C", str(workspace), "run", *words)
