"""Small XML parts: parsed without entities or network, written back the same way each time."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipeline.reading.annotate.package import CannotAnnotate

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# lxml is untyped; an element is whatever it gives.
Element = Any

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 2000


def parse(data: bytes) -> Element:
    """Return the root of a part; raise CannotAnnotate for what no office program writes."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise CannotAnnotate("document type")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CannotAnnotate("not xml") from error


def serialize(root: Element) -> bytes:
    """Return the bytes of a part."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def main(name: str) -> str:
    """Return the qualified name of an element of the spreadsheet namespace."""
    return f"{{{MAIN}}}{name}"


def legal(text: str) -> str:
    """Return *text* without what a workbook cannot hold, and not endless."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """Return legal *text* in which nothing is taken for the code of a character."""
    return _CODED.sub("_x005F_", legal(text))


def escape(text: str) -> str:
    """Return cleaned *text* for the inside of an element or of a double-quoted attribute."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def child_in_order(root: Element, name: str, order: tuple[str, ...]) -> Element:
    """Return the child *name* of *root*, made at its place in the schema's *order* if missing."""
    found = root.find(main(name))
    if found is not None:
        return found
    later = {main(n) for n in order[order.index(name) + 1 :]}
    made = etree.Element(main(name))
    for index, child in enumerate(root):
        if child.tag in later:
            root.insert(index, made)
            return made
    root.append(made)
    return made
