"""An answer survives the wire whole, and nothing but an answer gets through."""

from __future__ import annotations

import json

import pytest

from pipeline.model import Line, Notice, ParsedFile, ParsedRow, Protocol
from pipeline.reading.codec import (
    MAX_ANSWER,
    MAX_WORKBOOK,
    ProtocolError,
    from_json,
    pack,
    to_json,
    unpack,
    workbook_from_line,
    workbook_to_text,
)
from tests.support.parts import part_of


def parsed() -> ParsedFile:
    notice = Notice("cell_required", "error", row=5, column="fio", params={"a": "б"})
    rows = (
        ParsedRow(
            5, {"fio": "Петрова", "year": 1980}, {"fio": "петрова"}, {"fio": "B5", "year": "C5"}
        ),
        ParsedRow(6, {"fio": None, "year": 0.5}, {}, {"fio": "B6", "year": "C6"}, ("fio",)),
        ParsedRow(7, {"other": True}, {}, {"fio": "Z1"}),
    )
    part = part_of("F04", "Лист", rows, (notice,), {"fio": 2}, 3, seen=9, skipped={"title": 2})
    card = part_of("F01", "Лист", (), (), {}, layout="card", nil=True)
    return ParsedFile((part, card), {"inn": None, "ok": True}, (notice,), "calamine")


def line(**changes: object) -> bytes:
    """The answer of a child with some top-level fields replaced by raw JSON data."""
    names = ("parts", "passport", "notices", "reader", "reason", "answers")
    data = dict(zip(names, json.loads(to_json(ParsedFile())), strict=True)) | changes
    return json.dumps(list(data.values())).encode()


def test_what_goes_in_comes_out():
    assert from_json(to_json(parsed()).encode()) == parsed()


def test_an_answer_is_one_line():
    """A line break in a cell must not end the answer."""
    text = to_json(ParsedFile(passport={"a": "первая\nвторая\r\u2028"}))
    assert len(text.split("\n")) == 1


def test_columns_are_named_once_for_a_whole_table():
    rows = tuple(ParsedRow(n, {"fio": "П"}, {}, {"fio": f"B{n}"}) for n in range(1, 50))
    assert to_json(ParsedFile((part_of("F04", "Л", rows, (), {}),))).count("fio") == 2


def test_values_that_json_cannot_hold_are_our_error():
    with pytest.raises(ValueError, match="JSON"):
        to_json(ParsedFile(passport={"a": float("nan")}))


def with_columns(**fields: object) -> bytes:
    """An answer with one part, some of whose fields are raw JSON data."""
    return line(parts=[list({**PART, **fields}.values())])


NOTICE = ["code", "error", None, None, None, None, None, None, {}, None]
PART = {
    "form": "F04",
    "sheet": "Лист",
    "lines": [5],
    "values": {"f": ["П"]},
    "letters": {"f": "B"},
    "raw": {},
    "failed": {},
    "moved": {},
    "notices": [],
    "columns": {},
    "header_row": None,
    "layout": "table",
    "seen": 0,
    "skipped": {},
    "nil": False,
    "stage": "",
}
BAD = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'"\xff"',
    "a mapping": b"{}",
    "a number": b"7",
    "too few fields": b"[[]]",
    "nested without end": b"[" * 200_000,
    "reason is a number": line(reason=5),
    "passport is a list": line(passport=[]),
    "passport holds a list": line(passport={"a": []}),
    "not a number": b'[[],{"a":NaN},[],"",null]',
    "infinite": b'[[],{"a":1e999},[],"",null]',
    "an integer no database holds": line(passport={"a": 2**63}),
    "an integer of 5,000 digits": b'[[],{"a":' + b"9" * 5000 + b'},[],"",null]',
    "lone surrogate": b'[[],{"a":"\\ud800"},[],"",null]',
    "NUL": b'[[],{"a":"\\u0000"},[],"",null]',
    "unknown severity": line(notices=[["code", "fatal", *NOTICE[2:]]]),
    "severity is a list": line(notices=[["code", [], *NOTICE[2:]]]),
    "parameter is a number": line(notices=[[*NOTICE[:8], {"a": 1}, None]]),
    "values are text": with_columns(values="rows"),
    "a column is text": with_columns(values={"f": "П"}),
    "a value is a list": with_columns(values={"f": [[]]}),
    "a value is too big": with_columns(values={"f": [2**63]}),
    "a column is short": with_columns(values={"f": []}),
    "row number is text": with_columns(lines=["5"]),
    "letters are numbers": with_columns(letters={"f": 1}),
    "raw text of no row": with_columns(raw={"f": {"1": "П"}}),
    "raw text of a word": with_columns(raw={"f": {"x": "П"}}),
    "a failed cell of no row": with_columns(failed={"f": [-1]}),
    "an unknown layout": with_columns(layout="round"),
    "nil is a number": with_columns(nil=1),
    "stage is a number": with_columns(stage=1),
}  # fmt: skip


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_nothing_else_gets_through(answer):
    with pytest.raises(ProtocolError):
        from_json(answer)


def test_what_the_bad_answers_are_made_of_is_good():
    """Otherwise they would be refused for another reason than their name says."""
    assert from_json(line(notices=[NOTICE])).notices == (Notice("code", "error"),)
    good = from_json(with_columns())
    assert good.parts[0].rows == (ParsedRow(5, {"f": "П"}, {}, {"f": "B5"}),)


def test_an_answer_beyond_the_limit_is_not_even_parsed():
    with pytest.raises(ProtocolError, match="too long"):
        from_json(b" " * (MAX_ANSWER + 1))


PROTOCOL = Protocol(
    "Принято частично",
    (("Приём №", "17"), ("Организация", "«Школа»\n№ 101")),
    (Line("error", "Лист", "B2", "Петрова", "Пусто.", "Заполните.", "1999", count=2),),
    (),
    (Line("info", None, None, "", "Сжали пробелы.", "", ""),),
    "Исправьте.",
    "accepted_partly",
)


def test_a_protocol_crosses_whole():
    assert unpack(json.loads(json.dumps(pack(PROTOCOL))), Protocol) == PROTOCOL


@pytest.mark.parametrize("facts", [None, "Приём", ["Приём"], [["Приём"]], [["а", 1]], [["а"] * 3]])
def test_pairs_are_pairs_of_texts(facts):
    packed = pack(PROTOCOL)
    with pytest.raises((ProtocolError, TypeError)):
        unpack([packed[0], facts, *packed[2:]], Protocol)


def test_a_workbook_crosses_whole():
    data = b"PK\x03\x04" + bytes(range(256))
    assert workbook_from_line(workbook_to_text(data).encode() + b"\n") == data
    assert workbook_from_line(b"\n") == b""


@pytest.mark.parametrize(
    "line",
    [
        *(b"UEsDBA", b"UEsDBA=!", "UEsDB\u0410==".encode(), b"UEsDBA==\n\n", b"null", b"PGh0bWw+"),
        b"UEsDBAAA" + b"A" * (MAX_WORKBOOK // 3 * 4),
    ],
    ids=["cut", "signs", "Cyrillic", "lines", "words", "html", "without end"],
)
def test_what_is_no_workbook_is_refused(line):
    with pytest.raises(ProtocolError):
        workbook_from_line(line)
