"""Cards and lists against themselves, files after earlier ones, and units against each other."""

from __future__ import annotations

from pipeline.demo.files import Grid
from tests.support.notice_books import (
    C,
    K,
    M,
    P,
    S,
    Story,
    book,
    curators,
    error,
    info,
    line,
    mentees,
    mentors,
    people,
    remark,
    school_card,
    sheet,
    staff,
)
from tests.support.notice_cases import Said
from tests.support.notice_files import OWN, SECOND

OTHER_CURATOR = {"fio": "Орлов Пётр Ильич"}
PUPIL = {
    "mentoring_form": "ученик – ученик",
    "mentee_role": "обучающийся",
    "birth_year": "2012",
    "experience_years": "",
    "class_label": "8А",
    "consent_by": "законный представитель",
}
SPOILED = {
    "mentee_fio": "Котов Пётр Олегович, 8А",
    "birth_year": "14 лет",
    "request_text": "м\u0061тематика, звонить +7 999 000-00-05",
    "class_label": "старшие",
}
CARDS_AND_LISTS = (
    Story(
        "too short",
        [book(school_card(parent_inn="123", kpp="12", ogrn="12345"))],
        [
            remark("inn_length", K, line("F01", "parent_inn"), "123"),
            remark("kpp_unreadable", K, line("F01", "kpp"), "12"),
            remark("ogrn_length", K, line("F01", "ogrn"), "12345"),
        ],
    ),
    Story(
        "a slip of a digit",
        [book(school_card(inn="0042000011", ogrn="1024200000011"))],
        [
            error("inn_checksum", K, line("F01", "inn"), "0042000011"),
            remark("ogrn_checksum", K, line("F01", "ogrn"), "1024200000011"),
        ],
    ),
    Story(
        "a card against the registry",
        [book(school_card(start_date="24.12.2019"))],
        [
            error("unit_card_differs", K, line("F01", "inn"), OWN),
            error("start_too_early", K, line("F01", "start_date"), "24.12.2019"),
        ],
        inn=SECOND,
    ),
    Story(
        "half a card",
        [book(school_card(start_date="", mentoring_forms=""))],
        [
            error("implements_incomplete", K, line("F01", "start_date")),
            error("implements_incomplete", K, line("F01", "mentoring_forms")),
        ],
    ),
    Story(
        "nothing to implement",
        [book(school_card(implements="нет", start_date="", mentoring_forms=""))],
    ),
    Story("on the first day", [book(school_card(start_date="25.12.2019"))]),
    Story(
        "a line less",
        [book(Grid(S, [*staff().cells[:2], *staff().cells[3:]]))],
        [error("column_missing", S, "A3")],
    ),
    Story(
        "numbers against each other",
        [book(staff(ped_30_34="2", ped_total="10", pupils_15_19="500", young_hired="много"))],
        [
            error("sum_differs", S, line("F08", "ped_lt35"), "10"),
            error("parts_below_least", S, line("F08", "ped_lt35_exp_lt3"), "4"),
            error("parts_exceed_whole", S, line("F08", "pupils_15_19"), "500"),
            remark("number_unreadable", S, line("F08", "young_hired"), "много"),
        ],
    ),
    Story(
        "words for naught",
        [book(staff(ped_30_34="—", young_hired="нет"))],
        [
            error("number_not_naught", S, line("F08", "ped_30_34"), "—"),
            remark("number_not_naught", S, line("F08", "young_hired"), "нет"),
        ],
    ),
    Story("numbers at their limits", [book(staff(ped_total="11", pupils_15_19="400"))]),
    Story(
        "half a child",
        [book(staff(pupils_15_19="120,5"))],
        [error("number_fraction", S, line("F08", "pupils_15_19"), "120,5")],
    ),
    Story(
        "more than the bases know",
        [book(mentors(), mentees(), staff())],
        [remark("staff_differs_from_bases", S, line("F08", "ped_lt35_supported"), "8")],
    ),
    Story(
        "two curators",
        [book(curators({}, OTHER_CURATOR | {"email": "нет её"}))],
        [remark("curator_count", C), remark("email_unreadable", C, "E5", "нет её")],
    ),
    Story(
        "one curator after another",
        [book(curators({"until": "31.08.2026"}, OTHER_CURATOR))],
    ),
    Story("a pupil", [book(mentees(PUPIL))], [info("minor_hidden", P)]),
    Story(
        "a pupil as nobody should be typed",
        [book(mentees(PUPIL | SPOILED))],
        [
            info("minor_hidden", P),
            *(
                Said(code, severity, P, cell, "скрыто")
                for code, severity, cell in (
                    ("year_from_age", "remark", "D4"),
                    ("class_unreadable", "remark", "P4"),
                )
            ),
            remark("text_holds_contact", P, "E4", "математика, звонить скрыто"),
        ],
    ),
    Story(
        "whose name it is nobody can say",
        [
            book(
                mentees(
                    PUPIL | {"mentee_fio": "Котов Пётр Олегович"},
                    {"mentee_fio": "Гусева Инна Львовна", "request_text": "помочь, как Котову"},
                )
            )
        ],
        [info("minor_hidden", P), remark("text_not_kept", P, "E5", "скрыто")],
    ),
    Story(
        "shares",
        [
            book(
                sheet(
                    "90 Кружки",
                    ["Охват кружками"],
                    ["Название кружка", "Охват кружком, %"],
                    ["прочее", "70"],
                    ["Хор", "0,7"],
                )
            )
        ],
        [
            remark("percent_doubtful", "90 Кружки", "B4", "0,7"),
            error("value_refused", "90 Кружки", "A3", "прочее"),
        ],
    ),
)

LATER = (
    Story(
        "one left",
        [book(mentors(*people(4)), wave=1), book(mentors(*people(3)))],
        [remark("row_absent", M, None, "Оргов Пётр Ильич")],
    ),
    Story("nobody left", [book(mentors(*people(3)), wave=1), book(mentors(*people(4)))]),
    Story(
        "spoiled since",
        [
            book(mentors(*people(2)), wave=1),
            book(mentors(people(1)[0], people(2)[1] | {"competencies": ""})),
        ],
        [error("cell_required", M, "E5"), info("row_previous_kept", M, "B5")],
    ),
    Story(
        "too many left",
        [book(mentors(*people(8)), wave=1), book(mentors(*people(4)))],
        [remark("rows_absent_many", M)],
    ),
    Story(
        "at once",
        [
            book(mentors(*people(2)), name="а.xlsx"),
            book(mentors(*people(3)), name="б.xlsx", late=59),
        ],
        [remark("two_files_at_once", M)],
    ),
    Story(
        "a minute later",
        [
            book(mentors(*people(2)), name="а.xlsx"),
            book(mentors(*people(3)), name="б.xlsx", late=60),
        ],
        [remark("newer_file_won", M)],
    ),
)

LONELY, SHARED = "Журавлёв Лев Ильич", "Соколов Глеб Ильич"
RETURNED = "Чижов Марк Ильич"
ACROSS = (
    Story(
        "a mentor of nobody",
        [
            book(
                mentors({"mentor_fio": "Журавлёв Лев Ильин", "mentee_fios": ""}),
                mentees({"mentor_fio": LONELY, "mentee_fio": "Комаров Ян Ильич"}),
            )
        ],
        remarks=[remark("mentor_not_in_base", P, None, LONELY)],
    ),
    # Of what we returned ourselves the school has heard: its absence is no news.
    Story(
        "mentors whose rows went back",
        [
            book(
                mentors(
                    {"mentor_fio": "Вьюнов Лука Ильич", "mentee_fios": ""},
                    {"mentor_fio": RETURNED, "entry_date": "31.09.26 г.", "mentee_fios": ""},
                    {"mentor_fio": "Жуков Л.И.", "mentee_fios": ""},
                ),
                mentees(
                    {"mentor_fio": RETURNED, "mentee_fio": "Стрижов Ян Ильич"},
                    {"mentor_fio": "Жуков Лев Ильич", "mentee_fio": "Грачёв Ян Ильич"},
                ),
            )
        ],
        [
            error("date_impossible", M, "J5", "31.09.26 г."),
            error("fio_initials", M, "B6", "Жуков Л.И."),
        ],
    ),
    Story(
        "another's mentor",
        [
            book(
                mentors({"mentor_fio": "Зайцев Яков Ильич", "mentee_fios": ""}),
                mentees({"mentor_fio": SHARED, "mentee_fio": "Дроздов Ян Ильич"}),
            )
        ],
        remarks=[remark("mentor_of_other_unit", P, None, SHARED)],
    ),
    Story(
        "a mentor here", [book(mentors({"mentor_fio": SHARED, "mentee_fios": ""}))],
        remarks=[remark("person_in_two_units", M, None, SHARED)],
    ),
    Story(
        "a mentor there", [book(mentors({"mentor_fio": SHARED, "mentee_fios": ""}))],
        remarks=[remark("person_in_two_units", M, None, SHARED)],
    ),
    Story(
        "a namesake", [
            book(mentors({"mentor_fio": SHARED, "mentee_fios": "", "birth_year": "1971"}))
        ],
    ),
)  # fmt: skip
