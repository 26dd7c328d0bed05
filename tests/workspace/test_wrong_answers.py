"""A plugin that answers wrongly, in every way: it is named, and nobody else notices."""

from __future__ import annotations

import re
import signal
import sys
import threading
from importlib.metadata import EntryPoint

import click
import pytest

from pipeline import hookimpl, run
from pipeline.commands import report
from pipeline.errors import DeliveryError
from pipeline.hookspecs import Stage
from pipeline.publication.today import write_today
from pipeline.workspace.containment import Faults, contain
from pipeline.workspace.plugin_loader import Loader
from tests.support import faulty, faulty_bases
from tests.support.faulty import COMMANDS, plugin
from tests.support.faulty_bases import others_merge
from tests.support.workspace import NOW, ReadHere, Workspace, recipient, sheets

CASES = {**faulty.CASES, **faulty_bases.CASES}
SCHOOLS = ("oo-101", "oo-102")
OTHER_DIGEST = "0" * 64


class Lived:
    """A workspace in which two schools sent a book and everything was done once.

    `given` are the numbers of the publication, `packages` the digests of what is sent.
    """

    def __init__(self, folder, *plugins, disabled=(), address="usb:stick"):
        names = ", ".join(f'"{name}"' for name in disabled)
        self.place = Workspace(
            folder,
            schools=SCHOOLS,
            more="auto_approve = true",
            recipients=[recipient(), recipient("other", address)],
            tail=f"\n[plugins]\ndisabled = [{names}]\n",
        )
        for second, school in enumerate(SCHOOLS):
            book = sheets(school, only=("F04", "F05"))
            self.place.drop(school, "Книга.xlsx", book, second=90 * second)
        with self.place.open(*plugins) as exchange:
            self.decided = run.accept(exchange, NOW, quiet=0)
            self.published = run.publish(exchange, NOW)
            self.undelivered = ""
            try:
                run.deliver(exchange, NOW)
            except DeliveryError as error:
                self.undelivered = str(error)
        with self.place.open(*plugins) as exchange:
            self.status = report.status(exchange, NOW)
            self.today = write_today(exchange, NOW).read_text("utf-8")
            self.parts = [exchange.store.submission(one.number).parts for one in self.decided]
            self.rows = exchange.store.rows_in_force("2026-2027")
            self.trouble = [i.error for i in exchange.plugins.infos if i.name == "Faulty"]
            self.damage = exchange.store.verify()
            self.packages = [one.record.digest for one in exchange.store.packages()]
        self.given = self.published.summary
        self.failed = [one for one in self.published.failed if one.plugin]
        self.lacking = [one for one in self.published.failed if not one.plugin]
        self.files = {
            path.name: path.read_bytes()
            for path in (self.place.outbox / "documents").rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """What the same schools get where no plugin is faulty, by the base that nobody makes."""
    made = {}

    def of(lacks=""):
        if lacks not in made:
            folder = tmp_path_factory.mktemp("calm") / "ws"
            words = ((others_merge(lacks),), ("merge",)) if lacks else ((), ())
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
                made[lacks] = Lived(folder, *words[0], disabled=words[1])
        return made[lacks]

    return of


def assert_others_notice_nothing(lived, calm):
    assert [(one.unit, one.outcome) for one in lived.decided] == [
        (one.unit, one.outcome) for one in calm.decided
    ]
    assert lived.rows == calm.rows
    assert lived.given == calm.given
    assert lived.files == calm.files
    # What is missing only because a base is, is nobody's fault.
    assert lived.lacking == calm.lacking
    assert not lived.damage


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_answer_is_named_and_the_others_go_on(tmp_path, read_here, calm, caplog, name):
    case = CASES[name]
    lived = Lived(tmp_path / "ws", plugin(case))
    assert_others_notice_nothing(lived, calm(case.lacks))
    assert not calm(case.lacks).status["faults"]
    assert lived.packages == ([] if "for the region" in name else calm(case.lacks).packages)

    (fault,) = lived.status["faults"]
    assert fault["plugin"] == "Faulty"
    assert re.search(case.said, fault["said"])
    assert "Faulty" in lived.today
    not_run = [one for parts in lived.parts for part in parts for one in part.not_run]
    if case.place == "decision":
        assert [one.plugin for one in not_run] == ["Faulty"] * len(SCHOOLS)
        assert fault["submissions"] == [one.number for one in lived.decided]
    else:
        assert not not_run
    failed = [(one.plugin, one.said) for one in lived.failed]
    assert failed == ([("Faulty", fault["said"])] if case.place == "publication" else [])
    assert any(lived.trouble) == (case.place == "loading")
    assert ("Faulty" in lived.undelivered) == (case.place == "delivery")
    # Whatever was raised, its words may hold what stood in a file.
    told = f"{fault} {lived.today} {lived.published.failed} {lived.undelivered} {caplog.text}"
    assert "Иванова" not in told


@pytest.mark.parametrize("name", ["check exits", "document is empty", "event raises"])
def test_the_commands_plugins_and_doctor_name_it(tmp_path, read_here, name):
    lived = Lived(tmp_path / "ws", plugin(CASES[name]))
    for answer in (report.plugins(lived.place.folder), report.doctor(lived.place.folder)):
        assert [fault["plugin"] for fault in answer["faults"]] == ["Faulty"]


def test_what_works_again_is_no_fault_any_more(tmp_path, read_here):
    lived = Lived(tmp_path / "ws", plugin(CASES["document is empty"]))
    good = CASES["document is empty"].hooks["register_documents"](None)[0]
    healed = type(good)(
        good.code, good.title, good.audience, good.suffix, write=lambda view: b"good"
    )
    Faulty = type("Faulty", (), {"register_documents": hookimpl(lambda self: (healed,))})
    assert lived.status["faults"]
    with lived.place.open(Faulty) as exchange:
        run.publish(exchange, NOW)
    with lived.place.open(Faulty) as exchange:
        assert not report.status(exchange, NOW)["faults"]


def test_a_transport_that_brings_another_digest_delivers_nothing(tmp_path, read_here):
    case = CASES["transport gives None"]
    made = case.hooks["register_transports"](None)[0]
    other = type(made)("usb", "", lambda path, address: OTHER_DIGEST)
    Faulty = type("Faulty", (), {"register_transports": hookimpl(lambda self: (other,))})
    lived = Lived(tmp_path / "ws", Faulty)
    assert "не тот пакет" in lived.undelivered
    with lived.place.open() as exchange:
        sent = {one.record.transport for one in exchange.store.deliveries()}
    assert sent == {"file"}


def test_a_view_that_is_written_into_changes_nothing(tmp_path, read_here, calm):
    """A table that a stage was given is its own: what it writes there nobody else sees."""

    def spoil(view):
        for table in (view.frame("F04"), view.base("F04")):
            table["mentor_fio"] = "Другой"
            table.loc[0, "unit"] = "oo-999"
            del table["row_id"]
        for rows in (view.rows("F04"), view.base_rows("F04")):
            assert isinstance(rows, tuple)
            for row in rows:
                with pytest.raises(TypeError):
                    row["mentor_fio"] = "Другой"
        for mapping in (view.plans, view.indicators):
            with pytest.raises((TypeError, AttributeError)):
                mapping.clear()
        return {}

    stages = [
        Stage(f"faulty_{scope}", "", "enrich", spoil, ("F04",), scope=scope)
        for scope in ("unit", "all")
    ]
    lived = Lived(
        tmp_path / "ws", type("Faulty", (), {"register_stages": hookimpl(lambda self: stages)})
    )
    assert_others_notice_nothing(lived, calm())
    assert not lived.status["faults"]


QUIET = (
    "contribute gives NaN",
    "conclude of nobody's",
    "share below zero",
    "pieces raise",
    "join writes no xlsx",
    "merge gives ragged rows",
)


@pytest.mark.parametrize("name", ["", *QUIET])
def test_looking_at_answers_loads_no_whole_form_and_makes_no_table(
    tmp_path, read_here, monkeypatch, name
):
    """What the built-in plugins and those that speak of one unit need stays that of one unit."""
    made = []
    for where in ("publication.tables.rows_of_form", "publication.tables.table_of"):
        monkeypatch.setattr(f"pipeline.{where}", lambda *_, where=where: made.append(where))
    Lived(tmp_path / "ws", *([plugin(CASES[name])] if name else []))
    assert made == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_cannot_be_added_leaves_the_others(name):
    said, hook = COMMANDS[name]
    ours = click.Command("accept")
    cli = click.Group(commands={"accept": ours})
    loader = Loader(extra=[type("Faulty", (), {"register_commands": hookimpl(hook)})])
    loader.commands(cli)
    assert cli.commands["accept"] is ours
    assert "run" in cli.commands
    (trouble,) = [i.error for i in loader.infos() if i.name == "Faulty" and i.error]
    assert said in trouble


@pytest.mark.parametrize("text", ["raise SystemExit(3)", "raise KeyboardInterrupt", "1 / 0", "("])
def test_a_module_that_cannot_be_imported_is_named(tmp_path, monkeypatch, text):
    (tmp_path / "faulty_module.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = EntryPoint("Faulty", "faulty_module", "nastavnik")
    monkeypatch.setattr("pipeline.workspace.plugin_loader.entry_points", lambda group: (entry,))
    described = Loader().describe()
    assert [bool(i.error) for i in described.infos if i.name == "Faulty"] == [True]
    assert set(described.forms) == {"F01", "F02", "F04", "F05", "F08"}
    sys.modules.pop("faulty_module", None)


READER = """
from pipeline import hookimpl
from pipeline.hookspecs import Reader

def sniff(head, name):
    {body}

def read(path):
    raise SystemExit

@hookimpl
def register_readers():
    return (Reader("faulty", "", sniff, read),)
"""


@pytest.mark.parametrize("body", ["raise SystemExit", "return 7", "return None", "return 1 / 0"])
def test_a_reader_that_cannot_tell_is_passed_over(tmp_path, monkeypatch, body):
    """In the real child processes: the reader is asked of every file."""
    (tmp_path / "faulty_reader.py").write_text(READER.format(body=body), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import faulty_reader  # noqa: PLC0415  # written just now

    place = Workspace(tmp_path / "ws")
    place.drop("oo-101", "Книга.xlsx", sheets("oo-101", only=("F02",)))
    (decided,) = place.accept(faulty_reader)
    assert decided.outcome == "accepted"
    with place.open(faulty_reader) as exchange:
        (fault,) = report.status(exchange, NOW)["faults"]
    assert (fault["plugin"], fault["kind"]) == ("faulty_reader", "reader")
    sys.modules.pop("faulty_reader", None)


@pytest.fixture
def hears_ctrl_c():
    """Whoever is started in the background of a shell does not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_and_other_signals_go_through(hears_ctrl_c):
    """What a person or the system sends is none of the plugin's, wherever it hits."""
    who = ("p", "stage", "s")

    def wait():
        while True:
            sum(range(100))

    def hit():
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(
        0.2, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
    )
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        contain(Faults(), who, wait, lambda answer: answer)
    with pytest.raises(KeyboardInterrupt):
        contain(Faults(), who, hit, lambda answer: answer)

    class EndedError(BaseException):
        pass

    def handler(_number, _frame):
        raise EndedError

    before = signal.signal(signal.SIGTERM, handler)
    try:
        with pytest.raises(EndedError):
            contain(
                Faults(), who, lambda: signal.raise_signal(signal.SIGTERM), lambda answer: answer
            )
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_table_of_the_settings_for_no_plugin_is_named(tmp_path, read_here):
    place = Workspace(tmp_path / "ws", tail="\n[plugins.usbb]\nport = 3\n")
    with place.open() as exchange:
        (fault,) = report.status(exchange, NOW)["faults"]
    assert (fault["plugin"], "плагина такого нет" in fault["said"]) == ("usbb", True)
