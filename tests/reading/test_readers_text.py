"""What the reader of separated text makes of encodings, separators and broken quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FileRefusedError
from pipeline.plugins import readers_text
from pipeline.reading.formats.separated import records

TABLE = [["ФИО", "Должность", "Дата"], ["Петрова Анна", "учитель, завуч", "01.09.2026"]]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r"]
HEADERS = [
    "ФИО наставника;Год рождения;Должность",
    "№ п/п;Дата;Школа",
    "СПИСОК НАСТАВНИКОВ МУНИЦИПАЛЬНОГО ОКРУГА",
    "Ёжикова Юлия Эдуардовна;МБОУ «СОШ № 101»",
    "нет;да;—",
]


def read(tmp_path, data: bytes):
    path = tmp_path / "данные.csv"
    path.write_bytes(data)
    return readers_text.read(str(path)).sheets[0].rows


def refusal(tmp_path, data: bytes) -> str:
    with pytest.raises(FileRefusedError) as error:
        read(tmp_path, data)
    return error.value.code


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_of_an_office_is_read(tmp_path, encoding):
    text = "\r\n".join(";".join(row) for row in TABLE) + "\r\n"
    assert read(tmp_path, text.encode(encoding)) == TABLE


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_single_line_is_enough_to_know_the_code_page(header, encoding):
    """Signs that a code page lacks are left out of its line."""
    data = header.encode(encoding, "ignore")
    assert readers_text.decode(data) == data.decode(encoding)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_below_title_lines(tmp_path, separator):
    lines = ["Список наставников, приложение к приказу", ""]
    lines += [separator.join((f"Петрова {i}", "да", f"{i}")) for i in range(9)]
    rows = read(tmp_path, "\n".join(lines).encode())
    assert rows[1] == []
    assert rows[4] == ["Петрова 2", "да", "2"]


def test_a_line_that_names_the_separator_is_obeyed_and_not_counted(tmp_path):
    assert read(tmp_path, b"sep=|\r\na,b|c,d\r\n") == [["a,b", "c,d"]]


def test_numbers_dates_and_words_for_nothing_stay_text(tmp_path):
    row = ["007", "+79130000001", "01.09.2026", "1,5", "NA", "None", "1e5"]
    assert read(tmp_path, ";".join(row).encode()) == [row]


def test_blanks_are_none_and_a_quoted_line_break_stays_in_its_cell(tmp_path):
    assert read(tmp_path, b'a;;"b\nc";\r\nd;e;f;g\r\n') == [["a", None, "b\nc", None], list("defg")]


def test_an_open_quote_swallows_no_rows(tmp_path):
    rows = read(tmp_path, ('a;"b\n' + "c;d\n" * 200).encode())
    assert len(rows) == 201
    assert rows[0] == ["a", '"b']


def test_a_mark_of_an_old_system_at_the_end_is_dropped(tmp_path):
    assert read(tmp_path, b"a;b\r\n\x1a") == [["a", "b"]]


def test_zeros_in_text_are_a_copy_cut_short(tmp_path):
    assert refusal(tmp_path, b"a;b\n" * 3000 + bytes(500)) == "file_damaged"


def test_a_line_longer_than_any_cell_is_refused(tmp_path):
    assert refusal(tmp_path, b"a" * 2_000_000) == "file_suspicious"


def test_a_million_columns_are_refused(tmp_path):
    assert refusal(tmp_path, b"1;" * 1_000_000) == "file_suspicious"


def test_more_cells_than_a_district_has_are_refused(tmp_path):
    assert refusal(tmp_path, b"1;2;3;4;5\n" * 100_001) == "file_too_large"


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7", b"<html>", b"PK\x03\x04", b"a\x00b", b"{\\rtf1", b"MIME-Version: 1.0"]
)
def test_what_is_no_table_in_text_is_not_claimed(head):
    assert readers_text.sniff(head, "x.csv") == 0.0


WIDE = [str(n) for n in range(6)]


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("closed", [None, 0, 3, 5])
def test_a_quote_that_nobody_closed_costs_no_line(tmp_path, place, closed):
    """Whatever field it opens in, and wherever a later stray quote would close it."""
    rows = [[f"я{n}{m}" for m in range(6)] for n in range(12)]
    rows[3][place] = '"' + rows[3][place]
    if closed is not None:
        rows[8][closed] = rows[8][closed] + '"'
    found = read(tmp_path, "\r\n".join(";".join(row) for row in rows).encode())
    assert [row[0].strip('"') for row in found] == [row[0].strip('"') for row in rows]
    assert [len(row) for row in found] == [6] * 12


@pytest.mark.parametrize("place", range(6))
def test_a_line_break_that_was_meant_stays_in_its_cell(tmp_path, place):
    rows = [[f"я{n}{m}" for m in range(6)] for n in range(5)]
    rows[2][place] = "первая; строка\nвторая, с «кавычкой»"
    quoted = [[f'"{cell}"' if "\n" in cell else cell for cell in row] for row in rows]
    text = "\r\n".join(";".join(row) for row in quoted)
    assert read(tmp_path, text.encode()) == rows


@pytest.mark.parametrize("guard", ['="{}"', '"=""{}"""'])
def test_values_guarded_from_excel_are_read(tmp_path, guard):
    rows = [WIDE, ["007", "01.09.2026", "а", "б", "в", "г"]]
    text = "\n".join(";".join(guard.format(cell) for cell in row) for row in rows)
    assert read(tmp_path, text.encode()) == rows


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("some", [False, True])
def test_lines_that_were_quoted_once_more_are_read(tmp_path, separator, some):
    """All of them, or only those in which a program saw something to quote."""
    lines = [separator.join(WIDE)] * 4 + [separator.join(["а", '"б"', "в", "г", "д", "е"])]
    quoted = ['"' + line.replace('"', '""') + '"' for line in lines]
    text = "\r\n".join([*(lines[:3] if some else quoted[:3]), *quoted[3:]])
    assert read(tmp_path, text.encode()) == [WIDE] * 4 + [["а", "б", "в", "г", "д", "е"]]


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("line", range(5))
def test_one_stray_quote_shifts_no_column(tmp_path, place, line):
    """Also in the last line, and beside fields whose quotes were meant."""
    rows = [[f"я{n}{m}" for m in range(6)] for n in range(5)]
    written = [[*row] for row in rows]
    written[line][place] = '"' + written[line][place]
    rows[line][place] = '"' + rows[line][place]
    other = (place + 3) % 6
    rows[line][other] = "с; знаком"
    written[line][other] = '"с; знаком"'
    text = "\r\n".join(";".join(row) for row in written) + "\r\n"
    assert read(tmp_path, text.encode()) == rows


@pytest.mark.parametrize("other", [",", "\t", "|"])
def test_lines_that_another_program_appended_are_read(tmp_path, other):
    """Separated by another sign, they are people like those above them."""
    text = f"{';'.join(WIDE)}\n" * 3 + f"{other.join(WIDE)}\n" * 2
    assert read(tmp_path, text.encode()) == [WIDE] * 5


def test_a_sentence_below_a_table_is_no_row_of_it(tmp_path):
    text = f"{';'.join(WIDE)}\n" * 3 + "Проверено, всё верно, подпись\n"
    assert read(tmp_path, text.encode())[3] == ["Проверено, всё верно, подпись"]


@given(st.text(alphabet='аб";,=\n\r', max_size=80))
def test_no_line_is_swallowed_whatever_its_quotes(text):
    """Each line that holds a letter is in the answer, in its order."""
    found = "".join(field for row in records(text, ";") for field in row)
    assert [c for c in found if c in "аб"] == [c for c in text if c in "аб"]
