"""Which office document a zip is; opened once for the guard and the reader that follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.errors import FileRefusedError
from pipeline.reading.formats.zip import MAX_FILE, check_xml, open_parts, too_large

PackageKind = Literal["xlsx", "ods"]
_TYPES = "[content_types].xml"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_SHEETS = (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")
_MACROS = (b"sheet.macroEnabled", b"template.macroEnabled", b"addin.macroEnabled")
_OTHERS = (
    (b"ms-excel.sheet.binary", "двоичная книга Excel (.xlsb)"),
    (b"wordprocessingml.", "документ Word"),
    (b"ms-word.", "документ Word"),
    (b"presentationml.", "презентация"),
    (b"ms-powerpoint.", "презентация"),
)


@dataclass(frozen=True, slots=True)
class Package:
    """An xlsx or ods whose zip and XML passed every limit; `parts` by name, pictures left out."""

    kind: PackageKind
    parts: Mapping[str, bytes]


def open_package(path: Path) -> Package:
    """Open an xlsx or ods, or say why not; the last one opened is remembered.

    Raises:
        FileRefusedError: another kind of document, or limits are broken.
    """
    state = path.stat()
    return _open(str(path), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1)
def _open(path: str, size: int, _modified: int) -> Package:
    if size > MAX_FILE:
        raise too_large(size, MAX_FILE)
    parts = open_parts(Path(path))
    kind = _kind(parts)
    check_xml(parts.values())
    return Package(kind, parts)


def _kind(parts: Mapping[str, bytes]) -> PackageKind:
    types = next((part for name, part in parts.items() if name.lower() == _TYPES), None)
    if types is not None:
        return _kind_by_types(types, parts)
    manifest = parts.get("META-INF/manifest.xml", b"")
    mime = parts.get("mimetype", manifest)
    if _OPEN_DOCUMENT not in mime:
        raise FileRefusedError("file_format", found="архив ZIP")
    if b"encryption-data" in manifest:
        raise FileRefusedError("file_password")
    if _OPEN_DOCUMENT + b"spreadsheet" not in mime:
        raise FileRefusedError("file_format", found="документ OpenDocument")
    if "content.xml" not in parts:
        raise FileRefusedError("file_damaged")
    return "ods"


def _kind_by_types(types: bytes, parts: Mapping[str, bytes]) -> PackageKind:
    if any(mark in types for mark in _MACROS) or _holds_macros(parts):
        raise FileRefusedError("file_macros")
    if any(mark in types for mark in _SHEETS):
        return "xlsx"
    found = next((name for mark, name in _OTHERS if mark in types), "архив ZIP")
    raise FileRefusedError("file_format", found=found)


def _holds_macros(parts: Mapping[str, bytes]) -> bool:
    return any("/macrosheets/" in name.lower() for name in parts)
