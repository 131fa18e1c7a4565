"""SQLAlchemy's way to a SQLCipher file: aiosqlite's worker thread over sqlcipher3, with the key outside of all SQL."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    AsyncAdapt_aiosqlite_ss_cursor,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import ConnectArgsType
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import await_
from sqlcipher3 import dbapi2 as sqlcipher

from storage.errors import VaultMissing, VaultUnreadable

BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB = 5, 8, 10, 11, 13, 14, 26  # sqlite.org/rescode.html
KEY_BYTES = 32
BUSY_SECONDS = 5.0
READ, WRITE = (
    "BEGIN",
    "BEGIN IMMEDIATE",
)  # a reader never waits; a writer takes its place at once: no upgrade, no deadlock
LAST = "wysper_last"  # execution option: nothing of this transaction comes after the statement
STEPS_BETWEEN_LOOKS = 50_000  # of SQLite's machine, about a millisecond

PRAGMAS: Mapping[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # what was acknowledged survives the power cut
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "temp_store": "MEMORY",  # a sort must not spill plain rows into /tmp
    "cell_size_check": "ON",
    "trusted_schema": "OFF",
    "cache_size": -8000,  # KiB
    "journal_size_limit": 64 * 2**20,
}


def result_code(error: BaseException | None) -> int:
    """SQLite's primary result code behind an exception of the driver; 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def open_file(path: Path, key: bytes, pragmas: Mapping[str, str | int] = PRAGMAS, *, create: bool = False) -> Any:
    """A driver connection to the file; blocks, so it belongs on a worker thread.

    Refuses a missing or empty file unless it is to be created: SQLite would start a new, empty one in its place.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a vault key is 32 bytes")
    if not create and not (path.is_file() and path.stat().st_size):
        raise VaultMissing(path)
    # The worker thread runs the statements; cursors are made and closed from the loop's thread, one at a time.
    connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.set_key(b"x'" + key.hex().encode() + b"'")  # the raw form: no derivation, so it opens in 0.4 ms
        connection.execute("PRAGMA cipher_log_level = NONE")  # else page numbers go to stderr
        _probe(connection, path)
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name} = {value}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _probe(connection: Any, path: Path) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher.DatabaseError as error:
        if result_code(error) == NOTADB:
            raise VaultUnreadable(path) from error
        raise


class _Connection(aiosqlite.Connection):
    abandoned = False
    _stopped: asyncio.Future[Any] | None = None

    async def _connect(self) -> Any:
        """As aiosqlite's; but when an opening fails, its thread is through before this raises.

        Else the thread answers to whatever loop there was then, and a program that ends on the error ends with another.
        """
        try:
            return await super()._connect()
        except BaseException:
            if self._stopped is not None:
                await self._stopped
            raise

    def stop(self) -> asyncio.Future[Any] | None:
        """Remember the end that was asked for."""
        self._stopped = super().stop()
        return self._stopped

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite has none here
        except asyncio.CancelledError:
            self.abandoned = True
            raise

    def given_up(self) -> bool:
        """Asked by SQLite while it works: without this an abandoned query keeps its thread and its lock.

        `interrupt()` would not do: it passes by a query that is still waiting for its thread.
        """
        return self.abandoned


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Begins, runs a statement and fetches its rows in one trip to the worker thread; the stock cursor makes six.

    A trip wakes a sleeping thread twice, which takes longer than most statements.
    """

    __slots__ = ("is_last",)
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        super().__init__(adapt_connection)
        self.is_last = False  # whether the commit goes along

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection._conn.cursor()  # noqa: SLF001  aiosqlite's own seam for SQLAlchemy

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001
            self._rows = await self._connection._execute(self._run, operation, parameters or ())  # noqa: SLF001

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001
            await self._connection._execute(self._run_many, operation, seq_of_parameters)  # noqa: SLF001

    def _run(self, operation: Any, parameters: Any) -> deque[Any]:
        cursor = self._begun()
        cursor.execute(operation, parameters)
        rows = deque(cursor.fetchall() if cursor.description else ())
        if self.is_last:
            cursor.connection.commit()
        return rows

    def _run_many(self, operation: Any, seq_of_parameters: Any) -> None:
        self._begun().executemany(operation, seq_of_parameters)

    def _begun(self) -> Any:
        adapted: Any = self._adapt_connection
        adapted.start()
        return self._cursor


class _StreamingCursor(AsyncAdapt_aiosqlite_ss_cursor):
    """Fetches as the reader goes on; for what is too much to hold at once."""

    __slots__ = ()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        adapted: Any = self._adapt_connection
        await self._connection._execute(adapted.start)  # noqa: SLF001
        return await super()._execute_async(operation, parameters)


class _AdaptedConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("begin",)
    _cursor_cls = _Cursor
    _ss_cursor_cls = _StreamingCursor
    begin: str

    @property
    def driver(self) -> Any:
        """sqlcipher3's own connection; None once it is closed."""
        return self._connection._connection  # noqa: SLF001

    def start(self) -> None:
        """Begin a transaction where none is open; called on the worker thread."""
        if not self.driver.in_transaction:
            self.driver.execute(self.begin)

    def commit(self) -> None:
        """Spare the trip where the last statement has committed."""
        if self.driver.in_transaction:
            super().commit()

    def rollback(self) -> None:
        """Spare the trip where nothing was written, or nothing is left to roll back: the pool asks once too often."""
        if self.driver is None or not self.driver.in_transaction:
            return
        if self.begin == READ and not self._connection.abandoned:
            self.driver.rollback()
        else:
            super().rollback()


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def _init_dbapi_attributes(self) -> None:
        names = (
            *("Error", "Warning", "InterfaceError", "DatabaseError", "DataError", "OperationalError"),
            *("IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError"),
            *("sqlite_version", "sqlite_version_info", "PARSE_COLNAMES", "PARSE_DECLTYPES", "Binary"),
        )
        for name in names:
            setattr(self, name, getattr(self.sqlite, name))

    def connect(self, *, opener: Callable[[], Any], begin: str) -> _AdaptedConnection:
        def watched() -> Any:
            made = opener()
            made.set_progress_handler(connection.given_up, STEPS_BETWEEN_LOOKS)
            return made

        connection: Any = _Connection(watched, iter_chunk_size=64)
        connection._thread.daemon = True  # noqa: SLF001  a forgotten connection must not hold up the exit
        adapted = _AdaptedConnection(self, await_(connection))
        adapted.begin = begin
        return adapted


class SQLCipherDialect(SQLiteDialect_aiosqlite):
    """SQLite's dialect, with errors and connections of SQLCipher."""

    driver = "aiosqlcipher"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> _Driver:
        return _Driver(aiosqlite, sqlcipher)

    def create_connect_args(self, url: URL) -> ConnectArgsType:  # noqa: ARG002  the opener knows the path
        """None: the opener has them all."""
        return (), {}

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        """Run it; with the execution option LAST, commit in the same trip."""
        cursor.is_last = context is not None and context.execution_options.get(LAST, False)
        cursor.execute(statement, parameters)

    def on_connect(self) -> None:  # type: ignore[override]
        """None of the stock Python functions (REGEXP): nothing asks for them."""

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Leave it: BEGIN is ours, see `_Cursor`."""

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        """After a page that failed its check SQLCipher refuses all else, so that connection is thrown away."""
        return result_code(e) in {CORRUPT, NOTADB, IOERR, READONLY} or super().is_disconnect(e, connection, cursor)


registry.register("sqlite.aiosqlcipher", __name__, "SQLCipherDialect")


def encrypted_engine(path: Path, opener: Callable[[], Any], *, begin: str, pool_size: int = 1) -> AsyncEngine:
    """An engine over connections that `opener` makes, each transaction started with `begin`."""
    return create_async_engine(
        URL.create("sqlite+aiosqlcipher", database=str(path)),
        connect_args={"opener": opener, "begin": begin},
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,  # an error must not carry a client's words into a log
    )
