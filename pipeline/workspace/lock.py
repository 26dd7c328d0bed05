"""One run at a time holds the workspace; another one is told so at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import system
from pipeline.errors import BusyError, StorageError

# Advisory locks live within one database, and a workspace has a database of its own.
_WORKSPACE = 7_310_523
_BUSY = "Рабочее место занято: ещё идёт другой запуск. Дождитесь его конца и повторите."


@contextlib.contextmanager
def hold(root: Path, url: str | None = None) -> Iterator[None]:
    """Hold the workspace in *root* while inside; `BusyError` at once where another run does.

    The lock ends with the process, however it ends, so nothing is left to clean up. With a
    PostgreSQL *url* its database is held too, for another machine may share it.
    """
    with contextlib.ExitStack() as stack:
        with system.storage_trouble("Не удалось занять рабочее место"):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                stack.enter_context(FileLock(root / "lock", timeout=0, mode=0o600))
            except Timeout:
                raise BusyError(_BUSY) from None
        if url and not url.startswith("sqlite"):
            stack.enter_context(_hold_database(url))
        yield


@contextlib.contextmanager
def _hold_database(url: str) -> Iterator[None]:
    import sqlalchemy as sa  # noqa: PLC0415  # half a second that a local workspace must not pay

    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, poolclass=sa.NullPool, hide_parameters=True)
    try:
        connection = engine.connect()
    except sa.exc.OperationalError:
        raise StorageError("База данных недоступна или не отвечает.") from None
    with connection:
        query = f"SELECT pg_try_advisory_lock({_WORKSPACE})"
        if not connection.exec_driver_sql(query).scalar():
            raise BusyError(_BUSY)
        connection.commit()
        yield
