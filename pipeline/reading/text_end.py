"""How a text ends: csv has no mark of its end, so a cut copy shows in its last line only."""

from __future__ import annotations

from pathlib import Path

# The property of a book by which its reader says so.
CUT = "text cut"
_TAIL = 4096
_SEPARATORS = (b";", b"\t", b",", b"|")
_OTHER_KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")


def tail_of(path: Path) -> bytes:
    """Return the last bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            if file.read(8).startswith(_OTHER_KINDS):
                return b""
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            return file.read()
    except OSError:
        return b""


def ends_cut(tail: bytes) -> bool:
    """Whether a text ends in a line that has fewer fields than those before it, and no end."""
    if b"\0" in tail:
        low = tail[1::2].count(0) > tail[::2].count(0)
        tail = tail.decode("utf-16-le" if low else "utf-16-be", "replace").encode()
    lines = tail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    last, before = lines[-1], [line for line in lines[1:-1] if line.strip()]
    if not last.strip() or len(before) < 2:
        return False
    separator = max(_SEPARATORS, key=before[-1].count)
    usual = before[-1].count(separator)
    return usual > 1 and before[-2].count(separator) == usual > last.count(separator)
