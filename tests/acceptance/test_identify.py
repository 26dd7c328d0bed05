"""Whose file it is and for which year: the folder rules, the content agrees, or we ask."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.acceptance.identify import identify
from pipeline.model import Arrival, ParsedFile, ParsedRow, Unit
from pipeline.text import organisation_key
from pipeline.workspace.settings import Settings
from pipeline.workspace.units import UnitRegister
from tests.support.parts import part_of

TODAY = date(2026, 10, 1)
FIRST = Unit("oo-1", "ОО", "МБОУ «СОШ № 1»", inn="0042000010", folder="Школа 1")
SECOND = Unit(
    "oo-2",
    "ОО",
    "МБОУ «СОШ № 2»",
    "Муниципальное бюджетное общеобразовательное учреждение "
    "«Средняя общеобразовательная школа № 2»",
    inn="0042000027",
    folder="oo-2",
    aliases=("вторая школа",),
)
BRANCH = Unit("oo-1f", "ОО", "Филиал МБОУ «СОШ № 1»", inn="0042000010", folder="oo-1f")
CENTRE = Unit("mcn", "МЦН", "МЦН", folder="mcn", may_report_for=("oo-2",))
CLOSED = Unit("oo-9", "ОО", "МБОУ «СОШ № 9»", folder="oo-9", until=date(2026, 8, 31))
REGISTRY = UnitRegister({u.code: u for u in (FIRST, SECOND, BRANCH, CENTRE, CLOSED)}, b"")
SETTINGS = Settings(
    period="2026-2027",
    periods=("2026-2027", "2025-2026"),
    neighbours={"0042999999": "Заречный округ"},
)


def found(folder="", subfolder="", parts=(), **passport):
    arrival = Arrival("ab", "файл.xlsx", 1, 1, 1, folder, subfolder, "/x")
    return identify(arrival, ParsedFile(parts=parts, passport=passport), REGISTRY, SETTINGS, TODAY)


def codes(identity):
    return [notice.code for notice in identity.notices]


@pytest.mark.parametrize("folder", ["Школа 1", "школа 1", "oo-1", "OO-1"])
def test_the_folder_is_known_by_its_name_or_by_the_code(folder):
    assert found(folder).unit == FIRST


@pytest.mark.parametrize(
    "passport",
    [
        {"inn": "0042000027"},
        {"unit_name": "МБОУ СОШ №2"},
        {"unit_name": "мбоу «сош 2»"},
        {"unit_name": "Вторая школа"},
        {"unit_name": SECOND.full_name.upper()},
        {"inn": "0042000027", "unit_name": "МБОУ «СОШ № 1»"},
        {"unit_name": "МБОУ «СОШ № 2»  на 2026 – 2027 учебный год"},
    ],
)
def test_in_the_root_inn_or_a_registered_name_decides(passport):
    identity = found(**passport)
    assert (identity.unit, identity.reason, identity.questions) == (SECOND, None, ())


def test_a_shared_inn_is_told_apart_by_the_name():
    assert found(inn="0042000010", unit_name=BRANCH.short_name).unit == BRANCH
    assert found(inn="0042000010").reason == "unit_unknown"


@pytest.mark.parametrize("folder", ["oo-1f", "Школа 1"])
def test_a_shared_inn_agrees_with_the_folder_of_either(folder):
    identity = found(folder, inn="0042000010")
    assert (identity.unit.folder, identity.questions, identity.notices) == (folder, (), ())


def test_a_silent_file_in_a_folder_belongs_to_the_folder():
    assert found("oo-2").unit == SECOND


@pytest.mark.parametrize(
    ("passport", "reason", "words"),
    [
        ({}, "unit_not_named", ""),
        ({"unit_name": "МБОУ «СОШ № 22»"}, "unit_unknown", "СОШ № 2"),
        ({"inn": "0042000034"}, "unit_unknown", ""),
        ({"inn": "0042999999", "unit_name": "Заречная"}, "unit_foreign", "Заречный"),
    ],
)
def test_who_cannot_be_identified_is_told_why(passport, reason, words):
    identity = found(**passport)
    assert (identity.unit, identity.reason, codes(identity)) == (None, reason, [reason])
    assert words in str(dict(identity.notices[0].params))


@pytest.mark.parametrize(
    "name", ["МБУО «СОШ №2»", SECOND.full_name.replace("общеобр", "общеор").replace("ния", "ня")]
)
def test_a_slip_in_the_name_is_no_contradiction_of_the_folder(name):
    identity = found("oo-2", unit_name=name)
    assert (identity.unit, identity.notices, identity.questions) == (SECOND, (), ())


@pytest.mark.parametrize("name", ["МБОУ «СОШ № 11»", "МБОУ СОШ № 1, филиал в селе Заречном"])
def test_another_number_or_a_branch_is_another_organisation(name):
    assert codes(found("oo-1", unit_name=name)) == ["unit_conflict"]


@pytest.mark.parametrize(
    ("passport", "choices"),
    [
        ({"inn": "0042000027"}, {"oo-1", "oo-2", "reject"}),
        ({"unit_name": "Школа Колокольчик"}, {"oo-1", "reject"}),
        ({"inn": "0042999999"}, {"oo-1", "reject"}),
    ],
)
def test_content_that_contradicts_the_folder_is_a_question(passport, choices):
    identity = found("oo-1", **passport)
    (question,) = identity.questions
    assert (identity.unit, question.kind, set(question.choices)) == (
        FIRST,
        "unit_conflict",
        choices,
    )
    assert codes(identity) == ["unit_conflict"]


def test_who_may_report_for_another_does_so_without_a_question():
    assert (found("mcn", inn="0042000027").unit, found("mcn", inn="0042000027").questions) == (
        SECOND,
        (),
    )
    assert found("mcn", inn="0042000010").questions


def test_a_closed_unit_reports_no_more():
    identity = found("oo-9")
    assert (identity.unit, identity.reason) == (CLOSED, "unit_closed")


@pytest.mark.parametrize("folder", ["прочее", "oo-77"])
def test_an_unknown_folder_is_like_the_root(folder):
    assert found(folder, inn="0042000027").unit == SECOND


def test_the_passport_says_the_year_before_the_subfolder():
    assert found("oo-2", "2025-2026", period="2026/27").period == "2026-2027"
    assert found("oo-2", "2025-2026").period == "2025-2026"
    assert found("oo-2", "осень").period == "2026-2027"
    assert found("oo-2", "2025-2027").period == "2026-2027"


def test_a_year_that_is_not_open_is_a_question():
    identity = found("oo-2", period="2024-2025")
    assert [(q.kind, set(q.choices)) for q in identity.questions] == [
        ("period_other", {"2024-2025", "2026-2027", "reject"})
    ]
    assert (identity.period, codes(identity)) == ("2024-2025", ["period_other"])


def test_a_year_nobody_can_read_is_named_and_the_current_one_taken():
    identity = found("oo-2", period="этот год")
    assert (identity.period, codes(identity)) == ("2026-2027", ["period_unreadable"])


def rows(*ends):
    made = tuple(ParsedRow(n, {"end_date": end}) for n, end in enumerate(ends, 5))
    return (part_of("F04", "4", made, (), {}, seen=len(made)),)


@pytest.mark.parametrize(
    ("ends", "period"),
    [
        (["2026-05-31", "2025-12-30"], "2025-2026"),
        (["2026-05-31", "2027-05-31"], "2026-2027"),
        (["2026-05-31", None], "2026-2027"),
        ([], "2026-2027"),
    ],
)
def test_without_a_year_the_rows_say_when_all_of_them_had_ended_before(ends, period):
    assert found("oo-2", parts=rows(*ends)).period == period


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("МБОУ «СОШ № 1»", "мбоу СОШ №1"),
        ("МБОУ «СОШ № 1»", "Муниципальное бюджетное общеобразовательное учреждение СОШ N1"),
        ("МБОУ «ООШ № 5»", "МБОУ Основная общеобразовательная школа № 5"),
        ("МБОУ «СОШ № 1»", "МБОУ СОШ No. 1"),
    ],
)
def test_names_of_organisations_compare_without_their_dress(first, second):
    assert organisation_key(first) == organisation_key(second)
