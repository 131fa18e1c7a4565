"""Bringing a file to the schema of this program: forward only, in one transaction, after a safety copy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from storage import dialect, durable
from storage.engine import EncryptedFile
from storage.errors import MigrationFailed, StorageError, VaultExists, VaultTooNew

FOLDER = Path(__file__).parent / "migrations"
COPY_DAYS = 3  # how long a safety copy outlives its migration


@cache
def known(kind: str) -> tuple[str, ...]:
    """The schema revisions of "vault" or "registry", oldest first, as their files are numbered."""
    return tuple(sorted(path.name[:4] for path in (FOLDER / kind).glob("[0-9]*.py")))


async def create(path: Path, key: Callable[[], bytes], kind: str) -> None:
    """Make a new file with the newest schema; it appears under its name only when it is whole."""
    draft = _start_draft(path)
    await _upgrade(draft, key, kind, create=True)
    _finish_draft(draft, path)


async def ready(file: EncryptedFile, key: Callable[[], bytes], kind: str) -> bool:
    """Bring an open file to the newest schema; True where that took a migration.

    Raises `VaultTooNew` for a file of a newer program, `MigrationFailed` where the file had to be left as it was.
    """
    newest = known(kind)[-1]
    async with file.reading() as session:
        found = str(await session.scalar(text("SELECT version_num FROM alembic_version")))
    if found == newest:
        return False
    if found not in known(kind):
        raise VaultTooNew(file.path, found=found, newest=newest, workspace_id=file.workspace_id)
    copy = file.path.with_name(f"{file.path.name}.before-{newest}")
    try:
        await asyncio.to_thread(copy_whole, file.path, key(), copy)
        await _upgrade(file.path, key, kind)
    except StorageError:
        raise
    except Exception as error:
        raise MigrationFailed(file.path, newest=newest, copy=copy, workspace_id=file.workspace_id) from error
    return True


def copies(path: Path) -> list[Path]:
    """The safety copies that stand beside a file."""
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def copy_whole(path: Path, key: bytes, to: Path) -> None:
    """Write a consistent copy under the same key, while others go on writing; replaces `to`. Blocks."""
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_CREAT | os.O_EXCL, 0o600))
    connection = dialect.open_file(path, key)
    try:
        connection.execute("VACUUM INTO ?", (str(to),))
    finally:
        connection.close()
    with to.open("rb") as file:
        os.fsync(file.fileno())
    durable.sync_folder(to.parent)


def _start_draft(path: Path) -> Path:
    if path.exists():
        raise VaultExists(path)
    for left in path.parent.glob(f"{path.name}.new*"):  # with the log and its index, from a crash
        left.unlink()
    draft = path.with_name(path.name + ".new")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL, 0o600))
    return draft


def _finish_draft(draft: Path, path: Path) -> None:
    draft.replace(path)
    durable.sync_folder(path.parent)


async def _upgrade(path: Path, key: Callable[[], bytes], kind: str, *, create: bool = False) -> None:
    # Alembic rebuilds tables by copying them, which needs foreign keys off; they are checked before the commit.
    pragmas = {**dialect.PRAGMAS, "foreign_keys": "OFF"}

    def opener() -> Any:
        return dialect.open_file(path, key(), pragmas, create=create)

    engine = dialect.encrypted_engine(path, opener, begin=dialect.WRITE)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run, kind)
    finally:
        await engine.dispose()


def _run(connection: Connection, kind: str) -> None:
    from alembic import command  # noqa: PLC0415  half a second, which an up-to-date file need not wait for
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    for option, value in (("script_location", FOLDER), ("version_locations", FOLDER / kind)):
        config.set_main_option(option, str(value).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise ValueError(f"the migration left a dangling reference in {broken[0]}")
