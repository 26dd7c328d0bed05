"""The newest fact, noted beside the key: outside the workspace, where an older copy of it shows.

Ledger and index can both be put back from a copy of yesterday and then agree with one another; the
note remembers what was recorded since. It only moves on with a ledger that has the fact it names.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from pipeline import system
from pipeline.workspace.keys import keys_folder
from pipeline.workspace.settings import STATE_FOLDER, Settings


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a ledger line."""

    seq: int
    hash: str


def witnessed(workspace: Path, settings: Settings) -> Head | None:
    """Return the newest fact that was noted; None where there is no note that can be read."""
    path = _path(workspace, settings)
    try:
        seq, hash_ = path.read_text(encoding="ascii").split() if path else ("", "")
        return Head(int(seq), hash_)
    except (OSError, ValueError):
        return None


def note_head(workspace: Path, settings: Settings, head: Head) -> None:
    """Write down the newest fact; where it cannot be written, the run is none the worse."""
    path = _path(workspace, settings)
    if path is not None and path.parent.is_dir():
        with contextlib.suppress(OSError):
            system.clear_leftovers(path.parent, path.name)
            system.write_if_changed(path, f"{head.seq} {head.hash}\n".encode(), private=True)


def _path(workspace: Path, settings: Settings) -> Path | None:
    try:
        name = (workspace / STATE_FOLDER / "id").read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    return keys_folder(workspace, settings) / f"{name}.head"
