"""A person's answer is an input: the file is judged again as if it had come rightly."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from urllib.parse import unquote

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import run
from pipeline.acceptance import accept as accepting
from pipeline.acceptance import rulings
from pipeline.cli import cli
from pipeline.commands import report
from pipeline.demo.files import book
from tests.support.workspace import NOW, ReadHere, Workspace, school, sheets

WHO = "Синицына В.П."
LATER = NOW + timedelta(hours=2)
FORMS = ("F02", "F04", "F05")
MISPLACED = book(school("oo-117"), *FORMS)


@pytest.fixture(autouse=True)
def _read_here(monkeypatch):
    monkeypatch.setattr(rulings, "workers", ReadHere)
    monkeypatch.setattr(accepting, "workers", ReadHere)


def nastavnik(workspace, *words):
    found = CliRunner().invoke(cli, ["-C", str(workspace.folder), *words])
    assert found.exit_code == 0, found.output
    return found.output


def data(workspace, *words):
    return json.loads(nastavnik(workspace, "--json", *words))


def said_to(workspace, unit):
    """All that lies in the folder of a unit, as text, pages and books alike."""
    folder, found = workspace.answers(unit), []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix == ".xlsx":
            loaded = openpyxl.load_workbook(path)
            cells = [c for sheet in loaded for row in sheet.values for c in row if c is not None]
            found.append((path.name, " ".join(map(str, cells))))
        elif path.is_file():
            found.append((path.name, unquote(path.read_bytes().decode("utf-8"))))
    return found


def everything(workspace, unit):
    """What the workspace says of a unit and its file: on every page and in every base."""
    with workspace.open() as exchange:
        run.publish(exchange, LATER)
        one = exchange.store.submission(1)
        rows = exchange.store.rows_in_force("2026-2027")
        board = report.status(exchange, LATER)
        assert all(line.holds for line in exchange.store.conservation("2026-2027"))
        assert exchange.store.verify() == []
        drafts = [record.digest for record in exchange.store.newest_packages()]
    for line in board["units"]:
        for form in line["forms"].values():
            form.pop("late", None)
    return {
        "rows": [(row.row_id, row.unit, row.form, dict(row.values)) for row in rows],
        "parts": [(p.unit, p.form, p.period, p.outcome_now, dict(p.counts)) for p in one.parts],
        "notices": one.notices,
        "of parts": [part.notices for part in one.parts],
        "outcome": one.outcome_now,
        "board": board["units"],
        "questions": board["questions"],
        "receipt": workspace.receipt(unit, 1),
        "said": said_to(workspace, unit),
        "packages": drafts,
    }


@pytest.fixture
def rightly(tmp_path):
    """The same file, dropped where it belongs."""
    place = Workspace(tmp_path / "rightly")
    place.give("oo-117", "Книга.xlsx", MISPLACED)
    return everything(place, "oo-117")


@pytest.fixture
def misplaced(tmp_path):
    place = Workspace(tmp_path / "misplaced")
    assert place.give("oo-101", "Книга.xlsx", MISPLACED).outcome == "held"
    return place


def answer(workspace, question, choice, *more):
    words = ("--revoke",) if choice is None else (choice,)
    return data(workspace, "questions", question, *words, "--who", WHO, *more)


def asked(workspace):
    return data(workspace, "questions")["questions"]


RIGHT = "Это файл {name}: переложить и принять"


def right_choice():
    return RIGHT.format(name=school("oo-117").unit.short_name)


def people(code="oo-117"):
    """Words that stand in the book of a school and nowhere else."""
    rows = [row for form in FORMS for row in school(code).rows[form]]
    return {v for row in rows for k, v in row.items() if k.endswith("fio") and isinstance(v, str)}


def test_choices_say_in_words_what_they_do(misplaced):
    (question,) = asked(misplaced)
    assert list(question["choices"].values()) == [
        f"Файл лежит верно, это {school('oo-101').unit.short_name}: принять",
        right_choice(),
        "Вернуть школе",
    ]
    shown = nastavnik(misplaced, "questions")
    assert f"2 – {right_choice()}" in shown
    assert "oo-117" not in shown


def test_while_it_is_open_whose_a_file_is_nobody_gets_anything_of_it(misplaced):
    said = said_to(misplaced, "oo-101")
    assert [name for name, _ in said if "пометками" in name] == []
    assert not [who for who in people() for _, text in said if who in text]
    assert misplaced.receipt("oo-101", 1)["forms"] == []
    assert not misplaced.answers("oo-117").exists()


def test_an_answered_file_is_where_it_would_be_had_it_come_rightly(misplaced, rightly):
    said = answer(misplaced, "1.0", right_choice())
    assert said["outcome_now"].startswith("accepted")
    assert everything(misplaced, "oo-117") == rightly
    assert said_to(misplaced, "oo-101") == []
    assert asked(misplaced) == []
    beside = misplaced.inbox / "oo-101" / "Ответы"
    assert [path.name for path in beside.glob("Приём*")] == []


def test_the_answer_survives_a_rebuild(misplaced):
    answer(misplaced, "1.0", right_choice())
    before = misplaced.digest()
    nastavnik(misplaced, "rebuild")
    assert misplaced.digest() == before
    nastavnik(misplaced, "verify")


def test_it_is_recorded_by_which_answers_a_file_was_judged_again(misplaced):
    fact = answer(misplaced, "1.0", right_choice())["fact"]
    with misplaced.open() as exchange:
        record = exchange.store.record(fact + 1)
        assert (record.submission, record.answers) == (1, (fact,))
        one = exchange.store.submission(1)
    assert (one.unit, one.rejudged, one.moment) == ("oo-117", fact + 1, record.verdict.moment)


def test_an_answer_taken_back_gives_the_state_before_it(misplaced):
    before = everything(misplaced, "oo-101")
    answer(misplaced, "1.0", right_choice())
    answer(misplaced, "1.0", None)
    assert everything(misplaced, "oo-101") == before
    assert said_to(misplaced, "oo-117") == []
    answer(misplaced, "1.0", right_choice())
    assert said_to(misplaced, "oo-101") == []


def test_a_file_returned_to_the_school_marks_nobody(misplaced):
    answer(misplaced, "1.0", "Вернуть школе", "--note", "Это книга соседей.")
    board = {line["unit"]: line["forms"] for line in data(misplaced, "status")["units"]}
    states = {form["state"] for forms in board.values() for form in forms.values()}
    assert states == {"none"}
    (page,) = [text for name, text in said_to(misplaced, "oo-101") if "дополнение" in name]
    assert "Координатор вернул файл" in page
    assert "Это книга соседей." in page
    assert said_to(misplaced, "oo-117") == []
    answer(misplaced, "1.0", None)
    assert [question["id"] for question in asked(misplaced)] == ["1.0"]


def test_the_folder_may_be_right_after_all(misplaced):
    words = f"Файл лежит верно, это {school('oo-101').unit.short_name}: принять"
    answer(misplaced, "1.0", words)
    with misplaced.open() as exchange:
        one = exchange.store.submission(1)
    assert {part.unit for part in one.parts} == {"oo-101"}
    names = [name for name, _ in said_to(misplaced, "oo-101")]
    assert [name for name in names if "дополнение" in name]


def test_a_slip_in_the_year_is_answered_as_if_the_year_were_right(tmp_path):
    here, there = Workspace(tmp_path / "slip"), Workspace(tmp_path / "right")
    slip = sheets("oo-101", only=FORMS, said={"period": "2025-2026"})
    assert here.give("oo-101", "Книга.xlsx", slip).outcome == "held"
    assert not [who for who in people("oo-101") for _, t in said_to(here, "oo-101") if who in t]
    there.give("oo-101", "Книга.xlsx", sheets("oo-101", only=FORMS))
    answer(here, "1.0", "Опечатка в Паспорте: это 2026-2027")
    found, right = everything(here, "oo-101"), everything(there, "oo-101")
    for one in ("rows", "parts", "notices", "of parts", "outcome", "board"):
        assert (one, found[one]) == (one, right[one])
    books = [name for name, _ in found["said"] if "пометками" in name]
    assert books == [name for name, _ in right["said"] if "пометками" in name]


def test_what_came_later_is_in_force_whenever_the_answer_comes(misplaced):
    mine = sheets("oo-117", only=("F04",), F04=school("oo-117").rows["F04"][:-1])
    misplaced.give("oo-117", "Наставники.xlsx", mine, second=900)
    answer(misplaced, "1.0", right_choice())
    with misplaced.open() as exchange:
        assert exchange.store.in_force("oo-117", "F04", "2026-2027").number == 2
        first = exchange.store.submission(1)
    states = {part.form: part.outcome_now for part in first.parts}
    assert states["F04"] == "superseded"
    assert "row_absent" not in misplaced.codes(1)


def test_without_the_original_an_answer_is_refused_with_the_reason(misplaced):
    with misplaced.open() as exchange:
        path = exchange.archive.path(exchange.store.submission(1).sha256)
    path.unlink()
    words = ["-C", str(misplaced.folder), "questions", "1.0", right_choice(), "--who", WHO]
    found = CliRunner().invoke(cli, words)
    assert found.exit_code == 2
    assert "в архиве больше нет" in found.output
    assert asked(misplaced)


def test_pupils_get_the_codes_of_the_right_school(misplaced, rightly):
    answer(misplaced, "1.0", right_choice())
    found, right = (
        [values["mentee_fio"] for _, _, form, values in one["rows"] if form == "F05"]
        for one in (everything(misplaced, "oo-117"), rightly)
    )
    assert found == right
    assert [code for code in found if code.startswith("Н-")]


def test_a_withdrawal_is_one_state_everywhere_and_can_be_taken_back(tmp_path):
    place = Workspace(tmp_path / "withdrawn")
    rows = school("oo-101").rows["F04"]
    place.give("oo-101", "а.xlsx", sheets("oo-101", only=("F04",), F04=rows[1:]))
    place.give("oo-101", "б.xlsx", sheets("oo-101", only=("F04",), F04=rows), second=300)
    before = everything(place, "oo-101")
    said = data(place, "withdraw", "2.0", "--who", WHO, "--reason", "Прислан не тот список")
    with place.open() as exchange:
        assert exchange.store.in_force("oo-101", "F04", "2026-2027").number == 1
        run.publish(exchange, LATER)
    (line,) = [u for u in data(place, "status")["units"] if u["unit"] == "oo-101"]
    form = line["forms"]["F04"]
    assert (form["state"][:8], form["submission"], form["in_force"]) == ("accepted", 1, 1)
    assert form["rows"] == len(rows) - 1
    (page,) = [text for name, text in said_to(place, "oo-101") if "дополнение" in name]
    assert "Отозвано координатором: Прислан не тот список." in page
    assert "Действуют прежние данные (приём № 1)." in page
    assert f"отозвано {len(rows)}" in page
    again = data(place, "withdraw", "2.0", "--who", WHO, "--revoke")
    assert again["fact"] > said["fact"]
    now = everything(place, "oo-101")
    for one in ("rows", "parts", "outcome", "board", "packages"):
        assert (one, now[one]) == (one, before[one])


def filled(workspace, **cells):
    """«Вопросы.xlsx» of the outbox after a person typed into its first question."""
    loaded = openpyxl.load_workbook(workspace.outbox / "Вопросы.xlsx")
    sheet = loaded.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    for title, value in cells.items():
        sheet.cell(3, head.index(title.replace("_", " ")) + 1, value)
    saved = io.BytesIO()
    loaded.save(saved)
    return saved.getvalue()


def drop_book(workspace, folder, book_, second=0):
    workspace.drop(folder, "Вопросы (1).xlsx", book_, second=second)
    return data(workspace, "accept")


def test_questions_are_answered_in_a_workbook(misplaced, rightly):
    loaded = openpyxl.load_workbook(misplaced.outbox / "Вопросы.xlsx")
    asked_, offered = loaded.worksheets
    line = [cell.value for cell in asked_[3]]
    assert line[:3] == ["1.0", school("oo-101").unit.short_name, "Книга.xlsx"]
    assert [cell.value for cell in offered[3]][1:] == [right_choice(), "Вернуть школе"]
    (rule,) = asked_.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("F3", "'Варианты'!$A$3:$C$3")
    book_ = filled(misplaced, Решение=right_choice(), Кто_решил=WHO, Примечание="звонили")
    said = drop_book(misplaced, "", book_)
    assert (said["files"], said["answered"]) == ([], [{"question": "1.0", "said": "Записано"}])
    assert everything(misplaced, "oo-117") == rightly
    assert not (misplaced.outbox / "Вопросы.xlsx").exists()
    assert misplaced.waiting() == []
    facts = misplaced.facts()[0]
    again = drop_book(misplaced, "", book_, second=60)
    assert again["answered"] == [{"question": "1.0", "said": "Записано раньше"}]
    assert misplaced.facts()[0] == facts


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Решение": "наверное", "Кто_решил": WHO}, "«наверное» не понято"),
        ({"Решение": "Вернуть школе"}, "кто решил"),
        ({"Решение": "Вернуть школе", "Кто_решил": WHO, "Номер_вопроса": "9.0"}, "нет"),
    ],
)
def test_what_cannot_be_understood_in_the_workbook_is_named(misplaced, cells, words):
    (said,) = drop_book(misplaced, "", filled(misplaced, **cells))["answered"]
    assert words in said["said"]
    assert [question["id"] for question in asked(misplaced)] == ["1.0"]
    assert (misplaced.outbox / "Вопросы.xlsx").exists()


def test_a_school_does_not_answer_for_itself(misplaced):
    book_ = filled(misplaced, Решение=right_choice(), Кто_решил=WHO)
    said = drop_book(misplaced, "oo-117", book_)
    assert said["answered"] == []
    assert "questions_book" in misplaced.codes(2)
    assert [question["id"] for question in asked(misplaced)] == ["1.0"]


def test_an_answer_cut_off_before_it_was_told_is_told_by_the_next_run(
    misplaced, rightly, monkeypatch
):
    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rulings, "answer_anew", cut)
        with misplaced.open() as exchange:
            rulings.answer(exchange, LATER, question="1.0", choice=right_choice(), who=WHO, note="")
    assert said_to(misplaced, "oo-117") == []
    misplaced.accept()
    assert everything(misplaced, "oo-117") == rightly
    assert said_to(misplaced, "oo-101") == []


def test_nothing_is_taken_back_that_was_not_withdrawn(misplaced):
    words = ["-C", str(misplaced.folder), "withdraw", "1.0", "--who", WHO]
    found = CliRunner().invoke(cli, [*words, "--revoke"])
    assert (found.exit_code, "не отозвана" in found.output) == (2, True)
    found = CliRunner().invoke(cli, words)
    assert (found.exit_code, "причина" in found.output) == (2, True)
