"""Workbooks as schools have them, and what the tests ask of them."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import warnings
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from pipeline.answers.content import Line, Protocol
from pipeline.reading.annotate.layout import PROTOCOL_SHEET

SHEET = "База наставников"
ERROR, REMARK = "FFFDC9C", "FFFDF4B"
FIXTURES = Path(__file__).parent / "fixtures" / "annotate"


def line(cell, severity="error", sheet=SHEET, what="Пустая обязательная ячейка."):
    """One line of a protocol about a cell of an invented mentor."""
    return Line(severity, sheet, cell, "Петрова Анна Сергеевна", what, "Заполните ячейку.", "1999")


def protocol(errors=(), remarks=(), repairs=(), outcome="accepted_partly"):
    """A protocol about the given cells of the main sheet."""
    return Protocol(
        verdict="Принято частично: 41 из 43 строк",
        facts=(("Приём №", "17"), ("Организация", "МБОУ «Школа № 101»")),
        errors=tuple(line(cell) for cell in errors),
        remarks=tuple(line(cell, "remark") for cell in remarks),
        repairs=tuple(line(cell, "info") for cell in repairs),
        what_to_do="Исправьте 2 строки и положите файл ещё раз до 10.12.2026.",
        outcome=outcome,
    )


def openpyxl_book() -> bytes:
    """Table, comment, protection, validation, conditional format, merged title, names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(["База наставников"])
    sheet.merge_cells("A1:D1")
    sheet.append(["№", "ФИО", "Год рождения", "Дата"])
    for number in range(1, 9):
        sheet.append([number, f"Петрова Анна {number}", 1980 + number, "01.09.2026"])
    side = Side(style="thin")
    for row in sheet["A3:D10"]:
        for cell in row:
            cell.border = Border(left=side, right=side, top=side, bottom=side)
    sheet["B3"].fill = PatternFill("solid", fgColor="FFDDEBF7")
    sheet["B4"].fill = PatternFill("solid", fgColor="FFE2F0D9")
    sheet["C3"].number_format = "0000"
    sheet["C3"].font = Font(bold=True, color="FF0070C0")
    sheet["B5"].protection = Protection(locked=False)
    sheet["C4"].comment = Comment("Моё примечание", "Иванова")
    sheet["D4"].comment = Comment("Ещё одно", "Иванова")
    sheet.add_table(Table(displayName="Наставники", ref="A2:D10"))
    sheet.auto_filter.ref = "A2:D10"
    sheet.protection.sheet = True
    rule = CellIsRule(operator="lessThan", formula=["1900"], fill=PatternFill(bgColor="FFFF0000"))
    sheet.conditional_formatting.add("C3:C10", rule)
    validation = DataValidation(type="whole", operator="between", formula1="1930", formula2="2010")
    validation.add("C3:C10")
    sheet.add_data_validation(validation)
    sheet.print_title_rows = "2:2"
    other = book.create_sheet("Паспорт")
    other["A1"], other["B1"] = "ИНН", "0042000010"
    other.defined_names["Инн"] = DefinedName("Инн", attr_text="'Паспорт'!$B$1")
    book.active = 1
    return _saved(book)


def xlsxwriter_book() -> bytes:
    """Sparse rows, column styles, a chart, rich text, a hidden sheet, data bars, a comment."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    blue, bold = book.add_format({"bg_color": "#DDEBF7", "border": 1}), book.add_format({"bold": 1})
    sheet.set_column("A:A", 6)
    sheet.set_column("B:D", 24, blue)
    sheet.write_row(0, 0, ["№", "ФИО", "Год", "Дата"], bold)
    for number in (1, 2, 3, 7, 30):
        sheet.write_row(number, 0, [number, f"Орлова Мария {number}", 1970 + number])
    sheet.set_row(5, 30, book.add_format({"bg_color": "#FFF2CC"}))
    sheet.write_rich_string(2, 3, "до ", bold, "сентября", " 2026")
    sheet.write_formula(3, 3, "=SUM(C2:C4)", None, 5916)
    sheet.write_comment("B2", "Проверить отчество", {"author": "Завуч"})
    sheet.conditional_format("C2:C31", {"type": "data_bar"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [SHEET, 1, 2, 3, 2]})
    sheet.insert_chart("G2", chart)
    book.add_worksheet("Скрытый").hide()
    book.add_worksheet("Паспорт").write_row(0, 0, ["ИНН", "0042000010"])
    book.define_name("Годы", f"='{SHEET}'!$C$2:$C$31")
    book.close()
    return out.getvalue()


def plain_book(sheet_xml: str, *, styles: bool = False) -> bytes:
    """The least workbook there can be, with the given XML as its only sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type='
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{relations}"{office}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="4" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{relations}"{office}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml.replace("MAIN", main),
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """All parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(data: bytes):
    """The workbook as openpyxl sees it."""
    with warnings.catch_warnings():
        # openpyxl says which parts it does not know; we only look.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def resaved(data: bytes) -> bytes:
    """The workbook after openpyxl opened and saved it: styles renumbered, our parts rewritten."""
    return _saved(opened(data))


def protocol_rows(data: bytes) -> list[list[object]]:
    """Values of the protocol sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(PROTOCOL_SHEET).to_python()


def values(data: bytes) -> dict[str, list[list[object]]]:
    """Values of all cells of all sheets but ours, as calamine reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
        if not name.startswith(PROTOCOL_SHEET)
    }


def looks(data: bytes, sheet: str = SHEET, *, fills: bool = True) -> dict[str, tuple[object, ...]]:
    """How each cell that says or shows something looks: font, border, format, lock, comment."""
    return {
        cell.coordinate: (
            cell.font.b,
            cell.font.color.rgb if cell.font.color else None,
            cell.border.left.style,
            cell.number_format,
            cell.protection.locked,
            re.sub(r"\s+$", "", cell.comment.text) if cell.comment else None,
            cell.fill.fgColor.rgb if fills and cell.fill.fill_type else None,
        )
        for row in opened(data)[sheet].iter_rows()
        for cell in row
        if cell.value is not None or cell.comment or cell.fill.fill_type
    }


def colors(data: bytes, sheet: str = SHEET) -> dict[str, str]:
    """Our colour of each marked cell, without its last digit."""
    found = {}
    for row in opened(data)[sheet].iter_rows():
        for cell in row:
            color = cell.fill.fgColor.rgb if cell.fill.fill_type else None
            if isinstance(color, str) and color[:-1] in (ERROR, REMARK):
                found[cell.coordinate] = color[:-1]
    return found


def comments(data: bytes, sheet: str = SHEET) -> dict[str, str]:
    """Text of the comment of each cell that has one."""
    cells = (cell for row in opened(data)[sheet].iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def by_libreoffice(data: bytes, kind: str) -> bytes:
    """The workbook as LibreOffice saves it («xlsx») or prints it («pdf»)."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "book.xlsx"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        target = Path(folder) / "out"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir"]
        subprocess.run([*command, str(target), str(source)], check=True, capture_output=True)
        return (target / f"book.{kind}").read_bytes()


def _saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
