"""Whatever a grid holds: no exception, no row lost, no long wait; and our own blanks."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.passport import PASSPORT
from pipeline.answers.blanks.book import blank
from pipeline.plugins import readers_office
from pipeline.reading.normalise.cells import cleaner
from pipeline.reading.recognise.file import recognise
from tests.support.recognise_books import (
    MENTOR,
    MENTOR_HEADERS,
    PLANS,
    TODAY,
    WORDS,
    codes,
    part_of,
    people,
    read,
    sheet,
)

TITLES = [text for plan in PLANS.values() for c in plan.columns for text in (c.title, *c.aliases)]
SPECIAL = [
    "Итого",
    "Пример",
    "Данных нет",
    "Педагоги",
    "СНИЛС",
    "Фамилия",
    "Имя",
    "№",
    "1",
    "2",
    "3",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(TITLES),
    st.sampled_from(
        [*SPECIAL, *(c.title for c in PASSPORT.columns), *(p.title for p in PLANS.values())]
    ),
    st.text(max_size=12),
    st.integers(-5, 3000),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
)
ROWS = st.lists(st.lists(CELLS, max_size=9), max_size=14)
RANGES = st.lists(st.tuples(*[st.integers(1, 12)] * 4), max_size=5)
NUMBERS = st.frozensets(st.integers(1, 15), max_size=5)


@given(ROWS, RANGES, NUMBERS, st.booleans(), st.sampled_from(["Лист", "4 Наставники", "Паспорт"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_grid_is_answered_and_no_row_is_lost(rows, merged, hidden, visible, name):
    odd = sheet(
        rows,
        name,
        merged=tuple(merged),
        hidden_rows=hidden,
        visible=visible,
        errors={(2, 2): "#Н/Д"},
        shown={(1, 1): "показано"},
    )

    parsed = read(odd, sheet([MENTOR_HEADERS, MENTOR]))

    for part in parsed.parts:
        assert part.seen == len(part.rows) + sum(part.skipped.values())
        assert len({row.row for row in part.rows}) == len(part.rows)
        assert set(part.columns) <= {c.name for c in PLANS[part.form].columns}


ORDINARY = st.one_of(
    st.just([]),
    st.just(["Педагоги"]),
    st.just(["Итого", 5]),
    st.just([None, "Пример"]),
    st.just(list(MENTOR_HEADERS)),
    st.just(list(range(1, 17))),
    st.just([7]),
    st.just(list(MENTOR)),
    st.just([3, "Орлова Вера Ильинична", None, "СОШ"]),
    st.just([None, "Данных нет"]),
)


@given(st.lists(ORDINARY, max_size=25), NUMBERS)
@settings(max_examples=100, deadline=None)
def test_rows_under_a_header_are_all_counted(rows, hidden):
    """Seen are exactly the rows that hold anything; taken are exactly the data that is visible."""
    made = sheet([MENTOR_HEADERS, *rows], hidden_rows=frozenset(n + 1 for n in hidden))

    parsed = read(made)

    data = [n for n, row in enumerate(rows, 2) if len(row) in (4, 16) and row[0] in (1, 3)]
    data = [n for n in data if made.rows[n - 1][1] != 2]
    visible = [n for n in data if n not in made.hidden_rows]
    for part in parsed.parts:
        assert part.seen == sum(bool(row) for row in rows)
        assert [row.row for row in part.rows] == visible
        assert part.skipped.get("hidden", 0) == len(data) - len(visible)
    assert bool(visible) <= bool(parsed.parts)


def test_large_table_takes_seconds():
    """9,000 rows of 32 columns; the time is that of recognition, the normaliser stands aside."""
    titles = [c.title for c in PLANS["F04"].columns]
    row = [*MENTOR, *["педагог"] * (len(titles) - 16)]
    rows = [titles, *([number, f"Петрова Анна {number}", *row[2:]] for number in range(9000))]
    made = sheet(rows)

    started = time.process_time()
    part = part_of(read(made, by=lambda *_, **__: _Plain), "F04")

    assert len(part.rows) == 9000
    assert time.process_time() - started < 8


def test_sheet_of_headers_only_takes_seconds():
    rows = [[f"{title} {number}" for title in TITLES[number % 50 :][:12]] for number in range(4000)]

    started = time.process_time()
    read(rows)

    assert time.process_time() - started < 8


def test_many_merged_ranges_take_seconds():
    merged = tuple((top, 1, top + 40, 40) for top in range(1, 3000))

    started = time.process_time()
    read(sheet([MENTOR_HEADERS, *[MENTOR] * 100], merged=merged))

    assert time.process_time() - started < 8


class _Plain:
    """A normaliser that takes every cell as it is."""

    value, notices, spilled, failed = "", (), {}, False
    at_once = None

    @classmethod
    def read(cls, _cell, _shown=None):
        return cls


def workbook(tmp_path: Path, **words):
    path = tmp_path / "Книга ОО.xlsx"
    path.write_bytes(blank(tuple(PLANS.values()), WORDS, **words))
    return recognise(
        readers_office.read(str(path)), tuple(PLANS.values()), WORDS, cleaner=cleaner, today=TODAY
    )


def test_our_blank_holds_nothing(tmp_path):
    parsed = workbook(tmp_path)

    assert (parsed.parts, parsed.passport, parsed.reason) == ((), {}, "file_empty")
    assert codes(parsed.notices) == [*["form_not_submitted"] * 5, "file_empty"]


def test_our_blank_filled_in_gives_back_what_was_written(tmp_path):
    """Each form of the book comes back with its values, without a single notice."""
    values = {
        "F01": {"inn": "0042000010", "short_name": "МБОУ «СОШ № 101»", "implements": True},
        "F02": {"fio": "Петрова Анна Сергеевна", "phone": "+79990000001", "kpk_hours": 36},
        "F04": {"mentor_fio": "Петрова Анна Сергеевна", "entry_date": "2026-09-01"},
        "F05": {"mentee_fio": "Сидоров Иван Петрович", "birth_year": 1999},
        "F08": {"ped_total": 40, "young_left": 1},
    }
    filled = {code: [row] for code, row in values.items()}

    parsed = workbook(
        tmp_path, filled=filled, passport={"inn": "0042000010", "period": "2026-2027"}
    )

    assert parsed.passport == {"inn": "0042000010", "period": "2026-2027"}
    assert parsed.notices == ()
    for code, row in values.items():
        part = part_of(parsed, code)
        assert part.notices == ()
        assert len(part.rows) == 1
        assert {k: v for k, v in part.rows[0].values.items() if v is not None} == row
        assert part.seen == 1 + sum(part.skipped.values())
    assert people(part_of(parsed, "F04")) == ["Петрова Анна Сергеевна"]


@pytest.mark.parametrize("code", list(PLANS))
def test_examples_of_a_contract_come_back_whole(tmp_path, code):
    """The contract's own example, under the contract's own headers, in either layout."""
    plan = PLANS[code]
    for example in plan.examples:
        rows = [[c.title for c in plan.columns], [example.get(c.name, "") for c in plan.columns]]
        part = part_of(read(sheet(rows, plan.sheet)), code)
        (row,) = part.rows
        told = {name for name in plan.names if row.values[name] is not None}
        assert told == set(example) & set(plan.names)
        assert codes(part.notices) == []


def test_dates_stay_dates_on_their_way(tmp_path):
    filled = {"F04": [{"mentor_fio": "Петрова Анна Сергеевна", "end_date": "2027-05-31"}]}

    row = part_of(workbook(tmp_path, filled=filled), "F04").rows[0]

    assert date.fromisoformat(str(row.values["end_date"])) == date(2027, 5, 31)
    assert row.raw == {}
