"""What a package, wherever it lies, proves about the ledger it was made from.

Each package names the newest fact it knows of by number and hash; the receiver's copy is a witness
whom nobody who can change this workspace can reach.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.packages.contents import DATA, KIND, SUMS
from pipeline.workspace.witness import Head

_CHUNK = 1 << 20
_MANIFEST = f"{DATA}/datapackage.json"
_MOST_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a package says of itself: its id, content and number, and the head it was made at.

    `head` is None in packages of the first versions; `changed` names files whose bytes are not
    those that the package lists.
    """

    id: str
    digest: str
    sender: str
    head: Head | None
    changed: tuple[str, ...] = ()


def evidence_of(package: Path) -> Evidence | None:
    """Read a package; None where the file is no package that can be read."""
    try:
        with zipfile.ZipFile(package) as archive:
            if archive.getinfo(_MANIFEST).file_size > _MOST_BYTES:
                return None
            manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
            if manifest["kind"] != KIND:
                return None
            return Evidence(
                id=str(manifest["id"]),
                digest=str(manifest["content_digest"]),
                sender=str(manifest["sender"]["code"]),
                head=_head(manifest.get("ledger")),
                changed=_changed(archive),
            )
    except (OSError, zipfile.BadZipFile, LookupError, ValueError, TypeError, NotImplementedError):
        return None


def _head(ledger: Any) -> Head | None:
    return Head(int(ledger["seq"]), str(ledger["hash"])) if ledger else None


def _changed(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Names of files that are listed and differ or lack, and of files that are not listed."""
    if archive.getinfo(SUMS).file_size > _MOST_BYTES:
        raise ValueError(SUMS)
    lines = archive.read(SUMS).decode().splitlines()
    listed = {path: sha256 for sha256, _, path in (line.partition("  ") for line in lines)}
    inside = set(archive.namelist()) - {SUMS}
    wrong = {path for path in inside if listed.get(path) != _sha256(archive, path)}
    return tuple(sorted(wrong | (listed.keys() - inside)))


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    except zipfile.BadZipFile:
        return ""
    return digest.hexdigest()
