"""Values as offices and programs write them: nothing is made up, nobody and nothing is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies import MENTORING_FORM, MENTORING_FORMS
from pipeline.reading.normalise.cells import Cleaned
from pipeline.reading.normalise.choices import _find
from tests.support.normalise_cases import codes, read

LETTERS = "абвгдежзиклмнопрст"


@pytest.mark.parametrize(
    "cell",
    [
        *("7,99911E+10", "8.99911e10", "7,99911Е+10", "7.9991122E+10", "8,9E+10", "7,99911E10"),
        *("7,99911*10^10", "7,99911·10^10", "7,99911 E +10", "79,9911E+9"),
        *("8999111223", "7999111223", "7 999 111 22 3", "8-999-111-22-3", "+7 999 111 22 3"),
        *("89991112", "спросить", "8 999", "нет телефона 7"),
    ],
)
def test_no_telephone_is_made_of_what_is_none(cell):
    cleaned = read(cell, "phone")
    assert (cleaned.value, cleaned.failed) == (None, True)
    assert "phone_unreadable" in codes(cleaned)


def test_of_several_telephones_the_good_one_stays_and_the_cut_one_is_told():
    cleaned = read("+7 999 000-00-01; 7,99911E+10", "phone")
    assert cleaned.value == "+79990000001"
    assert "value_leftover" in codes(cleaned)


@given(st.text("0123456789+-() .,EeЕе;", max_size=40))
def test_a_telephone_has_only_digits_that_were_written(text):
    """In their order, but for the seven of the country and the town's code, which is told."""
    cleaned = read(text, "phone")
    for phone in re.split("; ", str(cleaned.value or "")):
        digits = re.sub(r"[^0-9]", "", phone.partition(" доб.")[0])
        tail = digits[-5:]
        assert not tail or tail in re.sub(r"[^0-9]", "", text)


A, B, C = "Иванов Иван Иванович", "Петрова Анна Ильинична", "Орлов П.П."


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        (f"{A} и {B}", [A, B]),
        (f"{A}, {B} и {C}", [A, B, C]),
        (f"{A} / {B}", [A, B]),
        (f"{A}/{B}", [A, B]),
        (f"{A} & {B}", [A, B]),
        (f"{A} + {B}", [A, B]),
        (f"1) {A} 2) {B}", [A, B]),
        (f"{A}; {B}", [A, B]),
        (f"{A}\n{B}", [A, B]),
        (f"{A},\n{B},", [A, B]),
    ],
)
def test_everybody_of_a_list_is_there(cell, people):
    assert read(cell, "fio_list").value == "; ".join(people)


@pytest.mark.parametrize("more", ["и др.", "и другие", "и ещё 3", "и еще 2 человека", "и пр."])
def test_who_is_only_counted_is_told_and_hides_nobody_named(more):
    cleaned = read(f"{A}, {B} {more}", "fio_list")
    assert (cleaned.value, codes(cleaned)) == (f"{A}; {B}", ["value_leftover"])
    cleaned = read(f"{A} {more}", "fio")
    assert (cleaned.value, codes(cleaned)) == (A, ["value_leftover"])


def test_somebody_named_behind_a_word_for_more_is_no_mere_count():
    assert read(f"{A}, а также {B}", "fio_list").value == f"{A}; {B}"
    assert read(f"{A}, ещё {B}", "fio_list").value == f"{A}; {B}"
    assert read("Вожатаяов Ещё Вожатаяовна", "fio") == Cleaned("Вожатаяов Ещё Вожатаяовна")


@pytest.mark.parametrize("joint", [" и ", "; ", "\n", " / ", ", "])
def test_a_second_person_where_one_is_asked_is_told(joint):
    cleaned = read(f"{A}{joint}{B}", "fio")
    assert (cleaned.value, codes(cleaned)) == (A, ["value_leftover"])


@pytest.mark.parametrize(
    "cell",
    [
        *("все учителя", "весь коллектив", "5 А класс", "учащиеся 8 класса", "группа 10А"),
        *("педагоги школы", "обучающиеся 9 классов", "молодые специалисты", "команда волонтёров"),
        *("ученики начальной школы", "дети группы риска", "12 человек", "несколько учеников"),
        *("всего три пары", "супруги Ивановы", "семья Петровых", "в среднем", "Итого: 12"),
    ],
)
def test_words_for_many_are_no_person(cell):
    cleaned = read(cell, "fio_list")
    assert cleaned.value is None
    assert "fio_unreadable" in codes(cleaned)


@pytest.mark.parametrize("name", ["Класс Иван Петрович", "Группа Анна Ивановна", "Дети Пётр Ильич"])
def test_a_person_whose_name_is_such_a_word_is_a_person(name):
    assert read(name, "fio").value == name


@pytest.mark.parametrize(
    ("cell", "day", "said"),
    [
        ("01.О9.2026", "2026-09-01", ["text_repaired"]),
        ("O1.09.2O26", "2026-09-01", ["text_repaired"]),
        ("О1.о9.2О26 г.", "2026-09-01", ["text_repaired"]),
        ("l5.09.2026", "2026-09-15", ["text_repaired"]),
        ("01..09.2026", "2026-09-01", ["text_repaired"]),
        ("01.09..2026 г.", "2026-09-01", ["text_repaired"]),
        ("1.IX.2026", "2026-09-01", ["text_repaired"]),
        ("15/XII/2026", "2026-12-15", ["text_repaired"]),
        ("15 Х 2026", "2026-10-15", ["text_repaired"]),
        ("01.09.2026 г. (приказ № 12)", "2026-09-01", ["value_leftover"]),
        ("01.09.2026 (среда)", "2026-09-01", ["value_leftover"]),
        ("с сентября 2026 г.", "2026-09-01", ["date_month_only"]),
        ("с сентября 2026", "2026-09-01", ["date_month_only"]),
        ("в октябре 2026 года", "2026-10-01", ["date_month_only"]),
        ("1 сентября 26", "2026-09-01", []),
        ("с 1 сентября 2026 г.", "2026-09-01", []),
        ("сент. 2026", "2026-09-01", ["date_month_only"]),
        ("'01.09.2026", "2026-09-01", []),
    ],
)
def test_a_day_is_read_however_the_hand_slipped(cell, day, said):
    cleaned = read(cell, "date")
    assert (cleaned.value, codes(cleaned)) == (day, said)


@pytest.mark.parametrize("cell", ["IV квартал 2026", "скоро", "01.13.2026", "1.XV.2026", "осень"])
def test_no_day_is_made_of_what_is_none(cell):
    assert read(cell, "date").value is None


@given(st.text("0123456789ОоЗlIVX.-/ ()г", max_size=24))
def test_the_year_of_a_day_was_written(text):
    day = read(text, "date").value
    if day is not None and not text.strip().isdigit():
        plain = text.translate(str.maketrans("ОоЗlI", "00311"))
        assert str(day)[2:4] in plain


@pytest.mark.parametrize(
    ("cell", "ages"), [("'22-35", "22–35"), ("`14-17", "14–17"), ("’от 18", "от 18")]
)
def test_the_sign_before_a_text_is_no_part_of_it(cell, ages):
    assert read(cell, "age_range").value == ages


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("опытный учитель – молодой специалист", "учитель – учитель"),
        ("опытный педагог - неопытный педагог", "учитель – учитель"),
        ("учитель-предметник – начинающий учитель", "учитель – учитель"),
        ("педагог-новатор → консервативный педагог", "учитель – учитель"),
        ("классный руководитель – молодой специалист", "учитель – учитель"),
        ("старшеклассник – ученик начальной школы", "ученик – ученик"),
        ("успевающий ученик – неуспевающий ученик", "ученик – ученик"),
        ("обучающийся 10 класса / обучающийся 5 класса", "ученик – ученик"),
        ("студент педколледжа – школьник", "студент – ученик"),
        ("представитель предприятия – обучающийся", "работодатель – ученик"),
        ("работодатель – студент колледжа", "работодатель – студент"),
        ("преподаватель – школьник", "учитель – ученик"),
    ],
)
def test_a_form_is_known_by_its_two_sides(text, form):
    assert form in MENTORING_FORMS
    assert _find(text, MENTORING_FORM) == (form,)


@pytest.mark.parametrize(
    "text",
    [
        *("успевающий – неуспевающий", "лидер – пассивный", "родитель – родитель", "учитель"),
        *("учитель – родитель", "наставник – наставляемый", "учитель и ученик", "равный – равному"),
        *("студент-ученик – ученик", "педагог – ученик – студент"),
    ],
)
def test_a_form_that_could_be_another_is_not_guessed(text):
    assert _find(text, MENTORING_FORM) == ()


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Иванов И., Петров П. и Сидоров С.", "Иванов И.; Петров П.; Сидоров С."),
        ("Иванов Иван, Петров Пётр и Сидоров Семён", "Иванов Иван; Петров Пётр; Сидоров Семён"),
        ("Иванов И.И. Петров П.П.", "Иванов И.И.; Петров П.П."),
        (
            "Иванов Иван Иванович Петрова-Белая Анна Петровна",
            "Иванов Иван Иванович; Петрова-Белая Анна Петровна",
        ),
        ("Иванов И.И., учитель, Петров П.П., завуч", "Иванов И.И.; Петров П.П."),
        ("Иванов И.И., Петров П.П., 10А", "Иванов И.И.; Петров П.П."),
        ("учитель, Иванов И.И.", "Иванов И.И."),
        (
            "Иванов Иван Иванович, петров пётр петрович",
            "Иванов Иван Иванович; Петров Пётр Петрович",
        ),
        ("Иванов И.И., петрова а.с.", "Иванов И.И.; Петрова А.С."),
        ("Иванов И.И., Н-7F3K-Q2 и Петров П.П.", "Иванов И.И.; Н-7F3K-Q2; Петров П.П."),
    ],
)
def test_a_list_loses_nobody_for_its_commas_or_for_a_job_between(cell, people):
    assert read(cell, "fio_list").value == people


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("без стажа", "int", 0),
        ("полгода", "int", 0),
        ("пед. стаж 12", "int", 12),
        ("стаж работы - 12 лет", "int", 12),
        ("2026/27 уч. г.", "year", 2026),
        ("2026-2027 учебный год", "year", 2026),
    ],
)
def test_a_number_in_words_around_it_is_taken_with_a_remark(cell, kind, value):
    cleaned = read(cell, kind)
    assert (cleaned.value, cleaned.failed, len(cleaned.notices)) == (value, False, 1)


def test_months_from_and_to_are_a_period():
    cleaned = read("сентябрь 2026 - май 2027", "date")
    assert cleaned.value == "2026-09-01"
    assert codes(cleaned) == ["date_month_only", "date_month_only", "value_leftover"]
    assert cleaned.notices[-1].params == {"left": "31.05.2027"}


def test_a_job_is_told_beside_the_one_whose_it_is():
    cleaned = read("Иванов И.И., учитель, Петров П.П., завуч", "fio_list")
    told = [notice.value for notice in cleaned.notices if notice.code == "fio_job_dropped"]
    assert told == ["Иванов И.И., учитель", "Петров П.П., завуч"]


@pytest.mark.parametrize(("cell", "ages"), [("не моложе 20", "от 20"), ("моложе 35 лет", "до 35")])
def test_ages_may_be_said_by_a_negation(cell, ages):
    assert read(cell, "age_range").value == ages


@pytest.mark.parametrize("cell", ["2026-2028", "2026-25 уч. год", "1998-1999"])
def test_years_that_are_no_school_year_are_not_made_into_one(cell):
    assert read(cell, "year").failed


@pytest.mark.parametrize("cell", ["Иванов Иван и Петров Пётр", "Иванов И.И. Петров П.П."])
def test_a_second_person_of_two_words_or_of_no_joint_is_told(cell):
    cleaned = read(cell, "fio")
    assert cleaned.value in ("Иванов Иван", "Иванов И.И.")
    assert "value_leftover" in codes(cleaned)


JOINTS = (", ", "; ", "\n", ", учитель, ", " (10А), ")


def _cased(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from((name, name.lower(), name.upper()))


@given(
    st.lists(
        st.sampled_from(
            ("Иванов Иван Иванович", "Петрова А.С.", "Сидоров С.С.", "Ли Анна Сергеевна")
        ).flatmap(_cased),
        min_size=2,
        max_size=4,
        unique_by=str.lower,
    ),
    st.lists(st.sampled_from(JOINTS), min_size=3, max_size=3),
)
def test_whoever_is_surely_a_person_is_kept_however_a_list_is_joined(names, joints):
    text = names[0] + "".join(f"{j}{n}" for j, n in zip(joints, names[1:], strict=False))
    kept = str(read(text, "fio_list").value).split("; ")
    assert [name.lower() for name in kept] == [name.lower() for name in names]
