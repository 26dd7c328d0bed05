"""Documents for the coordinator: official columns, consents, colours, figures, same bytes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest

from pipeline.hookspecs import Document
from pipeline.period import SchoolYear
from pipeline.plugins import doc_bases, doc_board, doc_indicators, doc_registry, kpi70
from pipeline.publication.board import board
from pipeline.render.values import share_text
from pipeline.views import Piece
from pipeline.workspace.calendar import Calendar
from tests.support.views import (
    NAMES,
    PLANS,
    STAFF,
    board_part,
    figure,
    merged,
    school,
    shared,
    units_of,
    view,
)

ANNA, IVAN, OLGA = "Петрова Анна Сергеевна", "Сидоров Иван Петрович", "Белова Ольга Юрьевна"
CODE = "Н-7F3K-Q2"
TODAY = date(2026, 10, 10)
UNITS = [school(code, email=f"school{code}@example.org") for code in ("101", "102", "103")]
DOCUMENTS = {
    document.code: document
    for plugin in (doc_registry, doc_bases, doc_board, doc_indicators)
    for document in plugin.register_documents()
}
FIGURES = kpi70.register_indicators()
CARD = {"unit": "101", "short_name": "МБОУ «СОШ № 101»", "inn": "0042000010", "implements": True}
CURATOR = {"unit": "101", "fio": OLGA, "position": "завуч", "phone": "+7 999 000-00-02"}
MENTOR = {
    "unit": "101",
    "mentor_fio": ANNA,
    "mentee_fios": IVAN,
    "mentoring_form": "учитель – учитель",
    "mentor_role": "педагог",
    "entry_date": "2026-09-01",
    "consent_processing": True,
}
MENTEE = {
    "unit": "101",
    "mentee_fio": IVAN,
    "mentor_fio": ANNA,
    "birth_year": 1999,
    "mentoring_form": "учитель – учитель",
    "mentee_role": "молодой педагог",
    "entry_date": "2026-09-15",
    "request_category": "методика предмета; ИКТ",
    "consent_processing": True,
}
PUPIL = {
    "unit": "102",
    "mentee_fio": CODE,
    "mentoring_form": "ученик – ученик",
    "mentee_role": "обучающийся",
    "consent_processing": True,
}


def published(rows, sent=(), units=UNITS, **more):
    """A view as it stands when documents are written."""
    lines = board(units, Calendar(PLANS, SchoolYear(2026)), sent, TODAY, zone=UTC)
    made = merged(view(rows, units, day=TODAY, board=lines, **more))
    return replace(made, indicators={i.code: figure(i, made) for i in FIGURES})


def data(code, made):
    target = io.BytesIO()
    document = DOCUMENTS[code]
    pieces = ((unit, document.pieces(shared(made, unit, FIGURES))) for unit in units_of(made))
    document.join(made, pieces, target)
    return target.getvalue()


def write(code, rows, *args, **more):
    made = published(rows, *args, **more)
    return openpyxl.load_workbook(io.BytesIO(data(code, made)))


def lines(sheet):
    """The filled cells of each row that has any."""
    found = [
        [cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in found if row]


def words(book):
    return "\n".join(str(cell) for sheet in book for row in lines(sheet) for cell in row)


def below(sheet, header):
    """Rows under the header whose first cell is *header*, whole, up to the first empty one."""
    rows = list(sheet.iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if row[0] == header)
    body = []
    for row in rows[top + 1 :]:
        if all(cell is None for cell in row):
            break
        body.append(row)
    return body


def sent(form, outcome="accepted", unit="101", day=9, **more):
    moment = datetime(2026, 9, day, tzinfo=UTC)
    counts = {"in_force": 7, "taken": (moment,)} if outcome.startswith("accepted") else {}
    return board_part(unit, form, outcome, moment=moment, **{**counts, **more})


def test_the_register_holds_the_schools_that_implement_the_model():
    idle = {**CARD, "unit": "102", "short_name": "МБОУ «СОШ № 102»", "implements": False}
    book = write("D02", {"F01": [CARD, idle]})
    sheet = book["Приложение № 1"]
    assert [row[1] for row in below(sheet, "№")] == ["МБОУ «СОШ № 101»"]
    text = words(book)
    assert "Не внедряют по карточке ОО: МБОУ «СОШ № 102»." in text
    assert "Карточку ОО не подали: МБОУ «СОШ № 103»." in text


def test_annexes_say_at_the_top_right_what_they_are_annexed_to():
    sheet = write("D02", {"F01": [CARD]})["Приложение № 2"]
    assert (sheet["A1"].value, sheet["A1"].alignment.horizontal) == ("Приложение № 2", "right")


def test_the_list_of_curators_holds_those_of_the_day():
    gone = {**CURATOR, "fio": ANNA, "until": "2026-08-31"}
    asked = {**CURATOR, "kpk_done": True, "kpk_year": 2025}
    sheet = write("D02", {"F02": [gone, asked]})["Приложение № 2"]
    found = below(sheet, "№")
    assert [(row[2], row[-1]) for row in found] == [(OLGA, "да, 2025")]


@pytest.mark.parametrize(
    ("code", "form", "sheet", "count"),
    [("D06", "F04", "Наставники", 16), ("D07", "F05", "Наставляемые", 13)],
)
def test_a_base_has_the_official_columns_in_order_with_their_numbers(code, form, sheet, count):
    book = write(code, {"F04": [MENTOR], "F05": [MENTEE]})
    found = list(book[sheet].iter_rows(values_only=True))
    top = next(i for i, row in enumerate(found) if row[0] == "№ п/п")
    official = sorted((c.official, c.title) for c in PLANS[form].columns if c.official)
    assert list(found[top]) == [title for _, title in official]
    assert [int(cell) for cell in found[top + 1]] == list(range(1, count + 1))
    assert found[top + 2][:2] == (1, ANNA if form == "F04" else IVAN)


@pytest.mark.parametrize("consent", [False, None])
def test_who_gave_no_consent_is_counted_and_never_named(consent):
    """Neither in the own row, nor in the row of a partner, nor behind a figure."""
    refuses = {**MENTEE, "consent_processing": consent}
    rows = {"F04": [MENTOR], "F05": [refuses], "F08": [{**STAFF, "unit": "101", "ped_lt35": 4}]}
    for code in DOCUMENTS:
        assert IVAN not in words(write(code, rows)), code
    assert "Строк без согласия на обработку персональных данных: 1." in words(write("D07", rows))
    assert "(нет согласия)" in words(write("D06", rows))
    assert "(имя не показано: нет согласия)" in words(write("KPI70", rows))


def test_a_second_row_with_consent_is_enough_to_be_named_by_a_partner():
    rows = {"F04": [MENTOR], "F05": [{**MENTEE, "consent_processing": None}, MENTEE]}
    assert IVAN in words(write("D06", rows))


def test_a_code_names_nobody_and_stays():
    rows = {"F04": [{**MENTOR, "mentee_fios": CODE}], "F05": [{**PUPIL, "unit": "101"}]}
    rows["F05"][0]["consent_processing"] = None
    assert CODE in words(write("D06", rows))


def test_phones_are_written_as_people_read_them():
    rows = {"F04": [{**MENTOR, "contacts": "+79990000001; a@example.org"}]}
    assert "+7 999 000-00-01; a@example.org" in words(write("D06", rows))


def test_the_service_sheet_leads_from_the_list_to_the_file():
    first = {**MENTOR, "submission": 17, "line": 9, "sheet": "4 Наставники", "prior": True}
    left_out = {**MENTOR, "mentor_fio": OLGA, "consent_processing": False}
    found = below(write("D06", {"F04": [first, left_out]})["Служебный"], "№ в списке")
    by_number = {row[0]: row[1:] for row in found}
    assert by_number[1][:6] == ("101", "МБОУ «СОШ № 101»", 17, "4 Наставники", 9, "да")
    assert by_number[1][6:] == ("да", "новая версия строки не принята, действует прежняя")
    assert by_number[None][-1] == "не включена в список: нет согласия"


def test_requests_are_counted_by_category_with_those_who_found_a_mentor():
    book = write("D07", {"F05": [MENTEE, PUPIL]})
    assert below(book["Запросы"], "Категория запроса") == [
        ("ИКТ", 1, 1, 0, 1),
        ("методика предмета", 1, 1, 0, 1),
        ("не указана", 1, 0, 1, 0),
        ("Всего запросов", 2, 1, 1, 0.5),
    ]
    assert [row[2] for row in below(book["Ждут наставника"], "№ в базе")] == [CODE]
    assert "Обучающиеся названы кодами" in words(book)


def test_the_board_says_each_state_in_words_and_colour():
    parts = [
        sent("F01"),
        sent("F02", "rejected"),
        sent("F04", "held", in_force=3),
        sent("F05", "accepted", nil=True),
    ]
    sheet = write("D17", {}, parts)["Светофор"]
    row = next(r for r in sheet.iter_rows() if r[0].value == "101")
    assert [cell.value for cell in row[2:]] == [
        "принято",
        "не принято, просрочено",
        "отложено, действует приём № 3",
        "данных нет",
        "не сдано",
    ]
    assert len({cell.fill.fgColor.rgb for cell in row[2:]}) == 5


def test_totals_count_schools_by_state_and_rate():
    parts = [sent("F01"), sent("F01", unit="102", day=20), sent("F01", "rejected", unit="103")]
    found = below(write("D17", {}, parts)["Итоги"], "Форма")
    card = next(row for row in found if row[0] == "Карточка ОО")
    assert (card[1].date(), card[2]) == (date(2026, 9, 10), 3)
    assert card[3:10] == (2, 0, 0, 0, 0, 1, 0)
    assert card[10:] == (1, 2, pytest.approx(2 / 3), 1, pytest.approx(1 / 3))


def test_whom_to_call_comes_with_contacts():
    parts = [sent(form, unit=u) for form in ("F01", "F02") for u in ("102", "103")]
    rows = {"F02": [CURATOR], "F04": [MENTOR]}
    book = write("D17", rows, [*parts, sent("F04"), sent("F05")])
    first = below(book["Кому позвонить"], "№")[0]
    assert first[1:3] == ("МБОУ «СОШ № 101»", "Карточка ОО, Список кураторов ОО")
    assert first[3].date() == date(2026, 9, 10)
    assert first[4:] == (30, "school101@example.org", "+7 999 000-00-02", OLGA)


def figures(code="KPI70"):
    staff = [
        {**STAFF, "unit": unit, "ped_lt35": 4, "ped_lt35_supported": 3} for unit in ("101", "102")
    ]
    return write(code, {"F04": [MENTOR], "F05": [MENTEE], "F08": staff})


def test_an_indicator_is_named_in_full_with_its_numbers_beside_the_share():
    line = below(figures()["Показатели"], "Код")[0]
    assert line[0] == "KPI70-A"
    assert "в возрасте до 35 лет" in line[1]
    assert line[2:] == (1, 2, 4, 0.25, 0.5, 0.7, 2, 3, "1 из 3")


def test_schools_show_their_share_what_lacks_and_why_they_are_left_out():
    first, second, third, total = below(figures()["KPI70-A по ОО"], "Код ОО")
    assert first[2:] == (1, 2, 4, 0.25, 0.5, 2, 3, None)
    assert (second[4], second[-1]) == (4, "не учтена: нет баз")
    assert third[-1] == "не учтена: нет формы «Кадры» и баз"
    assert total[1:8] == ("Итого по ОО с полными данными", 1, 2, 4, 0.25, 0.5, 2)


def test_persons_behind_a_figure_say_why_they_count():
    found = [row[1:5] for row in below(figures()["Кто учтён"], "Код") if row[0] == "KPI70-A"]
    unit = "МБОУ «СОШ № 101»"
    assert found == [
        (unit, ANNA, "возможно", "в паре как наставник; год рождения не указан"),
        (unit, IVAN, "доказано", "в паре как наставляемый"),
    ]


def test_what_goes_to_the_region_names_nobody():
    text = words(figures("KPI70R"))
    assert DOCUMENTS["KPI70R"].audience == "region"
    for name in (ANNA, IVAN, NAMES.coordinator):
        assert name not in text
    assert NAMES.coordinator in words(figures("KPI70"))


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_the_same_facts_give_the_same_bytes_in_any_order_of_rows(code):
    rows = {"F01": [CARD], "F02": [CURATOR], "F04": [MENTOR], "F05": [MENTEE, PUPIL]}
    rows["F05"] = [{**row, "row_id": f"r{n}", "line": n} for n, row in enumerate(rows["F05"])]
    turned = {**rows, "F05": rows["F05"][::-1]}
    parts = [sent("F01"), sent("F02", "rejected")]
    assert data(code, published(rows, parts)) == data(code, published(turned, parts[::-1]))


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_a_document_can_be_written_before_anything_came(code):
    """It says whose it is, for which year, and as of when."""
    book = write(code, {}, units=[])
    text = words(book)
    assert "Ленинск-Кузнецкий городской округ. Муниципальный центр наставничества" in text
    assert "По состоянию на 31.10.2026 09:30, версия свода 42" in text
    assert book.sheetnames[-1] == "Сведения"


@pytest.mark.parametrize(
    ("share", "text"), [(9 / 16, "56,3 %"), (0.7, "70,0 %"), (17 / 36, "47,2 %"), (None, "н/д")]
)
def test_a_share_in_words_is_rounded_as_excel_shows_it(share, text):
    assert share_text(share).replace("\N{NO-BREAK SPACE}", " ") == text


def many():
    """Two schools with all forms, one of them with a curator who left."""
    rows = {"F01": [CARD], "F02": [CURATOR], "F04": [MENTOR], "F05": [MENTEE, PUPIL]}
    rows["F02"] = [{**CURATOR, "fio": ANNA, "until": "2026-08-31"}, CURATOR]
    rows["F05"] = [*rows["F05"], {**MENTEE, "unit": "103", "mentor_fio": None}]
    rows["F08"] = [{**STAFF, "unit": unit, "ped_lt35": 4} for unit in ("101", "103")]
    return {
        form: [{**row, "row_id": f"{form}-{n}", "line": n} for n, row in enumerate(some)]
        for form, some in rows.items()
    }


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_pieces_last_as_json_and_know_nothing_of_other_units_or_of_the_day(code):
    """So they can be kept: what is joined from kept ones is what is joined from fresh ones."""
    parts = [sent("F01"), sent("F02", "rejected")]
    made, document = published(many(), parts), DOCUMENTS[code]
    kept = []
    for unit in units_of(made):
        pieces = document.pieces(shared(made, unit, FIGURES))
        alone = {f: [r for r in rows if r["unit"] == unit] for f, rows in many().items()}
        assert pieces == document.pieces(shared(published(alone, parts), unit, FIGURES))
        facts = {name: json.loads(json.dumps(piece.facts)) for name, piece in pieces.items()}
        kept.append((unit, {n: Piece(p.rows, p.count, facts[n]) for n, p in pieces.items()}))
    target = io.BytesIO()
    document.join(made, iter(kept), target)
    assert target.getvalue() == data(code, made)


def test_numbers_run_on_from_school_to_school():
    book = write("D07", many())
    assert [row[0] for row in below(book["Служебный"], "№ в списке")] == [1, 2, 3]
    waiting = below(book["Ждут наставника"], "№ в базе")
    listed = {row[0]: row[1] for row in below(book["Наставляемые"], "№ п/п")[1:]}
    assert [(row[0], row[2]) for row in waiting] == [(2, CODE), (3, IVAN)]
    assert (listed[2], listed[3]) == (CODE, IVAN)


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"pieces": lambda _view: {}},
        {"join": lambda *_args: None},
        {
            "write": lambda _view: b"",
            "pieces": lambda _view: {},
            "join": lambda *_args: None,
        },
    ],
)
def test_a_document_is_written_in_one_way(ways):
    with pytest.raises(ValueError, match="either"):
        Document("X", "Х", "region", "xlsx", **ways)
