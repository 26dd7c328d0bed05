"""Headers that no list of ours has: understood by their words and by what stands under them."""

from __future__ import annotations

import pytest

from tests.support.recognise_books import (
    MENTOR,
    MENTOR_HEADERS,
    SECOND,
    codes,
    part_of,
    read,
    sheet,
)

ROWS = (MENTOR, SECOND)


def as_headed(name, header, *, group=None):
    """The rows of mentors with one column headed otherwise."""
    column = MENTOR_HEADERS.index(name)
    heads = [*MENTOR_HEADERS]
    heads[column] = header
    return read(sheet([heads, *ROWS]))


CONTACTS, PERSON, MENTEES = (
    "Контактные данные для связи",
    "ФИО наставника",
    "ФИО наставляемого (наставляемых)",
)


@pytest.mark.parametrize(
    "header",
    [
        *("Моб. тел., почта", "Сот. тел.", "тел. моб.", "Телефон / e-mail", "Эл. почта, телефон"),
        *("№ телефона", "Номер мобильного", "Контакты (телефон, почта)", "Тел. для связи"),
        *("Личный телефон", "Контактный тел. наставника", "e-mail и телефон", "Моб. номер"),
    ],
)
def test_contacts_are_known_by_their_words(header):
    part = part_of(as_headed(CONTACTS, header), "F04")
    assert "contacts" in part.columns


@pytest.mark.parametrize(
    "header",
    [
        *("ФИО наставника / Mentor full name", "Mentor full name / ФИО наставника"),
        *("ФИО наставника (Mentor's name)", "ФИО наставника Mentor", "ФИО наставника | Mentor"),
        *("Укажите, пожалуйста, фамилию, имя и отчество вашего наставника",),
        *("Фамилия, имя, отчество педагога-наставника полностью", "Ф. И. О. наставника:"),
    ],
)
def test_the_person_is_known_by_question_and_in_two_languages(header):
    part = part_of(as_headed(PERSON, header), "F04")
    assert part.values["mentor_fio"] == [row[1] for row in ROWS]


@pytest.mark.parametrize("header", ["Кого курирует", "Подопечные", "За кем закреплён", "Подшефные"])
def test_a_needed_column_that_nobody_else_gives_is_known_by_its_values(header):
    parsed = as_headed(MENTEES, header)
    part = part_of(parsed, "F04")
    assert "mentee_fios" in part.columns
    (told,) = [notice for notice in part.notices if notice.code == "column_doubtful"]
    assert (told.column, told.value) == ("mentee_fios", header)


@pytest.mark.parametrize("header", ["ФИО директора", "Родители", "Классный руководитель"])
def test_people_of_whom_the_form_does_not_speak_are_not_taken_for_others(header):
    part = part_of(as_headed(MENTEES, header), "F04")
    assert "mentee_fios" not in part.columns
    assert "columns_extra" in codes(part.notices)


@pytest.mark.parametrize("mark", ["+", "V", "1", "да", "х", "✓", "*"])
def test_a_mark_in_a_cross_table_is_the_value_above_it(mark):
    column = MENTOR_HEADERS.index("Форма наставничества")
    values = ("ученик – ученик", "студент – ученик", "учитель – учитель")
    heads = [*MENTOR_HEADERS[:column], *values, *MENTOR_HEADERS[column + 1 :]]
    marks = ((None, None, mark), (mark, "-", None))
    rows = [[*row[:column], *own, *row[column + 1 :]] for row, own in zip(ROWS, marks, strict=True)]
    part = part_of(read(sheet([heads, *rows])), "F04")
    assert part.values["mentoring_form"] == ["учитель – учитель", "ученик – ученик"]
