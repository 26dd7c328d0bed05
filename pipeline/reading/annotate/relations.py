"""Which part refers to which, and what kind of content each part is."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from lxml import etree

from pipeline.reading.annotate.package import Package, resolve
from pipeline.reading.annotate.xml import OFFICE, Element, parse, serialize

_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_EMPTY = f'<Relationships xmlns="{_NAMESPACE}"/>'.encode()
CONTENT_TYPES = "[Content_Types].xml"
SHEET_TYPE = f"{OFFICE}/worksheet"
STYLES_TYPE = f"{OFFICE}/styles"
STRINGS_TYPE = f"{OFFICE}/sharedStrings"
COMMENTS_TYPE = f"{OFFICE}/comments"
VML_TYPE = f"{OFFICE}/vmlDrawing"
CHAIN_TYPE = f"{OFFICE}/calcChain"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part; `target` is a part's name, or as written where it is external."""

    id: str
    type: str
    target: str
    external: bool = False


def relations_part(part: str) -> str:
    """Return the name of the part that holds the relations of *part* («» is the package)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(package: Package, part: str) -> list[Relation]:
    """Return the relations of *part*; none where it has no relations part."""
    name = relations_part(part)
    if name not in package:
        return []
    return [_relation(part, item) for item in _items(parse(package.read(name)))]


def related(package: Package, part: str, kind: str) -> Relation | None:
    """Return the first relation of *part* of this kind."""
    return next((r for r in relations(package, part) if r.type == kind and not r.external), None)


def relate(package: Package, part: str, kind: str, target: str) -> str:
    """Add a relation from *part* to the part *target*; return its id."""
    name = relations_part(part)
    root = parse(package.read(name) if name in package else _EMPTY)
    taken = {item.get("Id") for item in _items(root)}
    number = 1
    while f"rId{number}" in taken:
        number += 1
    attributes = {"Id": f"rId{number}", "Type": kind, "Target": f"/{target}"}
    etree.SubElement(root, f"{{{_NAMESPACE}}}Relationship", attributes)
    package.write(name, serialize(root))
    return f"rId{number}"


def unrelate(package: Package, part: str, ids: set[str]) -> None:
    """Take relations of *part* away, and its relations part with the last one."""
    name = relations_part(part)
    root = parse(package.read(name))
    for item in _items(root):
        if item.get("Id") in ids:
            root.remove(item)
    if len(root):
        package.write(name, serialize(root))
    else:
        package.remove(name)


def declare(package: Package, part: str, content_type: str) -> None:
    """Say what kind of content a new part is."""
    root = parse(package.read(CONTENT_TYPES))
    attributes = {"PartName": f"/{part}", "ContentType": content_type}
    etree.SubElement(root, f"{{{_TYPES}}}Override", attributes)
    package.write(CONTENT_TYPES, serialize(root))


def declare_extension(package: Package, extension: str, content_type: str) -> None:
    """Say what kind of content all parts of an extension are, unless it is said already."""
    root = parse(package.read(CONTENT_TYPES))
    defaults = root.findall(f"{{{_TYPES}}}Default")
    if any(item.get("Extension", "").lower() == extension for item in defaults):
        return
    attributes = {"Extension": extension, "ContentType": content_type}
    root.insert(len(defaults), etree.Element(f"{{{_TYPES}}}Default", attributes))
    package.write(CONTENT_TYPES, serialize(root))


def discard(package: Package, part: str) -> None:
    """Remove a part with its relations and its line in the content types."""
    package.remove(relations_part(part))
    package.remove(part)
    root = parse(package.read(CONTENT_TYPES))
    for item in root.findall(f"{{{_TYPES}}}Override"):
        if item.get("PartName", "").lstrip("/").lower() == part.lower():
            root.remove(item)
    package.write(CONTENT_TYPES, serialize(root))


def _items(root: Element) -> list[Element]:
    found: list[Element] = root.findall(f"{{{_NAMESPACE}}}Relationship")
    return found


def _relation(part: str, item: Element) -> Relation:
    external = item.get("TargetMode", "") == "External"
    target = item.get("Target", "")
    found = target if external else resolve(part, target)
    return Relation(item.get("Id", ""), item.get("Type", ""), found, external)
