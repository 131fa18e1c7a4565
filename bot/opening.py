"""Opening an installation: the lock, the keys, the registry and the vaults, in this order, and closing them again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.config import Config, ConfigError, Storage
from bot.lock import held
from crm.installation import Installation, Rules, plainly
from crm.ports import Clock
from storage import workspaces
from storage.engine import EncryptedFile
from storage.keyring import Keyring
from storage.masks import Naming
from storage.master_key import MasterKey, parse_secret
from storage.registry import Registry
from storage.vault import Vaults


async def make(storage: Storage) -> None:
    """A new installation: key file, keyring and registry. What a cut-short attempt left is used, never overwritten."""
    storage.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if storage.key_file.resolve().is_relative_to(storage.folder.resolve()):
        raise ConfigError("storage.key_file: the key must not lie in the folder that it locks")
    if not storage.key_file.exists():
        MasterKey.make(storage.key_file, secret=_secret(storage), passphrase=_passphrase(storage))
    if not keyring_path(storage).exists():
        Keyring.make(keyring_path(storage), master_key(storage))
    if not registry_path(storage).exists():
        registry = await Registry.create(registry_path(storage), Keyring(keyring_path(storage), master_key(storage)))
        await registry.close()


@asynccontextmanager
async def opened(config: Config, clock: Clock, naming: Naming = plainly) -> AsyncIterator[Installation]:
    """The installation, ours alone until the end of the block. Raises ConfigError or StorageError.

    `naming`: what clients are called by whom it is hidden from who they are.
    """
    storage, operator = config.storage, config.operator
    if not storage.folder.is_dir():
        raise ConfigError(f"there is nothing at {storage.folder}; `wysper init` makes it")
    with held(storage.folder):
        keyring = Keyring(keyring_path(storage), master_key(storage))
        registry = await Registry.open(registry_path(storage), keyring)
        vaults = Vaults(vaults_folder(storage), keyring, registry, limit=storage.open_vaults)
        rules = Rules(
            open_sign_up=operator.open_sign_up,
            grace=timedelta(days=operator.grace_days),
            policy_version=operator.policy_version,
            operator=operator.name,
            email=operator.email,
            website=operator.website,
        )
        try:
            yield Installation(registry, vaults, clock, rules, naming)
        finally:
            await vaults.close()
            await registry.close()


@asynccontextmanager
async def file_of(installation: Installation, workspace_id: int | None) -> AsyncIterator[EncryptedFile]:
    """The file with a workspace's queues: its vault, or the registry for what belongs to none."""
    if workspace_id is None:
        yield installation.registry
        return
    async with installation.vaults.open(workspace_id) as vault:
        yield vault


async def workspace_of(installation: Installation, number: int | None) -> int:
    """The workspace that the operator means: the one he names, or the only one. Raises ConfigError."""
    async with installation.registry.reading() as session:
        present = await workspaces.present(session)
    if number in present:
        return number
    if number is None and len(present) == 1:
        return present[0]
    if not present:
        raise ConfigError("there is no workspace yet: open one in the bot first")
    raise ConfigError(f"say which workspace: --workspace {' or '.join(str(one) for one in present)}")


def master_key(storage: Storage) -> MasterKey:
    """The key over all keys, with the secret or passphrase that the configuration has for it."""
    return MasterKey.read(storage.key_file, secret=_secret(storage), passphrase=_passphrase(storage))


def keyring_path(storage: Storage) -> Path:
    """Where the wrapped keys are; never backed up to where the vaults' backups go."""
    return storage.folder / "keyring.json"


def registry_path(storage: Storage) -> Path:
    """Where the registry is."""
    return storage.folder / "registry.vault"


def vaults_folder(storage: Storage) -> Path:
    """Where the workspaces' vaults are."""
    return storage.folder / "vaults"


def _secret(storage: Storage) -> bytes | None:
    text = storage.key_secret.get_secret_value()
    return parse_secret(text) if text else None


def _passphrase(storage: Storage) -> str | None:
    return storage.key_passphrase.get_secret_value() or None
