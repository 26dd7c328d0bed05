"""A workbook as a whole: forms that come twice, hidden, empty or unknown; sheets of our own."""

from __future__ import annotations

import pytest

from tests.support.recognise_books import (
    MENTEE,
    MENTEE_HEADERS,
    MENTOR,
    MENTOR_HEADERS,
    SECOND,
    codes,
    part_of,
    people,
    read,
    sheet,
)

NAME = "Петрова Анна Сергеевна"


def test_a_form_side_by_side_is_an_error():
    twice = [(*MENTOR_HEADERS, "", *MENTOR_HEADERS), (*MENTOR, "", *SECOND)]
    parsed = read(sheet(twice, "А"))
    (notice,) = parsed.notices
    assert (notice.code, notice.severity) == ("form_side_by_side", "error")
    assert (notice.form, notice.sheet, notice.params["other"]) == ("F04", "А", "А")
    assert people(part_of(parsed, "F04")) == [NAME]


def test_empty_copy_of_a_form_is_no_second_one():
    parsed = read([MENTOR_HEADERS], [MENTOR_HEADERS, MENTOR])

    assert parsed.notices == ()
    assert people(part_of(parsed, "F04")) == [NAME]


def test_hidden_sheet_is_named_and_not_read():
    hidden = sheet([MENTEE_HEADERS, MENTEE], "Старое", visible=False)
    unused = sheet([MENTEE_HEADERS], "Пустое", visible=False)

    parsed = read([MENTOR_HEADERS, MENTOR], hidden, unused)

    assert [part.form for part in parsed.parts] == ["F04"]
    (notice,) = parsed.notices
    assert (notice.code, notice.sheet, notice.form) == ("sheet_hidden", "Старое", "F05")


def test_sheet_that_was_not_filled_is_not_a_part():
    parsed = read([MENTOR_HEADERS, MENTOR], sheet([MENTEE_HEADERS, ("Пример", *MENTEE[1:])], "5"))

    assert [part.form for part in parsed.parts] == ["F04"]
    assert [(n.code, n.form, n.sheet) for n in parsed.notices] == [
        ("form_not_submitted", "F05", "5")
    ]
    assert parsed.reason is None


def test_file_where_nothing_is_filled_is_empty():
    parsed = read([MENTOR_HEADERS])

    assert parsed.reason == "file_empty"
    assert codes(parsed.notices) == ["form_not_submitted", "file_empty"]


@pytest.mark.parametrize(
    "rows",
    [
        [("Меню столовой",), ("Блюдо", "Цена"), ("Суп", 40)],
        [("План работы", "Срок", "Ответственный"), ("Открытый урок", "май", "завуч")],
    ],
)
def test_unknown_table_is_named_unless_another_sheet_is_a_form(rows):
    assert (read(rows).reason, codes(read(rows).notices)) == ("form_unknown", ["form_unknown"])
    assert read(rows, [MENTOR_HEADERS, MENTOR]).notices == ()


@pytest.mark.parametrize(
    "ours",
    [
        sheet([MENTOR_HEADERS, MENTOR], "Списки"),
        sheet([("Протокол проверки файла",), MENTOR_HEADERS, MENTOR], "Протокол"),
        sheet([MENTOR_HEADERS, MENTOR], "Как заполнять"),
    ],
)
def test_our_own_sheets_are_no_forms(ours):
    parsed = read(ours, [MENTEE_HEADERS, MENTEE])

    assert [part.form for part in parsed.parts] == ["F05"]
    assert parsed.notices == ()


def test_old_blank_is_named():
    old = read([MENTOR_HEADERS, MENTOR], nastavnik="F04@0;F05@1")
    line = read([("Бланк F04@0",), MENTOR_HEADERS, MENTOR])
    new = read([MENTOR_HEADERS, MENTOR], nastavnik="F04@1;F05@7")

    for parsed in (old, line):
        (notice,) = parsed.notices
        assert (notice.code, notice.params) == ("form_version_old", {"found": "0", "current": "1"})
    assert new.notices == ()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("2025-2026", "2026-2027"), ["2025-2026"]),
        (("25-26", "26-27"), ["25-26"]),
        (("2025/26 уч. год", "Наставники"), ["2025/26 уч. год"]),
        (("10-11 классы", "Наставники"), []),
        (("2026-2027", "Наставники"), []),
    ],
)
def test_the_sheet_of_another_school_year_is_another_period(names, told):
    parsed = read(
        *(
            sheet([MENTOR_HEADERS, row], name)
            for row, name in zip((MENTOR, SECOND), names, strict=True)
        )
    )
    assert [n.sheet for n in parsed.notices if n.code == "sheet_other_year"] == told
    assert len(part_of(parsed, "F04")) == 2 - len(told)


def test_people_on_a_sheet_without_names_of_columns_are_named():
    parsed = read(sheet([MENTOR_HEADERS, MENTOR], "5А"), sheet([("5Б класс",), SECOND], "5Б"))
    assert [(n.code, n.sheet) for n in parsed.notices if n.severity == "error"] == [
        ("people_unread", "5Б")
    ]
