"""Whole cycles in processes that die: at a chosen touch of the disk, or after a while.

Started as a script it imports everything once and then forks a process for each run asked for by
a line of JSON on stdin, so that a run costs what its work costs.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

from pipeline import run
from pipeline.acceptance import accept
from pipeline.publication.today import write_today
from pipeline.reading.parse import workers
from pipeline.workspace.exchange import open_exchange
from pipeline.workspace.schedule import write_last_run
from tests.support.workspace import (
    NOW,
    Opened,
    ReadHere,
    Workspace,
    careful_book,
    recipient,
    school,
    sheets,
)

LATER = NOW + timedelta(days=1)
_TOUCHES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def waiting_workspace(folder):
    """A workspace that lived through one cycle, with eight files of all kinds in its inbox.

    The second recipient has no address, so that its package is replaced before it was sent.
    """
    place = Workspace(
        folder, more="auto_approve = true", recipients=(recipient(), recipient("nmc", ""))
    )
    for code in ("oo-101", "oo-102"):
        place.drop(code, "Книга.xlsx", careful_book(code))
    cycle(folder, NOW)
    mentors = school("oo-101").rows["F04"]
    broken = [row | {"start_date": "32.13.2026"} for row in school("oo-117").rows["F04"]]
    one_less = sheets("oo-101", only=("F04",), F04=mentors[:-1])
    same = sheets("oo-101", only=("F04",), F04=mentors[:-2])
    place.drop("oo-101", "Книга новая.xlsx", one_less, second=100)
    place.drop("oo-101", "Книга новая (1).xlsx", same, second=110)
    place.drop("oo-102", "Книга ещё раз.xlsx", careful_book("oo-102"), second=120)
    place.drop("oo-103", "Книга.xlsx", careful_book("oo-103"), second=130)
    place.drop("oo-103", "Копия.xlsx", careful_book("oo-103"), second=131)
    place.drop("oo-117", "Наставники.xlsx", sheets("oo-117", F04=broken), second=140)
    place.drop("", "звонки.csv", b"a;b\n1;2\n", second=150)
    place.drop("oo-117", "приказ.pdf", b"%PDF-1.4", second=160)
    return place


def cycle(folder, now=LATER):
    """All that `nastavnik run --direct` does, without waiting for files to come to rest."""
    with open_exchange(folder) as exchange:
        run.cycle(exchange, now, quiet=0)
        write_last_run(folder / ".nastavnik", now)
        write_today(exchange, now)


def state(folder):
    """Everything by which two workspaces could differ after the same files came.

    Left out are the pages of the database, whose content the digest tells, and a note of times.
    """
    place = Opened(folder)
    with open_exchange(folder) as exchange:
        digest, damage = exchange.store.digest(), exchange.store.verify()
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("base.sqlite", "published.json"))
    }
    return {"digest": digest, "damage": damage, "facts": place.facts()[0], "files": found}


class Runs:
    """A process that forks runs; a context manager."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": "."},
        )
        return self

    def __exit__(self, *_):
        self._process.communicate()

    def run(self, folder, *, at=0, after=0.0, children=False):
        """Run a cycle that dies before touch number *at* or *after* seconds.

        Return how it ended (0 by itself) and how often it touched the disk. With *children* files
        are read by limited processes, as in real work.
        """
        order = {"folder": str(folder), "at": at, "after": after, "children": children}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        died, touches = json.loads(self._process.stdout.readline())
        return died, touches


def copy(place, folder):
    """A copy of the workspace; times stay, by them files are told apart."""
    shutil.copytree(place.folder, folder)
    return folder


class _Touches:
    """Counts in shared memory what a process does to the disk, and kills it before one of them."""

    def __init__(self, folder, fatal, report):
        self._folder, self._fatal, self._report = folder, fatal, report
        self._count = 0

    def hear(self, event, args):
        changes = event in _TOUCHES or (event == "open" and self._writes(*args))
        if changes and str(args[0]).startswith(self._folder):
            self.touch()

    def fsync(self, handle, really=os.fsync):
        self.touch()
        really(handle)

    def touch(self):
        self._count += 1
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        os.pwrite(self._report, str(self._count).encode(), 0)

    def _writes(self, _path, mode, flags):
        return bool(set(mode or "") & set("wax+") or flags & _WRITES)


def _fork(order, report):
    child = os.fork()
    if child:
        return child
    code = 1
    with contextlib.suppress(BaseException):
        if not order["children"]:
            accept.workers = ReadHere
        touches = _Touches(order["folder"], order["at"], report)
        os.fsync = touches.fsync
        sys.addaudithook(touches.hear)
        cycle(Path(order["folder"]))
        code = 0
    os._exit(code)


def _serve():
    accept.workers = ReadHere
    with tempfile.TemporaryDirectory() as folder:
        # What is imported and read here is not imported and read again by each run.
        cycle(waiting_workspace(Path(folder) / "ws").folder)
    accept.workers = workers
    report = os.memfd_create("touches")
    for line in sys.stdin:
        order = json.loads(line)
        os.ftruncate(report, 0)
        child = _fork(order, report)
        if order["after"]:
            timer = threading.Timer(order["after"], os.kill, (child, signal.SIGKILL))
            timer.start()
        _, status = os.waitpid(child, 0)
        if order["after"]:
            timer.cancel()
            timer.join()
        touches = int(os.pread(report, 20, 0) or 0)
        answer = (os.waitstatus_to_exitcode(status), touches)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
