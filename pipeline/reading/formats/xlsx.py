"""The sheets and properties of an xlsx, found through its relations."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import FileRefusedError
from pipeline.reading.formats.xml import Attributes, elements, parse

_TRUE = ("1", "true")
_LITERAL = re.compile(r'"[^"]*+"|\\.|\[[^][]*+\]|_.|\*.')
_DATE_LETTER = re.compile("[dmyhsдмгч]")


@dataclass(frozen=True, slots=True)
class Workbook:
    """Parts of an xlsx that were found through its relations: XML of sheets by their name."""

    sheets: Mapping[str, bytes]
    visible: Mapping[str, bool]
    shared: bytes
    styles: bytes
    date1904: bool


def open_workbook(parts: Mapping[str, bytes]) -> Workbook:
    """Find the sheets of the package *parts* belongs to, in the order of their tabs."""
    main = _target(parts, "", "officeDocument") or "xl/workbook.xml"
    if main not in parts:
        raise FileRefusedError("file_damaged")
    kinds = _relations(parts, main)
    told = elements(parts[main], ("sheet", "workbookPr"))
    by_id = {rel["Id"]: path for rel, path in kinds if rel["Type"].endswith("/worksheet")}
    sheets: dict[str, bytes] = {}
    visible: dict[str, bool] = {}
    for sheet in told["sheet"]:
        path = by_id.get(next((v for k, v in sheet.items() if k.endswith(":id")), ""))
        name = sheet.get("name", "")
        if path is None:
            continue
        if path not in parts:
            raise FileRefusedError("file_damaged")
        sheets[name] = parts[path]
        visible[name] = sheet.get("state", "visible") == "visible"
    found = {rel["Type"].rpartition("/")[2]: path for rel, path in kinds}
    return Workbook(
        sheets=sheets,
        visible=visible,
        shared=parts.get(found.get("sharedStrings", ""), b""),
        styles=parts.get(found.get("styles", ""), b""),
        date1904=any(p.get("date1904") in _TRUE for p in told["workbookPr"]),
    )


def properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return title, program and custom properties of the document; no names of its authors."""
    found: dict[str, str] = {}
    custom = next((n for n in parts if n.lower() == "docprops/custom.xml"), None)
    if custom:
        found |= _named_texts(parts[custom], "property", "name")
    for part, tags in (
        ("docprops/app.xml", {"Application": "application", "AppVersion": "version"}),
        ("docprops/core.xml", {"title": "title", "created": "created", "modified": "modified"}),
    ):
        name = next((n for n in parts if n.lower() == part), None)
        if name:
            texts = _named_texts(parts[name], None, "")
            found |= {key: texts[tag] for tag, key in tags.items() if texts.get(tag)}
    return {key[:255]: value[:255] for key, value in list(found.items())[:100]}


def date_styles(styles: bytes) -> frozenset[int]:
    """Return the style indexes that show a number as a date or a time."""
    dates = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
    found: list[int] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            shown = _LITERAL.sub("", attributes.get("formatCode", "")).lower()
            if shown != "general" and _DATE_LETTER.search(shown):
                dates.add(int(attributes["numFmtId"]))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            found.append(int(number) if number.isdecimal() else 0)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if styles:
        parse(styles, start, end, lambda _data: None)
    return frozenset(index for index, number in enumerate(found) if number in dates)


def _relations(parts: Mapping[str, bytes], source: str) -> list[tuple[Attributes, str]]:
    folder, name = posixpath.split(source)
    part = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"")
    found = []
    for rel in elements(part, ("Relationship",))["Relationship"] if part else []:
        if rel.get("TargetMode") != "External" and {"Id", "Type", "Target"} <= rel.keys():
            path = posixpath.normpath(posixpath.join("/", folder, rel["Target"]))
            found.append((rel, path.lstrip("/")))
    return found


def _target(parts: Mapping[str, bytes], source: str, kind: str) -> str | None:
    found = _relations(parts, source)
    return next((path for rel, path in found if rel["Type"].endswith(f"/{kind}")), None)


def _named_texts(xml: bytes, element: str | None, attribute: str) -> dict[str, str]:
    """Return the text inside each *element* by its attribute, or of each element by its name."""
    found: dict[str, str] = {}
    key = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal key
        if element is None:
            key = name
        elif name == element:
            key = attributes.get(attribute, "")

    def text(data: str) -> None:
        if key:
            found[key] = found.get(key, "") + data

    parse(xml, start, lambda _name: None, text)
    return {name: value.strip() for name, value in found.items()}
