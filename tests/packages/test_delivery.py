"""Delivery: only what a person approved, the approved bytes, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from pipeline import run
from pipeline.errors import DeliveryError
from pipeline.hookspecs import Transport, hookimpl
from pipeline.plugins import transport_folder
from tests.support.workspace import NOW, Workspace, recipient, sheets

DATA = sheets("oo-101", only=("F02",))
NAME = "krirpo_2026-2027_1.zip"


@pytest.fixture
def approved(workspace):
    """A package that a person approved."""
    ready(workspace)
    return workspace


def ready(place, *, approve=True):
    place.give("oo-101", "Книга.xlsx", DATA)
    drafts = place.publish().drafts
    with place.open() as exchange:
        for draft in drafts if approve else ():
            run.approve(exchange, NOW, package=draft.name, who="Синицына В.П.", outgoing="7")


def delivered_to(workspace, folder="КРИРПО"):
    path = workspace.outbox / folder
    return sorted(p.name for p in path.iterdir()) if path.is_dir() else []


def test_a_draft_does_not_leave(workspace):
    ready(workspace, approve=False)
    assert [(one.package, one.state) for one in workspace.deliver()] == [(NAME, "not_approved")]
    assert delivered_to(workspace) == []


def test_an_approved_package_arrives_and_is_recorded_with_its_digest(approved):
    assert [one.state for one in approved.deliver()] == ["delivered"]
    data = (approved.outbox / "КРИРПО" / NAME).read_bytes()
    with approved.open() as exchange:
        (fact,) = exchange.store.deliveries()
        assert exchange.archive.get(fact.record.sha256) == data
    assert fact.record.evidence == hashlib.sha256(data).hexdigest()
    assert fact.record.transport == "file"


def test_what_has_arrived_is_not_sent_again(approved):
    approved.deliver()
    (approved.outbox / "КРИРПО" / NAME).unlink()
    facts = approved.facts()
    assert [one.state for one in approved.deliver()] == ["was_delivered"]
    assert (approved.facts(), delivered_to(approved)) == (facts, [])


@pytest.mark.parametrize("tampered", [b"other", None])
def test_what_leaves_is_what_was_approved_whatever_lies_in_the_outbox(approved, tampered):
    path = approved.outbox / "packages" / "krirpo" / NAME
    whole = path.read_bytes()
    path.unlink()
    if tampered:
        path.write_bytes(tampered)
    approved.deliver()
    assert (approved.outbox / "КРИРПО" / NAME).read_bytes() == whole


def test_without_a_recipients_address_nothing_leaves(tmp_path, read_here):
    place = Workspace(tmp_path / "ws", recipients=(recipient(address=""),))
    ready(place)
    assert [one.state for one in place.deliver()] == ["nothing"]


def test_an_unknown_scheme_names_those_that_are_known(tmp_path, read_here):
    place = Workspace(tmp_path / "ws", recipients=(recipient(address="ftp:там"),))
    ready(place)
    with pytest.raises(DeliveryError, match=r"«ftp» нет\. Есть: file"):
        place.deliver()


class Lying:
    """A transport whose other side confirms something else."""

    @hookimpl
    def register_transports(self):
        return (Transport("lie", "", lambda _path, _address: "0" * 64),)


class Crashing:
    """A transport with a bug."""

    @hookimpl
    def register_transports(self):
        return (Transport("crash", "", lambda _path, _address: {}["Иванов"]),)


@pytest.mark.parametrize(("scheme", "plugin"), [("lie", Lying), ("crash", Crashing)])
def test_one_recipients_trouble_does_not_stop_another(tmp_path, read_here, scheme, plugin):
    place = Workspace(
        tmp_path / "ws", recipients=(recipient("aaa", f"{scheme}:x"), recipient("krirpo"))
    )
    ready(place)
    with pytest.raises(DeliveryError, match="aaa_2026-2027_1") as trouble:
        place.deliver(plugin)
    assert (trouble.value.temporary, trouble.value.exit_code) == (False, 20)
    assert "Иванов" not in str(trouble.value)
    assert delivered_to(place) == [NAME]
    with place.open() as exchange:
        assert len(exchange.store.deliveries()) == 1


def test_a_share_that_is_not_there_is_no_folder_of_the_recipient(tmp_path, read_here):
    """Else the package would lie on our own disk and count as delivered."""
    place = Workspace(tmp_path / "ws", recipients=(recipient(address="file:/нет/такого"),))
    ready(place)
    with pytest.raises(DeliveryError) as trouble:
        place.deliver()
    assert trouble.value.temporary
    assert not Path("/нет").exists()


@pytest.fixture
def package(tmp_path):
    """A large file to be delivered, and where to."""
    source = tmp_path / "пакет.zip"
    source.write_bytes(bytes(range(256)) * 9000)
    return source, tmp_path / "получатель"


@pytest.mark.parametrize("left", [0, 1, 1 << 20, 2_304_000])
def test_a_cut_copy_is_taken_up_where_it_ended(package, left, monkeypatch):
    source, folder = package
    folder.mkdir()
    part = folder / ".пакет.zip.part"
    part.write_bytes(source.read_bytes()[:left])
    evidence = transport_folder.deliver(str(source), str(folder))
    assert evidence == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (folder / "пакет.zip").read_bytes() == source.read_bytes()
    assert [p.name for p in folder.iterdir()] == ["пакет.zip"]


@pytest.mark.parametrize("left", [b"x" * 4096, b"y" * 4_000_000])
def test_what_another_copy_left_is_written_over(package, left):
    source, folder = package
    folder.mkdir()
    (folder / ".пакет.zip.part").write_bytes(left)
    (folder / "пакет.zip").write_bytes(b"old")
    transport_folder.deliver(str(source), str(folder))
    assert (folder / "пакет.zip").read_bytes() == source.read_bytes()


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EACCES])
def test_a_failing_share_shows_no_half_package_and_may_heal(package, monkeypatch, code):
    source, folder = package
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _raise(OSError(code, "сбой")))
        with pytest.raises(DeliveryError) as trouble:
            transport_folder.deliver(str(source), str(folder))
    assert trouble.value.temporary
    assert not (folder / "пакет.zip").exists()
    transport_folder.deliver(str(source), str(folder))
    assert (folder / "пакет.zip").read_bytes() == source.read_bytes()


def _raise(error):
    def fail(*_):
        raise error

    return fail


def test_a_run_cut_off_after_the_copy_delivers_the_same_once(approved, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.store.Store.append", _raise(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            approved.deliver()
    assert delivered_to(approved) == [NAME]
    assert [one.state for one in approved.deliver()] == ["delivered"]
    with approved.open() as exchange:
        assert len(exchange.store.deliveries()) == 1
