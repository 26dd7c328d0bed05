"""Telephones, e-mail and web addresses as schools write them."""

from __future__ import annotations

import pytest

from contracts.plan import Column
from tests.support.normalise_cases import SIBLINGS, TODAY, clean, codes, read


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("+7 (999) 000-00-01", "+79990000001"),
        ("+7 (482) 389 62 19", "+74823896219"),
        ("8(48238) 9 62 19", "+74823896219"),
        ("(841-53) 3-71-33", "+78415337133"),
        ("(34342) 2-70-68", "+73434227068"),
        ("8924 381 10 77", "+79243811077"),
        ("8(343)227-97-14", "+73432279714"),
        ("8(42442) 93258, 89147507442", "+74244293258; +79147507442"),
        ("89990000001 89990000002", "+79990000001; +79990000002"),
        ("1. 89990000001\n2. 89990000002", "+79990000001; +79990000002"),
        ("тел. 89990000001", "+79990000001"),
        ("8-999-000/00/01", "+79990000001"),
        ("8(38456)53128, доб. 12", "+73845653128 доб. 12"),
        ("+375 29 123-45-67", "+375291234567"),
        (89990000001, "+79990000001"),
        ("89990000001.0", "+79990000001"),
        ("9990000001,00", "+79990000001"),
    ],
)
def test_a_telephone_is_read_however_it_is_parted(cell, phones):
    cleaned = read(cell, "phone")
    assert (cleaned.value, codes(cleaned)) == (phones, [])


@pytest.mark.parametrize(
    "cell", [8.9990000001e10, "8.9990000001E10", "8,9990000001E+10", "89990000001 мама"]
)
def test_floats_and_dropped_words_are_said(cell):
    cleaned = read(cell, "phone")
    assert (cleaned.value, codes(cleaned)) == ("+79990000001", ["phone_cleaned"])


@pytest.mark.parametrize(
    ("cell", "phones", "stored"),
    [
        ("5-31-28", "+73845653128", "+73845653128"),
        ("96658 (доб.25370)", "+73845696658 доб. 25370", "+73845696658 доб. 25370"),
        ("89990000001, 5-31-28", "+79990000001; +73845653128", "+73845653128"),
    ],
)
def test_a_local_number_gets_the_code_of_the_town(cell, phones, stored):
    cleaned = read(cell, "phone")
    assert cleaned.value == phones
    assert [(n.code, n.params["stored"]) for n in cleaned.notices] == [("phone_local", stored)]


def test_a_code_written_once_is_that_of_the_next_number_too():
    cleaned = read("8(30-261) 23-9-83, 7-51-45", "phone")
    assert cleaned.value == "+73026123983; +73026175145"
    assert codes(cleaned) == ["phone_cleaned"]


def test_the_code_of_the_town_is_a_setting():
    column = Column("phone", "Телефон", "phone")
    assert clean("22-33-44", column, {}, today=TODAY, area_code="3842").value == "+73842223344"
    assert codes(clean("22-33-44", column, {}, today=TODAY)) == ["phone_unreadable"]


@pytest.mark.parametrize(
    "cell", ["123", "12.03.2009", "через куратора", "8,999E+10", "7" * 30, True]
)
def test_what_is_no_telephone_is_a_remark(cell):
    cleaned = read(cell, "phone", required="error")
    assert (cleaned.value, cleaned.failed) == (None, True)
    assert [(n.code, n.severity) for n in cleaned.notices] == [("phone_unreadable", "remark")]


def test_an_address_in_the_telephone_cell_goes_to_its_column():
    both = read("kurator@example.org, 89990000001", "phone", spill=("email",))
    assert (both.value, both.spilled) == ("+79990000001", {"email": "kurator@example.org"})
    (notice,) = both.notices
    assert (notice.code, notice.params["columns"]) == ("value_split", "Столбец, Электронная почта")
    alone = read("kurator@example.org", "phone", spill=("email",))
    assert (alone.value, alone.spilled, alone.failed) == (
        None,
        {"email": "kurator@example.org"},
        False,
    )


def test_an_address_without_a_column_for_it_is_named():
    cleaned = read("kurator@example.org, 89990000001", "phone")
    assert (cleaned.value, codes(cleaned)) == ("+79990000001", ["value_leftover"])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("+79990000001", "+79990000001"),
        ("Kurator@Example.org", "kurator@example.org"),
        ("kurator @ example.org\n8 999 000 00 01", "+79990000001; kurator@example.org"),
        ("почта: a@b.рф, тел. 89990000001", "+79990000001; a@b.рф"),
    ],
)
def test_contacts_are_telephones_then_addresses(cell, value):
    cleaned = read(cell, "contacts", official=3)
    assert (cleaned.value, codes(cleaned)) == (value, [])


def test_a_name_among_contacts_is_dropped_and_said():
    cleaned = read("Иванова Мария 8(999)000-00-01", "contacts")
    assert (cleaned.value, codes(cleaned)) == ("+79990000001", ["phone_cleaned"])


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" Kurator@Example.ORG ", "kurator@example.org"),
        ("mailto:kurator@example.org", "kurator@example.org"),
        ("иван@почта.рф", "иван@почта.рф"),
        ("kurator@example.org.", "kurator@example.org"),
    ],
)
def test_an_address_is_lowered(cell, address):
    cleaned = read(cell, "email")
    assert (cleaned.value, codes(cleaned)) == (address, [])


@pytest.mark.parametrize("cell", ["kurator.example.org", "a@b", "kurаtor@example.org", 5, "@"])
def test_what_is_no_address_is_a_remark(cell):
    """The third one has a Cyrillic letter in a Latin word: a letter would go nowhere."""
    cleaned = read(cell, "email", required="error")
    assert [(n.code, n.severity) for n in cleaned.notices] == [("email_unreadable", "remark")]


def test_a_second_address_is_named():
    cleaned = read("a@b.ru, c@d.ru", "email")
    assert (cleaned.value, cleaned.notices[0].params["left"]) == ("a@b.ru", "c@d.ru")


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("school101.example.org/x", "https://school101.example.org/x"),
        ("http://example.org", "http://example.org"),
        ("HTTPS://Example.ORG/Кейс", "https://example.org/Кейс"),
        ("сайт.рф", "https://сайт.рф"),
        ("(https://example.org/1).", "https://example.org/1"),
    ],
)
def test_a_web_address_gets_a_scheme(cell, address):
    cleaned = read(cell, "url")
    assert (cleaned.value, codes(cleaned)) == (address, [])


@pytest.mark.parametrize(
    "cell",
    [
        "кейс.docx",
        "на сайте",
        "javascript:alert(1)",
        "file:///c:/x",
        "https://u:p@a.ru",
        "г.Ленинск",
    ],
)
def test_what_is_no_web_address_is_a_remark(cell):
    cleaned = read(cell, "url")
    assert (cleaned.value, codes(cleaned)) == (None, ["url_unreadable"])


def test_words_around_a_web_address_are_named():
    cleaned = read("Кейс: https://example.org/1", "url")
    assert (cleaned.value, codes(cleaned)) == ("https://example.org/1", ["value_leftover"])


def test_siblings_that_are_not_in_the_form_take_nothing():
    column = Column("phone", "Телефон", "phone", spill=("fax", "email"))
    siblings = {"email": SIBLINGS["email"]}
    cleaned = clean("a@b.ru 89990000001", column, {}, siblings=siblings, today=TODAY)
    assert cleaned.spilled == {"email": "a@b.ru"}
