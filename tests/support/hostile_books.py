"""Honest books of a school with one part that no program writes: each once stopped everybody.

Every one is read without trouble; what it is made for is the moment when marks are put in.
"""

from __future__ import annotations

import base64
import random

from tests.support.annotated_books import parts, zipped

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def tags_in_an_instruction(book: bytes, count: int = 40_000) -> bytes:
    """Behind each sheet stands an instruction full of tags, and a quote that never ends."""
    tail = b"<?a " + b"<mergeCell " * count + b'"?>'
    return zipped({n: d + tail if "/worksheets/" in n else d for n, d in parts(book).items()})


def shapes_without_end(book: bytes, count: int = 40_000) -> bytes:
    """A drawing of shapes that never end, beside a comment that says it is ours."""
    drawing = b"<xml>" + b"<v:shape " * count + b"</xml>"
    return _with_comments(book, _comments(""), drawing)


def endless_comments(book: bytes, count: int = 6_000_000) -> bytes:
    """A quarter of a megabyte that becomes a tree of a gigabyte."""
    # Noise keeps the part below the ratio that the guard takes for a bomb.
    noise = base64.b64encode(random.Random(5).randbytes(260_000)).decode()
    return _with_comments(book, _comments("<a/>" * count + noise))


def _comments(text: str) -> bytes:
    return (
        f'<comments xmlns="{MAIN}"><authors><author>Проверка</author></authors><commentList>'
        '<comment ref="A1" authorId="0"><text><t>Проверка: да</t></text></comment></commentList>'
        f"{text}</comments>"
    ).encode()


def _with_comments(book: bytes, comments: bytes, drawing: bytes = b"<xml></xml>") -> bytes:
    changed = parts(book)
    for name in [name for name in changed if "/worksheets/sheet" in name]:
        number = name.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
        changed[f"xl/comments{number}.xml"] = comments
        changed[f"xl/drawings/vmlDrawing{number}.vml"] = drawing
        changed[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = (
            f'{_RELATIONS}<Relationship Id="rId1" Type="{OFFICE}/comments" '
            f'Target="../comments{number}.xml"/><Relationship Id="rId2" Type="{OFFICE}/vmlDrawing" '
            f'Target="../drawings/vmlDrawing{number}.vml"/></Relationships>'
        ).encode()
        end = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/></worksheet>'.encode()
        changed[name] = changed[name].replace(b"</worksheet>", end)
    return zipped(changed)
