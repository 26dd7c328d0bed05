"""The store records first and indexes second, answers questions, and survives crashes."""

import json
import random
import sqlite3
import zlib

import pytest
import sqlalchemy as sa

from pipeline.errors import StorageError, UsageError, VerificationError
from pipeline.model import Notice
from pipeline.store import tables as t
from pipeline.store.ledger import Ledger
from pipeline.store.records import (
    ApprovalRecord,
    DecisionRecord,
    DeliveryRecord,
    PackageRecord,
    WithdrawalRecord,
)
from pipeline.store.rows import Damage
from pipeline.store.store import Store
from tests.support.store_facts import (
    AT,
    FORM,
    PERIOD,
    UNIT,
    answer,
    check_whole,
    held,
    part,
    question,
    send,
    submission,
    values,
    withdraw,
)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "state"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(root):
    opened = Store.open(root)
    yield opened
    check_whole(opened)
    opened.close()


class PowerCutError(Exception):
    """The process ends here."""


def cut(*_, **__):
    raise PowerCutError


class TestRecording:
    def test_a_number_is_the_place_in_the_ledger(self, store, root):
        assert store.next_number() == 1
        assert [send(store, part("Аня=1")), send(store, part("Аня=2"))] == [1, 2]
        assert store.head == Ledger(root).head
        assert store.next_number() == 3

    def test_the_record_comes_back_as_it_was(self, store):
        record = submission(
            part("Аня=1", notices=(Notice("x", "remark", row=2, params={"a": "б"}),)),
            questions=[question()],
        )
        assert store.record(store.append(record, AT)) == record

    def test_state_is_readable_by_its_owner_only(self, store, root):
        send(store, part("Аня=1"))
        assert root.stat().st_mode & 0o777 == 0o700
        files = [path for path in root.rglob("*") if path.is_file()]
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}

    def test_a_fact_that_cannot_be_is_refused_before_anything_is_written(self, store, root):
        number = send(store, held("Аня=1"), part("!Боря", "rejected"), questions=[question()])
        before = (root / "ledger.jsonl").read_bytes()
        refused = [
            DecisionRecord(f"{number}.7", "accept", "И", AT),
            DecisionRecord("чепуха", "accept", "И", AT),
            DecisionRecord(f"{number}.0", "maybe", "И", AT),
            DecisionRecord(f"{number}.0", None, "И", AT),
            WithdrawalRecord(99, 0, "И", AT),
            WithdrawalRecord(number, 2, "И", AT),
            WithdrawalRecord(number, 1, "И", AT),
        ]
        for record in refused:
            with pytest.raises(UsageError):
                store.append(record, AT)
        with pytest.raises(ValueError, match="superseded"):
            send(store, part("Аня=1", "superseded"))
        with pytest.raises(ValueError, match="part 3"):
            send(store, part("Аня=1"), questions=[question(part_index=3)])
        assert (root / "ledger.jsonl").read_bytes() == before


def refused_until_rebuilt(root, expected="Аня=1"):
    before = (root / "base.sqlite").read_bytes()
    with pytest.raises(VerificationError, match="нет в журнале"):
        Store.open(root)
    assert (root / "base.sqlite").read_bytes() == before
    store = Store.open(root, rebuild=True)
    assert values(store) == expected
    store.close()


class TestCrash:
    @pytest.mark.parametrize(
        ("step", "survives"),
        [
            ("pipeline.store.archive.Archive.put_record", False),
            ("pipeline.store.batch.apply", False),
            ("pipeline.store.batch.update_in_force", False),
            ("pipeline.store.writer.Writer.flush", False),
            ("pipeline.store.archive.Archive.sync", False),
            ("pipeline.store.ledger._write_all", False),
            ("sqlalchemy.engine.default.DefaultDialect.do_commit", True),
        ],
    )
    def test_a_cut_at_any_step_leaves_a_fact_whole_or_not_there(
        self, root, monkeypatch, step, survives
    ):
        store = Store.open(root)
        send(store, part("Аня=1"))
        with monkeypatch.context() as patch:
            patch.setattr(step, cut)
            with pytest.raises(PowerCutError):
                send(store, part("Аня=2"))
        store.close()
        again = Store.open(root)
        assert values(again) == ("Аня=2" if survives else "Аня=1")
        check_whole(again)
        again.close()

    def test_the_same_process_goes_on_after_a_lost_commit(self, store, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("sqlalchemy.engine.default.DefaultDialect.do_commit", cut)
            with pytest.raises(PowerCutError):
                send(store, part("Аня=1"))
        assert send(store, part("Аня=2")) == 2
        assert [one.number for one in store.submissions()] == [1, 2]

    def test_an_index_that_lags_behind_is_rolled_forward(self, root):
        store = Store.open(root)
        send(store, part("Аня=1"))
        store.close()
        old = (root / "base.sqlite").read_bytes()
        store = Store.open(root)
        number = send(store, held("Аня=2"), questions=[question()])
        answer(store, number, "accept")
        digest = store.digest()
        store.close()
        (root / "base.sqlite").write_bytes(old)
        store = Store.open(root)
        assert store.digest() == digest
        store.close()

    def test_an_index_of_another_history_is_kept_until_a_person_says_rebuild(self, root, tmp_path):
        for folder, text in ((root, "Аня=1"), (tmp_path / "other", "Боря=1")):
            store = Store.open(folder)
            send(store, part(text))
            send(store, part(text))
            store.close()
        (tmp_path / "other" / "base.sqlite").replace(root / "base.sqlite")
        refused_until_rebuilt(root)

    @pytest.mark.parametrize("left", [1, 0, None])
    def test_a_ledger_cut_short_is_told_from_the_index_that_remembers(self, root, left):
        store = Store.open(root)
        send(store, part("Аня=1"))
        send(store, part("Аня=2"))
        store.close()
        ledger = root / "ledger.jsonl"
        lines = ledger.read_bytes().splitlines(keepends=True)
        ledger.unlink() if left is None else ledger.write_bytes(b"".join(lines[:left]))
        refused_until_rebuilt(root, "Аня=2")
        assert ledger.read_bytes() == b"".join(lines)

    @pytest.mark.parametrize("damage", ["missing", "no database", "torn", "other version"])
    def test_a_lost_or_broken_index_is_made_anew(self, root, damage):
        store = Store.open(root)
        for age in range(30):
            send(store, part(f"Аня={age} Боря={age}"))
        digest = store.digest()
        store.close()
        base = root / "base.sqlite"
        if damage == "missing":
            base.unlink()
        elif damage == "no database":
            base.write_bytes("это не база".encode() * 100)
        elif damage == "torn":
            base.write_bytes(base.read_bytes()[:4096] + bytes(4096 * 20))
        else:
            with sqlite3.connect(base) as connection:
                connection.execute("UPDATE meta SET value = '0'")
            connection.close()
        store = Store.open(root)
        assert store.digest() == digest
        store.close()

    def test_a_writer_sees_what_another_process_recorded(self, store, root):
        other = Store.open(root)
        send(other, part("Аня=1 Боря=1"))
        send(store, part("Аня=2 !Боря", "accepted_partly"))
        send(other, part("Аня=3 !Боря", "accepted_partly"))
        other.close()
        assert values(store) == "Аня=3 Боря=1*"

    def test_a_rebuild_that_fails_leaves_the_index_as_it_was(self, store, monkeypatch):
        send(store, part("Аня=1"))
        digest = store.digest()
        with monkeypatch.context() as patch:
            patch.setattr("pipeline.store.store.update_in_force", cut)
            with pytest.raises(PowerCutError):
                store.rebuild()
        assert store.digest() == digest


class TestVerify:
    def test_a_flipped_bit_in_a_record_is_named(self, root):
        store = Store.open(root)
        send(store, part("Аня=1"))
        record = store.ledger.head.record
        path = store.archive.path(record)
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        assert store.verify() == [Damage("archive", record)]
        path.unlink()
        assert store.verify() == [Damage("archive", record)]
        store.close()

    def test_a_changed_ledger_line_is_named(self, store, root):
        send(store, part("Аня=1"))
        send(store, part("Аня=2"))
        path = root / "ledger.jsonl"
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"submission", b"Submission", 1))
        assert Damage("ledger", "1") in store.verify()
        path.write_bytes(whole)

    def test_an_index_that_was_edited_by_hand_is_found(self, store):
        send(store, part("Аня=1"))
        with store._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE part_rows SET data = x'00'")
        assert store.verify() == [Damage("index", "")]
        store.rebuild()

    def test_flipped_bytes_of_rows_are_found_and_never_returned(self, tmp_path, url):
        """In whatever database: what is packed is read only where it is what was written."""
        store, chance = Store.open(tmp_path, url), random.Random(7)
        number = send(store, part("Аня=1 Боря=22 !Вера", "accepted_partly"))
        with store._engine.connect() as connection:
            whole = bytes(connection.exec_driver_sql("SELECT data FROM part_rows").scalar())
        places = [*range(4), *chance.sample(range(len(whole)), 20)]
        broken = [whole[:p] + bytes([whole[p] ^ 0xFF]) + whole[p + 1 :] for p in places]
        for data in (*broken, b"", whole[:-1], whole + b"!", zlib.compress(b"{}")):
            with store._engine.begin() as connection:
                connection.execute(t.part_rows.update().values(data=data))
            assert store.verify() == [Damage("index", "")]
            for ask in (
                lambda: store.rows_in_force(PERIOD),
                lambda: store.row(f"{number}.0.0"),
                lambda: store.history(f"{number}.0.0"),
                lambda: list(store.parts_in_force(PERIOD)),
                lambda: send(store, part("Аня=2")),
            ):
                with pytest.raises(VerificationError, match="rebuild"):
                    ask()
        store.close()
        again = Store.open(tmp_path, url, rebuild=True)
        assert values(again) == "Аня=1 Боря=22"
        check_whole(again)
        again.close()

    def test_conservation_notices_a_lost_row_and_a_row_without_status(self, store):
        send(store, part("Аня=1 Боря=1"))
        for change in (
            "UPDATE part_rows SET statuses = 'i'",
            "UPDATE part_rows SET statuses = '..'",
            "DELETE FROM part_rows",
        ):
            with store._engine.begin() as connection:
                connection.exec_driver_sql(change)
            assert [one.holds for one in store.conservation(PERIOD)] == [False]
            store.rebuild()

    def test_conservation_counts_what_became_of_rows(self, store):
        send(store, part("Аня=1 Боря=1 Вера=1"))
        send(store, part("Аня=2 Боря=2"))
        withdraw(store, send(store, part("Аня=3")))
        send(store, held("Аня=4"), questions=[question()])
        (found,) = store.conservation(PERIOD)
        assert (found.unit, found.form, found.accepted) == (UNIT, FORM, 6)
        assert (found.in_force, found.superseded, found.withdrawn, found.absent) == (2, 2, 1, 1)


class TestTrouble:
    def test_a_database_that_is_held_is_a_storage_error_without_values(self, root, monkeypatch):
        monkeypatch.setattr("pipeline.store.tables._BUSY_SECONDS", 0)
        store = Store.open(root)
        blocker = sqlite3.connect(root / "base.sqlite", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as caught:
            send(store, part("Аня=1"))
        assert "Аня" not in str(caught.value)
        blocker.execute("ROLLBACK")
        blocker.close()
        assert send(store, part("Аня=1")) == 1
        store.close()

    def test_a_server_that_does_not_answer_is_a_storage_error(self, root, tmp_path):
        with pytest.raises(StorageError, match="База данных"):
            Store.open(root, f"postgresql://nobody@/none?host={tmp_path}")

    def test_a_full_disk_leaves_the_fact_unrecorded(self, store, monkeypatch):
        def full(*_, **__):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("pipeline.system.write_whole", full)
            with pytest.raises(StorageError, match="архив"):
                send(store, part("Аня=1"))
        assert store.next_number() == 1

    def test_a_statement_that_fails_does_not_show_its_values(self, store):
        with (
            pytest.raises(sa.exc.IntegrityError) as caught,
            store._engine.begin() as connection,
        ):
            connection.execute(sa.text("INSERT INTO meta VALUES (:a, :b)"), {"a": "Аня", "b": None})
        assert "Аня" not in str(caught.value)


class TestPackages:
    PACKAGE = PackageRecord("kripro", PERIOD, 1, "d" * 64, "e" * 64, "kripro_1.zip", AT, 7)

    def test_a_package_is_found_with_its_approval_and_delivery(self, store):
        store.append(self.PACKAGE, AT)
        ident = self.PACKAGE.id
        approval = ApprovalRecord(ident, "d" * 64, "Иванова И. И.", AT, "12-01/5")
        delivery = DeliveryRecord(ident, "e" * 64, "folder", AT, "e" * 64)
        store.append(approval, AT)
        number = store.append(delivery, AT)
        found = store.package(ident)
        assert (found.seq, found.at, found.record) == (1, AT, self.PACKAGE)
        assert [one.record for one in store.approvals(ident)] == [approval]
        assert [(one.seq, one.record) for one in store.deliveries(ident)] == [(number, delivery)]
        assert store.package("nothing") is None
        assert store.approvals("nothing") == store.deliveries("nothing") == []

    def test_numbers_run_by_recipient_and_period(self, store):
        assert store.next_package_number("kripro", PERIOD) == 1
        store.append(self.PACKAGE, AT)
        assert store.next_package_number("kripro", PERIOD) == 2
        assert store.next_package_number("kripro", "2027-2028") == 1
        assert store.next_package_number("uo", PERIOD) == 1
        assert store.packages(period="2027-2028") == []


def test_the_index_is_plain_json_and_text(store, root):
    """Rows can be read with any tool: deflated JSON by the contract's column names."""
    send(store, part("Аня=1 !Боря", "accepted_partly"))
    connection = sqlite3.connect(root / "base.sqlite")
    (data,) = connection.execute("SELECT data FROM part_rows").fetchone()
    connection.close()
    assert json.loads(zlib.decompress(data)) == {
        "lines": [2, 3],
        "keys": ["Аня", "Боря"],
        "states": ["accepted", "rejected"],
        "values": {"who": ["Аня", None], "age": [1, None]},
        "raw": {},
    }
