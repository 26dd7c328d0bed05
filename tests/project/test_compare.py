"""The comparison of two commits: planted differences are told, each once, and nothing else is."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from bench.compare import corpus, frozen, report, run, trees
from bench.compare.collect import collect, flat, sentences
from bench.compare.differ import Change, differences
from bench.compare.rows import aligned

SHA = "a" * 64
LABEL = "small/1/oo-1/Книга.xlsx"
INPUTS = {LABEL: ("small", SHA)}
ANSWER = "small/units/oo-1/small⁄1⁄oo-1⁄Книга.xlsx"
NOTICE = {
    "code": "date_ambiguous",
    "severity": "remark",
    "form": "F04",
    "sheet": "4 Наставники",
    "cell": "G5",
    "row": 5,
    "value": "01.09.85",
    "what": "Год записан двумя цифрами.",
}


def receipt(**changes):
    """A receipt with one form and one notice."""
    made = {
        "kind": "nastavnik-receipt",
        "number": 7,
        "sha256": SHA,
        "file_name": "Книга.xlsx",
        "unit": {"code": "oo-1"},
        "outcome": "accepted_with_remarks",
        "verdict": "Принято с замечаниями",
        "forms": [
            {"form": "F04", "outcome": "accepted", "in_force": "да", "counts": {"accepted": 4}}
        ],
        "notices": [NOTICE],
    }
    return made | changes


def workbook(tweak=lambda sheet: None):
    """A workbook of one styled sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "База"
    for row in (["ФИО", "Стаж"], ["Дубова Инна", 4]):
        sheet.append(row)
    sheet["A1"].font = Font(name="Calibri", size=11, bold=True)
    sheet.column_dimensions["A"].width = 30
    tweak(sheet)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def package(members):
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as parts:
        for name, text in members.items():
            # Without the time of the clock, which may tick between two of them.
            parts.writestr(zipfile.ZipInfo(name), text)
    return saved.getvalue()


PUBLISHED = {
    "bases": {"F04": 4},
    "indicators": [{"indicator": "KPI70-A", "numerator_proven": 3, "units": []}],
}
TABLE = {"data/f.csv": "unit,rows\noo-1,4\n", "SHA256SUMS": f"{'b' * 64}  data/f.csv\n"}


@pytest.fixture
def content(tmp_path):
    """Makes what a run would leave, with the changes of a test, and returns it as content."""
    made = []

    def make(*, gone=(), said=None, **changes):
        root = tmp_path / str(len(made))
        made.append(root)
        place = root / "small"
        files = {
            "said.json": json.dumps(said or [{"step": "accept", "exit": 0, "words": ""}]),
            "answers/publish-1.json": json.dumps(changes.get("published", PUBLISHED)),
            "workspace/outbox/units/oo-1/Приём 000007 – квитанция.json": json.dumps(
                changes.get("receipt", receipt())
            ),
            "workspace/outbox/units/oo-1/Приём 000007 – квитанция.html": changes.get(
                "page", "<title>Квитанция</title><p>Принято.</p>"
            ),
            "workspace/outbox/documents/D06.xlsx": changes.get("book", workbook()),
            "workspace/outbox/packages/p.zip": package(changes.get("package", TABLE)),
        }
        for name, data in files.items():
            if name not in gone:
                path = place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data.encode() if isinstance(data, str) else data)
        return collect(root, INPUTS)

    return make


def told(found):
    return "\n".join(report.lines(found, limit=20))


def only(found, *names):
    """Whether just these kinds of differences were found."""
    kinds = (field.name for field in dataclasses.fields(found))
    return {name for name in kinds if getattr(found, name)} == {*names}


def test_equal_content_gives_no_difference(content):
    found = differences(content(), content())
    assert only(found)
    assert not found.any
    assert told(found) == "No difference in content."


def test_the_numbers_of_a_receipt_are_figures_and_its_file_is_named_by_what_was_sent(content):
    made = content()
    assert made.figures[f"{LABEL}: F04 accepted"] == "4"
    assert made.figures["small/answers/publish-1.json: base F04"] == "4"
    assert f"{ANSWER} – квитанция.html" in made.files


def test_a_notice_that_went_one_that_came_and_one_that_weighs_less(content):
    graver = receipt(notices=[NOTICE | {"severity": "error"}])
    found = differences(content(), content(receipt=graver))
    assert only(found, "notices", "bytes_only")
    assert "1 × severity: remark → error" in told(found)
    other = receipt(notices=[NOTICE | {"code": "date_impossible"}])
    found = differences(content(), content(receipt=other))
    assert [(c.old and c.old["code"], c.new and c.new["code"]) for c in found.notices] == [
        ("date_ambiguous", None),
        (None, "date_impossible"),
    ]
    assert f"{LABEL}, remark, F04, 4 Наставники!G5, 01.09.85" in told(found)


def test_the_same_notice_twice_is_one_more(content):
    found = differences(content(), content(receipt=receipt(notices=[NOTICE, NOTICE])))
    assert [(change.old, change.new is None) for change in found.notices] == [(None, False)]


def test_a_count_and_an_indicator_that_changed(content):
    forms = [{"form": "F04", "outcome": "accepted", "in_force": "да", "counts": {"accepted": 3}}]
    now = PUBLISHED | {"indicators": [{"indicator": "KPI70-A", "numerator_proven": 2, "units": []}]}
    found = differences(content(), content(receipt=receipt(forms=forms), published=now))
    assert only(found, "figures", "bytes_only")
    assert found.figures == (
        Change(f"{LABEL}: F04 accepted", "4", "3"),
        Change("small/answers/publish-1.json: KPI70-A numerator_proven", "3", "2"),
    )


def test_a_command_that_fails_now_is_a_figure(content):
    said = [{"step": "accept", "exit": 1, "words": "ValueError: нет"}]
    found = differences(content(), content(said=said))
    assert found.figures == (Change("small: step 00 accept", "exit 0", "exit 1 ValueError: нет"),)


def test_a_file_that_is_missing_and_one_that_is_new(content):
    document = "workspace/outbox/documents/D06.xlsx"
    found = differences(content(), content(gone=[document]))
    assert only(found, "gone")
    assert found.gone == ("small/documents/D06.xlsx",)
    assert differences(content(gone=[document]), content()).new == found.gone


def fill(sheet):
    sheet["B2"].fill = PatternFill("solid", fgColor="FFF3C4")


def widen(sheet):
    sheet.column_dimensions["A"].width = 40


def as_text(sheet):
    sheet["B2"] = "4"


def redden(sheet):
    sheet["A1"].font = Font(name="Calibri", size=11, color="FF0000")


@pytest.mark.parametrize(
    ("tweak", "change"),
    [
        (fill, Change("База!B2 look", None, "fill solid FFF3C4")),
        (widen, Change("База column A", "width 30.00", "width 40.00")),
        (as_text, Change("База!B2", "4 (int)", "«4»")),
        (redden, Change("База!A1 look", "font 000000 11.0 Calibri b", "font FF0000 11.0 Calibri")),
        (
            lambda sheet: sheet.merge_cells("A3:B3"),
            Change("База merged A3:B3", None, "yes"),
        ),
    ],
)
def test_what_a_person_sees_of_a_workbook_is_content(content, tweak, change):
    found = differences(content(), content(book=workbook(tweak)))
    assert only(found, "files")
    (file,) = found.files
    assert file.name == "small/documents/D06.xlsx"
    assert file.changes == (change,)


def numbered(*names):
    """A workbook whose rows are numbered and drawn."""

    def tweak(sheet):
        for number, name in enumerate(names, 1):
            sheet.append([number, name])
            sheet.cell(sheet.max_row, 2).font = Font(name="Calibri", size=9)
            sheet.row_dimensions[sheet.max_row].height = 20

    return workbook(tweak)


def test_one_row_less_does_not_shift_the_rows_below_it(content):
    before = content(book=numbered("Дубова", "Клёнова", "Листов"))
    found = differences(before, content(book=numbered("Дубова", "Листов")))
    assert {c.place: (c.old, c.new) for c in found.files[0].changes} == {
        "База!A4": ("2 (int)", None),
        "База!B4": ("«Клёнова»", None),
        "База!B4 look": ("font 000000 9.0 Calibri", None),
        "База row 4": ("height 20.0", None),
        "База!A5": ("3 (int)", "2 (int)"),
    }
    back = differences(content(book=numbered("Дубова", "Листов")), before)
    assert Change("База!B+4", None, "«Клёнова»") in back.files[0].changes


def test_no_place_is_lost_when_rows_are_laid_side_by_side():
    """A row that only has a look keeps a number of its own, whatever moves around it."""
    old = {"Л!A1": "«а»", "Л!A2": "«б»", "Л!A3": "«в»", "Л!A4 look": "bold", "Л row 5": "height 9"}
    new = {"Л!A1": "«а»", "Л!A2": "«в»", "Л!A3 look": "red", "Л row 4": "height 9", "Ш!A1": "«г»"}
    placed = aligned(old, new)
    assert sorted(placed.values()) == sorted(new.values())
    assert placed["Л!A3"] == "«в»"
    assert placed["Л!A4 look"] == "red"
    assert placed["Л row 5"] == "height 9"


def test_a_workbook_saved_otherwise_differs_only_in_bytes(content):
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(saved, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))
    found = differences(content(book=workbook()), content(book=saved.getvalue()))
    assert only(found, "bytes_only")
    assert not found.any


def test_a_sentence_of_a_page_is_content_and_its_markup_is_not(content):
    plain = content()
    page = "<title>Квитанция</title><style>p{color:red}</style><p><b>Принято</b>.</p>"
    assert only(differences(plain, content(page=page)), "bytes_only")
    found = differences(plain, content(page="<title>Квитанция</title><p>Возвращено.</p>"))
    assert [file.changes for file in found.files] == [(Change("line", "Принято.", "Возвращено."),)]


def test_digests_in_a_package_are_expected_and_its_rows_are_not(content):
    other = TABLE | {"SHA256SUMS": f"{'c' * 64}  data/f.csv\n"}
    found = differences(content(), content(package=other))
    assert only(found, "expected", "bytes_only")
    assert not found.any
    found = differences(content(), content(package=TABLE | {"data/f.csv": "unit,rows\noo-1,5\n"}))
    assert [(f.name, f.changes) for f in found.files] == [
        ("small/packages/p.zip → data/f.csv", (Change("line", "oo-1,4", "oo-1,5"),))
    ]


def test_the_digest_of_another_input_is_no_bookkeeping(content):
    """Of the files that were sent the digests are known, and are names."""
    found = differences(
        content(page=f"<p>{SHA}</p>"),
        content(page=f"<p>{'d' * 64}</p>"),
    )
    assert [c.old for file in found.files for c in file.changes] == [f"<{LABEL}>"]


def test_what_many_files_share_is_told_once():
    place = Change("Лист!A1", "«а»", "«б»")
    files = tuple(report.FileChange(f"{n}.xlsx", (place,)) for n in range(5))
    own = report.FileChange("9.xlsx", (Change("Лист!A2", "«в»", None),))
    text = told(report.Differences(files=(*files, own)))
    assert text.count("«а»") == 1
    assert "5 × Лист!A1: «а» → «б»" in text
    assert "9.xlsx: 1\n    Лист!A2: «в» → ∅" in text


def test_long_lists_are_cut_and_say_so():
    found = report.Differences(gone=tuple(map(str, range(30))))
    assert "… and 10 more" in told(found)
    assert "… and" not in "\n".join(report.lines(found, limit=20, verbose=True))


def test_entries_of_a_list_are_named_so_that_one_more_shifts_nothing():
    assert flat([{"unit": "b", "rows": 1}])["b.rows"] == "1 (int)"
    assert flat({"notes": ["а"]}) == {"notes.0": "«а»"}


def test_a_page_is_read_by_its_blocks():
    page = "<table><tr><td>А\n  б<td><a href='x.html'>в</a></table>".encode()
    assert sentences(b"<meta charset=utf-8>" + page) == ["А б", "в <x.html>"]


def test_a_frozen_state_brings_its_corpus_with_it(content, tmp_path):
    files = tmp_path / "corpus"
    (files / "small" / "start" / "inbox" / "oo-1").mkdir(parents=True)
    (files / "small" / "plan.json").write_text("[]")
    made = content()
    frozen.save(tmp_path / "kept.zip", made, files)
    moment = (files / "small" / "plan.json").stat().st_mtime_ns
    shutil.rmtree(files)
    assert frozen.load(tmp_path / "kept.zip", files) == made
    assert (files / "small" / "plan.json").stat().st_mtime_ns == moment
    assert (files / "small" / "start" / "inbox" / "oo-1").is_dir()


def test_the_corpus_has_all_that_it_promises(tmp_path):
    corpus.write(tmp_path)
    places = {name.split("/", 2)[0] for name in corpus.inputs(tmp_path)}
    assert places == {"district", "messy", "notices"}
    waves = {name.rsplit("/")[1] for name in corpus.inputs(tmp_path)}
    assert waves == {"1", "2"}


def test_a_commit_that_needs_what_is_not_here_says_so(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "n"\ndependencies = ["no-such-distribution>=1", "click<1", "click"]\n'
    )
    missing = trees.lacking(tmp_path)
    assert [text.partition(" ")[0] for text in missing] == ["no-such-distribution>=1", "click<1"]
    with pytest.raises(trees.ComparisonError, match="no-such-distribution"):
        trees.interpreter(tmp_path, tmp_path)


def test_an_unknown_commit_is_one_sentence(capsys):
    assert run.main(["--ref", "no-such-commit", "--only", "district", "--schools", "1"]) == 2
    assert "Cannot compare: no commit «no-such-commit»" in capsys.readouterr().err


@pytest.mark.heavy
@pytest.mark.skipif(not (trees.ROOT / ".git").exists(), reason="needs the repository")
def test_a_commit_says_the_same_as_itself(capsys):
    args = ["--ref", "HEAD", "--now", "HEAD", "--only", "district", "notices", "--schools", "3"]
    assert run.main(args) == 0
    said = capsys.readouterr().out
    assert "No difference in content." in said
    assert "other bytes" not in said
