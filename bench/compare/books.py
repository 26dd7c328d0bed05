"""What a workbook holds, as text by place: «Лист!B5» → «value», «Лист!B5 look» → its style.

Two files of different bytes that a person sees as one workbook come out equal.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

# Pictures, charts, macros: openpyxl would drop them, so that they are counted by name.
_BESIDE = ("xl/media/", "xl/charts/", "xl/drawings/", "xl/pivot", "xl/embeddings/", "xl/vba")
_PLAIN = {"fill": "none", "font": "000000 11.0 Calibri", "format": "General"}
_EDGES = ("left", "right", "top", "bottom")


def content(data: bytes) -> dict[str, str]:
    """Return everything of a workbook that somebody could see or that Excel would obey."""
    found = dict(_beside(data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    states = (f"{name} ({book[name].sheet_state})" for name in book.sheetnames)
    found["sheets"] = " | ".join(states)
    found["active sheet"] = str(book.active.title if book.active else "")
    words = book.properties
    found["properties"] = f"{words.title} | {words.subject} | {words.creator} | {words.keywords}"
    for name, defined in book.defined_names.items():
        found[f"name {name}"] = str(defined.attr_text)
    looks: dict[int, str] = {}
    for sheet in book.worksheets:
        for place, text in _sheet(sheet, looks):
            found[f"{sheet.title}{place}"] = text
    return found


def _beside(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for info in parts.infolist():
            if info.filename.startswith(_BESIDE) and not info.filename.endswith(".rels"):
                yield f"part {info.filename}", f"crc {info.CRC:08x}"


def _sheet(sheet: Worksheet, looks: dict[int, str]) -> Iterator[tuple[str, str]]:
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell, Cell):
                continue
            if cell.value is not None:
                yield f"!{cell.coordinate}", shown(cell.value)
            if cell.has_style:
                look = looks.get(cell.style_id)
                if look is None:
                    look = looks[cell.style_id] = _look(cell)
                if look:
                    yield f"!{cell.coordinate} look", look
            if cell.comment:
                yield f"!{cell.coordinate} comment", f"{cell.comment.author}: {cell.comment.text}"
            if cell.hyperlink:
                link = cell.hyperlink
                yield f"!{cell.coordinate} link", f"{link.target or ''}#{link.location or ''}"
    yield from _columns_and_rows(sheet)
    yield from _rules(sheet)
    yield from _page(sheet)


def shown(value: Any) -> str:
    """Return a value so that a number, a text and a date never look alike."""
    if isinstance(value, CellRichText):
        return "".join(
            f"[{_font(run.font)}: {run.text}]" if isinstance(run, TextBlock) else run
            for run in value
        )
    if isinstance(value, ArrayFormula | DataTableFormula):
        return f"{type(value).__name__} {value.ref} {getattr(value, 'text', '')}"
    return f"«{value}»" if isinstance(value, str) else f"{value} ({type(value).__name__})"


def _look(cell: Cell) -> str:
    fill, text, side = cell.fill, cell.alignment, cell.border
    words = {
        "fill": f"{fill.fill_type} {_color(fill.fgColor)}" if fill.fill_type else "none",
        "font": _font(cell.font),
        "format": cell.number_format,
        "align": " ".join(
            str(word)
            for word in (
                text.horizontal,
                text.vertical,
                "wrap" if text.wrap_text else None,
                f"turned {text.textRotation}" if text.textRotation else None,
                f"indent {text.indent}" if text.indent else None,
            )
            if word
        ),
        "border": " ".join(
            f"{edge} {line.style} {_color(line.color)}"
            for edge in _EDGES
            if (line := getattr(side, edge)) is not None and line.style
        ),
        "unlocked": "" if cell.protection.locked else "yes",
    }
    return "; ".join(f"{k} {v}" for k, v in words.items() if v and v != _PLAIN.get(k))


def _font(font: Any) -> str:
    marks = [name for name in ("b", "i", "strike") if getattr(font, name)]
    marks += ["u"] if font.u else []
    size, name = getattr(font, "sz", None), getattr(font, "rFont", None) or font.name
    return " ".join((_color(font.color), str(size), str(name), *marks))


def _color(color: Any) -> str:
    if color is None:
        return "000000"
    if color.type == "rgb":
        return str(color.rgb)[-6:]
    # Theme colour 1 is the text of every ordinary theme.
    known = color.type == "theme" and color.theme == 1 and not color.tint
    return "000000" if known else f"{color.type}{color.value}{color.tint or ''}"


def _columns_and_rows(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    for letter, column in sheet.column_dimensions.items():
        # One entry may stand for a run of columns, and how they are grouped is nobody's business.
        first = column.min or column_index_from_string(letter)
        for index in range(first, min(column.max or first, first + 200) + 1):
            name = get_column_letter(index)
            hidden = ", hidden" if column.hidden else ""
            yield f" column {name}", f"width {column.width:.2f}{hidden}"
    for number, row in sheet.row_dimensions.items():
        words = [f"height {row.height:.1f}"] if row.height else []
        words += ["hidden"] if row.hidden else []
        if words:
            yield f" row {number}", ", ".join(words)


def _rules(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    for merged in sheet.merged_cells.ranges:
        yield f" merged {merged.coord}", "yes"
    for rule in sheet.data_validations.dataValidation:
        words = [
            rule.type,
            rule.operator,
            rule.formula1,
            rule.formula2,
            "blank allowed" if rule.allow_blank else "",
            f"{rule.errorStyle or 'stop'}: {rule.errorTitle} – {rule.error}",
            f"prompt: {rule.promptTitle} – {rule.prompt}",
        ]
        text = " | ".join(str(word) for word in words if word)
        for area in str(rule.sqref).split():
            yield f" validation {area}", text
    formatting: Any = sheet.conditional_formatting
    for marked in formatting:
        text = " | ".join(
            f"{r.type} {r.operator or ''} {' '.join(map(str, r.formula))} {_difference(r.dxf)}"
            for r in marked.rules
        )
        yield f" conditional {marked.sqref}", text


def _difference(style: Any) -> str:
    if style is None:
        return ""
    words = [_font(style.font)] if style.font else []
    words += [f"fill {_color(style.fill.bgColor)}"] if style.fill else []
    return ", ".join(words)


def _page(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    page, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    yield (
        " print",
        f"{page.orientation or 'portrait'}, paper {page.paperSize}, scale {page.scale}, "
        f"fit {bool(fit and fit.fitToPage)} {page.fitToWidth}×{page.fitToHeight}, "
        f"titles {sheet.print_title_rows} {sheet.print_title_cols}, area {sheet.print_area}",
    )
    margins = sheet.page_margins
    edges = (margins.left, margins.right, margins.top, margins.bottom)
    yield " margins", " ".join(f"{edge:.2f}" for edge in edges)
    for name in ("oddHeader", "oddFooter"):
        part = getattr(sheet, name)
        text = " | ".join(
            part_.text for part_ in (part.left, part.center, part.right) if part_.text
        )
        if text:
            yield f" {name}", text
    yield " frozen", str(sheet.freeze_panes)
    yield " filter", str(sheet.auto_filter.ref)
    yield " protected", str(bool(sheet.protection.sheet))
    view = sheet.sheet_view
    yield " view", f"grid {view.showGridLines is not False}, zoom {view.zoomScale}"
    if sheet.sheet_properties.tabColor is not None:
        yield " tab", _color(sheet.sheet_properties.tabColor)
