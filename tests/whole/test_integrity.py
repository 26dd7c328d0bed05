"""What was recorded is compared with what is there, witnesses are asked, and losses are mended."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.store.archive import Archive
from tests.support.killed_runs import LATER, copy, cycle, state, waiting_workspace
from tests.support.workspace import Opened, ReadHere

STATE = ".nastavnik"


def whole_state(folder):
    """What must be as before, once all is mended: the facts, the base, what lies in the outbox."""
    found = state(folder)
    files = {name: sha256 for name, sha256 in found["files"].items() if name.startswith("outbox")}
    return {**found, "files": files}


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A workspace after two cycles: answers, documents, a delivered package and a newer draft."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.workers", ReadHere)
        place = waiting_workspace(tmp_path_factory.mktemp("integrity") / "ws")
        cycle(place.folder)
        return place, whole_state(place.folder)


@pytest.fixture
def place(lived, tmp_path, read_here, monkeypatch):
    monkeypatch.setattr("pipeline.commands.integrity.workers", ReadHere)
    monkeypatch.setattr("pipeline.cli.now", lambda: LATER)
    return Opened(copy(lived[0], tmp_path / "ws"))


def ask(place, *words):
    """The exit code of a command, and all it says."""
    ended = CliRunner().invoke(cli, ["-C", str(place.folder), *words])
    return ended.exit_code, ended.output + ended.stderr


def packages(place):
    return sorted((place.outbox / "packages").rglob("*.zip"))


def named(place):
    """Every sha256 that a record names, by what it is."""
    with place.open() as exchange:
        store = exchange.store
        one = store.submissions()[0]
        return {
            "original": one.sha256,
            "registry": one.judged_by["registry"],
            "settings": one.judged_by["settings"],
            "contract": one.parts[0].contract,
            "package": store.packages()[-1].record.sha256,
            "record": store.ledger.head.record,
        }


def test_nothing_is_wanting_of_a_whole_workspace(place):
    assert ask(place, "verify")[0] == 0
    code, said = ask(place, "--json", "rebuild")
    assert (code, json.loads(said)["healed"]) == (0, [])


@pytest.mark.parametrize(
    "what", ["original", "registry", "settings", "contract", "package", "record"]
)
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_whatever_a_record_names_is_missed(place, lived, what, how):
    """What can be made again is put back; an original or a record is asked for from a copy."""
    blob = Archive(place.folder / STATE).path(named(place)[what])
    whole = blob.read_bytes()
    blob.unlink() if how == "gone" else blob.write_bytes(whole[:-1] + bytes([whole[-1] ^ 255]))
    code, said = ask(place, "verify")
    assert (code, blob.name in said) == (30, True)
    code, said = ask(place, "rebuild")
    if what in ("original", "record"):
        assert (code, blob.name in said, "резервной копии" in said) == (30, True, True)
        blob.write_bytes(whole)
    else:
        assert code == 0
        assert blob.read_bytes() == whole
    assert ask(place, "verify")[0] == 0
    assert whole_state(place.folder) == lived[1]


def test_files_of_the_outbox_are_missed_and_written_again(place):
    package = packages(place)[-1]
    answers = sorted((place.outbox / "units" / "oo-101").glob("*квитанция.html"))
    whole = package.read_bytes(), answers[0].read_bytes()
    package.write_bytes(b"PK")
    answers[0].unlink()
    code, said = ask(place, "verify")
    assert (code, package.name in said, "приём № 1" in said) == (30, True, True)
    code, said = ask(place, "rebuild")
    assert (code, "возвращено: 2" in said) == (0, True)
    assert (package.read_bytes(), answers[0].read_bytes()) == whole
    assert ask(place, "verify")[0] == 0


def test_each_flipped_byte_of_the_index_is_found(place):
    """Of any table: what it says is compared with what the facts say."""
    base = place.folder / STATE / "base.sqlite"
    whole = base.read_bytes()
    with sqlite3.connect(base) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema")]
    for table in ("submission", "part", "part_rows", "notice", "ledger", "package"):
        assert table in tables
        base.write_bytes(whole)
        with sqlite3.connect(base) as database:
            (column,) = [
                name
                for (_, name, *_) in database.execute(f"PRAGMA table_info({table})")
                if name in ("name", "contract", "statuses", "code", "record", "digest")
            ][-1:]
            database.execute(
                f"UPDATE {table} SET {column} = 'x' || substr({column}, 2)"
                f" WHERE rowid = (SELECT min(rowid) FROM {table})"
            )
        database.close()
        code, said = ask(place, "verify")
        assert (code, "index" in said) == (30, True), table
    assert ask(place, "rebuild")[0] == 0
    assert ask(place, "verify")[0] == 0


@pytest.mark.parametrize("left", [0, 3, -1])
def test_a_shortened_ledger_is_put_back_by_what_the_index_remembers(place, lived, left):
    ledger = place.folder / STATE / "ledger.jsonl"
    whole = ledger.read_bytes()
    ledger.write_bytes(b"".join(whole.splitlines(keepends=True)[:left]))
    assert ask(place, "verify")[0] == 30
    code, said = ask(place, "rebuild")
    assert (code, "журнала возвращено" in said, ledger.read_bytes()) == (0, True, whole)
    assert ask(place, "verify")[0] == 0
    assert whole_state(place.folder) == lived[1]


def shorten(place, left=-2):
    """Take the last facts out of ledger, archive and index, as an older copy would."""
    ledger = place.folder / STATE / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    with place.open() as exchange:
        gone = [entry.record for entry in exchange.store.ledger.entries(len(lines[:left]))]
        for sha256 in gone:
            exchange.archive.path(sha256).unlink()
    ledger.write_bytes(b"".join(lines[:left]))
    for base in (place.folder / STATE).glob("base.sqlite*"):
        base.unlink()


def test_an_older_copy_of_everything_is_found_by_the_note_beside_the_key(place):
    """Ledger, archive and index agree with one another; only the witness knows better."""
    (note,) = place.folder.glob("keys/*.head")
    noted = note.read_bytes()
    shorten(place)
    code, said = ask(place, "verify")
    assert (code, f"№ {noted.split()[0].decode()}" in said, "копи" in said) == (30, True, True)
    # Runs go on, and the note is not overwritten by them.
    assert ask(place, "accept")[0] == 0
    assert note.read_bytes() == noted
    code, said = ask(place, "rebuild")
    assert (code, "больше нет" in said) == (0, True)
    assert ask(place, "verify")[0] == 0
    assert note.read_bytes() != noted


def test_the_copy_of_the_receiver_is_a_witness(place, tmp_path):
    """He shows what nobody can change who can change this workspace, keys and all."""
    given = shutil.copy(packages(place)[-1], tmp_path)
    code, said = ask(place, "verify", str(given))
    assert (code, "выпущен здесь" in said) == (0, True)
    with zipfile.ZipFile(given) as archive:
        manifest = json.loads(archive.read("data/datapackage.json"))
    seq = manifest["ledger"]["seq"]
    with place.open() as exchange:
        assert exchange.store.fact_hash(seq) == manifest["ledger"]["hash"]
    shorten(place, seq - 1)
    next(place.folder.glob("keys/*.head")).unlink()
    assert ask(place, "verify", str(given))[0] == 30


@pytest.mark.parametrize("change", ["content", "more", "less", "no package", "not a zip"])
def test_a_package_that_was_changed_is_told(place, tmp_path, change):
    given = tmp_path / "пакет.zip"
    with zipfile.ZipFile(packages(place)[-1]) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if change == "content":
        files["data/board.csv"] += b"\n"
    elif change == "more":
        files["data/more.csv"] = b""
    elif change == "less":
        del files["data/board.csv"]
    elif change == "no package":
        files = {"a.txt": b""}
    with zipfile.ZipFile(given, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    if change == "not a zip":
        given.write_bytes(b"PK\3\4")
    code, said = ask(place, "verify", str(given))
    if change in ("no package", "not a zip"):
        assert (code, "не пакет" in said) == (2, True)
    else:
        assert (code, "изменён" in said) == (30, True)
