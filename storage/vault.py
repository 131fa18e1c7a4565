"""Vaults: one encrypted file per workspace, opened when asked for and closed when others need the room."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import migration, seals
from storage.engine import EncryptedFile
from storage.errors import KeyUnknown, StorageError, VaultRolledBack
from storage.keyring import Keyring
from storage.media_store import MediaStore
from storage.registry import Registry

logger = logging.getLogger(__name__)
OPEN_AT_ONCE = 64


class Vault(EncryptedFile):
    """One workspace's data."""

    def __init__(self, path: Path, keyring: Keyring, workspace_id: int) -> None:
        super().__init__(path, lambda: keyring.key(workspace_id), workspace_id=workspace_id)
        self.id = workspace_id
        self._keyring = keyring
        self._unsealed = False

    def key(self, use: str) -> bytes:
        """A key of this workspace for another use than the vault itself, such as "media"."""
        return self._keyring.key(self.id, use)

    @property
    def media(self) -> MediaStore:
        """The files that this workspace keeps."""
        return MediaStore(media_folder(self.path), self.key("media"), self.key("media digests"), self.id)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """The writer, one at a time: committed at the end, rolled back on any exception."""
        async with super().transaction() as session:
            self._unsealed = True
            yield session

    async def seals(self) -> int:
        """How often this file was sealed."""
        async with self.reading() as session:
            return int(await session.scalar(text("PRAGMA user_version")))

    async def seal(self) -> int | None:
        """Count one further, where something was written since; the new count, or None."""
        if not self._unsealed:
            return None
        count = await self.seals() + 1
        async with super().transaction() as session:
            await (await session.connection()).exec_driver_sql(f"PRAGMA user_version = {count}")
        self._unsealed = False
        return count


def media_folder(vault: Path) -> Path:
    """Where the kept files of a vault lie: beside it."""
    return vault.with_suffix(".media")


@dataclass
class _Shelf:
    """The place of one vault: who holds it, and whether it is open."""

    vault: Vault | None = None
    leases: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Vaults:
    """All vaults of an installation, the last used ones open."""

    def __init__(self, folder: Path, keyring: Keyring, registry: Registry, *, limit: int = OPEN_AT_ONCE) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._keyring = keyring
        self._registry = registry
        self._limit = limit
        self._shelves: dict[int, _Shelf] = {}  # the longest unused first
        self._seals: dict[int, int | None] = {}  # not yet written down in the registry

    def path(self, workspace_id: int) -> Path:
        """Where a workspace's vault lies."""
        return self.folder / f"w{workspace_id}.vault"

    async def create(self, workspace_id: int) -> None:
        """Make the key and the empty vault of a new workspace; may be repeated after a crash in between."""
        if not self._keyring.holds(workspace_id):
            await asyncio.to_thread(self._keyring.create, workspace_id)
        await migration.create(self.path(workspace_id), lambda: self._keyring.key(workspace_id), "vault")

    @asynccontextmanager
    async def open(self, workspace_id: int) -> AsyncIterator[Vault]:
        """Lease a vault: it stays open at least until the end of the block."""
        shelf = self._shelves.setdefault(workspace_id, _Shelf())
        shelf.leases += 1
        try:
            async with shelf.lock:
                if shelf.vault is None:
                    shelf.vault = await self._open(workspace_id)
                    await self._make_room()
                vault = shelf.vault
            yield vault
        finally:
            shelf.leases -= 1
            if self._shelves.get(workspace_id) is shelf:
                self._shelves[workspace_id] = self._shelves.pop(workspace_id)
            await self._make_room()

    async def seal(self) -> None:
        """Seal what was written since the last time; the scheduler calls this now and then (see `storage.seals`)."""
        for workspace_id, shelf in list(self._shelves.items()):
            if shelf.vault is not None:
                try:
                    async with self.open(workspace_id) as vault:
                        await self._seal(vault)
                except StorageError as error:  # one bad vault must not keep the others unsealed
                    logger.warning("vault %s was not sealed: %s", workspace_id, error)
        await self._write_seals()

    async def accept(self, workspace_id: int) -> None:
        """Take a vault as it stands, after the operator put an older copy in place on purpose."""
        vault = Vault(self.path(workspace_id), self._keyring, workspace_id)
        try:
            self._seals[workspace_id] = await vault.seals()
        finally:
            await vault.close()
        await self._write_seals()

    async def shred(self, workspace_id: int) -> None:
        """Destroy a workspace's key and vault for good; may be repeated after a crash in between."""
        shelf = self._shelves.setdefault(workspace_id, _Shelf())
        async with shelf.lock:
            await asyncio.to_thread(self._keyring.forget, workspace_id)
            vault, shelf.vault = shelf.vault, None
            if vault is not None:
                await vault.close()
            for left in self.folder.glob(f"{self.path(workspace_id).name}*"):
                left.unlink(missing_ok=True)
            await asyncio.to_thread(shutil.rmtree, media_folder(self.path(workspace_id)), ignore_errors=True)
        self._seals[workspace_id] = None
        await self._write_seals()

    async def discard_copies(self, *, older_than_days: float = migration.COPY_DAYS) -> None:
        """Remove the safety copies of past migrations: they would keep what was erased since."""
        oldest = time.time() - older_than_days * 86400
        for copy in self.folder.glob("*.before-*"):
            if copy.stat().st_mtime < oldest:
                copy.unlink(missing_ok=True)

    async def close(self) -> None:
        """Seal and close all vaults; the registry is closed after them."""
        for shelf in list(self._shelves.values()):
            async with shelf.lock:
                await self._shut(shelf)
        self._shelves.clear()
        try:
            await self._write_seals()
        except StorageError as error:  # a full disk must not keep the program from ending
            logger.warning("the seals of this run were not written down: %s", error)

    async def _open(self, workspace_id: int) -> Vault:
        if not self._keyring.holds(workspace_id):
            raise KeyUnknown(self.path(workspace_id), workspace_id=workspace_id)
        vault = Vault(self.path(workspace_id), self._keyring, workspace_id)
        try:
            await self._check_seal(vault)
            await migration.ready(vault, lambda: self._keyring.key(workspace_id), "vault")
        except BaseException:
            await vault.close()
            raise
        return vault

    async def _check_seal(self, vault: Vault) -> None:
        expected = self._seals.get(vault.id)
        if expected is None:
            async with self._registry.reading() as session:
                expected = await seals.known(session, vault.id)
        found = await vault.seals()
        if found < expected:
            raise VaultRolledBack(vault.path, expected=expected, found=found, workspace_id=vault.id)

    async def _make_room(self) -> None:
        """Close the longest unused vaults above the limit; one that is leased stays."""
        for workspace_id, shelf in list(self._shelves.items()):
            if self._open_count() > self._limit and not shelf.leases:
                async with shelf.lock:
                    if not shelf.leases:
                        await self._shut(shelf)
            if shelf.vault is None and not shelf.leases and self._shelves.get(workspace_id) is shelf:
                del self._shelves[workspace_id]

    def _open_count(self) -> int:
        return sum(shelf.vault is not None for shelf in self._shelves.values())

    async def _shut(self, shelf: _Shelf) -> None:
        vault, shelf.vault = shelf.vault, None
        if vault is None:
            return
        try:
            await self._seal(vault)
        except StorageError as error:  # a full disk must not keep it open, nor fail the one who asked for another vault
            logger.warning("vault %s was closed without a seal: %s", vault.id, error)
        finally:
            await vault.close()

    async def _seal(self, vault: Vault) -> None:
        count = await vault.seal()
        if count is not None:
            self._seals[vault.id] = count

    async def _write_seals(self) -> None:
        """One transaction for all, outside of any other: a caller may hold the registry while it leases a vault."""
        counts, self._seals = self._seals, {}
        if not counts:
            return
        try:
            async with self._registry.transaction() as session:
                await seals.keep(session, counts)
        except BaseException:
            self._seals = {**counts, **self._seals}
            raise
