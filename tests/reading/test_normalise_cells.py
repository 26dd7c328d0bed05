"""Cells as a whole: blanks, texts, lists of values, how grave a notice is, parted answers."""

from __future__ import annotations

import string
from datetime import date

import pytest

from contracts.plan import STORAGE, Column
from pipeline.notices.catalogue import BUILT_IN
from tests.support.normalise_cases import CATEGORY, FORMS, VOCABULARIES, clean, codes, read

TEXTS = sorted(kind for kind, storage in STORAGE.items() if storage == "str")


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "—", "--", "н/д", "Н/Д", "x", "Х", "прочерк", "нет"]
)
@pytest.mark.parametrize("kind", sorted(set(STORAGE) - {"bool"}))
def test_blanks_are_blank_in_every_type(kind, cell):
    cleaned = read(cell, kind, required="error", vocabulary="forms")
    assert (cleaned.value, cleaned.notices, cleaned.failed) == (None, (), False)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_zero_in_a_text_column_is_a_formula_to_an_empty_cell(kind):
    for cell in ("0", 0, 0.0):
        assert read(cell, kind, vocabulary="forms").value is None


@pytest.mark.parametrize("kind", sorted(STORAGE))
@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        *(("#REF!", "#ССЫЛКА!"), ("#N/A", "#Н/Д"), ("#DIV/0!", "#ДЕЛ/0!"), ("#NAME?", "#ИМЯ?")),
        *((same, same) for same in ("#ССЫЛКА!", "#Н/Д", "Err:502")),
    ],
)
def test_a_failed_formula_is_named_as_russian_excel_shows_it(kind, cell, seen):
    cleaned = read(cell, kind, required="error")
    assert cleaned.failed
    assert [(n.code, n.severity, n.value) for n in cleaned.notices] == [
        ("cell_formula_error", "error", seen)
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Методика\u00a0 ФГОС ", "Методика ФГОС"),
        ("строка\nдругая", "строка другая"),
        ("текст_x000D_\nдальше", "текст дальше"),
        (1.0, "1"),
        (0.5, "0,5"),
        (date(2026, 9, 1), "01.09.2026"),
        ("IT-класс и Wi-Fi", "IT-класс и Wi-Fi"),
    ],
)
def test_a_text_is_tidied_without_a_word(cell, text):
    cleaned = read(cell, "text")
    assert (cleaned.value, codes(cleaned)) == (text, [])


def test_a_text_column_takes_a_number_as_it_was_shown():
    assert read(2.0, "text", shown="2 ч").value == "2 ч"
    assert read(2.0, "text", shown="###").value == "2"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("COШ № 1", "СОШ № 1"),
        ("настав\u200bник", "наставник"),
        ("а\x07б", "аб"),
        ("а\ud800б", "аб"),
    ],
)
def test_repaired_letters_and_hidden_signs_are_said(cell, text):
    cleaned = read(cell, "text")
    assert (cleaned.value, codes(cleaned)) == (text, ["text_repaired"])
    cleaned.notices[0].value.encode()


def test_a_long_text_is_kept_whole_with_a_remark():
    cleaned = read("слово " * 10, "text", max_length=20)
    assert len(cleaned.value) == 59
    assert [(n.code, n.severity, n.params["limit"]) for n in cleaned.notices] == [
        ("text_too_long", "remark", "20")
    ]


def test_a_notice_shows_the_beginning_of_a_long_cell():
    (notice,) = read("я" * 5000, "date").notices
    assert len(notice.value) == 300


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("учитель – учитель", "учитель – учитель", []),
        ("Учитель-учитель", "учитель – учитель", []),
        ("УЧИТЕЛЬ / УЧИТЕЛЬ", "учитель – учитель", []),
        ("1. учитель–учитель.", "учитель – учитель", []),
        ("педагог — педагог", "учитель – учитель", ["value_synonym"]),
        ("завуч – учитель", "иное: завуч – учитель", ["value_other"]),
        ("иное: завуч – учитель", "иное: завуч – учитель", []),
        ("иное: учитель-учитель", "учитель – учитель", []),
        ("у-у", None, ["value_ambiguous"]),
    ],
)
def test_an_open_list_knows_synonyms_and_keeps_the_unknown(cell, value, expected):
    cleaned = read(cell, "enum", vocabulary="forms", required="error")
    assert (cleaned.value, codes(cleaned)) == (value, expected)


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("Высшая", "высшая", []),
        ("нет", "нет", []),
        ("сзд", "соответствие", ["value_synonym"]),
        ("-", None, []),
        ("иное: без категории", "иное", ["value_leftover"]),
        ("третья", None, ["value_not_in_list"]),
    ],
)
def test_a_closed_list_knows_its_own_blanks_and_refuses_the_unknown(cell, value, expected):
    cleaned = read(cell, "enum", vocabulary="category")
    assert (cleaned.value, codes(cleaned)) == (value, expected)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("учитель-учитель\nстудент – ученик", "учитель – учитель; студент – ученик"),
        ("учитель-учитель; студент-ученик;", "учитель – учитель; студент – ученик"),
        ("учитель-учитель, студент-ученик", "учитель – учитель; студент – ученик"),
        ("учитель-учитель; Учитель – учитель", "учитель – учитель"),
        ("бабушка, дедушка", "иное: бабушка, дедушка"),
    ],
)
def test_several_values_are_parted(cell, value):
    assert read(cell, "multi", vocabulary="forms").value == value


def test_an_unknown_value_beside_a_known_one_is_a_remark():
    cleaned = read("высшая; третья", "multi", vocabulary="category", required="error")
    assert (cleaned.value, cleaned.failed) == ("высшая", False)
    assert [(n.code, n.severity, n.value) for n in cleaned.notices] == [
        ("value_not_in_list", "remark", "третья")
    ]


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ({"required": "error"}, "error"),
        ({"official": 6}, "error"),
        ({}, "remark"),
        ({"required": "remark"}, "remark"),
    ],
)
def test_what_only_we_ask_for_never_returns_a_row(words, severity):
    cleaned = read("завтра", "date", **words)
    assert (cleaned.value, cleaned.failed, cleaned.notices[0].severity) == (None, True, severity)


@pytest.mark.parametrize(
    ("words", "severity"),
    [({"required": "error"}, "error"), ({"official": 13}, "remark"), ({}, "remark")],
)
def test_a_word_outside_a_list_returns_a_row_only_where_an_answer_is_needed(words, severity):
    cleaned = read("третья", "enum", vocabulary="category", **words)
    assert (cleaned.value, cleaned.failed, cleaned.notices[0].severity) == (None, True, severity)


@pytest.mark.parametrize(
    ("cell", "spilled", "left"),
    [
        ("да, 2026, 36", {"kpk_year": 2026, "kpk_hours": 36}, []),
        ("да; 2026", {"kpk_year": 2026}, []),
        ("да/2026/36 ", {"kpk_year": 2026, "kpk_hours": 36}, []),
        ("да\n2026", {"kpk_year": 2026}, []),
        ("да, 36", {"kpk_hours": 36}, []),
        ("да, 2026, 36, Кемерово", {"kpk_year": 2026, "kpk_hours": 36}, ["Кемерово"]),
    ],
)
def test_answers_in_one_cell_go_to_their_columns(cell, spilled, left):
    cleaned = read(cell, "bool", spill=("kpk_year", "kpk_hours"))
    assert (cleaned.value, cleaned.spilled, cleaned.failed) == (True, spilled, False)
    assert cleaned.notices[0].code == "value_split"
    assert [n.params["left"] for n in cleaned.notices[1:]] == left


def test_a_date_with_slashes_is_not_cut_by_them():
    cleaned = read("да, 01/09/2026, высшая", "bool", spill=("consent_date", "category"))
    assert cleaned.spilled == {"consent_date": "2026-09-01", "category": "высшая"}


def test_a_remark_about_a_further_part_names_its_own_column():
    cleaned = read("да, сентябрь 2026", "bool", spill=("consent_date",))
    assert [(n.code, n.column) for n in cleaned.notices] == [
        ("value_split", "x"),
        ("date_month_only", "consent_date"),
    ]


def test_a_cell_that_cannot_be_parted_fails_as_a_whole():
    cleaned = read("возможно, 2026", "bool", spill=("kpk_year",))
    assert (cleaned.spilled, cleaned.failed, codes(cleaned)) == ({}, True, ["bool_unreadable"])


def test_an_ignored_column_and_an_unknown_vocabulary_do_no_harm():
    assert read(5, "int", ignored=True).value is None
    assert read("что-то", "enum", vocabulary="lost").value == "что-то"


def test_every_word_of_a_notice_is_given():
    """A template with a hole would reach a school as half a sentence."""
    given = {"value", "column", "example", "row", "cell", "sheet"}
    kinds = {kind.code: kind for kind in BUILT_IN}
    # fmt: off
    cells = (
        "третья", "у-у", "педагог-педагог", "завуч", "16", "12.03.2009", "31.02.26", "01.09.85",
        "сентябрь 2026", "12 чел.", "3,5", "-5", "0,7", "5-31-28", "89990000001 мама", "№ 5",
        "0042000011", "12345", "COШ", "Петрова А.С.", "Петрова Анна, завуч", "слово " * 9,
        "да, 5",
    )
    # fmt: on
    raised = set()
    for kind in STORAGE:
        for words in FORMS, CATEGORY:
            column = Column(
                "birth", "Год рождения", kind, vocabulary=words.name, max_length=9, spill=("y",)
            )
            for cell in cells:
                siblings = {"y": Column("y", "Число", "int")}
                today = date(2026, 11, 22)
                cleaned = clean(cell, column, VOCABULARIES, siblings=siblings, today=today)
                for notice in cleaned.notices:
                    raised.add(notice.code)
                    template = kinds[notice.code].what + kinds[notice.code].fix
                    needed = {
                        field for _, field, _, _ in string.Formatter().parse(template) if field
                    }
                    assert needed <= given | set(notice.params), notice.code
    assert len(raised) > 30
