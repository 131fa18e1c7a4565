"""`wysper check`: how an installation is, said in plain words, while it runs or not; nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.config import Config, load
from bot.opening import keyring_path, master_key, registry_path, vaults_folder
from storage import inbox, migration, outbox, workspaces
from storage.engine import EncryptedFile
from storage.errors import StorageError, VaultDamaged
from storage.inbox import InboxUpdate, UnroutedUpdate
from storage.keyring import Keyring
from storage.outbox import Delivery, Notice

Say = Callable[[str], None]


async def examine(path: Path, *, say: Say) -> bool:
    """True where nothing is damaged. Raises ConfigError or StorageError where not even the registry opens."""
    config = load(path)
    say(f"Configuration: {path} is in order.")
    if not config.telegram.token.get_secret_value():
        say("Telegram: no bot token is set.")
    if not config.userbot.on:
        say("Userbot: off (no api_id).")
    keyring = Keyring(keyring_path(config.storage), master_key(config.storage))
    say("Master key: opens the keyring.")
    registry = EncryptedFile(registry_path(config.storage), lambda: keyring.key(None))
    try:
        whole = await _examined(registry, "registry", UnroutedUpdate, Notice, say)
        async with registry.reading() as session:
            present = await workspaces.present(session)
    finally:
        await registry.close()
    for workspace_id in present:
        whole &= await _vault(config, keyring, workspace_id, say)
    return whole


async def _vault(config: Config, keyring: Keyring, workspace_id: int, say: Say) -> bool:
    path = vaults_folder(config.storage) / f"w{workspace_id}.vault"
    file = EncryptedFile(path, lambda: keyring.key(workspace_id), workspace_id=workspace_id)
    try:
        return await _examined(file, "vault", InboxUpdate, Delivery, say)
    except StorageError as error:
        say(f"Workspace {workspace_id}: {error}")
        return False
    finally:
        await file.close()


async def _examined(file: EncryptedFile, kind: str, updates: inbox.Table, deliveries: outbox.Table, say: Say) -> bool:
    name = f"Workspace {file.workspace_id}" if file.workspace_id else "Registry"
    async with file.reading() as session:
        if await session.scalar(text("PRAGMA cipher_integrity_check")) is not None:
            raise VaultDamaged(file.path, workspace_id=file.workspace_id)
        schema = str(await session.scalar(text("SELECT version_num FROM alembic_version")))
        newest = migration.known(kind)[-1]
        say(f"{name}: whole, schema {schema}{'' if schema == newest else f' (this program knows {newest})'}.")
        await _queues(session, updates, deliveries, say)
    return True


async def _queues(session: AsyncSession, updates: inbox.Table, deliveries: outbox.Table, say: Say) -> None:
    taken, sent = await inbox.counted(session, updates), await outbox.counted(session, deliveries)
    if waiting := taken.get(inbox.DUE):
        say(f"  {waiting} updates wait to be worked off.")
    for row in await inbox.dead(session, updates):
        say(f"  Update {row.update_id} of {row.received_at:%Y-%m-%d %H:%M} UTC was given up: {row.error}.")
    if waiting := sent.get(outbox.DUE, 0) + sent.get(outbox.SENDING, 0):
        say(f"  {waiting} messages wait to be sent.")
    if uncertain := sent.get(outbox.UNCERTAIN):
        say(f"  {uncertain} messages may or may not have been sent.")
    if refused := sent.get(outbox.REFUSED):
        say(f"  {refused} messages were refused by Telegram.")
