"""What befalls the files below a running desk: another process holds one of them, or there is no room left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

from sqlmodel import text

from bot import opening
from storage import dialect
from storage.keyring import Keyring
from tests.people import Desk

File = Literal["vault", "registry"]


@contextmanager
def held(desk: Desk, file: File) -> Iterator[None]:
    """Another process writes in this file for as long as the block lasts: whatever is to be written there fails."""
    storage = desk.config.storage
    keyring = Keyring(opening.keyring_path(storage), opening.master_key(storage))
    vault = desk.app.installation.vaults.path(1)
    path, whose = (vault, 1) if file == "vault" else (opening.registry_path(storage), None)
    holder = dialect.open_file(path, keyring.key(whose))
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@asynccontextmanager
async def full(desk: Desk, file: File) -> AsyncIterator[None]:
    """The disk has no room for another page of this file until the end of the block."""
    async with opening.file_of(desk.app.installation, 1 if file == "vault" else None) as one:
        async with one.transaction() as session:
            pages = await session.scalar(text("PRAGMA page_count"))
            await (await session.connection()).exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        yield
        async with one.transaction() as session:
            await (await session.connection()).exec_driver_sql("PRAGMA max_page_count = 4294967294")
