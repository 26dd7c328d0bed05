"""The page «Сегодня» says what waits, whom to call, and where the figures stand."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.period import SchoolYear
from pipeline.plugins import kpi70
from pipeline.publication import today_page
from pipeline.publication.board import board
from pipeline.workspace.calendar import Calendar
from tests.support.views import NAMES, PLANS, STAFF, figure, school, view

ZONE = ZoneInfo("Asia/Novokuznetsk")
NOW = datetime(2026, 10, 20, 9, 5, tzinfo=ZONE)
UNITS = [school("101", email="school101@example.org"), school("102")]
QUESTION = today_page.Question(
    "17.0",
    "МБОУ «СОШ № 101»",
    "В новом файле нет 12 из 30 прежних строк.",
    ("Список полный, прежние строки убрать", "Это только новые строки"),
    datetime(2026, 10, 19, 16, 0, tzinfo=ZONE),
)


def publication():
    """School 101 has one young teacher of four in a pair; 102 has sent nothing."""
    pair = {
        "unit": "101",
        "mentee_fio": "Сидоров Иван Петрович",
        "mentor_fio": "Петрова Анна Сергеевна",
        "birth_year": 1999,
        "mentoring_form": "учитель – учитель",
        "entry_date": "2026-09-15",
    }
    staff = {**STAFF, "unit": "101", "ped_lt35": 4}
    curator = {"unit": "102", "fio": "Белова Ольга Юрьевна", "phone": "+7 999 000-00-02"}
    made = view({"F05": [pair], "F08": [staff], "F02": [curator]}, UNITS, day=NOW.date())
    lines = board(UNITS, Calendar(PLANS, SchoolYear(2026)), [], NOW.date(), zone=ZONE)
    made = replace(made, board=lines)
    results = {i.code: figure(i, made) for i in kpi70.register_indicators()}
    return replace(made, indicators=results)


def shown(page):
    """The words of the page as a reader sees them."""
    text = today_page.render(page).decode()
    text = re.sub(r"<style>.*?</style>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split()).replace("\xa0", " ")


def test_a_day_without_work_says_so():
    words = shown(today_page.TodayPage(NAMES, "2026-2027", NOW))
    assert "Сегодня, 20 октября 2026 г., вторник" in words
    assert "Всё спокойно: вас ничего не ждёт." in words
    assert "просрочек нет" in words


@pytest.mark.parametrize(
    "more",
    [
        {"questions": (QUESTION,)},
        {"run_late": True},
        {"failed": ("Документ D06 не собран.",)},
        {"packages": (today_page.PackageLine("КРИРПО_2026-2027_1", "КРИРПО", "draft"),)},
    ],
)
def test_a_day_with_work_is_not_called_calm(more):
    assert "Всё спокойно" not in shown(today_page.TodayPage(NAMES, "2026-2027", NOW, **more))


def test_a_question_comes_with_its_choices_and_how_to_answer():
    words = shown(today_page.TodayPage(NAMES, "2026-2027", NOW, questions=(QUESTION,)))
    assert "В новом файле нет 12 из 30 прежних строк. С 19.10 16:00." in words
    assert "Это только новые строки" in words
    assert "Откройте файл Вопросы.xlsx рядом с этой страницей" in words
    assert "nastavnik questions" not in words


def test_whom_to_call_comes_with_forms_days_and_contacts():
    """The registry's address, else what the curator's line says."""
    words = shown(today_page.page_of(publication(), NOW))
    assert "МБОУ «СОШ № 101» Карточка ОО, Список кураторов ОО" in words
    assert "10.09.2026 40 дней назад school101@example.org" in words
    assert "Белова Ольга Юрьевна +7 999 000-00-02" in words


def test_a_figure_says_its_numbers_and_what_lacks_where():
    words = shown(today_page.page_of(publication(), NOW))
    assert "25,0 % (1 из 4 чел.), данные по 1 из 2 ОО, цель 70,0 %" in words
    assert "До цели не хватает 2 чел. Больше всего – здесь: МБОУ «СОШ № 101» (2)." in words


def test_a_figure_without_denominator_is_no_figure():
    result = replace(publication().indicators["KPI70-A"], denominator=0, missing=0)
    page = today_page.TodayPage(NAMES, "2026-2027", NOW, figures=(today_page.Figure(result),))
    assert "н/д (1 из 0 чел.)" in shown(page)
    assert "Цель достигнута" not in shown(page)


def test_files_rates_and_packages_are_told():
    came = today_page.RecentFile(
        18, "МБОУ «СОШ № 101»", ("База наставников",), "accepted_partly", NOW
    )
    package = today_page.PackageLine("КРИРПО_2026-2027_1", "КРИРПО", "approved", NOW)
    words = shown(today_page.page_of(publication(), NOW, came=(came,), packages=(package,)))
    assert "20.10 09:05 18 МБОУ «СОШ № 101» База наставников Принято частично" in words
    assert "Кадровая сводка 15.10.2026 0,0 % (0 из 2)" in words
    assert "утверждён, не отправлен, 20.10 09:05" in words


def test_a_missed_run_is_said_with_the_last_one():
    page = today_page.TodayPage(NAMES, "2026-2027", NOW, last_run=NOW, run_late=True)
    words = shown(page)
    assert "Плановый запуск не состоялся. Последний завершился 20.10 09:05." in words


def test_what_schools_typed_is_text_and_the_page_needs_nothing_else():
    """No script, no file from elsewhere, no markup of a stranger."""
    came = today_page.RecentFile(1, "<script>alert(1)</script>", (), "rejected", NOW)
    data = today_page.render(today_page.TodayPage(NAMES, "2026-2027", NOW, came=(came,))).decode()
    assert "<script" not in data
    assert not re.search(r"(src|href)=\"(?!#|mailto:)", data)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 день"),
        (3, "3 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (112, "112 дней"),
    ],
)
def test_numbers_agree_with_their_nouns(number, words):
    assert today_page.counted(number, "день", "дня", "дней") == words


def test_the_same_facts_give_the_same_page():
    page = today_page.page_of(publication(), NOW, last_run=datetime(2026, 10, 19, tzinfo=ZONE))
    assert today_page.render(page) == today_page.render(page)
    assert date(2026, 9, 10) == page.calls[0].since
