"""Makes the pictures of the README from a demo: `make pictures`.

LibreOffice and poppler draw the marked workbook, Chromium the pages, pngquant packs them.
Everybody in them is invented.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

HERE = Path(__file__).parent
# A school whose file has mistakes of every severity; its list of mentors, and what is shown of it.
UNIT, MENTORS, SHOWN = "oo-110", "4 Наставники", "ABCDJ"
# Width of a picture, and the height at which it ends, between two blocks of its page.
RECEIPT, TODAY, MARKED = (900, 1680), (1000, 985), (1092, 1062)
# Where the drawn pages are cut, in dots of the paper: left, top, width, height.
PROTOCOL_CUT, MENTORS_CUT = (32, 40, 1060, 599), (62, 60, 996, 342)
DOTS = "96"
PAGE = """\
<!doctype html><meta charset="utf-8"><style>
body { margin: 16px; background: #edf1f4; font: 15px sans-serif; color: #57606a; }
img { display: block; width: 1060px; border: 1px solid #d8dee4; background: #fff; }
p { margin: 0 0 6px; } img + p { margin-top: 16px; }
</style>
<p>Лист «Протокол проверки»</p><img src="protocol.png">
<p>Лист «4 Наставники»</p><img src="mentors.png">
"""


def main() -> None:
    """Run a demo in a folder of its own and draw three of its files."""
    with tempfile.TemporaryDirectory(prefix="nastavnik-pictures-") as folder:
        place = Path(folder)
        _run(
            str(Path(sys.executable).with_name("nastavnik")), "demo", str(place / "ws"), "--direct"
        )
        outbox = place / "ws" / "outbox"
        answers = outbox / "units" / UNIT
        _shoot(min(answers.glob("*квитанция.html")), HERE / "receipt.png", RECEIPT)
        _shoot(outbox / "Сегодня.html", HERE / "today.png", TODAY)
        book = min(answers.glob("*пометками.xlsx"))
        _print(book, place / "protocol.png", PROTOCOL_CUT)
        _print(_only_mentors(book, place / "mentors.xlsx"), place / "mentors.png", MENTORS_CUT)
        (place / "marked.html").write_text(PAGE, encoding="utf-8")
        _shoot(place / "marked.html", HERE / "marked.png", MARKED)


def _only_mentors(book: Path, target: Path) -> Path:
    """Save the list of mentors alone, some of its columns, on one page."""
    whole = openpyxl.load_workbook(book)
    for name in whole.sheetnames:
        if name != MENTORS:
            del whole[name]
    sheet = whole[MENTORS]
    for column in range(1, sheet.max_column + 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].hidden = letter not in SHOWN
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_area = "A3:J10"
    whole.save(target)
    return target


def _print(book: Path, target: Path, cut: tuple[int, int, int, int]) -> None:
    """Draw the first page of a workbook as LibreOffice prints it."""
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(target.parent), str(book))
    pdf = target.parent / f"{book.stem}.pdf"
    left, top, width, height = map(str, cut)
    where = ("-x", left, "-y", top, "-W", width, "-H", height)
    words = ("-png", "-singlefile", "-r", DOTS, *where)
    _run("pdftoppm", *words, str(pdf), str(target.with_suffix("")))


def _shoot(page: Path, target: Path, size: tuple[int, int]) -> None:
    """Draw a page as Chromium shows it."""
    look = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    window = f"--window-size={size[0]},{size[1]}"
    _run("chromium", *look, window, f"--screenshot={target}", page.as_uri())
    _run("pngquant", "--force", "--ext", ".png", "--nofs", "64", str(target))


def _run(program: str, *words: str) -> None:
    found = shutil.which(program)
    if not found:
        raise SystemExit(f"{program} is needed for the pictures")
    subprocess.run([found, *words], check=True, capture_output=True)


if __name__ == "__main__":
    main()
