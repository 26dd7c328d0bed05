"""Files as no school should send them, and the frame of an honest xlsx to put oddities into."""

from __future__ import annotations

import io
import struct
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/{kind}.main+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{rels}</Relationships>"
)
SHEET_KIND = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ONE_CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def package(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip parts in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def rel(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def xlsx_parts(rows: str = ONE_CELL, *, kind: str = SHEET_KIND, before: str = "") -> dict:
    """The parts of a workbook with one sheet «Лист»; *rows* is the XML inside sheetData."""
    rels = rel(1, "worksheet", "worksheets/sheet1.xml")
    rels += rel(2, "sharedStrings", "sharedStrings.xml") + rel(3, "styles", "styles.xml")
    return {
        "[Content_Types].xml": _TYPES.format(kind=kind),
        "_rels/.rels": _RELS.format(rels=rel(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Лист" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELS.format(rels=rels),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164"'
        ' formatCode="dd\\.mm\\.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="164"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>общая</t></si><si><t/></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}'
        "</sheetData></worksheet>",
    }


def xlsx(rows: str = ONE_CELL, **options: str) -> bytes:
    return package(xlsx_parts(rows, **options))


def strict_xlsx(rows: str) -> bytes:
    """The same workbook in the namespaces of «Строгая таблица Open XML»."""
    parts = xlsx_parts(rows)
    return package(
        {
            name: part.replace(MAIN, STRICT).replace(
                _OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
            )
            for name, part in parts.items()
        }
    )


def with_part(name: str, part: str | bytes) -> bytes:
    """An honest workbook with one more part."""
    return package({**xlsx_parts(), name: part})


def ods(rows: str, *, mime: str = "spreadsheet", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument file with one sheet «Лист»."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text", "style")
    )
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{mime}",
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Лист">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": manifest,
        },
        method=zipfile.ZIP_STORED,
    )


def ods_cell(value: int, *, repeat: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{repeat}" office:value-type="float"'
        f' office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    )


def overlapping() -> bytes:
    """A zip in whose directory two names point at the same bytes."""
    data = bytearray(package({"a.xml": "<a/>", "b.xml": "<b/>"}, method=zipfile.ZIP_STORED))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 16 : second + 20] = data[first + 16 : first + 20]
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def lying_size() -> bytes:
    """A zip whose directory says that a part is smaller than it is."""
    data = bytearray(xlsx("<row/>" * 5000))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    return bytes(data)


def locked_zip() -> bytes:
    """A zip whose parts say that they are encrypted."""
    data = bytearray(xlsx())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def ole(*names: str) -> bytes:
    """An OLE file with a directory of empty streams and nothing else."""
    entries = [_ole_entry("Root Entry", 5), *(_ole_entry(name, 2) for name in names)]
    directory = b"".join(entries).ljust(512, b"\0")
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I8x2I", header, 44, 1, 0, 0)
    struct.pack_into("<6I", header, 48, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)
    struct.pack_into("<I", header, 72, 0)
    header[76:512] = b"\xff" * 436
    struct.pack_into("<I", header, 76, 0)
    fat = struct.pack("<2I", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    return bytes(header) + fat + directory


def _ole_entry(name: str, kind: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    tail = struct.pack("<HB49x", len(text), kind) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return text.ljust(64, b"\0") + tail
