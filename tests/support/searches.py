"""Feeds every search over a stranger's bytes with what makes careless patterns go back for ever.

Run as a process of its own: each search is allowed some seconds of computing, many times what it
takes where each byte is read once and far less than it takes where it is not. The last line that
was printed names the search that used them up.
"""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator

import pipeline
from pipeline import system
from pipeline.reading.annotate import cells, comments, sheets, tags
from pipeline.reading.annotate.package import CannotAnnotate

SECONDS = 3
SIZE = 60_000
ROOMS = (
    *("reading.annotate", "reading.guard", "reading.file_kinds", "reading.formats"),
    *("reading.child", "reading.codec", "plugins.readers", "plugins.rules_privacy"),
    *("acceptance.spellings", "acceptance.pseudonyms"),
)
# What a pattern may begin with, repeat, or wait for the end of.
PIECES = (
    *(
        "<",
        "<a ",
        "<a:a ",
        "<a",
        "</a ",
        "<mergeCell ",
        '<mergeCell a="',
        "<v:shape ",
        "</v:shape ",
    ),
    *("<v:shape >", "<c ", '<c r="A1" ', '<c r="A', '<c s="1" r="A1"/>', "<row ", "<col "),
    *('<row r="1"><c s="1" r="A1"/>', '<row r="1">', "<Row>", "<Row> 1", "<x:Row", "<?xml "),
    *(' s="', " s=", " s", ' style="1"', " spans", " spans='", " tabSelected=", " encoding", "a.a"),
    *('a="', "a='", "a = ", "a=\"'", "\"'", "'", '"', "[", "]", "[[", "\\", "_", "_x", "_x0000_s"),
    *(" ", "\n", "a", "A", "1", "9,", "P1", ".", ".png", ":", "=", "/", ">", "sep=", "\x00"),
)
# The same for what searches the texts of cells.
WORDS = (
    *("а", "А", "аА", "а ", "А. ", "а-", "а@", "@", "а.", "9 ", "9-", "8 (", "2026-", "Иванов "),
    *(" ", "\n", ".", "-", "(", "9", "_"),
)
CARELESS = {
    "tags": re.compile(rb"""<a(?=[\s/>])((?:[^"'>]|"[^"]*"|'[^']*')*)>"""),
    "shapes": re.compile(rb"<((?:[\w.-]+:)?)shape(?=[\s>]).*?</\1shape\s*>", re.DOTALL),
    "formats": re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.'),
}


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every compiled pattern of the rooms that touch a stranger's bytes."""
    for name in sorted(m.name for m in pkgutil.walk_packages(pipeline.__path__, "pipeline.")):
        if name.removeprefix("pipeline.").startswith(ROOMS):
            for known, value in vars(importlib.import_module(name)).items():
                own = value if isinstance(value, dict) else {"": value}
                for key, pattern in own.items():
                    if isinstance(pattern, re.Pattern):
                        yield f"{name}.{known}{key}", pattern
    for name in (b"c", b"a", b"a:a", b"mergeCell", b"row"):
        yield f"tags.pattern({name!r})", tags.pattern(name)
    for prefix in (b"", b"a:"):
        for known, value in cells._patterns(prefix)._asdict().items():
            yield f"cells._patterns({prefix!r}).{known}", value


def texts(name: str) -> Iterator[str]:
    """Each piece again and again, and behind what another one has begun."""
    pieces, begun = PIECES, ("<a ", '<a b="', '<c r="A1" ', "<v:shape ")
    if name.removeprefix("pipeline.").startswith(("acceptance", "plugins.rules")):
        pieces, begun = WORDS, ("а", "8 (", "а@")
    for piece in pieces:
        yield piece * (SIZE // len(piece))
    for first, piece in itertools.product(begun, pieces):
        yield first + piece * (SIZE // len(piece) // 4)


def steps() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """What is made of the searches, over whole sheets and drawings."""
    places = [(row, 1) for row in range(1, 2_000)]
    styles = dict.fromkeys(range(3000), 0)
    yield "mark", lambda data: cells.mark(data, places, lambda _place, style: style + 1)
    yield "unmark", lambda data: cells.unmark(data, styles)
    yield "top_left", lambda data: cells.top_left(data, places)
    yield "select", sheets.select
    yield "legacy_drawing", sheets.legacy_drawing
    yield "drop_legacy_drawing", sheets.drop_legacy_drawing
    yield "add_legacy_drawing", lambda data: sheets.add_legacy_drawing(data, "rId1", "o")
    yield "shapes", lambda data: list(comments._shapes(data))


def sheet(part: str) -> Iterator[bytes]:
    """A sheet with the piece among its columns, its rows, in a cell, and after them."""
    many = part * (SIZE // len(part))
    pieces = ("<worksheet>", "<sheetData>", '<row r="1"><c r="A1" ', "></c></row>")
    pieces = (*pieces, "</sheetData>", "</worksheet>", "")
    for place in range(1, len(pieces)):
        yield ("".join(pieces[:place]) + many + "".join(pieces[place:])).encode()


def feed(name: str, pattern: re.Pattern, seconds: int = SECONDS) -> None:
    """Search every text for the pattern, within the seconds."""
    print(name, flush=True)
    system.allow_cpu(seconds)
    for text in texts(name):
        data = text if isinstance(pattern.pattern, str) else text.encode()
        pattern.match(data)
        for _ in pattern.finditer(data):
            pass


def main(which: str) -> None:
    """Feed all searches, or one that is known to be careless."""
    if which in CARELESS:
        feed(which, CARELESS[which], seconds=1)
    else:
        for name, pattern in patterns():
            feed(name, pattern)
        for name, step in steps():
            for piece in PIECES:
                print(name, repr(piece), flush=True)
                system.allow_cpu(SECONDS)
                for data in sheet(piece):
                    try:
                        step(data)
                    except (CannotAnnotate, ValueError, LookupError):
                        continue
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
