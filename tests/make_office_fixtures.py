"""Make the workbooks that LibreOffice has saved: `python tests/make_office_fixtures.py`.

Rows come from the demo district, so they change only when its generator does. The results are
committed; the tests compare their content with the generator and need no LibreOffice.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.demo import mess
from pipeline.demo.district import DemoUnit, district
from pipeline.demo.files import Grid, book, form_grid, passport, plans, xlsx

ROOT = Path(__file__).resolve().parent.parent
OFFICE = ROOT / "tests" / "fixtures" / "office"
DEMO = ROOT / "pipeline" / "demo" / "office"
PASSWORD = "shkola113"
FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
}
# No command-line option gives a workbook a password, so a macro in a throw-away profile saves it.
_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{code}</script:module>
"""
_SAVE = """
Sub Save(source As String, target As String, word As String)
  Dim opened(0) As New com.sun.star.beans.PropertyValue
  opened(0).Name = "Hidden"
  opened(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, opened())
  Dim saved(1) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName"
  saved(0).Value = "Calc MS Excel 2007 XML"
  Dim secret(1) As New com.sun.star.beans.NamedValue
  secret(0).Name = "OOXPassword"
  secret(0).Value = word
  secret(1).Name = "CryptoType"
  secret(1).Value = "Standard"
  saved(1).Name = "EncryptionData"
  saved(1).Value = secret()
  book.storeToURL(target, saved())
  book.close(True)
End Sub
"""


def main() -> None:
    """Write all fixtures anew."""
    made = district()
    schools = {school.code: school for school in made.schools}
    for folder in (OFFICE, DEMO):
        folder.mkdir(parents=True, exist_ok=True)
    save(OFFICE / "kniga.xlsx", book(schools["oo-101"]))
    save(OFFICE / "nastavniki-prikaz.xlsx", official_dirty(schools["oo-102"]))
    save(OFFICE / "nastavlyaemye.ods", one_form(schools["oo-107"], "F05"))
    save(OFFICE / "nastavniki.xls", one_form(schools["oo-106"], "F04"))
    save(OFFICE / "kadry.xlsx", one_form(schools["oo-103"], "F08"))
    save_protected(OFFICE / "parol.xlsx", one_form(schools["oo-113"], "F08"))
    save(DEMO / "oo-106-f04.xls", one_form(schools["oo-106"], "F04"))
    save(DEMO / "oo-106-f05.xls", one_form(schools["oo-106"], "F05"))
    save(DEMO / "oo-107-f05.ods", one_form(schools["oo-107"], "F05"))
    save_protected(DEMO / "oo-113-parol.xlsx", book(schools["oo-113"]))


def one_form(school: DemoUnit, form: str) -> bytes:
    """Return one form with its envelope."""
    return xlsx([passport(school), form_grid(school, form)])


def official_dirty(school: DemoUnit) -> bytes:
    """Return the order's form with dates of all kinds, initials, look-alikes and a total."""
    plan = plans()["F04"]
    columns = [column for column in plan.columns if column.official]
    grid = mess.official(plan, school.rows["F04"], school.unit)
    place = next(i for i, c in enumerate(columns) if c.name == "entry_date")
    dates = mess.free_dates(plan, school.rows["F04"])
    cells = [list(row) for row in grid.cells]
    for row, dirty in zip(cells[6:-1], dates, strict=True):
        row[place] = dirty[[c.name for c in plan.columns].index("entry_date")]
    cells[6][1] = mess.initials(school.rows["F04"][0]["mentor_fio"])
    cells[7][1] = mess.look_alikes(school.rows["F04"][1]["mentor_fio"])
    return xlsx([Grid(grid.name, cells, grid.header, grid.widths)])


def save(target: Path, data: bytes) -> None:
    """Have LibreOffice open *data* and save it in the format of *target*."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{target.stem}.xlsx"
        source.write_bytes(data)
        kind = target.suffix[1:]
        out = Path(folder) / "out"
        soffice(
            folder, "--convert-to", f"{kind}:{FILTERS[kind]}", "--outdir", str(out), str(source)
        )
        shutil.copyfile(out / target.name, target)


def save_protected(target: Path, data: bytes) -> None:
    """Have LibreOffice save *data* with a password that opens it."""
    with tempfile.TemporaryDirectory() as folder:
        source, saved = Path(folder) / "source.xlsx", Path(folder) / "saved.xlsx"
        source.write_bytes(data)
        soffice(folder, "--terminate_after_init")
        basic = Path(folder) / "profile" / "user" / "basic" / "Standard"
        (basic / "Module1.xba").write_text(_MACRO.format(code=escape(_SAVE)), encoding="utf-8")
        library = basic / "script.xlb"
        listed = library.read_text(encoding="utf-8")
        if "Module1" not in listed:
            entry = '<library:element library:name="Module1"/></library:library>'
            library.write_text(_with_element(listed, entry), encoding="utf-8")
        call = f"macro:///Standard.Module1.Save({source.as_uri()},{saved.as_uri()},{PASSWORD})"
        soffice(folder, call)
        shutil.copyfile(saved, target)


def soffice(folder: str, *words: str) -> None:
    """Run LibreOffice without a window, with a profile of its own."""
    profile = (Path(folder) / "profile").as_uri()
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}", *words]
    subprocess.run(
        command, check=True, timeout=180, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _with_element(listed: str, entry: str) -> str:
    if "</library:library>" in listed:
        return listed.replace("</library:library>", entry)
    return listed.replace("/>", f">{entry}", 1)


if __name__ == "__main__":
    main()
