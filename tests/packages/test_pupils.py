"""Pupils leave as numbers only, and whoever has all packages learns of no one or two of them."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.minors import mentees_minors
from pipeline.packages.suppression import FEW, HIDDEN, THRESHOLD, TOTAL, suppressed
from tests.support.workspace import NOW, Workspace, school, sheets


def possible(told):
    """All true numbers that fit what is told, as whoever knows the rules would work them out."""
    hidden = [unit for unit in told if unit != TOTAL and not told[unit].isdigit()]
    total = told[TOTAL]
    rest = None
    if total.isdigit():
        rest = int(total) - sum(int(n) for u, n in told.items() if u != TOTAL and n.isdigit())
    most = max(rest or 0, THRESHOLD) + 2
    ranges = [range(1, THRESHOLD) if told[u] == FEW else range(THRESHOLD, most) for u in hidden]
    for numbers in itertools.product(*ranges):
        if rest is None or sum(numbers) == rest:
            yield dict(zip(hidden, numbers, strict=True))


def recovered(told):
    """Units of which the attack learns that they have just one or just two."""
    worlds = list(itertools.islice(possible(told), 5000))
    if not worlds:
        return []
    return [
        unit
        for unit in worlds[0]
        if len({world[unit] for world in worlds}) == 1 and worlds[0][unit] < THRESHOLD
    ]


COUNTS = st.dictionaries(st.sampled_from("абвгд"), st.integers(0, 9), max_size=5)


@given(COUNTS)
def test_no_small_number_can_be_worked_out(counts):
    told = suppressed(counts, {})
    assert recovered(told) == []
    assert not [u for u, n in counts.items() if 0 < n < THRESHOLD and told[u] != FEW]


@given(COUNTS)
def test_the_attack_would_find_what_is_not_hidden_enough(counts):
    """With the numbers as they are, or a single one hidden, it finds them."""
    small = [unit for unit, number in counts.items() if 0 < number < THRESHOLD]
    naive = {unit: FEW if unit in small else str(n) for unit, n in counts.items()}
    naive[TOTAL] = str(sum(counts.values()))
    if len(small) == 1:
        assert recovered(naive) == small


@given(COUNTS, st.lists(st.tuples(st.sampled_from("абвгд"), st.integers(-2, 2)), max_size=4))
def test_the_difference_of_two_packages_speaks_of_no_one_or_two(counts, changes):
    first = suppressed(counts, {})
    later = dict(counts)
    for unit, change in changes:
        if unit in later:
            later[unit] = max(0, later[unit] + change)
    second = suppressed(later, first)
    for unit in counts:
        one, other = first[unit], second[unit]
        if one.isdigit() and other.isdigit() and int(one) >= THRESHOLD:
            assert abs(int(one) - int(other)) not in range(1, THRESHOLD)
    assert recovered(second) == []


def tables(place):
    """The tables of the newest package, as whoever gets it reads them."""
    (path,) = sorted((place.outbox / "packages").rglob("*.zip"))[-1:]
    with zipfile.ZipFile(path) as archive:
        return {
            name.removeprefix("data/"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode()))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


@pytest.fixture
def place(tmp_path, read_here):
    """Two schools whose mentees are grown-ups and pupils."""
    place = Workspace(tmp_path / "ws")
    for second, (code, young) in enumerate((("oo-101", 1), ("oo-102", 4))):
        rows = school(code).rows["F05"]
        pupils = [
            {
                **rows[0],
                "mentee_fio": f"Зимин{'абвгд'[n]} Олег Ильич",
                "mentor_fio": f"Лос{'абвгд'[n]}в Пётр Ильич",
                "mentoring_form": "ученик – ученик",
                "mentee_role": None,
            }
            for n in range(young)
        ]
        place.give(code, "Наставляемые.xlsx", sheets(code, F05=[*rows, *pupils]), second=second)
    place.publish(now=NOW)
    return place


def test_no_row_of_a_pupil_leaves_and_nothing_counts_them_apart(place):
    found = tables(place)
    with place.open() as exchange:
        everybody = exchange.store.rows_in_force("2026-2027", "F05")
    young = [row for row in everybody if "mentee_fio" in mentees_minors(row.values)]
    assert len(everybody) > len(young) > 4
    mentees = found["F05_mentees.csv"]
    assert len(mentees) == len(everybody) - len(young)
    assert {row["mentoring_form"] for row in mentees} == {"учитель – учитель"}
    left = {line["row_id"] for line in found["lineage.csv"]}
    assert left.isdisjoint(row.row_id for row in young)
    assert left >= {row.row_id for row in everybody} - {row.row_id for row in young}
    true = Counter((row.values["mentoring_form"], row.unit) for row in young)
    told = {
        (line["mentoring_form"], line["unit"]): line["count"]
        for line in found["pupils.csv"]
        if line["resource"] == "F05_mentees"
    }
    for key, number in true.items():
        assert told[key] in ((FEW,) if number < THRESHOLD else (str(number), HIDDEN))
    for form in {form for form, _ in told}:
        assert recovered({unit: told[f, unit] for f, unit in told if f == form}) == []
    by_unit = {unit: sum(row["origin"] == unit for row in mentees) for unit in ("oo-101", "oo-102")}
    board = {line["unit"]: line["rows"] for line in found["board.csv"] if line["form"] == "F05"}
    assert {unit: int(board[unit]) for unit in by_unit} == by_unit
