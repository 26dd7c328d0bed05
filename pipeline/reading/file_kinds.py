"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

from pathlib import Path

HEAD_BYTES = 8192
# What is put in front of a zip on its way and is none of its bytes.
AROUND = b"\xef\xbb\xbf \t\r\n\x00"

# Kinds by magic bytes, with the word a school reads where the kind is refused.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "документ PDF"),
    (b"{\\rtf", "документ RTF"),
    (b"Rar!\x1a\x07", "архив RAR"),
    (b"7z\xbc\xaf\x27\x1c", "архив 7-Zip"),
    (b"PK\x05\x06", "пустой архив ZIP"),
    (b"PK\x07\x08", "разделённый архив ZIP"),
    (b"\x1f\x8b", "архив GZIP"),
    (b"\x89PNG", "рисунок"),
    (b"\xff\xd8\xff", "рисунок"),
    (b"GIF8", "рисунок"),
    (b"BM", "рисунок"),
    (b"\x7fELF", "программа"),
    (b"MZ", "программа"),
    (b"\t\x00\x04\x00", "таблица очень старого Excel"),
    (b"\t\x02\x06\x00", "таблица очень старого Excel"),
    (b"\t\x04\x06\x00", "таблица очень старого Excel"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<?mso-application", "таблица XML 2003"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "таблица XML 2003"),
    (b"<html", "веб-страница"),
    (b"<!doctype html", "веб-страница"),
    (b"<table", "веб-страница"),
    (b"<head", "веб-страница"),
    (b"<?xml", "файл XML"),
    (b"<!doctype", "файл XML"),
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Bytes that no text in any encoding we read holds: controls but tab, line ends, form feed, Ctrl-Z.
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26})
UNKNOWN = "неизвестный формат"


def head_of(path: Path) -> bytes:
    """Return the first `HEAD_BYTES` bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def kind_of(head: bytes) -> str:
    """Return «zip», «ole», «text», or the Russian name of a kind that is not read.

    The answer chooses who looks further: archives and OLE files are judged by their directory.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic) and not (len(magic) == 2 and looks_like_text(head)):
            return kind
    if head.lstrip(AROUND).startswith(_MAGIC[0][0]):
        return "zip"
    return _markup_kind(head) or ("text" if looks_like_text(head) else UNKNOWN)


def looks_like_text(head: bytes) -> bool:
    """Whether *head* can be text; UTF-16 counts with its mark or with every other byte zero."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if utf16_without_mark(head):
        return True
    # Zeros behind the text are what a device fills its last block with; the reader looks further.
    text = head.rstrip(b"\x00")
    return bool(text) and not text.translate(None, bytes(set(range(256)) - set(_CONTROLS)))


def utf16_without_mark(head: bytes) -> str | None:
    """Return the name of UTF-16 where zeros or Cyrillic high bytes give it away, else None."""
    even, odd = head[0:2000:2], head[1:2000:2]
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        pages = high.count(0) + high.count(4)
        if len(high) > 3 and b"\x00" in high and b"\x00" not in low and pages >= 0.9 * len(high):
            return name
    return None


def _markup_kind(head: bytes) -> str | None:
    text = head.replace(b"\x00", b"").lower()
    for mark in _MARKS:
        text = text.removeprefix(mark)
    text = text.lstrip()
    if text.startswith((b"mime-version:", b"from: <saved by")):
        return "веб-архив"
    if not text.startswith(b"<"):
        return None
    return next((kind for mark, kind in _MARKUP if mark in text), None)
