"""What a child remembers of cells and headers, and that it never takes one for another."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Sheet
from pipeline.reading.normalise.cells import cleaner
from pipeline.reading.recognise import columns, headers, tables, words
from tests.support.recognise_books import (
    MENTEE,
    MENTEE_HEADERS,
    MENTOR,
    MENTOR_HEADERS,
    PLANS,
    SECOND,
    part_of,
    read,
    sheet,
)


class Counting:
    """The real normaliser, which notes each cell it is asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, column, *given, **words):
        return CountingColumn(self, column, cleaner(column, *given, **words))


class CountingColumn:
    at_once = None

    def __init__(self, by, column, real):
        self._by, self._name, self._real = by, column.name, real

    def read(self, cell, shown=None):
        self._by.asked.append((self._name, type(cell), cell, shown))
        return self._real.read(cell, shown)


def mentors(count, **changed):
    """A sheet of mentors that differ by number and name only."""
    letters = "абвгдежзик"
    ends = ["".join(letters[int(digit)] for digit in f"{i:03}") for i in range(count)]
    names = [f"Петрова{end} Анна Сергеевна" for end in ends]
    rows = [[number, name, *MENTOR[2:]] for number, name in enumerate(names, 1)]
    return sheet([MENTOR_HEADERS, *rows], **changed)


def test_an_equal_cell_is_understood_once_in_the_life_of_a_child():
    by = Counting()
    read(mentors(200), by=by)
    asked = list(by.asked)

    assert len(set(asked)) == len(asked)
    assert len([name for name, *_ in asked if name != "mentor_fio"]) < len(MENTOR_HEADERS)
    read(mentors(200), by=by)
    assert by.asked == asked


def values(name, cells, *, shown=None, code="F05"):
    """What a new child makes of cells of one column below each other: value, text, codes said."""
    columns._readers.cache_clear()
    plan = PLANS[code]
    column = next(c for c in plan.columns if c.name == name)
    at = list(MENTEE_HEADERS).index(column.title)
    rows = [[*MENTEE[:at], cell, *MENTEE[at + 1 :]] for cell in cells]
    told = {(i + 2, at + 1): text for i, text in enumerate(shown or ()) if text is not None}
    part = part_of(read(sheet([MENTEE_HEADERS, *rows], shown=told)), code)
    said = [[n.code for n in part.notices if n.row == i + 2] for i in range(len(cells))]
    raw = part.raw.get(name, {})
    return [(part.values[name][i], raw.get(i), said[i]) for i in range(len(cells))]


EQUAL_IN_PYTHON = [1, 1.0, True, "1", 0, False, "0", 0.0]
LIKE_DAYS = [
    date(1999, 1, 1),
    datetime(1999, 1, 1),  # noqa: DTZ001  # cells have no zone
    "01.01.1999",
    36161,
    36161.0,
    "36161",
    1999,
    "1999",
    time(0),
]


@pytest.mark.parametrize("cells", [EQUAL_IN_PYTHON, LIKE_DAYS], ids=["ones", "days"])
@pytest.mark.parametrize("name", ["birth_year", "entry_date", "request_text", "contacts_rep"])
def test_cells_that_python_thinks_equal_are_told_apart(name, cells):
    apart = [values(name, [cell])[0] for cell in cells]

    assert values(name, cells) == apart
    assert values(name, cells[::-1]) == apart[::-1]


def test_one_value_shown_in_two_ways_is_two_cells():
    day = 46266
    cells, shown = [day, day, day], [None, "1 сентября", "45 %"]
    apart = [values("birth_year", [day], shown=[text])[0] for text in shown]

    assert len({str(one) for one in apart}) > 1
    assert values("birth_year", cells, shown=shown) == apart


ANY = st.one_of(
    st.sampled_from([*EQUAL_IN_PYTHON, *LIKE_DAYS, None, "", " ", "нет", "-", "1999 "]),
    st.integers(-3, 3),
    st.text(max_size=4),
)


@given(st.lists(ANY, min_size=1, max_size=8), st.sampled_from(["birth_year", "contacts_rep"]))
@settings(max_examples=60, deadline=None)
def test_a_cell_is_what_it_would_be_alone(cells, name):
    together = values(name, cells)

    assert together == [values(name, [cell])[0] for cell in cells]


def test_the_same_text_in_another_column_or_form_is_another_cell():
    """«1999» is a year where years stand and a text where texts stand."""
    both = read(
        sheet([MENTEE_HEADERS, [*MENTEE[:3], "1999", "1999", *MENTEE[5:]]], "5"),
        sheet([MENTOR_HEADERS, [*MENTOR[:4], "1999", *MENTOR[5:]]], "4"),
    )
    mentee, mentor = part_of(both, "F05"), part_of(both, "F04")
    held = [column[0] for column in (*mentee.values.values(), *mentor.values.values())]
    assert [value for value in held if value in (1999, "1999")] == [1999, "1999", "1999"]


def test_what_is_remembered_of_a_column_is_bounded(monkeypatch):
    monkeypatch.setattr(columns, "_MOST_KNOWN", 50)
    by = Counting()
    made = mentors(120)
    first = read(made, by=by)
    remembered = sum(name == "mentor_fio" for name, *_ in by.asked)
    second = read(made, by=by)

    assert first == second
    assert sum(name == "mentor_fio" for name, *_ in by.asked) == 2 * remembered == 240


def test_long_texts_are_forgotten():
    by = Counting()
    long = "слово " * 60
    made = sheet([MENTOR_HEADERS, [*MENTOR[:4], long, *MENTOR[5:]]])
    assert read(made, by=by) == read(made, by=by)
    assert sum(cell == long for _, _, cell, _ in by.asked) == 2


def calls(monkeypatch, where, name):
    """Count the calls of a function from now on."""
    real, made = getattr(where, name), []

    def counting(*given, **words):
        made.append(name)
        return real(*given, **words)

    monkeypatch.setattr(where, name, counting)
    return made


def searches(monkeypatch, made: Sheet):
    """How often headers are put together, mapped and worded while one sheet is read."""
    with monkeypatch.context() as patched:
        found = [
            calls(patched, tables, "heads_of"),
            calls(patched, tables, "map_heads"),
            calls(patched, headers, "offers_of"),
            calls(patched, words, "taken_apart"),
        ]
        assert len(part_of(read(made), "F04")) == len(made.rows) - 1
        return [len(one) for one in found]


def test_headers_are_looked_for_once_a_sheet_and_not_once_a_row(monkeypatch):
    few, many = mentors(5), mentors(800)
    read(few)

    looked = searches(monkeypatch, few)
    assert looked[0] <= 2
    assert searches(monkeypatch, many) == looked


def test_below_a_perfect_header_no_longer_one_is_looked_for(monkeypatch):
    """The rows are of words only, so that they might be a header's second line."""
    titles = [column.title for column in PLANS["F04"].columns]
    words_only = ["русский язык"] * (len(titles) - 2)
    rows = [["строка", f"Петрова{end} Анна Сергеевна", *words_only] for end in "абв"]
    made = sheet([titles, *rows])
    read(made)

    assert searches(monkeypatch, made)[0] == 1


def test_a_header_seen_before_is_not_mapped_again(monkeypatch):
    made = sheet([MENTOR_HEADERS, MENTOR, SECOND])
    read(made)

    assert searches(monkeypatch, made)[1:3] == [0, 0]


def test_a_header_of_any_wording_is_mapped_once(monkeypatch):
    headers_typed = [f"  {title.upper()} " for title in MENTOR_HEADERS]
    rows = [[number, *MENTOR[1:]] for number in range(1, 500)]
    made = sheet([headers_typed, *rows])
    looked = searches(monkeypatch, made)

    assert looked[1] <= len(PLANS)
    assert searches(monkeypatch, made)[1] == 0
