"""Names and contacts stay where they belong: planted everywhere, they may surface nowhere else."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sqlite3
import zipfile
import zlib
from datetime import timedelta

import pytest

from contracts.minors import mentors_minors
from pipeline import run
from pipeline.answers.issue_blanks import issue_templates
from pipeline.publication.today import write_today
from tests.support.planted import ADULT, PUPIL, SNILS, book
from tests.support.workspace import (
    NOW,
    ReadHere,
    Workspace,
    careful_book,
    recipient,
    school,
    sheets,
)

MINOR = (*PUPIL.needles, *SNILS)
ANYBODY = (*ADULT.needles, *MINOR)
FILE = f"{PUPIL.name} {ADULT.surname}.xlsx"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A workspace that took the planted book, published, delivered, and issued blanks; its log."""
    place = Workspace(tmp_path_factory.mktemp("planted") / "ws", more="auto_approve = true")
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    place.drop("oo-101", FILE, book())
    try:
        with place.open() as exchange:
            run.cycle(exchange, NOW, quiet=0)
            issue_templates(exchange, NOW, units=(), forms=())
            write_today(exchange, NOW + timedelta(hours=1))
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    return place, log.getvalue()


def unpacked(name, data):
    """The bytes of a file, and of everything packed into it."""
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield from unpacked(f"{name}!{part}", archive.read(part))
    if data.startswith(b"SQLite format 3"):
        with contextlib.closing(sqlite3.connect(":memory:")) as base:
            # A base in memory has no write-ahead log.
            base.deserialize(data[:18] + b"\1\1" + data[20:])
            for (packed,) in base.execute("SELECT data FROM part_rows"):
                yield f"{name}!part_rows", zlib.decompress(packed)
    with contextlib.suppress(zlib.error):
        yield f"{name}!inflated", zlib.decompress(data)


def found(paths, needles, root):
    """Where any of the needles stands."""
    return [
        (name, needle)
        for path in paths
        for name, data in unpacked(str(path.relative_to(root)), path.read_bytes())
        for needle in needles
        if needle.encode() in data or json.dumps(needle)[1:-1].encode() in data
    ]


def test_the_planted_book_is_taken_at_least_in_part(lived):
    """Else this page would prove nothing."""
    place, _ = lived
    with place.open() as exchange:
        submission = exchange.store.submission(1)
        assert submission.outcome == "accepted_partly"
        accepted = {part.form: part.counts["accepted"] for part in submission.parts}
    assert accepted["F04"] > 30
    assert accepted["F05"] > 20
    assert accepted["F02"] >= 1


def test_the_package_names_nobody(lived):
    place, _ = lived
    packages = list((place.outbox / "packages").rglob("*.zip"))
    assert len(packages) == 1
    assert (place.outbox / "КРИРПО" / packages[0].name).is_file()
    assert found(packages, ANYBODY, place.folder) == []


def test_the_ledger_and_the_log_name_nobody(lived):
    place, log = lived
    assert log
    assert found([place.folder / ".nastavnik" / "ledger.jsonl"], ANYBODY, place.folder) == []
    assert [needle for needle in ANYBODY if needle in log] == []


def test_no_file_of_ours_is_named_after_anybody(lived):
    place, _ = lived
    names = [str(p.relative_to(place.folder)) for p in place.folder.rglob("*")]
    assert [(name, n) for name in names for n in ANYBODY if n in name] == []


def test_the_database_knows_no_pupil(lived):
    place, _ = lived
    files = list((place.folder / ".nastavnik").glob("base.sqlite*"))
    assert files
    assert found(files, MINOR, place.folder) == []


def test_the_archive_knows_pupils_only_in_the_original(lived):
    place, _ = lived
    with place.open() as exchange:
        originals = {one.sha256 for one in exchange.store.submissions()}
    blobs = [p for p in (place.folder / ".nastavnik" / "archive").rglob("*") if p.is_file()]
    assert originals < {path.name for path in blobs}
    records = [path for path in blobs if path.name not in originals]
    assert found(records, MINOR, place.folder) == []


def test_a_folder_and_a_question_know_no_pupil(tmp_path, read_here):
    """The book lies in a folder named after a pupil and says that the pupil is the school."""
    place = Workspace(tmp_path / "ws")
    said = {"unit_name": PUPIL.name, "inn": ""}
    rows = school("oo-101").rows["F05"]
    minor = next(row for row in rows if row["mentee_role"] == "обучающийся")
    mentees = [*rows, minor | {"mentee_fio": PUPIL.name}]
    place.drop("oo-101", f"{PUPIL.name}/Книга.xlsx", sheets("oo-101", said=said, F05=mentees))
    (decided,) = place.accept()
    with place.open() as exchange:
        taken = exchange.store.submission(decided.number)
    assert [question.kind for question in taken.questions] == ["unit_conflict"]
    state = [p for p in (place.folder / ".nastavnik").rglob("*") if p.is_file()]
    kept = [path for path in state if path.name != taken.sha256]
    assert found(kept, [PUPIL.name], place.folder) == []


def test_what_lies_in_the_outbox_knows_pupils_only_in_the_schools_own_workbook(lived):
    """Receipts, follow-ups, documents, pre-filled blanks, the page of the day, packages."""
    place, _ = lived
    own = ("ваш файл", "Ответы – ", "Письмо – ")
    files = [
        p for p in place.outbox.rglob("*") if p.is_file() and not any(w in p.name for w in own)
    ]
    kinds = {path.suffix for path in files}
    assert {".html", ".json", ".xlsx", ".zip"} <= kinds
    assert any(path.name.startswith("Книга – ") for path in files)
    assert found(files, MINOR, place.folder) == []


def test_the_school_is_told_what_was_not_kept(lived):
    place, _ = lived
    codes = place.codes(1)
    assert {"minor_hidden", "text_holds_contact", "column_snils"} <= set(codes)


def test_without_the_veil_the_needles_would_be_found(tmp_path):
    """The search finds what it looks for: with minors = "full" names of pupils are in the base."""
    place = Workspace(tmp_path / "ws", more='minors = "full"')
    place.drop("oo-101", "Книга.xlsx", book())
    place.accept()
    files = list((place.folder / ".nastavnik").glob("base.sqlite*"))
    assert {needle for _, needle in found(files, MINOR, place.folder)} >= {PUPIL.surname[:-2]}


CURATOR = school("oo-101").rows["F02"][0]


@pytest.mark.parametrize("said", ["да", "нет", ""])
@pytest.mark.parametrize("share", [True, False])
def test_a_curators_contacts_leave_only_if_both_sides_said_so(tmp_path, read_here, said, share):
    place = Workspace(tmp_path / "ws", recipients=(recipient(share=share),))
    row = CURATOR | {"share_region": said}
    place.give("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02", "F04"), F02=[row]))
    place.publish()
    (package,) = (place.outbox / "packages").rglob("*.zip")
    surname, digits = row["fio"].split()[0], "".join(c for c in row["phone"] if c.isdigit())[1:]
    needles = (surname, digits, row["email"])
    out = {needle for _, needle in found([package], needles, place.folder)}
    assert out == (set(needles) if share and said == "да" else set())
    others = {m["mentor_fio"].split()[0] for m in school("oo-101").rows["F04"]} - {surname}
    assert found([package], others, place.folder) == []


def coded(place, code):
    path = place.outbox / "packages" / code / f"{code}_2026-2027_1.zip"
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("data/F04_mentors.csv").decode().splitlines()
    column = lines[0].split(",").index("person")
    return {line.split(",")[column] for line in lines[1:]}


def test_codes_of_persons_differ_between_recipients_and_stay_from_package_to_package(
    tmp_path, read_here
):
    place = Workspace(
        tmp_path / "ws", recipients=(recipient(), recipient("nmc", "file:outbox/НМЦ"))
    )
    place.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
    place.publish()
    first, second = coded(place, "krirpo"), coded(place, "nmc")
    # Codes of grown-ups only: pupils who mentor leave as a number.
    grown = [r for r in school("oo-101").rows["F04"] if "mentor_fio" not in mentors_minors(r)]
    assert len(first) == len(second) == len(grown) > 0
    assert first.isdisjoint(second)
    again = Workspace(tmp_path / "again")
    again.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
    again.publish()
    assert coded(again, "krirpo") == first


def test_codes_of_pupils_differ_between_workspaces(tmp_path, read_here):
    places = [Workspace(tmp_path / name) for name in ("a", "b")]
    (places[1].folder / "keys" / "test.key").write_bytes(b"another key of thirty-two bytes.")
    for place in places:
        place.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
    codes = [{n for n, _ in p.in_force("oo-101", "F05") if n.startswith("Н-")} for p in places]
    assert codes[0]
    assert codes[0].isdisjoint(codes[1])


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("pipeline.acceptance.accept.workers", ReadHere)
