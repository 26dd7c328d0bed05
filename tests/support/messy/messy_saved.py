"""Messy books as LibreOffice saved them in another format: the same has to come of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.messy.messy_books import Messy
from tests.support.messy.messy_cards import CURATORS, LONG_LABELS, STAFF_ROW
from tests.support.messy.messy_mentees import BOTH_BESIDE, MIXED, NIL
from tests.support.messy.messy_mentors import GROUPS, HEADER_ON_NINE, PARTS_OF_NAMES, YEAR_1904
from tests.support.messy.messy_more import THREE_LEVELS
from tests.support.messy.messy_rows import FILTERED, MERGED_DOWN
from tests.support.messy.messy_whole import FIVE_FORMS, PASSPORT

FOLDER = Path(__file__).parents[1] / "fixtures" / "messy"

# Name of the fixture → the book that was saved so.
SAVED = {
    "prikaz.ods": HEADER_ON_NINE,
    "gruppy.xls": GROUPS,
    "filtr.ods": FILTERED,
    "filtr.xls": FILTERED,
    "1904.xlsx": YEAR_1904,
    "1904.ods": YEAR_1904,
    "vniz.xls": MERGED_DOWN,
    "stolbtsy.ods": PARTS_OF_NAMES,
    "vperemeshku.ods": MIXED,
    "net.xls": NIL,
    "ryadom.ods": BOTH_BESIDE,
    "kurator.xls": CURATORS,
    "oo1.ods": LONG_LABELS,
    "strokoy.xls": STAFF_ROW,
    "tri-stroki.ods": THREE_LEVELS,
    "pyat-form.ods": FIVE_FORMS,
    "titul.xlsx": PASSPORT,
}


FILES: tuple[Messy, ...] = tuple(
    replace(messy, name=name, about=f"LibreOffice: {messy.about}", make=(FOLDER / name).read_bytes)
    for name, messy in SAVED.items()
)
