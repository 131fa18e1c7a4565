"""The registry: the one encrypted file of what belongs to no single workspace."""

from __future__ import annotations

from pathlib import Path

from storage import migration
from storage.engine import EncryptedFile
from storage.keyring import Keyring


class Registry(EncryptedFile):
    """People, workspaces, memberships, routes and dialogs; no client's message."""

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
