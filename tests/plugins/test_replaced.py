"""Any built-in plugin can be switched off, and one of another distribution takes its place."""

from __future__ import annotations

import io
from importlib.metadata import EntryPoint

import openpyxl
import pytest
import xlwt

from pipeline import run
from pipeline.errors import DeliveryError
from pipeline.plugins.merge import merge
from pipeline.workspace.plugin_loader import DISABLED
from tests.support.replacements import DOCUMENTS, HOOKS, READERS, RULES
from tests.support.workspace import BUILT_IN, NOW, Workspace, sheets

NAMES = sorted(module.__name__.rpartition(".")[2] for module in BUILT_IN)
CSV = "ФИО куратора;Телефон\nПетрова Анна Сергеевна;+79990000001\n"


def as_xls(data):
    """The sheets of a workbook with their values, as Excel 97 saves them."""
    old = xlwt.Workbook()
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        page = old.add_sheet(sheet.title)
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value is not None:
                page.write(cell.row - 1, cell.column - 1, str(cell.value))
    saved = io.BytesIO()
    old.save(saved)
    return saved.getvalue()


def test_each_built_in_plugin_has_a_replacement():
    assert sorted(HOOKS) == NAMES


class Lived:
    """One school's book on the whole way, with a built-in plugin switched off."""

    def __init__(self, folder, name, *, book=None):
        self.place = Workspace(
            folder, more="auto_approve = true", tail=f'\n[plugins]\ndisabled = ["{name}"]\n'
        )
        suffix, data = book or ("xlsx", sheets("oo-101", only=("F02", "F04", "F05")))
        self.place.drop("oo-101", f"Книга.{suffix}", data)
        with self.place.open() as exchange:
            self.decided = run.accept(exchange, NOW, quiet=0)
            self.publication = run.publish(exchange, NOW).publication
            self.view = self.publication.view
            # While the exchange is open: nothing is loaded before it is asked for.
            self.bases = {
                form: [row["row_id"] for row in self.view.base_rows(form)]
                for form in self.publication.bases
            }
            self.listed = self.view.base_rows("F04") if "F04" in self.bases else ()
            self.merged = {
                form: [row["row_id"] for row in merge(self.view, form)] for form in self.view.plans
            }
            try:
                run.deliver(exchange, NOW)
                self.undelivered = ""
            except DeliveryError as error:
                self.undelivered = str(error)
            self.infos = {info.name: info for info in exchange.plugins.infos}
            self.parts = exchange.store.submission(self.decided[0].number).parts
        self.codes = {notice.code for part in self.parts for notice in part.notices}
        self.documents = {
            path.name: path.read_bytes()
            for path in (self.place.outbox / "documents").rglob("*")
            if path.is_file()
        }


@pytest.fixture
def replaced(tmp_path, read_here, monkeypatch):
    """Live with and without the replacement of a built-in plugin that is switched off."""

    def lives(name, **more):
        without = Lived(tmp_path / "without", name, **more)
        entry = EntryPoint("theirs", f"tests.support.replacements:{name}", "nastavnik")
        monkeypatch.setattr("pipeline.workspace.plugin_loader.entry_points", lambda group: (entry,))
        having = Lived(tmp_path / "with", name, **more)
        for lived in (without, having):
            assert lived.infos[name].error == DISABLED
        assert having.infos["theirs"].error == ""
        return without, having

    return lives


@pytest.mark.parametrize(("name", "code"), sorted(DOCUMENTS.items()))
def test_a_document(replaced, name, code):
    without, having = replaced(name)
    (theirs,) = set(having.documents) - set(without.documents)
    assert (theirs, having.documents[theirs]) == (f"{code} Другой.txt", b"theirs")


@pytest.mark.parametrize("name", RULES)
def test_a_rule(replaced, name):
    without, having = replaced(name)
    assert having.codes - without.codes == {"theirs"}
    assert without.decided[0].outcome.startswith("accepted")


def test_a_merge_changes_the_base(replaced):
    without, having = replaced("merge")
    assert without.bases == {}
    assert set(having.bases) == set(having.view.plans)
    assert len(having.bases["F04"]) > 1
    assert having.bases == {form: rows[::-1] for form, rows in having.merged.items()}
    (book,) = (data for name, data in having.documents.items() if name.startswith("D06"))
    names = [row["mentor_fio"] for row in having.listed]
    cells = openpyxl.load_workbook(io.BytesIO(book))["Наставники"]["B"]
    shown = [cell.value for cell in cells if cell.value in set(names)]
    assert shown == [name for name in names if name in set(shown)]


def test_a_remark(replaced):
    without, having = replaced("remarks")
    assert without.view.remarks == ()
    assert [remark.notice.code for remark in having.view.remarks] == ["theirs"]
    assert (having.place.answers("oo-101") / "Уточнения 2026-2027.html").is_file()


def test_an_indicator(replaced):
    without, having = replaced("kpi70")
    assert without.view.indicators == {}
    assert having.view.indicators["KPI70-A"].numerator_low == 7
    assert having.bases == without.bases


def test_the_forms(replaced):
    without, having = replaced("forms")
    assert without.decided[0].outcome == "rejected"
    assert without.bases == {}
    assert sorted(part.form for part in having.parts) == ["F02", "F04", "F05"]
    assert sorted(having.bases) == ["F02", "F04", "F05"]


@pytest.mark.parametrize("name", sorted(READERS))
def test_a_reader(replaced, name):
    book = sheets("oo-101", only=("F02",))
    books = {
        "readers_office": ("xlsx", book),
        "readers_xls": ("xls", as_xls(book)),
        "readers_text": ("csv", CSV.encode()),
    }
    without, having = replaced(name, book=books[name])
    assert (without.decided[0].outcome, without.parts) == ("rejected", ())
    assert [part.form for part in having.parts] == ["F02"]


def test_a_transport(replaced):
    without, having = replaced("transport_folder")
    assert "Способа доставки «file» нет" in without.undelivered
    assert having.undelivered == ""
    assert [path.name for path in (having.place.outbox / "КРИРПО").iterdir()] == ["theirs.zip"]
