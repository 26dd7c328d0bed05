"""The fingerprint of program and plugins: what is derived is made anew when it changes."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from pipeline.hookspecs import PROJECT
from pipeline.system import program_version

_PACKAGES = ("pipeline", "contracts")


def program_files() -> Iterator[str]:
    """Return versions, and size and time of each file, which change more often than versions."""
    yield program_version()
    yield from _files(_PACKAGES)
    for entry in sorted(entry_points(group=PROJECT), key=lambda entry: entry.name):
        owner = f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
        yield f"{entry.name}={entry.value} {owner}"
        yield from _files((entry.module.partition(".")[0],))


def _files(modules: Sequence[str]) -> Iterator[str]:
    for module in modules:
        spec = importlib.util.find_spec(module)
        found = spec.submodule_search_locations or [spec.origin or ""] if spec else ()
        # A package that is open may have been given a further folder.
        for root in getattr(sys.modules.get(module), "__path__", found):
            for path, stat in sorted(_below(root)):
                yield f"{path} {[stat.st_size, stat.st_mtime_ns]}"


def _below(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """Files that may decide something, with their stamps; asked for at every start."""
    path = Path(root)
    if not path.is_dir():
        if path.is_file():
            yield root, path.stat()
        return
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _below(entry.path)
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                yield entry.path, entry.stat()


def file_stamp(path: Path) -> list[int] | None:
    """Return size and time of a file, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]
