"""An installation's keys, registry and vaults in a folder of the test's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage import schema  # noqa: F401  knows all tables
from storage.keyring import Keyring
from storage.master_key import MasterKey
from storage.registry import Registry
from storage.vault import Vault, Vaults


@dataclass
class House:
    """What one installation keeps, and where."""

    folder: Path
    keyring: Keyring
    registry: Registry
    vaults: Vaults

    @classmethod
    async def build(cls, folder: Path) -> "House":
        keyring = Keyring.make(folder / "keyring", MasterKey.make(folder / "keys" / "master.key"))
        registry = await Registry.create(folder / "data" / "registry.db", keyring)
        return cls(folder, keyring, registry, Vaults(folder / "data" / "vaults", keyring, registry))

    @classmethod
    async def enter(cls, folder: Path, *, limit: int = 64) -> "House":
        keyring = Keyring(folder / "keyring", MasterKey.read(folder / "keys" / "master.key"))
        registry = await Registry.open(folder / "data" / "registry.db", keyring)
        return cls(folder, keyring, registry, Vaults(folder / "data" / "vaults", keyring, registry, limit=limit))

    async def leave(self) -> None:
        await self.vaults.close()
        await self.registry.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    built = await House.build(tmp_path)
    yield built
    await built.leave()


@pytest.fixture
async def vault(house: House) -> AsyncIterator[Vault]:
    await house.vaults.create(1)
    async with house.vaults.open(1) as opened:
        yield opened
