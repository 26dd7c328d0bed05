"""The guard's verdict on honest and on hostile files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlwt

from pipeline.notices.catalogue import BUILT_IN
from pipeline.reading.guard import inspect
from tests.support import odd_files as odd

FIXTURES = Path(__file__).parents[1] / "support" / "fixtures"
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'


def verdict(tmp_path, data: bytes, name: str = "файл.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    return inspect(path)


def old_workbook(rows: int = 200) -> bytes:
    book = xlwt.Workbook()
    for name in ("Первый", "Второй"):
        sheet = book.add_sheet(name)
        for row in range(rows):
            sheet.write(row, 0, f"строка {row}")
            sheet.write(row, 1, row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def patched_record(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


HONEST = {
    "xlsx": odd.xlsx(),
    "strict": odd.strict_xlsx(odd.ONE_CELL),
    "ods": odd.ods(f"<table:table-row>{odd.ods_cell(1)}</table:table-row>"),
    "xls": old_workbook(),
    "tiny xls": old_workbook(1),
    "csv": "ФИО;Дата\nПетрова;1\n".encode("cp1251"),
    "utf-16 csv": "ФИО;Дата\n".encode("utf-16"),
    "csv that begins like SYLK": b"ID;NAME\n1;x\n",
    "picture beside the sheet": odd.with_part("xl/media/image1.png", b"\x89PNG" + bytes(1000)),
}


@pytest.mark.parametrize(("name", "data"), HONEST.items(), ids=HONEST)
def test_honest_files_pass_whatever_they_are_called(tmp_path, name, data):
    assert verdict(tmp_path, data, "отчёт.pdf").code is None


def _bomb() -> bytes:
    return odd.with_part("xl/sharedStrings.xml", b"<a>" + b" " * 30_000_000 + b"</a>")


def _large_parts() -> bytes:
    parts = {f"xl/p{i}.xml": bytes(4_999_000) for i in range(21)}
    return odd.package({**odd.xlsx_parts(), **parts})


HOSTILE = {
    "nothing": (b"", "file_empty"),
    "only zeros": (bytes(5000), "file_damaged"),
    "21 MB": (b"a;b\n" * 5_250_000, "file_too_large"),
    "bomb": (_bomb(), "file_suspicious"),
    "100 MB unpacked": (_large_parts(), "file_too_large"),
    "3000 entries": (odd.package({f"{i}.xml": "" for i in range(3000)}), "file_suspicious"),
    "overlap": (odd.overlapping(), "file_suspicious"),
    "lying size": (odd.lying_size(), "file_damaged"),
    "path outside": (odd.with_part("../../evil.xml", "<a/>"), "file_suspicious"),
    "absolute path": (odd.with_part("/etc/evil.xml", "<a/>"), "file_suspicious"),
    "drive": (odd.with_part("c:/evil.xml", "<a/>"), "file_suspicious"),
    "same name twice": (odd.with_part("XL/workbook.XML", "<a/>"), "file_suspicious"),
    "rare compression": (
        odd.package(odd.xlsx_parts(), method=zipfile.ZIP_BZIP2),
        "file_suspicious",
    ),
    "doctype": (odd.with_part("xl/any.xml", DOCTYPE), "file_suspicious"),
    "doctype in a part of no XML name": (odd.with_part("xl/any", DOCTYPE), "file_suspicious"),
    "utf-16 doctype": (odd.with_part("xl/a.xml", DOCTYPE.encode("utf-16")), "file_suspicious"),
    "utf-7 doctype": (
        odd.with_part("xl/a.xml", "<?xml version='1.0' encoding='utf-7'?><a/>"),
        "file_suspicious",
    ),
    "zip with password": (odd.locked_zip(), "file_password"),
    "ods with password": (
        odd.ods("", manifest="<manifest><encryption-data/></manifest>"),
        "file_password",
    ),
    "xlsx with password": (odd.ole("EncryptionInfo", "EncryptedPackage"), "file_password"),
    "xls with password": (
        patched_record(old_workbook(), b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00"),
        "file_password",
    ),
    "xlsm": (odd.xlsx(kind="vnd.ms-excel.sheet.macroEnabled"), "file_macros"),
    "macro sheet": (odd.with_part("xl/macrosheets/sheet1.xml", "<a/>"), "file_macros"),
    "xls with macros": (odd.ole("Workbook", "_VBA_PROJECT_CUR"), "file_macros"),
    "xlsb": (odd.xlsx(kind="vnd.ms-excel.sheet.binary.macroEnabled"), "file_format"),
    "docx": (
        odd.xlsx(kind="vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "file_format",
    ),
    "doc": (odd.ole("WordDocument"), "file_format"),
    "msi": (odd.ole("Something"), "file_format"),
    "odt": (odd.ods("", mime="text"), "file_format"),
    "plain zip": (odd.package({"a.txt": "a"}), "file_format"),
    "pdf": (b"%PDF-1.7\n1 0 obj", "file_format"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "file_format"),
    "html": (b"<html><table><tr><td>1</td></tr></table></html>", "file_format"),
    "html in utf-16": ("<HTML><table>".encode("utf-16"), "file_format"),
    "SpreadsheetML": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "file_format",
    ),
    "mhtml": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "file_format"),
    "rtf": (b"{\\rtf1 text}", "file_format"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(100), "file_format"),
    "noise": (bytes(range(256)) * 20, "file_format"),
    "excel 3": (b"\x09\x02\x06\x00" + bytes(50), "file_format"),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_and_foreign_files_get_their_code(tmp_path, data, code):
    assert verdict(tmp_path, data).code == code


def test_every_code_has_the_words_its_sentence_asks_for(tmp_path):
    """A notice with a gap in its sentence would help no school."""
    sentences = {kind.code: kind.what for kind in BUILT_IN}
    for data, code in HOSTILE.values():
        params = verdict(tmp_path, data).params
        sentences[code].format(**params)
        assert all(params.values())


@pytest.mark.parametrize("zeros", [False, True], ids=["cut", "zero-filled"])
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_copy_that_was_cut_short_is_never_taken(tmp_path, kind, zeros):
    """Full size is no proof: a crashed copy leaves zeros where the rest should be."""
    data = {
        "xlsx": (FIXTURES / "readers" / "kinds.xlsx").read_bytes(),
        "ods": (FIXTURES / "readers" / "kinds.ods").read_bytes(),
        "xls": old_workbook(400),
    }[kind]
    for percent in range(5, 100, 5):
        kept = len(data) * percent // 100
        copy = data[:kept] + (bytes(len(data) - kept) if zeros else b"")
        assert verdict(tmp_path, copy).code == "file_damaged", percent


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("after", [b"", bytes(100), b"\r\n-- PK\x05\x06", b"x" * 70_000])
def test_what_gateways_put_around_a_whole_zip_is_left_out(tmp_path, before, after):
    """Each part of it is checked by its sum, so nothing of it can be missing."""
    assert verdict(tmp_path, before + odd.xlsx() + after).kind == "xlsx"


def test_a_loop_in_the_sectors_of_an_old_file_ends(tmp_path):
    data = bytearray(odd.ole("Workbook"))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")
    assert verdict(tmp_path, bytes(data)).code == "file_damaged"


@pytest.mark.parametrize("name", ["kinds.xlsx", "kinds.ods", "kinds.xls"])
def test_workbooks_saved_by_libreoffice_pass(name):
    assert inspect(FIXTURES / "readers" / name).kind == name.rpartition(".")[2]
