"""An office file as a zip of parts: untouched parts keep their compressed bytes."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile

from isal import isal_zlib

from pipeline.reading.formats.zip import trimmed

# More than this in the parts that have to be changed is nobody's school report.
MOST_BYTES = 100 * 1024 * 1024
_LEVEL = 2
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_UTF8 = 0x800
_ENCRYPTED = 0x1


class CannotAnnotate(Exception):
    """This workbook cannot carry marks; the answer needs a workbook of its own."""


class Package:
    """The parts of one file while it is being changed; `pack` gives the new file."""

    def __init__(self, source: bytes) -> None:
        self._source = trimmed(source)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(self._source))
        except (zipfile.BadZipFile, ValueError, EOFError, struct.error) as error:
            raise CannotAnnotate("not a zip") from error
        infos = self._archive.infolist()
        self._infos = {info.filename: info for info in infos}
        if len({name.lower() for name in self._infos}) != len(infos):
            raise CannotAnnotate("two parts share a name")
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise CannotAnnotate("encrypted")
        self._parts: dict[str, bytes | None] = {}
        self._own: dict[str, bytes] = {}
        self._lower = {name.lower(): name for name in self._infos}

    def name(self, part: str) -> str | None:
        """Return the name under which *part* is stored (names ignore case), None if it is not."""
        found = self._lower.get(part.lower())
        return None if found is None or self._parts.get(found, b"") is None else found

    def __contains__(self, part: str) -> bool:
        return self.name(part) is not None

    def names(self) -> list[str]:
        """Names of all parts, in the order of the zip."""
        return [name for name in self._lower.values() if self._parts.get(name, b"") is not None]

    def read(self, part: str) -> bytes:
        """Return the bytes of *part*; raise CannotAnnotate where it is missing or damaged."""
        name = self.name(part)
        if name is None:
            raise CannotAnnotate(f"no part {part}")
        changed = self._parts.get(name)
        if changed is not None:
            return changed
        if self._infos[name].file_size > MOST_BYTES:
            raise CannotAnnotate("too large")
        if name not in self._own:
            self._own[name] = self._inflated(self._infos[name])
        return self._own[name]

    def write(self, part: str, data: bytes) -> None:
        """Put *data* in place of *part*, or add it at the end."""
        name = self._lower.setdefault(part.lower(), part)
        if name not in self._infos or self.name(part) is None or self.read(name) != data:
            self._parts[name] = data

    def remove(self, part: str) -> None:
        """Take *part* out; nothing happens where it is not there."""
        name = self.name(part)
        if name is None:
            return
        if name in self._infos:
            self._parts[name] = None
        else:
            del self._lower[name.lower()], self._parts[name]

    def free_name(self, pattern: str) -> str:
        """Return the first name of *pattern* («xl/comments{}.xml») that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    @property
    def changed(self) -> bool:
        """Whether anything differs from the file that was opened."""
        return bool(self._parts)

    def pack(self) -> bytes:
        """Return the file: the same bytes for the same parts, whatever the clock says."""
        if not self.changed:
            return self._source
        out = io.BytesIO()
        entries = [self._store(out, name) for name in self.names()]
        start = out.tell()
        for entry in entries:
            out.write(entry)
        size = out.tell() - start
        out.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *[len(entries)] * 2, size, start, 0))
        return out.getvalue()

    def _store(self, out: io.BytesIO, name: str) -> bytes:
        """Write one part; return its line of the central directory."""
        info, data = self._infos.get(name), self._parts.get(name)
        if data is None and info is not None:
            method, crc, length, raw = info.compress_type, info.CRC, info.file_size, self._raw(info)
        else:
            data = data or b""
            packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
            raw = packer.compress(data) + packer.flush()
            method, crc, length = zipfile.ZIP_DEFLATED, isal_zlib.crc32(data), len(data)
        encoded, flags = _encoded(name, info)
        common = struct.pack(
            "<5H3L2H",
            *(20, flags, method, *_dos_time(info.date_time if info else _FIXED_TIME)),
            *(crc, len(raw), length, len(encoded), 0),
        )
        offset = out.tell()
        out.write(b"PK\3\4" + common + encoded + raw)
        attributes = info.external_attr if info else 0
        tail = struct.pack("<3H2L", 0, 0, 0, attributes, offset)
        return b"PK\1\2" + struct.pack("<H", 20) + common + tail + encoded

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        raw, whole = self._raw(info), True
        if info.compress_type == zipfile.ZIP_DEFLATED:
            unpacker = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
            try:
                raw = unpacker.decompress(raw, info.file_size + 1)
            except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub calls it an instance
                raise CannotAnnotate("damaged part") from error
            whole = unpacker.eof
        elif info.compress_type != zipfile.ZIP_STORED:
            raise CannotAnnotate("unusual compression")
        if not whole or len(raw) != info.file_size or isal_zlib.crc32(raw) != info.CRC:
            raise CannotAnnotate("damaged part")
        return raw

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        head = self._source[info.header_offset : info.header_offset + 30]
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise CannotAnnotate("damaged zip")
        start = info.header_offset + 30 + sum(struct.unpack("<2H", head[26:30]))
        return self._source[start : start + info.compress_size]


def resolve(source: str, target: str) -> str:
    """Return the part that *target* of a relation of the part *source* means."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")


def _encoded(name: str, info: zipfile.ZipInfo | None) -> tuple[bytes, int]:
    if info is not None and not info.flag_bits & _UTF8:
        return name.encode("cp437"), 0
    return (name.encode(), 0) if name.isascii() and info is None else (name.encode(), _UTF8)


def _dos_time(moment: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    year, month, day, hour, minute, second = moment
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
