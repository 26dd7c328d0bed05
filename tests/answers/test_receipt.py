"""The receipt says what became of a file, in words a school understands."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from contracts.plan import Column, FormPlan
from pipeline.answers.content import WHAT_TO_DO, Answer, AnswerPart
from pipeline.answers.receipt import data, page, protocol, sums, verdict, what_to_do
from pipeline.errors import ConservationError
from pipeline.model import Notice, Outcome
from pipeline.notices.catalogue import Catalogue
from pipeline.words import COUNTS, STATES

ZONE = ZoneInfo("Asia/Novokuznetsk")
SHEET = "База наставников"
CATALOGUE = Catalogue()
PLANS = {
    "mentors": FormPlan(
        *("F04", "mentors", SHEET, SHEET, "1", "snapshot", "table"),
        columns=(
            Column("fio", "ФИО наставника", "fio", example="Петрова Анна Сергеевна"),
            Column("birth_year", "Год рождения", "year", example="1999"),
        ),
    )
}
NOTICES = (
    Notice("phone_cleaned", "info", "mentors", SHEET, 4, cell="F4", params={"stored": "+7 999"}),
    Notice("year_from_age", "remark", "mentors", SHEET, 6, "birth_year", "C6", "16 лет"),
    Notice("cell_required", "error", "mentors", SHEET, 9, "birth_year", "C9", who="Белова Ольга"),
    Notice("fio_initials", "error", "mentors", SHEET, 5, "fio", "B5", "Петрова А.С."),
    Notice("mentor_is_mentee", "error", "mentors", SHEET, 7),
    Notice("form_version_old", "remark", params={"found": "1", "current": "2"}),
)
COUNTED = {"seen": 20, "accepted": 16, "rejected": 2, "skipped_numbering": 1, "skipped_total": 1}
PART = AnswerPart(
    "mentors", SHEET, "accepted_partly", COUNTED, "Сейчас действует приём № 17: 16 строк."
)
ANSWER = Answer(
    number=17,
    moment=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
    sha256="9f2c4b7a11d0e6b3" * 4,
    file_name="C:\\Мои документы\\Книга ОО.xlsx",
    unit_name="МБОУ «Школа № 101»",
    unit_code="101",
    period="2026-2027",
    outcome="accepted_partly",
    parts=(PART,),
    notices=NOTICES,
    deadline=date(2026, 12, 10),
    contact="Смирнова Елена Петровна, +7 38456 0-00-01",
)


def text(answer: Answer) -> str:
    """What a person reads on the page."""
    shown = page(answer, CATALOGUE, PLANS, ZONE).decode()
    shown = re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown)))


def with_outcome(outcome, **counts):
    """The answer with another outcome and other counts."""
    part = replace(PART, outcome=outcome, counts={"seen": sum(counts.values()), **counts})
    return replace(ANSWER, outcome=outcome, parts=(part,), notices=())


@pytest.mark.parametrize(
    ("accepted", "rejected", "words"),
    [
        (41, 2, "Принято частично: 41 из 43 строк"),
        (20, 1, "Принято частично: 20 из 21 строки"),
        (10, 1, "Принято частично: 10 из 11 строк"),
        (5, 0, "Принято частично"),
    ],
)
def test_the_verdict_counts_rows_of_a_file_that_was_taken_in_part(accepted, rejected, words):
    answer = with_outcome("accepted_partly", accepted=accepted, rejected=rejected)
    assert verdict(answer) == words


@pytest.mark.parametrize("outcome", sorted(set(get_args(Outcome)) - {"accepted_partly"}))
def test_every_other_verdict_is_the_word_of_its_outcome(outcome):
    assert verdict(with_outcome(outcome, accepted=5, rejected=1)) == STATES[outcome].heading


@pytest.mark.parametrize(
    ("rejected", "words"),
    [(1, "1 строку"), (2, "2 строки"), (5, "5 строк"), (12, "12 строк"), (0, "ошибки")],
)
def test_what_to_do_names_the_rows_and_the_day(rejected, words):
    answer = with_outcome("accepted_partly", accepted=3, rejected=rejected)
    assert what_to_do(answer).startswith(
        f"Исправьте {words} и положите файл ещё раз до 10.12.2026."
    )


def test_what_to_do_names_cells_and_sheet_and_the_verdict_the_lists_that_count():
    """«Не принято» over a file of which four lists of five count makes people send all again."""
    place = ("fio_initials", "error", "mentors", SHEET)
    errors = tuple(Notice(*place, n, "fio", f"B{n}") for n in (5, 6, 7))
    back = replace(PART, outcome="rejected")
    parts = (*(replace(PART, outcome="accepted"),) * 4, back)
    answer = replace(ANSWER, outcome="accepted_partly", parts=parts, notices=errors)
    asked = f"Исправьте 3 ячейки на листе «{SHEET}» и положите файл ещё раз до 10.12.2026."
    assert verdict(answer) == "Принято частично: 4 из 5 листов"
    assert what_to_do(answer) == f"Учтено 4 листа из 5. {asked}"
    alone = replace(answer, outcome="rejected", parts=(back,))
    assert (verdict(alone), what_to_do(alone)) == ("Не принято", asked)


def test_five_remarks_are_seen_at_once_and_the_others_behind_a_count():
    place = ("year_from_age", "remark", "mentors", SHEET)
    notices = tuple(Notice(*place, n, "birth_year", f"C{n}", f"{n} лет") for n in range(11, 19))
    part = replace(PART, counts={"seen": 90, "accepted": 90})
    answer = replace(ANSWER, notices=notices, parts=(part,))
    shown = page(answer, CATALOGUE, PLANS, ZONE).decode()
    at_once, behind = shown.split("<summary>Ещё 3</summary>")
    assert [f"«{n} лет»" in at_once for n in range(11, 19)] == [True] * 5 + [False] * 3
    assert all(f"«{n} лет»" in behind for n in (16, 17, 18))


@pytest.mark.parametrize("outcome", list(WHAT_TO_DO))
def test_without_a_deadline_no_day_is_named(outcome):
    sentence = what_to_do(replace(with_outcome(outcome, accepted=1), deadline=None))
    assert "{" not in sentence
    assert " до " not in sentence


def test_sums_show_that_no_row_is_lost():
    assert sums(PART) == "Прочитано 20 = принято 16 + возвращено 2 + номера граф 1 + итоги 1"


def test_every_count_has_a_word_in_the_sum():
    counts = dict.fromkeys(COUNTS, 1)
    sentence = sums(replace(PART, counts={"seen": len(counts), **counts}))
    assert sentence.count("+") == len(COUNTS) - 1


def test_rows_left_out_for_a_reason_of_a_plugin_are_in_the_sum():
    odd = replace(PART, counts={"seen": 5, "accepted": 3, "skipped_signature": 2})
    assert sums(odd) == "Прочитано 5 = принято 3 + прочее 2"


@pytest.mark.parametrize("answered", [protocol, page])
def test_an_answer_with_lost_rows_is_withheld(answered):
    lost = replace(PART, counts={"seen": 20, "accepted": 16})
    with pytest.raises(ConservationError):
        answered(replace(ANSWER, parts=(lost,)), CATALOGUE, PLANS, ZONE)
    with pytest.raises(ConservationError):
        data(replace(ANSWER, parts=(lost,)), CATALOGUE, PLANS)


def test_the_protocol_has_lines_by_severity_in_the_order_of_rows():
    made = protocol(ANSWER, CATALOGUE, PLANS, ZONE)
    assert [line.cell for line in made.errors] == ["B5", "A7", "C9"]
    assert [line.cell for line in made.remarks] == [None, "C6"]
    assert [line.cell for line in made.repairs] == ["F4"]


def test_a_line_says_what_is_wrong_how_to_fix_it_and_gives_an_example():
    line = protocol(ANSWER, CATALOGUE, PLANS, ZONE).errors[2]
    assert line.who == "Белова Ольга"
    assert line.what == "Не заполнена нужная ячейка «Год рождения»."
    assert line.fix == "Заполните ячейку."
    assert line.example == "1999"


def test_a_notice_of_a_plugin_that_is_gone_is_still_told():
    lost = replace(ANSWER, notices=(Notice("of_a_plugin", "remark", "gone", "Лист", 3),))
    line = protocol(lost, CATALOGUE, {}, ZONE).remarks[0]
    assert line.what.startswith("Замечание")
    assert (line.sheet, line.cell) == ("Лист", "A3")


def test_the_protocol_states_the_facts_an_auditor_asks_for():
    facts = dict(protocol(ANSWER, CATALOGUE, PLANS, ZONE).facts)
    assert facts["Приём №"] == "17"
    assert facts["Получен"] == "23.11.2026, 01:30 (МСК+4)"
    assert facts["Файл"] == "Книга ОО.xlsx"
    assert facts[SHEET].startswith("Принято частично. Прочитано 20 = принято 16")
    assert facts[SHEET].endswith("Сейчас действует приём № 17: 16 строк.")


def test_the_page_says_everything_a_school_needs():
    shown = text(ANSWER)
    for words in (
        *("Квитанция № 17", "Принято частично: 16 из 18 строк", "до 10.12.2026", "МСК+4"),
        *(ANSWER.sha256, "МБОУ «Школа № 101»", "2026-2027", sums(PART), PART.in_force),
        *("Ошибки – их нужно исправить: 3", "Замечания – проверьте: 2", ANSWER.contact),
    ):
        assert words in shown


def test_the_page_has_no_path_no_english_and_nothing_from_elsewhere():
    shown = text(ANSWER)
    assert "Мои документы" not in shown
    words = set(re.findall(r"[A-Za-z]{2,}", shown.replace(ANSWER.sha256, "")))
    assert words <= {"sha", "xlsx"}
    assert not re.search(
        r"(src|href)=|@import|url\(", page(ANSWER, CATALOGUE, PLANS, ZONE).decode()
    )


def test_errors_stand_before_remarks_and_what_we_changed_is_folded():
    shown = page(ANSWER, CATALOGUE, PLANS, ZONE).decode()
    assert shown.index("Ошибки – ") < shown.index("Замечания – ") < shown.index("<details>")
    assert shown.index("C9") < shown.index("<details>")


def test_words_of_a_school_do_not_become_html():
    hostile = replace(NOTICES[2], who="<script>alert(1)</script>", sheet='<b a="">')
    shown = page(replace(ANSWER, notices=(hostile,)), CATALOGUE, PLANS, ZONE).decode()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_long_list_is_cut_and_its_total_is_stated():
    many = tuple(replace(NOTICES[2], row=row, cell=f"C{row}") for row in range(1, 813))
    shown = text(replace(ANSWER, notices=many))
    assert "Ошибки – их нужно исправить: 812" in shown
    assert f"Лист «{SHEET}»: показаны 500 из 812" in shown
    assert "C500" in shown
    assert "C501" not in shown


def test_a_clean_file_gets_a_calm_page():
    answer = with_outcome("accepted", accepted=5)
    shown = text(answer)
    assert "Ошибок и замечаний нет." in shown
    assert "Ничего делать не нужно" in shown
    assert "<details>" not in page(answer, CATALOGUE, PLANS, ZONE).decode()


def test_a_nil_report_is_an_answer():
    nil = AnswerPart("programs", "Программы", "accepted", {"seen": 0}, nil=True)
    assert "Программы – принято Сообщено, что данных нет." in text(replace(ANSWER, parts=(nil,)))


def test_a_question_is_put_to_the_reader():
    answer = replace(ANSWER, outcome="held", questions=("Чей это файл?",))
    assert "Ждёт решения Чей это файл?" in text(answer)
    assert ("Вопрос координатору", "Чей это файл?") in protocol(
        answer, CATALOGUE, PLANS, ZONE
    ).facts


def test_a_file_of_nobody_is_answered_too():
    """Nothing is known but the file: no unit, no period, no form."""
    reason = (Notice("file_password", "error"),)
    answer = replace(
        with_outcome("rejected"), parts=(), notices=reason, unit_name="", unit_code=None, period=""
    )
    shown = text(answer)
    assert "Не принято" in shown
    assert "снимите пароль" in shown
    assert "Организация" not in shown


def test_the_data_keep_their_keys_and_say_moments_in_utc():
    facts = json.loads(data(ANSWER, CATALOGUE, PLANS))
    assert facts["moment"] == "2026-11-22T18:30:00+00:00"
    assert facts["unit"] == {"code": "101", "name": "МБОУ «Школа № 101»"}
    assert facts["totals"] == {"errors": 3, "remarks": 2, "infos": 1}
    assert facts["forms"][0]["counts"] == COUNTED
    assert facts["forms"][0]["outcome"] == "accepted_partly"
    assert facts["deadline"] == "2026-12-10"
    assert facts["notices"][0] | {"what": "", "fix": ""} == {
        "code": "fio_initials",
        "severity": "error",
        "form": "mentors",
        "sheet": SHEET,
        "row": 5,
        "column": "fio",
        "cell": "B5",
        "value": "Петрова А.С.",
        "who": None,
        "what": "",
        "fix": "",
        "example": "Петрова Анна Сергеевна",
    }


def test_the_same_answer_is_the_same_bytes():
    assert page(ANSWER, CATALOGUE, PLANS, ZONE) == page(ANSWER, CATALOGUE, PLANS, ZONE)
    assert data(ANSWER, CATALOGUE, PLANS) == data(ANSWER, CATALOGUE, PLANS)


def ages(rows, severity="remark"):
    """The answer with one notice about the year of birth in each of these rows."""
    notices = tuple(
        Notice("year_from_age", severity, "mentors", SHEET, row, "birth_year", f"C{row}", "16 лет")
        for row in rows
    )
    return replace(ANSWER, notices=notices)


def test_a_remark_of_most_rows_is_told_once_for_the_column():
    """Thirty copies of one sentence hide everything else."""
    shown = text(ages([*range(4, 9), *range(11, 18)]))
    assert shown.count("Вместо года указан возраст") == 1
    assert "То же ещё в ячейках (11): C5–C8, C11–C17." in shown
    assert "Замечания – проверьте: 12" in shown


@pytest.mark.parametrize(
    ("rows", "severity"), [(range(4, 14), "remark"), (range(4, 8), "info"), (range(4, 20), "error")]
)
def test_what_few_rows_share_and_every_error_is_told_row_by_row(rows, severity):
    assert text(ages(rows, severity)).count("Вместо года указан возраст") == len(rows)


def test_marks_in_the_workbook_know_every_cell_of_a_remark_told_once():
    lines = protocol(ages(range(4, 18)), CATALOGUE, PLANS, ZONE).remarks
    assert [line.cell for line in lines] == [f"C{row}" for row in range(4, 18)]
