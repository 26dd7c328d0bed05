"""Whoever checks a file before sending it hears what they will hear of it when it is sent.

All files of the tests as schools send them go both ways, each from a school of its own.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.commands.check import check_file
from pipeline.demo.workspace import units_csv
from pipeline.model import Unit
from tests.support.workspace import NOW, ReadHere, Workspace, school, sheets
from tests.whole.test_messy import FILES as DRAWN

FIXTURES = Path(__file__).parents[1] / "support" / "fixtures"
SAVED = [
    path
    for folder in ("cases", "messy", "office", "readers")
    for path in sorted((FIXTURES / folder).iterdir())
    if path.suffix in (".xlsx", ".xls", ".ods", ".csv")
]
FILES = {f"{number}": (path.name, path.read_bytes) for number, path in enumerate(SAVED)} | {
    f"{len(SAVED) + number}": (messy.name, messy.make) for number, messy in enumerate(DRAWN)
}
PUPILS = [row for row in school("oo-101").rows["F05"] if row["mentee_role"] == "обучающийся"][:2]
NAMED = f"помочь, как {PUPILS[0]['mentee_fio'].split()[0]}"
FILES["named"] = (
    "Фамилия в тексте.xlsx",
    lambda: sheets("oo-101", F05=[PUPILS[0], PUPILS[1] | {"request_text": NAMED}]),
)
# Codes are put in place of pupils only where something is kept; what was mended in the cells they
# replace is then said no more.
KEPT = {"minor_hidden"}
# Only who is sent a file knows who sent it and for when, and asks where that is not clear.
OF_ARRIVAL = {"period_other", "period_unreadable", "unit_conflict", "stage_unknown"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """What `check` says of each file, and the records of what was accepted, by number."""
    place = Workspace(tmp_path_factory.mktemp("both") / "ws")
    units = [Unit(f"f-{n}", "ОО", f"Школа {n}", folder=f"f-{n}") for n in FILES]
    (place.folder / "units.csv").write_bytes(units_csv(units))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        patch.setattr("pipeline.commands.check.workers", ReadHere)
        said = {}
        for number, (name, make) in FILES.items():
            path = place.drop(f"f-{number}", name, make())
            said[number] = check_file(path, tmp_path_factory.getbasetemp(), NOW)
        numbers = {one.unit: one.number for one in place.accept()}
        with place.open() as exchange:
            found = {n: exchange.store.submission(numbers[f"f-{n}"]) for n in FILES}
    return said, found


@pytest.mark.parametrize("number", FILES, ids=[f"{n}-{name}" for n, (name, _) in FILES.items()])
def test_check_and_accept_say_the_same(both, number):
    said, found = both[0][number], both[1][number]
    notices = [*found.notices, *(n for part in found.parts for n in part.notices)]
    heard = [
        (n.code, n.severity, n.form, n.sheet, n.cell)
        for n in notices
        if n.code not in OF_ARRIVAL | KEPT
    ]
    told = [(n["code"], n["severity"], n["form"], n["sheet"], n["cell"]) for n in said["notices"]]
    assert Counter(n for n in heard if n[1] != "info") == Counter(n for n in told if n[1] != "info")
    assert not Counter(heard) - Counter(told)
    assert [(part.form, part.counts["seen"]) for part in found.parts] == [
        (part["form"], part["counts"]["seen"]) for part in said["parts"]
    ]
    asked = {n.code for n in notices} & OF_ARRIVAL
    if not asked and found.outcome != "held":
        assert found.outcome == said["outcome"]
        assert [(part.outcome, dict(part.counts)) for part in found.parts] == [
            (part["outcome"], part["counts"]) for part in said["parts"]
        ]


def test_most_files_are_compared_wholly(both):
    held = [n for n, found in both[1].items() if found.outcome == "held"]
    assert len(held) * 5 < len(FILES)


def test_what_is_not_kept_for_a_pupils_surname_is_said_before_too(both):
    codes = {n["code"] for n in both[0]["named"]["notices"]}
    assert "text_not_kept" in codes
