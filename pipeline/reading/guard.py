"""The first look at a file: is it a kind we read, is it whole, and is it safe to open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import FileRefusedError
from pipeline.reading.file_kinds import head_of, kind_of
from pipeline.reading.formats.ole import check_ole
from pipeline.reading.formats.package import open_package
from pipeline.reading.formats.zip import MAX_FILE, too_large


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is: `kind` xlsx, ods, xls or text, or the notice code that refuses it."""

    kind: str = ""
    code: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    head: bytes = field(default=b"", repr=False)


def inspect(path: Path) -> Verdict:
    """Judge a file by its bytes, never by its name; the answer decides whether readers see it.

    Runs inside the limited process: what these checks let through meets its limits next.
    """
    try:
        return _inspect(path)
    except FileRefusedError as refusal:
        return Verdict(code=refusal.code, params=refusal.params, head=head_of(path))


def _inspect(path: Path) -> Verdict:
    size = path.stat().st_size
    if not size:
        raise FileRefusedError("file_empty")
    if size > MAX_FILE:
        raise too_large(size, MAX_FILE)
    head = head_of(path)
    kind = kind_of(head)
    if kind == "zip":
        return Verdict(open_package(path).kind, head=head)
    if kind == "ole":
        check_ole(path.read_bytes())
        return Verdict("xls", head=head)
    if kind == "text":
        return Verdict("text", head=head)
    if not head.strip(b"\x00"):
        raise FileRefusedError("file_damaged")
    raise FileRefusedError("file_format", found=kind)
