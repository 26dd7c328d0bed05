"""Whatever breaks over somebody's data, in whichever room, tells nothing of that person."""

from __future__ import annotations

import json
import logging

import pytest
from click.testing import CliRunner

from pipeline.acceptance import inbox as intake
from pipeline.cli import cli
from pipeline.workspace.plugin_loader import Loader
from tests.support.planted import ADULT, PUPIL, book
from tests.support.workspace import Workspace, school, sheets

SECRET = f"{PUPIL.sentence()} / {ADULT.sentence()}"
NEEDLES = (*PUPIL.needles, *ADULT.needles)
# One of each floor is tried at every run of the tests, all of them with the heavy ones.
FEW = (
    "pipeline.acceptance.inbox._copied",
    "pipeline.acceptance.accept.prepare",
    "pipeline.acceptance.judge.judge",
    "pipeline.store.batch.apply",
    "pipeline.answers.receipt.page",
    "pipeline.packages.drafts.contents",
)
ROOMS = (
    "pipeline.acceptance.inbox._copied",
    "pipeline.store.archive.Archive.put",
    "pipeline.store.archive.Archive.put_record",
    "pipeline.store.archive.Archive.sync",
    "pipeline.store.writer.Writer.flush",
    "pipeline.store.known.Known.load",
    "pipeline.acceptance.accept.prepare",
    "pipeline.acceptance.decide.identify",
    "pipeline.acceptance.decide.part_privacy",
    "pipeline.acceptance.decide.without_minors",
    "pipeline.acceptance.decide.check",
    "pipeline.acceptance.judge.run_checks",
    "pipeline.acceptance.judge.judge",
    "pipeline.store.batch.to_bytes",
    "pipeline.store.batch.apply",
    "pipeline.store.apply.resolve",
    "pipeline.store.batch.update_in_force",
    "pipeline.store.ledger.Ledger.write",
    "pipeline.acceptance.accept.write_answer",
    "pipeline.answers.receipt.page",
    "pipeline.reading.child.marked",
    "pipeline.acceptance.inbox.take_away",
    "pipeline.publication.stored.plain_columns",
    "pipeline.plugins.merge.widened",
    "pipeline.publication.build.board",
    "pipeline.answers.followups._page",
    "pipeline.packages.drafts.contents",
    "pipeline.packages.drafts.pack",
    "pipeline.packages.cover.letter",
    "pipeline.packages.drafts.system.write_whole",
    "pipeline.publication.today.render",
    "pipeline.commands.report.cycle",
)
FAULTS = (
    ValueError(SECRET),
    KeyError(SECRET),
    OSError(5, SECRET, f"{PUPIL.name}.xlsx"),
    OSError(9999, SECRET),
    UnicodeEncodeError("utf-8", SECRET, 0, 1, SECRET),
)


SCAN = intake.scan


@pytest.fixture
def place(tmp_path, read_here, monkeypatch):
    """A workspace with the book full of names in its inbox, called after one of them."""
    monkeypatch.setattr(intake, "scan", lambda *words, **_: SCAN(*words, quiet_seconds=0))
    place = Workspace(tmp_path / "ws", more="auto_approve = true")
    # Something is in force already, so that the rooms of what replaces it are entered.
    one = school("oo-101").rows["F04"][:1]
    place.drop("oo-101", "Раньше.xlsx", sheets("oo-101", only=("F04",), F04=one))
    place.accept()
    place.drop("oo-101", f"{PUPIL.name}.xlsx", book(), second=100)
    # click remembers the words of its first use.
    if "run" not in cli.commands:
        Loader().commands(cli)
    return place


def told(place, caplog):
    """The exit code of a run, and all that it says anywhere."""
    ended = CliRunner().invoke(cli, ["-C", str(place.folder), "run", "--direct"])
    note = place.folder / ".nastavnik" / "last-run.json"
    kept = json.dumps(json.loads(note.read_bytes()), ensure_ascii=False) if note.is_file() else ""
    return ended.exit_code, "\n".join((ended.output, ended.stderr, caplog.text, kept))


def check_room(place, room, faults, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    for fault in faults:
        hits = []

        def fail(*_, fault=fault, hits=hits, **__):
            hits.append(room)
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr(room, fail)
            code, said = told(place, caplog)
        assert hits or fault is not faults[0], "the room was never entered"
        assert [needle for needle in NEEDLES if needle in said] == []
        assert "Traceback" not in said
        assert code in (0, 20, 30, 70, 74)


@pytest.mark.parametrize("room", FEW)
def test_a_fault_names_nobody(place, room, monkeypatch, caplog):
    """Neither on the screen nor in the log nor in what the state folder says of the run."""
    check_room(place, room, FAULTS[:1] + FAULTS[3:4], monkeypatch, caplog)


@pytest.mark.heavy
@pytest.mark.parametrize("room", ROOMS)
def test_no_fault_in_any_room_names_anybody(place, room, monkeypatch, caplog):
    check_room(place, room, FAULTS, monkeypatch, caplog)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_still_where_it_is_looked_for(room, monkeypatch):
    """The heavy ones are run rarely: a room that was moved shows here."""
    monkeypatch.setattr(room, None)
