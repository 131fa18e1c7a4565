"""The registry: the one encrypted file of what belongs to no single workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import inspect
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import migration
from storage.columns import RegistryTable
from storage.engine import EncryptedFile
from storage.keyring import Keyring

Row = TypeVar("Row", bound=RegistryTable)
Answer = TypeVar("Answer")
REMEMBERED = 4096  # answers


class Registry(EncryptedFile):
    """People, workspaces, memberships, routes and dialogs; no client's message."""

    def __init__(self, path: Path, key: Callable[[], bytes]) -> None:
        super().__init__(path, key)
        self._remembered: dict[tuple[Any, ...], Any] = {}
        self._writes = 0
        self._certain = True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """As of any file; what is remembered ends with it."""
        certain = False
        try:
            async with super().transaction() as session:
                yield session
            certain = True
        finally:
            self._writes += 1
            self._remembered.clear()
            self._certain = certain

    async def recall(self, table: type[Row], key: Any) -> Row | None:
        """A row by its primary key, as it stands. It is shared: read it, and change your own in a transaction."""
        row = await self.answer(_row, table, key)
        if row is not None and inspect(row).modified:  # somebody did; nobody else shall see it
            self._remembered.pop((_row, table, key), None)
            return await self.recall(table, key)
        return row

    async def answer(self, read: Callable[..., Awaitable[Answer]], *asked: Any) -> Answer:
        """What `read(session, *asked)` gives: the same for each update, so it is read anew after a write only.

        That is exact, since one process alone writes here. A write that was cut short may land any time later, so
        nothing is remembered until the next one is through: that had to wait for it.
        """
        question = (read, *asked)
        if question in self._remembered:
            return cast("Answer", self._remembered[question])
        writes = self._writes
        async with self.reading() as session:
            answer = await read(session, *asked)
        if self._certain and writes == self._writes and len(self._remembered) < REMEMBERED:
            self._remembered[question] = answer
        return answer

    @classmethod
    async def create(cls, path: Path, keyring: Keyring) -> Registry:
        """Make the registry of a new installation and open it."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        await migration.create(path, lambda: keyring.key(None), "registry")
        return await cls.open(path, keyring)

    @classmethod
    async def open(cls, path: Path, keyring: Keyring) -> Registry:
        """The registry, brought to this program's schema."""
        registry = cls(path, lambda: keyring.key(None))
        try:
            await migration.ready(registry, lambda: keyring.key(None), "registry")
        except BaseException:
            await registry.close()
            raise
        return registry


async def _row(session: AsyncSession, table: type[Row], key: Any) -> Row | None:
    return await session.get(table, key)
