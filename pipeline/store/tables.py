"""The tables of the index, and the two databases they live in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from pipeline import system
from pipeline.errors import StorageError, VerificationError
from pipeline.store.archive import inflated
from pipeline.store.records import RowColumns

# Raised when a table or what `apply` puts into it changes: the index is then made anew.
SCHEMA = 5
# Tables of earlier versions; they lean on those of today.
_FORMER = ("data_row",)

# One writer at a time also where two processes roll the index forward.
_WRITER = 7_310_524
_BUSY_SECONDS = 30

_BIG: sa.types.TypeEngine[Any] = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REAL: sa.types.TypeEngine[Any] = sa.Double().with_variant(sa.REAL(), "sqlite")
_WORDS: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "int": sa.Integer(),
    "big": _BIG,
    "real": _REAL,
    "blob": sa.LargeBinary(),
}

# In KiB; more would hold the whole database of a district, which the system holds anyway.
_CACHE = "cache_size=-16000"
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", _CACHE)

metadata = sa.MetaData()


# What SQLite says of a file whose tables or pages are not what was written: error, corrupt, no
# database. A text that is not text has no code.
_BROKEN = (1, 11, 26, None)


class BrokenIndexError(VerificationError):
    """The file of the database is not a database any more; all of it is in the ledger."""

    def __init__(self) -> None:
        super().__init__("Файл базы повреждён. Соберите её заново: nastavnik rebuild.")


def _table(name: str, key: str, columns: str, *more: sa.schema.SchemaItem) -> sa.Table:
    """Describe a table by words: «seq:int at» is a number and a text, «?» allows NULL."""
    keys = key.split()
    made = []
    for word in columns.split():
        title, _, kind = word.rstrip("?").partition(":")
        made.append(
            sa.Column(
                title,
                _WORDS[kind or "text"],
                primary_key=title in keys,
                autoincrement=False,
                nullable=word.endswith("?"),
                info={"kind": kind or "text"},
            )
        )
    return sa.Table(name, metadata, *made, *more, sqlite_strict=True)


def _within(*columns: str) -> sa.ForeignKeyConstraint:
    targets = ("submission.number",) if len(columns) == 1 else ("part.submission", "part.part")
    return sa.ForeignKeyConstraint(columns, targets)


meta = _table("meta", "name", "name value")
ledger = _table("ledger", "seq", "seq:int at kind record hash")
submission = _table(
    "submission",
    "number",
    "number:int moment sha256 name size:big modified:real folder subfolder scan unit? outcome"
    " reason? reader program judged_by rejudged:int?",
    sa.Index("submission_bytes", "sha256", "unit"),
    sa.Index("submission_scan", "scan"),
    sa.Index("submission_folder", "folder", "number"),
)
# `unit` is whom the part speaks for now, `given` what was read; `settled` the outcome after the
# answers of persons, `outcome_now` after later parts too; `applied` its place among accepted parts,
# which is the number of its file, `since` the fact that accepted it.
part = _table(
    "part",
    "submission part",
    "submission:int part:int unit form period stage given mode contract outcome proposed? settled"
    " applied:int? since:int? withdrawn:int? outcome_now live:int accepted:int errors:int"
    " remarks:int sheet nil:int unchanged:int counts not_run",
    _within("submission"),
    sa.Index("part_key", "unit", "form", "period", "stage"),
    sa.Index("part_period", "period", "form", "unit"),
)
# The columns of a part (`RowColumns`), deflated, with the sha256 of what they inflate to. What
# changes (a letter a row, `resolve.STATUSES`) stands before them: they are then not read for it.
part_rows = _table(
    "part_rows",
    "submission part",
    "submission:int part:int statuses sha256 data:blob",
    _within("submission", "part"),
)
# `part` is -1 for what is said of the whole file.
notice = _table(
    "notice",
    "submission part pos",
    "submission:int part:int pos:int code severity form? sheet? line:int? field? cell? value?"
    " params who?",
    _within("submission"),
)
# `asked` is 1 for what the verdict in force asks.
question = _table(
    "question",
    "submission pos",
    "submission:int pos:int part:int kind choices params asked:int choice? decided:int?",
    _within("submission"),
)
decision = _table("decision", "seq", "seq:int question choice? who moment note")
withdrawal = _table(
    "withdrawal",
    "seq",
    "seq:int submission:int part:int who moment reason revokes:int?",
    _within("submission"),
)
package = _table(
    "package",
    "seq",
    "seq:int id recipient period number:int digest sha256 name moment ledger_seq:int supersedes?",
    sa.Index("package_id", "id"),
)
approval = _table("approval", "seq", "seq:int package digest who moment outgoing")
delivery = _table("delivery", "seq", "seq:int package sha256 transport moment evidence")
extension = _table(
    "extension", "seq", "seq:int units form stage period until who moment reason revokes:int?"
)


def connect(root: Path, url: str | None, *, reading: bool = False) -> sa.Engine:
    """Return an engine for PostgreSQL by *url*, else for the SQLite file in *root*.

    With *reading* nothing can be changed by it, and no file is made.

    SQLite syncs at checkpoints only (NORMAL): a power cut may lose the newest transactions but
    breaks nothing, and the ledger, synced at each fact, brings them back.
    """
    if url and not url.startswith("sqlite"):
        address = sa.make_url(url)
        if address.drivername in ("postgres", "postgresql"):
            address = address.set(drivername="postgresql+psycopg")
        engine = sa.create_engine(address, hide_parameters=True)
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return engine.execution_options(**snapshot) if reading else engine
    path = root / "base.sqlite"
    if reading:
        return _sqlite(f"sqlite:///{path.absolute().as_uri()}?mode=ro&uri=true", reading=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    return _sqlite(f"sqlite:///{path}")


def scratch() -> sa.Engine:
    """Return an engine for a database in memory, to replay facts beside the real one."""
    return _sqlite("sqlite://")


def _sqlite(url: str, *, reading: bool = False) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (_CACHE,) if reading else _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def discard(root: Path) -> None:
    """Remove the SQLite file in *root*, which `connect` then makes anew."""
    for suffix in ("", "-wal", "-shm"):
        (root / f"base.sqlite{suffix}").unlink(missing_ok=True)


@contextlib.contextmanager
def trouble() -> Iterator[None]:
    """Turn trouble of the database into `StorageError`, without statements or values."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        if _is_broken(error.orig):
            raise BrokenIndexError from None
        if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise StorageError("База данных не записана: на диске нет места.") from None
        kind = type(error.orig).__name__
        raise StorageError(f"База данных недоступна или не отвечает ({kind}).") from None
    except sa.exc.DatabaseError as error:
        if type(error) is not sa.exc.DatabaseError:
            raise
        raise BrokenIndexError from None
    except OSError as error:
        reason = system.reason(error)
        raise StorageError(f"Не удалось обратиться к базе данных: {reason}.") from error


def _is_broken(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _BROKEN


@contextlib.contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a connection that sees one state of the database."""
    with trouble(), engine.connect() as connection:
        yield connection


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction that no other writer can be beside: all of it is kept or nothing."""
    with trouble(), engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
        yield connection


def create(connection: sa.Connection) -> None:
    """Make all tables anew and empty."""
    for name in _FORMER:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    metadata.drop_all(connection)
    metadata.create_all(connection)
    insert(connection, meta, [("schema", str(SCHEMA))])


def position(connection: sa.Connection) -> tuple[int, str] | None:
    """Return (number, hash) of the newest fact in the index, (0, …) for an empty one.

    None where there are no tables, or tables of another version.
    """
    if not sa.inspect(connection).has_table(meta.name):
        return None
    if connection.execute(sa.select(meta.c.value)).scalar() != str(SCHEMA):
        return None
    newest = sa.select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)
    found = connection.execute(newest).first()
    return (found.seq, found.hash) if found else (0, "0" * 64)


def run_many(connection: sa.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement written with «?» for each tuple; three times faster than Core's inserts."""
    if rows:
        if connection.dialect.name != "sqlite":
            statement = statement.replace("?", "%s")
        connection.exec_driver_sql(statement, list(rows))


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    names = ", ".join(column.name for column in table.columns)
    lines = [tuple(map(_storable, values)) for values in rows]
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", lines)
        return
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608  # own names
    run_many(connection, statement, lines)


def _copy(connection: sa.Connection, statement: str, lines: Sequence[tuple[Any, ...]]) -> None:
    """Send lines to PostgreSQL in one stream; its words of an error would hold their values."""
    import psycopg  # noqa: PLC0415  # there only where PostgreSQL is used

    try:
        with connection.connection.cursor().copy(statement) as stream:
            for line in lines:
                stream.write_row(line)
    except psycopg.Error as error:
        kind = type(error).__name__
        raise StorageError(f"База данных недоступна или не отвечает ({kind}).") from None


def columns(sha256: str, packed: bytes) -> RowColumns:
    """Return the columns of a part; `BrokenIndexError` where they are not what was written."""
    return RowColumns.from_plain(json.loads(_unpacked(sha256, packed)))


def _unpacked(sha256: str, packed: bytes) -> bytes:
    data = inflated(packed)
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise BrokenIndexError
    return data


def check_pages(connection: sa.Connection) -> None:
    """Read every page of a SQLite file; `BrokenIndexError` where they do not fit together."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise BrokenIndexError


def digest(connection: sa.Connection) -> str:
    """Hash every row of every table in the order of its key; the same in both databases.

    Of what is packed its sha256 is hashed, once it was seen to be true.
    """
    result = hashlib.sha256()
    for table in sorted(metadata.tables.values(), key=lambda t: t.name):
        result.update(table.name.encode())
        query = sa.select(table).order_by(*table.primary_key.columns)
        with connection.execute(query, execution_options={"yield_per": 500}) as rows:
            for row in rows:
                values = list(row)
                if table is part_rows:
                    packed = values.pop()
                    _unpacked(values[-1], packed)
                # What is neither text nor number stands in a broken file only.
                result.update(json.dumps(values, ensure_ascii=True, default=repr).encode())
    return result.hexdigest()


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in a text, and a stray one in a sheet's name must lose no file."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
