"""The whole way on the demo district: inbox, decisions, answers, bases, documents, package."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from pipeline import run
from pipeline.demo.workspace import write_resubmissions
from pipeline.workspace.exchange import open_exchange
from tests.support.workspace import NOW, DistrictRun, Opened, ReadHere, made

CLEAN = "accepted"
REMARKS = "accepted_with_remarks"
PARTLY = "accepted_partly"
# Folder, file, outcome, and the notices that its trouble must have given.
EXPECTED = (
    ("", "Заречная СОШ 201.xlsx", "rejected", {"unit_foreign"}),
    ("", "Колокольчик.xlsx", "rejected", {"unit_unknown"}),
    ("", "звонки.xlsx", "rejected", {"form_unknown", "unit_not_named"}),
    ("", "отчет (1).xlsx", CLEAN, set()),
    ("", "отчет (1) исправленный НОВЫЙ.xlsx", REMARKS, {"newer_file_won"}),
    ("oo-100", "Книга ОО.xlsx", "rejected", {"unit_closed"}),
    ("oo-101", "Книга ОО.xlsx", CLEAN, set()),
    ("СОШ 102", "База наставников 102.xlsx", REMARKS, {"columns_not_asked"}),
    ("СОШ 102", "База наставляемых 102.xlsx", REMARKS, {"columns_not_asked"}),
    ("СОШ 102", "скан приказа.pdf", "rejected", {"file_format"}),
    ("oo-103", "Анкета наставника (Ответы).xlsx", REMARKS, {"columns_not_asked"}),
    ("oo-104", "Наставляемый-легаси.xlsx", REMARKS, {"columns_extra", "year_from_age"}),
    ("СОШ 105", "nastavniki.csv", CLEAN, set()),
    ("oo-106", "Наставники 2026.xls", CLEAN, set()),
    ("oo-106", "Наставляемые.xlsx", CLEAN, set()),
    ("oo-107", "наставляемые.ods", CLEAN, set()),
    ("СОШ 108", "СВЕДЕНИЯ от завуча.xlsx", REMARKS, {"columns_not_asked"}),
    ("oo-109", "База 109.xlsx", REMARKS, {"number_cleaned", "year_from_age"}),
    (
        "oo-110",
        "Книга ОО 110.xlsx",
        PARTLY,
        {"date_impossible", "fio_initials", "text_repaired", "text_sensitive", "value_ambiguous"},
    ),
    ("СОШ 111", "Отчёт школы 111.xlsx", REMARKS, {"rows_hidden", "sheet_hidden"}),
    ("oo-112", "Книга ОО.xlsx", PARTLY, {"cell_formula_error", "column_snils"}),
    ("oo-113", "Книга ОО (пароль).xlsx", "rejected", {"file_password"}),
    ("СОШ 114", "Книга ОО (1).xlsx", "rejected", {"file_empty"}),
    ("СОШ 114", "Книга ОО.xlsx", "rejected", {"file_damaged"}),
    ("oo-115", "Книга ОО — копия.xlsx", CLEAN, set()),
    ("oo-116", "Книга ОО 117.xlsx", "held", {"unit_conflict"}),
    ("oo-118", "Книга ОО.xlsx", CLEAN, set()),
    ("oo-119", "Книга Гимназия.xlsx", PARTLY, {"roles_mismatch", "mentor_is_mentee"}),
    ("Лицей 120", "Книга ОО ЛИЦЕЙ.xlsx", REMARKS, {"consent_of_parent_missing"}),
    ("oo-121", "Отчет на 20.09.xlsx", PARTLY, {"sum_differs", "parts_exceed_whole"}),
    ("oo-122", "Книга ОО.xlsx", CLEAN, set()),
)


@pytest.mark.parametrize(("folder", "name", "outcome", "codes"), EXPECTED)
def test_each_kind_of_trouble_ends_as_the_rules_say(district_run, folder, name, outcome, codes):
    decided = district_run.decided[folder, name]
    assert decided.outcome == outcome
    assert codes <= set(district_run.codes[folder, name])


def test_what_a_careful_school_sends_gets_no_complaint(district_run):
    """Only what we say of ourselves: pupils were replaced by codes."""
    for folder, name, outcome, _ in EXPECTED:
        if outcome == CLEAN:
            assert set(district_run.codes[folder, name]) <= {"minor_hidden"}, name


def test_the_second_copy_of_a_file_is_the_first_submission(district_run):
    copies = [one for (folder, _), one in district_run.decided.items() if folder == "oo-115"]
    assert [one.number for one in copies] == [copies[0].number] * 2
    assert sorted(one.repeated for one in copies) == [False, True]


def test_the_inbox_is_empty_but_for_the_lock_of_an_office_program(district_run):
    assert [path.name for path in Opened(district_run.folder).waiting()] == ["~$Книга ОО.xlsx"]


def test_every_file_got_a_receipt_whose_rows_are_conserved(district_run):
    found = sorted((district_run.folder / "outbox").rglob("*квитанция.json"))
    numbers = {one.number for one in district_run.decided.values()}
    assert len(found) == len(numbers)
    for path in found:
        receipt = json.loads(path.read_text(encoding="utf-8"))
        for form in receipt["forms"]:
            counts = dict(form["counts"])
            assert counts.pop("seen") == sum(counts.values()), (path.name, form["form"])


def test_all_units_but_the_silent_ones_are_in_force(district_run):
    lines = district_run.published.publication.view.board
    silent = {line.unit for line in lines if line.in_force is None and line.form == "F04"}
    assert silent == {"oo-113", "oo-114", "oo-116"}


def test_nothing_failed_and_the_package_is_delivered(district_run):
    assert district_run.published.publication.failed == ()
    assert [(one.recipient, one.state) for one in district_run.delivered] == [
        ("krirpo", "delivered")
    ]


def test_the_indicator_counts_what_the_true_rows_say(district_run):
    """Schools that are in force with F08, by their true cards; oo-121's card was refused."""
    view = district_run.published.publication.view
    result = view.indicators["KPI70-A"]
    counted = {unit.unit for unit in result.breakdown if unit.denominator is not None}
    true = {
        school.code: int(school.rows["F08"][0]["ped_lt35"])
        for school in made().schools
        if school.code in counted
    }
    assert result.denominator == sum(true.values())
    assert counted == set(true) >= {"oo-101", "oo-118", "oo-124"}
    assert 0 < result.numerator_low <= result.numerator_high <= result.denominator


def test_the_store_holds_and_can_be_rebuilt(district_run, tmp_path):
    place = district_run.copy(tmp_path / "ws")
    with place.open() as exchange:
        assert exchange.store.verify() == []
        exchange.store.rebuild()
        assert exchange.store.digest() == district_run.digest
        assert all(line.holds for line in exchange.store.conservation("2026-2027"))


@pytest.fixture(scope="module")
def by_batches(tmp_path_factory):
    """Workspaces of the same district whose files were read in batches of other sizes."""
    made_ = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        for size in (1, 7):
            folder = tmp_path_factory.mktemp("batch") / "ws"
            made_[size] = DistrictRun(folder, batch=size)
    return made_


@pytest.mark.parametrize("size", [1, 7])
def test_how_files_were_batched_never_shows(district_run, by_batches, size):
    """Also reading in this process shows no other result than reading in children."""
    other = by_batches[size]
    assert other.digest == district_run.digest
    assert _bytes(other.folder / "outbox") == _bytes(district_run.folder / "outbox")


def _bytes(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_cycle_without_news_changes_no_byte(district_run, tmp_path):
    place = district_run.copy(tmp_path / "ws")
    with place.open() as exchange:
        run.cycle(exchange, NOW, quiet=0)
    before = (place.facts(), place.digest(), place.files())
    with place.open() as exchange:
        done = run.cycle(exchange, NOW + timedelta(hours=1), quiet=0)
    assert done.decided == ()
    assert (place.facts(), place.digest(), place.files()) == before


def test_publishing_again_at_once_changes_nothing(district_run, tmp_path):
    place = district_run.copy(tmp_path / "ws")
    before = (place.facts(), {name: sha for name, (sha, _) in place.files().items()})
    place.publish()
    assert (place.facts(), {name: sha for name, (sha, _) in place.files().items()}) == before


def test_what_is_missing_in_the_outbox_is_written_again(district_run, tmp_path):
    place = district_run.copy(tmp_path / "ws")
    before = _bytes(place.outbox)
    for name in ("documents", "packages"):
        shutil.rmtree(place.outbox / name)
    for path in place.outbox.rglob("Уточнения*"):
        path.unlink()
    place.publish()
    assert _bytes(place.outbox) == before


@pytest.fixture(scope="module")
def second_wave(district_run, tmp_path_factory):
    """The district after the schools corrected their files, and what became of each."""
    place = district_run.copy(tmp_path_factory.mktemp("second") / "ws")
    write_resubmissions(place.folder)
    with open_exchange(place.folder) as exchange:
        waiting = run.waiting(exchange, quiet=0)
        decided = run.accept(exchange, NOW + timedelta(days=14), arrivals=waiting)
        names = {arrival.name: one for arrival, one in zip(waiting, decided, strict=True)}
        published = run.publish(exchange, NOW + timedelta(days=14))
        digest = exchange.store.digest()
        exchange.store.rebuild()
        assert exchange.store.digest() == digest
    return names, published, place


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("Книга ОО исправлено.xlsx", {CLEAN, REMARKS}),
        ("База наставников 102 (2).xlsx", {REMARKS}),
        ("Кадры исправлено.xlsx", {CLEAN}),
        ("Изменений нет.xlsx", {CLEAN}),
        ("Новые наставники октябрь.xlsx", {"held"}),
    ],
)
def test_the_second_wave_corrects_confirms_and_is_held(second_wave, name, outcomes):
    assert second_wave[0][name].outcome in outcomes


def test_the_second_wave_makes_a_new_package_that_names_the_old_one(second_wave):
    _names, published, place = second_wave
    (draft,) = published.drafts
    assert (draft.name, draft.new) == ("krirpo_2026-2027_2.zip", True)
    assert "data/F04_mentors.csv" in draft.changed
    with place.open() as exchange:
        newest = exchange.store.packages()[-1].record
    assert newest.supersedes == "krirpo_2026-2027_1.zip"


def test_the_second_wave_brings_the_figure_nearer_to_the_truth(district_run, second_wave):
    before = district_run.published.publication.view.indicators["KPI70-A"]
    after = second_wave[1].publication.view.indicators["KPI70-A"]
    assert after.units_counted > before.units_counted
    assert after.denominator > before.denominator
