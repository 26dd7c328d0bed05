"""A text that ends in the middle of a line is known by its last bytes."""

from __future__ import annotations

import pytest

from pipeline.reading.text_end import ends_cut, tail_of

ROWS = ["№;ФИО;дата;форма", "1;Орлова Нина;01.09.2026;а", "2;Гусев Пётр;01.09.2026;а"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("last", "cut"),
    [
        ("3;Белова Ан", True),
        ("3", True),
        ("3;Белова Анна;01.09.2026;а", False),
        ("3;Белова Анна;01.09.2026;", False),
        ("", False),
    ],
)
def test_a_last_line_with_fewer_fields_is_cut(tmp_path, encoding, end, last, cut):
    path = tmp_path / "a.csv"
    path.write_bytes(end.join([*ROWS, last]).encode(encoding))
    assert ends_cut(tail_of(path)) is cut


@pytest.mark.parametrize(
    "data", [b"", b"a", b"PK\x03\x04;;;\n;;;\n;;;\n;", b"a;b;c\n", b"\n\n\n", b"a b c\nd e f\ng"]
)
def test_what_is_no_table_has_no_cut_line(tmp_path, data):
    path = tmp_path / "a"
    path.write_bytes(data)
    assert not ends_cut(tail_of(path))
    assert tail_of(tmp_path / "none") == b""
