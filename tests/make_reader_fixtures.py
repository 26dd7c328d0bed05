"""Make the workbooks that LibreOffice has saved: `python tests/make_reader_fixtures.py`.

They hold one of each thing that readers treat differently; the results are committed, so that
the tests need no LibreOffice.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import tempfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

FOLDER = Path(__file__).resolve().parent / "fixtures" / "readers"
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def workbook() -> Workbook:
    """Build a sheet with an offset, types, errors and hidden parts, a hidden and an empty one."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Наставники"
    sheet["B1"] = "База наставников"
    sheet.merge_cells("B1:D1")
    titles = ("ФИО", "Дата", "Балл", "Да", "Доля", "Ошибка")
    for column, title in zip("BCDEFG", titles, strict=True):
        sheet[f"{column}3"] = title
    for row in range(4, 9):
        sheet[f"B{row}"] = f"Петрова Анна {row}"
        sheet[f"C{row}"] = dt.date(2026, 9, row)
        sheet[f"D{row}"] = row + 0.5 if row % 2 else row
        sheet[f"E{row}"] = row % 2 == 0
        sheet[f"F{row}"] = 0.7
        sheet[f"F{row}"].number_format = "0%"
    sheet["G4"], sheet["G5"], sheet["G6"] = "=1/0", "=D4*2", "=NA()"
    sheet["H5"], sheet["H6"] = dt.time(9, 30), dt.datetime.fromisoformat("2026-09-01T10:15")
    sheet.row_dimensions[6].hidden = sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["D"].hidden = True
    hidden = book.create_sheet("Скрытый")
    hidden["A1"], hidden.sheet_state = "тайное", "hidden"
    book.create_sheet("Пустой")
    book.custom_doc_props.append(StringProperty(name="nastavnik", value="F04@1"))
    book.properties.title, book.properties.creator = "Книга", "Иванова"
    return book


def main() -> None:
    """Save the workbook in each format that LibreOffice writes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "kinds.xlsx"
        workbook().save(source)
        for suffix, name in FILTERS.items():
            command = ["soffice", "--headless", "--convert-to", f"{suffix}:{name}"]
            subprocess.run([*command, "--outdir", FOLDER, source], check=True, capture_output=True)


if __name__ == "__main__":
    main()
