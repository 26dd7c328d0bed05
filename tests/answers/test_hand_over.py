"""Answers lie where the file was dropped, and packed to be sent; what is mended there is taken."""

from __future__ import annotations

import email
import email.policy
import io
import shutil
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import run
from pipeline.cli import cli
from pipeline.publication.today import write_today
from tests.support.workspace import NOW, Workspace, careful_book, edited, sheets

MARKED = "Приём 000001 – ваш файл с пометками.xlsx"
RECEIPT = "Приём 000001 – квитанция.html"


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def broken(unit="oo-101"):
    """A workbook with one wrong day."""
    return edited(sheets(unit), ("5 Наставляемые", "F4", "32.13.2026"))


@pytest.fixture
def place(tmp_path, read_here):
    return Workspace(tmp_path / "ws")


def beside(place, folder="oo-101"):
    return place.inbox / folder / "Ответы"


def post(place, unit="oo-101"):
    with place.open() as exchange:
        name = exchange.registry.units[unit].short_name
    (found,) = [one for one in (place.outbox / "К отправке").iterdir() if one.name in name]
    return found


class TestBeside:
    def test_an_answer_lies_where_the_file_was_dropped_and_is_passed_by(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        assert names(beside(place)) == [MARKED, RECEIPT]
        for name in (MARKED, RECEIPT):
            own = (place.answers("oo-101") / name).read_bytes()
            assert (beside(place) / name).read_bytes() == own
        assert place.accept() == ()
        assert place.accept() == ()

    def test_a_workbook_mended_in_the_folder_is_taken_as_a_file_of_the_unit(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        path = beside(place) / MARKED
        book = openpyxl.load_workbook(path)
        cells = [c for sheet in book for row in sheet for c in row if c.value == "32.13.2026"]
        cells[-1].value = "01.09.2026"
        book.save(path)
        (decided,) = place.accept()
        assert (decided.unit, decided.outcome) in (
            ("oo-101", "accepted"),
            ("oo-101", "accepted_with_remarks"),
        )
        assert MARKED not in names(beside(place))
        assert "Приём 000002 – квитанция.html" in names(beside(place))
        assert place.accept() == ()

    def test_a_page_that_was_saved_again_is_no_file_of_the_unit(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        (beside(place) / RECEIPT).write_text("сохранено в браузере", encoding="utf-8")
        (beside(place) / "~$книга.xlsx").write_bytes(b"")
        assert place.accept() == ()

    def test_where_it_is_not_known_what_was_put_nothing_is_taken(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        shutil.rmtree(place.folder / ".nastavnik" / "derived" / "handed")
        assert place.accept() == ()

    def test_an_answer_that_a_newer_one_replaced_goes_and_what_was_changed_stays(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        (beside(place) / RECEIPT).write_text("пометки куратора", encoding="utf-8")
        place.give("oo-101", "Наставники 2.xlsx", sheets("oo-101"), second=60)
        newer = [name.replace("1", "2") for name in (MARKED, RECEIPT)]
        assert names(beside(place)) == [RECEIPT, *newer]

    def test_nobody_known_is_answered_in_the_folder_that_he_used(self, place):
        place.give("Лицей", "звонки.csv", b"a;b\n1;2\n")
        assert RECEIPT in names(beside(place, "Лицей"))
        assert place.accept() == ()

    def test_remarks_that_come_later_and_blanks_lie_there_too(self, place):
        place.give("oo-101", "Книга.xlsx", careful_book("oo-101"))
        place.publish()
        with place.open() as exchange:
            short = exchange.registry.units["oo-101"].short_name
        ended = CliRunner().invoke(cli, ["-C", str(place.folder), "template", "--unit", "oo-101"])
        assert ended.exit_code == 0, ended.output
        found = names(beside(place))
        title = short.replace('"', " ")
        assert any(one.startswith("Книга – ") and title in one for one in found), found
        assert place.accept() == ()

    def test_the_settings_can_do_without(self, tmp_path, read_here):
        place = Workspace(tmp_path / "ws", more="answers_beside = false\nanswers_by_mail = false")
        place.give("oo-101", "Наставники.xlsx", broken())
        assert names(place.inbox / "oo-101") == []
        assert not (place.outbox / "К отправке").exists()


class TestPost:
    def test_a_letter_with_the_answers_is_ready_to_be_sent(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        zipped, written = sorted(post(place).iterdir())
        with zipfile.ZipFile(zipped) as archive:
            assert sorted(archive.namelist()) == [MARKED, RECEIPT]
        letter = email.message_from_bytes(written.read_bytes(), policy=email.policy.default)
        body = letter.get_body().get_content()
        assert letter["X-Unsent"] == "1"
        assert letter["Subject"] == "Наставничество: ответы на ваши файлы, МБОУ «СОШ № 101»"
        assert "приём № 1: " in body
        assert "F04" not in body
        (attached,) = letter.iter_attachments()
        assert attached.get_content() == zipped.read_bytes()
        assert attached.get_filename() == zipped.name
        zipfile.ZipFile(io.BytesIO(attached.get_content())).testzip()

    def test_the_page_of_the_day_says_how_many_letters_lie_ready(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        letters = post(place)
        with place.open() as exchange:
            page = write_today(exchange, NOW).read_text(encoding="utf-8")
            shutil.rmtree(letters)
            later = write_today(exchange, NOW).read_text(encoding="utf-8")
        assert ("1 готовое письмо" in page, "готовое письмо" in later) == (True, False)

    def test_a_letter_that_was_sent_and_removed_comes_back_with_the_next_answer_only(self, place):
        place.give("oo-101", "Наставники.xlsx", broken())
        folder = post(place)
        shutil.rmtree(folder)
        place.give("oo-102", "Книга.xlsx", careful_book("oo-102"))
        assert not folder.exists()
        place.give("oo-101", "Наставники 2.xlsx", sheets("oo-101"), second=90)
        assert len(names(folder)) == 2

    def test_the_same_answers_give_the_same_letter(self, place):
        book = broken()
        place.give("oo-101", "Наставники.xlsx", book)
        before = {path.name: path.read_bytes() for path in post(place).iterdir()}
        with place.open() as exchange:
            run.publish(exchange, NOW)
        shutil.rmtree(post(place))
        place.give("oo-101", "Наставники.xlsx", book)
        assert {path.name: path.read_bytes() for path in post(place).iterdir()} == before
