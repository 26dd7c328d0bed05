"""How a contract says its columns: what is usual, what is shared, and slips that stop an import."""

from __future__ import annotations

import pytest

from contracts.columns import CONSENT, END_DATE, USUAL, Group, choice, column, spellings
from contracts.form import DTYPES, About, Form
from contracts.plan import STORAGE, Term, Vocabulary

COLOUR = Vocabulary("colour", "Цвет", (Term("белый"), Term("синий")))


def contract(*, layout="table", spelled="", about=(), **columns):
    """A contract with these columns."""
    said = About("X01", "x", "Форма", "Лист", "Для пробы.", layout=layout, **dict(about))
    return type("Contract", (Form,), {"_about": said, "_spelled": spelled, **columns})


def test_what_is_not_said_is_usual_of_the_type_and_what_is_said_wins():
    plan = contract(
        day=column("День", "date"), other=column("Другой", "date", 3, help="Когда.", leave="no")
    ).plan()
    day, other = plan.columns
    assert (day.help, day.leave, day.width) == ("День, месяц, год.", "agg", 14)
    assert (other.help, other.leave, other.width, other.official) == ("Когда.", "no", 14, 3)


def test_a_line_of_a_card_has_no_width_but_its_own():
    plan = contract(
        layout="card", a=column("Первый", "date"), b=column("Второй", "text", width=60)
    ).plan()
    assert [c.width for c in plan.columns] == [None, 60]


def test_every_type_has_what_is_usual_of_it_and_a_type_in_pandas():
    assert set(USUAL) == set(STORAGE)
    assert set(DTYPES) == set(STORAGE.values())


def test_a_vocabulary_heads_its_column_and_is_known_to_the_form():
    form = contract(one=choice(COLOUR), many=choice(COLOUR, title="Цвета", many=True))
    one, many = form.plan().columns
    assert (one.title, one.type, one.vocabulary) == ("Цвет", "enum", "colour")
    assert (many.title, many.type, many.vocabulary) == ("Цвета", "multi", "colour")
    assert form.vocabularies() == (COLOUR,)


def test_a_group_becomes_its_columns_in_its_place():
    plan = contract(
        fio=column("ФИО", "fio"),
        consent=CONSENT.but(consent_processing={"required": "error"}),
        end_date=END_DATE.but(official=9),
    ).plan()
    assert plan.names == ("fio", "consent_processing", "consent_date", "consent_by", "end_date")
    assert plan.column("consent_processing").required == "error"
    assert plan.column("consent_date").privacy == "C"
    assert plan.column("end_date").official == 9


def test_a_group_has_no_column_that_it_has_not():
    with pytest.raises(KeyError, match="consent_sent"):
        Group({"consent": column("Согласие", "bool")}).but(consent_sent={"required": "error"})


def test_spellings_stand_in_a_block_and_a_long_line_goes_on():
    block = """
        fio: ФИО | Ф.И.О.
          | фамилия: имя
        day: число
    """
    assert spellings(block) == {"fio": ("ФИО", "Ф.И.О.", "фамилия: имя"), "day": ("число",)}
    plan = contract(fio=column("Имя", "fio"), day=column("День", "date"), spelled=block).plan()
    assert plan.column("fio").aliases == ("ФИО", "Ф.И.О.", "фамилия: имя")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("fio: ФИО\nname: имя", "spellings of no column: \\['name'\\]"),
        ("fio: ФИО\nfio: имя", "spellings of fio stand twice"),
        ("fio: ФИО\nимя", "no line of spellings: 'имя'"),
        ("| имя", "no line of spellings"),
    ],
)
def test_spellings_that_belong_nowhere_stop_the_import(block, said):
    with pytest.raises(TypeError, match=said):
        contract(fio=column("Имя", "fio"), spelled=block)


def test_a_misspelled_word_of_a_column_stops_the_import():
    with pytest.raises(TypeError, match="requierd"):
        contract(fio=column("Имя", "fio", requierd="error"))


@pytest.mark.parametrize(
    "about",
    [
        {"key": ("name",)},
        {"person": "name"},
        {"counterpart": "name"},
        {"example_without": ("name",)},
    ],
)
def test_a_contract_speaks_of_its_own_columns_only(about):
    with pytest.raises(TypeError, match=r"X01: no such columns: \['name'\]"):
        contract(fio=column("Имя", "fio"), about=about).plan()
    with pytest.raises(TypeError, match=r"X01: no such columns: \['name'\]"):
        contract(fio=column("Имя", "fio", spill=("name",))).plan()


def test_the_example_row_is_made_of_the_columns():
    form = contract(
        fio=column("Имя", "fio", example="Петрова Анна Сергеевна"),
        day=column("День", "date"),
        inn=column("ИНН", "inn", example="0042000010"),
        about={"example_without": ("inn",)},
    )
    assert form.plan().examples == ({"fio": "Петрова Анна Сергеевна"},)
    assert contract(day=column("День", "date")).plan().examples == ()
