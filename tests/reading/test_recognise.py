"""Forms are found by what stands on the sheets: headers, titles, rows that are no data."""

from __future__ import annotations

from datetime import date

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

BOTH = ["Петрова Анна Сергеевна", "Орлова Вера Ильинична"]


def assert_both(parsed, code="F04"):
    part = part_of(parsed, code)
    assert people(part) == BOTH
    assert part.seen == len(part.rows) + sum(part.skipped.values())
    return part


def test_official_lists_are_read_whole():
    """Sixteen and thirteen official columns are complete; ours are named in one remark."""
    parsed = read([MENTOR_HEADERS, MENTOR, SECOND], [MENTEE_HEADERS, MENTEE])

    part = assert_both(parsed)
    assert part.rows[0].values["entry_date"] == "2026-09-01"
    assert part.rows[0].cells["entry_date"] == "J2"
    assert part.rows[0].raw == {"contacts": "+7 999 000-00-01"}
    assert codes(part.notices) == ["columns_not_asked"]
    assert part_of(parsed, "F05").rows[0].values["birth_year"] == 1999
    assert parsed.reason is None


@pytest.mark.parametrize(
    "above",
    [
        [],
        [("Приложение 2 к приказу № 40-од",)],
        [("Форма базы наставников",), (), ("МБОУ «СОШ № 101»",)],
        [()] * 30 + [("по состоянию на 20.09.2026",)],
    ],
)
def test_header_is_found_below_any_title(above):
    part = assert_both(read([*above, MENTOR_HEADERS, MENTOR, SECOND]))

    assert part.header_row == len(above) + 1


def test_table_may_begin_in_any_column():
    rows = [("", "", *row) for row in (MENTOR_HEADERS, MENTOR, SECOND)]

    part = assert_both(read([("", "", "База наставников"), *rows]))

    assert part.columns["mentor_fio"] == 4
    assert part.rows[0].cells["mentor_fio"] == "D3"


def test_sheet_need_not_begin_in_a1():
    rows = sheet([MENTOR_HEADERS, MENTOR, SECOND], first_row=5, first_column=3)

    part = assert_both(read(rows))

    assert (part.header_row, part.rows[0].row, part.rows[0].cells["mentor_fio"]) == (5, 6, "D6")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda h: f"  {h}\u00a0 ",
        lambda h: h.replace(" ", "\n", 1),
        lambda h: h[:64].replace(".", "#"),
        lambda h: h.upper(),
        lambda h: h.replace("о", "o").replace("а", "a").replace("е", "e"),
        lambda h: h + " *",
        lambda h: h.replace("учебы", "учёбы"),
        lambda h: h + "1",
        lambda h: h + " (заполняется по желанию участника)",
        lambda h: "Укажите " + h,
    ],
    ids=["blanks", "lines", "cut", "capitals", "latin", "star", "yo", "double", "more", "polite"],
)
def test_spoilt_headers_mean_the_same_columns(spoil):
    """No spelling that schools use loses a column or makes it doubtful."""
    part = assert_both(read([[spoil(h) for h in MENTOR_HEADERS], MENTOR, SECOND]))

    assert part.rows[0].values["competencies"] == "методика ФГОС"
    assert len(part.columns) == 16
    assert codes(part.notices) == ["columns_not_asked"]


def test_numbered_headers_and_the_row_of_numbers():
    heads = [f"{number}. {head}" for number, head in enumerate(MENTOR_HEADERS, 1)]

    part = assert_both(read([heads, [f"{n}" for n in range(1, 17)], MENTOR, SECOND]))

    assert part.skipped == {"numbering": 1}


def test_moved_and_missing_columns():
    """Columns are found wherever they are; an official required one that is absent is named."""
    keep = [11, 1, 3, 9]
    rows = [[row[i] for i in keep] for row in (MENTOR_HEADERS, MENTOR, SECOND)]

    part = assert_both(read([("База наставников",), *rows]))

    missing = [n for n in part.notices if n.code == "column_missing"]
    assert [(n.column, n.severity) for n in missing] == [("competencies", "error")]
    assert "«умения»" in missing[0].params["tried"]
    assert missing[0].cell == "A2"


def test_rows_that_are_no_data_are_skipped_by_reason():
    rows = [
        MENTOR_HEADERS,
        range(1, 17),
        ("Пример", *MENTOR[1:]),
        ("Педагоги",),
        MENTOR,
        (),
        MENTOR_HEADERS,
        SECOND,
        (3,),
        ("", "ИТОГО по ОО", 2),
        ("Директор школы", "", "", "", "Иванов И. И."),
        ("* заполняется до 1 октября",),
    ]

    part = assert_both(read(rows))

    assert part.seen == 10
    assert part.skipped == {
        "numbering": 1,
        "example": 1,
        "title": 3,
        "header": 1,
        "blank": 1,
        "total": 1,
    }


def test_person_alone_in_a_row_is_data():
    """A row with nothing but a name is not dropped as a caption."""
    part = part_of(read([MENTOR_HEADERS, MENTOR, ("", "Орлова Вера Ильинична")]), "F04")

    assert people(part) == BOTH


def test_caption_merged_over_the_table_is_a_title():
    rows = sheet([MENTOR_HEADERS, ("", "Иванов Пётр"), MENTOR, SECOND], merged=((2, 2, 2, 9),))

    assert assert_both(read(rows)).skipped == {"title": 1}


def test_hidden_rows_are_named_and_not_taken():
    rows = [MENTOR_HEADERS, MENTOR, *[("", f"Зимин Олег Ива{'н' * n}ович") for n in (1, 2)], SECOND]
    rows += [("", "Лыкова Инна Юрьевна"), ()]
    hidden = frozenset((3, 4, 6, 7))

    part = assert_both(read(sheet(rows, hidden_rows=hidden)))

    (notice,) = [n for n in part.notices if n.code == "rows_hidden"]
    assert notice.params == {"rows": "3–4, 6"}
    assert part.skipped == {"hidden": 3}


def test_hidden_columns_are_read():
    part = assert_both(
        read(sheet([MENTOR_HEADERS, MENTOR, SECOND], hidden_columns=frozenset((2,))))
    )

    assert "mentor_fio" in part.columns


def test_vertically_merged_mentor_speaks_for_each_mentee():
    more = ("", "", *[""] * 8, "Котов Пётр Олегович", "учитель – учитель")
    merged = tuple((2, column, 3, column) for column in range(1, 11))

    part = part_of(read(sheet([MENTOR_HEADERS, MENTOR, more], merged=merged)), "F04")

    assert people(part) == ["Петрова Анна Сергеевна"] * 2
    assert [row.values["mentee_fios"] for row in part.rows] == [
        "Сидоров Иван Петрович",
        "Котов Пётр Олегович",
    ]


def test_formula_errors_and_failed_cells_are_told_where_they_stand():
    rows = sheet([MENTOR_HEADERS, MENTOR], errors={(2, 5): "#ССЫЛКА!"})

    part = part_of(read(rows), "F04")

    (notice,) = [n for n in part.notices if n.code == "cell_formula_error"]
    assert (notice.sheet, notice.row, notice.cell, notice.column) == (
        "Лист1",
        2,
        "E2",
        "competencies",
    )
    assert notice.form == "F04"
    assert notice.who == "Петрова Анна Сергеевна"
    assert part.rows[0].failed == ("competencies",)
    assert part.rows[0].values["competencies"] is None


def test_shown_text_is_what_the_notice_repeats():
    rows = sheet(
        [MENTOR_HEADERS, [*MENTOR[:9], 45000.5, *MENTOR[10:]]], shown={(2, 10): "32.13.2026"}
    )

    (row,) = part_of(read(rows), "F04").rows

    assert "entry_date" in row.raw or "entry_date" in row.failed


@pytest.mark.parametrize(
    "said", ["Данных нет", "сведений нет.", "Нет данных", "СВЕДЕНИЯ ОТСУТСТВУЮТ"]
)
def test_nil_is_an_answer(said):
    above = read([("База наставников",), (said,), MENTOR_HEADERS])
    below = read([MENTOR_HEADERS, (1, said, "-", "-")])

    for parsed in (above, below):
        part = part_of(parsed, "F04")
        assert (part.nil, part.rows, parsed.reason) == (True, (), None)


@pytest.mark.parametrize(
    "row",
    [
        ("", "Наставников в этом учебном году нет"),
        ("", "", "", "", "работа не ведётся"),
        (1, "Наставники не назначены", "-", "—", "нет"),
        ("-", "-", "-", "-"),
        (1, "нет", "", "–"),
        ("прочерк",),
    ],
)
def test_nil_in_other_words_is_an_answer_where_nothing_else_stands(row):
    alone = part_of(read([MENTOR_HEADERS, row]), "F04")
    assert (alone.nil, alone.rows) == (True, ())

    beside = part_of(read([MENTOR_HEADERS, MENTOR, row]), "F04")
    assert len(beside.rows) >= 1
    assert "nil_with_rows" not in codes(beside.notices)


@pytest.mark.parametrize(
    "row", [(1, "", "", ""), (1, 0, 0), (1, "Петрова Анна Сергеевна", "нет", "нет")]
)
def test_a_row_that_says_something_or_nothing_at_all_is_no_nil(row):
    parts = [part for part in read([MENTOR_HEADERS, row]).parts if part.form == "F04"]
    assert not any(part.nil for part in parts)


def test_rows_that_are_hidden_are_not_denied_by_dashes():
    part = part_of(read(sheet([MENTOR_HEADERS, MENTOR, ["-"] * 9], hidden_rows={2})), "F04")
    assert not part.nil


def test_nil_beside_rows_is_an_error():
    part = part_of(read([MENTOR_HEADERS, ("Данных нет",), MENTOR]), "F04")

    (notice,) = [n for n in part.notices if n.code == "nil_with_rows"]
    assert (notice.severity, notice.params) == ("error", {"count": "1"})
    assert not part.nil


def test_nothing_written_in_one_answer_is_no_nil():
    """«Нет данных» in one column of a filled row says nothing of the form."""
    part = part_of(read([MENTOR_HEADERS, [*MENTOR[:5], "нет данных", *MENTOR[6:]]]), "F04")

    assert len(part.rows) == 1
    assert "nil_with_rows" not in codes(part.notices)


def test_spilled_answers_fill_empty_columns_only():
    heads = ["ФИО куратора", "Должность", "Приказ о назначении", "Телефон", "КПК по наставничеству"]
    row = [
        "Петрова Анна Сергеевна",
        "завуч",
        "№ 56-ОД от 17.03.2026",
        "8-999-000-00-01",
        "да, 2026, 36",
    ]

    apart = part_of(read([heads, row]), "F02").rows[0]
    given = part_of(read([[*heads, "Год КПК"], [*row, 2025]]), "F02").rows[0]

    assert (apart.values["kpk_done"], apart.values["kpk_year"]) == (True, 2026)
    assert apart.cells["kpk_year"] == "E2"
    assert (given.values["kpk_year"], given.cells["kpk_year"]) == (2025, "F2")


def test_dates_of_any_type_are_not_raw():
    rows = [MENTOR_HEADERS, MENTOR, [*MENTOR[:9], "01.09.2026", *MENTOR[10:]]]
    assert MENTOR[9] == date(2026, 9, 1)

    part = part_of(read(rows), "F04")

    assert [row.raw.get("entry_date") for row in part.rows] == [None, None]


def test_rows_of_dashes_and_of_hints_are_no_data():
    hints = ["", "", "", "", "", "", "", "", "", "дд.мм.гггг", "", "выбрать из списка"]
    dashes = [3, *["-"] * 14, "нет"]

    part = assert_both(read([MENTOR_HEADERS, hints, MENTOR, dashes, SECOND]))

    assert part.skipped == {"example": 1, "blank": 1}


@pytest.mark.parametrize("said", ["Данных нет", "Наставников в школе нет", "Не ведётся работа"])
def test_nil_on_a_sheet_that_only_its_name_tells(said):
    parsed = read(sheet([(said,)], "4 Наставники"))

    assert (part_of(parsed, "F04").nil, parsed.reason) == (True, None)


def test_rows_under_a_known_title_are_not_lost_in_silence():
    """Where the title is a form's but no header is, the sheet is named beside a good one."""
    lost = sheet([("База наставников",), *[("Петрова", "учитель")] * 5], "Лист2")

    parsed = read([MENTEE_HEADERS, MENTEE], lost)

    (notice,) = parsed.notices
    assert (notice.code, notice.form, notice.sheet) == ("form_headers_unknown", "F04", "Лист2")
    assert [part.form for part in parsed.parts] == ["F05"]


def test_questionnaire_of_a_real_collection():
    """Headers as Google Forms and Access leave them; what is not asked is listed."""
    headers = [
        "Отметка времени",
        "Баллы",
        "ФИО наставляемого (полностью)",
        "Год рождения наставляемого, полных лет на момент открытия проект",
        "Координаты для связи (сот#, адрес электронной почты)",
        "Основной запрос наставляемого (чему хотите научиться при работе ",
        "Дата вхождения в программу ",
        "ФИО наставника (полностью)",
        "Форма наставничества",
        "Место работы/учебы наставника (сокращенное по Уставу) город/окру",
        "Модуль Проекта",
        "Модуль Проекта1",
        "NoName",
        "Стаж/курс",
    ]
    name = "Сидоров Иван Петрович"
    row = ["1", "0", name, "16 лет", 89147507442.0, "урок", "01.09.2026", "Петрова Анна Сергеевна"]
    row += ["ученик – ученик", "СОШ № 101", "а", "б", "в", "2"]

    part = part_of(read([headers, row]), "F05")

    values = part.rows[0].values
    assert (values["mentee_fio"], values["birth_year"]) == (name, 2010)
    assert (values["contacts_rep"], values["mentor_place"]) == ("+79147507442", "СОШ № 101")
    extra = [n.params["columns"] for n in part.notices if n.code == "columns_extra"]
    assert extra == ["«Модуль Проекта», «Модуль Проекта1», «NoName»"]
    assert "column_doubtful" not in codes(part.notices)
