"""Delivery into a folder: a share of the recipient, or a disk that somebody carries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline import system
from pipeline.errors import DeliveryError
from pipeline.hookspecs import Transport, hookimpl

_CHUNK = 1 << 20


@hookimpl
def register_transports() -> Sequence[Transport]:
    """Register the scheme `file:`."""
    return (Transport("file", "положить пакет в папку получателя", deliver),)


def deliver(path: str, address: str) -> str:
    """Put the package into the folder *address* whole or not at all; return what lies there.

    What an interrupted copy left is taken up where it ended.
    """
    source, folder = Path(path), Path(address)
    target = folder / source.name
    try:
        # Its parent must be there: a share that is not mounted is no folder of the recipient.
        folder.mkdir(exist_ok=True)
        if not target.is_file() or system.sha256_of(target) != system.sha256_of(source):
            _copy(source, folder / f".{source.name}.part")
            system.replace(folder / f".{source.name}.part", target)
            system.open_as_folder(target)
            system.sync_folder(folder)
        return system.sha256_of(target)
    except OSError as error:
        reason = system.reason(error)
        raise DeliveryError(
            f"Не удалось положить пакет {source.name} в папку получателя: {reason}.", temporary=True
        ) from error


def _copy(source: Path, part: Path) -> None:
    done = part.stat().st_size if part.is_file() else 0
    with source.open("rb") as reader, part.open("r+b" if done else "wb") as writer:
        if done and reader.read(done) != part.read_bytes():
            done = 0
        reader.seek(done)
        writer.seek(done)
        writer.truncate()
        while chunk := reader.read(_CHUNK):
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
