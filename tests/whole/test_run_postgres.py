"""The whole way with PostgreSQL in place of SQLite: the same facts, digest and files."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa

from pipeline import run
from pipeline.acceptance import accept
from pipeline.commands import integrity
from pipeline.errors import StorageError
from tests.support.workspace import NOW, Opened, Workspace, careful_book, school, sheets


def go(place):
    """Accept, publish, approve and deliver; return the digest of the index."""
    with place.open() as exchange:
        run.accept(exchange, NOW, quiet=0)
        run.publish(exchange, NOW)
        run.approve(exchange, NOW, package="", who="Синицына В.П.", outgoing="01-1")
        assert [one.state for one in run.deliver(exchange, NOW)] == ["delivered"]
        return exchange.store.digest()


def outcome(place):
    """What of a workspace must not depend on its database: the facts, and files with bytes."""
    return place.facts(), {name: sha256 for name, (sha256, _) in place.files().items()}


@pytest.fixture
def pair(tmp_path, read_here, postgres_url):
    """Two copies of a workspace with files in the inbox: on SQLite, and on PostgreSQL."""
    one = Workspace(tmp_path / "sqlite")
    few = school("oo-101").rows["F04"][:-1]
    broken = [row | {"start_date": "32.13.2026"} for row in school("oo-117").rows["F04"]]
    one.drop("oo-101", "Книга.xlsx", careful_book("oo-101"), second=10)
    one.drop("oo-101", "Книга 2.xlsx", sheets("oo-101", only=("F04",), F04=few), second=500)
    one.drop("oo-102", "Книга.xlsx", careful_book("oo-102"), second=20)
    one.drop("oo-117", "Наставники.xlsx", sheets("oo-117", F04=broken), second=30)
    one.drop("oo-103", "приказ.pdf", b"%PDF-1.4", second=40)
    shutil.copytree(one.folder, tmp_path / "postgres")
    other = Opened(tmp_path / "postgres")
    settings = other.folder / "nastavnik.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'database = "{postgres_url}"\n{text}', encoding="utf-8")
    return one, other


def test_both_databases_end_alike_and_a_second_run_is_idle(pair):
    lite, server = pair
    digest = go(lite)
    assert go(server) == digest
    assert outcome(lite) == outcome(server)
    assert not (server.folder / ".nastavnik" / "base.sqlite").exists()
    before = (server.facts(), server.files())
    with server.open() as exchange:
        again = run.cycle(exchange, NOW, quiet=0)
        assert again.decided == ()
        assert [one.state for one in again.delivered] == ["was_delivered"]
        assert integrity.verify(exchange)["damage"] == []
        assert integrity.rebuild(exchange, NOW)["digest"] == digest
    assert (server.facts(), server.files()) == before


def test_a_database_that_was_lost_is_filled_from_the_ledger(pair, postgres_url):
    _, server = pair
    digest = go(server)
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    assert server.digest() == digest


def test_a_server_that_went_away_ends_the_run_and_the_next_one_completes_it(
    pair, postgres_url, monkeypatch
):
    """The connection is cut in the middle of a file; nothing is lost and nothing is doubled."""
    lite, server = pair
    digest = go(lite)
    address = sa.make_url(postgres_url)
    engine = sa.create_engine(address.set(database="postgres"), poolclass=sa.NullPool)
    really, calls = accept.decide, []

    def cut(*words):
        calls.append(1)
        if len(calls) == 3:
            with engine.connect() as connection:
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :it"
                    ),
                    {"it": address.database},
                )
        return really(*words)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.acceptance.accept.decide", cut)
        with pytest.raises(StorageError, match="База данных"):
            go(server)
    assert go(server) == digest
    assert outcome(lite) == outcome(server)
