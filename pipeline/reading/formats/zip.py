"""Opening the zip that an xlsx or ods is, so that no part of it can surprise a reader.

The limits are a filter, not a boundary: what slips through meets the limits of the process.
"""

from __future__ import annotations

import io
import itertools
import math
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from isal import isal_zlib

from pipeline.errors import FileRefusedError
from pipeline.reading.file_kinds import AROUND

MAX_FILE = 20_000_000
MAX_ENTRIES = 2_000
MAX_TOTAL = 100_000_000
MAX_RATIO = 100
RATIO_FROM = 5_000_000
MAX_DIRECTORY = 1_000_000

_END = b"PK\x05\x06"
_ENDS = 4
_LOCAL = struct.Struct("<4s22x2H")
_COMMON, _TAIL = struct.Struct("<5H3L2H"), struct.Struct("<3H2L")
_ENCRYPTED, _UTF8_NAME, _FIRST_DAY = 0x1, 0x800, 33
_MEDIA = re.compile(r"\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|svm|wdp|odttf|ttf|bin)$", re.IGNORECASE)
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*+<\?xml[^>]{0,200}?encoding\s*+=\s*+[\"']([^\"']*+)")
_UTF8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def open_parts(path: Path) -> dict[str, bytes]:
    """Return the parts of an office zip by name, pictures left out; none is bigger than declared.

    Raises:
        FileRefusedError: the zip is cut short, locked, too big, or built as no office does.
    """
    data = trimmed(path.read_bytes())
    entries = _entries(data)
    _check_names(entries)
    _check_sizes(entries)
    spans = sorted(_span(data, entry) for entry in entries)
    for (_, end), (start, _) in itertools.pairwise(spans):
        if end > start:
            raise FileRefusedError("file_suspicious", found="части архива лежат друг на друге")
    kept = [entry for entry in entries if not _MEDIA.search(entry.filename)]
    return {entry.filename.replace("\\", "/"): _inflate(data, entry) for entry in kept}


def trimmed(data: bytes) -> bytes:
    """Return a zip without what mail gateways and devices put around it; no second zip is hidden.

    What is no whole zip stays as it is.
    """
    data = data.lstrip(AROUND) if data[:1] != b"P" else data
    end = len(data)
    for _ in range(_ENDS):
        end = data.rfind(_END, 0, end)
        if end < 0 or end + 22 > len(data):
            continue
        size, offset, comment = struct.unpack("<IIH", data[end + 12 : end + 22])
        last = end + 22 + comment
        if offset + size <= end and last <= len(data) and b"PK\x03\x04" not in data[last:]:
            return data[:last] if last < len(data) else data
    return data


def stored(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of *parts* as they are, for a reader that need not inflate them again."""
    pieces, directory, offset = [], [], 0
    for name, part in parts.items():
        known = name.encode()
        common = _COMMON.pack(
            *(20, _UTF8_NAME, zipfile.ZIP_STORED, 0, _FIRST_DAY),
            *(isal_zlib.crc32(part), len(part), len(part), len(known), 0),
        )
        pieces += [b"PK\3\4", common, known, part]
        directory.append(b"PK\1\2\24\0" + common + _TAIL.pack(0, 0, 0, 0, offset) + known)
        offset += 4 + len(common) + len(known) + len(part)
    listed = b"".join(directory)
    count = len(directory)
    end = _END + struct.pack("<4H2LH", 0, 0, count, count, len(listed), offset, 0)
    return b"".join((*pieces, listed, end))


def check_xml(parts: Iterable[bytes]) -> None:
    """Refuse XML that defines a document type or is not UTF-8.

    A document type cannot be spelled in other bytes as long as the encoding is UTF-8, so that a
    plain search finds each one; a NUL betrays UTF-16 and UTF-32.
    """
    for part in parts:
        if not part[:64].lstrip(b"\xef\xbb\xbf \t\r\n\x00\xfe\xff").startswith(b"<"):
            continue
        declared = _DECLARED.match(part)
        if b"\x00" in part or (declared and declared[1].lower() not in _UTF8):
            raise FileRefusedError("file_suspicious", found="XML не в кодировке UTF-8")
        # An entity can be declared nowhere but inside a document type.
        if b"!DOCTYPE" in part:
            raise FileRefusedError("file_suspicious", found="в XML есть DOCTYPE")


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    end = data.rfind(_END)
    if end < 0 or end + 22 > len(data):
        raise FileRefusedError("file_damaged")
    count, size, offset, comment = struct.unpack("<HIIH", data[end + 10 : end + 22])
    if end + 22 + comment != len(data) or offset + size > end:
        raise FileRefusedError("file_damaged")
    if count > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise FileRefusedError("file_suspicious", found="слишком много частей в архиве")
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileRefusedError("file_damaged") from error
    if len(entries) > MAX_ENTRIES:
        raise FileRefusedError("file_suspicious", found="слишком много частей в архиве")
    return entries


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or "\x00" in name or ".." in name.split("/"):
            raise FileRefusedError("file_suspicious", found="часть архива с чужим путём")
        if name.casefold() in seen:
            raise FileRefusedError("file_suspicious", found="две части архива с одним именем")
        seen.add(name.casefold())


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileRefusedError("file_password")
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    ):
        raise FileRefusedError("file_suspicious", found="необычное сжатие")
    for entry in entries:
        if entry.file_size > max(RATIO_FROM, entry.compress_size * MAX_RATIO):
            raise FileRefusedError("file_suspicious", found="сжатие более чем в 100 раз")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise too_large(total, MAX_TOTAL)


def too_large(size: int, limit: int) -> FileRefusedError:
    """Return the refusal of a file of *size* bytes where *limit* are taken."""
    return FileRefusedError(
        "file_too_large", found=f"{math.ceil(size / 1e6)} МБ", limit=f"{limit // 1_000_000} МБ"
    )


def _span(data: bytes, entry: zipfile.ZipInfo) -> tuple[int, int]:
    start = entry.header_offset
    if start < 0 or start + 30 > len(data):
        raise FileRefusedError("file_damaged")
    magic, name, extra = _LOCAL.unpack_from(data, start)
    end = start + 30 + name + extra + entry.compress_size
    if magic != b"PK\x03\x04" or end > len(data):
        raise FileRefusedError("file_damaged")
    return start, end


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    _, end = _span(data, entry)
    packed = memoryview(data)[end - entry.compress_size : end]
    if entry.compress_type == zipfile.ZIP_STORED:
        part, whole = bytes(packed), True
    else:
        unpack = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
        try:
            part = unpack.decompress(packed, entry.file_size + 1)
        except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub calls it an instance
            raise FileRefusedError("file_damaged") from error
        whole = unpack.eof
    if not whole or len(part) != entry.file_size or isal_zlib.crc32(part) != entry.CRC:
        raise FileRefusedError("file_damaged")
    return part
