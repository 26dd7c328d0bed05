"""Which form a sheet is, which column a header means, and what is said where that is unsure."""

from __future__ import annotations

import pytest

from tests.support.recognise_books import (
    MENTEE,
    MENTEE_HEADERS,
    MENTOR,
    MENTOR_HEADERS,
    PLANS,
    SECOND,
    codes,
    part_of,
    people,
    read,
    sheet,
)

NAME = "Петрова Анна Сергеевна"


def columns_of(headers, code="F04", row=None):
    """Which columns the headers of a one-row table were taken for, and the notices."""
    parsed = read(sheet([headers, row or [NAME] * len(headers)], PLANS[code].title))
    part = part_of(parsed, code)
    back = {number: name for name, number in part.columns.items()}
    return [back.get(number) for number in range(1, len(headers) + 1)], part


BASE = ("ФИО наставника", "Форма наставничества", "Дата вхождения в программу")


@pytest.mark.parametrize(
    "header",
    [
        "ФИО родителя",
        "Телефон классного руководителя",
        "ФИО руководителя ОО",
        "Контактные данные для связи (с родителем не связываться)",
        "Дата завершения программы не определена",
        "Дата рождения ребенка",
        "Форма обучения",
        "Статус семьи",
        "Дата утверждения программы",
    ],
)
def test_header_of_another_subject_is_extra(header):
    found, part = columns_of([*BASE, header])

    assert found[3] is None
    (notice,) = [n for n in part.notices if n.code == "columns_extra"]
    assert notice.params["columns"].startswith(f"«{header[:39]}")


@pytest.mark.parametrize(
    ("code", "header", "column"),
    [
        ("F04", "ФИО наставляемого", "mentee_fios"),
        ("F04", "ФИО наставляемых", "mentee_fios"),
        ("F05", "ФИО наставника", "mentor_fio"),
        ("F05", "Место работы/учебы наставника", "mentor_place"),
    ],
)
def test_mentor_and_mentee_are_never_confused(code, header, column):
    person = {"F04": "ФИО наставника", "F05": "ФИО наставляемого"}[code]
    base = (person, "Форма наставничества", "Дата вхождения в программу")

    found, _ = columns_of([*base, header], code)

    assert found[3] == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Основые компетенции наставника", "competencies"),
        ("ФИО насталвяемого", "mentee_fios"),
        ("Контактая информация и данные для связи", None),
        ("Должность (по штатному расписанию)", "position"),
    ],
)
def test_guessed_header_is_used_and_named(header, column):
    found, part = columns_of([*BASE, header])

    doubtful = [(n.column, n.value, n.cell) for n in part.notices if n.code == "column_doubtful"]
    assert found[3] == column
    assert doubtful == ([(column, header, "D1")] if column else [])


def test_sure_header_wins_over_a_guess_and_the_first_over_the_second():
    headers = [*BASE, "Должность", "Должность / специальность", "ФИО наставника (полностью)"]

    found, part = columns_of(headers)

    assert found[3:] == [None, "position", None]
    repeated = [(n.value, n.column) for n in part.notices if n.code == "column_repeated"]
    assert repeated == [("Должность", "position"), ("ФИО наставника (полностью)", "mentor_fio")]


def test_contacts_are_joined():
    headers = [*BASE, "Телефон", "E-mail"]
    row = [NAME, "учитель – учитель", "01.09.2026", 89990000001.0, "a@example.org"]

    _, part = columns_of(headers, row=row)

    assert part.rows[0].values["contacts"] == "+79990000001; a@example.org"
    assert not {"column_repeated", "columns_extra"} & set(codes(part.notices))


@pytest.mark.parametrize(
    "parts",
    [
        ("Фамилия", "Имя", "Отчество"),
        ("Фамилия наставника", "Имя наставника", "Отчество (при наличии)"),
    ],
)
def test_three_columns_make_a_name(parts):
    headers = [*parts, "Форма наставничества", "Дата вхождения в программу"]
    row = ["Петрова", "Анна", "Сергеевна", "учитель – учитель", "01.09.2026"]

    _, part = columns_of(headers, row=row)

    assert part.rows[0].values["mentor_fio"] == NAME
    assert part.rows[0].cells["mentor_fio"] == "A2"


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "unmerged"])
def test_groups_over_sub_headers(merged):
    """The group says of whom the sub-header speaks."""
    top = ("№", "Наставляемый", "", "", "", "Наставник", "", "Форма", "Основной запрос")
    sub = ("", "Фамилия", "Имя", "Отчество", "Год рождения", "ФИО", "Место работы", "", "")
    row = (1, "Сидоров", "Иван", "Петрович", 1999, NAME, "СОШ № 101", "учитель – учитель", "урок")
    ranges = ((3, 2, 3, 5), (3, 6, 3, 7), *((3, j, 4, j) for j in (1, 8, 9)))

    parsed = read(sheet([("Список",), (), top, sub, row], merged=ranges if merged else ()))

    values = part_of(parsed, "F05").rows[0].values
    assert values["mentee_fio"] == "Сидоров Иван Петрович"
    assert (values["birth_year"], values["mentor_fio"]) == (1999, NAME)
    assert (values["mentor_place"], values["request_text"]) == ("СОШ № 101", "урок")
    assert part_of(parsed, "F05").header_row == 4


def test_group_of_the_other_side_keeps_its_columns_apart():
    """«Класс» under «Наставляемый» is not a second name of the mentee."""
    top = ("Наставник", "", "", "Наставляемый", "", "Форма наставничества")
    sub = ("ФИО", "Должность", "Телефон", "ФИО", "Класс", "")
    row = (NAME, "учитель", "8-999-000-00-01", "Сидоров Иван Петрович", "8А", "учитель – ученик")

    part = part_of(read([top, sub, row]), "F04")

    values = part.rows[0].values
    assert (values["mentor_fio"], values["mentee_fios"]) == (NAME, "Сидоров Иван Петрович")
    assert values["contacts"] == "+79990000001"
    assert [n.params for n in part.notices if n.code == "columns_extra"] == [
        {"columns": "«Наставляемый Класс»"}
    ]


def test_header_spread_over_two_rows():
    top = ("№", "ФИО", "Дата вхождения", "Форма", "Основные")
    sub = ("п/п", "наставника", "в программу", "наставничества", "компетенции")

    part = part_of(
        read([top, sub, (1, NAME, "01.09.2026", "учитель – учитель", "методика")]), "F04"
    )

    assert [name for name, value in part.rows[0].values.items() if value is not None] == [
        "mentor_fio",
        "competencies",
        "entry_date",
        "mentoring_form",
    ]


@pytest.mark.parametrize(
    ("code", "header", "column"),
    [
        ("F02", "Приказ о назначении куратора", "order"),
        ("F04", "Стаж наставника", "experience_years"),
        ("F04", "Стаж наставляемого", None),
        ("F05", "Класс наставляемого", "class_label"),
    ],
)
def test_persons_own_word_changes_nothing(code, header, column):
    person = PLANS[code].column(PLANS[code].person).title
    base = {"F02": ("Должность", "Телефон")}.get(code, BASE[1:])

    found, part = columns_of([person, *base, header], code)

    assert found[3] == column
    assert "column_doubtful" not in codes(part.notices)


def test_order_in_two_columns_under_a_group():
    top = (*BASE, "Приказ о назначении", "")
    sub = ("", "", "", "№", "дата")
    row = (NAME, "учитель – учитель", "01.09.2026", "160-А", "08.09.2026")
    merged = ((1, 4, 1, 5), *((1, j, 2, j) for j in (1, 2, 3)))

    part = part_of(read(sheet([top, sub, row], "Наставники", merged=merged)), "F04")

    assert part.rows[0].values["order"] == "№ 160-А от 08.09.2026"


def test_snils_is_never_read():
    """By its header, and by its values under another one."""
    headers = [*BASE, "СНИЛС", "Личный номер", "Интересы"]
    row = [NAME, "учитель – учитель", "01.09.2026", "112-233-445 95", "11223344595", "туризм"]
    hobby = [*row[:5], "112-233-445 95"]

    _, part = columns_of(headers, row=row)
    _, hidden = columns_of(headers, row=hobby)

    assert [n.value for n in part.notices if n.code == "column_snils"] == ["СНИЛС", "Личный номер"]
    assert part.rows[0].values["interests"] == "туризм"
    assert "Интересы" in [n.value for n in hidden.notices if n.code == "column_snils"]
    assert hidden.rows[0].values["interests"] is None
    assert "112" not in str(hidden.rows)


def test_phones_are_not_taken_for_snils():
    row = [NAME, "учитель – учитель", "01.09.2026", "89147507442"]

    _, part = columns_of([*BASE, "Телефон"], row=row)

    assert part.rows[0].values["contacts"] == "+79147507442"


def test_extra_columns_are_listed_once_and_shortened():
    headers = [*BASE, "Отметка времени", "Баллы", "№", "Любимый цвет", "Очень " * 20, ""]
    row = [NAME, "учитель – учитель", "01.09.2026", "1", "2", "3", "4", "5", "6"]

    _, part = columns_of(headers, row=row)

    (notice,) = [n for n in part.notices if n.code == "columns_extra"]
    cut = "Очень Очень Очень Очень Очень Очень Оче…"
    assert notice.params == {"columns": f"«Любимый цвет», «{cut}», «I»"}


@pytest.mark.parametrize(
    ("header", "form"),
    [("Основные компетенции", "F04"), ("Основной запрос", "F05")],
)
def test_lone_person_column_is_decided_by_its_neighbours(header, form):
    headers = ["ФИО", "Форма наставничества", header]

    parsed = read([headers, [NAME, "учитель – учитель", "методика"]])

    assert people(part_of(parsed, form)) == [NAME]


ALIKE = [["ФИО", "Должность", "Форма наставничества"], [NAME, "учитель", "учитель – учитель"]]


def test_form_that_fits_two_is_asked():
    parsed = read(ALIKE)

    assert (parsed.reason, parsed.parts) == ("form_ambiguous", ())
    (notice,) = parsed.notices
    assert notice.params == {"first": "База наставляемых", "second": "База наставников"}


@pytest.mark.parametrize(
    "said",
    [
        sheet([("База наставляемых МБОУ «СОШ № 101»",), *ALIKE]),
        sheet(ALIKE, "5 Наставляемые"),
        sheet(ALIKE, "Наставляемые (2)"),
    ],
)
def test_title_and_sheet_name_decide_between_two(said):
    assert people(part_of(read(said), "F05")) == [NAME]


def test_whose_person_stands_first_decides():
    headers = ["ФИО наставника", "Должность", "ФИО наставляемого", "Форма наставничества"]
    row = [NAME, "учитель", "Сидоров Иван Петрович", "учитель – учитель"]

    assert part_of(read([headers, row]), "F04")
    assert part_of(read([headers[2:] + headers[:2], row[2:] + row[:2]]), "F05")


def test_two_forms_on_one_sheet():
    """One below the other, with their titles; and side by side."""
    below = [
        ("База наставников",),
        MENTOR_HEADERS,
        MENTOR,
        SECOND,
        (),
        ("База наставляемых",),
        MENTEE_HEADERS,
        MENTEE,
    ]
    beside = [
        (*MENTOR_HEADERS, "", *MENTEE_HEADERS),
        (*MENTOR, "", *MENTEE),
        SECOND,
    ]

    for rows in (below, beside):
        parsed = read(rows)
        mentors, mentees = part_of(parsed, "F04"), part_of(parsed, "F05")
        assert people(mentors) == [NAME, "Орлова Вера Ильинична"]
        assert people(mentees) == ["Сидоров Иван Петрович"]
        assert (mentors.seen, mentees.seen, parsed.notices) == (2, 1, ())


def test_one_form_in_two_tables_is_one_part():
    rows = [MENTOR_HEADERS, MENTOR, (), ("Продолжение",), MENTOR_HEADERS[::-1], SECOND[::-1]]

    part = part_of(read(rows), "F04")

    assert [row.row for row in part.rows] == [2, 6]
    assert people(part) == [NAME, "Орлова Вера Ильинична"]
