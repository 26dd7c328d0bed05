"""The Prefect server of a workspace: the one that `serve` keeps, or one for a single run."""

from __future__ import annotations

import atexit
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.environment import home
from pipeline import system
from pipeline.errors import BusyError
from pipeline.workspace.lock import hold

CONSOLE_PORT = 4200
_HOST = "127.0.0.1"
_URL = "PREFECT_API_URL"
_ADDRESS = "server.json"
LOG = "server.log"
_PORTS_TRIED = 20
_MOST = 1_000_000
_STARTUP_SECONDS = 120
_END_SECONDS = 1.0
_STARTS = 3


class ServerError(Exception):
    """The Prefect server did not start; our own steps do not need it."""


@dataclass(slots=True)
class Server:
    """A started server: `url` of its API and `page` for a browser."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    workspace: Path

    @property
    def page(self) -> str:
        """Address of the operator's console."""
        return f"http://{_HOST}:{self.port}"

    @property
    def url(self) -> str:
        """Address of the API."""
        return f"{self.page}/api"

    def wait(self, seconds: float = _STARTUP_SECONDS) -> None:
        """Wait until it answers; `ServerError` as soon as it is clear that it never will.

        What answers is asked whose it is: somebody else may have taken the port meanwhile.
        """
        until = time.monotonic() + seconds
        while not ours(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                self.end()
                raise ServerError(f"server did not answer, code {self.process.returncode}")
            time.sleep(0.1)

    def dead(self) -> bool:
        """Whether it ended by itself."""
        return self.process.poll() is not None

    def revive(self) -> None:
        """Start it again on its port, which all clients know."""
        if self.process.stdin:
            self.process.stdin.close()
        again = _start(self.workspace, self.port, console=True)
        self.process = again.process

    def end(self) -> None:
        """End the server and collect it; what starts later looks for another one."""
        if os.environ.get(_URL) == self.url:
            del os.environ[_URL]
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            system.end_process(self.process)


def for_this_process(workspace: Path) -> Server | None:
    """Give the runs of this process a server, or None where `PREFECT_API_URL` already has one.

    What `serve` keeps for this workspace is used, so that the run is seen in the same console.
    The server is given while it still starts: `Server.wait` is for when it is needed. It ends
    with the process, after Prefect has sent what it still had to say.
    """
    kept = _kept(workspace)
    if kept:
        os.environ.setdefault(_URL, kept)
    if os.environ.get(_URL):
        return None
    server = _start(workspace, _free_port(), console=False)
    os.environ[_URL] = server.url
    atexit.register(server.end)
    return server


@contextlib.contextmanager
def kept(workspace: Path) -> Iterator[Server | None]:
    """Keep a server with its console while inside; None where `PREFECT_API_URL` names another.

    `BusyError` where another process already keeps one for this workspace.
    """
    folder = home(workspace)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold(folder))
        except BusyError:
            raise BusyError("Для этой рабочей папки serve уже запущен.") from None
        if os.environ.get(_URL):
            yield None
            return
        server = _started(workspace)
        stack.callback(server.end)
        os.environ[_URL] = server.url
        system.write_whole(
            folder / _ADDRESS, json.dumps({"port": server.port}).encode(), durable=False
        )
        yield server


def page() -> str:
    """Return the address of the console of whatever server this process talks to."""
    return os.environ.get(_URL, "").removesuffix("/api")


def ours(port: int) -> bool:
    """Whether what answers on *port* is a Prefect server that keeps its things where we do."""
    # Not urllib: it would ask the office's proxy for an address of this machine.
    connection = http.client.HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/api/admin/settings")
        answer = connection.getresponse()
        told = json.loads(answer.read(_MOST)) if answer.status == http.client.OK else {}
        return Path(told["home"]).resolve() == Path(os.environ["PREFECT_HOME"]).resolve()
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return False
    finally:
        connection.close()


def _started(workspace: Path) -> Server:
    """Start a server and wait for it; where its port was taken meanwhile, on another one."""
    for left in reversed(range(_STARTS)):
        server = _start(workspace, _console_port(), console=True)
        try:
            server.wait()
        except ServerError:
            if not left or not _taken(server.port):
                raise
        except BaseException:
            server.end()
            raise
        else:
            return server
    raise ServerError("no port is left")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((_HOST, port)) == 0


def _kept(workspace: Path) -> str:
    """Address of the API that `serve` keeps for this workspace; «» where none is kept."""
    folder = home(workspace)
    try:
        port = int(json.loads((folder / _ADDRESS).read_text(encoding="ascii"))["port"])
        with hold(folder):
            return ""
    except BusyError:
        return f"http://{_HOST}:{port}/api" if ours(port) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _start(workspace: Path, port: int, *, console: bool) -> Server:
    own = f"http://{_HOST}:{port}"
    environment = {
        **os.environ,
        _URL: f"{own}/api",
        "PREFECT_SERVER_UI_API_URL": f"{own}/api",
        "PREFECT_SERVER_UI_ENABLED": "true" if console else "false",
        # Otherwise any page in the operator's browser could read and start our runs.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": own,
        "PREFECT__SERVER_FINAL": "1",
    }
    if not console:
        environment["PREFECT__SERVER_EPHEMERAL"] = "1"
    log = os.open(home(workspace) / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(log, "wb") as output:  # noqa: PTH123  # a descriptor has no Path
        process = subprocess.Popen(
            [*(sys.executable, "-P", "-m", "flows.watchdog"), *_arguments(port)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            # uvicorn imports from the current folder first.
            cwd=home(workspace),
            **{**system.child_options(), "env": environment},
        )
    return Server(port, process, workspace)


def _arguments(port: int) -> tuple[str, ...]:
    return (
        *("--factory", "prefect.server.api.server:create_app"),
        *("--host", _HOST, "--port", str(port)),
        *("--log-level", "error", "--lifespan", "on"),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _console_port() -> int:
    """The console's usual port, or the next free one, so that a bookmark mostly works."""
    for port in range(CONSOLE_PORT, CONSOLE_PORT + _PORTS_TRIED):
        if not _taken(port):
            return port
    return _free_port()
