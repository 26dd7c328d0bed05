"""All settings of Prefect in one place, given through the environment before it is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.workspace.settings import STATE_FOLDER

FOLDER = "prefect"
_DAYS = 24 * 60 * 60
_LOCAL = "127.0.0.1,localhost"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

# What keeps persons' data and our traffic on this machine: not for an environment to undo.
PRIVATE: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The second interface asks a server of the Internet for its settings at each page.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "",
}

# What an operator may set otherwise.
USUAL: Mapping[str, str] = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(180 * _DAYS),
}


def home(workspace: Path) -> Path:
    """Return the folder in which Prefect keeps what it knows of a workspace."""
    return workspace.resolve() / STATE_FOLDER / FOLDER


def prepare(workspace: Path) -> None:
    """Set the environment of this process and its children; Prefect must not be imported yet."""
    folder = home(workspace)
    for private in (folder.parent, folder):
        private.mkdir(exist_ok=True, mode=0o700)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    for name, value in USUAL.items():
        os.environ.setdefault(name, value)
    os.environ.update(PRIVATE)
    _keep_local()
    _drop_odd_proxies()


def quiet() -> None:
    """Let Prefect say nothing on the screen, where our own sentences and exit codes stand."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")


def silence() -> None:
    """Let no library say anything on the screen, here and in the runs that are started here."""
    quiet()
    os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")


def _keep_local() -> None:
    """Talk to this machine without the office's proxy, which does not know it."""
    for name in ("NO_PROXY", "no_proxy"):
        known = os.environ.get(name, "")
        if "127.0.0.1" not in known:
            os.environ[name] = f"{known},{_LOCAL}".lstrip(",")


def _drop_odd_proxies() -> None:
    """Forget proxies that Prefect's library refuses to start with, though they are not for us."""
    for upper in _PROXIES:
        for name in (upper, upper.lower()):
            if name in os.environ and not _usual_proxy(os.environ[name]):
                del os.environ[name]


def _usual_proxy(value: str) -> bool:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
        return known and (parts.port is None or parts.port > 0) and value.isprintable()
    except ValueError:
        return False
