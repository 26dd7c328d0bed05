"""The workbook part: which sheets there are, and our sheet put before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.reading.annotate import sheets
from pipeline.reading.annotate.package import CannotAnnotate, Package
from pipeline.reading.annotate.relations import (
    CHAIN_TYPE,
    SHEET_TYPE,
    STYLES_TYPE,
    declare,
    discard,
    relate,
    related,
    relations,
    unrelate,
)
from pipeline.reading.annotate.styles import EMPTY
from pipeline.reading.annotate.xml import OFFICE, Element, child_in_order, main, parse, serialize

_DOCUMENT_TYPE = f"{OFFICE}/officeDocument"
_SIGNATURE = "digital-signature"
# A workbook edited by several people at once numbers its sheets in more places.
_SHARED = "revisionHeaders"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize"),
    *("customWorkbookViews", "pivotCaches", "fileRecoveryPr", "extLst"),
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name and its part; `table` is False for a chart sheet."""

    name: str
    part: str
    table: bool


class Workbook:
    """The workbook of a package while sheets are being put in or taken out."""

    def __init__(self, package: Package) -> None:
        self.package = package
        kinds = relations(package, "")
        if any(_SIGNATURE in relation.type for relation in kinds):
            raise CannotAnnotate("signed")
        document = next((r.target for r in kinds if r.type == _DOCUMENT_TYPE), None)
        if document is None:
            raise CannotAnnotate("not a workbook we know")
        self.part = document
        self._root = parse(package.read(document))
        if self._root.tag != main("workbook") or self._root.find(main("sheets")) is None:
            raise CannotAnnotate("not a workbook we know")
        self._targets = {r.id: r for r in relations(package, document)}
        if any(_SHARED in relation.type for relation in self._targets.values()):
            raise CannotAnnotate("keeps a history of changes")

    def sheets(self) -> list[SheetPart]:
        """Return the sheets in the order of their tabs."""
        return [self._sheet(item) for item in self._items()]

    def styles_part(self) -> str:
        """Return the name of the styles part, made where the workbook has none."""
        found = related(self.package, self.part, STYLES_TYPE)
        if found is not None:
            return found.target
        name = "xl/styles.xml"
        self.package.write(name, EMPTY)
        declare(self.package, name, f"{_SPREADSHEET}.styles+xml")
        relate(self.package, self.part, STYLES_TYPE, name)
        return name

    @property
    def active(self) -> int:
        """Index of the sheet that is shown when the workbook is opened."""
        views = list(self._root.iter(main("workbookView")))
        return int(views[0].get("activeTab", "0")) if views else 0

    def insert_first(self, name: str, data: bytes, printed: str, repeated: str) -> None:
        """Put a sheet before all others and show it; `printed` and `repeated` are its ranges."""
        for sheet in self.sheets():
            before = self.package.read(sheet.part)
            after = sheets.unselect(before)
            if after != before:
                self.package.write(sheet.part, after)
        part = self.package.free_name("xl/worksheets/sheet{}.xml")
        self.package.write(part, data)
        declare(self.package, part, f"{_SPREADSHEET}.worksheet+xml")
        relation = relate(self.package, self.part, SHEET_TYPE, part)
        number = max((int(item.get("sheetId", "0")) for item in self._items()), default=0) + 1
        attributes = {"name": name, "sheetId": str(number), f"{{{OFFICE}}}id": relation}
        element = etree.Element(main("sheet"), attributes)
        self._root.find(main("sheets")).insert(0, element)
        self._shift(lambda index: index + 1)
        self._names(name, printed, repeated)
        self._show(0)
        self._save()

    def drop(self, part: str, active: int) -> None:
        """Take a sheet out; where it was the one shown, show the sheet *active* instead."""
        index = [sheet.part for sheet in self.sheets()].index(part)
        item = self._items()[index]
        relation = item.get(f"{{{OFFICE}}}id")
        shown = self.active
        item.getparent().remove(item)
        self._shift(lambda number: number - 1 if number > index else number, gone=index)
        if b"<f" in self.package.read(part):
            self._drop_chain()
        for found in relations(self.package, part):
            if not found.external:
                discard(self.package, found.target)
        unrelate(self.package, self.part, {relation})
        discard(self.package, part)
        left = self.sheets()
        if shown == index and left:
            shown = min(active, len(left) - 1)
            chosen = left[shown].part
            self.package.write(chosen, sheets.select(self.package.read(chosen)))
        else:
            shown -= shown > index
        self._show(shown)
        self._save()

    def _items(self) -> list[Element]:
        found: list[Element] = self._root.findall(f"{main('sheets')}/{main('sheet')}")
        return found

    def _sheet(self, item: Element) -> SheetPart:
        relation = self._targets.get(item.get(f"{{{OFFICE}}}id"))
        if relation is None:
            self._targets = {r.id: r for r in relations(self.package, self.part)}
            relation = self._targets[item.get(f"{{{OFFICE}}}id")]
        return SheetPart(item.get("name", ""), relation.target, relation.type == SHEET_TYPE)

    def _named(self) -> Iterator[Element]:
        for item in list(self._root.iter(main("definedName"))):
            if item.get("localSheetId", "").isdigit():
                yield item

    def _shift(self, change: Callable[[int], int], gone: int | None = None) -> None:
        """Renumber what counts sheets: the names that belong to one of them."""
        for item in self._named():
            index = int(item.get("localSheetId"))
            if index == gone:
                item.getparent().remove(item)
            else:
                item.set("localSheetId", str(change(index)))
        names = self._root.find(main("definedNames"))
        if names is not None and not len(names):
            self._root.remove(names)

    def _names(self, name: str, printed: str, repeated: str) -> None:
        names = child_in_order(self._root, "definedNames", _ORDER)
        for place, (kind, area) in enumerate((("Print_Area", printed), ("Print_Titles", repeated))):
            item = etree.Element(main("definedName"), name=f"_xlnm.{kind}", localSheetId="0")
            item.text = f"'{name}'!{area}"
            names.insert(place, item)

    def _show(self, index: int) -> None:
        views = child_in_order(self._root, "bookViews", _ORDER)
        if not len(views):
            etree.SubElement(views, main("workbookView"))
        for view in views:
            view.set("activeTab", str(index))
            view.attrib.pop("firstSheet", None)

    def _drop_chain(self) -> None:
        chain = related(self.package, self.part, CHAIN_TYPE)
        if chain is not None:
            unrelate(self.package, self.part, {chain.id})
            discard(self.package, chain.target)

    def _save(self) -> None:
        self.package.write(self.part, serialize(self._root))
