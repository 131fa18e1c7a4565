"""One encrypted file in use: a single writer, a few readers, and errors in our own kinds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import exc
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import dialect
from storage.errors import (
    StorageError,
    StorageFull,
    StorageUnavailable,
    VaultBusy,
    VaultClosed,
    VaultDamaged,
    VaultUnreadable,
)

READERS = 2
KINDS: dict[int, type[StorageError]] = {
    dialect.BUSY: VaultBusy,
    dialect.CORRUPT: VaultDamaged,
    dialect.NOTADB: VaultUnreadable,
    dialect.FULL: StorageFull,
    dialect.IOERR: StorageUnavailable,
    dialect.CANTOPEN: StorageUnavailable,
    dialect.READONLY: StorageUnavailable,
}


class EncryptedFile:
    """A SQLCipher file that is open. `key` is asked for whenever a connection is made and is kept nowhere else."""

    def __init__(self, path: Path, key: Callable[[], bytes], *, workspace_id: int | None = None) -> None:
        self.path = path
        self.workspace_id = workspace_id
        self._key = key
        self._closed = False
        self._writing = asyncio.Lock()
        self._writer_task: asyncio.Task[Any] | None = None
        self._writer = dialect.encrypted_engine(path, self._connect, begin=dialect.WRITE)
        self._readers = dialect.encrypted_engine(path, self._connect_reader, begin=dialect.READ, pool_size=READERS)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path.name}>"

    def _connect(self) -> Any:
        return dialect.open_file(self.path, self._key())

    def _connect_reader(self) -> Any:
        return dialect.open_file(self.path, self._key(), {**dialect.PRAGMAS, "query_only": "ON"})

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """The writer, one at a time: committed at the end, rolled back on any exception.

        A cancelled transaction may have been committed already, so writes from outside are upserts.
        """
        if self._writer_task is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        async with self._writing:
            self._writer_task = asyncio.current_task()
            try:
                with self._explained():
                    async with AsyncSession(self._writer, expire_on_commit=False) as session:
                        yield session
                        await session.commit()
            finally:
                self._writer_task = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A reader: sees one moment of the file from its first query on, and cannot write."""
        with self._explained():
            async with AsyncSession(self._readers, expire_on_commit=False) as session:
                yield session

    async def close(self) -> None:
        """Let the writer finish, then close every connection; what asks afterwards gets `VaultClosed`."""
        async with self._writing:
            self._closed = True
            await asyncio.shield(self._dispose())  # a cancelled close must not leave threads behind

    async def _dispose(self) -> None:
        await self._readers.dispose()
        await self._writer.dispose()  # the last connection folds the write-ahead log into the file

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the driver's errors into ours; a broken constraint is the caller's to handle and passes."""
        if self._closed:
            raise VaultClosed(self.path, workspace_id=self.workspace_id)
        try:
            yield
        except StorageError as error:
            if error.path == self.path:  # the dialect does not know whose file it opens
                error.workspace_id = self.workspace_id
            raise
        except exc.TimeoutError as error:
            raise VaultBusy(self.path, workspace_id=self.workspace_id) from error
        except exc.DBAPIError as error:
            kind = KINDS.get(dialect.result_code(error.orig))
            if kind is None:
                raise
            raise kind(self.path, workspace_id=self.workspace_id) from error
