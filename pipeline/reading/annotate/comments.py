"""Comments on cells: ours put beside those of the school, and taken away again."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from lxml import etree

from pipeline.reading.annotate import sheets
from pipeline.reading.annotate.package import CannotAnnotate, Package
from pipeline.reading.annotate.relations import (
    COMMENTS_TYPE,
    VML_TYPE,
    declare,
    declare_extension,
    discard,
    relate,
    related,
    relations,
    unrelate,
)
from pipeline.reading.annotate.tags import Place, address_of, place_of
from pipeline.reading.annotate.xml import MAIN, OFFICE, Element, clean, main, parse, serialize

AUTHOR = "Проверка"
# A comment of ours starts with this, whatever a program made of its author.
PREFIX = "Проверка: "
# Stands between a comment of the school and ours in the same cell.
SEAM = "\n— Проверка —\n"
_THREADED = "tc="
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
_NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_DECLARED = b" ".join(b'xmlns:%s="%s"' % item for item in _NAMESPACES.items())
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_EMPTY_VML = b"<xml " + _DECLARED + b">" + _SHAPE_TYPE + b"</xml>"
_SHAPE = (
    b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:80pt;'
    b'margin-top:2pt;width:220pt;height:%dpt;z-index:%d;visibility:hidden" fillcolor="#ffffe1" '
    b'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    b'<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    b"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d,15,%d,2,%d,15,%d,4</x:Anchor>"
    b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column>"
    b"</x:ClientData></v:shape>"
)
_ANY_SHAPE = re.compile(rb"<((?:[\w.-]+:)?)shape(?=[\s>]).*?</\1shape\s*>", re.DOTALL)
_AT = re.compile(rb"<(?:[\w.-]+:)?(Row|Column)\s*>\s*(\d+)\s*<")
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_LINE = 42


def add(package: Package, sheet: str, texts: Mapping[Place, str]) -> None:
    """Write *texts* as comments on the cells of a sheet; a comment that is there is continued."""
    if not texts:
        return
    part = related(package, sheet, COMMENTS_TYPE)
    root = parse(package.read(part.target) if part else _EMPTY)
    fresh = _write(root, texts)
    name = part.target if part else package.free_name("xl/comments{}.xml")
    package.write(name, serialize(root))
    if part is None:
        declare(package, name, _TYPE)
        relate(package, sheet, COMMENTS_TYPE, name)
    if fresh:
        _draw(package, sheet, fresh)


def remove(package: Package, sheet: str) -> None:
    """Take our comments off a sheet, and the parts that held nothing else."""
    part = related(package, sheet, COMMENTS_TYPE)
    if part is None or part.target not in package:
        return
    root = parse(package.read(part.target))
    gone, cut = _erase(root)
    if not gone and not cut:
        return
    if root.find(f"{main('commentList')}/{main('comment')}") is None:
        discard(package, part.target)
        unrelate(package, sheet, {part.id})
    else:
        package.write(part.target, serialize(root))
    _undraw(package, sheet, gone)


def _write(root: Element, texts: Mapping[Place, str]) -> dict[Place, str]:
    """Put texts into the comments part; return those that need a shape of their own."""
    authors, comments = root.find(main("authors")), root.find(main("commentList"))
    if authors is None or comments is None:
        raise CannotAnnotate("comments without list")
    known = {place_of(comment.get("ref", "")): comment for comment in comments}
    names = [author.text or "" for author in authors]
    fresh: dict[Place, str] = {}
    for place, text in texts.items():
        if place not in known:
            fresh[place] = text
            continue
        author = int(known[place].get("authorId", "0"))
        if author >= len(names) or not names[author].startswith(_THREADED):
            _run(_body(known[place]), SEAM + text, bold=False)
    if fresh:
        if AUTHOR not in names:
            etree.SubElement(authors, main("author")).text = AUTHOR
            names.append(AUTHOR)
        for place, text in fresh.items():
            _comment(comments, place, text, names.index(AUTHOR))
    return fresh


def _body(comment: Element) -> Element:
    """Return the text of a comment, made of runs, so that another one can follow."""
    body = comment.find(main("text"))
    if body is None:
        return etree.SubElement(comment, main("text"))
    plain = body.find(main("t"))
    if plain is not None:
        run = etree.Element(main("r"))
        body.replace(plain, run)
        run.append(plain)
    return body


def _comment(comments: Element, place: Place, text: str, author: int) -> None:
    comment = etree.SubElement(comments, main("comment"), ref=address_of(place))
    comment.set("authorId", str(author))
    body = etree.SubElement(comment, main("text"))
    first, _, rest = text.partition("\n")
    _run(body, PREFIX + first, bold=True)
    _run(body, "\n" + rest, bold=False)


def _run(body: Element, text: str, *, bold: bool) -> None:
    run = etree.SubElement(body, main("r"))
    look = etree.SubElement(run, main("rPr"))
    if bold:
        etree.SubElement(look, main("b"))
    etree.SubElement(look, main("sz"), val="9")
    etree.SubElement(look, main("color"), indexed="81")
    etree.SubElement(look, main("rFont"), val="Tahoma")
    etree.SubElement(look, main("family"), val="2")
    inside = etree.SubElement(run, main("t"))
    inside.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    inside.text = clean(text)


def _draw(package: Package, sheet: str, texts: Mapping[Place, str]) -> None:
    """Add the boxes in which comments are shown."""
    part = _drawing(package, sheet)
    data = package.read(part) if part else _EMPTY_VML
    end = data.rfind(b"</")
    if end < 0 or b"<xml" not in data:
        raise CannotAnnotate("unusual drawing")
    head = data[: data.index(b">", data.index(b"<xml"))]
    number = max([1024, *(int(found) for found in _NUMBER.findall(data))])
    shapes = b"" if b"_x0000_t202" in data else _SHAPE_TYPE
    for order, (place, text) in enumerate(texts.items(), start=1):
        shapes += _shape(number + order, order, place, text)
    if any(b'xmlns:%s="%s"' % item not in head for item in _NAMESPACES.items()):
        shapes = re.sub(rb"<v:shape(?=[t ])(?:type)?", rb"\g<0> " + _DECLARED, shapes)
    name = part or package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.write(name, data[:end] + shapes + data[end:])
    if part is None:
        declare_extension(package, "vml", _VML_TYPE)
        relation = relate(package, sheet, VML_TYPE, name)
        package.write(sheet, sheets.add_legacy_drawing(package.read(sheet), relation, OFFICE))


def _shape(number: int, order: int, place: Place, text: str) -> bytes:
    lines = sum(1 + len(line) // _LINE for line in text.split("\n")) + 1
    row, column = place[0] - 1, place[1] - 1
    top, height = max(row - 1, 0), min(lines, 24)
    anchor = (column + 1, top, column + 4, top + height)
    return _SHAPE % (number, height * 13, order, *anchor, row, column)


def _drawing(package: Package, sheet: str) -> str | None:
    relation = sheets.legacy_drawing(package.read(sheet))
    found = (r for r in relations(package, sheet) if r.id == relation and r.target in package)
    part = next(found, None)
    return part.target if part else None


def _erase(root: Element) -> tuple[set[Place | None], bool]:
    """Take our words out of the comments; return the cells left without, and whether any stay."""
    authors, comments = root.find(main("authors")), root.find(main("commentList"))
    if authors is None or comments is None:
        return set(), False
    names = [author.text or "" for author in authors]
    gone: set[Place | None] = set()
    cut = False
    for comment in list(comments):
        text = "".join(t.text or "" for t in comment.iter(main("t")))
        author = int(comment.get("authorId", "0"))
        if text.startswith(PREFIX) or (author < len(names) and names[author] == AUTHOR):
            gone.add(place_of(comment.get("ref", "")))
            comments.remove(comment)
        elif SEAM in text:
            _cut(comment, text.index(SEAM))
            cut = True
    if names and names[-1] == AUTHOR and _unused(comments, len(names) - 1):
        authors.remove(authors[-1])
    return gone, cut


def _unused(comments: Element, author: int) -> bool:
    return all(comment.get("authorId") != str(author) for comment in comments)


def _cut(comment: Element, length: int) -> None:
    """Keep the first *length* characters of a comment."""
    for text in list(comment.iter(main("t"))):
        own = text.text or ""
        text.text = own[:length]
        length = max(length - len(own), 0)
        run = text.getparent()
        if not text.text and run.tag == main("r"):
            run.getparent().remove(run)


def _undraw(package: Package, sheet: str, gone: Collection[Place | None]) -> None:
    """Take the boxes of removed comments away, and the drawing with the last of them."""
    part = _drawing(package, sheet)
    if part is None:
        return

    def kept(match: re.Match[bytes]) -> bytes:
        at = {name: int(value) for name, value in _AT.findall(match[0])}
        place = (at.get(b"Row", -2) + 1, at.get(b"Column", -2) + 1)
        return b"" if place in gone and b"Note" in match[0] else match[0]

    data = _ANY_SHAPE.sub(kept, package.read(part))
    if _ANY_SHAPE.search(data):
        package.write(part, data)
        return
    ids = {r.id for r in relations(package, sheet) if r.target == part}
    package.write(sheet, sheets.drop_legacy_drawing(package.read(sheet)))
    unrelate(package, sheet, ids)
    discard(package, part)
