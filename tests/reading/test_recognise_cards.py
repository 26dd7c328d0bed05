"""Cards: labels on the left, one value to the right; and the Паспорт, on a sheet or in lines."""

from __future__ import annotations

import pytest

from tests.support.recognise_books import (
    MENTEE,
    MENTEE_HEADERS,
    MENTOR,
    MENTOR_HEADERS,
    PLANS,
    codes,
    part_of,
    read,
    sheet,
)

STAFF, SCHOOL = PLANS["F08"], PLANS["F01"]
ANSWERS = {column.name: int(column.example) for column in STAFF.columns}
NAMED = {"pupils_total", "ped_total"}


def lines(*, number=False, helped=False, without=()):
    """A card as the blank draws it: label, value, explanation, example."""
    rows = []
    for index, column in enumerate(STAFF.columns, 1):
        value = "" if column.name in without else ANSWERS[column.name]
        row = [column.title, value, *((column.help, "99") if helped else ())]
        rows.append([index, *row] if number else row)
    return rows


@pytest.mark.parametrize("number", [False, True])
@pytest.mark.parametrize("helped", [False, True])
@pytest.mark.parametrize("headed", [False, True])
def test_card_is_read_whatever_stands_around(number, helped, headed):
    """A column of numbers before the labels and one of explanations behind change nothing."""
    head = [[*([""] if number else []), "Поле", "Значение", "Пояснение", "Пример"]]
    above = [["Кадры"], [], *(head if headed else [])]

    part = part_of(read([*above, *lines(number=number, helped=helped)]), "F08")

    (row,) = part.rows
    assert (row.values, part.layout, part.seen) == (ANSWERS, "card", 1)
    assert row.cells["ped_total"] == f"{'C' if number else 'B'}{len(above) + 1}"
    assert part.columns["ped_total"] == len(above) + 1


@pytest.mark.parametrize("without", [{"ped_lt35"}, {"ped_lt35", *list(ANSWERS)[:12]}])
def test_example_is_never_an_answer(without):
    """Where the value is empty, neither the explanation nor the example takes its place."""
    rows = [["Поле", "Значение", "Пояснение", "Пример"], *lines(helped=True, without=without)]

    (row,) = part_of(read(rows), "F08").rows

    assert {name for name, value in row.values.items() if value is None} == without
    assert row.cells["ped_lt35"] == "B6"


def test_empty_card_is_not_submitted():
    head = ["Поле", "Значение", "Пояснение", "Пример"]
    parsed = read(sheet([head, *lines(helped=True, without=ANSWERS)], "8 Кадры"))

    assert (parsed.parts, parsed.reason) == ((), "file_empty")
    assert codes(parsed.notices) == ["form_not_submitted", "file_empty"]


def test_units_of_measure_are_no_answers():
    rows = [(label, "чел.", value) for label, value in lines()]

    assert part_of(read(rows), "F08").rows[0].values == ANSWERS


def test_card_as_a_table_of_one_row():
    rows = [[column.title for column in STAFF.columns], list(ANSWERS.values())]

    part = part_of(read([("Кадровая сводка",), *rows]), "F08")

    assert part.rows[0].values == ANSWERS
    assert (part.layout, part.header_row) == ("table", 2)


def test_answer_that_cannot_be_read_is_told_with_its_cell():
    rows = lines()
    rows[3][1] = "много"

    part = part_of(read(rows), "F08")

    (notice,) = part.notices
    assert (notice.code, notice.cell, notice.column) == ("number_unreadable", "B4", "ped_30_34")
    assert (notice.who, part.rows[0].failed) == (None, ("ped_30_34",))


def test_label_that_is_missing_repeated_or_strange_is_told():
    rows = [*lines()[1:], ["Педагогов до 35 лет", 11], ["Всего классов", 30], lines()[-1]]

    notices = part_of(read(rows), "F08").notices

    said = {(n.code, n.column, n.value) for n in notices}
    assert ("column_missing", "ped_total", None) in said
    assert ("column_repeated", "ped_lt35", "Педагогов до 35 лет") in said
    assert (
        "«Всего классов»" in next(n for n in notices if n.code == "columns_extra").params["columns"]
    )


def test_hidden_line_of_a_card_is_named():
    part = part_of(read(sheet(lines(), hidden_rows=frozenset((2,)))), "F08")

    assert part.rows[0].values["ped_lt25"] is None
    assert [n.params for n in part.notices if n.code == "rows_hidden"] == [{"rows": "2"}]


def test_school_card_is_no_passport():
    rows = [(column.title, column.example) for column in SCHOOL.columns]

    parsed = read([("Карточка ОО",), *rows])

    values = part_of(parsed, "F01").rows[0].values
    assert (values["inn"], values["implements"]) == ("0042000010", True)
    assert parsed.passport == {}


def test_two_cards_on_one_sheet():
    school = [(column.title, column.example) for column in SCHOOL.columns]

    parsed = read([*school, (), ("Кадры",), *lines()])

    assert [part.form for part in parsed.parts] == ["F01", "F08"]
    assert part_of(parsed, "F08").rows[0].values == ANSWERS


@pytest.mark.parametrize("card_first", [True, False])
def test_card_and_table_on_one_sheet(card_first):
    card = [("Кадровая сводка",), *lines(), ()]
    table = [("База наставников",), MENTOR_HEADERS, MENTOR, ()]

    parsed = read([*card, *table] if card_first else [*table, *card])

    assert part_of(parsed, "F08").rows[0].values == ANSWERS
    assert (len(part_of(parsed, "F04").rows), part_of(parsed, "F04").seen) == (1, 1)


def test_lines_above_a_table_are_no_card():
    """ИНН, address and telephone on top of a list do not hand in a card of the school."""
    above = [("ИНН", "0042000010"), ("Адрес", "ул. Примерная"), ("Телефон", "2-28-12")]
    above += [("E-mail", "a@example.org"), ("Директор", "Петрова Анна Сергеевна"), ()]

    parsed = read([*above, MENTOR_HEADERS, MENTOR])

    assert [part.form for part in parsed.parts] == ["F04"]
    assert parsed.passport["inn"] == "0042000010"


PASSPORT = [
    ("Поле", "Значение", "Пояснение", "Пример"),
    ("ИНН ОО", "0042000010", "10 цифр", "0042000010"),
    ("Наименование ОО (краткое по уставу)", "МБОУ «СОШ № 101»", "Как в уставе.", ""),
    ("Учебный год", "2026-2027", "", "2026-2027"),
    ("Исполнитель", "", "Кто заполнил файл.", "Петрова Анна Сергеевна"),
]


@pytest.mark.parametrize("name", ["Паспорт", "Лист1", "Титульный лист"])
def test_passport_is_found_by_its_labels(name):
    parsed = read(sheet(PASSPORT, name), [MENTOR_HEADERS, MENTOR])

    assert parsed.passport == {
        "inn": "0042000010",
        "unit_name": "МБОУ «СОШ № 101»",
        "period": "2026-2027",
    }
    assert parsed.notices == ()


def test_wrong_inn_is_told_where_it_stands():
    rows = [PASSPORT[0], ("ИНН ОО", "0042000011"), *PASSPORT[2:]]

    (notice,) = read(sheet(rows, "Паспорт"), [MENTOR_HEADERS, MENTOR]).notices

    assert (notice.code, notice.sheet, notice.cell) == ("inn_checksum", "Паспорт", "B2")


@pytest.mark.parametrize(
    "above",
    [
        [("МБОУ «СОШ № 101»",), ("ИНН 0042000010",), ("на 2026/27 учебный год",)],
        [("Наименование ОО: МБОУ «СОШ № 101»", "", "ИНН: 0042000010", "2026 – 2027 уч. г.")],
        [
            ("ИНН", "", "0042000010"),
            ("Наименование ОО", "МБОУ «СОШ № 101»"),
            ("Учебный год", "2026-2027"),
        ],
    ],
)
def test_lines_above_a_table_serve_as_passport(above):
    parsed = read([*above, ("База наставников",), MENTOR_HEADERS, MENTOR])

    assert parsed.passport["inn"] == "0042000010"
    assert parsed.passport["unit_name"] == "МБОУ «СОШ № 101»"
    assert str(parsed.passport["period"]).startswith(("2026-2027", "2026/27", "2026 – 2027"))


def test_passport_sheet_is_believed_before_lines():
    rows = [("ИНН 0042000028",), ("по состоянию на 20.09.2026",), MENTOR_HEADERS, MENTOR]

    passport = read(sheet(PASSPORT, "Паспорт"), rows).passport

    assert (passport["inn"], passport["as_of"]) == ("0042000010", "2026-09-20")


def test_unchanged_and_nil_in_the_passport():
    """«Изменений нет» is an answer for all forms, «Данных нет» for a file of one form."""
    same = sheet([*PASSPORT, ("Подтверждаю, изменений нет", "да")], "Паспорт")
    none = sheet([*PASSPORT, ("Данных нет", "да")], "Паспорт")
    mentors, mentees = [MENTOR_HEADERS], [MENTEE_HEADERS]

    unchanged = read(same, mentors, mentees)
    one, two = read(none, mentors), read(none, mentors, mentees)

    assert (unchanged.passport["unchanged"], unchanged.parts, unchanged.reason) == (True, (), None)
    assert [(part.form, part.nil) for part in one.parts] == [("F04", True)]
    assert (two.parts, two.reason) == ((), "file_empty")


def test_table_header_is_no_card():
    """Rows that begin with words of a label do not make a card of a table."""
    rows = [[*MENTEE[:4], word, *MENTEE[5:]] for word in ("Телефон", "Сайт", "Адрес", "Тип", "ИНН")]

    parsed = read([MENTEE_HEADERS, *rows])

    assert [(part.form, len(part.rows)) for part in parsed.parts] == [("F05", 5)]
