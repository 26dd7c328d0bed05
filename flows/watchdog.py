"""Runs the Prefect server as a child that ends when its parent does, however the parent ends.

Started as `python -m flows.watchdog <arguments of uvicorn>` with a pipe as its standard input.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

_PATIENCE_SECONDS = 5


def main() -> None:
    """Run uvicorn in this process until the pipe from the parent closes."""
    threading.Thread(target=_end_with_parent, name="watchdog", daemon=True).start()
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    # Not through `sys.stdin`: its lock, held here, would abort an interpreter that ends by itself.
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
