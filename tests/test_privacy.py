"""Where the veil looks for the names of minors."""

import pytest

from contracts.f05_mentees import Mentees
from pipeline.model import ParsedPart, ParsedRow
from pipeline.privacy import HIDDEN, Coder, Veil, subject_of

PLAN = Mentees.plan()


def veil(name: str, **cells: str) -> Veil:
    row = ParsedRow(7, {**dict.fromkeys(PLAN.names), "mentee_fio": name, **cells})
    part = ParsedPart(PLAN.code, "Лист", (row,), (), {})
    return Veil([subject_of(part, PLAN, lambda _row: frozenset({"mentee_fio"}))], Coder(b"k", "u"))


@pytest.mark.parametrize(
    "text",
    [
        "Иванова Мария",
        "о ИВАНОВОЙ МАРИИ Петровне",
        "Мария Иванова",
        "Иванова М. П.",
        "М.П.Ивановой",
        "\N{ZERO WIDTH SPACE}Иванова Мария",
        "x\N{ZERO WIDTH SPACE}Иванова Мария",
    ],
)
def test_a_minor_is_known_again_however_the_name_is_turned(text: str) -> None:
    assert "Н-" in veil("Иванова Мария Петровна").text(text)


def test_a_surname_of_two_letters_is_looked_for_too() -> None:
    assert "Ли" not in veil("Ли Мария").text("ученица Ли Мария")


def test_a_text_that_names_nobody_stays() -> None:
    assert veil("Иванова Мария").text("Иваново, улица Мария") == "Иваново, улица Мария"


def test_the_surname_alone_is_hidden_in_the_row_that_speaks_of_its_bearer() -> None:
    veiled = veil("Королёва Анна", request_text="У Королевой трудности").parts()[0]
    assert veiled.rows[0].values["request_text"] == f"У {HIDDEN} трудности"


def test_a_surname_of_another_row_is_a_word_like_any_other() -> None:
    rows = tuple(
        ParsedRow(
            number,
            {**dict.fromkeys(PLAN.names), "mentee_fio": name, "request_text": "про Королёву"},
        )
        for number, name in ((1, "Королёва Анна"), (2, "Чайкина Анна"))
    )
    part = ParsedPart(PLAN.code, "Лист", rows, (), {})
    subject = subject_of(part, PLAN, lambda _row: frozenset({"mentee_fio"}))
    told = Veil([subject], Coder(b"k", "u")).parts()[0].rows
    assert [row.values["request_text"] for row in told] == [f"про {HIDDEN}", "про Королёву"]
