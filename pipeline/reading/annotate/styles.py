"""The styles part: our fill laid over a cell's own style, and the looks of the protocol sheet."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.model import Severity
from pipeline.reading.annotate.package import CannotAnnotate
from pipeline.reading.annotate.xml import MAIN, Element, child_in_order, main, parse, serialize

# Red and yellow that no palette has; the last digit keeps apart cells whose own styles differ
# only in their fill, which the next program to save the file would otherwise make one.
FILLS: dict[Severity, str] = {"error": "FFFDC9C", "remark": "FFFDF4B"}
_OURS = re.compile("FFFD(C9C|F4B)[0-9A-F]", re.IGNORECASE)
_VARIANTS = "0123456789ABCDEF"
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
_LISTS = ("fonts", "fills", "borders", "cellXfs")
_XF_LIMIT = 64_000
EMPTY = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1">'
    '<xf xfId="0"/></cellXfs></styleSheet>'
).encode()


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell of the protocol sheet looks; colours are RRGGBB, an empty one is the default."""

    size: int = 10
    bold: bool = False
    underline: bool = False
    color: str = "1F2328"
    fill: str = ""
    border: bool = False
    wrap: bool = True
    indent: int = 1


class Styles:
    """The styles part while marks are being put in."""

    def __init__(self, data: bytes) -> None:
        self._root = parse(data)
        if self._root.tag != main("styleSheet"):
            raise CannotAnnotate("not the styles we know")
        self._lists = {name: child_in_order(self._root, name, _ORDER) for name in _LISTS}
        self._fill_up()
        self._named = self._root.find(f"{main('cellStyleXfs')}/{main('xf')}") is not None
        self.sizes = [len(self._lists[name]) for name in _LISTS]
        self._marked: dict[tuple[int, Severity], int] = {}
        self._variants: dict[tuple[Severity, bytes], int] = {}
        self._looks: dict[Look, int] = {}
        self._fills: dict[str, int] = {}

    def marked(self, original: int, severity: Severity) -> int:
        """Return the style that is *original* with our fill."""
        key = (original, severity)
        if key not in self._marked:
            xf = copy.deepcopy(self._xf(original))
            fill = FILLS[severity] + self._variant(xf, severity)
            xf.set("fillId", str(self._fill(fill)))
            xf.set("applyFill", "1")
            self._marked[key] = self._append("cellXfs", xf)
        return self._marked[key]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Pairs (style with our fill, style that the cell had)."""
        return [(marked, original) for (original, _), marked in self._marked.items()]

    def look(self, look: Look) -> int:
        """Return the style of a cell of the protocol sheet."""
        if look not in self._looks:
            attributes = {
                "numFmtId": "0",
                "fontId": str(self._font(look)),
                "fillId": str(self._fill(f"FF{look.fill}") if look.fill else 0),
                "borderId": str(self._border() if look.border else 0),
                **({"xfId": "0"} if self._named else {}),
                **dict.fromkeys(("applyFont", "applyFill", "applyBorder", "applyAlignment"), "1"),
            }
            xf = etree.Element(main("xf"), attributes)
            alignment = etree.SubElement(xf, main("alignment"), horizontal="left")
            alignment.set("vertical", "center")
            alignment.set("wrapText", str(int(look.wrap)))
            alignment.set("indent", str(look.indent))
            self._looks[look] = self._append("cellXfs", xf)
        return self._looks[look]

    def data(self) -> bytes:
        """Return the changed part."""
        return serialize(self._root)

    def _fill_up(self) -> None:
        """Add what every program takes for granted: two first fills and a first style."""
        fills, xfs = self._lists["fills"], self._lists["cellXfs"]
        for kind in ("none", "gray125")[len(fills) :]:
            etree.SubElement(etree.SubElement(fills, main("fill")), main("patternFill")).set(
                "patternType", kind
            )
        if not len(xfs):
            etree.SubElement(xfs, main("xf"))

    def _xf(self, index: int) -> Element:
        xfs = self._lists["cellXfs"]
        return xfs[index] if index < len(xfs) else etree.Element(main("xf"))

    def _variant(self, xf: Element, severity: Severity) -> str:
        key = (severity, _but_fill(xf))
        number = self._variants.get(key, -1) + 1
        self._variants[key] = min(number, len(_VARIANTS) - 1)
        return _VARIANTS[self._variants[key]]

    def _append(self, name: str, element: Element) -> int:
        items = self._lists[name]
        items.append(element)
        if len(items) > _XF_LIMIT:
            raise CannotAnnotate("too many styles")
        items.set("count", str(len(items)))
        return len(items) - 1

    def _fill(self, color: str) -> int:
        if color not in self._fills:
            fill = etree.Element(main("fill"))
            pattern = etree.SubElement(fill, main("patternFill"), patternType="solid")
            etree.SubElement(pattern, main("fgColor"), rgb=color)
            etree.SubElement(pattern, main("bgColor"), indexed="64")
            self._fills[color] = self._append("fills", fill)
        return self._fills[color]

    def _font(self, look: Look) -> int:
        font = etree.Element(main("font"))
        for name in ["b"] * look.bold + ["u"] * look.underline:
            etree.SubElement(font, main(name))
        etree.SubElement(font, main("sz"), val=str(look.size))
        etree.SubElement(font, main("color"), rgb=f"FF{look.color}")
        etree.SubElement(font, main("name"), val="Calibri")
        etree.SubElement(font, main("family"), val="2")
        return self._append("fonts", font)

    def _border(self) -> int:
        border = etree.Element(main("border"))
        for side in ("left", "right", "top", "bottom"):
            line = etree.SubElement(border, main(side), style="thin")
            etree.SubElement(line, main("color"), rgb="FFD0D7DE")
        etree.SubElement(border, main("diagonal"))
        return self._append("borders", border)


def digest(data: bytes) -> str:
    """Return a short hash by which we know the styles part has not been saved by others."""
    return hashlib.sha256(data).hexdigest()[:16]


def marked_in(data: bytes) -> set[int]:
    """Return the styles that carry one of our fills; found even where others renumbered them."""
    if not _OURS.search(data.decode("utf-8", "replace")):
        return set()
    root = parse(data)
    fills = {
        number
        for number, fill in enumerate(root.iterfind(f"{main('fills')}/{main('fill')}"))
        if any(_OURS.fullmatch(c.get("rgb", "")) for c in fill.iter(main("fgColor")))
    }
    xfs = root.iterfind(f"{main('cellXfs')}/{main('xf')}")
    return {n for n, xf in enumerate(xfs) if int(xf.get("fillId", "0")) in fills}


def truncated(data: bytes, sizes: Iterable[int]) -> bytes:
    """Return the part with its lists as short as they were before our marks."""
    root = parse(data)
    for name, size in zip(_LISTS, sizes, strict=True):
        items = root.find(main(name))
        del items[size:]
        items.set("count", str(size))
    return serialize(root)


def without_fill(data: bytes, marked: Iterable[int]) -> tuple[bytes, Mapping[int, int]]:
    """Return the part with a style without fill for each of *marked*, and which is whose.

    Used where the style that the cell had is not known any more.
    """
    root = parse(data)
    xfs = root.find(main("cellXfs"))
    found: dict[int, int] = {}
    for index in sorted(marked):
        bare = copy.deepcopy(xfs[index])
        bare.set("fillId", "0")
        wanted = _text(bare)
        number = next((n for n, xf in enumerate(xfs) if _text(xf) == wanted), None)
        if number is None:
            xfs.append(bare)
            number = len(xfs) - 1
        found[index] = number
    xfs.set("count", str(len(xfs)))
    return serialize(root), found


def _but_fill(xf: Element) -> bytes:
    bare = copy.deepcopy(xf)
    for name in ("fillId", "applyFill"):
        bare.attrib.pop(name, None)
    return _text(bare)


def _text(xf: Element) -> bytes:
    text: bytes = etree.tostring(xf, method="c14n", with_tail=False)
    return text
