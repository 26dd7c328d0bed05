"""The demo district: invented, repeatable, and with every trouble a school can make."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlrd
from python_calamine import CalamineWorkbook

from pipeline.demo import canaries, people
from pipeline.demo.district import district, large_schools
from pipeline.demo.files import HEADER_ROW, fixture, plans, table
from pipeline.demo.mess import BY_TYPE, mistyped
from pipeline.demo.people import seeded
from pipeline.demo.show import show_demo
from pipeline.demo.story import first_wave, second_wave
from pipeline.demo.units import inn_of, ogrn_of
from pipeline.demo.workspace import write_resubmissions, write_workspace
from pipeline.errors import SettingsError
from pipeline.reading.file_kinds import head_of, kind_of
from pipeline.workspace.exchange import open_exchange
from pipeline.workspace.settings import load_settings
from pipeline.workspace.units import load_registry

OFFICE = Path(__file__).parents[1] / "support" / "fixtures" / "office"
FIRST = (
    "clean_book book_without_some_forms official_form title_lines numbering_row total_row pdf "
    "google_form points_column access_export cut_headers csv_cp1251 xls wrong_extension ods "
    "two_row_header merged_cells split_names float_phones ages_for_years date_styles initials "
    "look_alikes invisible_characters ambiguous_form sensitive_text hidden_rows hidden_sheet "
    "renamed_sheets extra_columns snils_column formula_error password zero_bytes half_copied "
    "lock_file duplicate_file wrong_folder nil_report roles_mismatch dates_crossed "
    "mentor_is_mentee mutual_mentoring implausible_age minors_named parent_consent_missing "
    "canaries wrong_sums number_with_words summary_differs period_spelling two_versions "
    "name_as_in_life in_root neighbour unknown_unit unknown_form closed_unit row_of_other_unit "
    "person_in_two_units mentor_of_other_unit mentor_misspelt"
)
FIRST_DEFECTS = frozenset(FIRST.split())
SECOND_DEFECTS = {"corrections", "row_absent", "unchanged", "only_new_rows"}
NAMES = {
    *people.names("surnames"),
    *(f"{surname}а" for surname in people.names("surnames")),
    canaries.PUPIL.value,
    canaries.TEACHER.value,
}
INNS = (
    "0042000010 0042000027 0042000034 0042000041 0042000059 0042000066 0042000073 0042000080 "
    "0042000098 0042000108 0042000115 0042000122 0042000130 0042000147 0042000154 0042000161 "
    "0042000179 0042000186 0042000193 0042000203 0042000210 0042000228 0042000235 0042000242"
)


@pytest.fixture(scope="module")
def made():
    return district()


@pytest.fixture(scope="module")
def sent(made):
    return first_wave(made)


def everybody(made):
    extra = (made.neighbour, made.stranger, made.closed, made.newcomers)
    return [fio for school in (*made.schools, *extra) for fio in school.people]


def of(sent, defect):
    return next(file for file in sent if defect in file.shows)


def cells(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_workspace(tmp_path / name)
        write_resubmissions(tmp_path / name)
    first, second = (
        {
            p.relative_to(tmp_path / n): p.read_bytes()
            for p in (tmp_path / n).rglob("*")
            if p.is_file()
        }
        for n in ("a", "b")
    )
    assert first == second
    assert len(first) > 40


def test_bytes_do_not_depend_on_the_process(made):
    """String hashes differ from process to process; nothing may be ordered by them."""
    code = (
        "import hashlib; from pipeline.demo.story import first_wave;"
        "from pipeline.demo.district import district;"
        "print(hashlib.sha256(b''.join(f.data for f in first_wave(district()))).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_another_seed_gives_other_people_in_the_same_schools(made):
    other = district(7)
    assert [s.unit for s in other.schools] == [s.unit for s in made.schools]
    assert other.schools[0].people != made.schools[0].people


def test_there_are_24_schools_and_several_hundred_people(made):
    assert len(made.schools) == 24
    assert 400 < len(set(everybody(made))) < 900


def test_numbers_of_organisations_are_valid_and_of_no_region(made):
    units = (*made.units, made.neighbour.unit, made.stranger.unit)
    assert [s.unit.inn for s in made.schools] == INNS.split()
    assert len({u.inn for u in units}) == len({u.ogrn for u in units}) == len(units)
    for unit in units:
        weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
        digits = [int(d) for d in unit.inn]
        total = sum(d * w for d, w in zip(digits, weights, strict=False))
        assert total % 11 % 10 == digits[9]
        assert int(unit.ogrn[:12]) % 11 % 10 == int(unit.ogrn[12])
        assert unit.inn.startswith("00")
        assert unit.ogrn[3:5] == "00"


def test_a_thousand_schools_have_a_thousand_numbers():
    assert len({inn_of(4_200_000 + n) for n in range(1, 1001)}) == 1000
    assert len({ogrn_of(4_200_000 + n) for n in range(1, 1001)}) == 1000


def test_people_are_made_of_listed_names_and_agree_in_gender(made):
    patronymics = {
        name: sex
        for pair in people.names("patronymics")
        for name, sex in zip(pair.split("/"), "fm", strict=True)
    }
    for fio in everybody(made):
        surname, first, patronymic = fio.split(" ")
        sex = patronymics[patronymic]
        assert surname in NAMES
        assert first in people.names(sex)
        assert surname.endswith("а") == (sex == "f")


def test_nobody_is_named_twice(made):
    names = everybody(made)
    assert len(names) == len(set(names))


def test_contacts_reach_nobody(made):
    text = "\n".join(str(school.rows) for school in made.schools)
    phones = {re.sub(r"\D", "", found) for found in re.findall(r"\+7[\d -]{10,}", text)}
    assert len(phones) > 100
    assert all(phone.startswith("7999000") for phone in phones)
    assert set(re.findall(r"@([\w.-]+)", text)) == {"example.org"}


@pytest.mark.parametrize("defect", sorted(FIRST_DEFECTS))
def test_the_first_wave_shows(defect, sent):
    assert any(defect in file.shows for file in sent)


def test_no_defect_is_shown_that_this_list_does_not_know(made, sent):
    assert {mark for file in sent for mark in file.shows} == FIRST_DEFECTS
    assert {mark for file in second_wave(made) for mark in file.shows} == SECOND_DEFECTS


def test_all_five_forms_of_mentoring_occur(made):
    forms = {row["mentoring_form"] for s in made.schools for row in s.rows["F05"]}
    assert len(forms) == 5


@pytest.mark.parametrize("seed", [2026, 1, 2])
def test_support_of_young_teachers_is_near_the_goal_and_below(seed):
    summaries = [school.rows["F08"][0] for school in district(seed).schools]
    young = sum(int(row["ped_lt35"]) for row in summaries)
    supported = sum(int(row["ped_lt35_supported"]) for row in summaries)
    assert 0.62 < supported / young < 0.7


def test_the_summary_counts_what_the_bases_hold(made):
    for school in made.schools:
        young = {
            row[name]
            for form, name in (("F04", "mentor_fio"), ("F05", "mentee_fio"))
            for row in school.rows[form]
            if row.get("experience_years")
            and int(row["birth_year"]) > 1991
            and (row.get("mentor_fio") or row.get("support_forms"))
        }
        assert len(young) == int(school.rows["F08"][0]["ped_lt35_supported"]), school.code


def test_clean_rows_keep_to_the_contracts(made):
    """The true rows hold only known columns and break no rule of their own summary."""
    for school in made.schools:
        for form, rows in school.rows.items():
            known = {column.name for column in plans()[form].columns}
            assert all(row.keys() <= known for row in rows)
        row = {name: int(value) for name, value in school.rows["F08"][0].items()}
        assert row["ped_lt35"] == row["ped_lt25"] + row["ped_25_29"] + row["ped_30_34"]
        assert row["ped_lt35_exp_lt3_supported"] <= row["ped_lt35_exp_lt3"] <= row["ped_exp_lt3"]
        assert row["ped_lt35"] + row["ped_exp_lt3"] - row["ped_total"] <= row["ped_lt35_exp_lt3"]


def test_broken_files_are_broken(sent, tmp_path):
    assert of(sent, "zero_bytes").data == b""
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(of(sent, "half_copied").data))
    protected = tmp_path / "protected.xlsx"
    protected.write_bytes(of(sent, "password").data)
    assert kind_of(head_of(protected)) == "ole"
    with pytest.raises(Exception, match=r"(?i)password"):
        CalamineWorkbook.from_path(str(protected))


def test_a_duplicate_has_the_same_bytes_and_another_name(sent):
    copy = of(sent, "duplicate_file")
    twins = [file for file in sent if file.data == copy.data]
    assert len({file.name for file in twins}) == 2


def test_canaries_stand_where_they_are_said_to_stand(made, sent):
    for canary in canaries.PLANTED:
        unit = made.school(canary.unit).unit
        typed = "\n".join(
            text for file in sent if file.folder == unit.folder for text in cells(file.data)
        )
        assert canary.value in typed
        assert any(needle in typed for needle in canary.needles)
    assert not any(needle in file.name for file in sent for needle in canaries.CANARIES)


def test_canaries_are_nobody_elses(made):
    others = "\n".join(str(s.rows) for s in made.schools if s.code != "oo-120")
    assert not any(needle in others for needle in canaries.CANARIES)


def test_large_schools_are_varied_as_in_life_and_need_no_neighbours():
    """Each by itself the same as in a row of others; nobody and no telephone twice."""
    made = list(large_schools(1, range(30, 36)))
    assert next(iter(large_schools(1, range(33, 34)))) == made[3]
    people = [fio for school in made for fio in school.people]
    assert len(people) == len(set(people)) > 1200
    mentors = [row for school in made for row in school.rows["F04"]]
    phones = [row["contacts"] for row in mentors if "contacts" in row]
    assert len(phones) == len(set(phones)) > 300
    assert len({row["competencies"] for row in mentors}) > 150
    assert all(170 < len(s.rows["F04"]) + len(s.rows["F05"]) < 330 for s in made)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_mistakes_of_every_type_are_strewn_over_any_form(made, share):
    school = made.schools[0]
    for form in ("F02", "F04", "F05"):
        rows, plan = school.rows[form] * 5, plans()[form]
        dirty = mistyped(plan, rows, seeded(form), share).cells[HEADER_ROW:]
        clean = table(plan, rows).cells[HEADER_ROW:]
        cells = [
            (a, b) for x, y in zip(dirty, clean, strict=True) for a, b in zip(x, y, strict=True)
        ]
        changed = sum(a != b for a, b in cells if b is not None)
        assert all(a is None for a, b in cells if b is None)
        assert 0.3 * share < changed / sum(b is not None for _, b in cells) <= share + 0.1
    assert {column.type for plan in plans().values() for column in plan.kept} & set(BY_TYPE)


def test_a_demo_may_use_an_inbox_elsewhere(tmp_path):
    places = {name: tmp_path / "repo" / name for name in ("inbox", "outbox")}
    write_workspace(tmp_path / "repo" / "demo", schools=2, places=places)
    settings = load_settings(tmp_path / "repo" / "demo")
    assert (settings.inbox, settings.outbox) == ("../inbox", "../outbox")
    assert settings.recipients[0].address == "file:../outbox/КРИРПО"
    assert any(places["inbox"].rglob("*.xlsx"))
    assert not (tmp_path / "repo" / "demo" / "inbox").exists()
    with open_exchange(tmp_path / "repo" / "demo") as exchange:
        assert (exchange.inbox, exchange.outbox) == tuple(places.values())


def test_a_demo_keeps_out_of_folders_with_somebodys_files(tmp_path):
    """The page of the folder itself is nobody's file; anything else may be a school's."""
    place = tmp_path / "inbox"
    place.mkdir()
    (place / "README.md").write_text("what lies here")
    (place / "чужое.xlsx").write_bytes(b"x")
    with pytest.raises(SettingsError, match="не пуста"):
        show_demo(tmp_path / "demo", lambda: None, lambda: None, {"inbox": place})
    assert not (tmp_path / "demo").exists()
    write_workspace(tmp_path / "old", schools=1)
    with pytest.raises(SettingsError, match="уже есть"):
        show_demo(tmp_path / "old", lambda: None, lambda: None, {})


def test_the_workspace_can_be_opened(tmp_path, made):
    write_workspace(tmp_path)
    settings, registry = load_settings(tmp_path), load_registry(tmp_path)
    assert settings.period == "2026-2027"
    assert made.neighbour.unit.inn in settings.neighbours
    assert list(registry.units.values()) == list(made.units)
    folders = {path.name for path in (tmp_path / "inbox").iterdir() if path.is_dir()}
    assert folders == {unit.folder for unit in made.units}


def test_a_benchmark_gets_one_book_per_school_and_its_share_of_clean_ones():
    large = district(5, 100)
    books = first_wave(large, clean_share=0.7)
    clean = sum("clean_book" in file.shows for file in books)
    assert len(books) == 100
    assert 55 < clean < 85


def test_fixtures_hold_the_rows_of_the_generator(made):
    """After a change of the generator `make_office_fixtures.py` must run again."""
    book = openpyxl.load_workbook(OFFICE / "kniga.xlsx")
    mentors = {row["mentor_fio"] for row in made.school("oo-101").rows["F04"]}
    assert {book["4 Наставники"].cell(r, 2).value for r in range(4, 4 + len(mentors))} == mentors
    for form, code, data in (
        ("F04", "oo-106", (OFFICE / "nastavniki.xls").read_bytes()),
        ("F04", "oo-106", fixture("oo-106-f04.xls")),
        ("F05", "oo-106", fixture("oo-106-f05.xls")),
    ):
        sheet = xlrd.open_workbook(file_contents=data).sheet_by_index(1)
        names = [row[plans()[form].person] for row in made.school(code).rows[form]]
        assert sheet.col_values(1, 3) == names
    for data in ((OFFICE / "nastavlyaemye.ods").read_bytes(), fixture("oo-107-f05.ods")):
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(1).to_python()
        names = [row["mentee_fio"] for row in made.school("oo-107").rows["F05"]]
        assert [row[1] for row in rows[3:]] == names


def test_fixtures_are_small():
    files = [path for path in OFFICE.iterdir() if path.suffix != ".md"]
    assert len(files) == 6
    assert all(path.stat().st_size < 40_000 for path in files)


def test_importing_the_demo_loads_nothing_heavy():
    code = (
        "import sys, pipeline.demo.workspace;"
        "print([m for m in ('pandas', 'pandera', 'openpyxl', 'xlsxwriter') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
